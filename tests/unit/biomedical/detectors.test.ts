/** Detectors against signals whose values are known: Poisson and periodic trains, sines, AR(1), steps, pulses. */
import { describe, expect, it } from 'vitest';
import {
  BANDS,
  bandPower,
  binnedTrains,
  burstIndex,
  burstToTonic,
  earlyWarning,
  failureRate,
  lagOneAutocorrelation,
  meanLevel,
  pairedPulseRatio,
  phasicLevel,
  responseAmplitudes,
  spikesBetween,
  synchrony,
  targetError,
  tenthToFirst,
  tonicLevel,
  trendVariance,
} from '../../../src/biomedical/detectors.ts';
import { fanoFactor, meanCvIsi, populationRate } from '../../../src/index.ts';
import { normals, trains } from './noise.ts';

const DT = 0.1;

describe('a Poisson process', () => {
  const size = 100;
  const steps = 100_000;
  const rateHz = 20;
  const spikes = trains(size, steps, DT, () => rateHz, 4);
  const n = spikes.steps.length;

  it('has CV 1 and Fano factor 1', () => {
    // A CV of k intervals has a standard error of about 1/sqrt(k), and 200 intervals bias it by -1/200.
    expect(Math.abs((meanCvIsi(spikes, size, DT) as number) - 1)).toBeLessThan(0.03);
    // Bernoulli steps of probability 0.002: Fano 0.998; 100 windows of 100 neurons, standard error sqrt(2/10^4).
    const fano = fanoFactor(spikes, { size, totalSteps: steps, dtMs: DT, binMs: 100 }) as number;
    expect(Math.abs(fano - 1)).toBeLessThan(0.06);
  });

  it('has the burst index of its exponential intervals', () => {
    const expected = 1 - Math.exp(-rateHz * 0.01);
    const deviation = Math.sqrt((expected * (1 - expected)) / n);
    expect(Math.abs(burstIndex(spikes, size, DT) - expected)).toBeLessThan(4 * deviation);
  });

  it('of independent neurons has synchrony 1/n', () => {
    const chi = synchrony(binnedTrains(spikes, { size, totalSteps: steps, binSteps: 50 }));
    // 2000 bins: relative standard error sqrt(2/2000) = 3.2 %.
    expect(chi * size).toBeGreaterThan(0.87);
    expect(chi * size).toBeLessThan(1.13);
  });

  it('has a flat spectrum: power of a band is 2 r/n times its width', () => {
    const { ratesHz } = populationRate(spikes, size, steps, DT, { binMs: 1 });
    for (const band of Object.values(BANDS)) {
      const width = band[1] - band[0];
      const expected = (2 * rateHz * width) / size;
      // 2.4 segments' worth of independent lines of 0.12 Hz: 4 sigma of sqrt(1/(2 width/0.12)).
      const tolerance = 4 * Math.sqrt(1 / (width / 0.12));
      expect(Math.abs(bandPower(ratesHz, 1, band) / expected - 1)).toBeLessThan(tolerance);
    }
  });
});

it('a clock has no variability, and its intervals are bursts or none', () => {
  const steps = Uint32Array.from({ length: 50 }, (_, k) => 100 * k);
  const spikes = { steps, neurons: new Uint32Array(50) };
  expect(meanCvIsi(spikes, 1, DT)).toBeCloseTo(0, 12);
  expect(burstIndex(spikes, 1, DT)).toBe(1);
  expect(burstIndex(spikes, 1, DT, 9.9)).toBe(0);
  expect(burstIndex({ steps: steps.slice(0, 1), neurons: new Uint32Array(1) }, 1, DT)).toBeNaN();
});

it('spikesBetween counts steps from the beginning of the window', () => {
  const spikes = { steps: Uint32Array.of(1, 5, 9, 10), neurons: Uint32Array.of(0, 1, 2, 3) };
  expect(spikesBetween(spikes, 5, 10)).toEqual({
    steps: Uint32Array.of(0, 4),
    neurons: Uint32Array.of(1, 2),
  });
});

describe('synchrony', () => {
  const common = normals(5000, 5);
  it('is 1 for equal signals, NaN for constants', () => {
    expect(synchrony([common, common, common])).toBeCloseTo(1, 12);
    expect(
      synchrony([
        [1, 1],
        [2, 2],
      ]),
    ).toBeNaN();
    expect(synchrony([])).toBeNaN();
  });
  it('of a common and an own part is (c + (1 - c)/n)', () => {
    const n = 20;
    const share = 0.3;
    const signals = Array.from({ length: n }, (_, k) =>
      normals(5000, 100 + k).map(
        (own, t) => Math.sqrt(1 - share) * own + Math.sqrt(share) * (common[t] as number),
      ),
    );
    expect(synchrony(signals)).toBeCloseTo(share + (1 - share) / n, 1);
  });
});

describe('band power', () => {
  const sine = (hz: number, amplitude: number, seconds: number) =>
    Float64Array.from(
      { length: seconds * 1000 },
      (_, k) => 7 + amplitude * Math.sin((2 * Math.PI * hz * k) / 1000),
    );

  it.each([
    ['beta', 20],
    ['gamma', 45],
    ['alpha', 10],
    ['theta', 6],
  ] as const)('%s has all the power a²/2 of a sine of %i Hz', (band, hz) => {
    const signal = sine(hz, 3, 8);
    // Hann windows leave 1e-3 outside of the lines around the sine.
    expect(Math.abs(bandPower(signal, 1, BANDS[band]) - 4.5)).toBeLessThan(0.03);
    for (const other of Object.keys(BANDS) as (keyof typeof BANDS)[]) {
      if (other !== band) expect(bandPower(signal, 1, BANDS[other])).toBeLessThan(0.03);
    }
  });

  it('sees a rhythm of 20 Hz in the rate of a population', () => {
    const rate = (ms: number) => 20 + 10 * Math.sin((2 * Math.PI * 20 * ms) / 1000);
    const spikes = trains(400, 40_000, DT, rate, 6);
    const { ratesHz } = populationRate(spikes, 400, 40_000, DT, { binMs: 1 });
    // 50 Hz² of the rhythm, and 2 r/n = 0.1 Hz²/Hz of noise over 17 Hz.
    expect(Math.abs(bandPower(ratesHz, 1, BANDS.beta) - 51.7)).toBeLessThan(7);
  });

  it('says nothing of what is too short, or above half the sampling rate', () => {
    expect(bandPower(sine(20, 1, 0.2), 1, BANDS.beta)).toBeNaN();
    expect(bandPower(sine(20, 1, 8), 10, BANDS.gamma)).toBeNaN();
    expect(() => bandPower([1], 1, [30, 13])).toThrow(RangeError);
  });
});

describe('release', () => {
  // A decaying answer after each stimulus, sampled every 1 ms from 0 on.
  const stimuli = Array.from({ length: 10 }, (_, k) => 20.5 + 50 * k);
  const sizes = stimuli.map((_, k) => (k === 3 ? 0 : 2 * 0.8 ** k));
  const times = Float64Array.from({ length: 600 }, (_, k) => k);
  const signal = times.map((time) =>
    stimuli.reduce(
      (sum, at, k) =>
        sum + (time > at ? (sizes[k] as number) * Math.exp(-(time - at - 0.5) / 4) : 0),
      -60,
    ),
  );
  const found = responseAmplitudes(signal, times, stimuli, 10);

  it('answers are the largest changes from the value before', () => {
    // What is left of the answer before: exp(-49.5/4) = 4e-6 of it.
    for (const [k, size] of sizes.entries()) expect(found[k]).toBeCloseTo(size, 4);
    expect(responseAmplitudes(signal, times, [-1, 1000], 10)).toEqual(
      Float64Array.of(Number.NaN, Number.NaN),
    );
  });

  it('gives ratios and failures', () => {
    expect(pairedPulseRatio(found)).toBeCloseTo(0.8, 4);
    expect(tenthToFirst(found)).toBeCloseTo(0.8 ** 9, 4);
    expect(failureRate(found, 0.1)).toBe(0.1);
    expect(failureRate([Number.NaN, 1], 0.1)).toBe(0);
    expect(failureRate([], 0.1)).toBeNaN();
    expect(pairedPulseRatio([1])).toBeNaN();
    expect(tenthToFirst([0, 1])).toBeNaN();
  });
});

it('tonic, phasic and mean levels of a baseline with a burst', () => {
  // 50 nM, a burst of 500 nM in a tenth of the time.
  const signal = Float64Array.from({ length: 1000 }, (_, k) => (k >= 400 && k < 500 ? 500 : 50));
  expect(tonicLevel(signal)).toBe(50);
  expect(phasicLevel(signal)).toBe(450);
  expect(burstToTonic(signal)).toBe(10);
  expect(meanLevel(signal)).toBe(95);
  expect(targetError(signal, 100)).toBeCloseTo(-0.05, 12);
  expect(tonicLevel([1, 2, 3, 10])).toBe(2.5);
  for (const detector of [meanLevel, tonicLevel, phasicLevel, burstToTonic]) {
    expect(detector([])).toBeNaN();
  }
});

describe('early warning', () => {
  /** AR(1): x' = a x + noise of unit variance. */
  const autoregressive = (a: (k: number) => number, count: number, seed: number): Float64Array => {
    let x = 0;
    return Float64Array.from(normals(count, seed), (noise, k) => {
      x = a(k) * x + noise;
      return x;
    });
  };

  it.each([0, 0.5, 0.9])('AR(1) with %f has that autocorrelation, and variance 1/(1 - a²)', (a) => {
    const count = 20_000;
    const signal = autoregressive(() => a, count, 7);
    const error = Math.sqrt((1 - a * a) / count);
    expect(Math.abs(lagOneAutocorrelation(signal) - a)).toBeLessThan(4 * error + 4 / count);
    const variance = 1 / (1 - a * a);
    // Effective samples: count (1 - a²)/(1 + a²).
    const relative = 4 * Math.sqrt((2 * (1 + a * a)) / (count * (1 - a * a)));
    expect(Math.abs(trendVariance(signal) / variance - 1)).toBeLessThan(relative);
  });

  it('takes a straight trend for none', () => {
    const line = Float64Array.from({ length: 100 }, (_, k) => 3 + 0.1 * k);
    expect(trendVariance(line)).toBeCloseTo(0, 20);
    expect(lagOneAutocorrelation(line)).toBeNaN();
    expect(lagOneAutocorrelation([1, 2])).toBeNaN();
  });

  it('rises where recovery slows down, and not where it does not', () => {
    const count = 20_000;
    const slowing = earlyWarning(
      autoregressive((k) => (0.97 * k) / count, count, 8),
      2000,
    );
    expect(slowing.varianceTrend).toBeGreaterThan(0.7);
    expect(slowing.autocorrelationTrend).toBeGreaterThan(0.7);
    expect(slowing.ends[0]).toBe(2000);
    const steady = earlyWarning(
      autoregressive(() => 0.5, count, 9),
      2000,
      2000,
    );
    // Ten independent windows: tau has the standard deviation sqrt(2 (2n + 5)/(9 n (n - 1))) = 0.25.
    expect(Math.abs(steady.varianceTrend)).toBeLessThan(0.75);
    expect(Math.abs(steady.autocorrelationTrend)).toBeLessThan(0.75);
  });

  it('refuses windows that are none', () => {
    expect(() => earlyWarning([1, 2, 3], 4)).toThrow(RangeError);
    expect(() => earlyWarning([1, 2, 3], 2)).toThrow(RangeError);
  });
});
