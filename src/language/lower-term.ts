/**
 * From terms to kernel IR: the values and `let` statements of one body, with common parts computed once. Knows places
 * and types, not models: what a body is for is decided in lower.ts and lower-projection.ts.
 */
import type { ComparisonOperator, SymbolReference, ValueType } from './ast.ts';
import { binomialValue } from './binomial-draw.ts';
import { call, difference, product, quotient, sum } from './combine.ts';
import type { ConstantPool } from './constants.ts';
import { identifierOf } from './constants.ts';
import * as ir from './kernel.ts';
import { contains, DT, localTerm, number, partsOf, type Term } from './term.ts';

/** What a body needs to know of its surroundings. */
export interface BodyContext {
  readonly pool: ConstantPool;
  /** Where a variable (or the stored step behind lastspike, lastupdate) lives. */
  readonly place: (symbol: SymbolReference) => { place: ir.Place; type: 'f32' | 'i32' };
  /** Timed array name to table number. */
  readonly tables: Readonly<Record<string, number>>;
  /** The step that `t` means here: the kernel's step, or the one before it in resets. */
  readonly step: 'current' | 'previous';
  /** Value of not_refractory where the body may read it. */
  readonly notRefractory?: () => ir.Value;
  /** Let names already taken in this kernel. */
  readonly names: Set<string>;
}

const SCALAR: Readonly<Record<ValueType, ir.Scalar>> = {
  float: 'f32',
  integer: 'i32',
  boolean: 'bool',
};

const COMPARE: Readonly<Record<ComparisonOperator, ir.BinaryOperation>> = {
  '==': 'eq',
  '!=': 'ne',
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
};

/** Functions that are portable functions of the same name. */
const PORTABLE: ReadonlySet<string> = new Set([
  'exp',
  'log',
  'sin',
  'cos',
  'tan',
  'tanh',
  'sinh',
  'cosh',
  'arcsin',
  'arccos',
  'arctan',
  'exprel',
  'expm1',
  'log1p',
]);

const LEAVES: ReadonlySet<string> = new Set(['symbol', 'number', 'boolean', 'time']);

/** One list of statements in the making. */
export class Body {
  readonly statements: ir.Statement[] = [];
  readonly #context: BodyContext;
  /** Values of terms that already have a local. */
  readonly #known: Map<string, ir.Value>;
  readonly #shared: Set<string>;

  constructor(context: BodyContext, outer?: Body) {
    this.#context = context;
    this.#known = new Map(outer === undefined ? [] : outer.#known);
    this.#shared = new Set(outer === undefined ? [] : outer.#shared);
  }

  /** A body for an `if` inside this one: sees its locals, keeps its own. */
  inner(): Body {
    return new Body(this.#context, this);
  }

  /** Announces what will be computed, so that parts that occur more than once get a local. */
  share(terms: readonly Term[]): void {
    const seen = new Set<string>();
    const visit = (term: Term): void => {
      if (term.host || LEAVES.has(term.kind)) return;
      if (seen.has(term.text)) {
        this.#shared.add(term.text);
        return;
      }
      seen.add(term.text);
      const rest = withoutHost(term);
      for (const part of rest === null ? partsOf(term) : [rest]) visit(part);
    };
    for (const term of terms) visit(term);
  }

  comment(text: string): void {
    this.statements.push({ kind: 'comment', text });
  }

  set(place: ir.Place, value: ir.Value): void {
    this.statements.push({ kind: 'set', place, value });
  }

  /** A new local with a name like `hint`; leaves and constants stay as they are. */
  name(hint: string, value: ir.Value): ir.Value {
    if (value.op === 'literal' || value.op === 'local' || value.op === 'constant') return value;
    const { names } = this.#context;
    // The suffix keeps clear of reserved words of WGSL whatever the user called things.
    const base = identifierOf(hint).slice(0, 32);
    let name = `${base}_1`;
    for (let k = 2; names.has(name); k++) name = `${base}_${k}`;
    names.add(name);
    this.statements.push({ kind: 'let', name, value });
    return ir.local(name, value.type);
  }

  /** Makes `term` known under a value that exists already. */
  define(term: Term, value: ir.Value): void {
    this.#known.set(term.text, value);
  }

  /** A local holding the value of `term`, as a term; host-known terms and plain names stay as they are. */
  local(hint: string, term: Term): Term {
    if (term.host || (term.kind === 'symbol' && term.symbol.role === 'local')) return term;
    const value = this.name(hint, this.value(term));
    return value.op === 'local' ? localTerm(value.name, term.type) : term;
  }

  /** Value of a term in its own type. */
  value(term: Term): ir.Value {
    const known = this.#known.get(term.text);
    if (known !== undefined) return known;
    const value = term.host ? this.#hostValue(term) : this.#make(term);
    if (!this.#shared.has(term.text) || term.host) return value;
    const local = this.name(hintOf(term), value);
    this.#known.set(term.text, local);
    return local;
  }

  /** Value of a host-known whole number under a name of its own. */
  wholeConstant(name: string, term: Term): ir.Value {
    const value = this.#context.pool.value(term, name);
    return value.type === 'i32' ? value : ir.unary('to_i32', value);
  }

  /** Value of a term as a float. */
  float(term: Term): ir.Value {
    if (term.kind === 'number') return this.#context.pool.value(number(term.value));
    if (term.kind === 'call' && term.name === 'int' && term.arguments[0]?.type === 'boolean') {
      return this.#indicator(term, term.arguments[0]);
    }
    if (term.host && term.type === 'integer')
      return this.#context.pool.value({ ...term, type: 'float' });
    const value = this.value(term);
    return value.type === 'f32' ? value : ir.unary('to_f32', value);
  }

  /** int(condition) as a float, 0 or 1, without the detour over an integer. */
  #indicator(term: Term, condition: Term): ir.Value {
    const key = `float ${term.text}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const value = ir.unary('to_f32', this.value(condition));
    if (term.host || !this.#shared.has(term.text)) return value;
    const local = this.name('indicator', value);
    this.#known.set(key, local);
    return local;
  }

  /** Value of a term for a variable of the given storage type. */
  stored(term: Term, type: 'f32' | 'i32'): ir.Value {
    if (type === 'f32') return this.float(term);
    const value = this.value(term);
    return value.type === 'i32' ? value : ir.unary('to_i32', value);
  }

  #hostValue(term: Term): ir.Value {
    const { pool } = this.#context;
    if (term.kind === 'boolean') return ir.truth(term.value);
    if (term.type === 'boolean') {
      const value = pool.value({ ...term, type: 'float' });
      if (value.op === 'literal') return ir.truth(value.value !== 0);
      return ir.binary('ne', value, ir.literal(0));
    }
    const value = pool.value(term);
    return term.type === 'integer' && value.type === 'f32' ? ir.unary('to_i32', value) : value;
  }

  #make(term: Term): ir.Value {
    switch (term.kind) {
      case 'symbol':
        return this.#symbol(term.symbol, term.type);
      case 'time':
        return this.#time(term.halfSteps);
      case 'elapsed':
        return ir.sub(this.#step(), ir.get(this.#context.place(term.since).place, 'i32'));
      case 'sum':
        return this.#sum(term);
      case 'product':
        return this.#product(term);
      case 'power':
        return this.#power(term.base, term.exponent, term.type);
      case 'floor-divide': {
        const bits = shiftOf(term);
        if (bits !== null) return ir.binary('shift_right', this.value(term.left), ir.integer(bits));
        return this.#typed(this.#floorQuotient(term.left, term.right), term.type);
      }
      case 'modulo':
        return this.#modulo(term);
      case 'compare':
        return this.#compare(term.operator, term.left, term.right);
      case 'and':
      case 'or':
        return ir.binary(term.kind, this.value(term.left), this.value(term.right));
      case 'not':
        return ir.unary('not', this.value(term.operand));
      case 'call':
        return this.#call(term);
      case 'draw':
        return { op: 'draw', type: 'f32', kind: term.draw, slot: term.slot };
      case 'select':
        return this.#select(term);
      case 'table':
        return this.#table(term);
      default:
        throw new Error(`internal: ${term.kind} is host-known and cannot be emitted`);
    }
  }

  #typed(value: ir.Value, type: ValueType): ir.Value {
    return type === 'integer' ? ir.unary('to_i32', value) : value;
  }

  #step(): ir.Value {
    const step = ir.special('step');
    return this.#context.step === 'current' ? step : ir.sub(step, ir.integer(1));
  }

  #time(halfSteps: 0 | 1 | 2): ir.Value {
    if (this.#context.step === 'previous') {
      return ir.mul(ir.unary('to_f32', this.#step()), this.value(DT));
    }
    const start = ir.special('time');
    if (halfSteps === 0) return start;
    return ir.add(start, this.value(product(number(halfSteps / 2), DT)));
  }

  #symbol(symbol: SymbolReference, type: ValueType): ir.Value {
    if (symbol.role === 'special') return this.#special(symbol);
    if (symbol.role === 'local') return ir.local(symbol.name, SCALAR[type]);
    const { place, type: stored } = this.#context.place(symbol);
    const value = ir.get(place, stored);
    return type === 'boolean' ? ir.binary('ne', value, ir.integer(0)) : value;
  }

  #special(symbol: Extract<SymbolReference, { role: 'special' }>): ir.Value {
    const inSynapse = symbol.side !== 'own';
    switch (symbol.name) {
      case 't_in_timesteps':
        return this.#step();
      case 'i':
        return ir.special(inSynapse ? 'pre_index' : 'index');
      case 'j':
        return ir.special('post_index');
      case 'N_incoming':
        return ir.special('degree_in');
      case 'N_outgoing':
        return ir.special('degree_out');
      case 'lastspike':
      case 'lastupdate': {
        const step = ir.get(this.#context.place(symbol).place, 'i32');
        return ir.mul(ir.unary('to_f32', step), this.value(DT));
      }
      case 'not_refractory':
        if (symbol.side === 'own' && this.#context.notRefractory !== undefined) {
          return this.#context.notRefractory();
        }
        break;
    }
    throw new Error(`internal: ${symbol.name} cannot be read here`);
  }

  #sum(term: Extract<Term, { kind: 'sum' }>): ir.Value {
    const part = (item: Term): ir.Value =>
      term.type === 'integer' ? this.value(item) : this.float(item);
    let total: ir.Value | null = null;
    for (const item of term.items) {
      const value = part(item.term);
      if (total === null) total = item.sign < 0 ? ir.unary('neg', value) : value;
      else total = item.sign < 0 ? ir.sub(total, value) : ir.add(total, value);
    }
    return total ?? ir.literal(0);
  }

  #product(term: Extract<Term, { kind: 'product' }>): ir.Value {
    if (term.type === 'integer') {
      return term.numerators.map((factor) => this.value(factor)).reduce(ir.mul);
    }
    const rest = withoutHost(term);
    if (rest !== null) return ir.mul(this.float(term.numerators[0] as Term), this.float(rest));
    const below = term.denominators.map((factor) => this.float(factor));
    const above = term.numerators.map((factor) => this.float(factor));
    const numerator = above.length === 0 ? ir.literal(1) : above.reduce(ir.mul);
    return below.length === 0 ? numerator : ir.div(numerator, below.reduce(ir.mul));
  }

  #power(base: Term, exponent: Term, type: ValueType): ir.Value {
    const n = exponent.kind === 'number' ? exponent.value : Number.NaN;
    if (Number.isInteger(n) && n > 0 && n <= 8) {
      const value = type === 'integer' ? this.value(base) : this.float(base);
      const x = value.op === 'get' ? value : this.name(hintOf(base), value);
      return this.#repeated(x, n, hintOf(base));
    }
    if (Number.isInteger(n)) {
      // pow needs a base >= 0; the parity of the exponent gives the sign.
      const magnitude = ir.call('pow', ir.unary('abs', this.float(base)), ir.literal(n - (n % 2)));
      return n % 2 === 0 ? magnitude : ir.mul(this.float(base), magnitude);
    }
    return ir.call('pow', this.float(base), this.float(exponent));
  }

  /** x^n by squaring: x, x², x⁴ and their products. */
  #repeated(x: ir.Value, n: number, hint: string): ir.Value {
    if (n === 1) return x;
    const half = this.#repeated(x, Math.floor(n / 2), hint);
    const named = n > 3 ? this.name(hint, half) : half;
    const square = ir.mul(named, named);
    return n % 2 === 0 ? square : ir.mul(square, x);
  }

  /** floor(left/right). Divides truly: a rounded reciprocal would miss whole quotients. */
  #floorQuotient(left: Term, right: Term): ir.Value {
    const whole = left.type === 'integer' && right.type === 'integer';
    // Half a unit keeps quotients of whole numbers clear of the next one, however the device rounds a division.
    const above = whole ? ir.add(this.float(left), ir.literal(0.5)) : this.float(left);
    return ir.unary('floor', ir.div(above, this.float(right)));
  }

  /** t % period in whole steps, so that rounding of t cannot miss the end of a period. */
  #timeModulo(period: Term): ir.Value {
    const step = this.name('step_f', ir.unary('to_f32', this.#step()));
    const perStep = this.float(quotient(DT, period));
    const whole = ir.unary('floor', ir.mul(ir.add(step, ir.literal(1e-3)), perStep));
    const phase = ir.sub(step, ir.mul(whole, this.float(quotient(period, DT))));
    return ir.mul(phase, this.float(DT));
  }

  #modulo(term: Extract<Term, { kind: 'modulo' }>): ir.Value {
    if (term.left.kind === 'time' && term.left.halfSteps === 0 && term.right.host) {
      return this.#timeModulo(term.right);
    }
    const bits = shiftOf(term);
    if (bits !== null) {
      return ir.binary('bit_and', this.value(term.left), ir.integer(2 ** bits - 1));
    }
    const whole = this.#floorQuotient(term.left, term.right);
    const value = ir.sub(this.float(term.left), ir.mul(this.float(term.right), whole));
    return this.#typed(value, term.type);
  }

  #compare(operator: ComparisonOperator, left: Term, right: Term): ir.Value {
    if (left.kind === 'time' && left.halfSteps === 0 && right.host) {
      return this.#compareTime(operator, right);
    }
    if (left.type === 'boolean' && right.type === 'boolean') {
      const bit = (term: Term): ir.Value => ir.unary('to_i32', this.value(term));
      return ir.binary(COMPARE[operator], bit(left), bit(right));
    }
    const whole = left.type === 'integer' && right.type === 'integer';
    const side = (term: Term): ir.Value => (whole ? this.value(term) : this.float(term));
    return ir.binary(COMPARE[operator], side(left), side(right));
  }

  /** t compared with a host-known time, as whole steps: exact at any time. A millionth of a step is rounding. */
  #compareTime(operator: ComparisonOperator, limit: Term): ir.Value {
    const steps = quotient(limit, DT);
    const slack = number(1e-6);
    const step = this.#step();
    const against = (operation: ir.BinaryOperation, bound: Term): ir.Value =>
      ir.binary(operation, step, this.value(call('int', bound)));
    const from = call('ceil', difference(steps, slack));
    const to = call('floor', sum(steps, slack));
    if (operator === '>=') return against('ge', from);
    if (operator === '<') return against('lt', from);
    if (operator === '>') return against('gt', to);
    if (operator === '<=') return against('le', to);
    return against(COMPARE[operator], call('floor', sum(steps, number(0.5))));
  }

  /** By how many bits to shift: known to be right, or cut to 0…31 as every engine would. */
  #bits(count: Term): ir.Value {
    const value = this.value(count);
    return value.op === 'literal' ? value : ir.binary('bit_and', value, ir.integer(31));
  }

  #select(term: Extract<Term, { kind: 'select' }>): ir.Value {
    const condition = this.value(term.condition);
    const part = (side: Term): ir.Value =>
      term.type === 'float' ? this.float(side) : this.value(side);
    return ir.select(condition, part(term.then), part(term.otherwise));
  }

  #table(term: Extract<Term, { kind: 'table' }>): ir.Value {
    const index = this.#context.tables[term.name];
    if (index === undefined) throw new Error(`internal: timed array ${term.name} has no table`);
    const column = term.column === null ? null : this.stored(term.column, 'i32');
    const halfSteps = this.#context.step === 'previous' ? -2 : term.halfSteps;
    return { op: 'table', type: 'f32', table: index, halfSteps, column };
  }

  #call(term: Extract<Term, { kind: 'call' }>): ir.Value {
    const [x, low, high] = term.arguments as readonly [Term, Term, Term];
    if (PORTABLE.has(term.name)) return ir.call(term.name as ir.PortableFunction, this.float(x));
    switch (term.name) {
      case 'sqrt':
      case 'floor':
      case 'ceil':
        return ir.unary(term.name, this.float(x));
      case 'abs':
        return ir.unary('abs', this.value(x));
      case 'int':
        return ir.unary('to_i32', this.value(x));
      case 'log10':
        return ir.mul(ir.call('log', this.float(x)), ir.literal(Math.LOG10E));
      case 'sign': {
        const isWhole = term.type === 'integer';
        const literal = isWhole ? ir.integer : ir.literal;
        const value = this.name(hintOf(x), isWhole ? this.value(x) : this.float(x));
        const negative = ir.select(ir.binary('lt', value, literal(0)), literal(-1), literal(0));
        return ir.select(ir.binary('gt', value, literal(0)), literal(1), negative);
      }
      case 'shift_left':
      case 'shift_right':
        return ir.binary(term.name, this.value(x), this.#bits(low));
      case 'bit_and':
      case 'bit_or':
        return ir.binary(term.name, this.value(x), this.value(low));
      case 'binomial': {
        const hold = (hint: string, value: ir.Value): ir.Value => this.name(hint, value);
        return binomialValue(hold, this.float(x), this.float(low), this.float(high));
      }
      case 'clip': {
        const side = (part: Term): ir.Value =>
          term.type === 'integer' ? this.value(part) : this.float(part);
        let value = side(x);
        if (!isInfinite(low)) value = ir.binary('max', value, side(low));
        if (!isInfinite(high)) value = ir.binary('min', value, side(high));
        return value;
      }
      default:
        throw new Error(`internal: no lowering for the function ${term.name}`);
    }
  }
}

/** k where a term is integer // 2^k or integer % 2^k with a number 2^k, which shifts and masks compute; else null. */
function shiftOf({
  left,
  right,
}: Extract<Term, { kind: 'floor-divide' | 'modulo' }>): number | null {
  if (left.type !== 'integer' || right.type !== 'integer' || right.kind !== 'number') return null;
  const bits = Math.log2(right.value);
  return Number.isInteger(bits) && bits >= 0 && bits <= 30 ? bits : null;
}

/** A product without its leading host-known factor, which may differ where the rest is shared; null if there is none. */
function withoutHost(term: Term): Term | null {
  if (term.kind !== 'product' || term.type === 'integer') return null;
  const [lead, ...rest] = term.numerators;
  if (lead === undefined || !lead.host || rest.length === 0) return null;
  if (rest.length + term.denominators.length < 2) return null;
  const above = product(...rest);
  return term.denominators.length === 0 ? above : quotient(above, product(...term.denominators));
}

const isInfinite = (term: Term): boolean =>
  contains(term, (part) => part.kind === 'number' && !Number.isFinite(part.value));

/** A short name for the value of a term. */
export function hintOf(term: Term): string {
  if (term.kind === 'symbol') return term.text;
  if (term.kind === 'call') return `${term.name}_of`;
  if (term.kind === 'draw') return term.text;
  return identifierOf(term.text).slice(0, 24).replace(/_+$/, '');
}
