/**
 * Spikes that no recording asks for: a program that shows everything gets them, and nothing else changes. On every engine
 * that there is.
 */
import { describe, expect, it } from 'vitest';
import { createSimulation, Network, type SimulationOptions } from '../../src/index.ts';
import { engines } from '../support/engines.ts';

/** Noisy neurons that drive others; spikes of `recorded` are recorded. */
function network(recorded: readonly ('driving' | 'driven' | 'given')[]): Network {
  const net = new Network({ name: 'watched', seed: 5 });
  const populations = {
    driving: net.population('driving', 40, {
      eqs: 'dv/dt = (20*mV - v)/(10*ms) + 3*mV*xi*(10*ms)**-0.5 : volt',
      threshold: 'v > 15*mV',
      reset: 'v = 0*mV',
    }),
    driven: net.population('driven', 30, {
      eqs: 'dv/dt = -v/(10*ms) : volt',
      threshold: 'v > 5*mV',
      reset: 'v = 0*mV',
    }),
    given: net.spikeList('given', 3, { indices: [0, 1, 2], timesMs: [1, 2, 3] }),
  };
  net
    .projection('all', populations.driving, populations.driven, { onPre: 'v += 1*mV' })
    .connect({ rule: 'fixed-probability', p: 0.3 });
  for (const name of recorded) net.record.spikes(populations[name]);
  return net;
}

async function run(net: Network, options: SimulationOptions) {
  const counts = new Map<string, number>();
  const simulation = await createSimulation(net, {
    ...options,
    onSpikes(_, neurons) {
      for (const neuron of neurons) {
        const owner = simulation.populations.find(
          ({ first, size }) => neuron >= first && neuron < first + size,
        );
        counts.set(owner?.name ?? '?', (counts.get(owner?.name ?? '?') ?? 0) + 1);
      }
    },
  });
  await simulation.run('200 ms');
  const found = {
    counts: Object.fromEntries([...counts].sort()),
    hash: await simulation.spikeHash(),
    summary: simulation.summary().populations,
    total: simulation.summary().spikes,
  };
  simulation.destroy();
  return found;
}

describe.each(engines)('$name', ({ options }) => {
  it.each([true, false])(
    'watched spikes change no result (spikes kept: %s)',
    async (keepSpikes) => {
      const all = await run(network(['driving', 'driven', 'given']), { ...options, keepSpikes });
      const plain = await run(network(['driven']), { ...options, keepSpikes });
      const watched = await run(network(['driven']), { ...options, keepSpikes, watchSpikes: true });
      expect(Object.keys(plain.counts)).toEqual(['driven']);
      // The same network: whoever is recorded, all three spike alike.
      expect(all.counts.given).toBe(3);
      expect(all.counts.driving).toBeGreaterThan(100);
      expect(watched.counts).toEqual(all.counts);
      expect({ ...watched, counts: null }).toEqual({ ...plain, counts: null });
    },
  );

  it('reach a listener where nothing is recorded at all', async () => {
    const nothing = await run(network([]), { ...options, keepSpikes: false, watchSpikes: true });
    expect(nothing.counts.driving).toBeGreaterThan(100);
    expect(nothing.total).toBe(0);
  });
});
