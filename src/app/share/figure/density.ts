/** A raster as pixels, for more spikes than an SVG can hold: darker where more of them fall on one. Pure. */
import type { Band } from './bands.ts';
import { type FigureData, populationOf } from './data.ts';

/** Least height of a spike; they are a pixel less wide. */
const MARK_PX = 3;

/** RGBA, row by row, on white. `bands` in pixels. */
export function densityPixels(
  data: Pick<FigureData, 'fromMs' | 'toMs' | 'dtMs' | 'populations' | 'steps' | 'neurons'>,
  bands: readonly Band[],
  colours: readonly (readonly [number, number, number])[],
  width: number,
  height: number,
): Uint8ClampedArray<ArrayBuffer> {
  const counts = new Uint32Array(width * height);
  const { populations, steps, neurons, dtMs, fromMs, toMs } = data;
  const firsts = populations.map(({ first }) => first);
  const perMs = width / (toMs - fromMs);
  for (let k = 0; k < steps.length; k++) {
    const x = Math.floor(((steps[k] as number) * dtMs - fromMs) * perMs);
    if (x < 0 || x >= width) continue;
    const p = populationOf(firsts, neurons[k] as number);
    const { size, first } = populations[p] ?? { size: 1, first: 0 };
    const { top, height: tall } = bands[p] ?? { top: 0, height: 0 };
    const row = top + (((neurons[k] as number) - first) / size) * tall;
    // As high as their rows, but so that a single spike is seen.
    const from = Math.min(height - 1, Math.floor(row));
    const to = Math.min(height, Math.max(from + MARK_PX, Math.floor(row + tall / size)));
    const right = Math.min(width, x + MARK_PX - 1);
    for (let y = from; y < to; y++) {
      for (let at = x; at < right; at++) {
        counts[y * width + at] = (counts[y * width + at] as number) + 1;
      }
    }
  }
  return painted(counts, bands, colours, width, height);
}

function painted(
  counts: Uint32Array,
  bands: readonly Band[],
  colours: readonly (readonly [number, number, number])[],
  width: number,
  height: number,
): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(width * height * 4).fill(255);
  // Half of the full colour where there are as many as usual.
  let inked = 0;
  let total = 0;
  for (const count of counts) {
    if (count > 0) inked++;
    total += count;
  }
  const usual = Math.max(0.6, total / Math.max(1, inked) - 0.5);
  for (const [p, band] of bands.entries()) {
    const [red, green, blue] = colours[p] ?? [0, 0, 0];
    const last = Math.min(height, Math.ceil(band.top + band.height));
    for (let y = Math.floor(band.top); y < last; y++) {
      for (let x = 0; x < width; x++) {
        const count = counts[y * width + x] as number;
        if (count === 0) continue;
        const ink = count / (count + usual);
        const at = (y * width + x) * 4;
        pixels[at] = 255 + (red - 255) * ink;
        pixels[at + 1] = 255 + (green - 255) * ink;
        pixels[at + 2] = 255 + (blue - 255) * ink;
      }
    }
  }
  return pixels;
}
