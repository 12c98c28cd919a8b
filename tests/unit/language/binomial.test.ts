/**
 * binomial(n, p) against the exact distribution: its function of one uniform number everywhere between the jumps, in double
 * and in single precision, and its draws in a running network on every engine.
 */
import { describe, expect, it } from 'vitest';
import { createSimulation, Network } from '../../../src/index.ts';
import { binomialAt, binomialValue } from '../../../src/language/binomial-draw.ts';
import * as ir from '../../../src/language/kernel.ts';
import { compileNetwork } from '../../../src/plan/compile.ts';
import { engines, simulate } from '../../support/engines.ts';
import { interpret, type Surroundings } from '../../support/interpret.ts';

/** Distribution function by its definition, with binomial coefficients: P(K <= k) for k = 0 … n. */
function distribution(n: number, p: number): number[] {
  let [coefficient, sum] = [1, 0];
  return Array.from({ length: n + 1 }, (_, k) => {
    sum += coefficient * p ** k * (1 - p) ** (n - k);
    coefficient = (coefficient * (n - k)) / (k + 1);
    return sum;
  });
}

/** The statements' result for one uniform number, by the reference interpreter. */
function interpreted(n: number, p: number, u: number, precision: 'f32' | 'f64'): number {
  const body: ir.Statement[] = [];
  const name = (hint: string, value: ir.Value): ir.Value => {
    const local = `${hint}_${body.length}`;
    body.push({ kind: 'let', name: local, value });
    return ir.local(local, value.type);
  };
  const value = binomialValue(name, ir.literal(n), ir.literal(p), ir.literal(u));
  const variables = new Map<string, number>();
  const place = { side: 'own', index: 0, name: 'k' } as const;
  const surroundings: Surroundings = { precision, variables };
  interpret([...body, { kind: 'set', place, value }], surroundings);
  return variables.get('own.0') as number;
}

const CASES = [
  [1, 0.3],
  [5, 0.5],
  [10, 0.03],
  [12, 0.999],
  [20, 0.7],
  [32, 0.5],
  [32, 0.02],
  [32, 0.98],
] as const;

describe('the function of one uniform number', () => {
  it.each(CASES)('n %d, p %d', (n, p) => {
    const flipped = p > 0.5;
    const below = distribution(n, flipped ? 1 - p : p);
    let looked = 0;
    for (const [k, jump] of below.slice(0, -1).entries()) {
      const expected = (count: number): number => (flipped ? n - count : count);
      for (const [u, count] of [
        [jump - 2e-6, k],
        [jump + 2e-6, k + 1],
      ] as const) {
        const [least, most] = [below[count - 1] ?? 0, below[count] as number];
        // Where steps are narrower than that, both sides lie elsewhere.
        if (u < 0 || u >= 1 || u < least || u >= most) continue;
        looked++;
        expect(binomialAt(n, p, u)).toBe(expected(count));
        expect(interpreted(n, p, u, 'f64')).toBe(expected(count));
        expect(interpreted(n, p, u, 'f32')).toBe(expected(count));
      }
    }
    expect(looked).toBeGreaterThan(1);
  });

  it.each([
    [0, 0.5, 0],
    [7, 0, 0],
    [7, 1, 7],
    [-3, 0.5, 0],
    [7, -1, 0],
    [7, 2, 7],
    [3.9, 1, 3],
    [100, 1, 32],
  ])('n %d, p %d: %d whatever the number', (n, p, expected) => {
    for (const u of [0, 0.25, 0.75, 1 - 2 ** -24]) {
      expect(binomialAt(n, p, u)).toBe(expected);
      for (const precision of ['f32', 'f64'] as const) {
        expect(interpreted(n, p, u, precision)).toBe(expected);
      }
    }
  });
});

describe('draws', () => {
  const N = 20_000;
  const reset = (net: Network) =>
    net.population('neurons', N, {
      eqs: 'k : integer\nn : integer (constant)\nv : 1',
      threshold: 'v > 1',
      reset: 'v = 0; k = binomial(n, p)',
      params: { p: 0.3 },
      initial: { n: 12, v: 2 },
    });

  it.each(engines)('$name: of resets, by chi-squared', async (engine) => {
    const net = new Network({ dt: '0.1 ms', seed: 3 });
    reset(net);
    await simulate(net, engine, 0.2, async (simulation) => {
      const counts = new Float64Array(13);
      for (const k of await simulation.get('neurons', 'k')) counts[k] = (counts[k] as number) + 1;
      const below = distribution(12, 0.3);
      // Nine successes and more together: 34 expected.
      let [chi, rest, restExpected] = [0, 0, 0];
      for (const [k, count] of counts.entries()) {
        const expected = N * ((below[k] as number) - (below[k - 1] ?? 0));
        if (k < 9) chi += (count - expected) ** 2 / expected;
        else [rest, restExpected] = [rest + count, restExpected + expected];
      }
      chi += (rest - restExpected) ** 2 / restExpected;
      // 9 degrees of freedom: beyond 36 with probability 4e-5.
      expect(chi).toBeLessThan(36);
    });
  });

  it('are the same on both engines, to the bit', async () => {
    const found: (readonly number[])[] = [];
    for (const { options } of engines.filter(({ isDouble }) => !isDouble)) {
      const net = new Network({ dt: '0.1 ms', seed: 3 });
      reset(net);
      const simulation = await createSimulation(net, options);
      await simulation.run('0.2 ms');
      found.push(Array.from(await simulation.get('neurons', 'k')));
      simulation.destroy();
    }
    for (const other of found) expect(other).toEqual(found[0]);
  });

  it('first values may be drawn', () => {
    const net = new Network({ dt: '0.1 ms', seed: 3 });
    net.population('neurons', 2000, { eqs: 'k : integer', initial: { k: 'binomial(5, 0.5)' } });
    const { state } = compileNetwork(net.document).plan;
    const mean = state.reduce((sum, k) => sum + k, 0) / 2000;
    expect(Math.abs(mean - 2.5)).toBeLessThan(4 * Math.sqrt(1.25 / 2000));
  });
});
