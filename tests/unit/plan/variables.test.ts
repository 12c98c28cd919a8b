import { describe, expect, it } from 'vitest';
import { createSimulation, Network, NetworkError } from '../../../src/index.ts';

async function simulate() {
  const network = new Network({ name: 'variables', dt: '0.1 ms', seed: 1 });
  const neurons = network.population('neurons', 4, {
    eqs: `dv/dt = (v_rest - v + r*current)/(10*ms) : volt
      current = g*(v_rest - v) : amp
      g : siemens
      level : uM (constant)
      speed : volt/second
      gate : boolean
      ds/dt = -s/second : 1 (slow)`,
    params: { v_rest: '-65 mV', r: '1 Mohm' },
  });
  const synapses = network
    .projection('synapses', neurons, neurons, {
      eqs: `w : volt
        dx/dt = -x/second : 1 (event-driven)`,
      onPre: 'v_post += w*x; x += 1',
      bound: '1 mV',
    })
    .connect({ rule: 'all-to-all' });
  return { simulation: await createSimulation(network, { engine: 'cpu' }), neurons, synapses };
}

describe('variables of a network', () => {
  it('are told with the unit that people read and whether they are stored', async () => {
    const { simulation } = await simulate();
    const told = simulation.variables('neurons').map(({ name, unit, isStored }) => {
      return `${name} ${unit} ${isStored}`;
    });
    expect(told).toEqual([
      'v mV true',
      'current pA false',
      'g nS true',
      'level uM true',
      // No shorter unit has a name: as it was declared.
      'speed volt/second true',
      'gate  true',
      's  true',
    ]);
    expect(simulation.variables('neurons').at(-1)?.flags).toEqual(['slow']);
    expect(simulation.variables('neurons')[1]).toMatchObject({
      text: 'current = g*(v_rest - v) : amp',
      line: 2,
    });
    // µM and V/s in internal units of mM and mV/ms.
    const factors = simulation.variables('neurons').map(({ factor }) => factor);
    expect(factors).toEqual([1, 1, 1, 1e-3, 1, 1, 1]);
    expect(simulation.variables('synapses').map(({ name, unit }) => `${name} ${unit}`)).toEqual([
      'w mV',
      'x ',
    ]);
    expect(simulation.projections).toMatchObject([{ name: 'synapses', synapses: 16 }]);
    simulation.destroy();
  });

  it('read in that unit what was set in it', async () => {
    const { simulation } = await simulate();
    await simulation.set('neurons', 'level', '3 uM');
    // f32 holds 0.003 mM to 6e-8 of it.
    for (const level of await simulation.get('neurons', 'level', 'uM'))
      expect(level).toBeCloseTo(3, 6);
    simulation.destroy();
  });

  it('are refused for unknown owners', async () => {
    const { simulation } = await simulate();
    expect(() => simulation.variables('neuron')).toThrow(NetworkError);
    simulation.destroy();
  });
});
