/** Muscarinic acetylcholine receptors, by G protein, and the potassium currents that they open and close. Fragments. */
import { defineModel } from './model.ts';

/**
 * Muscarinic acetylcholine receptors: receptor, G protein, channel, in the form of GABA-B.
 *
 *     r' = k_off (acetylcholine/ec50 (1 - r) - r);   G' = k_g (r - G);   open = G⁴/(G⁴ + 1/16)
 *     i_muscarinic = g_max open (e_k - v)
 *
 * Scaled so that ec50 is the concentration of half effect. A potassium current that opens (g_max; 0 as it stands) for M2 and
 * M4; `mCurrent` joined to it is the one that M1 closes. Constants are our choice, with the speed of GABA-B. State:
 * r_muscarinic, protein_muscarinic. To couple: replace `acetylcholine`.
 */
export const muscarinic = defineModel({
  name: 'muscarinic',
  title: 'Muscarinic acetylcholine receptors and G protein',
  source:
    'Form of the GABA-B model of Destexhe, Mainen & Sejnowski 1998; constants are our choice, half effect at 1 uM',
  aliases: {},
  eqs: `
    dr_muscarinic/dt = k_off_muscarinic*(acetylcholine/ec50_muscarinic*(1 - r_muscarinic) - r_muscarinic) : 1
    dprotein_muscarinic/dt = k_g_muscarinic*(r_muscarinic - protein_muscarinic) : 1
    open_muscarinic = protein_muscarinic**4/(protein_muscarinic**4 + 0.0625) : 1
    i_muscarinic = g_max_muscarinic*open_muscarinic*(e_muscarinic - v) : amp
  `,
  params: {
    acetylcholine: { value: '0 uM', min: '0 uM', doc: 'Acetylcholine around the neuron.' },
    ec50_muscarinic: { value: '1 uM', above: '0 uM', doc: 'Acetylcholine of half effect.' },
    k_off_muscarinic: { value: '0.0013 1/ms', above: '0 1/ms', doc: 'Unbinding.' },
    k_g_muscarinic: { value: '0.033 1/ms', above: '0 1/ms', doc: 'Turnover of G protein.' },
    g_max_muscarinic: { value: '0 nS', min: '0 nS', doc: 'Potassium conductance that opens.' },
    e_muscarinic: { value: '-95 mV', doc: 'Reversal potential, of potassium.' },
    v: { value: '-65 mV', doc: "Membrane potential; the neuron's own once joined." },
  },
  reads: ['v', 'acetylcholine'],
  adds: { i_muscarinic: 'i_offset' },
});

/**
 * M-current: a slow potassium current that opens below threshold and damps firing, and that muscarinic receptors close.
 *
 *     m' = (m_inf - m)/tau,   m_inf = 1/(1 + exp(-(v + 35 mV)/10 mV)),   tau = tau_max/(3.3 exp(x) + exp(-x)), x = (v + 35 mV)/20 mV
 *     i_m = g_max m (1 - closed_m) (e_m - v),   closed_m = open_muscarinic
 *
 * State: m_m. Joined to `muscarinic` it reads open_muscarinic.
 */
export const mCurrent = defineModel({
  name: 'm-current',
  title: 'M-current, closed by muscarinic receptors',
  source:
    'Yamada, Koch & Adams 1989, in Koch & Segev, Methods in Neuronal Modeling; as in Pospischil et al. 2008, Biol Cybern 99:427, doi:10.1007/s00422-008-0263-8',
  aliases: {},
  eqs: `
    dm_m/dt = (m_inf - m_m)/tau_m_current : 1
    m_inf = 1/(1 + exp(-(v + 35*mV)/(10*mV))) : 1
    tau_m_current = tau_max_m/(3.3*exp((v + 35*mV)/(20*mV)) + exp(-(v + 35*mV)/(20*mV))) : second
    i_m = g_max_m*m_m*(1 - open_muscarinic)*(e_m - v) : amp
  `,
  params: {
    open_muscarinic: {
      value: 0,
      min: 0,
      max: 1,
      doc: 'Share that receptors close; theirs once joined.',
    },
    g_max_m: { value: '10 nS', min: '0 nS', doc: 'Conductance with all channels open.' },
    tau_max_m: { value: '1000 ms', above: '0 ms', doc: 'Scale of its time constant.' },
    e_m: { value: '-95 mV', doc: 'Reversal potential, of potassium.' },
    v: { value: '-65 mV', doc: "Membrane potential; the neuron's own once joined." },
  },
  initial: { m_m: 'm_inf' },
  reads: ['v', 'open_muscarinic'],
  adds: { i_m: 'i_offset' },
});
