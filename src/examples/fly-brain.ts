/**
 * A network of the whole-brain fly model (Shiu et al. 2024) on given connections, with some neurons made to fire: one
 * population, numbered as the connections number it, and one Poisson source per driven neuron. For the examples with
 * millions of connections: their lists are cut into blocks of neurons whose indices take two bytes.
 */
import { models, Network, type NetworkDocument, type NumberList, type Quantity } from '../index.ts';

/** Connections as lists of equal length. */
export interface FlyConnections {
  readonly pre: Uint32Array;
  readonly post: Uint32Array;
  /** Synapses of each connection, negative when inhibitory. */
  readonly synapses: NumberList;
}

export interface FlyBrain {
  readonly name: string;
  readonly seed: number;
  readonly neurons: number;
  readonly connections: FlyConnections;
  /** Neurons that are made to fire, each named once; may be none. They have no refractory period, as published. */
  readonly driven: readonly number[];
  /** Mean rate of their Poisson sources. */
  readonly rate: Quantity;
  /** Weight of one synapse; default that of the model. */
  readonly weight?: Quantity;
}

/**
 * The document. Sources reach their neurons with the delay of all connections, so that steps can be computed in
 * windows: the drive begins 1.8 ms after the start. Spikes of the brain are recorded, those of the sources are not.
 */
export function flyBrain(options: FlyBrain): NetworkDocument {
  const { name, seed, neurons, connections, driven, rate, weight } = options;
  const net = new Network({ name, seed });
  const synapse = models.flySynapse.with(weight === undefined ? {} : { w_syn: weight });
  const neuron = models.flyLif.with();
  const brain = net.population('brain', neurons, withoutRefractoryPeriod(neuron, neurons, driven));
  net.record.spikes(brain);
  if (driven.length > 0) {
    const sources = net.poissonPopulation('drive', driven.length, { rate });
    net
      .projection('drive to brain', sources, brain, {
        ...models.flyKick.with(),
        ...(synapse.delay !== undefined && { delay: synapse.delay }),
      })
      .connect({ rule: 'list', pre: driven.map((_, source) => source), post: driven });
  }
  const { document } = net;
  const blocks = blocksOf(neurons, connections);
  const connecting = blocks.map(({ source, target, pre, post, synapses }, k) => ({
    name: blocks.length === 1 ? 'brain to brain' : `brain to brain ${k + 1}`,
    source: { population: 'brain', ...source },
    target: { population: 'brain', ...target },
    ...synapse,
    initial: { n_syn: { values: jsonList(synapses), unit: '1' } },
    connect: { rule: 'list', pre: jsonList(pre), post: jsonList(post) } as const,
  }));
  return { ...document, projections: [...connecting, ...document.projections] };
}

/** Neurons of a block: its indices take two bytes in the lists and as stored targets. */
const BLOCK = 2 ** 16;

/** Of the brain; all of it where nothing is said. */
interface Slice {
  readonly from?: number;
  readonly to?: number;
}

/** Connections from one block of neurons onto another; indices count in the blocks. */
interface Block {
  readonly source: Slice;
  readonly target: Slice;
  readonly pre: Uint16Array;
  readonly post: Uint16Array;
  readonly synapses: NumberList;
}

/** The connections by blocks of 65,536 neurons, those without any left out: half the memory of lists of the whole. */
function blocksOf(neurons: number, { pre, post, synapses }: FlyConnections): Block[] {
  const across = Math.ceil(neurons / BLOCK);
  const blockOf = (k: number): number =>
    ((pre[k] as number) >>> 16) * across + ((post[k] as number) >>> 16);
  const counts = new Uint32Array(across * across);
  for (let k = 0; k < pre.length; k++) {
    const block = blockOf(k);
    counts[block] = (counts[block] as number) + 1;
  }
  const sliceOf = (block: number): Slice => {
    if (across === 1) return {};
    const from = block * BLOCK;
    return { from, to: Math.min(neurons, from + BLOCK) };
  };
  const blocks = Array.from(counts, (count, block) => ({
    source: sliceOf(Math.floor(block / across)),
    target: sliceOf(block % across),
    pre: new Uint16Array(count),
    post: new Uint16Array(count),
    synapses: emptyLike(synapses, count),
  }));
  const filled = new Uint32Array(blocks.length);
  for (let k = 0; k < pre.length; k++) {
    const block = blockOf(k);
    const at = filled[block] as number;
    filled[block] = at + 1;
    const into = blocks[block] as (typeof blocks)[number];
    into.pre[at] = pre[k] as number;
    into.post[at] = post[k] as number;
    into.synapses[at] = synapses[k] as number;
  }
  return blocks.filter((_, block) => (counts[block] as number) > 0);
}

/** A list of zeros that holds the same numbers as another. */
function emptyLike(list: NumberList, length: number) {
  if (list instanceof Int16Array) return new Int16Array(length);
  if (list instanceof Int32Array) return new Int32Array(length);
  if (list instanceof Float32Array) return new Float32Array(length);
  return new Float64Array(length);
}

/** The neuron model with a refractory period per neuron, 0 for those that are driven. */
function withoutRefractoryPeriod(
  neuron: ReturnType<typeof models.flyLif.with>,
  count: number,
  driven: readonly number[],
): typeof neuron {
  if (driven.length === 0) return neuron;
  const { tau_refrac: period = 0, ...params } = neuron.params;
  const isFree = new Array<number>(count).fill(0);
  for (const index of driven) isFree[index] = 1;
  return {
    ...neuron,
    eqs: `${neuron.eqs}\nis_driven : 1 (constant)`,
    refractory: 'tau_refrac*(1 - is_driven)',
    params: { ...params, tau_refrac: period },
    initial: { ...neuron.initial, is_driven: { values: isFree, unit: '1' } },
  };
}

/** The same typed array, which JSON.stringify writes as a plain list; plain lists stay as they are. */
function jsonList<T extends NumberList>(list: T): T {
  if (Array.isArray(list)) return list;
  return Object.defineProperty(list, 'toJSON', {
    value: () => Array.from(list),
    configurable: true,
  });
}
