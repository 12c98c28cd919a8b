/**
 * Values per neuron or synapse as a document gives them (ValueSpec): a quantity, numbers, a distribution or an
 * expression, turned into numbers in internal units. A value that is the same everywhere stays one number.
 */
import { NetworkError } from '../errors.ts';
import type { SymbolReference } from '../language/ast.ts';
import { constantEnvironment } from '../language/constants.ts';
import { compileHost, elementEnvironment } from '../language/host.ts';
import type { Term } from '../language/term.ts';
import {
  type Dimension,
  describeDimension,
  parseQuantity,
  parseUnit,
  readQuantity,
  sameDimension,
} from '../language/units.ts';
import type { Quantity, ValueSpec } from '../network/document.ts';
import { type Normal, normalValues } from './normal.ts';

/** One number for all elements, or one per element. */
export type Values = number | Float64Array;

/** The value of element `k`. */
export const valueAt = (values: Values, k: number): number =>
  typeof values === 'number' ? values : (values[k] as number);

/** Smallest and largest value; [0, 0] of nothing. */
export function rangeOf(values: Values): readonly [number, number] {
  if (typeof values === 'number') return [values, values];
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return values.length === 0 ? [0, 0] : [least, most];
}

/** The elements that get values, and what their expressions may read. */
export interface Elements {
  readonly count: number;
  /** Creation number of the element at each place, where it is not the place itself. */
  readonly origin: Uint32Array | null;
  /** Synapses: row offsets and targets. null for neurons. */
  readonly synapses: { readonly rows: Uint32Array; readonly targets: Uint32Array } | null;
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
  | { readonly kind: 'list'; readonly values: readonly number[]; readonly factor: number }
  | { readonly kind: 'normal'; readonly normal: Normal };

/** Whether the value may differ from element to element. */
export const varies = (prepared: Prepared): boolean =>
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
  if ('normal' in spec) return prepareNormal(spec.normal, wanted);
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

type NormalSpec = Extract<ValueSpec, { readonly normal: unknown }>['normal'];

function prepareNormal(spec: NormalSpec, { where, dimension }: Wanted): Prepared {
  const read = (key: 'mean' | 'sd' | 'min' | 'max', fallback: number): number =>
    spec[key] === undefined
      ? fallback
      : parseQuantity(spec[key] as Quantity, `${where}: ${key}`, dimension).value;
  const normal = {
    mean: read('mean', 0),
    sd: read('sd', 0),
    min: read('min', Number.NEGATIVE_INFINITY),
    max: read('max', Number.POSITIVE_INFINITY),
  };
  return normal.sd === 0 ? { kind: 'uniform', value: normal.mean } : { kind: 'normal', normal };
}

/** Evaluates a checked ValueSpec. Throws NetworkError where lengths differ or values are not finite. */
export function evaluate(prepared: Prepared, wanted: Wanted, elements: Elements): Values {
  switch (prepared.kind) {
    case 'uniform':
      return prepared.value;
    case 'host': {
      const environment = constantEnvironment(elements.parameters, wanted.dtMs);
      return finite(compileHost(prepared.term)(environment), 0, wanted.where);
    }
    case 'list':
      return listed(prepared, wanted.where, elements);
    case 'normal': {
      const { count, origin } = elements;
      return normalValues(prepared.normal, count, origin, wanted.seed, wanted.stream);
    }
    case 'expression':
      return evaluateExpression(prepared.term, wanted, elements);
  }
}

function listed(
  { values, factor }: Extract<Prepared, { readonly kind: 'list' }>,
  where: string,
  { count, origin }: Elements,
): Float64Array {
  if (values.length !== count) {
    throw new NetworkError(
      `${where}: ${values.length} values were given for ${count} elements. Give one per element.`,
      { path: where, value: values.length },
    );
  }
  const result = new Float64Array(count);
  for (let k = 0; k < count; k++) {
    result[k] = (values[origin === null ? k : (origin[k] as number)] as number) * factor;
  }
  return result;
}

function evaluateExpression(term: Term, wanted: Wanted, elements: Elements): Float64Array {
  const value = compileHost(term);
  const { dtMs, seed, stream } = wanted;
  const { parameters, origin, count, synapses } = elements;
  let place = 0;
  const environment = elementEnvironment({
    parameters,
    dtMs,
    seed,
    stream,
    read: (symbol) => elements.read(symbol, place, environment.pre, environment.post),
    table: wanted.table,
  });
  const values = new Float64Array(count);
  const evaluateAt = (k: number): void => {
    place = k;
    environment.element = origin === null ? k : (origin[k] as number);
    values[k] = finite(value(environment), k, wanted.where);
  };
  if (synapses === null) for (let k = 0; k < count; k++) evaluateAt(k);
  else {
    const { rows, targets } = synapses;
    for (let pre = 0; pre + 1 < rows.length; pre++) {
      environment.pre = pre;
      const end = rows[pre + 1] as number;
      for (let k = rows[pre] as number; k < end; k++) {
        environment.post = targets[k] as number;
        evaluateAt(k);
      }
    }
  }
  return values;
}

function finite(value: number, k: number, where: string): number {
  if (Number.isFinite(value)) return value;
  throw new NetworkError(
    `${where} gives ${value} for element ${k}. Check for divisions by zero and logarithms of zero.`,
    { path: where, value },
  );
}
