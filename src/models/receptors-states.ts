/**
 * Receptors as Markov schemes of several states, in a given concentration of transmitter: AMPA, NMDA, GABA-A, GABA-B and
 * the nicotinic acetylcholine receptor. For single synapses; receptors.ts has what networks need.
 */
import { defineModel, type ModelParameter, type NeuronModel } from './model.ts';
import {
  BLOCK,
  BLOCK_SOURCE,
  CLAMP,
  gabaBChain,
  gabaBRows,
  KINETICS_SOURCE,
  MAGNESIUM,
} from './receptors.ts';
import { G_MAX, transmitterRow } from './receptors-kinetic.ts';

/** A step from one state to another, at `rate` (a parameter), times the concentration where it binds. */
interface Transition {
  readonly from: string;
  readonly to: string;
  readonly rate: string;
  readonly binds?: boolean;
}

interface Scheme {
  readonly name: string;
  readonly title: string;
  readonly source: string;
  /** Ending of all names. */
  readonly key: string;
  readonly transmitter: string;
  /** States but the first, which is what the others leave. */
  readonly states: readonly string[];
  readonly open: readonly string[];
  readonly transitions: readonly Transition[];
  readonly rates: Readonly<Record<string, readonly [value: string, doc: string]>>;
  readonly reversal: string;
  readonly hasBlock?: boolean;
  /** Integrator; the joint implicit step when omitted. */
  readonly method?: string;
  readonly advice: string;
}

/** Forward and backward between two states. */
const pair = (from: string, to: string, forward: string, back: string): readonly Transition[] => [
  { from, to, rate: forward },
  { from: to, to: from, rate: back },
];

/** The same where going forward is binding. */
const binding = (
  from: string,
  to: string,
  forward: string,
  back: string,
): readonly Transition[] => [
  { from, to, rate: forward, binds: true },
  { from: to, to: from, rate: back },
];

/** The model of a scheme; variables, parameters and transitions all end in its key. */
function markov(scheme: Scheme): NeuronModel {
  const { key, transmitter, states, transitions, hasBlock = false } = scheme;
  const named = (name: string): string => `${name}_${key}`;
  const flow = ({ from, rate, binds = false }: Transition): string =>
    `${named(rate)}${binds ? `*${transmitter}` : ''}*${named(from)}`;
  const equations = states.map((state) => {
    const into = transitions.filter(({ to }) => to === state).map(flow);
    const out = transitions.filter(({ from }) => from === state).map((one) => ` - ${flow(one)}`);
    return `d${named(state)}/dt = ${into.join(' + ')}${out.join('')} : 1`;
  });
  const rows = Object.entries(scheme.rates).map(
    ([name, [value, doc]]): [string, ModelParameter] => [
      named(name),
      { value, min: value.replace(/^\S+/, '0'), doc },
    ],
  );
  return defineModel({
    name: scheme.name,
    title: scheme.title,
    source: hasBlock ? `${scheme.source}; ${BLOCK_SOURCE}` : scheme.source,
    aliases: {},
    eqs: [
      ...equations,
      `${named('c0')} = 1 - ${states.map(named).join(' - ')} : 1`,
      `${named('open')} = ${scheme.open.map(named).join(' + ')} : 1`,
      `${named('g')} = (1 - ${named('blocked')})*${named('g_max')}*${named('open')} : siemens`,
      ...(hasBlock ? [BLOCK] : []),
      `${named('i')} = ${named('g')}${hasBlock ? '*block_nmda' : ''}*(${named('e')} - v) : amp`,
    ].join('\n'),
    method: scheme.method ?? 'implicit',
    params: {
      [transmitter]: transmitterRow(transmitter),
      ...Object.fromEntries(rows),
      [named('g_max')]: G_MAX,
      [named('e')]: { value: scheme.reversal, doc: 'Reversal potential.' },
      [named('blocked')]: {
        value: 0,
        min: 0,
        max: 1,
        doc: 'Share of receptors that a drug has put out of action.',
      },
      ...(hasBlock ? { mg: MAGNESIUM } : {}),
      v: CLAMP,
    },
    reads: hasBlock ? ['v', transmitter, 'mg'] : ['v', transmitter],
    adds: { [named('i')]: 'i_offset' },
    advice: scheme.advice,
  });
}

const SCHEME_ADVICE =
  'States are advanced together, implicitly, so any step is stable; peaks are right to 1 % at 0.02 ms. In a neuron give the population method "implicit".';

/**
 * AMPA receptors, six states.
 *
 *     C0 ⇌ C1 ⇌ C2 ⇌ O,   C1 ⇌ D1,   C2 ⇌ D2        the first two steps bind glutamate, D are desensitised
 *
 * State: c1, c2, o, d1, d2, each with the ending _ampa; c0 is what they leave, so that nothing is lost. Also: open_ampa.
 * To couple: replace `glutamate`. Checked: T11b and equilibrium (tests/physics/receptor-states.test.ts).
 */
export const ampaStates = markov({
  name: 'ampa-states',
  title: 'AMPA receptors, six states',
  source: KINETICS_SOURCE,
  key: 'ampa',
  transmitter: 'glutamate',
  states: ['c1', 'c2', 'd1', 'd2', 'o'],
  open: ['o'],
  transitions: [
    ...binding('c0', 'c1', 'k_bind', 'k_unbind_1'),
    ...binding('c1', 'c2', 'k_bind', 'k_unbind_2'),
    ...pair('c1', 'd1', 'k_des', 'k_res'),
    ...pair('c2', 'd2', 'k_des', 'k_res'),
    ...pair('c2', 'o', 'k_open', 'k_close'),
  ],
  rates: {
    k_bind: ['13 1/mM/ms', 'Binding of glutamate, either step.'],
    k_unbind_1: ['0.0059 1/ms', 'Unbinding of the last glutamate.'],
    k_unbind_2: ['86 1/ms', 'Unbinding of the second glutamate.'],
    k_des: ['0.9 1/ms', 'Desensitisation.'],
    k_res: ['0.064 1/ms', 'Resensitisation.'],
    k_open: ['2.7 1/ms', 'Opening.'],
    k_close: ['0.2 1/ms', 'Closing.'],
  },
  reversal: '0 mV',
  advice: SCHEME_ADVICE,
});

/**
 * NMDA receptors, five states, with the block of `nmda`.
 *
 *     C0 ⇌ C1 ⇌ C2 ⇌ O,   C2 ⇌ D
 *
 * State: c1, c2, d, o, with the ending _nmda. Otherwise as `ampaStates`.
 */
export const nmdaStates = markov({
  name: 'nmda-states',
  title: 'NMDA receptors, five states',
  source: KINETICS_SOURCE,
  key: 'nmda',
  transmitter: 'glutamate',
  states: ['c1', 'c2', 'd', 'o'],
  open: ['o'],
  transitions: [
    ...binding('c0', 'c1', 'k_bind', 'k_unbind'),
    ...binding('c1', 'c2', 'k_bind', 'k_unbind'),
    ...pair('c2', 'd', 'k_des', 'k_res'),
    ...pair('c2', 'o', 'k_open', 'k_close'),
  ],
  rates: {
    k_bind: ['5 1/mM/ms', 'Binding of glutamate, either step.'],
    k_unbind: ['0.0129 1/ms', 'Unbinding, either step.'],
    k_des: ['0.0084 1/ms', 'Desensitisation.'],
    k_res: ['0.0068 1/ms', 'Resensitisation.'],
    k_open: ['0.0465 1/ms', 'Opening.'],
    k_close: ['0.0738 1/ms', 'Closing.'],
  },
  reversal: '0 mV',
  hasBlock: true,
  advice: SCHEME_ADVICE,
});

/**
 * GABA-A receptors, five states, two of them open.
 *
 *     C0 ⇌ C1 ⇌ C2,   C1 ⇌ O1,   C2 ⇌ O2;   open = o1 + o2
 *
 * State: c1, c2, o1, o2, with the ending _gaba_a. To couple: replace `gaba`. Otherwise as `ampaStates`.
 */
export const gabaAStates = markov({
  name: 'gaba-a-states',
  title: 'GABA-A receptors, five states',
  source: KINETICS_SOURCE,
  key: 'gaba_a',
  transmitter: 'gaba',
  states: ['c1', 'c2', 'o1', 'o2'],
  open: ['o1', 'o2'],
  transitions: [
    ...binding('c0', 'c1', 'k_bind_1', 'k_unbind_1'),
    ...binding('c1', 'c2', 'k_bind_2', 'k_unbind_2'),
    ...pair('c1', 'o1', 'k_open_1', 'k_close_1'),
    ...pair('c2', 'o2', 'k_open_2', 'k_close_2'),
  ],
  rates: {
    k_bind_1: ['20 1/mM/ms', 'Binding of the first GABA.'],
    k_unbind_1: ['4.6 1/ms', 'Unbinding of the last GABA.'],
    k_bind_2: ['10 1/mM/ms', 'Binding of the second GABA.'],
    k_unbind_2: ['9.2 1/ms', 'Unbinding of the second GABA.'],
    k_open_1: ['3.3 1/ms', 'Opening with one GABA.'],
    k_close_1: ['9.8 1/ms', 'Closing with one GABA.'],
    k_open_2: ['10.6 1/ms', 'Opening with two.'],
    k_close_2: ['0.41 1/ms', 'Closing with two.'],
  },
  reversal: '-80 mV',
  advice: SCHEME_ADVICE,
});

/**
 * GABA-B receptors that desensitise.
 *
 *     R' = k_1 gaba (1 - R - D) - k_2 R + d_2 D - d_1 R;   D' = d_1 R - d_2 D;   G' = k_3 R - k_4 G;   g = g_max G⁴/(G⁴ + KD)
 *
 * State: r_gaba_b, d_gaba_b, protein_gaba_b. To couple: replace `gaba`. Checked: equilibrium
 * (tests/physics/receptor-states.test.ts).
 */
export const gabaBStates = defineModel({
  name: 'gaba-b-states',
  title: 'GABA-B receptors with desensitisation',
  source: KINETICS_SOURCE,
  aliases: {},
  eqs: [
    'dr_gaba_b/dt = k_1_gaba_b*gaba*(1 - r_gaba_b - d_gaba_b) - k_2_gaba_b*r_gaba_b + d_2_gaba_b*d_gaba_b - d_1_gaba_b*r_gaba_b : 1',
    'dd_gaba_b/dt = d_1_gaba_b*r_gaba_b - d_2_gaba_b*d_gaba_b : 1',
    ...gabaBChain('r_gaba_b'),
  ].join('\n'),
  params: {
    gaba: transmitterRow('gaba'),
    ...gabaBRows,
    k_1_gaba_b: { ...gabaBRows.k_1_gaba_b, value: '0.66 1/mM/ms' },
    k_2_gaba_b: { ...gabaBRows.k_2_gaba_b, value: '0.02 1/ms' },
    k_3_gaba_b: { ...gabaBRows.k_3_gaba_b, value: '0.083 1/ms' },
    k_4_gaba_b: { ...gabaBRows.k_4_gaba_b, value: '0.0079 1/ms' },
    d_1_gaba_b: { value: '0.017 1/ms', min: '0 1/ms', doc: 'Desensitisation.', symbol: 'd1' },
    d_2_gaba_b: { value: '0.0053 1/ms', min: '0 1/ms', doc: 'Resensitisation.', symbol: 'd2' },
    v: CLAMP,
  },
  reads: ['v', 'gaba'],
  adds: { i_gaba_b: 'i_offset' },
  advice: 'Steps of 0.1 ms are fine while a pulse lasts several of them.',
});

/**
 * Nicotinic acetylcholine receptors, four states in a cycle.
 *
 *     C0 → A → O → C0        binding, opening, closing (which lets the agonist go)
 *     O → D → C0             desensitisation and recovery
 *
 * The rates are those of a published model of the neuromuscular junction that gives five and no unbinding; how they join
 * the four states is our choice. State: a, d, o, with the ending _nicotinic. To couple: replace `acetylcholine`.
 */
export const nicotinic = markov({
  name: 'nicotinic',
  title: 'Nicotinic acetylcholine receptors, four states',
  source:
    'Rates of a four-state model of the neuromuscular junction; the arrangement is our choice',
  key: 'nicotinic',
  transmitter: 'acetylcholine',
  states: ['a', 'o', 'd'],
  open: ['o'],
  transitions: [
    { from: 'c0', to: 'a', rate: 'k_on', binds: true },
    { from: 'a', to: 'o', rate: 'k_open' },
    { from: 'o', to: 'c0', rate: 'k_close' },
    { from: 'o', to: 'd', rate: 'k_des' },
    { from: 'd', to: 'c0', rate: 'k_rec' },
  ],
  rates: {
    k_on: ['3 1/mM/ms', 'Binding of acetylcholine.'],
    k_open: ['1.2 1/ms', 'Opening.'],
    k_close: ['0.46 1/ms', 'Closing.'],
    k_des: ['0.024 1/ms', 'Desensitisation.'],
    k_rec: ['0.005 1/ms', 'Recovery from desensitisation.'],
  },
  reversal: '0 mV',
  advice: SCHEME_ADVICE,
});

/** Rows of binding for one of the four conformations: two places, so the first is taken at twice the rate of the second. */
const twoPlaces = (
  letter: string,
  [first, second]: readonly [string, string],
): Scheme['rates'] => ({
  [`${letter}_bind_1`]: ['300 1/mM/ms', `Binding of the first acetylcholine to ${letter}.`],
  [`${letter}_unbind_1`]: [first, `Unbinding of the last acetylcholine from ${letter}.`],
  [`${letter}_bind_2`]: ['150 1/mM/ms', `Binding of the second acetylcholine to ${letter}.`],
  [`${letter}_unbind_2`]: [second, `Unbinding of the second acetylcholine from ${letter}.`],
});

/** Rows of a change of conformation with 0, 1 and 2 acetylcholine. */
const conformations = (
  what: string,
  forward: readonly [string, string, string],
  back: readonly [string, string, string],
): Scheme['rates'] =>
  Object.fromEntries(
    [0, 1, 2].flatMap((n) => [
      [`${what}_${n}`, [forward[n] as string, `Rate of ${what} with ${n} acetylcholine.`]],
      [`${what}_back_${n}`, [back[n] as string, `Rate of its return with ${n} acetylcholine.`]],
    ]),
  );

/**
 * Nicotinic acetylcholine receptors, allosteric: four conformations, each with 0, 1 or 2 acetylcholine bound (Edelstein et al.
 * 1996).
 *
 *     B ⇌ A ⇌ I ⇌ D        resting, active (open), inactive, desensitised; each binds twice
 *
 * State: b1, b2, a0, a1, a2, i0, i1, i2, d0, d1, d2 with the ending _nicotinic; c0 is B with nothing bound, what the others
 * leave. open = a0 + a1 + a2. Names as in `nicotinic`, so that either can be there. To couple: replace `acetylcholine`.
 * Checked: detailed balance, and the scheme integrated state by state (tests/physics/receptor-states.test.ts).
 */
export const nicotinicAllosteric = markov({
  name: 'nicotinic-allosteric',
  title: 'Nicotinic acetylcholine receptors, twelve states',
  source:
    'Edelstein, Schaad, Henry, Bertrand & Changeux 1996, Biol Cybern 75:361, doi:10.1007/s004220050302; rates of BIOMD0000000001',
  key: 'nicotinic',
  transmitter: 'acetylcholine',
  states: ['b1', 'b2', 'a0', 'a1', 'a2', 'i0', 'i1', 'i2', 'd0', 'd1', 'd2'],
  open: ['a0', 'a1', 'a2'],
  transitions: [
    ...['b', 'a', 'i', 'd'].flatMap((letter) => [
      ...binding(
        letter === 'b' ? 'c0' : `${letter}0`,
        `${letter}1`,
        `${letter}_bind_1`,
        `${letter}_unbind_1`,
      ),
      ...binding(`${letter}1`, `${letter}2`, `${letter}_bind_2`, `${letter}_unbind_2`),
    ]),
    ...[0, 1, 2].flatMap((n) => [
      ...pair(n === 0 ? 'c0' : `b${n}`, `a${n}`, `opening_${n}`, `opening_back_${n}`),
      ...pair(`a${n}`, `i${n}`, `inactivation_${n}`, `inactivation_back_${n}`),
      ...pair(`i${n}`, `d${n}`, `desensitisation_${n}`, `desensitisation_back_${n}`),
    ]),
  ],
  rates: {
    ...twoPlaces('b', ['8 1/ms', '16 1/ms']),
    ...twoPlaces('a', ['0.00864 1/ms', '0.01728 1/ms']),
    ...twoPlaces('i', ['0.004 1/ms', '0.008 1/ms']),
    ...twoPlaces('d', ['0.004 1/ms', '0.008 1/ms']),
    ...conformations(
      'opening',
      ['0.00054 1/ms', '0.13 1/ms', '30 1/ms'],
      ['10.8 1/ms', '2.74 1/ms', '0.7 1/ms'],
    ),
    ...conformations(
      'inactivation',
      ['0.0197 1/ms', '0.01985 1/ms', '0.02 1/ms'],
      ['0.00374 1/ms', '0.00174 1/ms', '0.00081 1/ms'],
    ),
    ...conformations(
      'desensitisation',
      ['0.00005 1/ms', '0.00005 1/ms', '0.00005 1/ms'],
      ['0.0000012 1/ms', '0.0000012 1/ms', '0.0000012 1/ms'],
    ),
  },
  reversal: '0 mV',
  method: 'rk4',
  advice:
    'Binding is fast: steps of 0.005 ms at 1 mM of acetylcholine, 0.05 ms below 0.05 mM. Too many states for the implicit step.',
});
