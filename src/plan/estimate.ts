/**
 * How large a network will be, before it is built: synapses counted exactly, memory as the plan will need it. Makes no
 * targets and no weights (delays only where expressions or lists decide how synapses are packed).
 */
import { describeValue, isPlainObject } from '../language/argument.ts';
import type { NetworkDocument } from '../network/document.ts';
import { validateDocument } from '../network/validate.ts';
import { makeContext } from './context.ts';
import { delayKey } from './delays.ts';
import { SAMPLES } from './memory.ts';
import { choosePackings } from './packings.ts';
import type { Plan } from './plan.ts';
import {
  addPoissonInputs,
  checkPopulations,
  initialise,
  lowerPopulations,
  type PopulationPart,
} from './populations.ts';
import { checkProjections } from './projections.ts';
import { lengthsOf } from './schedule.ts';
import { layOutSynapses } from './synapse-arrays.ts';
import { type CountedSynapses, countSynapses } from './synapses.ts';
import { inputsOf } from './update-kernels.ts';

/** Size of a network. */
export interface NetworkEstimate {
  readonly neurons: number;
  readonly synapses: number;
  /** In document order. */
  readonly projections: readonly { readonly name: string; readonly synapses: number }[];
  /** Bytes by buffer, named as in Plan.memory; constants and spike lists, which are small, are left out. */
  readonly memory: Plan['memory'];
}

/**
 * Counts the synapses of a document. Takes up to 40 ns per synapse for fixed
 * probabilities and in-degrees, 0.1 µs per pair for pairwise rules and next to nothing for the others. Throws
 * NetworkError as `compileNetwork` would, up to the making of synapses, TypeError for wrong options.
 */
export function estimateNetwork(
  document: NetworkDocument,
  options: { readonly precision?: 'f32' | 'f64' } = {},
): NetworkEstimate {
  const precision = precisionOf(options);
  const context = makeContext(validateDocument(document), precision);
  const populations = checkPopulations(context);
  const parts = checkProjections(context, populations);
  addPoissonInputs(context, populations);
  lowerPopulations(context, populations);
  for (const population of populations) initialise(context, population);
  const counted = parts.map((part) => countSynapses(context, part));
  const projections = counted.map(({ part, connected }) => ({
    name: part.document.name,
    synapses: connected.count,
  }));
  const neurons = populations.reduce((sum, { document: { size } }) => sum + size, 0);
  return {
    neurons,
    synapses: projections.reduce((sum, { synapses }) => sum + synapses, 0),
    projections,
    memory: memoryOf(document, precision === 'f64' ? 8 : 4, neurons, populations, counted),
  };
}

function precisionOf(options: { readonly precision?: 'f32' | 'f64' }): 'f32' | 'f64' {
  const isFine = isPlainObject(options) && Object.keys(options).every((key) => key === 'precision');
  const { precision = 'f32' } = isFine ? options : {};
  if (isFine && (precision === 'f32' || precision === 'f64')) return precision;
  const got = describeValue(isFine ? precision : options);
  throw new TypeError(
    `estimateNetwork: options must be an object with precision "f32" or "f64", got ${got}.`,
  );
}

function memoryOf(
  document: NetworkDocument,
  cell: number,
  neurons: number,
  populations: readonly PopulationPart[],
  counted: readonly CountedSynapses[],
): Plan['memory'] {
  const total = (sizeOf: (part: PopulationPart) => number): number =>
    populations.reduce((sum, part) => sum + part.document.size * sizeOf(part), 0);
  const ways = counted.map(() => 'host' as const);
  const { sizes } = layOutSynapses(counted, ways, choosePackings(counted));
  const lengths = lengthsOf(
    {
      update: populations.map((part) => ({ inputs: inputsOf(part) })),
      summed: counted.flatMap(({ part }) => part.summed),
      deliver: counted.flatMap(deliveries),
    },
    neurons,
  );
  const inputs = total((part) => inputsOf(part).length);
  return [
    { name: 'state', bytes: cell * total(({ lowered }) => lowered?.variables.length ?? 0) },
    { name: 'inputs', bytes: cell * inputs * lengths.ringSlots },
    { name: 'rows', bytes: 4 * sizes.rows },
    { name: 'synapses', bytes: 4 * sizes.words },
    { name: 'synapse state', bytes: cell * sizes.cells },
    { name: 'spikes', bytes: 4 * lengths.spikeSlots * (neurons + 1) },
    { name: 'samples', bytes: cell * SAMPLES * sampledCells(document) },
  ].filter(({ bytes }) => bytes > 0);
}

/** Pathways as far as the lengths of rings depend on them. */
function deliveries({ part, connected, delays }: CountedSynapses) {
  if (connected.count === 0) return [];
  return part.pathways.map((pathway) => {
    const { range } = delays.get(delayKey(pathway)) as {
      readonly range: readonly [number, number];
    };
    return { mode: pathway.lowered.mode, projections: [{ delayRange: range }] };
  });
}

function sampledCells({ recordings, populations }: NetworkDocument): number {
  return recordings.reduce((sum, recording) => {
    if (recording.kind !== 'state') return sum;
    const { population, from = 0, to } = recording.target;
    const size = populations.find(({ name }) => name === population)?.size ?? 0;
    return sum + recording.variables.length * (recording.neurons?.length ?? (to ?? size) - from);
  }, 0);
}
