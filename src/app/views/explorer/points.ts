/** Spikes as points of a scatter plot: time to x, rows of the raster to y, populations as categories. Pure. */
import type { PopulationInfo } from '../../simulation/protocol.ts';
import { layoutBands } from '../../simulation/raster/layout.ts';
import type { TimeWindow } from '../../state/app.ts';

/** Points between -1 and 1. */
export interface SpikePoints {
  readonly x: Float32Array;
  /** The first neuron on top, bands as in the raster. */
  readonly y: Float32Array;
  /** Index of the population. */
  readonly z: Uint16Array;
}

/** What y stands for: lines of a picture so high that no two neurons share one by rounding alone. */
export const LINES = 4096;

export const explorerBands = (populations: readonly PopulationInfo[]) =>
  layoutBands(populations, [], LINES);

export function pointsOf(
  populations: readonly PopulationInfo[],
  dtMs: number,
  { fromMs, toMs }: TimeWindow,
  steps: Uint32Array,
  neurons: Uint32Array,
): SpikePoints {
  const count = steps.length;
  const x = new Float32Array(count);
  const y = new Float32Array(count);
  const z = new Uint16Array(count);
  const { rows, kinds } = rowsOf(populations);
  for (let k = 0; k < count; k++) {
    const neuron = neurons[k] as number;
    x[k] = (2 * ((steps[k] as number) * dtMs - fromMs)) / (toMs - fromMs) - 1;
    y[k] = rows[neuron] as number;
    z[k] = kinds[neuron] as number;
  }
  return { x, y, z };
}

/** Height and population of every neuron. */
function rowsOf(populations: readonly PopulationInfo[]): {
  rows: Float32Array;
  kinds: Uint16Array;
} {
  const neurons = populations.reduce((most, { first, size }) => Math.max(most, first + size), 0);
  const rows = new Float32Array(neurons);
  const kinds = new Uint16Array(neurons);
  explorerBands(populations).forEach(({ first, size, top, height }, index) => {
    for (let k = 0; k < size; k++) {
      rows[first + k] = 1 - (2 * (top + ((k + 0.5) / size) * height)) / LINES;
      kinds[first + k] = index;
    }
  });
  return { rows, kinds };
}

/** Numbers that occur, ascending, each once. */
export const distinct = (numbers: Uint32Array): Uint32Array =>
  Uint32Array.from(new Set(numbers)).sort();
