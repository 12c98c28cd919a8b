/**
 * The raster of a simulation worker: which painter draws it, when, and what happens when the canvas or the GPU changes.
 * It never stops a run: whatever goes wrong with the GPU, the raster goes on on a 2-D canvas.
 */
import type { RasterView, SimulationEvents } from '../protocol.ts';
import { createCanvasPainter } from './canvas-painter.ts';
import { canvasSurface, createGpuPainter } from './gpu-painter.ts';
import { createLiveRaster } from './live-raster.ts';
import type { LiveRaster, Painter, SpikeSource } from './raster.ts';

/** Frames are not drawn closer than this, ms: no screen shows more. */
const LEAST_MS = 12;
/** Until something that waits or fades is drawn again, ms. */
const FRAME_MS = 16;

/** A device of the raster's own, and what canvases want. */
export interface RasterGpu {
  readonly device: GPUDevice;
  readonly format: GPUTextureFormat;
}

export interface RasterHost {
  /** Draws there from now on. */
  attach(canvas: OffscreenCanvas, view: RasterView): Promise<void>;
  setView(view: RasterView): void;
  /** Something was simulated. */
  frame(): void;
  destroy(): void;
}

export interface RasterHostOptions {
  readonly source: SpikeSource;
  readonly dtMs: number;
  /** Steps done. */
  readonly step: () => number;
  /** The GPU to draw with; null draws without. Asked for once, when there is a canvas. */
  readonly requestGpu: () => Promise<RasterGpu | null>;
  readonly onDrawn: (drawn: SimulationEvents['drawn']) => void;
  /** The canvas can no longer be drawn on: the page is to give another one. */
  readonly onCanvasLost: (reason: string) => void;
  /** Makes painters; tests put their own. */
  readonly paintWith?: {
    gpu(gpu: RasterGpu, canvas: OffscreenCanvas): Promise<Painter>;
    canvas(canvas: OffscreenCanvas, source: SpikeSource): Painter;
  };
}

const PAINTERS: NonNullable<RasterHostOptions['paintWith']> = {
  gpu: ({ device, format }, canvas) =>
    createGpuPainter(device, canvasSurface(canvas, device, format)),
  canvas: createCanvasPainter,
};

export function createRasterHost(options: RasterHostOptions): RasterHost {
  const { source, dtMs, step, onDrawn, onCanvasLost, paintWith = PAINTERS } = options;
  let raster: LiveRaster | null = null;
  let painter: Painter | null = null;
  let onGpu = false;
  let view: RasterView | null = null;
  /** undefined until it was asked for. */
  let gpu: RasterGpu | null | undefined;
  let attached = 0;
  let drawnAt = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let isDestroyed = false;

  const forget = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    raster?.destroy();
    raster = painter = null;
  };
  /** The GPU is of no more use; whoever draws with it needs another canvas. */
  const giveUpGpu = (reason: string): void => {
    if (!gpu || isDestroyed) return;
    const { device } = gpu;
    gpu = null;
    forget();
    device.destroy();
    onCanvasLost(reason);
  };

  async function takeGpu(): Promise<RasterGpu | null> {
    if (gpu !== undefined) return gpu;
    const found = await options.requestGpu().catch(() => null);
    if (gpu !== undefined || isDestroyed) {
      found?.device.destroy();
      return gpu ?? null;
    }
    gpu = found;
    found?.device.lost.then(({ message }) => giveUpGpu(message));
    found?.device.addEventListener('uncapturederror', ({ error }) => giveUpGpu(error.message));
    return found;
  }

  const draw = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (!raster || !painter) return;
    if (painter.isBusy) {
      later();
      return;
    }
    const began = performance.now();
    drawnAt = began;
    const { shown, isSettled } = raster.draw(step());
    onDrawn({ ...shown, onGpu, frameMs: performance.now() - began });
    if (!isSettled) later();
  };
  const later = (): void => {
    timer ??= setTimeout(draw, FRAME_MS);
  };
  const frame = (): void => {
    if (performance.now() - drawnAt < LEAST_MS) later();
    else draw();
  };

  return {
    async attach(canvas, first) {
      const turn = ++attached;
      view = first;
      const found = await takeGpu();
      const isLate = (): boolean => turn !== attached || isDestroyed;
      if (isLate()) return;
      let made: Painter | null = null;
      if (found) {
        try {
          made = await paintWith.gpu(found, canvas);
        } catch (error) {
          // The canvas may be taken for WebGPU already.
          giveUpGpu(error instanceof Error ? error.message : String(error));
          return;
        }
        if (isLate() || gpu === null) {
          made.destroy();
          return;
        }
      }
      forget();
      onGpu = made !== null;
      painter = made ?? paintWith.canvas(canvas, source);
      raster = createLiveRaster(
        { source, painter, dtMs, now: () => performance.now() },
        view as RasterView,
      );
      draw();
    },
    setView(next) {
      view = next;
      raster?.setView(next);
      frame();
    },
    frame,
    destroy() {
      isDestroyed = true;
      forget();
      gpu?.device.destroy();
    },
  };
}
