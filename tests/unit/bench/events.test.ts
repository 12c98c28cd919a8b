/** Synaptic events: spikes times out-degrees, counted from plans against a count by hand. */
import { describe, expect, it } from 'vitest';
import { countEvents, meanEvents } from '../../../bench/events.ts';
import { compileNetwork, Network } from '../../../src/index.ts';

/** Ten neurons onto ten by a list, and onto themselves by a rule. */
function small(rule: Parameters<ReturnType<Network['projection']>['connect']>[0], autapses = true) {
  const net = new Network({ name: 'small', seed: 3 });
  const model = { eqs: 'dv/dt = -v/(10*ms) : 1', threshold: 'v > 1', reset: 'v = 0' };
  const a = net.population('a', 10, model);
  const b = net.population('b', 10, model);
  net.projection('ruled', a, a, { onPre: 'v += 0.1', delay: '1 ms' }).connect(rule);
  net
    .projection('listed', b, a, { onPre: 'v += 0.1', delay: '1 ms' })
    .connect({ rule: 'list', pre: [0, 0, 0, 7], post: [1, 2, 3, 4] });
  net.record.spikes(a);
  return { document: net.document, autapses };
}

/** Neuron 2 of a fires twice, neuron 0 of b three times, neuron 7 of b once. */
const spikesOf = new Uint32Array(20);
spikesOf[2] = 2;
spikesOf[10] = 3;
spikesOf[17] = 1;
/** Of the list: three synapses of neuron 0 three times, one of neuron 7 once. */
const LISTED = 3 * 3 + 1;

describe('synaptic events', () => {
  it.each([
    [{ rule: 'one-to-one' }, 2 * 1],
    [{ rule: 'all-to-all', autapses: true }, 2 * 10],
    [{ rule: 'all-to-all', autapses: false }, 2 * 9],
    [{ rule: 'fixed-out-degree', k: 4 }, 2 * 4],
  ] as const)('are exact for %j, stored and procedural', (rule, ruled) => {
    const { document } = small(rule);
    for (const synapses of ['stored', 'procedural', 'host'] as const) {
      const { plan } = compileNetwork(document, { synapses });
      expect(countEvents(plan, spikesOf), synapses).toEqual({
        events: ruled + LISTED,
        counted: 'exact',
      });
    }
  });

  it('are the same for a fixed total, whose rows differ, however synapses exist', () => {
    const { document } = small({ rule: 'fixed-total-number', n: 37 });
    const counts = (['stored', 'procedural', 'host'] as const).map((synapses) =>
      countEvents(compileNetwork(document, { synapses }).plan, new Uint32Array(20).fill(1)),
    );
    // Every neuron once: every synapse once.
    for (const found of counts) expect(found).toEqual({ events: 37 + 4, counted: 'exact' });
  });

  it('fall back on the mean where rows are only made as spikes come', () => {
    const { document } = small({ rule: 'fixed-probability', p: 0.3 });
    const exact = countEvents(compileNetwork(document, { synapses: 'host' }).plan, spikesOf);
    expect(exact.counted).toBe('exact');
    const { plan } = compileNetwork(document, { synapses: 'procedural' });
    const { events, counted } = countEvents(plan, spikesOf);
    expect(counted).toBe('mean');
    expect(events).toBeCloseTo((6 * plan.synapseCount) / 20, 9);
    expect(meanEvents({ synapseCount: 0, neuronCount: 0 }, new Uint32Array(0)).events).toBe(0);
  });
});
