/** What may be said about the compiling of a network, and its checks. Compiles nothing. */
import { describeValue, isPlainObject } from '../language/argument.ts';
import type { EngineChoice, EngineShape } from './engine-memory.ts';
import type { NetworkEstimate } from './estimate.ts';
import type { ProbeOptions } from './probes.ts';
import { DEFAULT_SYNAPSE_BYTES, type Wishes } from './ways.ts';

/** Decides sizes. */
export interface SizeOptions {
  /** Default "f32". "f64" is the oracle mode of the CPU engine. */
  readonly precision?: 'f32' | 'f64';
  /**
   * How synapses exist; the network is the same to the bit. Default "auto": stored, or procedural (made again whenever
   * a neuron spikes) for the largest projections that allow it, where stored synapses would take more than
   * `synapseBytes`. "stored": all. "procedural": all that can be, with a warning for each of the others; NetworkError
   * when none can. "host": stored, and made by the host, not by the engine. With "auto" a projection's own `synapses`
   * comes first.
   */
  readonly synapses?: 'auto' | 'stored' | 'procedural' | 'host';
  /** What "auto" lets stored synapses take, in bytes, rows aside; default 2^30. */
  readonly synapseBytes?: number;
}

/** Decides sizes, the engine's own included. */
export interface EstimateOptions extends SizeOptions {
  /** The engine that memory is estimated for; default "cpu". */
  readonly engine?: 'cpu' | 'gpu';
  /** Threads of the CPU engine, 1 … 64; default 1. Each may take a copy of the ring of inputs. */
  readonly threads?: number;
}

export interface CompileOptions extends SizeOptions {
  /** What may be looked at while the network runs, see Engine.probe; of the first network where there are several. */
  readonly probes?: readonly ProbeOptions[];
  /** Whether engines tell of the spikes of all populations, recorded or not; default false. */
  readonly watchSpikes?: boolean;
  /**
   * Told how large the network will be when its synapses have been counted, before memory for them is allocated. Calling
   * `estimate` takes little time.
   */
  readonly onCounted?: (counted: {
    readonly shape: EngineShape;
    estimate(choice: EngineChoice): NetworkEstimate;
  }) => void;
  /** Told when the synapses of a projection have been made, or left to the engine: projections done, of all. */
  readonly onProgress?: (done: number, all: number) => void;
}

const SIZE_OPTIONS = ['precision', 'synapses', 'synapseBytes'] as const;
const CALLBACKS = ['onCounted', 'onProgress'] as const;
const COMPILE_OPTIONS = ['probes', 'watchSpikes', ...CALLBACKS] as const;
const ENGINE_OPTIONS = ['engine', 'threads'] as const;

type Fail = (what: string, wanted: string, value: unknown) => never;

function checkSizes(options: SizeOptions, where: string, more: readonly string[]): Fail {
  const fail: Fail = (what, wanted, value) => {
    throw new TypeError(`${where}: ${what} must be ${wanted}, got ${describeValue(value)}.`);
  };
  const known: readonly string[] = [...SIZE_OPTIONS, ...more];
  const isFine = isPlainObject(options) && Object.keys(options).every((key) => known.includes(key));
  if (!isFine) fail('options', `an object with ${known.join(', ')}, all optional`, options);
  const { precision = 'f32', synapses = 'auto', synapseBytes = 0 } = options;
  if (precision !== 'f32' && precision !== 'f64') fail('precision', '"f32" or "f64"', precision);
  if (!['auto', 'stored', 'procedural', 'host'].includes(synapses)) {
    fail('synapses', '"auto", "stored", "procedural" or "host"', synapses);
  }
  if (typeof synapseBytes !== 'number' || !(synapseBytes >= 0)) {
    fail('synapseBytes', 'a number from 0 on', synapseBytes);
  }
  return fail;
}

/** Throws TypeError for options that are none. */
export function checkCompileOptions(options: CompileOptions): void {
  const fail = checkSizes(options, 'compileNetwork', COMPILE_OPTIONS);
  for (const name of CALLBACKS) {
    const callback: unknown = options[name];
    if (callback !== undefined && typeof callback !== 'function')
      fail(name, 'a function', callback);
  }
  if (options.probes !== undefined) checkProbes(options.probes, fail);
  const { watchSpikes = false } = options;
  if (typeof watchSpikes !== 'boolean') fail('watchSpikes', 'true or false', watchSpikes);
}

/** Most neurons of a population that may be looked at together: their samples are on their way with every batch. */
const MOST_PROBED = 256;

/** Calls `fail` for a list of probes that is none. */
export function checkProbes(
  probes: readonly ProbeOptions[],
  fail: (what: string, wanted: string, value: unknown) => never,
): void {
  if (!Array.isArray(probes)) fail('probes', 'a list of { population, … }', probes);
  const names = new Set<string>();
  for (const [k, probe] of probes.entries()) {
    const where = `probes[${k}]`;
    if (!isPlainObject(probe)) fail(where, 'an object with a population', probe);
    const { population, variables, most = 1 } = probe as ProbeOptions;
    for (const key of Object.keys(probe)) {
      const known = ['population', 'variables', 'most', 'every'];
      if (!known.includes(key)) fail(where, `an object of ${known.join(', ')}`, key);
    }
    if (typeof population !== 'string') fail(`${where}.population`, 'a name', population);
    if (names.has(population)) fail(`${where}.population`, 'named by one probe only', population);
    names.add(population);
    const isNames =
      variables === undefined ||
      variables === 'all' ||
      (Array.isArray(variables) &&
        variables.length > 0 &&
        variables.every((name: unknown) => typeof name === 'string') &&
        new Set(variables).size === variables.length);
    if (!isNames) fail(`${where}.variables`, '"all" or a list of different names', variables);
    if (!Number.isInteger(most) || most < 1 || most > MOST_PROBED) {
      fail(`${where}.most`, `a whole number from 1 to ${MOST_PROBED}`, most);
    }
  }
}

/** Throws TypeError for options that are none. */
export function checkEstimateOptions(options: EstimateOptions): void {
  const fail = checkSizes(options, 'estimateNetwork', ENGINE_OPTIONS);
  const { engine = 'cpu', threads = 1 } = options;
  if (engine !== 'cpu' && engine !== 'gpu') fail('engine', '"cpu" or "gpu"', engine);
  if (!Number.isInteger(threads) || threads < 1 || threads > 64) {
    fail('threads', 'a whole number from 1 to 64', threads);
  }
}

/** What the options wish of synapses. */
export const wishesOf = ({
  synapses = 'auto',
  synapseBytes = DEFAULT_SYNAPSE_BYTES,
}: SizeOptions): Wishes => ({ synapses, synapseBytes });
