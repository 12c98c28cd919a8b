/**
 * What runs when the page starts, and what follows from then on: the address of the page and the database of the browser
 * are kept together with the project. One for a page; embedded elements have neither.
 *
 * Each entry of the browser's history names a project (history.state) beside its address: reloading and the back button
 * lead to the project as it was kept, undo and all, and a link that somebody else opens leads to the network.
 */
import { effect } from '@preact/signals';
import type { App } from '../state/app.ts';
import type { Project } from '../state/project.ts';
import { projectAddress } from '../state/url.ts';
import { holdProject } from './hold.ts';
import { immediateProject, openAddress, tryAddress } from './opening.ts';
import { keepFromNowOn, openKept, openLast } from './projects.ts';

/** The project that the page shows before anything was read from elsewhere: needs no waiting. */
export const firstProject = (): Project => immediateProject(tryAddress(location.hash).address);

/** Opens what is to be opened and keeps it from then on. Called once, with App.project = firstProject(). */
export async function startPage(app: App): Promise<void> {
  const first = app.project.value;
  const isKept = (await openNamed(app)) || (await openWhereLeftOff(app));
  if (!isKept) {
    const begin = (project: Project): void =>
      app.open(project.source.kind === 'example' ? { ...project, id: first.id } : project);
    await openAddress(app, location.hash, begin, () =>
      app.open(immediateProject({ source: null, run: first.run, view: first.view })),
    );
  }
  effect(() => {
    const { id } = app.project.value;
    void holdProject(id);
    rememberInTab(id);
  });
  keepAddress(app);
  await keepFromNowOn(app);
}

/** After a reload, and in tabs that the browser restores or copies. */
async function openNamed(app: App): Promise<boolean> {
  const id = projectOfEntry() ?? projectOfReload();
  return id !== null && (await openKept(app, id, true));
}

const IN_TAB = 'wetware-project';

/** A reload that comes while the address is being written loses the state of the entry; the tab still knows. */
function projectOfReload(): string | null {
  const [how] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  if (how?.type !== 'reload') return null;
  try {
    return sessionStorage.getItem(IN_TAB);
  } catch {
    return null;
  }
}

function rememberInTab(id: string): void {
  try {
    sessionStorage.setItem(IN_TAB, id);
  } catch {
    // Nothing is kept in this window; that is said elsewhere.
  }
}

/** Without a network in the address: where somebody left off. */
async function openWhereLeftOff(app: App): Promise<boolean> {
  const { address, problem } = tryAddress(location.hash);
  if (address.source !== null || problem !== '') return false;
  if (!(await openLast(app))) return false;
  app.setView(address.view);
  app.setRun(address.run);
  return true;
}

/** The project of the browser's current history entry; null when a person or a link made it. */
function projectOfEntry(): string | null {
  const state: unknown = history.state;
  const isOurs = typeof state === 'object' && state !== null && 'project' in state;
  return isOurs && typeof state.project === 'string' ? state.project : null;
}

const WRITE_AFTER_MS = 200;

/** Writes the address soon after every change, and opens what others write into it. */
function keepAddress(app: App): void {
  /** As the page wrote it last. */
  let written = location.hash;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const write = async (): Promise<void> => {
    clearTimeout(timer);
    const project = app.project.value;
    const address = await projectAddress(project);
    // Somebody else has changed one of them meanwhile, and that is followed first.
    if (app.project.value !== project || location.hash !== written) return;
    const url = address === '' ? location.pathname + location.search : `#${address}`;
    const before = projectOfEntry();
    const state = { project: project.id };
    try {
      // Another project is another entry, so that "back" leads to the one before.
      if (before !== null && before !== project.id) history.pushState(state, '', url);
      else history.replaceState(state, '', url);
      written = location.hash;
    } catch {
      // Too many changes in a short time; the next one writes this one too.
    }
  };
  const open = async (): Promise<void> => {
    const before = app.project.value;
    const undo = app.history.save();
    const id = projectOfEntry();
    if (id === before.id) return;
    app.badAddress.value = null;
    if (id !== null && (await openKept(app, id))) return;
    await openAddress(app, location.hash, app.open, () => {
      if (app.project.value.id !== before.id) app.open(before, undo);
      else void write();
    });
  };

  let opening = Promise.resolve();
  addEventListener('popstate', () => {
    if (projectOfEntry() === null && location.hash === written) return;
    written = location.hash;
    // One after the other, so that the last one stays.
    opening = opening.then(open);
  });
  effect(() => {
    void app.project.value;
    clearTimeout(timer);
    timer = setTimeout(() => void write(), WRITE_AFTER_MS);
  });
}
