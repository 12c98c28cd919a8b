/**
 * The contract between a plan and what runs it. An engine owns memory and time steps and nothing else: it knows no
 * neurons' names, no units, no files. Two implementations, gpu/ and cpu/, never see each other.
 */
import type { Plan } from './plan/plan.ts';
import type { PlanState } from './plan/plan-state.ts';

/** What the run delivers while it advances. Called between batches, never per step; arrays are the callee's to keep. */
export interface RecordingSink {
  /** Spikes of recorded populations, in order of step, then global neuron number. */
  spikes(steps: Uint32Array, neurons: Uint32Array): void;
  /** `count` consecutive samples of update kernel `kernel`'s sampler, layout [sample][value][row]. */
  samples(
    kernel: number,
    firstSample: number,
    count: number,
    data: Float32Array | Float64Array,
  ): void;
  /** The same of its probe, for as long as it has neurons; rows without one hold anything. */
  probed?(
    kernel: number,
    firstSample: number,
    count: number,
    data: Float32Array | Float64Array,
  ): void;
}

/** A graphics adapter as WebGPU tells of it; texts may be empty. */
export interface AdapterDescription {
  readonly vendor: string;
  readonly architecture: string;
  readonly description: string;
  /** Whether it is software, which is slower than the CPU engine. */
  readonly isFallback: boolean;
}

/** Milliseconds and counts since creation. */
export interface EngineTimings {
  readonly steps: number;
  readonly windows: number;
  readonly dispatches: number;
  readonly submits: number;
  /** Host time spent encoding and submitting (gpu), or running (cpu). */
  readonly hostMs: number;
}

/** The parts of memory the host may read and write between advances. Addresses in cells as in the plan. */
export type EngineBuffer = 'state' | 'constants' | 'synapseState';

export interface Engine {
  readonly kind: 'gpu' | 'cpu';
  readonly adapter: AdapterDescription | null;
  /** Device memory allocated, bytes. */
  readonly bytes: number;
  /** Whether arithmetic agrees to the bit with the CPU engine's f32 (a start-up probe on the GPU). */
  readonly exactArithmetic: boolean;
  /** Threads that run it, for engines that have several. */
  readonly threads?: number;
  /** What the user should know of how it runs: why there are fewer threads than were asked for. */
  readonly warnings?: readonly string[];
  /** Steps done. */
  readonly step: number;
  /**
   * Runs that many more steps; resolves when they are done and everything recorded has reached the sink. `signal`
   * stops at the next batch (the promise then resolves; `step` tells how far it came).
   * Throws NetworkError on NaN or input overflow (names variable, neuron, step), DeviceError on loss.
   */
  advance(steps: number, signal?: AbortSignal): Promise<void>;
  /** Reads cells; state is as after resets of the last step (finish is run first). i32 cells come as numbers. */
  read(
    buffer: EngineBuffer,
    first: number,
    count: number,
    type?: 'f32' | 'i32',
  ): Promise<Float64Array>;
  write(
    buffer: EngineBuffer,
    first: number,
    values: ArrayLike<number>,
    type?: 'f32' | 'i32',
  ): Promise<void>;
  /** Reads packed synapses, words as in the plan: see DeliverKernel.packing. Engines have made those that they make. */
  readSynapses(first: number, count: number): Promise<Uint32Array<ArrayBuffer>>;
  /**
   * What snapshot() has, in cells of the plan: any engine of the same plan and precision can load it. Without synapse
   * state where nothing has changed it, says the caller.
   */
  save(withSynapses: boolean): Promise<PlanState>;
  /**
   * Goes on from a state that an engine of this plan has saved. Constants are left as they are. Throws RangeError for what
   * cannot be one.
   */
  load(state: PlanState): Promise<void>;
  /**
   * Chooses the neurons that the probe of an update kernel samples from the next step on: local numbers by row, -1 for
   * none; at first there are none. Between advances. restore() leaves the choice alone.
   */
  probe(kernel: number, locals: Int32Array): Promise<void>;
  timings(): EngineTimings;
  /**
   * Everything that decides what happens next: state, synapse state, constants, both rings, step. Both methods or
   * none; without them a simulation offers no checkpoints. (For the engines: a copy of the buffers under names of
   * their own; `restore` accepts only snapshots of the same plan and precision.)
   */
  snapshot?(): Promise<EngineSnapshot>;
  restore?(snapshot: EngineSnapshot): Promise<void>;
  /** Frees everything; idempotent. Every other method then throws DeviceError "destroyed". */
  destroy(): void;
}

/** Opaque but for the step; buffers are copies. */
export interface EngineSnapshot {
  readonly step: number;
  readonly buffers: Readonly<Record<string, ArrayBuffer>>;
}

export type CreateEngine = (
  plan: Plan,
  sink: RecordingSink,
  options?: EngineOptions,
) => Promise<Engine>;

export interface EngineOptions {
  /** WebGPU device to use; the caller keeps owning it. Without one the engine requests and owns its own. */
  readonly device?: GPUDevice;
  /** Part of an adapter's name (Node only). */
  readonly adapter?: string;
  /** Threads per workgroup, a power of two up to 256; default 64. Results do not depend on it. */
  readonly workgroupSize?: number;
  /** Forbid contraction of a*b+c and inexact division on any GPU (slower). Default false. */
  readonly strict?: boolean;
  /**
   * Threads of the CPU engine, 1…64. Results do not depend on it. Default: as many as the machine has where the network
   * is large enough to gain by it and shared memory is allowed, else 1.
   */
  readonly threads?: number;
  /** How many of the machine's threads that default leaves alone; default 0. */
  readonly spareThreads?: number;
  /** Called once if the device is lost. */
  readonly onLost?: (message: string) => void;
}
