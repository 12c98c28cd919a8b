/** The spike store: appending, choosing, counting, going back; and the hash of a run. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { meanCvIsi } from '../../../src/recording/analysis.ts';
import { SpikeStore, spikeHash } from '../../../src/recording/spikes.ts';
import { randomFrom } from '../../support/mutate.ts';

/** Three populations of 10, 5 and 3 neurons; blocks larger than the first capacity. */
function filled(keep = true): SpikeStore {
  const store = new SpikeStore([0, 10, 15], 18, keep);
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

  it('hash and irregularity are the same, kept or not', async () => {
    const random = randomFrom(3);
    const kept = new SpikeStore([0, 10, 15], 18, true);
    const passing = new SpikeStore([0, 10, 15], 18, false);
    for (let step = 0; step < 2000; step++) {
      const neurons = Uint32Array.from({ length: 18 }, (_, k) => k).filter(() => random() < 0.05);
      const steps = new Uint32Array(neurons.length).fill(step);
      for (const store of [kept, passing]) store.append(steps, neurons);
    }
    expect(await passing.hash()).toBe(await kept.hash());
    expect(await kept.hash()).toBe(await spikeHash(kept.all()));
    for (const [first, size] of [
      [0, 10],
      [10, 5],
      [15, 3],
    ] as const) {
      const expected = meanCvIsi(kept.of(first, 0, size), size, 0.1);
      // About 100 intervals per neuron: rounding stays far below 1e-12.
      expect(kept.intervals().meanCv(first, size)).toBeCloseTo(expected as number, 12);
      expect(passing.intervals().meanCv(first, size)).toBe(kept.intervals().meanCv(first, size));
    }
  });

  it.each([[true], [false]])('goes back to a mark, kept %s', async (keep) => {
    const store = new SpikeStore([0, 10, 15], 18, keep);
    const add = (step: number): void =>
      store.append(Uint32Array.of(step, step), Uint32Array.of(step % 10, 12));
    for (let step = 0; step < 100; step++) add(step);
    const mark = store.mark(100);
    const [hash, cv] = [await store.hash(), store.intervals().meanCv(0, 18)];
    // Twice, because going back must not use the mark up.
    for (const last of [200, 150]) {
      for (let step = 100; step < last; step++) add(step * 3);
      expect(await store.hash()).not.toBe(hash);
      store.rewind(mark);
      expect([store.total, store.countOf(1)]).toEqual([200, 100]);
      expect(await store.hash()).toBe(hash);
      expect(store.intervals().meanCv(0, 18)).toBe(cv);
    }
    if (keep) expect(store.all().steps.at(-1)).toBe(99);
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

  it('is that of any number of spikes, in any pieces', async () => {
    // Blocks of SHA-256 hold 8 spikes; the length at the end needs room for one more.
    for (const count of [1, 6, 7, 8, 9, 15, 16, 1003]) {
      const steps = Uint32Array.from({ length: count }, (_, k) => k * 1_000_003);
      const neurons = Uint32Array.from({ length: count }, (_, k) => (k * 40_503) % 1009);
      const pairs = Uint32Array.from({ length: 2 * count }, (_, k) =>
        k % 2 ? (neurons[k >> 1] as number) : (steps[k >> 1] as number),
      );
      const bytes = new Uint8Array(pairs.buffer);
      expect(await spikeHash({ steps, neurons })).toBe(
        createHash('sha256').update(bytes).digest('hex'),
      );
    }
  });

  it('of nothing is that of no bytes', async () => {
    const none = { steps: new Uint32Array(), neurons: new Uint32Array() };
    expect(await spikeHash(none)).toBe(createHash('sha256').digest('hex'));
  });
});
