/**
 * Takes what an engine delivers between batches and keeps it: spikes of all recorded populations, samples by kernel.
 * Owned by a simulation; knows nothing of how a network is described.
 */
import type { RecordingSink } from '../engine.ts';
import type { Plan } from '../plan/plan.ts';
import { SpikeStore } from './spikes.ts';
import { TraceStore } from './traces.ts';

/** Gets every batch of spikes; the arrays are its to keep. */
export type SpikeListener = (steps: Uint32Array, neurons: Uint32Array) => void;

export class Recorder implements RecordingSink {
  readonly store: SpikeStore;
  readonly #traces = new Map<number, TraceStore>();
  readonly #onSpikes: SpikeListener | undefined;

  constructor(plan: Plan, keepSpikes: boolean, onSpikes: SpikeListener | undefined) {
    this.store = new SpikeStore(
      plan.populations.map(({ first }) => first),
      keepSpikes,
    );
    this.#onSpikes = onSpikes;
    for (const [kernel, { sampler }] of plan.update.entries()) {
      if (!sampler) continue;
      const { every, rows, values } = sampler;
      this.#traces.set(kernel, new TraceStore({ every, rows, values: values.length }));
    }
  }

  spikes(steps: Uint32Array, neurons: Uint32Array): void {
    this.store.append(steps, neurons);
    this.#onSpikes?.(steps, neurons);
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

  /** Forgets everything of step `step` and later. */
  truncate(step: number): void {
    this.store.truncate(step);
    for (const traces of this.#traces.values()) traces.truncate(step);
  }
}
