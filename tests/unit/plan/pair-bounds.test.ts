/**
 * Bounds on the probability of pairs change no synapse: rules whose expressions can be bounded make what they make with
 * a draw added, far below their last bits, of which nothing is known; and bounds hold, and rule out what they can.
 */
import { describe, expect, it } from 'vitest';
import type { ConnectRule, PositionsDocument } from '../../../src/network/document.ts';
import { Network } from '../../../src/network/network.ts';
import { compileNetwork } from '../../../src/plan/compile.ts';
import { pairRows } from '../../../src/plan/connect-rows.ts';
import type { DrawKey } from '../../../src/plan/draws.ts';
import type { PairRule } from '../../../src/plan/pairs.ts';
import { storedRow } from '../../support/stored-rows.ts';

const SIZE = 160;

const SPACES: Readonly<Record<string, PositionsDocument>> = {
  box: { box: ['1 mm', '0.4 mm'] },
  cube: { box: ['1 mm', '1 mm', '0.2 mm'] },
  torus: { box: ['1 mm', '1 mm'], periodic: ['1 mm', '1 mm'] },
  'torus that neurons leave': {
    x: 'i*13*um',
    y: '-(i % 7)*100*um',
    periodic: ['0.9 mm', '0.6 mm'],
  },
  grid: { grid: [16, 10], spacing: '50 um' },
  point: { x: '1*um', y: '1*um' },
};

function synapses(positions: PositionsDocument, rule: object, slice = false): string[] {
  const net = new Network({ seed: 5, params: { reach: '100 um' } });
  const P = net.population('P', SIZE, {
    eqs: 'dv/dt = -v/(10*ms) : volt\ngroup : 1 (constant)',
    threshold: 'v > 1*mV',
    reset: 'v = 0*mV',
    initial: { group: 'i % 3' },
    positions,
  });
  const [source, target] = slice ? [P.slice(20, 150), P.slice(10, 140)] : [P, P];
  net
    .projection('p', source, target, { onPre: 'v += 1*mV' })
    .connect({ rule: 'pairwise', ...rule } as ConnectRule);
  const { plan } = compileNetwork(net.document, { synapses: 'host' });
  const kernel = plan.deliver[0];
  const slot = kernel?.projections[0];
  if (kernel === undefined || slot === undefined) return [];
  return Array.from({ length: slot.sourceCount }, (_, pre) =>
    storedRow(plan, kernel, slot, pre).targets.map((post) => `${pre}-${post}`),
  ).flat();
}

const RULES: readonly { readonly condition?: string; readonly p?: string }[] = [
  { p: '0.2*exp(-(distance/reach)**2)' },
  { p: '0.5*exp(-distance/reach)' },
  { p: '1.5 - distance/(2*reach)' },
  { p: '0.3/(1 + distance/reach)' },
  { p: '0.1*cos(distance/reach)' },
  { p: '0.2*exp(-((x_pre - x_post)**2 + (y_pre - y_post)**2)/reach**2)' },
  { p: 'clip(i - j, 0, 1)*0.3' },
  { condition: 'distance < reach' },
  { condition: 'not (distance >= reach) and i != j', p: '0.3' },
  { condition: 'distance > 2*reach or (distance <= reach and group_pre == group_post)' },
  { condition: 'distance == 0*um' },
  { condition: 'distance != 0*um', p: '0.7*int(distance < 3*reach)' },
  { condition: 'distance > 0*um', p: '0.1*reach/distance' },
];

describe('bounds of pairwise rules', () => {
  describe.each(Object.entries(SPACES))('in a %s', (_, positions) => {
    it.each(RULES)('%o makes the same synapses', (rule) => {
      const { condition, p = '1' } = rule;
      const unknown = { ...(condition && { condition }), p: `${p} + 1e-300*rand()` };
      const expected = synapses(positions, unknown);
      expect(synapses(positions, rule)).toEqual(expected);
    });
  });

  it('of slices, without autapses', () => {
    const p = '0.8*exp(-(distance/reach)**2)';
    const space = SPACES.cube as PositionsDocument;
    const expected = synapses(space, { p: `${p} + 1e-300*rand()`, autapses: false }, true);
    expect(expected.length).toBeGreaterThan(100);
    expect(synapses(space, { p, autapses: false }, true)).toEqual(expected);
  });

  it('a probability that is no number is found where the condition lets it be asked for', () => {
    const space = SPACES.box as PositionsDocument;
    const p = '0.2*sqrt(distance/reach - 1)';
    expect(() => synapses(space, { p })).toThrow(/not a number for i = 0, j = 0/);
    expect(synapses(space, { condition: 'distance > reach', p }).length).toBeGreaterThan(100);
  });

  it('few probabilities are asked for', () => {
    const key: DrawKey = { seed: 1, stream: 2 };
    const ends = { sourceCount: 10, targetCount: 10_000, sourceFirst: 0, targetFirst: 0 };
    let asked = 0;
    const rule = (bound: number): PairRule => ({
      probability: (_, post) => {
        asked++;
        return post < 5000 ? 0.1 : 0;
      },
      bounds: { most: 0.1, start: () => {}, of: (post) => (post < 5000 ? 0.1 : bound) },
    });
    const out = new Uint32Array(10_000);
    const makers = [{ ...rule(0), bounds: null }, rule(0.1), rule(0)].map((one) => {
      asked = 0;
      const maker = pairRows(one, ends, true, key);
      const rows = Array.from({ length: 10 }, (_, r) =>
        [...out.subarray(0, maker.make(r, out, 0))].join(),
      );
      return { rows, asked };
    });
    expect(makers[1]?.rows).toEqual(makers[0]?.rows);
    expect(makers[2]?.rows).toEqual(makers[0]?.rows);
    expect(makers[0]?.asked).toBe(100_000);
    // Binomial: 10,000 of 100,000, and half of them.
    expect(Math.abs((makers[1]?.asked ?? 0) - 10_000)).toBeLessThan(500);
    expect(Math.abs((makers[2]?.asked ?? 0) - 5000)).toBeLessThan(350);
  });
});
