/** Synthesis, storage, release and breakdown of acetylcholine, and the choline-leakage loop of Ehrenstein et al. */
import { defineModel } from './model.ts';

/**
 * Cholinergic terminal as a loop: choline outside and inside, acetylcholine in the cytosol, in vesicles and in the
 * cleft.
 *
 *     v_haccu  = vmax_haccu choline_out/(km_haccu + choline_out)                      high-affinity choline uptake
 *     v_chat   = vmax_chat choline_in/(km_chat + choline_in)/(1 + ach_in/ki_chat)     choline acetyltransferase
 *     v_vacht  = k_vacht ach_in (1 - ach_ves/ach_max)                                 vesicular transporter
 *
 * Whatever leaves one pool enters the next; with supply and leak 0 the total is constant. The total is a variable of its
 * own and the cytosolic pool is what the others leave of it, so that rounding can make or lose no transmitter: in single
 * precision, five pools that are advanced one by one lose 1e-4 of it in 1e5 steps. All pools are amounts per volume of the
 * terminal's cytosol, in mM, so that they can be summed. The reduction is ours: its form and the order of its constants
 * follow the literature, no published model claims them.
 *
 * Integrated by exponential steps in sequence, stable for any step. State: total and four pools [mM]; ach_in can be
 * recorded like them. To couple: replace `release`. Hemicholinium-3 is vmax_haccu x 0, vesamicol k_vacht x 0, an esterase
 * inhibitor k_ache x less than 1. Checked: conservation, the signs of the blocks, and the loop integrated pool by pool in
 * double precision (tests/physics/synthesis.test.ts).
 */
export const acetylcholineSynthesis = defineModel({
  name: 'acetylcholine-synthesis',
  title: 'Acetylcholine pools of a terminal',
  source:
    'Own reduction; high-affinity uptake as its bottleneck: Okuda & Haga 2003, Neurochem Res 28:483, doi:10.1023/A:1022809003997',
  aliases: {},
  eqs: `
    dach_cleft/dt = release*ach_ves - k_ache*ach_cleft : mmolar (slow)
    dcholine_out/dt = k_ache*ach_cleft - v_haccu + supply : mmolar (slow)
    dcholine_in/dt = v_haccu - v_chat : mmolar (slow)
    dach_ves/dt = v_vacht - release*ach_ves : mmolar (slow, at most ach_max)
    dtotal/dt = supply - k_leak*ach_in : mmolar (slow)
    ach_in = total - choline_out - choline_in - ach_ves - ach_cleft : mmolar (at least 0*mmolar)
    v_haccu = vmax_haccu*choline_out/(km_haccu + choline_out) : mmolar/second
    v_chat = vmax_chat*choline_in/(km_chat + choline_in)/(1 + ach_in/ki_chat) : mmolar/second
    v_vacht = k_vacht*ach_in*(1 - ach_ves/ach_max) : mmolar/second
  `,
  method: 'slow exponential_sequential',
  slow: '100 ms',
  params: {
    vmax_haccu: {
      value: '10 uM/second',
      min: '0 uM/second',
      doc: 'Choline uptake: largest rate; the bottleneck of the loop.',
    },
    km_haccu: { value: '2 uM', above: '0 uM', doc: 'Choline uptake: half rate (1 to 5 uM).' },
    vmax_chat: {
      value: '100 uM/second',
      min: '0 uM/second',
      doc: 'Choline acetyltransferase: largest rate.',
      symbol: 'V_ChAT',
    },
    km_chat: {
      value: '0.7 mM',
      above: '0 mM',
      doc: 'Choline acetyltransferase: choline (0.4 to 1 mM).',
      symbol: 'K_m',
    },
    ki_chat: {
      value: '0.3 mM',
      above: '0 mM',
      doc: 'Choline acetyltransferase: inhibition by its product.',
      symbol: 'K_i',
    },
    k_vacht: {
      value: '0.1 1/second',
      min: '0 1/second',
      doc: 'Filling of empty vesicles.',
      symbol: 'k_VAChT',
    },
    ach_max: {
      value: '3 mM',
      above: '0 mM',
      doc: 'Acetylcholine in vesicles when all are full.',
      symbol: 'ACh_max',
    },
    release: {
      value: '0.002 1/second',
      min: '0 1/second',
      doc: 'Vesicular acetylcholine released, per time.',
    },
    k_ache: {
      value: '10 1/second',
      min: '0 1/second',
      doc: 'Acetylcholinesterase, as a mean over the space around a terminal. In a cleft it is faster.',
    },
    k_leak: { value: '0 1/second', min: '0 1/second', doc: 'Loss of cytosolic acetylcholine.' },
    supply: { value: '0 uM/second', min: '0 uM/second', doc: 'Choline from blood.' },
  },
  initial: {
    choline_out: '2*uM',
    choline_in: '0.07*mM',
    ach_ves: '2.5*mM',
    total: '2.872*mM',
  },
});

/**
 * Loss of acetylcholine by leaking choline, a loop that feeds itself: amyloid opens the membrane to choline, and less
 * acetylcholine means more amyloid (Ehrenstein et al. 1997, 2000).
 *
 *     da/dt = -k_leak a b,   db/dt = k_make - k_hold a - k_clear b
 *
 * State: a, acetylcholine; b, amyloid [mM]; time in days. Slow; rk4. Checked against T19b.
 */
export const cholineLeakage = defineModel({
  name: 'choline-leakage',
  title: 'Loss of acetylcholine by leaking choline',
  source:
    'Ehrenstein, Galdzicki & Lange 1997, Biophys J 73:1276, doi:10.1016/S0006-3495(97)78160-8; 2000, Ann N Y Acad Sci 899:283, doi:10.1111/j.1749-6632.2000.tb06194.x (BIOMD0000000553, BIOMD0000000552)',
  aliases: {},
  eqs: `
    da/dt = -k_leak*a*b : mmolar (slow)
    db/dt = k_make - k_hold*a - k_clear*b : mmolar (slow)
  `,
  method: 'slow rk4',
  params: {
    k_leak: {
      value: '0.007 1/mM/d',
      min: '0 1/mM/d',
      doc: 'Loss of acetylcholine by amyloid.',
      symbol: 'k1',
    },
    k_make: { value: '0.33 mM/d', min: '0 mM/d', doc: 'Production of amyloid.', symbol: 'k2' },
    k_hold: {
      value: '0.0042 1/d',
      min: '0 1/d',
      doc: 'How much acetylcholine holds production down.',
      symbol: 'k3',
    },
    k_clear: { value: '0.01 1/d', min: '0 1/d', doc: 'Clearance of amyloid.', symbol: 'k4' },
  },
  initial: { a: '50*mM' },
  advice: 'Runs for months: slow steps of hours, or an acceleration.',
});
