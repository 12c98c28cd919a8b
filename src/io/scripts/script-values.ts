/**
 * What the values of a script are while it is read: numbers with units, lists, texts, and arithmetic on them as Python
 * and Brian 2 do it. Knows nothing of networks.
 */
import {
  DIMENSIONLESS,
  type Dimension,
  describeDimension,
  divide,
  internalFactor,
  isDimensionless,
  multiply,
  power,
  readQuantity,
  sameDimension,
  unitOf,
  usualUnit,
} from '../../language/units.ts';
import type { ValueSpec } from '../../network/document.ts';
import { ScriptFault } from './python-tokens.ts';

/** Number and unit as the script wrote them; "" for a unit alone, or for none. */
interface Written {
  readonly number: string;
  readonly unit: string;
}

export interface NumberValue {
  readonly kind: 'number';
  /** In SI units. */
  readonly si: number;
  readonly dimension: Dimension;
  readonly isInteger: boolean;
  readonly written: Written | null;
}

export interface ArrayValue {
  readonly kind: 'array';
  /** In `unit`, row by row. */
  readonly values: readonly number[];
  readonly shape: readonly number[];
  readonly dimension: Dimension;
  /** "" for numbers without unit. */
  readonly unit: string;
  /** SI units in one of `unit`. */
  readonly factor: number;
}

export type ScriptValue =
  | NumberValue
  | ArrayValue
  | { readonly kind: 'text'; readonly text: string; readonly line: number }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'none' }
  | { readonly kind: 'list'; readonly items: readonly ScriptValue[] }
  | { readonly kind: 'dictionary'; readonly entries: ReadonlyMap<string, ScriptValue> }
  /** Drawn at random by Python: as an expression of ours. */
  | { readonly kind: 'drawn'; readonly text: string; readonly dimension: Dimension }
  /** Of the reader: a group, synapses, a monitor, a variable of a group, … */
  | { readonly kind: 'object'; readonly object: object }
  | { readonly kind: 'builtin'; readonly name: string }
  /** Nothing that a network needs, and why it is not known. */
  | { readonly kind: 'opaque'; readonly why: string }
  /** What a line that could not be read would have made. */
  | { readonly kind: 'failed'; readonly line: number };

export const NONE: ScriptValue = { kind: 'none' };

/** Most numbers in one list. */
export const MOST_NUMBERS = 2_000_000;
/** Most dimensions of an array. */
const DEEPEST = 8;
/** Longest text of units, and of an expression that draws. */
const LONGEST_UNIT = 100;
const LONGEST_EXPRESSION = 10_000;

export function numberValue(value: number, isInteger = false, text = String(value)): NumberValue {
  const written = { number: text, unit: '' };
  return { kind: 'number', si: value, dimension: DIMENSIONLESS, isInteger, written };
}

/** The value of a unit's name, or undefined. */
export function unitValue(name: string): NumberValue | undefined {
  const unit = unitOf(name);
  if (unit === undefined) return undefined;
  const { dimension, factor } = unit;
  return {
    kind: 'number',
    si: Number((factor / internalFactor(dimension)).toPrecision(15)),
    dimension,
    isInteger: false,
    written: { number: '', unit: name },
  };
}

export function arrayValue(values: readonly number[], shape = [values.length]): ArrayValue {
  return { kind: 'array', values, shape, dimension: DIMENSIONLESS, unit: '', factor: 1 };
}

/** An element of an array. */
export function elementOf(array: ArrayValue, k: number): NumberValue {
  const value = array.values[k] as number;
  const written = { number: String(value), unit: array.unit };
  const { dimension, factor } = array;
  return {
    kind: 'number',
    si: value * factor,
    dimension,
    isInteger: Number.isInteger(value),
    written,
  };
}

/** A list of numbers as an array; null where it is none. */
export function arrayOf(value: ScriptValue, depth = 0): ArrayValue | null {
  if (value.kind === 'array') return value;
  if (value.kind !== 'list') return null;
  const items: NumberValue[] = [];
  for (const item of value.items) {
    if (item.kind === 'boolean') items.push(numberValue(Number(item.value), true));
    else if (item.kind === 'number') items.push(item);
    else return depth < DEEPEST ? rowsOf(value.items, depth + 1) : null;
  }
  const [first] = items;
  if (first === undefined) return arrayValue([]);
  const { dimension } = first;
  if (items.some((item) => !sameDimension(item.dimension, dimension))) return null;
  const unit = first.written?.unit ?? '';
  const isAlike = items.every(
    ({ written }) => written !== null && written.unit === unit && written.number !== '',
  );
  const values = items.map(({ si, written }) => (isAlike ? Number(written?.number) : si));
  if (!isAlike) return { ...arrayValue(values), dimension, ...baseUnit(dimension) };
  return { ...arrayValue(values), dimension, unit, factor: factorOf(unit) };
}

function rowsOf(items: readonly ScriptValue[], depth: number): ArrayValue | null {
  const rows = items.map((item) => arrayOf(item, depth));
  const [first] = rows;
  if (first === null || first === undefined) return null;
  const isEven = rows.every(
    (row) => row !== null && row.unit === first.unit && row.values.length === first.values.length,
  );
  if (!isEven) return null;
  const values = rows.flatMap((row) => row?.values ?? []);
  return { ...first, values, shape: [rows.length, ...first.shape] };
}

const baseUnit = (dimension: Dimension): { unit: string; factor: number } =>
  isDimensionless(dimension)
    ? { unit: '', factor: 1 }
    : { unit: describeDimension(dimension), factor: 1 };

function factorOf(unit: string): number {
  if (unit === '') return 1;
  const read = readQuantity(`1 ${unit}`);
  if (read === null) return 1;
  return Number((read.value / internalFactor(read.dimension)).toPrecision(15));
}

/** A quantity as documents write it: as the script has it where that is possible. */
export function quantityText(value: NumberValue): string | number {
  const { si, dimension, written } = value;
  if (isDimensionless(dimension)) return si;
  if (written !== null) {
    const { number, unit } = written;
    const text = unit.startsWith('1/')
      ? `${number || '1'}/${unit.slice(2)}`
      : `${number || '1'} ${unit}`;
    const read = readQuantity(text);
    if (read !== null && sameDimension(read.dimension, dimension)) return text;
  }
  const plain = `${si} ${describeDimension(dimension)}`;
  const exact = readQuantity(plain)?.value;
  const unit = usualUnit(dimension);
  const short = `${Number((si / factorOf(unit)).toPrecision(12))} ${unit}`;
  return unit !== '' && readQuantity(short)?.value === exact ? short : plain;
}

/** A quantity inside an expression of the equation language. */
export function expressionText(value: NumberValue): string {
  if (isDimensionless(value.dimension)) return `${value.si}`;
  const { written } = value;
  if (written !== null && written.number === '') return written.unit;
  if (written !== null && !written.unit.startsWith('1/')) {
    return `${written.number}*${written.unit}`;
  }
  return `${value.si}*${describeDimension(value.dimension)}`;
}

/** A value per neuron or synapse; null where a script's value is none. */
export function valueSpec(value: ScriptValue): ValueSpec | null {
  switch (value.kind) {
    case 'number':
      return quantityText(value);
    case 'boolean':
      return value.value ? 'True' : 'False';
    case 'text':
      return value.text;
    case 'drawn':
      return value.text;
    default: {
      const array = arrayOf(value);
      if (array === null) return null;
      return { values: array.values, unit: array.unit === '' ? '1' : array.unit };
    }
  }
}

/** What a value is, for messages. */
export function kindOf(value: ScriptValue): string {
  switch (value.kind) {
    case 'number':
      return `${quantityText(value)}`;
    case 'text':
      return 'a text';
    case 'none':
      return 'None';
    case 'opaque':
      return value.why;
    case 'failed':
      return `what line ${value.line} makes`;
    case 'object':
      return 'an object';
    case 'builtin':
      return value.name;
    case 'drawn':
      return 'random numbers';
    default:
      return value.kind === 'boolean' ? String(value.value) : `a ${value.kind}`;
  }
}

// ---- Arithmetic ----

export function negated(value: ScriptValue, line: number): ScriptValue {
  if (value.kind === 'number') {
    const { written } = value;
    const number =
      written === null || written.number === ''
        ? null
        : written.number.startsWith('-')
          ? written.number.slice(1)
          : `-${written.number}`;
    const sign = number === null || written === null ? null : { number, unit: written.unit };
    return { ...value, si: -value.si, written: sign };
  }
  return binary('*', numberValue(-1, true), value, line);
}

/** `a operator b`, for `+ - * / // % **`. */
export function binary(
  operator: string,
  a: ScriptValue,
  b: ScriptValue,
  line: number,
): ScriptValue {
  for (const side of [a, b]) {
    if (side.kind === 'opaque' || side.kind === 'failed') return side;
  }
  if (a.kind === 'text' && b.kind === 'text' && operator === '+') {
    return { ...a, text: a.text + b.text };
  }
  const lists = listArithmetic(operator, a, b, line);
  if (lists !== null) return lists;
  const left = operand(a);
  const right = operand(b);
  if (left === null || right === null) {
    throw new ScriptFault(line, `"${operator}" of ${kindOf(a)} and ${kindOf(b)} is not read`);
  }
  if (left.kind === 'drawn' || right.kind === 'drawn') return drawn(operator, left, right, line);
  if (left.kind === 'number' && right.kind === 'number')
    return scalars(operator, left, right, line);
  return arrays(operator, left, right, line);
}

type Operand = NumberValue | ArrayValue | Extract<ScriptValue, { kind: 'drawn' }>;

function operand(value: ScriptValue): Operand | null {
  if (value.kind === 'number' || value.kind === 'drawn') return value;
  if (value.kind === 'boolean') return numberValue(Number(value.value), true);
  return arrayOf(value);
}

/** Python's lists: joined by "+", repeated by "*" of a whole number. */
function listArithmetic(
  operator: string,
  a: ScriptValue,
  b: ScriptValue,
  line: number,
): ScriptValue | null {
  if (operator === '+' && a.kind === 'list' && b.kind === 'list') {
    checkCount(a.items.length + b.items.length, line);
    return { kind: 'list', items: [...a.items, ...b.items] };
  }
  if (operator !== '*') return null;
  const [list, count] = a.kind === 'list' ? [a, b] : [b, a];
  if (list.kind !== 'list' || count.kind !== 'number') return null;
  if (!count.isInteger || !isDimensionless(count.dimension)) return null;
  const times = Math.max(0, count.si);
  checkCount(times * list.items.length, line);
  return { kind: 'list', items: Array.from({ length: times }, () => list.items).flat() };
}

export function checkCount(count: number, line: number): void {
  if (count <= MOST_NUMBERS) return;
  throw new ScriptFault(line, `a list of ${count} entries is too long`);
}

function resultDimension(operator: string, a: Operand, b: Operand, line: number): Dimension {
  switch (operator) {
    case '*':
      return multiply(a.dimension, b.dimension);
    case '/':
    case '//':
      return divide(a.dimension, b.dimension);
    case '**':
      if (isDimensionless(a.dimension)) return a.dimension;
      if (b.kind !== 'number') throw new ScriptFault(line, 'a power that varies is not read');
      if (!(Math.abs(b.si) <= 100)) throw new ScriptFault(line, 'such a power is not read');
      return power(a.dimension, b.si);
    default:
      if (sameDimension(a.dimension, b.dimension)) return a.dimension;
      throw new ScriptFault(
        line,
        `"${operator}" of ${describeDimension(a.dimension)} and ${describeDimension(b.dimension)}: units differ`,
      );
  }
}

function calculate(operator: string, a: number, b: number, line: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '//':
      return Math.floor(a / b);
    case '%':
      return a - b * Math.floor(a / b);
    case '**':
      return a ** b;
    default:
      throw new ScriptFault(line, `operator "${operator}" is not read`);
  }
}

function scalars(operator: string, a: NumberValue, b: NumberValue, line: number): NumberValue {
  const dimension = resultDimension(operator, a, b, line);
  const si = calculate(operator, a.si, b.si, line);
  const isInteger = a.isInteger && b.isInteger && operator !== '/' && Number.isInteger(si);
  const written = isDimensionless(dimension)
    ? { number: String(si), unit: '' }
    : writtenOf(operator, a, b);
  return { kind: 'number', si, dimension, isInteger, written };
}

/** `20*ms`, `1*ufarad/cm**2` as they stand; null for anything that is calculated. */
function writtenOf(operator: string, a: NumberValue, b: NumberValue): Written | null {
  const [left, right] = [a.written, b.written];
  if (left === null || right === null) return null;
  if (left.unit.length + right.unit.length > LONGEST_UNIT) return null;
  if (operator === '**') {
    const isUnit = left.number === '' && /^\w+$/.test(left.unit) && right.unit === '';
    return isUnit ? { number: '', unit: `${left.unit}**${right.number}` } : null;
  }
  if (operator === '*') {
    const [one, unit] = right.number === '' ? [left, right] : [right, left];
    if (unit.number !== '') return null;
    return { number: one.number, unit: one.unit === '' ? unit.unit : `${one.unit}*${unit.unit}` };
  }
  if (operator !== '/' || right.number !== '' || /[*/]/.test(right.unit.replaceAll('**', ''))) {
    return null;
  }
  return { number: left.number, unit: `${left.unit === '' ? '1' : left.unit}/${right.unit}` };
}

function arrays(
  operator: string,
  a: NumberValue | ArrayValue,
  b: NumberValue | ArrayValue,
  line: number,
): ScriptValue {
  const dimension = resultDimension(operator, a, b, line);
  const kept = withUnit(operator, a, b);
  if (kept !== null) return { ...kept, dimension };
  const [left, right] = [numbersOf(a), numbersOf(b)];
  const array =
    a.kind === 'array' && (b.kind !== 'array' || b.values.length <= a.values.length) ? a : b;
  const { length } = (array as ArrayValue).values;
  if (a.kind === 'array' && b.kind === 'array' && a.values.length !== b.values.length) {
    if (a.values.length !== 1 && b.values.length !== 1) {
      throw new ScriptFault(
        line,
        `"${operator}" of lists of ${a.values.length} and ${b.values.length}`,
      );
    }
  }
  const values = Array.from({ length }, (_, k) => calculate(operator, left(k), right(k), line));
  const { shape } = array as ArrayValue;
  return { kind: 'array', values, shape, dimension, ...baseUnit(dimension) };
}

/** SI value of element k. */
function numbersOf(value: NumberValue | ArrayValue): (k: number) => number {
  if (value.kind === 'number') return () => value.si;
  const { values, factor } = value;
  return values.length === 1
    ? () => (values[0] as number) * factor
    : (k) => (values[k] as number) * factor;
}

/** Numbers that get a unit keep their digits: `[0.1, 0.2]*ms`. */
function withUnit(
  operator: string,
  a: NumberValue | ArrayValue,
  b: NumberValue | ArrayValue,
): ArrayValue | null {
  const [array, unit] = a.kind === 'array' ? [a, b] : [b, a];
  if (array.kind !== 'array' || unit.kind !== 'number') return null;
  const isUnit = unit.written !== null && unit.written.number === '';
  if (!isUnit) return null;
  if (operator === '*' && array.unit === '') {
    return { ...array, unit: unit.written?.unit ?? '', factor: unit.si };
  }
  if (
    operator === '/' &&
    array === a &&
    array.unit !== '' &&
    /^\w+$/.test(unit.written?.unit ?? '/')
  ) {
    return {
      ...array,
      unit: `${array.unit}/${unit.written?.unit}`,
      factor: array.factor / unit.si,
    };
  }
  return null;
}

function drawn(operator: string, a: Operand, b: Operand, line: number): ScriptValue {
  const text = (side: Operand): string => {
    if (side.kind === 'drawn') return side.text;
    if (side.kind === 'number')
      return side.si < 0 ? `(${expressionText(side)})` : expressionText(side);
    throw new ScriptFault(line, 'random numbers together with a list are not read');
  };
  const dimension = resultDimension(operator, a, b, line);
  const whole = `(${text(a)} ${operator} ${text(b)})`;
  if (whole.length > LONGEST_EXPRESSION) throw new ScriptFault(line, 'this expression is too long');
  return { kind: 'drawn', text: whole, dimension };
}

/** `a operator b` for comparisons of numbers and texts. */
export function compared(
  operator: string,
  a: ScriptValue,
  b: ScriptValue,
  line: number,
): ScriptValue {
  for (const side of [a, b]) {
    if (side.kind === 'opaque' || side.kind === 'failed') return side;
  }
  const plain = (value: ScriptValue): number | string | null =>
    value.kind === 'number'
      ? value.si
      : value.kind === 'boolean'
        ? Number(value.value)
        : value.kind === 'text'
          ? value.text
          : null;
  const [left, right] = [plain(a), plain(b)];
  if (left === null || right === null) {
    if (operator === 'is' || operator === 'is not') {
      const isSame = a.kind === 'none' && b.kind === 'none';
      return { kind: 'boolean', value: (operator === 'is') === isSame };
    }
    throw new ScriptFault(line, `"${operator}" of ${kindOf(a)} and ${kindOf(b)} is not read`);
  }
  const results: Readonly<Record<string, boolean>> = {
    '==': left === right,
    '!=': left !== right,
    '<': left < right,
    '<=': left <= right,
    '>': left > right,
    '>=': left >= right,
  };
  const value = results[operator];
  if (value === undefined) throw new ScriptFault(line, `"${operator}" is not read`);
  return { kind: 'boolean', value };
}
