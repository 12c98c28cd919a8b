/**
 * Which neuron sits on which core, and what memory that takes. Neurons keep their order; every population begins on a core
 * of its own, because cores share parameters. Spike lists are input from outside and sit on none.
 */
import type { ListedNetwork } from './synapses.ts';

/** What a core holds. */
export interface Core {
  readonly population: string;
  /** Neurons from … to-1 of the population. */
  readonly from: number;
  readonly to: number;
}

/** Neurons on cores. */
export interface CoreMap {
  readonly cores: readonly Core[];
  /** By global neuron number; -1 for input from outside. */
  readonly coreOf: Int32Array;
  readonly neuronsPerCore: number;
}

/** Deals neurons out to cores of at most `neuronsPerCore`, a number from 1 on. */
export function mapCores({ compiled }: ListedNetwork, neuronsPerCore: number): CoreMap {
  if (!Number.isInteger(neuronsPerCore) || neuronsPerCore < 1) {
    throw new RangeError(`neuronsPerCore must be a whole number from 1 on, got ${neuronsPerCore}.`);
  }
  const cores: Core[] = [];
  const coreOf = new Int32Array(compiled.plan.neuronCount).fill(-1);
  for (const { name, size, first, model } of compiled.populations) {
    if (model === null) continue;
    for (let from = 0; from < size; from += neuronsPerCore) {
      const to = Math.min(size, from + neuronsPerCore);
      coreOf.fill(cores.length, first + from, first + to);
      cores.push({ population: name, from, to });
    }
  }
  return { cores, coreOf, neuronsPerCore };
}

/** Bytes that a core needs, by what they are for. */
export interface CoreMemory {
  /** State and per-neuron parameters, 4 bytes each. */
  readonly neurons: number;
  /**
   * Synapses that end on it: the weight's bits, those of a target on the core, those of a delay, and 32 for every other
   * variable of the synapse.
   */
  readonly synapses: number;
  /** One entry of 4 bytes for each neuron elsewhere, or input, that has synapses on it. */
  readonly axons: number;
  /** Sums of input: 2 bytes for each neuron and step up to the longest delay of what ends on it. */
  readonly buffers: number;
  readonly total: number;
}

const AXON_BYTES = 4;
const VARIABLE_BYTES = 4;
const BUFFER_BYTES = 2;

/** Bits that tell so many things apart. */
const bitsFor = (count: number): number => (count <= 1 ? 0 : Math.ceil(Math.log2(count)));

/** Memory of every core, with weights of so many bits. */
export function coreMemory(network: ListedNetwork, map: CoreMap, weightBits: number): CoreMemory[] {
  const { projections, compiled } = network;
  const count = map.cores.length;
  const synapseBits = new Float64Array(count);
  const longest = new Float64Array(count);
  const axons = new Float64Array(count);
  const seen = new Int32Array(count).fill(-1);
  const targetBits = bitsFor(map.neuronsPerCore);
  // A neuron has one entry on a core, however many projections use it.
  const bySource = new Map<number, Set<number>>();
  projections.forEach((projection) => {
    const { rows, targets, delays, targetFirst, sourceFirst, storedVariables, weights } =
      projection;
    const delayBits = bitsFor(largestOf(delays) + 1);
    const others = Math.max(0, storedVariables - weights.length);
    const bits = weightBits * Math.max(1, weights.length) + targetBits + delayBits + 32 * others;
    for (let row = 0; row + 1 < rows.length; row++) {
      const source = sourceFirst + row;
      for (let e = rows[row] as number; e < (rows[row + 1] as number); e++) {
        const core = map.coreOf[targetFirst + (targets[e] as number)] as number;
        synapseBits[core] = (synapseBits[core] as number) + bits;
        const delay = typeof delays === 'number' ? delays : (delays[e] as number);
        if (delay > (longest[core] as number)) longest[core] = delay;
        if (seen[core] === source) continue;
        seen[core] = source;
        const known = bySource.get(source);
        if (known === undefined) bySource.set(source, new Set([core]));
        else known.add(core);
      }
    }
    seen.fill(-1);
  });
  for (const cores of bySource.values()) {
    for (const core of cores) axons[core] = (axons[core] as number) + 1;
  }
  const variables = new Map(
    compiled.populations.map(({ name, lowered }) => [name, lowered?.variables.length ?? 0]),
  );
  return map.cores.map(({ population, from, to }, core) => {
    const size = to - from;
    const parts = {
      neurons: size * (variables.get(population) ?? 0) * VARIABLE_BYTES,
      synapses: Math.ceil((synapseBits[core] as number) / 8),
      axons: (axons[core] as number) * AXON_BYTES,
      buffers: size * ((longest[core] as number) + 1) * BUFFER_BYTES,
    };
    return { ...parts, total: parts.neurons + parts.synapses + parts.axons + parts.buffers };
  });
}

/** The longest of some delays. */
export function largestOf(delays: ArrayLike<number> | number): number {
  if (typeof delays === 'number') return delays;
  let largest = 0;
  for (let k = 0; k < delays.length; k++) largest = Math.max(largest, delays[k] as number);
  return largest;
}
