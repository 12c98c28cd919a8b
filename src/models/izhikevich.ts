/**
 * Izhikevich's simple model: the form of 2003 and 2004, whose numbers are in mV and ms, and the dimensioned form of his
 * 2007 book.
 */
import { defineModel } from './model.ts';

const SOURCE_2003 = 'Izhikevich 2003, IEEE Trans Neural Netw 14:1569, doi:10.1109/TNN.2003.820440';

/**
 * Izhikevich's model of 2003 (NEST izhikevich, PyNN Izhikevich).
 *
 *     v' = 0.04 v^2 + 5 v + 140 - u + I     (mV, ms)
 *     u' = a (b v - u);  spike at v >= v_peak: v = c, u += d
 *
 * u, i_syn and i_offset are written as potentials: they count mV per ms. Synapses add to v [mV]. The published figures
 * were made with forward Euler, so that is the method here; dt at most 0.5 ms.
 */
export const izhikevich2003 = defineModel({
  name: 'izhikevich-2003',
  title: 'Izhikevich simple model (2003)',
  source: SOURCE_2003,
  aliases: { nest: 'izhikevich', pynn: 'Izhikevich' },
  eqs: `
    dv/dt = (0.04*v**2/mV + 5*v + 140*mV - u + i_offset)/ms : volt
    du/dt = a*(b*v - u)/ms : volt
  `,
  threshold: 'v >= v_peak',
  reset: 'v = c; u += d',
  method: 'euler',
  params: {
    a: { value: 0.02, doc: 'Rate of recovery, per ms.', nest: 'a', pynn: 'a' },
    b: { value: 0.2, doc: 'Sensitivity of recovery to v.', nest: 'b', pynn: 'b' },
    c: { value: '-65 mV', doc: 'Potential after a spike.', nest: 'c', pynn: 'c' },
    d: { value: '8 mV', doc: 'Recovery added by a spike.', nest: 'd', pynn: 'd' },
    v_peak: { value: '30 mV', doc: 'Potential at which a spike is counted.', nest: 'V_th' },
    i_offset: { value: '0 mV', doc: 'Constant input, mV per ms.', nest: 'I_e', pynn: 'i_offset' },
  },
  initial: { v: 'c', u: 'b*c' },
  advice:
    'Chaotic in rounding: late spikes of a long run depend on the step and on f32 or f64. Compare counts, or the first spikes.',
  inputs: { v: 'step of the potential, in volt' },
});

/**
 * Izhikevich's model with dimensions, as in his 2007 book.
 *
 *     c_m v' = k (v - v_rest)(v - v_thresh) - u + i_offset
 *     u' = a (b (v - v_rest) - u);  spike at v >= v_peak: v = c, u += d
 *
 * Defaults: the regular-spiking cell of chapter 8. State: v [mV], u [pA].
 */
export const izhikevich2007 = defineModel({
  name: 'izhikevich-2007',
  title: 'Izhikevich simple model with dimensions (2007)',
  source:
    'Izhikevich 2007, Dynamical Systems in Neuroscience, MIT Press, doi:10.7551/mitpress/2526.001.0001, ch. 8',
  aliases: {},
  eqs: `
    dv/dt = (k*(v - v_rest)*(v - v_thresh) - u + i_offset)/c_m : volt
    du/dt = a*(b*(v - v_rest) - u) : amp
  `,
  threshold: 'v >= v_peak',
  reset: 'v = c; u += d',
  method: 'rk4',
  params: {
    c_m: { value: '100 pF', above: '0 pF', doc: 'Membrane capacitance.', symbol: 'C' },
    k: { value: '0.7 nS/mV', doc: 'Curvature of the current-voltage relation.' },
    v_rest: { value: '-60 mV', doc: 'Resting potential.', symbol: 'vr' },
    v_thresh: { value: '-40 mV', doc: 'Instantaneous threshold potential.', symbol: 'vt' },
    v_peak: { value: '35 mV', doc: 'Potential at which a spike is counted.', symbol: 'vpeak' },
    a: { value: '0.03/ms', doc: 'Rate of recovery.' },
    b: { value: '-2 nS', doc: 'Sensitivity of recovery to v.' },
    c: { value: '-50 mV', doc: 'Potential after a spike.' },
    d: { value: '100 pA', doc: 'Recovery current added by a spike.' },
    i_offset: { value: '0 pA', doc: 'Constant current into the cell.', symbol: 'I' },
  },
  initial: { v: 'v_rest' },
  inputs: { v: 'step of the potential, in volt' },
});
