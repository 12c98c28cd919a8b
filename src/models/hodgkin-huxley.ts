/**
 * Hodgkin–Huxley neurons: the squid axon, the Traub–Miles cell of the network benchmarks with exponential conductances,
 * and a fast-spiking cell with two potassium channels. Rates of the form x/(exp(x) - 1) are written 1/exprel(x), which is finite at 0.
 */
import { defineModel } from './model.ts';
import {
  cM,
  eRevExc,
  eRevInh,
  iOffset,
  peaks,
  tauRefrac,
  tauSynExc,
  tauSynInh,
  vRest,
} from './parameters.ts';

const SPIKE_ADVICE =
  'A spike is an upward crossing of v_thresh; the refractory condition stops one action potential from being counted twice.';

/** Opening and closing rates of the squid axon, rest at -65 mV. */
const SQUID_RATES = `alpha_m = 1/exprel(-(v + 40*mV)/(10*mV))/ms : hertz
    beta_m = 4*exp(-(v + 65*mV)/(18*mV))/ms : hertz
    alpha_h = 0.07*exp(-(v + 65*mV)/(20*mV))/ms : hertz
    beta_h = 1/(1 + exp(-(v + 35*mV)/(10*mV)))/ms : hertz
    alpha_n = 0.1/exprel(-(v + 55*mV)/(10*mV))/ms : hertz
    beta_n = 0.125*exp(-(v + 65*mV)/(80*mV))/ms : hertz`;

/** Rest, with the gates at their steady state there. */
const REST = {
  v: '-65*mV',
  m: 'alpha_m/(alpha_m + beta_m)',
  h: 'alpha_h/(alpha_h + beta_h)',
  n: 'alpha_n/(alpha_n + beta_n)',
} as const;

/**
 * Hodgkin and Huxley's squid axon, shifted to a rest of -65 mV, per area of membrane.
 *
 *     c_m dv/dt = i_offset - g_na m^3 h (v - e_na) - g_k n^4 (v - e_k) - g_leak (v - e_leak)
 *
 * at 6.3 °C; `phi` scales all rates (3^((T - 6.3 °C)/10)). State: v [mV], gates m, h, n, which start at their steady
 * state at v_init. Conductances in mS/cm2, currents in uA/cm2.
 */
export const hhSquid = defineModel({
  name: 'hh-squid',
  title: 'Hodgkin–Huxley squid axon',
  source: 'Hodgkin & Huxley 1952, J Physiol 117:500, doi:10.1113/jphysiol.1952.sp004764',
  aliases: { brian: 'HH' },
  eqs: `
    dv/dt = (i_offset - g_na*m**3*h*(v - e_na) - g_k*n**4*(v - e_k) - g_leak*(v - e_leak))/c_m : volt
    dm/dt = phi*(alpha_m*(1 - m) - beta_m*m) : 1
    dh/dt = phi*(alpha_h*(1 - h) - beta_h*h) : 1
    dn/dt = phi*(alpha_n*(1 - n) - beta_n*n) : 1
    ${SQUID_RATES}
  `,
  threshold: 'v > v_thresh',
  refractory: 'v > v_thresh',
  method: 'rk4',
  params: {
    c_m: {
      value: '1 uF/cm2',
      above: '0 uF/cm2',
      doc: 'Membrane capacitance per area.',
      symbol: 'C',
    },
    g_na: {
      value: '120 mS/cm2',
      min: '0 mS/cm2',
      doc: 'Largest sodium conductance.',
      symbol: 'gNa',
    },
    g_k: {
      value: '36 mS/cm2',
      min: '0 mS/cm2',
      doc: 'Largest potassium conductance.',
      symbol: 'gK',
    },
    g_leak: { value: '0.3 mS/cm2', min: '0 mS/cm2', doc: 'Leak conductance.', symbol: 'gL' },
    e_na: { value: '50 mV', doc: 'Sodium reversal potential.', symbol: 'ENa' },
    e_k: { value: '-77 mV', doc: 'Potassium reversal potential.', symbol: 'EK' },
    e_leak: { value: '-54.387 mV', doc: 'Leak reversal potential.', symbol: 'EL' },
    phi: { value: 1, above: 0, doc: 'Temperature factor of all rates; 1 at 6.3 °C.' },
    v_thresh: { value: '0 mV', doc: 'Potential whose upward crossing counts as a spike.' },
    i_offset: { value: '0 uA/cm2', doc: 'Constant current per area.', symbol: 'I' },
  },
  initial: REST,
  advice: `${SPIKE_ADVICE} With rk4, intervals are right to 1e-6 up to dt 0.05 ms; exponential_euler is first order, 1.2 % slow at 0.025 ms.`,
});

/**
 * Hodgkin–Huxley cell with the squid axon's kinetics and alpha-shaped synaptic currents (NEST hh_psc_alpha), for a whole
 * cell of 10,000 um2.
 *
 * As hh-squid in nS and pA, with i_exc(s) = weight * (e/tau_syn_exc) * s * exp(-s/tau_syn_exc). Synapses add to y_exc
 * or y_inh [pA]; the weight is then the peak of the current.
 */
export const hhCurrAlpha = defineModel({
  name: 'hh-curr-alpha',
  title: 'Hodgkin–Huxley, squid kinetics, alpha-shaped synaptic currents',
  source:
    'Hodgkin & Huxley 1952, J Physiol 117:500, doi:10.1113/jphysiol.1952.sp004764; defaults of NEST hh_psc_alpha',
  aliases: { nest: 'hh_psc_alpha' },
  eqs: `
    dv/dt = (i_exc + i_inh + i_offset - g_na*m**3*h*(v - e_na) - g_k*n**4*(v - e_k) - g_leak*(v - e_leak))/c_m : volt
    dm/dt = alpha_m*(1 - m) - beta_m*m : 1
    dh/dt = alpha_h*(1 - h) - beta_h*h : 1
    dn/dt = alpha_n*(1 - n) - beta_n*n : 1
    di_exc/dt = (e*y_exc - i_exc)/tau_syn_exc : amp
    dy_exc/dt = -y_exc/tau_syn_exc : amp
    di_inh/dt = (e*y_inh - i_inh)/tau_syn_inh : amp
    dy_inh/dt = -y_inh/tau_syn_inh : amp
    ${SQUID_RATES}
  `,
  threshold: 'v > v_thresh',
  refractory: 'v > v_thresh',
  method: 'rk4',
  params: {
    c_m: cM('100 pF'),
    g_na: { value: '12000 nS', min: '0 nS', doc: 'Largest sodium conductance.', nest: 'g_Na' },
    g_k: { value: '3600 nS', min: '0 nS', doc: 'Largest potassium conductance.', nest: 'g_K' },
    g_leak: { value: '30 nS', min: '0 nS', doc: 'Leak conductance.', nest: 'g_L' },
    e_na: { value: '50 mV', doc: 'Sodium reversal potential.', nest: 'E_Na' },
    e_k: { value: '-77 mV', doc: 'Potassium reversal potential.', nest: 'E_K' },
    e_leak: { value: '-54.402 mV', doc: 'Leak reversal potential.', nest: 'E_L' },
    tau_syn_exc: tauSynExc('0.2 ms'),
    tau_syn_inh: tauSynInh('2 ms'),
    v_thresh: { value: '0 mV', doc: 'Potential whose upward crossing counts as a spike.' },
    i_offset: iOffset('0 pA'),
  },
  initial: REST,
  advice: SPIKE_ADVICE,
  inputs: peaks('current', 'y_exc', 'y_inh'),
});

/**
 * Hodgkin–Huxley cell with Traub–Miles kinetics and exponential conductances, the COBAHH benchmark cell (NEST
 * hh_cond_exp_traub, PyNN HH_cond_exp).
 *
 *     c_m dv/dt = g_leak (e_leak - v) + g_exc (e_rev_exc - v) + g_inh (e_rev_inh - v)
 *                 - g_na m^3 h (v - e_na) - g_k n^4 (v - e_k) + i_offset
 *
 * Rates are functions of v - v_offset. State: v [mV], g_exc, g_inh [nS], gates m, n, h. Defaults: a cell of 20,000 um2.
 */
export const hhTraub = defineModel({
  name: 'hh-traub',
  title: 'Hodgkin–Huxley, Traub–Miles kinetics, exponential synaptic conductances',
  source:
    'Traub & Miles 1991, doi:10.1017/CBO9780511895401; parameters of Brette et al. 2007, J Comput Neurosci 23:349, doi:10.1007/s10827-007-0038-6',
  aliases: { nest: 'hh_cond_exp_traub', pynn: 'HH_cond_exp' },
  eqs: `
    dv/dt = (g_leak*(e_leak - v) + g_exc*(e_rev_exc - v) + g_inh*(e_rev_inh - v) - g_na*m**3*h*(v - e_na) - g_k*n**4*(v - e_k) + i_offset)/c_m : volt
    dg_exc/dt = -g_exc/tau_syn_exc : siemens
    dg_inh/dt = -g_inh/tau_syn_inh : siemens
    dm/dt = alpha_m*(1 - m) - beta_m*m : 1
    dn/dt = alpha_n*(1 - n) - beta_n*n : 1
    dh/dt = alpha_h*(1 - h) - beta_h*h : 1
    alpha_m = 1.28/exprel((13*mV - v + v_offset)/(4*mV))/ms : hertz
    beta_m = 1.4/exprel((v - v_offset - 40*mV)/(5*mV))/ms : hertz
    alpha_h = 0.128*exp((17*mV - v + v_offset)/(18*mV))/ms : hertz
    beta_h = 4/(1 + exp((40*mV - v + v_offset)/(5*mV)))/ms : hertz
    alpha_n = 0.16/exprel((15*mV - v + v_offset)/(5*mV))/ms : hertz
    beta_n = 0.5*exp((10*mV - v + v_offset)/(40*mV))/ms : hertz
  `,
  threshold: 'v > v_thresh',
  refractory: 'tau_refrac',
  method: 'exponential_euler',
  params: {
    c_m: cM('200 pF'),
    g_leak: { value: '10 nS', min: '0 nS', doc: 'Leak conductance.', nest: 'g_L', pynn: 'g_leak' },
    e_leak: { ...vRest('-60 mV'), doc: 'Leak reversal potential.', pynn: 'e_rev_leak' },
    g_na: {
      value: '20000 nS',
      min: '0 nS',
      doc: 'Largest sodium conductance.',
      nest: 'g_Na',
      pynn: 'gbar_Na',
    },
    e_na: { value: '50 mV', doc: 'Sodium reversal potential.', nest: 'E_Na', pynn: 'e_rev_Na' },
    g_k: {
      value: '6000 nS',
      min: '0 nS',
      doc: 'Largest potassium conductance.',
      nest: 'g_K',
      pynn: 'gbar_K',
    },
    e_k: { value: '-90 mV', doc: 'Potassium reversal potential.', nest: 'E_K', pynn: 'e_rev_K' },
    v_offset: {
      value: '-63 mV',
      doc: 'Shift of all rate functions along v; sets the threshold.',
      nest: 'V_T',
      pynn: 'v_offset',
    },
    v_thresh: { value: '-20 mV', doc: 'Potential whose crossing counts as a spike.' },
    tau_refrac: {
      ...tauRefrac('3 ms'),
      doc: 'Dead time of spike counting; the membrane goes on.',
    },
    e_rev_exc: eRevExc('0 mV'),
    e_rev_inh: eRevInh('-80 mV'),
    tau_syn_exc: tauSynExc('5 ms'),
    tau_syn_inh: tauSynInh('10 ms'),
    i_offset: iOffset('0 pA'),
  },
  initial: { v: 'e_leak' },
  advice: `${SPIKE_ADVICE} Exponential Euler: dt 0.1 ms as in the benchmark, 0.025 ms for single-cell work.`,
  inputs: peaks('conductance', 'g_exc', 'g_inh'),
});

/**
 * Fast-spiking cell with potassium channels Kv1 and Kv3, a variable for gap junctions, and alpha-shaped synaptic currents
 * (NEST hh_psc_alpha_gap; Mancilla et al. 2007).
 *
 *     c_m dv/dt = i_gap + i_exc + i_inh + i_offset - g_na m^3 h (v - e_na) - (g_kv1 n^4 + g_kv3 p^2) (v - e_k)
 *                 - g_leak (v - e_leak)
 *
 * `i_gap` [pA] is the current of gap junctions, for models.gapJunction to write. State: v [mV], gates m, h, n, p, which
 * start at their steady state; i_exc, y_exc, i_inh, y_inh [pA] as in hh-curr-alpha. Sodium gates are faster than most time
 * steps at the top of a spike, so gates and v take exponential steps there and back, which need not follow them. v_ahead is
 * the potential half a step later, for gap junctions of second order. Checked against T8
 * (tests/physics/gap-junction.test.ts).
 */
export const hhKv = defineModel({
  name: 'hh-kv',
  title: 'Hodgkin–Huxley with Kv1 and Kv3, gap junctions, alpha-shaped synaptic currents',
  source:
    'Mancilla, Lewis, Pinto, Rinzel & Connors 2007, J Neurosci 27:2058, doi:10.1523/JNEUROSCI.2715-06.2007; parameters of NEST hh_psc_alpha_gap',
  aliases: { nest: 'hh_psc_alpha_gap' },
  eqs: `
    dm/dt = alpha_m*(1 - m) - beta_m*m : 1
    dh/dt = alpha_h*(1 - h) - beta_h*h : 1
    dn/dt = alpha_n*(1 - n) - beta_n*n : 1
    dp/dt = alpha_p*(1 - p) - beta_p*p : 1
    dv/dt = flow : volt
    di_exc/dt = (e*y_exc - i_exc)/tau_syn_exc : amp
    dy_exc/dt = -y_exc/tau_syn_exc : amp
    di_inh/dt = (e*y_inh - i_inh)/tau_syn_inh : amp
    dy_inh/dt = -y_inh/tau_syn_inh : amp
    i_gap : amp
    flow = (i_gap + i_exc + i_inh + i_offset - g_na*m**3*h*(v - e_na) - (g_kv1*n**4 + g_kv3*p**2)*(v - e_k) - g_leak*(v - e_leak))/c_m : volt/second
    v_ahead = v + dt/2*flow : volt
    alpha_m = 540/exprel(-(v - 75.5*mV)/(13.5*mV))/ms : hertz
    beta_m = 1.2262*exp(-v/(42.248*mV))/ms : hertz
    alpha_h = 0.0035*exp(-v/(24.186*mV))/ms : hertz
    beta_h = 0.0884/exprel(-(v + 51.25*mV)/(5.2*mV))/ms : hertz
    alpha_n = 0.0322/exprel(-(v + 44*mV)/(2.3*mV))/ms : hertz
    beta_n = 0.0043*exp(-(v + 44*mV)/(34*mV))/ms : hertz
    alpha_p = 11.8/exprel(-(v - 95*mV)/(11.8*mV))/ms : hertz
    beta_p = 0.025*exp(-v/(22.222*mV))/ms : hertz
  `,
  threshold: 'v > v_thresh',
  refractory: 'v > v_thresh',
  method: 'exponential_symmetric',
  params: {
    c_m: cM('40 pF'),
    g_na: { value: '4500 nS', min: '0 nS', doc: 'Largest sodium conductance.', nest: 'g_Na' },
    g_kv1: { value: '9 nS', min: '0 nS', doc: 'Largest conductance of Kv1.', nest: 'g_Kv1' },
    g_kv3: { value: '9000 nS', min: '0 nS', doc: 'Largest conductance of Kv3.', nest: 'g_Kv3' },
    g_leak: { value: '10 nS', min: '0 nS', doc: 'Leak conductance.', nest: 'g_L' },
    e_na: { value: '74 mV', doc: 'Sodium reversal potential.', nest: 'E_Na' },
    e_k: { value: '-90 mV', doc: 'Potassium reversal potential.', nest: 'E_K' },
    e_leak: { value: '-70 mV', doc: 'Leak reversal potential.', nest: 'E_L' },
    tau_syn_exc: tauSynExc('0.2 ms'),
    tau_syn_inh: tauSynInh('2 ms'),
    v_thresh: { value: '0 mV', doc: 'Potential whose upward crossing counts as a spike.' },
    i_offset: iOffset('0 pA'),
  },
  initial: {
    v: '-69.60401191631222*mV',
    m: 'alpha_m/(alpha_m + beta_m)',
    h: 'alpha_h/(alpha_h + beta_h)',
    n: 'alpha_n/(alpha_n + beta_n)',
    p: 'alpha_p/(alpha_p + beta_p)',
  },
  advice: `${SPIKE_ADVICE} dt 0.005 ms for gap junctions, whose currents are held for a step.`,
  inputs: {
    ...peaks('current', 'y_exc', 'y_inh'),
    i_gap: 'summed current of gap junctions (models.gapJunction), not for spikes',
  },
});
