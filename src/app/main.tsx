/** The page: reads what is to be opened, makes the one state, shows it. */
import { render } from 'preact';
import './style/base.css';
import './style/shell.css';
import { AppContext } from './shell/context.ts';
import { Shell } from './shell/Shell.tsx';
import { createApp } from './state/app.ts';
import { exampleProject } from './state/project.ts';

const app = createApp({
  project: exampleProject('coba'),
  createWorker: () =>
    new Worker(new URL('./simulation/worker.ts', import.meta.url), { type: 'module' }),
});
const root = document.getElementById('app');
if (!root) throw new Error('internal: the page has no place for the app.');
render(
  <AppContext.Provider value={app}>
    <Shell />
  </AppContext.Provider>,
  root,
);
app.session.start(app.project.value);
