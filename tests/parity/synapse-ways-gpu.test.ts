/**
 * On the GPU, synapses are the same whoever makes them, and however they are packed and split over bindings: the spikes
 * are those of the CPU engine with the synapses that the host has made.
 */
import { expect, test, vi } from 'vitest';
import { createCpuEngine } from '../../src/cpu/engine.ts';
import type { Engine } from '../../src/engine.ts';
import { microcircuit } from '../../src/examples/microcircuit.ts';
import { createGpuEngine, type GpuEngineOptions } from '../../src/gpu/engine.ts';
import { createSimulation, Network, type NetworkDocument, runMany } from '../../src/index.ts';
import { compileNetwork } from '../../src/plan/compile.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { generatedRow } from '../support/generated-rows.ts';
import { describeGpu } from '../support/gpu.ts';
import { Collector } from '../support/plans.ts';
import {
  builtByEngine,
  DRAWN_DELAY,
  DRAWN_WEIGHT,
  network,
  pairs,
  RULES,
} from '../support/synapse-ways.ts';

// A software adapter on a busy machine takes its time.
vi.setConfig({ testTimeout: 600_000 });

const STEPS = 240;

async function spikesOf(
  create: (sink: Collector) => Promise<Engine>,
  steps: number,
): Promise<string> {
  const collector = new Collector();
  const engine = await create(collector);
  try {
    await engine.advance(steps);
  } finally {
    engine.destroy();
  }
  return `${collector.steps.length}: ${collector.steps.join()} ${collector.neurons.join()}`;
}

/** The spikes of the CPU engine with the host's synapses; at least so many. */
async function expectedOf(
  document: NetworkDocument,
  fewest: number,
  steps = STEPS,
): Promise<string> {
  const { plan } = compileNetwork(document, { synapses: 'host' });
  const text = await spikesOf((sink) => createCpuEngine(plan, sink, { threads: 1 }), steps);
  expect(Number.parseInt(text, 10)).toBeGreaterThan(fewest);
  return text;
}

function procedural(document: NetworkDocument): Plan {
  const { plan } = compileNetwork(document, { synapses: 'procedural' });
  expect(plan.deliver.every(({ packing }) => packing === 'generated')).toBe(true);
  return plan;
}

/** All synapses plastic, with pathways at both ends, and a current summed over them. */
function plastic(): NetworkDocument {
  const net = new Network({ dt: '0.1 ms', seed: 5 });
  const cells = net.population('cells', 120, {
    eqs: `dv/dt = (24*mV + I - v)/(20*ms) : volt
          I : volt`,
    threshold: 'v > 20*mV',
    reset: 'v = 0*mV',
    initial: { v: 'rand()*20*mV' },
  });
  net
    .projection('plastic', cells, cells, {
      eqs: `w : volt
            dx/dt = -x/(10*ms) : 1 (event-driven)
            I_post = 0.001*w : volt (summed)`,
      onPre: 'v += w; x += 1; w = clip(w - 0.01*mV, 0*mV, 1*mV)',
      onPost: 'w = clip(w + 0.02*mV*x, 0*mV, 1*mV)',
      initial: { w: { uniform: { min: '0.1 mV', max: '0.5 mV' } } },
      delay: { byPathway: { pre: { uniform: { min: '0 ms', max: '2 ms' } } } },
    })
    .connect({ rule: 'fixed-probability', p: 0.2 });
  net.record.spikes(cells);
  return net.document;
}

describeGpu('synapses on the GPU', (device) => {
  const shared = { workgroups: 4, mostLanes: 256, sharesRows: true };
  const alone: GpuEngineOptions = {
    device,
    delivery: { workgroups: 8, mostLanes: 8, sharesRows: false },
  };
  const by32: GpuEngineOptions = { device, workgroupSize: 32, delivery: shared };
  const by64: GpuEngineOptions = { device, workgroupSize: 64, delivery: shared };
  const by256: GpuEngineOptions = { device, workgroupSize: 256, delivery: shared };

  async function check(
    expected: string,
    plan: Plan,
    settings: readonly GpuEngineOptions[],
    steps = STEPS,
  ): Promise<void> {
    for (const options of settings) {
      const found = await spikesOf((sink) => createGpuEngine(plan, sink, options), steps);
      const { device: _, ...setting } = options;
      expect({ setting, spikes: found }).toEqual({ setting, spikes: expected });
    }
  }

  test.each(RULES)('%j', async (rule) => {
    const document = network(rule, DRAWN_WEIGHT, DRAWN_DELAY);
    const expected = await expectedOf(document, 200);
    await check(expected, compileNetwork(document, { synapses: 'host' }).plan, [alone]);
    await check(expected, procedural(document), [alone, by32, by64, by256]);
    await check(expected, builtByEngine(document, 'target16+delay8'), [alone, by32]);
  });

  test.each(['target+delay', 'wide', 'target16+delay8'] as const)(
    'built by the engine as %s',
    async (packing) => {
      const document = network({ rule: 'fixed-probability', p: 0.1 }, DRAWN_WEIGHT, DRAWN_DELAY);
      await check(await expectedOf(document, 200), builtByEngine(document, packing), [alone, by64]);
    },
  );

  test.each(['target', 'target16'] as const)(
    'constant delays, built by the engine as %s',
    async (packing) => {
      const document = network({ rule: 'fixed-out-degree', k: 30 }, DRAWN_WEIGHT, '1.1 ms');
      const expected = await expectedOf(document, 200);
      await check(expected, procedural(document), [alone, by64]);
      await check(expected, builtByEngine(document, packing), [alone, by64]);
    },
  );

  test('one to one, and constant weights', async () => {
    const document = pairs();
    const expected = await expectedOf(document, 50);
    await check(expected, procedural(document), [alone, by32]);
    await check(expected, builtByEngine(document, 'target16+delay8'), [alone, by32]);
    const constant = network({ rule: 'fixed-probability', p: 0.1 }, '0.2 mV', DRAWN_DELAY);
    await check(await expectedOf(constant, 200), procedural(constant), [alone, by64]);
  });

  test('rows longer than the workgroup finds at once, and gaps longer than the table', async () => {
    const net = new Network({ dt: '0.1 ms', seed: 3 });
    const sources = net.spikeList('sources', 4, { timesMs: [0.5, 1, 1], indices: [0, 1, 3] });
    const targets = net.population('targets', 70_000, {
      eqs: 'v : volt',
      threshold: 'v > 1*mV',
      reset: 'v = 0*mV',
    });
    const options = { onPre: 'v += 2*mV', delay: DRAWN_DELAY };
    net
      .projection('dense', sources, targets, options)
      .connect({ rule: 'fixed-probability', p: 0.03 });
    net
      .projection('rare', sources, targets, options)
      .connect({ rule: 'fixed-probability', p: 1e-4 });
    net.record.spikes(targets);
    const { document } = net;
    const expected = await expectedOf(document, 5000);
    await check(expected, procedural(document), [alone, by32, by64]);
  });

  test('values built by the engine can be read, and are those of the recipe', async () => {
    const rule = { rule: 'fixed-probability', p: 0.3, autapses: false } as const;
    const plan = builtByEngine(network(rule, DRAWN_WEIGHT, DRAWN_DELAY), 'target16+delay8');
    for (const options of [alone, by64, { ...by32, bindingBytes: 20_000 }]) {
      const engine = await createGpuEngine(plan, new Collector(), options);
      for (const slot of plan.deliver.flatMap(({ projections }) => projections)) {
        const count = plan.rows[slot.rows + slot.sourceCount] as number;
        const values = await engine.read('synapseState', slot.synapseCells[0] as number, count);
        const wanted = Array.from({ length: slot.sourceCount }, (_, row) =>
          generatedRow(plan, slot, row).values.flat(),
        ).flat();
        expect([...values]).toEqual(wanted);
      }
      engine.destroy();
    }
  });

  test('synapses split over many bindings', async () => {
    const document = network({ rule: 'fixed-probability', p: 0.1 }, DRAWN_WEIGHT, DRAWN_DELAY);
    const expected = await expectedOf(document, 200);
    const small = { bindingBytes: 16_384 };
    const { plan } = compileNetwork(document, { synapses: 'host' });
    await check(expected, plan, [
      { ...alone, ...small },
      { ...by64, ...small },
    ]);
    for (const packing of ['target16+delay8', 'wide'] as const) {
      await check(expected, builtByEngine(document, packing), [{ ...alone, ...small }]);
    }
    const engine = await createGpuEngine(plan, new Collector(), { ...alone, ...small });
    await engine.advance(30);
    const { dispatches, windows } = engine.timings();
    // 33,000 synapses of 4 bytes of value: nine parts.
    expect(dispatches / windows).toBeGreaterThan(8);
    expect(engine.warnings?.[0]).toMatch(/synapses lie in \d+ parts/);
    engine.destroy();
  });

  test('plastic synapses with pathways at both ends and a sum over them, split', async () => {
    const document = plastic();
    const steps = 180;
    const expected = await expectedOf(document, 50, steps);
    const { plan } = compileNetwork(document, { synapses: 'host' });
    const split = { ...alone, bindingBytes: 12_000 };
    await check(expected, plan, [alone, split, { ...by32, bindingBytes: 8000 }], steps);
    const engines = [
      await createGpuEngine(plan, new Collector(), alone),
      await createGpuEngine(plan, new Collector(), split),
    ] as const;
    for (const engine of engines) await engine.advance(steps);
    const everything = await engines[0].read('synapseState', 0, plan.synapseCells);
    expect(new Set(everything).size).toBeGreaterThan(1000);
    expect(await engines[1].read('synapseState', 0, plan.synapseCells)).toEqual(everything);
    for (const engine of engines) engine.destroy();
  });

  test('split variables can be written, kept and restored', async () => {
    const { plan } = compileNetwork(plastic(), { synapses: 'host' });
    const split = { ...alone, bindingBytes: 12_000 };
    const engine = await createGpuEngine(plan, new Collector(), split);
    const before = await engine.read('synapseState', 0, plan.synapseCells);
    // Over the borders of all parts.
    const changed = before.map((value, k) => (k % 7 === 3 ? value + 1 : value));
    await engine.write('synapseState', 1, changed.subarray(1));
    expect(await engine.read('synapseState', 0, plan.synapseCells)).toEqual(
      changed.map((value, k) => (k === 0 ? (before[0] as number) : Math.fround(value))),
    );
    const kept = await engine.snapshot?.();
    if (kept === undefined) throw new Error('no snapshot');
    await engine.write('synapseState', 0, before);
    expect(await engine.read('synapseState', 0, plan.synapseCells)).toEqual(before);
    await engine.restore?.(kept);
    expect((await engine.read('synapseState', 2, 9))[1]).toBe(Math.fround(changed[3] as number));
    engine.destroy();
  });

  test('a row that no binding can hold is refused by name', async () => {
    const document = network({ rule: 'all-to-all' }, DRAWN_WEIGHT, DRAWN_DELAY);
    const { plan } = compileNetwork(document, { synapses: 'host' });
    const options = { ...alone, bindingBytes: 1024 };
    await expect(createGpuEngine(plan, new Collector(), options)).rejects.toMatchObject({
      name: 'DeviceError',
      reason: 'limit',
      message: expect.stringMatching(
        /Projection "forward": the synapses of neuron 0 need 2400 bytes/,
      ),
    });
  });

  test.each(['procedural', 'stored'] as const)(
    'several seeds in one launch, %s: each as it would be alone',
    async (synapses) => {
      const build = (seed: number) => microcircuit.build({ scale: 0.02 }, { seed });
      const options = { engine: 'gpu', device, synapses } as const;
      const seeds = [1, 2];
      const { runs } = await runMany(build(1), { seeds, duration: '20 ms', ...options });
      expect(runs.length).toBe(2);
      for (const [k, { summary }] of runs.entries()) {
        const alone = await createSimulation(build(k + 1), { engine: 'cpu', synapses: 'host' });
        await alone.run('20 ms');
        expect(summary?.spikes).toBeGreaterThan(30);
        expect(summary?.spike_hash).toBe(await alone.spikeHash());
        alone.destroy();
      }
    },
  );

  test('the microcircuit at a fiftieth', async () => {
    const document = microcircuit.build({ scale: 0.02 }, { seed: 1 });
    const expected = await expectedOf(document, 50);
    await check(expected, procedural(document), [alone, by64]);
    await check(expected, builtByEngine(document, 'target16+delay8'), [
      { ...alone, bindingBytes: 200_000 },
    ]);
  });
});
