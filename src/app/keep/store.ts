/**
 * The projects that this browser keeps, in its database: a record of each with its undo, a card of each for the list,
 * and names that people gave. Says nothing to anybody; who calls it does.
 */
import { type IDBPDatabase, openDB } from 'idb';
import type { HistoryEntry } from '../state/history.ts';
import { DEFAULT_RUN, DEFAULT_VIEW, type Project } from '../state/project.ts';

/** A project as it was last, with what can be undone and redone. */
export interface KeptProject {
  readonly project: Project;
  readonly history: {
    readonly past: readonly HistoryEntry[];
    readonly future: readonly HistoryEntry[];
  };
}

/** What the list of projects shows. */
export interface ProjectCard {
  readonly id: string;
  /** Title of the network; see `name`. */
  readonly title: string;
  /** What somebody called it, or ''. */
  readonly name: string;
  /** Where it came from, in words. */
  readonly origin: string;
  /** Milliseconds since 1970. */
  readonly savedAt: number;
  /** About: text of the document, and lists that are kept apart. */
  readonly bytes: number;
  /** Untouched examples are kept for the next start, but are nothing to list. */
  readonly isEdited: boolean;
}

export interface ProjectStore {
  /**
   * Keeps a project. Everything is handed to the database before this returns, so that it also works while a page is
   * being closed. Rejects when the database refuses, with a QuotaExceededError when it is full.
   */
  save(kept: KeptProject, card: Omit<ProjectCard, 'name'>): Promise<void>;
  /** null for what is not kept, or not as this version understands it. */
  read(id: string): Promise<KeptProject | null>;
  /** Newest first. */
  cards(): Promise<readonly ProjectCard[]>;
  /** Empty: the title again. */
  rename(id: string, name: string): Promise<void>;
  remove(ids: readonly string[]): Promise<void>;
  close(): void;
}

const STORES = ['projects', 'cards', 'names'];

/** Opens the database; rejects where the browser has none. */
export async function openStore(name = 'wetware-projects'): Promise<ProjectStore> {
  const database: IDBPDatabase = await openDB(name, 1, {
    upgrade(fresh) {
      for (const store of STORES) fresh.createObjectStore(store);
    },
  });
  return {
    save(kept, card) {
      const transaction = database.transaction(STORES, 'readwrite', { durability: 'relaxed' });
      // Their failures are those of the transaction.
      for (const put of [
        transaction.objectStore('projects').put(kept, card.id),
        transaction.objectStore('cards').put(card, card.id),
      ]) {
        put.catch(() => undefined);
      }
      transaction.commit();
      return transaction.done;
    },
    async read(id) {
      return asKept(await database.get('projects', id));
    },
    async cards() {
      const transaction = database.transaction(['cards', 'names']);
      const names = transaction.objectStore('names');
      const [cards, keys, given] = await Promise.all([
        transaction.objectStore('cards').getAll() as Promise<Omit<ProjectCard, 'name'>[]>,
        names.getAllKeys(),
        names.getAll(),
      ]);
      const nameOf = new Map(keys.map((key, k) => [key, String(given[k])]));
      return cards
        .map((card) => ({ ...card, name: nameOf.get(card.id) ?? '' }))
        .sort((a, b) => b.savedAt - a.savedAt);
    },
    async rename(id, name) {
      if (name === '') await database.delete('names', id);
      else await database.put('names', name, id);
    },
    async remove(ids) {
      const transaction = database.transaction(STORES, 'readwrite');
      for (const id of ids) {
        for (const store of STORES) void transaction.objectStore(store).delete(id);
      }
      await transaction.done;
    },
    close: () => database.close(),
  };
}

/** Records are ours, but may be of another version. */
function asKept(value: unknown): KeptProject | null {
  const { project, history } = (value ?? {}) as Partial<KeptProject>;
  const isProject =
    typeof project?.id === 'string' &&
    (project.source?.kind === 'example' || project.source?.kind === 'document') &&
    (project.document !== null || project.source.kind === 'example');
  if (!isProject) return null;
  const isHistory = Array.isArray(history?.past) && Array.isArray(history.future);
  return {
    project: {
      ...project,
      run: { ...DEFAULT_RUN, ...project.run },
      view: { ...DEFAULT_VIEW, ...project.view },
    },
    history: isHistory ? history : { past: [], future: [] },
  };
}
