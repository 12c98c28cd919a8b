/**
 * Population rates in time: spike counts per step or bin, and their smoothing. Rates are spikes per second and neuron.
 */
import { describeValue } from '../language/argument.ts';
import { checkCount, checkInterval, checkNumber, checkOptions, checkSpikes } from './check.ts';
import type { Spikes } from './spikes.ts';

/** Rate over time: value k holds for the bin that starts at `timesMs[k]`. */
export interface RateTrace {
  /** Start of each bin. */
  readonly timesMs: Float64Array;
  /** Spikes per second and neuron. */
  readonly ratesHz: Float64Array;
}

/** How to smooth: the mean over a window of `widthMs`, or a Gaussian of standard deviation `widthMs`. */
export interface RateOptions {
  /** Bin width in ms, rounded to steps; default one step. */
  readonly binMs?: number;
  /** Width of the smoothing window; default none. */
  readonly widthMs?: number;
  /** Shape of the window, default "flat". */
  readonly window?: 'flat' | 'gaussian';
}

/** Spikes in each bin of `binSteps` steps; the last bin may be partial and is left out. */
export function binnedCounts(spikes: Spikes, totalSteps: number, binSteps: number): Float64Array {
  const counts = new Float64Array(Math.floor(totalSteps / binSteps));
  for (const step of spikes.steps) {
    const bin = Math.floor(step / binSteps);
    if (bin < counts.length) counts[bin] = (counts[bin] as number) + 1;
  }
  return counts;
}

/** Rate of a population of `size` neurons over `totalSteps` steps. */
export function populationRate(
  spikes: Spikes,
  size: number,
  totalSteps: number,
  dtMs: number,
  options: RateOptions = {},
): RateTrace {
  checkSpikes(spikes, 'rate: spikes');
  checkCount(size, 'rate: size');
  checkCount(totalSteps, 'rate: totalSteps');
  checkInterval(dtMs, 'rate: dtMs');
  checkOptions(options, 'rate: options', ['binMs', 'widthMs', 'window']);
  const { binMs = dtMs, widthMs = 0, window = 'flat' } = options;
  checkInterval(binMs, 'rate: binMs');
  const isWidth = (ms: number): boolean => ms >= 0 && Number.isFinite(ms);
  checkNumber(widthMs, 'rate: widthMs', 'a time >= 0 in ms', isWidth);
  if (window !== 'flat' && window !== 'gaussian') {
    throw new RangeError(
      `rate: window must be "flat" or "gaussian", got ${describeValue(window)}.`,
    );
  }
  const binSteps = Math.max(1, Math.round(binMs / dtMs));
  const counts = binnedCounts(spikes, totalSteps, binSteps);
  const toHz = 1000 / (binSteps * dtMs * size);
  const rates = counts.map((count) => count * toHz);
  // A window wider than all there is has the weights of one that just reaches everywhere.
  const widthBins = Math.min(widthMs / (binSteps * dtMs), 2 * rates.length + 1);
  const kernel = window === 'flat' ? flatKernel(widthBins) : gaussianKernel(widthBins);
  return {
    timesMs: Float64Array.from(rates, (_, bin) => bin * binSteps * dtMs),
    ratesHz: kernel.length > 1 ? smooth(rates, kernel) : rates,
  };
}

/** Equal weights over the odd number of bins nearest to `bins`. */
function flatKernel(bins: number): Float64Array {
  const half = Math.max(0, Math.round((bins - 1) / 2));
  return new Float64Array(2 * half + 1).fill(1 / (2 * half + 1));
}

/** Cut at four standard deviations. */
function gaussianKernel(deviation: number): Float64Array {
  const half = Math.ceil(4 * deviation);
  const weights = Float64Array.from({ length: 2 * half + 1 }, (_, k) =>
    deviation > 0 ? Math.exp(-(((k - half) / deviation) ** 2) / 2) : 1,
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** Convolution with an odd kernel; at the ends the weights that fall outside are left out and the rest rescaled. */
function smooth(values: Float64Array, kernel: Float64Array): Float64Array {
  const half = (kernel.length - 1) / 2;
  return values.map((_, centre) => {
    const from = Math.max(0, centre - half);
    const to = Math.min(values.length - 1, centre + half);
    let sum = 0;
    let weights = 0;
    for (let k = from; k <= to; k++) {
      const weight = kernel[k - centre + half] as number;
      sum += (values[k] as number) * weight;
      weights += weight;
    }
    return sum / weights;
  });
}
