/**
 * Records the code that regl writes for the explorer, so that the page need not evaluate anything:
 * `node tests/support/record-regl-code.mjs` writes src/app/views/explorer/regl-code.js anew, after regl or
 * regl-scatterplot has changed. Runs the explorer in Chromium from the sources, with all and with few extensions.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import puppeteer from 'puppeteer';
import { createServer } from 'vite';
import { findBrowser } from './browser.mjs';

const path = (relative) => fileURLToPath(new URL(`../../${relative}`, import.meta.url));
const OUT = path('src/app/views/explorer/regl-code.js');

const server = await createServer({
  configFile: path('vite.config.ts'),
  mode: 'development',
  logLevel: 'error',
  server: { port: 0, host: '127.0.0.1', hmr: false, watch: null },
});
await server.listen();
const browser = await puppeteer.launch({
  executablePath: process.env.PUPPETEER_EXECUTABLE_PATH ?? (await findBrowser()),
  args: ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
});
// Empty, so that everything is written.
writeFileSync(OUT, 'export const reglCode = {};\n');
const recorded = new Map();
try {
  const { port } = server.httpServer.address();
  // What a graphics card may lack; the rest is refused before regl is asked.
  for (const missing of [
    [],
    ['WEBGL_color_buffer_float', 'EXT_float_blend'],
    ['OES_element_index_uint'],
  ]) {
    const page = await browser.newPage();
    page.on('pageerror', (error) => console.error(String(error)));
    await page.goto(`http://127.0.0.1:${port}/blank`);
    const code = await page.evaluate(
      record,
      `/@fs${path('src/app/views/explorer/scatter.ts')}`,
      missing,
    );
    for (const [hash, text] of code) recorded.set(hash, text);
    await page.close();
  }
} finally {
  await browser.close();
  await server.close();
}

/** In the page: makes a scatter plot, does with it what people do, and returns what was written. */
async function record(module, missing) {
  const original = WebGLRenderingContext.prototype.getExtension;
  WebGLRenderingContext.prototype.getExtension = function (name) {
    return missing.includes(name) ? null : original.call(this, name);
  };
  const { createScatter } = await import(module);
  const canvas = document.body.appendChild(document.createElement('canvas'));
  const scatter = createScatter({
    canvas,
    width: 400,
    height: 300,
    background: '#000000',
    onView: () => undefined,
    onSelect: () => undefined,
  });
  const count = 1000;
  const points = {
    x: Float32Array.from({ length: count }, () => Math.random() * 2 - 1),
    y: Float32Array.from({ length: count }, () => Math.random() * 2 - 1),
    z: Uint16Array.from({ length: count }, (_, k) => k % 3),
  };
  await scatter.draw(points, ['#ff0000', '#00ff00', '#0000ff']);
  scatter.setLasso(true);
  const box = canvas.getBoundingClientRect();
  const mouse = (type, x, y) =>
    (type === 'mouseup' ? window : canvas).dispatchEvent(
      new MouseEvent(type, {
        clientX: box.left + x,
        clientY: box.top + y,
        bubbles: true,
        buttons: 1,
      }),
    );
  mouse('mousemove', 50, 50);
  mouse('mousedown', 50, 50);
  for (const [x, y] of [
    [50, 50],
    [300, 60],
    [300, 250],
    [60, 240],
    [50, 50],
  ]) {
    mouse('mousemove', x, y);
    await new Promise((resolve) => setTimeout(resolve, 80));
  }
  mouse('mouseup', 50, 50);
  await new Promise((resolve) => setTimeout(resolve, 300));
  scatter.setLasso(false);
  scatter.resize(500, 200);
  await scatter.draw(points, ['#ff0000', '#00ff00']);
  await scatter.reset();
  await scatter.pixels();
  const code = Object.entries(scatter.code()).map(([hash, made]) => [hash, String(made)]);
  scatter.destroy();
  return code;
}

const functions = [...recorded]
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([hash, text]) => {
    // "function anonymous(g0,g1\n) {\n…\n}"
    const [, names = '', body = ''] =
      /^function anonymous\(([^)]*)\)\s*\{([\s\S]*)\}$/.exec(text) ?? [];
    if (body === '') throw new Error(`unexpected code: ${text.slice(0, 80)}`);
    return `  '${hash}'(${names.replace(/\s+/g, ' ').trim()}) {\n${body.trim()}\n  },`;
  });
writeFileSync(
  OUT,
  `// Written by tests/support/record-regl-code.mjs from what regl would evaluate; not to be edited.\n` +
    `export const reglCode = {\n${functions.join('\n')}\n};\n`,
);
console.log(`${functions.length} functions`);
