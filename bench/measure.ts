/**
 * Times one network on one engine, phase by phase. A repetition starts from the same moment, the network as built, so
 * that all repetitions do the same work; the first of them is thrown away as warm-up.
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
  /** Seconds. compile: document to plan, connectivity included; build: engine, code, upload; warmUp: first run. */
  readonly phases: { readonly compile: number; readonly build: number; readonly warmUp: number };
  /** Wall seconds of every repetition. */
  readonly repetitions: readonly number[];
  readonly simulate: Spread;
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

export async function measure(
  document: NetworkDocument,
  engine: 'cpu' | 'gpu',
  durationMs: number,
  repetitions: number,
): Promise<Measurement> {
  const simulation = await createSimulation(document, { engine });
  try {
    const start = await simulation.checkpoint();
    const duration = `${durationMs} ms`;
    const warmUp = await timed(() => simulation.run(duration));
    const found = await firstRun(simulation);
    const before = simulation.timings();
    const times: number[] = [];
    for (let repetition = 0; repetition < repetitions; repetition++) {
      await simulation.restore(start);
      times.push(await timed(() => simulation.run(duration)));
    }
    const after = simulation.timings();
    const windows = after.windows - before.windows;
    return {
      ...found,
      phases: { ...found.phases, warmUp },
      durationMs,
      repetitions: times,
      simulate: spreadOf(times),
      ...costs(found, spreadOf(times).median, durationMs),
      windows: windows / repetitions,
      dispatchesPerWindow: (after.dispatches - before.dispatches) / windows,
      submits: (after.submits - before.submits) / repetitions,
      hostMicrosecondsPerWindow: ((after.hostMs - before.hostMs) * 1000) / windows,
    };
  } finally {
    simulation.destroy();
  }
}

/** What there is to know of the network and its spikes after one run. */
async function firstRun(simulation: Simulation) {
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

async function timed(action: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await action();
  return (performance.now() - began) / 1000;
}
