/** Single values of things: parameters, first values, other keys. Every function returns the document it was given when nothing changes. */
import type { NetworkDocument, Quantity, ValueSpec } from '../../../index.ts';
import { changePart, type PartKind, type PartOf } from './parts.ts';

/** What has parameters; '' names the network. */
export type OwnerKind = 'network' | 'population' | 'projection' | 'field';

type Params = Readonly<Record<string, Quantity>>;

interface HasParams {
  readonly params: Params;
}

/** Parameters of an owner, {} where it has none. */
export function paramsOf(document: NetworkDocument, kind: OwnerKind, name: string): Params {
  if (kind === 'network') return document.params;
  const list: readonly { readonly name: string; readonly params?: Params }[] =
    kind === 'population'
      ? document.populations
      : kind === 'projection'
        ? document.projections
        : (document.fields ?? []);
  return list.find((one) => one.name === name)?.params ?? {};
}

/** A parameter with another value; undefined takes it away. */
export function setParam(
  document: NetworkDocument,
  kind: OwnerKind,
  name: string,
  parameter: string,
  value: Quantity | undefined,
): NetworkDocument {
  const put = (params: Params): Params => {
    if (params[parameter] === value) return params;
    if (value !== undefined) return { ...params, [parameter]: value };
    const { [parameter]: _, ...rest } = params;
    return rest;
  };
  if (kind === 'network') {
    const params = put(document.params);
    return params === document.params ? document : { ...document, params };
  }
  return changePart(document, kind, name, (part) => {
    const before = (part as Partial<HasParams>).params;
    if (before === undefined) return part;
    const params = put(before);
    return params === before ? part : { ...part, params };
  });
}

/** A first value; undefined takes it away, so that it is 0. */
export function setInitial(
  document: NetworkDocument,
  kind: 'population' | 'projection' | 'field',
  name: string,
  variable: string,
  value: ValueSpec | undefined,
): NetworkDocument {
  return changePart(document, kind, name, (part) => {
    if (!('initial' in part)) return part;
    const { [variable]: before, ...rest } = part.initial;
    if (before === value) return part;
    return {
      ...part,
      initial: value === undefined ? rest : { ...part.initial, [variable]: value },
    };
  });
}

/** Another key of a thing; undefined leaves it out. */
export function setKey<K extends PartKind>(
  document: NetworkDocument,
  kind: K,
  name: string,
  key: PartOf[K] extends infer P ? (P extends P ? keyof P & string : never) : never,
  value: unknown,
): NetworkDocument {
  return changePart(document, kind, name, (part) => {
    if (Reflect.get(part, key) === value) return part;
    const { [key as keyof typeof part]: _, ...rest } = part;
    return (value === undefined ? rest : { ...part, [key]: value }) as PartOf[K];
  });
}

/** Name, time step of the network. */
export function setNetworkKey(
  document: NetworkDocument,
  key: 'name' | 'dt',
  value: string,
): NetworkDocument {
  return document[key] === value ? document : { ...document, [key]: value };
}

/**
 * Another number of neurons. Ends of projections that named a part of the population keep their share of it, so that the
 * network stays the same in kind; positions on a grid get as near to the number as the grid allows.
 */
export function setSize(document: NetworkDocument, name: string, size: number): NetworkDocument {
  const before = document.populations.find((one) => one.name === name)?.size;
  if (before === undefined || before === size) return document;
  const at = (index: number): number => Math.round((index / before) * size);
  const scaled = <T extends { readonly target: Slice }>(part: T): T => ({
    ...part,
    target: scaledSlice(part.target, name, size, at),
  });
  const resized = changePart(document, 'population', name, (part) => ({ ...part, size }));
  return {
    ...resized,
    projections: resized.projections.map((part) =>
      scaled({ ...part, source: scaledSlice(part.source, name, size, at) }),
    ),
    inputs: resized.inputs.map(scaled),
    recordings: resized.recordings.map((part) => scaled(part)),
  };
}

interface Slice {
  readonly population: string;
  readonly from?: number;
  readonly to?: number;
}

function scaledSlice(
  slice: Slice,
  population: string,
  size: number,
  at: (index: number) => number,
): Slice {
  if (slice.population !== population) return slice;
  const from = slice.from === undefined ? undefined : Math.min(at(slice.from), size - 1);
  const to = slice.to === undefined ? undefined : Math.max(at(slice.to), (from ?? 0) + 1);
  return {
    population,
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  };
}
