/**
 * The kept projects of this page: opening the database, going back to one of them, copying, deleting, and letting go of
 * lists of numbers that none of them needs. The list itself is Projects.tsx.
 */
import type { App } from '../state/app.ts';
import { arraysNotKept, dropArrays, dropArraysExcept } from '../state/array-store.ts';
import { referencesOf } from '../state/arrays.ts';
import type { Project, ProjectContent } from '../state/project.ts';
import { startAutosave, whyNotKept } from './autosave.ts';
import { heldElsewhere, holdProject } from './hold.ts';
import { type KeptProject, openStore, type ProjectStore } from './store.ts';

/** Untouched examples that are kept, for other tabs and the back button. */
const MOST_UNTOUCHED = 10;
/** How long the page waits for a database before it starts without: that of a project which must be there, else. */
const WAIT_FOR_KEPT_MS = 8000;
const WAIT_MS = 3000;

let store: Promise<ProjectStore | null> | null = null;

/** null where the browser has no database for this window. */
export function projectStore(): Promise<ProjectStore | null> {
  store ??= openStore().catch(() => null);
  return store;
}

function storeWithin(ms: number): Promise<ProjectStore | null> {
  return Promise.race([
    projectStore(),
    new Promise<null>((resolve) => setTimeout(resolve, ms, null)),
  ]);
}

/** Keeps the open project from now on, or says that this window cannot. */
export async function keepFromNowOn(app: App): Promise<void> {
  const opened = await projectStore();
  arraysNotKept((error) => {
    app.notice.value = { kind: 'failure', text: whyNotKept(error) };
  });
  if (opened === null) {
    app.notice.value = { kind: 'warning', text: whyNotKept(null) };
    return;
  }
  startAutosave(app, opened);
  void tidy(opened);
}

/** Another identity, for a copy of a project. */
export const copyOf = (project: Project): Project => ({ ...project, id: crypto.randomUUID() });

/**
 * Opens a project as it was kept, undo and all; as a copy when another tab has it open. false when it is not kept.
 * `patient`: the page itself may just have been reloaded.
 */
export async function openKept(app: App, id: string, patient = false): Promise<boolean> {
  const opened = await storeWithin(WAIT_FOR_KEPT_MS);
  const kept = (await opened?.read(id).catch(() => null)) ?? null;
  if (kept === null) return false;
  const isOurs = await holdProject(id, patient);
  // As it is now: a tab that let go of it has saved it then.
  const last = (isOurs && (await opened?.read(id).catch(() => null))) || kept;
  app.open(isOurs ? last.project : copyOf(last.project), last.history);
  if (!isOurs) {
    app.notice.value = {
      kind: 'done',
      text: 'That project is open in another tab; this is a copy of it.',
    };
  }
  return true;
}

/** Opens the project that was open last; false when there is none, or another tab has it. */
export async function openLast(app: App): Promise<boolean> {
  const opened = await storeWithin(WAIT_MS);
  const cards = (await opened?.cards().catch(() => null)) ?? [];
  const [last] = cards;
  // A page that was just closed, or left, may hold it for a moment.
  return last !== undefined && (await holdProject(last.id, true)) && openKept(app, last.id);
}

/** Forgets old untouched examples, and lists of numbers that nothing refers to. */
async function tidy(opened: ProjectStore): Promise<void> {
  try {
    const elsewhere = await heldElsewhere();
    const untouched = (await opened.cards()).filter(
      ({ isEdited, id }) => !isEdited && !elsewhere.has(id),
    );
    await opened.remove(untouched.slice(MOST_UNTOUCHED).map(({ id }) => id));
    await dropArraysExcept(await arraysInUse(opened), AN_HOUR);
  } catch {
    // Next time.
  }
}

/** Long enough for a file that was dropped onto another tab to become a project. */
const AN_HOUR = 3_600_000;

async function arraysInUse(opened: ProjectStore): Promise<Set<string>> {
  const used = new Set<string>();
  for (const { id } of await opened.cards()) {
    const kept = await opened.read(id);
    if (kept) arraysOf(kept, used);
  }
  return used;
}

/** Frees what deleted projects leave behind and no other project, nor the open one, refers to. */
export async function dropArraysOf(
  deleted: readonly KeptProject[],
  open: KeptProject,
): Promise<void> {
  const opened = await projectStore();
  const keys = new Set<string>();
  for (const kept of deleted) arraysOf(kept, keys);
  if (opened === null || keys.size === 0) return;
  const used = arraysOf(open, await arraysInUse(opened));
  await dropArrays(new Set([...keys].filter((key) => !used.has(key))));
}

/** Keys of the lists that a project, or something it can go back to, refers to. */
export function arraysOf({ project, history }: KeptProject, found: Set<string>): Set<string> {
  const add = ({ source, document }: ProjectContent): void => {
    referencesOf(source, found);
    referencesOf(document, found);
  };
  add(project);
  for (const { before, after } of [...history.past, ...history.future]) {
    add(before);
    add(after);
  }
  return found;
}
