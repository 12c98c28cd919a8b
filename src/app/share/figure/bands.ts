/** Rows of a figure's raster: where each population lies, and where a neuron in it. Pure. */
import type { FigurePopulation } from './data.ts';

export interface Band {
  readonly top: number;
  readonly height: number;
}

/** Share of the height that the smallest population gets, so that its name can stand beside it. */
const LEAST_SHARE = 0.07;

/** Heights in proportion to sizes, none below LEAST_SHARE where there is room; `gap` between them. */
export function bandsOf(
  populations: readonly FigurePopulation[],
  height: number,
  gap: number,
): Band[] {
  const count = Math.max(1, populations.length);
  const room = Math.max(1, height - gap * (count - 1));
  const least = Math.min(LEAST_SHARE, 0.8 / count);
  const total = populations.reduce((sum, { size }) => sum + Math.max(1, size), 0);
  const shares = populations.map(({ size }) => Math.max(least, Math.max(1, size) / total));
  const sum = shares.reduce((a, b) => a + b, 0);
  let top = 0;
  return shares.map((share) => {
    const band = { top, height: (share / sum) * room };
    top += band.height + gap;
    return band;
  });
}
