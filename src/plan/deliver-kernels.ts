/**
 * Deliver and summed kernels: pathways of equal code run by one dispatch, with one slot per projection that says where
 * its rows, synapses, constants and inputs lie.
 */
import { streamOf } from '../language/philox.ts';
import type { KnownValue } from './amounts.ts';
import { type DelayDraws, type Delays, delayKey } from './delays.ts';
import { generatedRows, kindOfRows, type RowRecipe } from './generated.ts';
import type { DegreeRule } from './in-degrees.ts';
import { codeKey, type Packing, type Packings } from './packings.ts';
import type {
  DeliverKernel,
  GeneratedRows,
  ProjectionSlot,
  SummedKernel,
  UpdateKernel,
} from './plan.ts';
import { sumName } from './populations.ts';
import {
  type End,
  type PathwayPart,
  type ProjectionPart,
  projectionParameters,
} from './projections.ts';
import { type Contribution, limitOf, type Scale } from './scales.ts';
import type { PlacedSynapses } from './synapse-arrays.ts';
import {
  type ConstantBlocks,
  inputsOf,
  type PlacedPopulation,
  type UpdateLayout,
} from './update-kernels.ts';
import type { Way } from './ways.ts';

/** A projection whose synapses have a place, and have been made if the host makes them. */
export interface PlacedProjection {
  readonly part: ProjectionPart;
  readonly count: number;
  readonly way: Way;
  /** null when rows cannot be made alone. */
  readonly recipe: RowRecipe | null;
  /** Key word 1 of what its rule draws. */
  readonly connectStream: number;
  readonly placed: PlacedSynapses;
  readonly delays: ReadonlyMap<string, Delays | DelayDraws>;
  readonly contributions: readonly Contribution[];
  /** What in-degrees follow from, where rows can be made alone. */
  readonly degreeRule: DegreeRule | null;
  /** What is known of synapse variables now, where rows can be made alone. */
  readonly values: Map<string, KnownValue>;
}

/** What slots are made from. */
export interface Making {
  readonly layout: UpdateLayout;
  readonly constants: ConstantBlocks;
  readonly packings: Packings;
}

/** A kernel while projections are still added. */
interface Draft {
  readonly key: string;
  readonly pathway: PathwayPart;
  readonly packing: Packing;
  readonly name: string;
  /** Its targets are voxels. */
  readonly isOntoField: boolean;
  readonly slots: ProjectionSlot[];
  readonly proven: boolean[];
}

/**
 * The deliver kernels in the order in which they must run: all pathways of presynaptic spikes, then all of
 * postsynaptic ones (Brian's orders -1 and +1), in document order where they cannot be merged.
 */
export function layOutDeliveries(
  making: Making,
  projections: readonly PlacedProjection[],
): DeliverKernel[] {
  const drafts: Draft[] = [];
  // A projection without synapses delivers nothing, and its delay limits no window.
  const filled = projections.filter(({ count }) => count > 0);
  for (const trigger of ['pre', 'post'] as const) {
    for (const projection of filled) {
      // Pathways of one projection share synapses, so they must stay in order and in different kernels.
      let last = -1;
      for (const pathway of projection.part.pathways) {
        if (pathway.checked.trigger !== trigger) continue;
        last = addPathway(making, drafts, projection, pathway, last);
      }
    }
  }
  return drafts.map(({ pathway: { lowered }, packing, name, slots, proven, isOntoField }) => ({
    name: slots.length === 1 ? name : `${name} and ${slots.length - 1} more`,
    mode: lowered.mode,
    trigger: lowered.trigger,
    packing,
    projections: slots,
    synapseVariables: lowered.synapseVariables,
    preVariables: lowered.preVariables,
    postVariables: lowered.postVariables,
    inputs: lowered.inputs.map((input, k) => ({
      ...input,
      proven: proven[k] ?? true,
      ...(isOntoField && input.side === 'post' ? { accumulates: true as const } : {}),
    })),
    body: lowered.body,
  }));
}

/** Adds a pathway to a kernel behind number `after`, a new one where none fits; returns its number. */
function addPathway(
  making: Making,
  drafts: Draft[],
  projection: PlacedProjection,
  pathway: PathwayPart,
  after: number,
): number {
  const { part, way } = projection;
  const isPre = pathway.checked.trigger === 'pre';
  const packing = way === 'procedural' ? 'generated' : (making.packings.get(pathway) ?? 'wide');
  const generate = way === 'host' ? null : generatedFor(projection, pathway);
  const kind = packing === 'generated' && generate !== null ? kindOfRows(generate) : '';
  const isOntoField = part.target.part.field !== null;
  const key = JSON.stringify([codeKey(pathway), packing, kind, isOntoField]);
  let index = drafts.findIndex((draft, k) => k > after && draft.key === key);
  if (index < 0) {
    const { name } = pathway.checked;
    const label = name === pathway.checked.trigger ? '' : `.${name}`;
    const title = `deliver ${part.document.name}${label}${isPre ? '' : ' (post)'}`;
    const lists = { slots: [], proven: [] };
    index = drafts.push({ key, pathway, packing, name: title, isOntoField, ...lists }) - 1;
  }
  const draft = drafts[index] as Draft;
  draft.slots.push(pathwaySlot(making, projection, pathway, packing, generate));
  for (const [k, proven] of provenInputs(projection, pathway).entries()) {
    draft.proven[k] = (draft.proven[k] ?? true) && proven;
  }
  return index;
}

function generatedFor(
  { part, recipe, connectStream, delays }: PlacedProjection,
  pathway: PathwayPart,
): GeneratedRows {
  if (recipe === null) throw new Error(`internal: ${part.path} has no recipe`);
  const one = delays.get(delayKey(pathway)) as Delays | DelayDraws;
  return generatedRows(part.context.tables, part, recipe, pathway, one, connectStream);
}

/** The contributions of one input of a pathway. */
const contributionsOf = (
  { contributions }: PlacedProjection,
  { checked }: PathwayPart,
  input: number,
): readonly Contribution[] =>
  contributions.filter((one) => one.pathway === checked.name && one.input === input);

function provenInputs(projection: PlacedProjection, pathway: PathwayPart): boolean[] {
  return pathway.lowered.inputs.map((_, input) =>
    contributionsOf(projection, pathway, input).every(({ kind }) => kind === 'proven'),
  );
}

function pathwaySlot(
  making: Making,
  projection: PlacedProjection,
  pathway: PathwayPart,
  packing: Packing,
  generate: GeneratedRows | null,
): ProjectionSlot {
  const { part, placed } = projection;
  const { lowered, checked } = pathway;
  const isPre = checked.trigger === 'pre';
  const delays = projection.delays.get(delayKey(pathway)) as Delays | DelayDraws;
  const words = placed.words.get(packing) ?? { targets: -1, delays: -1 };
  return {
    ...commonSlot(making, projection, lowered),
    rows: isPre ? placed.rows : placed.columns,
    synapseBase: isPre ? words.targets : placed.columnBase,
    delayBase: words.delays,
    generate,
    delaySteps: 'steps' in delays && typeof delays.steps === 'number' ? delays.steps : 0,
    delayRange: delays.range,
    inputs: lowered.inputs.map(({ name, side }, input) => {
      const end = side === 'pre' ? part.source : part.target;
      const { slot, scale, population } = inputAt(making.layout, end, name);
      const limits = contributionsOf(projection, pathway, input).map((one) => limitOf(one, scale));
      return {
        cell: slot.base + population.localFirst + end.from,
        scale: slot.scale,
        limit: Math.max(0, ...limits),
      };
    }),
  };
}

/** What differs between slots of the kinds of kernels. */
type Own =
  | 'rows'
  | 'synapseBase'
  | 'delayBase'
  | 'generate'
  | 'delaySteps'
  | 'delayRange'
  | 'inputs';

/** What slots of all kernels of synapses have in common. */
export function commonSlot(
  { layout, constants }: Making,
  { part, count, placed }: PlacedProjection,
  lowered: Pick<
    PathwayPart['lowered'],
    'constants' | 'synapseVariables' | 'preVariables' | 'postVariables'
  >,
): Omit<ProjectionSlot, Own> {
  const { context, document, source, target } = part;
  const name = context.prefix + document.name;
  const parameters = (): Readonly<Record<string, number>> =>
    projectionParameters(context, part, count);
  return {
    name,
    sourceFirst: source.part.first + source.from,
    sourceCount: source.count,
    targetFirst: target.part.first + target.from,
    targetCount: target.count,
    constants: constants.add(context, lowered.constants, parameters, `Projection "${name}"`),
    seed: context.seed,
    stream: streamOf('projection', document.name),
    synapseCells: lowered.synapseVariables.map(({ name }) => placed.cells.get(name) ?? -1),
    preCells: lowered.preVariables.map(({ name }) => stateCell(layout, source, name)),
    postCells: lowered.postVariables.map(({ name }) => stateCell(layout, target, name)),
  };
}

function populationAt(layout: UpdateLayout, end: End): PlacedPopulation {
  const found = layout.placed.get(end.part.index);
  if (found === undefined) throw new Error(`internal: ${end.part.path} has no kernel`);
  return found;
}

/** Cell of a variable of neuron 0 of an end. */
function stateCell(layout: UpdateLayout, end: End, name: string): number {
  const population = populationAt(layout, end);
  const kernel = layout.kernels[population.kernel] as UpdateKernel;
  const v = kernel.variables.findIndex((variable) => variable.name === name);
  if (v < 0) throw new Error(`internal: ${end.part.path} does not store ${name}`);
  return kernel.stateBase + v * kernel.count + population.localFirst + end.from;
}

function inputAt(
  layout: UpdateLayout,
  end: End,
  variable: string,
): {
  readonly slot: UpdateKernel['inputs'][number];
  readonly scale: Scale;
  readonly population: PlacedPopulation;
} {
  const population = populationAt(layout, end);
  const input = inputsOf(end.part).indexOf(variable);
  const slot = layout.kernels[population.kernel]?.inputs[input];
  const scale = layout.scales.get(end.part.index)?.[input];
  if (slot === undefined || scale === undefined) {
    throw new Error(`internal: ${end.part.path} has no input ${variable}`);
  }
  return { slot, scale, population };
}

/** One summed kernel per summed variable of a projection. */
export function layOutSums(
  making: Making,
  projections: readonly PlacedProjection[],
): SummedKernel[] {
  return projections.flatMap((projection) =>
    projection.part.summed.map((lowered): SummedKernel => {
      const { part, placed } = projection;
      return {
        name: `sum ${part.document.name}.${lowered.target}`,
        projection: {
          ...commonSlot(making, projection, {
            ...lowered,
            synapseVariables: lowered.synapseVariables.map((one) => ({ ...one, written: false })),
          }),
          rows: placed.columns,
          synapseBase: placed.columnBase,
          delayBase: -1,
          generate: null,
          delaySteps: 0,
          delayRange: [0, 0],
          inputs: [],
        },
        synapseVariables: lowered.synapseVariables,
        preVariables: lowered.preVariables,
        postVariables: lowered.postVariables,
        resultCell: stateCell(making.layout, part.target, sumName(lowered.target)),
        body: lowered.body,
        value: lowered.value,
      };
    }),
  );
}
