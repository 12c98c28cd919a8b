/** The networks of the lessons, small enough for a phone. Words and checks are in lessons/lessons.ts. */
import { examples } from '../../examples/index.ts';
import { extend, models, Network, type NetworkDocument, NetworkError } from '../../index.ts';

export interface LessonCalls {
  lessonDocument(name: string): NetworkDocument;
}

/** One leaky integrate-and-fire neuron: 15 mV from rest to threshold, 100 MOhm. */
function threshold(): NetworkDocument {
  const net = new Network({ name: 'A neuron and its threshold' });
  const neuron = net.population('neuron', 1, {
    eqs: 'dv/dt = (v_rest - v + r_m*i_in)/tau_m : volt (unless refractory)',
    threshold: 'v > v_thresh',
    reset: 'v = v_reset',
    refractory: 'tau_refrac',
    params: {
      v_rest: '-65 mV',
      v_thresh: '-50 mV',
      v_reset: '-65 mV',
      tau_m: '20 ms',
      tau_refrac: '5 ms',
      r_m: '100 Mohm',
      i_in: '100 pA',
    },
    initial: { v: 'v_rest' },
  });
  net.record.spikes(neuron);
  return net.document;
}

/** The network of Brunel 2000 with a twelfth of its neurons and inputs six times as strong; g can be turned. */
function irregular(): NetworkDocument {
  const net = new Network({
    name: 'Irregular activity and balance',
    params: { j_exc: '0.6 mV', g: 3 },
  });
  const neurons = net.population('neurons', 1000, {
    ...models.lifDelta.with({
      v_rest: '0 mV',
      v_reset: '10 mV',
      v_thresh: '20 mV',
      tau_m: '20 ms',
      tau_refrac: '2 ms',
    }),
    initial: { v: 'rand()*v_thresh' },
  });
  const excitatory = neurons.slice(0, 800);
  const inhibitory = neurons.slice(800, 1000);
  net
    .projection('excitation', excitatory, neurons, { onPre: 'v += j_exc', delay: '1.5 ms' })
    .connect({ rule: 'fixed-in-degree', k: 80 });
  net
    .projection('inhibition', inhibitory, neurons, {
      onPre: 'v -= g*j_exc',
      delay: '1.5 ms',
      // The slider goes to g = 8 while it runs.
      bound: '4.8 mV',
    })
    .connect({ rule: 'fixed-in-degree', k: 20 });
  // 1.4 times the rate that brings the mean potential to threshold without any recurrence.
  net.poissonInput('external', neurons, { variable: 'v', n: 80, rate: '30 Hz', weight: 'j_exc' });
  net.record.spikes(neurons);
  return net.document;
}

/** A regular sender, one depressing synapse, a receiver that does not fire. */
function tiring(): NetworkDocument {
  const net = new Network({ name: 'A synapse that tires' });
  const sender = net.population('sender', 1, {
    eqs: 'dphase/dt = rate : 1',
    threshold: 'phase >= 1',
    reset: 'phase -= 1',
    params: { rate: '5 Hz' },
    initial: { phase: 0.5 },
  });
  const receiver = net.population('receiver', 1, {
    eqs: `dv/dt = (v_rest - v)/tau_m + g_exc*(e_rev_exc - v)/c_m : volt
dg_exc/dt = -g_exc/tau_syn_exc : siemens`,
    params: {
      v_rest: '-70 mV',
      tau_m: '20 ms',
      c_m: '200 pF',
      e_rev_exc: '0 mV',
      tau_syn_exc: '5 ms',
    },
    initial: { v: 'v_rest' },
  });
  net
    .projection('synapse', sender, receiver, {
      ...models.tsodyksMarkram.with({ u_0: 0.5, tau_rec: '800 ms', tau_fac: '5 ms' }),
      initial: { weight: '10*nS', x_syn: 1 },
    })
    .connect({ rule: 'all-to-all' });
  net.record.spikes(sender);
  return net.document;
}

/** Cells whose calcium drives the whole cascade to a protein, on a clock 3600 times as fast. */
function gene(): NetworkDocument {
  const net = new Network({ name: 'A gene that answers', params: { w_drive: '0.6 nS' } });
  const model = extend(models.lifCalcium, models.geneCascade, {
    replace: { calcium: 'mean(ca)', environment: '1' },
  });
  const cells = net.population('cells', 200, {
    ...model.with(),
    acceleration: 3600,
  });
  cells.set({ v: 'v_reset + rand()*(v_thresh - v_reset)' });
  net.poissonInput('drive', cells, {
    variable: 'g_exc',
    n: 200,
    rate: '8 Hz',
    weight: 'w_drive',
  });
  net.record.spikes(cells);
  return net.document;
}

const makers: Readonly<Record<string, () => NetworkDocument>> = {
  threshold,
  'balance-of-two': () => {
    const coba = examples.coba?.build();
    if (!coba) throw new Error('internal: there is no coba.');
    // The sliders go to twice the weights while it runs.
    const bounds: Readonly<Record<string, string>> = { exc: '12 nS', inh: '134 nS' };
    const projections = coba.projections.map((projection) => ({
      ...projection,
      bound: bounds[projection.name] ?? '134 nS',
    }));
    return { ...coba, name: 'Excitation and inhibition', projections };
  },
  irregular,
  tiring,
  gene,
};

export const lessonTools = {
  lessonDocument(name: string): NetworkDocument {
    const make = Object.hasOwn(makers, name) ? makers[name] : undefined;
    if (!make) {
      throw new NetworkError(
        `There is no lesson "${name.slice(0, 60)}". Known: ${Object.keys(makers).join(', ')}.`,
        { path: 'lesson', value: name },
      );
    }
    return make();
  },
};
