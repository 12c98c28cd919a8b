/**
 * Times one network on one engine, phase by phase. Every repetition compiles, builds and runs the network afresh, as
 * somebody does who starts it: all do the same work, and the first steps of generated code are in the figure. One more
 * run before them warms up what the process does only once, and is kept apart.
 */
import { createSimulation, type NetworkDocument, type Simulation } from '../src/index.ts';
import { type Spread, spreadOf } from './statistics.ts';

export interface Measurement {
  readonly engine: 'cpu' | 'gpu';
  readonly adapter: Simulation['adapter'];
  readonly neurons: number;
  readonly synapses: number;
  readonly dtMs: number;
  readonly durationMs: number;
  readonly memoryBytes: number;
  /** Median seconds. compile: document to plan, connectivity included; build: engine, code, upload; warmUp: first run. */
  readonly phases: { readonly compile: number; readonly build: number; readonly warmUp: number };
  /** Wall seconds of every repetition. */
  readonly repetitions: readonly number[];
  readonly simulate: Spread;
  /** The same with nothing recorded, from runs in between; null when not asked for. */
  readonly silent: Spread | null;
  /** Median processor seconds of the process while it simulates: what wall time is on a machine that does nothing else. */
  readonly processorSeconds: number;
  /** Of one repetition; null when nothing was recorded. */
  readonly spikes: number | null;
  readonly rateHz: number | null;
  readonly spikeHash: string | null;
  readonly cvIsi: number | null;
  readonly nsPerNeuronStep: number;
  /** Spikes times mean number of synapses per neuron; null when nothing was recorded. */
  readonly nsPerSynapticEvent: number | null;
  readonly windows: number;
  /** What the host encodes, by window; 0 on the CPU engine. */
  readonly dispatchesPerWindow: number;
  readonly submits: number;
  /** Host time spent encoding and submitting, by window. Of the CPU engine, all its time. */
  readonly hostMicrosecondsPerWindow: number;
  readonly warnings: readonly string[];
}

/** `silent`: also run the network without recordings, in turn with the recorded runs. */
export async function measure(
  document: NetworkDocument,
  engine: 'cpu' | 'gpu',
  durationMs: number,
  repetitions: number,
  silent = false,
): Promise<Measurement> {
  const warmUp = await runOnce(document, engine, durationMs);
  const runs: Run[] = [];
  const silentRuns: Run[] = [];
  for (let k = 0; k < repetitions; k++) {
    runs.push(await runOnce(document, engine, durationMs));
    if (!silent) continue;
    silentRuns.push(await runOnce({ ...document, recordings: [] }, engine, durationMs));
  }
  const median = (figure: (run: Run) => number) => spreadOf(runs.map(figure)).median;
  const { timings, findings: found } = warmUp;
  const simulate = spreadOf(runs.map(({ wall }) => wall));
  return {
    ...found,
    durationMs,
    phases: {
      compile: median(({ phases }) => phases.compile),
      build: median(({ phases }) => phases.build),
      warmUp: warmUp.wall,
    },
    repetitions: runs.map(({ wall }) => wall),
    simulate,
    silent: silent ? spreadOf(silentRuns.map(({ wall }) => wall)) : null,
    processorSeconds: median(({ processor }) => processor),
    ...costs(found, simulate.median, durationMs),
    windows: timings.windows,
    dispatchesPerWindow: timings.dispatches / timings.windows,
    submits: timings.submits,
    hostMicrosecondsPerWindow: median((run) => run.timings.hostMs) * (1000 / timings.windows),
  };
}

type Run = Awaited<ReturnType<typeof runOnce>>;

async function runOnce(document: NetworkDocument, engine: 'cpu' | 'gpu', durationMs: number) {
  const simulation = await createSimulation(document, { engine });
  try {
    const used = process.cpuUsage();
    const began = performance.now();
    await simulation.run(`${durationMs} ms`);
    const wall = (performance.now() - began) / 1000;
    const { user, system } = process.cpuUsage(used);
    const { phases, ...findings } = await findingsOf(simulation);
    return {
      wall,
      processor: (user + system) / 1e6,
      timings: simulation.timings(),
      phases,
      findings,
    };
  } finally {
    simulation.destroy();
  }
}

/** What there is to know of the network and its spikes after a run. */
async function findingsOf(simulation: Simulation) {
  const summary = simulation.summary();
  const recorded = summary.populations.filter(({ spikes }) => spikes !== null);
  const isRecorded = recorded.length > 0;
  const cvs = recorded.flatMap(({ cv_isi: cv }) => (cv === null ? [] : [cv]));
  return {
    engine: summary.engine,
    adapter: summary.adapter,
    neurons: summary.neurons,
    synapses: summary.synapses,
    dtMs: summary.dt_ms,
    memoryBytes: summary.memory_bytes,
    phases: { compile: summary.compile_s, build: summary.build_s },
    spikes: isRecorded ? summary.spikes : null,
    rateHz: isRecorded ? summary.rate_hz : null,
    cvIsi: cvs.length > 0 ? cvs.reduce((sum, cv) => sum + cv, 0) / cvs.length : null,
    spikeHash: isRecorded ? await simulation.spikeHash() : null,
    warnings: summary.warnings,
  };
}

function costs(
  found: {
    readonly neurons: number;
    readonly synapses: number;
    readonly dtMs: number;
    readonly spikes: number | null;
  },
  seconds: number,
  durationMs: number,
) {
  const steps = Math.round(durationMs / found.dtMs);
  const events = found.spikes === null ? 0 : (found.spikes * found.synapses) / found.neurons;
  return {
    nsPerNeuronStep: (seconds * 1e9) / (found.neurons * steps),
    nsPerSynapticEvent: events > 0 ? (seconds * 1e9) / events : null,
  };
}
