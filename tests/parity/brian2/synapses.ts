/** Delays, pathways, plastic and summed synapses. */
import { Network } from '../../../src/network/network.ts';
import { type Brian2Case, type Brian2Cases, lcg, list } from './case.ts';

/** Short-term plasticity between two sources and two neurons, in two wordings. */
function shortTerm(eqs: string, onPre: string): Brian2Case {
  const network = new Network({
    params: { tau_m: '15 ms', tau_f: '120 ms', tau_d: '80 ms', amplitude: '2 mV' },
  });
  const source = network.spikeList('source', 2, {
    indices: [...list(10, () => 0), 1, 1, 1, 1],
    timesMs: [...list(10, (k) => 10 + 20 * k), 5, 12, 50, 150],
  });
  const group = network.population('group', 2, { eqs: 'dv/dt = -v/tau_m : volt', method: 'exact' });
  const resting = { values: [0.5, 0.1, 0.3, 0.05], unit: '1' };
  network
    .projection('synapses', source, group, {
      eqs,
      onPre,
      initial: { U: resting, u: resting, x: 1 },
    })
    .connect({ rule: 'list', pre: [0, 0, 1, 1], post: [0, 1, 0, 1] });
  const state = network.record.state(group, ['v'], { every: '1 ms' });
  return {
    network,
    durationMs: 220,
    traces: { v: [state, 'v'] },
    finals: { u: ['synapses', 'u'], x: ['synapses', 'x'] },
  };
}

export const synapseCases: Brian2Cases = {
  stp_manual() {
    const base = shortTerm(
      `u : 1
       x : 1
       U : 1 (constant)
       lastupdate : second`,
      `u = U + (u - U)*exp(-(t - lastupdate)/tau_f)
       x = 1 + (x - 1)*exp(-(t - lastupdate)/tau_d)
       u += U*(1 - u)
       released = u*x
       x -= released
       v_post += amplitude*released
       lastupdate = t`,
    );
    return { ...base, finals: { ...base.finals, lastupdate: ['synapses', 'lastupdate'] } };
  },

  stp_event_driven: () =>
    shortTerm(
      `du/dt = (U - u)/tau_f : 1 (event-driven)
       dx/dt = (1 - x)/tau_d : 1 (event-driven)
       U : 1 (constant)`,
      `u += U*(1 - u)
       released = u*x
       x -= released
       v_post += amplitude*released`,
    ),

  stdp_pair() {
    const network = new Network({
      params: {
        tau: '10 ms',
        tau_x: '20 ms',
        tau_y: '15 ms',
        step_x: 0.05,
        step_y: -0.055,
        w_max: 1,
        jump: '4 mV',
      },
    });
    const times = lcg(60, 7);
    const source = network.spikeList('source', 6, {
      indices: list(60, (k) => k % 6),
      timesMs: times.map((time, k) => 20 * Math.floor(k / 6) + 18 * time),
    });
    const group = network.population('group', 4, {
      eqs: 'dv/dt = (11*mV + i*mV - v)/tau : volt',
      threshold: 'v > 12*mV',
      reset: 'v = 0*mV',
      refractory: '2 ms',
      method: 'exact',
    });
    network
      .projection('synapses', source, group, {
        eqs: `w : 1
              dx/dt = -x/tau_x : 1 (event-driven)
              dy/dt = -y/tau_y : 1 (event-driven)`,
        onPre: `v_post += w*jump
                x += step_x
                w = clip(w + y, 0, w_max)`,
        onPost: `y += step_y
                 w = clip(w + x, 0, w_max)`,
        initial: { w: { values: lcg(24, 3), unit: '1' } },
        bound: '4 mV',
      })
      .connect({
        rule: 'list',
        pre: list(24, (k) => Math.floor(k / 4)),
        post: list(24, (k) => k % 4),
      });
    return {
      network,
      durationMs: 200,
      spikes: { source: network.record.spikes(source), group: network.record.spikes(group) },
      finals: {
        w: ['synapses', 'w'],
        x: ['synapses', 'x'],
        y: ['synapses', 'y'],
        v: ['group', 'v'],
      },
    };
  },

  inhibitory_stdp() {
    const network = new Network({
      params: {
        c_m: '200 pF',
        g_l: '10 nS',
        e_l: '-60 mV',
        e_i: '-80 mV',
        tau_g: '10 ms',
        tau_t: '20 ms',
        rate: 0.05,
        w_max: 100,
        target_rate: 0.12,
      },
    });
    const group = network.population('group', 12, {
      eqs: `dv/dt = (g_l*(e_l - v) + g_i*(e_i - v) + drive)/c_m : volt (unless refractory)
            dg_i/dt = -g_i/tau_g : siemens
            drive : amp (constant)`,
      threshold: 'v > -50*mV',
      reset: 'v = -60*mV',
      refractory: '5 ms',
      method: 'euler',
      initial: {
        v: { values: lcg(12, 41).map((r) => -60 + 9 * r), unit: 'mV' },
        drive: { values: lcg(12, 42).map((r) => 130 + 100 * r), unit: 'pA' },
      },
    });
    network
      .projection('synapses', group.slice(0, 4), group, {
        eqs: `w : 1
              dx/dt = -x/tau_t : 1 (event-driven)
              dy/dt = -y/tau_t : 1 (event-driven)`,
        onPre: `x += 1
                w = clip(w + (y - target_rate)*rate, 0, w_max)
                g_i_post += w*nS`,
        onPost: `y += 1
                 w = clip(w + x*rate, 0, w_max)`,
        delay: { byPathway: { pre: { values: list(48, (k) => (k % 4) * 0.4), unit: 'ms' } } },
        initial: { w: 0.5 },
        bound: '100 nS',
      })
      .connect({
        rule: 'list',
        pre: list(48, (k) => Math.floor(k / 12)),
        post: list(48, (k) => k % 12),
      });
    const state = network.record.state(group, ['v', 'g_i'], { neurons: [0, 11], every: '1 ms' });
    return {
      network,
      durationMs: 200,
      spikes: { group: network.record.spikes(group) },
      traces: { v: [state, 'v'], g_i: [state, 'g_i'] },
      finals: { w: ['synapses', 'w'], x: ['synapses', 'x'], y: ['synapses', 'y'] },
    };
  },

  summed_gap() {
    const network = new Network({ params: { c_m: '100 pF', g_l: '5 nS' } });
    const group = network.population('group', 5, {
      eqs: `dv/dt = (g_l*(-60*mV - v) + drive + i_gap)/c_m : volt
            drive : amp
            i_gap : amp`,
      threshold: 'v > -45*mV',
      reset: 'v = -65*mV',
      refractory: '2 ms',
      method: 'euler',
      initial: {
        v: { values: [-60, -58, -56, -54, -52], unit: 'mV' },
        drive: { values: [240, 0, 90, 120, 140], unit: 'pA' },
      },
    });
    network
      .projection('gap', group, group, {
        eqs: `w : siemens
              i_gap_post = w*(v_pre - v_post) : amp (summed)`,
        initial: { w: { values: [1, 0.5, 2, 1.5, 1, 1, 0.5, 2, 1.5, 1], unit: 'nS' } },
      })
      .connect({
        rule: 'list',
        pre: [0, 1, 2, 3, 4, 1, 2, 3, 4, 0],
        post: [1, 2, 3, 4, 0, 0, 1, 2, 3, 4],
      });
    const state = network.record.state(group, ['v', 'i_gap'], {
      neurons: [0, 1, 3],
      every: '0.5 ms',
    });
    return {
      network,
      durationMs: 100,
      spikes: { group: network.record.spikes(group) },
      traces: { v: [state, 'v'], i_gap: [state, 'i_gap'] },
    };
  },

  clock_driven_synapses() {
    const network = new Network();
    const source = network.population('source', 4, {
      eqs: 'dv/dt = (12*mV + i*mV - v)/(9*ms) : volt',
      threshold: 'v > 10*mV',
      reset: 'v = 0*mV',
      refractory: '1 ms',
      method: 'exact',
    });
    const target = network.population('target', 3, {
      eqs: `dv/dt = (gain*s_total + 3*mV*i - v)/tau : volt
            s_total : 1`,
      threshold: 'v > 8*mV',
      reset: 'v = 0*mV',
      method: 'exponential_euler',
      params: { tau: '10 ms', gain: '9 mV' },
    });
    network
      .projection('gating', source, target, {
        eqs: `w : 1
              dx/dt = -x/(2*ms) : 1 (clock-driven)
              ds/dt = -s/(60*ms) + 0.4*x*(1 - s)/ms : 1 (clock-driven)
              s_total_post = w*s : 1 (summed)`,
        onPre: 'x += 1',
        delay: '1.2 ms',
        method: 'rk4',
        initial: { w: { values: [0.5, 1, 0.75, 0.6, 1.5, 0.25], unit: '1' } },
      })
      .connect({ rule: 'list', pre: [0, 1, 2, 3, 0, 2], post: [0, 0, 1, 1, 2, 2] });
    network
      .projection('filters', source, target, {
        eqs: `k : 1
              dlow/dt = (v_post - low)/(7*ms) : volt (clock-driven)
              dpair/dt = -pair/(15*ms) + k*(v_pre - 5*mV)*low/mV**2/second : 1 (clock-driven)`,
        onPre: 'v_post += 0.05*low + 0.1*pair*mV',
        onPost: 'pair += 0.2; low -= 0.5*mV',
        method: 'euler',
        initial: { k: { values: [1, 2, -1, 0.5], unit: '1' }, pair: '0.1*i' },
        bound: '10 mV',
      })
      .connect({ rule: 'list', pre: [0, 1, 2, 3], post: [0, 1, 2, 0] });
    network
      .projection('relaxing', target, target, {
        eqs: `dlevel/dt = (v_pre/mV*rate - level)/(25*ms) : 1 (clock-driven)
              rate : 1`,
        onPre: 'v_post -= 0.02*level*mV',
        onPost: 'rate += 0.01',
        method: 'exponential_euler',
        initial: { rate: 0.5 },
        bound: '10 mV',
      })
      .connect({ rule: 'list', pre: [0, 1, 2], post: [1, 2, 0] });
    const names = ['v', 's_total'];
    const state = network.record.state(target, names, { every: '1 ms' });
    return {
      network,
      durationMs: 150,
      spikes: { source: network.record.spikes(source), target: network.record.spikes(target) },
      traces: Object.fromEntries(names.map((name) => [name, [state, name] as const])),
      finals: {
        x: ['gating', 'x'],
        s: ['gating', 's'],
        low: ['filters', 'low'],
        pair: ['filters', 'pair'],
        level: ['relaxing', 'level'],
        rate: ['relaxing', 'rate'],
      },
    };
  },

  summed_gating() {
    const network = new Network();
    const source = network.population('source', 6, {
      eqs: `dv/dt = (12*mV + i*mV - v)/(9*ms) : volt
            ds/dt = -s/(40*ms) : 1`,
      threshold: 'v > 10*mV',
      reset: 'v = 0*mV; s += 0.5*(1 - s)',
      refractory: '1 ms',
      method: 'exact',
    });
    const target = network.population('target', 3, {
      eqs: `dv/dt = (gain*s_total*(1 + 0.1*v/mV) - inhibition - v)/tau : volt
            s_total : 1
            inhibition : volt`,
      threshold: 'v > 8*mV',
      reset: 'v = 0*mV',
      method: 'rk4',
      params: { tau: '10 ms', gain: '9 mV' },
    });
    network
      .projection('gating', source, target, {
        eqs: `w : 1
              s_total_post = w*s_pre/N_incoming : 1 (summed)`,
        initial: { w: { values: [1, 2, 3, 2.5, 1.5, 4, 3, 2, 1], unit: '1' } },
      })
      .connect({
        rule: 'list',
        pre: [0, 1, 2, 3, 4, 5, 0, 2, 4],
        post: [0, 0, 0, 1, 1, 2, 2, 2, 2],
      });
    network
      .projection('mutual', target, target, {
        eqs: 'inhibition_post = 0.5*v_pre*int(v_pre > 2*mV) : volt (summed)',
      })
      .connect({ rule: 'list', pre: [0, 1, 2], post: [1, 2, 0] });
    const names = ['v', 's_total', 'inhibition'];
    const state = network.record.state(target, names, { every: '1 ms' });
    return {
      network,
      durationMs: 150,
      spikes: { source: network.record.spikes(source), target: network.record.spikes(target) },
      traces: Object.fromEntries(names.map((name) => [name, [state, name] as const])),
      single: { steps: 3 }, // the targets cross their threshold slowly
    };
  },

  delays() {
    const network = new Network({ params: { tau: '10 ms', tau_g: '3 ms' } });
    const source = network.population('source', 4, {
      eqs: 'dv/dt = (15*mV + i*2*mV - v)/tau : volt',
      threshold: 'v > 10*mV',
      reset: 'v = 0*mV',
      method: 'exact',
    });
    const target = network.population('target', 4, {
      eqs: `dv/dt = (g - v)/tau : volt
            dg/dt = -g/tau_g : volt`,
      threshold: 'v > 6*mV',
      reset: 'v = 0*mV',
      method: 'exact',
    });
    const onPre = 'g_post += 5*mV';
    network.projection('at once', source, target, { onPre }).connect({ rule: 'one-to-one' });
    for (const delay of ['1.5 ms', '0.27 ms']) {
      network
        .projection(`after ${delay}`, source, target, { onPre, delay })
        .connect({ rule: 'one-to-one' });
    }
    const delays = [0, 0.1, 0.2, 5, 3.14, 3.149, 3.16, 0, 12.5, 1, 1, 1, 0.04, 0.05, 0.06, 20];
    network
      .projection('mixed', source, target, {
        onPre: 'g_post += 2.5*mV',
        delay: { values: delays, unit: 'ms' },
      })
      .connect({
        rule: 'list',
        pre: list(16, (k) => Math.floor(k / 4)),
        post: list(16, (k) => k % 4),
      });
    const state = network.record.state(target, ['v', 'g'], { neurons: [0, 3], every: '0.5 ms' });
    return {
      network,
      durationMs: 80,
      spikes: { source: network.record.spikes(source), target: network.record.spikes(target) },
      traces: { v: [state, 'v'], g: [state, 'g'] },
    };
  },

  pathways() {
    const network = new Network({ params: { tau: '8 ms', tau_c: '15 ms' } });
    const source = network.spikeList('source', 3, {
      indices: [0, 1, 2, 0, 1, 2, 0],
      timesMs: [1, 2, 3, 12, 12, 13.5, 30],
    });
    const group = network.population('group', 3, {
      eqs: `dv/dt = -v/tau : volt
            da/dt = -a/tau_c : 1`,
      threshold: 'v > 9*mV',
      reset: 'v = 0*mV',
      refractory: '1 ms',
      method: 'exact',
    });
    network
      .projection('synapses', source, group, {
        eqs: `w : volt
              dc/dt = -c/tau_c : 1 (event-driven)`,
        onPre: { fast: 'v_post += w', slow: 'v_post += 0.5*w*(1 + c)', tag: 'c += 1' },
        onPost: { learn: 'w += c*mV; a_post += c' },
        delay: {
          byPathway: {
            fast: '0.2 ms',
            slow: { values: [3, 4, 5, 3, 4, 5], unit: 'ms' },
            tag: '1.5 ms',
            learn: '0.7 ms',
          },
        },
        initial: { w: { values: [10, 4, 8, 6, 9.5, 3], unit: 'mV' } },
      })
      .connect({ rule: 'list', pre: [0, 0, 1, 1, 2, 2], post: [0, 1, 1, 2, 2, 0] });
    const state = network.record.state(group, ['v', 'a'], { every: '0.5 ms' });
    return {
      network,
      durationMs: 60,
      spikes: { group: network.record.spikes(group) },
      traces: { v: [state, 'v'], a: [state, 'a'] },
      finals: { w: ['synapses', 'w'], c: ['synapses', 'c'] },
    };
  },

  synapse_symbols() {
    const network = new Network();
    const source = network.population('source', 4, {
      eqs: `dx/dt = (1.5 + 0.2*i - x)/(6*ms) : 1
            back : 1`,
      threshold: 'x > 1',
      reset: 'x = 0',
      refractory: '1 ms',
      method: 'euler',
    });
    const target = network.population('target', 3, {
      eqs: `dy/dt = (0.8 - y)/(9*ms) : 1
            gain : 1
            total : 1`,
      threshold: 'y > 1.2',
      reset: 'y = 0',
      method: 'euler',
      initial: { gain: '1 + 0.5*i' },
    });
    network
      .projection('synapses', source, target, {
        eqs: 'w : 1',
        onPre: `share = w/N_incoming
                y_post += 0.5*share*gain_post
                total_post -= share*(i + 10*j)*x_pre + N_outgoing + 0.01*t/ms
                back_pre += w*N_post/N_pre`,
        onPost: 'back_pre -= 0.1*w*y_post',
        initial: { w: '1 + 0.25*i - 0.125*j' },
      })
      .connect({ rule: 'list', pre: [0, 0, 1, 2, 2, 2, 3, 3], post: [0, 1, 1, 0, 1, 2, 2, 0] });
    const back = network.record.state(source, ['back'], { every: '1 ms' });
    const state = network.record.state(target, ['y', 'total'], { every: '1 ms' });
    return {
      network,
      durationMs: 50,
      spikes: { source: network.record.spikes(source), target: network.record.spikes(target) },
      traces: { back: [back, 'back'], y: [state, 'y'], total: [state, 'total'] },
    };
  },
};
