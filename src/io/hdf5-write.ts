/** HDF5 files written in memory with the types that other programs expect. Knows no format made of them. */
import type { File, Group } from 'h5wasm';
import { loadHdf5 } from './hdf5.ts';

/** Values of a dataset or attribute; the type in the file is that of the array. */
export type Writable = Exclude<ArrayBufferView, DataView> | string;

/** A group being written. */
export interface GroupWriter {
  group(name: string): GroupWriter;
  dataset(name: string, values: Writable): DatasetWriter;
  /** A text, a scalar (array of one with `isScalar`), or a list. */
  attribute(name: string, value: Writable, isScalar?: boolean): void;
}

export interface DatasetWriter {
  attribute(name: string, value: Writable): void;
}

let files = 0;

/** The bytes of a file that `write` fills. */
export async function writeHdf5(write: (root: GroupWriter) => void): Promise<Uint8Array> {
  const library = await loadHdf5();
  const { FS } = library;
  if (FS === null) throw new Error('internal: HDF5 library without file system');
  const path = `/wetware-out-${files++}.h5`;
  let file: File | null = new library.File(path, 'w');
  try {
    write(writerOf(file));
    file.close();
    file = null;
    return FS.readFile(path) as Uint8Array;
  } finally {
    file?.close();
    FS.unlink(path);
  }
}

function writerOf(group: Group): GroupWriter {
  return {
    group: (name) => writerOf(group.create_group(name)),
    dataset(name, values) {
      const data = values as Uint8Array | string;
      const dataset = group.create_dataset({ name, data, dtype: typeOf(values) });
      return {
        attribute: (key, value) =>
          dataset.create_attribute(key, value as string, null, typeOf(value)),
      };
    },
    attribute: (name, value, isScalar = false) =>
      group.create_attribute(name, value as string, isScalar ? [] : null, typeOf(value)),
  };
}

/** numpy's name of the element type; texts get theirs from the library. */
function typeOf(values: Writable): string | null {
  if (typeof values === 'string') return null;
  if (values instanceof BigUint64Array) return '<Q';
  if (values instanceof BigInt64Array) return '<q';
  if (values instanceof Uint32Array) return '<I';
  if (values instanceof Int32Array) return '<i';
  if (values instanceof Uint16Array) return '<H';
  if (values instanceof Int16Array) return '<h';
  if (values instanceof Float64Array) return '<d';
  if (values instanceof Float32Array) return '<f';
  return values instanceof Int8Array ? '<b' : '<B';
}

/** Numbers below 2^32 as 64-bit ones. */
export function asU64(values: ArrayLike<number>): BigUint64Array {
  const words = new Uint32Array(values.length * 2);
  for (let k = 0; k < values.length; k++) words[2 * k] = values[k] as number;
  return new BigUint64Array(words.buffer);
}
