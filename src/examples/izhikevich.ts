/**
 * Izhikevich's network of 2003, step by step as published: 1 ms steps, each a spike test, two half steps of v and one
 * step of u. The two half steps are subexpressions, and forward Euler over 1 ms takes the composite step exactly.
 */
import { Network } from '../index.ts';
import { defineExample } from './example.ts';

/**
 * `i_in` is the input of one step, in mV per ms. Euler over dt = 1 ms empties it (i - i) and refills it with noise;
 * what synapses add before the next step comes on top. u sees the new v, as in the published program.
 */
const EQUATIONS = `dv/dt = (v_2 - v)/ms : volt
du/dt = a*(b*v_2 - u)/ms : volt
di_in/dt = -i_in/ms + sigma*xi/ms**0.5 : volt
v_1 = v + 0.5*(0.04*v**2/mV + 5*v + 140*mV - u + i_in) : volt
v_2 = v_1 + 0.5*(0.04*v_1**2/mV + 5*v_1 + 140*mV - u + i_in) : volt
r : 1 (constant)
a : 1 (constant)
b : 1 (constant)
c : volt (constant)
d : volt (constant)`;

const neuron = {
  eqs: EQUATIONS,
  threshold: 'v >= 30*mV',
  reset: 'v = c; u += d',
  method: 'euler',
} as const;

/** A thousand different neurons, all connected to all: alpha and gamma rhythms, about 7 Hz. */
export const izhikevich = defineExample({
  name: 'izhikevich',
  title: 'Izhikevich 2003: 1000 spiking neurons, all-to-all',
  citation: 'Izhikevich 2003, IEEE Trans Neural Netw 14:1569, doi:10.1109/TNN.2003.820440',
  note: 'The published scheme needs dt = 1 ms; other steps change the model. Excitatory 7.3 to 7.5 Hz, inhibitory about 6.9 Hz. Larger networks scale the weights by 1000/neurons.',
  parameters: {
    neurons: {
      kind: 'number',
      default: 1000,
      min: 10,
      max: 20_000,
      integer: true,
      doc: 'Neurons, 80 % of them excitatory; weights scale with 1000/neurons.',
    },
  },
  defaultDuration: '1 s',
  build(values, seed) {
    const excitatoryCount = Math.round(0.8 * values.neurons);
    const scale = 1000 / values.neurons;
    const net = new Network({ name: 'izhikevich', dt: '1 ms', seed });
    const excitatory = net.population('excitatory', excitatoryCount, {
      ...neuron,
      params: { sigma: '5 mV' },
      initial: {
        r: 'rand()',
        a: 0.02,
        b: 0.2,
        c: '(-65 + 15*r**2)*mV',
        d: '(8 - 6*r**2)*mV',
        v: '-65*mV',
        u: 'b*v',
        i_in: 'sigma*randn()',
      },
    });
    const inhibitory = net.population('inhibitory', values.neurons - excitatoryCount, {
      ...neuron,
      params: { sigma: '2 mV' },
      initial: {
        r: 'rand()',
        a: '0.02 + 0.08*r',
        b: '0.25 - 0.05*r',
        c: '-65*mV',
        d: '2*mV',
        v: '-65*mV',
        u: 'b*v',
        i_in: 'sigma*randn()',
      },
    });
    for (const [kind, source, weight] of [
      ['exc', excitatory, `${0.5 * scale}*rand()*mV`],
      ['inh', inhibitory, `${-scale}*rand()*mV`],
    ] as const) {
      for (const target of [excitatory, inhibitory]) {
        net
          .projection(`${kind} to ${target.name}`, source, target, {
            eqs: 'w : volt (constant)',
            onPre: 'i_in += strength*w',
            params: { strength: 1 },
            initial: { w: weight },
          })
          .connect({ rule: 'all-to-all', autapses: true });
      }
    }
    net.record.spikes(excitatory);
    net.record.spikes(inhibitory);
    return net.document;
  },
});
