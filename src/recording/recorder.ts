/**
 * Takes what an engine delivers between batches and keeps it: spikes of all recorded populations, samples by kernel.
 * Owned by a simulation; knows nothing of how a network is described.
 */
import type { RecordingSink } from '../engine.ts';
import type { Plan } from '../plan/plan.ts';
import type { CompiledProbe } from '../plan/probes.ts';
import { ProbeRecorder, type SampleListener } from './probes.ts';
import { type SavedSpikes, type SpikeMark, SpikeStore, type Spikes } from './spikes.ts';
import { TraceStore } from './traces.ts';

/**
 * Gets every batch of spikes (steps, global neuron numbers); the arrays are its to keep. Where it returns a promise, the
 * simulation waits for it before it goes on, so that memory stays bounded however slowly spikes are written.
 */
export type SpikeListener = (steps: Uint32Array, neurons: Uint32Array) => unknown;

/** Keeps the samples of every update kernel that samples, by its number: the half of a sink that all runs of a plan share. */
export class SampleRecorder {
  readonly #traces = new Map<number, TraceStore>();

  constructor(plan: Plan) {
    for (const [kernel, { sampler }] of plan.update.entries()) {
      if (!sampler) continue;
      const { every, rows, values } = sampler;
      this.#traces.set(kernel, new TraceStore({ every, rows, values: values.length }));
    }
  }

  samples(
    kernel: number,
    firstSample: number,
    count: number,
    data: Float32Array | Float64Array,
  ): void {
    this.tracesOf(kernel).append(firstSample, count, data);
  }

  /** Samples of update kernel number `kernel`. */
  tracesOf(kernel: number): TraceStore {
    const traces = this.#traces.get(kernel);
    if (!traces) throw new Error(`internal: kernel ${kernel} has no sampler`);
    return traces;
  }

  /** Forgets the samples of a step and later. */
  truncate(step: number): void {
    for (const traces of this.#traces.values()) traces.truncate(step);
  }
}

/** What is to become of spikes and samples. */
export interface RecorderOptions {
  readonly keepSpikes?: boolean | undefined;
  readonly onSpikes?: SpikeListener | undefined;
  readonly probes?: readonly CompiledProbe[];
  readonly onSamples?: SampleListener | undefined;
  /**
   * Populations whose spikes are recorded, by name. Those of others go to onSpikes only, where the plan has them watched.
   * Default: all that the plan tells of.
   */
  readonly recorded?: ReadonlySet<string>;
}

export class Recorder extends SampleRecorder implements RecordingSink {
  readonly store: SpikeStore;
  readonly probes: ProbeRecorder;
  readonly #onSpikes: SpikeListener | undefined;
  /** 1 for neurons whose spikes are recorded; null where all of them are. */
  readonly #isRecorded: Uint8Array | null;
  /** Batches of the engine that nobody has looked at yet. */
  #arrived: Spikes[] = [];

  constructor(plan: Plan, options: RecorderOptions = {}) {
    super(plan);
    const { keepSpikes = true, onSpikes, probes = [], onSamples, recorded } = options;
    this.#isRecorded = recorded === undefined ? null : recordedNeurons(plan, recorded);
    this.store = new SpikeStore(
      plan.populations.map(({ first }) => first),
      plan.populations.reduce((most, { first, count }) => Math.max(most, first + count), 0),
      keepSpikes,
    );
    this.probes = new ProbeRecorder(probes, plan, onSamples);
    this.#onSpikes = onSpikes;
  }

  /** Only puts them aside: an engine has better things to do. `takeArrived` does the rest. */
  spikes(steps: Uint32Array, neurons: Uint32Array): void {
    this.#arrived.push({ steps, neurons });
  }

  probed(
    kernel: number,
    firstSample: number,
    count: number,
    data: Float32Array | Float64Array,
  ): void {
    this.probes.probed(kernel, firstSample, count, data);
  }

  /** Stores what has arrived and tells the listeners; to be called after every batch of steps. */
  async takeArrived(): Promise<void> {
    const batches = this.#arrived;
    this.#arrived = [];
    for (const { steps, neurons } of batches) {
      const own = this.#isRecorded === null ? null : only(this.#isRecorded, steps, neurons);
      this.store.append(own?.steps ?? steps, own?.neurons ?? neurons);
      await this.#onSpikes?.(steps, neurons);
    }
    await this.probes.takeArrived();
  }

  /** Forgets everything, and goes on from what spikes amounted to elsewhere. */
  resume(spikes: SavedSpikes): void {
    this.store.load(spikes);
    this.truncate(0);
  }

  /** Goes back to a mark of the store: forgets everything of its step and later. */
  rewind(mark: SpikeMark): void {
    this.store.rewind(mark);
    this.truncate(mark.step);
  }
}

/** Which neurons have recorded spikes; null where all that the plan tells of have. */
function recordedNeurons(
  { populations }: Pick<Plan, 'populations'>,
  recorded: ReadonlySet<string>,
): Uint8Array | null {
  if (populations.every(({ name, recordSpikes }) => !recordSpikes || recorded.has(name)))
    return null;
  const size = populations.reduce((most, { first, count }) => Math.max(most, first + count), 0);
  const isRecorded = new Uint8Array(size);
  for (const { name, first, count } of populations) {
    if (recorded.has(name)) isRecorded.fill(1, first, first + count);
  }
  return isRecorded;
}

/** The spikes of marked neurons. */
function only(isMarked: Uint8Array, steps: Uint32Array, neurons: Uint32Array): Spikes {
  const places: number[] = [];
  for (let k = 0; k < neurons.length; k++) {
    if (isMarked[neurons[k] as number] === 1) places.push(k);
  }
  return {
    steps: Uint32Array.from(places, (k) => steps[k] as number),
    neurons: Uint32Array.from(places, (k) => neurons[k] as number),
  };
}
