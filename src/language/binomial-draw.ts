/**
 * binomial(n, p): how many of n trials of probability p succeed, from one uniform number by exact inversion: the smallest
 * k at which the distribution function exceeds it. The function is summed by the recursion of its terms,
 *
 *     P(0) = (1 - p)^n,   P(k + 1) = P(k) (n - k)/(k + 1) p/(1 - p)
 *
 * unrolled for the largest n, so that every engine and lane does the same. For p > 1/2 failures are counted. In single
 * precision each value of the distribution function is right to 2·10^-6, and what is rarer than 2^-24 does not occur, because
 * uniform numbers are multiples of that. Not the sums of Poisson inputs, which have tables (binomial.ts).
 */
import * as ir from './kernel.ts';

/** Largest n; what is above counts as this. */
export const MOST_TRIALS = 32;

/** The number of successes that `u`, in [0, 1), stands for, in double precision. n is cut to whole numbers 0…32, p to 0…1. */
export function binomialAt(trials: number, probability: number, u: number): number {
  const n = Math.min(Math.max(Math.floor(trials), 0), MOST_TRIALS);
  const p = Math.min(Math.max(probability, 0), 1);
  const flipped = p > 0.5;
  const q = flipped ? 1 - p : p;
  let term = (1 - q) ** n;
  let sum = term;
  let k = 0;
  while (k < n && u >= sum) {
    term *= ((n - k) / (k + 1)) * (q / (1 - q));
    sum += term;
    k++;
  }
  return flipped ? n - k : k;
}

/**
 * The same as statements. `name` gives a value a local. Arguments are floats; the result is an i32.
 */
export function binomialValue(
  name: (hint: string, value: ir.Value) => ir.Value,
  trials: ir.Value,
  probability: ir.Value,
  uniform: ir.Value,
): ir.Value {
  const [zero, one] = [ir.literal(0), ir.literal(1)];
  const within = (value: ir.Value, most: number): ir.Value =>
    ir.binary('min', ir.binary('max', value, zero), ir.literal(most));
  const n = name('trials', within(ir.unary('floor', trials), MOST_TRIALS));
  const p = name('probability', within(probability, 1));
  const u = name('uniform', uniform);
  const flipped = name('flipped', ir.binary('gt', p, ir.literal(0.5)));
  const q = name('rarer', ir.select(flipped, ir.sub(one, p), p));
  const other = name('likelier', ir.sub(one, q));
  const odds = name('odds', ir.div(q, other));
  let term = name('term', wholePower(name, other, name('whole', ir.unary('to_i32', n))));
  let sum = term;
  let count = ir.unary('to_f32', ir.binary('ge', u, sum));
  for (let k = 0; k + 1 < MOST_TRIALS; k++) {
    const left = ir.binary('max', ir.sub(n, ir.literal(k)), zero);
    const ratio = ir.mul(odds, ir.mul(left, ir.literal(1 / (k + 1))));
    term = name('term', ir.mul(term, ratio));
    sum = name('sum', ir.add(sum, term));
    count = name('count', ir.add(count, ir.unary('to_f32', ir.binary('ge', u, sum))));
  }
  // Rounding may leave the last sum below 1.
  const least = name('count', ir.binary('min', count, n));
  return ir.unary('to_i32', ir.select(flipped, ir.sub(n, least), least));
}

/** base^n for n = 0…63 by its binary digits. */
function wholePower(
  name: (hint: string, value: ir.Value) => ir.Value,
  base: ir.Value,
  n: ir.Value,
): ir.Value {
  let power = base;
  let result: ir.Value = ir.literal(1);
  for (let bit = 0; bit < 6; bit++) {
    const digit = ir.binary('bit_and', ir.binary('shift_right', n, ir.integer(bit)), ir.integer(1));
    const isSet = ir.binary('ne', digit, ir.integer(0));
    result = name('power', ir.mul(result, ir.select(isSet, power, ir.literal(1))));
    if (bit < 5) power = name('square', ir.mul(power, power));
  }
  return result;
}
