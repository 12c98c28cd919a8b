/**
 * Calcium sensors of vesicle fusion: how fast a docked vesicle fuses at a given calcium concentration, in equilibrium and
 * with the kinetics of binding. Not a terminal: calcium comes from release-chain.ts or from any variable of a neuron.
 */
import { defineModel, type ModelParameter } from './model.ts';

/** Binding sites of every sensor here. */
const SITES = 5;

/** 0 … SITES. */
const STATES = Array.from({ length: SITES + 1 }, (_, n) => n);

/** Ways to occupy n of the sites. */
const WAYS = [1, 5, 10, 10, 5, 1] as const;

/** A chain of binding steps: letter of its states, suffix of its parameters, rate of fusion from state n (or none). */
interface Chain {
  readonly letter: string;
  readonly suffix: string;
  fusion(n: number): string | null;
}

/**
 * The equations of a chain: states 1 … 5 as variables, each with its exchange with both neighbours and its fusion. State 0
 * is what the others and fusion leave of 1, so that rounding cannot make or lose vesicles.
 */
function chainEquations({ letter, suffix, fusion }: Chain): readonly string[] {
  const state = (n: number): string => `${letter}_${n}`;
  const up = (n: number): string => `${SITES - n}*k_on${suffix}*ca*${state(n)}`;
  const down = (n: number): string => {
    const slowing = n === 1 ? '' : `*b${suffix}${n === 2 ? '' : `**${n - 1}`}`;
    return `${n === 1 ? '' : `${n}*`}k_off${suffix}${slowing}*${state(n)}`;
  };
  const fused = `fused_${letter}`;
  const lost = STATES.flatMap((n) => {
    const rate = fusion(n);
    return rate === null ? [] : [`${rate}*${state(n)}`];
  });
  return [
    ...STATES.slice(1).map((n) => {
      const rate = fusion(n);
      const terms = [
        `${up(n - 1)} - ${down(n)}`,
        ...(n < SITES ? [`${down(n + 1)} - ${up(n)}`] : []),
      ];
      return `d${state(n)}/dt = ${terms.join(' + ')}${rate === null ? '' : ` - ${rate}*${state(n)}`} : 1`;
    }),
    `d${fused}/dt = ${lost.join(' + ')} : 1`,
    `${state(0)} = 1 - ${STATES.slice(1).map(state).join(' - ')} - ${fused} : 1`,
  ];
}

/** Equilibrium without fusion: weights w_n = ways x^n / b^(n(n-1)/2), x = k_on ca/k_off, and their fused share. */
function equilibrium({ letter, suffix, fusion }: Chain): readonly string[] {
  const x = `x_${letter}`;
  const weight = (n: number): string => `w_${letter}_${n}`;
  const exponent = (n: number): number => (n * (n - 1)) / 2;
  const rates = STATES.flatMap((n) => {
    const rate = fusion(n);
    return rate === null ? [] : [`${rate}*${n === 0 ? '1' : weight(n)}`];
  });
  return [
    `${x} = k_on${suffix}*ca/k_off${suffix} : 1`,
    ...STATES.slice(1).map((n) => {
      const slowing = n === 1 ? '' : `/b${suffix}**${exponent(n)}`;
      return `${weight(n)} = ${WAYS[n]}*${x}**${n}${slowing} : 1`;
    }),
    `steady_${letter} = (${rates.join(' + ')})/(1 + ${STATES.slice(1).map(weight).join(' + ')}) : hertz`,
  ];
}

const ca: ModelParameter = {
  value: '1 uM',
  min: '0 uM',
  doc: 'Calcium at the sensor; replace it by the variable that it is.',
};

const on = (value: string): ModelParameter => ({
  value,
  min: '0/mM/ms',
  doc: 'Binding to one free site.',
});

const off = (value: string): ModelParameter => ({
  value,
  above: '0/ms',
  doc: 'Unbinding of a single ion.',
});

const slowing = (value: number): ModelParameter => ({
  value,
  above: 0,
  max: 1,
  doc: 'Cooperativity: every further ion unbinds slower by this factor.',
});

const ADVICE =
  'States start without calcium. Stable at any step; dt 0.01 ms where calcium moves as fast as in a spike. s_0 … and the rates can be recorded.';

const allosteric: Chain = {
  letter: 's',
  suffix: '',
  fusion: (n) => (n === 0 ? 'l_plus' : `l_plus*f${n === 1 ? '' : `**${n}`}`),
};

/**
 * Allosteric sensor: every bound ion makes fusion easier by the same factor (Lou, Scheuss & Schneggenburger 2005).
 *
 *     s_0 … s_5: n ions bound;  up (5 - n) k_on ca,  down n k_off b^(n-1),  fusion from s_n with l_plus f^n
 *     rate = Σ s_n l_plus f^n,   rate_steady = Σ w_n l_plus f^n / Σ w_n,   w_n = w_(n-1) (6 - n) k_on ca/(n k_off b^(n-1))
 *
 * `rate_steady` is the rate per docked vesicle at equilibrium; `rate` the one of the kinetic scheme, per vesicle that was
 * docked at the start; `fused_s` those that have fused. State: s_1 … s_5, fused_s. To couple: replace `ca`. Checked against
 * T13 and the scheme in small steps (tests/physics/calcium-sensors.test.ts).
 */
export const allostericSensor = defineModel({
  name: 'allosteric-sensor',
  title: 'Calcium sensor: allosteric, five sites',
  source: 'Lou, Scheuss & Schneggenburger 2005, Nature 435:497, doi:10.1038/nature03568',
  aliases: {},
  eqs: [
    ...chainEquations(allosteric),
    ...equilibrium(allosteric),
    `rate = ${STATES.map((n) => `${allosteric.fusion(n)}*s_${n}`).join(' + ')} : hertz`,
    'rate_steady = steady_s : hertz',
  ].join('\n'),
  method: 'exponential_symmetric',
  params: {
    ca,
    k_on: on('0.1/uM/ms'),
    k_off: off('4/ms'),
    b: slowing(0.5),
    f: { value: 31.3, above: 0, doc: 'Factor by which each bound ion speeds fusion.' },
    l_plus: { value: '2e-7/ms', min: '0/ms', doc: 'Fusion without calcium.', symbol: 'l+' },
  },
  advice: ADVICE,
});

const sequential = (letter: string, suffix: string): Chain => ({
  letter,
  suffix,
  fusion: (n) => (n === SITES ? `gamma${suffix}` : null),
});

const five = sequential('s', '');

/**
 * Sensor of five sites that all have to be filled before fusion (Schneggenburger & Neher 2000).
 *
 *     as allosteric-sensor, with fusion from s_5 only:  rate = gamma s_5,  rate_steady = gamma w_5/Σ w_n
 *
 * State: s_1 … s_5, fused_s.
 */
export const fiveSiteSensor = defineModel({
  name: 'five-site-sensor',
  title: 'Calcium sensor: five cooperative sites',
  source: 'Schneggenburger & Neher 2000, Nature 406:889, doi:10.1038/35022702',
  aliases: {},
  eqs: [
    ...chainEquations(five),
    ...equilibrium(five),
    'rate = gamma*s_5 : hertz',
    'rate_steady = steady_s : hertz',
  ].join('\n'),
  method: 'exponential_symmetric',
  params: {
    ca,
    k_on: on('0.09/uM/ms'),
    k_off: off('9.5/ms'),
    b: slowing(0.25),
    gamma: { value: '6/ms', min: '0/ms', doc: 'Fusion with all sites filled.' },
  },
  advice: ADVICE,
});

const fast = sequential('s', '_1');
const slow = sequential('r', '_7');

/**
 * Two sensors of one vesicle: synaptotagmin 1, fast, of low affinity, and synaptotagmin 7, slow, of high affinity. Each is a
 * five-site sensor, and the vesicle fuses when either says so.
 *
 *     s_0 … s_5: synaptotagmin 1;  r_0 … r_5: synaptotagmin 7
 *     rate = gamma_1 s_5 (1 - fused_r) + gamma_7 r_5 (1 - fused_s)      fused = 1 - (1 - fused_s)(1 - fused_r)
 *     rate_steady = the sum of both equilibrium rates
 *
 * fused_s is what would have fused by synaptotagmin 1 alone. As both chains are independent and their rates add, the 36
 * joint states are products of these twelve, exactly. That synaptotagmin 7 has five sites too is our choice. State: s_1 …
 * s_5, fused_s, r_1 … r_5, fused_r.
 */
export const dualSensor = defineModel({
  name: 'dual-sensor',
  title: 'Calcium sensors: synaptotagmin 1 and 7',
  source:
    'two five-site sensors after Schneggenburger & Neher 2000, Nature 406:889, doi:10.1038/35022702; constants of a published model of chromaffin cell and nerve',
  aliases: {},
  eqs: [
    ...chainEquations(fast),
    ...chainEquations(slow),
    ...equilibrium(fast),
    ...equilibrium(slow),
    'rate = gamma_1*s_5*(1 - fused_r) + gamma_7*r_5*(1 - fused_s) : hertz',
    'fused = fused_s + fused_r*(1 - fused_s) : 1',
    'rate_steady = steady_s + steady_r : hertz',
  ].join('\n'),
  method: 'exponential_symmetric',
  params: {
    ca,
    k_on_1: on('0.19/uM/ms'),
    k_off_1: off('11.97/ms'),
    b_1: slowing(0.5263157894736842),
    gamma_1: { value: '12/ms', min: '0/ms', doc: 'Fusion by synaptotagmin 1, all sites filled.' },
    k_on_7: on('0.06/uM/ms'),
    k_off_7: off('0.6/ms'),
    b_7: slowing(0.35714285714285715),
    gamma_7: { value: '3/ms', min: '0/ms', doc: 'Fusion by synaptotagmin 7, all sites filled.' },
  },
  advice: ADVICE,
});
