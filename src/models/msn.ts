/** Medium spiny neurons of the striatum, with D1 or D2 receptors, and the fast-spiking interneurons among them. */
import { defineModel, type ModelParameter } from './model.ts';

const SOURCE =
  'Humphries, Lepora, Wood & Gurney 2009, Front Comput Neurosci 3:26, doi:10.3389/neuro.10.026.2009; constants and time constants of synapses as in ModelDB 137502 (Humphries, Wood & Gurney 2010, PLoS Comput Biol 6:e1001011)';

/** Synapses onto striatal neurons: AMPA and NMDA of one spike, GABA-A. */
const SYNAPSES = `
    dg_ampa/dt = -g_ampa/tau_ampa : siemens
    dg_nmda/dt = -g_nmda/tau_nmda : siemens
    dg_gaba/dt = -g_gaba/tau_gaba : siemens
    unblocked = 1/(1 + mg/(3.57*mmolar)*exp(-0.062*v/mV)) : 1
    i_ampa = g_ampa*(e_glu - v) : amp
    i_nmda = g_nmda*unblocked*(e_glu - v) : amp
    i_gaba = g_gaba*(e_gaba - v) : amp`;

const SYNAPTIC: Readonly<Record<string, ModelParameter>> = {
  tau_ampa: { value: '6 ms', above: '0 ms', doc: 'Decay of AMPA conductance.' },
  tau_nmda: { value: '160 ms', above: '0 ms', doc: 'Decay of NMDA conductance.' },
  tau_gaba: { value: '4 ms', above: '0 ms', doc: 'Decay of GABA-A conductance.' },
  e_glu: { value: '0 mV', doc: 'Reversal of AMPA and NMDA currents.' },
  e_gaba: { value: '-60 mV', doc: 'Reversal of GABA-A currents.' },
  mg: { value: '1 mM', min: '0 mM', doc: 'Magnesium outside, which blocks NMDA channels.' },
  i_offset: { value: '0 pA', doc: 'Constant current into the cell.', symbol: 'I' },
};

const MEMBRANE: Readonly<Record<string, ModelParameter>> = {
  c_m: { value: '50 pF', above: '0 pF', doc: 'Membrane capacitance.', symbol: 'C' },
  k: { value: '1.14 nS/mV', doc: 'Curvature of the current-voltage relation.' },
  v_rest: { value: '-80 mV', doc: 'Resting potential.', symbol: 'vr' },
  v_thresh: { value: '-33.8 mV', doc: 'Instantaneous threshold potential.', symbol: 'vt' },
  v_peak: { value: '40 mV', doc: 'Potential at which a spike is counted.', symbol: 'vpeak' },
  a: { value: '0.05/ms', doc: 'Rate of recovery.' },
  b: { value: '-20 nS', doc: 'Sensitivity of recovery to v.' },
  c: { value: '-55 mV', doc: 'Potential after a spike.' },
  d: { value: '377 pA', doc: 'Recovery current added by a spike.' },
};

const occupied = (receptor: string): ModelParameter => ({
  value: 0,
  min: 0,
  max: 1,
  doc: `Share of ${receptor} receptors that are occupied. To couple: replace it.`,
});

const INPUTS = {
  g_ampa: 'step of AMPA conductance, in siemens',
  g_nmda: 'step of NMDA conductance, half of the AMPA step in the published model',
  g_gaba: 'step of GABA-A conductance, in siemens',
};

/**
 * Medium spiny neuron with D1 receptors.
 *
 *     c_m v' = k (v - v_rest)(v - v_thresh) - u + i_ampa + i_nmda (1 + beta_1 phi_1) + i_gaba + phi_1 g_da (v - e_da)
 *     u' = a (b (v - v_rest) - u);  spike at v >= v_peak: v = c, u += d
 *
 * Dopamine (phi_1, the share of occupied receptors) strengthens NMDA currents, and both the inward rectifier below e_da and
 * the L-type calcium current above it: it holds a resting neuron down and helps one that is driven. Synapses add to g_ampa,
 * g_nmda and g_gaba. State: v [mV], u [pA] and three conductances [nS]. rk2; dt 0.1 ms.
 */
export const msnD1 = defineModel({
  name: 'msn-d1',
  title: 'Medium spiny neuron of the striatum with D1 receptors',
  source: SOURCE,
  aliases: {},
  eqs: `
    dv/dt = (k*(v - v_rest)*(v - v_thresh) - u + i_syn + phi_1*g_da*(v - e_da) + i_offset)/c_m : volt
    du/dt = a*(b*(v - v_rest) - u) : amp
    i_syn = i_ampa + i_nmda*(1 + beta_1*phi_1) + i_gaba : amp${SYNAPSES}
  `,
  threshold: 'v >= v_peak',
  reset: 'v = c; u += d',
  method: 'rk2',
  params: {
    ...MEMBRANE,
    phi_1: occupied('D1'),
    beta_1: { value: 3.75, min: 0, doc: 'Gain of NMDA currents when all D1 are occupied.' },
    g_da: { value: '22.7 nS', min: '0 nS', doc: 'Conductance of the currents that D1 adds.' },
    e_da: { value: '-68.4 mV', doc: 'Where these change their sign.' },
    ...SYNAPTIC,
  },
  initial: { v: 'v_rest' },
  inputs: INPUTS,
});

/**
 * Medium spiny neuron with D2 receptors.
 *
 *     c_m v' = k (1 - alpha phi_2)(v - v_rest)(v - v_thresh) - u + i_ampa (1 - beta_2 phi_2) + i_nmda + i_gaba
 *     u' = a (b (v - v_rest) - u);  spike at v >= v_peak: v = c, u += d
 *
 * Dopamine (phi_2) weakens AMPA currents, as published; the code on ModelDB has 1 + beta_2 phi_2, which contradicts the paper
 * and what D2 receptors do. It also flattens the current-voltage relation a little (alpha). Else as msnD1.
 */
export const msnD2 = defineModel({
  name: 'msn-d2',
  title: 'Medium spiny neuron of the striatum with D2 receptors',
  source: SOURCE,
  aliases: {},
  eqs: `
    dv/dt = (k*(1 - alpha*phi_2)*(v - v_rest)*(v - v_thresh) - u + i_syn + i_offset)/c_m : volt
    du/dt = a*(b*(v - v_rest) - u) : amp
    i_syn = i_ampa*(1 - beta_2*phi_2) + i_nmda + i_gaba : amp${SYNAPSES}
  `,
  threshold: 'v >= v_peak',
  reset: 'v = c; u += d',
  method: 'rk2',
  params: {
    ...MEMBRANE,
    phi_2: occupied('D2'),
    alpha: { value: 0.03, min: 0, max: 1, doc: 'Loss of curvature when all D2 are occupied.' },
    beta_2: {
      value: 0.156,
      min: 0,
      max: 1,
      doc: 'Loss of AMPA currents when all D2 are occupied.',
    },
    ...SYNAPTIC,
  },
  initial: { v: 'v_rest' },
  inputs: INPUTS,
});

/**
 * Fast-spiking interneuron (Izhikevich 2007, chapter 8): recovery has a threshold.
 *
 *     c_m v' = k (v - v_rest)(v - v_thresh) - u + i_ampa + i_nmda + i_gaba
 *     u' = a (b max(v - v_b, 0)^3 - u);  spike at v >= v_peak: v = c, u += d
 *
 * Without the dopamine of the published striatal model. Synapses as msnD1.
 */
export const fsi = defineModel({
  name: 'fsi',
  title: 'Fast-spiking interneuron',
  source:
    'Izhikevich 2007, Dynamical Systems in Neuroscience, MIT Press, doi:10.7551/mitpress/2526.001.0001, ch. 8; in the striatum: Humphries et al. 2009, doi:10.3389/neuro.10.026.2009',
  aliases: {},
  eqs: `
    dv/dt = (k*(v - v_rest)*(v - v_thresh) - u + i_syn + i_offset)/c_m : volt
    du/dt = a*(b*clip(v - v_b, 0*mV, 200*mV)**3 - u) : amp
    i_syn = i_ampa + i_nmda + i_gaba : amp${SYNAPSES}
  `,
  threshold: 'v >= v_peak',
  reset: 'v = c; u += d',
  method: 'rk2',
  params: {
    c_m: { value: '80 pF', above: '0 pF', doc: 'Membrane capacitance.', symbol: 'C' },
    k: { value: '1 nS/mV', doc: 'Curvature of the current-voltage relation.' },
    v_rest: { value: '-70 mV', doc: 'Resting potential.', symbol: 'vr' },
    v_thresh: { value: '-50 mV', doc: 'Instantaneous threshold potential.', symbol: 'vt' },
    v_peak: { value: '25 mV', doc: 'Potential at which a spike is counted.', symbol: 'vpeak' },
    v_b: { value: '-55 mV', doc: 'Potential from which recovery follows.', symbol: 'vb' },
    a: { value: '0.2/ms', doc: 'Rate of recovery.' },
    b: { value: '0.025 pA/mV**3', doc: 'Sensitivity of recovery to v.' },
    c: { value: '-60 mV', doc: 'Potential after a spike.' },
    d: { value: '0 pA', doc: 'Recovery current added by a spike.' },
    ...SYNAPTIC,
  },
  initial: { v: 'v_rest' },
  inputs: INPUTS,
});
