/**
 * Kernel IR to WebAssembly instructions, in three shapes: four elements at a time (f32x4), one element in single
 * precision (f32), one element in double precision (f64, the oracle). Writes statements about elements; loops, memory
 * and spikes belong to src/cpu, which says through `Surroundings` where things are.
 *
 * Not an optimiser: operations and their order are those of the IR, which is why f32x4, f32 and WGSL agree to the bit.
 * Only work that does not change inside the loop is moved in front of it. In shape f32x4 conditions are masks (all bits
 * of a lane set or none) and assignments inside `if` are selects; in the scalar shapes `if` is a branch.
 */
import type { BinaryOperation, PortableFunction, Scalar, Statement, Value } from '../kernel.ts';
import { local as localValue } from '../kernel.ts';
import { PORTABLE } from '../portable.ts';
import { emitBinomial, emitTable, type TableParts, type TimedTable } from './emit-tables.ts';
import type { Callable, Code, WasmFunction, WasmType } from './encoder.ts';
import { emitBinary, emitUnary, type Shape } from './operations.ts';

type SpecialName = Extract<Value, { op: 'special' }>['name'];
type PlaceOf = Extract<Value, { op: 'get' }>['place'];

/** Where things are. Every method that takes `code` appends instructions; values travel on the stack, in the shape. */
export interface Surroundings {
  /** Pushes a stored variable in its stored type (booleans as i32). */
  get(code: Code, place: PlaceOf): void;
  /** Pops the new value of a stored variable. */
  set(code: Code, place: PlaceOf): void;
  constant(code: Code, index: number): void;
  special(code: Code, name: SpecialName): void;
  /** Pushes the step as a scalar i32. */
  step(code: Code): void;
  /** Makes draws 4*group … 4*group+3 and returns the locals that hold the words. */
  draws(code: Code, group: number): readonly number[];
  /** i32 locals: address of the first threshold, number of thresholds. */
  binomial(table: number): { readonly address: number; readonly length: number };
  table(table: number): TimedTable;
  arrived(code: Code, input: number): void;
  /** Pops an index, pushes that cell of a field. Only in update kernels. */
  gather?(code: Code, slot: number): void;
  /** Turns the amount on the stack into what an input accumulates: a whole number in fixed point, or itself. */
  amount(code: Code, input: number): void;
  /** Whether `amount` may run in front of the loop: not when it reports amounts that are too large. */
  movesAmounts(input: number): boolean;
  /** Pops what `amount` left and adds it to an input. */
  add(code: Code, input: number): void;
  /** Whether a value stays the same while the loop around the body runs; asked for leaves only. */
  isInvariant(leaf: Value): boolean;
}

/** What has been made so far and is visible. */
export class Scope {
  readonly locals: Map<string, Binding>;
  readonly draws: Map<number, readonly number[]>;
  /** Local with the lanes for which statements count; null when all do. */
  readonly mask: number | null;
  /** The portable function whose body this is; nothing but literals is moved out of the loop there. */
  readonly portable: PortableFunction | null;

  constructor(
    outer: Scope | null = null,
    mask: number | null = null,
    portable: PortableFunction | null = null,
  ) {
    this.locals = new Map(outer?.locals);
    this.draws = new Map(outer?.draws);
    this.mask = mask ?? outer?.mask ?? null;
    this.portable = portable;
  }
}

interface Binding {
  readonly index: number;
  readonly isInvariant: boolean;
  /** A mask with the lanes where the condition does NOT hold. */
  readonly isNegated?: boolean;
}

/**
 * Comparisons of integers that take machines one instruction less when they are asked the other way round: masks of
 * these are kept negated, which selects and conjunctions use as they are.
 */
const NEGATED: Partial<Record<BinaryOperation, BinaryOperation>> = { le: 'gt', ge: 'lt' };

export class Emitter {
  readonly shape: Shape;
  readonly #function: WasmFunction;
  readonly #surroundings: Surroundings;
  /** The f64 functions of the host, by name. */
  readonly #host: ReadonlyMap<PortableFunction, Callable>;
  /** Code in front of the loop. */
  readonly #before: Code;
  readonly #hoisted = new Map<string, number>();

  constructor(
    shape: Shape,
    owner: WasmFunction,
    surroundings: Surroundings,
    before: Code,
    host: ReadonlyMap<PortableFunction, Callable>,
  ) {
    this.shape = shape;
    this.#function = owner;
    this.#surroundings = surroundings;
    this.#before = before;
    this.#host = host;
  }

  /** The WebAssembly type that holds a value of that type in this shape. */
  typeOf(type: Scalar): WasmType {
    if (this.shape === 'f32x4') return 'v128';
    return type === 'f32' ? this.shape : 'i32';
  }

  statements(code: Code, body: readonly Statement[], scope: Scope): void {
    for (const statement of body) this.#statement(code, statement, scope);
  }

  #statement(code: Code, statement: Statement, scope: Scope): void {
    switch (statement.kind) {
      case 'comment':
        code.comment(statement.text);
        return;
      case 'let': {
        const isInvariant = this.#isInvariant(statement.value, scope);
        const target = isInvariant ? this.#before : code;
        const negated = this.#negated(statement.value);
        this.value(target, negated ?? statement.value, scope);
        const index = this.#function.local(this.typeOf(statement.value.type), statement.name);
        target.set(index);
        scope.locals.set(statement.name, { index, isInvariant, isNegated: negated !== null });
        return;
      }
      case 'set':
        this.#set(code, statement.place, statement.value, scope);
        return;
      case 'add':
        this.#add(code, statement.input, statement.value, scope);
        return;
      case 'if':
        this.#if(code, statement, scope);
        return;
    }
  }

  /** The comparison to make in place of this one, whose mask is then kept negated; null when it is kept as it is. */
  #negated(value: Value): Value | null {
    if (this.shape !== 'f32x4' || value.op !== 'binary' || value.a.type !== 'i32') return null;
    const operation = NEGATED[value.operation];
    return operation === undefined ? null : { ...value, operation };
  }

  /** The local with the negated mask of a condition; null when there is none. */
  #negatedMask(condition: Value, scope: Scope): number | null {
    const binding = condition.op === 'local' ? scope.locals.get(condition.name) : undefined;
    return binding?.isNegated ? binding.index : null;
  }

  /** Amounts that the loop does not change are converted in front of it. */
  #add(code: Code, input: number, value: Value, scope: Scope): void {
    if (scope.mask !== null) throw new Error('internal: masked amounts cannot be added');
    if (this.#surroundings.movesAmounts(input) && this.#isInvariant(value, scope)) {
      this.value(this.#before, value, scope);
      this.#surroundings.amount(this.#before, input);
      const converted = this.shape === 'f32' ? 'i32' : this.typeOf('f32');
      const index = this.#function.local(converted, 'amount');
      this.#before.set(index);
      code.get(index);
    } else {
      this.value(code, value, scope);
      this.#surroundings.amount(code, input);
    }
    this.#surroundings.add(code, input);
  }

  #set(code: Code, place: PlaceOf, value: Value, scope: Scope): void {
    this.value(code, value, scope);
    if (this.shape === 'f32x4') {
      if (value.type === 'bool') {
        this.value(code, { op: 'literal', type: 'i32', value: 1 }, scope);
        code.op('v128.and');
      }
      if (scope.mask !== null) {
        this.#surroundings.get(code, place);
        code.get(scope.mask).op('v128.bitselect');
      }
    }
    this.#surroundings.set(code, place);
  }

  #if(code: Code, statement: Extract<Statement, { kind: 'if' }>, scope: Scope): void {
    if (this.shape === 'f32x4' && isUniform(statement.condition)) {
      this.#ifUniform(code, statement, scope);
      return;
    }
    this.value(code, statement.condition, scope);
    if (this.shape !== 'f32x4') {
      code.if(() => this.statements(code, statement.body, new Scope(scope)));
      return;
    }
    if (scope.mask !== null) code.get(scope.mask).op('v128.and');
    const mask = this.#function.local('v128', 'mask');
    code.set(mask);
    const inner = new Scope(scope, mask);
    if (statement.rare) {
      code
        .get(mask)
        .op('v128.any_true')
        .if(() => this.statements(code, statement.body, inner));
    } else this.statements(code, statement.body, inner);
  }

  /** The same in all lanes, such as "every 64 steps": a branch, and no mask. */
  #ifUniform(code: Code, statement: Extract<Statement, { kind: 'if' }>, scope: Scope): void {
    const { condition, body } = statement;
    if (this.#isInvariant(condition, scope)) {
      const index = this.#function.local('i32', 'holds');
      this.#uniform(this.#before, condition);
      this.#before.set(index);
      code.get(index);
    } else this.#uniform(code, condition);
    code.if(() => this.statements(code, body, new Scope(scope)));
  }

  /** Pushes an integer or a truth that is the same in all lanes, once. */
  #uniform(code: Code, value: Value): void {
    if (value.op === 'literal') code.i32(Number(value.value));
    else if (value.op === 'special') this.#surroundings.step(code);
    else if (value.op === 'binary') {
      this.#uniform(code, value.a);
      this.#uniform(code, value.b);
      emitBinary(code, 'f32', value.operation, value.a.type, this.#temporary);
    } else throw new Error('internal: not the same in all lanes');
  }

  /** Pushes a value. */
  value(code: Code, value: Value, scope: Scope): void {
    if (code !== this.#before && this.#isWorthMoving(value) && this.#isInvariant(value, scope)) {
      code.get(this.#hoist(value, scope));
      return;
    }
    this.#compute(code, value, scope);
  }

  /** Computes an invariant value in front of the loop, once, and returns its local. */
  #hoist(value: Value, scope: Scope): number {
    const key = JSON.stringify(value, (_, part: unknown) =>
      typeof part === 'number' && !(Number.isFinite(part) && !Object.is(part, -0))
        ? `number ${Object.is(part, -0) ? '-0' : part}`
        : part,
    );
    const known = this.#hoisted.get(key);
    if (known !== undefined) return known;
    this.#compute(this.#before, value, scope);
    const label = value.op === 'constant' || value.op === 'local' ? value.name : value.op;
    const index = this.#function.local(this.typeOf(value.type), label);
    this.#before.set(index);
    this.#hoisted.set(key, index);
    return index;
  }

  #isWorthMoving(value: Value): boolean {
    return value.op !== 'local' && (this.shape === 'f32x4' || value.op !== 'literal');
  }

  #isInvariant(value: Value, scope: Scope): boolean {
    if (value.op === 'literal') return true;
    if (scope.portable !== null) return false;
    const all = (...parts: readonly Value[]): boolean =>
      parts.every((part) => this.#isInvariant(part, scope));
    switch (value.op) {
      case 'local':
        return scope.locals.get(value.name)?.isInvariant ?? false;
      case 'unary':
        return all(value.a);
      case 'binary':
        return all(value.a, value.b);
      case 'select':
        return all(value.condition, value.a, value.b);
      case 'call':
        return all(...value.arguments);
      case 'table':
        return (
          this.#surroundings.isInvariant(value) && (value.column === null || all(value.column))
        );
      case 'draw':
      case 'binomial':
      case 'arrived':
      case 'gather':
        return false;
      default:
        return this.#surroundings.isInvariant(value);
    }
  }

  #compute(code: Code, value: Value, scope: Scope): void {
    switch (value.op) {
      case 'literal':
        this.#literal(code, value.type, Number(value.value));
        return;
      case 'get':
        this.#surroundings.get(code, value.place);
        if (value.type === 'bool') {
          this.#literal(code, 'i32', 0);
          code.named(this.shape === 'f32x4' ? 'i32x4.ne' : 'i32.ne');
        }
        return;
      case 'local': {
        const binding = scope.locals.get(value.name);
        if (!binding) throw new Error(`internal: local ${value.name} is read before it is made`);
        code.get(binding.index);
        if (binding.isNegated) code.op('v128.not');
        return;
      }
      case 'constant':
        this.#surroundings.constant(code, value.index);
        return;
      case 'special':
        this.#surroundings.special(code, value.name);
        return;
      case 'unary':
        this.#unary(code, value, scope);
        return;
      case 'binary':
        this.#binary(code, value, scope);
        return;
      case 'select':
        this.#select(code, value, scope);
        return;
      case 'call':
        this.#call(code, value, scope);
        return;
      case 'draw':
        this.#draw(code, value, scope);
        return;
      case 'binomial':
        emitBinomial(this.#tables(code, scope), value);
        return;
      case 'table':
        emitTable(this.#tables(code, scope), value);
        return;
      case 'arrived':
        this.#surroundings.arrived(code, value.input);
        return;
      case 'gather':
        this.value(code, value.index, scope);
        if (!this.#surroundings.gather) throw new Error('internal: only neurons read fields');
        this.#surroundings.gather(code, value.slot);
        return;
    }
  }

  /** A fresh local for operations that need an operand twice. */
  readonly #temporary = (type: WasmType): number => this.#function.local(type, 'temporary');

  /** What code that reads tables needs. */
  #tables(code: Code, scope: Scope): TableParts {
    return {
      code,
      shape: this.shape,
      surroundings: this.#surroundings,
      local: (type, name) => this.#function.local(type, name),
      push: (value) => this.value(code, value, scope),
      pushInteger: (value) => this.#literal(code, 'i32', value),
      pushWord: (slot) => this.#word(code, slot, scope),
    };
  }

  #unary(code: Code, value: Extract<Value, { op: 'unary' }>, scope: Scope): void {
    this.value(code, value.a, scope);
    const isSmall = scope.portable !== null && SMALL_INTEGERS.has(scope.portable);
    if (isSmall && value.operation === 'to_i32' && this.shape === 'f32x4') {
      // Whole numbers below 2^22 stand in the low bits of their sum with 1.5 * 2^23: two instructions instead of six.
      this.value(code, { op: 'literal', type: 'f32', value: 1.5 * 2 ** 23 }, scope);
      code.op('f32x4.add');
      this.value(code, { op: 'literal', type: 'i32', value: bitsOf(1.5 * 2 ** 23) }, scope);
      code.op('i32x4.sub');
      return;
    }
    const isNumber = value.operation === 'to_f32' || value.operation === 'to_i32';
    if (isNumber && value.a.type === 'bool' && this.shape === 'f32x4') {
      this.value(code, { op: 'literal', type: value.type, value: 1 }, scope);
      code.op('v128.and');
      return;
    }
    emitUnary(code, this.shape, value.operation, value.a.type, this.#temporary);
  }

  #select(code: Code, value: Extract<Value, { op: 'select' }>, scope: Scope): void {
    const isVector = this.shape === 'f32x4';
    const negated = this.#negatedMask(value.condition, scope);
    if (negated !== null) {
      this.value(code, value.b, scope);
      this.value(code, value.a, scope);
      code.get(negated).op('v128.bitselect');
      return;
    }
    // A zero needs no select: the mask alone clears the lanes.
    if (isVector && isZero(value.b)) {
      this.value(code, value.a, scope);
      this.value(code, value.condition, scope);
      code.op('v128.and');
      return;
    }
    if (isVector && isZero(value.a)) {
      this.value(code, value.b, scope);
      this.value(code, value.condition, scope);
      code.op('v128.andnot');
      return;
    }
    this.value(code, value.a, scope);
    this.value(code, value.b, scope);
    this.value(code, value.condition, scope);
    code.op(isVector ? 'v128.bitselect' : 'select');
  }

  #binary(code: Code, value: Extract<Value, { op: 'binary' }>, scope: Scope): void {
    this.value(code, value.a, scope);
    const negated = value.operation === 'and' ? this.#negatedMask(value.b, scope) : null;
    if (negated !== null) {
      code.get(negated).op('v128.andnot');
      return;
    }
    const isShift = value.operation === 'shift_left' || value.operation === 'shift_right';
    if (isShift && value.b.op === 'literal') code.i32(Number(value.b.value));
    else {
      this.value(code, value.b, scope);
      if (isShift && this.shape === 'f32x4') {
        this.#shiftLanes(code, value.operation === 'shift_left' ? 'i32.shl' : 'i32.shr_s');
        return;
      }
    }
    emitBinary(code, this.shape, value.operation, value.a.type, this.#temporary);
  }

  /** Shifts by a count of its own in each lane, which the vector instructions cannot. */
  #shiftLanes(code: Code, shift: 'i32.shl' | 'i32.shr_s'): void {
    const counts = this.#temporary('v128');
    const values = this.#temporary('v128');
    code.set(counts).set(values).get(values);
    for (let lane = 0; lane < 4; lane++) {
      code.get(values).op('i32x4.extract_lane', lane);
      code.get(counts).op('i32x4.extract_lane', lane);
      code.op(shift).op('i32x4.replace_lane', lane);
    }
  }

  #literal(code: Code, type: Scalar, value: number): void {
    if (this.shape === 'f32x4') {
      const bits = type === 'f32' ? bitsOf(value) : type === 'bool' ? -value : value | 0;
      code.op('v128.const', bits, bits, bits, bits);
    } else if (type === 'f32') code.op(`${this.shape}.const`, value);
    else code.i32(value);
  }

  #call(code: Code, value: Extract<Value, { op: 'call' }>, scope: Scope): void {
    if (this.shape === 'f64') {
      const target = this.#host.get(value.name);
      if (!target) throw new Error(`internal: no host function ${value.name}`);
      for (const argument of value.arguments) this.value(code, argument, scope);
      code.call(target);
      return;
    }
    const locals = value.arguments.map((argument) => {
      this.value(code, argument, scope);
      const index = this.#function.local(this.typeOf('f32'), `${value.name}_argument`);
      code.set(index);
      return index;
    });
    this.#inline(code, value.name, locals);
  }

  /** The body of a portable function, its parameters in `locals`; pushes the result. */
  #inline(code: Code, name: PortableFunction, locals: readonly number[]): void {
    const { parameters, body, result } = PORTABLE[name];
    const scope = new Scope(null, null, name);
    for (const [position, parameter] of parameters.entries()) {
      scope.locals.set(parameter, { index: locals[position] ?? 0, isInvariant: false });
    }
    this.statements(code, body, scope);
    this.value(code, result, scope);
  }

  /** Pushes a random word as i32. */
  #word(code: Code, slot: number, scope: Scope): void {
    const group = slot >>> 2;
    let words = scope.draws.get(group);
    if (!words) {
      words = this.#surroundings.draws(code, group);
      scope.draws.set(group, words);
    }
    code.get(words[slot & 3] ?? 0);
  }

  #draw(code: Code, value: Extract<Value, { op: 'draw' }>, scope: Scope): void {
    this.#word(code, value.slot, scope);
    const isUniform = value.kind === 'uniform';
    code.i32(isUniform ? 8 : 9).op(this.shape === 'f32x4' ? 'i32x4.shr_u' : 'i32.shr_u');
    if (this.shape === 'f32x4') code.op('f32x4.convert_i32x4_s');
    else code.named(`${this.shape}.convert_i32_s`);
    const literal: Value = { op: 'literal', type: 'f32', value: isUniform ? 2 ** -24 : 0.5 };
    this.value(code, literal, scope);
    if (isUniform) {
      code.named(`${this.shape}.mul`);
      return;
    }
    code.named(`${this.shape}.add`);
    this.value(code, { op: 'literal', type: 'f32', value: 2 ** -23 }, scope);
    code.named(`${this.shape}.mul`);
    const probability = this.#function.local(this.typeOf('f32'), 'probability');
    code.set(probability);
    const inner = new Scope(null, null, 'normal_quantile');
    inner.locals.set('p', { index: probability, isInvariant: false });
    this.#compute(
      code,
      { op: 'call', type: 'f32', name: 'normal_quantile', arguments: [localValue('p')] },
      inner,
    );
  }
}

/** Portable functions in which every float that becomes an integer is an exponent: whole and small. */
const SMALL_INTEGERS: ReadonlySet<PortableFunction> = new Set(['exp', 'expm1', 'exprel', 'pow']);

/** Whether all bits of a value are zero in every lane. */
function isZero(value: Value): boolean {
  return value.op === 'literal' && Object.is(Number(value.value), 0);
}

/** Whether a value is made of the step and of whole numbers alone. */
function isUniform(value: Value): boolean {
  if (value.type === 'f32') return false;
  if (value.op === 'binary') return isUniform(value.a) && isUniform(value.b);
  return value.op === 'literal' || (value.op === 'special' && value.name === 'step');
}

const scratch = new DataView(new ArrayBuffer(4));

/** Bit pattern of a number rounded to single precision. */
export function bitsOf(value: number): number {
  scratch.setFloat32(0, value);
  return scratch.getInt32(0);
}
