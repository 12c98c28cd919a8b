/** What a chip study is asked for, and its checks. Runs nothing. */
import { describeValue, isPlainObject } from '../language/argument.ts';
import { DIMENSIONS, parseQuantity } from '../language/units.ts';
import type { NetworkDocument, Quantity } from '../network/document.ts';
import type { Network } from '../network/network.ts';
import type { Simulation } from '../simulation.ts';
import type { SimulationOptions } from '../simulation-options.ts';
import { checkBits } from './quantise.ts';

/** The network, or a function that makes it from a seed. */
export type ChipSubject =
  | Network
  | NetworkDocument
  | ((seed: number) => Network | NetworkDocument | Promise<Network | NetworkDocument>);

/** How far a study is. */
export interface ChipProgress {
  /** Runs that have ended, of all. */
  readonly done: number;
  readonly all: number;
}

/** What to study, and how. */
export interface ChipOptions
  extends Pick<SimulationOptions, 'engine' | 'adapter' | 'device' | 'threads' | 'strict'> {
  /** Bits of weights, each 1 … 24; default 8, 6, 4, 1. */
  readonly bits?: readonly number[];
  /** Seeds 0 … 2^32-1, one run of each network for each; default the network's own. */
  readonly seeds?: readonly number[];
  /** Simulated time of each run; default "1 s". */
  readonly duration?: Quantity;
  /** Most neurons on a core; default 1024. */
  readonly neuronsPerCore?: number;
  /** Energy of a synaptic operation in pJ; default 23.6, the least that Davies et al. (2018) give for Loihi. */
  readonly picojoulesPerOperation?: number;
  /** Memory of a core in bytes, for the report of what does not fit; default 2^18, the 2 Mbit of a Loihi core. */
  readonly memoryPerCore?: number;
  /** Time constant of the van Rossum distance; default "20 ms". */
  readonly tau?: Quantity;
  /** Largest distance of two spikes that count as the same; default "2 ms". */
  readonly window?: Quantity;
  /**
   * How well a run does its task, after it has ended; larger is better. The loss of accuracy is by how much less it is with
   * quantised weights. Default: the coincidence factor with the run of full precision, which is 1 for that itself.
   */
  readonly accuracy?: (simulation: Simulation) => number | Promise<number>;
  /** Called after every run. */
  readonly onProgress?: (progress: ChipProgress) => void;
  /** Ends the study after the run that is under way, with an AbortError. */
  readonly signal?: AbortSignal;
}

/** Options with all defaults filled in, but for the seeds; times in ms. */
export interface ChipSettings {
  readonly bits: readonly number[];
  readonly seeds: readonly number[] | null;
  readonly duration: Quantity;
  readonly neuronsPerCore: number;
  readonly picojoulesPerOperation: number;
  readonly memoryPerCore: number;
  readonly tauMs: number;
  readonly windowMs: number;
}

const OPTIONS = [
  ...['bits', 'seeds', 'duration', 'neuronsPerCore', 'picojoulesPerOperation', 'memoryPerCore'],
  ...['tau', 'window', 'accuracy', 'onProgress', 'signal'],
  ...['engine', 'adapter', 'device', 'threads', 'strict'],
];

const MOST_SEED = 2 ** 32 - 1;

/** Throws TypeError, RangeError or NetworkError for options that are none. */
export function readChipOptions(options: ChipOptions): ChipSettings {
  if (!isPlainObject(options)) {
    throw new TypeError(`chipReport: options must be an object, got ${describeValue(options)}.`);
  }
  const stranger = Object.keys(options).find((key) => !OPTIONS.includes(key));
  if (stranger !== undefined) {
    throw new TypeError(`chipReport: unknown option "${stranger}". Known: ${OPTIONS.join(', ')}.`);
  }
  const { bits = [8, 6, 4, 1], seeds, duration = '1 s', accuracy, onProgress } = options;
  if (!Array.isArray(bits) || bits.length === 0) {
    throw new TypeError(
      `chipReport: bits must be a list such as [8, 4], got ${describeValue(bits)}.`,
    );
  }
  for (const one of bits) checkBits(one as number);
  if (seeds !== undefined) checkSeeds(seeds);
  for (const [name, call] of Object.entries({ accuracy, onProgress })) {
    if (call === undefined || typeof call === 'function') continue;
    throw new TypeError(`chipReport: ${name} must be a function, got ${describeValue(call)}.`);
  }
  const above = (name: 'picojoulesPerOperation' | 'memoryPerCore', standard: number): number => {
    const { [name]: value = standard } = options;
    if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
    throw new RangeError(
      `chipReport: ${name} must be a number from 0 on, got ${describeValue(value)}.`,
    );
  };
  const { neuronsPerCore = 1024, tau = '20 ms', window = '2 ms' } = options;
  if (!Number.isSafeInteger(neuronsPerCore) || neuronsPerCore < 1) {
    throw new RangeError(
      `chipReport: neuronsPerCore must be a whole number from 1 on, got ${describeValue(neuronsPerCore)}.`,
    );
  }
  timeOf(duration, 'duration');
  return {
    bits: [...new Set(bits as number[])].sort((a, b) => b - a),
    seeds: seeds ?? null,
    duration,
    neuronsPerCore,
    picojoulesPerOperation: above('picojoulesPerOperation', 23.6),
    memoryPerCore: above('memoryPerCore', 2 ** 18),
    tauMs: timeOf(tau, 'tau'),
    windowMs: timeOf(window, 'window'),
  };
}

function checkSeeds(seeds: readonly number[]): void {
  const isSeed = (seed: unknown): boolean =>
    Number.isInteger(seed) && (seed as number) >= 0 && (seed as number) <= MOST_SEED;
  if (Array.isArray(seeds) && seeds.length > 0 && seeds.every(isSeed)) return;
  throw new TypeError(
    `chipReport: seeds must be a list of whole numbers from 0 to ${MOST_SEED}, got ${describeValue(seeds)}.`,
  );
}

/** A time above 0, in ms. */
function timeOf(value: Quantity, name: string): number {
  const { value: ms } = parseQuantity(value, `chipReport: ${name}`, DIMENSIONS.time);
  if (ms > 0) return ms;
  throw new RangeError(`chipReport: ${name} must be a time above 0, got ${describeValue(value)}.`);
}
