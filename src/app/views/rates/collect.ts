/** Counts the spikes of populations from the start of every run, whichever panel is open. */
import { rateBinMs } from '../../simulation/protocol.ts';
import type { App, NetworkInfo } from '../../state/app.ts';
import { perApp } from '../plot/per-app.ts';
import { createRateBins, type RateBins, ratesKept } from './rate-bins.ts';

/** The bins of the network that runs; null before the first. */
export const rateBinsOf = perApp((app: App): { current: RateBins | null } => {
  const store: { current: RateBins | null } = { current: null };
  const begin = ({ populations, dtMs }: NetworkInfo): void => {
    store.current = createRateBins(
      populations.length,
      rateBinMs(dtMs),
      ratesKept(populations.length),
    );
  };
  const info = app.session.info.peek();
  if (info) begin(info);
  app.session.onRestart(begin);
  app.session.onProgress(({ firstBin, rateCounts }) => store.current?.set(firstBin, rateCounts));
  return store;
});

export const collect = (app: App): void => {
  rateBinsOf(app);
};
