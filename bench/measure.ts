/**
 * Times one network on one engine, phase by phase, in Node or in a worker of the page. Either every repetition compiles,
 * builds and runs the network afresh, as somebody does who starts it, after one such run that is not counted; or, for
 * networks that take long to build, one network settles and the repetitions go on from each other. Chooses nothing:
 * a job says what to do.
 */
import {
  compileNetwork,
  createSimulation,
  type NetworkDocument,
  type Simulation,
  type SimulationOptions,
} from '../src/index.ts';
import { countEvents, type EventCount, meanEvents } from './events.ts';
import type { Job } from './jobs.ts';
import type { EngineFacts, MeasurementRecord } from './record.ts';
import { medianOf, type Spread, spreadOf } from './statistics.ts';

/** What the place can tell about the process; null where it cannot. */
export interface Probe {
  /** User and system time of all threads so far. */
  processorSeconds(): number | null;
  /** Resident memory now, and the most so far. */
  memoryBytes(): { readonly now: number; readonly peak: number } | null;
}

/** Where a measurement stands: which run, of how many, and how much of it is done. */
export interface MeasureProgress {
  readonly run: number;
  readonly runs: number;
  /** 0…1 of this run. */
  readonly fraction: number;
}

/** The part of a record that measuring gives; who measured what and where comes from the caller. */
export type Measured = Pick<
  MeasurementRecord,
  'network' | 'engine' | 'phases' | 'metrics' | 'host' | 'memory' | 'check' | 'is_complete'
> & { readonly warnings: readonly string[] };

/** Networks that compile within this many seconds are compiled once more, outside of what is timed, for their out-degrees. */
const CHEAP_COMPILE_S = 2;

interface Task {
  readonly document: NetworkDocument;
  readonly job: Job;
  readonly probe: Probe;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: MeasureProgress) => void;
}

/** Wall seconds and counts of one repetition. */
interface Repetition {
  readonly compile: number | null;
  readonly build: number | null;
  readonly simulate: number;
  readonly readBack: number;
  readonly processor: number | null;
  readonly windows: number;
  readonly dispatches: number;
  readonly submits: number;
  readonly hostMs: number;
  /** By global neuron number. */
  readonly spikesOf: Uint32Array;
  readonly isComplete: boolean;
}

interface Runs {
  readonly warmUp: number;
  readonly repetitions: readonly Repetition[];
  /** Wall seconds without recordings. */
  readonly silent: readonly number[];
  readonly summary: ReturnType<Simulation['summary']>;
  readonly spikeHash: string;
  readonly baseBytes: number | null;
  readonly peakBytes: number | null;
}

/**
 * Measures. Aborting ends the run under way; then the result has the repetitions that were complete, `is_complete`
 * false, or is null when there was none. Rejects with what createSimulation and run reject with.
 */
export async function measure(task: Task): Promise<Measured | null> {
  const runs = task.job.settleMs === null ? await runAfresh(task) : await runOn(task);
  if (runs === null) return null;
  const { repetitions, summary } = runs;
  const isComplete = repetitions.length === task.job.repeats;
  const simulate = spreadOf(repetitions.map((one) => one.simulate));
  const first = repetitions[0] as Repetition;
  const events = eventsOf(task, summary, first.spikesOf);
  const spikes = first.spikesOf.reduce((sum, count) => sum + count, 0);
  const { durationMs, settleMs } = task.job;
  return {
    network: {
      neurons: summary.neurons,
      synapses: summary.synapses,
      dt_ms: summary.dt_ms,
      duration_ms: durationMs,
      settle_ms: settleMs ?? 0,
      seed: summary.seed,
    },
    engine: engineFacts(task.job, summary),
    phases: {
      compile_s: maybeSpread(repetitions.map(({ compile }) => compile)),
      build_s: maybeSpread(repetitions.map(({ build }) => build)),
      warm_up_s: spreadOf([runs.warmUp]),
      simulate_s: simulate,
      read_back_s: spreadOf(repetitions.map(({ readBack }) => readBack)),
    },
    metrics: metricsOf(summary, durationMs, simulate, spikes, events, runs.silent),
    host: hostOf(repetitions),
    memory: {
      engine_bytes: summary.memory_bytes,
      process_base_bytes: runs.baseBytes,
      process_peak_bytes: runs.peakBytes,
    },
    check: {
      spikes,
      rate_hz: spikes / summary.neurons / (durationMs / 1000),
      cv_isi: meanCv(summary),
      spike_hash: runs.spikeHash,
    },
    is_complete: isComplete,
    warnings: [...summary.warnings, ...busyWarning(task.job, repetitions)],
  };
}

/** Every repetition from the document. */
async function runAfresh(task: Task): Promise<Runs | null> {
  const { job, probe, document } = task;
  const baseBytes = probe.memoryBytes()?.now ?? null;
  const repetitions: Repetition[] = [];
  const silent: number[] = [];
  let warmUp: number | null = null;
  let last: Pick<Runs, 'summary' | 'spikeHash'> | null = null;
  const runs = 1 + job.repeats * (job.withRecordingCost ? 2 : 1);
  for (let run = 0; run < runs && !task.signal.aborted; run++) {
    const isSilent = job.withRecordingCost && run > 0 && run % 2 === 0;
    const network = isSilent ? { ...document, recordings: [] } : document;
    using simulation = await createSimulation(network, optionsOf(job));
    const found = await repeat(task, simulation, { run, runs, isFresh: true });
    if (!found.isComplete) break;
    if (run === 0) warmUp = found.simulate;
    else if (isSilent) silent.push(found.simulate);
    else {
      repetitions.push(found);
      last = { summary: simulation.summary(), spikeHash: await simulation.spikeHash() };
    }
  }
  if (warmUp === null || last === null) return null;
  const peakBytes = probe.memoryBytes()?.peak ?? null;
  return { warmUp, repetitions, silent, ...last, baseBytes, peakBytes };
}

/** One network, settled, then run on. */
async function runOn(task: Task): Promise<Runs | null> {
  const { job, probe } = task;
  const baseBytes = probe.memoryBytes()?.now ?? null;
  using simulation = await createSimulation(task.document, optionsOf(job));
  const runs = 1 + job.repeats;
  const warmUp = await timed(task, simulation, job.settleMs ?? 0, { run: 0, runs });
  const repetitions: Repetition[] = [];
  for (let run = 1; run < runs && !task.signal.aborted; run++) {
    const found = await repeat(task, simulation, { run, runs, isFresh: run === 1 });
    if (!found.isComplete) break;
    repetitions.push(found);
  }
  if (repetitions.length === 0) return null;
  return {
    warmUp,
    repetitions,
    silent: [],
    summary: simulation.summary(),
    spikeHash: await simulation.spikeHash(),
    baseBytes,
    peakBytes: probe.memoryBytes()?.peak ?? null,
  };
}

/** Runs a simulation for one repetition and reads back what people would. */
async function repeat(
  task: Task,
  simulation: Simulation,
  place: { readonly run: number; readonly runs: number; readonly isFresh: boolean },
): Promise<Repetition> {
  const { job, probe } = task;
  const firstStep = simulation.step;
  const before = simulation.timings();
  const processor = probe.processorSeconds();
  const simulate = await timed(task, simulation, job.durationMs, place);
  const processorAfter = probe.processorSeconds();
  const after = simulation.timings();
  const began = performance.now();
  const spikes = simulation.allSpikes();
  for (const { population, variable } of statesOf(task.document)) {
    await simulation.get(population, variable);
  }
  const readBack = (performance.now() - began) / 1000;
  const { compile_s: compile, build_s: build, neurons } = simulation.summary();
  const spikesOf = new Uint32Array(neurons);
  for (const [index, step] of spikes.steps.entries()) {
    const neuron = spikes.neurons[index] as number;
    if (step >= firstStep) spikesOf[neuron] = (spikesOf[neuron] as number) + 1;
  }
  return {
    compile: place.isFresh ? compile : null,
    build: place.isFresh ? build : null,
    simulate,
    readBack,
    processor: processor === null || processorAfter === null ? null : processorAfter - processor,
    windows: after.windows - before.windows,
    dispatches: after.dispatches - before.dispatches,
    submits: after.submits - before.submits,
    hostMs: after.hostMs - before.hostMs,
    spikesOf,
    isComplete: simulation.step - firstStep === Math.round(job.durationMs / simulation.dtMs),
  };
}

/** Wall seconds of a run. */
async function timed(
  { signal, onProgress }: Task,
  simulation: Simulation,
  durationMs: number,
  { run, runs }: { readonly run: number; readonly runs: number },
): Promise<number> {
  const began = performance.now();
  await simulation.run(`${durationMs} ms`, {
    signal,
    onProgress: ({ fraction }) => onProgress({ run, runs, fraction }),
  });
  return (performance.now() - began) / 1000;
}

/** The first differential equation of every population: what a reader of state would ask for. */
function statesOf({ populations }: NetworkDocument): { population: string; variable: string }[] {
  return populations.flatMap((population) => {
    const text = 'eqs' in population ? population.eqs : '';
    const variable = /(?:^|\n)\s*d(\w+)\/dt\s*=/.exec(text)?.[1];
    return variable === undefined ? [] : [{ population: population.name, variable }];
  });
}

function optionsOf({ engine, threads, synapses }: Job): SimulationOptions {
  return {
    engine,
    ...(threads !== null && { threads }),
    ...(synapses !== 'auto' && { synapses }),
  };
}

function engineFacts(
  { engine, threads, synapses }: Job,
  summary: ReturnType<Simulation['summary']>,
): EngineFacts {
  return { kind: engine, threads, synapses, adapter: summary.adapter };
}

/** Exact where compiling once more is cheap. */
function eventsOf(
  { document, job }: Task,
  summary: ReturnType<Simulation['summary']>,
  spikesOf: Uint32Array,
): EventCount {
  const { synapses, neurons, compile_s: compile } = summary;
  if (compile > CHEAP_COMPILE_S) {
    return meanEvents({ synapseCount: synapses, neuronCount: neurons }, spikesOf);
  }
  const { plan } = compileNetwork(document, { synapses: job.synapses });
  return countEvents(plan, spikesOf);
}

function metricsOf(
  { neurons, dt_ms: dtMs }: ReturnType<Simulation['summary']>,
  durationMs: number,
  simulate: Spread,
  spikes: number,
  { events, counted }: EventCount,
  silent: readonly number[],
): MeasurementRecord['metrics'] {
  const seconds = simulate.median;
  return {
    realtime_factor: seconds / (durationMs / 1000),
    spikes_per_s: spikes / seconds,
    ns_per_neuron_step: (seconds * 1e9) / (neurons * Math.round(durationMs / dtMs)),
    synaptic_events: events,
    events_counted: counted,
    ns_per_synaptic_event: events > 0 ? (seconds * 1e9) / events : null,
    recording_cost: silent.length > 0 ? seconds / medianOf(silent) - 1 : null,
  };
}

function hostOf(repetitions: readonly Repetition[]): MeasurementRecord['host'] {
  const median = (figure: (one: Repetition) => number): number => medianOf(repetitions.map(figure));
  const windows = Math.round(median((one) => one.windows));
  const used = repetitions.flatMap(({ processor }) => (processor === null ? [] : [processor]));
  return {
    windows,
    dispatches_per_window: median((one) => one.dispatches) / Math.max(1, windows),
    submits: Math.round(median((one) => one.submits)),
    us_per_window: (median((one) => one.hostMs) * 1000) / Math.max(1, windows),
    processor_s: used.length > 0 ? medianOf(used) : null,
  };
}

function meanCv({ populations }: ReturnType<Simulation['summary']>): number | null {
  const found = populations.flatMap(({ cv_isi: cv }) => (cv === null ? [] : [cv]));
  return found.length > 0 ? found.reduce((sum, cv) => sum + cv, 0) / found.length : null;
}

const maybeSpread = (values: readonly (number | null)[]): Spread | null => {
  const found = values.filter((value) => value !== null);
  return found.length > 0 ? spreadOf(found) : null;
};

/** Wall time this many times the processor time of a single thread means that others had the processor. */
const BUSY = 1.15;

function busyWarning({ engine, threads }: Job, repetitions: readonly Repetition[]): string[] {
  if (engine !== 'cpu' || threads !== 1) return [];
  const wall = medianOf(repetitions.map(({ simulate }) => simulate));
  const used = repetitions.flatMap(({ processor }) => (processor === null ? [] : [processor]));
  if (used.length === 0 || wall <= BUSY * medianOf(used)) return [];
  return [
    `The machine was busy with something else: ${wall.toFixed(2)} s of wall time for ${medianOf(used).toFixed(2)} s of processor time. Measure again.`,
  ];
}
