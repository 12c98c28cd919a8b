/**
 * What pieces of a run brought, gathered until the page can take it: one message under way at a time, and the next one
 * when the page has drawn, so that a slow page does not queue up what it will never show.
 */

import type { ProbeFeed } from './probe-feed.ts';
import type { Progress } from './protocol.ts';
import type { RateBins } from './rates.ts';
import type { SpikeSlice } from './spike-log.ts';

/** A page that says nothing for so long is told again: it may have missed the last message. */
const AT_LATEST_MS = 1000;

export interface ProgressGatherer {
  add(steps: number, wallMs: number, spikes: readonly SpikeSlice[]): void;
  /** Tells the page, if it is ready; `anyway`: in any case. */
  tell(step: number, anyway?: boolean): void;
  /** The page has shown what it was told. */
  ready(): void;
}

interface Parts {
  readonly rates: RateBins;
  readonly probes: ProbeFeed;
  /** Spikes before. */
  readonly spikes: number;
  send(progress: Progress): void;
}

export function createProgress({ rates, probes, spikes: before, send }: Parts): ProgressGatherer {
  let spikes = before;
  let steps = 0;
  let wallMs = 0;
  let isUnderWay = false;
  let sentAt = 0;
  /** Step up to which spikes have been added. While a piece runs the simulation is ahead of it. */
  let reached = 0;
  const tell = (step: number, anyway = false): void => {
    reached = step;
    const now = performance.now();
    if (!anyway && (steps === 0 || (isUnderWay && now - sentAt < AT_LATEST_MS))) return;
    isUnderWay = true;
    sentAt = now;
    const told = { step, steps, wallMs, spikes, ...rates.take(step), ...probes.take() };
    steps = 0;
    wallMs = 0;
    send(told);
  };
  return {
    add(more, wall, slices) {
      steps += more;
      wallMs += wall;
      for (const slice of slices) {
        spikes += slice.steps.length;
        rates.add(slice);
        probes.spikes(slice);
      }
    },
    tell,
    ready() {
      isUnderWay = false;
      tell(reached);
    },
  };
}
