/**
 * Zip archives as a source of files, bounded and checked: names stay inside, sizes are what the archive says, checksums
 * hold. And written, so that they can be opened again. Loads fflate when first used.
 */
import { describeValue } from '../language/argument.ts';
import { checkBytes, checkText } from './arguments.ts';
import { type FileSource, memorySource } from './file-source.ts';
import { asUnreadable, DAMAGED, unreadable } from './unreadable.ts';

const MOST_FILES = 10_000;
const MOST_BYTES = 2 ** 31;
/** Deflate makes at most some 1032 bytes of one; tables and JSON some 30. */
const LARGEST_RATIO = 250;
const RATIO_FROM = 16 * 1024 * 1024;

/** Whether bytes begin as a zip archive does. */
export const isZip = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;

/** The files of an archive. Throws NetworkError for damaged archives, names that lead out of them, and bombs. */
export async function openZip(bytes: Uint8Array, file: string): Promise<FileSource> {
  checkBytes(bytes, 'openZip: bytes');
  checkText(file, 'openZip: file');
  const { unzipSync } = await import('fflate');
  const checksums = directoryOf(bytes, file);
  let total = 0;
  let count = 0;
  try {
    const files = unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        total += originalSize;
        const isBomb = total > RATIO_FROM && total > bytes.length * LARGEST_RATIO;
        if (++count > MOST_FILES || total > MOST_BYTES || isBomb) {
          throw unreadable({ file }, `unfolds to ${count} files of ${total} bytes and more.`);
        }
        if (/^[/\\]|^\w:|(^|[/\\])\.\.([/\\]|$)|\\|\0/.test(name)) {
          throw unreadable({ file }, `has a file called ${JSON.stringify(name.slice(0, 80))}.`);
        }
        return !name.endsWith('/');
      },
    });
    for (const [name, content] of Object.entries(files)) {
      const expected = checksums.get(name);
      const isWhole = expected?.size === content.length && expected.crc === crc32(content);
      if (!isWhole) throw unreadable({ file, inside: name }, 'its checksum is wrong.', DAMAGED);
    }
    return memorySource(new Map(Object.entries(files)));
  } catch (error) {
    throw asUnreadable(error, { file }, `As a zip archive it is damaged. ${DAMAGED}`);
  }
}

/**
 * An archive of files. Equal files are equal archives. What would unfold beyond what openZip takes for honest (a million
 * equal weights) is stored as it is.
 */
export async function writeZip(files: ReadonlyMap<string, Uint8Array>): Promise<Uint8Array> {
  const isFiles =
    files instanceof Map &&
    [...files].every(([name, bytes]) => typeof name === 'string' && bytes instanceof Uint8Array);
  if (!isFiles) {
    throw new TypeError(
      `writeZip: files must be a Map of bytes by name, got ${describeValue(files)}.`,
    );
  }
  const { zipSync } = await import('fflate');
  const mtime = '1980-01-01';
  const total = [...files.values()].reduce((sum, { length }) => sum + length, 0);
  const zipped = zipSync(Object.fromEntries(files), { level: 6, mtime });
  if (total <= RATIO_FROM || total <= zipped.length * (LARGEST_RATIO - 10)) return zipped;
  return zipSync(Object.fromEntries(files), { level: 0, mtime });
}

/** Sizes and checksums from the directory at the end of the archive, which fflate does not compare. */
function directoryOf(
  bytes: Uint8Array,
  file: string,
): ReadonlyMap<string, { readonly crc: number; readonly size: number }> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = new Map<string, { crc: number; size: number }>();
  const damaged = (): Error => unreadable({ file }, 'has no directory.', DAMAGED);
  let end = bytes.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) {
    if (bytes.length - end > 65_600) throw damaged();
    end--;
  }
  if (end < 0) throw damaged();
  const entries = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  for (let k = 0; k < entries; k++) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== 0x02014b50) throw damaged();
    const length = view.getUint16(at + 28, true);
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + length));
    found.set(name, { crc: view.getUint32(at + 16, true), size: view.getUint32(at + 24, true) });
    at += 46 + length + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return found;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (let k = 0; k < bytes.length; k++) {
    crc = (CRC_TABLE[(crc ^ (bytes[k] as number)) & 255] as number) ^ (crc >>> 8);
  }
  return ~crc >>> 0;
}
