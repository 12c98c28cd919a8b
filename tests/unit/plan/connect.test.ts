/** Connection rules: counts, distributions, independence of rows, the order of synapses. */
import { describe, expect, it } from 'vitest';
import type { ConnectRule } from '../../../src/network/document.ts';
import { columnsOf, sortRowsByDelay } from '../../../src/plan/columns.ts';
import { type Ends, connect as makeRule } from '../../../src/plan/connect.ts';

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
  const connecting = { rule, ends: between, random, probability: probability ?? null };
  const { rows, count, fill } = makeRule(connecting, 'test');
  const targets = new Uint32Array(count).fill(0xffffffff);
  const origin = new Uint32Array(count);
  fill(targets, origin);
  const row = (r: number): number[] => [...targets.subarray(rows[r], rows[r + 1])];
  return { rows, count, targets, origin, row };
}

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
