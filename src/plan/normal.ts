/**
 * Normal distributions, truncated or not, one value per element from a counter. A truncated one is drawn by inverting
 * its distribution function, which gives what redrawing values outside the range would give.
 */
import { philox } from '../language/philox.ts';
import { normalQuantile } from '../language/portable-f64.ts';

/** Mean, standard deviation and range, all in the same unit; the range may be infinite. */
export interface Normal {
  readonly mean: number;
  readonly sd: number;
  readonly min: number;
  readonly max: number;
}

const SERIES_LIMIT = 3;

/** P(X < x) of the standard normal distribution, relative error about 1e-14 also far below 0. */
export function normalDistribution(x: number): number {
  if (x === Number.NEGATIVE_INFINITY) return 0;
  if (x === Number.POSITIVE_INFINITY) return 1;
  if (x > 0) return 1 - normalDistribution(-x);
  const density = Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
  if (x > -SERIES_LIMIT) {
    // 1/2 + density * (x + x^3/3 + x^5/(3*5) + …), Abramowitz & Stegun 26.2.11.
    let term = x;
    let sum = x;
    for (let k = 3; Math.abs(term) > 1e-17 * Math.abs(sum); k += 2) {
      term *= (x * x) / k;
      sum += term;
    }
    return 0.5 + density * sum;
  }
  // Continued fraction of the tail, Abramowitz & Stegun 26.2.14, from the inside out.
  let fraction = 0;
  for (let k = 80; k > 0; k--) fraction = k / (-x + fraction);
  return density / (-x + fraction);
}

/**
 * Values of elements 0 … count-1. Element e uses word e mod 4 of counter (e div 4, 0, 0, 0). `origin` gives the element
 * behind each place of the result when they differ.
 */
export function normalValues(
  { mean, sd, min, max }: Normal,
  count: number,
  origin: Uint32Array | null,
  seed: number,
  stream: number,
): Float64Array {
  if (sd === 0) return new Float64Array(count).fill(mean);
  // A range above the mean is mirrored, because probabilities near 1 have lost their digits.
  const sign = min > mean ? -1 : 1;
  const low = sign > 0 ? (min - mean) / sd : (mean - max) / sd;
  const high = sign > 0 ? (max - mean) / sd : (mean - min) / sd;
  const below = normalDistribution(low);
  const inside = normalDistribution(high) - below;
  const values = new Float64Array(count);
  const words = new Uint32Array(4);
  let block = -1;
  for (let k = 0; k < count; k++) {
    const element = origin === null ? k : (origin[k] as number);
    if (element >>> 2 !== block) {
      block = element >>> 2;
      philox(block, 0, 0, 0, seed, stream, words);
    }
    const u = ((words[element & 3] as number) + 0.5) * 2 ** -32;
    const value = mean + sign * sd * normalQuantile(below + u * inside);
    values[k] = Math.min(Math.max(value, min), max);
  }
  return values;
}
