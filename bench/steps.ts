/**
 * The steps of a bench: for every workload its peers, then our engines in Node, then in the browser, so that what will
 * be compared was measured within minutes. Puts together; measures nothing itself.
 */

import { plain, seconds } from '../src/report/numbers.ts';
import { engineName } from './compare.ts';
import {
  estimateJob,
  estimatePeer,
  type Job,
  jobsOf,
  type Place,
  type SkippedJob,
  usualThreads,
} from './jobs.ts';
import type { MeasureProgress } from './measure.ts';
import { knows, type Peer, recordOfPeer } from './peers.ts';
import type { Outcome } from './protocol.ts';
import {
  type BenchRecord,
  type EngineFacts,
  type Machine,
  type MeasurementRecord,
  measurementKey,
  type RunStamp,
  SCHEMA,
  type Simulator,
  type SkippedRecord,
} from './record.ts';
import type { Step } from './session.ts';
import type { Settings } from './settings.ts';
import type { Workload } from './workloads.ts';

/** A place where our engines run, and how to measure there. */
export interface Bench {
  readonly machine: Machine;
  readonly place: Place;
  measure(
    job: Job,
    signal: AbortSignal,
    onProgress: (progress: MeasureProgress) => void,
  ): Promise<Outcome>;
}

export interface Inventory {
  readonly run: RunStamp;
  /** Of the bench itself: peers run on it. */
  readonly machine: Machine;
  readonly benches: readonly Bench[];
  readonly peers: readonly Peer[];
}

/** All steps, and records of what will not be measured. */
export function stepsOf(
  workloads: readonly Workload[],
  settings: Settings,
  inventory: Inventory,
): { readonly steps: Step[]; readonly skipped: SkippedRecord[] } {
  const steps: Step[] = [];
  const skipped: SkippedRecord[] = [];
  for (const workload of workloads) {
    for (const peer of inventory.peers) {
      if (knows(peer, workload)) steps.push(...peerSteps(peer, workload, settings, inventory));
    }
    for (const bench of inventory.benches) {
      const found = jobsOf(workload, settings, bench.place);
      steps.push(...found.jobs.map((job) => jobStep(job, bench, inventory.run)));
      skipped.push(...found.skipped.map((one) => skippedJob(one, bench, inventory.run)));
    }
  }
  return { steps, skipped };
}

function jobStep(job: Job, bench: Bench, run: RunStamp): Step {
  const { workload, engine: kind, threads, synapses } = job;
  const simulator = { name: 'wetware', version: run.version, detail: '' };
  const adapter = kind === 'gpu' ? bench.place.adapter : null;
  const engine: EngineFacts = { kind, threads, synapses, adapter };
  return {
    key: measurementKey(
      bench.machine.runtime,
      simulator.name,
      workload.name,
      engine,
      job.durationMs,
    ),
    name: `${workload.name}, ${engineName({ engine, simulator })}${synapses === 'auto' ? '' : `, ${synapses}`}, ${bench.machine.runtime}`,
    estimate: estimateJob(job, bench.place),
    async run(signal, onProgress) {
      const outcome = await bench.measure(job, signal, (progress) =>
        onProgress(progressText(progress)),
      );
      const head = headOf(workload, simulator, bench.machine, run);
      if ('reason' in outcome) {
        return { ...head, kind: 'skipped', engine, reason: outcome.reason };
      }
      return outcome.measured && { ...head, kind: 'measurement', ...outcome.measured };
    },
  };
}

const progressText = ({ run, runs, fraction }: MeasureProgress): string =>
  `${run === 0 ? 'warming up' : `run ${run} of ${runs - 1}`}, ${Math.floor(fraction * 100)} %`;

function peerSteps(
  peer: Peer,
  workload: Workload,
  settings: Settings,
  { machine, run }: Inventory,
): Step[] {
  const kind = peer.engine ?? 'cpu';
  if (!settings.engines.includes(kind) || workload.settleMs !== undefined) return [];
  const wanted = kind === 'gpu' ? [1] : (settings.threads ?? usualThreads(machine.cores));
  const durationMs = settings.durationMs ?? workload.durationMs;
  const { repeats } = settings;
  return wanted
    .filter((threads) => threads <= peer.most_threads)
    .map((threads): Step => {
      const simulator: Simulator = { name: peer.peer, version: peer.version, detail: '' };
      const engine: EngineFacts = {
        kind,
        threads: kind === 'gpu' ? null : threads,
        synapses: null,
        adapter: null,
      };
      return {
        key: measurementKey(peer.peer, peer.peer, workload.name, engine, durationMs),
        name: `${workload.name}, ${engineName({ engine, simulator })}`,
        estimate: estimatePeer(workload, repeats),
        async run(signal) {
          const how = { threads, durationMs, repeats };
          const head = headOf(workload, simulator, { ...machine, runtime: peer.peer }, run);
          try {
            const found = await peer.measure(workload, how, signal);
            return recordOfPeer(peer, workload, found, { schema: SCHEMA, run, machine });
          } catch (error) {
            if (signal.aborted) return null;
            const reason = error instanceof Error ? error.message : String(error);
            return { ...head, kind: 'skipped', engine, reason };
          }
        },
      };
    });
}

function skippedJob(
  { workload, engine: kind, threads, synapses, reason }: SkippedJob,
  { machine, place }: Bench,
  run: RunStamp,
): SkippedRecord {
  const simulator = { name: 'wetware', version: run.version, detail: '' };
  const adapter = kind === 'gpu' ? place.adapter : null;
  return {
    ...headOf(workload, simulator, machine, run),
    kind: 'skipped',
    engine: { kind, threads, synapses, adapter },
    reason,
  };
}

function headOf(
  workload: Workload,
  simulator: Simulator,
  machine: Machine,
  run: RunStamp,
): Omit<SkippedRecord, 'kind' | 'engine' | 'reason'> {
  const { name, example, values } = workload;
  return { schema: SCHEMA, run, machine, simulator, workload: { name, example, values } };
}

/** One line about a record that has just come in. */
export function describeRecord(record: BenchRecord): string {
  const place = record.machine.runtime.split(' ')[0];
  const name = `${record.workload.name}, ${engineName(record)}${place === 'Chromium' ? ', Chromium' : ''}`;
  if (record.kind === 'skipped') return `${name}: not measured, ${record.reason}`;
  const { median, min, max } = record.phases.simulate_s;
  return `${name}${wayOf(record)}: ${seconds(median)} (${seconds(min)} to ${seconds(max)}) for ${seconds(record.network.duration_ms / 1000)}, ${plain(1 / record.metrics.realtime_factor)} × real time`;
}

const wayOf = ({ engine }: MeasurementRecord): string =>
  engine.synapses === null || engine.synapses === 'auto' ? '' : `, ${engine.synapses}`;
