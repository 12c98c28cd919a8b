/**
 * Drugs, lesions and knock-downs as changes of parameters of library models, by name. Tables only: what carries them out
 * at a time of a run is the document's list of interventions, and a model takes them from the start by `with`.
 */
import { NetworkError } from '../errors.ts';
import { describeValue, isPlainObject } from '../language/argument.ts';
import { listNames, suggest } from '../language/messages.ts';
import type { NeuronModel } from './model.ts';

/** One parameter, multiplied by a factor or given a value. */
export type ParameterChange =
  | { readonly parameter: string; readonly factor: number }
  | { readonly parameter: string; readonly value: string | number };

/** A named change of a model's parameters. */
export interface NamedIntervention {
  /** One line: what it is in a laboratory. */
  readonly title: string;
  /** Name of the model, such as "dopamine-synthesis". */
  readonly model: string;
  readonly changes: readonly ParameterChange[];
  /** What variables of the model do against control, in the end. */
  readonly signs: Readonly<Record<string, 'rises' | 'falls'>>;
  /** What the numbers rest on, where it is not the model's source. */
  readonly note?: string;
}

const on = (
  model: string,
  title: string,
  changes: readonly ParameterChange[],
  signs: NamedIntervention['signs'] = {},
  note?: string,
): NamedIntervention => ({ title, model, changes, signs, ...(note === undefined ? {} : { note }) });

const times = (parameter: string, factor: number): ParameterChange => ({ parameter, factor });

const DOPAMINE = 'dopamine-synthesis';
const ACETYLCHOLINE = 'acetylcholine-synthesis';
const GLUTAMATE = 'glutamate-cycle';
const CHANNELS = 'calcium-homeostasis';
const GENE = 'gene-cascade';
const AMPA = 'ampa';
const NMDA = 'nmda';
const GABA_A = 'gaba-a';
const GABA_B = 'gaba-b';
const DOPAMINE_RECEPTORS = 'dopamine-occupancy';
const TERMINAL = 'dopamine-terminal';
const CHAIN = 'release-chain';

/**
 * All named interventions on models of terminals, receptors, chemistry and genes. A receptor that `extend` has put into a neuron keeps the
 * names of its parameters. To carry one out from 300 s on:
 *
 *     namedInterventions.reserpine.changes.map((change) => ({ at: '300 s', owner: 'terminals', ...change }))
 *
 * Doses are not modelled: a competitive blocker at concentration I multiplies a half-saturation by 1 + I/Ki, and the
 * factors here are those of the reference cases. For research and education, not clinical.
 */
export const namedInterventions = {
  cocaine: on(
    DOPAMINE,
    'Cocaine-like: competitive block of the dopamine transporter at twice its Ki',
    [times('km_dat', 3)],
    { eda: 'rises', vda: 'falls', cda: 'falls' },
  ),
  'transporter-half': on(DOPAMINE, 'Half of the dopamine transporters', [times('vmax_dat', 0.5)], {
    eda: 'rises',
    vda: 'falls',
  }),
  'transporter-knock-out': on(DOPAMINE, 'No dopamine transporter', [times('vmax_dat', 0)], {
    eda: 'rises',
    vda: 'falls',
  }),
  ampt: on(DOPAMINE, 'AMPT-like: block of tyrosine hydroxylase', [times('vmax_th', 0.1)], {
    vda: 'falls',
    eda: 'falls',
  }),
  'l-dopa': on(
    DOPAMINE,
    'L-DOPA given',
    [{ parameter: 'ldopa_in', value: '24.6 uM/h' }],
    { vda: 'rises', eda: 'rises', ldopa: 'rises' },
    'The amount that makes up for AMPT at a tenth of the enzyme.',
  ),
  reserpine: on(
    DOPAMINE,
    'Reserpine-like: block of the vesicular transporter',
    [times('vmax_vmat', 0.1)],
    { vda: 'falls', eda: 'falls', cda: 'rises' },
  ),
  'mao-inhibitor': on(DOPAMINE, 'Block of monoamine oxidase', [times('k_cat', 0.1)], {
    vda: 'rises',
    cda: 'rises',
    eda: 'rises',
  }),
  hemicholinium: on(
    ACETYLCHOLINE,
    'Hemicholinium-3: block of choline uptake',
    [times('vmax_haccu', 0)],
    { ach_ves: 'falls', choline_out: 'rises' },
  ),
  vesamicol: on(
    ACETYLCHOLINE,
    'Vesamicol: block of the vesicular transporter',
    [times('k_vacht', 0)],
    { ach_ves: 'falls', ach_in: 'rises' },
  ),
  'esterase-inhibitor': on(
    ACETYLCHOLINE,
    'Inhibitor of acetylcholinesterase',
    [times('k_ache', 0.1)],
    { ach_cleft: 'rises' },
  ),
  'dl-tboa': on(GLUTAMATE, 'DL-TBOA: block of glutamate uptake', [times('vmax_eaat', 0.1)], {
    glu_cleft: 'rises',
  }),
  'methionine-sulfoximine': on(
    GLUTAMATE,
    'Methionine sulfoximine: block of glutamine synthetase',
    [times('k_gs', 0)],
    { glu_ves: 'falls', glu_astro: 'rises' },
  ),
  'sodium-block': on(
    CHANNELS,
    'Tetrodotoxin-like: half of the sodium current',
    [times('open_nav', 0.5)],
    { g_nav: 'rises', ca: 'falls' },
    'Calcium cannot reach its target, so all conductances grow without end.',
  ),
  'calcium-gated-potassium-block': on(
    CHANNELS,
    'Block of the calcium-gated potassium current',
    [times('open_kca', 0)],
    { g_nav: 'falls' },
    'Pathological compensation: calcium is restored, bursts become tonic spikes.',
  ),
  'transient-potassium-block': on(
    CHANNELS,
    '4-AP-like: block of the transient potassium current',
    [times('open_a', 0)],
    { g_nav: 'falls' },
  ),
  'delayed-rectifier-block': on(
    CHANNELS,
    'TEA-like: a third of the delayed rectifier is left',
    [times('open_kd', 0.3)],
    { g_nav: 'falls' },
  ),
  'h-block': on(CHANNELS, 'ZD7288-like: block of the h current', [times('open_h', 0)], {
    g_nav: 'falls',
  }),
  'knock-down': on(
    GENE,
    'Knock-down of the gene: half of the transcription that CREB drives',
    [times('k_drive', 0.5)],
    { mrna: 'falls', protein: 'falls' },
  ),
  'ampa-antagonist': on(
    AMPA,
    'NBQX-like: competitive block of AMPA receptors at nine times its K_B',
    [times('alpha_ampa', 0.1)],
    { g_ampa: 'falls' },
  ),
  'nmda-antagonist': on(
    NMDA,
    'AP5-like: competitive block of NMDA receptors at nine times its K_B',
    [times('alpha_nmda', 0.1)],
    { g_nmda: 'falls' },
  ),
  'magnesium-up': on(
    NMDA,
    'Magnesium outside fivefold: more open-channel block',
    [times('mg', 5)],
    { block_nmda: 'falls' },
    'block_nmda is the share left open.',
  ),
  'gaba-a-antagonist': on(
    GABA_A,
    'Picrotoxin-like: no GABA-A receptors',
    [{ parameter: 'blocked_gaba_a', value: 1 }],
    { g_gaba_a: 'falls' },
    'Recurrent networks run away, as in a seizure.',
  ),
  benzodiazepine: on(
    GABA_A,
    'Benzodiazepine-like: GABA stays bound for longer',
    [times('beta_gaba_a', 0.7)],
    { g_gaba_a: 'rises' },
  ),
  'gaba-b-antagonist': on(
    GABA_B,
    'CGP-like: no GABA-B receptors',
    [{ parameter: 'blocked_gaba_b', value: 1 }],
    { g_gaba_b: 'falls' },
  ),
  atropine: on(
    'muscarinic',
    'Atropine-like: competitive block of muscarinic receptors at nine times its K_B',
    [times('ec50_muscarinic', 10)],
    { open_muscarinic: 'falls' },
  ),
  curare: on(
    'nicotinic',
    'Curare-like: competitive block of nicotinic receptors at nine times its K_B',
    [times('k_on_nicotinic', 0.1)],
    { open_nicotinic: 'falls' },
  ),
  neostigmine: on(
    'esterase',
    'Neostigmine-like: a tenth of the esterase in a cleft is left',
    [times('esterase', 0.1)],
    { a: 'rises' },
  ),
  'd1-antagonist': on(
    DOPAMINE_RECEPTORS,
    'SCH-23390-like: competitive block of D1 at nine times its K_B',
    [times('ec50_d1', 10)],
    { occ_d1: 'falls' },
    'Half-saturation counts at the receptor; kinetics of the drug itself: model competition.',
  ),
  'd2-antagonist': on(
    DOPAMINE_RECEPTORS,
    'Haloperidol-like: competitive block of D2 at nine times its K_B',
    [times('ec50_d2', 10)],
    { occ_d2: 'falls' },
    'Half-saturation counts at the receptor; kinetics of the drug itself: model competition.',
  ),
  'autoreceptor-antagonist': on(
    TERMINAL,
    'Terminal autoreceptors out of action',
    [times('gain_auto', 0)],
    { da: 'rises' },
  ),
  'reuptake-inhibitor': on(
    TERMINAL,
    'Cocaine-like, in the mean-field terminal: reuptake blocked at twice Ki',
    [times('km_dat', 3)],
    { da: 'rises' },
    '55.5 to 121 nM in the ventral tegmental area at 4 Hz.',
  ),
  tetrodotoxin: on(CHAIN, 'Tetrodotoxin: no sodium current', [times('g_na', 0)], {
    transmitter: 'falls',
  }),
  '4-aminopyridine': on(
    CHAIN,
    '4-Aminopyridine-like: block of potassium channels, so that spikes are broad',
    [times('g_k', 0.3)],
    { ca: 'rises' },
    'More calcium enters, over a longer time and with a lower peak; release follows the peak in this chain and changes little.',
  ),
  cadmium: on(CHAIN, 'Cadmium-like: block of half of the calcium channels', [times('p_ca', 0.5)], {
    transmitter: 'falls',
    ca: 'falls',
  }),
  'low-calcium': on(CHAIN, 'Little calcium outside', [{ parameter: 'ca_out', value: '0.5 mM' }], {
    transmitter: 'falls',
    ca: 'falls',
  }),
  'translation-block': on(GENE, 'Anisomycin-like: block of translation', [times('k_tl', 0.1)], {
    protein: 'falls',
  }),
} as const satisfies Readonly<Record<string, NamedIntervention>>;

/** The intervention of that name; throws NetworkError with a suggestion. */
export function findIntervention(name: string): NamedIntervention {
  if (typeof name !== 'string') {
    throw new TypeError(
      `findIntervention: name must be a text such as "reserpine", got ${describeValue(name)}.`,
    );
  }
  const known = Object.keys(namedInterventions);
  if (Object.hasOwn(namedInterventions, name)) {
    return namedInterventions[name as keyof typeof namedInterventions];
  }
  const meant = suggest(name, known);
  throw new NetworkError(
    `Unknown intervention "${name}".${meant === undefined ? '' : ` Did you mean "${meant}"?`} Known: ${listNames(known, 40)}`,
    { path: 'intervention', value: name },
  );
}

/**
 * Parameters of a model under an intervention, for `with`: the values that it gives, and its factors times the defaults.
 *
 *     extend(models.adex, models.gabaA).with(parametersUnder(models.gabaA, namedInterventions.benzodiazepine))
 *
 * Throws NetworkError where the model has no such parameter.
 */
export function parametersUnder(
  model: NeuronModel,
  intervention: NamedIntervention,
): Readonly<Record<string, string | number>> {
  if (!isPlainObject(model) || !isPlainObject(model.params)) {
    throw new TypeError(
      `parametersUnder: model must be a neuron model, such as models.ampa, got ${describeValue(model)}.`,
    );
  }
  if (!isPlainObject(intervention) || !Array.isArray(intervention.changes)) {
    throw new TypeError(
      `parametersUnder: intervention must be one of namedInterventions, got ${describeValue(intervention)}.`,
    );
  }
  return Object.fromEntries(
    intervention.changes.map((change) => {
      const row = model.params[change.parameter];
      if (row === undefined) {
        throw new NetworkError(
          `parametersUnder: model "${model.name}" has no parameter "${change.parameter}". Known: ${listNames(Object.keys(model.params), 40)}`,
          { path: `model "${model.name}"`, value: change.parameter },
        );
      }
      return [
        change.parameter,
        'value' in change ? change.value : scaled(row.value, change.factor),
      ];
    }),
  );
}

/** A quantity times a factor. */
function scaled(value: string | number, factor: number): string | number {
  if (typeof value === 'number') return value * factor;
  const [, amount = '', unit = ''] = /^([-+.\de]+)(.*)$/.exec(value) ?? [];
  return `${Number(amount) * factor}${unit}`;
}
