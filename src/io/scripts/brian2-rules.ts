/** Arguments of Brian 2's connect() as connection rules. */
import type { ConnectRule } from '../../network/document.ts';
import { RuleObject, type SynapsesObject } from './brian2-objects.ts';
import type { PythonExpression } from './python-ast.ts';
import { parsePythonExpression } from './python-parse.ts';
import { ScriptFault } from './python-tokens.ts';
import { type CallArguments, numberOf, wholeOf } from './script-functions.ts';
import { arrayOf, kindOf, numberValue, type ScriptValue } from './script-values.ts';

/** Most pairs for which an expression of the other end is evaluated. */
const MOST_EVALUATED = 200_000;

export function connectRule(
  synapses: SynapsesObject,
  { list, named }: CallArguments,
  spend: (steps: number) => void,
  line: number,
): ConnectRule {
  const ready = named.get('rule');
  if (ready?.kind === 'object' && ready.object instanceof RuleObject) return ready.object.rule;
  const known = ['condition', 'i', 'j', 'p', 'n', 'skip_if_invalid'];
  const strange = [...named.keys()].find((name) => !known.includes(name));
  if (strange !== undefined) throw new ScriptFault(line, `connect: ${strange}= is not read`);
  const at = (k: number, name: string): ScriptValue | undefined => {
    const value = named.get(name) ?? list[k];
    if (value === undefined || value.kind === 'none') return undefined;
    if (value.kind !== 'opaque' && value.kind !== 'failed') return value;
    throw new ScriptFault(line, `connect: ${name} depends on ${kindOf(value)}`);
  };
  const [condition, i, j, p, n] = [
    at(0, 'condition'),
    at(1, 'i'),
    at(2, 'j'),
    at(3, 'p'),
    at(4, 'n'),
  ];
  if (n !== undefined && (n.kind !== 'number' || n.si !== 1)) {
    throw new ScriptFault(line, 'connect: n other than 1 is not read');
  }
  const skips = named.get('skip_if_invalid');
  const mayLeave = skips?.kind === 'boolean' && skips.value;
  if (i !== undefined || j !== undefined) {
    if (condition !== undefined || p !== undefined) {
      throw new ScriptFault(line, 'connect: i or j together with a condition or p is not read');
    }
    const { size } = synapses.source;
    if (i === undefined || j === undefined) spend(Math.max(size, synapses.target.size));
    return pairs(synapses, i, j, mayLeave, line);
  }
  return random(synapses, condition, p, line);
}

/** The rule that a function of toBrian2 carries out; null for those that make no pairs. */
export function ruleOfOwn(
  name: string,
  { list, named }: CallArguments,
  line: number,
): ConnectRule | null {
  const holds = (key: string): boolean => {
    const value = named.get(key);
    return value?.kind === 'boolean' && value.value;
  };
  if (name === 'small_world') {
    const [, k, p] = list;
    const rule = { rule: 'small-world', k: wholeOf(k, 'k', line) } as const;
    return { ...rule, p: numberOf(p, 'p', line).si, autapses: holds('autapses') };
  }
  const rule = OWN_RULES.get(name);
  if (rule === undefined) return null;
  const count = wholeOf(list[2], 'the number', line);
  // A shift is given where neurons are kept from themselves.
  const rest = { multapses: holds('multapses'), autapses: !named.has('shift') };
  return rule === 'fixed-total-number' ? { rule, n: count, ...rest } : { rule, k: count, ...rest };
}

const OWN_RULES: ReadonlyMap<
  string,
  'fixed-in-degree' | 'fixed-out-degree' | 'fixed-total-number'
> = new Map([
  ['in_degree', 'fixed-in-degree'],
  ['out_degree', 'fixed-out-degree'],
  ['total_number', 'fixed-total-number'],
]);

function random(
  { source, target }: SynapsesObject,
  condition: ScriptValue | undefined,
  p: ScriptValue | undefined,
  line: number,
): ConnectRule {
  const text = conditionOf(condition, line);
  const isApart = text !== null && /^\(?\s*(i\s*!=\s*j|j\s*!=\s*i)\s*\)?$/.test(text);
  const isSame = source.group === target.group && source.from === target.from;
  const apart = isApart && isSame ? { autapses: false } : {};
  const isAny = text === null || (isApart && isSame);
  if (p === undefined)
    return isAny ? { rule: 'all-to-all', ...apart } : { rule: 'pairwise', condition: text };
  if (p.kind === 'number') {
    if (p.si >= 1 && isAny) return { rule: 'all-to-all', ...apart };
    if (isAny) return { rule: 'fixed-probability', p: p.si, ...apart };
    return { rule: 'pairwise', condition: text, p: Math.min(1, p.si) };
  }
  if (p.kind !== 'text')
    throw new ScriptFault(line, `connect: p is ${kindOf(p)}, which is not read`);
  return { rule: 'pairwise', p: p.text, ...(text === null ? {} : { condition: text }) };
}

function conditionOf(condition: ScriptValue | undefined, line: number): string | null {
  if (condition === undefined || (condition.kind === 'boolean' && condition.value)) return null;
  if (condition.kind === 'text') return condition.text.trim() === 'True' ? null : condition.text;
  throw new ScriptFault(line, `connect: the condition is ${kindOf(condition)}, which is not read`);
}

function pairs(
  synapses: SynapsesObject,
  i: ScriptValue | undefined,
  j: ScriptValue | undefined,
  mayLeave: boolean,
  line: number,
): ConnectRule {
  const { source, target } = synapses;
  if (i?.kind === 'text' || j?.kind === 'text') {
    if (i !== undefined && j !== undefined)
      throw new ScriptFault(line, 'connect: i and j as texts are not read');
    const [text, from, to] =
      j?.kind === 'text'
        ? [j.text, source.size, target.size]
        : [(i as Extract<ScriptValue, { kind: 'text' }>).text, target.size, source.size];
    const own = j?.kind === 'text' ? 'i' : 'j';
    if (text.trim() === own && from === to) return { rule: 'one-to-one' };
    const found = evaluated(text, own, { from, to, mayLeave, line });
    return j?.kind === 'text'
      ? { rule: 'list', pre: found.own, post: found.other }
      : { rule: 'list', pre: found.other, post: found.own };
  }
  const pre = indices(i, source.size, line);
  const post = indices(j, target.size, line);
  if (pre.length === post.length) return { rule: 'list', pre, post };
  // Brian 2 stretches a single number.
  if (pre.length === 1) return { rule: 'list', pre: post.map(() => pre[0] as number), post };
  if (post.length === 1) return { rule: 'list', pre, post: pre.map(() => post[0] as number) };
  throw new ScriptFault(line, `connect: ${pre.length} sources and ${post.length} targets`);
}

function indices(value: ScriptValue | undefined, size: number, line: number): readonly number[] {
  if (value === undefined) return Array.from({ length: size }, (_, k) => k);
  if (value.kind === 'number') return [wholeOf(value, 'an index', line)];
  const array = arrayOf(value);
  if (array !== null && array.unit === '') return array.values;
  throw new ScriptFault(line, `connect: ${kindOf(value)} are no indices`);
}

interface Other {
  readonly from: number;
  readonly to: number;
  readonly mayLeave: boolean;
  readonly line: number;
}

/** `j='i + 1'`, `j='k for k in range(i - 1, i + 2) if k != i'`: for every neuron of the one end, those of the other. */
function evaluated(text: string, own: string, { from, to, mayLeave, line }: Other) {
  const expression = parsePythonExpression(text, line);
  const found: { own: number[]; other: number[] } = { own: [], other: [] };
  let steps = 0;
  const add = (k: number, other: number): void => {
    const isInside = other >= 0 && other < to && Number.isInteger(other);
    if (!isInside && mayLeave) return;
    if (!isInside) throw new ScriptFault(line, `connect: ${text} gives ${other}, of ${to} neurons`);
    found.own.push(k);
    found.other.push(other);
  };
  for (let k = 0; k < from; k++) {
    const names = new Map([[own, k]]);
    for (const other of others(expression, names, line)) {
      if (++steps > MOST_EVALUATED)
        throw new ScriptFault(line, 'connect: too many pairs of an expression');
      add(k, other);
    }
  }
  return found;
}

function* others(
  expression: PythonExpression,
  names: Map<string, number>,
  line: number,
): Generator<number> {
  if (expression.kind !== 'comprehension') {
    yield integer(expression, names, line);
    return;
  }
  const [loop, more] = expression.loops;
  const { items, target } = loop ?? { items: expression, target: expression };
  const isRange =
    items.kind === 'call' && items.callee.kind === 'name' && items.callee.name === 'range';
  if (more !== undefined || !isRange || target.kind !== 'name') {
    throw new ScriptFault(line, 'connect: only "… for k in range(…)" is read');
  }
  const ends = items.arguments.map(({ value }) => integer(value, names, line));
  const [first, last, step] =
    ends.length === 1 ? [0, ends[0] ?? 0, 1] : [ends[0] ?? 0, ends[1] ?? 0, ends[2] ?? 1];
  if (step === 0 || Math.abs((last - first) / step) > MOST_EVALUATED) {
    throw new ScriptFault(line, 'connect: this range is not read');
  }
  for (let k = first; step > 0 ? k < last : k > last; k += step) {
    const inner = new Map([...names, [target.name, k]]);
    const isIn = (loop?.conditions ?? []).every((one) => integer(one, inner, line) !== 0);
    if (isIn) yield integer(expression.item, inner, line);
  }
}

/** Whole-number arithmetic over i, j and the variable of a generator; conditions give 0 or 1. */
function integer(expression: PythonExpression, names: Map<string, number>, line: number): number {
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'name': {
      const value = names.get(expression.name);
      if (value !== undefined) return value;
      throw new ScriptFault(line, `connect: ${expression.name} is not known in this expression`);
    }
    case 'unary': {
      const value = integer(expression.operand, names, line);
      return expression.operator === 'not'
        ? Number(value === 0)
        : expression.operator === '-'
          ? -value
          : value;
    }
    case 'call': {
      const { callee, arguments: list } = expression;
      const isInt = callee.kind === 'name' && callee.name === 'int' && list.length === 1;
      if (isInt && list[0] !== undefined) return Math.trunc(integer(list[0].value, names, line));
      throw new ScriptFault(line, 'connect: functions in this expression are not read');
    }
    case 'binary':
      return operation(
        expression.operator,
        integer(expression.left, names, line),
        integer(expression.right, names, line),
        line,
      );
    default:
      throw new ScriptFault(line, 'connect: this expression is not read');
  }
}

function operation(operator: string, a: number, b: number, line: number): number {
  const results: Readonly<Record<string, number>> = {
    '+': a + b,
    '-': a - b,
    '*': a * b,
    '/': a / b,
    '//': Math.floor(a / b),
    '%': a - b * Math.floor(a / b),
    '**': a ** b,
    '==': Number(a === b),
    '!=': Number(a !== b),
    '<': Number(a < b),
    '<=': Number(a <= b),
    '>': Number(a > b),
    '>=': Number(a >= b),
    and: a !== 0 ? b : a,
    or: a !== 0 ? a : b,
  };
  const value = results[operator];
  if (value === undefined) throw new ScriptFault(line, `connect: "${operator}" is not read`);
  return numberValue(value).si;
}
