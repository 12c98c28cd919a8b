/** How a connection table is read and what network is made of it: the options and their checks. Reads nothing. */
import { isPlainObject } from '../language/argument.ts';
import type { Quantity } from '../network/document.ts';
import type { PopulationOptions } from '../network/network.ts';
import { checkKnownOptions, checkOptionalText, refuseArgument } from './arguments.ts';

export interface ConnectomeNetworkOptions {
  /** Name of the network; default "connectome". */
  readonly name?: string;
  /** Default "0.1 ms". */
  readonly dt?: Quantity;
  /** Default 1. */
  readonly seed?: number;
  /** The neurons; default: the model of the fly brain. */
  readonly neuron?: PopulationOptions;
  /** Variable that synapses add to; default "g". */
  readonly input?: string;
  /** What a weight of 1 adds; default "0.275 mV". */
  readonly weight?: Quantity;
  /** Delay of every connection, where the table has none; default "1.8 ms". */
  readonly delay?: Quantity;
  /**
   * Rate at which some neurons of the default model are made to fire, at random: a table has no input, and without any
   * nothing happens. Parameter `rate` of population "drive"; "0 Hz" leaves the drive out. Default "10 Hz".
   */
  readonly driveRate?: Quantity;
}

const NETWORK_OPTIONS = ['name', 'dt', 'seed', 'neuron', 'input', 'weight', 'delay', 'driveRate'];

/** Throws TypeError or RangeError for what are no options of connectomeNetwork; their values are checked by the network. */
export function checkConnectomeOptions(value: unknown, where: string): void {
  checkKnownOptions(value, where, NETWORK_OPTIONS);
}

const TABLE_OPTIONS = ['file', 'columns', 'reference', 'neurons', 'neuronCount'];
const MAPPING = ['pre', 'post', 'weight', 'delay', 'sign'];
const MOST_NEURONS = 2 ** 32 - 1;

/** Throws TypeError or RangeError for what are no options of readConnectomeTable. */
export function checkTableOptions(value: unknown, where: string): void {
  checkKnownOptions(value, where, TABLE_OPTIONS);
  const { file, columns, reference, neurons, neuronCount } = value as Record<string, unknown>;
  checkOptionalText(file, `${where}: file`);
  if (columns !== undefined) {
    checkKnownOptions(columns, `${where}: columns`, MAPPING);
    for (const [meaning, name] of Object.entries(columns as object)) {
      const isNeeded = meaning === 'pre' || meaning === 'post';
      if (typeof name === 'string' || (name === undefined && !isNeeded)) continue;
      refuseArgument(`${where}: columns.${meaning}`, 'the name of a column', name);
    }
    const { pre, post } = columns as Record<string, unknown>;
    if (pre === undefined || post === undefined) {
      refuseArgument(`${where}: columns`, 'an object with pre and post', columns);
    }
  }
  if (reference !== undefined && !['index', 'id', 'auto'].includes(reference as string)) {
    refuseArgument(`${where}: reference`, '"index", "id" or "auto"', reference);
  }
  const isCount =
    typeof neuronCount === 'number' &&
    Number.isInteger(neuronCount) &&
    neuronCount >= 1 &&
    neuronCount <= MOST_NEURONS;
  if (neuronCount !== undefined && !isCount) {
    refuseArgument(`${where}: neuronCount`, 'a whole number from 1 on', neuronCount);
  }
  const isTable =
    isPlainObject(neurons) &&
    Array.isArray((neurons as { ids?: unknown }).ids) &&
    (neurons as { numberOf?: unknown }).numberOf instanceof Map;
  if (neurons !== undefined && !isTable) {
    refuseArgument(`${where}: neurons`, 'a table from readNeuronTable', neurons);
  }
}
