/**
 * Networks in Chromium that no browser could store: the whole microcircuit of 298,880,968 synapses, whose rows are made
 * again for every spike, within the limits that every adapter grants. And rows that the browser's GPU makes once.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { microcircuit } from '../../src/examples/microcircuit.ts';
import { createSimulation, type NetworkDocument } from '../../src/index.ts';
import { type LibraryPage, openLibrary } from '../support/chromium.ts';
import { DRAWN_DELAY, DRAWN_WEIGHT, network } from '../support/synapse-ways.ts';

const DURATION = '3 ms';
const MINUTES = 60_000;

let library: LibraryPage;
beforeAll(async () => {
  library = await openLibrary();
});
afterAll(() => library?.close());

/** Runs a document on a device with nothing beyond WebGPU's default limits; `strict` where its arithmetic is not exact. */
function runInBrowser(
  document: NetworkDocument,
  duration: string,
  synapses: 'stored' | 'procedural',
): Promise<Record<string, unknown>> {
  return library.page.evaluate(
    async (json, duration, synapses) => {
      const adapter = await navigator.gpu.requestAdapter();
      const device = await adapter?.requestDevice();
      if (device === undefined) throw new Error('no device');
      const run = async (strict: boolean) => {
        const simulation = await window.wetware.createSimulation(JSON.parse(json), {
          engine: 'gpu',
          synapses,
          device,
          strict,
        });
        await simulation.run(duration);
        const summary = simulation.summary();
        const hash = await simulation.spikeHash();
        simulation.destroy();
        return { ...summary, hash };
      };
      const first = await run(false);
      const result = first.exact_arithmetic ? first : await run(true);
      const limit = device.limits.maxStorageBufferBindingSize;
      device.destroy();
      return { ...result, limit };
    },
    JSON.stringify(document),
    duration,
    synapses,
  );
}

it(
  'the whole microcircuit runs in Chromium, with the spikes of the CPU engine in Node',
  async () => {
    const document = microcircuit.build({ scale: 1 }, { seed: 1 });
    const simulation = await createSimulation(document, { engine: 'cpu', synapses: 'procedural' });
    await simulation.run(DURATION);
    const hash = await simulation.spikeHash();
    const { spikes } = simulation.summary();
    simulation.destroy();
    expect(spikes).toBeGreaterThan(300);
    const found = await runInBrowser(document, DURATION, 'procedural');
    expect(found).toMatchObject({
      hash,
      spikes,
      synapses: 298_880_968,
      limit: 128 * 2 ** 20,
    });
    // All buffers together: far less than one of the synapses stored.
    expect(found.memory_bytes).toBeLessThan(200 * 2 ** 20);
    expect(library.errors).toEqual([]);
  },
  15 * MINUTES,
);

it.each(['stored', 'procedural'] as const)(
  'rows of drawn targets, weights and delays, %s, are those that the host makes in Node',
  async (synapses) => {
    const document = network({ rule: 'fixed-probability', p: 0.1 }, DRAWN_WEIGHT, DRAWN_DELAY);
    const simulation = await createSimulation(document, { engine: 'cpu', synapses: 'host' });
    await simulation.run('20 ms');
    const hash = await simulation.spikeHash();
    expect(simulation.summary().spikes).toBeGreaterThan(100);
    simulation.destroy();
    expect(await runInBrowser(document, '20 ms', synapses)).toMatchObject({ hash });
    expect(library.errors).toEqual([]);
  },
  15 * MINUTES,
);
