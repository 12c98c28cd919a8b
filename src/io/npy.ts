/** One list of numbers in NumPy's own format (.npy, version 1.0): written for results and documents, read for documents. */
import { unreadable } from './unreadable.ts';

/** Arrays that are written. */
export type NpzArray = Int32Array | Uint32Array | Float32Array | Float64Array | Uint8Array;

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** The bytes of a file. Throws RangeError when the shape is another size. */
export function writeNpy(data: NpzArray, shape: readonly number[] = [data.length]): Uint8Array {
  const size = shape.reduce((product, length) => product * length, 1);
  if (size !== data.length) {
    throw new RangeError(
      `writeNpz: shape ${shape.join(' x ')} does not fit ${data.length} values.`,
    );
  }
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '${typeOf(data)}', 'fortran_order': False, 'shape': (${sizes}), }`;
  // Magic, version and length take 10 bytes; all before the data is a multiple of 64.
  const length = Math.ceil((text.length + 11) / 64) * 64 - 10;
  const head = new TextEncoder().encode(`${text.padEnd(length - 1)}\n`);
  const bytes = new Uint8Array(10 + length + data.byteLength);
  bytes.set([...MAGIC, 1, 0, length & 255, length >> 8]);
  bytes.set(head, 10);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), 10 + length);
  return bytes;
}

function typeOf(data: NpzArray): string {
  if (data instanceof Float64Array) return '<f8';
  if (data instanceof Float32Array) return '<f4';
  if (data instanceof Int32Array) return '<i4';
  return data instanceof Uint32Array ? '<u4' : '|u1';
}

const READ = {
  '<f8': Float64Array,
  '<f4': Float32Array,
  '<i4': Int32Array,
  '<u4': Uint32Array,
  '|u1': Uint8Array,
} as const;

/** The numbers of a file of one dimension. Throws NetworkError for anything else. */
export function readNpy(bytes: Uint8Array, file: string): NpzArray {
  const wrong = (why: string): Error => unreadable({ file }, why);
  if (bytes.length < 12 || MAGIC.some((byte, k) => bytes[k] !== byte)) {
    throw wrong('is no NumPy file (.npy).');
  }
  const length = (bytes[8] as number) | ((bytes[9] as number) << 8);
  const isFirst = bytes[6] === 1 && bytes[7] === 0 && 10 + length <= bytes.length;
  if (!isFirst) throw wrong('is no NumPy file of version 1.0.');
  const head = new TextDecoder().decode(bytes.subarray(10, 10 + length));
  const [, descr = ''] = /'descr': '([^']{1,8})'/.exec(head) ?? [];
  const [, count = ''] = /'shape': \((\d{1,15}),\)/.exec(head) ?? [];
  if (!Object.hasOwn(READ, descr) || count === '' || /'fortran_order': True/.test(head)) {
    throw wrong('is no list of 32- or 64-bit numbers.');
  }
  const Type = READ[descr as keyof typeof READ];
  const data = bytes.subarray(10 + length);
  if (data.length !== Number(count) * Type.BYTES_PER_ELEMENT) throw wrong('is cut off.');
  // A copy: typed arrays must begin at a multiple of their size.
  return new Type(data.slice().buffer);
}
