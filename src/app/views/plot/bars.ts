/** Bars of a histogram: without empty ends, and on logarithmic axes without what is not above zero. Pure. */
import type { Histogram } from '../../simulation/protocol.ts';

export interface Bar {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

export function barsOf({ edges, counts }: Histogram, logarithmic: boolean): Bar[] {
  const bars: Bar[] = [];
  for (let k = 0; k < counts.length; k++) {
    let from = edges[k] as number;
    const to = edges[k + 1] as number;
    if (logarithmic) {
      if (!(to > 0)) continue;
      // A first bin from zero begins a tenth of its end: zero is nowhere on such an axis.
      if (!(from > 0)) from = to / 10;
    }
    bars.push({ from, to, count: counts[k] as number });
  }
  const isFull = ({ count }: Bar): boolean => count > 0;
  const first = bars.findIndex(isFull);
  if (first < 0) return bars;
  return bars.slice(first, bars.findLastIndex(isFull) + 1);
}

/** Number, mean and standard deviation of what was counted, taking the middle of its bin for each. */
export function momentsOf({ edges, counts }: Histogram): { n: number; mean: number; sd: number } {
  let n = 0;
  let sum = 0;
  let squares = 0;
  for (let k = 0; k < counts.length; k++) {
    const middle = ((edges[k] as number) + (edges[k + 1] as number)) / 2;
    const count = counts[k] as number;
    n += count;
    sum += count * middle;
    squares += count * middle * middle;
  }
  const mean = sum / n;
  return { n, mean, sd: Math.sqrt(Math.max(0, squares / n - mean * mean)) };
}

/**
 * Of values that are whole multiples of a step: bins begin half a step earlier, so that each is about the middle of the
 * values in it.
 */
export function centred(histogram: Histogram, step: number): Histogram {
  return { ...histogram, edges: histogram.edges.map((edge) => edge - step / 2) };
}
