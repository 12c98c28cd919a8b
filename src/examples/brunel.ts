/** Brunel's sparse network of excitatory and inhibitory integrate-and-fire neurons, in the four states of his figure 8. */
import { type ConnectRule, models, Network } from '../index.ts';
import { defineExample } from './example.ts';

/** Relative inhibition g and external rate over threshold rate, by panel of figure 8. */
const CASES = {
  A: { g: 3, ratio: 2 },
  B: { g: 6, ratio: 4 },
  C: { g: 5, ratio: 2 },
  D: { g: 4.5, ratio: 0.9 },
} as const;

/** Neurons and synapses per neuron of the published network. */
const NEURONS = 12_500;
const EXCITATORY_INPUTS = 1000;
const INHIBITORY_INPUTS = 250;
/** Excitatory weight times excitatory in-degree of the published network: 0.1 mV * 1000. */
const TOTAL_WEIGHT_MV = 100;
const TAU_MS = 20;
const THETA_MV = 20;

/** A network whose activity is synchronous or not, regular or not, by its inhibition and its drive. */
export const brunel = defineExample({
  name: 'brunel',
  title: 'Brunel: sparse excitatory and inhibitory network, four regimes',
  citation: 'Brunel 2000, J Comput Neurosci 8:183, doi:10.1023/A:1008925309027, figure 8',
  note: 'Cases: A synchronous regular, B fast oscillation with irregular firing, C asynchronous irregular (38 Hz), D slow oscillation at low rate. Up to scale 1 every neuron has exactly the given number of sources, drawn with replacement; below 1 that number shrinks with the network (connection probability 0.1) and weights grow, so that the mean input stays. Above 1 neurons keep 1000 and 250 sources on average: so many synapses in all are dealt out at random, which can be done on a device, and again for every spike. In-degrees then have a spread, which moves the rate by about 1 Hz from seed to seed, and less in larger networks.',
  parameters: {
    case: {
      kind: 'choice',
      default: 'C',
      choices: ['A', 'B', 'C', 'D'],
      doc: 'Panel of figure 8: g and external rate (A 3, 2; B 6, 4; C 5, 2; D 4.5, 0.9).',
    },
    scale: {
      kind: 'number',
      default: 1,
      min: 0.04,
      max: 80,
      doc: 'Neurons over 12,500, 80 % of them excitatory; 10 is 125,000 neurons and 156 million synapses, 80 a million neurons and 1.25 billion synapses.',
    },
  },
  defaultDuration: '1 s',
  build(values, seed) {
    const { g, ratio } = CASES[values.case];
    const count = Math.round(NEURONS * values.scale);
    const excitatoryCount = Math.round(0.8 * count);
    const inputScale = Math.min(1, values.scale);
    const excitatoryInputs = Math.round(EXCITATORY_INPUTS * inputScale);
    const inhibitoryInputs = Math.round(INHIBITORY_INPUTS * inputScale);
    const weightMv = TOTAL_WEIGHT_MV / excitatoryInputs;
    // Rate of each external synapse that alone, without noise, would bring v to the threshold.
    const thresholdHz = (1000 * THETA_MV) / (weightMv * excitatoryInputs * TAU_MS);

    const net = new Network({
      name: 'brunel',
      seed,
      // External spikes weigh what those of the network do; a parameter of their own sets them apart.
      params: {
        j_exc: `${weightMv} mV`,
        j_inh: `${-g * weightMv} mV`,
        j_ext: `${weightMv} mV`,
      },
    });
    const all = net.population('neurons', count, {
      ...models.lifDelta.with({
        tau_m: `${TAU_MS} ms`,
        v_rest: '0 mV',
        v_thresh: `${THETA_MV} mV`,
        v_reset: '10 mV',
        tau_refrac: '2 ms',
      }),
    });
    const rule = (inputs: number): ConnectRule =>
      values.scale > 1
        ? { rule: 'fixed-total-number', n: inputs * count }
        : { rule: 'fixed-in-degree', k: inputs };
    const [excitatory, inhibitory] = [all.slice(0, excitatoryCount), all.slice(excitatoryCount)];
    net
      .projection('exc', excitatory, all, { onPre: 'v += j_exc', delay: '1.5 ms' })
      .connect(rule(excitatoryInputs));
    net
      .projection('inh', inhibitory, all, { onPre: 'v += j_inh', delay: '1.5 ms' })
      .connect(rule(inhibitoryInputs));
    net.poissonInput('external', all, {
      variable: 'v',
      n: excitatoryInputs,
      rate: `${ratio * thresholdHz} Hz`,
      weight: 'j_ext',
    });
    net.record.spikes(all);
    return net.document;
  },
});
