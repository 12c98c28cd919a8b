/** Python tokens to the tree of python-ast.ts. Bounded in depth; throws ScriptFault where it is no Python. */
import type {
  Argument,
  ImportedName,
  Loop,
  PythonExpression,
  PythonStatement,
} from './python-ast.ts';
import { type PythonToken, pythonTokens, ScriptFault } from './python-tokens.ts';
import {
  AUGMENTED,
  BLOCKS,
  COMPARISONS,
  DEEPEST,
  LEVELS,
  LINES,
  LONGEST_CHAIN,
  numberNode,
} from './python-words.ts';

/** Reads a whole script. */
export function parsePython(text: string): PythonStatement[] {
  return new Parser(pythonTokens(text)).script();
}

/** Reads one expression, such as the text of `connect(j='i + 1')`. A generator may follow it: `k for k in range(3)`. */
export function parsePythonExpression(text: string, line: number): PythonExpression {
  try {
    return new Parser(pythonTokens(`(${text})`)).lonely(line);
  } catch (error) {
    if (error instanceof ScriptFault) throw new ScriptFault(line, error.message);
    throw error;
  }
}

class Parser {
  readonly #tokens: readonly PythonToken[];
  #at = 0;
  #depth = 0;
  /** How deep the tree below a node is. */
  readonly #depths = new WeakMap<object, number>();

  constructor(tokens: readonly PythonToken[]) {
    this.#tokens = tokens;
  }

  get #now(): PythonToken {
    return this.#tokens[this.#at] ?? (this.#tokens.at(-1) as PythonToken);
  }

  #ahead(count: number): PythonToken {
    return this.#tokens[this.#at + count] ?? (this.#tokens.at(-1) as PythonToken);
  }

  #is(text: string): boolean {
    const { kind, text: found } = this.#now;
    return found === text && (kind === 'operator' || kind === 'name');
  }

  #take(text: string): boolean {
    if (!this.#is(text)) return false;
    this.#at++;
    return true;
  }

  #fail(): never {
    const { kind, text, line } = this.#now;
    const what = ['newline', 'end', 'dedent'].includes(kind)
      ? 'the line ends too early'
      : kind === 'indent'
        ? 'unexpected indentation'
        : `"${text.slice(0, 40)}" does not belong here`;
    throw new ScriptFault(line, what);
  }

  #expect(text: string): void {
    if (!this.#take(text)) this.#fail();
  }

  /** Runs a part that may contain itself. */
  #nested<T>(read: () => T): T {
    if (++this.#depth > DEEPEST) throw new ScriptFault(this.#now.line, 'nested too deep');
    const result = read();
    this.#depth--;
    return result;
  }

  /** A node that has parts. Those who walk the tree need not fear for their stack. */
  #node(node: PythonExpression): PythonExpression {
    const depth = 1 + Math.max(0, ...Object.values(node).map((part) => this.#depthOf(part)));
    if (depth > LONGEST_CHAIN) throw new ScriptFault(node.line, 'an expression is too long');
    this.#depths.set(node, depth);
    return node;
  }

  #depthOf(part: unknown): number {
    if (typeof part !== 'object' || part === null) return 0;
    const known = this.#depths.get(part);
    if (known !== undefined) return known;
    let most = 0;
    for (const inner of Object.values(part)) most = Math.max(most, this.#depthOf(inner));
    return most;
  }

  script(): PythonStatement[] {
    const statements: PythonStatement[] = [];
    while (this.#now.kind !== 'end') {
      if (this.#now.kind === 'newline') this.#at++;
      else statements.push(...this.#statement());
    }
    return statements;
  }

  lonely(line: number): PythonExpression {
    const value = this.#expression();
    if (this.#now.kind === 'newline') this.#at++;
    if (this.#now.kind !== 'end') this.#fail();
    return { ...value, line };
  }

  #statement(): PythonStatement[] {
    const { kind, text, line } = this.#now;
    if (kind === 'indent') this.#fail();
    if (text === '@' || (kind === 'name' && Object.hasOwn(BLOCKS, text) && this.#opensBlock())) {
      return [this.#foreignBlock()];
    }
    if (kind === 'name' && text === 'for') return [this.#for()];
    if (kind === 'name' && text === 'if') return [this.#if()];
    const statements: PythonStatement[] = [];
    do {
      if (this.#now.kind === 'newline' || this.#now.kind === 'end') break;
      statements.push(this.#simple());
    } while (this.#take(';'));
    if (this.#now.kind === 'newline') this.#at++;
    else if (this.#now.kind !== 'end' && this.#now.kind !== 'dedent') this.#fail();
    return statements.length === 0 ? [{ kind: 'pass', line }] : statements;
  }

  /** `match` and the like are names too: a block's line ends in ":". */
  #opensBlock(): boolean {
    let at = this.#at;
    while (!['newline', 'end'].includes(this.#tokens[at]?.kind ?? 'end')) at++;
    if (this.#now.text !== 'match') return true;
    return this.#tokens[at - 1]?.text === ':' && this.#ahead(1).text !== '=';
  }

  #simple(): PythonStatement {
    const { kind, text, line } = this.#now;
    if (kind === 'name') {
      if (text === 'import' || text === 'from') return this.#import();
      if (text === 'pass') {
        this.#at++;
        return { kind: 'pass', line };
      }
      if (Object.hasOwn(LINES, text) && this.#ahead(1).text !== '=') {
        this.#skipLine();
        return { kind: 'foreign', what: LINES[text] as string, names: [], line };
      }
    }
    const first = this.#expressions();
    if (this.#is(':') && first.kind === 'name') {
      this.#at++;
      this.#expression();
    }
    if (this.#now.kind === 'operator' && AUGMENTED.has(this.#now.text)) {
      const operator = this.#now.text.slice(0, -1);
      this.#at++;
      return { kind: 'assign', targets: [first], operator, value: this.#expressions(), line };
    }
    const chain = [first];
    while (this.#take('=')) chain.push(this.#expressions());
    const value = chain.pop() as PythonExpression;
    if (chain.length === 0) return { kind: 'expression', value, line };
    return { kind: 'assign', targets: chain, operator: '', value, line };
  }

  #skipLine(): void {
    while (!['newline', 'end'].includes(this.#now.kind)) this.#at++;
  }

  #import(): PythonStatement {
    const { line } = this.#now;
    const dotted = (): string => {
      let name = '';
      while (this.#is('.') || this.#is('...')) {
        name += this.#now.text;
        this.#at++;
      }
      if (this.#now.kind === 'name' && !this.#is('import')) name += this.#name();
      while (this.#take('.')) name += `.${this.#name()}`;
      return name;
    };
    const modules: ImportedName[] = [];
    if (this.#take('import')) {
      do {
        const module = dotted();
        const as = this.#take('as') ? this.#name() : (module.split('.')[0] as string);
        modules.push({ module, name: null, as });
      } while (this.#take(','));
      return { kind: 'import', modules, line };
    }
    this.#expect('from');
    const module = dotted();
    this.#expect('import');
    if (this.#take('*')) modules.push({ module, name: '*', as: '*' });
    else {
      const isBracketed = this.#take('(');
      do {
        if (this.#is(')')) break;
        const name = this.#name();
        modules.push({ module, name, as: this.#take('as') ? this.#name() : name });
      } while (this.#take(','));
      if (isBracketed) this.#expect(')');
    }
    return { kind: 'import', modules, line };
  }

  #name(): string {
    const { kind, text } = this.#now;
    if (kind !== 'name') this.#fail();
    this.#at++;
    return text;
  }

  #block(): PythonStatement[] {
    this.#expect(':');
    if (this.#now.kind !== 'newline') return this.#statement();
    this.#at++;
    const { kind } = this.#now as PythonToken;
    if (kind !== 'indent') this.#fail();
    this.#at++;
    return this.#nested(() => {
      const statements: PythonStatement[] = [];
      while (this.#now.kind !== 'dedent' && this.#now.kind !== 'end') {
        if (this.#now.kind === 'newline') this.#at++;
        else statements.push(...this.#statement());
      }
      if (this.#now.kind === 'dedent') this.#at++;
      return statements;
    });
  }

  #for(): PythonStatement {
    const { line } = this.#now;
    this.#expect('for');
    const target = this.#targets();
    this.#expect('in');
    const items = this.#expressions();
    const body = this.#block();
    return { kind: 'for', target, items, body, line };
  }

  #if(): PythonStatement {
    const { line } = this.#now;
    this.#at++;
    const condition = this.#expression();
    const yes = this.#block();
    let no: readonly PythonStatement[] = [];
    if (this.#is('elif')) no = [this.#nested(() => this.#if())];
    else if (this.#take('else')) no = this.#block();
    return { kind: 'if', condition, yes, no, line };
  }

  /** Skips a block that is not read, with its decorators and what belongs to it. */
  #foreignBlock(): PythonStatement {
    const { line } = this.#now;
    let what = '';
    while (this.#is('@')) {
      this.#at++;
      if (what === '') what = `@${this.#now.text}`;
      this.#skipLine();
      this.#at++;
    }
    const names: string[] = [];
    do {
      const word = this.#now.text;
      if (what === '') what = BLOCKS[word] ?? word;
      if (['def', 'class'].includes(word)) names.push(this.#ahead(1).text);
      this.#skipLine();
      if (this.#now.kind === 'newline') this.#at++;
      if (this.#now.kind === 'indent') this.#skipIndented();
    } while (['except', 'finally', 'else'].some((word) => this.#is(word)));
    return { kind: 'foreign', what, names, line };
  }

  #skipIndented(): void {
    let depth = 0;
    do {
      if (this.#now.kind === 'indent') depth++;
      if (this.#now.kind === 'dedent') depth--;
      if (this.#now.kind === 'end') return;
      this.#at++;
    } while (depth > 0);
  }

  /** One expression, or several with commas: a tuple. */
  #expressions(): PythonExpression {
    const { line } = this.#now;
    const first = this.#starred();
    if (!this.#is(',')) return first;
    const items = [first];
    while (this.#take(',')) {
      if (['newline', 'end'].includes(this.#now.kind) || this.#is('=') || this.#is(')')) break;
      items.push(this.#starred());
    }
    return { kind: 'list', items, isTuple: true, line };
  }

  #starred(): PythonExpression {
    const { line } = this.#now;
    if (!this.#take('*')) return this.#expression();
    this.#expression();
    return { kind: 'foreign', what: '"*"', line };
  }

  /** Targets of a loop, which end at "in". */
  #targets(): PythonExpression {
    const { line } = this.#now;
    const items = [this.#postfix()];
    let isTuple = false;
    while (this.#take(',')) {
      isTuple = true;
      if (this.#is('in')) break;
      items.push(this.#postfix());
    }
    return isTuple ? { kind: 'list', items, isTuple, line } : (items[0] as PythonExpression);
  }

  #expression(): PythonExpression {
    return this.#nested(() => this.#choice());
  }

  #choice(): PythonExpression {
    const { line } = this.#now;
    if (this.#is('lambda')) {
      while (!this.#is(':') && this.#now.kind !== 'newline' && this.#now.kind !== 'end') this.#at++;
      this.#expect(':');
      this.#expression();
      return { kind: 'foreign', what: 'a lambda', line };
    }
    const yes = this.#or();
    if (!this.#take('if')) return yes;
    const condition = this.#or();
    this.#expect('else');
    return this.#node({ kind: 'choice', condition, yes, no: this.#expression(), line });
  }

  #or(): PythonExpression {
    let left = this.#and();
    while (this.#is('or')) {
      const { line } = this.#now;
      this.#at++;
      left = this.#node({ kind: 'binary', operator: 'or', left, right: this.#and(), line });
    }
    return left;
  }

  #and(): PythonExpression {
    let left = this.#not();
    while (this.#is('and')) {
      const { line } = this.#now;
      this.#at++;
      left = this.#node({ kind: 'binary', operator: 'and', left, right: this.#not(), line });
    }
    return left;
  }

  #not(): PythonExpression {
    const { line } = this.#now;
    if (!this.#take('not')) return this.#comparison();
    const operand = this.#nested(() => this.#not());
    return this.#node({ kind: 'unary', operator: 'not', operand, line });
  }

  #comparison(): PythonExpression {
    let left = this.#binary(0);
    while (COMPARISONS.has(this.#now.text) && this.#now.kind !== 'string') {
      const { line, text } = this.#now;
      this.#at++;
      let operator = text;
      if (text === 'not') {
        this.#expect('in');
        operator = 'not in';
      } else if (text === 'is' && this.#take('not')) operator = 'is not';
      left = this.#node({ kind: 'binary', operator, left, right: this.#binary(0), line });
    }
    return left;
  }

  #binary(level: number): PythonExpression {
    const operators = LEVELS[level];
    if (operators === undefined) return this.#unary();
    let left = this.#binary(level + 1);
    while (this.#now.kind === 'operator' && operators.includes(this.#now.text)) {
      const { line, text } = this.#now;
      this.#at++;
      left = this.#node({
        kind: 'binary',
        operator: text,
        left,
        right: this.#binary(level + 1),
        line,
      });
    }
    return left;
  }

  #unary(): PythonExpression {
    const { line, text, kind } = this.#now;
    if (kind === 'operator' && ['-', '+', '~'].includes(text)) {
      this.#at++;
      const operand = this.#nested(() => this.#unary());
      return this.#node({ kind: 'unary', operator: text, operand, line });
    }
    const base = this.#postfix();
    if (!this.#take('**')) return base;
    const right = this.#nested(() => this.#unary());
    return this.#node({ kind: 'binary', operator: '**', left: base, right, line });
  }

  #postfix(): PythonExpression {
    let value = this.#atom();
    for (;;) {
      const { line } = this.#now;
      if (this.#take('.')) {
        value = this.#node({ kind: 'attribute', owner: value, name: this.#name(), line });
      } else if (this.#is('(')) {
        value = this.#node({
          kind: 'call',
          callee: value,
          arguments: this.#arguments(),
          line,
        });
      } else if (this.#take('[')) {
        value = this.#node({ kind: 'subscript', owner: value, index: this.#index(), line });
        this.#expect(']');
      } else return value;
    }
  }

  #arguments(): Argument[] {
    this.#expect('(');
    const list: Argument[] = [];
    while (!this.#take(')')) {
      const stars = this.#take('**') ? 2 : this.#take('*') ? 1 : 0;
      const isNamed = this.#now.kind === 'name' && this.#ahead(1).text === '=' && stars === 0;
      const name = isNamed ? this.#name() : null;
      if (isNamed) this.#expect('=');
      const first = this.#expression();
      const value = this.#is('for') ? this.#comprehension(first) : first;
      list.push({ name, stars, value });
      if (!this.#take(',') && !this.#is(')')) this.#fail();
    }
    return list;
  }

  #index(): PythonExpression {
    const { line } = this.#now;
    const items = [this.#slice()];
    while (this.#take(',')) {
      if (this.#is(']')) break;
      items.push(this.#slice());
    }
    return items.length === 1
      ? (items[0] as PythonExpression)
      : { kind: 'list', items, isTuple: true, line };
  }

  #slice(): PythonExpression {
    const { line } = this.#now;
    const isEnd = (): boolean => this.#is(':') || this.#is(']') || this.#is(',');
    const from = isEnd() ? null : this.#expression();
    if (!this.#take(':')) {
      if (from === null) this.#fail();
      return from;
    }
    const to = isEnd() ? null : this.#expression();
    const step = this.#take(':') && !isEnd() ? this.#expression() : null;
    return { kind: 'slice', from, to, step, line };
  }

  #comprehension(item: PythonExpression): PythonExpression {
    const loops: Loop[] = [];
    while (this.#take('for')) {
      const target = this.#targets();
      this.#expect('in');
      const items = this.#or();
      const conditions: PythonExpression[] = [];
      while (this.#take('if')) conditions.push(this.#or());
      loops.push({ target, items, conditions });
    }
    return this.#node({ kind: 'comprehension', item, loops, line: item.line });
  }

  #atom(): PythonExpression {
    const { kind, text, line } = this.#now;
    switch (kind) {
      case 'number':
        this.#at++;
        return numberNode(text, line);
      case 'string':
        return this.#strings();
      case 'name':
        this.#at++;
        if (['True', 'False', 'None'].includes(text)) {
          const value = text === 'None' ? null : text === 'True';
          return { kind: 'constant', value, line };
        }
        return { kind: 'name', name: text, line };
      default:
    }
    if (this.#take('(')) return this.#bracketed(line);
    if (this.#take('[')) return this.#list(line);
    if (this.#take('{')) return this.#dictionary(line);
    if (this.#take('...')) return { kind: 'foreign', what: '"..."', line };
    return this.#fail();
  }

  /** Texts side by side are one. */
  #strings(): PythonExpression {
    const { line } = this.#now;
    let value = '';
    let isFormatted = false;
    while (this.#now.kind === 'string') {
      value += this.#now.text;
      isFormatted ||= this.#now.isFormatted === true;
      this.#at++;
    }
    return { kind: 'text', value, isFormatted, line };
  }

  #bracketed(line: number): PythonExpression {
    if (this.#take(')')) return { kind: 'list', items: [], isTuple: true, line };
    const first = this.#starred();
    if (this.#is('for')) {
      const value = this.#comprehension(first);
      this.#expect(')');
      return value;
    }
    const items = [first];
    let isTuple = false;
    while (this.#take(',')) {
      isTuple = true;
      if (this.#is(')')) break;
      items.push(this.#starred());
    }
    this.#expect(')');
    return isTuple ? this.#node({ kind: 'list', items, isTuple, line }) : first;
  }

  #list(line: number): PythonExpression {
    if (this.#take(']')) return { kind: 'list', items: [], isTuple: false, line };
    const first = this.#starredItem();
    if (this.#is('for')) {
      const value = this.#comprehension(first);
      this.#expect(']');
      return value;
    }
    const items = [first];
    while (this.#take(',')) {
      if (this.#is(']')) break;
      items.push(this.#starredItem());
    }
    this.#expect(']');
    return this.#node({ kind: 'list', items, isTuple: false, line });
  }

  /** `*items` inside a list: a comprehension over them that the list takes in. */
  #starredItem(): PythonExpression {
    const { line } = this.#now;
    if (!this.#take('*')) return this.#expression();
    const items = this.#expression();
    return { kind: 'unary', operator: '*', operand: items, line };
  }

  #dictionary(line: number): PythonExpression {
    const entries: (readonly [PythonExpression | null, PythonExpression])[] = [];
    while (!this.#take('}')) {
      if (this.#take('**')) entries.push([null, this.#expression()]);
      else {
        const key = this.#expression();
        if (!this.#take(':')) {
          while (!this.#take('}')) {
            if (this.#now.kind === 'end') this.#fail();
            this.#at++;
          }
          return { kind: 'foreign', what: 'a set', line };
        }
        entries.push([key, this.#expression()]);
        if (this.#is('for')) {
          const skipped = this.#comprehension(key);
          this.#expect('}');
          return { kind: 'foreign', what: 'a dictionary comprehension', line: skipped.line };
        }
      }
      if (!this.#take(',') && !this.#is('}')) this.#fail();
    }
    return this.#node({ kind: 'dictionary', entries, line });
  }
}
