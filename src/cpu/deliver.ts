/**
 * Writes the delivery function of one kernel: for the spikes of one step, runs the pathway's statements for every
 * synapse of the rows of the neurons that spiked. Called once per projection and step; a constant amount costs one load
 * of the target and one integer addition per synapse. Twin of shaders/deliver.wgsl.
 */
import { Emitter, Scope, type Surroundings } from '../language/wasm/emit.ts';
import type { Code, WasmFunction, WasmType } from '../language/wasm/encoder.ts';
import type { Shape } from '../language/wasm/operations.ts';
import { type Needs, needsOf, visitValues } from '../language/wasm/walk.ts';
import type { DeliverKernel, Plan } from '../plan/plan.ts';
import { type Context, remainder } from './context.ts';
import { Entries, hasMixedDelays } from './entries.ts';
import { CHUNK, numberOffset, SCRATCH, scratchNumber } from './generate-layout.ts';
import { commonValues } from './projections.ts';
import { createRowSurroundings, type RowLocals } from './row.ts';

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
  /** Locals with addresses of synapse variables in the row that is being made. */
  readonly #made: ReadonlyMap<string, number>;
  readonly #delay: number;
  /** Number of the ring slot of the step of emission. */
  readonly #firstSlot: number;
  /** Address of the ring that this thread adds to. */
  readonly #ring: number;
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
    this.#made = new Map(
      this.#isGenerated
        ? kernel.synapseVariables.map((_, index) => [`synapse.${index}`, local('made_values')])
        : [],
    );
    this.#entries = new Entries(this.#function, kernel, {
      targets: this.#isGenerated ? local('made_targets') : this.#parameter('synapses'),
      delays: this.#isGenerated ? local('made_delays') : this.#parameter('delays'),
      usesDelays: this.#isMixed && kernel.mode === 'scatter',
    });
    this.#delay = local('delay');
    this.#firstSlot = local('first_slot');
    this.#ring = local('ring');
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
      parameter: (name) => this.#parameter(name),
    };
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
    if (this.#kernel.mode === 'scatter') {
      if (this.#isMixed) {
        remainder(code, step, this.#context.plan.ringSlots).set(this.#firstSlot);
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
      this.#eachSpike(ahead, end, index, () => this.#touchRow(index));
      this.#eachSpike(this.#spike, end, index, () => this.#writeRow(index));
    };
    this.#context.threads.claim(code, deliver, () => code.get(end).set(this.#spike));
    code.op('br', 0).op('end').op('end');
  }

  /** With several threads, fewer spikes where rows are long, so that every thread gets some. */
  get #spikesPerGroup(): number {
    const { plan, threads } = this.#context;
    if (threads.count === 1) return ROWS_AHEAD;
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
    this.#entryAddress(code, this.#begin);
    code.tee(line).i32(LARGEST_TOUCH_BYTES).op('i32.add').tee(end);
    this.#entryAddress(code, this.#end);
    code.get(end);
    this.#entryAddress(code, this.#end);
    code.op('i32.lt_u').op('select').set(end);
    code.op('block').op('loop');
    code.get(line).get(end).op('i32.ge_u').op('br_if', 1);
    code.get(line).op('i32.load', 0).op('drop');
    code.get(line).i32(64).op('i32.add').set(line).op('br', 0).op('end').op('end');
  }

  /** Sets the first entry of a row and the one behind its last. */
  #loadRow(index: number): void {
    const { code } = this.#function;
    const rowAddress = this.#function.local('i32', 'row_address');
    code.get(this.#parameter('rows')).get(index).i32(2).op('i32.shl').op('i32.add');
    code.tee(rowAddress).op('i32.load', 0).set(this.#begin);
    code.get(rowAddress).op('i32.load', 4).set(this.#end);
  }

  #writeRow(index: number): void {
    const { code } = this.#function;
    this.#loadRow(index);
    if (this.#kernel.mode === 'arrival' && this.#isMixed) this.#narrowToDelay();
    code.get(this.#begin).get(this.#end).op('i32.lt_u');
    code.if(() => this.#writeEntries());
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
    this.#entryAddress(code, middle);
    this.#delayAt(code);
    pushDelay();
    code.op('i32.lt_u');
    code.if(
      () => code.get(middle).i32(1).op('i32.add').set(low),
      () => code.get(middle).set(high),
    );
    code.op('br', 0).op('end').op('end').get(low).set(result);
  }

  get #entryBytes(): 4 | 8 {
    return this.#kernel.trigger === 'post' || this.#kernel.packing === 'wide' ? 8 : 4;
  }

  #entryAddress(code: Code, entry: number): void {
    code.get(entry).i32(this.#entryBytes).op('i32.mul');
    code.get(this.#parameter('synapses')).op('i32.add');
  }

  /** Replaces an entry's address on the stack by its delay. */
  #delayAt(code: Code): void {
    if (this.#kernel.packing === 'wide') code.op('i32.load', 4);
    else code.op('i32.load', 0).i32(24).op('i32.shr_u');
  }

  #writeEntries(): void {
    const { code } = this.#function;
    const before = code.part();
    if (this.#isVector) this.#writeFours(before);
    const address = this.#function.local('i32', 'entry');
    const end = this.#function.local('i32', 'entries_end');
    const usesSynapse = this.#usesSynapse();
    this.#entryAddress(code, this.#begin);
    code.set(address);
    this.#entryAddress(code, this.#end);
    code.set(end);
    if (usesSynapse) code.get(this.#begin).set(this.#row.synapse);
    const emitter = this.#createEmitter('f32', before);
    const each = (): void => {
      this.#loadEntry(address);
      emitter.statements(code, this.#kernel.body, new Scope());
      if (usesSynapse && this.#kernel.trigger === 'pre') {
        code.get(this.#row.synapse).i32(1).op('i32.add').set(this.#row.synapse);
      }
      code.get(address).i32(this.#entryBytes).op('i32.add').tee(address);
      code.get(end).op('i32.lt_u');
    };
    if (!this.#isVector) {
      code.loop(each);
      return;
    }
    code.get(address).get(end).op('i32.lt_u');
    code.if(() => code.loop(each));
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
      isStepInvariant: this.#kernel.mode === 'arrival' || !this.#isMixed,
      rowSide: this.#kernel.trigger,
      row: this.#row,
      shape,
    });
  }

  /** Sets the other end, and with mixed delays the step of arrival and its ring slot, of the entry at an address. */
  #loadEntry(address: number): void {
    const { code } = this.#function;
    const { packing, trigger, mode } = this.#kernel;
    if (trigger === 'post') {
      code.get(address).op('i32.load', 0).set(this.#row.pre);
      code.get(address).op('i32.load', 4).set(this.#row.synapse);
      return;
    }
    code.get(address).op('i32.load', 0);
    if (packing !== 'target+delay') {
      code.set(this.#row.post);
    } else {
      const word = this.#function.local('i32', 'word');
      code.tee(word).i32(0xffffff).op('i32.and').set(this.#row.post);
    }
    if (mode === 'arrival' || !this.#isMixed) return;
    const { layout, plan } = this.#context;
    const slot = this.#function.local('i32', 'slot');
    code.get(address);
    this.#delayAt(code);
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
        emitter.statements(code, this.#kernel.body, new Scope());
        code.get(next).tee(this.#begin).i32(4).op('i32.add').tee(next);
        code.get(this.#end).op('i32.le_u');
      }),
    );
  }
}

/** Whether every amount can be computed for four neighbouring synapses at once. */
function isVectorisable(kernel: DeliverKernel, needs: Needs): boolean {
  return (
    kernel.mode === 'scatter' &&
    kernel.trigger === 'pre' &&
    kernel.packing === 'target' &&
    needs.written.size === 0 &&
    !needs.hasDraws &&
    kernel.inputs.every(({ proven }) => proven) &&
    [...needs.read].some((key) => key.startsWith('synapse.')) &&
    [...needs.read].every((key) => !key.startsWith('post.')) &&
    ['index', 'post_index', 'degree_in'].every((name) => !needs.specials.has(name)) &&
    kernel.body.every(({ kind }) => kind !== 'if')
  );
}

/** Mean number of synapses of the rows of a kernel, at least 1. */
function rowLength(plan: Plan, { projections, trigger }: DeliverKernel): number {
  let [synapses, rows] = [0, 0];
  for (const { rows: first, sourceCount, targetCount, generate } of projections) {
    const count = trigger === 'pre' ? sourceCount : targetCount;
    rows += count;
    synapses += generate === null ? (plan.rows[first + count] ?? 0) : generate.longest * count;
  }
  return Math.max(1, synapses / Math.max(1, rows));
}

/** What differs between the projections of a kernel; `argumentsOf` in projections.ts gives the values. */
function parametersOf(
  kernel: DeliverKernel,
  isDouble: boolean,
): { name: string; type: WasmType }[] {
  const names = [
    'rows',
    'synapses',
    'constants',
    'seed',
    'stream',
    'delay',
    'delay_first',
    'delay_last',
  ];
  names.push('shift', 'neurons', 'spikes', 'count', 'degrees_in', 'degrees_out', 'input_code');
  names.push('pre_first', 'post_first');
  names.push(...kernel.synapseVariables.map((_, index) => `synapse.${index}`));
  names.push(...kernel.preVariables.map((_, index) => `pre.${index}`));
  names.push(...kernel.postVariables.map((_, index) => `post.${index}`));
  names.push(...kernel.inputs.map((_, index) => `input${index}`));
  const parameters = names.map((name): { name: string; type: WasmType } => ({ name, type: 'i32' }));
  if (!isDouble) {
    for (const index of kernel.inputs.keys()) {
      parameters.push({ name: `factor${index}`, type: 'f32' });
      parameters.push({ name: `limit${index}`, type: 'f32' });
    }
  }
  return parameters;
}
