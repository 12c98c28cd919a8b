/**
 * Statistics of spike trains: rates, intervals, irregularity, variability of counts, correlation, spectrum. Pure
 * functions over recorded spikes; nothing here knows of networks or engines.
 */
import {
  checkCount,
  checkInterval,
  checkNumber,
  checkNumbers,
  checkOptions,
  checkSpikes,
} from './check.ts';
import { binnedCounts } from './rate.ts';
import type { Spikes } from './spikes.ts';

/** Mean spikes per second and neuron; 0 for an empty population or duration. */
export function meanRate(spikeCount: number, size: number, durationMs: number): number {
  checkCount(spikeCount, 'meanRate: spikeCount');
  checkCount(size, 'meanRate: size');
  checkNumber(
    durationMs,
    'meanRate: durationMs',
    'a time >= 0 in ms',
    (ms) => ms >= 0 && ms < Number.POSITIVE_INFINITY,
  );
  const neuronSeconds = (size * durationMs) / 1000;
  return neuronSeconds > 0 ? spikeCount / neuronSeconds : 0;
}

/** Intervals between successive spikes of each neuron in ms, in order: entry n belongs to neuron n. */
export function interSpikeIntervals(spikes: Spikes, size: number, dtMs: number): Float64Array[] {
  checkSpikes(spikes, 'interSpikeIntervals: spikes');
  checkCount(size, 'interSpikeIntervals: size');
  checkInterval(dtMs, 'interSpikeIntervals: dtMs');
  const counts = new Uint32Array(size);
  for (const neuron of spikes.neurons) counts[neuron] = (counts[neuron] as number) + 1;
  const intervals = Array.from(counts, (count) => new Float64Array(Math.max(0, count - 1)));
  const seen = new Uint32Array(size);
  const last = new Float64Array(size);
  for (let k = 0; k < spikes.steps.length; k++) {
    const neuron = spikes.neurons[k] as number;
    const step = spikes.steps[k] as number;
    const own = intervals[neuron];
    const index = seen[neuron] as number;
    if (own && index > 0) own[index - 1] = (step - (last[neuron] as number)) * dtMs;
    seen[neuron] = index + 1;
    last[neuron] = step;
  }
  return intervals;
}

/** Mean and variance (divided by n); NaN for nothing. */
export function moments(values: ArrayLike<number>): { mean: number; variance: number } {
  let sum = 0;
  for (let k = 0; k < values.length; k++) sum += values[k] as number;
  const mean = sum / values.length;
  let squares = 0;
  for (let k = 0; k < values.length; k++) squares += ((values[k] as number) - mean) ** 2;
  return { mean, variance: squares / values.length };
}

/** Standard deviation divided by mean; NaN for fewer than two values. */
export function coefficientOfVariation(values: ArrayLike<number>): number {
  checkNumbers(values, 'coefficientOfVariation: values');
  if (values.length < 2) return Number.NaN;
  const { mean, variance } = moments(values);
  return Math.sqrt(variance) / mean;
}

/**
 * Mean over neurons of the coefficient of variation of their intervals, a measure of irregularity (1 for a Poisson
 * process, 0 for a clock). Neurons with fewer than two intervals do not count; null when there are no others.
 */
export function meanCvIsi(spikes: Spikes, size: number, dtMs: number): number | null {
  let sum = 0;
  let neurons = 0;
  for (const intervals of interSpikeIntervals(spikes, size, dtMs)) {
    if (intervals.length < 2) continue;
    sum += coefficientOfVariation(intervals);
    neurons++;
  }
  return neurons > 0 ? sum / neurons : null;
}

/** Spike counts of each neuron in bins of `binSteps` steps, [neuron][bin]; a partial last bin is left out. */
function countsByNeuron(
  spikes: Spikes,
  neurons: readonly number[],
  totalSteps: number,
  binSteps: number,
): Float64Array[] {
  const bins = Math.floor(totalSteps / binSteps);
  const rows = new Map(neurons.map((neuron) => [neuron, new Float64Array(bins)]));
  for (let k = 0; k < spikes.steps.length; k++) {
    const row = rows.get(spikes.neurons[k] as number);
    const bin = Math.floor((spikes.steps[k] as number) / binSteps);
    if (row && bin < bins) row[bin] = (row[bin] as number) + 1;
  }
  return neurons.map((neuron) => rows.get(neuron) as Float64Array);
}

/** What count statistics need to know beside the spikes. */
export interface CountOptions {
  /** Neurons of the population. */
  readonly size: number;
  /** Steps that were simulated. */
  readonly totalSteps: number;
  /** Time step in ms. */
  readonly dtMs: number;
  /** Width of a counting window in ms. */
  readonly binMs: number;
}

function binStepsOf(spikes: Spikes, options: CountOptions, where: string): number {
  checkSpikes(spikes, `${where}: spikes`);
  checkOptions(options, `${where}: options`, ['size', 'totalSteps', 'dtMs', 'binMs', 'most']);
  const { size, totalSteps, dtMs, binMs } = options;
  checkCount(size, `${where}: size`);
  checkCount(totalSteps, `${where}: totalSteps`);
  checkInterval(dtMs, `${where}: dtMs`);
  const wanted = `between one time step (${dtMs} ms) and the duration (${totalSteps * dtMs} ms)`;
  const stepsOf = (ms: number): number => Math.round(ms / dtMs);
  const fits = (ms: number): boolean => stepsOf(ms) >= 1 && stepsOf(ms) <= totalSteps;
  checkNumber(binMs, `${where}: binMs`, wanted, fits);
  return stepsOf(binMs);
}

/** Variance divided by mean of the spike count of the whole population per bin; 1 for independent Poisson trains. */
export function populationFanoFactor(spikes: Spikes, options: CountOptions): number {
  const binSteps = binStepsOf(spikes, options, 'populationFanoFactor');
  const counts = binnedCounts(spikes, options.totalSteps, binSteps);
  const { mean, variance } = moments(counts);
  return variance / mean;
}

/** Mean over neurons that spiked of variance/mean of their count per bin; null when none spiked. */
export function fanoFactor(spikes: Spikes, options: CountOptions): number | null {
  const binSteps = binStepsOf(spikes, options, 'fanoFactor');
  const all = Array.from({ length: options.size }, (_, neuron) => neuron);
  const rows = countsByNeuron(spikes, all, options.totalSteps, binSteps);
  let sum = 0;
  let neurons = 0;
  for (const row of rows) {
    const { mean, variance } = moments(row);
    if (!(mean > 0)) continue;
    sum += variance / mean;
    neurons++;
  }
  return neurons > 0 ? sum / neurons : null;
}

/**
 * Mean Pearson correlation of the binned spike counts over all pairs of the first `most` neurons (default 200) that
 * spiked; null when fewer than two of them vary. Cost: pairs times bins.
 */
export function meanPairwiseCorrelation(
  spikes: Spikes,
  options: CountOptions & { readonly most?: number },
): number | null {
  const where = 'meanPairwiseCorrelation';
  const binSteps = binStepsOf(spikes, options, where);
  const { most = 200 } = options;
  checkCount(most, `${where}: most`);
  const active = [...new Set(spikes.neurons)].sort((a, b) => a - b).slice(0, most);
  const rows = countsByNeuron(spikes, active, options.totalSteps, binSteps);
  const standardised = rows.flatMap((row) => {
    const { mean, variance } = moments(row);
    if (!(variance > 0)) return [];
    const scale = 1 / Math.sqrt(variance * row.length);
    return [row.map((count) => (count - mean) * scale)];
  });
  let sum = 0;
  let pairs = 0;
  for (let a = 0; a < standardised.length; a++) {
    for (let b = a + 1; b < standardised.length; b++) {
      sum += dot(standardised[a] as Float64Array, standardised[b] as Float64Array);
      pairs++;
    }
  }
  return pairs > 0 ? sum / pairs : null;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += (a[k] as number) * (b[k] as number);
  return sum;
}

/** Power per frequency: `powers[k]` at `frequenciesHz[k]`, one-sided. */
export interface PowerSpectrum {
  readonly frequenciesHz: Float64Array;
  /** Unit of the signal squared per hertz. */
  readonly powers: Float64Array;
}

/**
 * Power spectral density of an evenly sampled signal (a rate, a potential) by Welch's method: mean removed, Hann
 * windows of `segment` samples (a power of two; default the largest one that fits four times, at least 64) overlapping
 * by half, one-sided.
 */
export function powerSpectrum(
  signal: ArrayLike<number>,
  sampleMs: number,
  segment?: number,
): PowerSpectrum {
  checkNumbers(signal, 'powerSpectrum: signal');
  checkInterval(sampleMs, 'powerSpectrum: sampleMs');
  return welch(
    signal,
    sampleMs / 1000,
    segment === undefined ? defaultSegment(signal.length) : segment,
  );
}

function welch(signal: ArrayLike<number>, sampleSeconds: number, segment: number): PowerSpectrum {
  const wanted = `a power of two between 2 and the ${signal.length} samples`;
  checkNumber(
    segment,
    'powerSpectrum: segment',
    wanted,
    (n) => n >= 2 && n <= signal.length && Number.isInteger(Math.log2(n)),
  );
  const { mean } = moments(signal);
  const hann = Float64Array.from(
    { length: segment },
    (_, k) => 0.5 - 0.5 * Math.cos((2 * Math.PI * k) / segment),
  );
  const hannPower = hann.reduce((sum, weight) => sum + weight * weight, 0);
  const powers = new Float64Array(segment / 2 + 1);
  let segments = 0;
  for (let start = 0; start + segment <= signal.length; start += segment / 2) {
    const real = hann.map((weight, k) => ((signal[start + k] as number) - mean) * weight);
    const imaginary = new Float64Array(segment);
    fourierTransform(real, imaginary);
    for (let k = 0; k < powers.length; k++) {
      const power = (real[k] as number) ** 2 + (imaginary[k] as number) ** 2;
      powers[k] = (powers[k] as number) + power;
    }
    segments++;
  }
  const toDensity = sampleSeconds / (hannPower * segments);
  return {
    frequenciesHz: powers.map((_, k) => k / (segment * sampleSeconds)),
    // Both signs of a frequency in one, except at 0 and at the highest.
    powers: powers.map((power, k) => power * toDensity * (k === 0 || k === segment / 2 ? 1 : 2)),
  };
}

function defaultSegment(length: number): number {
  const quarter = 2 ** Math.floor(Math.log2(Math.max(2, length / 4)));
  const whole = 2 ** Math.floor(Math.log2(Math.max(2, length)));
  return Math.min(whole, Math.max(64, quarter));
}

/** Discrete Fourier transform in place, sum of x[n] exp(-2 pi i k n/N); radix 2, length a power of two. */
export function fourierTransform(real: Float64Array, imaginary: Float64Array): void {
  const length = real.length;
  reverseBits(real, imaginary);
  for (let size = 2; size <= length; size *= 2) {
    const half = size / 2;
    for (let k = 0; k < half; k++) {
      const angle = (-2 * Math.PI * k) / size;
      const cosine = Math.cos(angle);
      const sine = Math.sin(angle);
      for (let a = k; a < length; a += size) {
        const b = a + half;
        const realB = real[b] as number;
        const imaginaryB = imaginary[b] as number;
        const turnedReal = realB * cosine - imaginaryB * sine;
        const turnedImaginary = realB * sine + imaginaryB * cosine;
        real[b] = (real[a] as number) - turnedReal;
        imaginary[b] = (imaginary[a] as number) - turnedImaginary;
        real[a] = (real[a] as number) + turnedReal;
        imaginary[a] = (imaginary[a] as number) + turnedImaginary;
      }
    }
  }
}

/** Swaps every element with the one at its index in reversed bits. */
function reverseBits(real: Float64Array, imaginary: Float64Array): void {
  const length = real.length;
  for (let index = 1, reversed = 0; index < length; index++) {
    let bit = length >> 1;
    for (; reversed & bit; bit >>= 1) reversed ^= bit;
    reversed ^= bit;
    if (index >= reversed) continue;
    for (const values of [real, imaginary]) {
      const kept = values[index] as number;
      values[index] = values[reversed] as number;
      values[reversed] = kept;
    }
  }
}
