/**
 * A check that HDF5 itself lacks: texts of variable length live in "global heaps", lists of objects one after the other,
 * and where damage makes one of them empty the library waits forever. Reads bytes only; knows nothing else of HDF5.
 */
import { DAMAGED, unreadable } from './unreadable.ts';

/** "GCOL", version 1, three reserved bytes. */
const SIGNATURE = [0x47, 0x43, 0x4f, 0x4c, 1, 0, 0, 0];
/** Heaps are 4096 bytes at least; objects begin with 16 bytes of header, and are aligned to 8. */
const SMALLEST_HEAP = 4096;
const HEADER = 16;

/** Throws NetworkError where a heap would never end. */
export function checkHeaps(bytes: Uint8Array, file: string): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = bytes.indexOf(0x47); at >= 0; at = bytes.indexOf(0x47, at + 1)) {
    if (SIGNATURE.every((byte, k) => bytes[at + k] === byte) && !hasEnd(view, at)) {
      throw unreadable({ file, inside: `heap at byte ${at}` }, 'has no end.', DAMAGED);
    }
  }
}

/** Strict: the library takes sizes modulo 2^32, so that one beyond the heap can be anything to it. */
function hasEnd(view: DataView, start: number): boolean {
  if (start + HEADER > view.byteLength) return false;
  const size = Number(view.getBigUint64(start + 8, true));
  if (size < SMALLEST_HEAP || start + size > view.byteLength) return false;
  const end = start + size;
  let at = start + HEADER;
  while (at + HEADER <= end) {
    const isFree = view.getUint16(at, true) === 0;
    const length = Number(view.getBigUint64(at + 8, true));
    // Free space counts its own header, other objects do not.
    const step = isFree ? length : HEADER + Math.ceil(length / 8) * 8;
    if (step < HEADER || at + step > end) return false;
    at += step;
  }
  return true;
}
