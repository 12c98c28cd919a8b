/** How the length of batches follows the time that they take. */
import { describe, expect, test } from 'vitest';
import { Pace } from '../../../src/gpu/pace.ts';

/** Lets `pace` see batches whose time is `delay` and `cost` per window. Returns their lengths. */
function batches(pace: Pace, count: number, cost: number, delay: (k: number) => number): number[] {
  return Array.from({ length: count }, (_, k) => {
    const { windows } = pace;
    pace.learn(windows, delay(k) + cost * windows);
    return windows;
  });
}

/** 0.5 … 1.5, the same every time. */
const noise = (k: number): number => 1 + Math.sin(12.9898 * k) / 2;

describe('the pace of batches', () => {
  test('starts with one window and grows until a batch takes about 25 ms', () => {
    const lengths = batches(new Pace(1024), 30, 0.1, () => 0.2);
    expect(lengths[0]).toBe(1);
    for (const [k, length] of lengths.entries()) {
      if (k > 0) expect(length).toBeLessThanOrEqual(4 * (lengths[k - 1] as number) + 1);
    }
    expect(lengths.at(-1)).toBeGreaterThan(200);
    expect(lengths.at(-1)).toBeLessThan(300);
  });

  test('a delay that does not depend on the length does not make batches short', () => {
    const lengths = batches(new Pace(1024), 60, 0.5, (k) => 70 * noise(k));
    const later = lengths.slice(20);
    // 50 ms of work would be 100 windows.
    expect(Math.min(...later)).toBeGreaterThan(15);
    expect(later.reduce((a, b) => a + b) / later.length).toBeGreaterThan(40);
    expect(Math.max(...later)).toBeLessThan(500);
  });

  test('windows that become slower make batches shorter', () => {
    const pace = new Pace(1024);
    batches(pace, 20, 0.1, () => 0.2);
    const lengths = batches(pace, 20, 2, () => 0.2);
    // At most 50 ms.
    expect(lengths.at(-1)).toBeLessThanOrEqual(25);
    expect(lengths.at(-1)).toBeGreaterThan(8);
  });

  test('one window that takes long is one window per batch', () => {
    const lengths = batches(new Pace(1024), 20, 300, () => 1);
    expect(Math.max(...lengths)).toBe(1);
  });

  test('a wrong guess is forgotten in a few batches when the host looks too late', () => {
    const pace = new Pace(1024);
    batches(pace, 4, 50, () => 0);
    let waited = 0;
    for (let k = 0; k < 12; k++) {
      const guess = 0.8 * pace.windows * pace.msPerWindow;
      const real = 0.1 * pace.windows;
      waited += Math.max(guess, real);
      pace.learn(pace.windows, Math.max(guess, real), guess > real);
    }
    expect(pace.windows).toBeGreaterThan(100);
    expect(waited).toBeLessThan(500);
  });
});
