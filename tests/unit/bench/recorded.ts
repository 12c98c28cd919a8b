/** Records as a bench writes them, made up, for tests of everything that only reads records. */
import { type MeasurementRecord, SCHEMA, type SkippedRecord } from '../../../bench/record.ts';
import { spreadOf } from '../../../bench/statistics.ts';

export const RUN = {
  id: 'run-1',
  date: '2026-11-25T04:12:22.069Z',
  version: '0.1.0',
  commit: '0123456789ab',
};

export const MACHINE = {
  cpu: 'Some Processor @ 2.6 GHz',
  cores: 4,
  memory_bytes: 8 * 2 ** 30,
  platform: 'linux x64',
  runtime: 'Node 22.12.0',
};

export const SOFTWARE = {
  vendor: 'mesa',
  architecture: 'software',
  description: 'llvmpipe (LLVM 15.0.6)',
  isFallback: true,
};

export const GPU = {
  vendor: 'nvidia',
  architecture: 'ada',
  description: 'NVIDIA GeForce RTX 4090',
  isFallback: false,
};

/** A measurement of cuba-4000 on one thread; `change` replaces parts. */
export function measured(
  change: Partial<MeasurementRecord> = {},
  seconds: readonly number[] = [0.03, 0.031, 0.032, 0.033, 0.034],
): MeasurementRecord {
  return {
    schema: SCHEMA,
    kind: 'measurement',
    run: RUN,
    machine: MACHINE,
    simulator: { name: 'wetware', version: '0.1.0', detail: '' },
    workload: { name: 'cuba-4000', example: 'cuba', values: { neurons: 4000 } },
    network: {
      neurons: 4000,
      synapses: 319_684,
      dt_ms: 0.1,
      duration_ms: 1000,
      settle_ms: 0,
      seed: 1,
    },
    engine: { kind: 'cpu', threads: 1, synapses: 'auto', adapter: null },
    phases: {
      compile_s: spreadOf([0.04, 0.05]),
      build_s: spreadOf([0.01, 0.02]),
      warm_up_s: spreadOf([0.05]),
      simulate_s: spreadOf(seconds),
      read_back_s: spreadOf([0.001]),
    },
    metrics: {
      realtime_factor: 0.032,
      spikes_per_s: 7e5,
      ns_per_neuron_step: 0.8,
      synaptic_events: 1.8e6,
      events_counted: 'exact',
      ns_per_synaptic_event: 17.8,
      recording_cost: null,
    },
    host: {
      windows: 10_000,
      dispatches_per_window: 0,
      submits: 12,
      us_per_window: 3.2,
      processor_s: 0.031,
    },
    memory: { engine_bytes: 1.5e6, process_base_bytes: 6e7, process_peak_bytes: 9e7 },
    check: { spikes: 22_600, rate_hz: 5.65, cv_isi: 0.52, spike_hash: '22cda80d6fc6c3b7' },
    is_complete: true,
    warnings: [],
    ...change,
  };
}

/** A peer's measurement of the same network. */
export function ofPeer(threads: number, seconds: readonly number[]): MeasurementRecord {
  const own = measured({}, seconds);
  return {
    ...own,
    machine: { ...MACHINE, runtime: 'Brian 2' },
    simulator: { name: 'Brian 2', version: '2.5.1', detail: '-O3' },
    engine: { kind: 'cpu', threads, synapses: null, adapter: null },
    host: null,
  };
}

export const onThreads = (threads: number): MeasurementRecord['engine'] => ({
  kind: 'cpu',
  threads,
  synapses: 'auto',
  adapter: null,
});

export const onAdapter = (adapter: typeof GPU): MeasurementRecord['engine'] => ({
  kind: 'gpu',
  threads: null,
  synapses: 'auto',
  adapter,
});

export function skipped(reason: string): SkippedRecord {
  const { schema, run, machine, simulator, workload } = measured();
  return {
    schema,
    kind: 'skipped',
    run,
    machine,
    simulator,
    workload,
    engine: onAdapter(SOFTWARE),
    reason,
  };
}
