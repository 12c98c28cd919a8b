/** Four ways to stimulate a synapse, of which two leave a lasting trace: synaptic tagging and capture. */
import { models, Network } from '../index.ts';
import { defineExample } from './example.ts';

/** Begin of the stimulation. */
const BEGIN_MS = 100;
const TEN_MINUTES_MS = 600_000;
/** Behind the last spike of all protocols, and what its calcium does. */
const STIMULATED_MS = 1_202_000;

/** Spike times of trains that begin every so many ms. */
const trains = (count: number, everyMs: number, spikes: number, intervalMs: number): number[] =>
  Array.from(
    { length: count * spikes },
    (_, k) => BEGIN_MS + Math.floor(k / spikes) * everyMs + (k % spikes) * intervalMs,
  );

/** In the order of the neurons: strong and weak tetanic, strong and weak low-frequency stimulation. */
const PROTOCOLS = [
  trains(3, TEN_MINUTES_MS, 100, 10),
  trains(1, TEN_MINUTES_MS, 20, 10),
  trains(900, 1000, 3, 50),
  trains(900, 1000, 1, 0),
];

export const tagging = defineExample({
  name: 'tagging',
  title: 'Synaptic tagging and capture: which changes last',
  citation: 'Luboeinski & Tetzlaff 2021, Commun Biol 4:275, doi:10.1038/s42003-021-01778-y',
  note: 'One synapse onto each of four neurons. Neuron 0: three tetani of 100 Hz, 10 min apart (STET); 1: one of 0.2 s (WTET); 2: 900 bursts of three spikes at 20 Hz (SLFS); 3: 900 single spikes (WLFS). early is h, late is h_0 z, both in mV; only neurons 0 and 2 make protein and reach the late phase. Stimulation takes 20 min; behind it relaxation, protein and late phase, and only these, run `acceleration` times as fast, by interventions: at 500, 58 s are eight hours. A single spike does not bring calcium to the threshold of depression, so neuron 3 stays as it is.',
  parameters: {
    acceleration: {
      kind: 'number',
      default: 500,
      min: 1,
      max: 2000,
      doc: 'How much faster the slow processes run when the stimulation has ended.',
    },
    noise: {
      kind: 'quantity',
      default: '2.90436 mV',
      min: '0 mV',
      max: '10 mV',
      doc: 'Noise of plasticity, sigma_pl.',
    },
  },
  defaultDuration: '1260 s',
  build({ acceleration, noise }, seed) {
    const net = new Network({ name: 'tagging', dt: '1 ms', seed });
    const stimulus = net.spikeList('stimulus', PROTOCOLS.length, {
      indices: PROTOCOLS.flatMap((times, k) => times.map(() => k)),
      timesMs: PROTOCOLS.flat(),
    });
    const neuron = models.lifTagging.with();
    const neurons = net.population('neurons', PROTOCOLS.length, {
      ...neuron,
      eqs: `${neuron.eqs}\nearly : volt\nlate : volt`,
      slow: '20 ms',
    });
    const synapse = models.taggingAndCapture.with({ sigma_pl: noise });
    net
      .projection('synapses', stimulus, neurons, {
        ...synapse,
        eqs: `${synapse.eqs}\nearly_post = h : volt (summed)\nlate_post = h_0*z : volt (summed)`,
        // Whole steps.
        delay: { byPathway: { calcium: '19 ms', transmit: '3 ms' } },
      })
      .connect({ rule: 'one-to-one' });
    const at = `${STIMULATED_MS} ms`;
    net.intervene({ at, owner: 'synapses', parameter: 'rho', factor: acceleration });
    net.intervene({ at, owner: 'synapses', parameter: 'tau_z', factor: 1 / acceleration });
    net.intervene({ at, owner: 'neurons', parameter: 'tau_p', factor: 1 / acceleration });
    net.record.state(neurons, ['early', 'late', 'protein'], { every: '100 ms' });
    return net.document;
  },
});
