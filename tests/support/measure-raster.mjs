/**
 * Times a frame of the live raster in Chromium, with few and with many spikes stored: `node tests/support/measure-raster.mjs`.
 * 100,000 neurons, 1200 x 600 pixels, a window of one second, 1000 new spikes a frame. What a frame does must not depend on
 * what is stored: that is tested (tests/unit/app/raster/live-raster.test.ts); this only says how long it takes here.
 */
import { fileURLToPath } from 'node:url';
import puppeteer from 'puppeteer';
import { createServer } from 'vite';
import { findBrowser } from './browser.mjs';

const path = (relative) => fileURLToPath(new URL(`../../${relative}`, import.meta.url));
const server = await createServer({
  configFile: path('vite.config.ts'),
  mode: 'development',
  logLevel: 'silent',
  server: { port: 0, host: '127.0.0.1', hmr: false, watch: null },
});
await server.listen();
const flags = process.env.WETWARE_CHROMIUM_FLAGS?.split(' ') ?? [
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--enable-unsafe-webgpu',
  '--ignore-gpu-blocklist',
  '--enable-features=Vulkan',
  '--use-vulkan=swiftshader',
];
const browser = await puppeteer.launch({
  executablePath: process.env.PUPPETEER_EXECUTABLE_PATH ?? (await findBrowser()),
  args: ['--no-sandbox', ...flags],
  protocolTimeout: 600_000,
});
try {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.httpServer.address().port}/blank`);
  for (const painter of ['canvas', 'webgpu']) {
    for (const stored of [1e5, 1e7]) {
      const result = await page.evaluate(
        measure,
        `/@fs${path('src/app/simulation')}`,
        painter,
        stored,
      );
      console.log(JSON.stringify({ painter, stored, ...result }));
    }
  }
} finally {
  await browser.close();
  await server.close();
}

/** In the page: milliseconds of encoding and submitting, or painting, and until the GPU is done. */
async function measure(folder, kind, stored) {
  const { createLiveRaster } = await import(`${folder}/raster/live-raster.ts`);
  const { createCanvasPainter } = await import(`${folder}/raster/canvas-painter.ts`);
  const { canvasSurface, createGpuPainter } = await import(`${folder}/raster/gpu-painter.ts`);
  const { layoutBands } = await import(`${folder}/raster/layout.ts`);
  const { createSpikeLog } = await import(`${folder}/spike-log.ts`);
  const canvas = new OffscreenCanvas(1200, 600);
  const source = createSpikeLog();
  const perStep = 1000;
  const fill = (from, to) => {
    const count = (to - from) * perStep;
    const steps = new Uint32Array(count);
    const neurons = new Uint32Array(count);
    for (let k = 0; k < count; k++) {
      steps[k] = from + Math.floor(k / perStep);
      neurons[k] = Math.floor(Math.random() * 100_000);
    }
    source.add(steps, neurons);
  };
  const last = stored / perStep;
  for (let step = 0; step < last; step += 100) fill(step, step + 100);
  let device = null;
  let painter = null;
  if (kind === 'webgpu') {
    const adapter = await navigator.gpu.requestAdapter();
    device = await adapter.requestDevice();
    const format = navigator.gpu.getPreferredCanvasFormat();
    painter = await createGpuPainter(device, canvasSurface(canvas, device, format));
  } else painter = createCanvasPainter(canvas, source);
  const populations = [
    { name: 'E', size: 80_000, first: 0 },
    { name: 'I', size: 20_000, first: 80_000 },
  ];
  const colours = [
    [86, 180, 233],
    [240, 128, 60],
  ];
  const view = {
    width: 1200,
    height: 600,
    pixelRatio: 1,
    bands: layoutBands(populations, colours, 600),
    background: [10, 13, 17],
    isCalm: true,
    window: { follow: true, windowMs: 1000, turnsPages: false },
  };
  const raster = createLiveRaster(
    { source, painter, dtMs: 0.1, now: () => performance.now() },
    view,
  );
  const done = () => device?.queue.onSubmittedWorkDone();
  while (!raster.draw(last).isSettled) await done();
  const drawn = [];
  const finished = [];
  let mode = '';
  for (let frame = 1; frame <= 60; frame++) {
    fill(last + frame - 1, last + frame);
    const began = performance.now();
    ({ mode } = raster.draw(last + frame).shown);
    drawn.push(performance.now() - began);
    await done();
    finished.push(performance.now() - began);
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  raster.destroy();
  device?.destroy();
  const of = (times, part) =>
    Number(times.sort((a, b) => a - b)[Math.floor(part * times.length)].toFixed(2));
  return { mode, median: of(drawn, 0.5), p90: of(drawn, 0.9), finished: of(finished, 0.5) };
}
