/** Samples slow variables from the start of every run, whichever panel is open: their history cannot be had later. */
import { type Signal, signal } from '@preact/signals';
import type { App, NetworkInfo } from '../../state/app.ts';
import { perApp } from '../plot/per-app.ts';
import { createLogSeries, type LogSeries, spread } from './log-series.ts';
import { type SlowVariable, slowVariables } from './slow-variables.ts';

export interface SlowHistory {
  readonly variable: SlowVariable;
  /** Rows are mean and standard deviation of each owner in turn. */
  readonly series: LogSeries;
}

export interface SlowHistories {
  readonly list: Signal<readonly SlowHistory[]>;
  /** Counts up with every sample. */
  readonly samples: Signal<number>;
}

const EVERY_MS = 250;
/** Reading takes at most this part of the worker's time. */
const SHARE = 0.4;

export const slowOf = perApp((app: App): SlowHistories => {
  const histories: SlowHistories = { list: signal([]), samples: signal(0) };
  const begin = (info: NetworkInfo): void => {
    histories.list.value = slowVariables(info).map((variable) => ({
      variable,
      series: createLogSeries(),
    }));
    histories.samples.value = 0;
    if (histories.list.value.length > 0) void sampleOn(app, info, histories);
  };
  const info = app.session.info.peek();
  if (info) begin(info);
  app.session.onRestart(begin);
  return histories;
});

export const collect = (app: App): void => {
  slowOf(app);
};

/** Until another network takes over. */
async function sampleOn(app: App, info: NetworkInfo, histories: SlowHistories): Promise<void> {
  const list = histories.list.peek();
  let sampled = 0;
  while (histories.list.peek() === list) {
    const { step, timeMs } = app.session.run.peek();
    const began = performance.now();
    if (step !== sampled) {
      sampled = step;
      try {
        // All at once: the worker answers them between two pieces of the run.
        const rows = await Promise.all(list.map(({ variable }) => read(app, variable)));
        for (const [k, { series }] of list.entries()) series.add(timeMs, rows[k] ?? []);
        histories.samples.value++;
      } catch {
        // The worker was replaced, or has failed; both are said elsewhere.
        if (app.session.info.peek() !== info) return;
      }
    }
    const tookMs = performance.now() - began;
    await new Promise((resolve) => setTimeout(resolve, Math.max(EVERY_MS, tookMs / SHARE)));
  }
}

async function read(app: App, { name, unit, owners }: SlowVariable): Promise<number[]> {
  const all = await Promise.all(
    owners.map((owner) =>
      app.session.call('values', unit === '' ? [owner, name] : [owner, name, unit]),
    ),
  );
  return all.flatMap(spread);
}
