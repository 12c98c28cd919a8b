/**
 * A network document as a short text for an address, and back: JSON, deflated, base64url, behind a character that says
 * which version of this it is. Bounded both ways; whether the document describes a network is for validateDocument.
 */
import { type NetworkDocument, NetworkError } from '../../index.ts';

/** Most bytes that a packed document unfolds to. */
export const MOST_UNPACKED = 2 * 2 ** 20;
/** Deflate makes at most some 1032 bytes of one, and base64 needs 4 characters for 3; a longer text cannot be one of ours. */
const LONGEST_PACKED = 3 * 2 ** 20;
/** Deepest nesting of objects and lists; documents have a dozen. */
const DEEPEST = 64;
const VERSION = '1';

/** A document as a text of letters, digits, - and _. */
export async function packDocument(document: NetworkDocument): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(document, plain));
  const stream = through(bytes, new CompressionStream('deflate-raw'));
  return VERSION + toBase64Url(new Uint8Array(await new Response(stream).arrayBuffer()));
}

/** The inverse of packDocument. Throws NetworkError for everything else. */
export async function unpackDocument(text: string): Promise<NetworkDocument> {
  if (!text.startsWith(VERSION)) {
    throw damaged(
      text === ''
        ? 'It is empty.'
        : /^\d/.test(text)
          ? 'It was made by another version of wetware.'
          : 'It does not begin as one of ours.',
    );
  }
  if (text.length > LONGEST_PACKED) throw damaged(`It has ${text.length} characters.`);
  return parsePlain(await inflate(fromBase64Url(text.slice(1))));
}

/**
 * JSON text as an object that is safe to copy about: not nested beyond reason and without keys that mean something to
 * JavaScript. Throws NetworkError.
 */
export function parsePlain(text: string): NetworkDocument {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw damaged('It holds no JSON.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw damaged('It holds no document.');
  }
  checkPlain(value);
  return value as NetworkDocument;
}

function checkPlain(root: object): void {
  let level: object[] = [root];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) throw damaged(`It is nested more than ${DEEPEST} deep.`);
    const below: object[] = [];
    for (const container of level) {
      if (Object.hasOwn(container, '__proto__')) throw damaged('It has a part called "__proto__".');
      for (const part of Object.values(container)) {
        if (typeof part === 'object' && part !== null) below.push(part);
      }
    }
    level = below;
  }
}

/** Typed arrays become lists. */
const plain = (_: string, value: unknown): unknown =>
  ArrayBuffer.isView(value) && !(value instanceof DataView)
    ? Array.from(value as ArrayBufferView & ArrayLike<number>)
    : value;

async function inflate(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const reader = through(bytes, new DecompressionStream('deflate-raw')).getReader();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  let length = 0;
  for (;;) {
    let piece: ReadableStreamReadResult<Uint8Array>;
    try {
      piece = await reader.read();
      text += decoder.decode(piece.value, { stream: !piece.done });
    } catch {
      throw damaged('A part of it is missing or was changed.');
    }
    if (piece.done) return text;
    length += piece.value?.length ?? 0;
    if (length > MOST_UNPACKED) {
      // What is left unread is not worth an error.
      reader.cancel().catch(() => undefined);
      throw damaged(`It unfolds to more than ${MOST_UNPACKED / 2 ** 20} MiB.`);
    }
  }
}

/** Small pieces, so that what unfolds without end is noticed early. */
function through(
  bytes: Uint8Array<ArrayBuffer>,
  transform: CompressionStream | DecompressionStream,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const piece = 16_384;
  let at = 0;
  const source = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.subarray(at, at + piece));
      at += piece;
    },
  });
  return source.pipeThrough(transform as ReadableWritablePair<Uint8Array<ArrayBuffer>, Uint8Array>);
}

function toBase64Url(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 32_768) {
    text += String.fromCharCode(...bytes.subarray(at, at + 32_768));
  }
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  if (!/^[\w-]*$/.test(text)) throw damaged('It has characters that do not belong there.');
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    return Uint8Array.from(binary, (character) => character.charCodeAt(0));
  } catch {
    throw damaged('A part of it is missing.');
  }
}

const damaged = (why: string): NetworkError =>
  new NetworkError(`The network in this link cannot be read. ${why}`, { path: 'address' });
