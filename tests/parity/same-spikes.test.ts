/**
 * The same document gives the same spikes on the CPU engine and on the GPU engine, however the run is divided and
 * whatever the workgroup size. On a GPU whose arithmetic is not exact, only with `strict`.
 */
import { beforeAll, expect, test } from 'vitest';
import { type Example, examples } from '../../src/examples/index.ts';
import { isExact } from '../../src/gpu/probe.ts';
import { createSimulation, type NetworkDocument, type SimulationOptions } from '../../src/index.ts';
import { describeGpu } from '../support/gpu.ts';
import { dataReader, describeReference } from '../support/reference.ts';

interface Outcome {
  readonly hash: string;
  readonly spikes: number;
  readonly dispatchesPerWindow: number;
}

async function outcome(
  document: NetworkDocument,
  options: SimulationOptions,
  parts: readonly string[],
): Promise<Outcome> {
  const simulation = await createSimulation(document, options);
  try {
    for (const part of parts) await simulation.run(part);
    const { dispatches, windows } = simulation.timings();
    const hash = await simulation.spikeHash();
    const { spikes } = simulation.summary();
    return { hash, spikes, dispatchesPerWindow: dispatches / windows };
  } finally {
    simulation.destroy();
  }
}

function example(name: string): Example {
  const found = examples[name];
  if (found === undefined) throw new Error(`no example ${name}`);
  return found;
}

const SEEDS = [1, 2, 3];
/** SwiftShader on a machine that does other things as well takes minutes for a simulated second of cuba. */
const SLOWEST_MS = 600_000;
const TENTHS = Array.from({ length: 10 }, () => '100 ms');

describeGpu('same spikes on both engines', (device) => {
  const gpu: { engine: 'gpu'; device: GPUDevice; strict: boolean } = {
    engine: 'gpu',
    device,
    strict: false,
  };
  beforeAll(async () => {
    gpu.strict = !(await isExact(device, 'ordered'));
  });
  const cpu: SimulationOptions = { engine: 'cpu' };

  test.each(['cuba', 'izhikevich'].flatMap((name) => SEEDS.map((seed) => [name, seed] as const)))(
    '%s, seed %d: 1 s',
    async (name, seed) => {
      const document = example(name).build({}, { seed });
      const expected = await outcome(document, cpu, ['1 s']);
      expect(expected.spikes).toBeGreaterThan(1000);
      const whole = await outcome(document, gpu, ['1 s']);
      expect(whole.hash).toBe(expected.hash);
    },
    SLOWEST_MS,
  );

  test.each(['cuba', 'izhikevich'])(
    '%s: in tenths, with other workgroups',
    async (name) => {
      const document = example(name).build({}, { seed: 1 });
      const { hash } = await outcome(document, cpu, ['1 s']);
      expect((await outcome(document, cpu, TENTHS)).hash).toBe(hash);
      expect((await outcome(document, { ...gpu, workgroupSize: 32 }, TENTHS)).hash).toBe(hash);
      expect((await outcome(document, { ...gpu, workgroupSize: 256 }, ['1 s'])).hash).toBe(hash);
    },
    SLOWEST_MS,
  );

  test.each(['coba', 'cobahh', 'brunel'])('%s: 30 ms', async (name) => {
    const document = example(name).build();
    const expected = await outcome(document, cpu, ['30 ms']);
    expect(expected.spikes).toBeGreaterThan(100);
    expect((await outcome(document, gpu, ['30 ms'])).hash).toBe(expected.hash);
  });

  test('the microcircuit: two dispatches per window for 8 populations and 64 projections', async () => {
    const document = example('microcircuit').build({ scale: '0.02' });
    expect(document.populations.length).toBe(8);
    const expected = await outcome(document, cpu, ['50 ms']);
    const found = await outcome(document, gpu, ['50 ms']);
    expect(found).toEqual({ ...expected, dispatchesPerWindow: found.dispatchesPerWindow });
    expect(found.dispatchesPerWindow).toBeLessThanOrEqual(3);
  });

  describeReference('with the fly circuit', () => {
    test('fly-p9: one trial', async () => {
      const loaded = (await example('fly-p9').load?.(dataReader('flywire-p9'))) as Example;
      const document = loaded.build();
      const duration = [loaded.defaultDuration];
      const expected = await outcome(document, cpu, duration);
      expect(expected.spikes).toBeGreaterThan(100);
      expect((await outcome(document, gpu, duration)).hash).toBe(expected.hash);
    });
  });
});
