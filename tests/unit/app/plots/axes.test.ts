import { describe, expect, it } from 'vitest';
import {
  logSplits,
  shortCount,
  shortNumber,
  tickTexts,
} from '../../../../src/app/views/plot/numbers.ts';
import {
  niceStep,
  rangeAround,
  rangeFromZero,
  steadyRange,
} from '../../../../src/app/views/plot/range.ts';
import {
  duration,
  logTimeSplits,
  timeTicks,
  timeUnit,
} from '../../../../src/app/views/plot/time-axis.ts';
import {
  panWindow,
  shownWindow,
  windowBetween,
  zoomWindow,
} from '../../../../src/app/views/plot/time-window.ts';

describe('time along an axis', () => {
  it('is in ms below ten seconds and in s from there', () => {
    expect(timeUnit(9999)).toBe('ms');
    expect(timeUnit(10_000)).toBe('s');
    expect(timeTicks([200, 400, 600], 1000)).toEqual(['200', '400', '600']);
    expect(timeTicks([9500, 10_000, 10_500], 10_600)).toEqual(['9.5', '10.0', '10.5']);
    expect(timeTicks([12_000, 14_000], 14_000)).toEqual(['12', '14']);
  });

  it('has the digits that tell neighbours apart', () => {
    expect(timeTicks([0.2, 0.3, 0.4], 1)).toEqual(['0.2', '0.3', '0.4']);
    expect(timeTicks([1.02, 1.04], 2)).toEqual(['1.02', '1.04']);
    expect(timeTicks([0.25, 0.5], 1)).toEqual(['0.25', '0.50']);
    expect(timeTicks([500], 1000)).toEqual(['500']);
  });

  it('is written in the largest unit that fits', () => {
    expect([1, 250, 1000, 90_000, 3_600_000, 172_800_000].map(duration)).toEqual([
      '1 ms',
      '250 ms',
      '1 s',
      '1.5 min',
      '1 h',
      '2 d',
    ]);
  });

  it('has round logarithmic ticks inside the interval, not more than asked', () => {
    const splits = logTimeSplits(12, 7_200_000, 6);
    expect(splits.length).toBeLessThanOrEqual(6);
    expect(splits.every((ms) => ms >= 12 && ms <= 7_200_000)).toBe(true);
    expect([...splits].sort((a, b) => a - b)).toEqual(splits);
    expect(logTimeSplits(1, 100, 20)).toEqual([1, 2, 5, 10, 20, 50, 100]);
  });
});

describe('the shown interval', () => {
  it('has its full length from the start, then follows', () => {
    expect(shownWindow(null, 300, 1000)).toEqual({ fromMs: 0, toMs: 1000 });
    expect(shownWindow(null, 2500, 1000)).toEqual({ fromMs: 1500, toMs: 2500 });
    expect(shownWindow({ fromMs: 5, toMs: 6 }, 2500, 1000)).toEqual({ fromMs: 5, toMs: 6 });
  });

  it('zooms about a time that stays where it is', () => {
    const zoomed = zoomWindow({ fromMs: 1000, toMs: 2000 }, 0.5, 1250);
    expect(zoomed).toEqual({ fromMs: 1125, toMs: 1625 });
    expect((1250 - zoomed.fromMs) / 500).toBe(0.25);
  });

  it('never begins before 0 and is never shorter than a millisecond', () => {
    expect(zoomWindow({ fromMs: 0, toMs: 100 }, 4, 100).fromMs).toBe(0);
    expect(panWindow({ fromMs: 50, toMs: 150 }, -200)).toEqual({ fromMs: 0, toMs: 100 });
    const tiny = zoomWindow({ fromMs: 10, toMs: 12 }, 0.001, 11);
    expect(tiny.toMs - tiny.fromMs).toBe(1);
    expect(windowBetween(20, 10)).toEqual({ fromMs: 10, toMs: 20 });
    expect(windowBetween(10, 10.4)).toBeNull();
    expect(windowBetween(-30, 10)).toEqual({ fromMs: 0, toMs: 10 });
  });
});

describe('ranges of values', () => {
  it('step by 1, 2 and 5', () => {
    expect([0.7, 1, 1.2, 2.4, 5, 6, 230].map(niceStep)).toEqual([1, 1, 2, 5, 5, 10, 500]);
  });

  it('begin at zero and end at a round number above', () => {
    expect(rangeFromZero(null, 5)).toEqual([0, 5]);
    expect(rangeFromZero(3, 5)).toEqual([0, 5]);
    expect(rangeFromZero(34, 5)).toEqual([0, 40]);
  });

  it('hold their values, and a little around a single one', () => {
    const [low, high] = rangeAround(-71.3, -48.9);
    expect(low).toBeLessThan(-71.3);
    expect(high).toBeGreaterThan(-48.9);
    expect(rangeAround(-60, -60)).toEqual([-63, -57]);
    expect(rangeAround(0, 0)).toEqual([-1, 1]);
    // Differences in the fifth digit do not fill the plot.
    const [below, above] = rangeAround(28.07, 28.0701);
    expect(above - below).toBeGreaterThan(0.05);
    expect((below + above) / 2).toBeCloseTo(28.07, 1);
    expect(rangeAround(null, null)).toEqual([0, 1]);
  });

  it('stand still while values fit and fill them, and follow when they do not', () => {
    const range = steadyRange();
    const first = range(-70, -50);
    expect(range(-68, -52)).toBe(first);
    expect(range(null, null)).toBe(first);
    const wider = range(-90, -50);
    expect(wider[0]).toBeLessThanOrEqual(-90);
    const narrower = range(-61, -60);
    expect(narrower[1] - narrower[0]).toBeLessThan(2);
    // What cannot be spread wider stands still too.
    const flat = range(5, 5.00001);
    expect(range(5, 5.00001)).toEqual(flat);
  });
});

describe('numbers in few characters', () => {
  it('writes values', () => {
    expect([0, 0.25, -64.98765, 12_345, 250_000, 1e-6, -3.2e-7].map(shortNumber)).toEqual([
      '0',
      '0.25',
      '-64.99',
      '12350',
      '2.5e5',
      '1e-6',
      '-3.2e-7',
    ]);
    expect(shortNumber(Number.NaN)).toBe('–');
  });

  it('writes ticks that differ', () => {
    expect(tickTexts([-70, -60, -50], 10)).toEqual(['-70', '-60', '-50']);
    expect(tickTexts([0.04399, 0.043995, 0.044], 5e-6)).toEqual([
      '0.043990',
      '0.043995',
      '0.044000',
    ]);
    expect(tickTexts([8.6e-4, 8.8e-4], 2e-5)).toEqual(['8.6e-4', '8.8e-4']);
    expect(tickTexts([0, 2e6, 1.2e7], 2e6)).toEqual(['0', '0.2e7', '1.2e7']);
    expect(tickTexts([0, 0.5, 1], 0.5)).toEqual(['0.0', '0.5', '1.0']);
    expect(tickTexts([0.0425, 0.045], 0.0025)).toEqual(['0.0425', '0.0450']);
    expect(tickTexts([], 1)).toEqual([]);
  });

  it('writes counts', () => {
    expect([0, 1500, 20_000, 3_000_000, 2.5e9].map(shortCount)).toEqual([
      '0',
      '1500',
      '20k',
      '3M',
      '2.5G',
    ]);
  });

  it('ticks logarithmic axes inside their range', () => {
    expect(logSplits(8, 501)).toEqual([10, 20, 50, 100, 200, 500]);
    expect(logSplits(1e-3, 100)).toEqual([1e-3, 0.01, 0.1, 1, 10, 100]);
    expect(logSplits(4, 40)).toEqual([5, 7, 10, 20, 30]);
    expect(logSplits(0, 1)).toEqual([]);
    expect(logSplits(1, Number.POSITIVE_INFINITY)).toEqual([]);
    expect(logSplits(Number.NaN, 1)).toEqual([]);
  });
});
