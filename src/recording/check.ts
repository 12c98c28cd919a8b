/**
 * Checks of what people hand to the functions that look at results: wrong kinds are TypeErrors, wrong sizes
 * RangeErrors, and both say where, what is wanted and what was found.
 */
import { describeValue, isPlainObject } from '../language/argument.ts';

import type { Spikes } from './spikes.ts';

/** A number that satisfies `isFine`; `wanted` completes "must be …". */
export function checkNumber(
  value: unknown,
  where: string,
  wanted: string,
  isFine: (value: number) => boolean,
): void {
  if (typeof value !== 'number') {
    throw new TypeError(`${where} must be ${wanted}, got ${describeValue(value)}.`);
  }
  if (!isFine(value)) throw new RangeError(`${where} must be ${wanted}, got ${value}.`);
}

/** Number of neurons or steps. */
export function checkCount(value: unknown, where: string): void {
  checkNumber(value, where, 'a whole number >= 0', (n) => Number.isSafeInteger(n) && n >= 0);
}

/** A time in ms that is not zero: a step, a bin, a sampling interval. */
export function checkInterval(value: unknown, where: string): void {
  checkNumber(value, where, 'a time > 0 in ms', (ms) => ms > 0 && Number.isFinite(ms));
}

/** Anything with a length and numbers in it. */
export function checkNumbers(value: unknown, where: string): asserts value is ArrayLike<number> {
  const isList = Array.isArray(value) || (ArrayBuffer.isView(value) && 'length' in value);
  const list = value as ArrayLike<unknown>;
  if (isList && (list.length === 0 || typeof list[0] === 'number')) return;
  throw new TypeError(`${where} must be a list of numbers, got ${describeValue(value)}.`);
}

/** `{ steps, neurons }` of equal length. */
export function checkSpikes(value: unknown, where: string): asserts value is Spikes {
  const spikes = value as Partial<Spikes> | null | undefined;
  const isPair =
    spikes?.steps instanceof Uint32Array &&
    spikes.neurons instanceof Uint32Array &&
    spikes.steps.length === spikes.neurons.length;
  if (isPair) return;
  throw new TypeError(
    `${where} must be spikes ({ steps, neurons }, two Uint32Array of one length), got ${describeValue(value)}.`,
  );
}

/** An object with no other keys than these. */
export function checkOptions(value: unknown, where: string, known: readonly string[]): void {
  if (!isPlainObject(value)) {
    throw new TypeError(`${where} must be an object, got ${describeValue(value)}.`);
  }
  for (const key of Object.keys(value)) {
    if (known.includes(key)) continue;
    throw new RangeError(`${where}: unknown option "${key}". Known: ${known.join(', ')}.`);
  }
}
