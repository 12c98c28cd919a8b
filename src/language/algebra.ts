/**
 * The four operations on terms that integration needs: dependence, affine coefficients, symbolic derivative, shifting
 * to a stage of a step. Not a simplifier: results are as good as the constructors of term.ts make them.
 */
import {
  call,
  choose,
  compare,
  difference,
  logic,
  negate,
  power,
  product,
  quotient,
  substitute,
  sum,
} from './combine.ts';
import { contains, number, ONE, type Term, table, time, ZERO } from './term.ts';

/** Whether the term reads any of the symbols with these texts. */
export function dependsOn(term: Term, names: ReadonlySet<string>): boolean {
  return contains(term, (part) => part.kind === 'symbol' && names.has(part.text));
}

/** Whether the value changes within a step by itself: explicit time (timed arrays are held over the step). */
export function dependsOnTime(term: Term): boolean {
  return contains(
    term,
    (part) =>
      part.kind === 'time' ||
      part.kind === 'elapsed' ||
      (part.kind === 'symbol' &&
        part.symbol.role === 'special' &&
        part.symbol.name === 't_in_timesteps'),
  );
}

/** Whether the term contains a random draw. */
export function isRandom(term: Term): boolean {
  return contains(term, (part) => part.kind === 'draw');
}

/** Σ coefficient * name + constant, or the part that is not of this form. */
export type Affine =
  | { readonly coefficients: ReadonlyMap<string, Term>; readonly constant: Term }
  | { readonly obstacle: Term };

/** Writes a term as an affine function of the symbols `names`. */
export function affine(term: Term, names: ReadonlySet<string>): Affine {
  if (!dependsOn(term, names)) return { coefficients: new Map(), constant: term };
  switch (term.kind) {
    case 'symbol':
      return { coefficients: new Map([[term.text, ONE]]), constant: ZERO };
    case 'sum':
      return combine(
        term.items.map((item) => ({
          scale: (part: Term) => (item.sign < 0 ? negate(part) : part),
          affine: affine(item.term, names),
        })),
      );
    case 'product':
      return affineProduct(term, names);
    case 'select':
      return affineSelect(term, names);
    default:
      return { obstacle: term };
  }
}

function affineProduct(
  term: Extract<Term, { kind: 'product' }>,
  names: ReadonlySet<string>,
): Affine {
  const active = term.numerators.filter((factor) => dependsOn(factor, names));
  if (active.length !== 1 || term.denominators.some((factor) => dependsOn(factor, names))) {
    return { obstacle: term };
  }
  const [factor] = active as [Term];
  const inner = affine(factor, names);
  if ('obstacle' in inner) return inner;
  const others = term.numerators.filter((other) => other !== factor);
  const scale = (part: Term): Term => quotientOf(product(part, ...others), term.denominators);
  return combine([{ scale, affine: inner }]);
}

const quotientOf = (above: Term, below: readonly Term[]): Term =>
  below.length === 0 ? above : quotient(above, product(...below));

function affineSelect(term: Extract<Term, { kind: 'select' }>, names: ReadonlySet<string>): Affine {
  if (dependsOn(term.condition, names)) return { obstacle: term };
  const then = affine(term.then, names);
  const otherwise = affine(term.otherwise, names);
  if ('obstacle' in then) return then;
  if ('obstacle' in otherwise) return otherwise;
  const coefficients = new Map<string, Term>();
  for (const name of new Set([...then.coefficients.keys(), ...otherwise.coefficients.keys()])) {
    const a = then.coefficients.get(name) ?? ZERO;
    const b = otherwise.coefficients.get(name) ?? ZERO;
    coefficients.set(name, choose(term.condition, a, b));
  }
  return { coefficients, constant: choose(term.condition, then.constant, otherwise.constant) };
}

function combine(
  parts: readonly { readonly scale: (part: Term) => Term; readonly affine: Affine }[],
): Affine {
  const lists = new Map<string, Term[]>();
  const constants: Term[] = [];
  for (const { scale, affine: part } of parts) {
    if ('obstacle' in part) return part;
    for (const [name, coefficient] of part.coefficients) {
      lists.set(name, [...(lists.get(name) ?? []), scale(coefficient)]);
    }
    constants.push(scale(part.constant));
  }
  const coefficients = new Map<string, Term>();
  for (const [name, list] of lists) {
    const coefficient = sum(...list);
    if (!isZero(coefficient)) coefficients.set(name, coefficient);
  }
  return { coefficients, constant: sum(...constants) };
}

export const isZero = (term: Term): boolean => term.kind === 'number' && term.value === 0;

/**
 * ∂term/∂name, everywhere except at jumps: conditions, floor, ceil, sign and int count as constant.
 */
export function derivative(term: Term, name: string): Term {
  if (!dependsOn(term, new Set([name]))) return ZERO;
  switch (term.kind) {
    case 'symbol':
      return ONE;
    case 'sum':
      return sum(
        ...term.items.map((item) => {
          const slope = derivative(item.term, name);
          return item.sign < 0 ? negate(slope) : slope;
        }),
      );
    case 'product':
      return derivativeOfProduct(term, name);
    case 'power':
      return derivativeOfPower(term.base, term.exponent, name);
    case 'modulo':
      return derivative(term.left, name);
    case 'call':
      return derivativeOfCall(term, name);
    case 'select':
      return choose(term.condition, derivative(term.then, name), derivative(term.otherwise, name));
    default:
      return ZERO; // conditions and floor division are constant between jumps
  }
}

function derivativeOfProduct(term: Extract<Term, { kind: 'product' }>, name: string): Term {
  const slopes: Term[] = [];
  term.numerators.forEach((factor, k) => {
    const slope = derivative(factor, name);
    if (isZero(slope)) return;
    const others = term.numerators.filter((_, other) => other !== k);
    slopes.push(quotientOf(product(slope, ...others), term.denominators));
  });
  for (const factor of term.denominators) {
    const slope = derivative(factor, name);
    if (!isZero(slope)) slopes.push(negate(quotient(product(slope, term), factor)));
  }
  return sum(...slopes);
}

function derivativeOfPower(base: Term, exponent: Term, name: string): Term {
  const slope = derivative(base, name);
  const whole = power(base, exponent);
  const first = product(exponent, power(base, difference(exponent, ONE)), slope);
  const exponentSlope = derivative(exponent, name);
  if (isZero(exponentSlope)) return first;
  return sum(first, product(whole, call('log', base), exponentSlope));
}

function derivativeOfCall(term: Extract<Term, { kind: 'call' }>, name: string): Term {
  const [x, low, high] = term.arguments as readonly [Term, Term, Term];
  const inner = derivative(x, name);
  if (term.name === 'clip') {
    const inside = logic('and', compare('>', x, low), compare('<', x, high));
    return choose(inside, inner, ZERO);
  }
  const outer = OUTER[term.name]?.(x, term);
  return outer === undefined ? ZERO : product(outer, inner);
}

const square = (term: Term): Term => power(term, number(2, 'integer'));

/** Derivatives of the functions; those missing (floor, ceil, sign, int) are constant between jumps. */
const OUTER: Readonly<Record<string, (x: Term, whole: Term) => Term>> = {
  exp: (_, whole) => whole,
  expm1: (x) => call('exp', x),
  exprel: (x, whole) => exprelSlope(x, whole),
  log: (x) => quotient(ONE, x),
  log10: (x) => quotient(number(Math.LOG10E), x),
  log1p: (x) => quotient(ONE, sum(ONE, x)),
  sqrt: (_, whole) => quotient(number(0.5), whole),
  sin: (x) => call('cos', x),
  cos: (x) => negate(call('sin', x)),
  tan: (_, whole) => sum(ONE, square(whole)),
  sinh: (x) => call('cosh', x),
  cosh: (x) => call('sinh', x),
  tanh: (_, whole) => difference(ONE, square(whole)),
  arcsin: (x) => quotient(ONE, call('sqrt', difference(ONE, square(x)))),
  arccos: (x) => negate(quotient(ONE, call('sqrt', difference(ONE, square(x))))),
  arctan: (x) => quotient(ONE, sum(ONE, square(x))),
  abs: (x) => call('sign', x),
};

/** exprel' = (exp(z) - exprel(z))/z, by its series 1/2 + z/3 + z²/8 + z³/30 near 0, where that cancels. */
function exprelSlope(z: Term, whole: Term): Term {
  const near = compare('<', call('abs', z), number(0.05));
  const series = sum(
    number(0.5),
    product(z, sum(number(1 / 3), product(z, sum(number(1 / 8), quotient(z, number(30)))))),
  );
  const plain = quotient(difference(call('exp', z), whole), choose(near, ONE, z));
  return choose(near, series, plain);
}

/** The term at a stage of a step: variables replaced by `values` (by name), time moved by half steps. */
export function atStage(term: Term, values: ReadonlyMap<string, Term>, halfSteps: 0 | 1 | 2): Term {
  return substitute(term, (part) => {
    if (part.kind === 'symbol') return values.get(part.text);
    if (part.kind === 'time') return time(halfSteps);
    if (part.kind === 'table' && part.column === null) return table(part.name, null, halfSteps);
    if (part.kind === 'table') {
      return table(part.name, atStage(part.column as Term, values, halfSteps), halfSteps);
    }
    return undefined;
  });
}
