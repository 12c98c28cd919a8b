/** First values as a script sets them: for all of a group, or for a part of it. */
import type { ValueSpec } from '../../network/document.ts';
import { GroupObject, SliceObject, SynapsesObject, VariableObject } from './brian2-objects.ts';
import { ScriptFault } from './python-tokens.ts';
import { wholeOf } from './script-functions.ts';
import type { ScriptIndex } from './script-host.ts';
import { arrayOf, kindOf, numberValue, type ScriptValue, valueSpec } from './script-values.ts';

/** Sets a first value, as the last one in order. */
export function put(initial: Map<string, ValueSpec>, name: string, spec: ValueSpec): void {
  initial.delete(name);
  initial.set(name, spec);
}

export function specOf(value: ScriptValue, what: string, line: number): ValueSpec {
  const known =
    value.kind === 'object' && value.object instanceof VariableObject
      ? valueNow(value.object)
      : value;
  const spec = valueSpec(known);
  if (spec !== null) return spec;
  throw new ScriptFault(line, `${what} is ${kindOf(known)}, which is not read`);
}

/** What a variable has been set to. */
export function valueNow({ owner, name }: VariableObject): ScriptValue {
  const why = { kind: 'opaque', why: `the value of ${name} in the run` } as const;
  if (!(owner instanceof GroupObject || owner instanceof SynapsesObject)) return why;
  const spec = owner.initial.get(name);
  if (typeof spec === 'number') return numberValue(spec);
  if (typeof spec === 'string') return { kind: 'text', text: spec, line: owner.line };
  if (spec === undefined || !('values' in spec)) return why;
  const unit = spec.unit === '1' ? '' : spec.unit;
  const list = Array.from(spec.values);
  const { values, shape } = { values: list, shape: [list.length] };
  const one = arrayOf({ kind: 'list', items: [numberValue(0)] });
  return one === null ? why : { ...one, values, shape, unit, factor: 1 };
}

export function partOf(slice: SliceObject, index: ScriptIndex, line: number): SliceObject {
  const { size, from, group } = slice;
  const end = (value: number): number => Math.min(size, value < 0 ? size + value : value);
  if ('value' in index) {
    const k = wholeOf(index.value, 'an index of neurons', line);
    const one = end(k);
    return new SliceObject(group, from + one, from + one + 1);
  }
  const [first, last] = [end(index.from ?? 0), end(index.to ?? size)];
  if (first < 0 || last <= first) throw new ScriptFault(line, 'this part of a group is empty');
  return new SliceObject(group, from + first, from + last);
}

/** A list for the whole group, with these values in a part of it. */
export function partial(part: SliceObject, name: string, spec: ValueSpec, line: number): ValueSpec {
  const { group, from, to, size } = part;
  const before = group.initial.get(name) ?? 0;
  const [old, now] = [listOf(before, group.size), listOf(spec, size)];
  if (old === null || now === null) {
    throw new ScriptFault(
      line,
      `${name} of some neurons only is read where all values are numbers`,
    );
  }
  const isNew = before === 0;
  const unit = isNew ? now.unit : old.unit;
  if (unit !== now.unit)
    throw new ScriptFault(line, `${name} of parts in different units is not read`);
  if (now.values.length !== size) {
    throw new ScriptFault(line, `${now.values.length} values for ${size} neurons`);
  }
  const values = [...old.values.slice(0, from), ...now.values, ...old.values.slice(to)];
  return { values, unit };
}

/** A value as numbers and unit. */
export function listOf(spec: ValueSpec, count: number): { values: number[]; unit: string } | null {
  if (typeof spec === 'number') return { values: new Array<number>(count).fill(spec), unit: '1' };
  if (typeof spec === 'string') {
    const [, number, unit] = /^(-?[\d.]+(?:e[-+]?\d+)?) (.+)$/.exec(spec) ?? [];
    if (number === undefined || unit === undefined) return null;
    return { values: new Array<number>(count).fill(Number(number)), unit };
  }
  return 'values' in spec ? { values: Array.from(spec.values), unit: spec.unit } : null;
}
