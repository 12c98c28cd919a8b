/** What can be undone and redone: up to 100 contents of the project before and after an edit. Applies nothing itself. */
import { type ReadonlySignal, signal } from '@preact/signals';
import type { ProjectContent } from './project.ts';

export interface HistoryEntry {
  /** What was done, for the button: "Change tau_m". */
  readonly label: string;
  readonly before: ProjectContent;
  readonly after: ProjectContent;
  /** Successive entries with the same key, not empty, are one. */
  readonly merge: string;
}

export interface History {
  /** Labels of what undo and redo would do; null when there is nothing. */
  readonly undoable: ReadonlySignal<string | null>;
  readonly redoable: ReadonlySignal<string | null>;
  push(entry: HistoryEntry): void;
  /** The content to go back to, or null. */
  undo(): ProjectContent | null;
  redo(): ProjectContent | null;
  clear(): void;
  /** Plain data, to be kept over a reload. */
  save(): { readonly past: readonly HistoryEntry[]; readonly future: readonly HistoryEntry[] };
  load(saved: ReturnType<History['save']>): void;
}

const MOST = 100;

export function createHistory(): History {
  const state = signal<{ past: readonly HistoryEntry[]; future: readonly HistoryEntry[] }>({
    past: [],
    future: [],
  });
  const undoable = signal<string | null>(null);
  const redoable = signal<string | null>(null);
  const set = (past: readonly HistoryEntry[], future: readonly HistoryEntry[]): void => {
    state.value = { past, future };
    undoable.value = past.at(-1)?.label ?? null;
    redoable.value = future.at(-1)?.label ?? null;
  };
  return {
    undoable,
    redoable,
    push(entry) {
      const { past } = state.value;
      const last = past.at(-1);
      if (last && entry.merge !== '' && last.merge === entry.merge) {
        set([...past.slice(0, -1), { ...entry, before: last.before }], []);
      } else {
        set([...past, entry].slice(-MOST), []);
      }
    },
    undo() {
      const { past, future } = state.value;
      const last = past.at(-1);
      if (!last) return null;
      set(past.slice(0, -1), [...future, { ...last, merge: '' }]);
      return last.before;
    },
    redo() {
      const { past, future } = state.value;
      const next = future.at(-1);
      if (!next) return null;
      set([...past, next], future.slice(0, -1));
      return next.after;
    },
    clear: () => set([], []),
    save: () => state.value,
    load: ({ past, future }) => set(past, future),
  };
}
