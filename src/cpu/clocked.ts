/**
 * Writes the clock-driven equations of a projection's synapses: for every synapse, loads its variables, runs the
 * statements, stores what they change. Four synapses at a time, what is left over one by one; in f64 mode always one.
 * Threads share the synapses out. Twin of shaders/clocked.wgsl.
 */
import type { Place, StoredVariable } from '../language/kernel.ts';
import { Emitter, Scope, type Surroundings } from '../language/wasm/emit.ts';
import type { Code, WasmFunction } from '../language/wasm/encoder.ts';
import type { Shape } from '../language/wasm/operations.ts';
import { needsOf } from '../language/wasm/walk.ts';
import type { ClockedKernel } from '../plan/plan.ts';
import type { Context } from './context.ts';
import { type DrawKey, type Element, makeDraws, pushSpecial, timedArray } from './element.ts';
import { type ClockedLayout, LANES, NONE } from './layout.ts';
import { addressOf } from './segments.ts';

/** Adds equations(step, begin, end), for the synapses from 4*begin to 4*end - 1, as far as there are any. */
export function addClocked(context: Context, clocked: ClockedLayout): WasmFunction {
  const { kernel } = clocked;
  const names = ['step', 'begin', 'end'] as const;
  const owner = context.module.function(
    `clocked_${kernel.name}`,
    names.map((name) => [name, 'i32'] as const),
  );
  const [step, begin, end] = [0, 1, 2] as const;
  const { code } = owner;
  code.get(begin).i32(LANES).op('i32.mul').set(begin);
  code.get(end).i32(LANES).op('i32.mul').set(end);
  code.get(end).i32(kernel.count).op('i32.gt_u');
  code.if(() => code.i32(kernel.count).set(end));
  const health = owner.local(context.isDouble ? 'f64' : 'f32', 'health');
  const range = { context, clocked, owner, step, synapse: begin, health };
  if (!context.isDouble) {
    // The last multiple of four within the range.
    const whole = owner.local('i32', 'whole');
    code.get(end).i32(-LANES).op('i32.and').set(whole);
    new LoopWriter(range, 'f32x4').write(whole);
  }
  new LoopWriter(range, context.isDouble ? 'f64' : 'f32').write(end);
  reportIll(context, code, step, health);
  return owner;
}

/** A sum of everything that is not finite says so; which synapse it was, the host looks up. */
function reportIll({ isDouble, fault }: Context, code: Code, step: number, health: number): void {
  const shape = isDouble ? 'f64' : 'f32';
  const difference = (): Code => code.get(health).get(health).named(`${shape}.sub`);
  difference();
  difference().named(`${shape}.ne`);
  code.if(() => code.i32(0).get(step).i32(NONE).call(fault));
}

interface Range {
  readonly context: Context;
  readonly clocked: ClockedLayout;
  readonly owner: WasmFunction;
  /** Locals: the step, the number of the synapse or of the first of four, a sum of everything. */
  readonly step: number;
  readonly synapse: number;
  readonly health: number;
}

/** One loop in one shape. */
class LoopWriter {
  readonly #range: Range;
  readonly #shape: Shape;
  readonly #isVector: boolean;
  readonly #kernel: ClockedKernel;
  readonly #code: Code;
  /** Locals of synapse variables, and of what is read of neurons, by place. */
  readonly #variables = new Map<string, number>();
  readonly #cursor: number;
  readonly #needs: ReturnType<typeof needsOf>;

  constructor(range: Range, shape: Shape) {
    this.#range = range;
    this.#shape = shape;
    this.#isVector = shape === 'f32x4';
    this.#kernel = range.clocked.kernel;
    this.#code = range.owner.code;
    this.#cursor = range.owner.local('i32', 'cursor');
    this.#needs = needsOf(this.#kernel.body);
  }

  /** `last`: local with the synapse behind the last one. */
  write(last: number): void {
    const code = this.#code;
    const { owner, context, clocked, synapse } = this.#range;
    const { host, layout } = context;
    const isWritten = (k: number): boolean => this.#needs.written.has(`synapse.${k}`);
    code.get(synapse).get(last).op('i32.lt_u');
    code.if(() => {
      const before = code.part();
      const philox = owner.local('i32', 'philox');
      before.i32(clocked.philox).set(philox);
      const emitter = new Emitter(this.#shape, owner, this.#surroundings(philox), before, host);
      code.loop(() => {
        code.get(synapse).i32(Math.log2(layout.cellBytes)).op('i32.shl').set(this.#cursor);
        this.#loadSynapse();
        this.#loadEnd('pre', this.#kernel.preVariables);
        this.#loadEnd('post', this.#kernel.postVariables);
        emitter.statements(code, this.#kernel.body, new Scope());
        for (const [k, variable] of this.#kernel.synapseVariables.entries()) {
          if (!isWritten(k)) continue;
          this.#store(k, variable);
          if (variable.type === 'f32') this.#watch(k);
        }
        code
          .get(synapse)
          .i32(this.#isVector ? LANES : 1)
          .op('i32.add')
          .tee(synapse);
        code.get(last).op('i32.lt_u');
      });
    });
  }

  #local(side: Place['side'], index: number, { name, type }: StoredVariable): number {
    const wasmType = this.#isVector
      ? 'v128'
      : type === 'i32'
        ? 'i32'
        : (this.#shape as 'f32' | 'f64');
    const local = this.#range.owner.local(wasmType, name);
    this.#variables.set(`${side}.${index}`, local);
    return local;
  }

  #loadSynapse(): void {
    for (const [k, variable] of this.#kernel.synapseVariables.entries()) {
      const local = this.#local('synapse', k, variable);
      this.#code.get(this.#cursor);
      this.#load(variable, this.#addressOf(k));
      this.#code.set(local);
    }
  }

  /** Pops an offset and pushes the variable. */
  #load({ type }: StoredVariable, address: number): void {
    if (this.#isVector) this.#code.op('v128.load', address);
    else if (this.#shape === 'f64') {
      this.#code.op('f64.load', address);
      if (type === 'i32') this.#code.op('i32.trunc_sat_f64_s');
    } else this.#code.op(type === 'i32' ? 'i32.load' : 'f32.load', address);
  }

  #addressOf(k: number): number {
    const { layout } = this.#range.context;
    return layout.synapseState + (this.#kernel.projection.synapseCells[k] ?? 0) * layout.cellBytes;
  }

  #store(k: number, { type }: StoredVariable): void {
    const code = this.#code;
    code.get(this.#cursor).get(this.#variables.get(`synapse.${k}`) as number);
    const address = this.#addressOf(k);
    if (this.#isVector) code.op('v128.store', address);
    else if (this.#shape === 'f64') {
      if (type === 'i32') code.op('f64.convert_i32_s');
      code.op('f64.store', address);
    } else code.op(type === 'i32' ? 'i32.store' : 'f32.store', address);
  }

  #watch(k: number): void {
    const code = this.#code;
    const { health } = this.#range;
    const local = this.#variables.get(`synapse.${k}`) as number;
    const scalar = this.#isVector ? 'f32' : this.#shape;
    for (let lane = 0; lane < (this.#isVector ? LANES : 1); lane++) {
      code.get(health).get(local);
      if (this.#isVector) code.op('f32x4.extract_lane', lane);
      // x - x is 0, or NaN where x is not finite.
      code.get(local);
      if (this.#isVector) code.op('f32x4.extract_lane', lane);
      code.named(`${scalar}.sub`).named(`${scalar}.add`).set(health);
    }
  }

  /** Loads the neurons at one end: their numbers, and what is read of them. */
  #loadEnd(side: 'pre' | 'post', variables: readonly StoredVariable[]): void {
    const first = this.#kernel.ends[side];
    if (first < 0) return;
    const { context, owner, synapse } = this.#range;
    const { layout } = context;
    const code = this.#code;
    const index = owner.local(this.#isVector ? 'v128' : 'i32', `${side}_index`);
    this.#variables.set(`${side}_index`, index);
    code.get(synapse).i32(2).op('i32.shl');
    code.op(this.#isVector ? 'v128.load' : 'i32.load', layout.synapses + 4 * first);
    code.set(index);
    const cells = this.#kernel.projection[side === 'pre' ? 'preCells' : 'postCells'];
    for (const [k, variable] of variables.entries()) {
      const address = addressOf(layout.stateSegments, cells[k] ?? 0, layout.cellBytes);
      const local = this.#local(side, k, variable);
      if (this.#isVector) this.#gather(index, address);
      else {
        code.get(index).i32(Math.log2(layout.cellBytes)).op('i32.shl');
        this.#load(variable, address);
      }
      code.set(local);
    }
  }

  /** Pushes the cells of four neurons. */
  #gather(index: number, address: number): void {
    const code = this.#code;
    const pushOffset = (lane: number): Code =>
      code.get(index).op('i32x4.extract_lane', lane).i32(2).op('i32.shl');
    pushOffset(0).op('v128.load32_splat', address);
    for (const lane of [1, 2, 3]) {
      pushOffset(lane).op('f32.load', address);
      code.op('f32x4.replace_lane', lane);
    }
  }

  #surroundings(philox: number): Surroundings {
    const { context, owner, step, synapse } = this.#range;
    const { layout } = context;
    const { constants, seed, stream } = this.#kernel.projection;
    const element: Element = {
      context,
      owner,
      isVector: this.#isVector,
      step,
      pushIndex: (code) => code.get(synapse),
    };
    const key: DrawKey = { table: () => philox, push: (code) => code.i32(seed).i32(stream) };
    const local = ({ side, index }: Place): number =>
      this.#variables.get(`${side}.${index}`) as number;
    const refuse = (): never => {
      throw new Error('internal: clock-driven equations add to nothing and take nothing');
    };
    return {
      get: (code, place) => code.get(local(place)),
      set: (code, place) => code.set(local(place)),
      constant: (code, index) => {
        code.i32(layout.constants + (constants + index) * layout.cellBytes);
        if (this.#isVector) code.op('v128.load32_splat', 0);
        else code.named(`${this.#shape}.load`, 0);
      },
      special: (code, name) => {
        if (name === 'pre_index' || name === 'post_index') {
          code.get(this.#variables.get(name) as number);
        } else pushSpecial(code, name, element);
      },
      step: (code) => code.get(step),
      draws: (code, group) => makeDraws(code, group, element, key),
      binomial: refuse,
      table: (table) => timedArray(context, table),
      arrived: refuse,
      amount: refuse,
      movesAmounts: refuse,
      add: refuse,
      isInvariant: (leaf) =>
        leaf.op === 'special'
          ? leaf.name === 'step' || leaf.name === 'time'
          : leaf.op === 'constant' || leaf.op === 'table' || leaf.op === 'literal',
    };
  }
}
