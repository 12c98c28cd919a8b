/** Connection rules: counts, distributions, independence of rows, the order of synapses. */
import { describe, expect, it } from 'vitest';
import { philox } from '../../../src/language/philox.ts';
import type { ConnectRule } from '../../../src/network/document.ts';
import { columnsOf, sortRowsByDelay } from '../../../src/plan/columns.ts';
import { type Ends, connect as makeRule, rowMaker } from '../../../src/plan/connect.ts';

const RANDOM = { seed: 5, stream: 77 };
const ends = (sourceCount: number, targetCount: number, offset = 0): Ends => ({
  sourceCount,
  targetCount,
  sourceFirst: 0,
  targetFirst: offset,
});

function connect(
  rule: ConnectRule,
  between: Ends,
  random = RANDOM,
  probability?: (pre: number, post: number) => number,
) {
  const pairs = probability === undefined ? null : { probability, bounds: null };
  const connecting = { rule, ends: between, random, pairs };
  const { rows, count, fill } = makeRule(connecting, 'test');
  const targets = new Uint32Array(count).fill(0xffffffff);
  const origin = new Uint32Array(count);
  fill(targets, origin);
  const row = (r: number): number[] => [...targets.subarray(rows[r], rows[r + 1])];
  return { rows, count, targets, origin, row };
}

/** Word k of a row as language/philox.ts gives it. */
const wordOf = (row: number, k: number, seed: number, stream: number): number => {
  const words = new Uint32Array(4);
  philox(row, k >>> 2, 0, 0, seed, stream, words);
  return words[k & 3] as number;
};

/** Occurrences of 0 … size-1. */
function degreesOf(targets: Uint32Array, size: number): Float64Array {
  const degrees = new Float64Array(size);
  for (const target of targets) degrees[target] = (degrees[target] as number) + 1;
  return degrees;
}

const chiSquare = (counts: Float64Array, expected: number): number =>
  counts.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);

/** Four standard deviations above the mean of chi-square of that many terms. */
const chiLimit = (terms: number): number => terms + 4 * Math.sqrt(2 * terms);

describe('connection rules', () => {
  it('all-to-all, with and without a neuron meeting itself', () => {
    expect(connect({ rule: 'all-to-all' }, ends(2, 3)).targets).toEqual(
      Uint32Array.of(0, 1, 2, 0, 1, 2),
    );
    const without = connect({ rule: 'all-to-all', autapses: false }, ends(3, 3, 1));
    expect([0, 1, 2].map(without.row)).toEqual([
      [0, 1, 2],
      [1, 2],
      [0, 2],
    ]);
  });

  it('one-to-one', () => {
    const { targets, rows } = connect({ rule: 'one-to-one' }, ends(4, 4));
    expect(targets).toEqual(Uint32Array.of(0, 1, 2, 3));
    expect(rows).toEqual(Uint32Array.of(0, 1, 2, 3, 4));
  });

  it('lists keep their order inside a row and remember the position', () => {
    const rule: ConnectRule = { rule: 'list', pre: [1, 0, 1, 1], post: [2, 1, 2, 0] };
    const { row, origin } = connect(rule, ends(2, 3));
    expect([row(0), row(1)]).toEqual([[1], [2, 2, 0]]);
    expect(origin).toEqual(Uint32Array.of(1, 0, 2, 3));
  });

  it('fixed probability: the right number, each target at most once, uniformly', () => {
    const { count, row } = connect({ rule: 'fixed-probability', p: 0.1 }, ends(1000, 1000));
    expect(Math.abs(count - 1e5)).toBeLessThan(5 * Math.sqrt(1e5 * 0.9));
    const perTarget = new Float64Array(1000);
    for (let r = 0; r < 1000; r++) {
      const targets = row(r);
      expect(new Set(targets).size).toBe(targets.length);
      for (const target of targets) perTarget[target] = (perTarget[target] as number) + 1;
    }
    // Chi-square of 1000 binomial counts: 1000 ± 5 sqrt(2000).
    const chi = perTarget.reduce((sum, n) => sum + (n - 100) ** 2 / 90, 0);
    expect(Math.abs(chi - 1000)).toBeLessThan(5 * Math.sqrt(2000));
  });

  it('fixed probability: 0 and 1 are exact, and rows do not depend on other rows', () => {
    expect(connect({ rule: 'fixed-probability', p: 0 }, ends(50, 50)).count).toBe(0);
    expect(connect({ rule: 'fixed-probability', p: 1 }, ends(50, 50)).count).toBe(2500);
    const rule: ConnectRule = { rule: 'fixed-probability', p: 0.05 };
    const few = connect(rule, ends(3, 400));
    const many = connect(rule, ends(30, 400));
    expect([0, 1, 2].map(few.row)).toEqual([0, 1, 2].map(many.row));
  });

  it('fixed in-degree: exactly k sources each, drawn uniformly with replacement', () => {
    const { targets, rows, count } = connect({ rule: 'fixed-in-degree', k: 80 }, ends(500, 300));
    expect(count).toBe(24000);
    const inDegrees = new Uint32Array(300);
    for (const target of targets) inDegrees[target] = (inDegrees[target] as number) + 1;
    expect(new Set(inDegrees)).toEqual(new Set([80]));
    const chi = Array.from(
      { length: 500 },
      (_, r) => ((rows[r + 1] as number) - (rows[r] as number) - 48) ** 2 / 48,
    ).reduce((sum, x) => sum + x);
    expect(Math.abs(chi - 500)).toBeLessThan(5 * Math.sqrt(1000));
  });

  it('fixed in-degree without autapses keeps the degree', () => {
    const rule: ConnectRule = { rule: 'fixed-in-degree', k: 7, autapses: false };
    const { row, count } = connect(rule, ends(5, 5));
    expect(count).toBe(35);
    for (let r = 0; r < 5; r++) expect(row(r)).not.toContain(r);
  });

  it('fixed total number: exactly n, multapses allowed, pairs uniform', () => {
    const { count, row } = connect({ rule: 'fixed-total-number', n: 40000 }, ends(20, 20));
    expect(count).toBe(40000);
    const counts = Array.from({ length: 20 }, (_, r) => {
      const perTarget = new Array<number>(20).fill(0);
      for (const target of row(r)) perTarget[target] = (perTarget[target] as number) + 1;
      return perTarget;
    }).flat();
    const chi = counts.reduce((sum, n) => sum + (n - 100) ** 2 / 100, 0);
    expect(Math.abs(chi - 400)).toBeLessThan(5 * Math.sqrt(800));
    const rule: ConnectRule = { rule: 'fixed-total-number', n: 1000, autapses: false };
    const without = connect(rule, ends(3, 3));
    expect(without.count).toBe(1000);
    for (let r = 0; r < 3; r++) expect(without.row(r)).not.toContain(r);
  });

  it('differs by seed and by stream, and by nothing else', () => {
    const rule: ConnectRule = { rule: 'fixed-probability', p: 0.3 };
    const first = connect(rule, ends(20, 20));
    expect(connect(rule, ends(20, 20)).targets).toEqual(first.targets);
    expect(connect(rule, ends(20, 20), { seed: 6, stream: 77 }).targets).not.toEqual(first.targets);
    expect(connect(rule, ends(20, 20), { seed: 5, stream: 78 }).targets).not.toEqual(first.targets);
  });

  it('fixed out-degree: k targets each, uniformly; the same rows as the scheme says', () => {
    const { count, targets, row } = connect({ rule: 'fixed-out-degree', k: 80 }, ends(300, 500));
    expect(count).toBe(24000);
    expect(chiSquare(degreesOf(targets, 500), 48)).toBeLessThan(chiLimit(500));
    const word = (k: number): number => wordOf(7, k, RANDOM.seed, RANDOM.stream);
    const expected = Array.from({ length: 80 }, (_, k) => Math.floor((word(k) * 500) / 2 ** 32));
    expect(row(7)).toEqual(expected);
  });

  it('without multapses every pair is there once at most, all with the same probability', () => {
    const rules: readonly [ConnectRule, number][] = [
      [{ rule: 'fixed-out-degree', k: 3, multapses: false }, 60],
      [{ rule: 'fixed-out-degree', k: 8, multapses: false }, 160],
      [{ rule: 'fixed-in-degree', k: 15, multapses: false }, 150],
      [{ rule: 'fixed-total-number', n: 70, multapses: false }, 70],
    ];
    for (const [rule, size] of rules) {
      const pairs = new Float64Array(200);
      for (let seed = 0; seed < 2000; seed++) {
        const { row, count } = connect(rule, ends(20, 10), { seed, stream: 3 });
        expect(count).toBe(size);
        for (let r = 0; r < 20; r++) {
          const targets = row(r);
          expect(new Set(targets).size).toBe(targets.length);
          for (const t of targets) pairs[10 * r + t] = (pairs[10 * r + t] as number) + 1;
        }
      }
      // Every pair occurs in size/200 of the networks.
      const p = size / 200;
      const chi = pairs.reduce((sum, n) => sum + (n - 2000 * p) ** 2 / (2000 * p * (1 - p)), 0);
      expect(chi, JSON.stringify(rule)).toBeLessThan(chiLimit(200));
    }
  });

  it('without multapses and autapses: all others where k is their number', () => {
    for (const rule of ['fixed-out-degree', 'fixed-in-degree'] as const) {
      const made = connect({ rule, k: 4, multapses: false, autapses: false }, ends(5, 5));
      const rows = Array.from({ length: 5 }, (_, r) => made.row(r).sort());
      expect(rows).toEqual([0, 1, 2, 3, 4].map((r) => [0, 1, 2, 3, 4].filter((t) => t !== r)));
    }
    const total: ConnectRule = {
      rule: 'fixed-total-number',
      n: 20,
      multapses: false,
      autapses: false,
    };
    expect(connect(total, ends(5, 5)).row(2).sort()).toEqual([0, 1, 3, 4]);
  });

  it('fixed total number: rows have binomial lengths, whatever the number of rows', () => {
    // Lengths of row 3 of 7 over seeds: binomial(40, 1/7).
    const counts = new Float64Array(41);
    for (let seed = 0; seed < 20_000; seed++) {
      const rule: ConnectRule = { rule: 'fixed-total-number', n: 40 };
      const length = connect(rule, ends(7, 5), { seed, stream: 1 }).row(3).length;
      counts[length] = (counts[length] as number) + 1;
    }
    let probability = (6 / 7) ** 40;
    let chi = 0;
    for (let x = 0; x <= 14; x++) {
      chi += ((counts[x] as number) - 20_000 * probability) ** 2 / (20_000 * probability);
      probability *= ((40 - x) / (x + 1)) * (1 / 6);
    }
    expect(chi).toBeLessThan(chiLimit(15));
  });

  it('small world: k neighbours, a fraction p of them elsewhere, out-degrees kept', () => {
    const ring = connect({ rule: 'small-world', k: 4, p: 0 }, ends(10, 10));
    expect(ring.row(0)).toEqual([1, 9, 2, 8]);
    expect(ring.row(9)).toEqual([0, 8, 1, 7]);
    const { row, count } = connect({ rule: 'small-world', k: 10, p: 0.3 }, ends(2000, 2000));
    expect(count).toBe(20_000);
    let moved = 0;
    for (let r = 0; r < 2000; r++) {
      const targets = row(r);
      expect(new Set(targets).size).toBe(10);
      expect(targets).not.toContain(r);
      for (const t of targets) {
        const distance = Math.min((t - r + 2000) % 2000, (r - t + 2000) % 2000);
        if (distance > 5) moved++;
      }
    }
    expect(Math.abs(moved - 6000)).toBeLessThan(5 * Math.sqrt(20_000 * 0.21));
    const random = connect({ rule: 'small-world', k: 10, p: 1 }, ends(1000, 1000));
    expect(chiSquare(degreesOf(random.targets, 1000), 10)).toBeLessThan(chiLimit(1000));
  });

  it('pairwise: pairs of their own probability, by words of their own', () => {
    const p = (pre: number, post: number): number => ((pre + post) % 4) / 4;
    const counts = new Float64Array(4);
    const rule: ConnectRule = { rule: 'pairwise', p: 'unused' };
    const { row } = connect(rule, ends(200, 200), RANDOM, p);
    for (let r = 0; r < 200; r++) {
      for (const t of row(r)) counts[(r + t) % 4] = (counts[(r + t) % 4] as number) + 1;
    }
    expect(counts[0]).toBe(0);
    for (const k of [1, 2, 3]) {
      const sd = Math.sqrt(10_000 * (k / 4) * (1 - k / 4));
      expect(Math.abs((counts[k] as number) - 2500 * k)).toBeLessThan(4 * sd);
    }
    const all = connect({ ...rule, autapses: false }, ends(5, 5), RANDOM, () => 1);
    expect(all.row(2)).toEqual([0, 1, 3, 4]);
  });

  it.each<ConnectRule>([
    { rule: 'all-to-all', autapses: false },
    { rule: 'one-to-one' },
    { rule: 'fixed-probability', p: 0.01 },
    { rule: 'fixed-probability', p: 0.6, autapses: false },
    { rule: 'fixed-out-degree', k: 30, autapses: false },
    { rule: 'fixed-out-degree', k: 30, multapses: false },
    { rule: 'fixed-total-number', n: 5000 },
    { rule: 'fixed-total-number', n: 5000, multapses: false, autapses: false },
    { rule: 'small-world', k: 6, p: 0.2 },
    { rule: 'pairwise', p: 'unused' },
  ])('$rule: a row can be made alone, in any order, again', (rule) => {
    const between = ends(100, 100);
    const probability = (pre: number, post: number): number => 0.3 / (1 + Math.abs(pre - post));
    const { row } = connect(rule, between, RANDOM, probability);
    const pairs = { probability, bounds: null };
    const maker = rowMaker({ rule, ends: between, random: RANDOM, pairs });
    const out = new Uint32Array(maker.longest);
    for (const r of [99, 3, 50, 3]) {
      const length = maker.make(r, out, 0);
      expect([...out.subarray(0, length)]).toEqual(row(r));
      expect(maker.lengthOf?.(r) ?? length).toBe(length);
    }
  });

  it('very small probabilities, whose gaps are longer than the table', () => {
    const { count, row } = connect({ rule: 'fixed-probability', p: 1e-5 }, ends(500, 200_000));
    expect(Math.abs(count - 1000)).toBeLessThan(5 * Math.sqrt(1000));
    for (let r = 0; r < 500; r++) {
      const targets = row(r);
      expect([...targets].sort((a, b) => a - b)).toEqual(targets);
    }
  });

  it('gaps of fixed probability are geometric', () => {
    const { row } = connect({ rule: 'fixed-probability', p: 0.25 }, ends(400, 1000));
    const counts = new Float64Array(200);
    let total = 0;
    for (let r = 0; r < 400; r++) {
      const targets = row(r);
      for (let k = 1; k < targets.length; k++) {
        // Gaps cut off by the end of the row would bias the count.
        if ((targets[k - 1] as number) > 900) break;
        const gap = (targets[k] as number) - (targets[k - 1] as number) - 1;
        counts[gap] = (counts[gap] as number) + 1;
        total++;
      }
    }
    let chi = 0;
    for (let g = 0; g < 20; g++) {
      const expected = total * 0.25 * 0.75 ** g;
      chi += ((counts[g] as number) - expected) ** 2 / expected;
    }
    expect(chi).toBeLessThan(chiLimit(20));
  });

  it('refuses what cannot be stored before it allocates anything', () => {
    expect(() =>
      makeRule(
        { rule: { rule: 'all-to-all' }, ends: ends(1e6, 1e6), random: RANDOM },
        'Projection "p"',
      ),
    ).toThrow(/Projection "p" would make about 1\.00e\+12 synapses/);
  });
});

describe('sorting', () => {
  it('columns list every synapse under its target, in order', () => {
    const { rows, targets } = connect({ rule: 'fixed-probability', p: 0.2 }, ends(30, 40));
    const { offsets, entries } = columnsOf(rows, targets, 40);
    expect(offsets[40]).toBe(targets.length);
    for (let c = 0; c < 40; c++) {
      let last = -1;
      for (let k = offsets[c] as number; k < (offsets[c + 1] as number); k++) {
        const [pre, e] = [entries[2 * k] as number, entries[2 * k + 1] as number];
        expect(targets[e]).toBe(c);
        expect(e).toBeGreaterThanOrEqual(rows[pre] as number);
        expect(e).toBeLessThan(rows[pre + 1] as number);
        expect(e).toBeGreaterThan(last);
        last = e;
      }
    }
  });

  it('rows by delay, stably', () => {
    const rows = Uint32Array.of(0, 4, 6);
    const targets = Uint32Array.of(10, 11, 12, 13, 20, 21);
    const delays = Uint32Array.of(3, 1, 3, 1, 2, 1);
    sortRowsByDelay(rows, delays, [targets, delays, null]);
    expect(targets).toEqual(Uint32Array.of(11, 13, 10, 12, 21, 20));
    expect(delays).toEqual(Uint32Array.of(1, 1, 3, 3, 1, 2));
  });
});
