/**
 * Other simulators beside ours. A peer is a command that prints JSON lines: it describes itself, then measures what it
 * is asked for. Knows the protocol (the README beside this file documents it) and no simulator.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
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

export interface Peer extends PeerDescription {
  readonly command: readonly string[];
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

const description = object({
  peer: text,
  version: text,
  most_threads: count,
  workloads: listOf(text),
});

/** Absent and wrong are different: only what is there is checked. */
const result = (value: unknown): PeerResult => {
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
};

/** Reads a file of peers. Throws TypeError that says what is wrong in it. */
export function readPeers(file: string): PeerEntry[] {
  const found: unknown = JSON.parse(readFileSync(file, 'utf8'));
  entries(found, file);
  return found as PeerEntry[];
}

/** The peer behind an entry, by the first of its commands that answers, or the reason why there is none. */
export async function findPeer(entry: PeerEntry, folder: string): Promise<Peer | string> {
  const reasons: string[] = [];
  for (const words of entry.commands) {
    const command = words.map((word) =>
      word.startsWith('$') ? (process.env[word.slice(1)] ?? '') : word,
    );
    if (command.includes('')) continue;
    const answer = await run(command, ['--describe'], folder, null);
    if (answer.code === 0) {
      const found: unknown = JSON.parse(lastLine(answer.output));
      description(found, `${entry.name} --describe`);
      const peer = found as PeerDescription;
      if (peer.engine !== undefined) oneOf('cpu', 'gpu')(peer.engine, `${entry.name} engine`);
      return { ...peer, command };
    }
    reasons.push(lastLine(answer.errors) || `${command[0]} does not start`);
  }
  return `${entry.name} is not installed here: ${[...new Set(reasons)].join('; ')}`;
}

/** Whether a peer has the network of a workload. */
export const knows = (peer: Peer, { peer: wanted }: Workload): boolean =>
  wanted !== undefined && peer.workloads.includes(wanted.name);

/** Words that ask a peer for a measurement. */
export function measurementWords(
  { peer: wanted }: Workload,
  how: { readonly threads: number; readonly durationMs: number; readonly repeats: number },
): string[] {
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

/** Runs a peer on a workload. Throws Error with the last line that it printed when it fails, or what its answer lacks. */
export async function measurePeer(
  peer: Peer,
  workload: Workload,
  how: { readonly threads: number; readonly durationMs: number; readonly repeats: number },
  folder: string,
  signal: AbortSignal,
): Promise<PeerResult> {
  const answer = await run(peer.command, measurementWords(workload, how), folder, signal);
  if (answer.code !== 0) {
    throw new Error(lastLine(answer.errors) || `${peer.peer} ended with code ${answer.code}`);
  }
  return result(JSON.parse(lastLine(answer.output)));
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

const lastLine = (output: string): string => output.trim().split('\n').at(-1)?.trim() ?? '';

interface Answer {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

function run(
  [command = '', ...first]: readonly string[],
  words: readonly string[],
  folder: string,
  signal: AbortSignal | null,
): Promise<Answer> {
  return new Promise((resolve) => {
    const child = spawn(command, [...first, ...words], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
      ...(signal && { signal }),
    });
    let output = '';
    let errors = '';
    child.stdout.on('data', (data: Buffer) => {
      output += data.toString();
    });
    child.stderr.on('data', (data: Buffer) => {
      errors += data.toString();
    });
    child.on('error', () => resolve({ code: -1, output, errors }));
    child.on('close', (code) => resolve({ code, output, errors }));
  });
}
