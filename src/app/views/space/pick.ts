/** Which neuron is under the pointer. Looks at every point that is shown: a few nanoseconds each. */
import { type Lens, project } from './camera.ts';
import type { Cloud } from './cloud.ts';

/**
 * The neuron nearest to (x, y) within `reach` pixels, nearer ones to the eye first where several are as near on the
 * screen (within a pixel); -1 without any.
 */
export function pickNeuron(
  cloud: Cloud,
  lens: Lens,
  isShown: (population: number) => boolean,
  x: number,
  y: number,
  reach: number,
): number {
  let found = -1;
  let nearest = reach;
  let foundDepth = Number.NEGATIVE_INFINITY;
  const { right, up, toward, centre, pixelsPerUm, distance, width, height } = lens;
  for (const [index, { first, size, placed }] of cloud.populations.entries()) {
    if (!placed || !isShown(index)) continue;
    for (let neuron = first; neuron < first + size; neuron++) {
      // project() of camera.ts without an object per point.
      const dx = (cloud.places[3 * neuron] as number) - centre[0];
      const dy = (cloud.places[3 * neuron + 1] as number) - centre[1];
      const dz = (cloud.places[3 * neuron + 2] as number) - centre[2];
      const depth = toward[0] * dx + toward[1] * dy + toward[2] * dz;
      const scale = pixelsPerUm / Math.max(0.05, 1 - depth / distance);
      const fromX = width / 2 + scale * (right[0] * dx + right[1] * dy + right[2] * dz) - x;
      if (fromX > reach || fromX < -reach) continue;
      const fromY = height / 2 - scale * (up[0] * dx + up[1] * dy + up[2] * dz) - y;
      const away = Math.hypot(fromX, fromY);
      if (away > nearest + 1) continue;
      if (away < nearest - 1 || depth > foundDepth) {
        if (away > reach) continue;
        found = neuron;
        nearest = Math.min(nearest, away);
        foundDepth = depth;
      }
    }
  }
  return found;
}

/** Where a neuron is on the screen. */
export const placeOf = (cloud: Cloud, lens: Lens, neuron: number) =>
  project(
    lens,
    cloud.places[3 * neuron] as number,
    cloud.places[3 * neuron + 1] as number,
    cloud.places[3 * neuron + 2] as number,
  );
