/** What people hand to functions: whether it is a plain object, and how to tell it in a message. Refuses nothing. */
import { listNames } from './messages.ts';

/** Whether a value is an object as JSON has them: no list, no class. */
export function isPlainObject(value: unknown): value is object {
  return (
    typeof value === 'object' &&
    value !== null &&
    [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null)
  );
}

/** Any value in a few words, for messages: "a list of 3", "an object with "a"", "nothing (undefined)". Never throws. */
export function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing (undefined)';
  if (value === null) return 'null';
  if (typeof value === 'string') {
    return value.length > 60 ? `${JSON.stringify(value.slice(0, 57))}…` : JSON.stringify(value);
  }
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'symbol') return 'a symbol';
  if (typeof value === 'bigint') return `${value}n`;
  if (Array.isArray(value)) {
    return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  }
  if (ArrayBuffer.isView(value)) return 'a typed array';
  if (typeof value !== 'object') return String(value);
  const keys = Object.keys(value);
  if (keys.length === 0) return 'an empty object';
  const quoted = keys.map((key) => JSON.stringify(key.slice(0, 30)));
  return `an object with ${listNames(quoted, 4)}`;
}
