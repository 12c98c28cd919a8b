/** What a lesson sees of the running page: rates as they come, statistics and values when a check asks for them. */
import { paramsOf } from '../build/edits/set.ts';
import { type Progress, RATE_BIN_MS, rateBinMs } from '../simulation/protocol.ts';
import type { App } from '../state/app.ts';
import type { Watch } from './lesson.ts';
import { numberIn } from './quantities.ts';

export interface LiveWatch extends Watch {
  end(): void;
}

/** Bins of about a second. */
const BINS = Math.round(1000 / RATE_BIN_MS);

export function watchApp(app: App): LiveWatch {
  const { session } = app;
  const notes = new Map<string, number>();
  /** Counts of the last second by [bin][population], as a ring by bin number. */
  let counts = new Uint32Array(0);
  let populations = 0;
  let newest = -1;

  const begin = (): void => {
    populations = session.info.value?.populations.length ?? 0;
    counts = new Uint32Array(BINS * populations);
    newest = -1;
  };
  const take = ({ firstBin, rateCounts }: Progress): void => {
    const bins = rateCounts.length / Math.max(1, populations);
    for (let bin = 0; bin < bins; bin++) {
      const place = ((firstBin + bin) % BINS) * populations;
      counts.set(rateCounts.subarray(bin * populations, (bin + 1) * populations), place);
    }
    newest = firstBin + bins - 1;
  };
  begin();
  const ends = [session.onRestart(begin), session.onProgress(take)];

  const lastSteps = (ms: number): { from: number; to: number } => {
    const { step } = session.run.value;
    const dtMs = session.info.value?.dtMs ?? 1;
    return { from: Math.max(0, step - Math.round(ms / dtMs)), to: step };
  };

  return {
    get timeMs() {
      return session.run.value.timeMs;
    },
    get isRunning() {
      return session.phase.value === 'running';
    },
    get panel() {
      return app.project.value.view.panel;
    },
    parameter(owner, name, unit) {
      const { document } = app.project.value;
      if (document === null) return Number.NaN;
      const kind =
        owner === ''
          ? 'network'
          : document.populations.some((one) => one.name === owner)
            ? 'population'
            : 'projection';
      const value = paramsOf(document, kind, owner)[name];
      return value === undefined ? Number.NaN : numberIn(value, unit);
    },
    rateHz(population) {
      const index = session.info.value?.populations.findIndex(({ name }) => name === population);
      const size = session.info.value?.populations[index ?? -1]?.size;
      if (index === undefined || size === undefined || newest < 1) return 0;
      // The newest bin is still filling; a run that is younger than a second is looked at as long as it is.
      const bins = Math.min(BINS - 1, newest);
      let sum = 0;
      for (let bin = newest - bins; bin < newest; bin++) {
        sum += counts[(bin % BINS) * populations + index] ?? 0;
      }
      const binMs = rateBinMs(session.info.value?.dtMs ?? RATE_BIN_MS);
      return sum / (size * ((bins * binMs) / 1000));
    },
    async cv(population) {
      const all = await session.call('statistics', [{ range: lastSteps(2000) }]);
      return all.find((one) => one.population === population)?.cv ?? null;
    },
    async mean(owner, variable, unit) {
      const values = await session.call('values', [
        owner,
        variable,
        ...(unit === undefined ? [] : [unit]),
      ] as never);
      return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
    },
    noted(name, value) {
      const before = notes.get(name);
      if (before === undefined) notes.set(name, value);
      return before ?? value;
    },
    end() {
      for (const end of ends) end();
    },
  };
}

/** A check that a worker cannot answer (it was replaced, or has no such variable) is not done. */
export const isDone = async (check: () => boolean | Promise<boolean>): Promise<boolean> => {
  try {
    return await check();
  } catch {
    return false;
  }
};
