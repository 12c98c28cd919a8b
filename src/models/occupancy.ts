/**
 * Receptors of volume transmission: occupancy by a transmitter, by a transmitter and a drug that competes with it, the
 * second messenger behind dopamine receptors, and what either does to a conductance. Fragments, to be joined to neurons
 * with `extend`; alone, each is a population of receptors in a given concentration.
 */
import { defineModel, defineSynapse, type NeuronModel } from './model.ts';

const BINDING =
  'Law of mass action; dopamine: Ejdrup et al. 2024, eLife 14:RP105214, doi:10.7554/eLife.105214 (default), Dreyer, Herrik, Berg & Hounsgaard 2010, J Neurosci 30:14273, doi:10.1523/JNEUROSCI.1894-10.2010, Hunger, Kumar & Schmidt 2020, J Neurosci 40:2868';

const SLOW_ADVICE =
  'Slow steps of a hundredth of the time constant or so: each is exact for a concentration that holds over it, while in much shorter ones single precision stalls (at a thousandth of it, 1e-4 from the end).';

/**
 * Occupancy of one receptor.
 *
 *     occupied' = k_off (concentration/ec50 (1 - occupied) - occupied),    k_on = k_off/ec50
 *
 * with time constant 1/(k_on concentration + k_off). Exact while the concentration holds. State: occupied (0 to 1). To
 * couple: replace `concentration`, by a variable of the neuron or by a field (`linkFields`).
 */
export const occupancy = defineModel({
  name: 'occupancy',
  title: 'Occupancy of a receptor',
  source: BINDING,
  aliases: {},
  eqs: `
    doccupied/dt = k_off*(concentration/ec50*(1 - occupied) - occupied) : 1 (slow)
  `,
  params: {
    concentration: { value: '10 nM', min: '0 nM', doc: 'Transmitter around the receptor.' },
    ec50: { value: '1 uM', above: '0 uM', doc: 'Concentration that occupies half, k_off/k_on.' },
    k_off: { value: '19.469 1/second', above: '0 1/second', doc: 'Unbinding.' },
  },
  advice: SLOW_ADVICE,
});

/**
 * Published rates of dopamine receptors, as parameters of `dopamineOccupancy`. They differ by a factor of 1000 in speed:
 * take one, never rows of two.
 *
 *     extend(neuron, models.dopamineOccupancy).with(dopamineProfiles.hunger2020)
 */
export const dopamineProfiles = {
  /** Ejdrup et al. 2024, the default: D1 in 51 ms, D2 in seconds. */
  ejdrup2024: {
    ec50_d1: '1000 nM',
    k_off_d1: '19.469 1/second',
    ec50_d2: '7 nM',
    k_off_d2: '0.2 1/second',
  },
  /** The class of Dreyer's published code: both receptors alike, 0.1 s. */
  dreyer2014: {
    ec50_d1: '1000 nM',
    k_off_d1: '10 1/second',
    ec50_d2: '1000 nM',
    k_off_d2: '10 1/second',
  },
  /** Hunger et al. 2020: minutes for both. */
  hunger2020: {
    ec50_d1: '1600 nM',
    k_off_d1: '0.5 1/min',
    ec50_d2: '25 nM',
    k_off_d2: '0.5 1/min',
  },
} as const;

/**
 * Occupancy of D1 and D2 receptors by dopamine.
 *
 *     occ_d1' = k_off_d1 (dopamine/ec50_d1 (1 - occ_d1) - occ_d1),   occ_d2 likewise
 *
 * Rates are those of Ejdrup et al. 2024; `dopamineProfiles` has the other published sets. State: occ_d1, occ_d2 (0 to 1),
 * which start in equilibrium with the resting concentration `dopamine`. Checked against T17b
 * (tests/physics/occupancy.test.ts).
 */
export const dopamineOccupancy = defineModel({
  name: 'dopamine-occupancy',
  title: 'Occupancy of dopamine receptors D1 and D2',
  source: BINDING,
  aliases: {},
  eqs: `
    docc_d1/dt = k_off_d1*(dopamine/ec50_d1*(1 - occ_d1) - occ_d1) : 1 (slow)
    docc_d2/dt = k_off_d2*(dopamine/ec50_d2*(1 - occ_d2) - occ_d2) : 1 (slow)
  `,
  params: {
    dopamine: { value: '10 nM', min: '0 nM', doc: 'Dopamine around the neuron.' },
    ec50_d1: {
      value: dopamineProfiles.ejdrup2024.ec50_d1,
      above: '0 nM',
      doc: 'Dopamine that occupies half of D1.',
    },
    k_off_d1: {
      value: dopamineProfiles.ejdrup2024.k_off_d1,
      above: '0 1/second',
      doc: 'Unbinding from D1.',
    },
    ec50_d2: {
      value: dopamineProfiles.ejdrup2024.ec50_d2,
      above: '0 nM',
      doc: 'Dopamine that occupies half of D2.',
    },
    k_off_d2: {
      value: dopamineProfiles.ejdrup2024.k_off_d2,
      above: '0 1/second',
      doc: 'Unbinding from D2.',
    },
  },
  initial: { occ_d1: 'dopamine/(dopamine + ec50_d1)', occ_d2: 'dopamine/(dopamine + ec50_d2)' },
  advice: SLOW_ADVICE,
});

/**
 * Occupancy of one receptor by its transmitter and by a drug that competes for the same place.
 *
 *     occupied' = k_off (concentration/ec50 free - occupied),   drugged' = k_off_drug (drug/k_drug free - drugged)
 *     free = 1 - occupied - drugged,   activity = occupied + efficacy drugged
 *
 * In equilibrium Gaddum's law: occupied = concentration/(concentration + ec50 (1 + drug/k_drug)). efficacy 0 is an
 * antagonist, 1 a full agonist. Integrated by a joint implicit step. State: occupied, drugged (0 to 1); activity can be
 * read by others.
 */
export const competition = defineModel({
  name: 'competition',
  title: 'Occupancy of a receptor by transmitter and drug',
  source:
    'Gaddum 1937, J Physiol 89:7P; by rates and efficacy, as in the published class of Dreyer & Hounsgaard',
  aliases: {},
  eqs: `
    doccupied/dt = k_off*(concentration/ec50*(1 - occupied - drugged) - occupied) : 1 (slow)
    ddrugged/dt = k_off_drug*(drug/k_drug*(1 - occupied - drugged) - drugged) : 1 (slow)
    activity = occupied + efficacy*drugged : 1
  `,
  method: 'slow implicit',
  params: {
    ...occupancy.params,
    drug: { value: '0 nM', min: '0 nM', doc: 'Drug around the receptor.' },
    k_drug: {
      value: '10 nM',
      above: '0 nM',
      doc: 'Drug that occupies half, alone.',
      symbol: 'K_B',
    },
    k_off_drug: { value: '0.1 1/second', above: '0 1/second', doc: 'Unbinding of the drug.' },
    efficacy: {
      value: 0,
      min: 0,
      max: 1,
      doc: 'What a receptor with drug does: 0 nothing, 1 all.',
    },
  },
  advice: SLOW_ADVICE,
});

const MEAN_FIELD_SOURCE =
  'Dreyer & Hounsgaard 2013, J Neurophysiol 109:171, doi:10.1152/jn.00502.2012, and the published class of its authors (2014/2018)';

/** Cyclic AMP behind a dopamine receptor: adenylyl cyclase 5 that it opens (D1) or closes (D2), and phosphodiesterase. */
function cyclicAmp(receptor: 'd1' | 'd2'): NeuronModel {
  const drive = receptor === 'd1' ? 'occ_d1 - threshold_d1' : 'threshold_d2 - occ_d2';
  const rate = (name: string) => `${name}_${receptor}`;
  return defineModel({
    name: `cyclic-amp-${receptor}`,
    title: `Cyclic AMP behind ${receptor.toUpperCase()} receptors`,
    source: MEAN_FIELD_SOURCE,
    aliases: {},
    eqs: `
      dcamp_${receptor}/dt = ac5_${receptor} - ${rate('k_pde')}*camp_${receptor} : 1 (slow)
      ac5_${receptor} = ${rate('gain')}*clip(${drive}, 0, inf) : hertz
    `,
    method: 'slow exponential_sequential',
    params: {
      [`occ_${receptor}`]: {
        value: 0,
        min: 0,
        max: 1,
        doc: 'Occupancy; the one of the model it is joined to.',
      },
      [rate('gain')]: {
        value: '30 1/second',
        min: '0 1/second',
        doc: 'Cyclase per occupancy beyond threshold.',
        symbol: 'G',
      },
      [rate('threshold')]: {
        value: 0.04,
        min: 0,
        max: 1,
        doc: 'Occupancy at which the cyclase sets in.',
        symbol: 'T',
      },
      [rate('k_pde')]: {
        value: '0.1 1/second',
        above: '0 1/second',
        doc: 'Breakdown by phosphodiesterase.',
      },
    },
    reads: [`occ_${receptor}`],
  });
}

/**
 * Cyclic AMP behind D1 receptors, in the units of the published code.
 *
 *     camp_d1' = gain (occ_d1 - threshold)₊ - k_pde camp_d1
 *
 * Joined to `dopamineOccupancy` it reads occ_d1. Exact while the occupancy holds; state: camp_d1.
 */
export const cyclicAmpD1 = cyclicAmp('d1');

/** Cyclic AMP behind D2 receptors, which close the cyclase: camp_d2' = gain (threshold - occ_d2)₊ - k_pde camp_d2. */
export const cyclicAmpD2 = cyclicAmp('d2');

/**
 * What an occupied receptor does to a conductance, or to the failures of a synapse.
 *
 *     modulated = base (1 + level (max_mod - 1))
 *
 * max_mod is the factor at full occupancy: 0 takes all away. To couple: let it supply the parameter that it changes,
 *
 *     extend(neuron, models.modulation, { supplies: ['g_k'], replace: { modulated: 'g_k', base: 'g_k_0', level: 'occ_d1' } })
 *
 * with `siemens` replaced where the parameter has another unit, and max_mod where several modulate.
 */
export const modulation = defineModel({
  name: 'modulation',
  title: 'Modulation of a conductance by a receptor',
  source:
    'The law of the modulated mechanisms of Lindroos et al. 2018, Front Neural Circuits 12:3, doi:10.3389/fncir.2018.00003',
  aliases: {},
  eqs: 'modulated = base*(1 + level*(max_mod - 1)) : siemens',
  params: {
    base: { value: '10 nS', min: '0 nS', doc: 'The conductance without transmitter.' },
    level: { value: 0, doc: 'How much of the receptor is occupied; replace it by an occupancy.' },
    max_mod: { value: 1, min: 0, doc: 'Factor at full occupancy; 1 is no effect.' },
  },
});

/**
 * A synapse that fails at times, of which dopamine and acetylcholine change the strength and the failures.
 *
 *     g_exc += weight (1 + level_da (max_mod_da - 1)) (1 + level_ach (max_mod_ach - 1))       unless it fails, with probability
 *     fail (1 + level_da (fail_mod_da - 1)) (1 + level_ach (fail_mod_ach - 1))
 *
 * To couple: replace a level by an occupancy, of the target (`{ level_da: 'occ_d1' }`) or of the source (`'occ_d2_pre'`). Draws
 * are each synapse's own; spikes act when they arrive. Checked: tests/physics/occupancy.test.ts.
 */
export const modulatedSynapse = defineSynapse({
  name: 'modulated',
  title: 'Failing synapse under dopamine and acetylcholine',
  source:
    'The law of tmglut.mod: Lindroos et al. 2018, Front Neural Circuits 12:3, doi:10.3389/fncir.2018.00003',
  aliases: {},
  eqs: 'weight : siemens (constant)',
  onPre: `
    failures = clip(fail*(1 + level_da*(fail_mod_da - 1))*(1 + level_ach*(fail_mod_ach - 1)), 0, 1)
    g_exc += weight*(1 + level_da*(max_mod_da - 1))*(1 + level_ach*(max_mod_ach - 1))*int(rand() >= failures)
  `,
  params: {
    fail: { value: 0, min: 0, max: 1, doc: 'Probability of failure without transmitter.' },
    level_da: { value: 0, doc: 'Dopamine receptors occupied; replace it by an occupancy.' },
    max_mod_da: { value: 1, min: 0, doc: 'Factor of strength, all dopamine receptors occupied.' },
    fail_mod_da: { value: 1, min: 0, doc: 'Factor of failures, all dopamine receptors occupied.' },
    level_ach: { value: 0, doc: 'Acetylcholine receptors occupied.' },
    max_mod_ach: {
      value: 1,
      min: 0,
      doc: 'Factor of strength, all acetylcholine receptors occupied.',
    },
    fail_mod_ach: {
      value: 1,
      min: 0,
      doc: 'Factor of failures, all acetylcholine receptors occupied.',
    },
  },
  initial: {},
  advice:
    'The weight of a synapse is its variable `weight`: give its initial value, it is 0 otherwise.',
});

/**
 * Dopamine released by a nucleus and held down by autoreceptors on its terminals, as a mean over the tissue.
 *
 *     da' = rate gamma/(1 + gain_auto occ_auto) - vmax_dat da/(km_dat + da)
 *     occ_auto' = k_off_auto (da/ec50_auto (1 - occ_auto) - occ_auto)
 *
 * Defaults are those of the ventral tegmental area; `dopamineNuclei` has the substantia nigra too. A transporter blocker
 * multiplies km_dat. Exponential steps in sequence: positive, stable, steady states do not depend on the step. State: da
 * [nM], occ_auto. To couple: replace `rate` by the rate of the neurons. Checked against T16b
 * (tests/physics/occupancy.test.ts).
 */
export const dopamineTerminal = defineModel({
  name: 'dopamine-terminal',
  title: 'Mean dopamine of a projection with autoreceptors',
  source: MEAN_FIELD_SOURCE,
  aliases: {},
  eqs: `
    dda/dt = rate*gamma/(1 + gain_auto*occ_auto) - vmax_dat*da/(km_dat + da) : mmolar (slow)
    docc_auto/dt = k_off_auto*(da/ec50_auto*(1 - occ_auto) - occ_auto) : 1 (slow)
  `,
  method: 'slow exponential_sequential',
  slow: '10 ms',
  params: {
    rate: { value: '4 Hz', min: '0 Hz', doc: 'Spikes per neuron and time.', symbol: 'nu' },
    gamma: {
      value: '200 nM',
      min: '0 nM',
      doc: 'Rise by one spike of every neuron, without autoreceptors.',
    },
    vmax_dat: { value: '1500 nM/second', min: '0 nM/second', doc: 'Reuptake: largest rate.' },
    km_dat: {
      value: '160 nM',
      above: '0 nM',
      doc: 'Reuptake: half rate. A competitive blocker multiplies it by 1 + I/Ki.',
    },
    gain_auto: { value: 3, min: 0, doc: 'How far autoreceptors, all occupied, hold release down.' },
    ec50_auto: {
      value: '100 nM',
      above: '0 nM',
      doc: 'Dopamine that occupies half of the autoreceptors.',
    },
    k_off_auto: {
      value: '0.3 1/second',
      above: '0 1/second',
      doc: 'Unbinding from autoreceptors.',
    },
  },
});

/** Nuclei of `dopamineTerminal`: `with(dopamineNuclei.substantiaNigra)`. */
export const dopamineNuclei = {
  ventralTegmentalArea: { vmax_dat: '1500 nM/second', gamma: '200 nM' },
  substantiaNigra: { vmax_dat: '4000 nM/second', gamma: '400 nM' },
} as const;
