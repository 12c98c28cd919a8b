/** Electrical coupling of two fast-spiking cells, as NEST tests it: current into one, spikes in both. */
import { models, Network } from '../index.ts';
import { defineExample } from './example.ts';

export const gapJunction = defineExample({
  name: 'gap-junction',
  title: 'Two fast-spiking cells joined by a gap junction',
  citation:
    'Mancilla, Lewis, Pinto, Rinzel & Connors 2007, J Neurosci 27:2058, doi:10.1523/JNEUROSCI.2715-06.2007; parameters of NEST hh_psc_alpha_gap',
  note: 'Current goes into the first cell only; the second follows through the junction, below threshold at once, with spikes a moment later. The current of the junction depends on both potentials in every moment: it is summed anew in every step, from the potentials half a step ahead.',
  parameters: {
    weight: {
      kind: 'quantity',
      default: '20 nS',
      min: '0 nS',
      max: '200 nS',
      doc: 'Conductance of the junction.',
    },
    current: {
      kind: 'quantity',
      default: '200 pA',
      min: '-1000 pA',
      max: '5000 pA',
      doc: 'Constant current into the first cell.',
    },
  },
  defaultDuration: '100 ms',
  build({ weight, current }, seed) {
    const net = new Network({ name: 'gap-junction', dt: '0.005 ms', seed });
    const drive = net.population('driven', 1, models.hhKv.with({ i_offset: current }));
    const other = net.population('other', 1, models.hhKv.with());
    for (const [name, from, to] of [
      ['out', drive, other],
      ['back', other, drive],
    ] as const) {
      net
        .projection(name, from, to, {
          ...models.gapJunction.with({}, { v_pre: 'v_ahead_pre', v_post: 'v_ahead_post' }),
          params: { junction: weight },
          initial: { weight: 'junction' },
        })
        .connect({ rule: 'one-to-one' });
    }
    for (const cell of [drive, other]) {
      net.record.spikes(cell);
      net.record.state(cell, ['v', 'i_gap'], { every: '0.1 ms' });
    }
    return net.document;
  },
});
