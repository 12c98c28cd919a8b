/** How the length of batches follows the time that they take. */
import { describe, expect, test } from 'vitest';
import { Pace } from '../../../src/gpu/pace.ts';

/**
 * Lets `pace` see batches of windows that cost `cost` ms, two under way at a time, whose end is heard of `delay(k)` ms
 * late. Returns their lengths.
 */
function batches(pace: Pace, count: number, cost: number, delay: (k: number) => number): number[] {
  const lengths: number[] = [];
  let [now, free] = [0, 0];
  const underWay: { windows: number; before: number; at: number; done: number }[] = [];
  while (lengths.length < count) {
    while (underWay.length < 2) {
      const { windows } = pace;
      free = Math.max(free, now) + cost * windows;
      underWay.push({ windows, before: underWay[0]?.windows ?? 0, at: now, done: free });
      lengths.push(windows);
    }
    const batch = underWay.shift();
    if (batch === undefined) throw new Error('nothing is under way');
    now = Math.max(now, batch.done + delay(lengths.length));
    pace.learn(batch.windows, batch.before, now - batch.at);
  }
  return lengths;
}

/** Mostly a few milliseconds, every third time up to 200. */
const unsteady = (k: number): number => (k % 3 === 0 ? 100 * (1 + Math.sin(12.9898 * k)) : 3);

describe('the pace of batches', () => {
  test('starts with one window and grows until a batch takes about 25 ms', () => {
    const lengths = batches(new Pace(1024), 30, 0.1, () => 0.2);
    expect(lengths[0]).toBe(1);
    for (const [k, length] of lengths.entries()) {
      if (k > 0) expect(length).toBeLessThanOrEqual(4 * (lengths[k - 1] as number));
    }
    expect(lengths.at(-1)).toBeGreaterThan(200);
    expect(lengths.at(-1)).toBeLessThan(300);
  });

  test('late news does not make batches short, nor long', () => {
    const lengths = batches(new Pace(1024), 100, 0.5, unsteady).slice(20);
    // 25 ms of work are 50 windows.
    expect(Math.min(...lengths)).toBeGreaterThanOrEqual(25);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(100);
  });

  test('windows that become slower make batches shorter', () => {
    const pace = new Pace(1024);
    batches(pace, 20, 0.1, () => 0.2);
    const lengths = batches(pace, 20, 2, () => 0.2);
    expect(lengths.at(-1)).toBeLessThan(20);
    expect(lengths.at(-1)).toBeGreaterThan(8);
  });

  test('one window that takes long is one window per batch', () => {
    expect(Math.max(...batches(new Pace(1024), 20, 300, () => 1))).toBe(1);
  });

  test('a short last batch does not start it all over again', () => {
    const pace = new Pace(1024);
    batches(pace, 20, 0.1, () => 0);
    pace.learn(1, 0, 0.1);
    expect(pace.windows).toBeGreaterThan(100);
  });
});
