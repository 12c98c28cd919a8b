/**
 * Runs a plan on the CPU with WebAssembly that is generated from the plan's statements: four neurons at a time in exact
 * single precision, on one thread or several, or one at a time in double precision as the oracle of accuracy. Knows no
 * neurons' names and no units. Everything is allocated in createCpuEngine; nothing is while stepping, except the copies
 * of what was recorded.
 */
import type {
  CreateEngine,
  Engine,
  EngineBuffer,
  EngineSnapshot,
  EngineTimings,
  RecordingSink,
} from '../engine.ts';
import { DeviceError, type NetworkError } from '../errors.ts';
import type { PortableFunction } from '../language/kernel.ts';
import { PORTABLE_F64 } from '../language/portable.ts';
import { notFiniteError, overflowError, synapseNotFiniteError } from '../plan/faults.ts';
import type { ClockedKernel, Plan } from '../plan/plan.ts';
import { checkPlanState, type PlanState } from '../plan/plan-state.ts';
import { createContext, DRAIN } from './context.ts';
import { type InputCode, writeModule } from './driver.ts';
import { CONTROL, type Layout, layOut, NONE, type PlacedSampler, samplersOf } from './layout.ts';
import { Memory } from './memory.ts';
import { readPlanState, writePlanState } from './plan-state.ts';
import { fillSplits } from './splits.ts';
import { chooseThreads, maySleep, Workers, WorkersError } from './threads.ts';
import { threadNumbers } from './threads-code.ts';
import { nextTurn } from './turns.ts';

/** Wall time of a batch: short enough that a page stays alive, long enough that the pauses cost nothing. */
const BATCH_MS = 40;
const FIRST_BATCH_WINDOWS = 16;

interface Exports {
  run(first: number, last: number): number;
  finish(step: number): void;
  /** Does a job (Context.jobs) for the numbers 0 … count-1, `grain` at a time, on all threads. */
  share(job: number, count: number, grain: number): void;
}

/** Whether a module exports what driver.ts writes. */
function isComplete(exports: WebAssembly.Exports): exports is WebAssembly.Exports & Exports {
  return ['run', 'finish', 'share'].every((name) => typeof exports[name] === 'function');
}

/**
 * Engine on the CPU. Precision follows the plan: f32 agrees to the bit with the GPU engine wherever the GPU's arithmetic
 * is exact; f64 computes in doubles with the host's functions. Of the options, `threads` and `spareThreads` count here: results do not
 * depend on them. Threads need shared memory, which a page has only where it is cross-origin isolated; f64 runs on one.
 * Where fewer threads run than were asked for, `warnings` of the engine say why.
 *
 * Throws RangeError for a number of threads that is not 1…64, DeviceError "memory" when the network does not fit,
 * "compile" when the machine has no WebAssembly SIMD.
 */
export const createCpuEngine: CreateEngine = async (plan, sink, options = {}) => {
  const { count, warnings } = chooseThreads(plan, options.threads, options.spareThreads);
  try {
    return await createEngine(plan, sink, count, warnings);
  } catch (error) {
    // A page's policy may forbid workers, and a machine may have no more threads to give.
    if (count === 1 || !(error instanceof WorkersError)) throw error;
    return createEngine(plan, sink, 1, [...warnings, `Running on one thread: ${error.message}`]);
  }
};

async function createEngine(
  plan: Plan,
  sink: RecordingSink,
  threads: number,
  warnings: readonly string[],
): Promise<Engine> {
  const layout = layOut(plan, threads);
  const context = createContext(plan, layout);
  const inputCodes = writeModule(context);
  const memory = new Memory(plan, layout);
  const module = await compile(context.module.encode(memory.limits));
  const engine = new CpuEngine({ plan, layout, memory, sink, inputCodes, warnings });
  const host: Record<string, WebAssembly.ImportValue> = {
    memory: memory.memory,
    drain: (what: number) => engine.drain(what),
    ...threadNumbers(layout, 0, maySleep()),
  };
  for (const [name, compute] of Object.entries(PORTABLE_F64)) {
    host[name satisfies string as PortableFunction] = compute;
  }
  const instance = await WebAssembly.instantiate(module, { host });
  const { exports } = instance;
  if (!isComplete(exports)) throw new Error('internal: the module lacks an export');
  engine.start(exports, await Workers.start(module, memory.memory, layout));
  for (const { job, rows, grain } of context.builds) exports.share(job, rows, grain);
  fillSplits(plan, layout, memory.words);
  return engine;
}

/** The code that the CPU engine would run for a plan, in the manner of the WebAssembly text format. */
export function listCpuCode(plan: Plan): string {
  const context = createContext(plan, layOut(plan));
  writeModule(context);
  return context.module.text();
}

async function compile(bytes: Uint8Array<ArrayBuffer>): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(bytes);
  } catch (error) {
    if (!(error instanceof WebAssembly.CompileError)) throw error;
    throw new DeviceError(
      `This machine's WebAssembly does not accept the generated code (it needs fixed-width SIMD): ${error.message}`,
      { reason: 'compile' },
    );
  }
}

interface Recorded {
  readonly steps: Uint32Array;
  readonly neurons: Uint32Array;
}

interface Sampled {
  readonly kernel: number;
  readonly isProbe: boolean;
  readonly first: number;
  readonly count: number;
  readonly data: Float32Array | Float64Array;
}

interface EngineParts {
  readonly plan: Plan;
  readonly layout: Layout;
  readonly memory: Memory;
  readonly sink: RecordingSink;
  readonly inputCodes: readonly InputCode[];
  readonly warnings: readonly string[];
}

class CpuEngine implements Engine {
  readonly kind = 'cpu';
  readonly adapter = null;
  readonly exactArithmetic = true;
  readonly bytes: number;
  readonly threads: number;
  readonly warnings: readonly string[];
  readonly #plan: Plan;
  readonly #layout: Layout;
  readonly #inputCodes: readonly InputCode[];
  readonly #samplers: readonly PlacedSampler[];
  #workers: Workers | null = null;
  #memory: Memory | null;
  #exports: Exports | null = null;
  #sink: RecordingSink | null;
  #step = 0;
  #batchSteps: number;
  #batches = 0;
  #hostMs = 0;
  #failure: NetworkError | null = null;
  #recorded: Recorded[] = [];
  #sampled: Sampled[] = [];

  constructor({ plan, layout, memory, sink, inputCodes, warnings }: EngineParts) {
    this.#plan = plan;
    this.#layout = layout;
    this.#samplers = samplersOf(layout);
    this.#memory = memory;
    this.#sink = sink;
    this.#inputCodes = inputCodes;
    this.#batchSteps = FIRST_BATCH_WINDOWS * plan.windowSteps;
    this.bytes = memory.bytes;
    this.threads = layout.threads;
    this.warnings = warnings;
  }

  /** Called once, when the code is compiled and all threads are there. */
  start(exports: Exports, workers: Workers): void {
    this.#exports = exports;
    this.#workers = workers;
  }

  get step(): number {
    return this.#step;
  }

  async advance(steps: number, signal?: AbortSignal): Promise<void> {
    let remaining = steps;
    this.#alive();
    while (remaining > 0 && signal?.aborted !== true) {
      if (this.#failure !== null) throw this.#failure;
      const before = this.#step;
      this.#runBatch(Math.min(remaining, this.#batchSteps));
      remaining -= this.#step - before;
      if (remaining > 0 && this.#failure === null) {
        await nextTurn();
        this.#alive();
      }
    }
    if (this.#failure !== null) throw this.#failure;
  }

  #runBatch(steps: number): void {
    const { exports, memory } = this.#alive();
    const begin = performance.now();
    const last = this.#step + steps;
    const reached = exports.run(this.#step, last) >>> 0;
    const done = reached - this.#step;
    this.#step = reached;
    const elapsed = performance.now() - begin;
    this.#hostMs += elapsed;
    this.#batches++;
    if (done === this.#batchSteps) this.#adaptBatch(elapsed);
    memory.words[CONTROL.step / 4] = reached;
    this.drain(DRAIN.spikes);
    this.drain(DRAIN.samples);
    this.#deliverRecords();
    this.#failure = this.#findFailure();
  }

  /** Batches of whole windows; they grow at most fourfold at a time, because the first ones run unoptimised code. */
  #adaptBatch(elapsed: number): void {
    const { windowSteps } = this.#plan;
    const factor = Math.min(4, BATCH_MS / Math.max(elapsed, 1e-3));
    const windows = Math.max(1, Math.round((this.#batchSteps * factor) / windowSteps));
    this.#batchSteps = windows * windowSteps;
  }

  /** Copies what generated code recorded; called from it when a buffer is nearly full, and after every batch. */
  drain(what: number): void {
    const memory = this.#memory;
    if (memory === null) return;
    const { words } = memory;
    if (what === DRAIN.spikes) {
      const count = words[CONTROL.recorded / 4] ?? 0;
      if (count === 0) return;
      const slice = (address: number): Uint32Array => words.slice(address / 4, address / 4 + count);
      const { recordSteps, recordNeurons } = this.#layout;
      this.#recorded.push({ steps: slice(recordSteps), neurons: slice(recordNeurons) });
      words[CONTROL.recorded / 4] = 0;
      return;
    }
    const step = words[CONTROL.step / 4] ?? 0;
    for (const { kernel, every, isProbe, placed } of this.#samplers) {
      const first = words[placed.firstAddress / 4] ?? 0;
      const next = Math.ceil(step / every);
      if (next <= first) continue;
      words[placed.firstAddress / 4] = next;
      if (placed.activeAddress !== null && words[placed.activeAddress / 4] === 0) continue;
      const cells = ((next - first) * placed.sampleBytes) / this.#layout.cellBytes;
      const data = memory.floats(placed.dataAddress, cells);
      this.#sampled.push({ kernel, isProbe, first, count: next - first, data });
    }
  }

  #deliverRecords(): void {
    const recorded = this.#recorded;
    const sampled = this.#sampled;
    this.#recorded = [];
    this.#sampled = [];
    for (const { steps, neurons } of recorded) this.#sink?.spikes(steps, neurons);
    for (const { kernel, isProbe, first, count, data } of sampled) {
      if (isProbe) this.#sink?.probed?.(kernel, first, count, data);
      else this.#sink?.samples(kernel, first, count, data);
    }
  }

  /** Overflow is named first, because it makes states wrong. */
  #findFailure(): NetworkError | null {
    const { memory } = this.#alive();
    const overflow = memory.report('overflow');
    if (overflow !== null) {
      const [step, neuron, code] = overflow;
      const input = this.#inputCodes[code];
      const variable = input?.kernel.inputs[input.input]?.name ?? '?';
      return overflowError(this.#plan, step, neuron, variable);
    }
    const fault = memory.report('fault');
    if (fault === null) return null;
    const [step, neuron] = fault;
    const ill = neuron === NONE ? this.#findInSynapses() : null;
    if (ill !== null) return synapseNotFiniteError(this.#plan, step, ill);
    const found = this.#findNotFinite(neuron);
    if (found !== null) return notFiniteError(this.#plan, step, found.neuron, found.variable);
    // Only neurons that fill a vector and do not exist: they start again beside a real one.
    memory.pad();
    memory.clearReports();
    return null;
  }

  /** The first neuron, or the given one, with a variable that is not finite. */
  #findNotFinite(wanted: number): { neuron: number; variable: string } | null {
    const { memory } = this.#alive();
    for (const { kernel: index, first, count, localFirst } of this.#plan.populations) {
      const kernel = this.#plan.update[index];
      if (!kernel) continue;
      const isHere = wanted >= first && wanted < first + count;
      if (wanted !== NONE && !isHere) continue;
      const values = kernel.variables.map(({ name, type }, variable) => ({
        name: type === 'f32' ? name : null,
        cells: memory.read('state', kernel.stateBase + variable * kernel.count + localFirst, count),
      }));
      const neurons =
        wanted === NONE ? Array.from({ length: count }, (_, n) => n) : [wanted - first];
      for (const neuron of neurons) {
        for (const { name, cells } of values) {
          if (name !== null && !Number.isFinite(cells[neuron])) {
            return { neuron: first + neuron, variable: name };
          }
        }
      }
      // Within the window a reset may have replaced the value again.
      if (wanted !== NONE) return { neuron: wanted, variable: 'a state variable' };
    }
    return this.#findInField(wanted);
  }

  /** The first synapse with a clock-driven variable that is not finite. */
  #findInSynapses(): { kernel: ClockedKernel; synapse: number; variable: string } | null {
    const { memory } = this.#alive();
    for (const kernel of this.#plan.clocked) {
      for (const [k, { name, type, written }] of kernel.synapseVariables.entries()) {
        if (!written || type !== 'f32') continue;
        const first = kernel.projection.synapseCells[k] ?? 0;
        const cells = memory.read('synapseState', first, kernel.count);
        const synapse = cells.findIndex((value) => !Number.isFinite(value));
        if (synapse >= 0) return { kernel, synapse, variable: name };
      }
    }
    return null;
  }

  /** The first voxel with a variable that is not finite. */
  #findInField(wanted: number): { neuron: number; variable: string } | null {
    if (wanted !== NONE) return null;
    const { memory } = this.#alive();
    for (const { variables, stateBase, count, globalFirst } of this.#plan.fields) {
      for (const [v, { name }] of variables.entries()) {
        const cells = memory.read('state', stateBase + v * count, count);
        const voxel = cells.findIndex((value) => !Number.isFinite(value));
        if (voxel >= 0) return { neuron: globalFirst + voxel, variable: name };
      }
    }
    return null;
  }

  async read(buffer: EngineBuffer, first: number, count: number): Promise<Float64Array> {
    const { memory } = this.#alive();
    this.#finish();
    return memory.read(buffer, first, count);
  }

  async write(buffer: EngineBuffer, first: number, values: ArrayLike<number>): Promise<void> {
    const { memory } = this.#alive();
    // What the last step left to do is done with the values that it was computed with.
    this.#finish();
    memory.write(buffer, first, values);
  }

  /** Applies arrivals and resets of the last step; the next window then starts behind them. */
  #finish(): void {
    const { exports, memory } = this.#alive();
    if (memory.words[CONTROL.begun / 4] === 1) return;
    exports.finish(this.#step);
    memory.words[CONTROL.begun / 4] = 1;
  }

  async snapshot(): Promise<EngineSnapshot> {
    const { memory } = this.#alive();
    this.#finish();
    return { step: this.#step, buffers: { memory: memory.save() } };
  }

  async restore(snapshot: EngineSnapshot): Promise<void> {
    const { memory } = this.#alive();
    // Windows are counted since creation, not since the snapshot.
    const windows = memory.words[CONTROL.windows / 4] ?? 0;
    memory.load(snapshot.buffers.memory);
    memory.words[CONTROL.windows / 4] = windows;
    this.#step = snapshot.step;
    this.#failure = null;
    memory.beginSamples(this.#step);
  }

  async readSynapses(first: number, count: number): Promise<Uint32Array<ArrayBuffer>> {
    const { memory } = this.#alive();
    const at = this.#layout.synapses / 4 + first;
    return memory.words.slice(at, at + count);
  }

  async save(withSynapses: boolean): Promise<PlanState> {
    const { memory } = this.#alive();
    this.#finish();
    return readPlanState(this.#plan, this.#layout, memory, this.#step, withSynapses);
  }

  async load(state: PlanState): Promise<void> {
    const { memory } = this.#alive();
    checkPlanState(this.#plan, state);
    writePlanState(this.#plan, this.#layout, memory, state);
    memory.words[CONTROL.begun / 4] = 1;
    this.#step = state.step;
    this.#failure = null;
    memory.beginSamples(this.#step);
  }

  async probe(kernel: number, locals: Int32Array): Promise<void> {
    const { memory } = this.#alive();
    memory.choose(kernel, locals);
  }

  timings(): EngineTimings {
    const { memory } = this.#alive();
    const windows = memory.words[CONTROL.windows / 4] ?? 0;
    return {
      steps: this.#step,
      windows,
      dispatches: windows * this.#plan.schedule.length,
      submits: this.#batches,
      hostMs: this.#hostMs,
    };
  }

  destroy(): void {
    this.#workers?.end();
    this.#workers = null;
    this.#memory = null;
    this.#exports = null;
    this.#sink = null;
    this.#recorded = [];
    this.#sampled = [];
  }

  #alive(): { exports: Exports; memory: Memory } {
    if (this.#exports === null || this.#memory === null) {
      throw new DeviceError('The CPU engine has been destroyed.', { reason: 'destroyed' });
    }
    return { exports: this.#exports, memory: this.#memory };
  }
}
