/** Small networks that have everything whose bits could depend on what else is in a plan; made by seed and values. */
import { examples } from '../../../src/examples/index.ts';
import { type BuildNetwork, models, Network, type Quantity } from '../../../src/index.ts';

/** A network with values that change it, and what to vary. */
export interface Case {
  readonly name: string;
  readonly build: BuildNetwork;
  readonly vary: Readonly<Record<string, readonly Quantity[]>>;
}

const example = (
  name: string,
  size: Readonly<Record<string, number>>,
  vary: Case['vary'] = {},
): Case => ({
  name,
  build: (values, options) => {
    const found = examples[name];
    if (!found) throw new Error(`no example ${name}`);
    return found.build({ ...size, ...values }, options);
  },
  vary,
});

/** Leaky neurons that a Poisson input drives; `more` adds what the case is about. */
function driven(
  name: string,
  { seed = 1 }: { readonly seed?: number },
  more: (net: Network, cells: ReturnType<Network['population']>) => void,
  params: Readonly<Record<string, Quantity>> = {},
): Network {
  const net = new Network({ name, seed, params });
  const cells = net.population('cells', 30, {
    eqs: `dv/dt = -v/(10*ms) : volt (unless refractory)
          total : volt`,
    threshold: 'v > 10*mV',
    reset: 'v = 0*mV',
    refractory: '2 ms',
    initial: { v: 'rand()*10*mV' },
  });
  net.poissonInput('drive', cells, { variable: 'v', n: 100, rate: '12 Hz', weight: '1 mV' });
  more(net, cells);
  net.record.spikes(cells);
  net.record.state(cells, ['v'], { name: 'v', neurons: [0, 3], every: '1 ms' });
  return net;
}

/** STDP: arrival kernels, columns, synapse variables that change, amounts that are only bounded. */
const plastic: Case = {
  name: 'plastic synapses',
  build: ({ top = '3 mV' }, options) =>
    driven('plastic', options, (net, cells) => {
      net
        .projection('stdp', cells, cells, {
          eqs: `w : volt
                da/dt = -a/(20*ms) : 1 (event-driven)
                db/dt = -b/(20*ms) : 1 (event-driven)`,
          onPre: 'v_post += w; a += 1; w = clip(w - 0.1*mV*b, 0*mV, w_top)',
          onPost: 'b += 1; w = clip(w + 0.1*mV*a, 0*mV, w_top)',
          params: { w_top: top },
          initial: { w: 'rand()*w_top' },
          delay: { uniform: { min: '0.5 ms', max: '3 ms' } },
          bound: top,
        })
        .connect({ rule: 'fixed-probability', p: 0.3 });
    }),
  vary: { top: ['1 mV', '3 mV'] },
};

/** Gap junctions: windows of one step, one sum per projection and step. */
const summed: Case = {
  name: 'summed variables',
  build: ({ g = 0.01 }, options) => {
    const net = new Network({ name: 'gap', seed: options.seed ?? 1, params: { g } });
    const cells = net.population('cells', 20, {
      eqs: `dv/dt = (drive - v + coupling)/(10*ms) : volt
            coupling : volt
            drive : volt (constant)`,
      threshold: 'v > 15*mV',
      reset: 'v = 0*mV',
      initial: { drive: '16*mV + rand()*10*mV' },
    });
    net
      .projection('gap', cells, cells, {
        eqs: 'coupling_post = g*(v_pre - v_post) : volt (summed)',
      })
      .connect({ rule: 'all-to-all', autapses: false });
    net.record.spikes(cells);
    net.record.state(cells, ['v'], { name: 'v', neurons: [1] });
    return net;
  },
  vary: { g: [0.005, 0.02] },
};

/** Clock-driven synapses: kernels of their own for each projection and clock, draws by synapse. */
const clocked: Case = {
  name: 'clock-driven synapses',
  build: ({ gain = 1 }, options) =>
    driven('clocked', options, (net, cells) => {
      net
        .projection('drift', cells, cells, {
          eqs: `dc/dt = -c/(20*ms) : 1 (event-driven)
                dh/dt = (gain*c + v_post/mV - h)/(10*ms) : 1 (clock-driven)
                dw/dt = (mean(h)*mV - w)/(30*ms) + 0.2*xi*mV/ms**0.5 : volt (slow)`,
          onPre: 'c += 1; v_post += w',
          params: { gain },
          slow: '2 ms',
          delay: '1 ms',
          bound: '50 mV',
        })
        .connect({ rule: 'fixed-probability', p: 0.3 });
    }),
  vary: { gain: [0.5, 2] },
};

/** Given spikes and Poisson neurons, timed arrays, drawn weights and delays, positions, a weight far larger or smaller. */
const inputs: Case = {
  name: 'generators, arrays and positions',
  build: ({ w = '1 mV', wave = 4 }, options) =>
    driven('inputs', options, (net, cells) => {
      net.timedArray('wave', { dt: '5 ms', unit: 'mV', values: [0, Number(wave), 0, 8] });
      const given = net.spikeList('given', 3, {
        indices: [0, 1, 2, 0],
        timesMs: [1, 2, 2, 9 + (options.seed ?? 0)],
      });
      const noise = net.poissonPopulation('noise', 20, {
        rate: '40 Hz',
        positions: { box: ['100 um', '100 um'] },
      });
      const space = net.population('space', 25, {
        eqs: 'dv/dt = (wave(t) - v)/(10*ms) + 2*mV*xi*(5*ms)**-0.5 : volt',
        threshold: 'v > 6*mV',
        reset: 'v = 0*mV',
        positions: { grid: [5, 5], spacing: '20 um' },
      });
      net
        .projection('far', noise, space, {
          eqs: 'w : volt',
          onPre: 'v += w',
          initial: { w: { normal: { mean: w, sd: w } } },
        })
        .connect({ rule: 'pairwise', p: 'exp(-distance/(60*um))' });
      net
        .projection('given', given, cells, { onPre: 'v += 5*mV', delay: '0.3 ms' })
        .connect({ rule: 'fixed-in-degree', k: 1 });
      net
        .projection('back', space, cells, {
          onPre: 'v += strength',
          params: { strength: w },
          delay: { normal: { mean: '2 ms', sd: '0.5 ms', min: '0.1 ms' } },
        })
        .connect({ rule: 'fixed-out-degree', k: 4 });
      net.record.spikes(given);
      net.record.spikes(noise);
      net.record.spikes(space);
      net.record.rate(space, { name: 'rate' });
    }),
  // Factors of a thousand: sums of synapses need other fixed-point scales. Other arrays: other code.
  vary: { w: ['0.002 mV', '9 mV'], wave: [4, 6] },
};

/** Two populations of one model, coupled by library synapses with short-term plasticity. */
const library: Case = {
  name: 'library models',
  build: ({ tau = '15 ms' }, { seed = 1 }) => {
    const net = new Network({ name: 'library', seed, params: { w_syn: '80 pA' } });
    const options = models.lifCurrExp.with({ tau_m: tau, i_offset: '450 pA', c_m: '250 pF' });
    const a = net.population('a', 12, options);
    const b = net.population('b', 7, {
      ...options,
      initial: { ...options.initial, v: '-65*mV + rand()*10*mV' },
    });
    net
      .projection('a to b', a, b, { onPre: 'i_exc += w_syn', delay: '1 ms' })
      .connect({ rule: 'fixed-total-number', n: 50 });
    net
      .projection('b to a', b, a, { onPre: 'i_inh -= w_syn', delay: '2 ms' })
      .connect({ rule: 'all-to-all' });
    net.record.spikes(a);
    net.record.spikes(b);
    return net;
  },
  vary: { tau: ['10 ms', '20 ms'] },
};

export const cases: readonly Case[] = [
  example('brunel', { scale: 0.05 }, { case: ['A', 'C'] }),
  example('cuba', { neurons: 200 }),
  example('izhikevich', { neurons: 60 }),
  plastic,
  summed,
  clocked,
  inputs,
  library,
];
