/** Scales of values: ranges, fractions, ticks and how numbers are written. */
import { describe, expect, it } from 'vitest';
import {
  formatValue,
  fractionOf,
  rangeOf,
  scaleOf,
  ticksOf,
  usualRange,
} from '../../../../src/app/views/space/value-scale.ts';

describe('ranges', () => {
  it('are those of finite values, of positive ones for logarithms', () => {
    const values = [3, Number.NaN, -2, Number.POSITIVE_INFINITY, 0, 8];
    expect(rangeOf(values)).toEqual({ min: -2, max: 8 });
    expect(rangeOf(values, true)).toEqual({ min: 3, max: 8 });
    expect(rangeOf([Number.NaN])).toBeNull();
    expect(rangeOf([0, -1], true)).toBeNull();
  });

  it('leave out one in a hundred at either end', () => {
    const values = Array.from({ length: 1001 }, (_, k) => k);
    expect(usualRange(values)).toEqual({ min: 10, max: 990 });
    // One wild value does not take all the colours.
    values[500] = 1e9;
    expect(usualRange(values)?.max).toBeLessThan(1000);
    expect(usualRange([])).toBeNull();
  });

  it('become scales that can divide', () => {
    expect(scaleOf(null)).toEqual({ min: 0, max: 1, log: false });
    expect(scaleOf({ min: 5, max: 5 })).toEqual({ min: 4.75, max: 5.25, log: false });
    expect(scaleOf({ min: 0, max: 0 })).toEqual({ min: -0.5, max: 0.5, log: false });
    expect(scaleOf({ min: 0, max: 10 }, true)).toEqual({ min: 1e-5, max: 10, log: true });
    expect(scaleOf({ min: 4, max: 4 }, true)).toEqual({ min: 2, max: 8, log: true });
    expect(scaleOf({ min: -2, max: -1 }, true)).toEqual({ min: 1, max: 10, log: true });
  });
});

describe('fractions', () => {
  it('are linear or logarithmic', () => {
    expect(fractionOf(-55, scaleOf({ min: -70, max: -40 }))).toBeCloseTo(0.5, 12);
    const log = scaleOf({ min: 0.01, max: 100 }, true);
    expect(fractionOf(1, log)).toBeCloseTo(0.5, 12);
    expect(fractionOf(0, log)).toBeNaN();
    expect(fractionOf(-1, log)).toBeNaN();
    expect(fractionOf(Number.NaN, log)).toBeNaN();
  });
});

describe('ticks', () => {
  it('are round and inside', () => {
    const ticks = ticksOf(scaleOf({ min: 0, max: 0.37 }));
    expect(ticks.map(({ text }) => text)).toEqual(['0.0', '0.1', '0.2', '0.3']);
    expect(ticks.every(({ fraction }) => fraction >= 0 && fraction <= 1)).toBe(true);
    expect(ticksOf(scaleOf({ min: -70, max: -40 })).map(({ text }) => text)).toEqual([
      '−70',
      '−60',
      '−50',
      '−40',
    ]);
  });

  it('are decades on a long logarithmic scale', () => {
    const texts = ticksOf(scaleOf({ min: 1e-4, max: 100 }, true), 7).map(({ text }) => text);
    expect(texts).toEqual(['10⁻⁴', '0.001', '0.01', '0.1', '1', '10', '100']);
  });

  it('are never more than were asked for, over twelve decades of ranges', () => {
    for (let power = -6; power <= 6; power++) {
      for (const lead of [1, 1.3, 2.7, 4.99, 9.5]) {
        const ticks = ticksOf(scaleOf({ min: 0, max: lead * 10 ** power }), 5);
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(ticks.length).toBeLessThanOrEqual(6);
      }
    }
  });
});

describe('numbers', () => {
  it.each([
    [0, '0'],
    [12.345, '12.3'],
    [-61.27, '−61.3'],
    [99_999, '100000'],
    [123_456, '1.23·10⁵'],
    [1e-4, '10⁻⁴'],
    [2.5e-7, '2.5·10⁻⁷'],
    [Number.NaN, 'no value'],
    [Number.NEGATIVE_INFINITY, '−∞'],
  ])('%s is written %s', (value, text) => {
    expect(formatValue(value)).toBe(text);
  });
});
