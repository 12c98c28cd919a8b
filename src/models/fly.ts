/**
 * The model of the whole fly brain of Shiu et al. 2024: its neuron, its synapse, and the kick by which neurons are made
 * to fire. Equations and parameters; connections come from data.
 */
import { defineModel, defineSynapse } from './model.ts';
import { tauM, tauRefrac, vReset, vRest, vThresh } from './parameters.ts';

const SOURCE = 'Shiu et al. 2024, Nature 634:210, doi:10.1038/s41586-024-07763-9';

/**
 * The neuron of the whole-brain fly model: leaky integrate-and-fire with one exponential input, written as a potential.
 *
 *     dv/dt = (v_rest - v + g)/tau_m,  dg/dt = -g/tau_syn;  spike at v > v_thresh: v = v_reset, g = 0
 *
 * Both variables stand still while refractory, and input that arrives then is lost. Neurons that are made to fire have
 * no refractory period (tau_refrac 0 ms). Integrated exactly. Synapses add to g [mV].
 */
export const flyLif = defineModel({
  name: 'fly-lif',
  title: 'Neuron of the whole-brain fly model',
  source: SOURCE,
  aliases: {},
  eqs: `
    dv/dt = (v_rest - v + g)/tau_m : volt (unless refractory)
    dg/dt = -g/tau_syn : volt (unless refractory)
  `,
  threshold: 'v > v_thresh',
  reset: 'v = v_reset; g = 0*mV',
  refractory: 'tau_refrac',
  method: 'exact',
  params: {
    v_rest: vRest('-52 mV'),
    v_reset: vReset('-52 mV'),
    v_thresh: vThresh('-45 mV'),
    tau_m: tauM('20 ms'),
    tau_syn: { value: '5 ms', above: '0 ms', doc: 'Time constant of input.', symbol: 'tau_s' },
    tau_refrac: tauRefrac('2.2 ms'),
  },
  initial: { v: 'v_rest' },
  inputs: { g: 'step of g, in volt; a sixth of it reaches v', v: 'step of the potential, in volt' },
});

/**
 * A connection of the fly model: n_syn synapses, negative when inhibitory, each of weight w_syn.
 *
 *     g += n_syn*w_syn
 *
 * Give n_syn its initial value, it is 0 otherwise.
 */
export const flySynapse = defineSynapse({
  name: 'fly-synapse',
  title: 'Connection of the whole-brain fly model',
  source: SOURCE,
  aliases: {},
  eqs: 'n_syn : 1 (constant)',
  onPre: 'g += n_syn*w_syn',
  delay: '1.8 ms',
  params: {
    w_syn: { value: '0.275 mV', doc: 'Weight of one synapse.' },
  },
});

/**
 * What makes a neuron of the fly model fire: a step of v by 250 synapse weights, far above the threshold.
 *
 *     v += kick
 */
export const flyKick = defineSynapse({
  name: 'fly-kick',
  title: 'Event that makes a neuron of the whole-brain fly model fire',
  source: SOURCE,
  aliases: {},
  onPre: 'v += kick',
  params: {
    kick: { value: '68.75 mV', doc: 'Step of the potential: 250 times 0.275 mV.' },
  },
});
