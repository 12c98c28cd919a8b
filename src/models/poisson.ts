/** Poisson neurons: no membrane, a spike with probability rate*dt in each step. */
import { defineModel } from './model.ts';

/**
 * Independent Poisson spike trains (Brian 2 PoissonGroup, NEST poisson_generator, PyNN SpikeSourcePoisson).
 *
 *     spike in a step with probability rate*dt
 *
 * At most one spike per step, so rate*dt should stay below 0.1. For one rate per neuron, replace `rate` by a variable
 * of your own. To add Poisson input to neurons without simulating the sources use a Poisson input: it costs no spikes.
 */
export const poisson = defineModel({
  name: 'poisson',
  title: 'Poisson spike trains',
  source: 'Bernoulli approximation of a Poisson process, one draw per step',
  aliases: {
    nest: 'poisson_generator',
    pynn: 'SpikeSourcePoisson',
    brian: 'PoissonGroup',
  },
  eqs: '',
  threshold: 'rand() < rate*dt',
  params: {
    rate: {
      value: '15 Hz',
      min: '0 Hz',
      doc: 'Expected spikes per time.',
      nest: 'rate',
      pynn: 'rate',
    },
  },
});
