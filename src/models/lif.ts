/**
 * Leaky integrate-and-fire neurons, by kind of synaptic input: potential steps, exponential and alpha currents,
 * exponential and alpha conductances. Defaults are those of NEST's iaf_psc_alpha and iaf_cond_exp.
 */
import { defineModel } from './model.ts';
import {
  cM,
  conductances,
  iOffset,
  peaks,
  tauM,
  tauRefrac,
  tauSynExc,
  tauSynInh,
  vReset,
  vRest,
  vThresh,
} from './parameters.ts';

const EXACT_INTEGRATION =
  'Rotter & Diesmann 1999, Biol Cybern 81:381, doi:10.1007/s004220050570; defaults of NEST iaf_psc_alpha';
const CONDUCTANCE_LIF =
  'Meffin, Burkitt & Grayden 2004, J Comput Neurosci 16:159, doi:10.1023/B:JCNS.0000014108.03012.81; defaults of NEST iaf_cond_exp';

const currentBased = {
  c_m: cM('250 pF'),
  tau_m: tauM('10 ms'),
  v_rest: vRest('-70 mV'),
  v_reset: vReset('-70 mV'),
  v_thresh: vThresh('-55 mV'),
  tau_refrac: tauRefrac('2 ms'),
  i_offset: iOffset('0 pA'),
} as const;

const currentInput = {
  ...currentBased,
  tau_syn_exc: tauSynExc('2 ms'),
  tau_syn_inh: tauSynInh('2 ms'),
} as const;

const conductanceBased = {
  c_m: cM('250 pF'),
  tau_m: tauM('15 ms'),
  v_rest: vRest('-70 mV'),
  v_reset: vReset('-60 mV'),
  v_thresh: vThresh('-55 mV'),
  tau_refrac: tauRefrac('2 ms'),
  i_offset: iOffset('0 pA'),
  ...conductances,
} as const;

/**
 * Leaky integrate-and-fire neuron with delta synapses: a spike that arrives changes v at once (NEST iaf_psc_delta, PyNN
 * IF_curr_delta).
 *
 *     dv/dt = (v_rest - v)/tau_m + i_offset/c_m
 *
 * Spikes when v > v_thresh; v is then held at v_reset for tau_refrac, and what arrives meanwhile is lost. Integrated
 * exactly. Synapses add to v [mV].
 */
export const lifDelta = defineModel({
  name: 'lif-delta',
  title: 'Leaky integrate-and-fire, synapses that step the potential',
  source: EXACT_INTEGRATION,
  aliases: { nest: 'iaf_psc_delta', pynn: 'IF_curr_delta' },
  eqs: `
    dv/dt = (v_rest - v)/tau_m + i_offset/c_m : volt (unless refractory)
  `,
  threshold: 'v > v_thresh',
  reset: 'v = v_reset',
  refractory: 'tau_refrac',
  method: 'exact',
  params: currentBased,
  initial: { v: 'v_rest' },
  inputs: { v: 'step of the potential, in volt' },
});

/**
 * Leaky integrate-and-fire neuron with exponential synaptic currents (NEST iaf_psc_exp, PyNN IF_curr_exp).
 *
 *     dv/dt = (v_rest - v)/tau_m + (i_exc + i_inh + i_offset)/c_m
 *
 * Spikes when v > v_thresh; v is then held at v_reset for tau_refrac while the currents go on. Integrated exactly, so
 * results do not depend on dt except through spike timing. Synapses add to i_exc or i_inh [pA] (inhibitory weights are
 * negative). tau_m = tau_syn_exc is no special case.
 */
export const lifCurrExp = defineModel({
  name: 'lif-curr-exp',
  title: 'Leaky integrate-and-fire, exponential synaptic currents',
  source: EXACT_INTEGRATION,
  aliases: { nest: 'iaf_psc_exp', pynn: 'IF_curr_exp' },
  eqs: `
    dv/dt = (v_rest - v)/tau_m + (i_exc + i_inh + i_offset)/c_m : volt (unless refractory)
    di_exc/dt = -i_exc/tau_syn_exc : amp
    di_inh/dt = -i_inh/tau_syn_inh : amp
  `,
  threshold: 'v > v_thresh',
  reset: 'v = v_reset',
  refractory: 'tau_refrac',
  method: 'exact',
  params: currentInput,
  initial: { v: 'v_rest' },
  inputs: peaks('current', 'i_exc', 'i_inh'),
});

/**
 * Leaky integrate-and-fire neuron with alpha-shaped synaptic currents (NEST iaf_psc_alpha, PyNN IF_curr_alpha).
 *
 *     dv/dt = (v_rest - v)/tau_m + (i_exc + i_inh + i_offset)/c_m
 *     i_exc(s) = weight * (e/tau_syn_exc) * s * exp(-s/tau_syn_exc)
 *
 * Integrated exactly. Synapses add to y_exc or y_inh [pA]; the weight is then the peak of the current, one tau_syn after
 * arrival.
 */
export const lifCurrAlpha = defineModel({
  name: 'lif-curr-alpha',
  title: 'Leaky integrate-and-fire, alpha-shaped synaptic currents',
  source: EXACT_INTEGRATION,
  aliases: { nest: 'iaf_psc_alpha', pynn: 'IF_curr_alpha' },
  eqs: `
    dv/dt = (v_rest - v)/tau_m + (i_exc + i_inh + i_offset)/c_m : volt (unless refractory)
    di_exc/dt = (e*y_exc - i_exc)/tau_syn_exc : amp
    dy_exc/dt = -y_exc/tau_syn_exc : amp
    di_inh/dt = (e*y_inh - i_inh)/tau_syn_inh : amp
    dy_inh/dt = -y_inh/tau_syn_inh : amp
  `,
  threshold: 'v > v_thresh',
  reset: 'v = v_reset',
  refractory: 'tau_refrac',
  method: 'exact',
  params: currentInput,
  initial: { v: 'v_rest' },
  inputs: peaks('current', 'y_exc', 'y_inh'),
});

/**
 * Leaky integrate-and-fire neuron with exponential synaptic conductances (NEST iaf_cond_exp, PyNN IF_cond_exp).
 *
 *     dv/dt = (v_rest - v)/tau_m + (g_exc*(e_rev_exc - v) + g_inh*(e_rev_inh - v) + i_offset)/c_m
 *
 * Exponential Euler: exact while the conductances stay constant, so errors are of first order in dt. Synapses add to
 * g_exc or g_inh [nS], both positive.
 */
export const lifCondExp = defineModel({
  name: 'lif-cond-exp',
  title: 'Leaky integrate-and-fire, exponential synaptic conductances',
  source: CONDUCTANCE_LIF,
  aliases: { nest: 'iaf_cond_exp', pynn: 'IF_cond_exp' },
  eqs: `
    dv/dt = (v_rest - v)/tau_m + (i_syn + i_offset)/c_m : volt (unless refractory)
    i_syn = g_exc*(e_rev_exc - v) + g_inh*(e_rev_inh - v) : amp
    dg_exc/dt = -g_exc/tau_syn_exc : siemens
    dg_inh/dt = -g_inh/tau_syn_inh : siemens
  `,
  threshold: 'v > v_thresh',
  reset: 'v = v_reset',
  refractory: 'tau_refrac',
  params: conductanceBased,
  initial: { v: 'v_rest' },
  inputs: peaks('conductance', 'g_exc', 'g_inh'),
});

/**
 * Leaky integrate-and-fire neuron with alpha-shaped synaptic conductances (NEST iaf_cond_alpha, PyNN IF_cond_alpha).
 *
 * As lif-cond-exp, with g_exc(s) = weight * (e/tau_syn_exc) * s * exp(-s/tau_syn_exc). Synapses add to y_exc or y_inh
 * [nS]; the weight is then the peak of the conductance.
 */
export const lifCondAlpha = defineModel({
  name: 'lif-cond-alpha',
  title: 'Leaky integrate-and-fire, alpha-shaped synaptic conductances',
  source: CONDUCTANCE_LIF,
  aliases: { nest: 'iaf_cond_alpha', pynn: 'IF_cond_alpha' },
  eqs: `
    dv/dt = (v_rest - v)/tau_m + (i_syn + i_offset)/c_m : volt (unless refractory)
    i_syn = g_exc*(e_rev_exc - v) + g_inh*(e_rev_inh - v) : amp
    dg_exc/dt = (e*y_exc - g_exc)/tau_syn_exc : siemens
    dy_exc/dt = -y_exc/tau_syn_exc : siemens
    dg_inh/dt = (e*y_inh - g_inh)/tau_syn_inh : siemens
    dy_inh/dt = -y_inh/tau_syn_inh : siemens
  `,
  threshold: 'v > v_thresh',
  reset: 'v = v_reset',
  refractory: 'tau_refrac',
  params: conductanceBased,
  initial: { v: 'v_rest' },
  inputs: peaks('conductance', 'y_exc', 'y_inh'),
});
