/**
 * The three benchmark networks of Brette et al. 2007 after Vogels & Abbott 2005: 80 % excitatory neurons, random
 * connections, no delays. CUBA with current-like synapses, COBA with conductances, COBAHH with Hodgkin–Huxley cells.
 * And the dense form of CUBA by which GeNN's authors measured synapses that are made again for every spike.
 */
import { type ConnectRule, models, Network, type Population } from '../index.ts';
import { defineExample } from './example.ts';

const CITATION =
  'Brette et al. 2007, J Comput Neurosci 23:349, doi:10.1007/s10827-007-0038-6 (after Vogels & Abbott 2005, J Neurosci 25:10786, doi:10.1523/JNEUROSCI.3508-05.2005)';

/** Mean number of synapses per neuron, 2 % of the published 4000; kept when the network grows. */
const IN_DEGREE = 80;

const neurons = {
  kind: 'number',
  default: 4000,
  min: 100,
  max: 10_000_000,
  integer: true,
  doc: 'Neurons, 80 % of them excitatory. Each keeps 80 synapses on average.',
} as const;

/** Excitatory and inhibitory synapses of the whole population onto itself, and spikes recorded. */
function connect(
  net: Network,
  all: Population,
  onPre: { exc: string; inh: string },
  rule: ConnectRule = { rule: 'fixed-probability', p: Math.min(1, IN_DEGREE / all.size) },
): void {
  const excitatory = all.slice(0, Math.round(0.8 * all.size));
  const inhibitory = all.slice(Math.round(0.8 * all.size));
  net.projection('exc', excitatory, all, { onPre: onPre.exc }).connect(rule);
  net.projection('inh', inhibitory, all, { onPre: onPre.inh }).connect(rule);
  net.record.spikes(all);
}

/** Current-based network: 5 to 6 Hz, irregular. */
export const cuba = defineExample({
  name: 'cuba',
  title: 'CUBA: 4000 leaky integrate-and-fire neurons, current-based synapses',
  citation: CITATION,
  note: 'Delays are 0, as in the benchmark. Rate 5.3 to 6.0 Hz by seed.',
  parameters: { neurons },
  defaultDuration: '1 s',
  build(values, seed) {
    const net = new Network({
      name: 'cuba',
      seed,
      params: { w_exc: '1.62 mV', w_inh: '-9 mV' },
    });
    const all = net.population('neurons', values.neurons, {
      eqs: `dv/dt = (v_rest - v + g_exc + g_inh)/tau_m : volt (unless refractory)
dg_exc/dt = -g_exc/tau_syn_exc : volt
dg_inh/dt = -g_inh/tau_syn_inh : volt`,
      threshold: 'v > v_thresh',
      reset: 'v = v_reset',
      refractory: 'tau_refrac',
      method: 'exact',
      params: {
        tau_m: '20 ms',
        tau_syn_exc: '5 ms',
        tau_syn_inh: '10 ms',
        v_rest: '-49 mV',
        v_thresh: '-50 mV',
        v_reset: '-60 mV',
        tau_refrac: '5 ms',
      },
      initial: { v: 'v_reset + rand()*(v_thresh - v_reset)' },
    });
    connect(net, all, { exc: 'g_exc += w_exc', inh: 'g_inh += w_inh' });
    return net.document;
  },
});

/** Conductance-based network: about 20 Hz, bursty. */
export const coba = defineExample({
  name: 'coba',
  title: 'COBA: 4000 leaky integrate-and-fire neurons, conductance-based synapses',
  citation: CITATION,
  note: 'Delays are 0, as in the benchmark. Rate 17.5 to 22 Hz by seed.',
  parameters: { neurons },
  defaultDuration: '1 s',
  build(values, seed) {
    const net = new Network({ name: 'coba', seed, params: { w_exc: '6 nS', w_inh: '67 nS' } });
    const all = net.population('neurons', values.neurons, {
      ...models.lifCondExp.with({
        c_m: '200 pF',
        tau_m: '20 ms',
        v_rest: '-60 mV',
        v_thresh: '-50 mV',
        v_reset: '-60 mV',
        tau_refrac: '5 ms',
        e_rev_exc: '0 mV',
        e_rev_inh: '-80 mV',
        tau_syn_exc: '5 ms',
        tau_syn_inh: '10 ms',
      }),
      initial: {
        v: '(-65 + 5*randn())*mV',
        g_exc: '10*nS*(4 + 1.5*randn())',
        g_inh: '10*nS*(20 + 12*randn())',
      },
    });
    connect(net, all, { exc: 'g_exc += w_exc', inh: 'g_inh += w_inh' });
    return net.document;
  },
});

/** Hodgkin–Huxley network. */
export const cobahh = defineExample({
  name: 'cobahh',
  title: 'COBAHH: 4000 Hodgkin–Huxley neurons, conductance-based synapses',
  citation: CITATION,
  note: 'Delays are 0, as in the benchmark. Gates start at 0.',
  parameters: { neurons },
  defaultDuration: '1 s',
  build(values, seed) {
    const net = new Network({ name: 'cobahh', seed, params: { w_exc: '6 nS', w_inh: '67 nS' } });
    const all = net.population('neurons', values.neurons, {
      ...models.hhTraub.with(),
      initial: {
        v: '(-65 + 5*randn())*mV',
        g_exc: '10*nS*(4 + 1.5*randn())',
        g_inh: '10*nS*(20 + 12*randn())',
      },
    });
    connect(net, all, { exc: 'g_exc += w_exc', inh: 'g_inh += w_inh' });
    return net.document;
  },
});

/** Probability of a connection, and the product of probability and neurons at which weights are the published ones. */
const DENSE = 0.1;
const PUBLISHED_IN_DEGREE = 4000 * 0.02;

/** GeNN's scaling benchmark: as dense as cortex, so synapses grow with the square of the neurons. */
export const vogelsAbbott = defineExample({
  name: 'vogels-abbott',
  title: 'Vogels–Abbott scaling benchmark: 10,000 neurons and 10 million synapses, up to a billion',
  citation:
    'Knight & Nowotny 2021, Nat Comput Sci 1:136, doi:10.1038/s43588-020-00022-7, figure 1 (github.com/BrainsOnBoard/procedural_paper, models/va_benchmark); after Vogels & Abbott 2005, J Neurosci 25:10786, doi:10.1523/JNEUROSCI.3508-05.2005',
  note: 'Every pair of neurons is connected with probability 0.1, weights go with 1/neurons, steps are 1 ms: parameters of the published program. Rests at -49 mV, above the threshold, so it needs no input: about 7 Hz. Published sizes are 10,000, 50,000 and 100,000 neurons (10 million, 250 million and 1 billion synapses). Our spikes act in the step after they happen, as there.',
  parameters: {
    neurons: {
      kind: 'number',
      default: 10_000,
      min: 1000,
      max: 140_000,
      integer: true,
      doc: 'Neurons, 80 % of them excitatory; synapses are a tenth of its square.',
    },
  },
  defaultDuration: '1 s',
  build(values, seed) {
    const scale = PUBLISHED_IN_DEGREE / (DENSE * values.neurons);
    const net = new Network({
      name: 'vogels-abbott',
      dt: '1 ms',
      seed,
      params: { w_exc: `${4 * scale} pA`, w_inh: `${-51 * scale} pA` },
    });
    const all = net.population('neurons', values.neurons, {
      ...models.lifCurrExp.with({
        c_m: '1000 pF',
        tau_m: '20 ms',
        v_rest: '-49 mV',
        v_reset: '-60 mV',
        v_thresh: '-50 mV',
        tau_refrac: '5 ms',
        tau_syn_exc: '5 ms',
        tau_syn_inh: '10 ms',
      }),
      initial: { v: 'v_reset + rand()*(v_thresh - v_reset)' },
    });
    const rule = { rule: 'fixed-probability', p: DENSE, autapses: false } as const;
    connect(net, all, { exc: 'i_exc += w_exc', inh: 'i_inh += w_inh' }, rule);
    return net.document;
  },
});
