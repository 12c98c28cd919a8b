/**
 * The same document gives the same spikes, whether its synapses are made by the host, built by the engine, or made again
 * for every spike: for each rule that allows it, and for the microcircuit.
 */
import { describe, expect, it } from 'vitest';
import { createCpuEngine } from '../../src/cpu/engine.ts';
import { microcircuit } from '../../src/examples/microcircuit.ts';
import type { NetworkDocument } from '../../src/index.ts';
import { type CompileOptions, compileNetwork } from '../../src/plan/compile.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { Collector } from '../support/plans.ts';
import { DRAWN_DELAY, DRAWN_WEIGHT, network, pairs, RULES } from '../support/synapse-ways.ts';

const WAYS = ['host', 'stored', 'procedural'] as const;

/** Spikes of some steps, as text, and how many. */
async function spikesOf(
  document: NetworkDocument,
  synapses: CompileOptions['synapses'],
  steps: number,
  threads: number,
): Promise<{ readonly text: string; readonly count: number; readonly plan: Plan }> {
  const { plan } = compileNetwork(document, synapses === undefined ? {} : { synapses });
  const collector = new Collector();
  const engine = await createCpuEngine(plan, collector, { threads });
  expect(engine.threads).toBe(threads);
  await engine.advance(steps);
  engine.destroy();
  const { steps: at, neurons } = collector;
  return { text: `${at.join()} ${neurons.join()}`, count: at.length, plan };
}

async function checkWays(document: NetworkDocument, steps: number, fewest: number): Promise<void> {
  const expected = await spikesOf(document, 'host', steps, 1);
  expect(expected.count).toBeGreaterThan(fewest);
  expect(expected.plan.deliver.every(({ packing }) => packing !== 'generated')).toBe(true);
  for (const way of WAYS) {
    for (const threads of way === 'host' ? [2] : [1, 2]) {
      const found = await spikesOf(document, way, steps, threads);
      const isGenerated = found.plan.deliver.some(({ packing }) => packing === 'generated');
      expect(isGenerated).toBe(way === 'procedural');
      expect({ way, threads, spikes: found.text }).toEqual({ way, threads, spikes: expected.text });
    }
  }
}

describe('one network in three ways', () => {
  it.each(RULES)('%j', async (rule) => {
    await checkWays(network(rule, DRAWN_WEIGHT, DRAWN_DELAY), 800, 500);
  });

  it('one to one', async () => {
    await checkWays(pairs(), 1000, 200);
  });

  it.each([
    ['constant weights', '0.2 mV', DRAWN_DELAY],
    ['constant delays', DRAWN_WEIGHT, '1.1 ms'],
    ['constants', '0.2 mV', '1.1 ms'],
    ['no delays', DRAWN_WEIGHT, '0 ms'],
  ] as const)('%s', async (_, weight, delay) => {
    await checkWays(network({ rule: 'fixed-out-degree', k: 40 }, weight, delay), 800, 500);
    await checkWays(network({ rule: 'fixed-probability', p: 0.1 }, weight, delay), 800, 500);
  });

  it('the microcircuit', async () => {
    await checkWays(microcircuit.build({ scale: 0.05 }, { seed: 1 }), 1000, 400);
  });
});
