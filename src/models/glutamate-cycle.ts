/** The glutamate–glutamine loop between a terminal and the astrocyte around it. */
import { defineModel } from './model.ts';

/**
 * Glutamate in vesicles, cleft, astrocyte and cytosol, and glutamine on its way back.
 *
 *     load   = k_load (1 - glu_ves/glu_max) glu_in/(km_load + glu_in)      uptake = vmax_eaat glu_cleft/(km_eaat + glu_cleft)
 *     gls    = vmax_gls gln/(km_gls + gln)                                 gs     = k_gs glu_astro
 *
 * Whatever leaves one pool enters the next: release goes to the cleft; of what is taken up from there a share
 * `neuronal_share` returns to the terminal, the rest through the astrocyte as glutamine. With supply and loss 0 the total
 * is constant; it is a variable of its own, and the cytosolic pool is what the others leave of it, so that rounding can
 * make or lose no transmitter. All pools are amounts per volume of the terminal's cytosol, in mM, so that they can be summed; the 100 mM
 * inside vesicles are 10 mM here where vesicles are a tenth of the volume. The reduction is ours: no published number is
 * claimed for it.
 *
 * Integrated by exponential steps in sequence, stable for any step. State: total and four pools [mM]; glu_in can be
 * recorded like them. To couple: replace `release`. DL-TBOA is vmax_eaat x 0.1, methionine sulfoximine k_gs x 0. Checked:
 * conservation, the signs of the blocks (T19), and the loop integrated pool by pool in double precision
 * (tests/physics/synthesis.test.ts).
 */
export const glutamateCycle = defineModel({
  name: 'glutamate-cycle',
  title: 'Glutamate–glutamine cycle of a terminal and its astrocyte',
  source:
    'Own reduction; cycle: Bak, Schousboe & Waagepetersen 2006, J Neurochem 98:641, doi:10.1111/j.1471-4159.2006.03913.x; concentration in vesicles: Montana, Malarkey, Verderio, Matteoli & Parpura 2006, Glia 54:700, doi:10.1002/glia.20367',
  aliases: {},
  eqs: `
    dglu_cleft/dt = release*glu_ves - uptake : mmolar (slow)
    dglu_astro/dt = (1 - neuronal_share)*uptake - gs : mmolar (slow)
    dgln/dt = gs - gls + supply : mmolar (slow)
    dglu_ves/dt = load - release*glu_ves : mmolar (slow, at most glu_max)
    dtotal/dt = supply - loss*glu_in : mmolar (slow)
    glu_in = total - glu_ves - glu_cleft - glu_astro - gln : mmolar (at least 0*mmolar)
    load = k_load*(1 - glu_ves/glu_max)*glu_in/(km_load + glu_in) : mmolar/second
    uptake = vmax_eaat*glu_cleft/(km_eaat + glu_cleft) : mmolar/second
    gls = vmax_gls*gln/(km_gls + gln) : mmolar/second
    gs = k_gs*glu_astro : mmolar/second
  `,
  method: 'slow exponential_sequential',
  slow: '100 ms',
  params: {
    release: {
      value: '0.01 1/second',
      min: '0 1/second',
      doc: 'Vesicular glutamate released, per time.',
    },
    k_load: { value: '0.5 mM/second', min: '0 mM/second', doc: 'Filling of empty vesicles.' },
    km_load: { value: '1 mM', above: '0 mM', doc: 'Filling of vesicles: half rate.' },
    glu_max: { value: '10 mM', above: '0 mM', doc: 'Glutamate in vesicles when all are full.' },
    vmax_eaat: {
      value: '1 mM/second',
      min: '0 mM/second',
      doc: 'Uptake from the cleft: largest rate.',
    },
    km_eaat: { value: '20 uM', above: '0 uM', doc: 'Uptake from the cleft: half rate.' },
    neuronal_share: {
      value: 0.2,
      min: 0,
      max: 1,
      doc: 'Share of uptake that returns to the terminal itself.',
      symbol: 'f',
    },
    k_gs: {
      value: '0.1 1/second',
      min: '0 1/second',
      doc: 'Glutamine synthetase of the astrocyte.',
      symbol: 'k_GS',
    },
    vmax_gls: {
      value: '0.2 mM/second',
      min: '0 mM/second',
      doc: 'Glutaminase of the terminal: largest rate.',
      symbol: 'v_GLS',
    },
    km_gls: {
      value: '3 mM',
      above: '0 mM',
      doc: 'Glutaminase: glutamine (2 to 5 mM).',
      symbol: 'K_GLS',
    },
    supply: { value: '0 mM/second', min: '0 mM/second', doc: 'Glutamine from blood.' },
    loss: { value: '0 1/second', min: '0 1/second', doc: 'Glutamate burnt in the terminal.' },
  },
  initial: {
    glu_ves: '8*mM',
    glu_cleft: '1*uM',
    glu_astro: '1*mM',
    gln: '2*mM',
    total: '16*mM',
  },
});
