/** Fixed-point scales: sums cannot overflow, are no coarser than necessary, and stay safe when values change. */
import { describe, expect, it } from 'vitest';
import { Network } from '../../../src/network/network.ts';
import { type CompiledNetwork, compileNetwork } from '../../../src/plan/compile.ts';
import { storedRow } from '../../support/stored-rows.ts';

const EQS = 'dv/dt = (g - v)/(10*ms) : volt\ndg/dt = -g/(5*ms) : volt';

interface Case {
  readonly seed: number;
  readonly weight: string;
  readonly neurons: number;
  readonly p: number;
}

function network({ seed, weight, neurons, p }: Case): CompiledNetwork {
  const net = new Network({ seed, params: { J: weight } });
  const P = net.population('P', neurons, { eqs: EQS, threshold: 'v > 1*mV', reset: 'v = 0*mV' });
  net
    .projection('drawn', P, P, {
      eqs: 'w : volt',
      onPre: 'g -= w*2',
      initial: { w: 'J*(1 + randn())' },
    })
    .connect({ rule: 'fixed-probability', p });
  net.projection('equal', P, P, { onPre: 'g += J' }).connect({ rule: 'fixed-in-degree', k: 11 });
  return compileNetwork(net.document);
}

/** Largest |sum| in fixed point that any neuron could get in one step, amounts rounded as the engines do. */
function worstSum({ plan }: CompiledNetwork, scale: number, amount: number): number {
  const sums = new Float64Array(plan.neuronCount);
  for (const kernel of plan.deliver) {
    for (const slot of kernel.projections) {
      for (let row = 0; row < slot.sourceCount; row++) {
        const { targets, values } = storedRow(plan, kernel, slot, row);
        for (const [k, target] of targets.entries()) {
          const drawn = values[0]?.[k];
          const value = drawn === undefined ? amount : 2 * Math.fround(drawn);
          const rounded = Math.round(Math.abs(Math.fround(value)) * 2 ** scale);
          sums[target] = (sums[target] as number) + rounded;
        }
      }
    }
  }
  return Math.max(...sums);
}

describe('scales', () => {
  it.each<Case>([
    { seed: 1, weight: '1.62 mV', neurons: 200, p: 0.1 },
    { seed: 2, weight: '0.001 mV', neurons: 50, p: 1 },
    { seed: 3, weight: '4000 mV', neurons: 300, p: 0.3 },
    { seed: 4, weight: '1e9 mV', neurons: 40, p: 0.5 },
    { seed: 5, weight: '1e-6 mV', neurons: 40, p: 0.5 },
  ])('no sum can overflow, and one bit more could: $weight', (given) => {
    const compiled = network(given);
    const { scale, proven } = compiled.plan.update[0]?.inputs[0] ?? { scale: 0, proven: false };
    const amount = Number.parseFloat(given.weight);
    expect(proven).toBe(true);
    expect(worstSum(compiled, scale, amount)).toBeLessThanOrEqual(2 ** 31 - 1);
    if (scale < 24) expect(worstSum(compiled, scale + 1, amount)).toBeGreaterThan(2 ** 31 * 0.999);
  });

  it('fits amounts of every size', () => {
    const scaleOf = (weight: string): number | undefined =>
      network({ seed: 1, weight, neurons: 40, p: 0.5 }).plan.update[0]?.inputs[0]?.scale;
    // Small ones have room to become 32 times as large, and 2^19 steps still.
    expect(scaleOf('1e-6 mV')).toBe(39);
    expect(scaleOf('1 mV')).toBe(24);
    expect(scaleOf('1e9 mV')).toBeLessThan(-3);
    expect(scaleOf('0 mV')).toBe(24);
  });

  const plastic = (bound?: string) => {
    const net = new Network();
    const P = net.population('P', 100, { eqs: EQS, threshold: 'v > 1*mV', reset: 'v = 0*mV' });
    net
      .projection('p', P, P, {
        eqs: 'w : volt',
        onPre: 'w += 0.1*mV\ng += w',
        initial: { w: '1 mV' },
        ...(bound === undefined ? {} : { bound }),
      })
      .connect({ rule: 'all-to-all' });
    return compileNetwork(net.document).plan;
  };

  it('guarded amounts: 100 of the largest allowed just fit, with room to grow 32 times', () => {
    const { deliver, update } = plastic();
    const { scale, limit } = deliver[0]?.projections[0]?.inputs[0] ?? { scale: 0, limit: 0 };
    expect(update[0]?.inputs[0]).toMatchObject({ proven: false });
    expect(deliver[0]?.inputs[0]?.proven).toBe(false);
    expect(limit * 100).toBeLessThanOrEqual(2 ** 31 - 1);
    expect(limit * 2 ** -scale).toBeGreaterThanOrEqual(32);
    expect(limit * 2 ** -scale).toBeLessThan(80);
  });

  it('a bound takes the place of the guess', () => {
    const { scale, limit } = plastic('5 mV').deliver[0]?.projections[0]?.inputs[0] ?? {
      scale: 0,
      limit: 0,
    };
    expect(scale).toBe(22);
    expect(limit * 2 ** -scale).toBeCloseTo(5, 3);
    expect(() => plastic('5 pA')).toThrow('Projection "p": bound must be a voltage');
  });

  it('a population takes the sum over all its projections', () => {
    const net = new Network();
    const P = net.population('P', 64, { eqs: EQS });
    for (let k = 0; k < 16; k++) {
      net.projection(`p${k}`, P, P, { onPre: 'g += 1*mV' }).connect({ rule: 'all-to-all' });
    }
    // 1024 mV at most: 2^31 / 2^10 less one bit for rounding.
    expect(compileNetwork(net.document).plan.update[0]?.inputs[0]?.scale).toBe(20);
  });
});

describe('changes while a simulation runs', () => {
  const compiled = () => network({ seed: 1, weight: '1 mV', neurons: 100, p: 0.2 });

  it('a parameter changes its constants and nothing else', () => {
    const net = compiled();
    const before = net.plan.constants.slice();
    const { first, values } = net.setParameter('', 'J', '2 mV');
    expect(first).toBe(0);
    const changed = [...values.keys()].filter((k) => values[k] !== before[k]);
    expect(changed).toHaveLength(1);
    expect(values[changed[0] as number]).toBe(2);
    expect(net.plan.constants).toEqual(values);
  });

  it('a value that the sums cannot hold is refused and leaves everything as it was', () => {
    const net = compiled();
    const before = net.plan.constants.slice();
    expect(() => net.setParameter('', 'J', '10 volt')).toThrow(
      /synapses onto "g" of population "P" could add up to .* create the simulation again/,
    );
    expect(net.plan.constants).toEqual(before);
    expect(() => net.setParameter('', 'J', '1.1 mV')).not.toThrow();
  });

  it.each([
    ['one that can be made anew', { rule: 'fixed-probability', p: 0.2 }],
    ['a list', { rule: 'list', pre: [0, 1, 2, 2], post: [3, 3, 3, 4] }],
  ] as const)('a bound leaves room for a parameter: %s', (_what, rule) => {
    const room = (bound?: string): CompiledNetwork => {
      const net = new Network({ params: { J: '1 mV' } });
      const P = net.population('P', 100, { eqs: EQS });
      net
        .projection('equal', P, P, { onPre: 'g += J', ...(bound !== undefined && { bound }) })
        .connect(rule);
      return compileNetwork(net.document);
    };
    expect(() => room().setParameter('', 'J', '64 mV')).toThrow('could add up to');
    const bounded = room('64 mV');
    bounded.setParameter('', 'J', '64 mV');
    bounded.setParameter('', 'J', '-64 mV');
    expect(() => bounded.setParameter('', 'J', '1 volt')).toThrow('could add up to');
    // A bound below what is known changes nothing.
    const scaleOf = ({ plan }: CompiledNetwork) => plan.update[0]?.inputs[0]?.scale;
    expect(scaleOf(room('0.5 mV'))).toBe(scaleOf(room()));
  });

  it('so are synapse values', () => {
    const net = compiled();
    expect(net.evaluate('drawn', 'w', '1.5 mV').every((value) => value === 1.5)).toBe(true);
    expect(() => net.evaluate('drawn', 'w', '10 volt')).toThrow('could add up to');
    // What was refused does not count, and what is set does, also when the plan has given its synapses up.
    net.release();
    const setJ = (value: string) => () => net.setParameter('', 'J', value);
    expect(setJ('1 mV')).not.toThrow();
    expect(setJ('20 mV')).toThrow('could add up to');
    expect(net.evaluate('drawn', 'w', '0 mV').every((value) => value === 0)).toBe(true);
    const { scale } = net.plan.update[0]?.inputs[0] ?? { scale: 0 };
    // Eleven synapses of J each are left.
    const most = 2 ** (31 - scale) / 11;
    expect(setJ(`${0.999 * most} mV`)).not.toThrow();
    expect(setJ(`${1.001 * most} mV`)).toThrow('could add up to');
  });

  it('pairs and first values stay those of the parameters that the network was made with', () => {
    const net = new Network({ params: { reach: 2, J: '1 mV' } });
    const P = net.population('P', 20, { eqs: EQS });
    net
      .projection('p', P, P, { eqs: 'w : volt', onPre: 'g += w', initial: { w: '(1 + i)*J' } })
      .connect({ rule: 'pairwise', condition: 'abs(i - j) < reach' });
    const compiled = compileNetwork(net.document);
    const ends = (): number[] => [...compiled.evaluate('p', 'w', '(i + 100*j)*J/10000')];
    const before = ends();
    expect(before).toHaveLength(20 + 2 * 19);
    compiled.setParameter('', 'reach', 5);
    expect(ends()).toEqual(before);
    compiled.setParameter('', 'J', '0.5 mV');
    expect(ends()).toEqual(before.map((value) => 0.5 * value));
    expect(compiled.synapseCellOf('p', 'w').count).toBe(before.length);
  });

  it('a plan that has given up its synapses takes no memory for them, and changes as before', () => {
    const net = compiled();
    expect(net.plan.synapses.length).toBeGreaterThan(1000);
    expect(net.plan.synapseState.length).toBeGreaterThan(1000);
    const { synapseWords, synapseCells, synapseCount } = net.plan;
    net.release();
    expect(net.plan).toMatchObject({ synapseWords, synapseCells, synapseCount });
    expect(net.plan.synapses).toHaveLength(0);
    expect(net.plan.synapseState).toHaveLength(0);
    expect(net.evaluate('drawn', 'w', '1.5 mV')).toHaveLength(
      net.synapseCellOf('drawn', 'w').count,
    );
    net.release();
  });

  it('rest values move with parameters', () => {
    const net = new Network();
    net.population('P', 2, {
      eqs: 'dv/dt = (E - v)/tau : volt',
      method: 'exact',
      params: { E: '-70 mV', tau: '10 ms' },
    });
    const live = compileNetwork(net.document);
    expect(live.cellOf('P', 'v').offset).toBe(-70);
    live.setParameter('P', 'E', '-60 mV');
    expect(live.cellOf('P', 'v').offset).toBe(-60);
    expect([...live.evaluate('P', 'v', 'E + i*mV')]).toEqual([-60, -59]);
  });

  it('names that do not exist get a suggestion, wrong units a reason', () => {
    const net = compiled();
    const call = (owner: string, name: string, value: string) => () =>
      net.setParameter(owner, name, value);
    expect(call('', 'K', '1 mV')).toThrow('Network: unknown parameter "K". Known: J.');
    expect(call('Q', 'J', '1 mV')).toThrow('There is no population, projection or input "Q"');
    expect(call('', 'J', '1 pA')).toThrow('Network: parameter "J" must be a voltage');
    expect(() => net.cellOf('P', 'h')).toThrow('Population "P" has no stored variable "h"');
    expect(() => net.synapseCellOf('q', 'w')).toThrow('There is no projection "q"');
  });
});
