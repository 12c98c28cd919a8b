/** The page: reads what is to be opened, makes the one state, shows it. */
import { render } from 'preact';
import './style/base.css';
import './style/shell.css';
import { firstProject, startPage } from './keep/start-page.ts';
import { keepOffline } from './offline/register.ts';
import { AppContext } from './shell/context.ts';
import { Shell } from './shell/Shell.tsx';
import { createApp } from './state/app.ts';

const app = createApp({
  project: firstProject(),
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
void startPage(app);
keepOffline(app);
