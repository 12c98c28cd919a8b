/** The state of the page for its components. A page may hold several apps (elements in a text), so none is global. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { App } from '../state/app.ts';

export const AppContext = createContext<App | null>(null);

export function useApp(): App {
  const app = useContext(AppContext);
  if (!app) throw new Error('internal: a component outside the app.');
  return app;
}
