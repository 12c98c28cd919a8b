/** Two networks for tests of weights in few bits: one that feeds back and is chaotic, and one that does not. */
import { models, Network } from '../../src/index.ts';

/**
 * CUBA (Brette et al. 2007) of as many neurons, each with 80 synapses onto it as in its 4,000; weights lognormal
 * (excitatory) and normal (inhibitory) around the published ones, or these themselves.
 */
export function drawnCuba(seed: number, neurons: number, isDrawn = true): Network {
  const net = new Network({ dt: '0.1 ms', seed });
  const excitatory = 0.8 * neurons;
  const cells = net.population('cells', neurons, {
    eqs: `dv/dt = (ge + gi - (v + 49*mV))/(20*ms) : volt (unless refractory)
          dge/dt = -ge/(5*ms) : volt
          dgi/dt = -gi/(10*ms) : volt`,
    threshold: 'v > -50*mV',
    reset: 'v = -60*mV',
    refractory: '5 ms',
    initial: { v: '-60*mV + rand()*10*mV' },
  });
  const project = (name: string, variable: string, from: number, to: number, weight: object) =>
    net
      .projection(name, cells.slice(from, to), cells, {
        eqs: 'weight : volt (constant)',
        onPre: `${variable} += weight`,
        initial: { weight: isDrawn ? (weight as never) : name === 'exc' ? '1.62 mV' : '-9 mV' },
      })
      .connect({ rule: 'fixed-probability', p: 80 / neurons });
  project('exc', 'ge', 0, excitatory, { lognormal: { mean: '1.62 mV', sd: '0.8 mV' } });
  project('inh', 'gi', excitatory, neurons, { normal: { mean: '-9 mV', sd: '2 mV', max: '0 mV' } });
  return net;
}

/** Poisson neurons onto 200 neurons, each of 80 drawn weights. */
export function drawnLayer(seed: number): Network {
  const net = new Network({ dt: '0.1 ms', seed });
  const sources = net.poissonPopulation('sources', 400, { rate: '20 Hz' });
  const cells = net.population('cells', 200, models.lifCurrExp.with({ tau_m: '20 ms' }));
  net
    .projection('synapses', sources, cells, {
      ...models.staticSynapse.with({}, { g_exc: 'i_exc', siemens: 'amp' }),
      initial: { weight: { lognormal: { mean: '60 pA', sd: '60 pA' } } },
      delay: '1 ms',
    })
    .connect({ rule: 'fixed-in-degree', k: 80 });
  return net;
}
