/** The spike store: appending, choosing, counting, going back; and the hash of a run. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { SpikeStore, spikeHash } from '../../../src/recording/spikes.ts';

/** Three populations of 10, 5 and 3 neurons; blocks larger than the first capacity. */
function filled(keep = true): SpikeStore {
  const store = new SpikeStore([0, 10, 15], keep);
  for (let step = 0; step < 600; step++) {
    store.append(Uint32Array.of(step, step, step), Uint32Array.of(step % 10, 12, 17));
  }
  return store;
}

describe('SpikeStore', () => {
  it('counts by population and in total, kept or not', () => {
    for (const store of [filled(), filled(false)]) {
      expect([0, 1, 2].map((population) => store.countOf(population))).toEqual([600, 600, 600]);
      expect(store.total).toBe(1800);
    }
    expect(filled(false).all().steps.length).toBe(0);
  });

  it('chooses a range of one population, numbered within that range', () => {
    const { steps, neurons } = filled().of(10, 1, 4);
    expect(steps.length).toBe(600);
    expect(new Set(neurons)).toEqual(new Set([1]));
    expect(steps[599]).toBe(599);
    expect(filled().of(10, 3, 5).steps.length).toBe(0);
  });

  it('forgets what came at or after a step', () => {
    const store = filled();
    store.truncate(100);
    expect(store.total).toBe(300);
    expect(store.countOf(1)).toBe(100);
    store.append(Uint32Array.of(100), Uint32Array.of(3));
    expect(store.all().steps.at(-1)).toBe(100);
  });
});

describe('spikeHash', () => {
  it('is SHA-256 over little-endian pairs sorted by step, then neuron', async () => {
    const bytes = new Uint8Array(Uint32Array.of(1, 5, 1, 9, 2, 3).buffer);
    const expected = createHash('sha256').update(bytes).digest('hex');
    const sorted = { steps: Uint32Array.of(1, 1, 2), neurons: Uint32Array.of(5, 9, 3) };
    const shuffled = { steps: Uint32Array.of(2, 1, 1), neurons: Uint32Array.of(3, 9, 5) };
    expect(await spikeHash(sorted)).toBe(expected);
    expect(await spikeHash(shuffled)).toBe(expected);
  });

  it('of nothing is that of no bytes', async () => {
    const none = { steps: new Uint32Array(), neurons: new Uint32Array() };
    expect(await spikeHash(none)).toBe(createHash('sha256').digest('hex'));
  });
});
