/**
 * Threads of the CPU engine in Chromium, from the sources: the page is cross-origin isolated, so that they share memory,
 * and draws, so that the first thread must not sleep. Other ways of serving are in tests/unit/cpu/threads.test.ts.
 */
import type { Browser, Page } from 'puppeteer';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { examples } from '../../src/examples/index.ts';
import { createSimulation } from '../../src/index.ts';
import { collectErrors, launchChromium, type Served, serveSources } from '../support/chromium.ts';

type Library = typeof import('../../src/index.ts');

let browser: Browser;
let page: Page;
let errors: string[];
let served: Served & { module: (path: string) => string };

beforeAll(async () => {
  served = await serveSources();
  browser = await launchChromium({ webgpu: false });
  page = await browser.newPage();
  errors = collectErrors(page);
  await page.goto(`${served.url}blank`);
  // The test runner rewrites import() even inside functions that run in the page.
  await page.addScriptTag({
    type: 'module',
    content: `import * as library from ${JSON.stringify(served.module('src/index.ts'))}; window.wetware = library;`,
  });
  await page.waitForFunction(() => 'wetware' in window, { timeout: 60_000 });
});
afterAll(async () => {
  await browser?.close();
  await served?.close();
});

it('two give the spikes of one', async () => {
  const document = examples.cuba?.build({}, { seed: 1 });
  if (!document) throw new Error('no example cuba');
  const simulation = await createSimulation(document, { engine: 'cpu', threads: 1 });
  await simulation.run('100 ms');
  const expected = await simulation.spikeHash();
  simulation.destroy();
  const found = await page.evaluate(async (json) => {
    const { createSimulation: create } = (window as unknown as { wetware: Library }).wetware;
    const inPage = await create(JSON.parse(json), { engine: 'cpu', threads: 2 });
    await inPage.run('100 ms');
    const hash = await inPage.spikeHash();
    inPage.destroy();
    return { hash, warnings: inPage.warnings, isIsolated: crossOriginIsolated };
  }, JSON.stringify(document));
  expect(found).toEqual({ hash: expected, warnings: [], isIsolated: true });
  expect(errors).toEqual([]);
});
