/** Marks of picked neurons over the raster: a line along their row, and a triangle at either end. */
import type { RasterView } from '../../simulation/protocol.ts';
import { linesOf } from '../../simulation/raster/layout.ts';

/** Rows that get a line, and that get triangles; more would hide the picture. */
const MOST_LINES = 8;
const MOST_TRIANGLES = 40;

export function drawMarks(
  canvas: HTMLCanvasElement,
  view: RasterView,
  picked: Uint32Array,
  colour: string,
): void {
  if (canvas.width !== view.width || canvas.height !== view.height) {
    canvas.width = view.width;
    canvas.height = view.height;
  }
  const context = canvas.getContext('2d');
  if (!context) return;
  const { width, height, pixelRatio } = view;
  context.clearRect(0, 0, width, height);
  context.fillStyle = colour;
  const middles = new Set<number>();
  for (const neuron of picked) {
    const lines = linesOf(view.bands, neuron, pixelRatio);
    if (lines) middles.add(Math.round(lines[0] + lines[1] / 2));
  }
  const size = 5 * pixelRatio;
  for (const middle of middles) {
    if (middles.size <= MOST_LINES) {
      context.globalAlpha = 0.55;
      context.fillRect(0, middle - Math.round(pixelRatio / 2), width, Math.round(pixelRatio));
      context.globalAlpha = 1;
    }
    for (const [edge, inward] of [
      [0, size],
      [width, -size],
    ] as const) {
      if (middles.size > MOST_TRIANGLES) {
        context.fillRect(edge, middle - pixelRatio, inward, 2 * pixelRatio);
        continue;
      }
      context.beginPath();
      context.moveTo(edge, middle - size);
      context.lineTo(edge + 1.6 * inward, middle);
      context.lineTo(edge, middle + size);
      context.fill();
    }
  }
}
