/** Both engines do, to the bit, what the reference interpreter does with the same plan. */
import { describe, expect, test } from 'vitest';
import { createCpuEngine } from '../../src/cpu/engine.ts';
import type { Engine, EngineOptions, RecordingSink } from '../../src/engine.ts';
import { createGpuEngine, type GpuEngineOptions } from '../../src/gpu/engine.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { describeGpu } from '../support/gpu.ts';
import { GIVEN, type HandPlanOptions, handPlan } from '../support/hand-plans.ts';
import { runPlan } from '../support/run-plan.ts';

class Recorded implements RecordingSink {
  readonly list: [number, number][] = [];
  readonly blocks: { kernel: number; first: number; count: number }[] = [];
  readonly values: number[] = [];

  spikes(steps: Uint32Array, neurons: Uint32Array): void {
    steps.forEach((step, k) => {
      this.list.push([step, neurons[k] as number]);
    });
  }

  samples(kernel: number, first: number, count: number, data: Float32Array | Float64Array): void {
    this.blocks.push({ kernel, first, count });
    this.values.push(...data);
  }
}

const CASES: Readonly<Record<string, HandPlanOptions>> = {
  'one step per window, delays 0 to 5': { delays: [0, 5] },
  'windows of 4 steps': { windowSteps: 4, delays: [3, 9] },
  'one delay': { windowSteps: 3, delays: [4, 4], packing: 'target' },
  'wide synapses': { windowSteps: 2, delays: [1, 6], packing: 'wide' },
  noise: { noise: 0.05, windowSteps: 4 },
  samples: { sampleEvery: 3, windowSteps: 4, noise: 0.03 },
  'given spikes': {
    windowSteps: 4,
    given: GIVEN,
  },
  'plastic synapses, at arrival': { plastic: true, delays: [0, 6] },
  'pathways at both ends': { plastic: true, post: true, delays: [1, 4] },
  'gap junctions': { gap: true, delays: [0, 2] },
  'populations larger than a workgroup': { sizes: [300, 211], windowSteps: 4 },
};

type Create<Options> = (plan: Plan, sink: RecordingSink, options: Options) => Promise<Engine>;

async function withEngine<Options, T>(
  create: Create<Options>,
  plan: Plan,
  sink: RecordingSink,
  options: Options,
  use: (engine: Engine) => Promise<T>,
): Promise<T> {
  const engine = await create(plan, sink, options);
  try {
    return await use(engine);
  } finally {
    engine.destroy();
  }
}

const sameBits = (a: ArrayLike<number>): number[] => Array.from(a, (x) => (x === 0 ? 0 : x));

/** Runs the plan in one go and in parts, and compares everything that can be seen. */
async function compare<Options extends EngineOptions>(
  create: Create<Options>,
  hand: HandPlanOptions,
  settings: readonly Options[],
): Promise<void> {
  const plan = handPlan(hand);
  const steps = 160;
  const expected = runPlan(plan, steps);
  expect(expected.spikes.length).toBeGreaterThan(50);
  for (const options of settings) {
    for (const parts of [[steps], [1, 2, 37, 60, 60]]) {
      const recorded = new Recorded();
      await withEngine(create, plan, recorded, options, async (engine) => {
        expect(engine.exactArithmetic).toBe(true);
        for (const part of parts) await engine.advance(part);
        expect(engine.step).toBe(steps);
        const count = plan.state.length / 3;
        expect(sameBits(await engine.read('state', 0, count))).toEqual(
          sameBits(expected.state.subarray(0, count)),
        );
        const lastspikes = await engine.read('state', count, count, 'i32');
        expect([...lastspikes]).toEqual([...expected.state.subarray(count, 2 * count)]);
        if (hand.plastic) {
          const half = plan.synapseState.length / 2;
          const weights = await engine.read('synapseState', 0, half);
          expect(sameBits(weights)).toEqual(sameBits(expected.synapseState.subarray(0, half)));
        }
      });
      expect(recorded.list).toEqual(expected.spikes);
      expect(recorded.values).toEqual(expected.samples[0]);
    }
  }
}

describe('plans on the CPU', () => {
  test.each(Object.entries(CASES))('%s', async (_, hand) => {
    await compare(createCpuEngine, hand, [{}]);
  });
});

describeGpu('plans on the GPU', (device) => {
  test.each(Object.entries(CASES))('%s', async (_, hand) => {
    await compare<GpuEngineOptions>(createGpuEngine, hand, [
      { device, workgroupSize: 64 },
      { device, workgroupSize: 16, delivery: { workgroups: 3, mostLanes: 4, sharesRows: false } },
      { device, workgroupSize: 32, delivery: { workgroups: 20, mostLanes: 256, sharesRows: true } },
    ]);
  });

  test('strict arithmetic changes nothing where arithmetic is exact anyway', async () => {
    await compare(createGpuEngine, { noise: 0.05, windowSteps: 4 }, [{ device, strict: true }]);
  });
});
