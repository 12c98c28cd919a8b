/** Medians, spreads and ratios of a few repetitions. */
import { describe, expect, it } from 'vitest';
import { medianOf, ratioOf, spreadOf } from '../../../bench/statistics.ts';

describe('statistics of repetitions', () => {
  it.each([
    [[3], 3],
    [[1, 2], 1.5],
    [[9, 1, 5], 5],
    [[4, 1, 3, 2], 2.5],
    // Numbers, not texts: 10 comes after 9.
    [[10, 9, 8], 9],
  ])('median of %j is %d', (samples, median) => {
    expect(medianOf(samples)).toBe(median);
  });

  it('gives least, most and median absolute deviation, and keeps the order of the samples', () => {
    // Deviations from the median 4: 3, 2, 0, 1, 96; their median is 2.
    expect(spreadOf([1, 2, 4, 5, 100])).toEqual({
      median: 4,
      min: 1,
      max: 100,
      mad: 2,
      samples: [1, 2, 4, 5, 100],
    });
    expect(spreadOf([5, 1, 3]).samples).toEqual([5, 1, 3]);
  });

  it('refuses nothing and what is no number', () => {
    expect(() => medianOf([])).toThrow(RangeError);
    expect(() => spreadOf([1, Number.NaN])).toThrow(/finite, got NaN/);
  });

  it('ranges a ratio from least over most to most over least', () => {
    const ratio = ratioOf(spreadOf([8, 10, 12]), spreadOf([1, 2, 4]));
    expect(ratio).toEqual({ median: 5, min: 2, max: 12 });
  });
});
