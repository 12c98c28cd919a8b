/**
 * Interventions in the plan: the document's list with names looked up, units checked and times in steps, and what they
 * mean for everything that is decided before the run (fixed-point scales, windows, stability of fields): that is decided
 * for all values that a parameter will have. Carries nothing out; that is src/interventions.ts.
 */
import { NetworkError } from '../errors.ts';
import type { Variable } from '../language/ast.ts';
import { listNames, suggest } from '../language/messages.ts';
import { DIMENSIONS, parseQuantity } from '../language/units.ts';
import type { InterventionDocument } from '../network/document.ts';
import type { KnownValue } from './amounts.ts';
import type { ParameterTable } from './context.ts';
import { checkNewValues } from './limits.ts';
import { findParameter, type Owners, tablesOf } from './parameter-owner.ts';
import type { PopulationPart } from './populations.ts';
import { ANYTHING, isHosted, longestWindow, noteRanges } from './presynaptic.ts';
import type { ProjectionPart } from './projections.ts';
import { tableRange } from './quantiles.ts';
import type { Contribution } from './scales.ts';
import { type Values, valueAt } from './values.ts';

/** One change of a parameter or variable, with its times in steps. */
export interface CompiledIntervention {
  /** As in the document. */
  readonly owner: string;
  readonly parameter: string;
  /** In effect for the steps first … end - 1; end is Infinity where there is none. */
  readonly first: number;
  readonly end: number;
  /** Either is null; the value in internal units. */
  readonly factor: number | null;
  readonly value: number | null;
  /** The table of a parameter; null for variables. */
  readonly table: ParameterTable | null;
  /** Neurons or voxels of a variable that change; null for all. */
  readonly neurons: { readonly from: number; readonly to: number } | null;
  /** `Intervention "block"`, for messages. */
  readonly where: string;
}

/** Looks everything up. Throws NetworkError for what does not exist, has another unit or cannot change. */
export function compileInterventions(owners: Owners): CompiledIntervention[] {
  const { document, dtMs } = owners.context;
  const stepOf = (time: InterventionDocument['at']): number =>
    Math.round(parseQuantity(time, 'at', DIMENSIONS.time).value / dtMs);
  return (document.interventions ?? []).map((intervention, k) => {
    const { name, owner, parameter, at, until, factor = null } = intervention;
    const where = name === undefined ? `interventions[${k}]` : `Intervention "${name}"`;
    const found = meaningOf(owners, intervention, where);
    const { value } = intervention;
    return {
      owner,
      parameter,
      first: stepOf(at),
      end: until === undefined ? Number.POSITIVE_INFINITY : stepOf(until),
      factor,
      value:
        value === undefined ? null : parseQuantity(value, `${where}: value`, found.dimension).value,
      table: found.table,
      neurons: found.neurons,
      where,
    };
  });
}

type Meaning = Pick<CompiledIntervention, 'table' | 'neurons'> & Pick<Variable, 'dimension'>;

function meaningOf(owners: Owners, intervention: InterventionDocument, where: string): Meaning {
  const { owner, parameter, neurons } = intervention;
  const population = owners.populations.find((part) => part.document.name === owner);
  const projection =
    population === undefined
      ? owners.projections.find((part) => part.document.name === owner)
      : undefined;
  const variables = (population ?? projection)?.model?.variables ?? [];
  const variable = variables.find((one) => one.name === parameter);
  if (variable !== undefined) {
    const why =
      population === undefined
        ? obstacleInSynapses(projection as ProjectionPart, variable)
        : obstacleInNeurons(owners, population, variable);
    if (why !== null) throw refusal(where, intervention, why);
    const size = population?.document.size ?? 0;
    const range = neurons && { from: neurons.from ?? 0, to: neurons.to ?? size };
    return { table: null, neurons: range ?? null, dimension: variable.dimension };
  }
  const { table } = lookUp(owners, intervention, where, variables);
  if (neurons !== undefined) {
    const why =
      'is one value for all neurons. To change it in some of them, make it a variable of each: the equation ' +
      `"${parameter} : unit (constant)", and its value in "initial" instead of "params"`;
    throw refusal(where, intervention, why);
  }
  const dimension = table.dimensions[parameter];
  if (dimension === undefined) throw new Error('internal: a parameter without a dimension');
  return { table, neurons: null, dimension };
}

/** The parameter's table; variables count for suggestions. */
function lookUp(
  owners: Owners,
  { owner, parameter }: InterventionDocument,
  where: string,
  variables: readonly Variable[],
): { readonly table: ParameterTable } {
  try {
    return findParameter(owners, owner, parameter);
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    const names = variables.filter(({ kind }) => kind === 'parameter').map(({ name }) => name);
    const near = suggest(parameter, names);
    const also = names.length === 0 ? '' : ` Variables that can change too: ${listNames(names)}.`;
    const hint = near === undefined ? '' : ` Did you mean the variable "${near}"?`;
    throw new NetworkError(`${where}: ${error.message}${hint}${also}`, {
      path: where,
      value: parameter,
    });
  }
}

const refusal = (where: string, { owner, parameter }: InterventionDocument, why: string) =>
  new NetworkError(`${where}: "${parameter}" of "${owner}" ${why}.`, {
    path: where,
    value: parameter,
  });

const STATE =
  'is state, which its own equation changes. Interventions change parameters, and variables without an equation';
const WRITTEN =
  'is changed by the network itself, so an intervention would be overwritten. Put a parameter into the equations, as a factor for example, and change that';

/** Why an intervention cannot change a variable of a population; null where it can. */
function obstacleInNeurons(
  { context, projections }: Owners,
  part: PopulationPart,
  { name, kind, flags }: Variable,
): string | null {
  if (kind !== 'parameter') return kind === 'differential' ? STATE : 'is computed from others';
  if (flags.includes('linked')) return 'has the value of a field. Change the field';
  if (part.field?.diffusion.has(name)) {
    return 'diffuses: it is state. Interventions change parameters, and variables that nothing changes';
  }
  const statements = [...(part.model?.onStep ?? []), ...(part.model?.reset ?? [])];
  const byInputs = context.document.inputs.some(
    ({ target, variable }) => target.population === part.document.name && variable === name,
  );
  const byStatements = statements.some(
    ({ target }) => target.role === 'variable' && target.name === name,
  );
  const bySynapses = projections.some(({ source, target, pathways, summed }) => {
    if (target.part === part && summed.some((one) => one.target === name)) return true;
    return pathways.some(({ lowered }) =>
      lowered.inputs.some(
        (input) => input.name === name && (input.side === 'pre' ? source : target).part === part,
      ),
    );
  });
  return byStatements || byInputs || bySynapses || part.summed.has(name) ? WRITTEN : null;
}

/** Why an intervention cannot change a synapse variable; null where it can. */
function obstacleInSynapses(part: ProjectionPart, { name, kind }: Variable): string | null {
  if (kind !== 'parameter') return kind === 'differential' ? STATE : 'is computed from others';
  if (isHosted(part, name)) return 'is presynaptic state. Make it a parameter';
  return part.written.has(name) ? WRITTEN : null;
}

// ---- Values over time ----

/** A value under the interventions of one parameter that are in effect in a step. */
export function changedValue(
  interventions: readonly CompiledIntervention[],
  base: number,
  step: number,
): number {
  let value = base;
  for (const one of interventions) {
    if (step < one.first || step >= one.end) continue;
    value = one.factor === null ? (one.value as number) : value * one.factor;
  }
  return value;
}

/** Interventions by what they change. */
export function byParameter(
  interventions: readonly CompiledIntervention[],
): ReadonlyMap<string, readonly CompiledIntervention[]> {
  const groups = new Map<string, CompiledIntervention[]>();
  for (const one of interventions) {
    const key = keyOf(one.owner, one.parameter);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return groups;
}

/** Names a parameter in maps. */
export const keyOf = (owner: string, parameter: string): string => `${owner}\n${parameter}`;

/** As changedValue, for the value of one neuron, voxel or synapse: only what reaches it counts. */
export const changedElement = (
  interventions: readonly CompiledIntervention[],
  element: number,
  base: number,
  step: number,
): number =>
  changedValue(
    interventions.filter(
      ({ neurons }) => neurons === null || (element >= neurons.from && element < neurons.to),
    ),
    base,
    step,
  );

/** The same error with the intervention that has brought it about in a step; errors of other kinds as they are. */
export function namingCause(
  error: unknown,
  interventions: readonly CompiledIntervention[],
  step: number,
): unknown {
  const cause = interventions.find(({ first, end }) => step === first || step === end);
  if (!(error instanceof NetworkError) || cause === undefined) return error;
  const { message, path, value, problems } = error;
  return new NetworkError(`${cause.where}: ${message}`, { path, value, problems });
}

/** Steps at which values hold that did not hold before, -1 for those at the start. */
function epochsOf(interventions: readonly CompiledIntervention[]): number[] {
  const changes = interventions.flatMap(({ first, end }) => [first, end]).filter(Number.isFinite);
  const steps = new Map<string, number>();
  for (const step of [-1, ...changes.sort((a, b) => a - b)]) {
    const inEffect = interventions.filter(({ first, end }) => step >= first && step < end);
    const values = inEffect.map(({ owner, parameter, factor, value, neurons }) =>
      JSON.stringify([owner, parameter, factor, value, neurons]),
    );
    const key = values.join();
    if (!steps.has(key)) steps.set(key, step);
  }
  return [...steps.values()];
}

/**
 * Runs something for the parameters at the start, then for every other set of values that interventions bring about, with
 * these values in the tables; `step` is one at which they hold. Only for tables that hold the values of the document.
 * A NetworkError names the intervention whose values it is about.
 */
export function eachEpoch<T>(
  interventions: readonly CompiledIntervention[],
  run: (step: number) => T,
): T[] {
  const groups = [...byParameter(interventions).values()];
  const held = groups.flatMap((group) => {
    const [{ table, parameter }] = group as readonly [CompiledIntervention];
    return table === null ? [] : [{ table, parameter, group, base: table.values[parameter] ?? 0 }];
  });
  const give = (step: number): void => {
    for (const { table, parameter, group, base } of held) {
      table.values[parameter] = changedValue(group, base, step);
    }
  };
  try {
    return epochsOf(interventions).map((step) => {
      give(step);
      try {
        return run(step);
      } catch (error) {
        throw namingCause(error, interventions, step);
      }
    });
  } finally {
    give(-1);
  }
}

// ---- What is decided before the run ----

/** What the synapses of a projection can add at most, whatever interventions are in effect. */
export function largestContributions(
  part: ProjectionPart,
  at: (step: number) => readonly Contribution[],
): Contribution[] {
  const epochs = eachEpoch(concerning(part), at);
  const [start = [], ...others] = epochs;
  return start.map((one, k) =>
    others.reduce((most, epoch) => larger(most, epoch[k] as Contribution), one),
  );
}

const STRENGTH = { proven: 0, bounded: 1, guarded: 2 } as const;

/** Of two reckonings of the same addition the weaker kind; of one kind, what covers both. */
function larger(a: Contribution, b: Contribution): Contribution {
  if (a.kind !== b.kind) return STRENGTH[a.kind] > STRENGTH[b.kind] ? a : b;
  if (typeof a.sums === 'number' && typeof b.sums === 'number') {
    return { ...a, sums: Math.max(a.sums, b.sums) };
  }
  const at = ({ sums, degrees }: Contribution, t: number): number =>
    typeof sums === 'number'
      ? sums * (typeof degrees === 'number' ? degrees : (degrees[t] as number))
      : (sums[t] as number);
  const sums = Float64Array.from({ length: a.end.count }, (_, t) => Math.max(at(a, t), at(b, t)));
  return { ...a, sums };
}

/** Those of a network's interventions that a projection's additions depend on. */
function concerning(part: ProjectionPart): CompiledIntervention[] {
  const tables = tablesOf(part);
  return part.context.interventions.filter(({ table, owner }) =>
    table === null ? owner === part.document.name : tables.includes(table),
  );
}

/** Steps of the longest window that all refractory periods allow, whatever interventions are in effect. */
export const longestWindowEver = (parts: readonly ProjectionPart[]): number =>
  Math.min(
    Number.POSITIVE_INFINITY,
    ...parts.flatMap((part) => eachEpoch(concerning(part), () => longestWindow([part]))),
  );

/**
 * Computes all constants for all values to come, and warns of changes of parameters that change none of them. Throws what computing throws, with the intervention.
 */
export function checkConstants(
  interventions: readonly CompiledIntervention[],
  compute: () => Float64Array,
  warnings: Set<string>,
): void {
  const groups = [...byParameter(interventions).values()].flatMap((all) => {
    const [{ table, parameter, owner, where }] = all as [CompiledIntervention];
    if (table === null) return [];
    return [{ table, parameter, owner, where, base: table.values[parameter] as number }];
  });
  const acts = new Map<(typeof groups)[number], boolean>();
  eachEpoch(interventions, () => {
    const constants = compute();
    for (const group of groups) {
      const { table, parameter, base } = group;
      const value = table.values[parameter] as number;
      if (value === base || acts.get(group) === true) continue;
      table.values[parameter] = base;
      acts.set(group, differs(constants, compute));
      table.values[parameter] = value;
    }
  });
  for (const [{ parameter, owner, where }, isActive] of acts) {
    if (isActive) continue;
    const of = owner === '' ? 'the network' : `"${owner}"`;
    warnings.add(
      `${where} changes nothing that is computed while the network runs: "${parameter}" of ${of}. Connections, delays and ` +
        'first values are made before.',
    );
  }
}

/** Whether others come out; what cannot be computed is other too. */
function differs(constants: Float64Array, compute: () => Float64Array): boolean {
  try {
    return compute().some((one, k) => one !== constants[k]);
  } catch (error) {
    if (error instanceof NetworkError) return true;
    throw error;
  }
}

/** Passes over all values to come after which what still grows counts as boundless. */
const ROUNDS = 4;

/** Notes what presynaptic state can be whatever interventions come: what one has left is there under the next. */
export function noteRangesEver(part: ProjectionPart): void {
  const interventions = concerning(part);
  if (part.presynaptic === null || interventions.length === 0) return;
  const ranges = part.presynapticRanges;
  for (let round = 0; round < ROUNDS; round++) {
    const before = JSON.stringify([...ranges]);
    eachEpoch(interventions, () => noteRanges(part));
    if (JSON.stringify([...ranges]) === before) return;
  }
  for (const name of ranges.keys()) ranges.set(name, ANYTHING);
}

/** Refuses values that interventions give variables of neurons and voxels outside their limits. */
export function checkChangedVariables(
  interventions: readonly CompiledIntervention[],
  parts: readonly PopulationPart[],
): void {
  const groups = [...byParameter(interventions.filter(({ table }) => table === null)).values()];
  if (groups.length === 0) return;
  eachEpoch(interventions, (step) => {
    for (const group of groups) {
      const { owner, parameter } = group[0] as CompiledIntervention;
      const part = parts.find(({ document }) => document.name === owner);
      if (part === undefined || !group.some((one) => step >= one.first && step < one.end)) continue;
      const before = part.initial.get(parameter) ?? 0;
      const values = Float64Array.from({ length: part.document.size }, (_, k) =>
        changedElement(group, k, valueAt(before, k), step),
      );
      checkNewValues(part, parameter, values);
    }
  });
}

/** Values of synapse variables in a step. */
export function valuesAt(
  part: ProjectionPart,
  values: ReadonlyMap<string, Values>,
  step: number,
): ReadonlyMap<string, Values> {
  return changedMap(
    part,
    values,
    (all, change) => (typeof all === 'number' ? change(all) : Float64Array.from(all, change)),
    step,
  );
}

/** What is known of synapse variables in a step. */
export function knownAt(
  part: ProjectionPart,
  values: ReadonlyMap<string, KnownValue>,
  step: number,
): ReadonlyMap<string, KnownValue> {
  return changedMap(
    part,
    values,
    (known, change): KnownValue => {
      if (known.kind === 'constant') return { kind: 'constant', value: change(known.value) };
      const [a, b] = (known.kind === 'drawn' ? tableRange(known.table) : known.range).map(
        change,
      ) as [number, number];
      return { kind: 'within', range: [Math.min(a, b), Math.max(a, b)] };
    },
    step,
  );
}

/** A map of variables with those changed that interventions change in a step. */
function changedMap<T>(
  part: ProjectionPart,
  values: ReadonlyMap<string, T>,
  change: (value: T, by: (value: number) => number) => T,
  step: number,
): ReadonlyMap<string, T> {
  const changed = new Map(values);
  for (const group of byParameter(
    concerning(part).filter(({ table }) => table === null),
  ).values()) {
    const { parameter } = group[0] as CompiledIntervention;
    const value = values.get(parameter);
    const inEffect = group.some(({ first, end }) => step >= first && step < end);
    if (value === undefined || !inEffect) continue;
    changed.set(
      parameter,
      change(value, (one) => changedValue(group, one, step)),
    );
  }
  return changed;
}
