/** Multi-timescale adaptive threshold (MAT): the membrane is never reset, the threshold jumps and decays. */
import { defineModel } from './model.ts';
import { cM, iOffset, peaks, tauM, tauRefrac, tauSynExc, tauSynInh, vRest } from './parameters.ts';

/**
 * Neuron with a two-timescale adaptive threshold and exponential synaptic currents (NEST mat2_psc_exp).
 *
 *     dv/dt = (v_rest - v)/tau_m + (i_exc + i_inh + i_offset)/c_m
 *     spikes when v > omega + th_1 + th_2;  th_1 += alpha_1, th_2 += alpha_2, decaying with tau_1, tau_2
 *
 * v is not reset. Integrated exactly. Synapses add to i_exc or i_inh [pA].
 */
export const mat2 = defineModel({
  name: 'mat2-curr-exp',
  title: 'Adaptive threshold with two timescales, exponential synaptic currents',
  source:
    'Kobayashi, Tsubo & Shinomoto 2009, Front Comput Neurosci 3:9, doi:10.3389/neuro.10.009.2009',
  aliases: { nest: 'mat2_psc_exp' },
  eqs: `
    dv/dt = (v_rest - v)/tau_m + (i_exc + i_inh + i_offset)/c_m : volt
    dth_1/dt = -th_1/tau_1 : volt
    dth_2/dt = -th_2/tau_2 : volt
    di_exc/dt = -i_exc/tau_syn_exc : amp
    di_inh/dt = -i_inh/tau_syn_inh : amp
  `,
  threshold: 'v > omega + th_1 + th_2',
  reset: 'th_1 += alpha_1; th_2 += alpha_2',
  refractory: 'tau_refrac',
  method: 'exact',
  params: {
    c_m: cM('100 pF'),
    tau_m: tauM('5 ms'),
    v_rest: vRest('-70 mV'),
    omega: { value: '-51 mV', doc: 'Threshold long after the last spike.', nest: 'omega' },
    alpha_1: { value: '37 mV', doc: 'Jump of the fast threshold part.', nest: 'alpha_1' },
    alpha_2: { value: '2 mV', doc: 'Jump of the slow threshold part.', nest: 'alpha_2' },
    tau_1: { value: '10 ms', above: '0 ms', doc: 'Decay of the fast part.', nest: 'tau_1' },
    tau_2: { value: '200 ms', above: '0 ms', doc: 'Decay of the slow part.', nest: 'tau_2' },
    tau_refrac: tauRefrac('2 ms'),
    tau_syn_exc: tauSynExc('1 ms'),
    tau_syn_inh: tauSynInh('3 ms'),
    i_offset: iOffset('0 pA'),
  },
  initial: { v: 'v_rest' },
  inputs: peaks('current', 'i_exc', 'i_inh'),
});
