/**
 * The chip study: a network as it is beside itself with weights in few bits, same seeds, and what its spikes ask of a chip.
 * Orchestrates; the measures are in quantise.ts, spike-distance.ts, cores.ts and traffic.ts, the words in findings.ts.
 */
import { createSimulation, documentOf } from '../create-simulation.ts';
import { describeValue } from '../language/argument.ts';
import type { NetworkDocument } from '../network/document.ts';
import type { Simulation } from '../simulation.ts';
import { type Core, type CoreMemory, coreMemory, mapCores } from './cores.ts';
import { findingsOf } from './findings.ts';
import {
  type ChipOptions,
  type ChipSettings,
  type ChipSubject,
  readChipOptions,
} from './options.ts';
import { type QuantisedProjection, quantiseListed } from './quantise.ts';
import { compareTrains } from './spike-distance.ts';
import { type ListedNetwork, listSynapses } from './synapses.ts';
import { type ChipTraffic, type CoreLoad, chipTraffic, type RunSpikes } from './traffic.ts';

/** A mean over seeds. */
export interface OverSeeds {
  readonly mean: number;
  /** Of the mean; 0 with one seed, which says nothing. */
  readonly standardError: number;
}

/** What one seed showed of one number of bits. */
export interface QuantisedRun {
  readonly seed: number;
  /** Mean rate of the neurons that synapses reach, with full precision and with quantised weights. */
  readonly rateHz: number;
  readonly quantisedRateHz: number;
  /** (quantised - full)/full; 0 where nothing spikes in either, 1 where only the latter does. */
  readonly rateShift: number;
  /** See TrainComparison. */
  readonly distance: number;
  /** By how much accuracy is less than with full precision. */
  readonly accuracyLoss: number;
}

/** What so many bits do. */
export interface QuantisationResult {
  readonly bits: number;
  /** Of all synapses with weights of so many bits, for the first seed. */
  readonly synapseBytes: number;
  readonly rateShift: OverSeeds;
  readonly distance: OverSeeds;
  readonly accuracyLoss: OverSeeds;
  readonly runs: readonly QuantisedRun[];
  /** Mean rates by population that synapses reach. */
  readonly populations: readonly {
    readonly name: string;
    readonly rateHz: OverSeeds;
    readonly quantisedRateHz: OverSeeds;
  }[];
  /** Errors of weights, for the first seed. */
  readonly projections: readonly QuantisedProjection[];
}

/** A core with what it holds, does and needs. */
export interface CoreReport extends Core, CoreLoad {
  readonly memory: CoreMemory;
}

/** Everything that a study found; plain data. */
export interface ChipReport {
  readonly name: string;
  readonly dtMs: number;
  readonly durationMs: number;
  readonly seeds: readonly number[];
  readonly neurons: number;
  readonly synapses: number;
  readonly engine: 'gpu' | 'cpu';
  readonly settings: Pick<
    ChipSettings,
    'neuronsPerCore' | 'picojoulesPerOperation' | 'memoryPerCore' | 'tauMs' | 'windowMs'
  >;
  /** By number of bits, most first. */
  readonly quantisation: readonly QuantisationResult[];
  /** Of the run of full precision of the first seed, as is all below. */
  readonly traffic: ChipTraffic;
  /** Memory is that of the most bits. */
  readonly cores: readonly CoreReport[];
  readonly energy: {
    readonly operations: number;
    readonly microjoules: number;
    /** Over the simulated time, as if it were real time. */
    readonly milliwatts: number;
  };
  /** What stands out, in sentences: bottlenecks first. */
  readonly findings: readonly string[];
  /** What was not looked at, in sentences. */
  readonly notes: readonly string[];
}

/**
 * Studies how a network would do on a neuromorphic chip.
 *
 *     const report = await chipReport(net, { bits: [8, 4], seeds: [1, 2, 3], duration: '2 s' });
 *     report.quantisation[0].rateShift;            // { mean, standardError }
 *
 * For every seed the network is run as it is, then with its weights in each number of bits (quantiseNetwork says how);
 * traffic, memory and energy are those of the first run. Takes (1 + bits) * seeds runs. Throws NetworkError for what is wrong
 * with the network or has more than 20 million synapses, TypeError and RangeError for wrong options, DeviceError where the
 * machine cannot run it, and AbortError when `signal` says so.
 */
export async function chipReport(
  network: ChipSubject,
  options: ChipOptions = {},
): Promise<ChipReport> {
  const settings = readChipOptions(options);
  const first = await documentFor(network, settings.seeds?.[0] ?? null);
  const seeds = settings.seeds ?? [first.seed];
  const study = new Study(options, settings, seeds.length * (1 + settings.bits.length));
  for (const [k, seed] of seeds.entries()) {
    await study.seed(seed, k === 0 ? first : await documentFor(network, seed));
  }
  return study.finish();
}

async function documentFor(network: ChipSubject, seed: number | null): Promise<NetworkDocument> {
  if (typeof network === 'function') return documentOf(await network(seed ?? 1));
  const document = documentOf(network);
  return seed === null ? document : { ...document, seed };
}

/** What is kept of a run. */
interface FinishedRun extends RunSpikes {
  readonly accuracy: number | null;
  readonly engine: 'gpu' | 'cpu';
  readonly durationMs: number;
}

/** Neurons first … first+size-1 of a population that synapses reach. */
interface Measured {
  readonly name: string;
  readonly first: number;
  readonly size: number;
}

interface BitsSoFar {
  readonly runs: QuantisedRun[];
  readonly full: number[][];
  readonly quantised: number[][];
  projections: readonly QuantisedProjection[];
  synapseBytes: number;
}

class Study {
  readonly #options: ChipOptions;
  readonly #settings: ChipSettings;
  readonly #all: number;
  #done = 0;
  readonly #seeds: number[] = [];
  readonly #byBits = new Map<number, BitsSoFar>();
  #measured: readonly Measured[] = [];
  #base: Omit<ChipReport, 'quantisation' | 'seeds' | 'findings'> | null = null;

  constructor(options: ChipOptions, settings: ChipSettings, all: number) {
    this.#options = options;
    this.#settings = settings;
    this.#all = all;
    for (const bits of settings.bits) {
      const empty = { runs: [], full: [], quantised: [], projections: [], synapseBytes: 0 };
      this.#byBits.set(bits, empty);
    }
  }

  /** The runs of one seed. */
  async seed(seed: number, given: NetworkDocument): Promise<void> {
    const document = withSpikes(given);
    const network = listSynapses(document);
    const isFirst = this.#seeds.length === 0;
    this.#seeds.push(seed);
    this.#measured = measuredOf(network);
    const full = await this.#run(document);
    if (isFirst) this.#first(network, full);
    for (const [bits, found] of this.#byBits) {
      const quantised = quantiseListed(network, bits);
      const run = await this.#run(quantised.document);
      if (isFirst) {
        const map = mapCores(network, this.#settings.neuronsPerCore);
        found.projections = quantised.projections;
        found.synapseBytes = coreMemory(network, map, bits).reduce(
          (sum, one) => sum + one.synapses,
          0,
        );
      }
      this.#compare(seed, full, run, found);
    }
  }

  async #run(document: NetworkDocument): Promise<FinishedRun> {
    const { accuracy, onProgress, signal, engine, adapter, device, threads, strict } =
      this.#options;
    signal?.throwIfAborted();
    using simulation = await createSimulation(document, {
      ...(engine !== undefined && { engine }),
      ...(adapter !== undefined && { adapter }),
      ...(device !== undefined && { device }),
      ...(threads !== undefined && { threads }),
      ...(strict !== undefined && { strict }),
    });
    await simulation.run(this.#settings.duration);
    const run = await finished(simulation, accuracy);
    this.#done++;
    onProgress?.({ done: this.#done, all: this.#all });
    return run;
  }

  /** Traffic, memory and energy. */
  #first(network: ListedNetwork, run: FinishedRun): void {
    const { neuronsPerCore, picojoulesPerOperation, memoryPerCore, tauMs, windowMs, bits } =
      this.#settings;
    const map = mapCores(network, neuronsPerCore);
    const traffic = chipTraffic(network, map, run);
    const memory = coreMemory(network, map, Math.max(...bits));
    const microjoules = traffic.operations * picojoulesPerOperation * 1e-6;
    this.#base = {
      name: network.document.name,
      dtMs: network.compiled.plan.dtMs,
      durationMs: run.durationMs,
      neurons: network.compiled.plan.neuronCount,
      synapses: network.projections.reduce((sum, { synapses }) => sum + synapses, 0),
      engine: run.engine,
      settings: { neuronsPerCore, picojoulesPerOperation, memoryPerCore, tauMs, windowMs },
      traffic,
      cores: map.cores.map((core, k) => ({
        ...core,
        ...(traffic.cores[k] as CoreLoad),
        memory: memory[k] as CoreMemory,
      })),
      energy: {
        operations: traffic.operations,
        microjoules,
        milliwatts: run.durationMs > 0 ? microjoules / run.durationMs : 0,
      },
      notes: network.notes,
    };
  }

  #compare(seed: number, full: FinishedRun, run: FinishedRun, found: BitsSoFar): void {
    const { tauMs, windowMs } = this.#settings;
    const { durationMs } = full;
    const size = this.#measured.reduce((sum, one) => sum + one.size, 0);
    const a = trainsOf(full, this.#measured);
    const b = trainsOf(run, this.#measured);
    const { distance, coincidence } = compareTrains(a, b, { tauMs, windowMs, durationMs });
    const rates = ratesOf(a, this.#measured, durationMs);
    const quantisedRates = ratesOf(b, this.#measured, durationMs);
    const rateHz = meanOf(rates, this.#measured, size);
    const quantisedRateHz = meanOf(quantisedRates, this.#measured, size);
    found.full.push(rates);
    found.quantised.push(quantisedRates);
    found.runs.push({
      seed,
      rateHz,
      quantisedRateHz,
      rateShift: shiftOf(rateHz, quantisedRateHz),
      distance,
      accuracyLoss:
        full.accuracy === null || run.accuracy === null
          ? 1 - coincidence
          : full.accuracy - run.accuracy,
    });
  }

  finish(): ChipReport {
    const base = this.#base;
    if (base === null) throw new Error('internal: a study without a run');
    const quantisation = [...this.#byBits].map(([bits, found]): QuantisationResult => {
      const over = (value: (run: QuantisedRun) => number): OverSeeds =>
        overSeeds(found.runs.map(value));
      return {
        bits,
        synapseBytes: found.synapseBytes,
        rateShift: over((run) => run.rateShift),
        distance: over((run) => run.distance),
        accuracyLoss: over((run) => run.accuracyLoss),
        runs: found.runs,
        populations: this.#measured.map(({ name }, k) => ({
          name,
          rateHz: overSeeds(found.full.map((rates) => rates[k] as number)),
          quantisedRateHz: overSeeds(found.quantised.map((rates) => rates[k] as number)),
        })),
        projections: found.projections,
      };
    });
    const report = { ...base, seeds: this.#seeds, quantisation, findings: [] };
    return { ...report, findings: findingsOf(report) };
  }
}

const shiftOf = (full: number, quantised: number): number =>
  full === 0 ? Number(quantised > 0) : (quantised - full) / full;

/** Mean and its standard error. */
export function overSeeds(values: readonly number[]): OverSeeds {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  if (n < 2) return { mean, standardError: 0 };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, standardError: Math.sqrt(squares / (n - 1) / n) };
}

/** The document with spikes of all populations recorded. */
function withSpikes(document: NetworkDocument): NetworkDocument {
  const names = new Set(document.recordings.map(({ name }) => name));
  const freeName = (wanted: string): string => {
    let name = wanted;
    for (let k = 2; names.has(name); k++) name = `${wanted} ${k}`;
    names.add(name);
    return name;
  };
  const added = document.populations.map(({ name }) => ({
    kind: 'spikes' as const,
    name: freeName(`chip ${name}`),
    target: { population: name },
  }));
  return { ...document, recordings: [...document.recordings, ...added] };
}

/** Populations that synapses reach; all that have neurons where there are no synapses. */
function measuredOf({ compiled, projections }: ListedNetwork): Measured[] {
  const targets = new Set(projections.map(({ target }) => target));
  return compiled.populations
    .filter(({ name, model }) => model !== null && (targets.size === 0 || targets.has(name)))
    .map(({ name, first, size }) => ({ name, first, size }));
}

async function finished(
  simulation: Simulation,
  accuracy: ChipOptions['accuracy'],
): Promise<FinishedRun> {
  const { steps, neurons } = simulation.allSpikes();
  const reached = accuracy === undefined ? null : await accuracy(simulation);
  if (reached !== null && !Number.isFinite(reached)) {
    throw new TypeError(`chipReport: accuracy must give a number, got ${describeValue(reached)}.`);
  }
  return {
    steps,
    neurons,
    stepCount: simulation.step,
    durationMs: simulation.timeMs,
    engine: simulation.engine,
    accuracy: reached,
  };
}

/** Spike times of every measured neuron, in ms. */
function trainsOf(
  { steps, neurons, stepCount, durationMs }: FinishedRun,
  measured: readonly Measured[],
): number[][] {
  const dtMs = stepCount === 0 ? 0 : durationMs / stepCount;
  const last = Math.max(0, ...measured.map(({ first, size }) => first + size));
  const all: number[][] = Array.from({ length: last }, () => []);
  for (const [k, neuron] of neurons.entries()) all[neuron]?.push((steps[k] as number) * dtMs);
  return measured.flatMap(({ first, size }) => all.slice(first, first + size));
}

/** Mean rate of each population in Hz. */
function ratesOf(
  trains: readonly (readonly number[])[],
  measured: readonly Measured[],
  durationMs: number,
): number[] {
  let from = 0;
  return measured.map(({ size }) => {
    let spikes = 0;
    for (let k = from; k < from + size; k++) spikes += trains[k]?.length ?? 0;
    from += size;
    return durationMs === 0 ? 0 : (1000 * spikes) / size / durationMs;
  });
}

/** Mean rate over all measured neurons. */
const meanOf = (rates: readonly number[], measured: readonly Measured[], size: number): number =>
  size === 0 ? 0 : rates.reduce((sum, rate, k) => sum + rate * (measured[k]?.size ?? 0), 0) / size;
