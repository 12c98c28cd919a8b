/**
 * Update kernels: populations of equal code side by side, and where their state, inputs and constants lie.
 */
import { NetworkError } from '../errors.ts';
import type { HostConstants } from '../language/constants.ts';
import type { LoweredPopulation } from '../language/lower.ts';
import { listNames } from '../language/messages.ts';
import { streamOf } from '../language/philox.ts';
import type { Context } from './context.ts';
import { CanonicalCode } from './merge.ts';
import type { InputSlot, UpdateKernel, UpdateMember } from './plan.ts';
import {
  inputsInOrder,
  neuronValue,
  type PopulationPart,
  populationParameters,
} from './populations.ts';
import { type Contribution, checkWholeSum, chooseScale, type Scale } from './scales.ts';

/** Collects blocks of host-computed constants. */
export class ConstantBlocks {
  readonly #blocks: {
    readonly context: Context;
    readonly first: number;
    readonly compute: () => Float64Array;
  }[] = [];
  #count = 0;

  /** Appends a block; returns its first cell. `where` names its owner when a constant is not finite. */
  add(
    context: Context,
    constants: HostConstants,
    parameters: () => Readonly<Record<string, number>>,
    where: string,
  ): number {
    const first = this.#count;
    const compute = (): Float64Array => {
      const given = parameters();
      const values = constants.compute(given);
      values.forEach((value, k) => {
        if (Number.isFinite(value)) return;
        throw notFinite(where, constants.formulas[k] ?? '?', value, given);
      });
      return values;
    };
    this.#blocks.push({ context, first, compute });
    this.#count += constants.names.length;
    return first;
  }

  /** Those of one network, block by block. */
  computeOf(context: Context): Float64Array {
    const own = this.#blocks.filter((block) => block.context === context);
    return Float64Array.from(own.flatMap(({ compute }) => [...compute()]));
  }

  /** All constants for the parameters of now. */
  compute(): Float64Array {
    const all = new Float64Array(this.#count);
    for (const { first, compute } of this.#blocks) all.set(compute(), first);
    return all;
  }
}

function notFinite(
  where: string,
  formula: string,
  value: number,
  parameters: Readonly<Record<string, number>>,
): NetworkError {
  const zeros = Object.keys(parameters).filter((name) => parameters[name] === 0);
  const culprits = zeros.length === 0 ? '' : ` Parameters that are 0: ${listNames(zeros, 10)}.`;
  return new NetworkError(
    `${where}: ${formula} is ${value} with these parameters. Check for divisions by zero.${culprits}`,
    { path: where, value },
  );
}

/** A population with the kernel that integrates it. */
export interface PlacedPopulation {
  readonly part: PopulationPart;
  readonly lowered: LoweredPopulation;
  readonly kernel: number;
  readonly localFirst: number;
}

/** Update kernels, and where populations are in them. */
export interface UpdateLayout {
  readonly kernels: readonly UpdateKernel[];
  /** By population index; spike lists are missing. */
  readonly placed: ReadonlyMap<number, PlacedPopulation>;
  /** Scales of a population's inputs, by population index. */
  readonly scales: ReadonlyMap<number, readonly Scale[]>;
  readonly stateCells: number;
  readonly inputCells: number;
}

/** Populations that run one kernel, and the scales of its inputs for each of them. */
interface KernelGroup {
  readonly members: PopulationPart[];
  readonly scales: (readonly Scale[])[];
}

/**
 * Populations of equal code by kernel, in document order. Those of one network share their scales. Networks share a
 * kernel where their scales agree, so that each has the bits that it would have alone.
 */
function groupsOf(
  parts: readonly PopulationPart[],
  contributions: readonly Contribution[],
): KernelGroup[] {
  const byNetwork = new Map<Context, Map<string, PopulationPart[]>>();
  for (const part of parts.filter((one) => one.lowered !== null)) {
    const codes = byNetwork.get(part.context) ?? new Map<string, PopulationPart[]>();
    byNetwork.set(part.context, codes);
    addTo(codes, codeKey(part), part);
  }
  const to = new Map<PopulationPart, Contribution[]>();
  for (const one of contributions) addTo(to, one.end.part, one);
  const groups = new Map<string, KernelGroup>();
  for (const [{ precision }, codes] of byNetwork) {
    for (const [code, members] of codes) {
      const own = inputsOf(members[0] as PopulationPart).map((variable) =>
        scaleOf(variable, members, (part) => to.get(part) ?? []),
      );
      // Numbers of f64 are added as they are, without a scale.
      const exponents = precision === 'f64' ? [] : own.map(({ scale }) => scale);
      const key = JSON.stringify([code, exponents]);
      const group = groups.get(key) ?? { members: [], scales: [] };
      groups.set(key, group);
      group.members.push(...members);
      group.scales.push(...members.map(() => own));
    }
  }
  return [...groups.values()];
}

function addTo<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

/** Groups populations into kernels in document order and lays them out. `recorded`: populations whose spikes are. */
export function layOutUpdates(
  parts: readonly PopulationPart[],
  contributions: readonly Contribution[],
  recorded: ReadonlySet<number>,
  constants: ConstantBlocks,
): UpdateLayout {
  const placed = new Map<number, PlacedPopulation>();
  const scales = new Map<number, readonly Scale[]>();
  const kernels: UpdateKernel[] = [];
  let stateCells = 0;
  let inputCells = 0;
  for (const { members, scales: own } of groupsOf(parts, contributions)) {
    const [first] = members as [PopulationPart];
    const lowered = first.lowered as LoweredPopulation;
    const count = members.reduce((sum, { document }) => sum + document.size, 0);
    const inputs = inputsOf(first);
    const kernel: UpdateKernel = {
      name: kernelName(members),
      count,
      stateBase: stateCells,
      variables: lowered.variables,
      members: placeMembers(members, kernels.length, recorded, constants, placed),
      inputs: inputs.map((variable, k) =>
        inputSlot(
          variable,
          inputCells + k * count,
          own.map((one) => one[k] as Scale),
        ),
      ),
      begin: lowered.begin,
      advance: lowered.advance,
      spiked: lowered.spiked,
      onSpike: lowered.onSpike,
      late: lowered.late,
      sampler: null,
    };
    kernels.push(kernel);
    members.forEach(({ index }, k) => {
      scales.set(index, own[k] as readonly Scale[]);
    });
    stateCells += lowered.variables.length * count;
    inputCells += inputs.length * count;
  }
  return { kernels, placed, scales, stateCells, inputCells };
}

/** Input variables of a population, in the order of its kernel. */
export const inputsOf = (part: PopulationPart): readonly string[] =>
  part.model === null ? [] : inputsInOrder(part.model, part.inputs);

function kernelName(members: readonly PopulationPart[]): string {
  const names = members.map(({ document }) => document.name);
  return names.length === 1
    ? `update ${names[0]}`
    : `update ${names[0]} and ${names.length - 1} more`;
}

function codeKey(part: PopulationPart): string {
  const lowered = part.lowered as LoweredPopulation;
  const code = new CanonicalCode()
    .note(lowered.variables)
    .note(lowered.offsets)
    .note(lowered.constants.names.length)
    .note(inputsOf(part))
    .note(lowered.tables.length)
    .statements(lowered.begin)
    .statements(lowered.advance)
    .value(lowered.spiked)
    .statements(lowered.onSpike)
    .statements(lowered.late);
  for (const [name, { body, value }] of Object.entries(lowered.readable)) {
    code.note(name).statements(body).value(value);
  }
  return code.text;
}

function placeMembers(
  parts: readonly PopulationPart[],
  kernel: number,
  recorded: ReadonlySet<number>,
  constants: ConstantBlocks,
  placed: Map<number, PlacedPopulation>,
): UpdateMember[] {
  let localFirst = 0;
  return parts.map((part) => {
    const lowered = part.lowered as LoweredPopulation;
    const { context } = part;
    const { name, size } = part.document;
    const parameters = (): Readonly<Record<string, number>> => populationParameters(context, part);
    const member: UpdateMember = {
      population: part.index,
      localFirst,
      count: size,
      globalFirst: part.first,
      constants: constants.add(
        context,
        lowered.constants,
        parameters,
        `Population "${context.prefix}${name}"`,
      ),
      gathers: [],
      tables: lowered.tables.length === 0 ? 0 : context.tables.length,
      seed: context.seed,
      stream: streamOf('population', name),
      recordSpikes: recorded.has(part.index),
    };
    for (const table of lowered.tables) {
      context.tables.push({ kind: 'binomial', thresholds: table.thresholds(parameters()) });
    }
    placed.set(part.index, { part, lowered, kernel, localFirst });
    localFirst += size;
    return member;
  });
}

/** What pathways add to one variable of one population. */
export function contributionsTo(
  part: PopulationPart,
  variable: string,
  contributions: readonly Contribution[],
): readonly Contribution[] {
  return contributions.filter((one) => one.end.part === part && one.variable === variable);
}

function scaleOf(
  variable: string,
  members: readonly PopulationPart[],
  contributionsOf: (part: PopulationPart) => readonly Contribution[],
): Scale {
  const loads = members.map((part) => ({
    part,
    size: part.document.size,
    contributions: contributionsTo(part, variable, contributionsOf(part)),
  }));
  const isWhole = members.some(
    ({ lowered }) => lowered?.variables.find(({ name }) => name === variable)?.type === 'i32',
  );
  if (isWhole) {
    for (const { part, size, contributions } of loads) {
      checkWholeSum(variable, part.document.name, size, contributions);
    }
  }
  return chooseScale(loads, 1, isWhole);
}

/** `scales`: those of the members, which differ in their limits at most. */
export function inputSlot(variable: string, base: number, scales: readonly Scale[]): InputSlot {
  const [first] = scales;
  if (first === undefined) throw new Error(`internal: no scale for ${variable}`);
  return {
    variable,
    base,
    scale: first.scale,
    proven: scales.every(({ proven }) => proven),
    limit: Math.min(...scales.map(({ guardedLimit }) => guardedLimit)),
  };
}

/** What a variable is stored relative to, for the constants of now. */
export function offsetOf(
  lowered: LoweredPopulation,
  variable: number,
  constants: Float64Array,
  first: number,
): number {
  const index = lowered.offsets[variable] ?? -1;
  return index < 0 ? 0 : (constants[first + index] as number);
}

/** First contents of the state: absolute first values less what they are stored relative to. */
export function initialState(
  layout: UpdateLayout,
  offsetOf: (placed: PlacedPopulation, variable: number) => number,
): Float64Array {
  const state = new Float64Array(layout.stateCells);
  for (const placed of layout.placed.values()) {
    const { part, lowered } = placed;
    const kernel = layout.kernels[placed.kernel] as UpdateKernel;
    lowered.variables.forEach(({ name }, v) => {
      const first = kernel.stateBase + v * kernel.count + placed.localFirst;
      const offset = offsetOf(placed, v);
      const bookkeeping = part.initial.has(name) ? undefined : lowered.initialBookkeeping[name];
      for (let k = 0; k < part.document.size; k++) {
        state[first + k] = (bookkeeping ?? neuronValue(part, name, k)) - offset;
      }
    });
  }
  return state;
}
