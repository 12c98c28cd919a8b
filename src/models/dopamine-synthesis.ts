/** Synthesis, storage, release and reuptake of dopamine in a terminal group: the pools of Best, Nijhout and Reed. */
import { defineModel } from './model.ts';

/**
 * Dopamine terminal: L-DOPA, cytosolic, vesicular and extracellular dopamine (Best, Nijhout & Reed 2009).
 *
 *     v_th   = inhibition autoreceptor vmax_th tyr bh4/(tyr bh4 + km_tyr bh4 + km_tyr km_bh4 (1 + cda/ki_cda))
 *     ldopa' = v_th - v_aadc + ldopa_in
 *     cda'   = v_aadc - v_vmat + v_dat - k_cat cda,   v_vmat = vmax_vmat cda/(km_vmat + cda) - k_out vda
 *     vda'   = v_vmat - fire vda
 *     eda'   = fire vda - v_dat - v_ce eda/(km_ce + eda) - k_rem eda
 *
 * Everything is slow; the fastest pool is eda (91 ms), the slowest vda (52 min). Integrated by exponential steps in
 * sequence: positive and stable for any step, steady states exact for any step; transients of the order of the step.
 * Tyrosine and its cofactor are clamped.
 *
 * State: ldopa, cda, vda, eda [uM; nM for eda]. To couple: replace `fire` by a release rate, `vmax_th` by the product of
 * a gene; vda relative to its resting 81 uM scales what a vesicle holds. Drugs are values of parameters: cocaine
 * km_dat x 3, reserpine vmax_vmat x 0.1, AMPT vmax_th x 0.1, MAO inhibitor k_cat x 0.1, L-DOPA ldopa_in.
 *
 * In the published file (SBML MODEL1502230000) VMAT is encoded as a two-substrate law; the law here is the one for which
 * the listed first values are a steady state. Checked against T18 (tests/physics/synthesis.test.ts).
 */
export const dopamineSynthesis = defineModel({
  name: 'dopamine-synthesis',
  title: 'Dopamine pools of a terminal group',
  source:
    'Best, Nijhout & Reed 2009, Theor Biol Med Model 6:21, doi:10.1186/1742-4682-6-21 (SBML MODEL1502230000, VMAT law corrected)',
  aliases: {},
  eqs: `
    deda/dt = fire*vda - v_dat - vmax_ce*eda/(km_ce + eda) - k_rem*eda : mmolar (slow)
    dldopa/dt = v_th - v_aadc + ldopa_in : mmolar (slow)
    dcda/dt = v_aadc - v_vmat + v_dat - k_cat*cda : mmolar (slow)
    dvda/dt = v_vmat - fire*vda : mmolar (slow)
    v_th = inhibition*feedback*vmax_th*tyr*bh4/(tyr*bh4 + km_tyr*bh4 + km_tyr*km_bh4*(1 + cda/ki_cda)) : mmolar/second
    inhibition = 0.56/(1 + tyr/ki_tyr) : 1
    feedback = 1 + autoreceptor*(4.5/(8*(eda/eda_half)**4 + 1) - 0.5) : 1
    v_aadc = vmax_aadc*ldopa/(km_aadc + ldopa) : mmolar/second
    v_vmat = vmax_vmat*cda/(km_vmat + cda) - k_out*vda : mmolar/second
    v_dat = vmax_dat*eda/(km_dat + eda) : mmolar/second
  `,
  method: 'slow exponential_sequential',
  slow: '100 ms',
  params: {
    tyr: { value: '126 uM', min: '0 uM', doc: 'Tyrosine in the cytosol.' },
    bh4: { value: '319 uM', above: '0 uM', doc: 'Tetrahydrobiopterin, the cofactor.' },
    fire: { value: '1 1/h', min: '0 1/h', doc: 'Vesicular dopamine released, per time.' },
    vmax_th: {
      value: '125 uM/h',
      min: '0 uM/h',
      doc: 'Tyrosine hydroxylase: largest rate.',
      symbol: 'V_TH',
    },
    km_tyr: { value: '46 uM', above: '0 uM', doc: 'Hydroxylase: tyrosine.', symbol: 'K_tyr' },
    km_bh4: { value: '60 uM', above: '0 uM', doc: 'Hydroxylase: cofactor.', symbol: 'K_bh4' },
    ki_cda: {
      value: '110 uM',
      above: '0 uM',
      doc: 'Hydroxylase: inhibition by cytosolic dopamine.',
      symbol: 'K_i_cda',
    },
    ki_tyr: {
      value: '160 uM',
      above: '0 uM',
      doc: 'Hydroxylase: inhibition by its own substrate.',
      symbol: 'K_i_tyr',
    },
    autoreceptor: {
      value: 1,
      min: 0,
      max: 1,
      doc: 'Strength of autoreceptors on synthesis: 1 as published, 0 none.',
    },
    eda_half: {
      value: '0.002024 uM',
      above: '0 uM',
      doc: 'Extracellular dopamine to which autoreceptors compare; synthesis is unchanged there.',
    },
    ldopa_in: { value: '0 uM/h', min: '0 uM/h', doc: 'L-DOPA given.' },
    vmax_aadc: {
      value: '10000 uM/h',
      min: '0 uM/h',
      doc: 'Aromatic amino acid decarboxylase: largest rate.',
      symbol: 'V_AADC',
    },
    km_aadc: { value: '130 uM', above: '0 uM', doc: 'Decarboxylase: L-DOPA.', symbol: 'K_AADC' },
    vmax_vmat: {
      value: '7082 uM/h',
      min: '0 uM/h',
      doc: 'Vesicular transporter: largest rate.',
      symbol: 'V_VMAT',
    },
    km_vmat: {
      value: '3 uM',
      above: '0 uM',
      doc: 'Vesicular transporter: dopamine.',
      symbol: 'K_VMAT',
    },
    k_out: { value: '40 1/h', min: '0 1/h', doc: 'Leak out of vesicles.' },
    vmax_dat: {
      value: '8000 uM/h',
      min: '0 uM/h',
      doc: 'Reuptake transporter: largest rate.',
      symbol: 'V_DAT',
    },
    km_dat: {
      value: '0.2 uM',
      above: '0 uM',
      doc: 'Reuptake transporter: dopamine. A competitive blocker multiplies it by 1 + I/Ki.',
      symbol: 'K_DAT',
    },
    k_cat: {
      value: '10 1/h',
      min: '0 1/h',
      doc: 'Breakdown of cytosolic dopamine by monoamine oxidase.',
    },
    vmax_ce: {
      value: '30 uM/h',
      min: '0 uM/h',
      doc: 'Breakdown of extracellular dopamine: largest rate.',
      symbol: 'V_ce',
    },
    km_ce: {
      value: '3 uM',
      above: '0 uM',
      doc: 'Breakdown of extracellular dopamine: half rate.',
      symbol: 'K_ce',
    },
    k_rem: { value: '400 1/h', min: '0 1/h', doc: 'Removal of extracellular dopamine.' },
  },
  initial: { ldopa: '0.36*uM', cda: '2.65*uM', vda: '81*uM', eda: '0.002*uM' },
  advice:
    'Slow steps of 100 ms; up to 10 s where only hours matter. Extracellular dopamine here is a mean over all extracellular space (2 nM), not what a receptor sees at a synapse.',
});
