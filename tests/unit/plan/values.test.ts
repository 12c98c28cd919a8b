/** Distributions and delays. */
import { describe, expect, it } from 'vitest';
import { normalQuantile } from '../../../src/language/portable-f64.ts';
import { delaySteps, packingOf } from '../../../src/plan/delays.ts';
import { type Distribution, normalDistribution, tableOf } from '../../../src/plan/distributions.ts';
import { fillValues } from '../../../src/plan/quantiles.ts';
import { drawValues } from '../../../src/plan/values.ts';

const mean = (values: Float64Array): number => values.reduce((a, b) => a + b, 0) / values.length;
const spread = (values: Float64Array): number => {
  const m = mean(values);
  return Math.sqrt(mean(values.map((x) => (x - m) ** 2)));
};

const KEY = { seed: 1, stream: 2 };
const draw = (distribution: Distribution, count: number): Float64Array => {
  const values = new Float64Array(count);
  drawValues(tableOf(distribution), KEY, { count, synapses: null, origin: null }, values);
  return values;
};
const normal = (mean: number, sd: number, min = -Infinity, max = Infinity): Distribution => ({
  kind: 'normal',
  mean,
  sd,
  min,
  max,
  outside: 'redraw',
});
const anywhere = { min: -Infinity, max: Infinity, outside: 'redraw' } as const;

/** Kolmogorov-Smirnov: largest distance between the values and a distribution function, times sqrt(n). */
function kolmogorov(values: Float64Array, probability: (x: number) => number): number {
  const sorted = values.slice().sort();
  const n = sorted.length;
  let worst = 0;
  sorted.forEach((x, k) => {
    const p = probability(x);
    worst = Math.max(worst, p - k / n, (k + 1) / n - p);
  });
  return worst * Math.sqrt(n);
}
/** Exceeded with probability 0.001. */
const KS_LIMIT = 1.95;

describe('distributions', () => {
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
    const values = draw(normal(5, 2), 1e5);
    expect(Math.abs(mean(values) - 5)).toBeLessThan((5 * 2) / Math.sqrt(1e5));
    expect(Math.abs(spread(values) - 2)).toBeLessThan(0.03);
  });

  it.each<[string, Distribution, (x: number) => number]>([
    ['normal', normal(5, 2), (x) => normalDistribution((x - 5) / 2)],
    [
      'truncated normal',
      normal(1.5, 0.75, 0.1, 2),
      (x) => {
        const [low, high] = [normalDistribution(-1.4 / 0.75), normalDistribution(0.5 / 0.75)];
        return (normalDistribution((x - 1.5) / 0.75) - low) / (high - low);
      },
    ],
    [
      'lognormal',
      { kind: 'lognormal', mean: 2, sd: 1.5, ...anywhere },
      (x) => {
        const variance = Math.log(1 + (1.5 / 2) ** 2);
        return normalDistribution((Math.log(x / 2) + variance / 2) / Math.sqrt(variance));
      },
    ],
    ['uniform', { kind: 'uniform', min: -3, max: 4 }, (x) => (x + 3) / 7],
    ['exponential', { kind: 'exponential', mean: 2, ...anywhere }, (x) => 1 - Math.exp(-x / 2)],
    [
      'truncated exponential, mirrored',
      { kind: 'exponential', mean: -2, min: -3, max: -1, outside: 'redraw' },
      (x) => (Math.exp(x / 2) - Math.exp(-1.5)) / (Math.exp(-0.5) - Math.exp(-1.5)),
    ],
  ])('%s: Kolmogorov-Smirnov over 10^6 values, seed 1', (_, distribution, probability) => {
    expect(kolmogorov(draw(distribution, 1e6), probability)).toBeLessThan(KS_LIMIT);
  });

  it('lognormal: mean and sd are those of the values', () => {
    const values = draw({ kind: 'lognormal', mean: -2, sd: 1, ...anywhere }, 1e5);
    expect(Math.abs(mean(values) + 2)).toBeLessThan(0.016);
    expect(Math.abs(spread(values) - 1)).toBeLessThan(0.03);
  });

  it('the table is exact to 3e-5 standard deviations, tails included', () => {
    const table = tableOf(normal(0, 1));
    const words = Uint32Array.from({ length: 40_000 }, (_, k) => Math.imul(k, 0x9e3779b1));
    words.set([0, 1, 17, 1023, 1024, 4711, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32 - 2000]);
    const values = new Float64Array(words.length);
    fillValues(table, words, words.length, values, 0);
    words.forEach((word, k) => {
      const exact = normalQuantile((word + 0.5) * 2 ** -32);
      expect(Math.abs((values[k] as number) - exact), String(word)).toBeLessThan(3e-5);
    });
  });

  it('every value is one rounding of an exact number', () => {
    const { starts, slopes } = tableOf(normal(-3.7, 1.3));
    for (const [cell, slope] of slopes.entries()) {
      for (const fraction of [1, 4095, 2731]) {
        expect(Math.fround(fraction * slope)).toBe(fraction * slope);
      }
      expect(Math.fround(starts[cell] as number)).toBe(starts[cell]);
    }
  });

  it('clipped values are set to the bound', () => {
    const values = draw(
      { kind: 'normal', mean: 0, sd: 1, min: -1, max: 0.5, outside: 'clip' },
      1e5,
    );
    const at = (x: number): number => values.filter((value) => value === x).length / 1e5;
    expect(Math.abs(at(-1) - normalDistribution(-1))).toBeLessThan(0.006);
    expect(Math.abs(at(0.5) - normalDistribution(-0.5))).toBeLessThan(0.008);
  });

  it('works far in a tail, on both sides', () => {
    const high = draw(normal(0, 1, 7, 8), 1000);
    const low = draw(normal(0, 1, -8, -7), 1000);
    for (const value of high) expect(value >= 7 && value <= 8).toBe(true);
    for (const value of low) expect(value >= -8 && value <= -7).toBe(true);
    expect(mean(high)).toBeCloseTo(7.14, 1);
    expect(mean(low)).toBeCloseTo(-7.14, 1);
  });

  it('a synapse keeps its value wherever it is placed, and whatever other rows hold', () => {
    const table = tableOf(normal(0, 1));
    const of = (rows: Uint32Array, origin: Uint32Array | null): number[] => {
      const count = rows.at(-1) as number;
      const values = new Float64Array(count);
      const synapses = { rows, targets: new Uint32Array(count) };
      drawValues(table, KEY, { count, synapses, origin }, values);
      return [...values];
    };
    const straight = of(Uint32Array.of(0, 3, 9), null);
    const moved = of(Uint32Array.of(0, 3, 9), Uint32Array.of(2, 0, 1, 8, 5, 3, 4, 6, 7));
    expect(moved).toEqual([2, 0, 1, 8, 5, 3, 4, 6, 7].map((e) => straight[e]));
    expect(of(Uint32Array.of(0, 1, 5), null).slice(1)).toEqual(straight.slice(3, 7));
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
      steps: Uint8Array.of(1, 2, 3),
      range: [1, 3],
      most: 3,
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
    expect(packingOf({ steps: 400, most: 400 }, 2 ** 25)).toBe('target');
    const short = { steps: Uint8Array.of(1, 255), most: 255 };
    const long = { steps: Uint16Array.of(1, 256), most: 256 };
    expect(packingOf(short, 2 ** 24)).toBe('target+delay');
    expect(packingOf(short, 2 ** 24 + 1)).toBe('wide');
    expect(packingOf(long, 10)).toBe('wide');
  });
});
