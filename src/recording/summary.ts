/** What a run reports when it ends: the object that the command line prints. Built from counts; runs nothing. */
import type { AdapterDescription } from '../engine.ts';
import type { SlowTime } from './slow-time.ts';

/** One population's line of the summary; null where its spikes were not recorded. */
export interface PopulationSummary {
  readonly name: string;
  readonly size: number;
  readonly spikes: number | null;
  /** Spikes per second and neuron. */
  readonly rate_hz: number | null;
  /** Mean coefficient of variation of the intervals of neurons with at least three spikes; null without any. */
  readonly cv_isi: number | null;
}

/** Keys are those of `wetware run --json`; times in seconds unless the key says ms. */
export interface RunSummary {
  /** Name of the network. */
  readonly model: string;
  readonly engine: 'gpu' | 'cpu';
  readonly adapter: AdapterDescription | null;
  readonly precision: 'f32' | 'f64';
  /** Whether f32 arithmetic agrees to the bit between the CPU engine and this device. */
  readonly exact_arithmetic: boolean;
  readonly seed: number;
  readonly dt_ms: number;
  /** Simulated time since the start. */
  readonly duration_ms: number;
  /** Slow clocks: simulated slow time is `duration_ms` times the acceleration. Empty where nothing is slow. */
  readonly slow_time: readonly SlowTime[];
  readonly neurons: number;
  readonly synapses: number;
  readonly memory_bytes: number;
  /** From the document to the plan, connectivity included. */
  readonly compile_s: number;
  /** Creating the engine: generating code, allocating, uploading. */
  readonly build_s: number;
  /** Running, all calls of run() together, without record_s. */
  readonly wall_s: number;
  /** Between batches of steps: storing spikes, or their hash and statistics, and all that onSpikes did. */
  readonly record_s: number;
  /** Wall time over simulated time: below 1 is faster than real time; null before the first step. */
  readonly realtime_factor: number | null;
  /** Spikes of the recorded populations. */
  readonly spikes: number;
  /** Mean over the recorded populations. */
  readonly rate_hz: number;
  readonly populations: readonly PopulationSummary[];
  readonly warnings: readonly string[];
}
