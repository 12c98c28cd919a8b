/** How times are written along an axis: milliseconds below ten seconds, seconds above; logarithmic axes by decade. */
import { digitsOf } from './numbers.ts';

/** Unit of an axis that ends there. */
export const timeUnit = (endMs: number): 'ms' | 's' => (endMs < 10_000 ? 'ms' : 's');

/** Tick texts of a linear axis, with just the digits that tell neighbours apart. */
export function timeTicks(splitsMs: readonly number[], endMs: number): string[] {
  const scale = timeUnit(endMs) === 'ms' ? 1 : 1 / 1000;
  const step =
    splitsMs.length > 1 ? ((splitsMs[1] as number) - (splitsMs[0] as number)) * scale : 1;
  const digits = step > 0 ? digitsOf(step, 4) : 0;
  return splitsMs.map((split) => (split * scale).toFixed(digits));
}

const UNITS: readonly (readonly [number, string])[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1000, 's'],
  [1, 'ms'],
];

/** A duration in the largest unit in which it is at least one: 250 ms, 2 s, 10 min, 3 h, 2 d. */
export function duration(ms: number): string {
  const found = UNITS.find(([size]) => ms >= size * 0.9999) ?? ([1, 'ms'] as const);
  return `${Number((ms / found[0]).toPrecision(3))} ${found[1]}`;
}

/**
 * Where a logarithmic time axis has ticks: round numbers of the units that people count in, at most about `most` of them.
 */
export function logTimeSplits(fromMs: number, toMs: number, most: number): number[] {
  const fine = [1, 2, 5, 10, 20, 50, 100, 200, 500];
  const minutes = [1, 2, 5, 10, 30];
  const all = [
    ...fine,
    ...[1, 2, 5, 10, 30].map((n) => n * 1000),
    ...minutes.map((n) => n * 60_000),
    ...[1, 2, 6, 12].map((n) => n * 3_600_000),
    ...fine.map((n) => n * 86_400_000),
  ];
  const inside = [0.1, 0.2, 0.5, ...all].filter((ms) => ms >= fromMs && ms <= toMs);
  const every = Math.max(1, Math.ceil(inside.length / Math.max(2, most)));
  return inside.filter((_, index) => index % every === 0);
}
