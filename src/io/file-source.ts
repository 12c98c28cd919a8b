/**
 * Files by name, wherever they are: a folder on disk, files dropped onto a page, a zip. Readers of formats that consist
 * of several files get one of these and can reach nothing outside it.
 */
import { describeValue } from '../language/argument.ts';
import { unreadable } from './unreadable.ts';

/** Names are relative paths with "/", without "." and "..". */
export interface FileSource {
  /** Bytes of a file; rejects when it is not there. */
  readBytes(name: string): Promise<Uint8Array>;
  /** Names of all files, where they can be known; used to find what belongs together, and in messages. */
  list(): Promise<readonly string[]>;
}

/** Throws TypeError for what is no source of files. */
export function checkSource(value: unknown, where: string): asserts value is FileSource {
  const source = value as Partial<FileSource> | null | undefined;
  if (typeof source?.readBytes === 'function' && typeof source.list === 'function') return;
  throw new TypeError(`${where} must be a source of files, got ${describeValue(value)}.`);
}

/** Files held in memory, such as those dropped onto a page. */
export function memorySource(files: ReadonlyMap<string, Uint8Array>): FileSource {
  if (!(files instanceof Map)) {
    throw new TypeError(`memorySource: files must be a Map, got ${describeValue(files)}.`);
  }
  return {
    readBytes: async (name) => {
      const bytes = files.get(name);
      if (bytes === undefined) throw unreadable({ file: name }, 'is not there.');
      return bytes;
    },
    list: async () => [...files.keys()],
  };
}

/** Largest text file of a configuration. */
const LARGEST_TEXT = 64 * 1024 * 1024;

/** A text file, UTF-8. Throws NetworkError when it is missing, too large or no text. */
export async function readTextFile(source: FileSource, name: string): Promise<string> {
  const bytes = await readFileOf(source, name);
  if (bytes.length > LARGEST_TEXT) throw unreadable({ file: name }, `has ${bytes.length} bytes.`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw unreadable({ file: name }, 'is not UTF-8 text.');
  }
}

/** A file of a source; what goes wrong becomes a NetworkError that names it. */
export async function readFileOf(source: FileSource, name: string): Promise<Uint8Array> {
  try {
    return await source.readBytes(name);
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/\s+/g, ' ') : String(error);
    throw unreadable({ file: name }, `cannot be read (${reason}).`, 'Is it beside the others?');
  }
}

/** A JSON file whose outermost thing is an object. */
export async function readJsonFile(
  source: FileSource,
  name: string,
): Promise<Readonly<Record<string, unknown>>> {
  const text = await readTextFile(source, name);
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/\s+/g, ' ') : String(error);
    throw unreadable({ file: name }, `is not JSON (${reason}).`);
  }
  if (!isObject(value)) throw unreadable({ file: name }, 'is not a JSON object.');
  return value;
}

/** Whether a JSON value is an object. */
export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
