/**
 * The same document gives the same spikes, whether its synapses are made by the host, built by the engine, or made again
 * for every spike: for each rule that allows it, and for the microcircuit.
 */
import { describe, expect, it } from 'vitest';
import { createCpuEngine } from '../../src/cpu/engine.ts';
import { microcircuit } from '../../src/examples/microcircuit.ts';
import { Network, type NetworkDocument } from '../../src/index.ts';
import type { ConnectRule, ValueSpec } from '../../src/network/document.ts';
import { type CompileOptions, compileNetwork } from '../../src/plan/compile.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { Collector } from '../support/plans.ts';

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

/** 600 neurons that are driven to about 40 Hz and tightly coupled, so that one wrong synapse soon shows. */
function network(connect: ConnectRule, weight: ValueSpec, delay: ValueSpec): NetworkDocument {
  const net = new Network({ dt: '0.1 ms', seed: 12 });
  const cells = net.population('cells', 600, {
    eqs: 'dv/dt = (24*mV - v)/(20*ms) : volt (unless refractory)',
    threshold: 'v > 20*mV',
    reset: 'v = 0*mV',
    refractory: '2 ms',
    initial: { v: 'rand()*20*mV' },
  });
  const [most, others] = [cells.slice(0, 480), cells.slice(420, 600)];
  const options = { eqs: 'w : volt (constant)', initial: { w: weight }, delay };
  net.projection('forward', most, cells, { ...options, onPre: 'v += w' }).connect(connect);
  net
    .projection('back', others, others, { ...options, onPre: 'v -= 2*w' })
    .connect(connect.rule === 'one-to-one' ? { rule: 'fixed-out-degree', k: 5 } : connect);
  net.record.spikes(cells);
  return net.document;
}

const DRAWN_WEIGHT: ValueSpec = { lognormal: { mean: '0.3 mV', sd: '0.2 mV' } };
const DRAWN_DELAY: ValueSpec = { normal: { mean: '1.5 ms', sd: '0.5 ms', min: '0.2 ms' } };

const RULES: readonly ConnectRule[] = [
  { rule: 'all-to-all', autapses: false },
  { rule: 'fixed-probability', p: 0.05 },
  { rule: 'fixed-probability', p: 0.3, autapses: false },
  { rule: 'fixed-out-degree', k: 40 },
  { rule: 'fixed-out-degree', k: 40, autapses: false },
  { rule: 'fixed-total-number', n: 12_345 },
  { rule: 'fixed-total-number', n: 12_345, autapses: false },
];

describe('one network in three ways', () => {
  it.each(RULES)('%j', async (rule) => {
    await checkWays(network(rule, DRAWN_WEIGHT, DRAWN_DELAY), 800, 500);
  });

  it('one to one', async () => {
    const net = new Network({ dt: '0.1 ms', seed: 12 });
    const cells = net.population('cells', 100, {
      eqs: 'dv/dt = (24*mV - v)/(20*ms) : volt',
      threshold: 'v > 20*mV',
      reset: 'v = 0*mV',
      initial: { v: 'rand()*20*mV' },
    });
    const w = { normal: { mean: '3 mV', sd: '1 mV' } };
    net
      .projection('p', cells.slice(0, 50), cells.slice(50), {
        eqs: 'w : volt (constant)',
        onPre: 'v += w',
        initial: { w },
        delay: DRAWN_DELAY,
      })
      .connect({ rule: 'one-to-one' });
    net.record.spikes(cells);
    await checkWays(net.document, 1000, 200);
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
