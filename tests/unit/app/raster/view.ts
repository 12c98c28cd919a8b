/** Views, spikes and painters for tests of the raster. */
import type { RasterView } from '../../../../src/app/simulation/protocol.ts';
import type { Columns } from '../../../../src/app/simulation/raster/columns.ts';
import { layoutBands, type RasterRows } from '../../../../src/app/simulation/raster/layout.ts';
import {
  countSpikes,
  createDensity,
  type Density,
  type Palettes,
  paintColumns,
  paintGround,
  paintTicks,
  palettesOf,
  tickWidth,
} from '../../../../src/app/simulation/raster/pixels.ts';
import type { Painter, SpikeSource } from '../../../../src/app/simulation/raster/raster.ts';

export const WIDTH = 200;
export const HEIGHT = 90;

export function viewOf(
  sizes: readonly number[],
  window: RasterView['window'],
  change: Partial<RasterView> = {},
): RasterView {
  let first = 0;
  const populations = sizes.map((size, k) => {
    const population = { name: `p${k}`, size, first };
    first += size;
    return population;
  });
  const { width = WIDTH, height = HEIGHT } = change;
  return {
    width,
    height,
    pixelRatio: 1,
    bands: layoutBands(
      populations,
      [
        [86, 180, 233],
        [240, 128, 60],
      ],
      height,
    ),
    background: [10, 13, 17],
    isCalm: true,
    window,
    ...change,
  };
}

/** Pseudo-random spikes of steps from … to-1, `perStep` in each. */
export function spikesOf(from: number, to: number, perStep: number, neurons: number) {
  const count = (to - from) * perStep;
  const steps = new Uint32Array(count);
  const ids = new Uint32Array(count);
  for (let k = 0; k < count; k++) {
    steps[k] = from + Math.floor(k / perStep);
    // Some neurons fire much more than others.
    const draw = Math.abs(Math.sin(12.9898 * (k + 7919 * from)) * 43758.5453) % 1;
    ids[k] = Math.floor(draw ** 2 * neurons);
  }
  return { steps, ids };
}

/** The painter of canvas-painter.ts without a canvas: the last picture as pixels. */
export function arrayPainter(source: SpikeSource): Painter & { picture(): Uint32Array } {
  let view: RasterView;
  let rows: RasterRows;
  let palettes: Palettes;
  let shown: Density | null = null;
  let behind: Density | null = null;
  let pixels = new Uint32Array(0);
  return {
    mostTicks: 1 << 20,
    isBusy: false,
    resize(next, nextRows) {
      view = next;
      rows = nextRows;
      palettes = palettesOf(rows);
      shown = behind = null;
      pixels = new Uint32Array(view.width * view.height);
    },
    begin(columns: Columns) {
      behind = createDensity(columns, rows, view.height);
    },
    show() {
      shown = behind ?? shown;
      behind = null;
    },
    clear(slot, count) {
      const { counts } = (behind ?? shown) as Density;
      counts.fill(0, slot * rows.count, (slot + count) * rows.count);
    },
    add(_first, slices) {
      const density = (behind ?? shown) as Density;
      const changed = new Uint8Array(density.columns.count);
      for (const slice of slices) countSpikes(density, rows, slice, changed);
    },
    paint(picture) {
      const density = shown as Density;
      const { count } = density.columns;
      paintGround(pixels, palettes, view.width);
      if (picture.density > 0) {
        paintColumns(density, rows, palettes, picture.exposure, 0, count);
        for (let x = 0; x < view.width; x++) {
          const column = Math.floor((x + 0.5) * picture.columnScale + picture.columnFrom);
          if (column < 0 || column >= count) continue;
          const slot = (column + picture.firstSlot) % count;
          for (let line = 0; line < view.height; line++) {
            pixels[line * view.width + x] = density.pixels[line * count + slot] as number;
          }
        }
      }
      if (picture.ticks > 0) {
        const { from, stepsPerPixel } = picture;
        const tick = tickWidth(stepsPerPixel, view.pixelRatio);
        for (const slice of source.numbered(picture.firstSpike, picture.endSpike)) {
          const place = { from, stepsPerPixel, width: view.width, tick };
          paintTicks(pixels, rows, palettes, slice, place);
        }
      }
    },
    destroy: () => undefined,
    picture: () => pixels.slice(),
  };
}

/** Lines of pixels of a column of the picture that are brighter than those without spikes. */
export function litLines(pixels: Uint32Array, x: number, width = WIDTH): number[] {
  const lines: number[] = [];
  for (let line = 0; line < pixels.length / width; line++) {
    const pixel = pixels[line * width + x] as number;
    if (Math.max(pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255) > 60) lines.push(line);
  }
  return lines;
}
