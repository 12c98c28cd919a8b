/**
 * Text of a file in pieces, decompressed when it is gzip, with bounds on what comes out. Uses the platform's
 * DecompressionStream (which checks lengths and checksums), so nothing is loaded.
 */
import { asUnreadable, DAMAGED, type FilePlace, unreadable } from './unreadable.ts';

/** Most decompressed bytes of one file. */
export const MOST_BYTES = 2 ** 33;
/** Tables compress 3 to 30 times; beyond this ratio, once it is large, a file is taken for a bomb. */
const LARGEST_RATIO = 250;
const RATIO_FROM = 16 * 1024 * 1024;
/** Bytes handed on at a time. */
const PIECE = 1024 * 1024;

/** Whether bytes begin as a gzip file does. */
export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** Calls `take` with the text in order; UTF-8, without a byte order mark. Throws NetworkError for damaged bytes. */
export async function readText(
  bytes: Uint8Array,
  place: FilePlace,
  take: (text: string) => void,
  mostBytes = MOST_BYTES,
): Promise<void> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decode = (piece: Uint8Array | undefined): string => {
    try {
      return piece === undefined ? decoder.decode() : decoder.decode(piece, { stream: true });
    } catch {
      throw unreadable(place, 'is not UTF-8 text.', 'Is it a table, and the right file?');
    }
  };
  await readBytes(bytes, place, (piece) => take(decode(piece)), mostBytes);
  take(decode(undefined));
}

/** All decompressed bytes in one array; as they are when they are not gzip. */
export async function gunzip(
  bytes: Uint8Array,
  place: FilePlace,
  mostBytes: number,
): Promise<Uint8Array> {
  if (!isGzip(bytes)) return bytes;
  const pieces: Uint8Array[] = [];
  let length = 0;
  await readBytes(
    bytes,
    place,
    (piece) => {
      pieces.push(piece);
      length += piece.length;
    },
    mostBytes,
  );
  const all = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

async function readBytes(
  bytes: Uint8Array,
  place: FilePlace,
  take: (piece: Uint8Array) => void,
  mostBytes: number,
): Promise<void> {
  if (!isGzip(bytes)) {
    for (let at = 0; at < bytes.length; at += PIECE) take(bytes.subarray(at, at + PIECE));
    return;
  }
  const reader = piecesOf(bytes).pipeThrough(new DecompressionStream('gzip')).getReader();
  let total = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      total += value.length;
      const isBomb = total > RATIO_FROM && total > bytes.length * LARGEST_RATIO;
      if (isBomb || total > mostBytes) {
        throw unreadable(
          place,
          `${bytes.length} compressed bytes unfold to more than ${Math.min(total, mostBytes)}.`,
          'No table compresses like that; if it is meant, decompress it first.',
        );
      }
      take(value);
    }
  } catch (error) {
    await reader.cancel().catch(() => undefined);
    throw asUnreadable(error, place, DAMAGED);
  }
}

/** A stream that is asked for the next piece when the last one is used up. */
function piecesOf(bytes: Uint8Array): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      // A copy: streams may take the memory of what they are given.
      if (at < bytes.length) controller.enqueue(new Uint8Array(bytes.subarray(at, at + PIECE)));
      else controller.close();
      at += PIECE;
    },
  });
}
