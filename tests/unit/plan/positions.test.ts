/** Positions, distances, and what pairwise rules, weights and delays make of them. */
import { describe, expect, it } from 'vitest';
import type { ConnectRule, PositionsDocument, ValueSpec } from '../../../src/network/document.ts';
import { Network, type ProjectionOptions } from '../../../src/network/network.ts';
import { type CompiledNetwork, compileNetwork } from '../../../src/plan/compile.ts';
import { storedRow } from '../../support/stored-rows.ts';

const NEURON = {
  eqs: 'dv/dt = -v/(10*ms) : volt\ngroup : 1 (constant)',
  threshold: 'v > 1*mV',
  reset: 'v = 0*mV',
};
const PLAIN = { onPre: 'v += 1*mV' };

interface Pair {
  readonly pre: number;
  readonly post: number;
}

function build(
  size: number,
  positions: PositionsDocument | undefined,
  rule: ConnectRule,
  options: ProjectionOptions = PLAIN,
  initial: Readonly<Record<string, ValueSpec>> = {},
): CompiledNetwork {
  const net = new Network({ seed: 11, params: { reach: '100 um' } });
  const placed = positions === undefined ? {} : { positions };
  const P = net.population('P', size, { ...NEURON, ...placed, initial });
  net.projection('p', P, P, options).connect(rule);
  return compileNetwork(net.document);
}

/** The pairs of the only projection, with delays. */
function synapsesOf({ plan }: CompiledNetwork): (Pair & { readonly delay: number })[] {
  const kernel = plan.deliver[0];
  const slot = kernel?.projections[0];
  if (kernel === undefined || slot === undefined) return [];
  return Array.from({ length: slot.sourceCount }, (_, pre) => {
    const { targets, delays } = storedRow(plan, kernel, slot, pre);
    return targets.map((post, k) => ({ pre, post, delay: delays[k] as number }));
  }).flat();
}

const pairsOf = (compiled: CompiledNetwork): Pair[] =>
  synapsesOf(compiled).map(({ pre, post }) => ({ pre, post }));

const GRID = { grid: [10, 10], spacing: '50 um' } as const;

describe('pairwise rules', () => {
  it('condition over indices, sizes and parameters', () => {
    const rule = { rule: 'pairwise', condition: 'i < j and j - i <= 2 and i < N_pre/2' } as const;
    const pairs = pairsOf(build(8, undefined, rule));
    expect(pairs.map(({ pre, post }) => `${pre}-${post}`)).toEqual(
      '0-1 0-2 1-2 1-3 2-3 2-4 3-4 3-5'.split(' '),
    );
  });

  it('condition over variables of both ends', () => {
    const rule = { rule: 'pairwise', condition: 'group_pre == 1 and group_post == 0' } as const;
    const pairs = pairsOf(build(4, undefined, rule, PLAIN, { group: 'i % 2' }));
    expect(pairs.map(({ pre, post }) => `${pre}-${post}`)).toEqual(['1-0', '1-2', '3-0', '3-2']);
  });

  it('the target is what is meant without a suffix, as in synapse code', () => {
    const rule = { rule: 'pairwise', condition: 'group == 1' } as const;
    const pairs = pairsOf(build(3, undefined, rule, PLAIN, { group: 'int(i == 2)' }));
    expect(pairs.map(({ pre, post }) => `${pre}-${post}`)).toEqual(['0-2', '1-2', '2-2']);
  });

  it('a constant p is the probability of every pair', () => {
    const { plan } = build(300, undefined, { rule: 'pairwise', p: 0.2, autapses: false });
    expect(Math.abs(plan.synapseCount - 0.2 * 300 * 299)).toBeLessThan(
      4 * Math.sqrt(90_000 * 0.16),
    );
  });

  it('random numbers in a condition', () => {
    const { plan } = build(300, undefined, { rule: 'pairwise', condition: 'rand() < 0.5' });
    expect(Math.abs(plan.synapseCount - 45_000)).toBeLessThan(4 * Math.sqrt(22_500));
  });

  it('refuses unknown names, wrong units, and probabilities that are no numbers', () => {
    const attempt = (rule: object) => () =>
      build(4, undefined, { rule: 'pairwise', ...rule } as ConnectRule);
    expect(attempt({ condition: 'x_pre < x_post' })).toThrow(/x_pre/);
    expect(attempt({ condition: 'distance < reach' })).toThrow(
      /unknown name[\s\S]*Hint: x, y, z and distance exist where both populations have positions/,
    );
    expect(attempt({ p: '10/N' })).toThrow(/N, the number of synapses, is not known/);
    expect(attempt({ condition: 'i + j' })).toThrow(/condition|boolean/);
    expect(attempt({ p: 'reach' })).toThrow(/p/);
    expect(attempt({ p: 'sqrt(i - 1)' })).toThrow(/not a number for i = 0, j = 0/);
  });
});

describe('positions', () => {
  it('on a grid: x fastest, half a spacing from the origin', () => {
    const rule = { rule: 'pairwise', condition: 'x_post == 475*um and y_post == 25*um' } as const;
    expect(new Set(pairsOf(build(100, GRID, rule)).map(({ post }) => post))).toEqual(new Set([9]));
    const cube = { grid: [2, 3, 4], spacing: ['1 um', '2 um', '3 um'] } as const;
    const top = { rule: 'pairwise', condition: 'z_post > 10*um' } as const;
    expect(new Set(pairsOf(build(24, cube, top)).map(({ post }) => post))).toEqual(
      new Set([18, 19, 20, 21, 22, 23]),
    );
  });

  it('neighbours by distance, at the border and across it', () => {
    const rule = { rule: 'pairwise', condition: 'distance < 60*um', autapses: false } as const;
    const degree = (compiled: CompiledNetwork, neuron: number): number =>
      pairsOf(compiled).filter(({ pre }) => pre === neuron).length;
    const open = build(100, GRID, rule);
    expect([degree(open, 0), degree(open, 5), degree(open, 55)]).toEqual([2, 3, 4]);
    const torus = build(100, { ...GRID, periodic: ['500 um', '500 um'] }, rule);
    expect([degree(torus, 0), degree(torus, 5), degree(torus, 55)]).toEqual([4, 4, 4]);
  });

  it('distance-dependent probability has the profile asked for', () => {
    const box = { box: ['1 mm', '1 mm'], periodic: ['1 mm', '1 mm'] } as const;
    const { plan } = build(800, box, { rule: 'pairwise', p: 'exp(-(distance/reach)**2)' });
    // Uniform density on a torus: N^2 * pi * reach^2 / area.
    const expected = 800 ** 2 * Math.PI * 0.01;
    expect(Math.abs(plan.synapseCount - 800 - expected)).toBeLessThan(0.05 * expected);
  });

  it('weights and delays by distance, and random ones', () => {
    const compiled = build(
      100,
      GRID,
      { rule: 'pairwise', condition: 'distance < 110*um' },
      {
        eqs: 'w : volt (constant)',
        onPre: 'v += w',
        initial: { w: '(1 + 0*rand())*mV*exp(-distance/reach)' },
        delay: '0.1*ms + distance/(0.5*metre/second)',
      },
    );
    const { plan } = compiled;
    const { first } = compiled.synapseCellOf('p', 'w');
    for (const [e, { pre, post, delay }] of synapsesOf(compiled).entries()) {
      const dx = 50 * ((pre % 10) - (post % 10));
      const dy = 50 * (Math.floor(pre / 10) - Math.floor(post / 10));
      const distance = Math.hypot(dx, dy);
      expect(plan.synapseState[first + e]).toBe(Math.fround(Math.exp(-distance / 100)));
      expect(delay).toBe(Math.floor(1.5 + distance / 50));
    }
  });

  it('from lists, expressions and distributions; first values may read them', () => {
    const positions = {
      x: { values: Float32Array.of(1, 2, 3), unit: 'mm' },
      y: 'i*10*um',
      z: { uniform: { min: '0 um', max: '1 um' } },
    } as const;
    const rule = { rule: 'pairwise', condition: 'x_post == 3*mm and z_pre < 1*um' } as const;
    const compiled = build(3, positions, rule, PLAIN, { group: 'x/um + y/um' });
    expect(pairsOf(compiled).map(({ post }) => post)).toEqual([2, 2, 2]);
    const { first } = compiled.cellOf('P', 'group');
    expect([...compiled.plan.state.subarray(first, first + 3)]).toEqual([1000, 2010, 3020]);
  });

  it('of spike lists count too', () => {
    const net = new Network();
    const positions = { x: 'i*um', y: '0*um' };
    const S = net.spikeList('S', 3, { indices: [0], timesMs: [1], positions });
    const P = net.population('P', 3, { ...NEURON, positions });
    const rule = { rule: 'pairwise', condition: 'distance < 0.5*um and x_pre > 0*um' } as const;
    net.projection('p', S, P, PLAIN).connect(rule);
    expect(pairsOf(compileNetwork(net.document))).toEqual([
      { pre: 1, post: 1 },
      { pre: 2, post: 2 },
    ]);
  });

  it('distances between different spaces are refused', () => {
    const net = new Network();
    const flat = net.population('flat', 4, { ...NEURON, positions: { box: ['1 mm', '1 mm'] } });
    const deep = net.population('deep', 4, {
      ...NEURON,
      positions: { box: ['1 mm', '1 mm', '1 mm'] },
    });
    net
      .projection('p', flat, deep, PLAIN)
      .connect({ rule: 'pairwise', condition: 'distance < 1*um' });
    expect(() => compileNetwork(net.document)).toThrow(
      /same space, got 2 dimensions and 3 dimensions/,
    );
  });
});
