/**
 * Synchrony of populations: variance of their spike count per bin over the sum of the variances of their neurons' own
 * counts. 1 for independent neurons however regular they are, n for n neurons that spike together; the larger the share
 * of spikes that come in volleys of at most a bin, the larger. Pure.
 */
import type { StepRange } from './protocol.ts';
import { NOBODY, type Selection } from './selection.ts';
import type { SpikeSlice } from './spike-log.ts';

/** Width of a bin, ms (at least one step); wider for ranges of more bins than MOST_BINS. */
export const SYNCHRONY_BIN_MS = 5;
const MOST_BINS = 1 << 20;

/** By population of the selection; null where nothing varies or there are fewer than two bins. */
export function synchronyOf(
  spikes: readonly SpikeSlice[],
  { populations, ownerOf }: Selection,
  range: StepRange,
  dtMs: number,
): (number | null)[] {
  const length = range.to - range.from;
  const usual = Math.max(1, Math.round(SYNCHRONY_BIN_MS / dtMs));
  const binSteps = usual * Math.max(1, Math.ceil(length / usual / MOST_BINS));
  const bins = Math.floor(length / binSteps);
  if (bins < 2) return populations.map(() => null);
  const counts = populations.map(() => new Uint32Array(bins));
  // Of each neuron: the bin of its last spike, spikes in that bin so far, all spikes, squares of finished bins.
  const bin = new Uint32Array(ownerOf.length);
  const inBin = new Uint32Array(ownerOf.length);
  const total = new Uint32Array(ownerOf.length);
  const squares = new Float64Array(ownerOf.length);
  for (const { steps, neurons } of spikes) {
    for (let k = 0; k < steps.length; k++) {
      const neuron = neurons[k] as number;
      const owner = ownerOf[neuron] as number;
      const now = Math.floor(((steps[k] as number) - range.from) / binSteps);
      if (owner === NOBODY || now >= bins) continue;
      const own = counts[owner] as Uint32Array;
      own[now] = (own[now] as number) + 1;
      total[neuron] = (total[neuron] as number) + 1;
      const before = inBin[neuron] as number;
      if (bin[neuron] === now) {
        inBin[neuron] = before + 1;
        continue;
      }
      squares[neuron] = (squares[neuron] as number) + before * before;
      bin[neuron] = now;
      inBin[neuron] = 1;
    }
  }
  return populations.map(({ population }, owner) => {
    let independent = 0;
    for (let k = population.first; k < population.first + population.size; k++) {
      if (ownerOf[k] !== owner) continue;
      const ofBins = (squares[k] as number) + (inBin[k] as number) ** 2;
      independent += ofBins / bins - ((total[k] as number) / bins) ** 2;
    }
    const together = varianceOf(counts[owner] as Uint32Array);
    return independent > 0 ? together / independent : null;
  });
}

function varianceOf(counts: Uint32Array): number {
  let sum = 0;
  let squares = 0;
  for (const count of counts) {
    sum += count;
    squares += count * count;
  }
  return squares / counts.length - (sum / counts.length) ** 2;
}
