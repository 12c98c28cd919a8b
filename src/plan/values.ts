/**
 * Values per neuron or synapse as a document gives them (ValueSpec): a quantity, numbers, a distribution or an
 * expression, turned into numbers in internal units. A value that is the same everywhere stays one number.
 */
import { NetworkError } from '../errors.ts';
import type { SymbolReference } from '../language/ast.ts';
import { constantEnvironment } from '../language/constants.ts';
import { compileHost, elementEnvironment, normalQuantile } from '../language/host.ts';
import { drawWord, uniformOf } from '../language/philox.ts';
import type { Term } from '../language/term.ts';
import {
  type Dimension,
  describeDimension,
  parseQuantity,
  parseUnit,
  readQuantity,
  sameDimension,
} from '../language/units.ts';
import type { DistributionSpec, NumberList, Quantity, ValueSpec } from '../network/document.ts';
import { longestRow, type Targets, type Words } from './columns.ts';
import { type Distribution, tableOf } from './distributions.ts';
import { fillRowWords } from './draws.ts';
import { fillValues, type QuantileTable } from './quantiles.ts';

/** Many numbers; f32 where that is all that engines hold. */
export type Floats = Float64Array | Float32Array;

/** One number for all elements, or one per element. */
export type Values = number | Floats;

/** The value of element `k`. */
export const valueAt = (values: Values, k: number): number =>
  typeof values === 'number' ? values : (values[k] as number);

/** Smallest and largest value; [0, 0] of nothing. */
export function rangeOf(values: Values | Words): readonly [number, number] {
  if (typeof values === 'number') return [values, values];
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < values.length; k++) {
    const value = values[k] as number;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return values.length === 0 ? [0, 0] : [least, most];
}

/** The elements that get values, and what their expressions may read. */
export interface Elements {
  readonly count: number;
  /** Synapses: number of the one at each place, by source, then creation, where it is not the place itself. */
  readonly origin: Uint32Array | null;
  /** Synapses of an explicit list: position in it of the one at each place; null where that is not known or needed. */
  readonly listed: Uint32Array | null;
  /** Synapses: row offsets and targets. null for neurons. */
  readonly synapses: { readonly rows: Uint32Array; readonly targets: Targets } | null;
  /** Internal units; sizes N, N_pre, N_post among them. */
  readonly parameters: Readonly<Record<string, number>>;
  /** Stored value of a variable (or special symbol) for the element at place `k` with ends pre and post. */
  read(symbol: SymbolReference, k: number, pre: number, post: number): number;
}

/** What is wanted. */
export interface Wanted {
  /** Place in messages: `Population "exc": initial value of "v"`. */
  readonly where: string;
  readonly dimension: Dimension;
  readonly dtMs: number;
  readonly seed: number;
  /** Key word 1 of the draws. */
  readonly stream: number;
  /** Checks expression text in the scope of the owner, with subexpressions written out. */
  term(text: string): Term;
  /** Timed array at time 0. */
  table(name: string, column: number): number;
}

/** A ValueSpec that has been checked but not yet evaluated. */
export type Prepared =
  /** The same everywhere, whatever the elements. */
  | { readonly kind: 'uniform'; readonly value: number }
  /** A function of parameters and sizes only. */
  | { readonly kind: 'host'; readonly term: Term }
  | { readonly kind: 'expression'; readonly term: Term }
  | { readonly kind: 'list'; readonly values: NumberList; readonly factor: number }
  | { readonly kind: 'distribution'; readonly distribution: Distribution };

/** Whether the value may differ from element to element. */
export const varies = (
  prepared: Prepared,
): prepared is Exclude<Prepared, { readonly kind: 'uniform' | 'host' }> =>
  prepared.kind !== 'uniform' && prepared.kind !== 'host';

/** Checks a ValueSpec. Throws NetworkError where units or names do not fit. */
export function prepare(spec: ValueSpec, wanted: Wanted): Prepared {
  const { where, dimension } = wanted;
  if (typeof spec === 'number' || (typeof spec === 'string' && readQuantity(spec) !== null)) {
    return { kind: 'uniform', value: parseQuantity(spec, where, dimension).value };
  }
  if (typeof spec === 'string') {
    const term = wanted.term(spec);
    return { kind: term.host ? 'host' : 'expression', term };
  }
  if (!('values' in spec)) return prepareDistribution(spec, wanted);
  const unit = parseUnit(spec.unit);
  if (!sameDimension(unit.dimension, dimension)) {
    throw new NetworkError(
      `${where}: unit must be of ${describeDimension(dimension)}, got "${spec.unit}" ` +
        `(${describeDimension(unit.dimension)}).`,
      { path: where, value: spec.unit },
    );
  }
  return { kind: 'list', values: spec.values, factor: unit.factor };
}

/** Numbers of a distribution by their names in the document, in internal units. */
function prepareDistribution(
  spec: DistributionSpec,
  { where, dimension }: Pick<Wanted, 'where' | 'dimension'>,
): Prepared {
  const [kind, numbers] = Object.entries(spec)[0] as [Distribution['kind'], DistributionNumbers];
  const read = (key: 'mean' | 'sd' | 'min' | 'max', fallback: number): number =>
    numbers[key] === undefined
      ? fallback
      : parseQuantity(numbers[key], `${where}: ${key}`, dimension).value;
  const [mean, sd] = [read('mean', 0), read('sd', 0)];
  const min = read('min', Number.NEGATIVE_INFINITY);
  const max = read('max', Number.POSITIVE_INFINITY);
  const isPoint = kind === 'uniform' ? min === max : kind !== 'exponential' && sd === 0;
  if (isPoint) {
    const value = kind === 'uniform' ? min : Math.min(Math.max(mean, min), max);
    return { kind: 'uniform', value };
  }
  const distribution = { kind, mean, sd, min, max, outside: numbers.outside ?? 'redraw' };
  return { kind: 'distribution', distribution };
}

interface DistributionNumbers {
  readonly mean?: Quantity;
  readonly sd?: Quantity;
  readonly min?: Quantity;
  readonly max?: Quantity;
  readonly outside?: 'redraw' | 'clip';
}

/** The value where it is one for all elements. Throws NetworkError where it is not finite. */
export function sameValue(
  prepared: Extract<Prepared, { readonly kind: 'uniform' | 'host' }>,
  { where, dtMs }: Pick<Wanted, 'where' | 'dtMs'>,
  parameters: Readonly<Record<string, number>>,
): number {
  if (prepared.kind === 'uniform') return prepared.value;
  return finite(compileHost(prepared.term)(constantEnvironment(parameters, dtMs)), 0, where);
}

/**
 * Evaluates a checked ValueSpec. Values that differ are written to `out` where it is given. Throws NetworkError where
 * lengths differ or values are not finite.
 */
export function evaluate(
  prepared: Prepared,
  wanted: Wanted,
  elements: Elements,
  out?: Floats,
): Values {
  switch (prepared.kind) {
    case 'uniform':
    case 'host':
      return sameValue(prepared, wanted, elements.parameters);
    case 'list':
      return listed(prepared, wanted.where, elements, out ?? new Float64Array(elements.count));
    case 'distribution': {
      const values = out ?? new Float64Array(elements.count);
      drawValues(tableOf(prepared.distribution), wanted, elements, values);
      return values;
    }
    case 'expression': {
      const values = out ?? new Float64Array(elements.count);
      evaluateExpression(prepared.term, wanted, elements, values);
      return values;
    }
  }
}

function listed(
  { values, factor }: Extract<Prepared, { readonly kind: 'list' }>,
  where: string,
  { count, origin, listed }: Elements,
  out: Floats,
): Floats {
  if (values.length !== count) {
    throw new NetworkError(
      `${where}: ${values.length} values were given for ${count} elements. Give one per element.`,
      { path: where, value: values.length },
    );
  }
  const places = listed ?? origin;
  for (let k = 0; k < count; k++) {
    out[k] = (values[places === null ? k : (places[k] as number)] as number) * factor;
  }
  return out;
}

/** Words that are drawn at once. */
const BATCH = 1024;

/**
 * Draws the value of every element from a table: neuron k by word k of row 0, synapse k of row r by word k of row r
 * (draws.ts). In an array of whole numbers the fractions are cut off.
 */
export function drawValues(
  table: QuantileTable,
  key: Pick<Wanted, 'seed' | 'stream'>,
  { count, synapses, origin }: Pick<Elements, 'count' | 'synapses' | 'origin'>,
  out: Floats | Words,
): void {
  const rows = synapses?.rows ?? Uint32Array.of(0, count);
  const words = new Uint32Array(BATCH);
  const moved = origin === null ? null : new Float64Array(longestRow(rows));
  for (let row = 0; row + 1 < rows.length; row++) {
    const begin = rows[row] as number;
    const length = (rows[row + 1] as number) - begin;
    const target = moved ?? out;
    const first = moved === null ? begin : 0;
    for (let k = 0; k < length; k += BATCH) {
      const some = Math.min(BATCH, length - k);
      fillRowWords(words, 0, row, k >>> 2, (some + 3) >>> 2, key);
      fillValues(table, words, some, target, first + k);
    }
    if (moved === null || origin === null) continue;
    for (let k = begin; k < begin + length; k++)
      out[k] = moved[(origin[k] as number) - begin] as number;
  }
}

/** Evaluates an expression for every element. Draw d of synapse k of row r is of counter (r, k, d div 4, 0). */
function evaluateExpression(term: Term, wanted: Wanted, elements: Elements, values: Floats): void {
  const value = compileHost(term);
  const { dtMs, seed, stream } = wanted;
  const { parameters, origin, count, synapses } = elements;
  let place = 0;
  let position = 0;
  const environment = elementEnvironment({
    parameters,
    dtMs,
    seed,
    stream,
    read: (symbol) => elements.read(symbol, place, environment.pre, environment.post),
    table: wanted.table,
  });
  if (synapses === null) {
    for (let k = 0; k < count; k++) {
      place = k;
      environment.element = k;
      store(values, k, value(environment), wanted.where);
    }
    return;
  }
  const word = (slot: number): number => drawWord(seed, stream, environment.pre, position, slot);
  environment.uniform = (slot) => uniformOf(word(slot));
  environment.normal = (slot) => normalQuantile(((word(slot) >>> 9) + 0.5) * 2 ** -23);
  const { rows, targets } = synapses;
  for (let pre = 0; pre + 1 < rows.length; pre++) {
    environment.pre = pre;
    const begin = rows[pre] as number;
    const end = rows[pre + 1] as number;
    for (let k = begin; k < end; k++) {
      place = k;
      environment.element = origin === null ? k : (origin[k] as number);
      position = environment.element - begin;
      environment.post = targets[k] as number;
      store(values, k, value(environment), wanted.where);
    }
  }
}

/** Stores a value, refusing what is not finite in the precision of the list. */
function store(values: Floats, k: number, value: number, where: string): void {
  values[k] = value;
  finite(values[k] as number, k, where);
}

function finite(value: number, k: number, where: string): number {
  if (Number.isFinite(value)) return value;
  throw new NetworkError(
    `${where} gives ${value} for element ${k}. Check for divisions by zero and logarithms of zero.`,
    { path: where, value },
  );
}
