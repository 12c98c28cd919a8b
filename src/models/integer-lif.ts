/**
 * Integrate-and-fire neurons in whole numbers, as neuromorphic chips compute them: 24-bit state, 12-bit decays, no rounding
 * anywhere but what the law itself says. Every engine and precision gives the same bits.
 */
import { defineModel, defineSynapse } from './model.ts';

const source =
  'Davies et al. 2018, IEEE Micro 38(1):82, doi:10.1109/MM.2018.112130359; the arithmetic is that of PyLifModelBitAcc of Lava (lava-nc)';

/**
 * Leaky integrate-and-fire neuron of Intel's Loihi, bit for bit. In every step, with m = 4096,
 *
 *     u = sgn(u) (|u| (m - du - 1) >> 12) + (a << 6), wrapped to 24 bits; a is what arrived
 *     v = sgn(v) (|v| (m - dv) >> 12) + u + bias 2^bias_exponent, cut to ±(2^23 - 1)
 *     spikes when v > vth << 6; then v = 0
 *
 * Products of 24 and 12 bits do not fit in 32: |x| is split into 4096 h + l, and |x| m >> 12 = h m + (l m >> 12). Time has no
 * unit here: a step is a step, whatever dt is. Synapses add whole numbers to a, of integerSynapse or of the static
 * synapse, `models.staticSynapse.with({}, { g_exc: 'a', siemens: 'integer' })`; a spike acts in the step after its arrival.
 */
export const integerLif = defineModel({
  name: 'integer-lif',
  title: 'Integrate-and-fire neuron in whole numbers (Loihi), bit-exact',
  source,
  aliases: {},
  eqs: `
    u : integer
    v : integer
    a : integer
    keep_u = int(4095 - du) : integer
    keep_v = int(4096 - dv) : integer
    drive = shift_left(int(bias), int(bias_exponent)) : integer
  `,
  onStep: `
    u = sign(u)*(shift_right(abs(u), 12)*keep_u + shift_right(bit_and(abs(u), 4095)*keep_u, 12)) + shift_left(a, 6)
    u = u - shift_left(shift_right(u + 8388607, 24), 24)
    v = sign(v)*(shift_right(abs(v), 12)*keep_v + shift_right(bit_and(abs(v), 4095)*keep_v, 12)) + u + drive
    v = clip(v, -8388607, 8388607)
    a = 0
  `,
  threshold: 'v > shift_left(int(vth), 6)',
  reset: 'v = 0',
  params: {
    du: {
      value: 400,
      min: 0,
      max: 4095,
      doc: 'Decay of u: it keeps 1 - (du + 1)/4096 of itself in a step.',
    },
    dv: { value: 120, min: 0, max: 4095, doc: 'Decay of v: it keeps 1 - dv/4096 in a step.' },
    vth: { value: 100, min: 0, max: 131071, doc: 'Threshold, in units of 64.' },
    bias: {
      value: 0,
      min: -4096,
      max: 4095,
      doc: 'Constant input to v, without its exponent.',
      symbol: 'bias_mant',
    },
    bias_exponent: {
      value: 0,
      min: 0,
      max: 7,
      doc: 'The bias counts 2**bias_exponent times.',
      symbol: 'bias_exp',
    },
  },
  initial: {},
  inputs: { a: 'one unit of weight adds 64 to u' },
  advice: 'All parameters are whole numbers; fractions are cut off.',
});

/**
 * A synapse with a whole-number weight: mantissa and exponent, as chips keep them.
 *
 *     a += weight << weight_exponent
 */
export const integerSynapse = defineSynapse({
  name: 'integer-synapse',
  title: 'Whole-number weight with an exponent of its projection',
  source,
  aliases: {},
  eqs: 'weight : integer (constant)',
  onPre: 'a += shift_left(weight, int(weight_exponent))',
  params: {
    weight_exponent: {
      value: 0,
      min: 0,
      max: 7,
      doc: 'Weights count 2**weight_exponent times.',
      symbol: 'weight_exp',
    },
  },
  initial: {},
  advice:
    'The weight of a synapse is its variable `weight`, on chips -128 to 127: give its initial value, it is 0 otherwise.',
});
