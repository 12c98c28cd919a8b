/**
 * Writes the update function of one kernel: integrates one population over the steps of one window, four neurons at a
 * time (one in f64 mode). With one step to a window the step is the outer loop, so that everything that depends on the
 * step alone is computed once; with more, the neurons are, and their state stays in registers from the first step to
 * the last. Twin of shaders/update.wgsl.
 */
import { literal, type Statement, type Value } from '../language/kernel.ts';
import { Emitter, Scope, type Surroundings } from '../language/wasm/emit.ts';
import type { Code, WasmFunction, WasmType } from '../language/wasm/encoder.ts';
import { type Needs, needsOf } from '../language/wasm/walk.ts';
import { type Context, pushTime, remainder, type UpdateLocals } from './context.ts';
import { type KernelLayout, type MemberLayout, NONE } from './layout.ts';
import { writeSampler } from './sample.ts';

/** `whole`: all of a step. `begin`: only `begin`. `begun`: all but `begin`, which a `begin` function has done. */
export type UpdatePart = 'whole' | 'begin' | 'begun';

/** An update function and what it is called with for each member. */
export interface UpdateFunction {
  readonly function: WasmFunction;
  /** Arguments after (first step, steps, begun). */
  readonly arguments: (member: MemberLayout) => readonly number[];
}

/** Adds the function for a kernel. Parameters: first step, steps of the window, begun (0 or 1), then the member's. */
export function addUpdate(
  context: Context,
  kernel: KernelLayout,
  part: UpdatePart,
): UpdateFunction {
  return new UpdateWriter(context, kernel, part).write();
}

class UpdateWriter {
  readonly #context: Context;
  readonly #layout: KernelLayout;
  readonly #part: UpdatePart;
  readonly #function: WasmFunction;
  readonly #emitter: Emitter;
  readonly #code: Code;
  readonly #stepCode: Code | null;
  readonly #isVector: boolean;
  /** Several steps to a window: neurons outside, steps inside. */
  readonly #isWindowed: boolean;
  readonly #needs: Needs;
  /** Variables that change at spikes only, and are stored only then. */
  readonly #onSpikeOnly: ReadonlySet<string>;
  readonly #variables: readonly (number | null)[];
  readonly #parameters: ReadonlyMap<string, number>;
  readonly #locals: UpdateLocals;
  /** Address of the arrivals of the step before, of the counts and the list of this step's spikes. */
  readonly #arrivals: number;
  readonly #spikeCount: number;
  readonly #spikeList: number;

  constructor(context: Context, layout: KernelLayout, part: UpdatePart) {
    const { kernel } = layout;
    this.#context = context;
    this.#layout = layout;
    this.#part = part;
    this.#isVector = !context.isDouble;
    this.#isWindowed = part !== 'begin' && context.plan.windowSteps > 1;
    this.#needs = needsOfUpdate(kernel, part);
    this.#onSpikeOnly = new Set(
      this.#isWindowed || part === 'begin' ? [] : spikeOnly(kernel, part),
    );
    const names = ['first', 'steps', 'begun', 'cursor', 'count', 'constants', 'stream'];
    names.push('population', 'global');
    for (const table of this.#needs.binomialTables) {
      names.push(`thresholds${table}`, `thresholds${table}_length`);
    }
    this.#function = context.module.function(
      `${part === 'begin' ? 'begin' : 'update'}_${kernel.name}`,
      names.map((name) => [name, 'i32'] as const),
    );
    this.#parameters = new Map(names.map((name, index) => [name, index]));
    const local = (type: WasmType, name: string): number => this.#function.local(type, name);
    this.#locals = {
      step: this.#isWindowed ? local('i32', 'step') : this.#parameter('first'),
      cursor: this.#parameter('cursor'),
      neuron: local('i32', 'neuron'),
      count: this.#parameter('count'),
    };
    this.#arrivals = local('i32', 'arrivals');
    this.#spikeCount = local('i32', 'spike_count');
    this.#spikeList = local('i32', 'spike_list');
    this.#variables = kernel.variables.map(({ name, type }, index) => {
      const key = `own.${index}`;
      const isUsed = this.#needs.read.has(key) || this.#needs.written.has(key);
      const cell = this.#isVector ? 'v128' : type === 'f32' ? 'f64' : 'i32';
      return isUsed ? local(cell, name) : null;
    });
    this.#code = this.#function.code;
    this.#stepCode = this.#isWindowed ? null : this.#code.part();
    this.#emitter = new Emitter(
      this.#isVector ? 'f32x4' : 'f64',
      this.#function,
      this.#surroundings(),
      this.#code.part(),
      context.host,
    );
  }

  #parameter(name: string): number {
    const index = this.#parameters.get(name);
    if (index === undefined) throw new Error(`internal: no parameter ${name}`);
    return index;
  }

  write(): UpdateFunction {
    if (this.#stepCode) {
      this.#findArrivals(this.#stepCode);
      const hasSpikes = this.#layout.kernel.spiked !== null && this.#part !== 'begin';
      if (hasSpikes) this.#findSpikes(this.#stepCode);
    }
    const isChecked = this.#part !== 'begin' && this.#checkedVariables().length > 0;
    const check = isChecked ? this.#createCheck() : null;
    const code = this.#code;
    const { cursor, neuron, count } = this.#locals;
    code.loop(() => {
      this.#load();
      if (this.#isWindowed) {
        check?.open();
        this.#writeWindow(() => check?.each());
        check?.close();
      } else {
        this.#writeBody();
        check?.each();
      }
      this.#store();
      const lanes = this.#isVector ? 4 : 1;
      code
        .get(cursor)
        .i32(this.#isVector ? 16 : 8)
        .op('i32.add')
        .set(cursor);
      code.get(neuron).i32(lanes).op('i32.add').tee(neuron).get(count).op('i32.lt_u');
    });
    if (!this.#isWindowed) check?.close();
    return { function: this.#function, arguments: (member) => this.#argumentsOf(member) };
  }

  #argumentsOf({ member, paddedFirst }: MemberLayout): readonly number[] {
    const { layout, plan } = this.#context;
    const tables: number[] = [];
    for (const table of this.#needs.binomialTables) {
      const slot = plan.tables[member.tables + table];
      const placed = layout.tables[member.tables + table];
      if (slot?.kind !== 'binomial' || !placed) throw new Error('internal: not a binomial table');
      tables.push(placed.address, slot.thresholds.length);
    }
    return [
      paddedFirst * layout.cellBytes,
      member.count,
      layout.constants + member.constants * layout.cellBytes,
      member.stream,
      member.population,
      member.globalFirst,
      ...tables,
    ];
  }

  get #takesArrivals(): boolean {
    return this.#layout.inputOffsets.length > 0 && this.#part !== 'begun';
  }

  /** Finds the ring slot of what arrived at the step before the first one. */
  #findArrivals(code: Code): void {
    if (!this.#takesArrivals) return;
    const { layout, plan } = this.#context;
    const before = this.#function.local('i32', 'before');
    code
      .get(this.#parameter('first'))
      .i32(plan.ringSlots - 1)
      .op('i32.add')
      .set(before);
    remainder(code, before, plan.ringSlots).i32(layout.slotBytes).op('i32.mul');
    code.i32(layout.ring).op('i32.add').set(this.#arrivals);
  }

  /** Goes on to the next ring slot. */
  #advanceArrivals(code: Code): void {
    if (!this.#takesArrivals) return;
    const { layout, plan } = this.#context;
    const end = layout.ring + plan.ringSlots * layout.slotBytes;
    code.i32(layout.ring);
    code.get(this.#arrivals).i32(layout.slotBytes).op('i32.add').tee(this.#arrivals);
    code.get(this.#arrivals).i32(end).op('i32.eq').op('select').set(this.#arrivals);
  }

  /** Finds the count and the list of the spikes of the step. */
  #findSpikes(code: Code): void {
    const { layout, plan } = this.#context;
    const { step } = this.#locals;
    remainder(code, step, plan.spikeSlots).i32(plan.populations.length).op('i32.mul');
    code.get(this.#parameter('population')).op('i32.add').i32(2).op('i32.shl');
    code.i32(layout.spikeCounts).op('i32.add').set(this.#spikeCount);
    remainder(code, step, plan.spikeSlots).i32(plan.neuronCount).op('i32.mul');
    code.get(this.#parameter('global')).op('i32.add').i32(2).op('i32.shl');
    code.i32(layout.spikeLists).op('i32.add').set(this.#spikeList);
  }

  /** All steps of the window for the current neurons. */
  #writeWindow(after: () => void): void {
    const code = this.#code;
    const { step } = this.#locals;
    const end = this.#function.local('i32', 'end');
    const skip = this.#function.local('i32', 'skip');
    code.get(this.#parameter('first')).tee(step);
    code.get(this.#parameter('steps')).op('i32.add').set(end);
    code.get(this.#parameter('begun')).set(skip);
    this.#findArrivals(code);
    code.loop(() => {
      this.#writeBody(skip);
      after();
      this.#advanceArrivals(code);
      code.i32(0).set(skip);
      code.get(step).i32(1).op('i32.add').tee(step).get(end).op('i32.lt_u');
    });
  }

  /** One step for the current neurons. `skip`: local that says whether `begin` is done already. */
  #writeBody(skip: number = this.#parameter('begun')): void {
    const code = this.#code;
    const { kernel } = this.#layout;
    if (this.#part === 'begin') {
      this.#emitter.statements(code, kernel.begin, new Scope());
      return;
    }
    if (this.#part === 'whole' && kernel.begin.length > 0) {
      code.get(skip).op('i32.eqz');
      code.if(() => this.#emitter.statements(code, kernel.begin, new Scope()));
    }
    if (kernel.sampler !== null && this.#layout.sampler !== null) {
      writeSampler({
        context: this.#context,
        owner: this.#function,
        code,
        surroundings: this.#surroundings(),
        sampler: kernel.sampler,
        layout: this.#layout.sampler,
        locals: this.#locals,
      });
    }
    const scope = new Scope();
    this.#emitter.statements(code, kernel.advance, scope);
    if (kernel.spiked !== null) this.#writeSpikes(kernel.spiked, kernel.onSpike, scope);
    this.#emitter.statements(code, kernel.late, scope);
  }

  /** Tests for spikes; appends those of real neurons to the list of the step. */
  #writeSpikes(spiked: Value, onSpike: readonly Statement[], scope: Scope): void {
    const code = this.#code;
    const { neuron, count } = this.#locals;
    this.#emitter.value(code, spiked, scope);
    const place = this.#function.local('i32', 'place');
    const append = (pushNeuron: () => void): void => {
      code.get(this.#spikeList).get(place).i32(2).op('i32.shl').op('i32.add');
      pushNeuron();
      code.op('i32.store', 0);
      code.get(place).i32(1).op('i32.add').set(place);
    };
    const loadPlace = (): Code => {
      // Spikes are rare: within a window their place is found only when there is one.
      if (this.#isWindowed) this.#findSpikes(code);
      return code.get(this.#spikeCount).op('i32.load', 0).set(place);
    };
    const storePlace = (): Code => code.get(this.#spikeCount).get(place).op('i32.store', 0);
    if (!this.#isVector) {
      code.if(() => {
        loadPlace();
        append(() => code.get(neuron));
        storePlace();
        this.#writeOnSpike(onSpike, new Scope(scope));
      });
      return;
    }
    const mask = this.#function.local('v128', 'has_spiked');
    const bits = this.#function.local('i32', 'spike_bits');
    code.tee(mask).op('i32x4.bitmask').tee(bits);
    code.if(() => {
      // Lanes past the last neuron compute, but nobody sees it.
      const rest = this.#function.local('i32', 'rest');
      code.get(count).get(neuron).op('i32.sub').set(rest);
      code.i32(15).i32(1).get(rest).op('i32.shl').i32(1).op('i32.sub');
      code.get(rest).i32(3).op('i32.gt_u').op('select').get(bits).op('i32.and').tee(bits);
      code.if(() => {
        loadPlace();
        code.loop(() => {
          append(() => code.get(neuron).get(bits).op('i32.ctz').op('i32.add'));
          code.get(bits).get(bits).i32(1).op('i32.sub').op('i32.and').tee(bits);
        });
        storePlace();
      });
      this.#writeOnSpike(onSpike, new Scope(scope, mask));
    });
  }

  #addressOf(variable: number): number {
    return this.#layout.stateAddress + variable * this.#layout.stride;
  }

  #load(): void {
    const code = this.#code;
    for (const [index, local] of this.#variables.entries()) {
      if (local === null) continue;
      code.get(this.#locals.cursor);
      code.op(this.#isVector ? 'v128.load' : 'f64.load', this.#addressOf(index));
      const isInteger = this.#layout.kernel.variables[index]?.type === 'i32';
      if (!this.#isVector && isInteger) code.op('i32.trunc_sat_f64_s');
      code.set(local);
    }
  }

  #store(): void {
    for (const [index, local] of this.#variables.entries()) {
      const key = `own.${index}`;
      if (local === null || !this.#needs.written.has(key) || this.#onSpikeOnly.has(key)) continue;
      this.#storeVariable(index, local);
    }
  }

  #storeVariable(index: number, local: number): void {
    const code = this.#code;
    code.get(this.#locals.cursor).get(local);
    const isInteger = this.#layout.kernel.variables[index]?.type === 'i32';
    if (!this.#isVector && isInteger) code.op('f64.convert_i32_s');
    code.op(this.#isVector ? 'v128.store' : 'f64.store', this.#addressOf(index));
  }

  /** What happens to neurons that spiked, in the branch of those. */
  #writeOnSpike(onSpike: readonly Statement[], scope: Scope): void {
    this.#emitter.statements(this.#code, onSpike, scope);
    for (const [index, local] of this.#variables.entries()) {
      if (local !== null && this.#onSpikeOnly.has(`own.${index}`))
        this.#storeVariable(index, local);
    }
  }

  #checkedVariables(): number[] {
    return this.#layout.kernel.variables.flatMap(({ type }, index) => {
      const local = this.#variables[index] ?? null;
      const isChecked = type === 'f32' && this.#needs.written.has(`own.${index}`);
      return isChecked && local !== null ? [local] : [];
    });
  }

  /** Watches for NaN and infinity: x - x is 0 exactly when x is finite, and NaN stays in a sum. */
  #createCheck(): { open(): void; each(): void; close(): void } {
    const code = this.#code;
    const shape = this.#isVector ? 'f32x4' : 'f64';
    const type = this.#isVector ? 'v128' : 'f64';
    const health = this.#function.local(type, 'health');
    const healthy = this.#function.local(this.#isVector ? 'v128' : 'i32', 'healthy_steps');
    const zero = (): Code =>
      this.#isVector ? code.op('v128.const', 0, 0, 0, 0) : code.op('f64.const', 0);
    return {
      open: () => {
        zero().set(health);
        if (this.#isVector) zero().set(healthy);
        else code.i32(0).set(healthy);
      },
      each: () => {
        this.#pushHealth(shape);
        code.get(health).named(`${shape}.add`).set(health);
        if (!this.#isWindowed) return;
        code.get(healthy).get(health).get(health).named(`${shape}.eq`);
        code.op(this.#isVector ? 'i32x4.sub' : 'i32.add').set(healthy);
      },
      close: () => {
        code.get(health).get(health).named(`${shape}.ne`);
        if (this.#isVector) code.op('v128.any_true');
        code.if(() => this.#reportFault(healthy));
      },
    };
  }

  /**
   * Pushes 0 where all variables are finite, else NaN. With one step to a window the host looks at the state itself, so
   * that a sum that overflows does no harm, and one difference does for all variables.
   */
  #pushHealth(shape: 'f32x4' | 'f64'): void {
    const code = this.#code;
    const variables = this.#checkedVariables();
    if (this.#isWindowed) {
      for (const [position, local] of variables.entries()) {
        code.get(local).get(local).named(`${shape}.sub`);
        if (position > 0) code.named(`${shape}.add`);
      }
      return;
    }
    const sum = this.#function.local(this.#isVector ? 'v128' : 'f64', 'sum');
    for (const [position, local] of variables.entries()) {
      code.get(local);
      if (position > 0) code.named(`${shape}.add`);
    }
    code.tee(sum).get(sum).named(`${shape}.sub`);
  }

  /** With one step to a window the host looks for the neuron; within a window only the lanes know the step. */
  #reportFault(healthy: number): void {
    const code = this.#code;
    const first = this.#parameter('first');
    const { neuron, count } = this.#locals;
    const { fault } = this.#context;
    if (!this.#isWindowed) {
      code.i32(0).get(first).i32(NONE).call(fault);
      return;
    }
    const global = (lane: number): Code =>
      code.get(this.#parameter('global')).get(neuron).op('i32.add').i32(lane).op('i32.add');
    if (!this.#isVector) {
      code.i32(0).get(first).get(healthy).op('i32.add');
      global(0).call(fault);
      return;
    }
    for (let lane = 0; lane < 4; lane++) {
      const isReal = (): Code => code.get(neuron).i32(lane).op('i32.add').get(count).op('i32.lt_u');
      code.get(healthy).op('i32x4.extract_lane', lane).get(this.#parameter('steps')).op('i32.lt_u');
      isReal().op('i32.and');
      code.if(() => {
        code.i32(0).get(first).get(healthy).op('i32x4.extract_lane', lane).op('i32.add');
        global(lane).call(fault);
      });
    }
  }

  #surroundings(): Surroundings {
    const { layout, plan } = this.#context;
    const { step } = this.#locals;
    const variable = (place: { side: string; index: number; name: string }): number => {
      const local = place.side === 'own' ? this.#variables[place.index] : null;
      if (local === null || local === undefined) {
        throw new Error(`internal: ${place.name} is no variable of this kernel`);
      }
      return local;
    };
    return {
      get: (code, place) => code.get(variable(place)),
      set: (code, place) => code.set(variable(place)),
      constant: (code, index) => {
        code.get(this.#parameter('constants'));
        if (this.#isVector) code.op('v128.load32_splat', index * layout.cellBytes);
        else code.op('f64.load', index * layout.cellBytes);
      },
      special: (code, name) => this.#special(code, name),
      step: (code) => code.get(step),
      draws: (code, group) => this.#draws(code, group),
      binomial: (table) => ({
        address: this.#parameter(`thresholds${table}`),
        length: this.#parameter(`thresholds${table}_length`),
      }),
      table: (table) => {
        const slot = plan.tables[table];
        const placed = layout.tables[table];
        if (slot?.kind !== 'timed' || !placed) throw new Error('internal: not a timed array');
        return { ...slot, address: placed.address };
      },
      arrived: (code, input) => this.#arrived(code, input),
      amount: () => refuseInput(),
      movesAmounts: () => refuseInput(),
      add: () => refuseInput(),
      isInvariant: (leaf) =>
        leaf.op === 'constant' ||
        (!this.#isWindowed &&
          ((leaf.op === 'special' && (leaf.name === 'step' || leaf.name === 'time')) ||
            leaf.op === 'table')),
    };
  }

  #special(code: Code, name: string): void {
    const { step } = this.#locals;
    switch (name) {
      case 'step':
        code.get(step);
        if (this.#isVector) code.op('i32x4.splat');
        return;
      case 'time':
        pushTime(code, this.#context, step);
        if (this.#isVector) code.op('f32x4.splat');
        return;
      case 'index':
        code.get(this.#locals.neuron);
        if (this.#isVector) code.op('i32x4.splat').op('v128.const', 0, 1, 2, 3).op('i32x4.add');
        return;
      default:
        throw new Error(`internal: ${name} means nothing in a population`);
    }
  }

  #draws(code: Code, group: number): readonly number[] {
    const words = [0, 1, 2, 3].map((word) =>
      this.#function.local(this.#isVector ? 'v128' : 'i32', `draw${4 * group + word}`),
    );
    this.#special(code, 'index');
    code.get(this.#locals.step).i32(group).get(this.#parameter('stream'));
    code.call(this.#isVector ? this.#context.vectorPhilox : this.#context.scalarPhilox);
    for (const word of words.toReversed()) code.set(word);
    return words;
  }

  /** Takes what arrived and leaves zero; most slots are empty, and those are not written. */
  #arrived(code: Code, input: number): void {
    const offset = this.#layout.inputOffsets[input] ?? 0;
    const address = this.#function.local('i32', 'input');
    const raw = this.#function.local(this.#isVector ? 'v128' : 'f64', 'arrived');
    code.get(this.#arrivals).get(this.#locals.cursor).op('i32.add').tee(address);
    if (!this.#isVector) {
      code.op('f64.load', offset).tee(raw).op('f64.const', 0).op('f64.ne');
      code.if(() => code.get(address).op('f64.const', 0).op('f64.store', offset));
      code.get(raw);
      return;
    }
    code.op('v128.load', offset).tee(raw).op('v128.any_true');
    code.if(() => code.get(address).op('v128.const', 0, 0, 0, 0).op('v128.store', offset));
    code.get(raw).op('f32x4.convert_i32x4_s');
    const scale = this.#layout.kernel.inputs[input]?.scale ?? 0;
    this.#emitter.value(code, literal(2 ** -scale), new Scope());
    code.op('f32x4.mul');
  }
}

function refuseInput(): never {
  throw new Error('internal: update kernels do not add to inputs');
}

function spikeOnly(kernel: KernelLayout['kernel'], part: UpdatePart): string[] {
  const elsewhere = needsOf([
    ...(part === 'whole' ? kernel.begin : []),
    ...kernel.advance,
    ...kernel.late,
  ]).written;
  return [...needsOf(kernel.onSpike).written].filter((key) => !elsewhere.has(key));
}

function needsOfUpdate(kernel: KernelLayout['kernel'], part: UpdatePart): Needs {
  if (part === 'begin') return needsOf(kernel.begin);
  const { sampler, spiked } = kernel;
  const body = [
    ...(part === 'whole' ? kernel.begin : []),
    ...kernel.advance,
    ...kernel.onSpike,
    ...kernel.late,
    ...(sampler?.body ?? []),
  ];
  return needsOf(body, [...(spiked === null ? [] : [spiked]), ...(sampler?.values ?? [])]);
}
