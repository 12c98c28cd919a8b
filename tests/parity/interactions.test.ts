/**
 * Everything at once: a field and its linked variable, clock-driven and slow synapses with noise, plasticity, presynaptic
 * state, a procedural projection, statements of every step, and interventions on all of them. However the run is cut,
 * taken back, shared out or run beside others, it has the bits of one run on one thread.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import {
  createSimulation,
  type InterventionDocument,
  Network,
  runMany,
  type SimulationOptions,
} from '../../src/index.ts';
import { singleEngines } from '../support/engines.ts';

const STEPS = 300;

/** Owner, parameter, first and last time in ms, and the change. */
const INTERVENTIONS: readonly (readonly [
  string,
  string,
  number,
  number,
  Pick<InterventionDocument, 'factor' | 'value' | 'neurons'>,
])[] = [
  ['da', 'D', 7.3, 20, { factor: 1.4 }],
  ['da', 'k', 5, 15, { factor: 2, neurons: { from: 2, to: 9 } }],
  ['cells', 'I', 4.1, 19, { factor: 1.5, neurons: { from: 3, to: 30 } }],
  ['cells', 'ref', 2, 28, { value: '1 ms' }],
  ['', 'drive', 11, 25, { factor: 1.2 }],
  ['plastic', 'g', 6, 12, { factor: 3 }],
  ['short', 'U', 9, 21, { factor: 2 }],
  ['short', 'gain', 9, 13, { factor: 4 }],
  ['short', 'w', 9, 13, { factor: 2 }],
  ['remade', 'gain', 3, 17, { factor: 5 }],
  ['release', 'q', 8, 14, { factor: 3 }],
];

function network(seed: number): Network {
  const net = new Network({ dt: '0.1 ms', seed, params: { drive: '14 mV' } });
  const field = net.field('da', {
    grid: [4, 3, 2],
    spacing: '10 um',
    every: '2 ms',
    eqs: 'dC/dt = -k*C/(50*ms) : mM\nk : 1',
    diffusion: { C: 'D' },
    params: { D: '700 um**2/second' },
    initial: { k: '1' },
  });
  const cells = net.population('cells', 37, {
    eqs: `
      dv/dt = (drive*(1 + 100*c/mM) + I - v)/(10*ms) : volt (unless refractory)
      dz/dt = (mean(v)/mV - z)/(20*ms) : 1 (slow)
      c : mM (linked)
      I : volt (constant)
      n : integer
      smooth : 1`,
    onStep: 'n = n + 1; smooth = 0.9*smooth + 0.1*v/mV',
    threshold: 'v > 15*mV',
    reset: 'v = 0*mV',
    refractory: 'ref',
    method: 'exponential_symmetric',
    slow: '1 ms',
    params: { ref: '2 ms' },
    initial: { I: '2*mV*rand()', v: '15*mV*rand()' },
    positions: { x: '40*um*rand()', y: '30*um*rand()', z: '20*um*rand()' },
    links: { c: 'da.C' },
  });
  net
    .projection('plastic', cells, cells, {
      eqs: `
        dx/dt = (v_pre/mV - v_post/mV - x)/(5*ms) + xi*0.1/sqrt(ms) : 1 (clock-driven)
        dy/dt = (mean(x) - y)/(30*ms) : 1 (slow)
        da/dt = -a/(20*ms) : 1 (event-driven)
        w : volt
        g : 1`,
      onPre: 'v_post += w*g*clip(1 + 0.01*x, 0, 2); a += 1',
      onPost: 'w = clip(w + 0.01*mV*a, 0*mV, 2*mV)',
      slow: '1 ms',
      initial: { w: '0.3*mV', g: '1 + 0.1*rand()' },
      delay: '1 ms',
      bound: '5 mV',
    })
    .connect({ rule: 'fixed-in-degree', k: 7 });
  net
    .projection('short', cells, cells, {
      eqs: `
        du/dt = -u/(100*ms) : 1 (event-driven, presynaptic)
        R : 1 (presynaptic)
        w : volt`,
      onPre: 'u += U*(1 - u); v_post += gain*w*u*R; R = clip(R - 0.1*u, 0, 1)',
      params: { U: 0.3, gain: 1 },
      initial: { w: '0.1*mV', R: '1' },
      delay: '1.5 ms',
    })
    .connect({ rule: 'fixed-probability', p: 0.2 });
  net
    .projection('remade', cells, cells, {
      eqs: 'w : volt',
      onPre: 'v_post -= gain*w',
      params: { gain: 1 },
      initial: { w: { uniform: { min: '0 mV', max: '0.2 mV' } } },
      delay: '2 ms',
      synapses: 'procedural',
    })
    .connect({ rule: 'fixed-probability', p: 0.3 });
  net
    .projection('release', cells, field, { onPre: 'C_post += q', params: { q: '1 uM' } })
    .connect({ rule: 'voxel' });
  for (const [owner, parameter, at, until, change] of INTERVENTIONS) {
    net.intervene({ owner, parameter, at: `${at} ms`, until: `${until} ms`, ...change });
  }
  net.record.spikes(cells, { name: 'spikes' });
  return net;
}

const READ: readonly (readonly [string, string])[] = [
  ...['v', 'z', 'smooth', 'I', 'n'].map((name) => ['cells', name] as const),
  ...['x', 'y', 'a', 'w', 'g'].map((name) => ['plastic', name] as const),
  ...['u', 'R', 'w'].map((name) => ['short', name] as const),
  ...['C', 'k'].map((name) => ['da', name] as const),
];

/** Spikes and state after pieces of so many steps. `detours`: changes things by hand behind each, and goes back. */
async function outcome(options: SimulationOptions, pieces: readonly number[], detours = false) {
  using simulation = await createSimulation(network(3), options);
  for (const steps of pieces) {
    await simulation.runSteps(steps);
    if (!detours) continue;
    const checkpoint = await simulation.checkpoint();
    await simulation.setParameter('short', 'gain', 0.5);
    await simulation.set('plastic', 'g', '0.9');
    await simulation.set('cells', 'I', '1*mV');
    await simulation.runSteps(41);
    await simulation.restore(checkpoint);
  }
  const state: (readonly [string, string, readonly number[]])[] = [];
  for (const [owner, name] of READ) {
    state.push([owner, name, [...(await simulation.get(owner, name))]]);
  }
  expect(simulation.step).toBe(STEPS);
  return { hash: await simulation.spikeHash(), state, count: simulation.allSpikes().steps.length };
}

let reference: Awaited<ReturnType<typeof outcome>>;
beforeAll(async () => {
  reference = await outcome({ engine: 'cpu', threads: 1 }, [STEPS]);
});

it('does something', () => {
  const { count, state } = reference;
  expect(count).toBeGreaterThan(40);
  // The whole number counts steps; everything else is something.
  for (const [owner, name, values] of state) {
    if (name === 'n') expect(values).toEqual(values.map(() => STEPS));
    else expect(Math.max(...values.map(Math.abs)), `${owner}.${name}`).toBeGreaterThan(1e-6);
  }
});

describe.each(singleEngines)('on $name', ({ options }) => {
  it('cut, taken back and changed by hand meanwhile', async () => {
    expect(await outcome(options, [55, 45, 20, 30, 1, 149], true)).toEqual(reference);
  });

  it('beside other runs', async () => {
    const { runs } = await runMany((_, { seed = 1 }) => ({ ...network(seed).document, seed }), {
      ...options,
      seeds: [2, 3, 4],
      duration: '30 ms',
    });
    expect(runs[1]?.summary.spike_hash).toBe(reference.hash);
  });
});

it.each([2, 3])('on %i threads', async (threads) => {
  const found = await outcome({ engine: 'cpu', threads }, [57, 43, 200], true);
  expect(found).toEqual(reference);
});
