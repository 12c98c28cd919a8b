/** The raster of the GPU paints what the one without a GPU paints: same spikes, same views, pixel for pixel. */
import { expect, it } from 'vitest';
import type { RasterView } from '../../../../src/app/simulation/protocol.ts';
import {
  createGpuPainter,
  RING,
  type Surface,
} from '../../../../src/app/simulation/raster/gpu-painter.ts';
import { createLiveRaster } from '../../../../src/app/simulation/raster/live-raster.ts';
import { createSpikeLog } from '../../../../src/app/simulation/spike-log.ts';
import { describeGpu } from '../../../support/gpu.ts';
import { arrayPainter, spikesOf, viewOf } from './view.ts';

const COPY_SOURCE = 1;
const RENDER = 16;

/** A texture to paint on, and its pixels as RGBA words. */
function textureSurface(device: GPUDevice): Surface & { read(): Promise<Uint32Array> } {
  let texture: GPUTexture | null = null;
  return {
    format: 'rgba8unorm',
    resize(width, height) {
      texture?.destroy();
      texture = device.createTexture({
        size: [width, height],
        format: 'rgba8unorm',
        usage: COPY_SOURCE | RENDER,
      });
    },
    texture: () => texture as GPUTexture,
    destroy: () => texture?.destroy(),
    async read() {
      const { width, height } = texture as GPUTexture;
      const bytesPerRow = Math.ceil((4 * width) / 256) * 256;
      const staging = device.createBuffer({ size: bytesPerRow * height, usage: 1 | 8 });
      const encoder = device.createCommandEncoder();
      encoder.copyTextureToBuffer(
        { texture: texture as GPUTexture },
        { buffer: staging, bytesPerRow },
        [width, height],
      );
      device.queue.submit([encoder.finish()]);
      await staging.mapAsync(1);
      const padded = new Uint32Array(staging.getMappedRange());
      const pixels = new Uint32Array(width * height);
      for (let line = 0; line < height; line++) {
        const from = (line * bytesPerRow) / 4;
        pixels.set(padded.subarray(from, from + width), line * width);
      }
      staging.destroy();
      return pixels;
    },
  };
}

/** Largest difference of a channel. */
function difference(one: Uint32Array, other: Uint32Array): number {
  let most = 0;
  for (let k = 0; k < one.length; k++) {
    for (const shift of [0, 8, 16, 24]) {
      const a = ((one[k] as number) >>> shift) & 255;
      const b = ((other[k] as number) >>> shift) & 255;
      most = Math.max(most, Math.abs(a - b));
    }
  }
  return most;
}

/** Half a level of 128 levels of brightness, and half a step of the table of tones: 1 + 1.2 of 255, and rounding. */
const LEVEL = 4;

describeGpu('the raster on the GPU', (device) => {
  async function both(first: RasterView, capacity?: number) {
    const source = createSpikeLog(capacity);
    const surface = textureSurface(device);
    const gpu = await createGpuPainter(device, surface);
    const array = arrayPainter(source);
    const options = { source, dtMs: 0.1, now: () => 0 };
    const rasters = [
      createLiveRaster({ ...options, painter: gpu }, first),
      createLiveRaster({ ...options, painter: array }, first),
    ];
    return {
      source,
      setView(view: RasterView) {
        for (const raster of rasters) raster.setView(view);
      },
      async compare(step: number, most: number, mode: 'density' | 'ticks') {
        for (const raster of rasters) {
          let drawn = raster.draw(step);
          for (let frame = 0; !drawn.isSettled && frame < 50; frame++) drawn = raster.draw(step);
          expect(drawn.isSettled).toBe(true);
          expect(drawn.shown.mode).toBe(mode);
        }
        const pixels = array.picture();
        expect(new Set(pixels).size).toBeGreaterThanOrEqual(mode === 'density' ? 6 : 2);
        expect(difference(await surface.read(), pixels)).toBeLessThanOrEqual(most);
      },
      destroy: () => gpu.destroy(),
    };
  }

  it('density that follows the run, in frames', async () => {
    const { source, compare, destroy } = await both(
      viewOf([300, 40], { follow: true, windowMs: 170, turnsPages: false }),
    );
    for (let step = 0; step < 5000; step += 500) {
      const { steps, ids } = spikesOf(step, step + 500, 7, 340);
      source.add(steps, ids);
      await compare(step + 500, LEVEL, 'density');
    }
    destroy();
  });

  it('ticks of few and of many neurons, exactly', async () => {
    for (const sizes of [[3], [2000, 500]]) {
      const view = viewOf(sizes, { follow: true, windowMs: 100, turnsPages: false });
      const { source, compare, setView, destroy } = await both(view);
      const { steps, ids } = spikesOf(0, 1900, 1, sizes[0] as number);
      source.add(steps, ids);
      await compare(1900, 1, 'ticks');
      setView(viewOf(sizes, { follow: false, fromMs: 101.23, toMs: 111.17 }));
      await compare(1900, 1, 'ticks');
      setView(viewOf(sizes, { follow: false, fromMs: 30, toMs: 90 }, { width: 333, height: 120 }));
      await compare(1900, 1, 'ticks');
      destroy();
    }
  });

  it('pages, and windows zoomed between steps, after a long run', async () => {
    const sizes = [1000, 200];
    const late = 3_000_000_000;
    const page = { follow: true, windowMs: 100, turnsPages: true } as const;
    const { source, compare, setView, destroy } = await both(viewOf(sizes, page));
    const { steps, ids } = spikesOf(late, late + 1500, 5, 1200);
    source.add(steps, ids);
    await compare(late + 1500, LEVEL, 'density');
    const fromMs = late / 10 + 12.34;
    setView(viewOf(sizes, { follow: false, fromMs, toMs: fromMs + 100 }));
    await compare(late + 1500, LEVEL, 'density');
    destroy();
  });

  it('more spikes than its ring holds', async () => {
    const sizes = [50_000];
    const view = viewOf(sizes, { follow: false, fromMs: 0, toMs: 400 });
    const { source, compare, setView, destroy } = await both(view);
    const { steps, ids } = spikesOf(0, 4000, 400, 50_000);
    expect(steps.length).toBeGreaterThan(RING);
    source.add(steps, ids);
    await compare(4000, LEVEL, 'density');
    // From the middle, across the end of the ring.
    setView(viewOf(sizes, { follow: false, fromMs: 262, toMs: 262.3 }));
    await compare(4000, 1, 'ticks');
    destroy();
  });
});
