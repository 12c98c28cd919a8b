/**
 * A connection table as a network: one population of leaky integrate-and-fire neurons and one projection. The default
 * model is that of the whole fly brain (Shiu et al. 2024), for which such tables were published; a table says nothing
 * of neurons, so another model is as good.
 */
import { DIMENSIONS, parseQuantity } from '../language/units.ts';
import type { NetworkDocument, Quantity } from '../network/document.ts';
import { Network, type PopulationOptions } from '../network/network.ts';
import type { Population } from '../network/population.ts';
import type { ConnectomeTable } from './connectome-table.ts';

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

/** Shiu et al. 2024: both variables are frozen while refractory, and input that arrives then is lost. */
const FLY_NEURON = {
  eqs: `dv/dt = (v_rest - v + g)/tau_m : volt (unless refractory)
dg/dt = -g/tau_syn : volt (unless refractory)`,
  threshold: 'v > v_thresh',
  reset: 'v = v_reset; g = 0*mV',
  refractory: 'tau_refrac',
  method: 'exact',
  params: {
    v_rest: '-52 mV',
    v_reset: '-52 mV',
    v_thresh: '-45 mV',
    tau_m: '20 ms',
    tau_syn: '5 ms',
    tau_refrac: '2.2 ms',
  },
  initial: { v: 'v_rest' },
} as const;

/** Most neurons that are driven, evenly spread over the table; one event makes them fire, as in the published model. */
const MOST_DRIVEN = 1000;
const KICK = '68.75 mV';

/** The network, with spikes of all neurons of the table recorded. */
export function connectomeNetwork(
  table: ConnectomeTable,
  options: ConnectomeNetworkOptions = {},
): NetworkDocument {
  const { name = 'connectome', dt = '0.1 ms', seed = 1, input = 'g' } = options;
  const { neuronCount, pre, post, weight, delayMs } = table;
  const net = new Network({ name, dt, seed });
  const neurons = net.population('neurons', neuronCount, options.neuron ?? FLY_NEURON);
  net
    .projection('connections', neurons, neurons, {
      eqs: 'n_syn : 1 (constant)',
      onPre: `${input} += n_syn*w_syn`,
      params: { w_syn: options.weight ?? '0.275 mV' },
      initial: { n_syn: { values: weight, unit: '1' } },
      delay: delayMs === null ? (options.delay ?? '1.8 ms') : { values: delayMs, unit: 'ms' },
    })
    .connect({ rule: 'list', pre, post });
  if (options.neuron === undefined) addDrive(net, neurons, options.driveRate ?? '10 Hz');
  net.record.spikes(neurons);
  return net.document;
}

function addDrive(net: Network, neurons: Population, rate: Quantity): void {
  if (parseQuantity(rate, 'driveRate', DIMENSIONS.rate).value === 0) return;
  const count = Math.min(neurons.size, MOST_DRIVEN);
  const drive = net.poissonPopulation('drive', count, { rate });
  const driven = Uint32Array.from({ length: count }, (_, k) =>
    Math.floor((k * neurons.size) / count),
  );
  net
    .projection('drive to neurons', drive, neurons, { onPre: 'v += kick', params: { kick: KICK } })
    .connect({ rule: 'list', pre: Uint32Array.from(driven.keys()), post: driven });
}
