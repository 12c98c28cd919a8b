/**
 * Bounds of an expression from the ranges of what it reads, by interval arithmetic: never too narrow, wider than needed
 * where a variable occurs twice. Evaluates nothing per synapse.
 */
import type { SymbolReference } from '../language/ast.ts';
import { compileHost, type HostEnvironment } from '../language/host.ts';
import type { PureFunction, Term } from '../language/term.ts';

/** Smallest and largest value. */
export type Interval = readonly [number, number];

/** What the symbols of an expression can be. */
export interface Ranges {
  /** Range of a symbol that is not a parameter; null where it is not known. */
  of(symbol: SymbolReference): Interval | null;
  /** Whole steps since the last event; not known where it is left out. */
  readonly elapsed?: Interval;
  /** For the parts that depend on parameters only. */
  readonly environment: HostEnvironment;
}

/** The range of a term; null where it is infinite or cannot be told. */
export function intervalOf(term: Term, ranges: Ranges): Interval | null {
  const found = term.host ? point(compileHost(term)(ranges.environment)) : ofParts(term, ranges);
  return found?.every(Number.isFinite) === true ? found : null;
}

const point = (value: number): Interval => [value, value];
const TRUTH: Interval = [0, 1];

function ofParts(term: Term, ranges: Ranges): Interval | null {
  switch (term.kind) {
    case 'number':
      return point(term.value);
    case 'boolean':
      return point(Number(term.value));
    case 'symbol':
      return ranges.of(term.symbol);
    case 'elapsed':
      return ranges.elapsed ?? null;
    case 'sum':
      return fold(
        term.items.map((item) => ({ part: item.term, isInverse: item.sign < 0 })),
        0,
        ranges,
        (a, b, isInverse) => (isInverse ? [a[0] - b[1], a[1] - b[0]] : [a[0] + b[0], a[1] + b[1]]),
      );
    case 'product':
      return fold(
        [
          ...term.numerators.map((part) => ({ part, isInverse: false })),
          ...term.denominators.map((part) => ({ part, isInverse: true })),
        ],
        1,
        ranges,
        (a, b, isInverse) => (isInverse ? quotient(a, b) : hull(products(a, b))),
      );
    case 'power': {
      const base = intervalOf(term.base, ranges);
      const exponent = intervalOf(term.exponent, ranges);
      return base === null || exponent === null ? null : power(base, exponent);
    }
    case 'call':
      return ofCall(term.name, term.arguments, ranges);
    case 'select': {
      const then = intervalOf(term.then, ranges);
      const otherwise = intervalOf(term.otherwise, ranges);
      return then === null || otherwise === null ? null : hull([...then, ...otherwise]);
    }
    case 'compare':
    case 'and':
    case 'or':
    case 'not':
      return TRUTH;
    default:
      return null;
  }
}

const hull = (values: readonly number[]): Interval => [Math.min(...values), Math.max(...values)];

const products = (a: Interval, b: Interval): number[] => a.flatMap((x) => b.map((y) => x * y));

/** A divisor that may be 0 gives no bound. */
const quotient = (a: Interval, b: Interval): Interval | null =>
  b[0] <= 0 && b[1] >= 0 ? null : hull(a.flatMap((x) => b.map((y) => x / y)));

/** Left to right, as the engines compute sums and products. */
function fold(
  items: readonly { readonly part: Term; readonly isInverse: boolean }[],
  neutral: number,
  ranges: Ranges,
  join: (a: Interval, b: Interval, isInverse: boolean) => Interval | null,
): Interval | null {
  let total: Interval | null = point(neutral);
  for (const { part, isInverse } of items) {
    const next = intervalOf(part, ranges);
    total = total === null || next === null ? null : join(total, next, isInverse);
  }
  return total;
}

/** Powers of positive bases, and whole powers from 0 on of any. */
function power(base: Interval, exponent: Interval): Interval | null {
  const corners = base.flatMap((x) => exponent.map((y) => x ** y));
  if (base[0] > 0) return hull(corners);
  const [least, most] = exponent;
  if (least !== most || !Number.isInteger(least) || least < 0) return null;
  return base[1] > 0 ? hull([...corners, 0]) : hull(corners);
}

/** Functions that only rise. */
const RISING: ReadonlySet<PureFunction> = new Set([
  ...(['exp', 'log', 'log10', 'sinh', 'tanh', 'arcsin', 'arctan', 'sqrt'] as const),
  ...(['floor', 'ceil', 'sign', 'int', 'expm1', 'log1p', 'exprel'] as const),
]);

function ofCall(name: PureFunction, parts: readonly Term[], ranges: Ranges): Interval | null {
  const known = parts.map((part) => intervalOf(part, ranges));
  if (name === 'clip') return ofClip(parts, known, ranges);
  const [x, low] = known;
  if (x === null || x === undefined) return null;
  if (RISING.has(name)) return hull(x.map((end) => risingAt(name, end, ranges)));
  switch (name) {
    case 'abs':
      return x[0] < 0 && x[1] > 0 ? [0, Math.max(-x[0], x[1])] : hull(x.map(Math.abs));
    case 'sin':
    case 'cos':
      return [-1, 1];
    case 'binomial':
      return [0, Math.max(0, x[1])];
    case 'shift_left':
    case 'shift_right':
      return low == null || low[0] !== low[1] ? null : shifted(name, x, low[0]);
    default:
      return null;
  }
}

/** What is clipped lies between its bounds whatever it is; a bound of ±inf leaves it as it is on that side. */
function ofClip(
  parts: readonly Term[],
  known: readonly (Interval | null)[],
  ranges: Ranges,
): Interval | null {
  const [low, high] = [1, 2].map((k) => {
    const part = parts[k] as Term;
    return known[k] ?? (part.host ? point(compileHost(part)(ranges.environment)) : null);
  });
  if (low == null || high == null) return null;
  const [least, most] = known[0] ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  return [Math.min(Math.max(least, low[0]), high[0]), Math.min(Math.max(most, low[1]), high[1])];
}

/** Whole numbers moved by so many bits; null where some would be lost. */
function shifted(name: 'shift_left' | 'shift_right', x: Interval, bits: number): Interval | null {
  if (name === 'shift_right') return hull(x.map((end) => end >> bits));
  const ends = x.map((end) => end * 2 ** bits);
  return ends.every((end) => end === (end | 0)) ? hull(ends) : null;
}

/** The value of a function of one number as the host computes it. */
function risingAt(name: PureFunction, x: number, { environment }: Ranges): number {
  const argument: Term = { kind: 'number', value: x, type: 'float', host: true, text: String(x) };
  const term: Term = {
    kind: 'call',
    name,
    arguments: [argument],
    type: 'float',
    host: true,
    text: name,
  };
  return compileHost(term)(environment);
}
