/** Statistics of spike trains against closed forms and hand-counted cases. */
import { describe, expect, it } from 'vitest';
import { philox, uniformOf } from '../../../src/language/philox.ts';
import {
  coefficientOfVariation,
  fanoFactor,
  fourierTransform,
  interSpikeIntervals,
  meanCvIsi,
  meanPairwiseCorrelation,
  meanRate,
  populationFanoFactor,
  powerSpectrum,
} from '../../../src/recording/analysis.ts';
import { populationRate } from '../../../src/recording/rate.ts';
import type { Spikes } from '../../../src/recording/spikes.ts';

const train = (...pairs: readonly [step: number, neuron: number][]): Spikes => ({
  steps: Uint32Array.from(pairs, ([step]) => step),
  neurons: Uint32Array.from(pairs, ([, neuron]) => neuron),
});

/** Bernoulli trains of probability p per step, the discrete Poisson process. */
function bernoulli(size: number, steps: number, p: number): Spikes {
  const block = new Uint32Array(4);
  const pairs: [number, number][] = [];
  for (let step = 0; step < steps; step++) {
    for (let neuron = 0; neuron < size; neuron++) {
      philox(neuron, step, 0, 0, 7, 1, block);
      if (uniformOf(block[0] ?? 0) < p) pairs.push([step, neuron]);
    }
  }
  return train(...pairs);
}

describe('rates and intervals', () => {
  it('mean rate counts spikes per neuron and second', () => {
    expect(meanRate(20, 4, 500)).toBe(10);
    expect(meanRate(0, 4, 0)).toBe(0);
  });

  it('intervals belong to their neurons', () => {
    const spikes = train([0, 0], [5, 1], [10, 0], [25, 0], [30, 1]);
    expect(interSpikeIntervals(spikes, 3, 0.1).map((one) => [...one])).toEqual([
      [1, 1.5],
      [2.5],
      [],
    ]);
  });

  it('CV is 0 for a clock, 1 for a Poisson process, null without intervals', () => {
    const clock = train(...Array.from({ length: 9 }, (_, k): [number, number] => [k * 7, 0]));
    expect(meanCvIsi(clock, 1, 0.1)).toBe(0);
    expect(meanCvIsi(bernoulli(20, 5000, 0.01), 20, 0.1)).toBeCloseTo(1, 1);
    expect(meanCvIsi(train([3, 0]), 1, 0.1)).toBeNull();
    expect(coefficientOfVariation([1])).toBeNaN();
    expect(coefficientOfVariation([1, 3])).toBe(0.5);
  });
});

describe('population rate', () => {
  const spikes = train([0, 0], [1, 0], [1, 1], [4, 1]);

  it('bins without loss', () => {
    const { timesMs, ratesHz } = populationRate(spikes, 2, 6, 1, { binMs: 2 });
    expect([...timesMs]).toEqual([0, 2, 4]);
    expect([...ratesHz]).toEqual([750, 0, 250]);
  });

  it.each(['flat', 'gaussian'] as const)(
    'a %s window keeps the mean of a constant rate',
    (window) => {
      const steady = train(...Array.from({ length: 50 }, (_, k): [number, number] => [k, 0]));
      const { ratesHz } = populationRate(steady, 1, 50, 1, { widthMs: 7, window });
      for (const rate of ratesHz) expect(rate).toBeCloseTo(1000, 9);
    },
  );

  it('a flat window averages neighbours', () => {
    const { ratesHz } = populationRate(train([2, 0]), 1, 5, 1, { widthMs: 3 });
    expect([...ratesHz].map(Math.round)).toEqual([0, 333, 333, 333, 0]);
  });

  it('refuses nonsense', () => {
    expect(() => populationRate(spikes, 2, 6, 1, { binMs: 0 })).toThrow(/binMs must be/);
    expect(() => populationRate(spikes, 2, 6, 1, { widthMs: -1 })).toThrow(/widthMs must be/);
    expect(() => populationRate(spikes, 2, 6, 1, { window: 'box' as 'flat' })).toThrow(/"box"/);
  });
});

describe('counts', () => {
  const options = { size: 20, totalSteps: 5000, dtMs: 0.1, binMs: 5 };

  it('independent Poisson trains have Fano factor 1 and no correlation', () => {
    const spikes = bernoulli(20, 5000, 0.01);
    // A Bernoulli count has variance/mean = 1 - p.
    expect(fanoFactor(spikes, options)).toBeCloseTo(0.99, 1);
    expect(populationFanoFactor(spikes, options)).toBeCloseTo(1, 0);
    expect(meanPairwiseCorrelation(spikes, options)).toBeCloseTo(0, 1);
  });

  it('identical trains have correlation 1', () => {
    const one = bernoulli(1, 2000, 0.05);
    const pairs = [...one.steps].flatMap((step): [number, number][] => [
      [step, 0],
      [step, 1],
    ]);
    const spikes = train(...pairs);
    expect(meanPairwiseCorrelation(spikes, { ...options, size: 2, totalSteps: 2000 })).toBeCloseTo(
      1,
      12,
    );
    expect(meanPairwiseCorrelation(train(), options)).toBeNull();
  });

  it('refuses bins that do not fit', () => {
    expect(() => fanoFactor(train(), { ...options, binMs: 0.01 })).toThrow(/binMs must be between/);
    expect(() => fanoFactor(train(), { ...options, binMs: 1e9 })).toThrow(/binMs must be between/);
  });
});

describe('spectrum', () => {
  it('the transform is the sum it claims to be', () => {
    const real = Float64Array.from({ length: 16 }, (_, k) => Math.sin(k * k));
    const imaginary = Float64Array.from({ length: 16 }, (_, k) => Math.cos(3 * k));
    const expected = Array.from({ length: 16 }, (_, k) => {
      let re = 0;
      let im = 0;
      for (let n = 0; n < 16; n++) {
        const angle = (-2 * Math.PI * k * n) / 16;
        const a = real[n] ?? 0;
        const b = imaginary[n] ?? 0;
        re += a * Math.cos(angle) - b * Math.sin(angle);
        im += a * Math.sin(angle) + b * Math.cos(angle);
      }
      return [re, im];
    });
    fourierTransform(real, imaginary);
    for (const [k, [re = 0, im = 0]] of expected.entries()) {
      expect(real[k]).toBeCloseTo(re, 12);
      expect(imaginary[k]).toBeCloseTo(im, 12);
    }
  });

  it('finds a 50 Hz oscillation, and its power integrates to the variance', () => {
    const signal = Float64Array.from(
      { length: 4096 },
      (_, k) => 3 + Math.sin(2 * Math.PI * 0.05 * k),
    );
    const { frequenciesHz, powers } = powerSpectrum(signal, 1);
    const peak = powers.indexOf(Math.max(...powers));
    expect(Math.abs((frequenciesHz[peak] ?? 0) - 50)).toBeLessThan(1);
    const width = frequenciesHz[1] ?? 0;
    expect(powers.reduce((sum, power) => sum + power * width, 0)).toBeCloseTo(0.5, 2);
  });

  it('refuses segments that are no power of two', () => {
    expect(() => powerSpectrum(new Float64Array(100), 1, 60)).toThrow(/power of two/);
    expect(() => powerSpectrum(new Float64Array(100), 1, 128)).toThrow(/power of two/);
  });
});
