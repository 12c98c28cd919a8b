/**
 * Drugs, lesions and knock-downs as changes of parameters of library models, by name. Tables only: what carries them out
 * at a time of a run is the document's list of interventions, and a model takes them from the start by `with`.
 */
import { NetworkError } from '../errors.ts';
import { describeValue } from '../language/argument.ts';
import { listNames, suggest } from '../language/messages.ts';

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

/**
 * All named interventions on models of chemistry and genes. To carry one out from 300 s on:
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
