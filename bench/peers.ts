/**
 * Other simulators beside ours: what a peer says of itself and of a measurement, and how it is asked. The protocol (the
 * README beside this file documents it) as data and checks; peer-process.ts runs the commands. Knows no simulator.
 */
import type { Machine, MeasurementRecord } from './record.ts';
import { count, flag, listOf, number, object, oneOf, orNull, text } from './shape.ts';
import { spreadOf } from './statistics.ts';
import type { Workload } from './workloads.ts';

/** An entry of a file of peers: commands to try in turn; `$NAME` as a word is an environment variable. */
export interface PeerEntry {
  readonly name: string;
  readonly commands: readonly (readonly string[])[];
}

/** What a peer says of itself, asked with --describe. */
export interface PeerDescription {
  readonly peer: string;
  readonly version: string;
  /** Most threads it can use; 1 when it has none, and on a GPU. */
  readonly most_threads: number;
  /** What it runs on; default "cpu". */
  readonly engine?: 'cpu' | 'gpu';
  /** Names of networks it knows, as in Workload.peer. */
  readonly workloads: readonly string[];
}

/** How often and how long a peer is to measure. */
export interface PeerRequest {
  readonly threads: number;
  readonly durationMs: number;
  readonly repeats: number;
}

/** A peer that can be asked. */
export interface Peer extends PeerDescription {
  /** Rejects with the reason when it cannot measure that. */
  measure(workload: Workload, request: PeerRequest, signal: AbortSignal): Promise<PeerResult>;
}

/** What a peer prints for a measurement. */
export interface PeerResult {
  readonly neurons: number;
  readonly synapses: number;
  readonly dt_ms: number;
  readonly duration_ms: number;
  readonly threads: number | null;
  readonly spikes: number | null;
  /** Wall seconds; `simulate_s` of every repetition, at least one. */
  readonly simulate_s: readonly number[];
  readonly compile_s?: readonly number[];
  readonly build_s?: readonly number[];
  /** Flags and the like. */
  readonly detail?: string;
  readonly seed?: number;
  /** A peer on a GPU names it; isFallback true when it is software. */
  readonly adapter?: {
    readonly vendor: string;
    readonly architecture: string;
    readonly description: string;
    readonly isFallback: boolean;
  };
}

const entries = listOf(object({ name: text, commands: listOf(listOf(text, 1), 1) }));

/** The entries of a file of peers. Throws TypeError that says what is wrong in it. */
export function checkEntries(found: unknown, file: string): PeerEntry[] {
  entries(found, file);
  return found as PeerEntry[];
}

const description = object({
  peer: text,
  version: text,
  most_threads: count,
  workloads: listOf(text),
});

/** What a peer answers to --describe. Throws TypeError that says what is wrong in it. */
export function checkDescription(found: unknown, name: string): PeerDescription {
  description(found, `${name} --describe`);
  const { engine } = found as PeerDescription;
  if (engine !== undefined) oneOf('cpu', 'gpu')(engine, `${name} --describe: engine`);
  return found as PeerDescription;
}

/**
 * What a peer answers to a measurement. Throws TypeError that names the key that is wrong; absent and wrong are
 * different: of the optional keys only those that are there are checked.
 */
export function checkResult(value: unknown): PeerResult {
  object({
    neurons: count,
    synapses: count,
    dt_ms: number,
    duration_ms: number,
    threads: orNull(count),
    spikes: orNull(count),
    simulate_s: listOf(number, 1),
  })(value, '');
  const optional = {
    compile_s: listOf(number, 1),
    build_s: listOf(number, 1),
    detail: text,
    seed: count,
    adapter: object({ vendor: text, architecture: text, description: text, isFallback: flag }),
  };
  for (const [key, check] of Object.entries(optional)) {
    const found = (value as Record<string, unknown>)[key];
    if (found !== undefined) check(found, key);
  }
  return value as PeerResult;
}

/** Whether a peer has the network of a workload. */
export const knows = (peer: PeerDescription, { peer: wanted }: Workload): boolean =>
  wanted !== undefined && peer.workloads.includes(wanted.name);

/** Words that ask a peer for a measurement. */
export function measurementWords({ peer: wanted }: Workload, how: PeerRequest): string[] {
  if (!wanted) throw new Error('internal: this workload has no peer');
  const own = Object.entries(wanted.arguments).flatMap(([key, value]) => [
    `--${key}`,
    String(value),
  ]);
  return [
    '--workload',
    wanted.name,
    ...own,
    '--duration-ms',
    String(how.durationMs),
    '--threads',
    String(how.threads),
    '--repeats',
    String(how.repeats),
    '--seed',
    '1',
  ];
}

/** A peer's answer in the form of our own measurements. */
export function recordOfPeer(
  { peer, version }: PeerDescription,
  workload: Workload,
  found: PeerResult,
  place: Pick<MeasurementRecord, 'schema' | 'run'> & { readonly machine: Machine },
): MeasurementRecord {
  const simulate = spreadOf(found.simulate_s);
  const steps = Math.round(found.duration_ms / found.dt_ms);
  const events = found.spikes === null ? null : (found.spikes * found.synapses) / found.neurons;
  return {
    ...place,
    kind: 'measurement',
    machine: { ...place.machine, runtime: peer },
    simulator: { name: peer, version, detail: found.detail ?? '' },
    workload: { name: workload.name, example: workload.example, values: workload.values },
    engine: {
      kind: found.adapter ? 'gpu' : 'cpu',
      threads: found.threads,
      synapses: null,
      adapter: found.adapter ?? null,
    },
    network: {
      neurons: found.neurons,
      synapses: found.synapses,
      dt_ms: found.dt_ms,
      duration_ms: found.duration_ms,
      settle_ms: 0,
      seed: found.seed ?? 1,
    },
    phases: {
      compile_s: found.compile_s ? spreadOf(found.compile_s) : null,
      build_s: found.build_s ? spreadOf(found.build_s) : null,
      warm_up_s: null,
      simulate_s: simulate,
      read_back_s: null,
    },
    metrics: {
      realtime_factor: simulate.median / (found.duration_ms / 1000),
      spikes_per_s: found.spikes === null ? null : found.spikes / simulate.median,
      ns_per_neuron_step: (simulate.median * 1e9) / (found.neurons * steps),
      synaptic_events: events,
      events_counted: events === null ? null : 'mean',
      ns_per_synaptic_event: events ? (simulate.median * 1e9) / events : null,
      recording_cost: null,
    },
    host: null,
    memory: { engine_bytes: null, process_base_bytes: null, process_peak_bytes: null },
    check: {
      spikes: found.spikes,
      rate_hz:
        found.spikes === null ? null : found.spikes / found.neurons / (found.duration_ms / 1000),
      cv_isi: null,
      spike_hash: null,
    },
    is_complete: true,
    warnings: [],
  };
}
