/**
 * The page's one state object and the store around it. Views subscribe and redraw from it; nothing else holds state
 * except the pictures themselves (raster columns, rate bins), which are derived from spikes.
 */
import type { LoadRequest, NetworkInfo } from './protocol.ts';

export type Phase = 'building' | 'paused' | 'running' | 'failed';

export interface AppState {
  readonly request: LoadRequest;
  readonly phase: Phase;
  readonly network: NetworkInfo | null;
  /** What is being built, or what went wrong. */
  readonly message: string;
  readonly failure: 'lost' | 'device' | 'network' | 'internal' | null;
  readonly step: number;
  /** Wall time over simulated time of the last second or so; below 1 is faster than real time. */
  readonly realtimeFactor: number;
  /** Spikes per second and neuron over the shown window, by population. */
  readonly rates: readonly number[];
  readonly spikes: number;
}

export interface Store {
  readonly get: () => AppState;
  readonly set: (change: Partial<AppState>) => void;
  readonly subscribe: (view: (state: AppState) => void) => void;
}

/** Views are called once per animation frame at most, however often the state changes. */
export function createStore(initial: AppState): Store {
  let state = initial;
  const views: ((state: AppState) => void)[] = [];
  let scheduled = false;
  const render = (): void => {
    scheduled = false;
    for (const view of views) view(state);
  };
  return {
    get: () => state,
    set(change) {
      state = { ...state, ...change };
      if (!scheduled) {
        scheduled = true;
        requestAnimationFrame(render);
      }
    },
    subscribe(view) {
      views.push(view);
      view(state);
    },
  };
}

/** The network to open from the address (`#example=cuba&seed=2&neurons=8000`); unknown keys go to the example. */
export function requestFromHash(hash: string): LoadRequest {
  const values: Record<string, string> = {};
  let example = 'microcircuit';
  let seed = 1;
  let engine: LoadRequest['engine'] = 'auto';
  for (const [key, value] of new URLSearchParams(hash.replace(/^#/, ''))) {
    if (key === 'example') example = value;
    else if (key === 'seed') seed = Number(value);
    else if (key === 'engine') engine = value === 'gpu' || value === 'cpu' ? value : 'auto';
    else values[key] = value;
  }
  return { example, values, seed: Number.isInteger(seed) && seed >= 0 ? seed : 1, engine };
}

/** The inverse of requestFromHash. */
export function hashOfRequest(request: LoadRequest): string {
  const parameters = new URLSearchParams({
    example: request.example,
    seed: String(request.seed),
    ...(request.engine === 'auto' ? {} : { engine: request.engine }),
    ...request.values,
  });
  return `#${parameters}`;
}
