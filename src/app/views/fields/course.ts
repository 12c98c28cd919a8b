/** Mean, least and largest value of a field over time, as they were read; thinned out when there are many. */
import type { Moments } from './slice.ts';

export interface Course {
  readonly timesMs: number[];
  readonly means: number[];
  readonly mins: number[];
  readonly maxs: number[];
}

const MOST = 4000;

export const createCourse = (): Course => ({ timesMs: [], means: [], mins: [], maxs: [] });

/** Adds a reading that is later than the last; every second one of the old ones goes when there are too many. */
export function addReading(course: Course, timeMs: number, { mean, min, max }: Moments): void {
  if (timeMs <= (course.timesMs.at(-1) ?? Number.NEGATIVE_INFINITY)) return;
  course.timesMs.push(timeMs);
  course.means.push(mean);
  course.mins.push(min);
  course.maxs.push(max);
  if (course.timesMs.length <= MOST) return;
  for (const list of [course.timesMs, course.means, course.mins, course.maxs]) {
    const kept = list.filter((_, k) => k % 2 === 0);
    list.splice(0, list.length, ...kept);
  }
}

/** What of it lies in an interval, with one reading before and after, so that curves reach the edges. */
export function within(
  { timesMs, means, mins, maxs }: Course,
  fromMs: number,
  toMs: number,
): [number[], number[], number[], number[]] {
  let from = timesMs.findIndex((time) => time >= fromMs);
  if (from < 0) from = timesMs.length;
  let to = timesMs.findIndex((time) => time > toMs);
  if (to < 0) to = timesMs.length;
  const [first, last] = [Math.max(0, from - 1), Math.min(timesMs.length, to + 1)];
  return [
    timesMs.slice(first, last),
    means.slice(first, last),
    mins.slice(first, last),
    maxs.slice(first, last),
  ];
}
