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

  it('begins small', () => {
    const log = createSpikeLog();
    expect(log.length).toBe(0);
    expect(log.slices(0, 1e9)).toEqual([]);
  });
});
