/** Sampled state: from the engines' blocks [sample][value][row] to one array per variable, [neuron][sample]. */
import { describe, expect, it } from 'vitest';
import { TraceStore } from '../../../src/recording/traces.ts';

/** Two values, three rows; number = 100*sample + 10*value + row. */
function filled(samples: number, blockSize: number): TraceStore {
  const store = new TraceStore({ every: 2, values: 2, rows: 3 });
  for (let first = 0; first < samples; first += blockSize) {
    const count = Math.min(blockSize, samples - first);
    const data = Float32Array.from({ length: count * 6 }, (_, k) => {
      const sample = first + Math.floor(k / 6);
      return 100 * sample + 10 * (Math.floor(k / 3) % 2) + (k % 3);
    });
    store.append(first, count, data);
  }
  return store;
}

const layout = {
  kernel: 0,
  variables: ['w', 'v'],
  valueOf: [1, 0],
  rowOf: [2, 0],
  neurons: [7, 4],
  every: 2,
};

describe('TraceStore', () => {
  it('gathers values and rows, whatever the blocks', () => {
    for (const blockSize of [1, 2, 5]) {
      const { timesMs, values, neurons } = filled(3, blockSize).read(layout, 0.5);
      expect([...timesMs]).toEqual([0, 1, 2]);
      expect(neurons).toEqual([7, 4]);
      expect([...(values.w ?? [])]).toEqual([12, 112, 212, 10, 110, 210]);
      expect([...(values.v ?? [])]).toEqual([2, 102, 202, 0, 100, 200]);
    }
  });

  it('thins out for a recording with a longer interval', () => {
    const { timesMs, values } = filled(5, 2).read({ ...layout, every: 4 }, 0.5);
    expect([...timesMs]).toEqual([0, 2, 4]);
    expect([...(values.v ?? [])].slice(0, 3)).toEqual([2, 202, 402]);
  });

  it('forgets samples of later steps', () => {
    const store = filled(5, 3);
    store.truncate(4);
    expect([...store.read(layout, 0.5).timesMs]).toEqual([0, 1]);
  });
});
