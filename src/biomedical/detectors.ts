/**
 * What tells a sick run from a healthy one, beside the statistics of src/recording/analysis.ts: bursts, synchrony, band
 * power, release, transmitter levels, early warning of a change. Pure functions of spikes and signals; NaN means that the
 * data say nothing (no spikes, too short), never that something is wrong.
 */
import { describeValue } from '../language/argument.ts';
import { interSpikeIntervals, moments, powerSpectrum } from '../recording/analysis.ts';
import {
  checkCount,
  checkInterval,
  checkNumber,
  checkNumbers,
  checkSpikes,
} from '../recording/check.ts';
import type { Spikes } from '../recording/spikes.ts';

// ---- Spikes ----

/** Spikes of steps from … to - 1, steps counted from `from`. */
export function spikesBetween(spikes: Spikes, from: number, to: number): Spikes {
  checkSpikes(spikes, 'spikesBetween: spikes');
  checkCount(from, 'spikesBetween: from');
  checkCount(to, 'spikesBetween: to');
  const steps: number[] = [];
  const neurons: number[] = [];
  for (let k = 0; k < spikes.steps.length; k++) {
    const step = spikes.steps[k] as number;
    if (step < from || step >= to) continue;
    steps.push(step - from);
    neurons.push(spikes.neurons[k] as number);
  }
  return { steps: Uint32Array.from(steps), neurons: Uint32Array.from(neurons) };
}

/**
 * Burst index, 0 … 1: share of inter-spike intervals, of all neurons together, of at most `longestMs` (default 10 ms).
 * A Poisson train of rate r has 1 - exp(-r longestMs). NaN where no neuron spikes twice.
 */
export function burstIndex(spikes: Spikes, size: number, dtMs: number, longestMs = 10): number {
  checkInterval(longestMs, 'burstIndex: longestMs');
  let short = 0;
  let all = 0;
  for (const intervals of interSpikeIntervals(spikes, size, dtMs)) {
    all += intervals.length;
    // Times are whole steps: half a step keeps rounding out of the comparison.
    for (const interval of intervals) if (interval <= longestMs + dtMs / 2) short++;
  }
  return all > 0 ? short / all : Number.NaN;
}

/**
 * Synchrony chi^2, 0 … 1: variance over time of the mean signal, divided by the mean of the neurons' own variances (Golomb
 * 2007, Scholarpedia 2:1347). 1 for equal signals, 1/n for n independent ones. `signals`: one per neuron, of equal
 * lengths, potentials for example, in any unit. NaN for nothing, and where nothing varies.
 */
export function synchrony(signals: readonly ArrayLike<number>[]): number {
  if (!Array.isArray(signals)) {
    throw new TypeError(
      `synchrony: signals must be a list of signals, got ${describeValue(signals)}.`,
    );
  }
  const [first] = signals as readonly ArrayLike<number>[];
  if (first === undefined) return Number.NaN;
  checkNumbers(first, 'synchrony: signals');
  const mean = new Float64Array(first.length);
  let own = 0;
  for (const signal of signals) {
    checkNumbers(signal, 'synchrony: signals');
    for (let k = 0; k < mean.length; k++) mean[k] = (mean[k] as number) + (signal[k] as number);
    own += moments(signal).variance;
  }
  const ofMean = moments(mean).variance / signals.length ** 2;
  return ofMean === 0 && own === 0 ? Number.NaN : (ofMean * signals.length) / own;
}

/** Spike counts per bin of each of the first `most` neurons (default all), for `synchrony` where there are only spikes. */
export function binnedTrains(
  spikes: Spikes,
  { size, totalSteps, binSteps }: { size: number; totalSteps: number; binSteps: number },
  most = size,
): Float64Array[] {
  checkSpikes(spikes, 'binnedTrains: spikes');
  checkCount(size, 'binnedTrains: size');
  checkCount(most, 'binnedTrains: most');
  checkNumber(binSteps, 'binnedTrains: binSteps', 'a whole number from 1 on', (n) => n >= 1);
  const bins = Math.floor(totalSteps / binSteps);
  const rows = Array.from({ length: Math.min(size, most) }, () => new Float64Array(bins));
  for (let k = 0; k < spikes.steps.length; k++) {
    const row = rows[spikes.neurons[k] as number];
    const bin = Math.floor((spikes.steps[k] as number) / binSteps);
    if (row && bin < bins) row[bin] = (row[bin] as number) + 1;
  }
  return rows;
}

// ---- Rhythms ----

/** Bands of frequencies in Hz, by their names in electrophysiology. */
export const BANDS = {
  theta: [4, 8],
  alpha: [8, 13],
  beta: [13, 30],
  gamma: [30, 80],
} as const satisfies Readonly<Record<string, readonly [number, number]>>;

/**
 * Power of a signal between two frequencies, unit of the signal squared: the variance that these frequencies have, so that
 * a sine of amplitude a inside the band has a^2/2. Welch's method (powerSpectrum), with the longest windows that fit twice.
 * NaN where there are fewer than three periods of the lower frequency, or fewer than two samples per period of the upper.
 */
export function bandPower(
  signal: ArrayLike<number>,
  sampleMs: number,
  band: readonly [number, number],
): number {
  if (!Array.isArray(band) || band.length !== 2) {
    throw new TypeError(
      `bandPower: band must be two frequencies such as [13, 30], got ${describeValue(band)}.`,
    );
  }
  const [fromHz, toHz] = band;
  checkNumbers(signal, 'bandPower: signal');
  checkInterval(sampleMs, 'bandPower: sampleMs');
  const wanted = 'a frequency above 0, the second above the first';
  checkNumber(fromHz, 'bandPower: band', wanted, (hz) => hz > 0);
  checkNumber(toHz, 'bandPower: band', wanted, (hz) => hz > fromHz);
  const seconds = (signal.length * sampleMs) / 1000;
  if (seconds * fromHz < 3 || toHz > 500 / sampleMs) return Number.NaN;
  const segment = 2 ** Math.floor(Math.log2((2 * signal.length) / 3));
  const { frequenciesHz, powers } = powerSpectrum(signal, sampleMs, segment);
  const widthHz = frequenciesHz[1] as number;
  let sum = 0;
  for (let k = 0; k < powers.length; k++) {
    // A line of the spectrum stands for the frequencies around it: at the edges of the band a part of it counts.
    const middle = frequenciesHz[k] as number;
    const inside = Math.min(toHz, middle + widthHz / 2) - Math.max(fromHz, middle - widthHz / 2);
    if (inside > 0) sum += (powers[k] as number) * inside;
  }
  return sum;
}

// ---- Release ----

/**
 * Answers to a train of stimuli: largest |change| of a signal within `windowMs` after each, from its value before. Times
 * are those of the samples; NaN for a stimulus that has no sample before it or none behind it.
 */
export function responseAmplitudes(
  signal: ArrayLike<number>,
  timesMs: ArrayLike<number>,
  stimuliMs: readonly number[],
  windowMs: number,
): Float64Array {
  checkNumbers(signal, 'responseAmplitudes: signal');
  checkNumbers(timesMs, 'responseAmplitudes: timesMs');
  checkNumbers(stimuliMs, 'responseAmplitudes: stimuliMs');
  checkInterval(windowMs, 'responseAmplitudes: windowMs');
  return Float64Array.from(stimuliMs, (stimulus) => {
    let before = Number.NaN;
    let largest = Number.NaN;
    for (let k = 0; k < timesMs.length; k++) {
      const time = timesMs[k] as number;
      if (time <= stimulus) before = signal[k] as number;
      else if (time > stimulus + windowMs) break;
      else {
        const change = Math.abs((signal[k] as number) - before);
        if (!(change <= largest)) largest = change;
      }
    }
    return largest;
  });
}

/** Second answer to the first: above 1 facilitation, below 1 depression. NaN for fewer than two, or a first one of 0. */
export const pairedPulseRatio = (amplitudes: ArrayLike<number>): number =>
  ratioToFirst(amplitudes, 1, 'pairedPulseRatio');

/** Tenth answer to the first. NaN for fewer than ten, or a first one of 0. */
export const tenthToFirst = (amplitudes: ArrayLike<number>): number =>
  ratioToFirst(amplitudes, 9, 'tenthToFirst');

function ratioToFirst(amplitudes: ArrayLike<number>, index: number, where: string): number {
  checkNumbers(amplitudes, `${where}: amplitudes`);
  const [first, one] = [amplitudes[0], amplitudes[index]];
  return first === undefined || one === undefined || first === 0 ? Number.NaN : one / first;
}

/** Release failures, 0 … 1: share of answers below `least` (same unit). Answers that are NaN do not count; NaN for none. */
export function failureRate(amplitudes: ArrayLike<number>, least: number): number {
  checkNumbers(amplitudes, 'failureRate: amplitudes');
  checkNumber(least, 'failureRate: least', 'an amplitude above 0', (one) => one > 0);
  const counted = Array.from(amplitudes).filter((one) => !Number.isNaN(one));
  return counted.filter((one) => one < least).length / counted.length;
}

// ---- Levels ----

/** Mean of a signal, in its unit: an occupancy, a concentration. NaN for nothing. */
export function meanLevel(signal: ArrayLike<number>): number {
  checkNumbers(signal, 'meanLevel: signal');
  return signal.length === 0 ? Number.NaN : moments(signal).mean;
}

/** Tonic level of a transmitter, in its unit: the median, which bursts and pauses of less than half the time do not move. */
export function tonicLevel(signal: ArrayLike<number>): number {
  checkNumbers(signal, 'tonicLevel: signal');
  const sorted = Float64Array.from(signal).sort();
  const { length } = sorted;
  if (length === 0) return Number.NaN;
  const upper = sorted[Math.floor(length / 2)] as number;
  return length % 2 === 1 ? upper : (upper + (sorted[length / 2 - 1] as number)) / 2;
}

/** Phasic part of a transmitter, in its unit: the largest value above the tonic level. */
export const phasicLevel = (signal: ArrayLike<number>): number =>
  largest(signal) - tonicLevel(signal);

/** Peak of bursts in tonic levels, 1 and more. NaN for a tonic level of 0. */
export function burstToTonic(signal: ArrayLike<number>): number {
  const tonic = tonicLevel(signal);
  return tonic === 0 ? Number.NaN : largest(signal) / tonic;
}

function largest(signal: ArrayLike<number>): number {
  checkNumbers(signal, 'phasicLevel: signal');
  let most = Number.NaN;
  for (let k = 0; k < signal.length; k++)
    if (!((signal[k] as number) <= most)) most = signal[k] as number;
  return most;
}

/** How far regulation is from its target: (mean - target)/target, so 0 where it holds. */
export function targetError(signal: ArrayLike<number>, target: number): number {
  checkNumber(target, 'targetError: target', 'a number other than 0', isTarget);
  return (meanLevel(signal) - target) / target;
}

const isTarget = (one: number): boolean => one !== 0 && Number.isFinite(one);

// ---- Early warning ----

/** Variance of a signal around its straight trend, unit squared. NaN for fewer than three samples. */
export const trendVariance = (signal: ArrayLike<number>): number =>
  numberCount(signal, 'trendVariance') < 3 ? Number.NaN : moments(withoutTrend(signal)).variance;

/**
 * Correlation of a signal, without its straight trend, with itself one sample later, -1 … 1. Near a bifurcation recovery
 * slows down and it rises towards 1 (Scheffer et al. 2009, Nature 461:53): a process dx = -k x dt + noise has exp(-k dt).
 * NaN for fewer than three samples and for a straight line.
 */
export function lagOneAutocorrelation(signal: ArrayLike<number>): number {
  checkNumbers(signal, 'lagOneAutocorrelation: signal');
  if (signal.length < 3) return Number.NaN;
  const rest = withoutTrend(signal);
  let products = 0;
  let squares = 0;
  for (let k = 0; k < rest.length; k++) {
    squares += (rest[k] as number) ** 2;
    if (k > 0) products += (rest[k] as number) * (rest[k - 1] as number);
  }
  return squares > 0 ? products / squares : Number.NaN;
}

function numberCount(signal: ArrayLike<number>, where: string): number {
  checkNumbers(signal, `${where}: signal`);
  return signal.length;
}

/** Deviations from the line of least squares. */
function withoutTrend(signal: ArrayLike<number>): Float64Array {
  checkNumbers(signal, 'trendVariance: signal');
  const { length } = signal;
  const middle = (length - 1) / 2;
  const { mean } = moments(signal);
  let along = 0;
  let squares = 0;
  for (let k = 0; k < length; k++) {
    along += (k - middle) * (signal[k] as number);
    squares += (k - middle) ** 2;
  }
  const slope = along / squares;
  const rest = Float64Array.from(signal, (value, k) => value - mean - slope * (k - middle));
  // What rounding leaves of a straight line is no variation.
  const noise = 1e-13 * Math.max(Math.abs(mean), Math.abs(slope) * length);
  return rest.every((value) => Math.abs(value) <= noise) ? rest.fill(0) : rest;
}

/** Early warning over time: both measures in windows, and whether they rise. */
export interface EarlyWarning {
  /** End of each window, in samples. */
  readonly ends: readonly number[];
  readonly variances: readonly number[];
  readonly autocorrelations: readonly number[];
  /** Kendall's tau with time, -1 … 1: 1 where every window has more than all before it. */
  readonly varianceTrend: number;
  readonly autocorrelationTrend: number;
}

/** Windows of `window` samples, each `every` (default half a window) after the one before. Needs at least two of them. */
export function earlyWarning(
  signal: ArrayLike<number>,
  window: number,
  every?: number,
): EarlyWarning {
  checkNumbers(signal, 'earlyWarning: signal');
  const wanted = `a whole number of samples from 3 to ${signal.length}`;
  checkNumber(
    window,
    'earlyWarning: window',
    wanted,
    (n) => Number.isInteger(n) && n >= 3 && n <= signal.length,
  );
  const step = every === undefined ? Math.max(1, Math.floor(window / 2)) : every;
  checkNumber(
    step,
    'earlyWarning: every',
    'a whole number from 1 on',
    (n) => Number.isSafeInteger(n) && n >= 1,
  );
  const all = Float64Array.from(signal);
  const count = Math.floor((all.length - window) / step) + 1;
  const parts = Array.from({ length: count }, (_, k) => all.subarray(k * step, k * step + window));
  const variances = parts.map(trendVariance);
  const autocorrelations = parts.map(lagOneAutocorrelation);
  return {
    ends: parts.map((_, k) => k * step + window),
    variances,
    autocorrelations,
    varianceTrend: kendall(variances),
    autocorrelationTrend: kendall(autocorrelations),
  };
}

/** Kendall's rank correlation with the order; NaN for fewer than two. */
function kendall(values: readonly number[]): number {
  let sum = 0;
  let pairs = 0;
  for (let a = 0; a < values.length; a++) {
    for (let b = a + 1; b < values.length; b++) {
      sum += Math.sign((values[b] as number) - (values[a] as number));
      pairs++;
    }
  }
  return pairs > 0 ? sum / pairs : Number.NaN;
}
