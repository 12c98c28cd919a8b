/** Rates of a run in a sentence, for those who do not see the raster. */
import type { PopulationInfo, Progress } from '../../simulation/protocol.ts';
import { rateBinMs } from '../../simulation/protocol.ts';

/** Named one by one at most. */
const MOST_NAMES = 8;

export interface RateSummary {
  add(progress: Pick<Progress, 'rateCounts' | 'firstBin'>): void;
  /** Mean rates since the last call; '' where nothing was simulated. */
  take(): string;
}

export function createRateSummary(
  populations: readonly PopulationInfo[],
  dtMs: number,
): RateSummary {
  const count = populations.length;
  const spikes = new Float64Array(count);
  let bins = 0;
  /** The first bin that is not counted yet. */
  let next = -1;
  return {
    add({ rateCounts, firstBin }) {
      // The newest bin still fills: it comes again.
      const complete = rateCounts.length / count - 1;
      for (let bin = Math.max(0, next - firstBin); bin < complete; bin++) {
        for (let k = 0; k < count; k++) {
          spikes[k] = (spikes[k] as number) + (rateCounts[bin * count + k] as number);
        }
        bins++;
      }
      next = Math.max(next, firstBin + complete);
    },
    take() {
      if (bins === 0) return '';
      const seconds = (bins * rateBinMs(dtMs)) / 1000;
      const rates = populations.map(({ name, size }, k) => ({
        name,
        text: ((spikes[k] as number) / size / seconds).toFixed(1),
      }));
      spikes.fill(0);
      bins = 0;
      const named = rates.slice(0, MOST_NAMES).map(({ name, text }) => `${name} ${text}`);
      const more = count > MOST_NAMES ? `, and ${count - MOST_NAMES} more populations` : '';
      return `Spikes per second and neuron: ${named.join(', ')}${more}.`;
    },
  };
}
