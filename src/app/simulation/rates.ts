/** Spikes of populations counted in bins as they arrive, until they are told. Holds bins only. */
import type { StepRange } from './protocol.ts';
import type { Counted } from './selection.ts';
import type { SpikeSlice } from './spike-log.ts';

export interface RateBins {
  add(spikes: SpikeSlice): void;
  /**
   * What was counted since the last call and up to now, [bin][population]; the newest bin is still filling, and is told
   * again, fuller, next time. Where nobody asked for long, the oldest bins are left out.
   */
  take(step: number): { readonly firstBin: number; readonly rateCounts: Uint32Array };
}

/** Bins that are kept while nobody asks. */
const MOST_BINS = 1 << 14;

/** `binSteps`: steps per bin. `from`: where the run begins. */
export function createRateBins(
  populations: readonly Counted[],
  binSteps: number,
  { from }: Pick<StepRange, 'from'> = { from: 0 },
): RateBins {
  const count = populations.length;
  const neurons = populations.reduce((most, { first, size }) => Math.max(most, first + size), 0);
  const populationOf = new Uint16Array(neurons);
  for (const [index, { first, size }] of populations.entries()) {
    populationOf.fill(index, first, first + size);
  }
  let firstBin = Math.floor(from / binSteps);
  let bins = 1;
  let counts = new Uint32Array(64 * count);

  /** Makes place up to a bin; returns how many bins from the first it is. */
  const reach = (bin: number): number => {
    if (bin - firstBin >= MOST_BINS) {
      const gone = bin - firstBin + 1 - MOST_BINS / 2;
      counts.copyWithin(0, Math.min(counts.length, gone * count));
      const left = Math.max(0, bins - gone);
      counts.fill(0, left * count);
      firstBin += gone;
      bins = left;
    }
    const place = bin - firstBin;
    if ((place + 1) * count > counts.length) {
      const more = new Uint32Array(Math.max(2 * counts.length, (place + 1) * count));
      more.set(counts);
      counts = more;
    }
    bins = Math.max(bins, place + 1);
    return place;
  };

  return {
    add({ steps, neurons: ids }) {
      for (let k = 0; k < steps.length; k++) {
        const bin = Math.floor((steps[k] as number) / binSteps);
        const place = bin < firstBin + bins ? bin - firstBin : reach(bin);
        if (place < 0) continue;
        const cell = place * count + (populationOf[ids[k] as number] as number);
        counts[cell] = (counts[cell] as number) + 1;
      }
    },
    take(step) {
      const last = reach(Math.max(firstBin, Math.floor(step / binSteps)));
      const told = { firstBin, rateCounts: counts.slice(0, (last + 1) * count) };
      counts.copyWithin(0, last * count, (last + 1) * count);
      counts.fill(0, count, bins * count);
      firstBin += last;
      bins = 1;
      return told;
    },
  };
}
