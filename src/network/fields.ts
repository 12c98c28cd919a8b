/**
 * Checks of single values that somebody wrote into a network description: each says where, what is wanted, what was
 * found and what to do. Knows nothing of populations or projections.
 */
import { NetworkError } from '../errors.ts';
import { describeValue, isPlainObject } from '../language/argument.ts';
import { suggest } from '../language/messages.ts';
import { type Dimension, parseQuantity, parseUnit } from '../language/units.ts';
import type { NumberList, Quantity } from './document.ts';

/** Most elements that a population may have, and most entries of one list. */
export const MOST_NEURONS = 2 ** 28;
const LONGEST_TEXT = 100_000;
const LONGEST_NAME = 200;

/** Throws `where must be wanted, got value. remedy`. */
export function refuse(where: string, wanted: string, value: unknown, remedy = ''): never {
  const end = remedy === '' ? '' : ` ${remedy}`;
  throw new NetworkError(`${where} must be ${wanted}, got ${describeValue(value)}.${end}`, {
    path: where,
    value,
  });
}

/** Refuses everything but a plain object (JSON's kind). */
export function checkObject(
  value: unknown,
  where: string,
  remedy = '',
): asserts value is Readonly<Record<string, unknown>> {
  if (!isPlainObject(value)) refuse(where, 'an object', value, remedy);
}

/** Words of Brian 2, PyNN and NEST for what a key here is called. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  equations: 'eqs',
  model: 'eqs',
  pre: 'onPre',
  post: 'onPost',
  on_pre: 'onPre',
  on_post: 'onPost',
  namespace: 'params',
  parameters: 'params',
  integrator: 'method',
  timestep: 'dt',
  resolution: 'dt',
  i: 'pre',
  j: 'post',
  times: 'timesMs',
  senders: 'indices',
  indegree: 'k',
};

/** The known key that an unknown one was meant to be, or undefined. */
function meantKey(key: string, known: readonly string[]): string | undefined {
  const elsewhere = Object.hasOwn(ELSEWHERE, key) ? ELSEWHERE[key] : undefined;
  return elsewhere !== undefined && known.includes(elsewhere) ? elsewhere : suggest(key, known);
}

/** Refuses keys that are not known, with a suggestion, and missing required ones. */
export function checkKeys(
  value: unknown,
  where: string,
  required: readonly string[],
  optional: readonly string[] = [],
): asserts value is Readonly<Record<string, unknown>> {
  const known = [...required, ...optional];
  checkObject(value, where, `Its keys: ${known.join(', ')}.`);
  for (const key of Object.keys(value)) {
    if (known.includes(key)) continue;
    const near = meantKey(key, known);
    const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
    throw new NetworkError(`${where}: unknown key "${key}".${hint} Known: ${known.join(', ')}.`, {
      path: where,
      value: key,
    });
  }
  for (const key of required) {
    if (value[key] === undefined) {
      throw new NetworkError(`${where}: "${key}" is missing. Needed: ${required.join(', ')}.`, {
        path: where,
        value: undefined,
      });
    }
  }
}

/** As `checkKeys`, for options that already have a type. */
export function checkOptions(
  value: unknown,
  where: string,
  required: readonly string[],
  optional: readonly string[] = [],
): void {
  checkKeys(value, where, required, optional);
}

export function checkInteger(
  value: unknown,
  where: string,
  least: number,
  most: number,
): asserts value is number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most) {
    refuse(where, `a whole number from ${least} to ${most}`, value);
  }
}

export function checkBoolean(value: unknown, where: string): asserts value is boolean {
  if (typeof value !== 'boolean') refuse(where, 'true or false', value);
}

/** A text that is not empty. */
export function checkText(value: unknown, where: string, example: string): asserts value is string {
  if (typeof value !== 'string' || value.trim() === '') {
    refuse(where, 'a text that is not empty', value, `For example ${JSON.stringify(example)}.`);
  }
  checkLength(value, where, LONGEST_TEXT);
}

/** Equation text: may be empty. */
export function checkEquations(value: unknown, where: string): asserts value is string {
  if (typeof value !== 'string') {
    refuse(where, 'a text', value, 'For example "dv/dt = -v/tau : volt".');
  }
  checkLength(value, where, LONGEST_TEXT);
}

function checkLength(value: string, where: string, most: number): void {
  if (value.length > most) {
    refuse(where, `at most ${most} characters long`, value, `It has ${value.length}.`);
  }
}

/** Any text of one line that people can read in a message. */
export function checkName(value: unknown, where: string): asserts value is string {
  if (typeof value !== 'string' || value.trim() === '') {
    refuse(where, 'a name (a text that is not empty)', value);
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (value.length > LONGEST_NAME || /[\u0000-\u001f\u007f"]/.test(value)) {
    refuse(where, `a name of at most ${LONGEST_NAME} characters on one line, without "`, value);
  }
}

/** A name that equations can use. */
export function checkIdentifier(value: unknown, where: string): asserts value is string {
  if (typeof value !== 'string' || !/^[A-Za-z][A-Za-z0-9_]*$/.test(value)) {
    refuse(where, 'a name of ASCII letters, digits and _, starting with a letter', value);
  }
  checkLength(value, where, LONGEST_NAME);
}

/** One of a few words. */
export function checkWord(value: unknown, where: string, allowed: readonly string[]): void {
  if (typeof value === 'string' && allowed.includes(value)) return;
  const near = typeof value === 'string' ? suggest(value, allowed) : undefined;
  const hint = near === undefined ? '' : `Did you mean "${near}"?`;
  refuse(where, allowed.map((word) => `"${word}"`).join(' or '), value, hint);
}

/** A quantity, of the given dimension if there is one; returns its internal value. */
export function checkQuantity(value: unknown, where: string, dimension?: Dimension): number {
  return parseQuantity(value as Quantity, where, dimension).value;
}

/** A quantity >= 0 (or > 0) of the given dimension; returns its internal value. */
export function checkPositive(
  value: unknown,
  where: string,
  dimension: Dimension,
  zeroAllowed: boolean,
): number {
  const internal = checkQuantity(value, where, dimension);
  if (internal < 0 || (internal === 0 && !zeroAllowed)) {
    refuse(where, zeroAllowed ? 'at least 0' : 'greater than 0', value);
  }
  return internal;
}

export function checkUnit(value: unknown, where: string): asserts value is string {
  if (typeof value !== 'string') refuse(where, 'a unit', value, 'For example "mV", or "1".');
  try {
    parseUnit(value);
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    throw new NetworkError(`${where}: ${error.message}`, { path: where, value });
  }
}

/** What the entries of a list of numbers must be. */
export interface ListRule {
  readonly length?: number;
  readonly integer?: boolean;
  readonly least?: number;
  readonly most?: number;
}

/** Whether a value is a typed array of numbers (not of bigints). */
export const isTypedList = (value: unknown): value is Exclude<NumberList, readonly number[]> =>
  ArrayBuffer.isView(value) &&
  !(value instanceof DataView) &&
  !(value instanceof BigInt64Array || value instanceof BigUint64Array);

/** A list of finite numbers, plain or typed. */
export function checkNumbers(
  value: unknown,
  where: string,
  rule: ListRule = {},
): asserts value is NumberList {
  if (!Array.isArray(value) && !isTypedList(value)) refuse(where, 'a list of numbers', value);
  if (rule.length !== undefined && value.length !== rule.length) {
    refuse(where, `a list of ${rule.length} numbers`, value);
  }
  if (value.length > MOST_NEURONS * 8) refuse(where, 'a shorter list', value);
  const least = rule.least ?? Number.NEGATIVE_INFINITY;
  const most = rule.most ?? Number.POSITIVE_INFINITY;
  for (let k = 0; k < value.length; k++) {
    const entry: unknown = value[k];
    const isFine =
      typeof entry === 'number' &&
      Number.isFinite(entry) &&
      entry >= least &&
      entry <= most &&
      (rule.integer !== true || Number.isInteger(entry));
    if (!isFine) refuse(`${where}[${k}]`, describeRule(rule), entry);
  }
}

function describeRule(rule: ListRule): string {
  const kind = rule.integer === true ? 'a whole number' : 'a finite number';
  if (rule.least !== undefined && rule.most !== undefined) {
    return `${kind} from ${rule.least} to ${rule.most}`;
  }
  return rule.least === undefined ? kind : `${kind}, at least ${rule.least}`;
}
