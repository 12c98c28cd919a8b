/**
 * The things that a network document is made of, as the outline lists them: how one is named, found, replaced. Pure
 * functions on documents; everything that is not changed is shared with the document before.
 */
import type {
  FieldDocument,
  InterventionDocument,
  NetworkDocument,
  PoissonInputDocument,
  PopulationDocument,
  ProjectionDocument,
  RecordingDocument,
  TimedArrayDocument,
} from '../../../index.ts';
import type { Selection } from '../../state/app.ts';

export type PartKind = Exclude<Selection['kind'], 'network'>;

/** A selected thing that is not the network itself. */
export interface PartReference {
  readonly kind: PartKind;
  readonly name: string;
}

/** What the document holds of each kind. */
export interface PartOf {
  readonly population: PopulationDocument;
  readonly projection: ProjectionDocument;
  readonly input: PoissonInputDocument;
  readonly field: FieldDocument;
  readonly recording: RecordingDocument;
  readonly intervention: InterventionDocument;
  readonly timedArray: TimedArrayDocument;
}

/** Where the lists are; timed arrays are no list. */
const LISTS = {
  population: 'populations',
  projection: 'projections',
  input: 'inputs',
  field: 'fields',
  recording: 'recordings',
  intervention: 'interventions',
} as const;

export const PART_KINDS: readonly PartKind[] = [
  'population',
  'projection',
  'input',
  'field',
  'recording',
  'intervention',
  'timedArray',
];

/** Words for one thing of a kind. */
export const KIND_WORDS: Readonly<Record<PartKind, string>> = {
  population: 'population',
  projection: 'projection',
  input: 'input',
  field: 'field',
  recording: 'recording',
  intervention: 'intervention',
  timedArray: 'timed array',
};

interface Entry {
  readonly name?: string;
}

const listOf = (
  document: NetworkDocument,
  kind: Exclude<PartKind, 'timedArray'>,
): readonly Entry[] => document[LISTS[kind]] ?? [];

/** Interventions need no name: those without are known by their place, "#2". */
const nameOf = (entry: Entry, index: number): string => entry.name ?? `#${index + 1}`;

/** Names of all things of a kind, in the order of the document. */
export function namesOf(document: NetworkDocument, kind: PartKind): readonly string[] {
  return kind === 'timedArray'
    ? Object.keys(document.timedArrays)
    : listOf(document, kind).map(nameOf);
}

/** The thing of that kind and name, or null. */
export function findPart<K extends PartKind>(
  document: NetworkDocument,
  kind: K,
  name: string,
): PartOf[K] | null {
  if (kind === 'timedArray') {
    const found = Object.hasOwn(document.timedArrays, name) ? document.timedArrays[name] : null;
    return (found ?? null) as PartOf[K] | null;
  }
  const list = listOf(document, kind as Exclude<PartKind, 'timedArray'>);
  return (list.find((entry, k) => nameOf(entry, k) === name) ?? null) as PartOf[K] | null;
}

/** The document with one thing changed; the same document when the change gives the same thing, or there is none. */
export function changePart<K extends PartKind>(
  document: NetworkDocument,
  kind: K,
  name: string,
  change: (part: PartOf[K]) => PartOf[K],
): NetworkDocument {
  const part = findPart(document, kind, name);
  if (part === null) return document;
  const changed = change(part);
  if (changed === part) return document;
  if (kind === 'timedArray') {
    return {
      ...document,
      timedArrays: { ...document.timedArrays, [name]: changed as TimedArrayDocument },
    };
  }
  const key = LISTS[kind as Exclude<PartKind, 'timedArray'>];
  const list: readonly object[] = document[key] ?? [];
  return { ...document, [key]: list.map((entry) => (entry === part ? changed : entry)) };
}

/** The document with one more thing at the end of its list. */
export function appendPart<K extends PartKind>(
  document: NetworkDocument,
  kind: K,
  name: string,
  part: PartOf[K],
): NetworkDocument {
  if (kind === 'timedArray') {
    return {
      ...document,
      timedArrays: { ...document.timedArrays, [name]: part as TimedArrayDocument },
    };
  }
  const key = LISTS[kind as Exclude<PartKind, 'timedArray'>];
  return { ...document, [key]: [...(document[key] ?? []), part] };
}

/**
 * The document with only the things of a list for which `keep` holds. Lists that a document may leave out are left out
 * when nothing is left of them.
 */
export function filterParts<K extends Exclude<PartKind, 'timedArray'>>(
  document: NetworkDocument,
  kind: K,
  keep: (part: PartOf[K], name: string) => boolean,
): NetworkDocument {
  const key = LISTS[kind];
  const list = (document[key] ?? []) as readonly PartOf[K][];
  const kept = list.filter((part, k) => keep(part, nameOf(part as Entry, k)));
  if (kept.length === list.length) return document;
  if (kept.length === 0 && (key === 'fields' || key === 'interventions')) {
    if (key === 'fields') {
      const { fields: _, ...rest } = document;
      return rest;
    }
    const { interventions: _, ...rest } = document;
    return rest;
  }
  return { ...document, [key]: kept };
}

/**
 * Names that a new thing should not have. Parameters are set by the name of their owner, so populations, fields,
 * projections and inputs should differ from each other; the document only asks that names of one kind do.
 */
export function takenNames(document: NetworkDocument, kind: PartKind): ReadonlySet<string> {
  const owners: readonly PartKind[] = ['population', 'field', 'projection', 'input'];
  const kinds = owners.includes(kind) ? owners : [kind];
  const taken = new Set(kinds.flatMap((one) => namesOf(document, one)));
  if (kind === 'timedArray') for (const name of Object.keys(document.params)) taken.add(name);
  return taken;
}

/** "exc", or "exc 2", "exc 3", … when that is taken; identifiers get "exc_2". */
export function freshName(document: NetworkDocument, kind: PartKind, wanted: string): string {
  const taken = takenNames(document, kind);
  if (!taken.has(wanted)) return wanted;
  const gap = kind === 'timedArray' ? '_' : ' ';
  const stem = wanted.replace(kind === 'timedArray' ? /_\d+$/ : / \d+$/, '');
  for (let k = 2; ; k++) {
    const name = `${stem}${gap}${k}`;
    if (!taken.has(name)) return name;
  }
}
