/** Buttons, fields and keys of the page, bound to actions. Reads the page's elements; decides nothing. */
import type { LoadRequest } from './protocol.ts';
import type { AppState } from './state.ts';
import { byId } from './views.ts';

export interface Actions {
  readonly examples: readonly { readonly name: string; readonly title: string }[];
  readonly state: () => AppState;
  readonly togglePlay: () => void;
  readonly step: () => void;
  readonly reset: () => void;
  readonly load: (change: Partial<LoadRequest>) => void;
  readonly recover: () => void;
  readonly explore: () => void;
  readonly fit: () => void;
  readonly savePng: () => void;
}

export function bindControls(actions: Actions): void {
  const example = byId<HTMLSelectElement>('example');
  for (const { name, title } of actions.examples) example.add(new Option(title, name));
  example.value = actions.state().request.example;
  example.addEventListener('change', () => actions.load({ example: example.value, values: {} }));

  const engine = byId<HTMLSelectElement>('engine');
  engine.value = actions.state().request.engine;
  engine.addEventListener('change', () =>
    actions.load({ engine: engine.value as LoadRequest['engine'] }),
  );

  const seed = byId<HTMLInputElement>('seed');
  seed.value = String(actions.state().request.seed);
  seed.addEventListener('change', () => {
    const value = Math.round(Number(seed.value));
    const ok = Number.isFinite(value) && value >= 0 && value <= 0xffffffff;
    if (!ok) seed.value = String(actions.state().request.seed);
    else actions.load({ seed: value });
  });

  byId('play').addEventListener('click', actions.togglePlay);
  byId('step').addEventListener('click', actions.step);
  byId('reset').addEventListener('click', actions.reset);
  byId('recover').addEventListener('click', () => {
    engine.value = 'cpu';
    actions.recover();
  });
  byId('explore').addEventListener('click', actions.explore);
  byId('fit').addEventListener('click', actions.fit);
  byId('png').addEventListener('click', actions.savePng);

  addEventListener('keydown', (event) => {
    const onField =
      event.target instanceof HTMLElement && /^(INPUT|SELECT|BUTTON)$/.test(event.target.tagName);
    if (onField || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === ' ') actions.togglePlay();
    else if (event.key === '.') actions.step();
    else if (event.key === '0') actions.fit();
    else return;
    event.preventDefault();
  });
}
