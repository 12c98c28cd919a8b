/** Buttons that open and close plots, for as many variables as there are. */
import { signal } from '@preact/signals';
import type { App } from '../../state/app.ts';
import { perApp } from './per-app.ts';

/** What somebody has switched on or off, by a name that is unique on the page; kept while the page is open. */
const switchedOf = perApp(() => signal<ReadonlyMap<string, boolean>>(new Map()));

/** The first few are open until somebody chooses. */
export const isOpen = (app: App, key: string, index: number, first: number): boolean =>
  switchedOf(app).value.get(key) ?? index < first;

interface Props {
  readonly app: App;
  readonly label: string;
  readonly items: readonly { readonly key: string; readonly name: string }[];
  readonly first: number;
}

export function Toggles({ app, label, items, first }: Props) {
  const switched = switchedOf(app);
  if (items.length < 2) return null;
  return (
    <fieldset class="plot-toggles">
      <legend class="visually-hidden">{label}</legend>
      {items.map(({ key, name }, index) => {
        const open = isOpen(app, key, index, first);
        return (
          <button
            key={key}
            type="button"
            class="small"
            aria-pressed={open}
            onClick={() => {
              switched.value = new Map(switched.value).set(key, !open);
            }}
          >
            {name}
          </button>
        );
      })}
    </fieldset>
  );
}
