/**
 * Many runs of one network, for several seeds or values of parameters: as many at once as fit, by one engine, and the
 * results by run. Runs launches one after the other; what a launch is, is launch.ts.
 */
import { chooseEngine } from '../choose-engine.ts';
import { describeValue, isPlainObject } from '../language/argument.ts';
import { DIMENSIONS, parseQuantity } from '../language/units.ts';
import type { NetworkDocument, Quantity } from '../network/document.ts';
import type { Network } from '../network/network.ts';
import { checkSimulationOptions, type SimulationOptions } from '../simulation-options.ts';
import { type BuildNetwork, type PlannedRun, planRuns, type Variation } from './grid.ts';
import { runLaunch } from './launch.ts';
import { packRuns } from './pack.ts';
import type { ManyRun } from './run.ts';

/** Where many runs stand, as told to `onProgress` between batches of steps. */
export interface ManyProgress {
  /** Runs that have ended, of all. */
  readonly done: number;
  readonly all: number;
  /** Runs that are under way, all at the same time. */
  readonly running: number;
  /** Part of all simulated time that is done, 0…1. */
  readonly fraction: number;
  /** Wall time since the beginning. */
  readonly wallMs: number;
}

/** What to run, and how. */
export interface ManyOptions
  extends Variation,
    Omit<SimulationOptions, 'onSpikes' | 'keepSpikes' | 'watchSpikes' | 'probes' | 'onSamples'> {
  /** Simulated time of each run, rounded to steps. */
  readonly duration: Quantity;
  /**
   * Most runs at once, at least 1. Default: as many as have 262,144 neurons together. Results do not depend on it.
   */
  readonly atOnce?: number;
  /**
   * Most memory of runs that share a launch, by estimate, in bytes: that of the device, and of recorded variables until
   * they are read. Default 2^30. A run alone may take more.
   */
  readonly memoryBytes?: number;
  /** Stops at the next batch: resolves with the runs that have ended, and those under way as far as they came. */
  readonly signal?: AbortSignal;
  /** Called a few times a second. */
  readonly onProgress?: (progress: ManyProgress) => void;
  /** Called with every run when it has ended, launch by launch; the next launch waits for a promise that it returns. */
  readonly onRun?: (run: ManyRun) => unknown;
  /** Whether runs keep their recordings after onRun; default true. False: summaries only, and memory stays bounded. */
  readonly keep?: boolean;
}

/** What has become of many runs. */
export interface ManyRuns {
  /** In order of the grid; after cancelling, without those that had not begun. Look at `summary.error` of each. */
  readonly runs: readonly ManyRun[];
  /** How many there should have been. */
  readonly planned: number;
  /** Everything worth a warning, each once. */
  readonly warnings: readonly string[];
}

const OWN_OPTIONS = [
  'duration',
  'seeds',
  'vary',
  'atOnce',
  'memoryBytes',
  'signal',
  'onProgress',
  'onRun',
  'keep',
];
const DEFAULT_MEMORY = 2 ** 30;

/**
 * Runs a network for every seed and every combination of values. `network` is a network or document, whose parameters
 * `vary` names as withParameters does, or a function that makes the network of a run from these values.
 *
 *     const { runs } = await runMany(examples.brunel.build, { vary: { case: ['A', 'C'] }, seeds: [1, 2, 3], duration: '1 s' });
 *
 * Runs of one launch are compiled into one plan: equal code is dispatched once for all of them, and each has the spikes
 * that it would have alone, to the bit. A run that fails (a variable became NaN) is reported in its summary and the
 * others go on. Throws NetworkError that names the run for a wrong description, RangeError for wrong options,
 * DeviceError when the machine cannot run even a single one; runs that have ended by then have been given to onRun.
 */
export async function runMany(
  network: Network | NetworkDocument | BuildNetwork,
  options: ManyOptions,
): Promise<ManyRuns> {
  checkOptions(options);
  const { value: durationMs } = parseQuantity(
    options.duration,
    'runMany: duration',
    DIMENSIONS.time,
  );
  if (durationMs < 0) fail('duration', 'a time >= 0', options.duration);
  const planned = await planRuns(network, options);
  for (const { document } of planned) checkSteps(options.duration, durationMs, document.dt);
  const launches = packRuns(planned, {
    atOnce: options.atOnce ?? null,
    memoryBytes: options.memoryBytes ?? DEFAULT_MEMORY,
    durationMs,
    compile: sizeOptionsOf(options),
  });
  return new Many(options, durationMs, planned.length, launches).run();
}

class Many {
  readonly #options: ManyOptions;
  readonly #settings: SimulationOptions;
  readonly #durationMs: number;
  readonly #all: number;
  readonly #queue: (readonly PlannedRun[])[];
  readonly #began = performance.now();
  readonly #runs: ManyRun[] = [];
  readonly #warnings = new Set<string>();

  constructor(
    options: ManyOptions,
    durationMs: number,
    all: number,
    launches: readonly (readonly PlannedRun[])[],
  ) {
    this.#options = options;
    this.#settings = settingsOf(options);
    this.#durationMs = durationMs;
    this.#all = all;
    this.#queue = [...launches];
  }

  async run(): Promise<ManyRuns> {
    const { signal } = this.#options;
    const found: string[] = [];
    const engine = await chooseEngine(this.#settings, found);
    this.#warn(found);
    let number = 1;
    for (let next = this.#queue.shift(); next && !signal?.aborted; next = this.#queue.shift()) {
      const runs = next;
      const outcome = await runLaunch(runs, {
        engine,
        settings: this.#settings,
        durationMs: this.#durationMs,
        keepSpikes: (this.#options.keep ?? true) || this.#options.onRun !== undefined,
        signal,
        onBatch: (fraction) => this.#progress(runs.length, fraction),
        number,
      });
      if (outcome.kind === 'too-large') {
        this.#queue.unshift(...halves(runs));
        continue;
      }
      number++;
      this.#queue.unshift(...halves(outcome.again));
      this.#warn(outcome.warnings);
      for (const run of outcome.runs) await this.#end(run);
      this.#progress(0, 0);
    }
    return {
      runs: this.#runs.sort((a, b) => a.number - b.number),
      planned: this.#all,
      warnings: [...this.#warnings],
    };
  }

  async #end(run: ManyRun): Promise<void> {
    const { onRun, keep = true } = this.#options;
    this.#runs.push(run);
    if (run.summary.error !== null) {
      this.#warn([`The run with ${run.label} failed. ${run.summary.error}`]);
    }
    await onRun?.(run);
    if (!keep) run.forget();
  }

  #progress(running: number, part: number): void {
    const done = this.#runs.length;
    this.#options.onProgress?.({
      done,
      all: this.#all,
      running,
      fraction: (done + running * part) / this.#all,
      wallMs: performance.now() - this.#began,
    });
  }

  #warn(warnings: readonly string[]): void {
    for (const warning of warnings) {
      if (this.#warnings.has(warning)) continue;
      this.#warnings.add(warning);
      this.#options.onWarning?.(warning);
    }
  }
}

/** Two lists in place of one that was too long; fewer where there are fewer entries. */
function halves<T>(list: readonly T[]): (readonly T[])[] {
  const middle = Math.ceil(list.length / 2);
  return [list.slice(0, middle), list.slice(middle)].filter(({ length }) => length > 0);
}

/** What sizes depend on. */
function sizeOptionsOf({ precision = 'f32', synapses, synapseBytes }: ManyOptions) {
  return {
    precision,
    ...(synapses !== undefined && { synapses }),
    ...(synapseBytes !== undefined && { synapseBytes }),
  };
}

/** The options of a simulation among those of many. */
function settingsOf(options: ManyOptions): SimulationOptions {
  const entries = Object.entries(options).filter(([name]) => !OWN_OPTIONS.includes(name));
  return Object.fromEntries(entries);
}

function checkOptions(options: ManyOptions): void {
  checkSimulationOptions(options, 'runMany', OWN_OPTIONS);
  const { atOnce = 1, memoryBytes = 1, signal, onProgress, onRun, keep = true } = options;
  for (const name of ['onSpikes', 'keepSpikes', 'watchSpikes', 'probes', 'onSamples']) {
    if (!Object.hasOwn(options, name)) continue;
    const remedy = name.endsWith('Spikes')
      ? 'Use onRun, which gets every run with its spikes, and keep: false.'
      : 'Record variables in the network; probes are for a single simulation that somebody watches.';
    throw new RangeError(`runMany: unknown option "${name}". ${remedy}`);
  }
  if (options.duration === undefined) fail('duration', 'a time, such as "1 s"', undefined);
  if (!Number.isInteger(atOnce) || atOnce < 1) fail('atOnce', 'a whole number >= 1', atOnce);
  if (typeof memoryBytes !== 'number' || !(memoryBytes >= 0)) {
    fail('memoryBytes', 'a number of bytes', memoryBytes);
  }
  if (typeof keep !== 'boolean') fail('keep', 'true or false', keep);
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    fail('signal', 'an AbortSignal', signal);
  }
  for (const [name, callback] of Object.entries({ onProgress, onRun })) {
    if (callback !== undefined && typeof callback !== 'function') {
      fail(name, 'a function', callback);
    }
  }
  if (!isPlainObject(options.vary ?? {})) fail('vary', 'an object', options.vary);
}

/** Step numbers are 32-bit integers. */
function checkSteps(duration: Quantity, durationMs: number, dt: Quantity): void {
  const { value: dtMs } = parseQuantity(dt, 'dt', DIMENSIONS.time);
  if (durationMs / dtMs < 2 ** 31) return;
  fail('duration', `less than 2^31 steps of ${dt}`, duration);
}

function fail(what: string, wanted: string, got: unknown): never {
  throw new RangeError(`runMany: ${what} must be ${wanted}, got ${describeValue(got)}.`);
}
