/**
 * The synapse microscope: one terminal, from action potential through calcium and fusion to the transmitter pulse, and what
 * the pulse does to receptors and the membrane on the other side.
 */
import { extend, models, Network, parseQuantity } from '../index.ts';
import { defineExample } from './example.ts';

/** The first stimulus, ms, and how long each is on; as published. */
const FIRST_MS = 5;
const LENGTH_MS = 2;

/** On the other side of the cleft: a piece of dendrite of 50 pF and 5 nS with AMPA receptors, 1 nS when all are open. */
const TARGET = extend(models.passiveCompartment, models.ampaKinetic);

export const releaseChain = defineExample({
  name: 'release-chain',
  title: 'Synapse microscope: potential, calcium, fusion, transmitter, receptor',
  citation:
    'Destexhe, Mainen & Sejnowski 1994, J Comput Neurosci 1:195, doi:10.1007/BF00961734; receptor: the same, Neural Comput 6:14, doi:10.1162/neco.1994.6.1.14',
  note: 'Look at v, i_ca, ca, fa, va and transmitter of the terminal, then r_ampa and v of the target. Nothing prescribes the transmitter pulse: about 1 mM for 0.6 ms comes out of the chain. Calcium is the mean in a shell of 1 um under the membrane; at an active zone it is 10 to 100 times higher. The first spike depends on when it is fired, as gates start at 0. Concentrations are recorded in mM: calcium peaks at 0.00013.',
  parameters: {
    spikes: {
      kind: 'number',
      default: 1,
      min: 1,
      max: 100,
      integer: true,
      doc: 'Number of action potentials, from 5 ms on.',
    },
    interval: {
      kind: 'quantity',
      default: '10 ms',
      min: '5 ms',
      max: '1000 ms',
      doc: 'Between two of them; rounded to whole milliseconds.',
    },
    calcium: {
      kind: 'quantity',
      default: '2 mM',
      min: '0 mM',
      max: '10 mM',
      doc: 'Calcium outside the terminal.',
    },
    channels: {
      kind: 'number',
      default: 1,
      min: 0,
      max: 10,
      doc: 'Calcium channels, in multiples of the published number; 0 blocks them all.',
    },
  },
  defaultDuration: '20 ms',
  build({ spikes, interval, calcium, channels }, seed) {
    const net = new Network({ name: 'release-chain', dt: '0.005 ms', seed });
    const everyMs = Math.round(parseQuantity(interval, 'interval').value);
    const last = FIRST_MS + (spikes - 1) * everyMs;
    const values = new Array<number>(last + LENGTH_MS + 1).fill(0);
    for (let k = 0; k < spikes; k++) {
      values.fill(100, FIRST_MS + k * everyMs, FIRST_MS + k * everyMs + LENGTH_MS);
    }
    net.timedArray('stimulus', { dt: '1 ms', unit: 'pA', values });
    const terminal = net.population(
      'terminal',
      1,
      models.releaseChain.with(
        { ca_out: calcium, p_ca: `${2e-4 * channels} cm/second` },
        { i_offset: 'stimulus(t)' },
      ),
    );
    const dendrite = TARGET.with({ area: '5000 um2' }, { glutamate: 'transmitter' });
    const target = net.population('target', 1, {
      ...dendrite,
      eqs: `${dendrite.eqs}\ntransmitter : mmolar`,
    });
    net
      .projection('cleft', terminal, target, {
        eqs: 'transmitter_post = transmitter_pre : mmolar (summed)',
      })
      .connect({ rule: 'one-to-one' });
    const every = '0.02 ms';
    net.record.spikes(terminal);
    net.record.state(terminal, ['v', 'i_ca', 'ca', 'fa', 'va', 'transmitter'], { every });
    net.record.state(target, ['r_ampa', 'v'], { every });
    return net.document;
  },
});
