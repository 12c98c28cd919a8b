/**
 * Network documents whose long lists of numbers lie beside them, as NumPy files: for what is too long for JSON. In the
 * document stands `{ "npy": "lists/0-pre.npy" }` where the list would. A zip or a folder holds both.
 */

import { NetworkError } from '../errors.ts';
import type { NetworkDocument } from '../network/document.ts';
import { validateDocument } from '../network/validate.ts';
import { checkText } from './arguments.ts';
import { type FileSource, isObject, readFileOf } from './file-source.ts';
import { type NpzArray, readNpy, writeNpy } from './npy.ts';
import { plainLists } from './plain-lists.ts';

/** Lists longer than this are files of their own. */
const LONGEST_INLINE = 20_000;
/** Of references, in one document. */
const MOST_FILES = 10_000;
/** Deepest place of a list in a document; deeper nesting is no document. */
const DEEPEST = 64;

/**
 * The files of a document by name: `<name>.wetware.json` and its long lists. openNetwork reads them back, from a zip
 * (writeZip) or a folder.
 */
export function documentFiles(document: NetworkDocument, name: string): Map<string, Uint8Array> {
  validateDocument(document);
  checkText(name, 'documentFiles: name');
  const lists = new Map<string, Uint8Array>();
  const text = JSON.stringify(document, (key, value: unknown) => {
    const isLong =
      (Array.isArray(value) && value.length > LONGEST_INLINE && typeof value[0] === 'number') ||
      (ArrayBuffer.isView(value) && value.byteLength > LONGEST_INLINE);
    if (!isLong) return plainLists(key, value);
    const npy = `lists/${lists.size}-${key.replace(/\W+/g, '_').slice(0, 40)}.npy`;
    lists.set(npy, writeNpy(asNpy(value as readonly number[] | ArrayBufferView)));
    return { npy };
  });
  return new Map([[`${name}.wetware.json`, new TextEncoder().encode(`${text}\n`)], ...lists]);
}

function asNpy(list: readonly number[] | ArrayBufferView): NpzArray {
  if (list instanceof Float64Array || list instanceof Float32Array) return list;
  if (list instanceof Int32Array || list instanceof Uint32Array) return list;
  if (list instanceof Int8Array || list instanceof Int16Array) return Int32Array.from(list);
  if (list instanceof Uint16Array) return Uint32Array.from(list);
  return list instanceof Uint8Array || list instanceof Uint8ClampedArray
    ? Uint8Array.from(list)
    : Float64Array.from(list as readonly number[]);
}

/** The content of a document file, with the lists that it names. Checks nothing else. */
export async function withLists(content: unknown, source: FileSource): Promise<unknown> {
  /** Each file once: a document may name one ten thousand times. */
  const read = new Map<string, Promise<NpzArray>>();
  const resolve = async (value: unknown, depth: number): Promise<unknown> => {
    if (typeof value !== 'object' || value === null) return value;
    if (depth > DEEPEST) {
      throw new NetworkError(`The document is nested more than ${DEEPEST} deep.`, { path: '' });
    }
    if (Array.isArray(value)) {
      // Of numbers: the common case, and long.
      if (typeof value[0] !== 'object') return value;
      return Promise.all(value.map((part) => resolve(part, depth + 1)));
    }
    if (isObject(value) && typeof value.npy === 'string' && Object.keys(value).length === 1) {
      const known = read.get(value.npy);
      if (known) return known;
      if (read.size >= MOST_FILES) {
        throw new NetworkError(`The document names more than ${MOST_FILES} files.`, { path: '' });
      }
      const { npy } = value;
      const list = readFileOf(source, npy).then((bytes) => readNpy(bytes, npy));
      read.set(npy, list);
      return list;
    }
    const parts: [string, unknown][] = [];
    for (const [key, part] of Object.entries(value)) {
      parts.push([key, await resolve(part, depth + 1)]);
    }
    return Object.fromEntries(parts);
  };
  return resolve(content, 0);
}
