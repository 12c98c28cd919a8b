/**
 * Bounds of in-degrees from rules alone: their probability is what is promised, no projection exceeds them, they are not
 * much above what occurs; and the fixed-point scales that follow from them are safe and not much coarser than needed.
 */
import { describe, expect, it } from 'vitest';
import type { ConnectRule, ValueSpec } from '../../../src/network/document.ts';
import { Network } from '../../../src/network/network.ts';
import { compileNetwork } from '../../../src/plan/compile.ts';
import { connect, type Ends } from '../../../src/plan/connect.ts';
import { tableOf } from '../../../src/plan/distributions.ts';
import { type DegreeRule, inDegreeBound, sumBound } from '../../../src/plan/in-degrees.ts';
import { tableParts } from '../../../src/plan/quantiles.ts';
import { generatedRow } from '../../support/generated-rows.ts';

/** Logarithms of 0! … n!. */
function logFactorials(n: number): Float64Array {
  const logs = new Float64Array(n + 1);
  for (let k = 2; k <= n; k++) logs[k] = (logs[k - 1] as number) + Math.log(k);
  return logs;
}

/** P(K >= x) of a binomial number, summed term by term. */
function upperTail(trials: number, q: number, x: number, logs: Float64Array): number {
  let total = 0;
  for (let k = trials; k >= x; k--) {
    total += Math.exp(
      (logs[trials] as number) -
        (logs[k] as number) -
        (logs[trials - k] as number) +
        k * Math.log(q) +
        (trials - k) * Math.log1p(-q),
    );
  }
  return total;
}

/** The bound for so many sources that each reach a target with probability q. */
function quantile(trials: number, q: number, targets: number): number {
  const ends = { sourceCount: trials, targetCount: targets, sourceFirst: 0, targetFirst: 0 };
  return inDegreeBound({ rule: 'gaps', ends, autapses: true, count: trials * targets, p: q });
}

describe('bounds of numbers', () => {
  const logs = logFactorials(20_000);
  it.each([
    [100, 0.5, 1000],
    [100, 0.01, 10],
    [1000, 0.1, 10_000],
    [20_000, 0.02, 20_000],
    [20_000, 1e-4, 100_000],
    [5000, 0.9, 50],
    [40, 0.3, 1],
  ])(
    '%i trials of %f, %i targets: the chance is 10^-15 at most, and the bound near the exact one',
    (trials, q, targets) => {
      const bound = quantile(trials, q, targets);
      if (bound < trials) expect(targets * upperTail(trials, q, bound, logs)).toBeLessThan(1e-15);
      let exact = bound;
      while (targets * upperTail(trials, q, exact - 1, logs) < 1e-15) exact--;
      // Chernoff's bound leaves out a factor of some sqrt(2 pi K), which is few synapses more.
      expect(bound - exact).toBeLessThanOrEqual(3 + 0.02 * exact);
    },
  );

  it('nothing is left out where all trials succeed, or nothing is known', () => {
    expect(quantile(10, 1, 5)).toBe(10);
    expect(quantile(1, 0.5, 5)).toBe(1);
    expect(quantile(1, 1e-300, 1)).toBe(1);
  });
});

describe('bounds of sums', () => {
  const ends = { sourceCount: 1000, targetCount: 1000, sourceFirst: 0, targetFirst: 0 };
  const rule = { rule: 'gaps', ends, autapses: true, count: 100_000, p: 0.1 } as const;
  const L = Math.log(1000 / 1e-15);

  it('of equal amounts: so many times the number', () => {
    const sum = sumBound(rule, { chances: [1], sizes: [0.25] });
    expect(sum).toBeLessThanOrEqual(0.25 * inDegreeBound(rule));
    expect(sum).toBeGreaterThan(0.25 * (inDegreeBound(rule) - 1.1));
    expect(sumBound(rule, { chances: [1], sizes: [0] })).toBe(0);
  });

  it('of exponential amounts: that of the gamma distribution, where all sources reach all targets', () => {
    // E exp(t x) = 1/(1 - t) for mean 1, so the bound is the smallest of (1000 ln(1/(1 - t)) + L)/t.
    const all = { ...rule, rule: 'all-to-all', count: 1_000_000 } as const;
    let exact = Number.POSITIVE_INFINITY;
    for (let t = 0.001; t < 1; t += 0.001) {
      exact = Math.min(exact, (-1000 * Math.log1p(-t) + L) / t);
    }
    const table = tableOf({ kind: 'exponential', mean: 1, min: 0, max: Infinity, outside: 'clip' });
    const parts = tableParts(table);
    const amounts = {
      chances: parts.map(({ chance }) => chance),
      sizes: parts.map(({ range }) => range[1]),
    };
    expect(amounts.chances.reduce((sum, chance) => sum + chance, 0)).toBe(1);
    const sum = sumBound(all, amounts);
    // Parts count with their upper end: an eighth of an octave more at most, here 3 % on average.
    expect(sum).toBeGreaterThan(exact);
    expect(sum).toBeLessThan(1.06 * exact);
  });

  it('of amounts that are seldom large: near what occurs, far below as many of the largest', () => {
    const rare = { chances: [0.999, 0.001], sizes: [1, 1000] };
    const sum = sumBound(rule, rare);
    // 100 synapses of mean 2, and of a thousand targets some get three of the large ones.
    expect(sum).toBeGreaterThan(3000);
    expect(sum).toBeLessThan(0.1 * 1000 * inDegreeBound(rule));
  });
});

const ENDS: Ends = { sourceCount: 300, targetCount: 400, sourceFirst: 50, targetFirst: 0 };

function largestDegree(rule: ConnectRule, seed: number): number {
  const { rows, count, fill } = connect({ rule, ends: ENDS, random: { seed, stream: 9 } }, 'test');
  const targets = new Uint32Array(count);
  fill(targets, null);
  expect(rows.at(-1)).toBe(count);
  const degrees = new Uint32Array(ENDS.targetCount);
  for (const target of targets) degrees[target] = (degrees[target] as number) + 1;
  return degrees.reduce((most, degree) => Math.max(most, degree), 0);
}

describe('in-degrees', () => {
  const CASES: readonly (readonly [ConnectRule, DegreeRule['rule'], number, number])[] = [
    [{ rule: 'one-to-one' }, 'one-to-one', 300, 0],
    [{ rule: 'all-to-all' }, 'all-to-all', 120_000, 0],
    [{ rule: 'all-to-all', autapses: false }, 'all-to-all', 119_700, 0],
    [{ rule: 'fixed-probability', p: 0.01 }, 'gaps', 1200, 0.01],
    [{ rule: 'fixed-probability', p: 0.3 }, 'gaps', 36_000, 0.3],
    [{ rule: 'fixed-probability', p: 0.9, autapses: false }, 'gaps', 108_000, 0.9],
    [{ rule: 'fixed-out-degree', k: 3 }, 'draws', 900, 0],
    [{ rule: 'fixed-out-degree', k: 100, autapses: false }, 'draws', 30_000, 0],
    [{ rule: 'fixed-total-number', n: 100_000 }, 'draws', 100_000, 0],
  ];
  it.each(CASES)(
    '%j: never exceeded, and at most 3 times what occurs, or 18 more',
    (rule, kind, count, p) => {
      const autapses = !('autapses' in rule) || rule.autapses !== false;
      const bound = inDegreeBound({ rule: kind, ends: ENDS, autapses, count, p });
      let largest = 0;
      for (let seed = 1; seed <= 40; seed++) largest = Math.max(largest, largestDegree(rule, seed));
      expect(largest).toBeLessThanOrEqual(bound);
      expect(bound).toBeLessThanOrEqual(Math.max(3 * largest, largest + 18));
      // Of Poisson numbers of mean m, with L = ln(400/10^-15) = 41: m + L/3 + sqrt(L^2/9 + 2 m L) at most.
      const [mean, L] = [count / ENDS.targetCount, Math.log(400 / 1e-15)];
      const most = mean + L / 3 + Math.sqrt((L * L) / 9 + 2 * mean * L);
      expect(bound).toBeLessThanOrEqual(Math.min(1.01 * most + 1, Math.max(count, 1)));
    },
  );
});

describe('scales of projections whose synapses are not looked at', () => {
  const WEIGHTS: readonly (readonly [string, ValueSpec])[] = [
    ['constant', '1.62 mV'],
    ['normal', { normal: { mean: '87 mV', sd: '8.7 mV', min: '0 mV' } }],
    ['lognormal', { lognormal: { mean: '-1 mV', sd: '1 mV' } }],
    ['uniform', { uniform: { min: '-5 mV', max: '1 mV' } }],
    ['tiny', { exponential: { mean: '0.001 mV' } }],
  ];
  const RULES: readonly ConnectRule[] = [
    { rule: 'all-to-all' },
    { rule: 'fixed-probability', p: 0.2 },
    { rule: 'fixed-out-degree', k: 60 },
    { rule: 'fixed-total-number', n: 20_000 },
  ];
  it.each(WEIGHTS)('%s weights: no sum overflows, and 3 bits more would', (_, weight) => {
    for (const rule of RULES) {
      for (const seed of [1, 2, 3]) {
        const net = new Network({ seed, params: { J: '-2 mV' } });
        const P = net.population('P', 200, { eqs: 'v : volt', threshold: 'v > 1*mV' });
        net
          .projection('p', P, P, { eqs: 'w : volt', onPre: 'v += 2*w', initial: { w: weight } })
          .connect(rule);
        net.projection('q', P, P, { onPre: 'v += J' }).connect(rule);
        const { plan } = compileNetwork(net.document, { synapses: 'procedural' });
        const { scale, proven } = plan.update[0]?.inputs[0] ?? { scale: 0, proven: false };
        expect(proven).toBe(true);
        const sums = new Float64Array(200);
        for (const { projections } of plan.deliver) {
          for (const slot of projections) {
            for (let row = 0; row < 200; row++) {
              const { targets, values } = generatedRow(plan, slot, row);
              for (const [k, target] of targets.entries()) {
                const amount = slot.name === 'p' ? 2 * (values[0]?.[k] as number) : -2;
                sums[target] = (sums[target] as number) + Math.round(Math.abs(amount) * 2 ** scale);
              }
            }
          }
        }
        const largest = Math.max(...sums);
        expect(largest).toBeLessThan(2 ** 31);
        if (scale < 24) expect(largest * 2 ** 3).toBeGreaterThan(2 ** 31);
      }
    }
  });

  it('a parameter, and values that are set, may grow as far as the bound allows', () => {
    const net = new Network({ params: { J: '1 mV' } });
    const P = net.population('P', 100, { eqs: 'v : volt', threshold: 'v > 1*mV' });
    const rule = { rule: 'all-to-all' } as const;
    net.projection('q', P, P, { onPre: 'v += J' }).connect(rule);
    const w = '1 mV';
    net.projection('p', P, P, { eqs: 'w : volt', onPre: 'v += w', initial: { w } }).connect(rule);
    const compiled = compileNetwork(net.document);
    const scale = compiled.plan.update[0]?.inputs[0]?.scale ?? 0;
    // 100 of w and 100 of J, and together they reach this far, in mV.
    const total = 2 ** (31 - scale) / 100;
    const [setJ, setW] = [
      (share: number) => () => compiled.setParameter('', 'J', `${share * total} mV`),
      (share: number) => () => compiled.evaluate('p', 'w', `${share * total} mV`),
    ];
    compiled.setParameter('', 'J', '0 mV');
    expect(setW(1.001)).toThrow('could add up to');
    expect(setW(0.9)()[0]).toBeCloseTo(0.9 * total, 6);
    // Set values count until others are set, and what was refused has changed nothing.
    expect(setJ(0.101)).toThrow('could add up to');
    expect(setJ(0.099)).not.toThrow();
    expect(setW(0.902)).toThrow('could add up to');
    expect(setW(0.01)).not.toThrow();
    expect(setJ(0.99)).toThrow('could add up to');
    expect(setJ(0.98)).not.toThrow();
  });
});
