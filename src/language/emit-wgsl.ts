/**
 * Kernel IR to WGSL text: one statement per line, the user's names, the user's equations as comments. Writes statements
 * about one element and the portable functions they call; where variables live, how spikes leave and what surrounds
 * the statements is the business of the role templates in shaders/ (see gpu/kernels.ts).
 *
 * Not an optimiser: the operations and their order are those of the IR, which is why both engines agree to the bit.
 */

import { Fences } from './emit-wgsl-fences.ts';
import { foldBinary, foldUnary } from './emit-wgsl-fold.ts';
import type {
  BinaryOperation,
  Place,
  PortableFunction,
  Scalar,
  Statement,
  UnaryOperation,
  Value,
} from './kernel.ts';
import { PORTABLE } from './portable.ts';
import { wgslName } from './wgsl-words.ts';

/** How the surroundings of a body spell what the IR only names. All return WGSL expressions unless said otherwise. */
export interface WgslSurroundings {
  /** A variable of the element; also the left side of an assignment. */
  place(place: Place): string;
  constant(index: number, name: string): string;
  special(name: Extract<Value, { op: 'special' }>['name']): string;
  /** The four words of draws 4*group … 4*group+3, a vec4u. */
  draws(group: number): string;
  /** Where timed array `index` of the plan lies. */
  timedArray(index: number): WgslTimedArray;
  /** Number in the plan, a u32, of the population's binomial table `index`. */
  binomialTable(index: number): string;
  /** What arrived for that input, taken and cleared; an f32. */
  arrived(input: number): string;
  /** Cell `slot` of what the member gathers, plus an i32 index; an f32. Only in update kernels. */
  gather?(slot: number, index: string): string;
  /** A complete statement that adds `value` to an input accumulator. */
  add(input: number, value: string): string;
  /** Names taken by WGSL, by the shader and by stored variables; locals of such a name get an underscore. */
  readonly reserved: ReadonlySet<string>;
  /**
   * fast: as written, for devices that fuse or reorder operations anyway. ordered: with fences, so that devices whose
   * single operations are exact perform exactly the IR's. strict: also forbids fusing and replaces division and roots
   * by exact integer forms; the same bits on every device.
   */
  readonly arithmetic: WgslArithmetic;
}

export type WgslArithmetic = 'fast' | 'ordered' | 'strict';

/** Where a timed array lies in `plan_words`: its first word and its shape. */
export interface WgslTimedArray {
  readonly first: number;
  readonly stepsPerRow: number;
  readonly rows: number;
  readonly columns: number;
}

const TYPE_NAMES: Readonly<Record<Scalar, string>> = { f32: 'f32', i32: 'i32', bool: 'bool' };

/**
 * An f32 as a WGSL literal that reads back as the same f32. Infinities, NaN, subnormals and minus zero go through
 * their bit patterns, because WGSL has no literals for some and lets compilers change others.
 */
export function wgslFloat(value: number): string {
  const single = Math.fround(value);
  const isPlain =
    Number.isFinite(single) && (Math.abs(single) >= 2 ** -126 || Object.is(single, 0));
  if (!isPlain) return `from_bits(${wgslInteger(bitsOf(single))})`;
  for (let digits = 1; digits <= 9; digits++) {
    const text = String(Number(single.toPrecision(digits)));
    if (Math.fround(Number(text)) === single) return /[.e]/.test(text) ? text : `${text}.0`;
  }
  throw new Error(`internal: no decimal form of ${single}`);
}

/** An i32 as a WGSL literal. The smallest one has no literal form of its own. */
export function wgslInteger(value: number): string {
  const integer = value | 0;
  return integer === -2147483648 ? '(-2147483647 - 1)' : String(integer);
}

const scratch = new DataView(new ArrayBuffer(4));

function bitsOf(value: number): number {
  scratch.setFloat32(0, value);
  return scratch.getInt32(0);
}

/** Operators that WGSL lets stand beside one another; everything else is put in parentheses. */
const ARITHMETIC: Partial<Record<BinaryOperation, { sign: string; level: number }>> = {
  add: { sign: '+', level: 1 },
  sub: { sign: '-', level: 1 },
  mul: { sign: '*', level: 2 },
  div: { sign: '/', level: 2 },
};
const OTHER_OPERATORS: Partial<Record<BinaryOperation, string>> = {
  eq: '==',
  ne: '!=',
  lt: '<',
  le: '<=',
  gt: '>',
  ge: '>=',
  and: '&&',
  or: '||',
  bit_and: '&',
  bit_or: '|',
};
const ATOM = 9;

interface Text {
  readonly text: string;
  /** 1 sums, 2 products, 9 atoms; 0 whatever needs parentheses everywhere. */
  readonly level: number;
}

const atom = (text: string): Text => ({ text, level: ATOM });
const inside = (part: Text, level: number): string =>
  part.level >= level ? part.text : `(${part.text})`;

/** A block of WGSL: which groups of draws it, or one around it, has already made. */
export type WgslScope = Set<number>;

/** Emits bodies for one kernel; remembers which portable functions they need. */
export class WgslEmitter {
  readonly #surroundings: WgslSurroundings;
  readonly #portable = new Set<PortableFunction>();
  readonly #fences: Fences;

  constructor(surroundings: WgslSurroundings) {
    this.#surroundings = surroundings;
    this.#fences = new Fences(surroundings.arithmetic === 'strict');
  }

  /**
   * Statements, one per line, each after `indent`. Lists that follow each other in one WGSL block share `scope`. Empty
   * text when there are none.
   */
  statements(body: readonly Statement[], indent: string, scope: WgslScope = new Set()): string {
    const lines: string[] = [];
    for (const statement of body) this.#statement(statement, indent, scope, lines);
    return lines.join('\n');
  }

  /** The lines that must stand before a line which contains `values`, and the values as expressions. */
  expressions(
    values: readonly Value[],
    indent: string,
    scope: WgslScope,
  ): { readonly before: readonly string[]; readonly expressions: readonly string[] } {
    const before: string[] = [];
    for (const value of values) this.#needDraws(value, scope, indent, before);
    return { before, expressions: values.map((value) => this.expression(value)) };
  }

  expression(value: Value): string {
    return this.#value(value).text;
  }

  /**
   * The expression, hidden from the compiler where it is arithmetic: for what enters or leaves a function, and for what
   * is added up, so that nothing is merged with what the compiler sees around it.
   */
  fenced(value: Value): string {
    const text = this.expression(value);
    if (this.#surroundings.arithmetic === 'fast' || !this.#fences.isArithmetic(value)) return text;
    return `opaque(${text})`;
  }

  /** The portable functions used so far, each after the ones it calls. Empty text when there are none. */
  functions(): string {
    const done = new Set<PortableFunction>();
    const texts: string[] = [];
    const emit = (name: PortableFunction): void => {
      if (done.has(name)) return;
      done.add(name);
      const inner = new WgslEmitter(portableSurroundings(this.#surroundings));
      const { parameters, body, result } = PORTABLE[name];
      const statements = inner.statements(body, '  ');
      const last = inner.fenced(result);
      for (const needed of inner.#portable) emit(needed);
      const list = parameters.map((parameter) => `${this.#localName(parameter)}: f32`).join(', ');
      texts.push(
        `fn ${wgslFunctionName(name)}(${list}) -> f32 {\n${statements}\n  return ${last};\n}`,
      );
    };
    for (const name of this.#portable) emit(name);
    return texts.join('\n\n');
  }

  #statement(statement: Statement, indent: string, draws: WgslScope, lines: string[]): void {
    switch (statement.kind) {
      case 'comment':
        for (const line of statement.text.split('\n')) {
          lines.push(`${indent}// ${line.replaceAll('#', '').trim()}`);
        }
        return;
      case 'let': {
        this.#needDraws(statement.value, draws, indent, lines);
        const type = TYPE_NAMES[statement.value.type];
        const name = this.#localName(statement.name);
        lines.push(`${indent}let ${name}: ${type} = ${this.expression(statement.value)};`);
        this.#fences.define(statement.name, statement.value);
        return;
      }
      case 'set': {
        this.#needDraws(statement.value, draws, indent, lines);
        const target = this.#surroundings.place(statement.place);
        lines.push(`${indent}${target} = ${this.#stored(statement.value)};`);
        this.#fences.assign(statement.place, statement.value);
        return;
      }
      case 'add':
        this.#needDraws(statement.value, draws, indent, lines);
        lines.push(
          indent + this.#surroundings.add(statement.input, this.expression(statement.value)),
        );
        return;
      case 'if': {
        this.#needDraws(statement.condition, draws, indent, lines);
        lines.push(`${indent}if (${this.expression(statement.condition)}) {`);
        lines.push(this.statements(statement.body, `${indent}  `, new Set(draws)));
        lines.push(`${indent}}`);
        this.#fences.forgetAssignments();
        return;
      }
    }
  }

  /** Booleans are stored as 0 or 1. */
  #stored(value: Value): string {
    return value.type === 'bool'
      ? `select(0, 1, ${this.expression(value)})`
      : this.expression(value);
  }

  /** One Philox call serves four draws: made in the block that first needs it. */
  #needDraws(value: Value, draws: WgslScope, indent: string, lines: string[]): void {
    for (const slot of drawSlots(value)) {
      const group = slot >>> 2;
      if (draws.has(group)) continue;
      draws.add(group);
      lines.push(`${indent}let draws_${group} = ${this.#surroundings.draws(group)};`);
    }
  }

  #localName(name: string): string {
    const isOurs = /^draws_\d+$/.test(name) || /_portable$/.test(name);
    return wgslName(isOurs ? `${name}_` : name, this.#surroundings.reserved);
  }

  #list(values: readonly Value[]): string {
    return values.map((value) => this.expression(value)).join(', ');
  }

  #value(value: Value): Text {
    switch (value.op) {
      case 'literal':
        return literalText(value.type, value.value);
      case 'get':
        return value.type === 'bool'
          ? { text: `${this.#surroundings.place(value.place)} != 0`, level: 0 }
          : atom(this.#surroundings.place(value.place));
      case 'local':
        return atom(this.#localName(value.name));
      case 'constant':
        return atom(this.#surroundings.constant(value.index, value.name));
      case 'special':
        return atom(this.#surroundings.special(value.name));
      case 'unary':
        return this.#unary(value.operation, value.a);
      case 'binary':
        return this.#binary(value.operation, value.a, value.b);
      case 'select': {
        return atom(`select(${this.#list([value.b, value.a, value.condition])})`);
      }
      case 'call': {
        this.#portable.add(value.name);
        const list = value.arguments.map((argument) => this.fenced(argument)).join(', ');
        return atom(`${wgslFunctionName(value.name)}(${list})`);
      }
      case 'draw':
        if (value.kind === 'uniform') return atom(`uniform_of(${drawWordText(value.slot)})`);
        this.#portable.add('normal_quantile');
        return atom(
          `${wgslFunctionName('normal_quantile')}(open_uniform_of(${drawWordText(value.slot)}))`,
        );
      case 'binomial': {
        const table = this.#surroundings.binomialTable(value.table);
        return atom(`binomial_of(${drawWordText(value.slot)}, ${table})`);
      }
      case 'table':
        return this.#table(value);
      case 'arrived':
        return atom(this.#surroundings.arrived(value.input));
      case 'gather': {
        const { gather } = this.#surroundings;
        if (gather === undefined) throw new Error('internal: only neurons read fields');
        return atom(gather(value.slot, this.expression(value.index)));
      }
    }
  }

  #table(value: Extract<Value, { op: 'table' }>): Text {
    const table = this.#surroundings.timedArray(value.table);
    const column = value.column === null ? '0' : this.expression(value.column);
    const shape = `${table.first}u, ${table.stepsPerRow}, ${table.rows}, ${table.columns}`;
    const step = this.#surroundings.special('step');
    return atom(`timed_value(${shape}, ${step}, ${value.halfSteps}, ${column})`);
  }

  #unary(operation: UnaryOperation, a: Value): Text {
    const folded = a.op === 'literal' ? foldUnary(operation, a) : null;
    if (folded !== null) return this.#value(folded);
    const inner = this.#value(a);
    switch (operation) {
      case 'neg':
        return { text: `-${inside(inner, ATOM)}`, level: 0 };
      case 'not':
        return { text: `!${inside(inner, ATOM)}`, level: 0 };
      case 'to_f32':
        return atom(a.type === 'bool' ? `select(0.0, 1.0, ${inner.text})` : `f32(${inner.text})`);
      case 'to_i32':
        return atom(a.type === 'bool' ? `select(0, 1, ${inner.text})` : `to_i32(${inner.text})`);
      case 'bits_of':
        return atom(`bitcast<i32>(${inner.text})`);
      case 'from_bits':
        return atom(`from_bits(${inner.text})`);
      case 'sqrt':
        return atom(
          `${this.#surroundings.arithmetic === 'strict' ? 'exact_root' : 'sqrt'}(${inner.text})`,
        );
      case 'abs':
      case 'floor':
      case 'ceil':
        return atom(`${operation}(${inner.text})`);
    }
  }

  #binary(operation: BinaryOperation, a: Value, b: Value): Text {
    const folded = a.op === 'literal' && b.op === 'literal' ? foldBinary(operation, a, b) : null;
    if (folded !== null) return this.#value(folded);
    const isFenced = a.type === 'f32' && this.#surroundings.arithmetic !== 'fast';
    const fencing = isFenced ? this.#fences.around(operation, a, b) : null;
    const left = fencing?.a === true ? atom(`opaque(${this.expression(a)})`) : this.#value(a);
    const right = fencing?.b === true ? atom(`opaque(${this.expression(b)})`) : this.#value(b);
    if (this.#surroundings.arithmetic === 'strict' && a.type === 'f32') {
      if (operation === 'mul') return atom(`exact_product(${left.text}, ${right.text})`);
      if (operation === 'div') return atom(`exact_quotient(${left.text}, ${right.text})`);
    }
    const arithmetic = ARITHMETIC[operation];
    if (arithmetic !== undefined) {
      const { sign, level } = arithmetic;
      const text = `${inside(left, level)} ${sign} ${inside(right, level + 1)}`;
      return { text, level };
    }
    switch (operation) {
      case 'min':
      case 'max':
        return atom(`${operation}(${left.text}, ${right.text})`);
      case 'shift_left':
        return { text: `${inside(left, ATOM)} << ${shiftText(b, right)}`, level: 0 };
      case 'shift_right':
        return { text: `${inside(left, ATOM)} >> ${shiftText(b, right)}`, level: 0 };
      case 'rem':
        return { text: `${inside(left, ATOM)} % ${inside(right, ATOM)}`, level: 0 };
      default: {
        // Comparisons may have sums beside them, the other operators may not.
        const level = /^(eq|ne|lt|le|gt|ge)$/.test(operation) ? 1 : ATOM;
        const text = `${inside(left, level)} ${OTHER_OPERATORS[operation]} ${inside(right, level)}`;
        return { text, level: 0 };
      }
    }
  }
}

/** Names of our own functions; suffixed so that no built-in function is meant. */
export function wgslFunctionName(name: PortableFunction): string {
  return `${name}_portable`;
}

/** Every draw and binomial slot that a value uses, in order of appearance. */
function drawSlots(value: Value): number[] {
  switch (value.op) {
    case 'draw':
    case 'binomial':
      return [value.slot];
    case 'unary':
      return drawSlots(value.a);
    case 'binary':
      return [...drawSlots(value.a), ...drawSlots(value.b)];
    case 'select':
      return [...drawSlots(value.condition), ...drawSlots(value.a), ...drawSlots(value.b)];
    case 'call':
      return value.arguments.flatMap(drawSlots);
    case 'table':
      return value.column === null ? [] : drawSlots(value.column);
    default:
      return [];
  }
}

function drawWordText(slot: number): string {
  return `draws_${slot >>> 2}.${'xyzw'[slot & 3]}`;
}

function literalText(type: Scalar, value: number | boolean): Text {
  if (type === 'bool') return atom(value ? 'true' : 'false');
  const text = type === 'i32' ? wgslInteger(Number(value)) : wgslFloat(Number(value));
  return { text, level: text.startsWith('-') ? 0 : ATOM };
}

/** Shift counts are u32 in WGSL and taken modulo 32, as in WebAssembly. */
function shiftText(count: Value, text: Text): string {
  return count.op === 'literal' ? `${Number(count.value) & 31}u` : `(u32(${text.text}) & 31u)`;
}

/** Portable functions see their parameters and nothing else. */
function portableSurroundings(outer: WgslSurroundings): WgslSurroundings {
  const refuse = (what: string) => (): never => {
    throw new Error(`internal: a portable function uses ${what}`);
  };
  return {
    place: refuse('a variable'),
    constant: refuse('a constant'),
    special: refuse('a special name'),
    draws: refuse('a draw'),
    timedArray: refuse('a timed array'),
    binomialTable: refuse('a binomial table'),
    arrived: refuse('an input'),
    add: refuse('an input'),
    reserved: outer.reserved,
    arithmetic: outer.arithmetic,
  };
}
