/**
 * Sums at the edge of what they hold: interventions, changes by hand and checkpoints together must refuse what would
 * overflow, and a change that is refused changes nothing.
 */
import { describe, expect, it } from 'vitest';
import {
  createSimulation,
  type InterventionDocument,
  Network,
  type ProjectionOptions,
  type Simulation,
} from '../../src/index.ts';

const SOURCES = 100;

/** Sources that spike in every step drive one target with gain*w each: v grows by the sum of a step. */
function loud(
  interventions: readonly InterventionDocument[],
  options: ProjectionOptions = {},
): Promise<Simulation> {
  const net = new Network({ dt: '1 ms' });
  const sources = net.population('sources', SOURCES, { eqs: 'u : 1', threshold: 'u < 1' });
  const target = net.population('target', 1, { eqs: 'v : 1' });
  net
    .projection('drive', sources, target, {
      eqs: 'w : 1',
      onPre: 'v += gain*w',
      params: { gain: 1 },
      initial: { w: '1000 + 0*i' },
      ...options,
    })
    .connect({ rule: 'all-to-all' });
  for (const intervention of interventions) net.intervene(intervention);
  return createSimulation(net, { engine: 'cpu' });
}

/** By how much v grows in each of the next steps. */
async function growth(simulation: Simulation, steps: number): Promise<number[]> {
  const v = async () => (await simulation.get('target', 'v'))[0] as number;
  const grown: number[] = [];
  for (let step = 0; step < steps; step++) {
    const before = await v();
    await simulation.runSteps(1);
    grown.push((await v()) - before);
  }
  return grown;
}

const AT_ONCE = 1000 * SOURCES;
const OVERFLOW = /could add up to .* in one step, more than/;

describe('a change by hand under an intervention', () => {
  const after: Omit<InterventionDocument, 'parameter'> = { at: '2 ms', owner: 'drive', factor: 10 };

  it.each<readonly [string, ProjectionOptions]>([
    ['values by an expression', {}],
    ['drawn values', { initial: { w: { uniform: { min: 1000, max: 1000.001 } } } }],
  ])('reckons with the values that the synapses have now (%s)', async (_, options) => {
    using simulation = await loud([{ ...after, parameter: 'w' }], options);
    await simulation.runSteps(4);
    await expect(simulation.setParameter('drive', 'gain', 8)).rejects.toThrow(OVERFLOW);
    const [one = 0] = await growth(simulation, 1);
    expect(one / AT_ONCE).toBeCloseTo(10, 4);
    await simulation.setParameter('drive', 'gain', 0.5);
    const [half = 0] = await growth(simulation, 1);
    expect(half / AT_ONCE).toBeCloseTo(5, 4);
  });

  it('knows when the intervention is over', async () => {
    using simulation = await loud([{ ...after, until: '4 ms', parameter: 'w' }]);
    await simulation.runSteps(5);
    await simulation.setParameter('drive', 'gain', 8);
    expect(await growth(simulation, 1)).toEqual([8 * AT_ONCE]);
  });

  it.each(['gain', 'w'])('is refused as a whole (%s)', async (parameter) => {
    using simulation = await loud([{ ...after, until: '8 ms', parameter }]);
    await simulation.runSteps(4);
    // Nine times as much would do without the intervention.
    const change =
      parameter === 'w'
        ? simulation.set('drive', 'w', '9000')
        : simulation.setParameter('drive', 'gain', 9);
    await expect(change).rejects.toThrow(OVERFLOW);
    expect(await growth(simulation, 5)).toEqual([10, 10, 10, 10, 1].map((n) => n * AT_ONCE));
  });

  it('names the intervention that a change by hand has made impossible', async () => {
    using simulation = await loud([{ ...after, name: 'boost', at: '3 ms', parameter: 'gain' }]);
    await simulation.runSteps(1);
    await simulation.setParameter('drive', 'gain', 9);
    await expect(simulation.runSteps(3)).rejects.toThrow(/^Intervention "boost": With this value/);
    expect(simulation.step).toBe(3);
  });
});

describe('checkpoints', () => {
  it('bring back what is known of the values of synapses', async () => {
    using simulation = await loud([]);
    await simulation.runSteps(2);
    const checkpoint = await simulation.checkpoint();
    await simulation.set('drive', 'w', '0.01');
    await simulation.setParameter('drive', 'gain', 1e5);
    await simulation.restore(checkpoint);
    expect(await growth(simulation, 1)).toEqual([AT_ONCE]);
    await expect(simulation.setParameter('drive', 'gain', 3000)).rejects.toThrow(OVERFLOW);
  });
});

describe('presynaptic state', () => {
  const options = {
    eqs: 'w : 1\nq : 1 (presynaptic)',
    onPre: 'v += gain*w*q; q = U',
    params: { gain: 1, U: 0.01 },
    initial: { w: '1000 + 0*i', q: '0.01' },
  };

  it('that one intervention has left meets the next one', async () => {
    using simulation = await loud(
      [
        { at: '2 ms', until: '4 ms', owner: 'drive', parameter: 'U', value: 1 },
        { at: '4 ms', owner: 'drive', parameter: 'gain', factor: 50 },
      ],
      options,
    );
    const grown = (await growth(simulation, 6)).map((sum) => sum / AT_ONCE);
    for (const [step, sum] of [0.01, 0.01, 0.01, 1, 50, 0.5].entries()) {
      expect(grown[step]).toBeCloseTo(sum, 4);
    }
  });

  it('that a parameter has left meets the next change by hand', async () => {
    const params = { gain: 1, U: 0.3 };
    using simulation = await loud([], { ...options, params });
    await simulation.runSteps(2);
    await simulation.setParameter('drive', 'U', 0.001);
    // The next spikes still find 0.3; those after them would bear 25 times as much.
    await expect(simulation.setParameter('drive', 'gain', 3)).rejects.toThrow(OVERFLOW);
    const grown = (await growth(simulation, 2)).map((sum) => sum / AT_ONCE);
    expect(grown[0]).toBeCloseTo(0.3, 4);
    expect(grown[1]).toBeCloseTo(0.001, 4);
  });
});

describe('limits of variables', () => {
  const cells = (interventions: readonly InterventionDocument[]) => {
    const net = new Network({ dt: '1 ms', params: { cap: 2 } });
    net.population('cells', 3, {
      eqs: 'c : mM (constant)\nd : 1 (constant, at most cap)\nk : integer (constant)',
      initial: { c: '1*mM', d: '1', k: '3' },
    });
    for (const intervention of interventions) net.intervene(intervention);
    return createSimulation(net, { engine: 'cpu' });
  };
  const base = { name: 'lesion', at: '1 ms', owner: 'cells' } as const;

  it('hold for what interventions bring about', async () => {
    const neurons = { from: 1 };
    await expect(cells([{ ...base, parameter: 'c', factor: -1, neurons }])).rejects.toThrow(
      'Intervention "lesion": Population "cells": the value of "c" is negative (-1 mM, neuron 1)',
    );
    await expect(cells([{ ...base, parameter: 'd', factor: 3 }])).rejects.toThrow(
      'the value of "d" is 3, neuron 0, above its limit cap = 2',
    );
    const lower = { at: '3 ms', owner: '', parameter: 'cap', value: 1 } as const;
    const raised = { ...base, parameter: 'd', factor: 2 } as const;
    await expect(cells([raised, lower])).rejects.toThrow(
      'the value of "d" is 2, neuron 0, above its limit cap = 1',
    );
    (await cells([{ ...raised, until: '3 ms' }, lower])).destroy();
  });

  it('hold for what an intervention makes of a value set by hand', async () => {
    using simulation = await cells([{ ...base, parameter: 'd', factor: 2 }]);
    await simulation.runSteps(2);
    await expect(simulation.set('cells', 'd', '1.5')).rejects.toThrow('above its limit cap = 2');
    expect([...(await simulation.get('cells', 'd'))]).toEqual([2, 2, 2]);
  });

  it('whole numbers stay whole, towards 0', async () => {
    using simulation = await cells([
      { ...base, until: '2 ms', parameter: 'k', factor: -0.5 },
      { ...base, at: '2 ms', parameter: 'k', factor: 0.9 },
    ]);
    await simulation.runSteps(2);
    expect([...(await simulation.get('cells', 'k'))]).toEqual([-1, -1, -1]);
    await simulation.runSteps(1);
    expect([...(await simulation.get('cells', 'k'))]).toEqual([2, 2, 2]);
  });
});
