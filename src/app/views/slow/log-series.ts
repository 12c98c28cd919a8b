/**
 * A history that is dense at its beginning and its end in the same way: points at about equal distances of logarithmic
 * time, however long the run. Pure.
 */

export interface LogSeries {
  /** Ascending, above 0. */
  readonly times: readonly number[];
  /** Of each time, as it was given. */
  readonly rows: readonly (readonly number[])[];
  /** A newer point; earlier or equal times are ignored. */
  add(time: number, row: readonly number[]): void;
}

/** Keeps between a half and all of `most` points. */
export function createLogSeries(most = 600): LogSeries {
  const times: number[] = [];
  const rows: (readonly number[])[] = [];
  return {
    times,
    rows,
    add(time, row) {
      if (!(time > (times.at(-1) ?? 0))) return;
      times.push(time);
      rows.push(row);
      if (times.length <= most) return;
      const first = times[0] as number;
      const ratio = (time / first) ** (2 / most);
      let kept = 0;
      let last = Number.NEGATIVE_INFINITY;
      for (let k = 0; k < times.length; k++) {
        const at = times[k] as number;
        if (at < last * ratio && k < times.length - 1) continue;
        times[kept] = at;
        rows[kept++] = rows[k] as readonly number[];
        last = at;
      }
      times.length = kept;
      rows.length = kept;
    },
  };
}

/** Mean and standard deviation over the elements; NaN ones do not count. */
export function spread(values: ArrayLike<number>): [mean: number, sd: number] {
  let n = 0;
  let mean = 0;
  let squares = 0;
  for (let k = 0; k < values.length; k++) {
    const value = values[k] as number;
    if (Number.isNaN(value)) continue;
    n++;
    const off = value - mean;
    mean += off / n;
    squares += off * (value - mean);
  }
  return n === 0 ? [Number.NaN, Number.NaN] : [mean, Math.sqrt(squares / n)];
}
