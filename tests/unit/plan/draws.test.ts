/** Words in bulk, whole-number spreading, and the exact splits behind totals. */
import { describe, expect, it } from 'vitest';
import { philox } from '../../../src/language/philox.ts';
import { fillRowWords, RowWords, spread } from '../../../src/plan/draws.ts';
import { gapOf, gapTable } from '../../../src/plan/gaps.ts';
import { binomial, hypergeometric, rowLengths } from '../../../src/plan/split.ts';

describe('words of rows', () => {
  it('are those of Philox, block by block', () => {
    const words = new Uint32Array(4 * 50 + 1);
    const block = new Uint32Array(4);
    const cases = [
      [0, 0, 0, 0],
      [7, 3, 1, 0x9e3779b9],
      [2 ** 32 - 1, 2 ** 32 - 60, 2 ** 32 - 1, 2 ** 32 - 1],
      [12_345, 2 ** 31 - 25, 77, 0xdeadbeef],
    ] as const;
    for (const [row, first, seed, stream] of cases) {
      for (const lane of [0, 1]) {
        fillRowWords(words, 1, row, first, 50, { seed, stream }, lane);
        for (let k = 0; k < 50; k++) {
          philox(row, first + k, lane, 0, seed, stream, block);
          expect(words.subarray(1 + 4 * k, 5 + 4 * k)).toEqual(block);
        }
      }
    }
    const reader = new RowWords({ seed: 1, stream: 2 });
    fillRowWords(words, 0, 9, 0, 10, { seed: 1, stream: 2 });
    reader.start(9);
    for (let k = 0; k < 40; k++) expect(reader.next()).toBe(words[k]);
  });

  // Few are made one by one, many together, very many in several goes.
  it.each([1, 3, 4, 5, 17, 4063, 9001])('%d blocks are those of one at a time', (blocks) => {
    const key = { seed: 3, stream: 2 ** 31 + 5 };
    const words = new Uint32Array(4 * blocks + 3).fill(7);
    const one = new Uint32Array(4);
    fillRowWords(words, 2, 11, 2 ** 32 - 20, blocks, key);
    for (let k = 0; k < blocks; k++) {
      fillRowWords(one, 0, 11, 2 ** 32 - 20 + k, 1, key);
      expect(words.subarray(2 + 4 * k, 6 + 4 * k)).toEqual(one);
    }
    expect([words[1], words[2 + 4 * blocks]]).toEqual([7, 7]);
  });

  it('spread is the high word of the product', () => {
    for (const width of [1, 2, 3, 1000, 2 ** 21 - 1, 2 ** 21, 2 ** 24 + 1, 2 ** 28, 2 ** 31 - 1]) {
      for (const word of [0, 1, 2 ** 16, 4_000_000_007, 2 ** 31, 2 ** 32 - 1, 0x9e3779b9]) {
        expect(spread(word, width)).toBe(Number((BigInt(word) * BigInt(width)) >> 32n));
      }
    }
  });
});

describe('splits', () => {
  /** How often each value comes of evenly spaced u. */
  const histogram = (draw: (u: number) => number, size: number): Float64Array => {
    const counts = new Float64Array(size);
    const n = 200_000;
    for (let k = 0; k < n; k++) {
      const x = draw((k + 0.5) / n);
      counts[x] = (counts[x] as number) + 1 / n;
    }
    return counts;
  };
  const choose = (n: number, k: number): number => {
    let result = 1;
    for (let i = 1; i <= k; i++) result *= (n - k + i) / i;
    return result;
  };

  it('binomial numbers have their probabilities', () => {
    for (const [n, p] of [
      [1, 0.5],
      [20, 0.3],
      [50, 0.97],
      [9, 0.001],
    ] as const) {
      histogram((u) => binomial(n, p, u), n + 1).forEach((found, x) => {
        expect(Math.abs(found - choose(n, x) * p ** x * (1 - p) ** (n - x))).toBeLessThan(2e-5);
      });
    }
    expect([binomial(10, 0, 0.5), binomial(10, 1, 0.5), binomial(0, 0.5, 0.5)]).toEqual([0, 10, 0]);
  });

  it('large ones have mean and variance', () => {
    const n = 1_000_000;
    const values = Float64Array.from({ length: 2000 }, (_, k) =>
      binomial(n, 0.2, (k + 0.5) / 2000),
    );
    const mean = values.reduce((a, b) => a + b) / 2000;
    const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 2000;
    expect(Math.abs(mean - 200_000)).toBeLessThan(1);
    expect(variance / 160_000).toBeCloseTo(1, 2);
  });

  it('hypergeometric numbers have their probabilities', () => {
    for (const [n, left, right] of [
      [5, 4, 6],
      [12, 10, 5],
      [30, 20, 12],
    ] as const) {
      histogram((u) => hypergeometric(n, left, right, u), n + 1).forEach((found, x) => {
        const p =
          x > left || n - x > right
            ? 0
            : (choose(left, x) * choose(right, n - x)) / choose(left + right, n);
        expect(Math.abs(found - p)).toBeLessThan(2e-5);
      });
    }
  });

  it('lengths add up to the total, whatever it is', () => {
    for (const total of [0, 1, 17, 100_000, 30_000_000]) {
      for (const multapses of [true, false]) {
        const pairs = (from: number, to: number): number => (to - from) * 1_000_000;
        const lengths = rowLengths(
          { rowCount: 37, total, pairs, multapses },
          { seed: 3, stream: 4 },
        );
        expect(lengths.reduce((a, b) => a + b)).toBe(total);
      }
    }
  });
});

describe('gaps', () => {
  it('the guide gives what the thresholds say', () => {
    for (const p of [0.9, 0.5, 0.1, 0.003, 1e-6]) {
      const table = gapTable(p);
      for (let k = 0; k < 3000; k++) {
        const word = Math.imul(k, 0x9e3779b1) >>> 0;
        const found = table.thresholds.findIndex((threshold) => word < threshold);
        expect(gapOf(table, word)).toBe(found < 0 ? table.length : found);
      }
      expect((table.thresholds[0] as number) / 2 ** 32 / p).toBeCloseTo(1, 3);
    }
  });
});
