/**
 * Receptors of volume transmission: occupancy by a transmitter, by a transmitter and a drug that competes with it, the
 * second messenger behind dopamine receptors, and what either does to a conductance. Fragments, to be joined to neurons
 * with `extend`; alone, each is a population of receptors in a given concentration.
 */
import { defineModel } from './model.ts';

const BINDING =
  'Law of mass action; dopamine: Ejdrup et al. 2024 (default), Dreyer, Herrik, Berg & Hounsgaard 2010, J Neurosci 30:14273, doi:10.1523/JNEUROSCI.1894-10.2010, Hunger et al. 2020';

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
