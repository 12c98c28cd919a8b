/**
 * The live raster where there is no WebGPU: spike density in a ring of pixel columns, painted on a 2-D canvas. A frame
 * costs the new spikes and the pixels, not the spikes that are stored.
 */
import type { RasterView } from '../protocol.ts';
import { rowTable } from './layout.ts';
import type { LiveRaster } from './raster.ts';

export function createCanvasRaster(
  canvas: OffscreenCanvas,
  first: RasterView,
  dtMs: number,
): LiveRaster {
  const context = canvas.getContext('2d', { alpha: false });
  if (!context) throw new Error('internal: no 2-D canvas');
  let view = first;
  let rowOf = rowTable(view.bands);
  let counts = new Uint16Array(0);
  let image = context.createImageData(1, 1);
  let colours = new Uint8Array(0);
  let stepsPerColumn = 1;
  let head = -1;
  let dirtyFrom = 0;

  const begin = (next: RasterView): void => {
    view = next;
    const { width, height } = view;
    canvas.width = width;
    canvas.height = height;
    rowOf = rowTable(view.bands);
    counts = new Uint16Array(width * height);
    image = context.createImageData(width, height);
    colours = new Uint8Array(height * 3);
    for (const { top, height: rows, rgb } of view.bands) {
      for (let row = top; row < Math.min(height, top + rows); row++) colours.set(rgb, row * 3);
    }
    const windowMs = view.window.follow ? view.window.windowMs : 1000;
    stepsPerColumn = Math.max(1, Math.round(windowMs / dtMs / width));
    head = -1;
    dirtyFrom = 0;
    for (let column = 0; column < width; column++) paintColumn(column);
  };

  const paintColumn = (column: number): void => {
    const { width, height, background } = view;
    for (let row = 0; row < height; row++) {
      const count = counts[row * width + column] as number;
      const at = (row * width + column) * 4;
      const light = count === 0 ? 0 : 1 - 0.25 ** count;
      for (let channel = 0; channel < 3; channel++) {
        const from = background[channel] as number;
        const to = colours[row * 3 + channel] as number;
        image.data[at + channel] = from + (to - from) * light;
      }
      image.data[at + 3] = 255;
    }
  };

  const advanceTo = (column: number): void => {
    const { width, height } = view;
    for (let fresh = Math.max(head + 1, column - width + 1); fresh <= column; fresh++) {
      const place = fresh % width;
      for (let row = 0; row < height; row++) counts[row * width + place] = 0;
    }
    head = Math.max(head, column);
  };

  begin(first);
  return {
    setView: begin,
    add(steps, neurons) {
      const { width, height } = view;
      for (let k = 0; k < steps.length; k++) {
        const column = Math.floor((steps[k] as number) / stepsPerColumn);
        if (column > head) advanceTo(column);
        if (column <= head - width) continue;
        const top = rowOf[neurons[k] as number] as number;
        for (const row of [top, Math.min(height - 1, top + 1)]) {
          const cell = row * width + (column % width);
          counts[cell] = Math.min(65535, (counts[cell] as number) + 1);
        }
        dirtyFrom = Math.min(dirtyFrom, column);
      }
    },
    draw(step) {
      const { width, height } = view;
      const now = Math.floor(Math.max(0, step - 1) / stepsPerColumn);
      if (now > head) advanceTo(now);
      for (let column = Math.max(dirtyFrom, head - width + 1, 0); column <= head; column++) {
        paintColumn(column % width);
      }
      dirtyFrom = head;
      const split = (head + 1) % width;
      if (head < width) context.putImageData(image, 0, 0);
      else {
        context.putImageData(image, -split, 0, split, 0, width - split, height);
        context.putImageData(image, width - split, 0, 0, 0, split, height);
      }
      const firstColumn = Math.max(0, head - width + 1);
      const fromMs = firstColumn * stepsPerColumn * dtMs;
      return { fromMs, toMs: fromMs + width * stepsPerColumn * dtMs, mode: 'density' };
    },
    destroy: () => undefined,
  };
}
