/**
 * What belongs to one app and outlives the panel that shows it: counts collected since the start of a run, and choices
 * such as a bin width. Derived or trivial; what is kept and shared is in the project.
 */
import type { App } from '../../state/app.ts';

/** Returns a function that makes the thing once for each app. */
export function perApp<T>(make: (app: App) => T): (app: App) => T {
  const made = new WeakMap<App, T>();
  return (app) => {
    const found = made.get(app);
    if (found !== undefined) return found;
    const value = make(app);
    made.set(app, value);
    return value;
  };
}
