/**
 * The same document gives the same spikes in Chromium as in Node: WebGPU and the CPU engine in the browser against the
 * CPU engine here. The browser's software adapter computes exactly; on a GPU that does not, `strict` is used.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { examples } from '../../src/examples/index.ts';
import { createSimulation, type NetworkDocument } from '../../src/index.ts';
import { type LibraryPage, openLibrary } from '../support/chromium.ts';
import { dataReader, describeReference } from '../support/reference.ts';

let library: LibraryPage;
beforeAll(async () => {
  library = await openLibrary();
});
afterAll(() => library?.close());

/** Runs a document inside the page; 1 s in the given parts. */
function hashInBrowser(
  document: NetworkDocument,
  engine: 'gpu' | 'cpu',
  parts: readonly string[],
): Promise<{ hash: string; spikes: number; engine: string }> {
  return library.page.evaluate(
    async (json, kind, durations) => {
      const run = async (strict: boolean) => {
        const simulation = await window.wetware.createSimulation(JSON.parse(json), {
          engine: kind,
          strict,
        });
        for (const duration of durations) await simulation.run(duration);
        const summary = simulation.summary();
        const hash = await simulation.spikeHash();
        simulation.destroy();
        return {
          hash,
          spikes: summary.spikes,
          engine: summary.engine,
          exact: summary.exact_arithmetic,
        };
      };
      const first = await run(false);
      return first.exact ? first : run(true);
    },
    JSON.stringify(document),
    engine,
    parts,
  );
}

async function hashInNode(document: NetworkDocument): Promise<string> {
  const simulation = await createSimulation(document, { engine: 'cpu' });
  await simulation.run('1 s');
  const hash = await simulation.spikeHash();
  simulation.destroy();
  return hash;
}

const TENTHS = Array.from({ length: 10 }, () => '100 ms');

async function expectSameSpikes(document: NetworkDocument, parts = ['1 s']): Promise<void> {
  const expected = await hashInNode(document);
  const gpu = await hashInBrowser(document, 'gpu', parts);
  expect(gpu).toMatchObject({ engine: 'gpu', hash: expected });
  expect(gpu.spikes).toBeGreaterThan(100);
  expect(await hashInBrowser(document, 'cpu', parts)).toMatchObject({ hash: expected });
  expect(library.errors).toEqual([]);
}

const MINUTES = 60_000;

describe('same spikes in Chromium', () => {
  for (const name of ['cuba', 'izhikevich'] as const) {
    for (const seed of [1, 2, 3]) {
      it(
        `${name}, seed ${seed}: 1 s${seed === 1 ? ', in tenths' : ''}`,
        () =>
          expectSameSpikes(
            (examples[name] as NonNullable<(typeof examples)[string]>).build({}, { seed }),
            seed === 1 ? TENTHS : ['1 s'],
          ),
        15 * MINUTES,
      );
    }
  }
});

describeReference('same spikes in Chromium: fly-p9', () => {
  it(
    'replays a recorded second',
    async () => {
      const loaded = await examples['fly-p9']?.load?.(dataReader('flywire-p9'));
      if (!loaded) throw new Error('fly-p9 loads nothing');
      await expectSameSpikes(loaded.build({}));
    },
    15 * MINUTES,
  );
});
