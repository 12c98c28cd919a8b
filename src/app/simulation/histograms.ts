/** Histograms with bins that people like to read. */
import type { Histogram } from './protocol.ts';

/** The smallest of 1, 2, 5, 10, 20, 50, … that is at least `width`: whole steps, whole spikes. */
export function niceWidth(width: number): number {
  if (!(width > 1)) return 1;
  const ten = 10 ** Math.floor(Math.log10(width));
  const factor = [1, 2, 5, 10].find((one) => one * ten >= width * (1 - 1e-9)) ?? 10;
  return Math.round(factor * ten);
}

/** Of counts in bins of one width from 0 on, without the empty ones at the end; `total` values in all. */
export function histogramFrom(counts: Float64Array, width: number, total: number): Histogram {
  let bins = counts.length;
  while (bins > 0 && counts[bins - 1] === 0) bins--;
  const shown = counts.slice(0, bins);
  const inside = shown.reduce((sum, count) => sum + count, 0);
  return {
    // Products of whole numbers and a width, not sums of widths: 0.3, not 0.30000000000000004.
    edges: Float64Array.from({ length: bins + 1 }, (_, k) => Number((k * width).toPrecision(12))),
    counts: shown,
    beyond: total - inside,
  };
}

/** Of values, in `bins` bins of one width between the smallest and the largest; values that are no numbers are left out. */
export function histogramOf(values: ArrayLike<number>, bins: number): Histogram {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < values.length; k++) {
    const value = values[k] as number;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  if (!(most >= least))
    return { edges: new Float64Array(1), counts: new Float64Array(0), beyond: 0 };
  // One value has a bin around it.
  const spread = most > least ? most - least : Math.max(Math.abs(most), 1) * 1e-3;
  const from = most > least ? least : least - spread / 2;
  const count = most > least ? bins : 1;
  const counts = new Float64Array(count);
  for (let k = 0; k < values.length; k++) {
    const value = values[k] as number;
    if (Number.isNaN(value)) continue;
    const bin = Math.min(count - 1, Math.floor(((value - from) / spread) * count));
    counts[bin] = (counts[bin] as number) + 1;
  }
  return {
    edges: Float64Array.from({ length: count + 1 }, (_, k) => from + (spread * k) / count),
    counts,
    beyond: 0,
  };
}
