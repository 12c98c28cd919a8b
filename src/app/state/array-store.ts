/**
 * Where detached lists of numbers are kept: the browser's database, by hash, shared by the page and its workers. What the
 * database does not take stays in the memory of the worker that has it, and others ask for it.
 */
import { type IDBPDatabase, openDB } from 'idb';
import { NetworkError } from '../../index.ts';

/** Lists that the database did not take: a private window has none, and others are full. */
const here = new Map<string, ArrayBuffer>();
let database: Promise<IDBPDatabase> | null = null;
let channel: BroadcastChannel | null = null;
/** How long another worker may take to answer. */
const WAIT_MS = 3000;

type Message =
  | { readonly ask: string }
  | { readonly key: string; readonly bytes: ArrayBuffer }
  | { readonly notKept: string };

async function open(): Promise<IDBPDatabase> {
  database ??= openDB('wetware-arrays', 1, {
    upgrade(fresh) {
      fresh.createObjectStore('arrays');
      // When a list was last kept, ms since 1970.
      fresh.createObjectStore('times');
    },
  });
  return database;
}

export async function keepArray(key: string, bytes: ArrayBuffer): Promise<void> {
  try {
    const transaction = (await open()).transaction(['arrays', 'times'], 'readwrite');
    transaction.done.catch(() => undefined);
    const arrays = transaction.objectStore('arrays');
    await transaction.objectStore('times').put(Date.now(), key);
    if ((await arrays.getKey(key)) === undefined) await arrays.put(bytes, key);
    await transaction.done;
  } catch (error) {
    keepHere(key, bytes);
    const notKept = error instanceof DOMException ? error.name : '';
    channelOf().postMessage({ notKept } satisfies Message);
  }
}

/** Throws NetworkError for what is not kept. */
export async function readArray(key: string): Promise<ArrayBuffer> {
  const own = here.get(key);
  if (own) return own;
  const kept: unknown = await open()
    .then((db) => db.get('arrays', key))
    .catch(() => undefined);
  if (kept instanceof ArrayBuffer) return kept;
  const asked = await askOthers(key);
  if (asked) {
    // The worker that had it may be about to end.
    keepHere(key, asked);
    return asked;
  }
  throw new NetworkError(
    'A list of numbers that belongs to this network is no longer kept in this browser. Open its file again.',
    { path: 'document' },
  );
}

/** Forgets all arrays but these, and those that were kept less than `forMs` ago. */
export async function dropArraysExcept(keys: ReadonlySet<string>, forMs: number): Promise<void> {
  const before = Date.now() - forMs;
  await dropWhere((key, time) => !keys.has(key) && !(typeof time === 'number' && time > before));
}

/** Forgets these arrays. */
export async function dropArrays(keys: ReadonlySet<string>): Promise<void> {
  if (keys.size > 0) await dropWhere((key) => keys.has(key));
}

async function dropWhere(isDropped: (key: string, time: unknown) => boolean): Promise<void> {
  const transaction = (await open()).transaction(['arrays', 'times'], 'readwrite');
  transaction.done.catch(() => undefined);
  const times = transaction.objectStore('times');
  const arrays = transaction.objectStore('arrays');
  for (const key of await arrays.getAllKeys()) {
    if (!isDropped(String(key), await times.get(key))) continue;
    await arrays.delete(key);
    await times.delete(key);
  }
  await transaction.done;
}

/** Calls back when a list could not be put into the database, here or in a worker of this origin. */
export function arraysNotKept(listener: (error: unknown) => void): void {
  channelOf().addEventListener('message', ({ data }: MessageEvent<Message>) => {
    if ('notKept' in data) listener(new DOMException('', data.notKept || 'Error'));
  });
}

function keepHere(key: string, bytes: ArrayBuffer): void {
  here.set(key, bytes);
  channelOf();
}

/** Answers the questions of other workers as soon as it is open. */
function channelOf(): BroadcastChannel {
  if (channel) return channel;
  const opened = new BroadcastChannel('wetware-arrays');
  opened.addEventListener('message', ({ data }: MessageEvent<Message>) => {
    const bytes = 'ask' in data ? here.get(data.ask) : undefined;
    if ('ask' in data && bytes) {
      opened.postMessage({ key: data.ask, bytes } satisfies Message);
    }
  });
  channel = opened;
  return opened;
}

/** null when nobody has it. */
function askOthers(key: string): Promise<ArrayBuffer | null> {
  const asked = channelOf();
  return new Promise((resolve) => {
    const end = (bytes: ArrayBuffer | null): void => {
      clearTimeout(timer);
      asked.removeEventListener('message', listen);
      resolve(bytes);
    };
    const listen = ({ data }: MessageEvent<Message>): void => {
      if ('key' in data && data.key === key) end(data.bytes);
    };
    const timer = setTimeout(end, WAIT_MS, null);
    asked.addEventListener('message', listen);
    asked.postMessage({ ask: key } satisfies Message);
  });
}
