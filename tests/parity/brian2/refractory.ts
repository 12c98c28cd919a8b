/** Refractory periods in every form: a time, a variable, an expression, a condition, with and without clamping. */
import { Network } from '../../../src/network/network.ts';
import type { Brian2Cases } from './case.ts';

export const refractoryCases: Brian2Cases = {
  refractory_time() {
    const network = new Network({ params: { tau: '10 ms', drive: '20 mV' } });
    const [free, clamped, odd] = (
      [
        ['free', '', '3 ms'],
        ['clamped', ' (unless refractory)', '3 ms'],
        ['odd', ' (unless refractory)', '2.55 ms'],
      ] as const
    ).map(([name, flag, refractory]) =>
      network.population(name, 5, {
        eqs: `dv/dt = (drive*(1 + 0.1*i) - v)/tau : volt${flag}`,
        threshold: 'v > 10*mV',
        reset: 'v = 0*mV',
        refractory,
        method: 'exact',
      }),
    ) as [
      ReturnType<Network['population']>,
      ReturnType<Network['population']>,
      ReturnType<Network['population']>,
    ];
    const state = network.record.state(clamped, ['v', 'not_refractory'], { neurons: [0, 4] });
    return {
      network,
      durationMs: 40,
      spikes: {
        free: network.record.spikes(free),
        clamped: network.record.spikes(clamped),
        odd: network.record.spikes(odd),
      },
      traces: { v: [state, 'v'], not_refractory: [state, 'not_refractory'] },
    };
  },

  refractory_variable() {
    const network = new Network({ params: { tau: '8 ms', drive: '25 mV', step: '0.75 ms' } });
    const fixed = network.population('fixed', 6, {
      eqs: `dv/dt = (drive - v)/tau : volt (unless refractory)
            ref : second (constant)`,
      threshold: 'v > 12*mV',
      reset: 'v = 0*mV',
      refractory: 'ref',
      method: 'exact',
      initial: { ref: { values: [0, 0.1, 0.34, 1.0, 2.5, 7.3], unit: 'ms' } },
    });
    const growing = network.population('growing', 2, {
      eqs: `dv/dt = (drive - v)/tau : volt (unless refractory)
            ref : second`,
      threshold: 'v > 12*mV',
      reset: 'v = 0*mV; ref += step',
      refractory: 'ref',
      method: 'exact',
      initial: { ref: { values: [0, 1.2], unit: 'ms' } },
    });
    const state = network.record.state(growing, ['v', 'ref'], { neurons: [1], every: '0.5 ms' });
    return {
      network,
      durationMs: 60,
      spikes: { fixed: network.record.spikes(fixed), growing: network.record.spikes(growing) },
      traces: { v: [state, 'v'], ref: [state, 'ref'] },
      finals: { ref: ['growing', 'ref'] },
    };
  },

  refractory_expression() {
    const network = new Network();
    const group = network.population('group', 6, {
      eqs: `dv/dt = (drive - v)/tau : volt (unless refractory)
            da/dt = -a/tau_a : 1`,
      threshold: 'v > 12*mV',
      reset: 'v = 0*mV; a += 1',
      refractory: '(1 + a)*ref_0 + (i % 3)*ms',
      method: 'exact',
      params: { tau: '8 ms', drive: '25 mV', tau_a: '20 ms', ref_0: '1.5 ms' },
    });
    const state = network.record.state(group, ['v', 'a'], { neurons: [0, 5], every: '0.5 ms' });
    return {
      network,
      durationMs: 100,
      spikes: { group: network.record.spikes(group) },
      traces: { v: [state, 'v'], a: [state, 'a'] },
    };
  },

  refractory_condition() {
    const network = new Network();
    const pulse = network.population('pulse', 3, {
      eqs: `dv/dt = (drive + i*5*mV - v)/tau : volt (unless refractory)
            da/dt = -a/tau_a : 1`,
      threshold: 'v > 12*mV',
      reset: 'v = 0*mV; a = 1',
      refractory: 'a > 0.3',
      method: 'exact',
      params: { tau: '10 ms', drive: '25 mV', tau_a: '4 ms' },
    });
    const wave = network.population('wave', 2, {
      eqs: `dx/dt = y*(1 + i)/ms/5 : 1
            dy/dt = -x*(1 + i)/ms/5 : 1`,
      threshold: 'x > 0.5',
      refractory: 'x > 0.2',
      method: 'rk4',
      initial: { x: 1 },
    });
    const state = network.record.state(pulse, ['v', 'not_refractory'], { neurons: [1] });
    const waves = network.record.state(wave, ['x', 'not_refractory'], { neurons: [0, 1] });
    return {
      network,
      durationMs: 40,
      spikes: { pulse: network.record.spikes(pulse), wave: network.record.spikes(wave) },
      traces: {
        v: [state, 'v'],
        pulse_open: [state, 'not_refractory'],
        x: [waves, 'x'],
        wave_open: [waves, 'not_refractory'],
      },
    };
  },

  unless_refractory_golden() {
    const network = new Network();
    const source = network.spikeList('source', 1, {
      indices: [0, 0, 0, 0],
      timesMs: [1.0, 1.3, 1.5, 2.0],
    });
    const group = network.population('group', 2, {
      eqs: 'dv/dt = 0*volt/second : volt (unless refractory)',
      threshold: 'v > 10*mV',
      reset: 'v = 0*mV',
      refractory: '0.5 ms',
      method: 'euler',
    });
    network
      .projection('input', source, group, {
        onPre: 'v_post += 11*mV',
        delay: { values: [0, 0.3], unit: 'ms' },
      })
      .connect({ rule: 'list', pre: [0, 0], post: [0, 1] });
    const state = network.record.state(group, ['v', 'not_refractory']);
    return {
      network,
      durationMs: 4,
      spikes: { group: network.record.spikes(group) },
      traces: { v: [state, 'v'], not_refractory: [state, 'not_refractory'] },
    };
  },

  refractory_symbols() {
    const network = new Network();
    const group = network.population('group', 4, {
      eqs: `dv/dt = (drive*int(not_refractory) + i*mV - v)/tau : volt
            da/dt = (int(not_refractory)*2 - 1)*0.1/ms - a/tau_a : 1
            level = v_t*(1 + exp(-(t - lastspike)/tau_r)) : volt`,
      threshold: 'v > level',
      reset: 'v -= 5*mV',
      refractory: '1.7 ms',
      method: 'euler',
      params: { tau: '8 ms', drive: '22 mV', tau_a: '20 ms', v_t: '10 mV', tau_r: '12 ms' },
    });
    const state = network.record.state(group, ['v', 'a', 'level'], {
      neurons: [0, 3],
      every: '0.5 ms',
    });
    return {
      network,
      durationMs: 80,
      spikes: { group: network.record.spikes(group) },
      traces: { v: [state, 'v'], a: [state, 'a'], level: [state, 'level'] },
    };
  },
};
