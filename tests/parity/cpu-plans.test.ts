/** The CPU engine does, to the bit, what the reference interpreter does with the same plan. */
import { describe, expect, test } from 'vitest';
import { createCpuEngine } from '../../src/cpu/engine.ts';
import { canSkipBegin } from '../../src/cpu/touched.ts';
import { add, get, literal, mul, special, unary } from '../../src/language/kernel.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { exactly } from '../support/compute.ts';
import { GIVEN, type HandPlanOptions, handPlan } from '../support/hand-plans.ts';
import { Collector, cubaGroup, cubaPlan, makePlan, own, synapse } from '../support/plans.ts';
import { runPlan } from '../support/run-plan.ts';

const CASES: Readonly<Record<string, HandPlanOptions>> = {
  'one step per window, delays 0 to 5': { delays: [0, 5] },
  'windows of 4 steps': { windowSteps: 4, delays: [3, 9] },
  'one delay': { windowSteps: 3, delays: [4, 4], packing: 'target' },
  'wide synapses': { windowSteps: 2, delays: [1, 6], packing: 'wide' },
  'a last vector of one neuron': { sizes: [60, 37], windowSteps: 4, delays: [4, 4] },
  noise: { noise: 0.05, windowSteps: 4 },
  samples: { sampleEvery: 3, windowSteps: 4, noise: 0.03 },
  'samples of every step': { sampleEvery: 1, noise: 0.03 },
  'given spikes': { windowSteps: 4, given: GIVEN },
  'plastic synapses, at arrival': { plastic: true, delays: [0, 6] },
  'pathways at both ends': { plastic: true, post: true, delays: [1, 4] },
  'gap junctions': { gap: true, delays: [0, 2] },
  everything: { gap: true, plastic: true, post: true, sampleEvery: 2, noise: 0.03, given: GIVEN },
};

const STEPS = 160;

async function run(plan: Plan, parts: readonly number[]) {
  const collector = new Collector();
  const engine = await createCpuEngine(plan, collector);
  for (const part of parts) await engine.advance(part);
  const state = await engine.read('state', 0, plan.state.length);
  const synapseState = await engine.read('synapseState', 0, plan.synapseState.length);
  engine.destroy();
  const samples = plan.update.map((_, kernel) =>
    collector.sampled.filter((block) => block.kernel === kernel).flatMap(({ data }) => data),
  );
  return { spikes: collector.list, state, synapseState, samples };
}

const exact = (values: ArrayLike<number>): string[] => Array.from(values, exactly);

async function compare(plan: Plan, parts: readonly number[]): Promise<void> {
  const steps = parts.reduce((sum, part) => sum + part, 0);
  const expected = runPlan(plan, steps);
  expect(expected.spikes.length).toBeGreaterThan(50);
  const found = await run(plan, parts);
  expect(found.spikes).toEqual(expected.spikes.map(([step, neuron]) => `${step}:${neuron}`));
  expect(exact(found.state)).toEqual(exact(expected.state));
  expect(exact(found.synapseState)).toEqual(exact(expected.synapseState));
  expect(found.samples.map(exact)).toEqual(expected.samples.map(exact));
}

describe('plans on the CPU', () => {
  test.each(Object.entries(CASES))('%s', async (_, options) => {
    const plan = handPlan({ recorded: true, ...options });
    for (const parts of [[STEPS], [1, 2, 37, 60, 60]]) await compare(plan, parts);
  });

  test('CUBA in miniature', () =>
    compare(cubaPlan({ neurons: 305, windowSteps: 3, delaySteps: 4 }), [400]));

  test.each([0, 3])('CUBA in miniature, one step per window, delay %i', async (delaySteps) => {
    const plan = cubaPlan({ neurons: 1205, windowSteps: 1, delaySteps });
    // The engine visits marked neurons only; without that this test would test nothing.
    expect(plan.update.map((kernel) => canSkipBegin(plan, kernel))).toEqual([true]);
    for (const parts of [[400], [1, 2, 37, 360]]) await compare(plan, parts);
  });

  test('zeros keep the sign that adding nothing gives them', async () => {
    const cuba = cubaPlan({ neurons: 305, windowSteps: 1, delaySteps: 0 });
    const [kernel] = cuba.update;
    if (!kernel) throw new Error('no update kernel');
    const { count, stateBase } = kernel;
    cuba.state.fill(-0, stateBase + count, stateBase + 3 * count);
    // gi decays so fast that it becomes -0 between two arrivals; samples see it after `begin` of every step.
    cuba.constants[4] = 0.01;
    const sampler = {
      every: 1,
      rows: count,
      rowOf: Int32Array.from({ length: count }, (_, neuron) => neuron),
      values: [get(own(1, 'ge')), get(own(2, 'gi'))],
      body: [],
    };
    const plan = { ...cuba, update: [{ ...kernel, sampler }] };
    expect(plan.update.map((update) => canSkipBegin(plan, update))).toEqual([true]);
    await compare(plan, [1, 399]);
  });
});

/** Every neuron of a generator reaches `fanOut` neurons with weights of their own. */
function weighted(fanOut: number, precision: 'f32' | 'f64' = 'f32'): Plan {
  const count = 50;
  const synapses = [...Array(20).keys()].flatMap((pre) =>
    [...Array(fanOut).keys()].map((k) => ({ pre, post: (pre * 7 + k * 3) % count })),
  );
  const weight = get(synapse(0, 'w'));
  return makePlan({
    precision,
    groups: [cubaGroup([{ name: 'targets', count }])],
    generators: [
      {
        name: 'sources',
        count: 20,
        steps: [...Array(600).keys()].map((spike) => Math.floor(spike / 4)),
        indices: [...Array(600).keys()].map(
          (spike) => (spike % 4) * 5 + (Math.floor(spike / 4) % 5),
        ),
      },
    ],
    deliver: [
      {
        name: 'weighted',
        mode: 'scatter',
        synapseVariables: [{ name: 'w', type: 'f32', written: false }],
        inputs: [
          { name: 'ge', side: 'post', proven: true },
          { name: 'gi', side: 'post', proven: true },
        ],
        projections: [
          {
            name: 'weights',
            source: 'sources',
            target: 'targets',
            delaySteps: 2,
            synapses,
            initial: (_, e) => ((e * 37) % 101) / 40,
          },
        ],
        body: [
          { kind: 'add', input: 0, value: weight },
          {
            kind: 'add',
            input: 1,
            value: mul(literal(-0.01), add(weight, unary('to_f32', special('pre_index')))),
          },
        ],
      },
    ],
  });
}

describe('weights of their own', () => {
  test.each([1, 3, 4, 5, 8, 13])('%i synapses a row', async (fanOut) => {
    const plan = weighted(fanOut);
    const found = await run(plan, [STEPS]);
    const expected = runPlan(plan, STEPS);
    expect(exact(found.state)).toEqual(exact(expected.state));
  });

  test('in double precision: close to single', async () => {
    const single = await run(weighted(5), [STEPS]);
    const double = await run(weighted(5, 'f64'), [STEPS]);
    const scale = Math.max(...single.state.subarray(0, 50).map(Math.abs));
    expect(scale).toBeGreaterThan(1);
    for (let neuron = 0; neuron < 50; neuron++) {
      const [a = 0, b = 0] = [single.state[neuron], double.state[neuron]];
      expect(Math.abs(a - b)).toBeLessThan(1e-4 * scale);
    }
  });
});

describe('parts of a run', () => {
  test.each(['f32', 'f64'] as const)('give the same bits as the whole, %s', async (precision) => {
    for (const [windowSteps, delaySteps] of [
      [1, 0],
      [5, 7],
    ] as const) {
      const plan = cubaPlan({ neurons: 203, precision, windowSteps, delaySteps });
      const whole = await run(plan, [500]);
      const parts = await run(plan, [1, 3, 96, 150, 2, 248]);
      expect(whole.spikes.length).toBeGreaterThan(20);
      expect(parts.spikes).toEqual(whole.spikes);
      expect(exact(parts.state)).toEqual(exact(whole.state));
    }
  });
});
