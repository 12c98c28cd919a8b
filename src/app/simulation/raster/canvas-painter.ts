/**
 * Paints the raster on a 2-D canvas, where there is no GPU to do it. Columns of the density are painted again only when
 * their spikes changed, and then copied as a whole; ticks are painted in every frame.
 */
import type { RasterView } from '../protocol.ts';
import type { Columns } from './columns.ts';
import type { RasterRows } from './layout.ts';
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
} from './pixels.ts';
import type { Painter, Picture, SpikeSource } from './raster.ts';

interface Layer {
  readonly density: Density;
  readonly image: ImageData;
  readonly canvas: OffscreenCanvas;
  readonly context: OffscreenCanvasRenderingContext2D;
  /** Slots that have changed since they were painted. */
  readonly changed: Uint8Array;
  /** With which exposure they were painted. */
  exposure: number;
}

export function createCanvasPainter(canvas: OffscreenCanvas, source: SpikeSource): Painter {
  const context = contextOf(canvas);
  let view: RasterView;
  let rows: RasterRows;
  let palettes: Palettes = [];
  let shown: Layer | null = null;
  let behind: Layer | null = null;
  let ticks: Omit<Layer, 'density' | 'changed' | 'exposure'> | null = null;

  const layerOf = (columns: Columns): Layer => {
    const density = createDensity(columns, rows, view.height);
    return {
      density,
      ...imageOf(density.pixels, columns.count, view.height),
      changed: new Uint8Array(columns.count).fill(1),
      exposure: 0,
    };
  };

  /** Brings the pixels of a layer up to date: the changed columns, in runs. */
  const refresh = (layer: Layer, exposure: number): void => {
    const { density, changed, image } = layer;
    if (layer.exposure !== exposure) changed.fill(1);
    layer.exposure = exposure;
    for (let slot = 0; slot < changed.length; slot++) {
      if (changed[slot] === 0) continue;
      let end = slot + 1;
      while (end < changed.length && changed[end] === 1) end++;
      paintColumns(density, rows, palettes, exposure, slot, end - slot);
      layer.context.putImageData(image, 0, 0, slot, 0, end - slot, view.height);
      slot = end;
    }
    changed.fill(0);
  };

  const paintTickLayer = (picture: Picture): OffscreenCanvas => {
    if (ticks === null) {
      const pixels = new Uint32Array(view.width * view.height);
      ticks = imageOf(pixels, view.width, view.height);
    }
    const pixels = new Uint32Array(ticks.image.data.buffer);
    paintGround(pixels, palettes, view.width);
    const { from, stepsPerPixel, firstSpike, endSpike } = picture;
    const tick = tickWidth(stepsPerPixel, view.pixelRatio);
    const place = { from, stepsPerPixel, width: view.width, tick };
    for (const slice of source.numbered(firstSpike, endSpike)) {
      paintTicks(pixels, rows, palettes, slice, place);
    }
    ticks.context.putImageData(ticks.image, 0, 0);
    return ticks.canvas;
  };

  return {
    mostTicks: 1 << 20,
    resize(next, nextRows) {
      view = next;
      rows = nextRows;
      canvas.width = view.width;
      canvas.height = view.height;
      palettes = palettesOf(rows);
      shown = behind = ticks = null;
    },
    begin(columns) {
      behind = layerOf(columns);
    },
    show() {
      shown = behind ?? shown;
      behind = null;
    },
    clear(firstSlot, count) {
      const { density, changed } = (behind ?? shown) as Layer;
      density.counts.fill(0, firstSlot * rows.count, (firstSlot + count) * rows.count);
      changed.fill(1, firstSlot, firstSlot + count);
    },
    add(_first, slices) {
      const { density, changed } = (behind ?? shown) as Layer;
      for (const slice of slices) countSpikes(density, rows, slice, changed);
    },
    paint(picture) {
      const layer = shown as Layer;
      context.imageSmoothingEnabled = false;
      if (picture.density > 0) {
        refresh(layer, picture.exposure);
        drawGround(context, view, picture);
        drawColumns(context, layer.canvas, layer.density.columns.count, picture, view);
      }
      if (picture.ticks > 0) {
        context.globalAlpha = picture.ticks;
        context.drawImage(paintTickLayer(picture), 0, 0);
        context.globalAlpha = 1;
      }
    },
    isBusy: false,
    destroy() {
      shown = behind = ticks = null;
      canvas.width = canvas.height = 1;
    },
  };
}

function contextOf(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
  const context = canvas.getContext('2d', { alpha: false, willReadFrequently: true });
  if (!context) throw new Error('internal: no 2-D canvas');
  return context;
}

function imageOf(
  pixels: Uint32Array,
  width: number,
  height: number,
): { image: ImageData; canvas: OffscreenCanvas; context: OffscreenCanvasRenderingContext2D } {
  const bytes = new Uint8ClampedArray(pixels.buffer as ArrayBuffer);
  const canvas = new OffscreenCanvas(width, height);
  return { image: new ImageData(bytes, width, height), canvas, context: contextOf(canvas) };
}

/** What lies outside of the density while a window that was moved is being counted. */
function drawGround(
  context: OffscreenCanvasRenderingContext2D,
  { width, height, background }: RasterView,
  { columnScale, columnFrom }: Picture,
): void {
  if (columnScale === 1 && columnFrom === 0) return;
  context.fillStyle = `rgb(${background.join()})`;
  context.fillRect(0, 0, width, height);
}

/** The ring unrolled: from its first slot to its end, then from its begin. */
function drawColumns(
  context: OffscreenCanvasRenderingContext2D,
  canvas: OffscreenCanvas,
  count: number,
  { firstSlot, columnScale, columnFrom }: Picture,
  { height }: RasterView,
): void {
  const parts = [
    { slot: firstSlot, column: 0, some: count - firstSlot },
    { slot: 0, column: count - firstSlot, some: firstSlot },
  ];
  for (const { slot, column, some } of parts) {
    if (some === 0) continue;
    const left = Math.round((column - columnFrom) / columnScale);
    const right = Math.round((column + some - columnFrom) / columnScale);
    context.drawImage(canvas, slot, 0, some, height, left, 0, Math.max(1, right - left), height);
  }
}
