/**
 * Spikes of populations counted in bins of time, the last ones of a run: a ring that takes what Progress brings, and rates
 * over any interval in wider bins, smoothed. Pure arithmetic; who draws is in Rates.tsx.
 */

export interface RateBins {
  readonly binMs: number;
  /** Counts of bins `firstBin` … in [bin][population] order; what was known of these bins is replaced. */
  set(firstBin: number, counts: Uint32Array): void;
  /** Bins that are known and finished: from … to-1. */
  known(): { readonly from: number; readonly to: number };
  /** Spikes of a population in bins from … to-1. */
  sum(population: number, from: number, to: number): number;
}

export function createRateBins(populations: number, binMs: number, capacity: number): RateBins {
  const ring = new Uint32Array(capacity * populations);
  let first = 0;
  /** Bin that is still filling; -1 before any. */
  let last = -1;
  return {
    binMs,
    set(firstBin, counts) {
      const bins = counts.length / populations;
      if (bins < 1) return;
      // A gap: what was before it is let go, rather than drawn as silence.
      if (last < 0 || firstBin > last + 1) first = firstBin;
      for (let bin = Math.max(0, bins - capacity); bin < bins; bin++) {
        const at = ((firstBin + bin) % capacity) * populations;
        for (let k = 0; k < populations; k++) {
          ring[at + k] = counts[bin * populations + k] as number;
        }
      }
      last = firstBin + bins - 1;
      first = Math.max(first, last - capacity + 1);
    },
    known: () => ({ from: first, to: Math.max(first, last) }),
    sum(population, from, to) {
      let sum = 0;
      for (let bin = Math.max(from, first); bin < Math.min(to, last); bin++) {
        sum += ring[(bin % capacity) * populations + population] as number;
      }
      return sum;
    },
  };
}

/** How many bins are kept: an hour of few populations, and never more than 16 MB. */
export const ratesKept = (populations: number): number =>
  Math.max(4096, Math.min(1 << 19, Math.floor((4 << 20) / Math.max(1, populations))));

/**
 * Bins that are drawn as one: as many as make the width that was asked for, more where the interval would have over `most`
 * points.
 */
export function binsPerPoint(
  askedMs: number,
  binMs: number,
  intervalMs: number,
  most: number,
): number {
  const asked = Math.max(1, Math.round(askedMs / binMs));
  const needed = intervalMs / binMs / most;
  if (needed <= asked) return asked;
  return asked * 2 ** Math.ceil(Math.log2(needed / asked));
}

export interface Rates {
  /** Middles of the bins, ms. */
  readonly timesMs: Float64Array;
  /** By population: spikes per second and neuron. */
  readonly rates: readonly Float64Array[];
  /** Width of the bins, ms. */
  readonly binMs: number;
}

/**
 * Rates in an interval and one bin to each side of it, of bins that are finished, `perPoint` bins of the ring for each.
 * Smoothed by a Gaussian of standard deviation `smoothMs`; 0: not at all.
 */
export function ratesBetween(
  bins: RateBins,
  sizes: readonly number[],
  fromMs: number,
  toMs: number,
  perPoint: number,
  smoothMs: number,
): Rates {
  const binMs = bins.binMs * perPoint;
  const sigma = smoothMs / binMs;
  const margin = 1 + Math.ceil(3 * sigma);
  const known = bins.known();
  const low = Math.max(Math.ceil(known.from / perPoint), Math.floor(fromMs / binMs) - margin);
  const high = Math.min(Math.floor(known.to / perPoint), Math.ceil(toMs / binMs) + margin);
  const count = Math.max(0, high - low);
  const timesMs = Float64Array.from({ length: count }, (_, k) => (low + k + 0.5) * binMs);
  const kernel = gaussian(sigma);
  const rates = sizes.map((size, population) => {
    const perSpike = 1000 / (size * binMs);
    const values = new Float64Array(count);
    for (let k = 0; k < count; k++) {
      const from = (low + k) * perPoint;
      values[k] = bins.sum(population, from, from + perPoint) * perSpike;
    }
    return kernel.length > 1 ? smooth(values, kernel) : values;
  });
  return { timesMs, rates, binMs };
}

/** Mean rates over an interval, spikes per second and neuron; NaN where nothing is known. */
export function meanRates(
  bins: RateBins,
  sizes: readonly number[],
  fromMs: number,
  toMs: number,
): number[] {
  const known = bins.known();
  const from = Math.max(known.from, Math.floor(fromMs / bins.binMs));
  const to = Math.min(known.to, Math.ceil(toMs / bins.binMs));
  const seconds = ((to - from) * bins.binMs) / 1000;
  return sizes.map((size, population) =>
    to > from ? bins.sum(population, from, to) / (size * seconds) : Number.NaN,
  );
}

/** One half of a Gaussian kernel, from its middle outwards, to three standard deviations; [1] without any width. */
export function gaussian(sigma: number): Float64Array {
  if (!(sigma > 0)) return Float64Array.of(1);
  return Float64Array.from({ length: Math.ceil(3 * sigma) + 1 }, (_, k) =>
    Math.exp(-0.5 * (k / sigma) ** 2),
  );
}

/** Convolved with a kernel that is symmetric; near the ends with what is there of it, so that a constant stays one. */
export function smooth(values: Float64Array, half: Float64Array): Float64Array {
  const out = new Float64Array(values.length);
  for (let k = 0; k < values.length; k++) {
    let sum = 0;
    let weight = 0;
    const from = Math.max(0, k - half.length + 1);
    const to = Math.min(values.length - 1, k + half.length - 1);
    for (let j = from; j <= to; j++) {
      const factor = half[Math.abs(j - k)] as number;
      sum += factor * (values[j] as number);
      weight += factor;
    }
    out[k] = sum / weight;
  }
  return out;
}
