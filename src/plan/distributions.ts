/**
 * The distributions that a ValueSpec may name, as quantile functions. Truncated ones are inverted inside their range,
 * which gives what redrawing values outside would give; clipped ones are cut off at the bounds.
 */
import { normalQuantile } from '../language/portable-f64.ts';
import { type Quantile, type QuantileTable, quantileTable } from './quantiles.ts';

interface Bounds {
  /** May be infinite. */
  readonly min: number;
  readonly max: number;
  /** What becomes of values outside: drawn again, or set to the bound. */
  readonly outside: 'redraw' | 'clip';
}

/** A distribution in internal units, or any unit common to all its numbers. */
export type Distribution =
  | ({ readonly kind: 'normal'; readonly mean: number; readonly sd: number } & Bounds)
  /** The logarithm is normal; mean and sd are those of the values. A negative mean mirrors. */
  | ({ readonly kind: 'lognormal'; readonly mean: number; readonly sd: number } & Bounds)
  | { readonly kind: 'uniform'; readonly min: number; readonly max: number }
  /** A negative mean mirrors. */
  | ({ readonly kind: 'exponential'; readonly mean: number } & Bounds);

/** The distribution of scale * x + shift, scale > 0, for x of a distribution. */
function mapped(quantile: Quantile, scale: number, shift: number): Quantile {
  return (p, upper) => scale * quantile(p, upper) + shift;
}

/** Tables made last; a network has few distributions and many projections. */
const made = new Map<string, QuantileTable>();
const MOST_TABLES = 64;

/** Tabulates scale * x + shift for x of a distribution. Equal ones share a table; do not write to it. */
export function tableOf(distribution: Distribution, scale = 1, shift = 0): QuantileTable {
  const key = [...Object.entries(distribution).flat(), scale, shift].join(' ');
  const known = made.get(key);
  if (known !== undefined) return known;
  if (made.size >= MOST_TABLES) made.clear();
  const table = makeTable(distribution, scale, shift);
  made.set(key, table);
  return table;
}

function makeTable(distribution: Distribution, scale: number, shift: number): QuantileTable {
  const { min, max } = distribution;
  const { quantile, inside } = quantileOf(distribution);
  const bounded: Quantile = inside
    ? quantile
    : (p, upper) => Math.min(Math.max(quantile(p, upper), min), max);
  return quantileTable(mapped(bounded, scale, shift), scale * min + shift, scale * max + shift);
}

/** A quantile function, and whether it keeps to the bounds. */
function quantileOf(distribution: Distribution): {
  readonly quantile: Quantile;
  readonly inside: boolean;
} {
  if (distribution.kind === 'uniform') {
    const { min, max } = distribution;
    return {
      quantile: (p, upper) => (upper ? max - p * (max - min) : min + p * (max - min)),
      inside: true,
    };
  }
  const inside = distribution.outside === 'redraw';
  const range = inside ? distribution : { min: -Infinity, max: Infinity };
  switch (distribution.kind) {
    case 'normal': {
      const { mean, sd } = distribution;
      const z = truncatedNormal((range.min - mean) / sd, (range.max - mean) / sd);
      return { quantile: mapped(z, sd, mean), inside };
    }
    case 'lognormal':
      return { quantile: lognormal(distribution, range), inside };
    case 'exponential':
      return { quantile: exponential(distribution.mean, range), inside };
  }
}

interface Range {
  readonly min: number;
  readonly max: number;
}

/** The same for -x. */
const mirrored =
  (quantile: Quantile): Quantile =>
  (p, upper) =>
    -quantile(p, !upper);

function lognormal(
  { mean, sd }: { readonly mean: number; readonly sd: number },
  { min, max }: Range,
): Quantile {
  if (mean < 0) return mirrored(lognormal({ mean: -mean, sd }, { min: -max, max: -min }));
  const variance = Math.log1p((sd / mean) ** 2);
  const sigma = Math.sqrt(variance);
  const mu = Math.log(mean) - 0.5 * variance;
  const standard = (x: number): number =>
    x <= 0 ? Number.NEGATIVE_INFINITY : (Math.log(x) - mu) / sigma;
  const z = truncatedNormal(standard(min), standard(max));
  return (p, upper) => Math.exp(mu + sigma * z(p, upper));
}

function exponential(mean: number, { min, max }: Range): Quantile {
  if (mean < 0) return mirrored(exponential(-mean, { min: -max, max: -min }));
  const first = Math.max(min, 0);
  // Probability of ending inside the range once past its beginning.
  const inside = -Math.expm1(-(max - first) / mean);
  return (p, upper) => {
    const rest = upper ? 1 - inside + inside * p : 1 - inside * p;
    return first - mean * (upper ? Math.log(rest) : Math.log1p(-inside * p));
  };
}

/** Standard normal distribution inside low … high. */
export function truncatedNormal(low: number, high: number): Quantile {
  // A range above 0 is mirrored, because probabilities near 1 have lost their digits.
  if (low > 0) return mirrored(truncatedNormal(-high, -low));
  const below = normalDistribution(low);
  const above = normalDistribution(-high);
  const inside = high <= 0 ? normalDistribution(high) - below : 1 - below - above;
  const clamped = (z: number): number => Math.min(Math.max(z, low), high);
  // From the side that is nearer, so that little is subtracted from 1.
  return (p, upper) =>
    upper && high > 0
      ? clamped(-normalQuantile(above + p * inside))
      : clamped(normalQuantile(below + (upper ? 1 - p : p) * inside));
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
