/**
 * The same receptors with kinetics that saturate. `…Kinetic`: receptors in a given concentration of transmitter, one synapse
 * each. `…Pulse`: all synapses of a neuron, each of them a square pulse per spike, exactly, by `pulseSynapse`.
 */
import { NetworkError } from '../errors.ts';
import { describeValue, isPlainObject } from '../language/argument.ts';
import { DIMENSIONS, parseQuantity, parseUnit } from '../language/units.ts';
import { defineModel, type ModelParameter, type NeuronModel } from './model.ts';
import {
  AMPA,
  BLOCK,
  BLOCK_SOURCE,
  bindingRows,
  CLAMP,
  GABA_A,
  gabaBChain,
  gabaBRows,
  KINETICS_SOURCE,
  MAGNESIUM,
  NMDA,
  pulseRows,
  type ReceptorRates,
} from './receptors.ts';

/** A receptor in a given concentration `transmitter`. */
function kinetic(rates: ReceptorRates, transmitter: string, hasBlock: boolean): NeuronModel {
  const { key, title } = rates;
  return defineModel({
    name: `${key.replace('_', '-')}-kinetic`,
    title: `${title} receptors in a concentration of ${spelled(transmitter)}`,
    source: hasBlock ? `${KINETICS_SOURCE}; ${BLOCK_SOURCE}` : KINETICS_SOURCE,
    aliases: {},
    eqs: [
      `dr_${key}/dt = alpha_${key}*${transmitter}*(1 - r_${key}) - beta_${key}*r_${key} : 1`,
      `g_${key} = (1 - blocked_${key})*g_max_${key}*r_${key} : siemens`,
      ...(hasBlock ? [BLOCK] : []),
      `i_${key} = g_${key}${hasBlock ? '*block_nmda' : ''}*(e_${key} - v) : amp`,
    ].join('\n'),
    params: {
      [transmitter]: transmitterRow(transmitter),
      ...bindingRows(rates),
      [`g_max_${key}`]: G_MAX,
      ...(hasBlock ? { mg: MAGNESIUM } : {}),
      v: CLAMP,
    },
    reads: hasBlock ? ['v', 'mg', transmitter] : ['v', transmitter],
    adds: { [`i_${key}`]: 'i_offset' },
    advice: 'Exact for a concentration that holds over the time step.',
  });
}

/** The name of a transmitter's parameter as a word. */
const spelled = (name: string): string => (name === 'gaba' ? 'GABA' : name);

/** Concentration of a transmitter in the cleft. */
export const transmitterRow = (name: string): ModelParameter => ({
  value: '0 mM',
  min: '0 mM',
  doc: `Concentration of ${spelled(name)} at the receptors; replace it by a cleft, a timed array or a field.`,
});

/** Conductance with all receptors open. */
export const G_MAX: ModelParameter = {
  value: '1 nS',
  min: '0 nS',
  doc: 'Conductance with all receptors open.',
};

/**
 * AMPA receptors in a concentration of glutamate: one synapse, as under a microscope.
 *
 *     r' = alpha glutamate (1 - r) - beta r;   i_ampa = (1 - blocked) g_max r (e_ampa - v)
 *
 * Exact while the concentration holds. State: r_ampa (0 to 1). To couple: replace `glutamate`, by the concentration of a
 * release model or a timed array of pulses. Checked against T11 (tests/physics/receptors.test.ts).
 */
export const ampaKinetic = kinetic(AMPA, 'glutamate', false);

/** NMDA receptors in a concentration of glutamate, as `ampaKinetic`, with the block of `nmda`. */
export const nmdaKinetic = kinetic(NMDA, 'glutamate', true);

/** GABA-A receptors in a concentration of GABA, as `ampaKinetic`. */
export const gabaAKinetic = kinetic(GABA_A, 'gaba', false);

/**
 * GABA-B receptors in a concentration of GABA.
 *
 *     R' = k_1 gaba (1 - R) - k_2 R;   G' = k_3 R - k_4 G;   g = g_max G⁴/(G⁴ + KD)
 *
 * State: r_gaba_b, protein_gaba_b. Checked against T11.
 */
export const gabaBKinetic = defineModel({
  name: 'gaba-b-kinetic',
  title: 'GABA-B receptors in a concentration of GABA',
  source: KINETICS_SOURCE,
  aliases: {},
  eqs: [
    'dr_gaba_b/dt = k_1_gaba_b*gaba*(1 - r_gaba_b) - k_2_gaba_b*r_gaba_b : 1',
    ...gabaBChain('r_gaba_b'),
  ].join('\n'),
  params: { gaba: transmitterRow('gaba'), ...gabaBRows, v: CLAMP },
  reads: ['v', 'gaba'],
  adds: { i_gaba_b: 'i_offset' },
});

const PULSE_SOURCE = `${KINETICS_SOURCE}; all synapses of a neuron together: Lytton 1996, Neural Comput 8:501, doi:10.1162/neco.1996.8.3.501`;

const PULSE_ADVICE =
  'Projections onto it are those of pulseSynapse. Pulses last a whole number of time steps.';

/** Pools of receptors under pulses: what all synapses of a neuron have open, whichever are in a pulse now. */
function pools(key: string, alpha: string, beta: string, unit: string): readonly string[] {
  return [
    `don_${key}/dt = ${alpha}*cleft_${key}*(n_${key} - on_${key}) - ${beta}*on_${key} : ${unit}`,
    `doff_${key}/dt = -${beta}*off_${key} : ${unit}`,
    `n_${key} : ${unit}`,
  ];
}

/** AMPA, NMDA or GABA-A under pulses. */
function pulsed(rates: ReceptorRates, hasBlock: boolean): NeuronModel {
  const { key, title } = rates;
  return defineModel({
    name: `${key.replace('_', '-')}-pulse`,
    title: `${title} receptors, saturating, a pulse of transmitter per spike`,
    source: hasBlock ? `${PULSE_SOURCE}; ${BLOCK_SOURCE}` : PULSE_SOURCE,
    aliases: {},
    eqs: [
      ...pools(key, `alpha_${key}`, `beta_${key}`, 'siemens'),
      `g_${key} = (1 - blocked_${key})*(on_${key} + off_${key}) : siemens`,
      ...(hasBlock ? [BLOCK] : []),
      `i_${key} = g_${key}${hasBlock ? '*block_nmda' : ''}*(e_${key} - v) : amp`,
    ].join('\n'),
    params: {
      ...bindingRows(rates),
      [`cleft_${key}`]: cleftRow('1 mM'),
      ...(hasBlock ? { mg: MAGNESIUM } : {}),
      v: CLAMP,
    },
    reads: hasBlock ? ['v', 'mg'] : ['v'],
    adds: { [`i_${key}`]: 'i_offset' },
    advice: PULSE_ADVICE,
  });
}

const cleftRow = (value: string): ModelParameter =>
  pulseRows('', value, '1 ms').cleft_ as ModelParameter;

/**
 * AMPA receptors of a neuron, each synapse with its own square pulses of transmitter and its own saturation.
 *
 *     synapses in a pulse     on'  = alpha T (n - on) - beta on        n: their conductance with all receptors open
 *     all others              off' = -beta off
 *     g_ampa = (1 - blocked) (on + off)
 *
 * That is the sum over synapses of weight times r with r' = alpha T (1 - r) - beta r, exactly, at the cost of three numbers
 * per neuron, one per presynaptic neuron and two deliveries per spike. Spikes of one presynaptic neuron must be further
 * apart than a pulse. State: on_ampa, off_ampa, n_ampa [nS]. Checked against T11.
 */
export const ampaPulse = pulsed(AMPA, false);

/** NMDA receptors of a neuron, as `ampaPulse`, with the block of `nmda`. */
export const nmdaPulse = pulsed(NMDA, true);

/** GABA-A receptors of a neuron, as `ampaPulse`. */
export const gabaAPulse = pulsed(GABA_A, false);

/** GABA-B receptors of a neuron, as `ampaPulse`; weights are numbers, as in `gabaB`. */
export const gabaBPulse = defineModel({
  name: 'gaba-b-pulse',
  title: 'GABA-B receptors, saturating, a pulse of transmitter per spike',
  source: PULSE_SOURCE,
  aliases: {},
  eqs: [
    ...pools('gaba_b', 'k_1_gaba_b', 'k_2_gaba_b', '1'),
    ...gabaBChain('(on_gaba_b + off_gaba_b)'),
  ].join('\n'),
  params: { ...gabaBRows, cleft_gaba_b: cleftRow('0.5 mM'), v: CLAMP },
  reads: ['v'],
  adds: { i_gaba_b: 'i_offset' },
  advice: PULSE_ADVICE,
});

/** Receptors that a pulse of transmitter opens. */
export type PulseReceptor = 'ampa' | 'nmda' | 'gaba_a' | 'gaba_b';

/** Rates, unit of weights and length of the pulse. */
const PULSES: Readonly<
  Record<PulseReceptor, { alpha: string; beta: string; unit: string; pulse: string }>
> = {
  ampa: { alpha: 'alpha_ampa', beta: 'beta_ampa', unit: 'siemens', pulse: '1 ms' },
  nmda: { alpha: 'alpha_nmda', beta: 'beta_nmda', unit: 'siemens', pulse: '1 ms' },
  gaba_a: { alpha: 'alpha_gaba_a', beta: 'beta_gaba_a', unit: 'siemens', pulse: '1 ms' },
  gaba_b: { alpha: 'k_1_gaba_b', beta: 'k_2_gaba_b', unit: '1', pulse: '0.3 ms' },
};

/** How `pulseSynapse` differs from its defaults. */
export interface PulseSynapseOptions {
  /** From spike to the beginning of the pulse; default 0 ms. */
  readonly delay?: string;
  /** Length of pulses; default 1 ms, 0.3 ms for GABA-B. A whole number of time steps. */
  readonly pulse?: string;
}

/** Options of a projection, ready to be spread and extended. */
export interface PulseSynapse {
  readonly eqs: string;
  readonly onPre: Readonly<Record<string, string>>;
  readonly delay: { readonly byPathway: Readonly<Record<string, string>> };
  readonly params: Readonly<Record<string, string>>;
  readonly initial: Readonly<Record<string, string | number>>;
}

/**
 * Options of a projection onto receptors of the `…Pulse` models: which of them, and the weight of each, the conductance of
 * the synapse with all receptors open (a number for GABA-B).
 *
 *     net.projection('exc', from, to, pulseSynapse({ ampa: '1 nS', nmda: '0.5 nS' }, { delay: '1.5 ms' }))
 *
 * A pathway begins the pulses, another per length of pulse ends them. r of each receptor is kept once per presynaptic
 * neuron: r_ampa, at the end of its last pulse. Weights are the constant synapse variables weight_ampa, …, so that
 * `initial` can give distributions. Throws NetworkError for receptors and quantities that are none.
 */
export function pulseSynapse(
  weights: Readonly<Partial<Record<PulseReceptor, string | number>>>,
  options: PulseSynapseOptions = {},
): PulseSynapse {
  checkPulseArguments(weights, options);
  const keys = Object.keys(weights) as PulseReceptor[];
  for (const key of keys) {
    const { dimension } = parseUnit(PULSES[key].unit);
    parseQuantity(weights[key] as string, `pulseSynapse: the weight of ${key}`, dimension);
  }
  const { delay = '0 ms', pulse } = options;
  const lengths = keys.map((key) => (pulse === undefined ? PULSES[key].pulse : pulse));
  const ends = new Map<string, PulseReceptor[]>();
  for (const [k, key] of keys.entries()) {
    const length = lengths[k] as string;
    ends.set(length, [...(ends.get(length) ?? []), key]);
  }
  // Pathways run in the order of their names; what ends a pulse reads the r that its beginning has found.
  const onPre: Record<string, string> = { begin: keys.map(pulseBegins).join('\n') };
  const byPathway: Record<string, string> = { begin: delay };
  for (const [k, [length, ending]] of [...ends].entries()) {
    const pathway = k === 0 ? 'end' : `end_${k + 1}`;
    onPre[pathway] = ending.map(pulseEnds).join('\n');
    byPathway[pathway] = `${milliseconds(delay, 'delay') + milliseconds(length, 'pulse')} ms`;
  }
  return {
    eqs: keys
      .flatMap((key) => [
        `weight_${key} : ${PULSES[key].unit} (constant)`,
        `r_${key} : 1 (presynaptic)`,
      ])
      .join('\n'),
    onPre,
    delay: { byPathway },
    params: Object.fromEntries(keys.map((key, k) => [`pulse_${key}`, lengths[k] as string])),
    initial: Object.fromEntries(keys.map((key) => [`weight_${key}`, weights[key] as string])),
  };
}

/**
 * The weight as a whole number of grains, of which single precision adds and takes away up to 2^24 without rounding: what a
 * pulse brings in it takes out again, to the last bit, while synapses with 64 nS are in a pulse.
 */
const whole = (key: PulseReceptor): string => {
  const grain = `3.814697265625e-06${PULSES[key].unit === '1' ? '' : '*nS'}`;
  return `floor(weight_${key}/(${grain}) + 0.5)*${grain}`;
};

/** r decays from the end of the last pulse to the beginning of this one, whose end it then is. */
function pulseBegins(key: PulseReceptor): string {
  const { alpha, beta } = PULSES[key];
  const rate = `(${alpha}*cleft_${key} + ${beta})`;
  return `before_${key} = clip(r_${key}*exp(-${beta}*clip(t - lastupdate - pulse_${key}, 0*ms, inf*ms)), 0, 1)
n_${key} += ${whole(key)}
on_${key} += weight_${key}*before_${key}
off_${key} -= weight_${key}*before_${key}
end_${key} = ${alpha}*cleft_${key}/${rate}
r_${key} = clip(end_${key} + (before_${key} - end_${key})*exp(-${rate}*pulse_${key}), 0, 1)`;
}

const pulseEnds = (key: PulseReceptor): string => `n_${key} -= ${whole(key)}
on_${key} -= weight_${key}*r_${key}
off_${key} += weight_${key}*r_${key}`;

const milliseconds = (quantity: string, what: string): number => {
  const ms = parseQuantity(quantity, `pulseSynapse: ${what}`, DIMENSIONS.time).value;
  if (ms >= 0) return ms;
  throw new NetworkError(`pulseSynapse: ${what} must not be negative, got "${quantity}".`, {
    path: `pulseSynapse, ${what}`,
    value: quantity,
  });
};

function checkPulseArguments(weights: unknown, options: unknown): void {
  const known = Object.keys(PULSES);
  if (!isPlainObject(weights) || Object.keys(weights).length === 0) {
    throw new TypeError(
      `pulseSynapse: weights must be an object such as { ampa: "1 nS" }, got ${describeValue(weights)}.`,
    );
  }
  const stranger = Object.keys(weights).find((key) => !known.includes(key));
  if (stranger !== undefined) {
    throw new NetworkError(
      `pulseSynapse: unknown receptor "${stranger}". Known: ${known.join(', ')}.`,
      { path: 'pulseSynapse', value: stranger },
    );
  }
  if (
    !isPlainObject(options) ||
    Object.keys(options).some((key) => !['delay', 'pulse'].includes(key))
  ) {
    throw new TypeError(
      `pulseSynapse: options must be an object such as { delay: "1.5 ms", pulse: "1 ms" }, got ${describeValue(options)}.`,
    );
  }
}
