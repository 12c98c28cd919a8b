/**
 * A network document from an address: same origin or https, bounded in size and time, and only ever data. Whether it
 * describes a network is for the worker to say that builds it.
 */
import { type NetworkDocument, NetworkError } from '../../index.ts';

/** Longest text, bytes, and longest wait, ms. */
const MOST_BYTES = 64 * 2 ** 20;
const MOST_MS = 30_000;

/** Throws NetworkError for what cannot be fetched or is no document; says why. */
export async function fetchDocument(address: string, base: string): Promise<NetworkDocument> {
  const refuse = (why: string): never => {
    throw new NetworkError(`The network at ${address.slice(0, 200)} ${why}`, {
      path: 'address',
      value: address,
    });
  };
  let url: URL;
  try {
    url = new URL(address, base);
  } catch {
    return refuse('has no valid address.');
  }
  if (url.protocol !== 'https:' && url.origin !== new URL(base).origin) {
    return refuse('must come by https, or from where this page is.');
  }
  const stop = AbortSignal.timeout(MOST_MS);
  let text: string;
  try {
    const response = await fetch(url, { credentials: 'omit', signal: stop });
    if (!response.ok) return refuse(`is not there (the server says ${response.status}).`);
    text = await readText(response, refuse);
  } catch (error) {
    if (error instanceof NetworkError) throw error;
    return refuse(
      stop.aborted
        ? `did not come within ${MOST_MS / 1000} s.`
        : 'cannot be fetched: there is no connection, or that server does not allow other pages to read it (CORS).',
    );
  }
  try {
    const document: unknown = JSON.parse(text);
    if (typeof document === 'object' && document !== null && !Array.isArray(document)) {
      return document as NetworkDocument;
    }
  } catch {
    // Said below.
  }
  return refuse('is no JSON document.');
}

async function readText(response: Response, refuse: (why: string) => never): Promise<string> {
  const reader = response.body?.getReader();
  if (!reader) return refuse('is empty.');
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.length;
    if (bytes > MOST_BYTES) {
      await reader.cancel();
      return refuse(`is larger than ${MOST_BYTES / 2 ** 20} MiB; open it as a file.`);
    }
    text += decoder.decode(value, { stream: true });
  }
}
