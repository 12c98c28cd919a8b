/**
 * How large a network will be, before it is built: synapses counted exactly, memory as the plan will need it. Makes no
 * targets and no weights (delays only where expressions or lists decide how synapses are packed).
 */
import type { NetworkDocument } from '../network/document.ts';
import { validateDocument } from '../network/validate.ts';
import { checkCompileOptions, type SizeOptions } from './compile-options.ts';
import { type CountedNetworks, countNetworks } from './count-networks.ts';
import { delayKey } from './delays.ts';
import type { FieldPart } from './fields.ts';
import { generatedRows } from './generated.ts';
import { type FieldSize, fieldMemory, SAMPLES, tableBytesOf } from './memory.ts';
import type { Plan, TableSlot } from './plan.ts';
import type { PopulationPart } from './populations.ts';
import { lengthsOf } from './schedule.ts';
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
  options: SizeOptions = {},
): NetworkEstimate {
  checkCompileOptions(options, 'estimateNetwork');
  return estimateOf(countNetworks([validateDocument(document)], options));
}

/** The size of networks that have been counted. */
export function estimateOf(all: CountedNetworks): NetworkEstimate {
  const { networks, counted, ways } = all;
  const projections = counted.map(({ part, connected }, k) => ({
    name: part.context.prefix + part.document.name,
    synapses: connected.count,
    procedural: ways[k] === 'procedural',
  }));
  const sizes = networks.flatMap(({ parts }) => parts.map(({ document }) => document.size));
  return {
    neurons: sizes.reduce((sum, size) => sum + size, 0),
    synapses: projections.reduce((sum, { synapses }) => sum + synapses, 0),
    projections,
    memory: memoryOf(all),
  };
}

function memoryOf(all: CountedNetworks): Plan['memory'] {
  const { networks, counted, ways, packings } = all;
  const populations = networks.flatMap(({ parts }) => parts);
  const cell = networks[0]?.context.precision === 'f64' ? 8 : 4;
  const total = (sizeOf: (part: PopulationPart) => number): number =>
    populations.reduce((sum, part) => sum + part.document.size * sizeOf(part), 0);
  const neurons = total(() => 1);
  const { sizes } = layOutSynapses(counted, ways, packings);
  const lengths = lengthsOf(
    {
      update: populations.map((part) => ({ inputs: inputsOf(part) })),
      summed: counted.flatMap(({ part }) => part.summed),
      deliver: counted.flatMap(deliveries),
    },
    neurons,
  );
  const inputs = total((part) => inputsOf(part).length);
  const samples = networks.reduce((sum, { document }) => sum + sampledCells(document), 0);
  const tables = tablesOf(all).reduce((sum, table) => sum + tableBytesOf(table, cell), 0);
  const fields = networks.flatMap((network) => network.fields);
  const voxels = fields.reduce(
    (sum, { document, lowered }) => sum + document.size * (lowered?.variables.length ?? 0),
    0,
  );
  return [
    {
      name: 'state',
      bytes: cell * (total(({ lowered }) => lowered?.variables.length ?? 0) + voxels),
    },
    ...fieldMemory(fields.map(fieldSize), cell),
    { name: 'inputs', bytes: cell * inputs * lengths.ringSlots },
    { name: 'tables', bytes: tables },
    { name: 'rows', bytes: 4 * sizes.rows },
    { name: 'synapses', bytes: 4 * sizes.words },
    { name: 'synapse state', bytes: cell * sizes.cells },
    { name: 'spikes', bytes: 4 * lengths.spikeSlots * (neurons + 1) },
    { name: 'samples', bytes: cell * SAMPLES * samples },
  ].filter(({ bytes }) => bytes > 0);
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
