/** The functions of Python and numpy that a script may use to make numbers and lists. */
import { DIMENSIONLESS, isDimensionless } from '../../language/units.ts';
import { ScriptFault } from './python-tokens.ts';
import {
  type ArrayValue,
  arrayOf,
  arrayValue,
  binary,
  checkCount,
  elementOf,
  kindOf,
  type NumberValue,
  numberValue,
  type ScriptValue,
} from './script-values.ts';

/** Arguments of a call: by position, and by name. */
export interface CallArguments {
  readonly list: readonly ScriptValue[];
  readonly named: ReadonlyMap<string, ScriptValue>;
}

type ScriptFunction = (call: CallArguments, line: number) => ScriptValue;

/** The number an argument must be. */
export function numberOf(value: ScriptValue | undefined, what: string, line: number): NumberValue {
  if (value?.kind === 'number') return value;
  if (value?.kind === 'boolean') return numberValue(Number(value.value), true);
  throw new ScriptFault(line, `${what} must be a number, got ${value ? kindOf(value) : 'nothing'}`);
}

/** The whole number an argument must be. */
export function wholeOf(value: ScriptValue | undefined, what: string, line: number): number {
  const { si, dimension } = numberOf(value, what, line);
  if (isDimensionless(dimension) && Number.isInteger(si)) return si;
  throw new ScriptFault(line, `${what} must be a whole number, got ${si}`);
}

/** The entries of a list, array or dictionary. */
export function itemsOf(value: ScriptValue, line: number): readonly ScriptValue[] {
  if (value.kind === 'list') return value.items;
  if (value.kind === 'array') {
    const [rows = 0, ...rest] = value.shape;
    if (rest.length === 0) return value.values.map((_, k) => elementOf(value, k));
    const width = rest.reduce((product, one) => product * one, 1);
    return Array.from({ length: rows }, (_, row) => ({
      ...value,
      values: value.values.slice(row * width, (row + 1) * width),
      shape: rest,
    }));
  }
  if (value.kind === 'text') {
    return [...value.text].map((text) => ({ kind: 'text' as const, text, line: value.line }));
  }
  if (value.kind === 'dictionary') {
    return [...value.entries.keys()].map((text) => ({ kind: 'text' as const, text, line }));
  }
  throw new ScriptFault(line, `${kindOf(value)} is no list`);
}

function range({ list }: CallArguments, line: number): ScriptValue {
  const numbers = list.map((one) => wholeOf(one, 'range', line));
  const [from, to, step] =
    numbers.length === 1
      ? [0, numbers[0] ?? 0, 1]
      : [numbers[0] ?? 0, numbers[1] ?? 0, numbers[2] ?? 1];
  const count = step === 0 ? 0 : Math.max(0, Math.ceil((to - from) / step));
  checkCount(count, line);
  const items = Array.from({ length: count }, (_, k) => numberValue(from + k * step, true));
  return { kind: 'list', items };
}

function mapped(value: ScriptValue, line: number, change: (x: number) => number): ScriptValue {
  if (value.kind === 'opaque' || value.kind === 'failed') return value;
  if (value.kind === 'number' || value.kind === 'boolean') {
    const { si, dimension } = numberOf(value, 'the argument', line);
    if (isDimensionless(dimension)) return numberValue(change(si));
  }
  const array = arrayOf(value);
  if (array === null || !isDimensionless(array.dimension)) {
    throw new ScriptFault(line, `a function of ${kindOf(value)} is not read`);
  }
  return { ...array, values: array.values.map(change) };
}

const pure =
  (change: (x: number) => number): ScriptFunction =>
  ({ list }, line) =>
    mapped(list[0] ?? { kind: 'none' }, line, change);

function array({ list }: CallArguments, line: number): ScriptValue {
  const [value = { kind: 'none' }] = list;
  if (value.kind === 'opaque' || value.kind === 'failed' || value.kind === 'drawn') return value;
  if (value.kind === 'number') return value;
  const found = arrayOf(value);
  if (found === null) throw new ScriptFault(line, `an array of ${kindOf(value)} is not read`);
  return found;
}

function filled(value: number): ScriptFunction {
  return ({ list }, line) => {
    const [shape] = list;
    const sizes =
      shape?.kind === 'list'
        ? shape.items.map((one) => wholeOf(one, 'a size', line))
        : [wholeOf(shape, 'a size', line)];
    const count = sizes.reduce((product, one) => product * Math.max(0, one), 1);
    checkCount(count, line);
    return arrayValue(new Array<number>(count).fill(value), sizes);
  };
}

/** With units, as long as all have the same. */
function spaced(call: CallArguments, line: number): ScriptValue {
  const [from, to, number] = call.list;
  const count = wholeOf(number ?? call.named.get('num') ?? numberValue(50, true), 'linspace', line);
  checkCount(count, line);
  const [a, b] = [numberOf(from, 'linspace', line), numberOf(to, 'linspace', line)];
  const step = count > 1 ? (b.si - a.si) / (count - 1) : 0;
  const values = Array.from({ length: Math.max(0, count) }, (_, k) => a.si + k * step);
  const base = arrayValue(values);
  if (isDimensionless(a.dimension)) return base;
  const unit: NumberValue = { ...a, si: 1, written: null };
  return binary('*', base, unit, line);
}

function arange(call: CallArguments, line: number): ScriptValue {
  const numbers = call.list.map((one) => numberOf(one, 'arange', line));
  if (numbers.some(({ dimension }) => !isDimensionless(dimension))) {
    throw new ScriptFault(line, 'arange with units is not read: multiply its result by the unit');
  }
  const [a = 0, b, c = 1] = numbers.map(({ si }) => si);
  const [from, to] = b === undefined ? [0, a] : [a, b];
  const count = c === 0 ? 0 : Math.max(0, Math.ceil((to - from) / c));
  checkCount(count, line);
  return arrayValue(Array.from({ length: count }, (_, k) => from + k * c));
}

function extreme(choose: (values: readonly number[]) => number): ScriptFunction {
  return ({ list }, line) => {
    const items = list.length === 1 ? itemsOf(list[0] as ScriptValue, line) : list;
    const numbers = items.map((one) => numberOf(one, 'an entry', line));
    const [first] = numbers;
    if (first === undefined) throw new ScriptFault(line, 'there is nothing to choose from');
    const best = choose(numbers.map(({ si }) => si));
    return numbers.find(({ si }) => si === best) ?? first;
  };
}

function sum({ list }: CallArguments, line: number): ScriptValue {
  const items = itemsOf(list[0] ?? { kind: 'none' }, line);
  return items.reduce<ScriptValue>(
    (total, one) => binary('+', total, one, line),
    numberValue(0, true),
  );
}

function zipped({ list }: CallArguments, line: number): ScriptValue {
  const columns = list.map((one) => itemsOf(one, line));
  const count = Math.min(...columns.map(({ length }) => length));
  const items = Array.from({ length: Number.isFinite(count) ? count : 0 }, (_, k) => ({
    kind: 'list' as const,
    items: columns.map((column) => column[k] as ScriptValue),
  }));
  return { kind: 'list', items };
}

/** `dict(others, a=1)`. */
function dictionary({ list: [first], named }: CallArguments, line: number): ScriptValue {
  if (first === undefined) return { kind: 'dictionary', entries: named };
  if (first.kind === 'dictionary') {
    return { kind: 'dictionary', entries: new Map([...first.entries, ...named]) };
  }
  const pairs = itemsOf(first, line).map((pair) => {
    const [key, value] = itemsOf(pair, line);
    if (key?.kind === 'text' && value !== undefined) return [key.text, value] as const;
    throw new ScriptFault(line, `dict of ${kindOf(first)} is not read`);
  });
  return { kind: 'dictionary', entries: new Map([...pairs, ...named]) };
}

const drawing =
  (text: string): ScriptFunction =>
  () => ({ kind: 'drawn', text, dimension: DIMENSIONLESS });

/** numpy's distributions, as expressions of ours: `text` of their two numbers. */
function distribution(
  defaults: readonly [number, number],
  text: (a: number, b: number) => string,
): ScriptFunction {
  return ({ list, named }, line) => {
    const given = (k: number, ...names: readonly string[]): number => {
      const value =
        list[k] ?? names.map((name) => named.get(name)).find((one) => one !== undefined);
      if (value === undefined) return defaults[k] as number;
      const { si, dimension } = numberOf(value, 'a number of a distribution', line);
      if (isDimensionless(dimension)) return si;
      throw new ScriptFault(line, 'a distribution with units is not read: multiply it by the unit');
    };
    const [a, b] = [given(0, 'loc', 'low', 'mean', 'scale'), given(1, 'scale', 'high', 'sigma')];
    return { kind: 'drawn', text: text(a, b), dimension: DIMENSIONLESS };
  };
}

/** Of `length` entries, flattened. */
function repeated({ list }: CallArguments, line: number): ScriptValue {
  const values = arrayOf(list[0] ?? { kind: 'none' });
  const times = wholeOf(list[1], 'repeat', line);
  if (values === null) throw new ScriptFault(line, 'repeat of this is not read');
  checkCount(values.values.length * times, line);
  const all = values.values.flatMap((one) => new Array<number>(Math.max(0, times)).fill(one));
  return { ...values, values: all, shape: [all.length] };
}

function tiled({ list }: CallArguments, line: number): ScriptValue {
  const values = arrayOf(list[0] ?? { kind: 'none' });
  const times = wholeOf(list[1], 'tile', line);
  if (values === null) throw new ScriptFault(line, 'tile of this is not read');
  checkCount(values.values.length * times, line);
  const all = Array.from({ length: Math.max(0, times) }, () => values.values).flat();
  return { ...values, values: all, shape: [all.length] };
}

const asList: ScriptFunction = ({ list: [value] }, line) => ({
  kind: 'list',
  items: value === undefined ? [] : itemsOf(value, line),
});

const FUNCTIONS: ReadonlyMap<string, ScriptFunction> = new Map<string, ScriptFunction>([
  ['range', range],
  ['len', ({ list }, line) => numberValue(itemsOf(list[0] ?? { kind: 'none' }, line).length, true)],
  [
    'int',
    ({ list }, line) => {
      const { si } = numberOf(list[0], 'int', line);
      return numberValue(Math.trunc(si), true);
    },
  ],
  ['float', ({ list }, line) => numberValue(numberOf(list[0], 'float', line).si)],
  [
    'round',
    ({ list }, line) => {
      const { si } = numberOf(list[0], 'round', line);
      const whole = Math.round(si);
      return numberValue(Math.abs(si % 1) === 0.5 ? 2 * Math.round(si / 2) : whole, true);
    },
  ],
  [
    'abs',
    ({ list }, line) => {
      const value = numberOf(list[0], 'abs', line);
      return value.si < 0 ? binary('*', numberValue(-1, true), value, line) : value;
    },
  ],
  ['min', extreme((values) => values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY))],
  ['max', extreme((values) => values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY))],
  ['sum', sum],
  ['list', asList],
  ['tuple', asList],
  ['zip', zipped],
  [
    'enumerate',
    ({ list }, line) => ({
      kind: 'list',
      items: itemsOf(list[0] ?? { kind: 'none' }, line).map((item, k) => ({
        kind: 'list' as const,
        items: [numberValue(k, true), item],
      })),
    }),
  ],
  ['dict', dictionary],
  ['array', array],
  ['asarray', array],
  ['zeros', filled(0)],
  ['ones', filled(1)],
  ['linspace', spaced],
  ['arange', arange],
  ['repeat', repeated],
  ['tile', tiled],
  ['rand', drawing('rand()')],
  ['random', drawing('rand()')],
  ['random_sample', drawing('rand()')],
  ['randn', drawing('randn()')],
  ['standard_normal', drawing('randn()')],
  ['normal', distribution([0, 1], (mean, sd) => `(${mean} + ${sd}*randn())`)],
  ['uniform', distribution([0, 1], (low, high) => `(${low} + ${high - low}*rand())`)],
  ['lognormal', distribution([0, 1], (mean, sigma) => `exp(${mean} + ${sigma}*randn())`)],
  ['exp', pure(Math.exp)],
  ['log', pure(Math.log)],
  ['log10', pure(Math.log10)],
  ['sin', pure(Math.sin)],
  ['cos', pure(Math.cos)],
  ['tan', pure(Math.tan)],
  ['tanh', pure(Math.tanh)],
  ['floor', pure(Math.floor)],
  ['ceil', pure(Math.ceil)],
  ['sqrt', ({ list }, line) => binary('**', list[0] ?? { kind: 'none' }, numberValue(0.5), line)],
]);

/** The function of that name, or undefined. */
export function scriptFunction(name: string): ScriptFunction | undefined {
  return FUNCTIONS.get(name);
}

/** `array.reshape(…)`, `.astype(…)` and their kin; undefined for methods that arrays do not have here. */
export function arrayMethod(
  value: ArrayValue,
  name: string,
  { list }: CallArguments,
  line: number,
): ScriptValue | undefined {
  switch (name) {
    case 'reshape': {
      const parts = list.length === 1 && list[0]?.kind === 'list' ? list[0].items : list;
      const shape = parts.map((one) => wholeOf(one, 'reshape', line));
      const known = shape.reduce((product, one) => (one < 0 ? product : product * one), 1);
      const whole = shape.map((one) => (one < 0 ? value.values.length / known : one));
      if (whole.reduce((product, one) => product * one, 1) !== value.values.length) {
        throw new ScriptFault(line, `${value.values.length} numbers do not fill this shape`);
      }
      return { ...value, shape: whole };
    }
    case 'astype': {
      const [type] = list;
      const isInteger = type?.kind === 'builtin' && type.name === 'int';
      return isInteger ? { ...value, values: value.values.map(Math.trunc) } : value;
    }
    case 'copy':
      return value;
    case 'flatten':
    case 'ravel':
      return { ...value, shape: [value.values.length] };
    case 'tolist':
      return { kind: 'list', items: itemsOf(value, line) };
    default:
      return undefined;
  }
}

/** Longest text that a script makes. */
export const LONGEST_TEXT = 1_000_000;

/** `between.join(texts)`. */
export function joined(between: string, { list }: CallArguments, line: number): ScriptValue {
  const [first = { kind: 'none' }] = list;
  const parts = itemsOf(first, line);
  const texts = parts.map((one) => (one.kind === 'text' ? one.text : null));
  if (texts.some((one) => one === null))
    return { kind: 'opaque', why: 'a text with calculated parts' };
  const length = texts.reduce((sum, one) => sum + between.length + (one?.length ?? 0), 0);
  if (length > LONGEST_TEXT) throw new ScriptFault(line, 'a text becomes too long');
  return { kind: 'text', text: texts.join(between), line };
}
