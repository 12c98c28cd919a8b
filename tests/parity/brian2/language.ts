/** The equation language: functions, conditions, subexpressions, timed arrays, parameters that differ by neuron. */
import { Network } from '../../../src/network/network.ts';
import { type Brian2Cases, lcg } from './case.ts';

/** Expressions of x and k, by the name of the subexpression; tests/brian2/functions.py has the same. */
const EXPRESSIONS = {
  modulo: 'x % 1.5',
  modulo_negative: 'x % -0.7',
  modulo_integer: 'k % 7',
  floor_divide: 'x // 0.7',
  floor_divide_integer: 'k // 4',
  floored: 'floor(x)',
  ceiled: 'ceil(x)',
  truncated: 'int(x)*1.0',
  absolute: 'abs(x)',
  signed: 'sign(x)',
  clipped: 'clip(x, -1.25, 2)',
  square: '-x**2',
  power: 'abs(x)**1.7',
  inverse: '(x + 100)**-2',
  root: 'sqrt(abs(x))',
  half: 'abs(x)**0.5',
  exponential: 'exp(x)',
  logarithm: 'log(abs(x) + 0.1)',
  decadic: 'log10(abs(x) + 0.1)',
  sine: 'sin(x)',
  cosine: 'cos(x)',
  tangent: 'tan(x/4)',
  hyperbolic: 'tanh(x)',
  sinus_hyperbolic: 'sinh(x)',
  cosinus_hyperbolic: 'cosh(x)',
  inverse_sine: 'arcsin(x/10)',
  inverse_cosine: 'arccos(x/10)',
  inverse_tangent: 'arctan(x)',
  relative: 'exprel(x)',
  minus_one: 'expm1(x)',
  one_plus: 'log1p(abs(x))',
  quotient: 'k/4',
  flag: 'int(x > 0.5)',
  mixed: '2.0**-1*3.0**2**0.5 - 7//2 + 7 % 4 - -3 % 5',
  steps: 'timestep(t + x*ms, dt)',
};

export const languageCases: Brian2Cases = {
  functions() {
    const network = new Network();
    const lines = Object.entries(EXPRESSIONS).map(
      ([name, text]) => `${name} = ${text} : ${name === 'steps' ? 'integer' : '1'}`,
    );
    const group = network.population('group', 9, {
      eqs: ['x = i - 4 + sin(0.9*t/ms) : 1', 'k = i*3 - 11 : integer', ...lines].join('\n'),
    });
    const names = ['x', ...Object.keys(EXPRESSIONS)];
    const state = network.record.state(group, names, { every: '1 ms' });
    return {
      network,
      durationMs: 3,
      traces: Object.fromEntries(names.map((name) => [name, [state, name] as const])),
    };
  },

  boolean_expressions() {
    const network = new Network();
    const group = network.population('group', 8, {
      eqs: `dv/dt = (15*mV*int(on and not blocked) + 12*mV*int(i >= 6 or count == 2) - v)/tau : volt
            on = t % (20*ms) < 12*ms or i == 3 : boolean
            blocked : boolean
            tired : boolean
            count : integer`,
      threshold: 'v > 10*mV and not (tired and i % 2 == 1) or v > 11.5*mV',
      reset: `v = 0*mV
              count += 1
              tired = count % 3 == 2
              blocked = count >= 5 and (i < 2 or i != 5)`,
      method: 'euler',
      params: { tau: '5 ms' },
      initial: {
        blocked: { values: [0, 0, 1, 0, 0, 1, 0, 0], unit: '1' },
        tired: 'i == 1',
      },
    });
    const names = ['v', 'count', 'tired', 'blocked', 'on'];
    const state = network.record.state(group, names, { neurons: [1, 3, 6], every: '1 ms' });
    return {
      network,
      durationMs: 70,
      spikes: { group: network.record.spikes(group) },
      traces: Object.fromEntries(names.map((name) => [name, [state, name] as const])),
      finals: { count: ['group', 'count'] },
    };
  },

  subexpressions() {
    const network = new Network();
    const group = network.population('group', 3, {
      eqs: `dv/dt = (i_leak + i_exp + i_stim - i_m)/c_m : volt
            dp/dt = (p_inf - p)/tau_p : 1
            i_leak = g_l*(e_l - v) : amp
            i_exp = g_l*slope*exp((v - v_t)/slope) : amp
            i_m = g_m*p*(v - e_k) : amp
            p_inf = 1/(1 + exp(-x_p)) : 1
            x_p = (v - v_half)/(10*mV) : 1
            i_stim = (i_0 + 40*pA*i)*(1 + sin(2*3.141592653589793*t/(50*ms))) : amp`,
      threshold: 'v > -35*mV',
      reset: 'v = -70*mV',
      refractory: '2 ms',
      method: 'rk4',
      params: {
        c_m: '200 pF',
        g_l: '10 nS',
        e_l: '-70 mV',
        slope: '4 mV',
        v_t: '-50 mV',
        g_m: '5 nS',
        e_k: '-90 mV',
        tau_p: '60 ms',
        v_half: '-45 mV',
        i_0: '320 pA',
      },
      initial: { v: '-70*mV' },
    });
    const names = ['v', 'p', 'i_m', 'i_stim'];
    const state = network.record.state(group, names, { neurons: [0, 2], every: '1 ms' });
    return {
      network,
      durationMs: 150,
      spikes: { group: network.record.spikes(group) },
      traces: Object.fromEntries(names.map((name) => [name, [state, name] as const])),
    };
  },

  timed_array() {
    const network = new Network({ params: { tau: '6 ms' } });
    const scaled = (count: number, seed: number) => lcg(count, seed).map((value) => value * 40);
    network.timedArray('common', { dt: '7.5 ms', unit: 'mV', values: [0, 12, 30, 5, 25] });
    network.timedArray('each', { dt: '5 ms', unit: 'mV', columns: 3, values: scaled(30, 5) });
    network.timedArray('fine', { dt: '0.1 ms', unit: 'mV', values: scaled(600, 6) });
    const groups = (
      [
        ['common', 'dv/dt = (common(t) - v)/tau : volt', 'exact'],
        ['each', 'dv/dt = (each(t, i) - v)/tau : volt', 'exponential_euler'],
        ['fine', 'dv/dt = (fine(t) + each(t, i) - v)/tau : volt', 'rk4'],
        ['midpoint', 'dv/dt = (fine(t) - v)*(1 + 0.02*v/mV)/tau : volt', 'rk2'],
      ] as const
    ).map(([label, eqs, method]) => {
      const name = `with ${label}`;
      const group = network.population(name, 3, {
        eqs,
        threshold: 'v > 10*mV',
        reset: 'v = 0*mV',
        method,
      });
      const state = network.record.state(group, ['v'], { neurons: [0, 2], every: '0.5 ms' });
      return { label, spikes: network.record.spikes(group), trace: [state, 'v'] as const };
    });
    return {
      network,
      durationMs: 60,
      spikes: Object.fromEntries(groups.map(({ label, spikes }) => [label, spikes])),
      traces: Object.fromEntries(groups.map(({ label, trace }) => [label, trace])),
    };
  },

  per_neuron_parameters() {
    const network = new Network();
    const r = lcg(30, 21);
    const some = (row: number, f: (value: number) => number) =>
      r.slice(10 * row, 10 * row + 10).map(f);
    const initial = {
      tau: { values: some(0, (value) => 5 + 20 * value), unit: 'ms' },
      current: { values: some(1, (value) => 14 + 10 * value), unit: 'mV' },
      level: { values: some(2, (value) => 9 + 2 * value), unit: 'mV' },
    };
    const parameters = `tau : second (constant)
                        current : volt (constant)
                        level : volt`;
    const linear = network.population('linear', 10, {
      eqs: `dv/dt = (current - v)/tau : volt
            ${parameters}`,
      threshold: 'v > level',
      reset: 'v = 0*mV; level += 0.5*mV',
      method: 'exponential_euler',
      initial,
    });
    const quadratic = network.population('quadratic', 10, {
      eqs: `dv/dt = (v*v/(20*mV) + current - v)/tau : volt
            ${parameters}`,
      threshold: 'v > level',
      reset: 'v = -5*mV; level += 1*mV',
      method: 'rk4',
      initial,
    });
    const state = network.record.state(quadratic, ['v', 'level'], {
      neurons: [0, 9],
      every: '1 ms',
    });
    return {
      network,
      durationMs: 120,
      spikes: {
        linear: network.record.spikes(linear),
        quadratic: network.record.spikes(quadratic),
      },
      traces: { v: [state, 'v'], level: [state, 'level'] },
      finals: { level: ['linear', 'level'] },
    };
  },

  threshold_without_reset() {
    const network = new Network();
    const options = {
      eqs: 'dx/dt = -x/(4*ms) + 0.5*cos(t/(1.5*ms))/ms : 1',
      threshold: 'x > 0.4 + 0.1*i',
      method: 'euler',
    };
    const free = network.population('free', 2, options);
    const held = network.population('held', 2, { ...options, refractory: '0.5 ms' });
    const counter = network.population('counter', 2, { eqs: 'n_spikes : 1' });
    network
      .projection('count', free, counter, { onPre: 'n_spikes_post += 1' })
      .connect({ rule: 'one-to-one' });
    const state = network.record.state(counter, ['n_spikes']);
    return {
      network,
      durationMs: 25,
      spikes: { free: network.record.spikes(free), held: network.record.spikes(held) },
      traces: { n_spikes: [state, 'n_spikes'] },
    };
  },
};
