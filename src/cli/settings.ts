/** How a command line wants a network to be simulated, read from its options. Simulates nothing. */
import type { SimulationOptions } from '../index.ts';
import { UsageError } from './usage.ts';
import type { Options } from './verbs.ts';

/** The options of createSimulation that a command line names. Throws UsageError for values that are none. */
export function simulationOptions(options: Options): SimulationOptions {
  const { adapter, strict } = options;
  const engine = maybe(options.engine, (name) => chosen('engine', name, ['gpu', 'cpu', 'auto']));
  const precision = maybe(options.precision, readPrecision);
  const synapses = maybe(options.synapses, readSynapses);
  const threads = maybe(options.threads, readThreads);
  if (precision === 'f64' && engine === 'gpu') {
    throw new UsageError('--precision f64 is a mode of the CPU engine; use --engine cpu.');
  }
  if (threads !== undefined && engine === 'gpu') {
    throw new UsageError('--threads are those of the CPU engine; use --engine cpu.');
  }
  if (precision === 'f64' && synapses === 'procedural') {
    throw new UsageError(
      '--synapses procedural needs --precision f32: f64 has stored synapses only.',
    );
  }
  return {
    ...(engine !== undefined && { engine }),
    ...(precision !== undefined && { precision }),
    ...(synapses !== undefined && { synapses }),
    ...(threads !== undefined && { threads }),
    ...(adapter !== undefined && { adapter }),
    strict,
  };
}

const maybe = <Value>(
  text: string | undefined,
  read: (text: string) => Value,
): Value | undefined => (text === undefined ? undefined : read(text));

/** The value of --precision. */
export const readPrecision = (name: string) => chosen('precision', name, ['f32', 'f64']);

/** The value of --synapses. */
export const readSynapses = (name: string) =>
  chosen('synapses', name, ['auto', 'stored', 'procedural']);

const MOST_THREADS = 64;

function readThreads(text: string): number {
  const threads = Number(text);
  if (/^\d+$/.test(text) && threads >= 1 && threads <= MOST_THREADS) return threads;
  throw new UsageError(
    `--threads must be a whole number from 1 to ${MOST_THREADS}, got "${text}".`,
  );
}

/** One of the allowed values of an option. */
export function chosen<const Choice extends string>(
  option: string,
  value: string,
  allowed: readonly Choice[],
): Choice {
  const found = allowed.find((one) => one === value);
  if (found !== undefined) return found;
  throw new UsageError(`--${option} must be ${allowed.join(' or ')}, got "${value}".`);
}
