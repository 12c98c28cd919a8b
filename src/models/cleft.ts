/**
 * Transmitter in a cleft and how it is cleared: first order, by transporters, by acetylcholinesterase. Each is a population of
 * clefts that spikes release into, or a fragment that is joined to receptors. Space is fields' (systems/space.md).
 */
import { defineModel } from './model.ts';

/**
 * Transmitter in a cleft.
 *
 *     transmitter' = supply - k_clear transmitter - vmax_uptake transmitter/(km_uptake + transmitter)
 *
 * First-order clearance (diffusion out of the cleft) beside transporters that saturate (EAAT, GAT, DAT). A spike adds what it
 * releases: `tsodyksMarkram.with({ u_0: 0.6 }, { g_exc: 'transmitter', siemens: 'mmolar' })` with weight 2.5 mM is the
 * release of De Pittà and Stimberg (rho_c Y_T = 0.005 × 500 mM), cleared with 40/s. `transmitters` has values per substance.
 * Exponential Rosenbrock steps: exact where first order, positive elsewhere. State: transmitter [mM]. Joined to receptors:
 *
 *     extend(models.ampaKinetic, models.cleft, { supplies: ['glutamate'], replace: { transmitter: 'glutamate' } })
 */
export const cleft = defineModel({
  name: 'cleft',
  title: 'Transmitter in a cleft, cleared by diffusion and transporters',
  source:
    'First order: De Pittà & Brunel 2016, Neural Plast 2016:7607924, doi:10.1155/2016/7607924; Stimberg, Goodman, Brette & De Pittà 2019, in Computational Glioscience, doi:10.1007/978-3-030-00817-8_18',
  aliases: {},
  eqs: `
    dtransmitter/dt = supply - k_clear*transmitter - vmax_uptake*transmitter/(km_uptake + transmitter) : mmolar
  `,
  params: {
    supply: { value: '0 uM/ms', min: '0 uM/ms', doc: 'Steady release beside that of spikes.' },
    k_clear: {
      value: '40 1/second',
      min: '0 1/second',
      doc: 'Clearance of first order.',
      symbol: 'Omega_c',
    },
    vmax_uptake: { value: '0 uM/ms', min: '0 uM/ms', doc: 'Transporters: largest rate.' },
    km_uptake: {
      value: '20 uM',
      above: '0 uM',
      doc: 'Transporters: half rate. A competitive blocker multiplies it by 1 + I/Ki.',
    },
  },
  inputs: { transmitter: 'what a spike releases, in mM' },
});

const ESTERASE_SOURCE =
  'Rates of a published model of the splanchnic nerve (binding 2e8/M/s, acylation 1.1e5/s, deacylation 2e4/s); scheme: Rosenberry 1975, Adv Enzymol 43:103';

/**
 * Acetylcholine in a cleft with its esterase, step by step.
 *
 *     E + A ⇌ EA → acyl-E + choline → E + acetate          k_bind, k_unbind, k_acyl, k_deacyl
 *
 * a is free acetylcholine; E what EA and acyl leave of `esterase`. The three are advanced together, implicitly. State: a, ea,
 * acyl [mM]. Checked: turnover is that of `esteraseLumped` (tests/physics/cleft.test.ts).
 */
export const esterase = defineModel({
  name: 'esterase',
  title: 'Acetylcholinesterase, all steps',
  source: ESTERASE_SOURCE,
  aliases: {},
  eqs: `
    da/dt = -k_bind*free*a + k_unbind*ea : mmolar
    dea/dt = k_bind*free*a - (k_unbind + k_acyl)*ea : mmolar
    dacyl/dt = k_acyl*ea - k_deacyl*acyl : mmolar
    free = esterase - ea - acyl : mmolar
  `,
  method: 'implicit',
  params: {
    esterase: {
      value: '750 uM',
      min: '0 uM',
      doc: 'Enzyme in the cleft, all of it. An inhibitor leaves a part.',
    },
    k_bind: { value: '0.2 1/uM/ms', min: '0 1/uM/ms', doc: 'Binding of acetylcholine.' },
    k_unbind: { value: '1 1/ms', min: '0 1/ms', doc: 'Unbinding.' },
    k_acyl: {
      value: '110 1/ms',
      min: '0 1/ms',
      doc: 'Acylation, which lets choline go.',
      symbol: 'k2',
    },
    k_deacyl: {
      value: '20 1/ms',
      min: '0 1/ms',
      doc: 'Deacylation, which frees the enzyme.',
      symbol: 'k3',
    },
  },
  inputs: { a: 'what a spike releases, in mM' },
  advice: 'Steps of 0.01 ms or less: the rates are fast.',
});

/**
 * Acetylcholine in a cleft with its esterase in one law.
 *
 *     a' = -k_cat esterase a/(km + a),   k_cat = k_acyl k_deacyl/(k_acyl + k_deacyl),   km = (k_unbind + k_acyl)/k_bind k_deacyl/(k_acyl + k_deacyl)
 *
 * 16.9/ms and 85 uM with the rates of `esterase`. Holds while acetylcholine is in excess of the enzyme or far below km.
 * State: a [mM].
 */
export const esteraseLumped = defineModel({
  name: 'esterase-lumped',
  title: 'Acetylcholinesterase, one law',
  source: ESTERASE_SOURCE,
  aliases: {},
  eqs: `
    da/dt = -k_cat*esterase*a/(km + a) : mmolar
  `,
  params: {
    esterase: { value: '750 uM', min: '0 uM', doc: 'Enzyme in the cleft.' },
    k_cat: { value: '16.923 1/ms', min: '0 1/ms', doc: 'Turnover.' },
    km: { value: '85.385 uM', above: '0 uM', doc: 'Acetylcholine of half rate.' },
  },
  inputs: { a: 'what a spike releases, in mM' },
});

/**
 * Acetylcholine in the extracellular space around interneurons: a baseline, and an alpha function per spike.
 *
 *     acetylcholine = baseline + x,   x' = (e y - x)/tau,   y' = -y/tau;   a spike adds its peak to y
 *
 * 45 nM, 25 nM per spike and 300 ms are a fit to measured transients. (The file that it is from gives two time constants of
 * 300 and 400 ms and unit tags that do not fit; as run it is this alpha function.) Exact. State: x_ach, y_ach [mM]; a spike
 * adds `25 nM` to y_ach.
 */
export const volumeAcetylcholine = defineModel({
  name: 'volume-acetylcholine',
  title: 'Acetylcholine around cholinergic interneurons',
  source:
    'concDA.mod of Snudda: Hjorth et al. 2020, Proc Natl Acad Sci USA 117:9554, doi:10.1073/pnas.2000671117; fitted to Blackwell et al. 2019',
  aliases: {},
  eqs: `
    dx_ach/dt = (e*y_ach - x_ach)/tau_ach : mmolar
    dy_ach/dt = -y_ach/tau_ach : mmolar
    acetylcholine = baseline_ach + x_ach : mmolar
  `,
  params: {
    baseline_ach: { value: '45 nM', min: '0 nM', doc: 'Concentration at rest.' },
    tau_ach: { value: '300 ms', above: '0 ms', doc: 'Time from a spike to the peak.' },
  },
  inputs: { y_ach: 'peak of a spike, in mM; 25 nM in the published fit' },
});
