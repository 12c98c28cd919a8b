/**
 * Statistics of the shown interval, asked of the simulation worker again and again while a panel that shows them is open,
 * no faster than about once a second, and slower where counting takes long.
 */
import { type Signal, signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { useApp } from '../../shell/context.ts';
import type { PopulationStatistics, StepRange } from '../../simulation/protocol.ts';
import type { App } from '../../state/app.ts';
import { perApp } from './per-app.ts';
import { windowOf } from './TimePlot.tsx';

export interface Statistics {
  readonly populations: readonly PopulationStatistics[];
  /** What they are of, ms. */
  readonly fromMs: number;
  readonly toMs: number;
}

interface Store {
  readonly value: Signal<Statistics | null>;
  readonly failure: Signal<string>;
  /** Components that show it; the first makes it ask, the last ends that. */
  users: number;
  end: () => void;
}

const storeOf = perApp((app): Store => {
  const store = {
    value: signal<Statistics | null>(null),
    failure: signal(''),
    users: 0,
    end: () => undefined,
  };
  app.session.onRestart(() => {
    store.value.value = null;
    store.failure.value = '';
  });
  return store;
});

const LEAST_MS = 1000;
/** Counting takes at most this part of the worker's time. */
const SHARE = 0.2;

/** The newest statistics; asks for them while the component is shown. */
export function useStatistics(): Store {
  const app = useApp();
  const store = storeOf(app);
  useEffect(() => {
    if (store.users++ === 0) store.end = poll(app, store);
    return () => {
      if (--store.users === 0) store.end();
    };
  }, [app, store]);
  return store;
}

function poll(app: App, store: Store): () => void {
  let ended = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = '';
  const next = (ms: number): void => {
    if (!ended) timer = setTimeout(ask, ms);
  };
  const ask = async (): Promise<void> => {
    const { info, run } = app.session;
    const network = info.peek();
    const range = network && rangeOf(app, network.dtMs, run.peek().step);
    const key = range ? `${range.from} ${range.to}` : '';
    if (!range || key === asked || document.visibilityState === 'hidden') return next(250);
    asked = key;
    const began = performance.now();
    try {
      const populations = await app.session.call('statistics', [{ range }]);
      if (ended) return;
      if (network === info.peek()) {
        // Of older spikes that are no longer kept nothing is counted.
        const counted = populations[0]?.range ?? range;
        const { dtMs } = network;
        store.value.value = {
          populations,
          fromMs: counted.from * dtMs,
          toMs: counted.to * dtMs,
        };
        store.failure.value = '';
      }
    } catch (error) {
      if (network === info.peek()) {
        store.failure.value = error instanceof Error ? error.message : String(error);
      }
    }
    next(Math.max(LEAST_MS, (performance.now() - began) / SHARE));
  };
  next(0);
  return () => {
    ended = true;
    clearTimeout(timer);
  };
}

/** Steps of the shown interval that have been done; null without any. */
function rangeOf(app: App, dtMs: number, step: number): StepRange | null {
  const { fromMs, toMs } = windowOf(app);
  const from = Math.max(0, Math.floor(fromMs / dtMs + 1e-6));
  const to = Math.min(step, Math.ceil(toMs / dtMs - 1e-6));
  return to > from ? { from, to } : null;
}
