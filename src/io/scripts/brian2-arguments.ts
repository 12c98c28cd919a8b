/** Arguments of Brian 2's classes: which there are, and what they mean. */
import { GroupObject, SliceObject, TableObject, type TextAt } from './brian2-objects.ts';
import { ScriptFault } from './python-tokens.ts';
import { type CallArguments, numberOf } from './script-functions.ts';
import { arrayOf, kindOf, quantityText, type ScriptValue } from './script-values.ts';

export const GIVEN: ReadonlySet<string> = new Set([
  'dt',
  'clock',
  'order',
  'codeobj_class',
  'multisynaptic_index',
  'events',
]);

/** Arguments under their names; Brian 2 takes most by position too. */
export class Arguments {
  readonly #values = new Map<string, ScriptValue>();
  readonly #line: number;
  readonly #owner: string;

  constructor(owner: string, positions: readonly string[], call: CallArguments, line: number) {
    this.#line = line;
    this.#owner = owner;
    for (const [k, value] of call.list.entries()) {
      const name = positions[k];
      if (name === undefined) throw new ScriptFault(line, `${owner}: too many arguments`);
      this.#values.set(name, value);
    }
    for (const [name, value] of call.named) this.#values.set(name, value);
  }

  /** Throws for arguments that are neither among `known` nor None. */
  allow(known: readonly string[]): this {
    for (const [name, value] of this.#values) {
      if (known.includes(name) || value.kind === 'none') continue;
      const what = GIVEN.has(name) ? `${name}= of its own is not read` : `${name}= is not read`;
      throw new ScriptFault(this.#line, `${this.#owner}: ${what}`);
    }
    return this;
  }

  get(...names: readonly string[]): ScriptValue | undefined {
    for (const name of names) {
      const value = this.#values.get(name);
      if (value !== undefined && value.kind !== 'none') return this.#sure(value);
    }
    return undefined;
  }

  #sure(value: ScriptValue): ScriptValue {
    if (value.kind !== 'opaque' && value.kind !== 'failed') return value;
    throw new ScriptFault(this.#line, `${this.#owner} depends on ${kindOf(value)}`);
  }

  text(...names: readonly string[]): TextAt | null {
    const value = this.get(...names);
    if (value === undefined) return null;
    if (value.kind === 'text') return { text: value.text, line: value.line };
    throw new ScriptFault(
      this.#line,
      `${this.#owner}: ${names[0]} must be a text, got ${kindOf(value)}`,
    );
  }
}

export function sliceOf(value: ScriptValue | undefined, what: string, line: number): SliceObject {
  if (value?.kind === 'object') {
    if (value.object instanceof GroupObject) return new SliceObject(value.object);
    if (value.object instanceof SliceObject) return value.object;
  }
  throw new ScriptFault(line, `${what} must be a group, got ${value ? kindOf(value) : 'nothing'}`);
}

export function numbersIn(
  value: ScriptValue | undefined,
  what: string,
  line: number,
): readonly number[] {
  const array = value === undefined ? null : arrayOrOne(value);
  if (array !== null && array.unit === '') return array.values;
  throw new ScriptFault(line, `${what} must be numbers, got ${value ? kindOf(value) : 'nothing'}`);
}

export const arrayOrOne = (value: ScriptValue | undefined) =>
  value === undefined
    ? null
    : value.kind === 'number'
      ? arrayOf({ kind: 'list', items: [value] })
      : arrayOf(value);

/** Equations as text; `Equations(…)` is text already. */
export function equationsOf(value: ScriptValue | undefined, line: number): TextAt {
  if (value === undefined) return { text: '', line };
  if (value.kind === 'text') return { text: value.text, line: value.line };
  throw new ScriptFault(line, `equations must be a text, got ${kindOf(value)}`);
}

export function equations(call: CallArguments, line: number): ScriptValue {
  const [text] = call.list;
  if (text?.kind !== 'text') throw new ScriptFault(line, 'Equations of this are not read');
  let result = text.text;
  for (const [name, value] of call.named) {
    const [number, ...unit] =
      value.kind === 'number' ? String(quantityText(value)).split(' ') : ['', ''];
    const replacement =
      value.kind === 'text'
        ? value.text
        : value.kind === 'number'
          ? `(${[number, ...unit].join('*')})`
          : null;
    if (replacement === null || replacement.length > 200 || result.length > 100_000) {
      throw new ScriptFault(line, `Equations: ${name} is not read`);
    }
    const pattern = new RegExp(`(?<!\\w)(d?)${escaped(name)}(?=/dt|(?:_pre|_post)?(?!\\w))`, 'g');
    result = result.replace(pattern, (_, d: string) => `${d}${replacement}`);
  }
  // A line end, so that texts that are joined by "+" stay apart.
  return { kind: 'text', text: `${result}\n`, line: text.line };
}

export const escaped = (text: string): string => text.replace(/[^\w]/g, '\\$&');

export function methodOf(value: ScriptValue | undefined, line: number): string | null {
  if (value === undefined) return null;
  if (value.kind === 'text') return value.text;
  throw new ScriptFault(line, 'method must be a text');
}

export function refractoryOf(value: ScriptValue | undefined, line: number): TextAt | null {
  if (value === undefined || (value.kind === 'boolean' && !value.value)) return null;
  if (value.kind === 'text') return { text: value.text, line: value.line };
  return { text: `${quantityText(numberOf(value, 'refractory', line))}`, line };
}

export function namespaceOf(
  value: ScriptValue | undefined,
  line: number,
): ReadonlyMap<string, ScriptValue> | null {
  if (value === undefined) return null;
  if (value.kind === 'dictionary') return value.entries;
  throw new ScriptFault(line, `namespace must be a dictionary, got ${kindOf(value)}`);
}

export function pathwaysOf(
  value: ScriptValue | undefined,
  name: string,
  line: number,
): ReadonlyMap<string, TextAt> {
  if (value === undefined) return new Map();
  if (value.kind === 'text') return new Map([[name, { text: value.text, line: value.line }]]);
  if (value.kind !== 'dictionary') throw new ScriptFault(line, `on_${name} must be a text`);
  return new Map(
    [...value.entries].map(([key, one]) => {
      if (one.kind !== 'text') throw new ScriptFault(line, `on_${name} must be texts`);
      return [key, { text: one.text, line: one.line }];
    }),
  );
}

export function timedArray(call: CallArguments, line: number): TableObject {
  const given = new Arguments('TimedArray', ['values', 'dt', 'name'], call, line).allow([
    'values',
    'dt',
    'name',
  ]);
  const values = arrayOrOne(given.get('values'));
  if (values === null) throw new ScriptFault(line, 'TimedArray: values are not read');
  const dt = numberOf(given.get('dt'), 'dt', line);
  const [, columns = 1] = values.shape;
  return new TableObject({
    dt: quantityText(dt),
    unit: values.unit === '' ? '1' : values.unit,
    columns,
    values: values.values,
  });
}
