/**
 * Synaptic tagging and capture: early change driven by calcium, a tag, and the protein of the neuron that makes the
 * change last. Luboeinski & Tetzlaff 2021. A synapse model, and the neuron's part as a fragment for `extend`.
 */
import { extend } from './extend.ts';
import { defineModel, defineSynapse } from './model.ts';

const source =
  'Luboeinski & Tetzlaff 2021, Commun Biol 4:275, doi:10.1038/s42003-021-01778-y; calcium model of Graupner & Brunel 2012, Proc Natl Acad Sci USA 109:3991';

/**
 * Protein for late plasticity: made while the early changes of all synapses together are large. A fragment for `extend`.
 *
 *     tau_p p' = alpha (change > theta_pro) - p;  change = sum over synapses of |h - h_0|, from taggingAndCapture
 */
export const plasticityProteins = defineModel({
  name: 'plasticity-proteins',
  title: 'Protein for late plasticity',
  source,
  aliases: {},
  eqs: `
    change : volt
    dprotein/dt = (alpha_pro*int(change > theta_pro) - protein)/tau_p : 1 (slow)
  `,
  slow: '100 ms',
  params: {
    alpha_pro: { value: 1, min: 0, doc: 'Protein at full synthesis.', symbol: 'alpha' },
    theta_pro: {
      value: '2.10037269618 mV',
      min: '0 mV',
      doc: 'Early change of all synapses above which protein is made; half of h_0.',
    },
    tau_p: { value: '60 min', above: '0 ms', doc: 'Time constant of the protein.' },
  },
  initial: {},
});

/** The membrane of the paper: currents in mV, weight times an exponential. */
const membrane = defineModel({
  name: 'lif-tagging-membrane',
  title: 'Leaky integrate-and-fire with exponential currents',
  source,
  aliases: {},
  eqs: `
    dv/dt = (v_rest - v + v_syn + r_m*i_offset)/tau_m : volt (unless refractory)
    dv_syn/dt = -v_syn/tau_syn : volt
  `,
  threshold: 'v > v_thresh',
  reset: 'v = v_reset',
  refractory: 'tau_refrac',
  params: {
    tau_m: { value: '10 ms', above: '0 ms', doc: 'Membrane time constant.' },
    r_m: { value: '10 Mohm', above: '0 ohm', doc: 'Membrane resistance.' },
    tau_syn: { value: '5 ms', above: '0 ms', doc: 'Decay of synaptic currents.' },
    v_rest: { value: '-65 mV', doc: 'Resting potential.' },
    v_thresh: { value: '-55 mV', doc: 'Threshold.' },
    v_reset: { value: '-70 mV', doc: 'Potential after a spike.' },
    tau_refrac: { value: '2 ms', min: '0 ms', doc: 'Refractory period.' },
    i_offset: { value: '0 pA', doc: 'Constant current.' },
  },
  initial: { v: 'v_rest' },
});

/** The neuron of the paper, with its protein: target of taggingAndCapture. */
export const lifTagging = extend(membrane, plasticityProteins, { name: 'lif-tagging' });

/**
 * Synaptic tagging and capture (STC).
 *
 *     c   decays with tau_c; + c_pre at a presynaptic spike (18.8 ms later), + c_post at a postsynaptic one
 *     tau_h h' = rho (h_0 - h) + gamma_p (h_max - h) (c > theta_p) - gamma_d h (c > theta_d) + noise
 *     tau_z z' = p [(z_max - z) (h - h_0 > theta_tag) - (z + 1/2) (h_0 - h > theta_tag)]
 *     weight   w = h + h_0 z, added to v_syn of the target 3 ms after the spike
 *
 * Calcium is followed at every step; h and z advance every 20 ms, from the parts of that time in which calcium was above
 * its thresholds. noise = sigma_pl sqrt(tau_h [(c > theta_p) + (c > theta_d)]) xi.
 */
export const taggingAndCapture = defineSynapse({
  name: 'tagging-and-capture',
  title: 'Synaptic tagging and capture',
  source,
  aliases: {},
  eqs: `
    dc/dt = -c/tau_c : 1 (event-driven)
    dh/dt = (rho*(h_0 - h) + gamma_p*(h_max - h)*mean(int(c > theta_p)) - gamma_d*h*mean(int(c > theta_d)))/tau_h
      + sigma_pl*sqrt((mean(int(c > theta_p)) + mean(int(c > theta_d)))/tau_h)*xi : volt (slow)
    dz/dt = protein_post*((z_max - z)*int(h - h_0 > theta_tag) - (z + z_min)*int(h_0 - h > theta_tag))/tau_z : 1 (slow)
    change_post = abs(h - h_0) : volt (summed)
  `,
  onPre: { calcium: 'c += c_pre', transmit: 'v_syn += clip(h + h_0*z, -w_largest, w_largest)' },
  onPost: 'c += c_post',
  delay: { byPathway: { calcium: '18.8 ms', transmit: '3 ms' } },
  method: 'euler',
  slow: '20 ms',
  bound: 'w_largest',
  params: {
    tau_c: { value: '48.8 ms', above: '0 ms', doc: 'Decay of calcium.' },
    c_pre: { value: 1, min: 0, doc: 'Calcium of a presynaptic spike; 0.6 in networks in vivo.' },
    c_post: {
      value: 0.2758,
      min: 0,
      doc: 'Calcium of a postsynaptic spike; 0.16548 in networks in vivo.',
    },
    theta_p: { value: 3, min: 0, doc: 'Calcium above which the synapse is potentiated.' },
    theta_d: { value: 1.2, min: 0, doc: 'Calcium above which it is depressed.' },
    tau_h: { value: '688.4 s', above: '0 ms', doc: 'Time scale of the early phase.' },
    rho: { value: 0.1, min: 0, doc: 'Rate of relaxation of the early phase, in 1/tau_h.' },
    gamma_p: { value: 1645.6, min: 0, doc: 'Rate of potentiation, in 1/tau_h.' },
    gamma_d: { value: 313.1, min: 0, doc: 'Rate of depression, in 1/tau_h.' },
    h_0: { value: '4.20074539235 mV', doc: 'Early weight at rest.' },
    h_max: { value: '10 mV', doc: 'Early weight towards which potentiation goes.' },
    sigma_pl: { value: '2.90436 mV', min: '0 mV', doc: 'Noise of plasticity.' },
    theta_tag: {
      value: '0.84014907847 mV',
      min: '0 mV',
      doc: 'Early change above which a synapse is tagged; a fifth of h_0.',
    },
    tau_z: { value: '60 min', above: '0 ms', doc: 'Time constant of the late phase.' },
    z_max: { value: 1, min: 0, doc: 'Late weight of a potentiated synapse, in h_0.' },
    z_min: { value: 0.5, min: 0, doc: 'Late loss of weight of a depressed synapse, in h_0.' },
    w_largest: {
      value: '20 mV',
      above: '0 mV',
      doc: 'Weights beyond it, which do not occur, count as it.',
    },
  },
  initial: { h: 'h_0' },
  advice:
    'Time steps of 0.2 ms to 1 ms. In slow steps below 10 ms the relaxation of h is lost in single precision.',
});
