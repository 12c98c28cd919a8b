/**
 * Whole numbers in equations: functions of bits, division by powers of two, what stays an integer, statements of every
 * step, and sums of whole weights. Operations are compared with BigInt, cut to 32 bits, on every engine.
 */
import { describe, expect, it } from 'vitest';
import { compileNetwork, createSimulation, Network, NetworkError } from '../../../src/index.ts';
import { checkPopulation } from '../../../src/language/check.ts';
import { engines, samples, simulate } from '../../support/engines.ts';

const scope = { params: {}, networkParams: {}, timedArrays: {} };

/** What the checker says of a text, or "fine". */
function verdict(onStep: string, eqs = 'n : integer\nx : 1\nv : volt\nb : boolean'): string {
  try {
    checkPopulation({ eqs, onStep }, scope);
    return 'fine';
  } catch (error) {
    if (error instanceof NetworkError) return error.message;
    throw error;
  }
}

describe('integers', () => {
  it.each([
    ['n = shift_left(n, 3)'],
    ['n = bit_and(n, 255) + bit_or(n, 1)'],
    ['n = abs(n) + sign(n) + clip(n, -3, inf)'],
    ['n = n // 4 + n % 8'],
    ['k = abs(n); n = k*k'],
    ['n = shift_right(int(x), n)'],
  ])('%s', (text) => {
    expect(verdict(text)).toBe('fine');
  });

  it.each([
    ['n = shift_left(x, 3)', /shift_left works on integers, but x is a float\. Write int\(x\)/],
    ['n = bit_and(n, v)', /bit_and works on integers, but v is in volt\. Integers have no unit/],
    ['n = shift_right(n, 32)', /shift_right moves by 0 to 31 bits, not by 32/],
    ['n = shift_right(n, -1)', /moves by 0 to 31 bits, not by -1/],
    ['n = shift_right(n)', /shift_right takes 2 arguments, not 1\nHint: Write shift_right\(n, k\)/],
    ['n = abs(x)', /this is not a whole number, but n is an integer\. Write int/],
    ['n = clip(n, 0, 2.5)', /not a whole number/],
    ['n = bit_and(n, b)', /a condition is not a number\. Write int\(b\)/],
  ])('%s is refused', (text, message) => {
    expect(verdict(text)).toMatch(message);
  });
});

/** Reproducible 32-bit integers, small and large ones, and the ends of the range. */
function words(count: number): number[] {
  let state = 12345;
  const drawn = Array.from({ length: count }, (_, k) => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state >> ((k % 5) * 7);
  });
  return [0, 1, -1, 2 ** 31 - 1, -(2 ** 31), 2 ** 24 + 1, -(2 ** 24) - 1, ...drawn];
}

const low32 = (x: bigint): number => Number(BigInt.asIntN(32, x));

/** Formula, and the same in integers without bounds. */
const OPERATIONS: readonly (readonly [string, (n: bigint, m: bigint) => bigint])[] = [
  ['n + m', (n, m) => n + m],
  ['n - 3*m + 7', (n, m) => n - 3n * m + 7n],
  ['n*m', (n, m) => n * m],
  ['-n', (n) => -n],
  ['abs(n)', (n) => (n < 0n ? -n : n)],
  ['sign(n)', (n) => (n > 0n ? 1n : n < 0n ? -1n : 0n)],
  ['clip(n, -1000, m)', (n, m) => ((n < -1000n ? -1000n : n) < m ? (n < -1000n ? -1000n : n) : m)],
  ['shift_left(n, 5)', (n) => n << 5n],
  ['shift_left(n, m)', (n, m) => n << (m & 31n)],
  ['shift_right(n, 12)', (n) => n >> 12n],
  ['shift_right(n, m)', (n, m) => n >> (m & 31n)],
  ['bit_and(n, m)', (n, m) => n & m],
  ['bit_or(n, m)', (n, m) => n | m],
  ['n // 4096', (n) => n >> 12n],
  ['n % 4096', (n) => n & 4095n],
  ['int(n > m)*n', (n, m) => (n > m ? n : 0n)],
  [
    'int(n + 1 > m - 1)',
    (n, m) => (BigInt.asIntN(32, n + 1n) > BigInt.asIntN(32, m - 1n) ? 1n : 0n),
  ],
];

describe.each(engines)('$name', (engine) => {
  it('computes in 32 bits', async () => {
    const n = words(60);
    const m = [...n].reverse().map((word, k) => word ^ (k * 977));
    const net = new Network({ dt: '1 ms' });
    const names = OPERATIONS.map((_, k) => `r_${k}`);
    net.population('cells', n.length, {
      eqs: ['n : integer', 'm : integer', ...names.map((name) => `${name} : integer`)].join('\n'),
      onStep: OPERATIONS.map(([text], k) => `r_${k} = ${text}`).join('\n'),
      initial: { n: { values: n, unit: '1' }, m: { values: m, unit: '1' } },
    });
    await simulate(net, engine, 1, async (simulation) => {
      for (const [k, [text, exact]] of OPERATIONS.entries()) {
        const found = Array.from(await simulation.get('cells', `r_${k}`));
        const expected = n.map((word, at) => low32(exact(BigInt(word), BigInt(m[at] as number))));
        expect(found, text).toEqual(expected);
      }
    });
  });

  it('runs the statements of a step after integration and before the spike test', async () => {
    const net = new Network({ dt: '1 ms' });
    const cells = net.population('cells', 2, {
      eqs: `dv/dt = 1/ms : 1 (unless refractory)
            n : integer
            seen : 1
            limit : 1 (constant)`,
      onStep: 'seen = v; v += 10; n += 1; w = n; n = w*2',
      threshold: 'v > limit',
      reset: 'v = 0; n = 0',
      refractory: '3 ms',
      method: 'euler',
      initial: { limit: { values: [25, 1000], unit: '1' } },
    });
    net.record.state(cells, ['v', 'seen', 'n']);
    net.record.spikes(cells);
    await simulate(net, engine, 8, (simulation) => {
      // v: 11, 22, 33 spikes and is reset, stays for two steps, goes on.
      expect(Array.from(samples(simulation, 'v'))).toEqual([0, 11, 22, 0, 0, 0, 11, 22]);
      expect(Array.from(samples(simulation, 'seen'))).toEqual([0, 1, 12, 23, 0, 0, 1, 12]);
      expect(Array.from(samples(simulation, 'n'))).toEqual([0, 2, 6, 0, 2, 6, 14, 30]);
      expect(Array.from(simulation.spikes().steps)).toEqual([2, 7]);
    });
  });

  it('adds whole weights exactly', async () => {
    const weights = [1, -(2 ** 22), 2 ** 22 + 1, 3, 127, -128];
    const net = new Network({ dt: '1 ms' });
    const sources = net.spikeList('sources', weights.length, {
      indices: weights.map((_, k) => k),
      timesMs: weights.map((_, k) => (k < 3 ? 1 : 2)),
    });
    const cells = net.population('cells', 1, { eqs: 'a : integer', threshold: 'a > 2**22' });
    net
      .projection('weights', sources, cells, {
        eqs: 'weight : integer (constant)',
        onPre: 'a += weight',
        initial: { weight: { values: weights, unit: '1' } },
      })
      .connect({ rule: 'all-to-all' });
    net.poissonInput('drive', cells, { variable: 'a', n: 4, rate: '1000 Hz', weight: '-5' });
    await simulate(net, engine, 4, async (simulation) => {
      expect(Array.from(await simulation.get('cells', 'a'))).toEqual([4 - 80]);
    });
  });
});

describe('sums of whole numbers', () => {
  const net = (weight: number, type = 'integer'): Network => {
    const made = new Network({ dt: '1 ms' });
    const sources = made.poissonPopulation('sources', 300, { rate: '10 Hz' });
    const cells = made.population('cells', 2, { eqs: `a : ${type}` });
    made
      .projection('weights', sources, cells, { onPre: `a += ${weight}` })
      .connect({ rule: 'all-to-all' });
    return made;
  };

  it('have the scale 1', () => {
    const plan = compileNetwork(net(100).document).plan;
    expect(plan.update.flatMap(({ inputs }) => inputs).map(({ scale }) => scale)).toEqual([0]);
  });

  it('are refused where they could pass 2^24', () => {
    expect(() => compileNetwork(net(60000).document)).toThrow(
      /Population "cells": the synapses onto the integer "a" could add up to 1\.800e\+7 in one step, and sums of whole numbers are exact up to 16777216/,
    );
    expect(() => compileNetwork(net(60000, '1').document)).not.toThrow();
  });
});

describe('onStep', () => {
  it('is checked like a reset', async () => {
    const build = (onStep: string): Network => {
      const net = new Network({ dt: '1 ms' });
      net.population('cells', 1, { eqs: 'v : volt', onStep });
      return net;
    };
    await expect(createSimulation(build('v = 3'))).rejects.toThrow(
      /onStep: +v = 3\n.*Write 3\*mV/s,
    );
    await expect(createSimulation(build('k += 1'))).rejects.toThrow(NetworkError);
    expect(() => build('v =').document).toThrow(/onStep/);
    expect(() => build(3 as never).document).toThrow(/onStep/);
  });

  it('is part of what makes populations run the same code', () => {
    const net = new Network({ dt: '1 ms' });
    net.population('a', 1, { eqs: 'n : integer', onStep: 'n += 1' });
    net.population('b', 1, { eqs: 'n : integer', onStep: 'n += 2' });
    net.population('c', 1, { eqs: 'n : integer', onStep: 'n += 1' });
    expect(compileNetwork(net.document).plan.update).toHaveLength(2);
  });
});
