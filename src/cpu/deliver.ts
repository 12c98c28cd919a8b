/**
 * Writes the delivery function of one kernel: for the spikes of one step, runs the pathway's statements for every
 * synapse of the rows of the neurons that spiked. Called once per projection and step; a constant amount costs one load
 * of the target and one integer addition per synapse. Twin of shaders/deliver.wgsl.
 *
 * Procedural rows are made into a room of the thread (generate.ts): all targets, then delays and values by chunks, each
 * of which is then delivered as if it had been stored. (Microcircuit at full size, one thread: 13 ns per synapse that a
 * spike reaches, 6 of which are for making it and 5 for waiting for the ring, which no cache holds. Making sixteen
 * synapses in registers and delivering them at once was slower, as were shorter chunks.)
 */
import { Emitter, Scope, type Surroundings } from '../language/wasm/emit.ts';
import type { Code, WasmFunction, WasmType } from '../language/wasm/encoder.ts';
import type { Shape } from '../language/wasm/operations.ts';
import { type Needs, needsOf, visitValues } from '../language/wasm/walk.ts';
import type { DeliverKernel, Plan } from '../plan/plan.ts';
import { type Context, remainder } from './context.ts';
import { Entries, hasMixedDelays } from './entries.ts';
import type { NumberKind } from './generate.ts';
import { CHUNK, numberOffset, SCRATCH, scratchNumber } from './generate-layout.ts';
import { commonValues } from './projections.ts';
import { createRowSurroundings, type FourTargets, type RowLocals } from './row.ts';

/**
 * Rows are looked up this many at a time, so that their cache misses overlap: of the time for CUBA's deliveries, more
 * than half was waiting for the first target of a row.
 */
const ROWS_AHEAD = 16;
/** Threads claim the rows of so many synapses at once: some microseconds, so that claiming costs nothing. */
const SYNAPSES_PER_CLAIM = 4096;
/** Of longer rows the rest follows by itself. */
const LARGEST_TOUCH_BYTES = 512;

/** A delivery function and what it is called with, after the step, for each projection of the kernel. */
export interface DeliverFunction {
  readonly function: WasmFunction;
  readonly parameters: readonly { readonly name: string; readonly type: WasmType }[];
}

/** Adds the function for a kernel. Parameters: the step (of emission or, in arrival mode, of arrival), then `parameters`. */
export function addDeliver(context: Context, kernel: DeliverKernel): DeliverFunction {
  return new DeliverWriter(context, kernel).write();
}

class DeliverWriter {
  readonly #context: Context;
  readonly #kernel: DeliverKernel;
  readonly #needs: Needs;
  readonly #function: WasmFunction;
  readonly #parameters: { name: string; type: WasmType }[];
  readonly #row: RowLocals;
  /** Delay differs between the synapses of a row. */
  readonly #isMixed: boolean;
  readonly #isVector: boolean;
  /** Rows are made again for every spike. */
  readonly #isGenerated: boolean;
  /** Synapse variables with one value for all synapses of a projection. */
  readonly #common: ReadonlySet<number>;
  readonly #entries: Entries;
  /** Locals with addresses of what is being made: targets, delays, synapse variables. */
  readonly #made: { readonly targets: number; readonly delays: number; readonly values: number[] };
  readonly #delay: number;
  /** Number of the ring slot of the step of emission. */
  readonly #firstSlot: number;
  /** Address of the ring that this thread adds to. */
  readonly #ring: number;
  /** Address of the thread's room for rows. */
  readonly #room: number;
  /** The same numbers in all lanes, v128. */
  readonly #lanes: {
    readonly firstSlot: number;
    readonly ringSlots: number;
    readonly slotBytes: number;
    readonly ring: number;
  };
  readonly #spike: number;
  readonly #begin: number;
  readonly #end: number;

  constructor(context: Context, kernel: DeliverKernel) {
    this.#context = context;
    this.#kernel = kernel;
    this.#needs = needsOf(kernel.body);
    this.#isGenerated = kernel.packing === 'generated';
    this.#common = commonValues(kernel);
    this.#parameters = parametersOf(kernel, context.isDouble);
    this.#function = context.module.function(`deliver_${kernel.name}`, [
      ['step', 'i32'],
      ...this.#parameters.map(({ name, type }) => [name, type] as const),
    ]);
    this.#isMixed = hasMixedDelays(kernel);
    this.#isVector = !context.isDouble && isVectorisable(kernel, this.#needs);
    const local = (name: string): number => this.#function.local('i32', name);
    const values = this.#isGenerated ? kernel.synapseVariables : [];
    this.#made = {
      targets: local('made_targets'),
      delays: local('made_delays'),
      values: values.map(({ name }) => local(`made_${name}`)),
    };
    this.#entries = new Entries(this.#function, kernel, {
      targets: this.#isGenerated ? this.#made.targets : this.#parameter('synapses'),
      delays: this.#isGenerated ? this.#made.delays : this.#parameter('delays'),
      usesDelays: this.#isMixed && kernel.mode === 'scatter',
    });
    this.#delay = local('delay');
    this.#firstSlot = local('first_slot');
    this.#ring = local('ring');
    this.#room = local('room');
    const vector = (name: string): number => this.#function.local('v128', name);
    this.#lanes = {
      firstSlot: vector('first_slots'),
      ringSlots: vector('ring_slots'),
      slotBytes: vector('slot_bytes'),
      ring: vector('rings'),
    };
    this.#spike = local('spike');
    this.#begin = local('begin');
    this.#end = local('row_end');
    const isPost = kernel.trigger === 'post';
    const other = local(isPost ? 'pre_index' : 'post_index');
    const rowIndex = local(isPost ? 'post_index' : 'pre_index');
    this.#row = {
      step: kernel.mode === 'arrival' ? 0 : local('arrival_step'),
      pre: isPost ? other : rowIndex,
      post: isPost ? rowIndex : other,
      synapse: local('synapse'),
      slot: local('slot_address'),
      ring: this.#ring,
      four: this.#isVector ? this.#createFour() : null,
      parameter: (name) => this.#placeOf(name),
    };
  }

  #createFour(): FourTargets {
    const local = (name: string): number => this.#function.local('v128', name);
    return {
      pushTarget: (lane) => this.#entries.pushLane(this.#begin, lane),
      cells: this.#isMixed ? { pre: local('pre_cells'), post: local('post_cells') } : null,
    };
  }

  /** Local of a parameter, or of what stands for it while rows are made. */
  #placeOf(name: string): number {
    const made = this.#isGenerated ? /^synapse\.(\d+)$/.exec(name) : null;
    const place = made === null ? undefined : this.#made.values[Number(made[1])];
    return place ?? this.#parameter(name);
  }

  #parameter(name: string): number {
    const index = this.#parameters.findIndex((parameter) => parameter.name === name);
    if (index < 0) throw new Error(`internal: no parameter ${name}`);
    return index + 1;
  }

  write(): DeliverFunction {
    const { code } = this.#function;
    const step = 0;
    this.#context.threads.pushRing(code).set(this.#ring);
    if (this.#isGenerated) this.#placeMade();
    if (this.#kernel.mode === 'scatter') {
      if (this.#isMixed) {
        remainder(code, step, this.#context.plan.ringSlots).set(this.#firstSlot);
        this.#spreadSlots();
      } else {
        code.get(step).get(this.#parameter('delay')).op('i32.add').set(this.#row.step);
        this.#slotOf(code, this.#row.step);
      }
      this.#writeSpikes(step);
    } else {
      this.#slotOf(code, step);
      const emission = this.#function.local('i32', 'emission');
      code.get(this.#parameter('delay_first')).set(this.#delay);
      code.op('block').op('loop');
      code.get(this.#delay).get(this.#parameter('delay_last')).op('i32.gt_u').op('br_if', 1);
      // Before step 0 nothing was emitted.
      code.get(this.#delay).get(step).op('i32.gt_u').op('br_if', 1);
      code.get(step).get(this.#delay).op('i32.sub').set(emission);
      this.#writeSpikes(emission);
      code.get(this.#delay).i32(1).op('i32.add').set(this.#delay).op('br', 0);
      code.op('end').op('end');
    }
    return { function: this.#function, parameters: this.#parameters };
  }

  /** Finds the thread's room for the row that is being made. */
  #placeMade(): void {
    const { code } = this.#function;
    const { threads, layout } = this.#context;
    const place = (local: number, offset: number): void => {
      threads
        .pushBlock(code)
        .i32(layout.scratch + offset)
        .op('i32.add')
        .set(local);
    };
    place(this.#room, 0);
    place(this.#made.delays, scratchNumber(0));
    for (const [index, local] of this.#made.values.entries())
      place(local, scratchNumber(1 + index));
  }

  /** What the slots of four synapses are computed with, in all lanes. */
  #spreadSlots(): void {
    if (!this.#isVector) return;
    const { code } = this.#function;
    const { layout, plan } = this.#context;
    code.get(this.#firstSlot).op('i32x4.splat').set(this.#lanes.firstSlot);
    code.i32(plan.ringSlots).op('i32x4.splat').set(this.#lanes.ringSlots);
    code.i32(layout.slotBytes).op('i32x4.splat').set(this.#lanes.slotBytes);
    code.get(this.#ring).op('i32x4.splat').set(this.#lanes.ring);
  }

  /** Sets the address of the ring slot of a step. */
  #slotOf(code: Code, step: number): void {
    const { layout, plan } = this.#context;
    remainder(code, step, plan.ringSlots).i32(layout.slotBytes).op('i32.mul');
    code.get(this.#ring).op('i32.add').set(this.#row.slot);
  }

  /** All spikes of the projection's neurons at the step in that local. */
  #writeSpikes(emission: number): void {
    const { code } = this.#function;
    const { layout, plan } = this.#context;
    const last = this.#function.local('i32', 'last_spike');
    const index = this.#kernel.trigger === 'post' ? this.#row.post : this.#row.pre;
    remainder(code, emission, plan.spikeSlots)
      .i32(plan.neuronCount * 4)
      .op('i32.mul');
    code.get(this.#parameter('spikes')).op('i32.add').tee(this.#spike);
    remainder(code, emission, plan.spikeSlots)
      .i32(plan.populations.length * 4)
      .op('i32.mul');
    code.get(this.#parameter('count')).op('i32.add').op('i32.load', layout.spikeCounts);
    code.i32(2).op('i32.shl').op('i32.add').set(last);
    const end = this.#function.local('i32', 'group_end');
    const ahead = this.#function.local('i32', 'spike_ahead');
    code.op('block').op('loop');
    code.get(this.#spike).get(last).op('i32.ge_u').op('br_if', 1);
    code
      .get(this.#spike)
      .i32(4 * this.#spikesPerGroup)
      .op('i32.add')
      .tee(end);
    code.get(last).get(end).get(last).op('i32.lt_u').op('select').set(end);
    const deliver = (): void => {
      code.get(this.#spike).set(ahead);
      if (!this.#isGenerated) this.#eachSpike(ahead, end, index, () => this.#touchRow(index));
      this.#eachSpike(this.#spike, end, index, () => this.#writeRow(index));
    };
    if (this.#isSplit) deliver();
    else this.#context.threads.claim(code, deliver, () => code.get(end).set(this.#spike));
    code.op('br', 0).op('end').op('end');
  }

  /** With several threads, fewer spikes where rows are long, so that every thread gets some. */
  get #spikesPerGroup(): number {
    const { plan, threads } = this.#context;
    if (threads.count === 1 || this.#isSplit) return ROWS_AHEAD;
    const perGroup = Math.round(SYNAPSES_PER_CLAIM / rowLength(plan, this.#kernel));
    return Math.max(1, Math.min(perGroup, ROWS_AHEAD));
  }

  /** For the spikes from an address in a local up to the one in another, at least one: sets the row's number. */
  #eachSpike(spike: number, end: number, index: number, write: () => void): void {
    const { code } = this.#function;
    code.loop(() => {
      code.get(spike).op('i32.load', 0).get(this.#parameter('shift')).op('i32.sub').tee(index);
      code.get(this.#parameter('neurons')).op('i32.lt_u').if(write);
      code.get(spike).i32(4).op('i32.add').tee(spike).get(end).op('i32.lt_u');
    });
  }

  /** Loads the beginning of a row into the cache; rows lie anywhere, so that no processor foresees the next one. */
  #touchRow(index: number): void {
    const { code } = this.#function;
    const line = this.#function.local('i32', 'line');
    const end = this.#function.local('i32', 'lines_end');
    this.#loadRow(index);
    this.#entries.pushAddress(this.#begin).tee(line);
    code.i32(LARGEST_TOUCH_BYTES).op('i32.add').tee(end);
    this.#entries.pushAddress(this.#end).get(end);
    this.#entries.pushAddress(this.#end).op('i32.lt_u').op('select').set(end);
    code.op('block').op('loop');
    code.get(line).get(end).op('i32.ge_u').op('br_if', 1);
    code.get(line).op('i32.load', 0).op('drop');
    code.get(line).i32(64).op('i32.add').set(line).op('br', 0).op('end').op('end');
  }

  /** Every thread delivers a part of every row, see splits.ts. */
  get #isSplit(): boolean {
    return this.#context.layout.splits !== null;
  }

  /** Sets the first entry of a row, or of the thread's part of it, and the one behind its last. */
  #loadRow(index: number): void {
    const { code } = this.#function;
    const rowAddress = this.#function.local('i32', 'row_address');
    if (this.#isSplit) {
      const { threads } = this.#context;
      code
        .get(index)
        .i32(threads.count + 1)
        .op('i32.mul');
      threads.pushThread(code).op('i32.add').i32(2).op('i32.shl');
      code.get(this.#parameter('splits')).op('i32.add');
    } else code.get(this.#parameter('rows')).get(index).i32(2).op('i32.shl').op('i32.add');
    code.tee(rowAddress).op('i32.load', 0).set(this.#begin);
    code.get(rowAddress).op('i32.load', 4).set(this.#end);
  }

  #writeRow(index: number): void {
    const { code } = this.#function;
    if (this.#isGenerated) {
      this.#makeRow(index);
      return;
    }
    this.#loadRow(index);
    if (this.#kernel.mode === 'arrival' && this.#isMixed) this.#narrowToDelay();
    code.get(this.#begin).get(this.#end).op('i32.lt_u');
    code.if(() => this.#writeEntries(code.part()));
  }

  /** Makes the targets of a row, then its delays and values by chunks, and delivers each chunk. */
  #makeRow(index: number): void {
    const { code } = this.#function;
    const { rows, layout } = this.#context;
    const local = (name: string): number => this.#function.local('i32', name);
    const [length, done] = [local('length'), local('done')];
    code.get(this.#parameter('description')).get(index).get(this.#room);
    code.i32(layout.generate.targets).op('i32.add').tee(this.#made.targets);
    code.get(this.#room).i32(SCRATCH.words).op('i32.add').call(rows.targets).tee(length);
    code.if(() => {
      const before = code.part();
      code.i32(0).set(done);
      code.loop(() => {
        code.get(length).get(done).op('i32.sub').tee(this.#end).i32(CHUNK);
        code.get(this.#end).i32(CHUNK).op('i32.lt_u').op('select').set(this.#end);
        if (this.#isMixed) this.#makeNumbers('delay', 0, this.#made.delays, index, done);
        for (const [k, { type }] of this.#kernel.synapseVariables.entries()) {
          const place = this.#made.values[k];
          if (this.#common.has(k) || place === undefined) continue;
          this.#makeNumbers(type === 'f32' ? 'float' : 'integer', 1 + k, place, index, done);
        }
        code.i32(0).set(this.#begin);
        this.#writeEntries(before);
        code
          .get(this.#made.targets)
          .i32(4 * CHUNK)
          .op('i32.add')
          .set(this.#made.targets);
        code.get(done).i32(CHUNK).op('i32.add').tee(done).get(length).op('i32.lt_u');
      });
    });
  }

  /** Makes a number of each synapse of the chunk at hand. */
  #makeNumbers(kind: NumberKind, number: number, place: number, index: number, done: number): void {
    const { code } = this.#function;
    code.get(this.#parameter('description')).i32(numberOffset(number)).op('i32.add');
    code.get(index).get(done).get(place);
    code.get(place).get(this.#end).i32(2).op('i32.shl').op('i32.add');
    code.call(this.#context.rows.numbers(kind));
  }

  /** Rows are sorted by delay: keeps the entries of the delay being delivered. */
  #narrowToDelay(): void {
    const { code } = this.#function;
    const begin = this.#function.local('i32', 'first_entry');
    this.#search(() => code.get(this.#delay), begin);
    this.#search(() => code.get(this.#delay).i32(1).op('i32.add'), this.#end);
    code.get(begin).set(this.#begin);
  }

  /** First entry from begin to end whose delay is not below the one pushed. */
  #search(pushDelay: () => void, result: number): void {
    const { code } = this.#function;
    const [low, high, middle] = ['low', 'high', 'middle'].map((name) =>
      this.#function.local('i32', name),
    ) as [number, number, number];
    code.get(this.#begin).set(low).get(this.#end).set(high);
    code.op('block').op('loop');
    code.get(low).get(high).op('i32.ge_u').op('br_if', 1);
    code.get(low).get(high).op('i32.add').i32(1).op('i32.shr_u').set(middle);
    this.#entries.pushDelayOf(middle);
    pushDelay();
    code.op('i32.lt_u');
    code.if(
      () => code.get(middle).i32(1).op('i32.add').set(low),
      () => code.get(middle).set(high),
    );
    code.op('br', 0).op('end').op('end').get(low).set(result);
  }

  /** Runs the body for the entries from `begin` to `end`, at least one. */
  #writeEntries(before: Code): void {
    const { code } = this.#function;
    if (this.#isVector) this.#writeFours(before);
    const isPre = this.#kernel.trigger === 'pre';
    const usesSynapse = this.#usesSynapse();
    const emitter = this.#createEmitter('f32', before);
    const each = (): void => {
      this.#loadEntry();
      emitter.statements(code, this.#kernel.body, new Scope());
      if (usesSynapse && isPre) {
        code.get(this.#row.synapse).i32(1).op('i32.add').set(this.#row.synapse);
      }
      this.#entries.next();
    };
    if (usesSynapse) code.get(this.#begin).set(this.#row.synapse);
    this.#entries.open(this.#begin, this.#end);
    if (this.#isVector) code.if(() => code.loop(each));
    else code.op('drop').loop(each);
  }

  #usesSynapse(): boolean {
    const { specials, read, written, hasDraws } = this.#needs;
    const touches = [...read, ...written].some((key) => key.startsWith('synapse.'));
    return touches || hasDraws || specials.has('index');
  }

  #createEmitter(scalar: 'f32' | 'f32x4', before: Code): Emitter {
    const shape: Shape = this.#context.isDouble ? 'f64' : scalar;
    return new Emitter(
      shape,
      this.#function,
      this.#surroundings(shape),
      before,
      this.#context.host,
    );
  }

  #surroundings(shape: Shape): Surroundings {
    return createRowSurroundings({
      context: this.#context,
      owner: this.#function,
      kernel: this.#kernel,
      written: this.#needs.written,
      common: this.#common,
      isStepInvariant: this.#kernel.mode === 'arrival' || !this.#isMixed,
      rowSide: this.#kernel.trigger,
      row: this.#row,
      shape,
    });
  }

  /** Sets the other end, and with mixed delays the step of arrival and its ring slot, of the entry at hand. */
  #loadEntry(): void {
    const { code } = this.#function;
    if (this.#kernel.trigger === 'post') {
      this.#entries.pushTarget().set(this.#row.pre);
      this.#entries.pushSynapse().set(this.#row.synapse);
      return;
    }
    this.#entries.pushTarget().set(this.#row.post);
    if (this.#kernel.mode === 'arrival' || !this.#isMixed) return;
    const { layout, plan } = this.#context;
    const slot = this.#function.local('i32', 'slot');
    this.#entries.pushDelay();
    code.tee(this.#delay).get(0).op('i32.add').set(this.#row.step);
    // Delays are shorter than the ring, so the remainder needs no division.
    code.get(this.#delay).get(this.#firstSlot).op('i32.add').tee(slot);
    code.i32(plan.ringSlots).op('i32.sub').get(slot);
    code.get(slot).i32(plan.ringSlots).op('i32.ge_u').op('select');
    code.i32(layout.slotBytes).op('i32.mul').get(this.#ring).op('i32.add').set(this.#row.slot);
  }

  /** Four synapses at a time while there are four: the amounts as vectors, the additions one by one. */
  #writeFours(before: Code): void {
    const { code } = this.#function;
    const emitter = this.#createEmitter('f32x4', before);
    const next = this.#function.local('i32', 'next');
    code.get(this.#begin).i32(4).op('i32.add').tee(next).get(this.#end).op('i32.le_u');
    code.if(() =>
      code.loop(() => {
        code.get(this.#begin).set(this.#row.synapse);
        this.#findCells();
        emitter.statements(code, this.#kernel.body, new Scope());
        code.get(next).tee(this.#begin).i32(4).op('i32.add').tee(next);
        code.get(this.#end).op('i32.le_u');
      }),
    );
  }

  /** With mixed delays: sets where in the ring four entries add to. */
  #findCells(): void {
    const cells = this.#row.four?.cells;
    if (!cells) return;
    const { code } = this.#function;
    const { firstSlot, ringSlots, slotBytes, ring } = this.#lanes;
    const slot = this.#function.local('v128', 'slots');
    const { targets, delays } = this.#entries.loadFour(this.#begin);
    // The remainder by the ring's length: of a slot and that slot less the length, one is below 0, which is large.
    code.get(delays).get(firstSlot).op('i32x4.add').tee(slot).get(slot).get(ringSlots);
    code.op('i32x4.sub').op('i32x4.min_u').get(slotBytes).op('i32x4.mul').get(ring);
    code.op('i32x4.add').set(slot);
    code.get(slot).get(targets).i32(2).op('i32x4.shl').op('i32x4.add').set(cells.post);
    if (this.#kernel.inputs.every(({ side }) => side === 'post')) return;
    code.get(slot).get(this.#row.pre).i32(2).op('i32.shl').op('i32x4.splat');
    code.op('i32x4.add').set(cells.pre);
  }
}

/** Whether every amount can be computed for four neighbouring synapses at once, and it is of use. */
function isVectorisable(kernel: DeliverKernel, needs: Needs): boolean {
  const isMixed = hasMixedDelays(kernel);
  const common = commonValues(kernel);
  const isPerSynapse = kernel.synapseVariables.some(
    (_, index) => !common.has(index) && needs.read.has(`synapse.${index}`),
  );
  // With mixed delays the step of arrival differs between lanes.
  const perLane = ['index', 'post_index', 'degree_in', ...(isMixed ? ['step', 'time'] : [])];
  return (
    kernel.mode === 'scatter' &&
    kernel.trigger === 'pre' &&
    needs.written.size === 0 &&
    !needs.hasDraws &&
    kernel.inputs.every(({ proven }) => proven) &&
    (isMixed || isPerSynapse) &&
    [...needs.read].every((key) => !key.startsWith('post.')) &&
    perLane.every((name) => !needs.specials.has(name)) &&
    !(isMixed && readsTables(kernel)) &&
    kernel.body.every(({ kind }) => kind !== 'if')
  );
}

/** Whether a pathway reads timed arrays. */
function readsTables({ body }: DeliverKernel): boolean {
  let reads = false;
  visitValues(body, ({ op }) => {
    reads ||= op === 'table';
  });
  return reads;
}

/** Mean number of synapses of the rows of a kernel, at least 1. */
function rowLength(plan: Plan, { projections, trigger }: DeliverKernel): number {
  let [synapses, rows] = [0, 0];
  for (const { rows: first, sourceCount, targetCount } of projections) {
    const count = trigger === 'pre' ? sourceCount : targetCount;
    rows += count;
    synapses += plan.rows[first + count] ?? 0;
  }
  return Math.max(1, synapses / Math.max(1, rows));
}

/** What differs between the projections of a kernel; `argumentsOf` in projections.ts gives the values. */
function parametersOf(
  kernel: DeliverKernel,
  isDouble: boolean,
): { name: string; type: WasmType }[] {
  const isGenerated = kernel.packing === 'generated';
  const names = isGenerated ? ['description'] : ['rows', 'splits', 'synapses', 'delays'];
  names.push('constants', 'seed', 'stream', 'delay', 'delay_first', 'delay_last');
  names.push('shift', 'neurons', 'spikes', 'count', 'degrees_in', 'degrees_out', 'input_code');
  names.push('pre_first', 'post_first');
  const common = commonValues(kernel);
  const stored = [...kernel.synapseVariables.keys()].filter((index) => !common.has(index));
  if (!isGenerated) names.push(...stored.map((index) => `synapse.${index}`));
  names.push(...kernel.preVariables.map((_, index) => `pre.${index}`));
  names.push(...kernel.postVariables.map((_, index) => `post.${index}`));
  names.push(...kernel.inputs.map((_, index) => `input${index}`));
  const parameters = names.map((name): { name: string; type: WasmType } => ({ name, type: 'i32' }));
  for (const index of common) {
    const type = kernel.synapseVariables[index]?.type === 'f32' ? 'f32' : 'i32';
    parameters.push({ name: `value.${index}`, type });
  }
  if (!isDouble) {
    for (const index of kernel.inputs.keys()) {
      parameters.push({ name: `factor${index}`, type: 'f32' });
      parameters.push({ name: `limit${index}`, type: 'f32' });
    }
  }
  return parameters;
}
