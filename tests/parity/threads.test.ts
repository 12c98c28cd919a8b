/**
 * The CPU engine gives the same bits for any number of threads: spikes, state, synapses, samples, faults, checkpoints.
 * One thread is compared with the reference interpreter elsewhere (cpu-plans.test.ts, cpu-features.test.ts).
 */
import { describe, expect, test } from 'vitest';
import { createCpuEngine } from '../../src/cpu/engine.ts';
import { layOut } from '../../src/cpu/layout.ts';
import { canSkipBegin } from '../../src/cpu/touched.ts';
import { get, literal, mul } from '../../src/language/kernel.ts';
import { drawWord, streamOf } from '../../src/language/philox.ts';
import { Network } from '../../src/network/network.ts';
import { compileNetwork } from '../../src/plan/compile.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { GIVEN, type HandPlanOptions, handPlan } from '../support/hand-plans.ts';
import { Collector, cubaPlan, makePlan, own } from '../support/plans.ts';
import { cases } from './brian2/cases.ts';

/** Everything that can be seen of a run, and what its windows were. */
async function outcome(plan: Plan, threads: number, parts: readonly number[]) {
  const collector = new Collector();
  const engine = await createCpuEngine(plan, collector, { threads });
  try {
    expect(engine.threads).toBe(threads);
    const failures: string[] = [];
    for (const part of parts) {
      await engine.advance(part).catch((error: unknown) => failures.push(String(error)));
      if (failures.length > 0) break;
    }
    const state = await engine.read('state', 0, plan.state.length);
    const synapses = await engine.read('synapseState', 0, plan.synapseState.length);
    return {
      failures,
      step: engine.step,
      spikes: collector.list,
      samples: plan.update.map((_, kernel) =>
        collector.sampled.filter((block) => block.kernel === kernel).flatMap(({ data }) => data),
      ),
      // As bits, so that NaN and the sign of zero count.
      state: new BigUint64Array(state.buffer),
      synapses: new BigUint64Array(synapses.buffer),
    };
  } finally {
    engine.destroy();
  }
}

/** Runs on 2, 3 and 4 threads; 3 divides nothing evenly. */
async function compare(plan: Plan, parts: readonly number[]) {
  const expected = await outcome(plan, 1, parts);
  for (const threads of [2, 3, 4]) expect(await outcome(plan, threads, parts)).toEqual(expected);
  return expected;
}

// The first size is a whole number of vectors: projections of these plans reach both populations.
const CASES: Readonly<Record<string, HandPlanOptions>> = {
  'one step per window, delays 0 to 5': { delays: [0, 5] },
  'windows of 4 steps': { windowSteps: 4, delays: [3, 9] },
  'one delay': { windowSteps: 3, delays: [4, 4], packing: 'target' },
  'wide synapses': { windowSteps: 2, delays: [1, 6], packing: 'wide' },
  'a last vector of one neuron': { sizes: [60, 37], windowSteps: 4, delays: [4, 4] },
  'fewer neurons than threads have vectors': { sizes: [4, 3], delays: [2, 2], drive: 0.1 },
  noise: { noise: 0.05, windowSteps: 4 },
  samples: { sampleEvery: 3, windowSteps: 4, noise: 0.03 },
  'samples of every step': { sampleEvery: 1, noise: 0.03 },
  'given spikes': { windowSteps: 4, given: GIVEN },
  'plastic synapses, at arrival': { plastic: true, delays: [0, 6] },
  'pathways at both ends': { plastic: true, post: true, delays: [1, 4] },
  'gap junctions': { gap: true, delays: [0, 2] },
  everything: { gap: true, plastic: true, post: true, sampleEvery: 2, noise: 0.03, given: GIVEN },
};

/** The same network with rows in order of target. */
function sortRows(plan: Plan): Plan {
  const synapses = plan.synapses.slice();
  for (const { projections, packing } of plan.deliver) {
    const words = packing === 'wide' ? 2 : 1;
    const mask = packing === 'target+delay' ? 0xffffff : 0xffffffff;
    const target = ([word = 0]: readonly number[]): number => (word & mask) >>> 0;
    for (const { rows, sourceCount, synapseBase } of projections) {
      for (let row = 0; row < sourceCount; row++) {
        const [begin = 0, end = 0] = plan.rows.subarray(rows + row, rows + row + 2);
        const entries = Array.from({ length: end - begin }, (_, entry) => {
          const first = synapseBase + (begin + entry) * words;
          return [...plan.synapses.subarray(first, first + words)];
        });
        entries.sort((a, b) => target(a) - target(b));
        synapses.set(entries.flat(), synapseBase + begin * words);
      }
    }
  }
  return { ...plan, synapses };
}

const isSplit = (plan: Plan, threads: number): boolean => layOut(plan, threads).splits !== null;

describe('deliveries shared out by target', () => {
  const dense = { sizes: [300, 211], synapsesPerNeuron: 90 } as const;
  const cases: Readonly<Record<string, HandPlanOptions>> = {
    'one delay': { ...dense, windowSteps: 3, delays: [4, 4], packing: 'target' },
    'delays of their own': { ...dense, windowSteps: 2, delays: [1, 6] },
    'wide synapses': { ...dense, delays: [0, 5], packing: 'wide' },
    'amounts that are watched': { ...dense, delays: [2, 2], limit: 2 ** 30 },
    'given spikes, samples': { ...dense, given: GIVEN, noise: 0.03, sampleEvery: 2 },
  };
  test.each(Object.entries(cases))('%s', async (_, options) => {
    const plan = sortRows(handPlan({ recorded: true, ...options }));
    for (const threads of [2, 3, 4]) expect(isSplit(plan, threads)).toBe(true);
    const { spikes } = await compare(plan, [1, 2, 37, 120]);
    expect(spikes.length).toBeGreaterThan(20);
  });

  test.each([
    [1, 0],
    [1, 3],
    [5, 7],
  ])('as dealt out by spikes: CUBA, windows of %i, delay %i', async (windowSteps, delaySteps) => {
    const dealt = cubaPlan({ neurons: 3001, windowSteps, delaySteps });
    const shared = sortRows(dealt);
    for (const threads of [2, 3]) {
      expect(isSplit(dealt, threads)).toBe(false);
      expect(isSplit(shared, threads)).toBe(true);
    }
    const found = await compare(shared, [1, 600, 299]);
    expect(found.spikes.length).toBeGreaterThan(1000);
    expect(found).toEqual(await outcome(dealt, 2, [1, 600, 299]));
  });

  test('narrow packings, with weights and delays of their own', async () => {
    for (const delay of ['2 ms', { normal: { mean: '1.5 ms', sd: '0.5 ms', min: '0.2 ms' } }]) {
      const net = new Network({ dt: '0.1 ms', seed: 12 });
      const cells = net.population('cells', 777, {
        eqs: 'dv/dt = (24*mV - v)/(20*ms) : volt (unless refractory)',
        threshold: 'v > 20*mV',
        reset: 'v = 0*mV',
        refractory: '2 ms',
        initial: { v: 'rand()*20*mV' },
      });
      net
        .projection('forward', cells.slice(0, 500), cells, {
          eqs: 'w : volt (constant)',
          initial: { w: { lognormal: { mean: '0.1 mV', sd: '0.05 mV' } } },
          onPre: 'v += w',
          delay,
        })
        .connect({ rule: 'fixed-probability', p: 0.1 });
      net.record.spikes(cells);
      const { plan } = compileNetwork(net.document, { synapses: 'stored' });
      expect(plan.deliver.map(({ packing }) => packing)).toEqual([
        delay === '2 ms' ? 'target16' : 'target16+delay8',
      ]);
      for (const threads of [2, 3, 4]) expect(isSplit(plan, threads)).toBe(true);
      const { spikes } = await compare(plan, [800]);
      expect(spikes.length).toBeGreaterThan(500);
    }
  });

  test('not of pathways at arrival, of short rows, of targets that one thread has', () => {
    expect(isSplit(handPlan({ ...dense, plastic: true }), 2)).toBe(false);
    expect(isSplit(handPlan({ ...dense, synapsesPerNeuron: 20 }), 2)).toBe(false);
    const lopsided = handPlan(dense);
    const deliver = lopsided.deliver.map((kernel) => ({
      ...kernel,
      projections: kernel.projections.map((projection) => ({ ...projection, targetCount: 250 })),
    }));
    expect(isSplit({ ...lopsided, deliver }, 2)).toBe(false);
  });
});

describe('plans', () => {
  test.each(Object.entries(CASES))('%s', async (_, options) => {
    const plan = handPlan({ sizes: [300, 211], recorded: true, ...options });
    const { spikes } = await compare(plan, [1, 2, 37, 120]);
    expect(spikes.length).toBeGreaterThan(20);
  });

  test.each([...Array(12).keys()])('at random, number %i', async (number) => {
    const word = (slot: number): number =>
      drawWord(1, streamOf('test', 'threads'), number, 0, slot);
    const below = (slot: number, bound: number): number => word(slot) % bound;
    const isStepwise = below(0, 2) === 0;
    const first = below(1, 6);
    const options: HandPlanOptions = {
      sizes: [4 * (1 + below(2, 180)), 1 + below(3, 90)],
      delays: [first, first + below(4, 5)],
      windowSteps: isStepwise ? 1 : first + 1,
      packing: below(5, 2) === 0 ? 'wide' : 'target+delay',
      noise: below(6, 3) * 0.02,
      synapsesPerNeuron: 1 + below(7, 60),
      plastic: isStepwise && below(8, 2) === 0,
      post: isStepwise && below(9, 2) === 0,
      gap: isStepwise && below(10, 2) === 0,
      ...(below(11, 2) === 0 && { sampleEvery: 1 + below(12, 5) }),
      ...(below(13, 2) === 0 && { given: GIVEN }),
    };
    const { spikes } = await compare(handPlan({ recorded: true, ...options }), [150]);
    expect(spikes.length).toBeGreaterThan(0);
  });

  test.each([0, 3])('that visit marked neurons only, delay %i', async (delaySteps) => {
    const plan = cubaPlan({ neurons: 3001, windowSteps: 1, delaySteps });
    expect(plan.update.map((kernel) => canSkipBegin(plan, kernel))).toEqual([true]);
    const { spikes } = await compare(plan, [1, 600, 299]);
    expect(spikes.length).toBeGreaterThan(1000);
  });

  test('CUBA in windows', async () => {
    const plan = cubaPlan({ neurons: 3001, windowSteps: 5, delaySteps: 7 });
    const { spikes } = await compare(plan, [1, 600, 299]);
    expect(spikes.length).toBeGreaterThan(1000);
  });
});

describe('networks that use every feature of the language', () => {
  test.each(Object.entries(cases))('%s', async (_, build) => {
    const { network, durationMs } = build();
    const { plan } = compileNetwork(network.document, { precision: 'f32' });
    await compare(plan, [Math.min(2000, Math.round(durationMs / plan.dtMs))]);
  });
});

describe('faults', () => {
  test.each([1, 4])('name the same neuron, windows of %i', async (windowSteps) => {
    // Two neurons far apart, in the parts of different threads, leave single precision in the same step.
    const X = own(0, 'x');
    const wild = [170, 390];
    const plan = makePlan({
      windowSteps,
      groups: [
        {
          members: [
            {
              name: 'all',
              count: 401,
              initial: (_, neuron) => (wild.includes(neuron) ? 1e-30 : 0),
            },
          ],
          variables: [{ name: 'x', type: 'f32' }],
          advance: [
            { kind: 'set', place: X, value: mul(get(X), literal(1e30)) },
            { kind: 'set', place: X, value: mul(get(X), literal(10)) },
          ],
        },
      ],
    });
    const { failures } = await compare(plan, [50]);
    expect(failures).toHaveLength(1);
    expect(failures[0]).toContain('x of neuron 170');
    expect(failures[0]).toContain('at step 2');
  });

  test('name the same input: amounts that are too large', async () => {
    for (const windowSteps of [1, 4]) {
      const plan = handPlan({ sizes: [300, 201], limit: 200_000, windowSteps });
      const { failures } = await compare(plan, [400]);
      expect(failures).toHaveLength(1);
    }
  });
});

describe('checkpoints', () => {
  test('of one number of threads are of use to any other', async () => {
    const plan = handPlan({ sizes: [300, 201], plastic: true, delays: [1, 5], noise: 0.02 });
    const run = async (threads: number, from?: Awaited<ReturnType<typeof save>>) => {
      const collector = new Collector();
      const engine = await createCpuEngine(plan, collector, { threads });
      // Somewhere else, with something under way.
      await engine.advance(from ? 33 : 70);
      if (from) await engine.restore?.(from);
      const [spikes, before] = [collector.list.length, engine.step];
      expect(before).toBe(70);
      await engine.advance(90);
      const state = await engine.read('state', 0, plan.state.length);
      engine.destroy();
      return { spikes: collector.list.slice(spikes), state };
    };
    const save = async (threads: number) => {
      const engine = await createCpuEngine(plan, new Collector(), { threads });
      await engine.advance(70);
      const snapshot = await engine.snapshot?.();
      engine.destroy();
      if (!snapshot) throw new Error('no snapshot');
      return snapshot;
    };
    const expected = await run(1);
    expect(expected.spikes.length).toBeGreaterThan(50);
    for (const [before, after] of [
      [1, 3],
      [3, 1],
      [2, 4],
    ] as const) {
      expect(await run(after, await save(before))).toEqual(expected);
    }
  });
});
