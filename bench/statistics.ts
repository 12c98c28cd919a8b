/** Median and spread of a few repetitions, kept beside the samples themselves. Nothing here knows what was measured. */

/** Of one figure, in the unit of its samples. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** Median absolute deviation from the median. */
  readonly mad: number;
  /** In the order in which they were taken; at least one. */
  readonly samples: readonly number[];
}

/** Throws RangeError without samples or when one is not finite. */
export function spreadOf(samples: readonly number[]): Spread {
  const median = medianOf(samples);
  return {
    median,
    min: samples.reduce((least, value) => Math.min(least, value)),
    max: samples.reduce((most, value) => Math.max(most, value)),
    mad: medianOf(samples.map((value) => Math.abs(value - median))),
    samples,
  };
}

/** The middle sample; of an even number the mean of the middle two. */
export function medianOf(samples: readonly number[]): number {
  if (samples.length === 0) throw new RangeError('medianOf: there are no samples.');
  const odd = samples.find((value) => !Number.isFinite(value));
  if (odd !== undefined) throw new RangeError(`medianOf: samples must be finite, got ${odd}.`);
  const sorted = [...samples].sort((a, b) => a - b);
  const upper = sorted.length >> 1;
  const lower = sorted.length % 2 === 1 ? upper : upper - 1;
  return ((sorted[lower] as number) + (sorted[upper] as number)) / 2;
}

/**
 * Ratio of two medians with the widest range that the samples allow: smallest over largest to largest over smallest.
 * Pessimistic on purpose; five samples support no finer statement.
 */
export function ratioOf(
  over: Spread,
  under: Spread,
): { readonly median: number; readonly min: number; readonly max: number } {
  return {
    median: over.median / under.median,
    min: over.min / under.max,
    max: over.max / under.min,
  };
}
