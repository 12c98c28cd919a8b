/**
 * Degrees of every random rule have the distribution that the rule implies, not only its mean: chi-square tests of in-
 * and out-degrees at stated seeds. Counts of fixed rules and totals are exact in connect.test.ts.
 */
import { describe, expect, it } from 'vitest';
import type { ConnectRule } from '../../../src/network/document.ts';
import { connect, type Ends } from '../../../src/plan/connect.ts';

const SOURCES = 3000;
const TARGETS = 2000;
const ENDS: Ends = {
  sourceCount: SOURCES,
  targetCount: TARGETS,
  sourceFirst: 0,
  // Nobody is at both ends.
  targetFirst: SOURCES,
};

/** Out- and in-degrees of one network. */
function degreesOf(rule: ConnectRule, seed: number): readonly [Uint32Array, Uint32Array] {
  const pairs =
    rule.rule === 'pairwise' ? { probability: () => Number(rule.p), bounds: null } : null;
  const random = { seed, stream: 1234 };
  const { rows, count, fill } = connect({ rule, ends: ENDS, random, pairs }, 'test');
  const targets = new Uint32Array(count);
  fill(targets, null);
  const incoming = new Uint32Array(TARGETS);
  for (const target of targets) incoming[target] = (incoming[target] as number) + 1;
  const outgoing = Uint32Array.from(
    { length: SOURCES },
    (_, row) => (rows[row + 1] as number) - (rows[row] as number),
  );
  return [outgoing, incoming];
}

/** P(K = k) of a binomial number for all k, from the mode outwards so that nothing underflows. */
function binomial(trials: number, q: number): (k: number) => number {
  const mode = Math.floor((trials + 1) * q);
  const terms = new Map([[mode, 1]]);
  const odds = q / (1 - q);
  let total = 1;
  for (let k = mode + 1, term = 1; k <= trials && term > 1e-18; k++) {
    term *= ((trials - k + 1) / k) * odds;
    terms.set(k, term);
    total += term;
  }
  for (let k = mode - 1, term = 1; k >= 0 && term > 1e-18; k--) {
    term *= (k + 1) / ((trials - k) * odds);
    terms.set(k, term);
    total += term;
  }
  return (k) => (terms.get(k) ?? 0) / total;
}

/**
 * Chi-square of counted degrees against a distribution, in cells of at least 8 expected, less its mean, in standard
 * deviations. Degrees that share a sum are a little less spread than independent ones: this lowers it by 1/sqrt(2 cells).
 */
function chiSquare(degrees: Uint32Array, chance: (k: number) => number): number {
  const most = degrees.reduce((largest, degree) => Math.max(largest, degree), 0) + 1;
  const counts = new Uint32Array(most + 1);
  for (const degree of degrees) counts[degree] = (counts[degree] as number) + 1;
  let [chi, cells, found, expected, seen] = [0, 0, 0, 0, 0];
  const close = (): void => {
    chi += (found - expected) ** 2 / expected;
    cells++;
    seen += expected;
    [found, expected] = [0, 0];
  };
  for (let k = 0; k <= most; k++) {
    found += counts[k] as number;
    expected += degrees.length * chance(k);
    if (expected >= 8 && degrees.length - seen - expected >= 8) close();
  }
  // The last cell takes all that is larger.
  expected = degrees.length - seen;
  close();
  return (chi - (cells - 1)) / Math.sqrt(2 * (cells - 1));
}

const LIMIT = 4;

describe('degrees', () => {
  const CASES: readonly {
    readonly rule: ConnectRule;
    readonly out: ((k: number) => number) | number;
    readonly into: ((k: number) => number) | number;
  }[] = [
    {
      rule: { rule: 'fixed-probability', p: 0.02 },
      out: binomial(TARGETS, 0.02),
      into: binomial(SOURCES, 0.02),
    },
    {
      rule: { rule: 'fixed-probability', p: 0.0003 },
      out: binomial(TARGETS, 0.0003),
      into: binomial(SOURCES, 0.0003),
    },
    {
      rule: { rule: 'pairwise', p: 0.02 },
      out: binomial(TARGETS, 0.02),
      into: binomial(SOURCES, 0.02),
    },
    {
      rule: { rule: 'fixed-out-degree', k: 20 },
      out: 20,
      into: binomial(20 * SOURCES, 1 / TARGETS),
    },
    {
      rule: { rule: 'fixed-out-degree', k: 20, multapses: false },
      out: 20,
      into: binomial(SOURCES, 20 / TARGETS),
    },
    {
      rule: { rule: 'fixed-in-degree', k: 30 },
      out: binomial(30 * TARGETS, 1 / SOURCES),
      into: 30,
    },
    {
      rule: { rule: 'fixed-in-degree', k: 30, multapses: false },
      out: binomial(TARGETS, 30 / SOURCES),
      into: 30,
    },
    {
      rule: { rule: 'fixed-total-number', n: 50_000 },
      out: binomial(50_000, 1 / SOURCES),
      into: binomial(50_000, 1 / TARGETS),
    },
    {
      // So many of all pairs that a row is binomial but for parts in 10^3.
      rule: { rule: 'fixed-total-number', n: 50_000, multapses: false },
      out: binomial(TARGETS, 50_000 / (SOURCES * TARGETS)),
      into: binomial(SOURCES, 50_000 / (SOURCES * TARGETS)),
    },
  ];
  it.each(CASES)('$rule', ({ rule, out, into }) => {
    for (const seed of [11, 12, 13]) {
      const [outgoing, incoming] = degreesOf(rule, seed);
      for (const [degrees, expected] of [
        [outgoing, out],
        [incoming, into],
      ] as const) {
        if (typeof expected === 'number') expect(new Set(degrees)).toEqual(new Set([expected]));
        else expect(Math.abs(chiSquare(degrees, expected))).toBeLessThan(LIMIT);
      }
    }
  });

  it('the test tells a distribution from one of another mean, or another variance', () => {
    const [outgoing] = degreesOf({ rule: 'fixed-probability', p: 0.02 }, 11);
    expect(chiSquare(outgoing, binomial(TARGETS, 0.0205))).toBeGreaterThan(LIMIT);
    // Mean 40 as well, variance 30 instead of 39.2.
    expect(chiSquare(outgoing, binomial(160, 0.25))).toBeGreaterThan(LIMIT);
  });
});
