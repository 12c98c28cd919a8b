/**
 * Neurons of a few compartments for networks: dendrite and soma, and dendrite, soma and axon. Compartments are variables of
 * one neuron and advance together; cables of many compartments are in axon.ts.
 */
import { adexCondExp } from './adex.ts';
import { defineModel } from './model.ts';
import { eRevExc, eRevInh, peaks, tauSynExc, tauSynInh } from './parameters.ts';
import { pinskyRinzel } from './pinsky-rinzel.ts';

/**
 * Adaptive exponential integrate-and-fire soma with a passive dendrite that takes the synapses.
 *
 *     c_m v'   = g_leak (v_rest - v) + g_leak delta_t exp((v - v_thresh)/delta_t) - w + g_c (v_d - v) + i_offset
 *     c_d v_d' = g_leak_d (v_rest - v_d) + g_c (v - v_d) + g_exc (e_rev_exc - v_d) + g_inh (e_rev_inh - v_d) + i_dendrite
 *
 * The axon is the delay of its projections: t_syn + distance/velocity. The dendrite sees the soma up to v_peak; it is not
 * reset. One float more than adex-cond-exp. State: v, v_d [mV], w [pA], g_exc, g_inh [nS]. Steady potentials spread by
 * v_d/v = g_c/(g_c + g_leak_d) outwards and g_c/(g_c + g_leak) inwards. Checked against closed forms
 * (tests/physics/compartments.test.ts).
 */
export const adexDendrite = defineModel({
  name: 'adex-dendrite',
  title: 'Adaptive exponential integrate-and-fire soma, passive dendrite',
  source: `${adexCondExp.source}; dendrite: own choice`,
  aliases: {},
  eqs: `
    dv/dt = (g_leak*(v_rest - v) + g_leak*delta_t*exp((v - v_thresh)/delta_t) - w + g_c*(v_d - v) + i_offset)/c_m : volt (unless refractory)
    dv_d/dt = (g_leak_d*(v_rest - v_d) + g_c*(v - v_d) + g_exc*(e_rev_exc - v_d) + g_inh*(e_rev_inh - v_d) + i_dendrite)/c_d : volt
    dw/dt = (a*(v - v_rest) - w)/tau_w : amp
    dg_exc/dt = -g_exc/tau_syn_exc : siemens
    dg_inh/dt = -g_inh/tau_syn_inh : siemens
  `,
  threshold: 'v > v_peak',
  reset: 'v = v_reset; w += b',
  refractory: 'tau_refrac',
  method: 'exponential_rosenbrock',
  params: {
    ...adexCondExp.params,
    c_d: { value: '100 pF', above: '0 pF', doc: 'Capacitance of the dendrite.' },
    g_leak_d: { value: '10 nS', min: '0 nS', doc: 'Leak conductance of the dendrite.' },
    g_c: { value: '50 nS', min: '0 nS', doc: 'Coupling of soma and dendrite.' },
    i_dendrite: { value: '0 pA', doc: 'Constant current into the dendrite.' },
  },
  initial: { v: 'v_rest', v_d: 'v_rest' },
  advice:
    'dt 0.1 ms. Integrated by exponential Rosenbrock-Euler, not implicit: near a spike the potential runs away faster than any linear step can follow.',
  inputs: peaks('conductance', 'g_exc', 'g_inh'),
});

/** Pinsky and Rinzel's equations with the currents of axon and synapses in the place of the constant ones. */
const BODY = pinskyRinzel.with(
  {},
  { i_soma: '(i_soma + g_sa*(v_a - v_s))', i_dendrite: '(i_dendrite - i_syn)' },
).eqs;

/**
 * Dendrite, soma and axon: Pinsky and Rinzel's cell with an axon initial segment of Hodgkin–Huxley type.
 *
 *     c_m v_a' = -g_leak (v_a - e_leak) - g_na_a m_a^3 h_a (v_a - e_na) - g_k_a n_a^4 (v_a - e_k) - g_sa/p_a (v_a - v_s)
 *
 * and g_sa/p (v_a - v_s) into the soma, -i_syn/(1 - p) with i_syn = (g_exc (v_d - e_rev_exc) + g_inh
 * (v_d - e_rev_inh))/area into the dendrite; all but g_exc and g_inh [nS] per area of membrane. Kinetics of the axon are those of Traub and Miles, their threshold `v_offset_a`
 * lower than at the soma, so that spikes begin there; spikes are upward crossings of v_thresh by the axon. The axon is our
 * choice, not published; without it (g_sa = 0) the cell is pinsky-rinzel, to rounding. State: that of pinsky-rinzel, v_a [mV], gates
 * m_a, h_a, n_a, and g_exc, g_inh. The three potentials take one implicit step together, in registers. Checked:
 * tests/physics/compartments.test.ts.
 */
export const pinskyRinzelAxon = defineModel({
  name: 'pinsky-rinzel-axon',
  title: 'Pyramidal cell of dendrite, soma and axon',
  source: `${pinskyRinzel.source}; axon: own choice, kinetics of Traub & Miles 1991, doi:10.1017/CBO9780511895401`,
  aliases: {},
  eqs: `${BODY}
dv_a/dt = (-g_leak*(v_a - e_leak) - g_na_a*m_a**3*h_a*(v_a - e_na) - g_k_a*n_a**4*(v_a - e_k) + g_sa/p_a*(v_s - v_a))/c_m : volt
dm_a/dt = alpha_m_a*(1 - m_a) - beta_m_a*m_a : 1
dh_a/dt = alpha_h_a*(1 - h_a) - beta_h_a*h_a : 1
dn_a/dt = alpha_n_a*(1 - n_a) - beta_n_a*n_a : 1
dg_exc/dt = -g_exc/tau_syn_exc : siemens
dg_inh/dt = -g_inh/tau_syn_inh : siemens
i_syn = (g_exc*(v_d - e_rev_exc) + g_inh*(v_d - e_rev_inh))/area : amp/metre**2
alpha_m_a = 1.28/exprel((13*mV - v_a + v_offset_a)/(4*mV))/ms : hertz
beta_m_a = 1.4/exprel((v_a - v_offset_a - 40*mV)/(5*mV))/ms : hertz
alpha_h_a = 0.128*exp((17*mV - v_a + v_offset_a)/(18*mV))/ms : hertz
beta_h_a = 4/(1 + exp((40*mV - v_a + v_offset_a)/(5*mV)))/ms : hertz
alpha_n_a = 0.16/exprel((15*mV - v_a + v_offset_a)/(5*mV))/ms : hertz
beta_n_a = 0.5*exp((10*mV - v_a + v_offset_a)/(40*mV))/ms : hertz`,
  threshold: 'v_a > v_thresh',
  refractory: 'v_a > v_thresh',
  method: 'implicit',
  params: {
    ...pinskyRinzel.params,
    p_a: {
      value: 0.02,
      above: 0,
      doc: 'Membrane of the axon, in shares of that of soma and dendrite.',
    },
    g_sa: { value: '0.2 mS/cm2', min: '0 mS/cm2', doc: 'Coupling of soma and axon.' },
    g_na_a: { value: '150 mS/cm2', min: '0 mS/cm2', doc: 'Sodium (axon).' },
    g_k_a: { value: '50 mS/cm2', min: '0 mS/cm2', doc: 'Potassium (axon).' },
    v_offset_a: {
      value: '-63 mV',
      doc: 'Shift of the axon\u2019s gates along v; sets its threshold.',
    },
    v_thresh: {
      value: '-10 mV',
      doc: 'Axonal potential whose upward crossing counts as a spike.',
    },
    area: {
      value: '10000 um2',
      above: '0 um2',
      doc: 'Membrane of soma and dendrite; for synapses only.',
    },
    e_rev_exc: eRevExc('0 mV'),
    e_rev_inh: eRevInh('-75 mV'),
    tau_syn_exc: tauSynExc('2 ms'),
    tau_syn_inh: tauSynInh('7 ms'),
  },
  initial: {
    v_s: '-60*mV',
    v_d: '-60*mV',
    v_a: '-60*mV',
  },
  advice: 'dt 0.025 ms, implicit.',
  inputs: peaks('conductance', 'g_exc', 'g_inh'),
});
