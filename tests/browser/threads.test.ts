/**
 * Threads of the CPU engine in Chromium, from the sources: the page is cross-origin isolated, so that they share memory,
 * and draws, so that the first thread must not sleep. Other ways of serving are in tests/unit/cpu/threads.test.ts.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { examples } from '../../src/examples/index.ts';
import { createSimulation } from '../../src/index.ts';
import { type LibraryPage, openLibrary } from '../support/chromium.ts';

let library: LibraryPage;
beforeAll(async () => {
  library = await openLibrary({ webgpu: false });
});
afterAll(() => library?.close());

it('two give the spikes of one', async () => {
  const document = examples.cuba?.build({}, { seed: 1 });
  if (!document) throw new Error('no example cuba');
  const simulation = await createSimulation(document, { engine: 'cpu', threads: 1 });
  await simulation.run('100 ms');
  const expected = await simulation.spikeHash();
  simulation.destroy();
  const found = await library.page.evaluate(async (json) => {
    const inPage = await window.wetware.createSimulation(JSON.parse(json), {
      engine: 'cpu',
      threads: 2,
    });
    await inPage.run('100 ms');
    const hash = await inPage.spikeHash();
    inPage.destroy();
    return { hash, warnings: inPage.warnings, isIsolated: crossOriginIsolated };
  }, JSON.stringify(document));
  expect(found).toEqual({ hash: expected, warnings: [], isIsolated: true });
  expect(library.errors).toEqual([]);
});
