/**
 * The records of the bench, one JSON object a line: what was measured, where, on what. Types, reading and writing;
 * measures nothing and draws nothing. The README beside this file documents the keys.
 */
import { count, flag, listOf, mapOf, number, object, oneOf, orNull, text } from './shape.ts';
import type { Spread } from './statistics.ts';

/** Version of the keys below; a change that readers could stumble over raises it. */
export const SCHEMA = 'wetware-bench/2';

/** One invocation of the bench on one machine: ratios are made of records with the same `id` only. */
export interface RunStamp {
  readonly id: string;
  /** ISO 8601, when it started. */
  readonly date: string;
  /** Of wetware. */
  readonly version: string;
  /** Of the working tree, with "+" when it has changes; empty in a page, which does not know. */
  readonly commit: string;
}

/** Never the name of the host. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memory_bytes: number | null;
  readonly platform: string;
  /** "Node 20.20.2", "Chromium 141", or what a peer runs in; its first word tells places apart. */
  readonly runtime: string;
}

export interface Simulator {
  /** "wetware" or the name of a peer. */
  readonly name: string;
  readonly version: string;
  /** Compiler flags and the like; may be empty. */
  readonly detail: string;
}

export interface WorkloadFacts {
  readonly name: string;
  /** Example of the library and the values it was built with. */
  readonly example: string;
  readonly values: Readonly<Record<string, string | number>>;
}

export interface NetworkFacts {
  readonly neurons: number;
  readonly synapses: number;
  readonly dt_ms: number;
  /** Simulated time of one repetition. */
  readonly duration_ms: number;
  /** Simulated time before the first repetition when the repetitions go on from each other; 0 when each starts afresh. */
  readonly settle_ms: number;
  readonly seed: number;
}

export interface AdapterFacts {
  readonly vendor: string;
  readonly architecture: string;
  readonly description: string;
  /** Software: no statement about GPUs. */
  readonly isFallback: boolean;
}

export interface EngineFacts {
  readonly kind: 'cpu' | 'gpu';
  /** Of the CPU; null on a GPU. */
  readonly threads: number | null;
  /** How synapses were asked to exist; null for peers. */
  readonly synapses: 'auto' | 'stored' | 'procedural' | null;
  /** null on the CPU. */
  readonly adapter: AdapterFacts | null;
}

/** Wall seconds; null where a simulator has no such phase or does not tell. */
export interface Phases {
  /** Network description to a plan, or to compiled code for peers that generate it. */
  readonly compile_s: Spread | null;
  /** Creating the engine: code, memory, synapses made by the engine, upload. */
  readonly build_s: Spread | null;
  /** What ran before the first repetition and is not counted. */
  readonly warm_up_s: Spread | null;
  readonly simulate_s: Spread;
  /** All spikes and one state variable of every population, after the run. */
  readonly read_back_s: Spread | null;
}

/** From the median of simulate_s and the spikes of one repetition. */
export interface Metrics {
  /** Wall over simulated time: below 1 is faster than real time. */
  readonly realtime_factor: number;
  /** Spikes by second of wall time. */
  readonly spikes_per_s: number | null;
  readonly ns_per_neuron_step: number;
  /** Spikes times the synapses of the neurons that fired. */
  readonly synaptic_events: number | null;
  /** "exact": out-degree of each neuron; "mean": the mean out-degree. */
  readonly events_counted: 'exact' | 'mean' | null;
  readonly ns_per_synaptic_event: number | null;
  /** Part by which recording every spike makes the run longer; null when not measured. */
  readonly recording_cost: number | null;
}

/** Work of the host, of the median repetition; null for peers. */
export interface HostWork {
  readonly windows: number;
  readonly dispatches_per_window: number;
  readonly submits: number;
  /** Encoding and submitting on a GPU; running on the CPU. */
  readonly us_per_window: number;
  /** Processor time of all threads of the process in one repetition; null in a browser. */
  readonly processor_s: number | null;
}

export interface MemoryUse {
  /** What the engine allocated for the network. */
  readonly engine_bytes: number | null;
  /** Resident before the network was built, and the most while it ran; null in a browser. */
  readonly process_base_bytes: number | null;
  readonly process_peak_bytes: number | null;
}

/** To see that two engines ran the same network. */
export interface Findings {
  readonly spikes: number | null;
  readonly rate_hz: number | null;
  readonly cv_isi: number | null;
  /** SHA-256 over all spikes of the last run. */
  readonly spike_hash: string | null;
}

interface Head {
  readonly schema: typeof SCHEMA;
  readonly run: RunStamp;
  readonly machine: Machine;
  readonly simulator: Simulator;
  readonly workload: WorkloadFacts;
  readonly engine: EngineFacts;
}

export interface MeasurementRecord extends Head {
  readonly kind: 'measurement';
  readonly network: NetworkFacts;
  readonly phases: Phases;
  readonly metrics: Metrics;
  readonly host: HostWork | null;
  readonly memory: MemoryUse;
  readonly check: Findings;
  /** False when it was cancelled after some of the repetitions. */
  readonly is_complete: boolean;
  readonly warnings: readonly string[];
}

/** Something that was to be measured and was not, with the reason. */
export interface SkippedRecord extends Head {
  readonly kind: 'skipped';
  readonly reason: string;
}

export type BenchRecord = MeasurementRecord | SkippedRecord;

const spread = object({
  median: number,
  min: number,
  max: number,
  mad: number,
  samples: listOf(number, 1),
});

const HEAD = {
  schema: oneOf(SCHEMA),
  run: object({ id: text, date: text, version: text, commit: text }),
  machine: object({
    cpu: text,
    cores: count,
    memory_bytes: orNull(number),
    platform: text,
    runtime: text,
  }),
  simulator: object({ name: text, version: text, detail: text }),
  workload: object({
    name: text,
    example: text,
    values: mapOf((value, path) => (typeof value === 'number' ? number : text)(value, path)),
  }),
  engine: object({
    kind: oneOf('cpu', 'gpu'),
    threads: orNull(count),
    synapses: oneOf('auto', 'stored', 'procedural', null),
    adapter: orNull(
      object({ vendor: text, architecture: text, description: text, isFallback: flag }),
    ),
  }),
};

const skipped = object({ ...HEAD, reason: text });

const measurement = object({
  ...HEAD,
  network: object({
    neurons: count,
    synapses: count,
    dt_ms: number,
    duration_ms: number,
    settle_ms: number,
    seed: count,
  }),
  phases: object({
    compile_s: orNull(spread),
    build_s: orNull(spread),
    warm_up_s: orNull(spread),
    simulate_s: spread,
    read_back_s: orNull(spread),
  }),
  metrics: object({
    realtime_factor: number,
    spikes_per_s: orNull(number),
    ns_per_neuron_step: number,
    synaptic_events: orNull(number),
    events_counted: oneOf('exact', 'mean', null),
    ns_per_synaptic_event: orNull(number),
    recording_cost: orNull(number),
  }),
  host: orNull(
    object({
      windows: count,
      dispatches_per_window: number,
      submits: count,
      us_per_window: number,
      processor_s: orNull(number),
    }),
  ),
  memory: object({
    engine_bytes: orNull(number),
    process_base_bytes: orNull(number),
    process_peak_bytes: orNull(number),
  }),
  check: object({
    spikes: orNull(count),
    rate_hz: orNull(number),
    cv_isi: orNull(number),
    spike_hash: orNull(text),
  }),
  is_complete: flag,
  warnings: listOf(text),
});

/** One record as a line, newline included. */
export const lineOf = (record: BenchRecord): string => `${JSON.stringify(record)}\n`;

/** The records of a file. Throws TypeError that names the line, and what in it is wrong. */
export function parseRecords(lines: string): BenchRecord[] {
  return lines.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    try {
      return [parseRecord(JSON.parse(line))];
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new TypeError(`Line ${index + 1} is no record of the bench: ${reason}`);
    }
  });
}

/** Throws TypeError that names the key that is wrong. */
export function parseRecord(value: unknown): BenchRecord {
  object({ kind: oneOf('measurement', 'skipped') })(value, '');
  const record = value as BenchRecord;
  (record.kind === 'skipped' ? skipped : measurement)(record, '');
  return record;
}

/** What makes two measurements the same one, made again: place, simulator, workload, engine and simulated time. */
export const keyOf = ({
  machine,
  simulator,
  workload,
  engine,
  network,
}: MeasurementRecord): string =>
  measurementKey(machine.runtime, simulator.name, workload.name, engine, network.duration_ms);

export function measurementKey(
  runtime: string,
  simulator: string,
  workload: string,
  { kind, threads, synapses }: Omit<EngineFacts, 'adapter'>,
  durationMs: number,
): string {
  const place = runtime.split(' ')[0] ?? '';
  return [place, simulator, workload, kind, threads ?? '', synapses ?? '', durationMs].join('|');
}
