/**
 * Projections whose synapses need not be stored, because any of their rows can be made again, alone, from counters (the
 * scheme is in connect.ts). Tells which projections are of that kind and why others are not, and writes down how their
 * rows are made. Makes no synapses, and does not decide which projections are stored all the same: ways.ts.
 */
import { needsOf } from '../language/wasm/walk.ts';
import { largestAmount } from './amounts.ts';
import { longestRow } from './columns.ts';
import type { Connected } from './connect.ts';
import { type DelayDraws, type Delays, delayKey } from './delays.ts';
import { tableOf } from './distributions.ts';
import { gapTable } from './gaps.ts';
import type { GeneratedRows, GeneratedValue, TableSlot } from './plan.ts';
import { type PathwayPart, type ProjectionPart, projectionParameters } from './projections.ts';
import type { QuantileTable } from './quantiles.ts';
import { tableNumber } from './tables.ts';
import { type Prepared, sameValue, varies, type Wanted } from './values.ts';

/** First values that a document gives to a synapse variable, checked. */
export interface InitialValue {
  readonly name: string;
  readonly prepared: Prepared;
  readonly wanted: Wanted;
}

/** A value of every synapse, and how it comes about. */
export type ValueRecipe =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'drawn'; readonly stream: number; readonly table: QuantileTable };

/** How the rows of a projection are made: GeneratedRows before its tables have numbers. */
export interface RowRecipe extends Pick<GeneratedRows, 'rule' | 'autapses' | 'length' | 'longest'> {
  readonly kind: 'recipe';
  /** Probability of a pair, for 'gaps'; else 0. */
  readonly p: number;
  /** Of every stored variable, in order. */
  readonly values: ReadonlyMap<string, ValueRecipe>;
  /** A stored variable that no code reads; null when there is none. */
  readonly unread: string | null;
}

/** Why rows cannot be made from counters: the end of a sentence that begins with "because". */
export interface Obstacle {
  readonly kind: 'obstacle';
  readonly reason: string;
}

/** What a recipe is made of. */
interface Ingredients {
  readonly part: ProjectionPart;
  readonly connected: Connected;
  /** By delayKey of pathways. */
  readonly delays: ReadonlyMap<string, Delays | DelayDraws>;
  readonly initial: readonly InitialValue[];
}

/** The recipe of a projection, or what stands in the way. Looks at no synapse. */
export function recipeOf(ingredients: Ingredients): RowRecipe | Obstacle {
  const { part, connected, delays, initial } = ingredients;
  const rule = ruleOf(part, connected);
  if (typeof rule === 'string') return { kind: 'obstacle', reason: rule };
  const reason = obstacleInCode(part) ?? obstacleInDelays(part, delays);
  if (reason !== null) return { kind: 'obstacle', reason };
  const parameters = projectionParameters(part.context, part, connected.count);
  const values = valuesOf(part, initial, parameters);
  if (typeof values === 'string') return { kind: 'obstacle', reason: values };
  const recipe = { kind: 'recipe', ...rule, values, unread: unreadVariable(part) } as const;
  const unbounded = obstacleInAmounts(ingredients, recipe);
  return unbounded === null ? recipe : { kind: 'obstacle', reason: unbounded };
}

// ---- Rules ----

function ruleOf(
  { document: { connect } }: ProjectionPart,
  { rows }: Connected,
): Omit<RowRecipe, 'kind' | 'values' | 'unread'> | string {
  const autapses = !('autapses' in connect) || connect.autapses !== false;
  const base = { autapses, p: 0, length: -1, longest: longestRow(rows) };
  switch (connect.rule) {
    case 'one-to-one':
    case 'all-to-all':
      return { ...base, rule: connect.rule };
    case 'fixed-probability': {
      const { p } = connect;
      return p === 1 ? { ...base, rule: 'all-to-all' } : { ...base, rule: 'gaps', p };
    }
    case 'fixed-out-degree':
    case 'fixed-total-number':
      if (connect.multapses === false) return 'without multapses a target depends on those before';
      return { ...base, rule: 'draws', length: 'k' in connect ? connect.k : -1 };
    case 'fixed-in-degree':
      return 'fixed-in-degree draws the sources of each target, not the targets of a source';
    case 'pairwise':
      return 'a pairwise rule evaluates an expression for every pair';
    case 'small-world':
      return 'in a small world a target depends on those before';
    case 'voxel':
      return 'where its neurons are decides about their voxels';
    case 'list':
      return 'its pairs are a list';
  }
}

// ---- Code ----

function obstacleInCode({
  pathways,
  summed,
  clocked,
  written,
  variables,
}: ProjectionPart): string | null {
  if (clocked.length > 0) return 'its synapses have clock-driven equations';
  if (summed.length > 0) return 'it has a summed variable, which needs the synapses by target';
  const [changed] = written;
  if (changed !== undefined) return `its code changes "${changed}"`;
  for (const { checked, lowered } of pathways) {
    if (checked.trigger === 'post') return 'it has a pathway of postsynaptic spikes';
    if (lowered.mode === 'arrival') {
      return `pathway "${checked.name}" uses what may change until a spike arrives`;
    }
    const { specials, hasDraws } = needsOf(lowered.body);
    if (hasDraws || specials.has('index')) {
      return `pathway "${checked.name}" uses the numbers of synapses`;
    }
  }
  const computed = variables.find(({ name }) => COMPUTED.has(name));
  return computed === undefined ? null : `it stores "${computed.name}"`;
}

/** Variables of synapses that come from other synapses, or are kept in steps. */
const COMPUTED: ReadonlySet<string> = new Set([
  'N_incoming',
  'N_outgoing',
  'lastupdate',
  'lastspike',
]);

function unreadVariable({ pathways, variables }: ProjectionPart): string | null {
  const read = new Set(
    pathways.flatMap(({ lowered }) => lowered.synapseVariables.map(({ name }) => name)),
  );
  return variables.find(({ name }) => !read.has(name))?.name ?? null;
}

function obstacleInDelays(
  part: ProjectionPart,
  delays: ReadonlyMap<string, Delays | DelayDraws>,
): string | null {
  for (const pathway of part.pathways) {
    const one = delays.get(delayKey(pathway));
    if (one === undefined) continue;
    if (!('draw' in one)) {
      if (typeof one.steps !== 'number') return 'its delays are a list or an expression';
    } else if (!one.neverNegative) {
      return 'its delays could be drawn below 0 (give the distribution a min)';
    }
  }
  return null;
}

// ---- Values ----

/** Variables without a first value are 0. */
const UNSET = {
  prepared: { kind: 'uniform', value: 0 },
  wanted: { where: '', dtMs: 1, stream: 0 },
} as const;

function valuesOf(
  { context, variables }: ProjectionPart,
  initial: readonly InitialValue[],
  parameters: Readonly<Record<string, number>>,
): Map<string, ValueRecipe> | string {
  const values = new Map<string, ValueRecipe>();
  for (const { name, type } of variables) {
    const { prepared, wanted } = initial.find((one) => one.name === name) ?? UNSET;
    if (prepared.kind === 'distribution') {
      if (type === 'i32') return `the first values of "${name}" are drawn whole numbers`;
      const table = tableOf(prepared.distribution);
      values.set(name, { kind: 'drawn', stream: wanted.stream, table });
    } else if (varies(prepared)) {
      return `the first values of "${name}" are a list or an expression`;
    } else {
      const value = sameValue(prepared, wanted, parameters);
      const single = context.precision === 'f32' ? Math.fround(value) : value;
      values.set(name, { kind: 'constant', value: type === 'i32' ? Math.trunc(value) : single });
    }
  }
  return values;
}

// ---- Amounts ----

function obstacleInAmounts(
  { part, connected: { count } }: Ingredients,
  { values }: RowRecipe,
): string | null {
  for (const { checked, lowered } of part.pathways) {
    for (const { expression } of lowered.amounts) {
      if (largestAmount(part, expression, values, count) === null) {
        return `the largest value of ${expression.text} in pathway "${checked.name}" cannot be told`;
      }
    }
  }
  return null;
}

// ---- For the engines ----

/** The rows of a pathway as engines make them; adds what tables it needs to those of the plan. */
export function generatedRows(
  tables: TableSlot[],
  part: ProjectionPart,
  recipe: RowRecipe,
  pathway: PathwayPart,
  delays: Delays | DelayDraws,
  stream: number,
): GeneratedRows {
  const { rule, autapses, length, longest, p, values } = recipe;
  const valueFor = (value: ValueRecipe): GeneratedValue =>
    value.kind === 'constant' ? value : drawnFrom(tables, value.table, value.stream);
  return {
    rule,
    seed: part.context.seed,
    stream,
    autapses,
    table: rule === 'gaps' ? tableNumber(tables, { kind: 'gaps', ...gapTable(p) }) : -1,
    length,
    longest,
    values: pathway.lowered.synapseVariables.map(({ name }) =>
      valueFor(values.get(name) as ValueRecipe),
    ),
    delay: 'draw' in delays ? drawnFrom(tables, delays.table, pathway.delayWanted.stream) : null,
  };
}

function drawnFrom(
  tables: TableSlot[],
  table: QuantileTable,
  stream: number,
): Extract<GeneratedValue, { readonly kind: 'drawn' }> {
  return { kind: 'drawn', stream, table: tableNumber(tables, { kind: 'quantiles', ...table }) };
}

/** A text that is equal where one kernel can make the rows of both: only numbers differ. */
export function kindOfRows({ rule, length, values, delay }: GeneratedRows): string {
  const kinds = values.map(({ kind }) => kind).join();
  return `${rule} ${length < 0 ? 'by row' : 'equal'} ${kinds} ${delay === null ? 'one' : 'drawn'}`;
}
