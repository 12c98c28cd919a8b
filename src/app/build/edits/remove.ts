/**
 * Taking a thing out of the document, together with everything that makes no sense without it. `dependents` says
 * beforehand what else goes, and what stays behind broken.
 */
import type { NetworkDocument, RecordingDocument } from '../../../index.ts';
import { filterParts, namesOf, type PartKind, type PartReference } from './parts.ts';

export interface Dependents {
  /** What is deleted along with it. */
  readonly removed: readonly PartReference[];
  /** Populations whose equations read it and will not be understood without. */
  readonly readers: readonly string[];
}

/** What deleting a thing does beyond deleting it. */
export function dependents(document: NetworkDocument, part: PartReference): Dependents {
  const after = removePart(document, part.kind, part.name);
  const removed: PartReference[] = [];
  for (const kind of ['projection', 'input', 'recording', 'intervention'] as const) {
    // Interventions without a name move up in the list, so those are counted, not named.
    const left = new Map<string, number>();
    for (const name of named(after, kind)) left.set(name, (left.get(name) ?? 0) + 1);
    for (const name of named(document, kind)) {
      const count = left.get(name) ?? 0;
      left.set(name, count - 1);
      if (count > 0 || (kind === part.kind && name === part.name)) continue;
      removed.push({ kind, name });
    }
  }
  return { removed, readers: readersOf(document, part) };
}

const named = (document: NetworkDocument, kind: PartKind): readonly string[] =>
  kind === 'intervention'
    ? (document.interventions ?? []).map(
        ({ name, owner, parameter }) =>
          name ?? (owner === '' ? parameter : `${owner}.${parameter}`),
      )
    : namesOf(document, kind);

function readersOf(document: NetworkDocument, { kind, name }: PartReference): readonly string[] {
  const reads = (text: string | undefined, what: RegExp): boolean => what.test(text ?? '');
  if (kind === 'field') {
    return document.populations
      .filter(
        (part) =>
          part.kind === 'neurons' &&
          Object.values(part.links ?? {}).some((link) => link.startsWith(`${name}.`)),
      )
      .map((part) => part.name);
  }
  if (kind !== 'timedArray') return [];
  const call = new RegExp(`\\b${name}\\s*\\(`);
  return document.populations
    .filter(
      (part) =>
        part.kind === 'neurons' &&
        [part.eqs, part.onStep, part.threshold, part.reset].some((text) => reads(text, call)),
    )
    .map((part) => part.name);
}

/** The document without a thing and without what depends on it. */
export function removePart(
  document: NetworkDocument,
  kind: PartKind,
  name: string,
): NetworkDocument {
  if (kind === 'timedArray') {
    if (!Object.hasOwn(document.timedArrays, name)) return document;
    const { [name]: _, ...timedArrays } = document.timedArrays;
    return { ...document, timedArrays };
  }
  const without = filterParts(document, kind, (_, one) => one !== name);
  if (without === document) return document;
  return kind === 'recording' || kind === 'intervention' ? without : withoutLost(without);
}

/** Drops what refers to something that is no longer there. */
function withoutLost(document: NetworkDocument): NetworkDocument {
  const populations = new Set([...namesOf(document, 'population'), ...namesOf(document, 'field')]);
  let next = filterParts(
    document,
    'projection',
    ({ source, target }) =>
      populations.has(source.population) && populations.has(target.population),
  );
  next = filterParts(next, 'input', ({ target }) => populations.has(target.population));
  const projections = new Set(namesOf(next, 'projection'));
  const owners = new Set([...populations, ...projections, ...namesOf(next, 'input')]);
  next = filterParts(next, 'intervention', ({ owner }) => owner === '' || owners.has(owner));
  return withoutLostRecordings(next, populations, projections);
}

function withoutLostRecordings(
  document: NetworkDocument,
  populations: ReadonlySet<string>,
  projections: ReadonlySet<string>,
): NetworkDocument {
  const recordings = document.recordings.flatMap((part): RecordingDocument[] => {
    if (!populations.has(part.target.population)) return [];
    if (part.kind !== 'state') return [part];
    const variables = part.variables.filter((variable) => {
      const dot = variable.lastIndexOf('.');
      return dot < 0 || projections.has(variable.slice(0, dot));
    });
    if (variables.length === part.variables.length) return [part];
    return variables.length === 0 ? [] : [{ ...part, variables }];
  });
  const isSame =
    recordings.length === document.recordings.length &&
    recordings.every((part, k) => part === document.recordings[k]);
  return isSame ? document : { ...document, recordings };
}
