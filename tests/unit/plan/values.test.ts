/** Normal distributions and delays. */
import { describe, expect, it } from 'vitest';
import { delaySteps, packingOf } from '../../../src/plan/delays.ts';
import { normalDistribution, normalValues } from '../../../src/plan/normal.ts';

const mean = (values: Float64Array): number => values.reduce((a, b) => a + b, 0) / values.length;
const spread = (values: Float64Array): number => {
  const m = mean(values);
  return Math.sqrt(mean(values.map((x) => (x - m) ** 2)));
};

describe('normal distributions', () => {
  it('distribution function: known values, tails, symmetry', () => {
    // Abramowitz & Stegun, table 26.1 and 26.2.
    expect(normalDistribution(0)).toBe(0.5);
    expect(normalDistribution(1)).toBeCloseTo(0.841344746068543, 14);
    expect(normalDistribution(-2) / 0.0227501319481792).toBeCloseTo(1, 12);
    expect(normalDistribution(-5) / 2.866515718791933e-7).toBeCloseTo(1, 12);
    expect(normalDistribution(-10) / 7.6198530241604e-24).toBeCloseTo(1, 12);
    expect(normalDistribution(-2.9999999) / normalDistribution(-3.0000001)).toBeCloseTo(1, 5);
    expect(normalDistribution(Number.NEGATIVE_INFINITY)).toBe(0);
  });

  it('values have the mean and spread asked for', () => {
    const free = { mean: 5, sd: 2, min: -Infinity, max: Infinity };
    const values = normalValues(free, 1e5, null, 1, 2);
    expect(Math.abs(mean(values) - 5)).toBeLessThan((5 * 2) / Math.sqrt(1e5));
    expect(Math.abs(spread(values) - 2)).toBeLessThan(0.03);
  });

  it('truncation is that of redrawing: mean and spread of the truncated distribution', () => {
    // Of N(1.5, 0.75²) above 0.1: mean and sd by the textbook formulas.
    const a = (0.1 - 1.5) / 0.75;
    const lambda = Math.exp(-0.5 * a * a) / Math.sqrt(2 * Math.PI) / (1 - normalDistribution(a));
    const values = normalValues({ mean: 1.5, sd: 0.75, min: 0.1, max: Infinity }, 1e5, null, 1, 2);
    expect(Math.min(...values.subarray(0, 1000))).toBeGreaterThanOrEqual(0.1);
    expect(Math.abs(mean(values) - (1.5 + 0.75 * lambda))).toBeLessThan(0.012);
    const sd = 0.75 * Math.sqrt(1 + a * lambda - lambda * lambda);
    expect(Math.abs(spread(values) - sd)).toBeLessThan(0.012);
  });

  it('works far in a tail, on both sides', () => {
    const high = normalValues({ mean: 0, sd: 1, min: 7, max: 8 }, 1000, null, 1, 2);
    const low = normalValues({ mean: 0, sd: 1, min: -8, max: -7 }, 1000, null, 1, 2);
    for (const value of high) expect(value >= 7 && value <= 8).toBe(true);
    expect(mean(high)).toBeCloseTo(7.14, 1);
    expect(low).toEqual(high.map((value) => -value));
  });

  it('an element keeps its value wherever it is placed', () => {
    const normal = { mean: 0, sd: 1, min: -Infinity, max: Infinity };
    const straight = normalValues(normal, 9, null, 1, 2);
    const origin = Uint32Array.of(8, 0, 5, 3, 1, 2, 4, 6, 7);
    const moved = normalValues(normal, 9, origin, 1, 2);
    expect([...moved]).toEqual([...origin].map((e) => straight[e]));
  });
});

describe('delays', () => {
  const none = (): void => {
    throw new Error('no warning was expected');
  };

  it('are rounded to the nearest step', () => {
    expect(delaySteps(1.5, 0.1, 'delay', none).steps).toBe(15);
    expect(delaySteps(0, 0.1, 'delay', none).steps).toBe(0);
    expect(delaySteps(Float64Array.of(0.14, 0.16, 0.25), 0.1, 'delay', none)).toEqual({
      steps: Uint32Array.of(1, 2, 3),
      range: [1, 3],
    });
  });

  it('one delay between two steps is worth a warning', () => {
    const warnings: string[] = [];
    const { steps } = delaySteps(0.24, 0.1, 'Projection "p": delay', (text) => warnings.push(text));
    expect(steps).toBe(2);
    expect(warnings).toEqual([
      'Projection "p": delay: 0.24 ms is no multiple of dt (0.1 ms); 0.2 ms is used.',
    ]);
  });

  it('negative and enormous ones are refused', () => {
    expect(() => delaySteps(-0.1, 0.1, 'Delay', none)).toThrow(
      'Delay must be a time >= 0, got -0.1',
    );
    expect(() => delaySteps(1e6, 0.1, 'Delay', none)).toThrow('at most 1000000 steps');
  });

  it('decide the packing', () => {
    expect(packingOf({ steps: 400, range: [400, 400] }, 2 ** 25)).toBe('target');
    const short = { steps: Uint32Array.of(1, 255), range: [1, 255] } as const;
    const long = { steps: Uint32Array.of(1, 256), range: [1, 256] } as const;
    expect(packingOf(short, 2 ** 24)).toBe('target+delay');
    expect(packingOf(short, 2 ** 24 + 1)).toBe('wide');
    expect(packingOf(long, 10)).toBe('wide');
  });
});
