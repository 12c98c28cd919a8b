/**
 * The statistics of a comparison with few control runs: how far a run is from them, how likely that is by chance, how well a
 * number tells two kinds of runs apart. Numbers only; nothing here knows of networks.
 */
import { checkNumber, checkNumbers } from '../recording/check.ts';

/** A run against control runs. */
export interface Score {
  /** Standard deviations of the control runs (divided by n - 1) from their mean; infinite where they do not vary. */
  readonly z: number;
  /** Probability that a further control run is at least as far from their mean, see controlProbability. */
  readonly p: number;
}

/** Mean and standard deviation (divided by n - 1; NaN for fewer than two) of the values that are numbers. */
export interface Sample {
  readonly n: number;
  readonly mean: number;
  readonly deviation: number;
}

/** Counts what is finite; NaN and infinities are left out. */
export function sampleOf(values: ArrayLike<number>): Sample {
  checkNumbers(values, 'sampleOf: values');
  const found = Array.from(values).filter(Number.isFinite);
  const n = found.length;
  const mean = found.reduce((sum, value) => sum + value, 0) / n;
  const squares = found.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  // Equal values leave the rounding of their mean, which is no spread.
  const isEqual = found.every((value) => value === found[0]);
  return {
    n,
    mean: n === 0 ? Number.NaN : isEqual ? (found[0] as number) : mean,
    deviation: n < 2 ? Number.NaN : isEqual ? 0 : Math.sqrt(squares / (n - 1)),
  };
}

/**
 * Probability that one more control run has |z| of at least this, by chance.
 *
 * z = (x - m)/s with the mean m and the standard deviation s of n control runs. For normal values x - m has the
 * variance sigma^2 (1 + 1/n) and is independent of s, so that z/sqrt(1 + 1/n) follows Student's t with n - 1 degrees of
 * freedom: |z| > 3 happens with probability 0.019 for n = 10, not 0.0027 as it would if mean and deviation were known.
 */
export function controlProbability(z: number, n: number): number {
  checkNumber(n, 'controlProbability: n', 'a whole number from 2 on', isSample);
  checkNumber(z, 'controlProbability: z', 'a number', () => true);
  if (Number.isNaN(z)) return Number.NaN;
  return studentProbability(Math.abs(z) / Math.sqrt(1 + 1 / n), n - 1);
}

/** The |z| against n control runs that chance reaches with probability p: 4.29 for p = 0.0027 and n = 10. */
export function controlThreshold(p: number, n: number): number {
  checkNumber(n, 'controlThreshold: n', 'a whole number from 2 on', isSample);
  checkNumber(
    p,
    'controlThreshold: p',
    'a probability above 0 and at most 1',
    (one) => one > 0 && one <= 1,
  );
  let [low, high] = [0, 1];
  while (controlProbability(high, n) > p) high *= 2;
  for (let k = 0; k < 100; k++) {
    const middle = (low + high) / 2;
    if (controlProbability(middle, n) > p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

const isSample = (n: number): boolean => Number.isSafeInteger(n) && n >= 2;

/** A value against control values; NaN where it is none, or fewer than two of them are. */
export function scoreAgainst(value: number, controls: ArrayLike<number>): Score {
  checkNumber(value, 'scoreAgainst: value', 'a number', () => true);
  checkNumbers(controls, 'scoreAgainst: controls');
  const { n, mean, deviation } = sampleOf(controls);
  if (Number.isNaN(value) || n < 2) return { z: Number.NaN, p: Number.NaN };
  const far = value - mean;
  const z = far === 0 ? 0 : far / deviation;
  return { z, p: controlProbability(z, n) };
}

/** Each control run against the others: what "flagged by chance" looks like. */
export function scoresAmong(controls: readonly number[]): Score[] {
  return controls.map((value, k) =>
    scoreAgainst(
      value,
      controls.filter((_, other) => other !== k),
    ),
  );
}

/**
 * Student's paired test: probability that differences of this mean come about when the true mean is 0. NaN for fewer than
 * two numbers among them; 0 where all are equal and not 0, 1 where all are 0.
 */
export function pairedProbability(differences: ArrayLike<number>): number {
  const { n, mean, deviation } = sampleOf(differences);
  if (n < 2) return Number.NaN;
  if (deviation === 0) return mean === 0 ? 1 : 0;
  return studentProbability(Math.abs(mean) / (deviation / Math.sqrt(n)), n - 1);
}

/** P(|T| >= t) for Student's t with so many degrees of freedom: the incomplete beta function I(nu/(nu + t^2); nu/2, 1/2). */
export function studentProbability(t: number, freedom: number): number {
  checkNumber(freedom, 'studentProbability: freedom', 'a number above 0', (nu) => nu > 0);
  checkNumber(t, 'studentProbability: t', 'a number from 0 on', (one) => one >= 0);
  if (t === Number.POSITIVE_INFINITY) return 0;
  return incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5);
}

/** Regularised incomplete beta function, by its continued fraction (Lentz; Numerical Recipes 6.4). */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(
    logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x),
  );
  const tiny = 1e-300;
  const away = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= 1000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return (front * fraction) / a;
}

/** Lanczos, g = 7, nine terms: 1e-15 for arguments above 0. */
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313,
  -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6,
  1.5056327351493116e-7,
] as const;

function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const y = x - 1;
  const sum = LANCZOS.reduce((total, term, k) => total + (k === 0 ? term : term / (y + k)), 0);
  const t = y + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (y + 0.5) * Math.log(t) - t + Math.log(sum);
}

/** A point of a receiver operating characteristic. */
export interface RocPoint {
  /** Share of healthy runs at or above the threshold. */
  readonly falsePositive: number;
  /** Share of lesioned runs at or above it. */
  readonly truePositive: number;
  readonly threshold: number;
}

/**
 * How well a number tells lesioned runs from healthy ones, over all thresholds: from (0, 0) to (1, 1), and the area
 * below, which is the probability that a lesioned run has the larger value (ties count half): 0.5 by chance, 1 or 0 where
 * it tells all. Values that are no numbers are left out; the area is NaN where a kind has none.
 */
export function rocCurve(
  healthy: ArrayLike<number>,
  lesioned: ArrayLike<number>,
): { readonly area: number; readonly points: readonly RocPoint[] } {
  checkNumbers(healthy, 'rocCurve: healthy');
  checkNumbers(lesioned, 'rocCurve: lesioned');
  const numbers = (values: ArrayLike<number>): number[] =>
    Array.from(values).filter((value) => !Number.isNaN(value));
  const [negatives, positives] = [numbers(healthy), numbers(lesioned)];
  if (negatives.length === 0 || positives.length === 0) return { area: Number.NaN, points: [] };
  const thresholds = [...new Set([...negatives, ...positives])].sort((a, b) => b - a);
  const share = (values: readonly number[], least: number): number =>
    values.filter((value) => value >= least).length / values.length;
  const points = [
    { falsePositive: 0, truePositive: 0, threshold: Number.POSITIVE_INFINITY },
    ...thresholds.map((threshold) => ({
      falsePositive: share(negatives, threshold),
      truePositive: share(positives, threshold),
      threshold,
    })),
  ];
  let area = 0;
  for (const [k, point] of points.entries()) {
    const before = points[k - 1];
    if (before === undefined) continue;
    const width = point.falsePositive - before.falsePositive;
    area += (width * (point.truePositive + before.truePositive)) / 2;
  }
  return { area, points };
}
