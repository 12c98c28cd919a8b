/**
 * Goes through the statements of a Python script with a table of what its names are. A script is data: only the
 * constructs of python-ast.ts and the functions of script-functions.ts mean anything, time and size are bounded, and what is
 * not understood is reported by line. What groups and synapses are is left to a host.
 */
import type { Argument, Loop, PythonExpression, PythonStatement } from './python-ast.ts';
import { parsePythonExpression } from './python-parse.ts';
import { ScriptFault } from './python-tokens.ts';
import {
  arrayMethod,
  type CallArguments,
  itemsOf,
  joined,
  LONGEST_TEXT,
  scriptFunction,
  wholeOf,
} from './script-functions.ts';
import type { ScriptHost, ScriptIndex, ScriptProblem } from './script-host.ts';
import {
  arrayOf,
  binary,
  compared,
  elementOf,
  kindOf,
  MOST_NUMBERS,
  NONE,
  negated,
  numberValue,
  type ScriptValue,
  unitValue,
} from './script-values.ts';

/** Operations after which a script does too much. */
const MOST_STEPS = 3_000_000;

/** Most problems that are listed. */
const MOST_PROBLEMS = 1000;

/** The script is refused as a whole. */
class TooMuch extends ScriptFault {}

/** How much work a value is for whoever walks over it. */
function sizeOf(value: ScriptValue): number {
  switch (value.kind) {
    case 'list':
      return value.items.length;
    case 'array':
      return value.values.length;
    case 'dictionary':
      return value.entries.size;
    case 'text':
      return value.text.length / 8;
    default:
      return 0;
  }
}

/** Modules whose names are known. */
const KNOWN_MODULES = /^(brian2|numpy|pylab|math|matplotlib)(\.|$)/;

export class ScriptReader {
  readonly names = new Map<string, ScriptValue>();
  readonly problems: ScriptProblem[] = [];
  readonly #host: ScriptHost;
  /** Lines that look at results only. */
  readonly passedOver = new Set<number>();
  readonly #reported = new Set<string>();
  #steps = 0;

  constructor(host: ScriptHost) {
    this.#host = host;
  }

  /** Reads all statements; what cannot be read is among `problems`. */
  read(statements: readonly PythonStatement[]): void {
    try {
      this.#block(statements);
    } catch (error) {
      if (!(error instanceof TooMuch)) throw error;
      this.problems.push({ line: error.line, message: error.message });
    }
  }

  /** Counts work; throws when it is too much. */
  spend(line: number, steps: number): void {
    this.#count(line, steps);
  }

  #count(line: number, steps = 1): void {
    this.#steps += steps;
    if (this.#steps > MOST_STEPS) throw new TooMuch(line, 'the script does too much to be read');
  }

  #block(statements: readonly PythonStatement[]): void {
    for (const statement of statements) {
      try {
        this.#statement(statement);
      } catch (error) {
        if (!(error instanceof ScriptFault) || error instanceof TooMuch) throw error;
        this.#report(error.line, error.message);
        if (statement.kind === 'assign') {
          for (const target of statement.targets) this.#fail(target, error.line);
        }
      }
    }
  }

  #report(line: number, message: string): void {
    const key = `${line} ${message}`;
    if (this.#reported.has(key)) return;
    this.#reported.add(key);
    this.problems.push({ line, message });
    if (this.problems.length >= MOST_PROBLEMS) throw new TooMuch(line, 'there are more problems');
  }

  /** Names that a line should have made. */
  #fail(target: PythonExpression, line: number): void {
    if (target.kind === 'name') this.names.set(target.name, { kind: 'failed', line });
    if (target.kind === 'list') for (const one of target.items) this.#fail(one, line);
  }

  #statement(statement: PythonStatement): void {
    const { line } = statement;
    this.#count(line);
    switch (statement.kind) {
      case 'pass':
        return;
      case 'import':
        for (const { module, name, as } of statement.modules) this.#import(module, name, as);
        return;
      case 'foreign':
        this.#foreign(statement);
        return;
      case 'expression':
        this.#expressionStatement(statement.value);
        return;
      case 'assign':
        this.#assignment(statement);
        return;
      case 'for':
        for (const item of itemsOf(this.#known(statement.items, line), line)) {
          this.#count(line);
          this.#assign(statement.target, item, line);
          this.#block(statement.body);
        }
        return;
      case 'if': {
        const condition = this.#known(statement.condition, line);
        this.#block(this.#truth(condition, line) ? statement.yes : statement.no);
        return;
      }
    }
  }

  #foreign({ names, what, line }: Extract<PythonStatement, { kind: 'foreign' }>): void {
    for (const name of names) this.names.set(name, { kind: 'failed', line });
    const known = this.#host.foreign(what, names, line);
    if (known !== null) for (const name of names) this.names.set(name, known);
  }

  /** The value of something that decides what is read. */
  #known(expression: PythonExpression, line: number): ScriptValue {
    const value = this.evaluate(expression);
    if (value.kind !== 'opaque' && value.kind !== 'failed') return value;
    throw new ScriptFault(line, `this depends on ${kindOf(value)}`);
  }

  #import(module: string, name: string | null, as: string): void {
    if (name === '*') return;
    if (!KNOWN_MODULES.test(module)) {
      this.names.set(as, { kind: 'opaque', why: `the module ${module}, which is not read` });
      return;
    }
    this.names.set(as, { kind: 'builtin', name: name ?? '' });
  }

  #expressionStatement(expression: PythonExpression): void {
    const value = this.evaluate(expression);
    if (value.kind === 'failed') {
      throw new ScriptFault(expression.line, `this depends on line ${value.line}`);
    }
    if (value.kind === 'opaque') this.passedOver.add(expression.line);
  }

  #assignment(statement: Extract<PythonStatement, { kind: 'assign' }>): void {
    const { line, targets, operator } = statement;
    const [first] = targets;
    const value = this.evaluate(statement.value);
    if (targets.some(({ kind }) => kind !== 'name')) this.#count(line, sizeOf(value));
    if (operator !== '' && first !== undefined) {
      const before = this.evaluate(first);
      this.#assign(first, binary(operator, before, value, line), line);
      return;
    }
    for (const target of targets) this.#assign(target, value, line);
  }

  #assign(target: PythonExpression, value: ScriptValue, line: number): void {
    switch (target.kind) {
      case 'name':
        this.names.set(target.name, value);
        if (value.kind === 'object') this.#host.label(value.object, target.name);
        return;
      case 'list': {
        if (value.kind === 'opaque' || value.kind === 'failed') {
          for (const one of target.items) this.#assign(one, value, line);
          return;
        }
        const items = itemsOf(value, line);
        if (items.length !== target.items.length) {
          throw new ScriptFault(line, `${items.length} values for ${target.items.length} names`);
        }
        for (const [k, one] of target.items.entries())
          this.#assign(one, items[k] as ScriptValue, line);
        return;
      }
      case 'attribute': {
        const owner = this.evaluate(target.owner);
        if (owner.kind === 'opaque' || this.#isSetting(target)) {
          this.passedOver.add(line);
          return;
        }
        if (owner.kind === 'failed')
          throw new ScriptFault(line, `this depends on line ${owner.line}`);
        if (owner.kind === 'object') {
          this.#host.setAttribute(owner.object, target.name, value, line);
          return;
        }
        throw new ScriptFault(line, `setting .${target.name} of ${kindOf(owner)} is not read`);
      }
      case 'subscript':
        this.#assignItem(target, value, line);
        return;
      default:
        throw new ScriptFault(line, 'this assignment is not read');
    }
  }

  /** `prefs.codegen.target = …`, `numpy.random.x = …`: nothing of the network. */
  #isSetting(target: PythonExpression): boolean {
    const root = target.kind === 'attribute' ? target.owner : target;
    if (root.kind === 'attribute') return this.#isSetting(root);
    return root.kind === 'name' && ['prefs', 'brian2', 'plt', 'rcParams'].includes(root.name);
  }

  #assignItem(
    target: Extract<PythonExpression, { kind: 'subscript' }>,
    value: ScriptValue,
    line: number,
  ): void {
    const owner = this.evaluate(target.owner);
    const index = this.#index(target.index);
    if (owner.kind === 'opaque') {
      this.passedOver.add(line);
      return;
    }
    if (owner.kind === 'object') {
      this.#host.setItem(owner.object, index, value, line);
      return;
    }
    const isEntry = owner.kind === 'dictionary' && 'value' in index && index.value.kind === 'text';
    if (isEntry && target.owner.kind === 'name') {
      const key = (index.value as Extract<ScriptValue, { kind: 'text' }>).text;
      this.#count(line, owner.entries.size);
      const entries = new Map([...owner.entries, [key, value] as const]);
      this.names.set(target.owner.name, { kind: 'dictionary', entries });
      return;
    }
    throw new ScriptFault(line, `setting entries of ${kindOf(owner)} is not read`);
  }

  #truth(value: ScriptValue, line: number): boolean {
    switch (value.kind) {
      case 'boolean':
        return value.value;
      case 'number':
        return value.si !== 0;
      case 'none':
        return false;
      case 'text':
        return value.text !== '';
      case 'list':
        return value.items.length > 0;
      case 'object':
        return true;
      default:
        throw new ScriptFault(line, `whether ${kindOf(value)} holds is not known`);
    }
  }

  evaluate(expression: PythonExpression): ScriptValue {
    const { line, kind } = expression;
    this.#count(line);
    const value = this.#valueOf(expression);
    // What is only looked up costs nothing.
    if (kind !== 'name' && kind !== 'text' && kind !== 'attribute')
      this.#count(line, sizeOf(value));
    if (value.kind === 'text' && value.text.length > LONGEST_TEXT) {
      throw new TooMuch(line, 'a text becomes too long');
    }
    return value;
  }

  #valueOf(expression: PythonExpression): ScriptValue {
    const { line } = expression;
    switch (expression.kind) {
      case 'number':
        return numberValue(expression.value, expression.isInteger, expression.text);
      case 'text':
        if (expression.isFormatted) return this.#formatted(expression.value, line);
        return { kind: 'text', text: expression.value, line };
      case 'constant':
        return expression.value === null ? NONE : { kind: 'boolean', value: expression.value };
      case 'name':
        return this.#name(expression.name);
      case 'list':
        return { kind: 'list', items: this.#items(expression.items, line) };
      case 'dictionary':
        return this.#dictionary(expression.entries, line);
      case 'comprehension': {
        const items: ScriptValue[] = [];
        const before = new Map(this.names);
        this.#count(line, before.size);
        this.#loops(expression.loops, 0, () => items.push(this.evaluate(expression.item)), line);
        for (const name of [...this.names.keys()]) if (!before.has(name)) this.names.delete(name);
        for (const [name, value] of before) this.names.set(name, value);
        return { kind: 'list', items };
      }
      case 'unary':
        return this.#unary(expression.operator, expression.operand, line);
      case 'binary':
        return this.#binary(expression);
      case 'choice': {
        const condition = this.#truth(this.#known(expression.condition, line), line);
        return this.evaluate(condition ? expression.yes : expression.no);
      }
      case 'attribute':
        return this.#attribute(this.evaluate(expression.owner), expression.name, line);
      case 'subscript':
        return this.#item(this.evaluate(expression.owner), this.#index(expression.index), line);
      case 'call':
        return this.#call(expression);
      case 'slice':
        throw new ScriptFault(line, 'a slice stands alone');
      case 'foreign':
        return { kind: 'opaque', why: `${expression.what}, which is not read` };
    }
  }

  #name(name: string): ScriptValue {
    const own = this.names.get(name);
    if (own !== undefined) {
      return own.kind === 'builtin' && own.name !== '' ? this.#builtin(own.name) : own;
    }
    return this.#builtin(name);
  }

  #builtin(name: string): ScriptValue {
    const unit = unitValue(name);
    if (unit !== undefined) return unit;
    if (name === 'pi') return numberValue(Math.PI);
    if (name === '__name__') return { kind: 'text', text: '__main__', line: 0 };
    return this.#host.named(name) ?? { kind: 'builtin', name };
  }

  /** Texts with values in them: texts, and numbers without unit, without a format of their own. */
  #formatted(text: string, line: number): ScriptValue {
    let isKnown = (text.match(/\{/g) ?? []).length < 100;
    if (!isKnown) return { kind: 'opaque', why: 'a text with many calculated parts' };
    const filled = text.replace(/\{\{|\}\}|\{([^{}]*)\}/g, (whole, inside?: string) => {
      if (inside === undefined) return whole === '{{' ? '{' : '}';
      // A colon outside quotes begins a format.
      const isPlain = !/[:!]/.test(inside.replace(/'[^']*'|"[^"]*"|!=/g, ''));
      const value = isPlain ? this.evaluate(parsePythonExpression(inside, line)) : NONE;
      if (value.kind === 'text') return value.text;
      if (value.kind === 'number' && value.written?.unit === '') return value.written.number;
      isKnown = false;
      return '';
    });
    if (isKnown) return { kind: 'text', text: filled, line };
    return { kind: 'opaque', why: 'a text with calculated parts, which is not read' };
  }

  #items(expressions: readonly PythonExpression[], line: number): ScriptValue[] {
    const items: ScriptValue[] = [];
    for (const one of expressions) {
      if (one.kind === 'unary' && one.operator === '*') {
        items.push(...itemsOf(this.#known(one.operand, line), line));
      } else items.push(this.evaluate(one));
      if (items.length > MOST_NUMBERS) throw new TooMuch(line, 'a list is too long');
    }
    return items;
  }

  #dictionary(
    entries: readonly (readonly [PythonExpression | null, PythonExpression])[],
    line: number,
  ): ScriptValue {
    const result = new Map<string, ScriptValue>();
    for (const [key, value] of entries) {
      const found = this.evaluate(value);
      if (key === null) {
        if (found.kind === 'dictionary') for (const [k, v] of found.entries) result.set(k, v);
        else return { kind: 'opaque', why: kindOf(found) };
        continue;
      }
      const name = this.evaluate(key);
      if (name.kind !== 'text') {
        return { kind: 'opaque', why: `a dictionary with ${kindOf(name)} as a key` };
      }
      result.set(name.text, found);
      this.#count(line);
    }
    return { kind: 'dictionary', entries: result };
  }

  #loops(loops: readonly Loop[], k: number, body: () => void, line: number): void {
    const loop = loops[k];
    if (loop === undefined) {
      body();
      return;
    }
    for (const item of itemsOf(this.#known(loop.items, line), line)) {
      this.#count(line);
      this.#assign(loop.target, item, line);
      const isIn = loop.conditions.every((one) => this.#truth(this.#known(one, line), line));
      if (isIn) this.#loops(loops, k + 1, body, line);
    }
  }

  #unary(operator: string, operand: PythonExpression, line: number): ScriptValue {
    const value = this.evaluate(operand);
    if (value.kind === 'opaque' || value.kind === 'failed') return value;
    if (operator === 'not') return { kind: 'boolean', value: !this.#truth(value, line) };
    if (operator === '+') return value;
    if (operator === '-') return negated(value, line);
    throw new ScriptFault(line, `"${operator}" is not read`);
  }

  #binary({
    operator,
    left,
    right,
    line,
  }: Extract<PythonExpression, { kind: 'binary' }>): ScriptValue {
    if (operator === 'and' || operator === 'or') {
      const first = this.evaluate(left);
      if (first.kind === 'opaque' || first.kind === 'failed') return first;
      return this.#truth(first, line) === (operator === 'and') ? this.evaluate(right) : first;
    }
    const [a, b] = [this.evaluate(left), this.evaluate(right)];
    if (['==', '!=', '<', '<=', '>', '>=', 'is', 'is not', 'in', 'not in'].includes(operator)) {
      return compared(operator, a, b, line);
    }
    if (operator === '%' && a.kind === 'text') {
      return { kind: 'opaque', why: 'a text with calculated parts, which is not read' };
    }
    return binary(operator, a, b, line);
  }

  #attribute(owner: ScriptValue, name: string, line: number): ScriptValue {
    switch (owner.kind) {
      case 'opaque':
      case 'failed':
        return owner;
      case 'builtin':
        return this.#builtin(name);
      case 'object':
        return this.#host.attribute(owner.object, name, line);
      case 'array':
        if (name === 'size') return numberValue(owner.values.length, true);
        return { kind: 'builtin', name };
      default:
        return { kind: 'opaque', why: `.${name} of ${kindOf(owner)}` };
    }
  }

  #index(expression: PythonExpression): ScriptIndex {
    if (expression.kind !== 'slice') return { value: this.evaluate(expression) };
    const { from, to, step, line } = expression;
    if (step !== null) throw new ScriptFault(line, 'a slice with a step is not read');
    const end = (one: PythonExpression | null): number | null =>
      one === null ? null : wholeOf(this.evaluate(one), 'the end of a slice', line);
    return { from: end(from), to: end(to) };
  }

  #item(owner: ScriptValue, index: ScriptIndex, line: number): ScriptValue {
    if (owner.kind === 'opaque' || owner.kind === 'failed') return owner;
    if (owner.kind === 'object') return this.#host.item(owner.object, index, line);
    if (owner.kind === 'dictionary' && 'value' in index && index.value.kind === 'text') {
      const found = owner.entries.get(index.value.text);
      if (found !== undefined) return found;
      throw new ScriptFault(line, `there is no entry "${index.value.text}"`);
    }
    if (owner.kind !== 'list' && owner.kind !== 'array') {
      throw new ScriptFault(line, `an entry of ${kindOf(owner)} is not read`);
    }
    if ('value' in index && owner.kind === 'array' && owner.shape.length === 1) {
      const at = wholeOf(index.value, 'an index', line);
      const place = at < 0 ? owner.values.length + at : at;
      if (owner.values[place] !== undefined) return elementOf(owner, place);
      throw new ScriptFault(line, `there is no entry ${at}`);
    }
    if (owner.kind === 'array') this.#count(line, owner.values.length);
    const items = owner.kind === 'list' ? owner.items : itemsOf(owner, line);
    if (!('value' in index)) {
      const part = items.slice(index.from ?? 0, index.to ?? items.length);
      return owner.kind === 'list'
        ? { kind: 'list', items: part }
        : (arrayOf({ kind: 'list', items: part }) ?? { kind: 'list', items: part });
    }
    const k = wholeOf(index.value, 'an index', line);
    const found = items[k < 0 ? items.length + k : k];
    if (found === undefined) throw new ScriptFault(line, `there is no entry ${k}`);
    return found;
  }

  #arguments(list: readonly Argument[], line: number): CallArguments {
    const positional: ScriptValue[] = [];
    const named = new Map<string, ScriptValue>();
    for (const { name, stars, value } of list) {
      const found = this.evaluate(value);
      if (name !== null) named.set(name, found);
      else if (stars === 1) positional.push(...itemsOf(found, line));
      else if (stars === 0) positional.push(found);
      else if (found.kind === 'dictionary') for (const [k, v] of found.entries) named.set(k, v);
      else throw new ScriptFault(line, `"**" of ${kindOf(found)} is not read`);
    }
    for (const value of [...positional, ...named.values()]) this.#count(line, sizeOf(value));
    return { list: positional, named };
  }

  #call(expression: Extract<PythonExpression, { kind: 'call' }>): ScriptValue {
    const { callee, line } = expression;
    if (callee.kind === 'attribute') {
      const owner = this.evaluate(callee.owner);
      if (owner.kind === 'list' && callee.name === 'append') {
        return this.#append(owner.items, expression);
      }
      if (owner.kind !== 'builtin') return this.#method(owner, callee.name, expression);
    }
    const called = this.evaluate(callee);
    if (called.kind === 'failed') return called;
    if (called.kind !== 'builtin') {
      return { kind: 'opaque', why: `a call of ${kindOf(called)}` };
    }
    const { name } = called;
    const call = this.#arguments(expression.arguments, line);
    const made = this.#host.construct(name, call, line);
    if (made !== undefined) return made;
    const known = scriptFunction(name);
    if (known === undefined) return { kind: 'opaque', why: `${name}(), which is not read` };
    const unknown = call.list.find((one) => one.kind === 'opaque' || one.kind === 'failed');
    if (unknown !== undefined) return unknown;
    return known(call, line);
  }

  #method(
    owner: ScriptValue,
    name: string,
    { arguments: list, line }: Extract<PythonExpression, { kind: 'call' }>,
  ): ScriptValue {
    if (owner.kind === 'opaque' || owner.kind === 'failed') {
      for (const { value } of list) this.evaluate(value);
      return owner;
    }
    const call = this.#arguments(list, line);
    if (owner.kind === 'object') return this.#host.method(owner.object, name, call, line);
    if (owner.kind === 'array') {
      const found = arrayMethod(owner, name, call, line);
      if (found !== undefined) return found;
    }
    if (owner.kind === 'dictionary' && name === 'items') {
      const items = [...owner.entries].map(([text, value]) => ({
        kind: 'list' as const,
        items: [{ kind: 'text' as const, text, line }, value],
      }));
      return { kind: 'list', items };
    }
    if (owner.kind === 'text' && name === 'join') return joined(owner.text, call, line);
    return { kind: 'opaque', why: `.${name}() of ${kindOf(owner)}` };
  }

  /** `list.append(x)` changes the list itself, whoever holds it. */
  #append(
    items: readonly ScriptValue[],
    { arguments: list, line }: Extract<PythonExpression, { kind: 'call' }>,
  ): ScriptValue {
    const [value = NONE] = this.#arguments(list, line).list;
    if (items.length >= MOST_NUMBERS) throw new TooMuch(line, 'a list is too long');
    (items as ScriptValue[]).push(value);
    return NONE;
  }
}
