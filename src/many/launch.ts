/**
 * One launch: several runs compiled into one plan and run by one engine at the same time. Ends with what each of them
 * has recorded, or says that they are too many, or which one has failed.
 */
import { createEngine, type EngineChoice } from '../choose-engine.ts';
import type { Engine } from '../engine.ts';
import { EngineState } from '../engine-state.ts';
import { DeviceError, NetworkError } from '../errors.ts';
import { Interventions } from '../interventions.ts';
import type { NetworkDocument } from '../network/document.ts';
import { type CompiledNetwork, compileTogether } from '../plan/compile.ts';
import { Recordings } from '../recording/recordings.ts';
import { slowTimesOf } from '../recording/slow-time.ts';
import { runInBatches } from '../run-batches.ts';
import { compileOptionsOf, type SimulationOptions } from '../simulation-options.ts';
import { ofRun, type PlannedRun } from './grid.ts';
import { LaunchRecorder, rangeOf } from './recorder.ts';
import { ManyRun } from './run.ts';

/** How a launch is run. */
export interface LaunchOptions {
  readonly engine: EngineChoice;
  readonly settings: SimulationOptions;
  /** Simulated time, rounded to steps. */
  readonly durationMs: number;
  readonly keepSpikes: boolean;
  readonly signal: AbortSignal | undefined;
  /** Called after each batch with the part that is done, 0…1. */
  readonly onBatch: (fraction: number) => void;
  /** Of this launch, from 1. */
  readonly number: number;
}

/** How a launch ended. */
export type LaunchOutcome =
  | {
      readonly kind: 'ended';
      readonly runs: readonly ManyRun[];
      /** Runs that have to be run again, because the failure of one has ended the launch. */
      readonly again: readonly PlannedRun[];
      readonly warnings: readonly string[];
    }
  | { readonly kind: 'too-large' };

const TOO_LARGE = { kind: 'too-large' } as const;

/** Compiles and runs. Throws NetworkError that names the run whose network is wrong. */
export async function runLaunch(
  planned: readonly PlannedRun[],
  options: LaunchOptions,
): Promise<LaunchOutcome> {
  const began = performance.now();
  const networks = compiled(planned, options.settings);
  if (networks === null) return TOO_LARGE;
  const compiledAt = performance.now();
  options.settings.onBuild?.({ phase: 'engine' });
  const recorder = new LaunchRecorder(networks, options.keepSpikes);
  const made = await engineFor(networks, recorder, options);
  if (made === null) return TOO_LARGE;
  const { engine, fallback } = made;
  // They share one plan, whose synapses the engine holds now.
  networks[0]?.release();
  try {
    const launch = new Launch(planned, networks, recorder, engine, options);
    await launch.run();
    return await launch.outcome(
      (compiledAt - began) / 1000,
      (launch.startedAt - compiledAt) / 1000,
      fallback === null ? [] : [fallback],
    );
  } finally {
    engine.destroy();
  }
}

/** Fields are sampled by the host of a single simulation. */
function refuseFieldRecordings({ fields = [], recordings }: NetworkDocument, label: string): void {
  const names = new Set(fields.map(({ name }) => name));
  const found = recordings.find(({ target }) => names.has(target.population));
  if (found === undefined) return;
  throw ofRun(
    label,
    new NetworkError(
      `Recording "${found.name}" is of a field, which many runs at once do not record. Leave it out, or run the ` +
        'networks one by one with createSimulation.',
      { path: `recording "${found.name}"`, value: found.target.population },
    ),
  );
}

/** The networks in one plan; null when they are too large together. */
function compiled(
  planned: readonly PlannedRun[],
  settings: SimulationOptions,
): readonly CompiledNetwork[] | null {
  const options = compileOptionsOf(settings);
  for (const { document, label } of planned) refuseFieldRecordings(document, label);
  try {
    return compileTogether(
      planned.map(({ document }) => document),
      options,
    );
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    // Which of them is wrong, and in its own words, is found out one by one.
    for (const { document, label } of planned) {
      try {
        compileTogether([document], options);
      } catch (own) {
        throw own instanceof NetworkError ? ofRun(label, own) : own;
      }
    }
    return null;
  }
}

/** An engine for the plan; null when it is too large for the device, and smaller launches may not be. */
async function engineFor(
  networks: readonly CompiledNetwork[],
  recorder: LaunchRecorder,
  { engine, settings }: LaunchOptions,
): Promise<{ engine: Engine; fallback: string | null } | null> {
  const [{ plan }] = networks as readonly [CompiledNetwork];
  if (networks.length === 1) return createEngine(engine, settings, plan, recorder);
  try {
    // Smaller launches on the GPU come before large ones on the CPU.
    const first = engine === 'gpu-else-cpu' ? 'gpu' : engine;
    return await createEngine(first, settings, plan, recorder);
  } catch (error) {
    if (!(error instanceof DeviceError)) throw error;
    if (error.reason === 'limit' || error.reason === 'memory') return null;
    if (engine !== 'gpu-else-cpu') throw error;
    return createEngine(engine, settings, plan, recorder);
  }
}

/** A run's failure. */
interface Failure {
  /** Index in the launch. */
  readonly run: number;
  readonly error: NetworkError;
}

class Launch {
  readonly startedAt = performance.now();
  readonly #planned: readonly PlannedRun[];
  readonly #networks: readonly CompiledNetwork[];
  readonly #recorder: LaunchRecorder;
  readonly #engine: Engine;
  readonly #options: LaunchOptions;
  readonly #steps: number;
  readonly #interventions: readonly Interventions[];
  #failure: Failure | null = null;
  #wallMs = 0;
  #recordMs = 0;

  constructor(
    planned: readonly PlannedRun[],
    networks: readonly CompiledNetwork[],
    recorder: LaunchRecorder,
    engine: Engine,
    options: LaunchOptions,
  ) {
    this.#planned = planned;
    this.#networks = networks;
    this.#recorder = recorder;
    this.#engine = engine;
    this.#options = options;
    this.#interventions = networks.map(
      (network) => new Interventions(new EngineState(network, () => engine)),
    );
    this.#steps = Math.round(options.durationMs / this.#plan.dtMs);
  }

  get #plan(): CompiledNetwork['plan'] {
    return (this.#networks[0] as CompiledNetwork).plan;
  }

  async run(): Promise<void> {
    const engine = this.#engine;
    const { signal, onBatch } = this.#options;
    const run = {
      windowSteps: this.#plan.windowSteps,
      step: () => engine.step,
      run: (steps: number) => this.#batch(steps),
    };
    try {
      await runInBatches(run, this.#steps, signal, (done) => onBatch(done / this.#steps));
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error;
      this.#failure = this.#failureOf(error);
    }
  }

  async #batch(steps: number): Promise<number> {
    const began = performance.now();
    let elapsed = 0;
    try {
      const { step } = this.#engine;
      for (const interventions of this.#interventions) await interventions.apply(step);
      const free = Math.min(...this.#interventions.map((one) => one.until(step)));
      await this.#engine.advance(Math.min(steps, free), this.#options.signal);
    } finally {
      elapsed = performance.now() - began;
      this.#wallMs += elapsed;
      // Also after an error: spikes that happened before it did happen.
      this.#recorder.takeArrived();
      this.#recordMs += performance.now() - began - elapsed;
    }
    return elapsed;
  }

  /** The run that an engine's error is of: names in the plan begin with its number. */
  #failureOf(error: NetworkError): Failure {
    const { message, path, value, problems } = error;
    if (this.#networks.length === 1) return { run: 0, error };
    const [prefix, number] = /\brun (\d+)\//.exec(path) ?? /\brun (\d+)\//.exec(message) ?? [];
    if (prefix === undefined) throw error;
    const own = (text: string): string => text.replaceAll(prefix, '');
    const details = { path: own(path), value, problems };
    return { run: Number(number) - 1, error: new NetworkError(own(message), details) };
  }

  async outcome(
    compileSeconds: number,
    buildSeconds: number,
    warnings: readonly string[],
  ): Promise<LaunchOutcome> {
    const times = { compile_s: compileSeconds, build_s: buildSeconds };
    const failed = this.#failure?.run ?? null;
    const ended = this.#planned.map((_, k) => k).filter((k) => failed === null || k === failed);
    const runs = await Promise.all(ended.map((k) => this.#ended(k, times)));
    return {
      kind: 'ended',
      runs,
      again: failed === null ? [] : this.#planned.filter((_, k) => k !== failed),
      warnings: [...this.#warnings(), ...warnings, ...(this.#engine.warnings ?? [])],
    };
  }

  /** Each once, and of which run where it is not of all. */
  #warnings(): string[] {
    const all = new Map<string, PlannedRun[]>();
    this.#networks.forEach(({ warnings }, k) => {
      for (const warning of warnings) {
        all.set(warning, [...(all.get(warning) ?? []), this.#planned[k] as PlannedRun]);
      }
    });
    return [...all].map(([warning, runs]) => {
      if (runs.length === this.#planned.length) return warning;
      const others = runs.length > 1 ? ` and ${runs.length - 1} more` : '';
      return `${warning} (with ${runs[0]?.label}${others})`;
    });
  }

  async #ended(k: number, times: { compile_s: number; build_s: number }): Promise<ManyRun> {
    const planned = this.#planned[k] as PlannedRun;
    const network = this.#networks[k] as CompiledNetwork;
    const store = this.#recorder.stores[k];
    if (store === undefined) throw new Error(`internal: no store for run ${k}`);
    const plan = this.#plan;
    const { step } = this.#engine;
    const { first, size } = rangeOf(network);
    const populations = network.populations.map((population) => ({
      name: population.name,
      size: population.size,
      first: population.first - first,
      method: population.method?.method ?? null,
    }));
    const recordings = new Recordings({
      populations,
      recordings: network.recordings,
      dtMs: plan.dtMs,
      store,
      tracesOf: (kernel) => this.#recorder.tracesOf(kernel),
    });
    const durationMs = step * plan.dtMs;
    const wallSeconds = this.#wallMs / 1000;
    const simulatedSeconds = (durationMs / 1000) * this.#planned.length;
    const summary = {
      run: planned.number,
      label: planned.label,
      parameters: planned.values,
      launch: this.#options.number,
      at_once: this.#planned.length,
      is_complete: this.#failure === null && step === this.#steps,
      error: this.#failure?.error.message ?? null,
      model: planned.document.name,
      engine: this.#engine.kind,
      adapter: this.#engine.adapter,
      precision: plan.precision,
      exact_arithmetic: this.#engine.exactArithmetic,
      seed: planned.seed,
      dt_ms: plan.dtMs,
      duration_ms: durationMs,
      slow_time: slowTimesOf(planned.document, durationMs),
      neurons: size,
      synapses: network.projections.reduce((sum, { synapses }) => sum + synapses, 0),
      memory_bytes: this.#engine.bytes,
      ...times,
      wall_s: wallSeconds,
      record_s: this.#recordMs / 1000,
      realtime_factor: simulatedSeconds > 0 ? wallSeconds / simulatedSeconds : null,
      ...recordings.totals(step),
      populations: recordings.populationSummaries(step),
      spike_hash: await recordings.spikeHash(),
      warnings: network.warnings,
    };
    return new ManyRun({ planned, summary, populations, recordings, steps: step });
  }
}
