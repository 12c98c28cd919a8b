import { describe, expect, it } from 'vitest';
import { createSpikeLog } from '../../../../src/app/simulation/spike-log.ts';

/** Three spikes in each of the steps from … to-1, of neurons 3*step and the next two. */
const some = (from: number, to: number) => {
  const count = 3 * (to - from);
  return [
    Uint32Array.from({ length: count }, (_, k) => from + Math.floor(k / 3)),
    Uint32Array.from({ length: count }, (_, k) => 3 * from + k),
  ] as const;
};

describe('the log of spikes', () => {
  it('gives back the spikes of a range, across pieces', () => {
    const log = createSpikeLog(1000, 16);
    log.add(...some(0, 5));
    log.add(...some(5, 40));
    expect(log.length).toBe(120);
    const { steps, neurons } = log.copy(4, 23);
    expect(steps[0]).toBe(4);
    expect(steps.at(-1)).toBe(22);
    expect(Array.from(neurons)).toEqual(Array.from({ length: 57 }, (_, k) => 12 + k));
    expect(log.copy(40, 50).steps.length).toBe(0);
    expect(log.copy(7, 7).steps.length).toBe(0);
  });

  it('lets the oldest go when it is full, says how many, and which steps it still has whole', () => {
    const log = createSpikeLog(64, 16);
    for (let step = 0; step < 100; step++) log.add(...some(step, step + 1));
    expect(log.length + log.dropped).toBe(300);
    expect(log.length).toBeGreaterThanOrEqual(64);
    expect(log.length).toBeLessThanOrEqual(64 + 16);
    const { steps, neurons } = log.copy(0, 1000);
    expect(neurons[0]).toBe(log.dropped);
    expect(steps.length).toBe(log.length);
    for (let step = log.keptFrom; step < 100; step++) {
      expect(Array.from(log.copy(step, step + 1).neurons)).toEqual([
        3 * step,
        3 * step + 1,
        3 * step + 2,
      ]);
    }
    // Of the step before something may be gone.
    expect(log.copy(0, log.keptFrom).steps.length).toBeLessThan(3);
  });

  it('takes a batch larger than a piece, and larger than everything', () => {
    const log = createSpikeLog(64, 16);
    log.add(...some(0, 100));
    expect(log.length + log.dropped).toBe(300);
    expect(log.copy(99, 100).steps.length).toBe(3);
  });

  it('numbers spikes from the start of the run, also after some were let go', () => {
    const log = createSpikeLog(64, 16);
    expect(log.numberAt(5)).toBe(0);
    for (let step = 0; step < 100; step++) log.add(...some(step, step + 1));
    expect(log.numberAt(95)).toBe(285);
    expect(log.numberAt(1000)).toBe(300);
    expect(log.numberAt(0)).toBe(log.dropped);
    const read = (from: number, to: number): number[] =>
      log.numbered(from, to).flatMap(({ neurons }) => Array.from(neurons));
    expect(read(285, 291)).toEqual([285, 286, 287, 288, 289, 290]);
    expect(read(298, 1000)).toEqual([298, 299]);
    expect(read(300, 1000)).toEqual([]);
    const kept = read(0, 300);
    expect(kept.length).toBe(log.length);
    expect(kept[0]).toBe(log.dropped);
  });

  it('begins small', () => {
    const log = createSpikeLog();
    expect(log.length).toBe(0);
    expect(log.slices(0, 1e9)).toEqual([]);
  });
});
