/**
 * Writes the reaction of a field: for every voxel, takes what was deposited and integrates over the interval, four
 * voxels at a time (one in f64 mode). By itself it reads diffused copies and writes the state, voxels shared out between
 * threads; field-sweep.ts has it beside diffusion.
 */
import { literal } from '../language/kernel.ts';
import { Emitter, Scope, type Surroundings } from '../language/wasm/emit.ts';
import type { Code, WasmFunction } from '../language/wasm/encoder.ts';
import { needsOf } from '../language/wasm/walk.ts';
import type { Context } from './context.ts';
import { type DrawKey, type Element, makeDraws, pushSpecial, timedArray } from './element.ts';
import type { FieldLayout } from './field-layout.ts';
import { NONE } from './layout.ts';

/** Adds react(first step of the interval, last step, begin, end), with byte offsets of voxels in a variable. */
export function addReaction(context: Context, field: FieldLayout): WasmFunction {
  const isVector = !context.isDouble;
  const names = ['interval', 'step', 'voxels', 'voxels_end'];
  const owner = context.module.function(
    `react_${field.kernel.name}`,
    names.map((name) => [name, 'i32'] as const),
  );
  const [step, last, cursor, end] = [0, 1, 2, 3];
  const { code } = owner;
  const reaction = new Reaction(context, field, owner, { step, last, cursor });
  code.get(cursor).get(end).op('i32.lt_u');
  code.if(() =>
    code.loop(() => {
      for (const v of reaction.variables.keys()) reaction.load(v, field.copies[v] ?? null);
      reaction.react();
      for (const v of reaction.variables.keys()) {
        if (reaction.writes(v) || field.copies[v] !== null) reaction.store(v);
      }
      code
        .get(cursor)
        .i32(isVector ? 16 : 8)
        .op('i32.add')
        .tee(cursor);
      code.get(end).op('i32.lt_u');
    }),
  );
  reaction.report();
  return owner;
}

/** Locals of a function with a reaction: first step of the interval, last one, byte offset of the voxels at hand. */
export interface ReactionLocals {
  readonly step: number;
  readonly last: number;
  readonly cursor: number;
}

/**
 * The reaction of the voxels at hand, whose variables are in locals. Constructed in front of all loops, where it puts what
 * does not change in them; `react` may be written several times.
 */
export class Reaction {
  /** Locals of the variables. */
  readonly variables: readonly number[];
  readonly #context: Context;
  readonly #field: FieldLayout;
  readonly #function: WasmFunction;
  readonly #code: Code;
  readonly #isVector: boolean;
  readonly #shape: 'f32x4' | 'f64';
  readonly #step: number;
  readonly #last: number;
  readonly #cursor: number;
  readonly #philox: number;
  readonly #emitter: Emitter;
  readonly #health: number;
  readonly #written: ReadonlySet<string>;

  constructor(
    context: Context,
    field: FieldLayout,
    owner: WasmFunction,
    { step, last, cursor }: ReactionLocals,
  ) {
    this.#context = context;
    this.#field = field;
    this.#function = owner;
    this.#code = owner.code;
    this.#isVector = !context.isDouble;
    this.#shape = this.#isVector ? 'f32x4' : 'f64';
    [this.#step, this.#last, this.#cursor] = [step, last, cursor];
    const value = (name: string): number => owner.local(this.#isVector ? 'v128' : 'f64', name);
    this.variables = field.kernel.variables.map(({ name }) => value(name));
    this.#health = value('health');
    this.#philox = owner.local('i32', 'philox');
    this.#written = needsOf(field.kernel.body).written;
    const before = this.#code.part();
    before.i32(field.philox).set(this.#philox);
    this.#emitter = new Emitter(this.#shape, owner, this.#surroundings(), before, context.host);
  }

  /** Writes the reaction, and the look at what came of it. */
  react(): void {
    this.#emitter.statements(this.#code, this.#field.kernel.body, new Scope());
    for (const local of this.variables) {
      this.#code.get(this.#health).get(local).named(`${this.#shape}.add`).set(this.#health);
    }
  }

  /** Whether the reaction changes a variable. */
  writes(v: number): boolean {
    return this.#written.has(`own.${v}`);
  }

  /** Loads a variable, from its copy at an address where one is given. */
  load(v: number, copy: number | null = null): void {
    this.#code.get(this.#cursor);
    this.#code.named(this.#isVector ? 'v128.load' : 'f64.load', copy ?? this.#addressOf(v));
    this.#code.set(this.variables[v] as number);
  }

  /** Stores a variable. */
  store(v: number): void {
    this.#code.get(this.#cursor).get(this.variables[v] as number);
    this.#code.named(this.#isVector ? 'v128.store' : 'f64.store', this.#addressOf(v));
  }

  #addressOf(v: number): number {
    return this.#field.stateAddress + v * this.#field.stride;
  }

  /** Behind all loops: a sum of everything that is not finite says so; which voxel it was, the host looks up. */
  report(): void {
    const code = this.#code;
    const difference = (): Code =>
      code.get(this.#health).get(this.#health).named(`${this.#shape}.sub`);
    difference();
    difference().named(`${this.#shape}.ne`);
    if (this.#isVector) code.op('v128.any_true');
    code.if(() => code.i32(0).get(this.#last).i32(NONE).call(this.#context.fault));
  }

  #surroundings(): Surroundings {
    const { layout } = this.#context;
    const { kernel } = this.#field;
    const element: Element = {
      context: this.#context,
      owner: this.#function,
      isVector: this.#isVector,
      step: this.#step,
      pushIndex: (code) =>
        code
          .get(this.#cursor)
          .i32(this.#isVector ? 2 : 3)
          .op('i32.shr_u'),
    };
    const key: DrawKey = {
      table: () => this.#philox,
      push: (code) => code.i32(kernel.seed).i32(kernel.stream),
    };
    const refuse = (): never => {
      throw new Error('internal: fields add to nothing and have no binomial inputs');
    };
    return {
      get: (code, { index }) => code.get(this.variables[index] as number),
      set: (code, { index }) => code.set(this.variables[index] as number),
      constant: (code, index) => {
        code.i32(layout.constants + (kernel.constants + index) * layout.cellBytes);
        if (this.#isVector) code.op('v128.load32_splat', 0);
        else code.op('f64.load', 0);
      },
      special: (code, name) => pushSpecial(code, name, element),
      step: (code) => code.get(this.#step),
      draws: (code, group) => makeDraws(code, group, element, key),
      binomial: refuse,
      table: (table) => timedArray(this.#context, table),
      arrived: (code, input) => this.#takeDeposits(code, input),
      amount: refuse,
      movesAmounts: refuse,
      add: refuse,
      isInvariant: (leaf) => (leaf.op === 'special' ? leaf.name !== 'index' : leaf.op !== 'get'),
    };
  }

  /** Pushes what all threads have deposited, as a number of the engine's float, and leaves zero. */
  #takeDeposits(code: Code, input: number): void {
    const { layout } = this.#context;
    const offset = this.#field.depositOffsets[input] ?? 0;
    const copies = Array.from(
      { length: layout.ringCopies },
      (_, copy) => layout.ring + copy * layout.ringBytes + offset,
    );
    const sum = this.#function.local(this.#isVector ? 'v128' : 'f64', 'deposited');
    const load = this.#isVector ? 'v128.load' : 'f64.load';
    for (const [index, copy] of copies.entries()) {
      code.get(this.#cursor).op(load, copy);
      if (index > 0) code.op('i32x4.add');
    }
    code.set(sum);
    const clear = (): void => {
      for (const copy of copies) {
        code.get(this.#cursor);
        if (this.#isVector) code.op('v128.const', 0, 0, 0, 0).op('v128.store', copy);
        else code.op('f64.const', 0).op('f64.store', copy);
      }
    };
    // Sums that cancel leave something in their copies.
    if (copies.length > 1) clear();
    else {
      code.get(sum);
      if (this.#isVector) code.op('v128.any_true');
      else code.op('f64.const', 0).op('f64.ne');
      code.if(clear);
    }
    code.get(sum);
    if (!this.#isVector) return;
    code.op('f32x4.convert_i32x4_s');
    const scale = this.#field.kernel.inputs[input]?.scale ?? 0;
    this.#emitter.value(code, literal(2 ** -scale), new Scope());
    code.op('f32x4.mul');
  }
}
