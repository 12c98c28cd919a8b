/** One integrator each: exact, exponential_euler, euler, rk2, rk4, and AdEx by two of them. */
import { Network } from '../../../src/network/network.ts';
import { type Brian2Case, type Brian2Cases, lcg } from './case.ts';

/** FitzHugh-Nagumo and a driven nonlinear oscillator whose right side reads the time. */
function oscillators(method: string): Brian2Case {
  const network = new Network();
  const relaxation = network.population('relaxation', 3, {
    eqs: `dx/dt = (x - x**3/3 - y + 0.4 + 0.1*i)/(1*ms) : 1
          dy/dt = 0.08*(x + 0.7 - 0.8*y)/ms : 1`,
    threshold: 'x > 1',
    refractory: 'x > 0',
    method,
    initial: { x: -1.2, y: -0.6 },
  });
  const driven = network.population('driven', 1, {
    eqs: `dp/dt = q/(2*ms) : 1
          dq/dt = (p - p**3 - 0.25*q + 0.3*cos(t/(2*ms)))/(2*ms) : 1`,
    method,
    initial: { p: 0.5 },
  });
  const state = network.record.state(relaxation, ['x', 'y'], { neurons: [0, 2], every: '1 ms' });
  const other = network.record.state(driven, ['p', 'q'], { every: '1 ms' });
  return {
    network,
    durationMs: 100,
    spikes: { relaxation: network.record.spikes(relaxation) },
    traces: { x: [state, 'x'], y: [state, 'y'], p: [other, 'p'], q: [other, 'q'] },
    single: { trace: 1e-2 }, // the driven oscillator is chaotic
  };
}

export const integratorCases: Brian2Cases = {
  integrator_euler: () => oscillators('euler'),
  integrator_rk2: () => oscillators('rk2'),
  integrator_rk4: () => oscillators('rk4'),

  integrator_exact() {
    const network = new Network({ params: { tau: '9 ms', tau_s: '6 ms', period: '5 ms' } });
    const source = network.spikeList('source', 2, {
      indices: [0, 1, 0, 1, 0, 0, 1],
      timesMs: [2, 3, 6.5, 11, 11, 30, 30.1],
    });
    const alpha = network.population('alpha', 2, {
      eqs: `dv/dt = (a - v + 5*mV)/tau : volt (unless refractory)
            da/dt = (s - a)/tau_s : volt
            ds/dt = -s/tau_s : volt`,
      threshold: 'v > 12*mV',
      reset: 'v = 0*mV',
      refractory: '2 ms',
      method: 'exact',
      initial: { v: { values: [0, 5], unit: 'mV' } },
    });
    network
      .projection('input', source, alpha, { onPre: 's_post += 60*mV' })
      .connect({ rule: 'list', pre: [0, 1, 1], post: [0, 0, 1] });
    const chain = network.population('chain', 1, {
      eqs: `dx/dt = (1 - x)/period : 1
            dy/dt = (x - 2*y)/tau : 1
            dz/dt = (y - z)/tau_s : 1`,
      method: 'exact',
      initial: { x: 1 },
    });
    const state = network.record.state(alpha, ['v', 'a', 's'], { every: '0.5 ms' });
    const other = network.record.state(chain, ['x', 'z'], { every: '0.5 ms' });
    return {
      network,
      durationMs: 60,
      spikes: { alpha: network.record.spikes(alpha) },
      traces: {
        v: [state, 'v'],
        a: [state, 'a'],
        s: [state, 's'],
        x: [other, 'x'],
        z: [other, 'z'],
      },
    };
  },

  exact_with_parameters() {
    const network = new Network();
    const group = network.population('group', 8, {
      eqs: `dv/dt = (drive*(1 + 0.05*i) + boost + g - v)/tau : volt (unless refractory)
            dg/dt = -g/tau_g : volt
            drive : volt (constant)
            boost : volt`,
      threshold: 'v > 15*mV',
      reset: 'v = 2*mV; boost -= 0.5*mV',
      refractory: '2 ms',
      method: 'exact',
      params: { tau: '12 ms', tau_g: '5 ms' },
      initial: {
        drive: { values: lcg(8, 51).map((r) => 16 + 4 * r), unit: 'mV' },
        boost: '1*mV',
      },
    });
    network
      .projection('ring', group, group, {
        onPre: 'g_post += 3*mV; boost_post += 0.3*mV',
        delay: '1 ms',
      })
      .connect({ rule: 'list', pre: [0, 1, 2, 3, 4, 5, 6, 7], post: [1, 2, 3, 4, 5, 6, 7, 0] });
    const names = ['v', 'g', 'boost'];
    const state = network.record.state(group, names, { neurons: [0, 7], every: '1 ms' });
    return {
      network,
      durationMs: 120,
      spikes: { group: network.record.spikes(group) },
      traces: Object.fromEntries(names.map((name) => [name, [state, name] as const])),
    };
  },

  integrator_exponential_euler() {
    const network = new Network({ dt: '0.025 ms' });
    const group = network.population('group', 4, {
      eqs: `dv/dt = (g_na*m**3*h*(e_na - v) + g_k*n**4*(e_k - v) + g_l*(e_l - v) + stimulus)/c_m : volt
            dm/dt = alpha_m*(1 - m) - beta_m*m : 1
            dh/dt = alpha_h*(1 - h) - beta_h*h : 1
            dn/dt = alpha_n*(1 - n) - beta_n*n : 1
            alpha_m = 1/exprel(-(v + 40*mV)/(10*mV))/ms : Hz
            beta_m = 4*exp(-(v + 65*mV)/(18*mV))/ms : Hz
            alpha_h = 0.07*exp(-(v + 65*mV)/(20*mV))/ms : Hz
            beta_h = 1/(1 + exp(-(v + 35*mV)/(10*mV)))/ms : Hz
            alpha_n = 0.1/exprel(-(v + 55*mV)/(10*mV))/ms : Hz
            beta_n = 0.125*exp(-(v + 65*mV)/(80*mV))/ms : Hz
            stimulus : amp/metre**2`,
      threshold: 'v > 0*mV',
      refractory: 'v > 0*mV',
      method: 'exponential_euler',
      params: {
        c_m: '1 uF/cm**2',
        g_na: '120 mS/cm**2',
        g_k: '36 mS/cm**2',
        g_l: '0.3 mS/cm**2',
        e_na: '50 mV',
        e_k: '-77 mV',
        e_l: '-54.387 mV',
      },
      initial: {
        v: '-65*mV',
        m: 0.053,
        h: 0.596,
        n: 0.318,
        stimulus: { values: [5, 7, 10, 20], unit: 'uA/cm**2' },
      },
    });
    const state = network.record.state(group, ['v', 'm'], { neurons: [0, 2], every: '0.5 ms' });
    return {
      network,
      durationMs: 80,
      spikes: { group: network.record.spikes(group) },
      traces: { v: [state, 'v'], m: [state, 'm'] },
    };
  },

  adex() {
    const network = new Network({
      dt: '0.05 ms',
      params: {
        c_m: '281 pF',
        g_l: '30 nS',
        e_l: '-70.6 mV',
        v_t: '-50.4 mV',
        slope: '2 mV',
        tau_w: '144 ms',
        a: '4 nS',
        b: '80.5 pA',
        v_r: '-70.6 mV',
      },
    });
    const population = (method: string) =>
      network.population(method, 3, {
        eqs: `dv/dt = (g_l*(e_l - v) + g_l*slope*exp((v - v_t)/slope) + current - w)/c_m : volt
              dw/dt = (a*(v - e_l) - w)/tau_w : amp
              current : amp`,
        threshold: 'v > v_t + 5*slope',
        reset: 'v = v_r; w += b',
        method,
        initial: { v: '-70.6*mV', current: { values: [600, 800, 1000], unit: 'pA' } },
      });
    const euler = population('euler');
    const rk4 = population('rk4');
    const state = network.record.state(euler, ['v', 'w'], { neurons: [0, 2], every: '1 ms' });
    return {
      network,
      durationMs: 150,
      spikes: { euler: network.record.spikes(euler), rk4: network.record.spikes(rk4) },
      traces: { v: [state, 'v'], w: [state, 'w'] },
    };
  },
};
