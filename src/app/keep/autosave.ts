/**
 * Keeps the open project, with its undo, in the database of the browser: soon after every change, and at once when the
 * page goes away. What cannot be kept is said once; the page works all the same.
 */
import { effect } from '@preact/signals';
import type { App } from '../state/app.ts';
import { cardOf } from './card.ts';
import type { KeptProject, ProjectStore } from './store.ts';

const SAVE_AFTER_MS = 300;

export interface Autosave {
  /** Saves what is not saved yet. */
  flush(): void;
  /** Ends it, for tests. */
  stop(): void;
}

interface Snapshot extends KeptProject {
  readonly title: string;
}

export function startAutosave(app: App, store: Pick<ProjectStore, 'save'>): Autosave {
  let latest: Snapshot | null = null;
  let saved: Snapshot | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isRefused = false;

  const save = (): void => {
    clearTimeout(timer);
    const snapshot = latest;
    if (snapshot === null || (saved !== null && isSame(snapshot, saved))) return;
    saved = snapshot;
    const { title, ...kept } = snapshot;
    try {
      store.save(kept, cardOf(kept, title, Date.now())).then(() => {
        isRefused = false;
      }, refused);
    } catch (error) {
      refused(error);
    }
  };

  const refused = (error: unknown): void => {
    saved = null;
    if (isRefused) return;
    isRefused = true;
    app.notice.value = { kind: 'failure', text: whyNotKept(error) };
  };

  const end = effect(() => {
    const project = app.project.value;
    // Undo and redo change with every step that is kept.
    void app.history.undoable.value;
    void app.history.redoable.value;
    const info = app.session.info.value;
    // That of a document is its own name.
    const isBuilt = info !== null && info.document === project.document;
    const title = isBuilt && project.source.kind === 'example' ? info.title : '';
    if (latest !== null && latest.project.id !== project.id) save();
    latest = { project, history: app.history.save(), title };
    clearTimeout(timer);
    timer = setTimeout(save, SAVE_AFTER_MS);
  });

  const onHidden = (): void => {
    if (document.visibilityState === 'hidden') save();
  };
  addEventListener('pagehide', save);
  document.addEventListener('visibilitychange', onHidden);
  return {
    flush: save,
    stop() {
      end();
      clearTimeout(timer);
      removeEventListener('pagehide', save);
      document.removeEventListener('visibilitychange', onHidden);
    },
  };
}

const isSame = (a: Snapshot, b: Snapshot): boolean =>
  a.project === b.project &&
  a.history.past === b.history.past &&
  a.history.future === b.history.future &&
  a.title === b.title;

export function whyNotKept(error: unknown): string {
  const isFull = error instanceof DOMException && error.name === 'QuotaExceededError';
  return isFull
    ? 'There is no room left in this browser: changes are no longer kept. Delete projects that you no longer need (Open, Projects), or save this one as a file.'
    : 'This window cannot keep anything: everything works, but what you change is lost when it is closed. Save the network as a file before (Share, Export).';
}
