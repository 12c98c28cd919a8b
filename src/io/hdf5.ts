/**
 * HDF5 files in memory, read by path and bounded: what a file claims to hold is checked before it is allocated. The
 * library, h5wasm (HDF5 itself, compiled), is loaded when first used, in Node and in browsers alike. Writing is the
 * business of those who write.
 */
import type { Dataset, File, Group } from 'h5wasm';
import { checkHeaps } from './hdf5-heaps.ts';
import { asUnreadable, DAMAGED, unreadable } from './unreadable.ts';

/** Numbers of a dataset, in the type that the file has. */
export type StoredNumbers =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

/** Largest dataset that is read, bytes. */
const MOST_BYTES = 2 ** 31 - 1;
/** Entries of a group, and bytes of an attribute or of a dataset of texts. */
const MOST_ENTRIES = 100_000;
const MOST_TEXT_BYTES = 64 * 1024 * 1024;
/** Deflate makes at most some 1032 bytes of one. */
const LARGEST_RATIO = 1100;

let files = 0;

/** h5wasm, ready for use. */
export async function loadHdf5(): Promise<typeof import('h5wasm')> {
  const library = await import('h5wasm');
  const module = await library.ready;
  // Faults become exceptions with HDF5's reason, instead of pages on standard error.
  module.activate_throwing_error_handler();
  return library;
}

/** Whether bytes begin as an HDF5 file does. */
export const isHdf5 = (bytes: Uint8Array): boolean =>
  [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a].every((byte, at) => bytes[at] === byte);

/** Opens a file, lets `read` look at it, and closes it, whatever happens. All failures become NetworkErrors. */
export async function withHdf5<T>(
  bytes: Uint8Array,
  file: string,
  read: (opened: Hdf5File) => T,
): Promise<T> {
  if (!isHdf5(bytes)) throw unreadable({ file }, 'is no HDF5 file.', DAMAGED);
  checkHeaps(bytes, file);
  const library = await loadHdf5();
  const { FS } = library;
  if (FS === null) throw new Error('internal: HDF5 library without file system');
  const path = `/wetware-${files++}.h5`;
  FS.writeFile(path, bytes);
  let opened: File | null = null;
  try {
    opened = new library.File(path, 'r');
    return read(new Hdf5File(library, opened, file, bytes.length));
  } catch (error) {
    throw asUnreadable(shortened(error), { file }, `As an HDF5 file it is damaged. ${DAMAGED}`);
  } finally {
    try {
      opened?.close();
    } finally {
      FS.unlink(path);
    }
  }
}

/** HDF5 explains itself on a page; the innermost line says what happened. */
function shortened(error: unknown): unknown {
  if (!(error instanceof Error) || !error.message.startsWith('HDF5-DIAG')) return error;
  const reasons = [...error.message.matchAll(/#\d+: .*?: (.*)/g)];
  return new Error(`HDF5: ${reasons.at(-1)?.[1] ?? 'damaged'}`);
}

/** An open file. Paths are absolute, "/nodes/v1/node_type_id". */
export class Hdf5File {
  readonly #library: typeof import('h5wasm');
  readonly #root: File;
  readonly #file: string;
  readonly #fileBytes: number;

  /** Use `withHdf5`. */
  constructor(library: typeof import('h5wasm'), root: File, file: string, fileBytes: number) {
    this.#library = library;
    this.#root = root;
    this.#file = file;
    this.#fileBytes = fileBytes;
  }

  /** "group", "dataset", or null where there is nothing. */
  kindOf(path: string): 'group' | 'dataset' | null {
    const found = this.#find(path);
    if (found instanceof this.#library.Dataset) return 'dataset';
    return found instanceof this.#library.Group ? 'group' : null;
  }

  /** Names in a group. */
  keys(path: string): readonly string[] {
    const group = this.#find(path);
    if (!(group instanceof this.#library.Group)) throw this.#missing(path, 'group');
    const keys = group.keys();
    if (keys.length > MOST_ENTRIES) throw this.#refuse(path, `${keys.length} entries.`);
    return keys;
  }

  /** Number of entries of a dataset; its size along each axis. */
  shape(path: string): readonly number[] {
    return this.#dataset(path).shape ?? [];
  }

  /** Whether a dataset holds numbers. */
  isNumeric(path: string): boolean {
    const { type } = this.#dataset(path).metadata;
    const { H5T_INTEGER, H5T_FLOAT } = this.#library.Module.H5T_class_t;
    return type === H5T_INTEGER.value || type === H5T_FLOAT.value;
  }

  /** All numbers of a dataset, row by row. */
  numbers(path: string): StoredNumbers {
    const dataset = this.#dataset(path);
    const { metadata } = dataset;
    if (!this.isNumeric(path)) throw this.#refuse(path, 'holds no numbers.');
    if (!metadata.littleEndian) throw this.#refuse(path, 'is stored with the high byte first.');
    this.#checkSize(path, dataset, MOST_BYTES);
    const { value } = dataset;
    if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return value as StoredNumbers;
    if (typeof value === 'number') return Float64Array.of(value);
    if (typeof value === 'bigint') return BigInt64Array.of(BigInt.asIntN(64, value));
    if (value === null) return new Float64Array(0);
    throw this.#refuse(path, 'holds no numbers.');
  }

  /** All texts of a dataset. */
  texts(path: string): readonly string[] {
    const dataset = this.#dataset(path);
    this.#checkSize(path, dataset, MOST_TEXT_BYTES);
    const { value } = dataset;
    if (typeof value === 'string') return [value];
    const isList = Array.isArray(value) && value.every((one) => typeof one === 'string');
    if (!isList) throw this.#refuse(path, 'holds no texts.');
    return value as string[];
  }

  /** Value of an attribute: a text, a number, a list of numbers; null where there is none. */
  attribute(path: string, name: string): string | number | StoredNumbers | null {
    const found = this.#find(path);
    if (found === null) return null;
    const attribute = found.attrs[name];
    if (attribute === undefined) return null;
    const size = (attribute.metadata.size ?? 0) * (attribute.metadata.total_size ?? 0);
    if (!(size >= 0 && size <= MOST_TEXT_BYTES)) throw this.#refuse(path, `attribute "${name}".`);
    const { value } = attribute;
    if (typeof value === 'string' || typeof value === 'number') return value;
    if (typeof value === 'bigint') return Number(value);
    if (Array.isArray(value) && typeof value[0] === 'string') return value[0];
    return ArrayBuffer.isView(value) ? (value as StoredNumbers) : null;
  }

  #find(path: string): Dataset | Group | null {
    if (path === '/') return this.#root;
    // Step by step: HDF5 itself complains about paths whose beginning is missing.
    let at: Group = this.#root;
    const steps = path.split('/').filter((step) => step !== '');
    for (const [index, step] of steps.entries()) {
      if (!at.keys().includes(step)) return null;
      const next = at.get(step);
      if (next instanceof this.#library.Dataset) return index === steps.length - 1 ? next : null;
      if (!(next instanceof this.#library.Group)) return null;
      at = next;
    }
    return at;
  }

  #dataset(path: string): Dataset {
    const found = this.#find(path);
    if (found instanceof this.#library.Dataset) return found;
    throw this.#missing(path, 'dataset');
  }

  #checkSize(path: string, { metadata, filters }: Dataset, most: number): void {
    const { size, total_size: count } = metadata;
    const bytes = size * count;
    // What is not compressed takes its room in the file; what is, a thousandth of it.
    const limit =
      this.#fileBytes * (filters.length === 0 && metadata.chunks === null ? 1 : LARGEST_RATIO);
    if (Number.isSafeInteger(bytes) && bytes >= 0 && bytes <= most && bytes <= limit) return;
    throw this.#refuse(path, `claims ${count} entries of ${size} bytes.`, DAMAGED);
  }

  #missing(path: string, what: string): Error {
    const steps = path.split('/').filter((step) => step !== '');
    let parent = '/';
    for (let depth = steps.length - 1; depth > 0; depth--) {
      parent = `/${steps.slice(0, depth).join('/')}`;
      if (this.kindOf(parent) === 'group') break;
      parent = '/';
    }
    const found = this.keys(parent).slice(0, 20).join(', ') || 'nothing';
    return this.#refuse(path, `there is no such ${what}. ${parent} has: ${found}.`);
  }

  #refuse(path: string, problem: string, remedy = ''): Error {
    return unreadable({ file: this.#file, inside: path }, problem, remedy);
  }
}

/** Numbers as doubles. Integers beyond 2^53 cannot be, and are refused by `refuse`. */
export function asDoubles(stored: StoredNumbers, refuse: (value: bigint) => Error): Float64Array {
  if (stored instanceof BigInt64Array || stored instanceof BigUint64Array) {
    const words = new Uint32Array(stored.buffer, stored.byteOffset, stored.length * 2);
    const doubles = new Float64Array(stored.length);
    for (let k = 0; k < stored.length; k++) {
      const high = (words[2 * k + 1] as number) | 0;
      if (high >= 2 ** 21 || high < -(2 ** 21)) throw refuse(stored[k] as bigint);
      doubles[k] = high * 2 ** 32 + (words[2 * k] as number);
    }
    return doubles;
  }
  return stored instanceof Float64Array ? stored : Float64Array.from(stored);
}
