/**
 * Where fields lie in a plan: their kernels, their state behind that of neurons, the cells of their deposits, and from
 * where neurons read them. Fields share no kernels: there are few, and each is large.
 */
import { streamOf } from '../language/philox.ts';
import { diffusionConstants, type FieldPart, fieldParameters } from './fields.ts';
import type { FieldKernel, UpdateKernel } from './plan.ts';
import { type Contribution, chooseScale, type Scale } from './scales.ts';
import {
  type ConstantBlocks,
  inputSlot,
  inputsOf,
  type PlacedPopulation,
  type UpdateLayout,
} from './update-kernels.ts';

/** Fields begin at a multiple of so many cells, so that engines may read these at once. */
const QUAD = 4;

/** A layout with fields. `kernels` are those of populations, then one like them for each field, in the same order. */
export interface FieldLayout extends UpdateLayout {
  readonly fields: readonly FieldKernel[];
  readonly depositCells: number;
}

/** Appends the fields of all networks to a layout of populations. */
export function layOutFields(
  layout: UpdateLayout,
  parts: readonly FieldPart[],
  contributions: readonly Contribution[],
  constants: ConstantBlocks,
): FieldLayout {
  const placed = new Map(layout.placed);
  const scales = new Map(layout.scales);
  const kernels: UpdateKernel[] = [...layout.kernels];
  const fields: FieldKernel[] = [];
  const base = { state: layout.stateCells, deposits: 0 };
  for (const part of parts) {
    const own = inputsOf(part).map((variable) => depositScale(part, variable, contributions));
    const field = placeField(part, own, base, constants);
    scales.set(part.index, own);
    placed.set(part.index, placeOf(part, kernels.length));
    kernels.push(asUpdate(part, field));
    fields.push(field);
    base.state = field.stateBase + field.variables.length * field.count;
    base.deposits += field.inputs.length * field.count;
  }
  return {
    kernels: withGathers(kernels, placed, fields, parts),
    fields,
    placed,
    scales,
    stateCells: base.state,
    inputCells: layout.inputCells,
    depositCells: base.deposits,
  };
}

/** Scale of deposits: a source may spike in every step between two runs of the field. */
const depositScale = (
  part: FieldPart,
  variable: string,
  contributions: readonly Contribution[],
): Scale =>
  chooseScale(
    [
      {
        size: part.document.size,
        contributions: contributions.filter(
          (one) => one.end.part === part && one.variable === variable,
        ),
      },
    ],
    part.field.every,
  );

function placeField(
  part: FieldPart,
  scales: readonly Scale[],
  base: { readonly state: number; readonly deposits: number },
  constants: ConstantBlocks,
): FieldKernel {
  const { context, document, field, lowered } = part;
  if (lowered === null) throw new Error(`internal: ${part.path} is not lowered`);
  const name = context.prefix + document.name;
  const count = document.size;
  return {
    name,
    grid: field.grid,
    count,
    globalFirst: part.first,
    every: field.every,
    stateBase: Math.ceil(base.state / QUAD) * QUAD,
    variables: lowered.variables,
    inputs: inputsOf(part).map((variable, k) =>
      inputSlot(variable, base.deposits + k * count, [scales[k] as Scale]),
    ),
    constants: constants.add(
      context,
      lowered.constants,
      () => fieldParameters(part),
      `Field "${name}"`,
    ),
    seed: context.seed,
    stream: streamOf('field', document.name),
    diffusion: lowered.variables.map((variable) => diffusionConstants(part, variable.name)),
    edges: field.edges,
    body: [...lowered.begin, ...lowered.advance],
  };
}

function placeOf(part: FieldPart, kernel: number): PlacedPopulation {
  if (part.lowered === null) throw new Error(`internal: ${part.path} is not lowered`);
  return { part, lowered: part.lowered, kernel, localFirst: 0 };
}

/** The field as what looks up cells by population finds it; no engine sees that. */
function asUpdate(part: FieldPart, field: FieldKernel): UpdateKernel {
  const { count, stateBase, variables, inputs, constants, seed, stream, globalFirst } = field;
  return {
    name: field.name,
    count,
    stateBase,
    variables,
    inputs,
    members: [
      {
        population: part.index,
        localFirst: 0,
        count,
        globalFirst,
        constants,
        gathers: [],
        tables: 0,
        seed,
        stream,
        recordSpikes: false,
      },
    ],
    begin: [],
    advance: field.body,
    spiked: null,
    onSpike: [],
    late: [],
    sampler: null,
  };
}

/** Tells members from where they read fields. */
function withGathers(
  kernels: readonly UpdateKernel[],
  placed: ReadonlyMap<number, PlacedPopulation>,
  fields: readonly FieldKernel[],
  parts: readonly FieldPart[],
): UpdateKernel[] {
  const cellOf = (part: FieldPart, variable: string): number => {
    const field = fields[parts.indexOf(part)];
    const v = field?.variables.findIndex(({ name }) => name === variable) ?? -1;
    if (field === undefined || v < 0) throw new Error(`internal: no ${variable} in ${part.path}`);
    return field.stateBase + v * field.count;
  };
  return kernels.map((kernel) => ({
    ...kernel,
    members: kernel.members.map((member) => ({
      ...member,
      gathers: (placed.get(member.population)?.part.links ?? []).map(({ field, variable }) =>
        cellOf(field, variable),
      ),
    })),
  }));
}
