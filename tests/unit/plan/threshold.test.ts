/** How far neurons are from spiking, and what would make them: against formulas, and against what then happens. */
import { afterEach, describe, expect, it } from 'vitest';
import {
  createSimulation,
  Network,
  type PopulationOptions,
  type Simulation,
} from '../../../src/index.ts';

const made: Simulation[] = [];
afterEach(() => {
  for (const simulation of made.splice(0)) simulation.destroy();
});

async function simulate(options: PopulationOptions, size = 3): Promise<Simulation> {
  const network = new Network({ name: 'quiet', dt: '0.1 ms', seed: 1, params: { scale: '1 mV' } });
  network.record.spikes(network.population('cells', size, options));
  const simulation = await createSimulation(network, { engine: 'cpu', precision: 'f64' });
  made.push(simulation);
  return simulation;
}

const LEAKY = {
  eqs: 'dv/dt = (v_rest - v + r*i_drive)/(10*ms) : volt',
  threshold: 'v > v_thresh',
  reset: 'v = v_rest',
  params: { v_rest: '-65 mV', v_thresh: '-50 mV', r: '20 Mohm', i_drive: '500 pA' },
  initial: { v: 'v_rest' },
};

describe('the distance to threshold', () => {
  it('of a leaky neuron is that of its fixed point, and its rheobase (v_thresh - v_rest)/r', async () => {
    const simulation = await simulate(LEAKY);
    await simulation.run('200 ms');
    const found = await simulation.toThreshold('cells');
    // 20 Mohm * 500 pA = 10 mV above rest; 15 mV/20 Mohm = 750 pA.
    expect(found).toMatchObject({ population: 'cells', variable: 'v', unit: 'mV', isAbove: true });
    expect(found?.value).toBeCloseTo(-55, 6);
    expect(found?.threshold).toBe(-50);
    expect(found?.distance).toBeCloseTo(5, 6);
    expect(found?.drives).toHaveLength(1);
    const [drive] = found?.drives ?? [];
    expect(drive).toMatchObject({ name: 'i_drive', owner: 'cells', kind: 'parameter', unit: 'pA' });
    expect(drive).toMatchObject({ value: 500, isExact: true });
    expect(drive?.needed).toBeCloseTo(750, 6);
  });

  it.each([0.999, 1.001])('names a current that holds: %f of it', async (share) => {
    const simulation = await simulate(LEAKY);
    const [drive] = (await simulation.toThreshold('cells'))?.drives ?? [];
    await simulation.setParameter('cells', 'i_drive', `${(drive?.needed ?? 0) * share} pA`);
    // At 0.1 % above, the threshold is 15 uV below the fixed point: ln(1000) time constants, 69 ms.
    await simulation.run('300 ms');
    expect(simulation.summary().spikes > 0).toBe(share > 1);
  });

  it('of a quadratic neuron looks at the whole way: rheobase k (v_c - v_r)^2/4', async () => {
    const simulation = await simulate({
      eqs: 'dv/dt = (k*(v - v_r)*(v - v_c) + i_drive)/c_m : volt',
      threshold: 'v > 30*mV',
      reset: 'v = v_r',
      params: {
        k: '2 nS/mV',
        v_r: '-60 mV',
        v_c: '-40 mV',
        c_m: '100 pF',
        i_drive: '0 pA',
      },
      initial: { v: 'v_r' },
    });
    const [drive] = (await simulation.toThreshold('cells'))?.drives ?? [];
    // 2 nS/mV * (20 mV)^2 / 4 = 200 pA; there v = -50 mV, far below the threshold.
    expect(drive?.needed).toBeCloseTo(200, 6);
  });

  it('is that of the nearest neuron, with thresholds and currents of their own', async () => {
    const simulation = await simulate({
      eqs: `dv/dt = (v_rest - v + r*i_own)/(10*ms) : volt
        dv_t/dt = (v_base - v_t)/(50*ms) : volt
        v_base : volt (constant)
        i_own : amp (constant)`,
      threshold: 'v > v_t',
      reset: 'v = v_rest',
      params: { v_rest: '-65 mV', r: '20 Mohm' },
      initial: {
        v: 'v_rest',
        v_base: '-50*mV - 3*i*mV',
        v_t: 'v_base',
        i_own: '100*pA',
      },
    });
    await simulation.run('100 ms');
    const found = await simulation.toThreshold('cells');
    expect(found?.neuron).toBe(2);
    expect(found?.threshold).toBeCloseTo(-56, 6);
    // Fixed point -63 mV, after ten time constants 2 mV e^-10 = 0.1 uV from it.
    expect(found?.distance).toBeCloseTo(7, 3);
    expect(found?.drives).toMatchObject([
      { name: 'i_own', kind: 'variable', owner: 'cells', isExact: true },
    ]);
    expect(found?.drives[0]?.needed).toBeCloseTo(450, 6);
  });

  it('counts downwards where spikes are below, and reads conditions with more parts', async () => {
    const simulation = await simulate({
      eqs: 'dv/dt = (drive - v)/(10*ms) : volt',
      threshold: 'not_refractory and v < -5*scale',
      reset: 'v = 0*mV',
      refractory: '2 ms',
      params: { drive: '-2 mV' },
    });
    await simulation.run('200 ms');
    const found = await simulation.toThreshold('cells');
    expect(found).toMatchObject({ isAbove: false, threshold: -5 });
    expect(found?.distance).toBeCloseTo(3, 6);
    // No current: what is measured as the variable is.
    expect(found?.drives).toMatchObject([{ name: 'drive', unit: 'mV', value: -2 }]);
    expect(found?.drives[0]?.needed).toBeCloseTo(-5, 6);
  });

  it('says that other variables move, where they do', async () => {
    const simulation = await simulate({
      eqs: `dv/dt = (v_rest - v + r*(i_drive - w))/(10*ms) : volt
        dw/dt = (g*(v - v_rest) - w)/(100*ms) : amp`,
      threshold: 'v > -50*mV',
      reset: 'v = v_rest; w += 10*pA',
      params: { v_rest: '-65 mV', r: '20 Mohm', g: '2 nS', i_drive: '300 pA' },
      initial: { v: 'v_rest' },
    });
    const found = await simulation.toThreshold('cells');
    expect(found?.drives).toMatchObject([{ name: 'i_drive', isExact: false }]);
  });

  it('follows timed arrays', async () => {
    const network = new Network({ name: 'ramp', dt: '0.1 ms', seed: 1 });
    network.timedArray('level', { dt: '10 ms', unit: 'mV', values: [-50, -52] });
    network.population('cells', 1, {
      eqs: 'dv/dt = (-60*mV - v)/(5*ms) : volt',
      threshold: 'v > level(t)',
      reset: 'v = -60*mV',
      initial: { v: '-60*mV' },
    });
    const simulation = await createSimulation(network, { engine: 'cpu' });
    made.push(simulation);
    expect((await simulation.toThreshold('cells'))?.threshold).toBe(-50);
    await simulation.run('15 ms');
    expect((await simulation.toThreshold('cells'))?.threshold).toBe(-52);
  });

  it('is null where a condition compares no variable: chance, or nothing at all', async () => {
    const random = await simulate({ eqs: 'x : 1', threshold: 'rand() < 0.01' });
    expect(await random.toThreshold('cells')).toBeNull();
    const never = await simulate({ eqs: 'dv/dt = -v/ms : volt' });
    expect(await never.toThreshold('cells')).toBeNull();
    await expect(never.toThreshold('cell')).rejects.toThrow('There is no population "cell"');
  });
});
