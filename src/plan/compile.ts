/**
 * From a network document to a plan: checks every text, lowers it, makes the synapses, merges equal code, lays
 * everything out. Pure and without any engine; the same document gives the same plan, byte for byte.
 */

import type { CheckedPopulation } from '../language/ast.ts';
import type { MethodChoice } from '../language/integrate.ts';
import type { LoweredPopulation } from '../language/lower.ts';
import type { NetworkDocument, Quantity, ValueSpec } from '../network/document.ts';
import { checkName } from '../network/fields.ts';
import { validateDocument } from '../network/validate.ts';
import { spikeStep } from '../network/validate-population.ts';
import type { KnownValue } from './amounts.ts';
import { layOutClocked } from './clocked-kernels.ts';
import { type CompileOptions, checkCompileOptions } from './compile-options.ts';
import { countNetworks, type NetworkParts } from './count-networks.ts';
import { layOutDeliveries, layOutSums, type PlacedProjection } from './deliver-kernels.ts';
import { estimateOf, shapeOf } from './estimate.ts';
import { explainNetwork } from './explain-network.ts';
import { layOutFields } from './field-kernels.ts';
import { identityOf } from './identity.ts';
import {
  type CompiledIntervention,
  checkConstants,
  knownAt,
  largestContributions,
  longestWindowEver,
  valuesAt,
} from './interventions.ts';
import { Live } from './live.ts';
import type { LiveChanges, ParameterChange, ParameterValue, VariableCell } from './live-changes.ts';
import { memoryOf } from './memory.ts';
import type { Packings } from './packings.ts';
import type { FieldKernel, GeneratorSlot, Plan, PopulationSlot, UpdateKernel } from './plan.ts';
import type { PopulationPart } from './populations.ts';
import { type CompiledProbe, compileProbes } from './probes.ts';
import { type CompiledRecording, compileRecordings, spikingPopulations } from './recordings.ts';
import { boundedContributions, type Contribution, contributionsOf } from './scales.ts';
import { lengthsOf, schedule } from './schedule.ts';
import { SynapseArrays } from './synapse-arrays.ts';
import type { SynapseSource } from './synapse-source.ts';
import type { CountedSynapses, Synapses } from './synapses.ts';
import { type CompiledThreshold, thresholdOf } from './threshold.ts';
import {
  ConstantBlocks,
  initialState,
  layOutUpdates,
  offsetOf,
  type UpdateLayout,
} from './update-kernels.ts';
import { unknownOwner, type VariableDescription, variablesOf } from './variables.ts';
import type { Way } from './ways.ts';

export type { CompileOptions } from './compile-options.ts';
export type { LiveChanges, ParameterChange, VariableCell } from './live-changes.ts';
export type { CompiledRecording, CompiledTrace } from './recordings.ts';
export type { VariableDescription } from './variables.ts';

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

/** A projection as it was compiled. */
export interface CompiledProjection {
  readonly name: string;
  readonly synapses: number;
  /** Whether its synapses are made again for every spike rather than stored. */
  readonly procedural: boolean;
}

/** A plan, and what is needed to speak of it in the user's terms. */
export interface CompiledNetwork {
  /** Shared with the other networks where several were compiled into one. */
  readonly plan: Plan;
  readonly document: NetworkDocument;
  /** In document order. */
  readonly populations: readonly CompiledPopulation[];
  readonly projections: readonly CompiledProjection[];
  readonly recordings: readonly CompiledRecording[];
  readonly probes: readonly CompiledProbe[];
  /** What is worth a warning about this network. */
  readonly warnings: readonly string[];
  /** Variables of a population, field or projection. Throws NetworkError for an unknown name. */
  variablesOf(owner: string): readonly VariableDescription[];
  /** How far neurons are from the threshold of a population; null where its condition compares no variable. */
  thresholdOf(population: string): CompiledThreshold | null;
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
  /** In the order of the document. */
  readonly interventions: readonly CompiledIntervention[];
  /** A parameter as it is now, in internal units. */
  parameterOf(owner: string, name: string): number;
  /** As setParameter, for what interventions bring about in one step: all at once, as values between may be impossible. */
  putParameters(values: readonly ParameterValue[]): ParameterChange;
  /**
   * Notes the values that interventions give a variable for now, null when none is in effect any more. Throws NetworkError
   * where they are outside limits, or synapse values larger than sums allow.
   */
  putValues(owner: string, variable: string, values: (() => Float64Array) | null): void;
  /**
   * Keeps parameters, and what is known of values, as they are now: the function that it returns brings them back, as
   * often as one likes. The state of the engine is somebody else's.
   */
  keep(): () => ParameterChange;
  /** What keep() keeps as plain data, for another compilation of the same network: see adopt. */
  readonly changes: LiveChanges;
  /** Makes changes that another compilation has seen. Throws RangeError where that was of another network. */
  adopt(changes: LiveChanges): ParameterChange;
  /** A text that is equal for equal networks, see identity.ts. */
  readonly identity: string;
  /**
   * Where the synapses of a projection are, with these variables and the delays of a pathway: see synapse-source.ts.
   * Throws NetworkError for unknown names.
   */
  synapsesOf(projection: string, pathway?: string, variables?: readonly string[]): SynapseSource;
  /** x, y and z in µm of every neuron of a population, three numbers for each; null where it is nowhere. */
  positionsOf(population: string): Float32Array | null;
  /** What was made of every text, for people: integrators and why, constants, statements, memory. */
  explain(): string;
  /**
   * Gives up the synapses in the plan, of which an engine has made its own by now. No other engine can be created from
   * the plan then; all else stays as it is.
   */
  release(): void;
}

/**
 * Compiles a network document (a Network's `document`): checks everything and makes the synapses, allocates nothing on a
 * device. Throws NetworkError for what is wrong with the network, TypeError for wrong options.
 */
export function compileNetwork(
  document: NetworkDocument,
  options: CompileOptions = {},
): CompiledNetwork {
  checkCompileOptions(options);
  return compileValid(validateDocument(document), options);
}

/** As compileNetwork, for a document that `validateDocument` has accepted. */
export function compileValid(
  document: NetworkDocument,
  options: CompileOptions = {},
): CompiledNetwork {
  return compileTogether([document], options)[0] as CompiledNetwork;
}

/**
 * Compiles valid documents, at least one and all of one time step, into one plan: networks side by side that know
 * nothing of each other, each with its own seed, names and parameters, and equal code run by one kernel. Each has the
 * bits that it would have in a plan of its own. In the plan, names of network k of several begin with "run k/", from 1.
 */
export function compileTogether(
  documents: readonly NetworkDocument[],
  options: CompileOptions = {},
): CompiledNetwork[] {
  const all = countNetworks(documents, options);
  const { networks, counted, packings, ways } = all;
  options.onCounted?.({
    shape: shapeOf(all),
    estimate: (choice) => estimateOf(all, choice),
  });
  const arrays = new SynapseArrays(counted, ways, packings);
  const placed = counted.map((one, done) => {
    const result = placeProjection(one, { arrays, packings, way: ways[done] as Way }, done);
    options.onProgress?.(done + 1, counted.length);
    return result;
  });
  const { probes = [], watchSpikes = false } = options;
  return assemble(networks, placed, { arrays, packings, probes, watchSpikes });
}

/** Where and how a projection is placed. */
interface Placing {
  readonly arrays: SynapseArrays;
  readonly packings: Packings;
  readonly way: Way;
}

/** Makes the synapses of one projection in their place, where the host makes them; only counts and sums stay behind. */
function placeProjection(
  counted: CountedSynapses,
  { arrays, packings, way }: Placing,
  index: number,
): PlacedProjection {
  const { part, ends, connected, recipe: found } = counted;
  const recipe = found.kind === 'recipe' ? found : null;
  const base = {
    part,
    count: connected.count,
    way,
    recipe,
    connectStream: counted.random.stream,
    degreeRule: recipe === null ? null : { ...recipe, ends, count: connected.count },
    values: new Map<string, KnownValue>(recipe?.values ?? []),
  };
  const { degreeRule, values } = base;
  const bounded =
    degreeRule === null
      ? null
      : largestContributions(part, (step) =>
          boundedContributions(part, degreeRule, knownAt(part, values, step)),
        );
  const exact = (synapses: Synapses): readonly Contribution[] =>
    bounded ??
    largestContributions(part, (step) => {
      const then = { ...synapses, values: valuesAt(part, synapses.values, step) };
      return contributionsOf(part.context, part, then);
    });
  if (way !== 'host') {
    const placed = arrays.reserve(counted, index);
    return { ...base, placed, delays: counted.delays, contributions: bounded ?? [] };
  }
  const { placed, delays, seen } = arrays.place(counted, index, packings, exact);
  return {
    ...base,
    placed,
    delays: recipe === null ? delays : counted.delays,
    contributions: seen,
  };
}

function assemble(
  networks: readonly NetworkParts[],
  projections: readonly PlacedProjection[],
  {
    arrays,
    packings,
    probes: wanted,
    watchSpikes,
  }: Omit<Placing, 'way'> & Required<Pick<CompileOptions, 'probes' | 'watchSpikes'>>,
): CompiledNetwork[] {
  const { dtMs, precision, seed, tables } = (networks[0] as NetworkParts).context;
  const populations = networks.flatMap(({ parts }) => parts);
  const recorded = watchSpikes
    ? new Set(populations.map(({ index }) => index))
    : spikingPopulations(networks);
  const constants = new ConstantBlocks();
  const contributions = projections.flatMap((one) => one.contributions);
  const fields = networks.flatMap((network) => network.fields);
  const updates = layOutUpdates(populations, contributions, recorded, constants);
  const layout = layOutFields(updates, fields, contributions, constants);
  const kernelsOfNeurons = layout.kernels.slice(0, updates.kernels.length);
  const making = { layout, constants, packings };
  const summed = layOutSums(making, projections);
  const clocked = layOutClocked(making, projections);
  const deliver = layOutDeliveries(making, projections);
  const traced = compileRecordings(networks, dtMs, kernelsOfNeurons, (part) => {
    return layout.fields[fields.indexOf(part)] as FieldKernel;
  });
  const probed = compileProbes(wanted, networks[0]?.parts ?? [], dtMs, kernelsOfNeurons);
  const update = kernelsOfNeurons.map((kernel, k): UpdateKernel => {
    const probe = probed.slots[k] ?? null;
    return { ...kernel, sampler: traced.samplers[k] ?? null, ...(probe && { probe }) };
  });
  const generators = generatorsOf(populations, dtMs, recorded);
  const kernels = {
    update,
    summed,
    clocked,
    deliver,
    fields: layout.fields,
    generatorCount: generators.length,
    longestWindow: longestWindowEver(projections.map(({ part }) => part)),
  };
  const neuronCount = populations.reduce((sum, part) => sum + part.document.size, 0);
  for (const { context } of networks) {
    checkConstants(context.interventions, () => constants.computeOf(context), context.warnings);
  }
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
      const member = layout.kernels[kernel]?.members.find(
        ({ population }) => population === part.index,
      );
      return offsetOf(lowered, v, values, member?.constants ?? 0);
    }),
    inputCells: layout.inputCells,
    depositCells: layout.depositCells,
    constants: values,
    tables,
    rows: arrays.rows,
    synapses: arrays.synapses,
    synapseWords: arrays.sizes.words,
    synapseState: arrays.synapseState,
    synapseCells: arrays.sizes.cells,
    update,
    summed,
    clocked,
    deliver,
    fields: layout.fields,
    generators,
  };
  const plan: ReleasablePlan = {
    ...sized,
    schedule: schedule(kernels),
    memory: memoryOf(sized),
    warnings: [...new Set(networks.flatMap(({ context }) => [...context.warnings]))],
  };
  return networks.map((network, k) => {
    const own = projections.filter(({ part }) => part.context === network.context);
    const parts = [...network.parts, ...network.fields];
    const live = new Live(network.context, plan, parts, own, layout, constants);
    const recorded = {
      recordings: traced.recordings[k] ?? [],
      probes: k === 0 ? probed.probes : [],
    };
    return compiledNetwork(network, plan, own, recorded, live);
  });
}

/** A plan whose synapses may go. */
type ReleasablePlan = { -readonly [Key in keyof Plan]: Plan[Key] };

function compiledNetwork(
  { context, document, parts, fields }: NetworkParts,
  plan: ReleasablePlan,
  projections: readonly PlacedProjection[],
  recorded: Pick<CompiledNetwork, 'recordings' | 'probes'>,
  live: Live,
): CompiledNetwork {
  let identity: string | null = null;
  return {
    plan,
    document,
    populations: parts.map(compiledPopulation),
    projections: projections.map(({ part, count, way }) => ({
      name: part.document.name,
      synapses: count,
      procedural: way === 'procedural',
    })),
    ...recorded,
    warnings: [...context.warnings],
    thresholdOf(population) {
      checkName(population, 'thresholdOf: population');
      const part = parts.find(({ document: { name } }) => name === population);
      if (part !== undefined) return thresholdOf(part);
      throw unknownOwner(
        'population',
        population,
        parts.map(({ document: { name } }) => name),
      );
    },
    variablesOf: (owner) => variablesOf(owner, [...parts, ...fields], projections),
    cellOf: (population, variable) => live.cellOf(population, variable),
    synapseCellOf: (projection, variable) => live.synapseCellOf(projection, variable),
    evaluate: (owner, variable, spec) => live.evaluate(owner, variable, spec),
    interventions: context.interventions,
    setParameter: (owner, name, value) => live.setParameter(owner, name, value),
    parameterOf: (owner, name) => live.parameterOf(owner, name),
    putParameters: (values) => live.putParameters(values),
    putValues: (owner, variable, values) => live.putValues(owner, variable, values),
    keep: () => live.keep(),
    get changes() {
      return live.changes;
    },
    adopt: (changes) => live.adopt(changes),
    get identity() {
      identity ??= identityOf(plan, document);
      return identity;
    },
    synapsesOf: (name, pathway, variables) => live.synapsesOf(name, pathway, variables),
    positionsOf: (population) => live.positionsOf(population),
    explain: () => explainNetwork(plan, [...parts, ...fields], projections),
    release() {
      plan.synapses = new Uint32Array(0);
      plan.synapseState = new Float32Array(0);
    },
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
  { context, index, document, first }: PopulationPart,
  layout: UpdateLayout,
  recorded: ReadonlySet<number>,
): PopulationSlot {
  const placed = layout.placed.get(index);
  return {
    name: context.prefix + document.name,
    first,
    count: document.size,
    kernel: placed?.kernel ?? -1,
    localFirst: placed?.localFirst ?? 0,
    recordSpikes: recorded.has(index),
  };
}

/** Spike lists, sorted by step, then neuron. */
function generatorsOf(
  populations: readonly PopulationPart[],
  dtMs: number,
  recorded: ReadonlySet<number>,
): GeneratorSlot[] {
  return populations.flatMap(({ index, document, first }): GeneratorSlot[] => {
    if (document.kind !== 'spikes') return [];
    const { size: count, indices, timesMs } = document;
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
        recordSpikes: recorded.has(index),
        steps: Uint32Array.from(order, (k) => steps[k] as number),
        indices: Uint32Array.from(order, (k) => indices[k] as number),
      },
    ];
  });
}
