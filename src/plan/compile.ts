/**
 * From a network document to a plan: checks every text, lowers it, makes the synapses, merges equal code, lays
 * everything out. Pure and without any engine; the same document gives the same plan, byte for byte.
 */

import { describeValue, isPlainObject } from '../language/argument.ts';
import type { CheckedPopulation } from '../language/ast.ts';
import type { MethodChoice } from '../language/integrate.ts';
import type { LoweredPopulation } from '../language/lower.ts';
import type { NetworkDocument, Quantity, ValueSpec } from '../network/document.ts';
import { validateDocument } from '../network/validate.ts';
import { spikeStep } from '../network/validate-population.ts';
import { type Context, makeContext } from './context.ts';
import { layOutDeliveries, layOutSums, type PlacedProjection } from './deliver-kernels.ts';
import { explainNetwork } from './explain-network.ts';
import { Live, type ParameterChange, type VariableCell } from './live.ts';
import { memoryOf } from './memory.ts';
import type { GeneratorSlot, Plan, PopulationSlot } from './plan.ts';
import {
  addPoissonInputs,
  checkPopulations,
  initialise,
  lowerPopulations,
  type PopulationPart,
} from './populations.ts';
import { checkProjections } from './projections.ts';
import { type CompiledRecording, compileRecordings, spikingPopulations } from './recordings.ts';
import { contributionsOf } from './scales.ts';
import { lengthsOf, schedule } from './schedule.ts';
import { SynapseArrays } from './synapse-arrays.ts';
import { type CountedSynapses, countSynapses } from './synapses.ts';
import {
  ConstantBlocks,
  initialState,
  layOutUpdates,
  offsetOf,
  type UpdateLayout,
} from './update-kernels.ts';
import { addWarnings } from './warnings.ts';

export type { ParameterChange, VariableCell } from './live.ts';
export type { CompiledRecording, CompiledTrace } from './recordings.ts';

export interface CompileOptions {
  /** Default "f32". "f64" is the oracle mode of the CPU engine. */
  readonly precision?: 'f32' | 'f64';
  /** Told when the synapses of a projection have been made: projections done, of all. */
  readonly onProgress?: (done: number, all: number) => void;
}

/** A population as it was compiled. */
export interface CompiledPopulation {
  readonly name: string;
  readonly size: number;
  /** Global number of its first neuron. */
  readonly first: number;
  /** null for spike lists, as are the next two. */
  readonly model: CheckedPopulation | null;
  readonly lowered: LoweredPopulation | null;
  /** The integrator and why it was chosen. */
  readonly method: MethodChoice | null;
}

/** A plan, and what is needed to speak of it in the user's terms. */
export interface CompiledNetwork {
  readonly plan: Plan;
  readonly document: NetworkDocument;
  /** In document order. */
  readonly populations: readonly CompiledPopulation[];
  readonly recordings: readonly CompiledRecording[];
  /** Cells of a stored variable of a population in Plan.state. Throws NetworkError for unknown names. */
  cellOf(population: string, variable: string): VariableCell;
  /** Cells of a stored variable of a projection in Plan.synapseState. */
  synapseCellOf(projection: string, variable: string): VariableCell;
  /**
   * Values, in internal units, that a ValueSpec gives to a variable of a population or projection, one per element.
   * Random numbers are those of the initial value. For projections the values count as written: throws NetworkError when
   * they are larger than the fixed-point sums allow.
   */
  evaluate(owner: string, variable: string, spec: ValueSpec): Float64Array;
  /**
   * Changes a parameter of a population, projection or Poisson input ("weight"), or of the network (owner ""). Offsets
   * of variables may change with it: see cellOf. Throws NetworkError when the name is unknown, the unit does not fit, or
   * the new value needs the network to be built again.
   */
  setParameter(owner: string, name: string, value: Quantity): ParameterChange;
  /** What was made of every text, for people: integrators and why, constants, statements, memory. */
  explain(): string;
}

/**
 * Compiles a network document (a Network's `document`): checks everything and makes the synapses, allocates nothing on a
 * device. Throws NetworkError for what is wrong with the network, TypeError for wrong options.
 */
export function compileNetwork(
  document: NetworkDocument,
  options: CompileOptions = {},
): CompiledNetwork {
  checkOptions(options);
  return compileValid(validateDocument(document), options);
}

function checkOptions(options: CompileOptions): void {
  const fail = (what: string, wanted: string, value: unknown): never => {
    throw new TypeError(`compileNetwork: ${what} must be ${wanted}, got ${describeValue(value)}.`);
  };
  const known = ['precision', 'onProgress'];
  const isFine = isPlainObject(options) && Object.keys(options).every((key) => known.includes(key));
  if (!isFine) fail('options', 'an object with precision or onProgress', options);
  const { precision = 'f32', onProgress } = options;
  if (precision !== 'f32' && precision !== 'f64') fail('precision', '"f32" or "f64"', precision);
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    fail('onProgress', 'a function', onProgress);
  }
}

/** As compileNetwork, for a document that `validateDocument` has accepted. */
export function compileValid(
  document: NetworkDocument,
  options: CompileOptions = {},
): CompiledNetwork {
  const context = makeContext(document, options.precision ?? 'f32');
  const populations = checkPopulations(context);
  const projections = checkProjections(context, populations);
  addPoissonInputs(context, populations);
  lowerPopulations(context, populations);
  for (const part of populations) initialise(context, part);
  const counted = projections.map((part) => countSynapses(context, part));
  const arrays = new SynapseArrays(context, counted);
  const placed = counted.map((one, done) => {
    const result = placeProjection(context, one, arrays, done);
    options.onProgress?.(done + 1, projections.length);
    return result;
  });
  addWarnings(context, populations, projections);
  return assemble(context, populations, placed, arrays);
}

/** Makes the synapses of one projection in their place; only counts and sums stay behind. */
function placeProjection(
  context: Context,
  counted: CountedSynapses,
  arrays: SynapseArrays,
  index: number,
): PlacedProjection {
  const { part, connected } = counted;
  const { placed, delays, seen } = arrays.place(counted, index, (synapses) =>
    contributionsOf(context, part, synapses),
  );
  return { part, count: connected.count, delays, contributions: seen, placed };
}

function assemble(
  context: Context,
  populations: readonly PopulationPart[],
  projections: readonly PlacedProjection[],
  arrays: SynapseArrays,
): CompiledNetwork {
  const { document, dtMs, precision, seed } = context;
  const recorded = spikingPopulations(document);
  const constants = new ConstantBlocks();
  const contributions = projections.flatMap((one) => one.contributions);
  const layout = layOutUpdates(context, populations, contributions, recorded, constants);
  const making = { context, layout, constants };
  const summed = layOutSums(making, projections);
  const deliver = layOutDeliveries(making, projections);
  const traced = compileRecordings(document, dtMs, populations, layout.kernels);
  const update = layout.kernels.map((kernel, k) => ({
    ...kernel,
    sampler: traced.samplers[k] ?? null,
  }));
  const generators = generatorsOf(populations, dtMs, recorded);
  const kernels = { update, summed, deliver, generatorCount: generators.length };
  const neuronCount = populations.reduce((sum, part) => sum + part.document.size, 0);
  const values = constants.compute();
  const sized = {
    precision,
    dtMs,
    seed,
    ...lengthsOf(kernels, neuronCount),
    neuronCount,
    synapseCount: projections.reduce((sum, { count }) => sum + count, 0),
    populations: populations.map((part) => populationSlot(part, layout, recorded)),
    state: initialState(layout, ({ part, lowered, kernel }, v) => {
      const member = update[kernel]?.members.find(({ population }) => population === part.index);
      return offsetOf(lowered, v, values, member?.constants ?? 0);
    }),
    inputCells: layout.inputCells,
    constants: values,
    tables: context.tables,
    rows: arrays.rows,
    synapses: arrays.synapses,
    synapseWords: arrays.synapses.length,
    synapseState: arrays.synapseState,
    synapseCells: arrays.synapseState.length,
    update,
    summed,
    deliver,
    generators,
  };
  const plan: Plan = {
    ...sized,
    schedule: schedule(kernels),
    memory: memoryOf(sized),
    warnings: [...context.warnings],
  };
  const live = new Live(context, plan, populations, projections, layout, constants);
  return {
    plan,
    document,
    populations: populations.map(compiledPopulation),
    recordings: traced.recordings,
    cellOf: (population, variable) => live.cellOf(population, variable),
    synapseCellOf: (projection, variable) => live.synapseCellOf(projection, variable),
    evaluate: (owner, variable, spec) => live.evaluate(owner, variable, spec),
    setParameter: (owner, name, value) => live.setParameter(owner, name, value),
    explain: () => explainNetwork(plan, populations, projections),
  };
}

const compiledPopulation = ({
  document,
  first,
  model,
  lowered,
}: PopulationPart): CompiledPopulation => ({
  name: document.name,
  size: document.size,
  first,
  model,
  lowered,
  method: lowered?.report ?? null,
});

function populationSlot(
  { index, document, first }: PopulationPart,
  layout: UpdateLayout,
  recorded: ReadonlySet<string>,
): PopulationSlot {
  const placed = layout.placed.get(index);
  return {
    name: document.name,
    first,
    count: document.size,
    kernel: placed?.kernel ?? -1,
    localFirst: placed?.localFirst ?? 0,
    recordSpikes: recorded.has(document.name),
  };
}

/** Spike lists, sorted by step, then neuron. */
function generatorsOf(
  populations: readonly PopulationPart[],
  dtMs: number,
  recorded: ReadonlySet<string>,
): GeneratorSlot[] {
  return populations.flatMap(({ index, document, first }): GeneratorSlot[] => {
    if (document.kind !== 'spikes') return [];
    const { name, size: count, indices, timesMs } = document;
    const steps = Uint32Array.from(timesMs, (time) => spikeStep(time, dtMs));
    const order = Uint32Array.from(steps, (_, k) => k).sort(
      (a, b) =>
        (steps[a] as number) - (steps[b] as number) ||
        (indices[a] as number) - (indices[b] as number),
    );
    return [
      {
        population: index,
        globalFirst: first,
        count,
        recordSpikes: recorded.has(name),
        steps: Uint32Array.from(order, (k) => steps[k] as number),
        indices: Uint32Array.from(order, (k) => indices[k] as number),
      },
    ];
  });
}
