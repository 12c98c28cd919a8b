/**
 * What runs when the page starts, and what follows the address from then on: changes by a person are opened, changes of
 * the project are written back into it. One for a page; embedded elements have no address.
 */
import { effect } from '@preact/signals';
import type { App } from '../state/app.ts';
import type { Project } from '../state/project.ts';
import { projectAddress } from '../state/url.ts';
import { immediateProject, openAddress, tryAddress } from './opening.ts';

/** The project that the page shows before anything was read from elsewhere: needs no waiting. */
export const firstProject = (): Project => immediateProject(tryAddress(location.hash).address);

/** Opens what the address names and keeps address and project together. Called once, with App.project = firstProject(). */
export async function startPage(app: App): Promise<void> {
  const first = app.project.value;
  await openAddress(
    app,
    location.hash,
    (project) => (project.source.kind === 'example' ? begin(app, project) : app.open(project)),
    () => app.open(immediateProject({ source: null, run: first.run, view: first.view })),
  );
  followAddress(app);
  writeAddress(app);
}

/** Starts the project that is in place, under the identity it has there. */
function begin(app: App, project: Project): void {
  app.open({ ...project, id: app.project.value.id });
}

/** Written last, so that the page knows its own changes from those of others. */
let written = '';

function followAddress(app: App): void {
  addEventListener('popstate', () => {
    if (location.hash === written) return;
    written = location.hash;
    const before = app.project.value;
    void openAddress(app, location.hash, app.open, () => app.open(before));
  });
}

const WRITE_AFTER_MS = 200;

function writeAddress(app: App): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const write = async (): Promise<void> => {
    const project = app.project.value;
    const address = await projectAddress(project);
    if (app.project.value !== project) return;
    const hash = address === '' ? '' : `#${address}`;
    if (location.hash === hash) return;
    try {
      history.replaceState(
        history.state,
        '',
        hash === '' ? location.pathname + location.search : hash,
      );
      written = location.hash;
    } catch {
      // Too many changes in a short time; the next one writes this one too.
    }
  };
  effect(() => {
    void app.project.value;
    clearTimeout(timer);
    timer = setTimeout(() => void write(), WRITE_AFTER_MS);
  });
}
