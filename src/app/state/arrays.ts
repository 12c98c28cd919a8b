/**
 * Long lists of numbers of a document, by reference: the page keeps, compares and undoes documents without carrying a
 * hundred megabytes about; workers that need the numbers read them where they are kept, by their hash. Where that is, is
 * array-store.ts.
 */
import type { NetworkDocument } from '../../index.ts';

/** Stands for a list of numbers; the document is still plain JSON. */
export interface ArrayReference {
  readonly array: string;
  readonly type: string;
  readonly length: number;
}

/** Lists longer than this are detached. */
export const LONGEST_INLINE = 20_000;

type Numbers = readonly number[] | ArrayBufferView;

const TYPES = {
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
} as const;

export function isReference(value: unknown): value is ArrayReference {
  return (
    typeof value === 'object' &&
    value !== null &&
    'array' in value &&
    typeof value.array === 'string' &&
    'type' in value &&
    typeof value.type === 'string' &&
    Object.hasOwn(TYPES, value.type)
  );
}

/** The document (or anything that holds lists) with its long lists replaced; `keep` gets each of them with its key. */
export async function detach<T = NetworkDocument>(
  value: T,
  keep: (key: string, bytes: ArrayBuffer) => Promise<void>,
): Promise<T> {
  return (await mapLists(value, async (list) => {
    const typed = Array.isArray(list) ? Float64Array.from(list as readonly number[]) : list;
    const view = typed as Float64Array;
    if (view.length <= LONGEST_INLINE) return list;
    const bytes = view.buffer.slice(
      view.byteOffset,
      view.byteOffset + view.byteLength,
    ) as ArrayBuffer;
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    const key = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
    await keep(key, bytes);
    return { array: key, type: view.constructor.name, length: view.length };
  })) as T;
}

/** The inverse of detach. `read` rejects for what is no longer kept. */
export async function attach<T = NetworkDocument>(
  value: T,
  read: (key: string) => Promise<ArrayBuffer>,
): Promise<T> {
  return (await mapReferences(value, async (reference) => {
    const Type = TYPES[reference.type as keyof typeof TYPES];
    return new Type(await read(reference.array));
  })) as T;
}

/** Keys of the arrays that a document refers to. */
export function referencesOf(value: unknown, found: Set<string> = new Set()): Set<string> {
  if (isReference(value)) found.add(value.array);
  else if (isContainer(value)) for (const part of Object.values(value)) referencesOf(part, found);
  return found;
}

const isContainer = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !ArrayBuffer.isView(value);

const isLongList = (value: unknown): value is Numbers =>
  (ArrayBuffer.isView(value) && !(value instanceof DataView)) ||
  (Array.isArray(value) && value.length > LONGEST_INLINE && typeof value[0] === 'number');

async function mapLists(
  value: unknown,
  change: (list: Numbers) => Promise<unknown>,
): Promise<unknown> {
  if (isLongList(value)) return change(value);
  return mapParts(value, (part) => mapLists(part, change));
}

async function mapReferences(
  value: unknown,
  change: (reference: ArrayReference) => Promise<unknown>,
): Promise<unknown> {
  if (isReference(value)) return change(value);
  return mapParts(value, (part) => mapReferences(part, change));
}

/** Copies only what changes, so that documents go on sharing their parts. */
async function mapParts(
  value: unknown,
  map: (part: unknown) => Promise<unknown>,
): Promise<unknown> {
  if (!isContainer(value)) return value;
  const isArray = Array.isArray(value);
  if (isArray && typeof value[0] === 'number') return value;
  let isChanged = false;
  const parts: [string, unknown][] = [];
  for (const [key, part] of Object.entries(value)) {
    const mapped = await map(part);
    isChanged ||= mapped !== part;
    parts.push([key, mapped]);
  }
  if (!isChanged) return value;
  return isArray ? parts.map(([, part]) => part) : Object.fromEntries(parts);
}
