/**
 * Writes the update function of one kernel: integrates one step of some neurons of a population, four at a time (one in
 * f64 mode). The step is fixed, so that everything that depends on it alone is computed once. Windows of several steps
 * call it chunk by chunk, see chunks.ts. Twin of shaders/update.wgsl.
 */
import { literal, type Statement, type Value } from '../language/kernel.ts';
import { Emitter, Scope, type Surroundings } from '../language/wasm/emit.ts';
import type { Code, WasmFunction, WasmType } from '../language/wasm/encoder.ts';
import { type Needs, needsOf } from '../language/wasm/walk.ts';
import type { SampledValues } from '../plan/plan.ts';
import { Arrivals } from './arrivals.ts';
import { type Context, Position } from './context.ts';
import { type DrawKey, type Element, makeDraws, pushSpecial, timedArray } from './element.ts';
import { writeGather } from './field-read.ts';
import { createCheck, type HealthCheck } from './health.ts';
import { CONTROL, type KernelLayout, type MemberLayout, type SamplerLayout } from './layout.ts';
import { writeSampler } from './sample.ts';
import { addressOf } from './segments.ts';
import { SpikeList } from './spikes.ts';
import { CHUNK_VECTORS, receiving, VECTOR_BYTES } from './touched.ts';

/**
 * `whole`: all of a step. `begin`: only its `begin`. `begun`: the step without `begin`, which a `begin` function has
 * done.
 */
export type UpdatePart = 'whole' | 'begin' | 'begun';

/** An update function and what it is called with for each member. */
export interface UpdateFunction {
  readonly function: WasmFunction;
  /** Arguments after the step; where `isRanged`, the range of neurons comes after them. */
  readonly arguments: (member: MemberLayout) => readonly number[];
  /** It integrates a range, given by two byte offsets in a variable, and not all neurons of the population. */
  readonly isRanged: boolean;
}

/** Adds the function for a kernel. Parameters: the step, then the member's; the same whether or not it is `isProbed`. */
export function addUpdate(
  context: Context,
  kernel: KernelLayout,
  part: UpdatePart,
  isProbed = false,
): UpdateFunction {
  return new UpdateWriter(context, kernel, part, isProbed).write();
}

class UpdateWriter {
  readonly #context: Context;
  readonly #layout: KernelLayout;
  readonly #part: UpdatePart;
  /** It samples the neurons of the kernel's probe. */
  readonly #isProbed: boolean;
  readonly #function: WasmFunction;
  readonly #emitter: Emitter;
  /** Of what spikes do: keeps nothing in registers outside of the branch. */
  readonly #rareEmitter: Emitter;
  readonly #code: Code;
  /** What depends on the step alone. */
  readonly #stepCode: Code;
  readonly #isVector: boolean;
  /** `begin` runs in a loop of its own, over marked neurons. */
  readonly #skipsBegin: boolean;
  readonly #needs: Needs;
  /** What of the parameters depends on the statements, those of the probe included. */
  readonly #asked: Needs;
  /** Variables that change at spikes only, and are stored only then. */
  readonly #onSpikeOnly: ReadonlySet<string>;
  /** Those of them that nothing but spikes looks at, and that are loaded only then. */
  readonly #atSpikes: ReadonlySet<string>;
  readonly #variables: readonly (number | null)[];
  readonly #parameters: ReadonlyMap<string, number>;
  /** Locals: the step; the byte offset behind the population's last neuron. */
  readonly #step: number;
  readonly #last: number;
  readonly #position: Position;
  readonly #arrivals: Arrivals | null;
  readonly #spikes: SpikeList | null;
  readonly #check: HealthCheck | null;

  constructor(context: Context, layout: KernelLayout, part: UpdatePart, isProbed: boolean) {
    const { kernel } = layout;
    this.#isProbed = isProbed;
    this.#context = context;
    this.#layout = layout;
    this.#part = part;
    this.#isVector = !context.isDouble;
    this.#skipsBegin = part === 'whole' && layout.skipsBegin;
    this.#needs = needsOfUpdate(kernel, part, isProbed);
    this.#asked = needsOfUpdate(kernel, part, true);
    this.#onSpikeOnly = new Set(part === 'begin' ? [] : spikeOnly(kernel, this.#beginsInside));
    const everyStep = needsOfUpdate({ ...kernel, onSpike: [] }, part, isProbed).read;
    this.#atSpikes = new Set([...this.#onSpikeOnly].filter((key) => !everyStep.has(key)));
    const names = ['step', 'origin', 'count', 'constants', 'seed', 'stream'];
    names.push('population', 'global', 'philox');
    if (context.threads.count > 1) names.push('part');
    for (const table of this.#asked.binomialTables) {
      names.push(`thresholds${table}`, `thresholds${table}_length`);
    }
    for (const slot of this.#asked.gathers) names.push(`gather${slot}`);
    if (this.#isRanged) names.push('range_begin', 'range_end');
    this.#function = context.module.function(
      `${isProbed ? 'probed_' : ''}${part === 'whole' ? 'update' : part}_${kernel.name}`,
      names.map((name) => [name, 'i32'] as const),
    );
    this.#parameters = new Map(names.map((name, index) => [name, index]));
    const local = (type: WasmType, name: string): number => this.#function.local(type, name);
    this.#step = this.#parameter('step');
    this.#last = local('i32', 'last');
    const origin = this.#parameter('origin');
    this.#position = new Position(context.isDouble, local('i32', 'cursor'), origin);
    const takesArrivals = layout.inputOffsets.length > 0 && part !== 'begun';
    const marks = layout.skipsBegin && part !== 'begin';
    this.#arrivals = takesArrivals || marks ? new Arrivals(context, layout, this.#function) : null;
    const hasSpikes = kernel.spiked !== null && part !== 'begin';
    this.#spikes = hasSpikes ? this.#createSpikes() : null;
    this.#variables = kernel.variables.map(({ name, type }, index) => {
      const key = `own.${index}`;
      const isUsed = this.#needs.read.has(key) || this.#needs.written.has(key);
      const cell = this.#isVector ? 'v128' : type === 'f32' ? 'f64' : 'i32';
      return isUsed ? local(cell, name) : null;
    });
    this.#code = this.#function.code;
    this.#stepCode = this.#code.part();
    this.#emitter = this.#createEmitter(this.#position);
    this.#rareEmitter = this.#createEmitter(this.#position, true);
    this.#check = this.#createCheck();
  }

  /** An emitter whose invariant values go to the code written so far. */
  #createEmitter(position: Position, isRare = false): Emitter {
    return new Emitter(
      this.#isVector ? 'f32x4' : 'f64',
      this.#function,
      this.#surroundings(position, isRare),
      this.#code.part(),
      this.#context.host,
    );
  }

  /** Threads share out neurons, and windows of several steps go through them in chunks. */
  get #isRanged(): boolean {
    const { threads, plan } = this.#context;
    return threads.count > 1 || plan.windowSteps > 1;
  }

  #createSpikes(): SpikeList {
    return new SpikeList({
      context: this.#context,
      owner: this.#function,
      position: this.#position,
      step: this.#step,
      count: this.#parameter('count'),
      population: this.#parameter('population'),
      global: this.#parameter('global'),
      part:
        this.#context.threads.count > 1
          ? { range: this.#parameter('part'), origin: this.#parameter('origin') }
          : null,
    });
  }

  #parameter(name: string): number {
    const index = this.#parameters.get(name);
    if (index === undefined) throw new Error(`internal: no parameter ${name}`);
    return index;
  }

  /** `begin` runs in the loop over all neurons. */
  get #beginsInside(): boolean {
    return this.#part !== 'begun' && !this.#skipsBegin;
  }

  write(): UpdateFunction {
    this.#writeStepCode(this.#stepCode);
    const check = this.#check;
    this.#findNeurons();
    if (this.#skipsBegin) this.#writeChunks(check);
    else this.#writeNeurons(check, this.#last);
    check?.close();
    return {
      function: this.#function,
      arguments: (member) => this.#argumentsOf(member),
      isRanged: this.#isRanged,
    };
  }

  /** Sets the cursor to the first neuron, and the offset behind the last one. */
  #findNeurons(): void {
    const code = this.#code;
    this.#findFirst(this.#position.cursor);
    if (this.#isRanged) code.get(this.#parameter('range_end'));
    else {
      code.get(this.#parameter('origin')).get(this.#parameter('count'));
      code
        .i32(this.#isVector ? 2 : 3)
        .op('i32.shl')
        .op('i32.add');
    }
    code.set(this.#last);
  }

  #findFirst(local: number): void {
    this.#code.get(this.#parameter(this.#isRanged ? 'range_begin' : 'origin')).set(local);
  }

  #writeStepCode(code: Code): void {
    if (this.#part !== 'begun') this.#arrivals?.find(code, this.#step);
    if (this.#layout.skipsBegin && this.#spikes) this.#arrivals?.findCurrent(code, this.#step);
    this.#spikes?.find(code);
  }

  #argumentsOf({ member, paddedFirst, philox, range }: MemberLayout): readonly number[] {
    const { layout, plan, threads } = this.#context;
    const tables: number[] = [];
    for (const table of this.#asked.binomialTables) {
      const slot = plan.tables[member.tables + table];
      const placed = layout.tables[member.tables + table];
      if (slot?.kind !== 'binomial' || !placed) throw new Error('internal: not a binomial table');
      tables.push(placed.address, slot.thresholds.length);
    }
    return [
      paddedFirst * layout.cellBytes,
      member.count,
      layout.constants + member.constants * layout.cellBytes,
      member.seed,
      member.stream,
      member.population,
      member.globalFirst,
      philox,
      ...(threads.count > 1 ? [range] : []),
      ...tables,
      ...[...this.#asked.gathers].map((slot) =>
        addressOf(layout.stateSegments, member.gathers[slot] ?? 0, layout.cellBytes),
      ),
    ];
  }

  // ---- Loops ----

  /** Goes on to the next neurons; leaves on the stack whether there are any before the offset in a local. */
  #advance(last: number): void {
    const bytes = this.#isVector ? VECTOR_BYTES : 8;
    const { cursor } = this.#position;
    this.#code.get(cursor).i32(bytes).op('i32.add').tee(cursor).get(last).op('i32.lt_u');
  }

  /** One step of the neurons before the offset in a local. */
  #writeNeurons(check: HealthCheck | null, last: number): void {
    // Two or four vectors to a turn were no faster.
    this.#code.loop(() => {
      this.#load(this.#position, (key) => !this.#atSpikes.has(key));
      this.#writeBody();
      check?.each();
      this.#store(this.#position);
      this.#advance(last);
    });
  }

  /** One step, chunk by chunk: `begin` of the marked neurons, then all of them, while their state is in the cache. */
  #writeChunks(check: HealthCheck | null): void {
    const code = this.#code;
    const { cursor } = this.#position;
    const origin = this.#parameter('origin');
    const touched = new Position(false, this.#function.local('i32', 'touched'), origin);
    const emitter = this.#createEmitter(touched);
    const end = this.#function.local('i32', 'chunk_end');
    code.loop(() => {
      this.#arrivals?.eachMarked(cursor, this.#last, touched, () =>
        this.#writeBegin(emitter, touched),
      );
      code
        .get(cursor)
        .i32(CHUNK_VECTORS * VECTOR_BYTES)
        .op('i32.add')
        .tee(end)
        .get(this.#last);
      code.get(end).get(this.#last).op('i32.lt_u').op('select').set(end);
      this.#writeNeurons(check, end);
      code.get(cursor).get(this.#last).op('i32.lt_u');
    });
  }

  /** `begin` by itself. */
  #writeBegin(emitter: Emitter, position: Position): void {
    const { kernel } = this.#layout;
    const needs = needsOf(kernel.begin);
    const isUsed = (key: string): boolean => needs.read.has(key) || needs.written.has(key);
    this.#load(position, isUsed);
    emitter.statements(this.#code, kernel.begin, new Scope());
    this.#store(position, (key) => needs.written.has(key));
  }

  // ---- One step of the current neurons ----

  #writeBody(): void {
    const code = this.#code;
    const { kernel } = this.#layout;
    if (this.#beginsInside) {
      if (this.#context.layout.looksFirst) this.#arrivals?.takeMarked(code, this.#position);
      this.#emitter.statements(code, kernel.begin, new Scope());
    }
    if (this.#part === 'begin') return;
    this.#writeSampler(kernel.sampler, this.#layout.sampler);
    if (this.#isProbed) this.#writeSampler(kernel.probe ?? null, this.#layout.probe);
    const scope = new Scope();
    this.#emitter.statements(code, kernel.advance, scope);
    if (kernel.spiked !== null) this.#writeSpikes(kernel.spiked, kernel.onSpike, scope);
    this.#emitter.statements(code, kernel.late, scope);
    if (this.#layout.skipsBegin) this.#clearSigns();
  }

  #writeSampler(sampler: SampledValues | null, layout: SamplerLayout | null): void {
    if (sampler === null || layout === null) return;
    writeSampler({
      context: this.#context,
      owner: this.#function,
      code: this.#code,
      surroundings: this.#surroundings(this.#position),
      sampler,
      layout,
      step: this.#step,
      position: this.#position,
    });
  }

  /** Adding nothing turns -0 into 0: then marked and other neurons agree to the bit. */
  #clearSigns(): void {
    for (const variable of receiving(this.#layout.kernel)) {
      const local = this.#variables[variable] ?? null;
      if (local === null) continue;
      this.#code.get(local).op('v128.const', 0, 0, 0, 0).op('f32x4.add').set(local);
    }
  }

  /** Tests for spikes; lists those of real neurons. */
  #writeSpikes(spiked: Value, onSpike: readonly Statement[], scope: Scope): void {
    const code = this.#code;
    // Of `v > threshold and active`, the second condition is looked at where the first one holds.
    const isJoint = this.#isVector && spiked.op === 'binary' && spiked.operation === 'and';
    this.#emitter.value(code, isJoint ? spiked.a : spiked, scope);
    if (!this.#isVector) {
      code.if(() => {
        this.#spikes?.appendOne(code);
        this.#writeOnSpike(onSpike, new Scope(scope));
      });
      return;
    }
    const mask = this.#function.local('v128', 'has_spiked');
    const bits = this.#function.local('i32', 'spike_bits');
    code.tee(mask).op('i32x4.bitmask').tee(bits);
    code.if(() => {
      if (isJoint) {
        this.#emitter.value(code, spiked, scope);
        code.tee(mask).op('i32x4.bitmask').set(bits);
      }
      this.#spikes?.appendLanes(code, bits);
      if (this.#layout.skipsBegin) this.#arrivals?.markSpiked(code, this.#position);
      this.#writeOnSpike(onSpike, new Scope(scope, mask));
    });
  }

  /** What happens to neurons that spiked, in the branch of those. */
  #writeOnSpike(onSpike: readonly Statement[], scope: Scope): void {
    this.#load(this.#position, (key) => this.#atSpikes.has(key));
    this.#rareEmitter.statements(this.#code, onSpike, scope);
    this.#check?.atSpike();
    for (const [index, local] of this.#variables.entries()) {
      if (local !== null && this.#onSpikeOnly.has(`own.${index}`))
        this.#storeVariable(index, local, this.#position);
    }
  }

  // ---- State ----

  #addressOf(variable: number): number {
    return this.#layout.stateAddress + variable * this.#layout.stride;
  }

  #load(position: Position, isUsed: (key: string) => boolean = () => true): void {
    const code = this.#code;
    for (const [index, local] of this.#variables.entries()) {
      if (local === null || !isUsed(`own.${index}`)) continue;
      code.get(position.cursor);
      code.op(this.#isVector ? 'v128.load' : 'f64.load', this.#addressOf(index));
      const isInteger = this.#layout.kernel.variables[index]?.type === 'i32';
      if (!this.#isVector && isInteger) code.op('i32.trunc_sat_f64_s');
      code.set(local);
    }
  }

  #store(position: Position, isChanged = (key: string) => this.#isStored(key)): void {
    for (const [index, local] of this.#variables.entries()) {
      if (local !== null && isChanged(`own.${index}`)) {
        this.#storeVariable(index, local, position);
      }
    }
  }

  #isStored(key: string): boolean {
    return this.#needs.written.has(key) && !this.#onSpikeOnly.has(key);
  }

  #storeVariable(index: number, local: number, position: Position): void {
    const code = this.#code;
    code.get(position.cursor).get(local);
    const isInteger = this.#layout.kernel.variables[index]?.type === 'i32';
    if (!this.#isVector && isInteger) code.op('f64.convert_i32_s');
    code.op(this.#isVector ? 'v128.store' : 'f64.store', this.#addressOf(index));
  }

  #createCheck(): HealthCheck | null {
    if (this.#part === 'begin') return null;
    const variables = this.#layout.kernel.variables.flatMap(({ type }, index) => {
      const local = this.#variables[index] ?? null;
      const isChecked = type === 'f32' && this.#needs.written.has(`own.${index}`);
      const isAtSpikes = this.#atSpikes.has(`own.${index}`);
      return isChecked && local !== null
        ? [{ local, address: this.#addressOf(index), isAtSpikes }]
        : [];
    });
    if (variables.length === 0) return null;
    return createCheck({
      context: this.#context,
      owner: this.#function,
      variables,
      position: this.#position,
      step: this.#step,
      count: this.#parameter('count'),
      global: this.#parameter('global'),
      findFirst: (local) => this.#findFirst(local),
      last: this.#last,
    });
  }

  // ---- What statements see ----

  /**
   * `isRare`: for a branch that is seldom taken. Nothing is computed in front of the loop, and the step comes from
   * memory, where it costs the loop no register: V8 has too few for CUBA, and moved `health` to the stack, which every
   * turn then waited for.
   */
  #surroundings(position: Position, isRare = false): Surroundings {
    const { layout, plan } = this.#context;
    const element: Element = {
      context: this.#context,
      owner: this.#function,
      isVector: this.#isVector,
      step: this.#step,
      pushIndex: (code) => position.pushNeuron(code),
    };
    const key: DrawKey = {
      table: () => this.#parameter('philox'),
      push: (code) => code.get(this.#parameter('seed')).get(this.#parameter('stream')),
    };
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
      special: (code, name) => {
        if (isRare && name === 'step' && this.#isVector && plan.windowSteps === 1) {
          code.i32(0).op('v128.load32_splat', CONTROL.step);
        } else pushSpecial(code, name, element);
      },
      step: (code) => code.get(this.#step),
      draws: (code, group) => makeDraws(code, group, element, key),
      binomial: (table) => ({
        address: this.#parameter(`thresholds${table}`),
        length: this.#parameter(`thresholds${table}_length`),
      }),
      table: (table) => timedArray(this.#context, table),
      arrived: (code, input) => this.#arrived(code, input, position),
      gather: (code, slot) =>
        writeGather(code, this.#function, this.#parameter(`gather${slot}`), this.#isVector),
      amount: () => refuseInput(),
      movesAmounts: () => refuseInput(),
      add: () => refuseInput(),
      isInvariant: (leaf) => {
        if (isRare) return false;
        if (leaf.op === 'special') return leaf.name === 'step' || leaf.name === 'time';
        return leaf.op === 'constant' || leaf.op === 'table';
      },
    };
  }

  /** Takes what arrived, as a number of the engine's float. */
  #arrived(code: Code, input: number, position: Position): void {
    this.#arrivals?.take(code, input, position);
    if (!this.#isVector) return;
    code.op('f32x4.convert_i32x4_s');
    const scale = this.#layout.kernel.inputs[input]?.scale ?? 0;
    this.#emitter.value(code, literal(2 ** -scale), new Scope());
    code.op('f32x4.mul');
  }
}

function refuseInput(): never {
  throw new Error('internal: update kernels do not add to inputs');
}

function spikeOnly(kernel: KernelLayout['kernel'], beginsInside: boolean): string[] {
  const elsewhere = needsOf([
    ...(beginsInside ? kernel.begin : []),
    ...kernel.advance,
    ...kernel.late,
  ]).written;
  return [...needsOf(kernel.onSpike).written].filter((key) => !elsewhere.has(key));
}

function needsOfUpdate(kernel: KernelLayout['kernel'], part: UpdatePart, isProbed: boolean): Needs {
  if (part === 'begin') return needsOf(kernel.begin);
  const { sampler, spiked } = kernel;
  const probe = (isProbed && kernel.probe) || null;
  const body = [
    ...(part === 'whole' ? kernel.begin : []),
    ...kernel.advance,
    ...kernel.onSpike,
    ...kernel.late,
    ...(sampler?.body ?? []),
    ...(probe?.body ?? []),
  ];
  return needsOf(body, [
    ...(spiked === null ? [] : [spiked]),
    ...(sampler?.values ?? []),
    ...(probe?.values ?? []),
  ]);
}
