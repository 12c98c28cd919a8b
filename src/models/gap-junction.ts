/** Electrical synapses. They carry no spikes: their current is summed anew in every step. */
import { defineSynapse } from './model.ts';

/**
 * Gap junction: an ohmic connection of two membranes (NEST gap_junction).
 *
 *     i_gap_post = Σ weight (v_pre - v_post)
 *
 * One synapse is one direction: a junction is two of them, i to j and j to i, of one weight, so that what leaves one cell
 * enters the other: with a list of pairs give each pair both ways; the rules all-to-all, or a condition such as
 * "abs(i - j) == 1", do. The target needs a variable `i_gap : amp` in its equation of v, as models.hhKv has it; for another
 * model put it where a current is: `const o = models.adex.with({}, { i_offset: 'i_gap' })` and `eqs: o.eqs + "\\ni_gap : amp"`.
 * The current is that of the potentials at the start of a step and held for it: of first order, and weight dt/c_m must stay
 * well below 1. Where a model knows its potential half a step ahead, `gapJunction.with({}, { v_pre: 'v_ahead_pre', v_post:
 * 'v_ahead_post' })` is of second order. Checked against T8 (tests/physics/gap-junction.test.ts).
 */
export const gapJunction = defineSynapse({
  name: 'gap-junction',
  title: 'Gap junction (electrical synapse)',
  source: 'definition',
  aliases: { nest: 'gap_junction' },
  eqs: `
    weight : siemens (constant)
    i_gap_post = weight*(v_pre - v_post) : amp (summed)
  `,
  params: {},
  initial: {},
  advice:
    'The conductance of a junction is its variable `weight`: give its initial value, it is 0 otherwise. Connect both ways.',
});
