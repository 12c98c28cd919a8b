/** Whole networks: slices, spike lists, runs in pieces, and three published networks with given connections. */
import { Network } from '../../../src/network/network.ts';
import { type Brian2Cases, lcg, list } from './case.ts';

export const networkCases: Brian2Cases = {
  spike_generator() {
    const network = new Network();
    const source = network.spikeList('source', 13, {
      indices: list(13, (k) => k),
      timesMs: [0, 0.04, 0.05, 0.06, 0.19, 0.3, 1.0, 1.04999, 1.05, 2.96, 2.999999, 3.3, 7.1],
    });
    const relay = network.population('relay', 13, {
      eqs: 'x : 1',
      threshold: 'x > 0',
      reset: 'x = 0',
    });
    network
      .projection('to relay', source, relay, { onPre: 'x_post += 1' })
      .connect({ rule: 'one-to-one' });
    const counter = network.population('counter', 1, {
      eqs: 'dv/dt = -v/(5*ms) : volt',
      method: 'exact',
    });
    network
      .projection('to counter', source, counter, { onPre: 'v_post += (1 + i)*mV' })
      .connect({ rule: 'all-to-all' });
    const state = network.record.state(counter, ['v']);
    return {
      network,
      durationMs: 8,
      spikes: { source: network.record.spikes(source), relay: network.record.spikes(relay) },
      traces: { v: [state, 'v'] },
    };
  },

  subgroups() {
    const network = new Network({ params: { tau: '10 ms', tau_g: '4 ms' } });
    const group = network.population('group', 12, {
      eqs: `dv/dt = (drive + g - v)/tau : volt
            dg/dt = -g/tau_g : volt
            drive : volt`,
      threshold: 'v > 10*mV',
      reset: 'v = 0*mV',
      refractory: '1 ms',
      method: 'euler',
      initial: { drive: { values: [14, 15, 16, 17, ...list(8, () => 8)], unit: 'mV' } },
    });
    const front = group.slice(0, 4);
    const middle = group.slice(4, 8);
    const back = group.slice(8);
    network
      .projection('forward', front, middle, { onPre: 'g_post += (1 + i)*2*mV', delay: '1 ms' })
      .connect({ rule: 'all-to-all' });
    network
      .projection('mixed', middle, back, { onPre: 'g_post += (2 + j)*3*mV' })
      .connect({ rule: 'list', pre: [0, 1, 2, 3, 3], post: [3, 2, 1, 0, 3] });
    network
      .projection('inhibit', back, front, {
        onPre: 'g_post -= (1 + i + N_pre)*0.5*mV',
        delay: '2 ms',
      })
      .connect({ rule: 'one-to-one' });
    const state = network.record.state(back, ['v', 'g'], { neurons: [0, 3], every: '0.5 ms' });
    return {
      network,
      durationMs: 80,
      spikes: { group: network.record.spikes(group), middle: network.record.spikes(middle) },
      traces: { v: [state, 'v'], g: [state, 'g'] },
    };
  },

  two_runs() {
    const network = new Network({ params: { tau: '10 ms' } });
    const group = network.population('group', 6, {
      eqs: `dv/dt = (drive - v)/tau : volt (unless refractory)
            drive : volt`,
      threshold: 'v > 10*mV',
      reset: 'v = 0*mV',
      refractory: '3 ms',
      method: 'euler',
      initial: { drive: { values: [10.5, 11, 12, 9, 9, 9], unit: 'mV' } },
    });
    network
      .projection('chain', group, group, { onPre: 'v_post += 4*mV', delay: '4 ms' })
      .connect({ rule: 'list', pre: [0, 1, 2, 3, 4], post: [3, 4, 5, 5, 3] });
    const state = network.record.state(group, ['v'], { neurons: [0, 3, 5], every: '0.5 ms' });
    return {
      network,
      durationMs: 60,
      spikes: { group: network.record.spikes(group) },
      traces: { v: [state, 'v'] },
      finals: { v: ['group', 'v'] },
      async run(simulation) {
        await simulation.run('31.5 ms');
        const v = await simulation.get('group', 'v', 'mV');
        v.fill(9.5, 4);
        await simulation.set('group', 'v', { values: [...v], unit: 'mV' });
        await simulation.set('group', 'drive', { values: [16, 8, 14, 9, 9, 9], unit: 'mV' });
        await simulation.run('28.5 ms');
      },
    };
  },

  izhikevich() {
    const network = new Network({ dt: '0.5 ms' });
    const r = lcg(20, 11);
    const group = network.population('group', 20, {
      eqs: `dv/dt = (0.04*v**2/mV + 5*v + 140*mV - u + drive)/ms : volt
            du/dt = a*(b*v - u)/ms : volt
            a : 1 (constant)
            b : 1 (constant)
            c : volt (constant)
            d : volt (constant)
            drive : volt`,
      threshold: 'v >= 30*mV',
      reset: 'v = c; u += d',
      method: 'euler',
      initial: {
        a: { values: r.map((value) => 0.02 + 0.08 * value), unit: '1' },
        b: { values: r.map((value) => 0.25 - 0.05 * value), unit: '1' },
        c: { values: r.map((value) => -65 + 15 * value ** 2), unit: 'mV' },
        d: { values: r.map((value) => 8 - 6 * value ** 2), unit: 'mV' },
        drive: { values: lcg(20, 12).map((value) => 4 + 8 * value), unit: 'mV' },
        v: '-65*mV',
        u: 'b*v',
      },
    });
    network
      .projection('synapses', group, group, {
        eqs: 'w : volt',
        onPre: 'v_post += w',
        delay: { values: list(60, (k) => 1 + (k % 5)), unit: 'ms' },
        initial: { w: { values: lcg(60, 13).map((value) => value * 6 - 2), unit: 'mV' } },
      })
      .connect({
        rule: 'list',
        pre: list(60, (k) => k % 20),
        post: list(60, (k) => (7 * k + Math.floor(k / 20)) % 20),
      });
    const state = network.record.state(group, ['v', 'u'], { neurons: [0, 9], every: '2 ms' });
    return {
      network,
      durationMs: 300,
      spikes: { group: network.record.spikes(group) },
      traces: { v: [state, 'v'], u: [state, 'u'] },
      single: { untilMs: 100 },
    };
  },

  cuba_explicit() {
    const network = new Network({
      params: {
        tau_m: '20 ms',
        tau_e: '5 ms',
        tau_i: '10 ms',
        v_t: '-50 mV',
        v_r: '-60 mV',
        e_l: '-49 mV',
        w_e: '1.62 mV',
        w_i: '-9 mV',
      },
    });
    const group = network.population('group', 400, {
      eqs: `dv/dt = (g_e + g_i - (v - e_l))/tau_m : volt (unless refractory)
            dg_e/dt = -g_e/tau_e : volt
            dg_i/dt = -g_i/tau_i : volt`,
      threshold: 'v > v_t',
      reset: 'v = v_r',
      refractory: '5 ms',
      method: 'exact',
      initial: { v: { values: lcg(400, 1).map((r) => -60 + 10 * r), unit: 'mV' } },
    });
    const pairs = lcg(32000, 2).map((r, k) => [Math.floor(r * 400), Math.floor(k / 80)] as const);
    const excitatory = pairs.filter(([pre]) => pre < 320);
    const inhibitory = pairs.filter(([pre]) => pre >= 320);
    network.projection('excitatory', group.slice(0, 320), group, { onPre: 'g_e += w_e' }).connect({
      rule: 'list',
      pre: excitatory.map(([pre]) => pre),
      post: excitatory.map(([, post]) => post),
    });
    network.projection('inhibitory', group.slice(320), group, { onPre: 'g_i += w_i' }).connect({
      rule: 'list',
      pre: inhibitory.map(([pre]) => pre - 320),
      post: inhibitory.map(([, post]) => post),
    });
    const names = ['v', 'g_e', 'g_i'];
    const state = network.record.state(group, names, { neurons: [0, 399], every: '2 ms' });
    return {
      network,
      durationMs: 200,
      spikes: { group: network.record.spikes(group) },
      traces: { v: [state, 'v'], g_e: [state, 'g_e'], g_i: [state, 'g_i'] },
      single: { untilMs: 50 },
    };
  },

  cobahh_explicit() {
    const network = new Network({
      params: {
        c_m: '200 pF',
        g_l: '10 nS',
        e_l: '-65 mV',
        e_k: '-90 mV',
        e_na: '50 mV',
        g_na: '20000 nS',
        g_kd: '6000 nS',
        v_t: '-63 mV',
        tau_e: '5 ms',
        tau_i: '10 ms',
        e_e: '0 mV',
        e_i: '-80 mV',
      },
    });
    const group = network.population('group', 40, {
      eqs: `dv/dt = (g_l*(e_l - v) + g_e*(e_e - v) + g_i*(e_i - v) - g_na*(m*m*m)*h*(v - e_na)
                     - g_kd*(n*n*n*n)*(v - e_k))/c_m : volt
            dm/dt = alpha_m*(1 - m) - beta_m*m : 1
            dn/dt = alpha_n*(1 - n) - beta_n*n : 1
            dh/dt = alpha_h*(1 - h) - beta_h*h : 1
            dg_e/dt = -g_e/tau_e : siemens
            dg_i/dt = -g_i/tau_i : siemens
            alpha_m = 0.32*(mV**-1)*4*mV/exprel((13*mV - v + v_t)/(4*mV))/ms : Hz
            beta_m = 0.28*(mV**-1)*5*mV/exprel((v - v_t - 40*mV)/(5*mV))/ms : Hz
            alpha_h = 0.128*exp((17*mV - v + v_t)/(18*mV))/ms : Hz
            beta_h = 4./(1 + exp((40*mV - v + v_t)/(5*mV)))/ms : Hz
            alpha_n = 0.032*(mV**-1)*5*mV/exprel((15*mV - v + v_t)/(5*mV))/ms : Hz
            beta_n = .5*exp((10*mV - v + v_t)/(40*mV))/ms : Hz`,
      threshold: 'v > -20*mV',
      refractory: '3 ms',
      method: 'exponential_euler',
      initial: {
        v: { values: lcg(40, 31).map((r) => -72 + 10 * r), unit: 'mV' },
        g_e: { values: lcg(40, 32).map((r) => 80 * r), unit: 'nS' },
        g_i: { values: lcg(40, 33).map((r) => 250 * r), unit: 'nS' },
      },
    });
    const targets = (count: number, seed: number) =>
      lcg(count, seed).map((r) => Math.floor(r * 40));
    network
      .projection('excitatory', group.slice(0, 32), group, { onPre: 'g_e += 6*nS' })
      .connect({ rule: 'list', pre: list(400, (k) => k % 32), post: targets(400, 34) });
    network
      .projection('inhibitory', group.slice(32), group, { onPre: 'g_i += 67*nS' })
      .connect({ rule: 'list', pre: list(80, (k) => k % 8), post: targets(80, 35) });
    const names = ['v', 'g_e', 'm'];
    const state = network.record.state(group, names, { neurons: [0, 39], every: '1 ms' });
    return {
      network,
      durationMs: 100,
      spikes: { group: network.record.spikes(group) },
      traces: { v: [state, 'v'], g_e: [state, 'g_e'], m: [state, 'm'] },
    };
  },
};
