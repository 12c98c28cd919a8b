/** Brunel's sparse network of excitatory and inhibitory integrate-and-fire neurons, in the four states of his figure 8. */
import { models, Network } from '../index.ts';
import { defineExample } from './example.ts';

/** Relative inhibition g and external rate over threshold rate, by panel of figure 8. */
const CASES = {
  A: { g: 3, ratio: 2 },
  B: { g: 6, ratio: 4 },
  C: { g: 5, ratio: 2 },
  D: { g: 4.5, ratio: 0.9 },
} as const;

/** Excitatory weight times excitatory in-degree of the published network: 0.1 mV * 1000. */
const TOTAL_WEIGHT_MV = 100;
const TAU_MS = 20;
const THETA_MV = 20;

/** A network whose activity is synchronous or not, regular or not, by its inhibition and its drive. */
export const brunel = defineExample({
  name: 'brunel',
  title: 'Brunel: sparse excitatory and inhibitory network, four regimes',
  citation: 'Brunel 2000, J Comput Neurosci 8:183, doi:10.1023/A:1008925309027, figure 8',
  note: 'Cases: A synchronous regular, B fast oscillation with irregular firing, C asynchronous irregular (38 Hz), D slow oscillation at low rate. Sources are drawn with replacement. Other sizes keep the connection probability 0.1 and the mean input: weights go with 1/in-degree, and every neuron has as many external as excitatory synapses.',
  parameters: {
    case: {
      kind: 'choice',
      default: 'C',
      choices: ['A', 'B', 'C', 'D'],
      doc: 'Panel of figure 8: g and external rate (A 3, 2; B 6, 4; C 5, 2; D 4.5, 0.9).',
    },
    neurons: {
      kind: 'number',
      default: 12_500,
      min: 500,
      max: 1_000_000,
      integer: true,
      doc: 'Neurons, 80 % of them excitatory; each has synapses from a tenth of each kind.',
    },
  },
  defaultDuration: '1 s',
  build(values, seed) {
    const { g, ratio } = CASES[values.case];
    const excitatoryCount = Math.round(0.8 * values.neurons);
    const inhibitoryCount = values.neurons - excitatoryCount;
    const excitatoryInputs = Math.round(0.1 * excitatoryCount);
    const inhibitoryInputs = Math.round(0.1 * inhibitoryCount);
    const weightMv = TOTAL_WEIGHT_MV / excitatoryInputs;
    // Rate of each external synapse that alone, without noise, would bring v to the threshold.
    const thresholdHz = (1000 * THETA_MV) / (weightMv * excitatoryInputs * TAU_MS);

    const net = new Network({
      name: 'brunel',
      seed,
      params: { j_exc: `${weightMv} mV`, j_inh: `${-g * weightMv} mV` },
    });
    const all = net.population('neurons', values.neurons, {
      ...models.lifDelta.with({
        tau_m: `${TAU_MS} ms`,
        v_rest: '0 mV',
        v_thresh: `${THETA_MV} mV`,
        v_reset: '10 mV',
        tau_refrac: '2 ms',
      }),
    });
    const [excitatory, inhibitory] = [all.slice(0, excitatoryCount), all.slice(excitatoryCount)];
    net
      .projection('exc', excitatory, all, { onPre: 'v += j_exc', delay: '1.5 ms' })
      .connect({ rule: 'fixed-in-degree', k: excitatoryInputs });
    net
      .projection('inh', inhibitory, all, { onPre: 'v += j_inh', delay: '1.5 ms' })
      .connect({ rule: 'fixed-in-degree', k: inhibitoryInputs });
    net.poissonInput('external', all, {
      variable: 'v',
      n: excitatoryInputs,
      rate: `${ratio * thresholdHz} Hz`,
      weight: 'j_exc',
    });
    net.record.spikes(all);
    return net.document;
  },
});
