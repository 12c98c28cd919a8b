import { describe, expect, it } from 'vitest';
import {
  binsPerPoint,
  createRateBins,
  gaussian,
  meanRates,
  ratesBetween,
  smooth,
} from '../../../../src/app/views/rates/rate-bins.ts';

/** Two populations; bin k holds k and 2k spikes. */
const counts = (from: number, to: number): Uint32Array =>
  Uint32Array.from({ length: (to - from) * 2 }, (_, k) => (from + (k >> 1)) * ((k & 1) + 1));

describe('bins of spikes', () => {
  it('are those that came, without the one that is still filling', () => {
    const bins = createRateBins(2, 5, 100);
    bins.set(0, counts(0, 4));
    expect(bins.known()).toEqual({ from: 0, to: 3 });
    expect(bins.sum(0, 0, 10)).toBe(0 + 1 + 2);
    expect(bins.sum(1, 0, 10)).toBe(0 + 2 + 4);
  });

  it('replace the open bin, not add to it', () => {
    const bins = createRateBins(1, 5, 100);
    bins.set(0, Uint32Array.of(3, 1));
    bins.set(1, Uint32Array.of(4, 2));
    bins.set(2, Uint32Array.of(7, 0));
    expect([0, 1, 2].map((bin) => bins.sum(0, bin, bin + 1))).toEqual([3, 4, 7]);
  });

  it('are the same however a run is cut', () => {
    const whole = createRateBins(2, 5, 64);
    whole.set(0, counts(0, 50));
    const cut = createRateBins(2, 5, 64);
    for (let from = 0; from < 49; from += 7) cut.set(from, counts(from, Math.min(50, from + 8)));
    for (let bin = 0; bin < 49; bin++) {
      expect(cut.sum(1, bin, bin + 1)).toBe(whole.sum(1, bin, bin + 1));
    }
  });

  it('let the oldest go when there are too many', () => {
    const bins = createRateBins(1, 5, 10);
    for (let bin = 0; bin < 25; bin++) bins.set(bin, Uint32Array.of(bin, 0));
    expect(bins.known()).toEqual({ from: 16, to: 25 });
    expect(bins.sum(0, 0, 100)).toBe(16 + 17 + 18 + 19 + 20 + 21 + 22 + 23 + 24);
    const late = createRateBins(1, 5, 10);
    late.set(
      0,
      Uint32Array.from({ length: 25 }, (_, k) => k),
    );
    expect(late.known()).toEqual({ from: 15, to: 24 });
    expect(late.sum(0, 0, 100)).toBe(15 + 16 + 17 + 18 + 19 + 20 + 21 + 22 + 23);
  });

  it('do not draw a gap as silence', () => {
    const bins = createRateBins(1, 5, 100);
    bins.set(0, Uint32Array.of(9, 9, 9));
    bins.set(40, Uint32Array.of(5, 5));
    expect(bins.known()).toEqual({ from: 40, to: 41 });
  });
});

describe('rates', () => {
  it('are spikes per second and neuron at the middles of bins', () => {
    const bins = createRateBins(2, 5, 100);
    bins.set(0, counts(0, 21));
    const { timesMs, rates, binMs } = ratesBetween(bins, [10, 20], 0, 100, 1, 0);
    expect(binMs).toBe(5);
    expect(timesMs[0]).toBe(2.5);
    expect(timesMs).toHaveLength(20);
    // 3 spikes of 10 neurons in 5 ms are 60 per second; twice as many of twice as many neurons too.
    expect(rates[0]?.[3]).toBeCloseTo(60, 10);
    expect(rates[1]?.[3]).toBeCloseTo(60, 10);
  });

  it('of wider bins are the means of the narrow ones', () => {
    const bins = createRateBins(2, 5, 100);
    bins.set(0, counts(0, 21));
    const narrow = ratesBetween(bins, [10, 20], 0, 100, 1, 0).rates[0] as Float64Array;
    const wide = ratesBetween(bins, [10, 20], 0, 100, 10, 0);
    expect(wide.timesMs).toEqual(Float64Array.of(25, 75));
    for (const [half, first] of [0, 10].entries()) {
      const mean = narrow.subarray(first, first + 10).reduce((sum, rate) => sum + rate, 0) / 10;
      expect(wide.rates[0]?.[half]).toBeCloseTo(mean, 10);
    }
  });

  it('cover an interval and a bin to each side', () => {
    const bins = createRateBins(1, 5, 100);
    bins.set(0, new Uint32Array(60).fill(1));
    const { timesMs } = ratesBetween(bins, [1], 100, 150, 1, 0);
    expect(timesMs[0]).toBe(97.5);
    expect(timesMs.at(-1)).toBe(152.5);
  });

  it('in the mean are all spikes over all time', () => {
    const bins = createRateBins(2, 5, 100);
    bins.set(0, counts(0, 21));
    const [a] = meanRates(bins, [10, 20], 0, 100);
    expect(a).toBeCloseTo(190 / (10 * 0.1), 10);
    expect(meanRates(createRateBins(1, 5, 10), [4], 0, 100)[0]).toBeNaN();
  });

  it('take wider bins where there would be too many points', () => {
    expect(binsPerPoint(5, 5, 1000, 2000)).toBe(1);
    expect(binsPerPoint(50, 5, 1000, 2000)).toBe(10);
    expect(binsPerPoint(5, 5, 60_000, 2000)).toBe(8);
    // A bin is at least a step: 5 ms are then less than one.
    expect(binsPerPoint(5, 10, 1000, 2000)).toBe(1);
  });
});

describe('smoothing', () => {
  it('keeps a constant, also at the ends', () => {
    const out = smooth(new Float64Array(30).fill(7), gaussian(4));
    for (const value of out) expect(value).toBeCloseTo(7, 12);
  });

  it('spreads a pulse into a Gaussian of its width and keeps its sum', () => {
    const pulse = new Float64Array(101);
    pulse[50] = 1;
    const sigma = 5;
    const out = smooth(pulse, gaussian(sigma));
    expect(out.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
    const variance = out.reduce((sum, value, k) => sum + value * (k - 50) ** 2, 0);
    // Cut at three standard deviations: 2.7 % less than the variance of a whole Gaussian.
    expect(variance / sigma ** 2).toBeGreaterThan(0.96);
    expect(variance / sigma ** 2).toBeLessThan(1);
  });

  it('of no width changes nothing', () => {
    expect(gaussian(0)).toEqual(Float64Array.of(1));
  });
});
