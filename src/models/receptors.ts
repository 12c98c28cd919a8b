/**
 * Receptors of fast transmission as networks use them: AMPA, NMDA with its magnesium block, GABA-A and GABA-B. Fragments
 * that `extend` joins to a neuron; every spike adds to a conductance that decays, so receptors do not saturate.
 * receptors-kinetic.ts has those that do.
 */
import { defineModel, type ModelParameter, type NeuronModel } from './model.ts';

/** Where the rates come from. */
export const KINETICS_SOURCE =
  'Destexhe, Mainen & Sejnowski 1994, J Comput Neurosci 1:195, doi:10.1007/BF00961734, and 1998, in Koch & Segev, Methods in Neuronal Modeling, 1-25 (ModelDB 18198)';

/** Rates and reversal potential of a receptor that opens when it binds. */
export interface ReceptorRates {
  /** Ending of all names: "ampa", "gaba_a". */
  readonly key: string;
  readonly title: string;
  readonly alpha: string;
  readonly beta: string;
  readonly reversal: string;
}

/** Rates of 1998 (ModelDB 18198). */
export const AMPA: ReceptorRates = {
  key: 'ampa',
  title: 'AMPA',
  alpha: '1.1 1/mM/ms',
  beta: '0.19 1/ms',
  reversal: '0 mV',
};
export const NMDA: ReceptorRates = {
  key: 'nmda',
  title: 'NMDA',
  alpha: '0.072 1/mM/ms',
  beta: '0.0066 1/ms',
  reversal: '0 mV',
};
export const GABA_A: ReceptorRates = {
  key: 'gaba_a',
  title: 'GABA-A',
  alpha: '5 1/mM/ms',
  beta: '0.18 1/ms',
  reversal: '-80 mV',
};

/** The membrane potential of a fragment on its own: a voltage clamp. */
export const CLAMP: ModelParameter = {
  value: '-65 mV',
  doc: "Membrane potential; the neuron's own once joined.",
};

/** Magnesium outside the cell. */
export const MAGNESIUM: ModelParameter = {
  value: '1 mM',
  min: '0 mM',
  doc: 'Magnesium outside, which blocks NMDA receptors at rest.',
};

/** The share of NMDA receptors that magnesium leaves open (Jahr & Stevens 1990), held over a time step. */
export const BLOCK = 'block_nmda = 1/(1 + exp(-0.062*v/mV)*mg/(3.57*mM)) : 1 (constant over dt)';

export const BLOCK_SOURCE =
  'magnesium block: Jahr & Stevens 1990, J Neurosci 10:3178, doi:10.1523/JNEUROSCI.10-09-03178.1990';

/** Rows that all receptors which open by binding have. */
export const bindingRows = ({
  key,
  alpha,
  beta,
  reversal,
}: ReceptorRates): Readonly<Record<string, ModelParameter>> => ({
  [`alpha_${key}`]: {
    value: alpha,
    min: '0 1/mM/ms',
    doc: 'Binding. A competitive antagonist divides it by 1 + its concentration/K_B.',
    symbol: 'alpha',
  },
  [`beta_${key}`]: { value: beta, above: '0 1/ms', doc: 'Unbinding.', symbol: 'beta' },
  [`e_${key}`]: { value: reversal, doc: 'Reversal potential.', symbol: 'E' },
  [`blocked_${key}`]: {
    value: 0,
    min: 0,
    max: 1,
    doc: 'Share of receptors that a drug has put out of action.',
  },
});

/** The square pulse of transmitter that a spike is. */
export const pulseRows = (
  key: string,
  height: string,
  length: string,
): Readonly<Record<string, ModelParameter>> => ({
  [`cleft_${key}`]: {
    value: height,
    min: '0 mM',
    doc: 'Transmitter in the cleft during the pulse that a spike is.',
    symbol: 'T',
  },
  [`pulse_${key}`]: { value: length, above: '0 ms', doc: 'Length of the pulse.' },
});

/** What a pulse opens of receptors that were all closed. */
const opened = (key: string, alpha = `alpha_${key}`, beta = `beta_${key}`): string => {
  const rate = `(${alpha}*cleft_${key} + ${beta})`;
  return `peak_${key} = ${alpha}*cleft_${key}/${rate}*(1 - exp(-${rate}*pulse_${key})) : 1`;
};

const ADVICE =
  'A weight is the conductance of the synapse with all of its receptors open; one pulse opens peak of them. Spikes add without limit: high rates at one synapse need the kinetic form.';

/** AMPA, NMDA or GABA-A, aggregated. */
function aggregated(rates: ReceptorRates, hasBlock: boolean): NeuronModel {
  const { key, title } = rates;
  const block = hasBlock ? '*block_nmda' : '';
  return defineModel({
    name: key.replace('_', '-'),
    title: `${title} receptors`,
    source: hasBlock ? `${KINETICS_SOURCE}; ${BLOCK_SOURCE}` : KINETICS_SOURCE,
    aliases: {},
    eqs: [
      `ds_${key}/dt = -beta_${key}*s_${key} : siemens`,
      opened(key),
      `g_${key} = (1 - blocked_${key})*peak_${key}*s_${key} : siemens`,
      ...(hasBlock ? [BLOCK] : []),
      `i_${key} = g_${key}${block}*(e_${key} - v) : amp`,
    ].join('\n'),
    params: {
      ...bindingRows(rates),
      ...pulseRows(key, '1 mM', '1 ms'),
      ...(hasBlock ? { mg: MAGNESIUM } : {}),
      v: CLAMP,
    },
    reads: hasBlock ? ['v', 'mg'] : ['v'],
    adds: { [`i_${key}`]: 'i_offset' },
    inputs: { [`s_${key}`]: 'conductance of the synapse with all receptors open, in siemens' },
    advice: ADVICE,
  });
}

/**
 * AMPA receptors: a current into the neuron that every spike raises and that decays in 5.3 ms.
 *
 *     s_ampa' = -beta s_ampa,  a spike adds its weight;   g_ampa = (1 - blocked) peak s_ampa;   i_ampa = g_ampa (e_ampa - v)
 *     peak = alpha T/(alpha T + beta) (1 - exp(-(alpha T + beta) pulse))           0.618 with 1 mM for 1 ms
 *
 * State: s_ampa [nS], to which synapses add: `staticSynapse.with({}, { g_exc: 's_ampa' })`, and any other synapse model
 * likewise. Also: g_ampa, i_ampa. Exact in s_ampa. Peaks and decays are those of the kinetic form (T11,
 * tests/physics/receptors.test.ts).
 */
export const ampa = aggregated(AMPA, false);

/**
 * NMDA receptors: decay in 150 ms, blocked by magnesium at rest.
 *
 *     i_nmda = g_nmda B(v) (e_nmda - v),   B = 1/(1 + exp(-0.062 v/mV) [Mg]/3.57 mM)
 *
 * with s_nmda, g_nmda as for `ampa` (peak 0.069). B is taken at the beginning of a step, so that the membrane equation stays
 * linear in v for the integrators that need it.
 */
export const nmda = aggregated(NMDA, true);

/** GABA-A receptors, as `ampa`: peak 0.960, decay in 5.6 ms. A benzodiazepine lowers beta_gaba_a. */
export const gabaA = aggregated(GABA_A, false);

/** Rows of the way from GABA-B receptors through G protein to a potassium channel. */
export const gabaBRows = {
  k_1_gaba_b: { value: '0.52 1/mM/ms', min: '0 1/mM/ms', doc: 'Binding.', symbol: 'K1' },
  k_2_gaba_b: { value: '0.0013 1/ms', above: '0 1/ms', doc: 'Unbinding.', symbol: 'K2' },
  k_3_gaba_b: {
    value: '0.098 1/ms',
    min: '0 1/ms',
    doc: 'G protein activated by receptors.',
    symbol: 'K3',
  },
  k_4_gaba_b: { value: '0.033 1/ms', above: '0 1/ms', doc: 'G protein inactivated.', symbol: 'K4' },
  kd_gaba_b: {
    value: 100,
    above: 0,
    doc: 'G protein, to the fourth, at which half of the channels are open.',
    symbol: 'KD',
  },
  g_max_gaba_b: {
    value: '1 nS',
    min: '0 nS',
    doc: 'Conductance with all channels open. Free: no published scale.',
  },
  e_gaba_b: { value: '-95 mV', doc: 'Reversal potential, of potassium.', symbol: 'E' },
  blocked_gaba_b: {
    value: 0,
    min: 0,
    max: 1,
    doc: 'Share of channels that a drug has put out of action.',
  },
} as const satisfies Readonly<Record<string, ModelParameter>>;

/** From active receptors r (an expression) to the current. */
export const gabaBChain = (r: string): readonly string[] => [
  `dprotein_gaba_b/dt = k_3_gaba_b*${r} - k_4_gaba_b*protein_gaba_b : 1`,
  'open_gaba_b = protein_gaba_b**4/(protein_gaba_b**4 + kd_gaba_b) : 1',
  'g_gaba_b = (1 - blocked_gaba_b)*g_max_gaba_b*open_gaba_b : siemens',
  'i_gaba_b = g_gaba_b*(e_gaba_b - v) : amp',
];

/**
 * GABA-B receptors: a slow potassium current that needs several spikes.
 *
 *     s' = -k_2 s, a spike adds its weight;   r = peak s;   G' = k_3 r - k_4 G;   g = g_max G⁴/(G⁴ + KD);   i = g (e - v)
 *
 * The receptors of a neuron act on one pool of G protein, so weights are numbers here: 1 is one synapse with all its
 * receptors. State: s_gaba_b, protein_gaba_b. Synapses add to s_gaba_b (`{ g_exc: 's_gaba_b', siemens: '1' }`).
 */
export const gabaB = defineModel({
  name: 'gaba-b',
  title: 'GABA-B receptors, G protein and potassium channels',
  source: KINETICS_SOURCE,
  aliases: {},
  eqs: [
    'ds_gaba_b/dt = -k_2_gaba_b*s_gaba_b : 1',
    opened('gaba_b', 'k_1_gaba_b', 'k_2_gaba_b'),
    ...gabaBChain('peak_gaba_b*s_gaba_b'),
  ].join('\n'),
  params: { ...gabaBRows, ...pulseRows('gaba_b', '0.5 mM', '0.3 ms'), v: CLAMP },
  reads: ['v'],
  adds: { i_gaba_b: 'i_offset' },
  inputs: { s_gaba_b: 'synapses with all receptors active, a number' },
  advice: ADVICE,
});
