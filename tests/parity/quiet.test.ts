/**
 * Where spikes are few the CPU engine looks into a large ring of inputs only where there is a mark, which changes no bit:
 * against the reference interpreter, where most neurons are quiet and where few are.
 */
import { describe, expect, test } from 'vitest';
import { createCpuEngine } from '../../src/cpu/engine.ts';
import { layOut } from '../../src/cpu/layout.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { exactly } from '../support/compute.ts';
import { handPlan } from '../support/hand-plans.ts';
import { Collector, cubaPlan } from '../support/plans.ts';
import { runPlan } from '../support/run-plan.ts';

/** The same plan with more slots than it needs, as large networks have: small rings are always looked at. */
function withLargeRing(plan: Plan): Plan {
  const large = { ...plan, ringSlots: Math.ceil(2 ** 19 / plan.inputCells) + plan.ringSlots };
  expect(layOut(plan).looksFirst).toBe(false);
  expect(layOut(large).looksFirst).toBe(true);
  return large;
}

async function compare(plan: Plan, parts: readonly number[], leastSpikes: number): Promise<void> {
  const steps = parts.reduce((sum, part) => sum + part, 0);
  const expected = runPlan(plan, steps);
  expect(expected.spikes.length).toBeGreaterThan(leastSpikes);
  for (const threads of [1, 2, 3]) {
    const collector = new Collector();
    const engine = await createCpuEngine(plan, collector, { threads });
    for (const part of parts) {
      await engine.advance(part);
      // Reading applies what has arrived, which shortens the next window.
      if (part % 2 === 1) await engine.read('state', 0, 1);
    }
    const state = await engine.read('state', 0, plan.state.length);
    engine.destroy();
    expect(collector.list).toEqual(expected.spikes.map(([step, neuron]) => `${step}:${neuron}`));
    expect(Array.from(state, exactly)).toEqual(Array.from(expected.state, exactly));
  }
}

describe('quiet neurons', () => {
  test.each([
    [5, 7],
    [8, 7],
    [3, 20],
  ])('CUBA in windows of %i, delay %i', async (windowSteps, delaySteps) => {
    const plan = withLargeRing(cubaPlan({ neurons: 1205, windowSteps, delaySteps }));
    for (const parts of [[300], [1, 2, 37, 111, 149]]) await compare(plan, parts, 100);
  });

  test('driven by a few given spikes: most of them rest all the time', async () => {
    // 3 generator neurons reach all of "a"; nobody else fires by itself.
    const given = [0, 1, 2, 3, 40, 41, 90, 133, 150].map((step, k) => [step, k % 3] as const);
    const plan = withLargeRing(
      handPlan({
        sizes: [60, 340],
        windowSteps: 3,
        delays: [4, 4],
        packing: 'target',
        given,
        synapsesPerNeuron: 2,
        drive: 0.02,
        recorded: true,
      }),
    );
    await compare(plan, [1, 2, 37, 120], 8);
  });

  test('a checkpoint knows what is under way', async () => {
    const plan = withLargeRing(cubaPlan({ neurons: 1205, windowSteps: 8, delaySteps: 7 }));
    const run = async (from: number, to: number): Promise<string[]> => {
      const first = await createCpuEngine(plan, new Collector());
      await first.advance(from);
      const snapshot = await first.snapshot?.();
      first.destroy();
      const collector = new Collector();
      const second = await createCpuEngine(plan, collector);
      if (snapshot) await second.restore?.(snapshot);
      await second.advance(to - from);
      second.destroy();
      return collector.list;
    };
    const whole = await run(0, 300);
    const rest = await run(61, 300);
    expect(rest.length).toBeGreaterThan(20);
    expect(rest).toEqual(whole.slice(whole.length - rest.length));
  });

  test('in windows of one step, with delays of their own, on all threads', async () => {
    const options = { sizes: [60, 340], synapsesPerNeuron: 30, recorded: true } as const;
    for (const plan of [
      handPlan({ ...options, delays: [2, 5] }),
      handPlan({ ...options, delays: [2, 5], windowSteps: 2, packing: 'wide' }),
      handPlan({ ...options, plastic: true, post: true, sampleEvery: 2 }),
    ]) {
      await compare(withLargeRing(plan), [1, 2, 37, 80], 50);
    }
  });

  test('are not told apart where neurons have many synapses', () => {
    const plan = withLargeRing(cubaPlan({ neurons: 405, windowSteps: 5, delaySteps: 7 }));
    expect(layOut({ ...plan, synapseCount: 405 * 201 }).looksFirst).toBe(false);
  });
});
