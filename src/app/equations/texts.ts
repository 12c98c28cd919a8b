/**
 * The texts of a population, projection or field as one list, and documents with changed texts. Plain functions of the
 * document; what the texts mean is decided by the tools worker.
 */
import type { FieldDocument, NetworkDocument, ProjectionDocument, Quantity } from '../../index.ts';
import type { Selection } from '../state/app.ts';

/** What the texts of an owner are, by the names that messages use for them. */
export interface OwnedText {
  /** "eqs", "threshold", "onPre", or with a pathway "onPre stdp". */
  readonly key: string;
  readonly title: string;
  readonly text: string;
  /** In one sentence, for people who have never seen one. */
  readonly meaning: string;
  readonly kind: 'equations' | 'statements' | 'expression';
  /** What messages call it, where that is not the key: a pathway called "pre" is plainly onPre. */
  readonly block: string;
}

type Kind = OwnedText['kind'];

const POPULATION: readonly (readonly [string, string, Kind, string])[] = [
  [
    'eqs',
    'Equations',
    'equations',
    'One per line: dv/dt = … : volt, name = … : unit, name : unit.',
  ],
  ['threshold', 'Threshold', 'expression', 'A neuron spikes when this holds.'],
  ['reset', 'Reset', 'statements', 'What a spike does to the neuron.'],
  [
    'refractory',
    'Refractory',
    'expression',
    'A time, or a condition: no further spike until then.',
  ],
  ['onStep', 'Every step', 'statements', 'Done in every step, between integration and threshold.'],
];

/** The owner in a document; undefined for what has no texts, or is not there. */
export function ownerIn(document: NetworkDocument, owner: Selection) {
  if (owner.kind === 'population') {
    const found = document.populations.find(({ name }) => name === owner.name);
    return found?.kind === 'neurons' ? found : undefined;
  }
  if (owner.kind === 'projection')
    return document.projections.find(({ name }) => name === owner.name);
  if (owner.kind === 'field') return document.fields?.find(({ name }) => name === owner.name);
  return undefined;
}

/** All texts that an owner may have, empty ones too; none for what has no texts. */
export function textsOf(document: NetworkDocument, owner: Selection): readonly OwnedText[] {
  const found = ownerIn(document, owner);
  if (found === undefined) return [];
  if (owner.kind === 'population') {
    return POPULATION.map(([key, title, kind, meaning]) => ({
      key,
      block: key,
      title,
      kind,
      meaning,
      text: String(Reflect.get(found, key) ?? ''),
    }));
  }
  const [key, title, kind, meaning] = POPULATION[0] as (typeof POPULATION)[number];
  const eqs: OwnedText = {
    key,
    block: key,
    title,
    kind,
    text: (found as FieldDocument | ProjectionDocument).eqs ?? '',
    meaning:
      owner.kind === 'field'
        ? meaning
        : `${meaning} Of every synapse; none are needed for plain weights.`,
  };
  if (owner.kind === 'field') return [{ ...eqs, title: 'Reaction' }];
  const { onPre, onPost } = found as ProjectionDocument;
  return [
    eqs,
    ...pathways('onPre', 'Presynaptic spike', onPre),
    ...pathways('onPost', 'Postsynaptic spike', onPost),
  ];
}

function pathways(
  key: 'onPre' | 'onPost',
  title: string,
  texts: ProjectionDocument['onPre'],
): OwnedText[] {
  const meaning =
    key === 'onPre'
      ? 'Done at a synapse when a spike of its source arrives.'
      : 'Done at a synapse when its target neuron spikes.';
  if (texts === undefined || typeof texts === 'string') {
    return [{ key, block: key, title, text: texts ?? '', meaning, kind: 'statements' }];
  }
  return Object.entries(texts).map(([name, text]) => ({
    key: `${key} ${name}`,
    block: (key === 'onPre' ? 'pre' : 'post') === name ? key : `${key} ${name}`,
    title: `${title}: ${name}`,
    text,
    meaning,
    kind: 'statements',
  }));
}

/** The document with other texts of an owner, by their keys. An empty text is left out (equations of neurons stay). */
export function withTexts(
  document: NetworkDocument,
  owner: Selection,
  texts: Readonly<Record<string, string>>,
): NetworkDocument {
  const found = ownerIn(document, owner);
  if (found === undefined) return document;
  const changed: Record<string, unknown> = { ...found };
  for (const [key, text] of Object.entries(texts)) {
    const [field = '', pathway] = key.split(/ (.*)/s);
    if (pathway !== undefined) {
      changed[field] = { ...(changed[field] as Record<string, string>), [pathway]: text };
    } else if (text.trim() === '' && !(field === 'eqs' && owner.kind !== 'projection')) {
      delete changed[field];
    } else changed[field] = text;
  }
  return replaced(document, owner, found, changed);
}

/** The document with more parameters of an owner; itself without any. */
export function withParameters(
  document: NetworkDocument,
  owner: Selection,
  params: Readonly<Record<string, Quantity>>,
): NetworkDocument {
  const found = ownerIn(document, owner);
  if (found === undefined || Object.keys(params).length === 0) return document;
  const changed = { ...found, params: { ...found.params, ...params } };
  return replaced(document, owner, found, changed);
}

function replaced(
  document: NetworkDocument,
  owner: Selection,
  found: object,
  changed: object,
): NetworkDocument {
  const put = <T extends object>(list: readonly T[]): readonly T[] =>
    list.map((one) => (one === found ? (changed as T) : one));
  if (owner.kind === 'population') return { ...document, populations: put(document.populations) };
  if (owner.kind === 'projection') return { ...document, projections: put(document.projections) };
  return { ...document, fields: put(document.fields ?? []) };
}

/** Everything that has texts, in the order of the document. */
export function ownersOf(document: NetworkDocument): Selection[] {
  const { populations, fields = [], projections } = document;
  return [
    ...populations
      .filter(({ kind }) => kind === 'neurons')
      .map(({ name }): Selection => ({ kind: 'population', name })),
    ...fields.map(({ name }): Selection => ({ kind: 'field', name })),
    ...projections.map(({ name }): Selection => ({ kind: 'projection', name })),
  ];
}
