/** Who draws the raster when: with a GPU, without, after one was lost; never in the way of a run. */
import { describe, expect, it, vi } from 'vitest';
import { createRasterHost, type RasterGpu } from '../../../../src/app/simulation/raster/host.ts';
import type { Painter, SpikeSource } from '../../../../src/app/simulation/raster/raster.ts';
import { createSpikeLog } from '../../../../src/app/simulation/spike-log.ts';
import { arrayPainter, viewOf } from './view.ts';

const view = viewOf([10], { follow: true, windowMs: 100, turnsPages: false });
const canvas = {} as OffscreenCanvas;

/** A device that can be lost. */
function fakeGpu() {
  let lose: (info: { message: string }) => void = () => undefined;
  const listeners: ((event: { error: Error }) => void)[] = [];
  const device = {
    lost: new Promise((resolve) => {
      lose = resolve;
    }),
    addEventListener: (_name: string, listener: (event: { error: Error }) => void) =>
      listeners.push(listener),
    destroy: vi.fn(() => lose({ message: 'destroyed' })),
  };
  const gpu = { device: device as unknown as GPUDevice, format: 'bgra8unorm' } as RasterGpu;
  return { gpu, device, lose, fail: (error: Error) => listeners[0]?.({ error }) };
}

function setUp(gpu: RasterGpu | null, gpuPainter?: () => Promise<Painter>) {
  const source = createSpikeLog();
  const used: string[] = [];
  const destroyed: string[] = [];
  const painterOf = (name: string, log: SpikeSource): Painter => {
    used.push(name);
    return { ...arrayPainter(log), destroy: () => destroyed.push(name) };
  };
  const onDrawn = vi.fn();
  const onCanvasLost = vi.fn();
  const host = createRasterHost({
    source,
    dtMs: 0.1,
    step: () => 100,
    requestGpu: async () => gpu,
    onDrawn,
    onCanvasLost,
    paintWith: {
      gpu: gpuPainter ?? (async () => painterOf('gpu', source)),
      canvas: (_canvas, log) => painterOf('canvas', log),
    },
  });
  return { host, used, destroyed, onDrawn, onCanvasLost };
}

describe('the raster of a worker', () => {
  it('draws on a 2-D canvas without a GPU, and with the GPU where there is one', async () => {
    const without = setUp(null);
    await without.host.attach(canvas, view);
    expect(without.used).toEqual(['canvas']);
    expect(without.onDrawn).toHaveBeenCalledTimes(1);
    expect(without.onDrawn.mock.calls[0]?.[0]).toMatchObject({ mode: 'ticks', fromMs: 0 });
    const { gpu, device } = fakeGpu();
    const withGpu = setUp(gpu);
    await withGpu.host.attach(canvas, view);
    expect(withGpu.used).toEqual(['gpu']);
    withGpu.host.destroy();
    expect(device.destroy).toHaveBeenCalled();
    await Promise.resolve();
    // Its own end is no loss.
    expect(withGpu.onCanvasLost).not.toHaveBeenCalled();
  });

  it.each(['lost', 'an error that nobody caught'])(
    'asks for another canvas after %s, and goes on without the GPU',
    async (how) => {
      const { gpu, lose, fail } = fakeGpu();
      const { host, used, destroyed, onDrawn, onCanvasLost } = setUp(gpu);
      await host.attach(canvas, view);
      if (how === 'lost') lose({ message: 'taken away' });
      else fail(new Error('taken away'));
      await new Promise((resolve) => setTimeout(resolve, 0));
      expect(onCanvasLost).toHaveBeenCalledExactlyOnceWith('taken away');
      expect(destroyed).toEqual(['gpu']);
      // Nothing to draw on; nothing breaks.
      host.frame();
      await host.attach(canvas, view);
      expect(used).toEqual(['gpu', 'canvas']);
      expect(onDrawn).toHaveBeenCalledTimes(2);
    },
  );

  it('asks for another canvas when the GPU cannot draw at all', async () => {
    const { gpu } = fakeGpu();
    const { host, used, onCanvasLost } = setUp(gpu, async () => {
      throw new Error('no memory');
    });
    await host.attach(canvas, view);
    expect(onCanvasLost).toHaveBeenCalledExactlyOnceWith('no memory');
    await host.attach(canvas, view);
    expect(used).toEqual(['canvas']);
  });

  it('draws often arriving pieces not more often than a screen shows, and the last of them', async () => {
    const { host, onDrawn } = setUp(null);
    await host.attach(canvas, view);
    for (let piece = 0; piece < 50; piece++) host.frame();
    expect(onDrawn).toHaveBeenCalledTimes(1);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(onDrawn).toHaveBeenCalledTimes(2);
  });
});
