/** Where detached lists of numbers are kept: the browser's database, by hash, shared by the page and its workers. */
import { type IDBPDatabase, openDB } from 'idb';
import { NetworkError } from '../../index.ts';

let database: Promise<IDBPDatabase> | null = null;
/** What could not be written stays in memory of this worker: a private window has no database. */
const here = new Map<string, ArrayBuffer>();

function open(): Promise<IDBPDatabase> {
  database ??= openDB('wetware-arrays', 1, {
    upgrade: (fresh) => void fresh.createObjectStore('arrays'),
  });
  return database;
}

export async function keepArray(key: string, bytes: ArrayBuffer): Promise<void> {
  here.set(key, bytes);
  try {
    const db = await open();
    if ((await db.getKey('arrays', key)) === undefined) await db.put('arrays', bytes, key);
  } catch {
    // Kept in memory only; autosave says that nothing can be kept here.
  }
}

/** Throws NetworkError for what is not kept. */
export async function readArray(key: string): Promise<ArrayBuffer> {
  const kept = here.get(key) ?? ((await (await open()).get('arrays', key)) as unknown);
  if (kept instanceof ArrayBuffer) return kept;
  throw new NetworkError(
    'A list of numbers that belongs to this network is no longer kept in this browser. Open its file again.',
    { path: 'document' },
  );
}

/** Forgets all arrays but these. */
export async function dropArraysExcept(keys: ReadonlySet<string>): Promise<void> {
  const db = await open();
  for (const key of await db.getAllKeys('arrays')) {
    if (!keys.has(String(key))) await db.delete('arrays', key);
  }
}
