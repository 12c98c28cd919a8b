/** Median and spread of a few repetitions. */

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** Median absolute deviation. */
  readonly mad: number;
}

/** Of at least one number. */
export function spreadOf(values: readonly number[]): Spread {
  const median = medianOf(values);
  return {
    median,
    min: Math.min(...values),
    max: Math.max(...values),
    mad: medianOf(values.map((value) => Math.abs(value - median))),
  };
}

function medianOf(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('medianOf: there are no values');
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted.length >> 1;
  const lower = sorted.length % 2 === 1 ? upper : upper - 1;
  return ((sorted[lower] as number) + (sorted[upper] as number)) / 2;
}
