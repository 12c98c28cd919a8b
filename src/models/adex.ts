/**
 * Adaptive exponential integrate-and-fire neurons (AdEx): with currents only, and with exponential conductances.
 */
import { defineModel } from './model.ts';
import { cM, conductances, iOffset, peaks, tauRefrac, vReset, vRest } from './parameters.ts';

const SOURCE =
  'Brette & Gerstner 2005, J Neurophysiol 94:3637, doi:10.1152/jn.00686.2005; defaults of NEST aeif_cond_exp';

const cell = {
  c_m: cM('281 pF'),
  g_leak: { value: '30 nS', above: '0 nS', doc: 'Leak conductance.', nest: 'g_L' },
  v_rest: vRest('-70.6 mV'),
  v_reset: vReset('-60 mV'),
  v_thresh: {
    value: '-50.4 mV',
    doc: 'Potential at which the exponential takes over; not where spikes are counted.',
    nest: 'V_th',
    pynn: 'v_thresh',
    symbol: 'V_T',
  },
  delta_t: {
    value: '2 mV',
    above: '0 mV',
    doc: 'Sharpness of spike initiation.',
    nest: 'Delta_T',
    pynn: 'delta_T',
  },
  v_peak: {
    value: '0 mV',
    doc: 'Potential at which a spike is counted and v reset.',
    nest: 'V_peak',
    pynn: 'v_spike',
  },
  a: { value: '4 nS', doc: 'Subthreshold adaptation.', nest: 'a', pynn: 'a' },
  b: { value: '80.5 pA', doc: 'Adaptation current added by a spike.', nest: 'b', pynn: 'b' },
  tau_w: {
    value: '144 ms',
    above: '0 ms',
    doc: 'Time constant of adaptation.',
    nest: 'tau_w',
    pynn: 'tau_w',
  },
  tau_refrac: tauRefrac('0 ms'),
  i_offset: iOffset('0 pA'),
} as const;

const ADVICE =
  'Integrated by exponential Rosenbrock-Euler. At dt 0.1 ms spikes come up to 1 ms late in the first 100 ms; 0.05 ms halves that, and f32 gains nothing below 0.02 ms.';

/**
 * Adaptive exponential integrate-and-fire neuron without synaptic variables.
 *
 *     c_m dv/dt = g_leak*(v_rest - v) + g_leak*delta_t*exp((v - v_thresh)/delta_t) - w + i_offset
 *     tau_w dw/dt = a*(v - v_rest) - w;  spike at v > v_peak: v = v_reset, w += b
 *
 * State: v [mV], w [pA]. The eight firing patterns of Naud et al. 2008 are parameter sets of this model.
 */
export const adex = defineModel({
  name: 'adex',
  title: 'Adaptive exponential integrate-and-fire',
  source: SOURCE,
  aliases: { brian: 'AdEx' },
  eqs: `
    dv/dt = (g_leak*(v_rest - v) + g_leak*delta_t*exp((v - v_thresh)/delta_t) - w + i_offset)/c_m : volt (unless refractory)
    dw/dt = (a*(v - v_rest) - w)/tau_w : amp
  `,
  threshold: 'v > v_peak',
  reset: 'v = v_reset; w += b',
  refractory: 'tau_refrac',
  method: 'exponential_rosenbrock',
  params: cell,
  initial: { v: 'v_rest' },
  advice: ADVICE,
  inputs: { v: 'step of the potential, in volt' },
});

/**
 * Adaptive exponential integrate-and-fire neuron with exponential synaptic conductances (NEST aeif_cond_exp, PyNN
 * EIF_cond_exp_isfa_ista).
 *
 * As adex, plus g_exc*(e_rev_exc - v) + g_inh*(e_rev_inh - v). Synapses add to g_exc or g_inh [nS].
 */
export const adexCondExp = defineModel({
  name: 'adex-cond-exp',
  title: 'Adaptive exponential integrate-and-fire, exponential synaptic conductances',
  source: SOURCE,
  aliases: { nest: 'aeif_cond_exp', pynn: 'EIF_cond_exp_isfa_ista' },
  eqs: `
    dv/dt = (g_leak*(v_rest - v) + g_leak*delta_t*exp((v - v_thresh)/delta_t) - w + i_syn + i_offset)/c_m : volt (unless refractory)
    dw/dt = (a*(v - v_rest) - w)/tau_w : amp
    i_syn = g_exc*(e_rev_exc - v) + g_inh*(e_rev_inh - v) : amp
    dg_exc/dt = -g_exc/tau_syn_exc : siemens
    dg_inh/dt = -g_inh/tau_syn_inh : siemens
  `,
  threshold: 'v > v_peak',
  reset: 'v = v_reset; w += b',
  refractory: 'tau_refrac',
  method: 'exponential_rosenbrock',
  params: { ...cell, ...conductances },
  initial: { v: 'v_rest' },
  advice: ADVICE,
  inputs: peaks('conductance', 'g_exc', 'g_inh'),
});

/**
 * Adaptive exponential integrate-and-fire neuron with alpha-shaped synaptic conductances (NEST aeif_cond_alpha, PyNN
 * EIF_cond_alpha_isfa_ista).
 *
 * As adex-cond-exp, with g_exc(s) = weight * (e/tau_syn_exc) * s * exp(-s/tau_syn_exc). Synapses add to y_exc or y_inh
 * [nS]; the weight is then the peak of the conductance.
 */
export const adexCondAlpha = defineModel({
  name: 'adex-cond-alpha',
  title: 'Adaptive exponential integrate-and-fire, alpha-shaped synaptic conductances',
  source: SOURCE,
  aliases: { nest: 'aeif_cond_alpha', pynn: 'EIF_cond_alpha_isfa_ista' },
  eqs: `
    dv/dt = (g_leak*(v_rest - v) + g_leak*delta_t*exp((v - v_thresh)/delta_t) - w + i_syn + i_offset)/c_m : volt (unless refractory)
    dw/dt = (a*(v - v_rest) - w)/tau_w : amp
    i_syn = g_exc*(e_rev_exc - v) + g_inh*(e_rev_inh - v) : amp
    dg_exc/dt = (e*y_exc - g_exc)/tau_syn_exc : siemens
    dy_exc/dt = -y_exc/tau_syn_exc : siemens
    dg_inh/dt = (e*y_inh - g_inh)/tau_syn_inh : siemens
    dy_inh/dt = -y_inh/tau_syn_inh : siemens
  `,
  threshold: 'v > v_peak',
  reset: 'v = v_reset; w += b',
  refractory: 'tau_refrac',
  method: 'exponential_rosenbrock',
  params: { ...cell, ...conductances },
  initial: { v: 'v_rest' },
  advice: ADVICE,
  inputs: peaks('conductance', 'y_exc', 'y_inh'),
});
