/** What may be said about the compiling of a network, and its checks. Compiles nothing. */
import { describeValue, isPlainObject } from '../language/argument.ts';
import type { NetworkEstimate } from './estimate.ts';
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

export interface CompileOptions extends SizeOptions {
  /** Told how large the network will be when its synapses have been counted, before memory for them is allocated. */
  readonly onEstimate?: (estimate: NetworkEstimate) => void;
  /** Told when the synapses of a projection have been made, or left to the engine: projections done, of all. */
  readonly onProgress?: (done: number, all: number) => void;
}

const SIZE_OPTIONS = ['precision', 'synapses', 'synapseBytes'] as const;

/** Throws TypeError for options that are none; `where` begins the message, `callbacks` names more options. */
export function checkCompileOptions(
  options: CompileOptions,
  where: string,
  callbacks: readonly ('onEstimate' | 'onProgress')[] = [],
): void {
  const fail = (what: string, wanted: string, value: unknown): never => {
    throw new TypeError(`${where}: ${what} must be ${wanted}, got ${describeValue(value)}.`);
  };
  const known: readonly string[] = [...SIZE_OPTIONS, ...callbacks];
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
  for (const name of callbacks) {
    const callback: unknown = options[name];
    if (callback !== undefined && typeof callback !== 'function')
      fail(name, 'a function', callback);
  }
}

/** What the options wish of synapses. */
export const wishesOf = ({
  synapses = 'auto',
  synapseBytes = DEFAULT_SYNAPSE_BYTES,
}: SizeOptions): Wishes => ({ synapses, synapseBytes });
