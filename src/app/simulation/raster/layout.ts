/** Where neurons are in the raster: a band per population, a row per neuron or group of neurons. Pure arithmetic. */
import type { RasterBand } from '../protocol.ts';

const GAP = 3;

/**
 * Bands fill `height` device pixels from the top; heights follow square roots of sizes, which keep a thousand neurons
 * visible beside twenty thousand, and small populations keep at least a few rows.
 */
export function layoutBands(
  populations: readonly { readonly name: string; readonly size: number; readonly first: number }[],
  rgb: readonly (readonly [number, number, number])[],
  height: number,
): RasterBand[] {
  const count = populations.length;
  const free = height - GAP * (count - 1);
  const least = Math.max(2, Math.min(14, Math.floor(free / count)));
  const shares = populations.map((population) => Math.sqrt(population.size));
  const sum = shares.reduce((a, b) => a + b, 0);
  const spare = Math.max(0, free - least * count);
  let top = 0;
  return populations.map(({ name, size, first }, index) => {
    const isLast = index === count - 1;
    const rows = least + Math.floor((spare * (shares[index] as number)) / sum);
    const band: RasterBand = {
      population: name,
      first,
      size,
      top,
      height: isLast ? Math.max(least, height - top) : rows,
      rgb: rgb[index] ?? [128, 128, 128],
    };
    top += band.height + GAP;
    return band;
  });
}

/** Row of every neuron, by global number. */
export function rowTable(bands: readonly RasterBand[]): Uint16Array {
  const neurons = bands.reduce((most, { first, size }) => Math.max(most, first + size), 0);
  const rows = new Uint16Array(neurons);
  for (const { first, size, top, height } of bands) {
    for (let k = 0; k < size; k++) rows[first + k] = top + Math.floor((k * (height - 1)) / size);
  }
  return rows;
}

/** The neuron at a row, global number; null between bands. */
export function neuronAt(bands: readonly RasterBand[], row: number): number | null {
  for (const { first, size, top, height } of bands) {
    if (row < top || row >= top + height) continue;
    return first + Math.min(size - 1, Math.floor(((row - top) * size) / Math.max(1, height - 1)));
  }
  return null;
}
