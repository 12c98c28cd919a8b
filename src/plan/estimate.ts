/**
 * How large a network will be, before it is built: synapses counted exactly, memory as the plan will need it. Makes no
 * targets and no weights (delays only where expressions or lists decide how synapses are packed).
 */
import type { NetworkDocument, NumberList } from '../network/document.ts';
import { validateDocument } from '../network/validate.ts';
import { checkEstimateOptions, type EstimateOptions } from './compile-options.ts';
import { type CountedNetworks, countNetworks } from './count-networks.ts';
import { delayKey } from './delays.ts';
import { type EngineChoice, type EngineShape, engineMemory } from './engine-memory.ts';
import type { FieldPart } from './fields.ts';
import { generatedRows } from './generated.ts';
import { longestWindowEver } from './interventions.ts';
import { type FieldSize, fieldMemory, SAMPLES, tableBytesOf } from './memory.ts';
import type { Plan, TableSlot } from './plan.ts';
import type { PopulationPart } from './populations.ts';
import { spikingPopulations } from './recordings.ts';
import { type Lengths, lengthsOf } from './schedule.ts';
import { layOutSynapses } from './synapse-arrays.ts';
import type { CountedSynapses } from './synapses.ts';
import { inputsOf } from './update-kernels.ts';

/** Size of a network, or of several in one plan. */
export interface NetworkEstimate {
  readonly neurons: number;
  readonly synapses: number;
  /** In document order. */
  readonly projections: readonly {
    readonly name: string;
    readonly synapses: number;
    /** Whether its synapses are made again for every spike rather than stored. */
    readonly procedural: boolean;
  }[];
  /** Bytes by buffer: as in Plan.memory, but for constants, and what the engine takes beside them. */
  readonly memory: Plan['memory'];
  /** Bytes among them that the engine takes by itself: once, also where one plan runs several networks. */
  readonly engineBytes: number;
}

/**
 * Counts the synapses of a document. Takes up to 40 ns per synapse for fixed
 * probabilities and in-degrees, 10 to 100 ns per pair for pairwise rules and next to nothing for the others. Throws
 * NetworkError as `compileNetwork` would, up to the making of synapses, TypeError for wrong options.
 */
export function estimateNetwork(
  document: NetworkDocument,
  options: EstimateOptions = {},
): NetworkEstimate {
  checkEstimateOptions(options);
  const { engine = 'cpu', threads = 1 } = options;
  return estimateOf(countNetworks([validateDocument(document)], options), { engine, threads });
}

/** The size of networks that have been counted, run by an engine. */
export function estimateOf(all: CountedNetworks, choice: EngineChoice): NetworkEstimate {
  const { networks, counted, ways } = all;
  const projections = counted.map(({ part, connected }, k) => ({
    name: part.context.prefix + part.document.name,
    synapses: connected.count,
    procedural: ways[k] === 'procedural',
  }));
  const ofEngine = engineMemory(shapeOf(all), choice);
  const sizes = networks.flatMap(({ parts }) => parts.map(({ document }) => document.size));
  return {
    neurons: sizes.reduce((sum, size) => sum + size, 0),
    synapses: projections.reduce((sum, { synapses }) => sum + synapses, 0),
    projections,
    memory: [...memoryOf(all), ...ofEngine].filter(({ bytes }) => bytes > 0),
    engineBytes: ofEngine.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

const cellBytes = ({ networks }: CountedNetworks): number =>
  networks[0]?.context.precision === 'f64' ? 8 : 4;

const populationsOf = ({ networks }: CountedNetworks): PopulationPart[] =>
  networks.flatMap(({ parts }) => parts);

/** Sum over all neurons of what their populations have for each. */
const total = (all: CountedNetworks, sizeOf: (part: PopulationPart) => number): number =>
  populationsOf(all).reduce((sum, part) => sum + part.document.size * sizeOf(part), 0);

function lengthsIn(all: CountedNetworks): Lengths {
  const { counted } = all;
  const kernels = {
    update: populationsOf(all).map((part) => ({ inputs: inputsOf(part) })),
    summed: counted.flatMap(({ part }) => part.summed),
    clocked: counted.flatMap(({ part }) => part.clocked),
    deliver: counted.flatMap(deliveries),
    longestWindow: longestWindowEver(counted.map(({ part }) => part)),
  };
  return lengthsOf(
    kernels,
    total(all, () => 1),
  );
}

/** The buffers of the plan. */
function memoryOf(all: CountedNetworks): Plan['memory'] {
  const { networks, counted, ways, packings } = all;
  const cell = cellBytes(all);
  const { sizes } = layOutSynapses(counted, ways, packings);
  const { inputBytes, spikeBytes } = ringsOf(all);
  const samples = networks.reduce((sum, { document }) => sum + sampledCells(document), 0);
  const tables = tablesOf(all).reduce((sum, table) => sum + tableBytesOf(table, cell), 0);
  const given = populationsOf(all).reduce((sum, { document }) => sum + givenSpikes(document), 0);
  const fields = networks.flatMap((network) => network.fields);
  const voxels = fields.reduce(
    (sum, { document, lowered }) => sum + document.size * (lowered?.variables.length ?? 0),
    0,
  );
  return [
    {
      name: 'state',
      bytes: cell * (total(all, ({ lowered }) => lowered?.variables.length ?? 0) + voxels),
    },
    ...fieldMemory(fields.map(fieldSize), cell),
    { name: 'inputs', bytes: inputBytes },
    { name: 'tables', bytes: tables },
    { name: 'rows', bytes: 4 * sizes.rows },
    { name: 'synapses', bytes: 4 * sizes.words },
    { name: 'synapse state', bytes: cell * sizes.cells },
    { name: 'spikes', bytes: spikeBytes },
    { name: 'spike lists', bytes: 8 * given },
    { name: 'samples', bytes: cell * SAMPLES * samples },
  ];
}

const givenSpikes = (document: PopulationPart['document']): number =>
  document.kind === 'spikes' ? document.indices.length : 0;

function ringsOf(all: CountedNetworks): { inputBytes: number; spikeBytes: number } {
  const { ringSlots, spikeSlots } = lengthsIn(all);
  return {
    inputBytes: cellBytes(all) * ringSlots * total(all, (part) => inputsOf(part).length),
    spikeBytes: 4 * spikeSlots * (total(all, () => 1) + 1),
  };
}

/** What engines take memory of their own for. */
export function shapeOf(all: CountedNetworks): EngineShape {
  const { networks, counted, ways } = all;
  const recorded = spikingPopulations(networks);
  const samples = networks.reduce((sum, { document }) => sum + sampledCells(document), 0);
  const made = counted.flatMap(({ recipe }, k) =>
    recipe.kind === 'recipe' && ways[k] !== 'host' ? [recipe.longest] : [],
  );
  return {
    precision: networks[0]?.context.precision ?? 'f32',
    synapseCount: counted.reduce((sum, { connected }) => sum + connected.count, 0),
    rowCount: counted.reduce((sum, { part }) => sum + part.source.count, 0),
    windowSteps: lengthsIn(all).windowSteps,
    update: populationsOf(all).flatMap(({ document, lowered }) =>
      lowered === null ? [] : [{ ...lowered, count: document.size }],
    ),
    ...ringsOf(all),
    sampleBytes: cellBytes(all) * samples,
    recordedNeurons: total(all, ({ index }) => Number(recorded.has(index))),
    isSorted: counted.every((one, k) => ways[k] !== 'procedural' && isSorted(one)),
    longestRow: made.reduce((most, length) => Math.max(most, length), 0),
    fields: networks
      .flatMap((network) => network.fields)
      .map(({ document, field }) => ({
        every: field.every,
        copyBytes: cellBytes(all) * document.size * field.diffusion.size,
      })),
  };
}

/** Whether rows hold their targets in ascending order, and are delivered at emission. */
function isSorted({ part, connected }: CountedSynapses): boolean {
  const { connect } = part.document;
  if (connected.count === 0) return true;
  const scatters = part.pathways.every(({ lowered }) => lowered.mode === 'scatter');
  switch (connect.rule) {
    case 'fixed-out-degree':
    case 'fixed-total-number':
    case 'small-world':
      return false;
    case 'list':
      return scatters && isSortedList(connect.pre, connect.post, part.source.count);
    default:
      return scatters;
  }
}

function isSortedList(pre: NumberList, post: NumberList, sourceCount: number): boolean {
  const last = new Float64Array(sourceCount);
  for (let k = 0; k < pre.length; k++) {
    const [row, target] = [pre[k] as number, post[k] as number];
    if (target < (last[row] as number)) return false;
    last[row] = target;
  }
  return true;
}

const fieldSize = (part: FieldPart): FieldSize => ({
  count: part.document.size,
  deposits: inputsOf(part).length,
  diffusing: part.field.diffusion.size,
});

/** Timed arrays, and what engines make synapses from. */
function tablesOf({ networks, counted, ways }: CountedNetworks): TableSlot[] {
  const tables = [...(networks[0]?.context.tables ?? [])];
  for (const [k, { part, recipe, delays }] of counted.entries()) {
    if (ways[k] === 'host' || recipe.kind === 'obstacle') continue;
    for (const pathway of part.pathways) {
      const delay = delays.get(delayKey(pathway));
      if (delay !== undefined) generatedRows(tables, part, recipe, pathway, delay, 0);
    }
  }
  return tables;
}

/** Pathways as far as the lengths of rings depend on them. */
function deliveries({ part, connected, delays }: CountedSynapses) {
  if (connected.count === 0) return [];
  return part.pathways.map((pathway) => {
    const { range } = delays.get(delayKey(pathway)) as {
      readonly range: readonly [number, number];
    };
    const { inputs, mode } = pathway.lowered;
    const isOntoField = part.target.part.field !== null;
    return {
      mode,
      projections: [{ delayRange: range }],
      inputs: inputs.map(({ side }) =>
        isOntoField && side === 'post' ? { accumulates: true as const } : {},
      ),
    };
  });
}

function sampledCells({ recordings, populations }: NetworkDocument): number {
  return recordings.reduce((sum, recording) => {
    if (recording.kind !== 'state') return sum;
    const { population, from = 0, to } = recording.target;
    const size = populations.find(({ name }) => name === population)?.size;
    // The host samples fields.
    if (size === undefined) return sum;
    return sum + recording.variables.length * (recording.neurons?.length ?? (to ?? size) - from);
  }, 0);
}
