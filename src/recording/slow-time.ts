/** Slow time of a network for summaries and files: who has slow equations, and how far ahead of the network they are. */
import { describeValue, isPlainObject } from '../language/argument.ts';
import type { NetworkDocument } from '../network/document.ts';

/** The slow clock of a population or projection, in a summary. */
export interface SlowTime {
  /** Of the population or projection. */
  readonly name: string;
  /** By how much its slow time runs ahead of the network's; 1 is as written. */
  readonly acceleration: number;
  /** Slow time since the start, s. */
  readonly duration_s: number;
}

/** A "(slow)" among the flags of an equation. */
const SLOW_FLAG = /\(([^()]*,)?\s*slow\s*(,[^()]*)?\)\s*(#.*)?$/m;

/** Whoever of a network has slow equations, after so many milliseconds of the network's time. */
export function slowTimesOf(
  { populations, projections }: NetworkDocument,
  durationMs: number,
): readonly SlowTime[] {
  return [...populations, ...projections].flatMap((owner) => {
    if (!('eqs' in owner) || owner.eqs === undefined || !SLOW_FLAG.test(owner.eqs)) return [];
    const acceleration = 'acceleration' in owner ? (owner.acceleration ?? 1) : 1;
    return [{ name: owner.name, acceleration, duration_s: (durationMs / 1000) * acceleration }];
  });
}

/**
 * "excitatory x 360, midbrain x 20": whose results are accelerated; empty where slow time is the network's. Throws
 * TypeError for what is no `slow_time` of a summary.
 */
export function accelerationsText(slow: readonly SlowTime[]): string {
  const given: unknown = slow;
  const isFine =
    Array.isArray(given) && given.every((one) => isPlainObject(one) && 'acceleration' in one);
  if (!isFine) {
    throw new TypeError(
      `accelerationsText: slow must be the slow_time of a summary, got ${describeValue(slow)}.`,
    );
  }
  return slow
    .filter(({ acceleration }) => acceleration !== 1)
    .map(({ name, acceleration }) => `${name} x ${acceleration}`)
    .join(', ');
}
