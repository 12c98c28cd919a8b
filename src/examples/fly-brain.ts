/**
 * A network of the whole-brain fly model (Shiu et al. 2024) on given connections, with some neurons made to fire: one
 * population, numbered as the connections number it, and one Poisson source per driven neuron. For the examples with
 * millions of connections: lists become part of the document as they are, without a copy.
 */
import { models, Network, type NetworkDocument, type NumberList, type Quantity } from '../index.ts';

/** Connections as lists of equal length. */
export interface FlyConnections {
  readonly pre: Uint32Array;
  readonly post: Uint32Array;
  /** Synapses of each connection, negative when inhibitory. */
  readonly synapses: NumberList;
}

export interface FlyBrain {
  readonly name: string;
  readonly seed: number;
  readonly neurons: number;
  /** Belongs to the document from now on: do not change it. */
  readonly connections: FlyConnections;
  /** Neurons that are made to fire, each named once; may be none. They have no refractory period, as published. */
  readonly driven: readonly number[];
  /** Mean rate of their Poisson sources. */
  readonly rate: Quantity;
  /** Weight of one synapse; default that of the model. */
  readonly weight?: Quantity;
}

/**
 * The document. Sources reach their neurons with the delay of all connections, so that steps can be computed in
 * windows: the drive begins 1.8 ms after the start. Spikes of the brain are recorded, those of the sources are not.
 */
export function flyBrain(options: FlyBrain): NetworkDocument {
  const { name, seed, neurons, connections, driven, rate, weight } = options;
  const net = new Network({ name, seed });
  const synapse = models.flySynapse.with(weight === undefined ? {} : { w_syn: weight });
  const neuron = models.flyLif.with();
  const brain = net.population('brain', neurons, withoutRefractoryPeriod(neuron, neurons, driven));
  net.record.spikes(brain);
  if (driven.length > 0) {
    const sources = net.poissonPopulation('drive', driven.length, { rate });
    net
      .projection('drive to brain', sources, brain, {
        ...models.flyKick.with(),
        ...(synapse.delay !== undefined && { delay: synapse.delay }),
      })
      .connect({ rule: 'list', pre: driven.map((_, source) => source), post: driven });
  }
  const { document } = net;
  const initial = { n_syn: { values: jsonList(connections.synapses), unit: '1' } };
  const [pre, post] = [jsonList(connections.pre), jsonList(connections.post)];
  return {
    ...document,
    projections: [
      {
        name: 'brain to brain',
        source: { population: 'brain' },
        target: { population: 'brain' },
        ...synapse,
        initial,
        connect: { rule: 'list', pre, post },
      },
      ...document.projections,
    ],
  };
}

/** The neuron model with a refractory period per neuron, 0 for those that are driven. */
function withoutRefractoryPeriod(
  neuron: ReturnType<typeof models.flyLif.with>,
  count: number,
  driven: readonly number[],
): typeof neuron {
  if (driven.length === 0) return neuron;
  const { tau_refrac: period = 0, ...params } = neuron.params;
  const isFree = new Array<number>(count).fill(0);
  for (const index of driven) isFree[index] = 1;
  return {
    ...neuron,
    eqs: `${neuron.eqs}\nis_driven : 1 (constant)`,
    refractory: 'tau_refrac*(1 - is_driven)',
    params: { ...params, tau_refrac: period },
    initial: { ...neuron.initial, is_driven: { values: isFree, unit: '1' } },
  };
}

/** The same typed array, which JSON.stringify writes as a plain list; plain lists stay as they are. */
function jsonList<T extends NumberList>(list: T): T {
  if (Array.isArray(list)) return list;
  return Object.defineProperty(list, 'toJSON', {
    value: () => Array.from(list),
    configurable: true,
  });
}
