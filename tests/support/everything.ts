/**
 * A small network with everything at once: a field and its linked variable, clock-driven and slow synapses with noise,
 * plasticity, presynaptic state, a procedural projection, statements of every step, and interventions on all of them.
 */
import { type InterventionDocument, Network } from '../../src/index.ts';

/** Steps after which all of it has happened. */
export const STEPS = 300;

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

export function everything(seed: number): Network {
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

/** Owner and name of everything that it stores. */
export const STORED: readonly (readonly [string, string])[] = [
  ...['v', 'z', 'smooth', 'I', 'n'].map((name) => ['cells', name] as const),
  ...['x', 'y', 'a', 'w', 'g'].map((name) => ['plastic', name] as const),
  ...['u', 'R', 'w'].map((name) => ['short', name] as const),
  ...['C', 'k'].map((name) => ['da', name] as const),
];
