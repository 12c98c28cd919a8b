/** Who responds, asked of the simulation worker again and again while it is shown, no faster than once a second. */
import { useEffect, useState } from 'preact/hooks';
import { useApp } from '../shell/context.ts';
import type { Responder, StepRange } from '../simulation/protocol.ts';
import type { App, NetworkInfo } from '../state/app.ts';
import { windowOf } from '../views/plot/TimePlot.tsx';
import { messageOf } from './state.ts';

export interface Responders {
  readonly of: NetworkInfo;
  readonly range: StepRange;
  readonly neurons: readonly Responder[];
}

const LEAST_MS = 1000;
/** Counting takes at most this part of the worker's time. */
const SHARE = 0.2;

/** Steps of the shown interval, or of all that has run; null without any. */
export function rangeOf(app: App, dtMs: number, extent: 'shown' | 'run'): StepRange | null {
  const { step } = app.session.run.peek();
  if (extent === 'run') return step === 0 ? null : { from: 0, to: step };
  const { fromMs, toMs } = windowOf(app);
  const from = Math.max(0, Math.floor(fromMs / dtMs + 1e-6));
  const to = Math.min(step, Math.ceil(toMs / dtMs - 1e-6));
  return to > from ? { from, to } : null;
}

/** The `most` most active neurons; the newest answer, or why there is none. */
export function useResponders(
  extent: 'shown' | 'run',
  most: number,
): { readonly found: Responders | null; readonly failure: string } {
  const app = useApp();
  const [found, setFound] = useState<Responders | null>(null);
  const [failure, setFailure] = useState('');
  useEffect(() => {
    let hasEnded = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let asked = '';
    const next = (ms: number): void => {
      if (!hasEnded) timer = setTimeout(ask, ms);
    };
    const ask = async (): Promise<void> => {
      const info = app.session.info.peek();
      const range = info && rangeOf(app, info.dtMs, extent);
      const key = range ? `${range.from} ${range.to}` : '';
      if (!info || !range || key === asked || document.visibilityState === 'hidden') {
        if (info && !range) setFound(null);
        return next(250);
      }
      asked = key;
      const began = performance.now();
      try {
        const neurons = await app.session.call('responders', [range, most]);
        if (!hasEnded && info === app.session.info.peek()) {
          setFound({ of: info, range, neurons });
          setFailure('');
        }
      } catch (error) {
        if (!hasEnded && info === app.session.info.peek()) setFailure(messageOf(error));
      }
      next(Math.max(LEAST_MS, (performance.now() - began) / SHARE));
    };
    next(0);
    return () => {
      hasEnded = true;
      clearTimeout(timer);
    };
  }, [app, extent, most]);
  return { found, failure };
}
