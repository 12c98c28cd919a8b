/** Pinsky and Rinzel's two-compartment pyramidal cell: soma with fast currents, dendrite with calcium. */
import { defineModel } from './model.ts';

/**
 * Two-compartment CA3 pyramidal cell, in the parameters of Booth and Bose.
 *
 *     c_m dv_s/dt = -leak - i_na - i_kdr + (g_c/p) (v_d - v_s) + i_soma/p
 *     c_m dv_d/dt = -leak - i_ca - i_kahp - i_kc + g_c/(1 - p) (v_s - v_d)
 *
 * with m instantaneous. Per area of membrane: mS/cm2, uA/cm2. Calcium `ca` is in the paper's own dimensionless units,
 * fed by the calcium current in uA/cm2. State: v_s, v_d [mV], gates h, n, s, c, q, and ca. Start as in the source:
 * both potentials at -60 mV, everything else 0. A spike is an upward crossing of v_thresh by the soma.
 */
export const pinskyRinzel = defineModel({
  name: 'pinsky-rinzel',
  title: 'Pinsky–Rinzel two-compartment pyramidal cell',
  source:
    'Pinsky & Rinzel 1994, J Comput Neurosci 1:39, doi:10.1007/BF00962717; parameters of Booth & Bose 2001, J Neurophysiol 85:2432, doi:10.1152/jn.2001.85.6.2432 (ModelDB 35358)',
  aliases: {},
  eqs: `
    dv_s/dt = (-g_leak*(v_s - e_leak) - g_na*m_inf**2*h*(v_s - e_na) - g_kdr*n*(v_s - e_k) + g_c/p*(v_d - v_s) + i_soma/p)/c_m : volt
    dv_d/dt = (-g_leak*(v_d - e_leak) - i_ca - g_kahp*q*(v_d - e_k) - g_kc*c*chi*(v_d - e_k) + g_c/(1 - p)*(v_s - v_d) + i_dendrite/(1 - p))/c_m : volt
    i_ca = g_ca*s**2*(v_d - e_ca) : amp/metre**2
    chi = clip(ca/250, -inf, 1) : 1
    dca/dt = (-0.13*i_ca/(uA/cm2) - 0.075*ca)/ms : 1
    dh/dt = alpha_h*(1 - h) - beta_h*h : 1
    dn/dt = alpha_n*(1 - n) - beta_n*n : 1
    ds/dt = alpha_s*(1 - s) - beta_s*s : 1
    dc/dt = alpha_c*(1 - c) - beta_c*c : 1
    dq/dt = alpha_q*(1 - q) - 0.001/ms*q : 1
    m_inf = alpha_m/(alpha_m + beta_m) : 1
    alpha_m = 1.28/exprel((-46.9*mV - v_s)/(4*mV))/ms : hertz
    beta_m = 1.4/exprel((v_s + 19.9*mV)/(5*mV))/ms : hertz
    alpha_h = 0.128*exp((-43*mV - v_s)/(18*mV))/ms : hertz
    beta_h = 4/(1 + exp((-20*mV - v_s)/(5*mV)))/ms : hertz
    alpha_n = 0.08/exprel((-24.9*mV - v_s)/(5*mV))/ms : hertz
    beta_n = 0.25*exp(-1 - 0.025*v_s/mV)/ms : hertz
    alpha_s = 1.6/(1 + exp(-0.072*(v_d - 5*mV)/mV))/ms : hertz
    beta_s = 0.1/exprel((v_d + 8.9*mV)/(5*mV))/ms : hertz
    slow_c = 2*exp((-53.5*mV - v_d)/(27*mV))/ms : hertz
    below = int(v_d < -10*mV) : 1
    alpha_c = below*exp((v_d + 50*mV)/(11*mV) - (v_d + 53.5*mV)/(27*mV))/(18.975*ms) + (1 - below)*slow_c : hertz
    beta_c = below*(slow_c - alpha_c) : hertz
    alpha_q = clip(2e-5*ca, -inf, 0.01)/ms : hertz
  `,
  threshold: 'v_s > v_thresh',
  refractory: 'v_s > v_thresh',
  method: 'rk4',
  params: {
    c_m: {
      value: '3 uF/cm2',
      above: '0 uF/cm2',
      doc: 'Membrane capacitance per area.',
      symbol: 'Cm',
    },
    p: { value: 0.5, above: 0, max: 0.99, doc: 'Share of the membrane that is soma.' },
    g_c: {
      value: '2.1 mS/cm2',
      min: '0 mS/cm2',
      doc: 'Coupling of soma and dendrite.',
      symbol: 'gc',
    },
    g_leak: { value: '0.1 mS/cm2', min: '0 mS/cm2', doc: 'Leak conductance.', symbol: 'gL' },
    g_na: { value: '30 mS/cm2', min: '0 mS/cm2', doc: 'Sodium (soma).', symbol: 'gNa' },
    g_kdr: {
      value: '15 mS/cm2',
      min: '0 mS/cm2',
      doc: 'Delayed-rectifier potassium (soma).',
      symbol: 'gKdr',
    },
    g_ca: { value: '10 mS/cm2', min: '0 mS/cm2', doc: 'Calcium (dendrite).', symbol: 'gCa' },
    g_kahp: {
      value: '0.8 mS/cm2',
      min: '0 mS/cm2',
      doc: 'Slow calcium-gated potassium (dendrite).',
      symbol: 'gKahp',
    },
    g_kc: {
      value: '15 mS/cm2',
      min: '0 mS/cm2',
      doc: 'Fast calcium-gated potassium (dendrite).',
      symbol: 'gKC',
    },
    e_leak: { value: '-60 mV', doc: 'Leak reversal potential.', symbol: 'VL' },
    e_na: { value: '60 mV', doc: 'Sodium reversal potential.', symbol: 'VNa' },
    e_k: { value: '-75 mV', doc: 'Potassium reversal potential.', symbol: 'VK' },
    e_ca: { value: '80 mV', doc: 'Calcium reversal potential.', symbol: 'VCa' },
    v_thresh: {
      value: '-10 mV',
      doc: 'Somatic potential whose upward crossing counts as a spike.',
    },
    i_soma: { value: '0.75 uA/cm2', doc: 'Constant current into the soma.', symbol: 'Is' },
    i_dendrite: { value: '0 uA/cm2', doc: 'Constant current into the dendrite.', symbol: 'Id' },
  },
  initial: { v_s: '-60*mV', v_d: '-60*mV' },
  advice: 'dt 0.05 ms with rk4. Exponential Euler misses the doublets of a burst even at 0.02 ms.',
});
