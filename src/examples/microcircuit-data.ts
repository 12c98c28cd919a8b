/**
 * The numbers of the Potjans–Diesmann cortical microcircuit: Potjans & Diesmann 2014, Cereb Cortex 24:785,
 * doi:10.1093/cercor/bhs358, tables 4 and 5; rates for scaling from its NEST SLI and PyNN
 * versions, initial potentials from its PyNEST version (github.com/INM-6/microcircuit-PD14-model). Data only; the rules are in microcircuit.ts. Order of populations
 * everywhere: L2/3E, L2/3I, L4E, L4I, L5E, L5I, L6E, L6I; matrices are [target][source].
 */

export interface MicrocircuitPopulation {
  readonly name: string;
  readonly neurons: number;
  /** External (background) synapses per neuron. */
  readonly external: number;
  /** Initial potential, mean and standard deviation, mV ("optimized" values: no start-up transient). */
  readonly initialMv: readonly [number, number];
  /**
   * Mean rate of the full network, Hz, that the published downscaling compensates with (the list of the NEST SLI and
   * PyNN versions; the network's scaled rates are sensitive to it).
   */
  readonly rateHz: number;
}

export const POPULATIONS: readonly MicrocircuitPopulation[] = [
  { name: 'L23E', neurons: 20683, external: 1600, initialMv: [-68.28, 5.36], rateHz: 0.971 },
  { name: 'L23I', neurons: 5834, external: 1500, initialMv: [-63.16, 4.57], rateHz: 2.868 },
  { name: 'L4E', neurons: 21915, external: 2100, initialMv: [-63.33, 4.74], rateHz: 4.746 },
  { name: 'L4I', neurons: 5479, external: 1900, initialMv: [-63.45, 4.94], rateHz: 5.396 },
  { name: 'L5E', neurons: 4850, external: 2000, initialMv: [-63.11, 4.94], rateHz: 8.142 },
  { name: 'L5I', neurons: 1065, external: 1900, initialMv: [-61.66, 4.55], rateHz: 9.078 },
  { name: 'L6E', neurons: 14395, external: 2900, initialMv: [-66.72, 5.46], rateHz: 0.991 },
  { name: 'L6I', neurons: 2948, external: 2100, initialMv: [-61.43, 4.48], rateHz: 7.523 },
];

/** Connection probabilities, table 5. */
export const CONNECTION_PROBABILITY: readonly (readonly number[])[] = [
  [0.1009, 0.1689, 0.0437, 0.0818, 0.0323, 0.0, 0.0076, 0.0],
  [0.1346, 0.1371, 0.0316, 0.0515, 0.0755, 0.0, 0.0042, 0.0],
  [0.0077, 0.0059, 0.0497, 0.135, 0.0067, 0.0003, 0.0453, 0.0],
  [0.0691, 0.0029, 0.0794, 0.1597, 0.0033, 0.0, 0.1057, 0.0],
  [0.1004, 0.0622, 0.0505, 0.0057, 0.0831, 0.3726, 0.0204, 0.0],
  [0.0548, 0.0269, 0.0257, 0.0022, 0.06, 0.3158, 0.0086, 0.0],
  [0.0156, 0.0066, 0.0211, 0.0166, 0.0572, 0.0197, 0.0396, 0.2252],
  [0.0364, 0.001, 0.0034, 0.0005, 0.0277, 0.008, 0.0658, 0.1443],
];

/** Neuron and synapse constants, table 4. Potentials mV, times ms, capacitance pF. */
export const NEURON = {
  vRest: -65,
  vThresh: -50,
  vReset: -65,
  cM: 250,
  tauM: 10,
  tauSyn: 0.5,
  tauRefrac: 2,
} as const;

export const SYNAPSE = {
  /** Peak of an excitatory postsynaptic potential, mV; twice that from L4E to L2/3E. */
  psp: 0.15,
  /** Inhibitory weight over excitatory weight. */
  g: -4,
  /** Standard deviation of weights over their mean. */
  weightSd: 0.1,
  /** Mean delays, ms, and their standard deviation over the mean. */
  delayExc: 1.5,
  delayInh: 0.75,
  delaySd: 0.5,
  /** Rate of every external synapse, Hz. */
  externalHz: 8,
} as const;
