/** Another name for a thing, in the document and wherever the document refers to it. */
import type {
  NetworkDocument,
  NeuronPopulationDocument,
  PopulationDocument,
  ProjectionDocument,
  RecordingDocument,
  SliceReference,
} from '../../../index.ts';
import { changePart, type PartKind, takenNames } from './parts.ts';

const IDENTIFIER = /^[A-Za-z][A-Za-z0-9_]*$/;
const LONGEST = 200;

/** Why a thing cannot have that name, or null when it can. */
export function nameProblem(
  document: NetworkDocument,
  kind: PartKind,
  name: string,
  before: string,
): string | null {
  if (name.trim() === '') return 'A name is needed.';
  if (name === before) return null;
  if (kind === 'timedArray' && !IDENTIFIER.test(name)) {
    return 'Equations use this name: letters, digits and _, starting with a letter.';
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (name.length > LONGEST || /[\u0000-\u001f\u007f"]/.test(name)) {
    return `At most ${LONGEST} characters on one line, without ".`;
  }
  return takenNames(document, kind).has(name) ? `There is already something named ${name}.` : null;
}

/** The document with the thing renamed; the name must have no nameProblem. */
export function renamePart(
  document: NetworkDocument,
  kind: PartKind,
  before: string,
  after: string,
): NetworkDocument {
  if (before === after) return document;
  if (kind === 'timedArray') return renameTimedArray(document, before, after);
  const renamed = changePart(document, kind, before, (part) => ({ ...part, name: after }));
  if (renamed === document) return document;
  switch (kind) {
    case 'population':
      return renameOwner(renameTargets(renamed, before, after), before, after);
    case 'field':
      return renameOwner(
        renameLinks(renameTargets(renamed, before, after), before, after),
        before,
        after,
      );
    case 'projection':
      return renameOwner(renameRecorded(renamed, before, after), before, after);
    case 'input':
      return renameOwner(renamed, before, after);
    default:
      return renamed;
  }
}

/** Maps a list, and returns the same list when nothing changed. */
function mapSame<T>(list: readonly T[], change: (entry: T) => T): readonly T[] {
  const mapped = list.map(change);
  return mapped.every((entry, k) => entry === list[k]) ? list : mapped;
}

/** Ends of projections, targets of inputs and recordings. */
function renameTargets(document: NetworkDocument, before: string, after: string): NetworkDocument {
  const follow = (end: SliceReference): SliceReference =>
    end.population === before ? { ...end, population: after } : end;
  const followTarget = <T extends { readonly target: SliceReference }>(part: T): T => {
    const target = follow(part.target);
    return target === part.target ? part : { ...part, target };
  };
  return {
    ...document,
    projections: mapSame(document.projections, (part): ProjectionDocument => {
      const source = follow(part.source);
      const moved = source === part.source ? part : { ...part, source };
      return followTarget(moved);
    }),
    inputs: mapSame(document.inputs, followTarget),
    recordings: mapSame(document.recordings, (part) => followTarget<RecordingDocument>(part)),
  };
}

/** Owners of interventions. */
function renameOwner(document: NetworkDocument, before: string, after: string): NetworkDocument {
  const { interventions } = document;
  if (!interventions) return document;
  const renamed = mapSame(interventions, (one) =>
    one.owner === before ? { ...one, owner: after } : one,
  );
  return renamed === interventions ? document : { ...document, interventions: renamed };
}

/** What linked variables read: "field.variable". */
function renameLinks(document: NetworkDocument, before: string, after: string): NetworkDocument {
  const populations = mapSame(document.populations, (part): PopulationDocument => {
    if (part.kind !== 'neurons' || !part.links) return part;
    const links = Object.fromEntries(
      Object.entries(part.links).map(([name, link]) => [
        name,
        link.startsWith(`${before}.`) ? `${after}${link.slice(before.length)}` : link,
      ]),
    );
    const isSame = Object.entries(links).every(([name, link]) => part.links?.[name] === link);
    return isSame ? part : { ...part, links };
  });
  return populations === document.populations ? document : { ...document, populations };
}

/** Recorded variables of a projection: "projection.variable". */
function renameRecorded(document: NetworkDocument, before: string, after: string): NetworkDocument {
  const recordings = mapSame(document.recordings, (part): RecordingDocument => {
    if (part.kind !== 'state') return part;
    const variables = mapSame(part.variables, (name) =>
      name.startsWith(`${before}.`) ? `${after}${name.slice(before.length)}` : name,
    );
    return variables === part.variables ? part : { ...part, variables };
  });
  return recordings === document.recordings ? document : { ...document, recordings };
}

/** Timed arrays are called in texts: "I(t, i)". */
function renameTimedArray(
  document: NetworkDocument,
  before: string,
  after: string,
): NetworkDocument {
  if (!Object.hasOwn(document.timedArrays, before)) return document;
  const call = new RegExp(`\\b${before}(?=\\s*\\()`, 'g');
  const inTexts = <T>(value: T): T => replaceTexts(value, call, after) as T;
  const { timedArrays, populations, projections, fields, ...rest } = document;
  return {
    ...rest,
    timedArrays: Object.fromEntries(
      Object.entries(timedArrays).map(([name, array]) => [name === before ? after : name, array]),
    ),
    populations: mapSame(populations, (part) => {
      if (part.kind !== 'neurons') return part;
      const { name, params, ...texts } = part;
      const replaced = inTexts(texts);
      return replaced === texts
        ? part
        : ({ name, params, ...replaced } as NeuronPopulationDocument);
    }),
    projections: mapSame(projections, (part) => {
      const { name, source, target, params, connect, ...texts } = part;
      const replaced = inTexts(texts);
      return replaced === texts ? part : { name, source, target, params, connect, ...replaced };
    }),
    ...(fields && {
      fields: mapSame(fields, (part) => {
        const { name, params, ...texts } = part;
        const replaced = inTexts(texts);
        return replaced === texts ? part : { name, params, ...replaced };
      }),
    }),
  };
}

/** Replaces in every text of plain data, sharing what does not change. Lists of numbers are left alone. */
function replaceTexts(value: unknown, what: RegExp, by: string): unknown {
  if (typeof value === 'string') {
    const replaced = value.replace(what, by);
    return replaced === value ? value : replaced;
  }
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) {
    return typeof value[0] === 'number'
      ? value
      : mapSame(value as readonly unknown[], (entry) => replaceTexts(entry, what, by));
  }
  const entries = Object.entries(value);
  const replaced = entries.map(([key, part]) => [key, replaceTexts(part, what, by)] as const);
  return replaced.every(([, part], k) => part === entries[k]?.[1])
    ? value
    : Object.fromEntries(replaced);
}
