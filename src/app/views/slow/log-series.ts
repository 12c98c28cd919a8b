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

/** Width of the first intervals: a thousandth of a power of e. Doubled whenever there are too many points. */
const FIRST_WIDTH = 1e-3;

/** Keeps at most `most` points: the first of each interval of logarithmic time, and the newest. */
export function createLogSeries(most = 600): LogSeries {
  const times: number[] = [];
  const rows: (readonly number[])[] = [];
  let width = FIRST_WIDTH;
  const intervalOf = (time: number | undefined): number =>
    time === undefined ? Number.NEGATIVE_INFINITY : Math.floor(Math.log(time) / width);

  /** Wider intervals are made of whole narrower ones, so that thinning again and again leaves no holes. */
  function thin(): void {
    width *= 2;
    let kept = 0;
    for (let k = 0; k < times.length; k++) {
      const isNewest = k === times.length - 1;
      if (kept > 0 && !isNewest && intervalOf(times[k]) === intervalOf(times[kept - 1])) continue;
      times[kept] = times[k] as number;
      rows[kept++] = rows[k] as readonly number[];
    }
    times.length = kept;
    rows.length = kept;
  }

  return {
    times,
    rows,
    add(time, row) {
      if (!(time > (times.at(-1) ?? 0))) return;
      // The newest so far was no first of its interval: it makes place.
      if (intervalOf(times.at(-1)) === intervalOf(times.at(-2))) {
        times.pop();
        rows.pop();
      }
      times.push(time);
      rows.push(row);
      while (times.length > most) thin();
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
