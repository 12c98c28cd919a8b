/**
 * Power spectra of population rates by Welch's method, and the peak that stands out of one. Pure.
 *
 * The density is two-sided, shown at frequencies from 0 on: n independent Poisson neurons of rate r have r/n at all of
 * them, and the variance of the rate is the integral over both signs of the frequency.
 */
import { powerSpectrum } from '../../index.ts';
import type { StepRange } from './protocol.ts';
import { NOBODY, type Selection } from './selection.ts';
import type { SpikeSlice } from './spike-log.ts';

/** Width of a bin of the rate, ms (at least one step): frequencies up to half its inverse. */
export const SPECTRUM_BIN_MS = 1;
/** Samples of a Hann window; they overlap by half. Shorter where fewer than four fit, down to SHORTEST. */
const LONGEST = 2048;
const SHORTEST = 64;
/** Bins of all populations together: of longer ranges the last part counts. */
const MOST_BINS = 1 << 23;
/** Chance that a spectrum without any peak is said to have one. */
const FALSE_ALARM = 1e-3;

export interface Spectrum {
  readonly frequencies: Float64Array;
  /** (spikes/s)²/Hz. */
  readonly power: Float64Array;
  /** What independent Poisson neurons of this number and rate have. */
  readonly poisson: number;
}

/** By population of the selection; empty where the range is shorter than a window. */
export function spectraOf(
  spikes: readonly SpikeSlice[],
  { populations, ownerOf }: Selection,
  range: StepRange,
  dtMs: number,
): { readonly spectrum: Spectrum; readonly peakHz: number | null }[] {
  const binSteps = Math.max(1, Math.round(SPECTRUM_BIN_MS / dtMs));
  const most = Math.floor(MOST_BINS / Math.max(1, populations.length));
  const bins = Math.min(most, Math.floor((range.to - range.from) / binSteps));
  const from = range.to - bins * binSteps;
  const counts = populations.map(() => new Float64Array(bins));
  for (const { steps, neurons } of spikes) {
    for (let k = 0; k < steps.length; k++) {
      const owner = ownerOf[neurons[k] as number] as number;
      const bin = Math.floor(((steps[k] as number) - from) / binSteps);
      if (owner === NOBODY || bin < 0) continue;
      const own = counts[owner] as Float64Array;
      own[bin] = (own[bin] as number) + 1;
    }
  }
  return populations.map(({ size }, owner) =>
    spectrumOf(counts[owner] as Float64Array, size, binSteps * dtMs),
  );
}

function spectrumOf(counts: Float64Array, size: number, binMs: number) {
  const perCount = 1000 / (binMs * size);
  let sum = 0;
  for (const count of counts) sum += count;
  const rateHz = counts.length === 0 ? 0 : (sum / counts.length) * perCount;
  const poisson = rateHz / size;
  const quarter = 2 ** Math.floor(Math.log2(Math.max(1, counts.length / 4)));
  const segment = Math.min(LONGEST, Math.max(SHORTEST, quarter));
  if (segment > counts.length || sum === 0) {
    const none = new Float64Array(0);
    return { spectrum: { frequencies: none, power: none, poisson }, peakHz: null };
  }
  const { frequenciesHz: frequencies, powers } = powerSpectrum(
    counts.map((count) => count * perCount),
    binMs,
    segment,
  );
  // Both signs of a frequency are one there, except at the ends.
  const power = powers.map((one, k) => (k === 0 || k === powers.length - 1 ? one : one / 2));
  const segments = Math.floor((counts.length - segment) / (segment / 2)) + 1;
  return {
    spectrum: { frequencies, power, poisson },
    peakHz: peakOf(frequencies, power, segments),
  };
}

/**
 * The largest peak, where it is higher than the peaks that a spectrum of that level without any would have (but for
 * once in 1/FALSE_ALARM times); the frequency between the lines by a parabola through the logarithms.
 */
function peakOf(frequencies: Float64Array, power: Float64Array, segments: number): number | null {
  // The lowest two lines have what is left of the mean and of drifts.
  let top = 2;
  for (let k = 3; k < power.length - 1; k++) {
    if ((power[k] as number) > (power[top] as number)) top = k;
  }
  const height = power[top] ?? 0;
  const [before, after] = [power[top - 1] ?? 0, power[top + 1] ?? 0];
  if (!(height > before && height >= after)) return null;
  const sorted = Float64Array.from(power.subarray(2, power.length - 1)).sort();
  const level = sorted[sorted.length >> 1] as number;
  if (height <= level * highestWithoutPeak(sorted.length, segments)) return null;
  const [a, b, c] = [before, height, after].map((one) => Math.log(Math.max(one, height * 1e-12)));
  const bend = (a as number) - 2 * (b as number) + (c as number);
  const shift = bend < 0 ? (0.5 * ((a as number) - (c as number))) / bend : 0;
  return (frequencies[1] as number) * (top + Math.max(-0.5, Math.min(0.5, shift)));
}

/**
 * How many times the median the highest of `lines` lines of a flat spectrum is: a line is chi-squared with about
 * 2*segments*9/11 degrees of freedom (Hann windows that overlap by half; Welch 1967), whose quantiles are those of
 * Wilson and Hilferty (1931).
 */
function highestWithoutPeak(lines: number, segments: number): number {
  const freedom = segments === 1 ? 2 : (2 * segments * 9) / 11;
  // Wilson and Hilferty fall short in the tail of few degrees of freedom; two have an exponential distribution.
  if (freedom <= 2) return Math.log(lines / FALSE_ALARM) / Math.LN2;
  const spread = 2 / (9 * freedom);
  const quantile = (z: number): number => (1 - spread + z * Math.sqrt(spread)) ** 3;
  return quantile(normalTail(FALSE_ALARM / lines)) / quantile(0);
}

/** The z that a standard normal number exceeds with a (small) chance: Abramowitz and Stegun 26.2.23, to 4.5e-4. */
function normalTail(chance: number): number {
  const t = Math.sqrt(-2 * Math.log(chance));
  const above = 2.515517 + 0.802853 * t + 0.010328 * t * t;
  const below = 1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t * t * t;
  return t - above / below;
}
