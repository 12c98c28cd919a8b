/**
 * Checks of what people hand to the readers and writers: wrong kinds are TypeErrors, unknown options RangeErrors, and
 * both say where, what is wanted and what was found. What files hold is checked where it is read.
 */
import { describeValue, isPlainObject } from '../language/argument.ts';
import { suggest } from '../language/messages.ts';

/** Throws the TypeError `where must be wanted, got value`. */
export function refuseArgument(where: string, wanted: string, value: unknown): never {
  throw new TypeError(`${where} must be ${wanted}, got ${describeValue(value)}.`);
}

/** The contents of a file. */
export function checkBytes(value: unknown, where: string): asserts value is Uint8Array {
  if (!(value instanceof Uint8Array)) refuseArgument(where, 'a Uint8Array', value);
}

/** A name or path. */
export function checkText(value: unknown, where: string): asserts value is string {
  if (typeof value !== 'string' || value === '') refuseArgument(where, 'a text', value);
}

/** An optional name. */
export function checkOptionalText(value: unknown, where: string): void {
  if (value !== undefined) checkText(value, where);
}

/** A typed array, or a list, of numbers; `length` where that is known. */
export function checkNumberList(value: unknown, where: string, length?: number): void {
  const isTyped = ArrayBuffer.isView(value) && !(value instanceof DataView);
  const isList = isTyped || (Array.isArray(value) && value.every((one) => typeof one === 'number'));
  const found = isList ? (value as { readonly length: number }).length : -1;
  if (found < 0) refuseArgument(where, 'a list of numbers', value);
  if (length !== undefined && found !== length) {
    throw new RangeError(`${where} must be ${length} numbers, got ${found}.`);
  }
}

/** A plain object with no keys but these. */
export function checkKnownOptions(value: unknown, where: string, known: readonly string[]): void {
  if (!isPlainObject(value)) refuseArgument(where, 'an object', value);
  for (const key of Object.keys(value as object)) {
    if (known.includes(key)) continue;
    const meant = suggest(key, known);
    const hint = meant === undefined ? '' : ` Did you mean "${meant}"?`;
    throw new RangeError(`${where}: unknown option "${key}".${hint} Known: ${known.join(', ')}.`);
  }
}
