/**
 * Clock-driven synapse equations: the same bits on the CPU engine with any number of threads and on the GPU engine,
 * however its memory is divided; the same numbers as the same equations have in a population; noise of the right size.
 */
import { describe, expect, test } from 'vitest';
import { createCpuEngine } from '../../src/cpu/engine.ts';
import type { Engine } from '../../src/engine.ts';
import { createGpuEngine } from '../../src/gpu/engine.ts';
import {
  createSimulation,
  Network,
  type Simulation,
  type SimulationOptions,
} from '../../src/index.ts';
import { compileNetwork } from '../../src/plan/compile.ts';
import { engines, simulate, singleEngines } from '../support/engines.ts';
import { describeGpu } from '../support/gpu.ts';
import { Collector } from '../support/plans.ts';

/** Everything at once: both ends, events of both sides, degrees, noise, means, slow steps, sums. */
function everything(): Network {
  const network = new Network({ dt: '0.1 ms', seed: 3 });
  const source = network.population('source', 70, {
    eqs: 'dv/dt = (20*mV - v + i*mV/10)/(10*ms) : volt',
    threshold: 'v > 15*mV',
    reset: 'v = 0*mV',
  });
  const target = network.population('target', 30, {
    eqs: 'dv/dt = -v/(10*ms) : volt\nS : 1\nI : 1',
    threshold: 'v > 20*mV',
    reset: 'v = 0*mV',
  });
  network
    .projection('plastic', source, target, {
      eqs: `dc/dt = -c/(20*ms) : 1 (event-driven)
            dh/dt = (c - h)/(5*ms) + v_pre/mV/second - v_post/(40*mV)*h/ms : 1 (clock-driven)
            dz/dt = (mean(h) - z)/(50*ms) + 0.1*xi_1*second**-0.5 : 1 (slow)
            dq/dt = 0.1*xi_2*second**-0.5 + (i + j)/N/second + N_incoming/second : 1 (clock-driven)
            S_post = (h + z)/N_incoming : 1 (summed)
            count : integer`,
      onPre: 'c += 1; v += 0.1*(h + z)*mV; count += 1',
      onPost: 'h += 1',
      delay: { uniform: { min: '0.5 ms', max: '3 ms' } },
      slow: '1 ms',
      bound: '100 mV',
      method: 'euler',
      initial: { h: '0.01*j' },
    })
    .connect({ rule: 'fixed-probability', p: 0.3 });
  // Neither rows nor columns of its own.
  network
    .projection('drifting', target, source, {
      eqs: 'dx/dt = -x/(30*ms) + exp(-v_pre/mV)/second + sin(t/(7*ms))/ms : 1 (clock-driven)',
      method: 'rk4',
    })
    .connect({ rule: 'fixed-in-degree', k: 3 });
  return network;
}

const STORED = [
  ['plastic', 'h'],
  ['plastic', 'z'],
  ['plastic', 'q'],
  ['plastic', 'c'],
  ['plastic', 'count'],
  ['drifting', 'x'],
  ['target', 'v'],
  ['target', 'S'],
] as const;

async function outcome(options: SimulationOptions): Promise<number[][]> {
  const simulation = await createSimulation(everything(), options);
  try {
    await simulation.run('20 ms');
    await simulation.run('13.7 ms');
    const values: number[][] = [];
    for (const [owner, name] of STORED) values.push([...(await simulation.get(owner, name))]);
    return values;
  } finally {
    simulation.destroy();
  }
}

describe('every engine has the same bits', () => {
  test('with several threads', async () => {
    const one = await outcome({ engine: 'cpu', threads: 1 });
    for (const values of one) expect(values.some((value) => value !== 0)).toBe(true);
    expect(await outcome({ engine: 'cpu', threads: 2 })).toEqual(one);
    expect(await outcome({ engine: 'cpu', threads: 3 })).toEqual(one);
  });

  describeGpu('on the GPU', (device) => {
    test('with all synapses in one piece', async () => {
      const cpu = await outcome({ engine: 'cpu' });
      expect(await outcome({ engine: 'gpu', device, strict: true })).toEqual(cpu);
    });

    test('with synapses in parts', async () => {
      const { plan } = compileNetwork(everything().document);
      const cells = async (engine: Engine): Promise<number[][]> => {
        await engine.advance(300);
        const values: number[][] = [];
        for (const { projection, synapseVariables, count } of plan.clocked) {
          for (const [k, { type }] of synapseVariables.entries()) {
            const first = projection.synapseCells[k] as number;
            if (type === 'f32') values.push([...(await engine.read('synapseState', first, count))]);
          }
        }
        engine.destroy();
        return values;
      };
      const cpu = await cells(await createCpuEngine(plan, new Collector(), { threads: 1 }));
      for (const bindingBytes of [5000]) {
        const options = { device, strict: true, bindingBytes };
        const engine = await createGpuEngine(plan, new Collector(), options);
        expect(engine.warnings?.join()).toMatch(/The synapses lie in \d+ parts/);
        expect(await cells(engine)).toEqual(cpu);
      }
    });
  });
});

// ---- The same equations in a population ----

const EQUATIONS = [
  ['exact', 'dx/dt = -x/(5*ms) : 1\ndy/dt = (x - y)/(9*ms) : 1', {}],
  [
    'exponential_euler',
    'dx/dt = (cos(t/ms) - x)*(1 + a)/(5*ms) : 1\ndy/dt = (x - y)/ms : 1\na : 1',
    {},
  ],
  ['exponential_rosenbrock', 'dx/dt = -x*x/(5*ms) + 0.1/ms : 1\ndy/dt = -y*x/ms : 1', {}],
  ['exponential_sequential', 'dx/dt = -x/(5*ms) : 1\ndy/dt = (x - y)/ms : 1', {}],
  ['euler', 'dx/dt = -x*x/(5*ms) : 1\ndy/dt = (x - y)/ms : 1', {}],
  ['rk2', 'dx/dt = -x*x/(5*ms) + sin(t/ms)/ms : 1\ndy/dt = (x - y)/ms : 1', {}],
  ['rk4', 'dx/dt = -x*x/(5*ms) + sin(t/ms)/ms : 1\ndy/dt = (x - y)/ms : 1', {}],
  [
    'rk4, slow exponential_euler',
    'dx/dt = -x*x/(5*ms) + sin(t/ms)/ms : 1\ndy/dt = (mean(x) - y)/(20*ms) : 1 (slow)',
    { slow: '0.7 ms', acceleration: 3 },
  ],
  ['exact', 'dx/dt = -x/(5*ms) : 1 (slow)\ndy/dt = (x - y)/(9*ms) : 1 (slow)', { slow: '2 ms' }],
] as const;

describe.each(engines)('$name', (engine) => {
  test.each(EQUATIONS)('%s: as in a population, %s', async (method, eqs, clock) => {
    const network = new Network({ dt: '0.1 ms' });
    const first = {
      x: '0.5 + 0.1*i',
      y: '0.2*i',
      ...(eqs.includes('a : 1') ? { a: '0.1*i' } : {}),
    };
    const neurons = network.population('neurons', 7, { eqs, method, initial: first, ...clock });
    const ends = network.population('ends', 7, { eqs: 'u : 1' });
    network
      .projection('synapses', ends, ends, { eqs, method, initial: first, ...clock })
      .connect({ rule: 'one-to-one' });
    await simulate(network, engine, 12.3, async (simulation) => {
      for (const name of ['x', 'y']) {
        const expected = await simulation.get(neurons.name, name);
        expect(expected.some((value) => value !== 0)).toBe(true);
        expect(await simulation.get('synapses', name)).toEqual(expected);
      }
    });
  });
});

// ---- Noise ----

describe.each(singleEngines)('$name', (engine) => {
  test('noise has its own numbers for every synapse, and the variance of an Ornstein–Uhlenbeck process', async () => {
    const network = new Network({ dt: '0.5 ms', seed: 5 });
    const ends = network.population('ends', 60, { eqs: 'u : 1' });
    network
      .projection('noisy', ends, ends, {
        eqs: `dx/dt = -x/(5*ms) + 2*xi*(5*ms)**-0.5 : 1 (clock-driven)
              dy/dt = -y/(50*ms) + 2*xi_slow*(50*ms)**-0.5 : 1 (slow)`,
        slow: '5 ms',
      })
      .connect({ rule: 'all-to-all' });
    await simulate(network, engine, 400, async (simulation) => {
      await expectVariance(simulation, 'x', 0.5 / 5);
      await expectVariance(simulation, 'y', 5 / 50);
    });
  });
});

/** Euler's x' = (1 - k) x + s sqrt(k) N has variance s² / (2 - k); here s = 2, 3600 values. */
async function expectVariance(simulation: Simulation, name: string, k: number): Promise<void> {
  const values = [...(await simulation.get('noisy', name))];
  expect(new Set(values).size).toBeGreaterThan(3590);
  const expected = 4 / (2 - k);
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length;
  // Four standard deviations of the mean, and of the variance of as many normal numbers.
  expect(Math.abs(mean)).toBeLessThan(4 * Math.sqrt(expected / values.length));
  expect(Math.abs(variance / expected - 1)).toBeLessThan(4 * Math.sqrt(2 / values.length));
}

// ---- Order within a step ----

describe.each(engines)('$name', (engine) => {
  test('equations read neurons after their integration and before their resets', async () => {
    const network = new Network({ dt: '1 ms' });
    const neuron = network.population('neuron', 1, {
      eqs: 'dv/dt = 1/ms : 1',
      threshold: 'v > 2.5',
      reset: 'v = 0',
      method: 'euler',
    });
    network
      .projection('reader', neuron, neuron, {
        eqs: 'ds/dt = v_post/ms : 1 (clock-driven)',
        method: 'euler',
      })
      .connect({ rule: 'one-to-one' });
    // v after the steps: 1, 2, 3 (a spike), 1, 2.
    await simulate(network, engine, 5, async (simulation) => {
      expect([...(await simulation.get('reader', 's'))]).toEqual([1 + 2 + 3 + 1 + 2]);
    });
  });

  test('event-driven variables are read as they are at the time of the step', async () => {
    const network = new Network({ dt: '1 ms' });
    const source = network.spikeList('source', 1, { indices: [0], timesMs: [2] });
    const target = network.population('target', 1, { eqs: 'u : 1' });
    network
      .projection('reader', source, target, {
        eqs: `dc/dt = -c/(10*ms) : 1 (event-driven)
              ds/dt = c/ms : 1 (clock-driven)
              dr/dt = int(c > 0.65)/ms : 1 (slow)`,
        onPre: 'c += 1',
        method: 'euler',
        slow: '2 ms',
      })
      .connect({ rule: 'one-to-one' });
    // The spike of step 2 comes behind the equations of that step: steps 3 … 9 see exp(-0.1) … exp(-0.7).
    await simulate(network, engine, 10, async (simulation) => {
      const expected = [1, 2, 3, 4, 5, 6, 7].reduce((sum, k) => sum + Math.exp(-k / 10), 0);
      const [s = 0] = await simulation.get('reader', 's');
      expect(Math.abs(s - expected)).toBeLessThan(1e-5);
      // Slow steps end with steps 1, 3, 5, 7, 9: exp(-0.1), exp(-0.3) are above 0.65, exp(-0.5) is not.
      expect([...(await simulation.get('reader', 'r'))]).toEqual([4]);
    });
  });

  test('a variable that runs away stops the run and is named', async () => {
    const network = new Network({ dt: '1 ms' });
    const ends = network.population('ends', 6, { eqs: 'u : 1' });
    network
      .projection('unstable', ends, ends, {
        eqs: 'dx/dt = x*x*x*x/ms : 1 (clock-driven)',
        method: 'euler',
        initial: { x: '0.1 + 2*int(i == 5)' },
      })
      .connect({ rule: 'one-to-one' });
    await expect(simulate(network, engine, 100, () => {})).rejects.toThrow(
      /Projection "unstable": x of (a synapse|synapse 5) is not a finite number/,
    );
  });
});
