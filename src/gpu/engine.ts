/**
 * Runs a Plan on a GPUDevice. Knows nothing of neurons' names, units or files. Everything is allocated in
 * createGpuEngine() and freed in destroy(); nothing is created while stepping but command encoders.
 */
import type {
  AdapterDescription,
  Engine,
  EngineBuffer,
  EngineOptions,
  EngineSnapshot,
  EngineTimings,
  RecordingSink,
} from '../engine.ts';
import { DeviceError } from '../errors.ts';
import type { Plan } from '../plan/plan.ts';
import {
  checkPlanState,
  firstPending,
  inputCellsOf,
  PendingSpikes,
  type PlanState,
} from '../plan/plan-state.ts';
import { BatchRunner } from './batches.ts';
import { buildSynapses } from './build.ts';
import { describeDevice, lossOf, lostError, MAP_READ, messageOf, requestGpu } from './device.ts';
import { makeDispatches } from './dispatches.ts';
import type { Delivery } from './jobs.ts';
import {
  allocate,
  bufferSpecs,
  checkLimits,
  mostPartWords,
  partName,
  type RunMemory,
} from './memory.ts';
import { placeSynapses, type Stretch, type SynapseParts } from './parts.ts';
import { planWords } from './plan-words.ts';
import { isExact } from './probe.ts';
import { runShape } from './shape.ts';
import { spikeRing } from './spike-ring.ts';

/** What decides how a run goes on, beside the parts of the synapses' variables. */
const SNAPSHOT_BUFFERS = ['state', 'constants', 'inputs', 'spikes'] as const;

/** Enough workgroups to fill a GPU; few lanes without barriers, which is what costs a software adapter least. */
const DELIVERY: Readonly<Record<'hardware' | 'software', Delivery>> = {
  hardware: { workgroups: 2048, mostLanes: 256, sharesRows: true },
  software: { workgroups: 8, mostLanes: 8, sharesRows: false },
};

/** What this engine can be told beyond the contract. */
export interface GpuEngineOptions extends EngineOptions {
  /** Overrides how rows are divided, which goes by the adapter: so that tests reach every form on any adapter. */
  readonly delivery?: Partial<Delivery>;
  /** The most bytes of synapses that kernels see at once, where that is less than the device allows: for tests, too. */
  readonly bindingBytes?: number;
}

/**
 * The GPU engine, see engine.ts. f32 only. Throws DeviceError "no-adapter", "limit" (before anything is allocated),
 * "memory" or "compile", RangeError for options out of range.
 */
export const createGpuEngine = async (
  plan: Plan,
  sink: RecordingSink,
  options: GpuEngineOptions = {},
): Promise<Engine> => {
  const workgroupSize = options.workgroupSize ?? 64;
  if (!Number.isInteger(Math.log2(workgroupSize)) || workgroupSize > 256) {
    throw new RangeError(
      `workgroupSize must be a power of two up to 256, got ${String(options.workgroupSize)}.`,
    );
  }
  if (plan.precision !== 'f32') {
    throw new RangeError(
      'precision "f64" needs the CPU engine: GPUs compute in f32. Use engine "cpu".',
    );
  }
  const owned = options.device === undefined ? await requestGpu(options) : null;
  const device = options.device ?? (owned as { device: GPUDevice }).device;
  const adapter = owned?.description ?? describeDevice(device);
  let memory: RunMemory | null = null;
  try {
    const parts = placeSynapses(plan, mostPartWords(device, options.bindingBytes));
    const words = planWords(plan, parts);
    const shape = runShape(plan);
    const specs = bufferSpecs(plan, words, shape, parts);
    checkLimits(device, plan, specs);
    const strict = options.strict === true;
    const exactArithmetic = await isExact(device, strict ? 'strict' : 'ordered');
    const arithmetic = strict ? 'strict' : exactArithmetic ? 'ordered' : 'fast';
    memory = await allocate(device, plan, specs, shape);
    const byAdapter = DELIVERY[adapter.isFallback ? 'software' : 'hardware'];
    const delivery = { ...byAdapter, ...options.delivery };
    const sizes = { workgroupSize, delivery };
    const making = { device, plan, parts, words, shape, memory, arithmetic, ...sizes } as const;
    const dispatches = await makeDispatches(making);
    await buildSynapses(making);
    const runner = new BatchRunner(device, plan, sink, shape, memory, dispatches);
    return new GpuEngine(
      plan,
      device,
      adapter,
      owned !== null,
      memory,
      parts,
      runner,
      words.probeRows,
      shape.spikeSlots,
      exactArithmetic,
      options,
    );
  } catch (error) {
    for (const buffer of memory?.buffers.values() ?? []) buffer.destroy();
    for (const buffer of memory?.staging ?? []) buffer.destroy();
    const loss = await lossOf(device);
    owned?.device.destroy();
    throw loss ?? error;
  }
};

/** What is said of synapses that are split. */
function splitWarnings({ sizes }: SynapseParts, dispatches: number): readonly string[] {
  if (sizes.length === 1) return [];
  return [
    `The synapses lie in ${sizes.length} parts, because this GPU lets a kernel see no more at once: ` +
      `${dispatches} dispatches per window.`,
  ];
}

class GpuEngine implements Engine {
  readonly kind = 'gpu';
  readonly adapter: AdapterDescription;
  readonly bytes: number;
  readonly exactArithmetic: boolean;
  readonly warnings: readonly string[];

  readonly #plan: Plan;
  readonly #device: GPUDevice;
  readonly #ownsDevice: boolean;
  readonly #memory: RunMemory;
  readonly #parts: SynapseParts;
  readonly #runner: BatchRunner;
  /** First word of the rows of each kernel's probe, and who has them. */
  readonly #probeRows: readonly number[];
  /** Slots of the ring of spikes. */
  readonly #spikeSlots: number;
  readonly #chosen = new Map<number, Int32Array>();
  readonly #onError: (event: GPUUncapturedErrorEvent) => void;
  /** Why nothing works any more: destroyed, lost, or the run failed. */
  #failure: Error | null = null;
  #isDestroyed = false;
  /** One operation at a time: each waits for the one before. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(
    plan: Plan,
    device: GPUDevice,
    adapter: AdapterDescription,
    ownsDevice: boolean,
    memory: RunMemory,
    parts: SynapseParts,
    runner: BatchRunner,
    probeRows: readonly number[],
    spikeSlots: number,
    exactArithmetic: boolean,
    options: EngineOptions,
  ) {
    this.adapter = adapter;
    this.bytes = memory.bytes;
    this.exactArithmetic = exactArithmetic;
    this.#plan = plan;
    this.#device = device;
    this.#ownsDevice = ownsDevice;
    this.#memory = memory;
    this.#parts = parts;
    this.warnings = splitWarnings(parts, runner.dispatchesPerWindow);
    this.#runner = runner;
    this.#probeRows = probeRows;
    this.#spikeSlots = spikeSlots;
    this.#onError = (event) => {
      this.#failure ??= new Error(`internal: WebGPU error: ${event.error.message}`);
    };
    device.addEventListener('uncapturederror', this.#onError);
    void device.lost.then((info) => {
      if (this.#isDestroyed) return;
      this.#failure = lostError(info);
      options.onLost?.(this.#failure.message);
    });
  }

  get step(): number {
    return this.#runner.step;
  }

  advance(steps: number, signal?: AbortSignal): Promise<void> {
    return this.#next(async () => {
      if (!Number.isInteger(steps) || steps < 0) {
        throw new RangeError(`steps must be a whole number >= 0, got ${String(steps)}.`);
      }
      if (this.step + steps >= 2 ** 31) {
        throw new RangeError(
          `A run can have at most ${2 ** 31 - 1} steps; ${this.step} are done and ${steps} more were asked for.`,
        );
      }
      try {
        await this.#runner.run(steps, signal);
      } catch (error) {
        this.#failure ??= error instanceof Error ? error : new Error(messageOf(error));
        throw this.#failure;
      }
    });
  }

  read(
    buffer: EngineBuffer,
    first: number,
    count: number,
    type: 'f32' | 'i32' = 'f32',
  ): Promise<Float64Array> {
    return this.#next(async () => {
      this.#checkRange(buffer, first, count);
      if (buffer === 'state') this.#runner.finish();
      const words = new Uint32Array(count);
      for (const { name, at, from, some } of this.#stretchesOf(buffer, first, count)) {
        words.set(await this.#readWords(name, at, some), from);
      }
      const View = type === 'f32' ? Float32Array : Int32Array;
      return Float64Array.from(new View(words.buffer));
    }, true);
  }

  write(
    buffer: EngineBuffer,
    first: number,
    values: ArrayLike<number>,
    type: 'f32' | 'i32' = 'f32',
  ): Promise<void> {
    return this.#next(async () => {
      this.#checkRange(buffer, first, values.length);
      // What the last step left to do is done with the values that it was computed with.
      this.#runner.finish();
      const cells = type === 'f32' ? Float32Array.from(values) : Int32Array.from(values);
      for (const { name, at, from, some } of this.#stretchesOf(buffer, first, cells.length)) {
        this.#device.queue.writeBuffer(this.#buffer(name), 4 * at, cells, from, some);
      }
    });
  }

  snapshot(): Promise<EngineSnapshot> {
    return this.#next(async () => {
      this.#runner.finish();
      const buffers: Record<string, ArrayBuffer> = {};
      for (const name of this.#snapshotBuffers()) {
        const words = await this.#readWords(name, 0, this.#buffer(name).size / 4);
        buffers[name] = words.buffer;
      }
      return { step: this.step, buffers };
    });
  }

  restore(snapshot: EngineSnapshot): Promise<void> {
    return this.#next(async () => {
      for (const name of this.#snapshotBuffers()) {
        const data = snapshot.buffers[name];
        if (data?.byteLength !== this.#buffer(name).size) {
          throw new RangeError(
            `This snapshot is of another network or engine: its buffer "${name}" has ` +
              `${data?.byteLength ?? 0} bytes, not ${this.#buffer(name).size}.`,
          );
        }
      }
      for (const name of this.#snapshotBuffers()) {
        this.#device.queue.writeBuffer(
          this.#buffer(name),
          0,
          snapshot.buffers[name] as ArrayBuffer,
        );
      }
      this.#runner.step = snapshot.step;
      this.#runner.isBegun = true;
    });
  }

  readSynapses(first: number, count: number): Promise<Uint32Array<ArrayBuffer>> {
    return this.#next(async () => {
      const words = new Uint32Array(count);
      for (const { name, at, from, some } of this.#stretchesOf('synapses', first, count)) {
        words.set(await this.#readWords(name, at, some), from);
      }
      return words;
    }, true);
  }

  save(withSynapses: boolean): Promise<PlanState> {
    return this.#next(async () => {
      const plan = this.#plan;
      this.#runner.finish();
      const words = (name: string, count: number) => this.#readWords(name, 0, count);
      const state = await words('state', plan.state.length);
      const inputs = await words('inputs', inputCellsOf(plan));
      const synapseState = withSynapses ? await this.#readSynapseState() : null;
      const spikes = await this.#pendingSpikes();
      return { step: this.step, state, synapseState, inputs, spikes };
    });
  }

  load(given: PlanState): Promise<void> {
    return this.#next(async () => {
      checkPlanState(this.#plan, given);
      const { step, state, synapseState, inputs, spikes } = given;
      const { queue } = this.#device;
      const write = (name: string, words: Uint32Array<ArrayBuffer>): void =>
        queue.writeBuffer(this.#buffer(name), 0, words);
      write('state', state as Uint32Array<ArrayBuffer>);
      write('inputs', inputs as Uint32Array<ArrayBuffer>);
      if (synapseState !== null) {
        const cells = synapseState as Uint32Array<ArrayBuffer>;
        for (const s of this.#stretchesOf('synapseState', 0, cells.length)) {
          queue.writeBuffer(this.#buffer(s.name), 4 * s.at, cells, s.from, s.some);
        }
      }
      write('spikes', spikeRing(this.#plan, this.#spikeSlots, spikes));
      this.#runner.step = step;
      this.#runner.isBegun = true;
    });
  }

  async #readSynapseState(): Promise<Uint32Array<ArrayBuffer>> {
    const words = new Uint32Array(this.#plan.synapseCells);
    for (const { name, at, from, some } of this.#stretchesOf('synapseState', 0, words.length)) {
      words.set(await this.#readWords(name, at, some), from);
    }
    return words;
  }

  async #pendingSpikes(): Promise<PlanState['spikes']> {
    const pending = new PendingSpikes(this.#plan);
    const slots = this.#spikeSlots;
    const counts = await this.#readWords('spikes', 0, slots);
    for (let at = firstPending(this.#plan, this.step); at < this.step; at++) {
      const slot = at % slots;
      const first = slots + slot * this.#plan.neuronCount;
      const neurons = await this.#readWords('spikes', first, counts[slot] ?? 0);
      for (const neuron of neurons) pending.add(at, neuron);
    }
    return pending.sorted();
  }

  probe(kernel: number, locals: Int32Array): Promise<void> {
    return this.#next(async () => {
      const first = this.#probeRows[kernel] ?? 0;
      const before = this.#chosen.get(kernel) ?? [];
      const write = (local: number, row: number): void => {
        if (local < 0) return;
        const word = Int32Array.of(row);
        this.#device.queue.writeBuffer(this.#buffer('plan_words'), 4 * (first + local), word);
      };
      for (const local of before) write(local, -1);
      for (const [row, local] of locals.entries()) write(local, row);
      this.#chosen.set(kernel, locals.slice());
      this.#runner.setProbed(
        kernel,
        locals.some((local) => local >= 0),
      );
    });
  }

  timings(): EngineTimings {
    return { ...this.#runner.counts };
  }

  destroy(): void {
    if (this.#isDestroyed) return;
    this.#isDestroyed = true;
    this.#failure = new DeviceError('This simulation has been destroyed; create a new one.', {
      reason: 'destroyed',
    });
    this.#device.removeEventListener('uncapturederror', this.#onError);
    this.#runner.stop();
    for (const buffer of this.#memory.buffers.values()) buffer.destroy();
    for (const buffer of this.#memory.staging) buffer.destroy();
    if (this.#ownsDevice) this.#device.destroy();
  }

  /** Runs `operation` after those before it; a failed or destroyed engine only lets state be read. */
  #next<T>(operation: () => Promise<T>, isReading = false): Promise<T> {
    const result = this.#queue.then(async () => {
      const isGone = this.#failure instanceof DeviceError;
      if (this.#failure !== null && (isGone || !isReading)) throw this.#failure;
      try {
        return await operation();
      } catch (error) {
        // Mapping fails without a reason when the device goes away meanwhile.
        await lossOf(this.#device);
        if (this.#failure instanceof DeviceError) throw this.#failure;
        throw error;
      }
    });
    this.#queue = result.catch(() => undefined);
    return result;
  }

  /** Words of a buffer, through a staging buffer in as many parts as it takes. */
  async #readWords(name: string, first: number, count: number): Promise<Uint32Array<ArrayBuffer>> {
    const words = new Uint32Array(count);
    const staging = this.#memory.staging[0] as GPUBuffer;
    const source = this.#buffer(name);
    for (let at = 0; at < count; at += staging.size / 4) {
      const part = Math.min(staging.size / 4, count - at);
      const encoder = this.#device.createCommandEncoder({ label: `read ${name}` });
      encoder.copyBufferToBuffer(source, 4 * (first + at), staging, 0, 4 * part);
      this.#device.queue.submit([encoder.finish()]);
      await staging.mapAsync(MAP_READ, 0, Math.ceil(part / 2) * 8);
      words.set(
        new Uint32Array(staging.getMappedRange(0, Math.ceil(part / 2) * 8)).subarray(0, part),
        at,
      );
      staging.unmap();
    }
    return words;
  }

  #checkRange(buffer: EngineBuffer, first: number, count: number): void {
    const { synapseCells } = this.#plan;
    const cells = buffer === 'synapseState' ? synapseCells : this.#plan[buffer].length;
    const isInside = Number.isInteger(first) && Number.isInteger(count) && first >= 0 && count >= 0;
    if (!isInside || first + count > cells) {
      throw new RangeError(
        `Cells ${first} … ${first + count - 1} are not in buffer "${buffer}", which has ${cells}.`,
      );
    }
  }

  /** Where cells of a buffer of the contract lie: buffer, first word, place among them, how many. */
  #stretchesOf(
    buffer: EngineBuffer | 'synapses',
    first: number,
    count: number,
  ): readonly { name: string; at: number; from: number; some: number }[] {
    const isSynapses = buffer === 'synapseState' || buffer === 'synapses';
    if (!isSynapses) return [{ name: buffer, at: first, from: 0, some: count }];
    const end = first + count;
    const isTouched = (s: Stretch): boolean => s.first < end && first < s.end;
    const isState = buffer === 'synapseState';
    const stretches = isState ? this.#parts.cells : this.#parts.words;
    return stretches.filter(isTouched).map((stretch) => {
      const begin = Math.max(first, stretch.first);
      const name = partName(isState ? 'synapse_state' : 'synapses', stretch.part);
      const at = stretch.at + begin - stretch.first;
      return { name, at, from: begin - first, some: Math.min(end, stretch.end) - begin };
    });
  }

  #snapshotBuffers(): readonly string[] {
    const parts = this.#parts.sizes.map((_, part) => partName('synapse_state', part));
    return [...SNAPSHOT_BUFFERS, ...parts];
  }

  #buffer(name: string): GPUBuffer {
    const buffer = this.#memory.buffers.get(name);
    if (buffer === undefined) throw new Error(`internal: no buffer ${name}`);
    return buffer;
  }
}
