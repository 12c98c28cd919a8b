/**
 * Fewer points that look the same: the smallest and largest value of each of as many intervals as the plot has columns.
 * Pure, over typed arrays.
 */

/** First index whose value is at least `value`, in an ascending list. */
export function lowerBound(
  ascending: ArrayLike<number>,
  value: number,
  from = 0,
  to = ascending.length,
): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

export interface Decimated {
  readonly x: Float64Array;
  /** By series. */
  readonly ys: readonly Float64Array[];
}

/**
 * Samples `from` … `to`-1 of several series over one ascending x, as at most two points for each of `columns` equal
 * intervals of x. Where there are no more samples than that, they are returned as they are. The two points of an interval
 * come in the order in which smallest and largest occurred, so that steps keep their direction.
 */
export function decimate(
  x: ArrayLike<number>,
  ys: readonly ArrayLike<number>[],
  from: number,
  to: number,
  columns: number,
): Decimated {
  const count = to - from;
  if (count <= columns * 2) {
    return { x: copy(x, from, to), ys: ys.map((values) => copy(values, from, to)) };
  }
  const begin = x[from] as number;
  const width = ((x[to - 1] as number) - begin) / columns || 1;
  const outX = new Float64Array(columns * 2);
  const outYs = ys.map(() => new Float64Array(columns * 2));
  let points = 0;
  let start = from;
  for (let column = 0; column < columns && start < to; column++) {
    const edge = begin + (column + 1) * width;
    const end = column === columns - 1 ? to : lowerBound(x, edge, start, to);
    if (end === start) continue;
    outX[points] = x[start] as number;
    outX[points + 1] = x[Math.max(start, end - 1)] as number;
    for (let series = 0; series < ys.length; series++) {
      extremes(ys[series] as ArrayLike<number>, start, end, outYs[series] as Float64Array, points);
    }
    points += 2;
    start = end;
  }
  return { x: outX.subarray(0, points), ys: outYs.map((values) => values.subarray(0, points)) };
}

function extremes(
  values: ArrayLike<number>,
  start: number,
  end: number,
  out: Float64Array,
  at: number,
): void {
  let low = values[start] as number;
  let high = low;
  let lowAt = start;
  let highAt = start;
  for (let k = start + 1; k < end; k++) {
    const value = values[k] as number;
    if (value < low) {
      low = value;
      lowAt = k;
    } else if (value > high) {
      high = value;
      highAt = k;
    }
  }
  out[at] = lowAt <= highAt ? low : high;
  out[at + 1] = lowAt <= highAt ? high : low;
}

function copy(values: ArrayLike<number>, from: number, to: number): Float64Array {
  const out = new Float64Array(to - from);
  for (let k = from; k < to; k++) out[k - from] = values[k] as number;
  return out;
}
