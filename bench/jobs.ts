/**
 * From settings to a list of measurements, each with what it will cost about. Decides what is measured on which engine
 * and what is left out, with the reason; measures nothing.
 */
import type { AdapterFacts } from './record.ts';
import type { EngineChoice, Settings } from './settings.ts';
import type { SynapseChoice, Workload } from './workloads.ts';

/** One measurement to make; plain data, so that it can be sent to another process or thread. */
export interface Job {
  readonly workload: Workload;
  readonly engine: EngineChoice;
  /** Of the CPU engine; null on a GPU. */
  readonly threads: number | null;
  readonly synapses: SynapseChoice;
  readonly durationMs: number;
  /** See Workload.settleMs. */
  readonly settleMs: number | null;
  readonly repeats: number;
  readonly withRecordingCost: boolean;
}

/** What there is to measure on. */
export interface Place {
  readonly cores: number;
  /** Why the CPU engine can have one thread only; null when it can have more. */
  readonly oneThreadBecause: string | null;
  /** null: no WebGPU. */
  readonly adapter: AdapterFacts | null;
}

export interface SkippedJob {
  readonly workload: Workload;
  readonly engine: EngineChoice;
  readonly threads: number | null;
  readonly synapses: SynapseChoice;
  readonly reason: string;
}

/** Thread counts to measure where none are asked for: one, and all that there are. */
export const usualThreads = (cores: number): number[] => (cores > 1 ? [1, cores] : [1]);

/** All measurements of one workload in one place, and what is left out. */
export function jobsOf(
  workload: Workload,
  settings: Settings,
  place: Place,
): { readonly jobs: Job[]; readonly skipped: SkippedJob[] } {
  const jobs: Job[] = [];
  const skipped: SkippedJob[] = [];
  const ways = settings.synapses ?? workload.synapses ?? ['auto'];
  for (const engine of settings.engines) {
    for (const threads of engine === 'cpu' ? threadsOf(settings, place) : [null]) {
      for (const synapses of ways) {
        const reason = obstacle(workload, engine, threads, place);
        if (reason !== null) skipped.push({ workload, engine, threads, synapses, reason });
        else jobs.push(makeJob(workload, settings, place, { engine, threads, synapses }));
      }
    }
  }
  return { jobs, skipped };
}

const threadsOf = (settings: Settings, { cores, oneThreadBecause }: Place): readonly number[] =>
  settings.threads ?? (oneThreadBecause === null ? usualThreads(cores) : [1]);

function obstacle(
  workload: Workload,
  engine: EngineChoice,
  threads: number | null,
  { adapter, oneThreadBecause }: Place,
): string | null {
  if (engine === 'cpu') return (threads ?? 1) > 1 ? oneThreadBecause : null;
  if (adapter === null) return 'there is no WebGPU adapter here';
  if (adapter.isFallback && workload.softwareMs === null) {
    return 'too large for a software adapter';
  }
  return null;
}

function makeJob(
  workload: Workload,
  settings: Settings,
  { adapter }: Place,
  variant: Pick<Job, 'engine' | 'threads' | 'synapses'>,
): Job {
  const isSoftware = variant.engine === 'gpu' && adapter?.isFallback === true;
  const usual = isSoftware && workload.softwareMs ? workload.softwareMs : workload.durationMs;
  const durationMs = settings.isQuick
    ? Math.min(usual, settings.durationMs ?? usual)
    : (settings.durationMs ?? usual);
  return {
    workload,
    ...variant,
    durationMs,
    settleMs: workload.settleMs ?? null,
    repeats: settings.repeats,
    withRecordingCost: settings.withRecordingCost,
  };
}

/** How much longer one neuron step takes on a software adapter than on one thread of the CPU engine, about. */
const SOFTWARE_FACTOR = 10;
/** Starting a process and loading the library. */
const START_S = 0.5;

/** Seconds that a measurement takes, about: for people who wonder whether to start it now. */
export function estimateJob(job: Job, { adapter }: Pick<Place, 'adapter'>): number {
  const { build, simulate } = job.workload.cost;
  const whole = simulate * speedOf(job, adapter?.isFallback === true);
  const perMs = whole / job.workload.durationMs;
  const runs = job.repeats + (job.withRecordingCost ? job.repeats : 0);
  const settled = job.settleMs ?? 0;
  const simulated = perMs * (runs * job.durationMs + (settled || job.durationMs));
  const builds = job.settleMs === null ? runs + 1 : 1;
  return START_S + builds * build + simulated;
}

function speedOf({ engine, threads }: Job, isSoftware: boolean): number {
  if (engine === 'gpu') return isSoftware ? SOFTWARE_FACTOR : 0.5;
  return 1 / (1 + 0.7 * ((threads ?? 1) - 1));
}

/** Seconds that a peer takes for a workload, about: generating and compiling code, then its repetitions. */
export const estimatePeer = (workload: Workload, repeats: number): number =>
  20 + repeats * 4 * (workload.cost.simulate + workload.cost.build);

/** "about 12 min", "less than a minute". */
export function describeEstimate(seconds: number): string {
  if (seconds < 60) return 'less than a minute';
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `about ${minutes} min` : `about ${(minutes / 60).toFixed(1)} h`;
}
