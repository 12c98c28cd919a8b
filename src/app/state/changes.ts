/**
 * What an edit means for a network that runs: parameters that can be changed while it runs, or a new network. Compares
 * documents by identity where it can, because edits share what they leave alone.
 */
import type { NetworkDocument, Quantity } from '../../index.ts';

/** A parameter to set; owner "" is the network. */
export interface LiveChange {
  readonly owner: string;
  readonly name: string;
  readonly value: Quantity;
}

type Params = Readonly<Record<string, Quantity>>;

/** The live changes that lead from one document to the other (none when they are the same), or null: build it anew. */
export function liveChanges(
  before: NetworkDocument,
  after: NetworkDocument,
): readonly LiveChange[] | null {
  if (before === after) return [];
  const changes: LiveChange[] = [];
  const add = (owner: string, a: Params, b: Params): boolean => {
    if (a === b) return true;
    const names = Object.keys(b);
    if (names.length !== Object.keys(a).length || names.some((name) => !Object.hasOwn(a, name))) {
      return false;
    }
    for (const name of names) {
      if (a[name] !== b[name]) changes.push({ owner, name, value: b[name] as Quantity });
    }
    return true;
  };
  if (!isSame(before, after, ['params', 'populations', 'projections', 'fields', 'inputs']))
    return null;
  if (!add('', before.params, after.params)) return null;
  for (const list of ['populations', 'projections', 'fields', 'inputs'] as const) {
    const a: readonly object[] = before[list] ?? [];
    const b: readonly object[] = after[list] ?? [];
    if (a === b) continue;
    if (a.length !== b.length) return null;
    for (let k = 0; k < a.length; k++) {
      if (!ownerChanges(a[k] as Owner, b[k] as Owner, list === 'inputs', add, changes)) return null;
    }
  }
  return changes;
}

interface Owner {
  readonly name: string;
  readonly params?: Params;
  readonly weight?: string;
}

function ownerChanges(
  a: Owner,
  b: Owner,
  isInput: boolean,
  add: (owner: string, a: Params, b: Params) => boolean,
  changes: LiveChange[],
): boolean {
  if (a === b) return true;
  if (!isSame(a, b, isInput ? ['weight'] : ['params'])) return false;
  if (isInput) {
    if (a.weight !== b.weight)
      changes.push({ owner: b.name, name: 'weight', value: b.weight as string });
    return true;
  }
  return add(b.name, a.params ?? {}, b.params ?? {});
}

/** Equal but for some keys. */
function isSame(a: object, b: object, except: readonly string[]): boolean {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  for (const key of keys) {
    if (except.includes(key)) continue;
    if (!isEqual(Reflect.get(a, key), Reflect.get(b, key))) return false;
  }
  return true;
}

function isEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (ArrayBuffer.isView(a) || ArrayBuffer.isView(b)) return isSameList(a, b);
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && isEqual(Reflect.get(a, key), Reflect.get(b, key)))
  );
}

/** Lists that came from a worker are copies of those that went there. */
function isSameList(a: object, b: object): boolean {
  if (a.constructor !== b.constructor || a instanceof DataView) return false;
  const [one, other] = [a as Uint8Array, b as Uint8Array];
  return one.length === other.length && one.every((value, k) => Object.is(value, other[k]));
}
