/**
 * The words of the equation language with what they mean, for editors that complete and colour: functions, constants,
 * units, flags, special names. Made from the tables that the checker uses, so that it cannot know others.
 */

import type { Flag } from './ast.ts';
import { CONSTANTS, FUNCTION_LIST } from './functions.ts';
import { FLAGS } from './parse-flags.ts';
import { describeDimension, UNIT_NAMES, unitOf } from './units.ts';

/** A word of the language. */
export interface LanguageWord {
  readonly word: string;
  readonly kind: 'function' | 'constant' | 'unit' | 'flag' | 'special';
  /** How it is used, "clip(x, low, high)"; else the word. */
  readonly usage: string;
  /** One sentence. */
  readonly doc: string;
  /** Units: whether people are likely to want it; the others are there for completeness. */
  readonly isCommon: boolean;
}

const FLAG_DOCS: Readonly<Record<Flag, string>> = {
  'unless refractory': 'Stands still while the neuron is refractory.',
  constant: 'Does not change while the network runs.',
  'event-driven': 'Of synapses: brought up to date when a spike arrives, not in every step.',
  'clock-driven': 'Of synapses: integrated in every step.',
  shared: 'One value for the whole population.',
  'constant over dt': 'Computed once per step.',
  summed: 'Of synapses: added up for every target neuron, in every step.',
  linked: 'Has the value of a field where the neuron is.',
  slow: 'Advances once per slow step.',
  presynaptic: 'Of synapses: kept once per source neuron.',
};

const SPECIAL_DOCS: Readonly<Record<string, string>> = {
  t: 'Time at the beginning of the step.',
  dt: 'Time step.',
  i: 'Number of the neuron; in synapses that of the source.',
  j: 'In synapses: number of the target neuron.',
  N: 'How many neurons or synapses there are.',
  xi: 'White noise, second**-0.5, independent for every neuron.',
  lastspike: 'Time of the last spike; with refractory only.',
  not_refractory: 'Whether the neuron may spike; with refractory only.',
  lastupdate: 'In synapses: time of the last spike that arrived.',
  N_pre: 'Neurons of the source.',
  N_post: 'Neurons of the target.',
  N_incoming: 'Synapses onto the target neuron.',
  N_outgoing: 'Synapses of the source neuron.',
  int: '1 for a true condition, 0 for a false one.',
  True: 'True.',
  False: 'False.',
  and: 'Both conditions hold.',
  or: 'At least one condition holds.',
  not: 'The condition does not hold.',
};

const COMMON_UNITS: ReadonlySet<string> = new Set(
  (
    'volt mV amp nA pA uA siemens nS uS mS farad pF nF uF second ms us hertz Hz kHz metre um mm cm ohm Mohm Gohm mM uM ' +
    'nM molar coulomb mol kelvin um2 um3 cm2 joule'
  ).split(' '),
);

/** All words of the language, functions first. Cheap enough to be called once per editor; about 400 words. */
export function languageWords(): readonly LanguageWord[] {
  return [
    ...FUNCTION_LIST.map(({ name, usage, doc }) => word(name, 'function', doc, usage)),
    ...[...CONSTANTS].map(([name, { doc }]) => word(name, 'constant', doc)),
    ...FLAGS.map((flag) => word(flag, 'flag', FLAG_DOCS[flag])),
    ...Object.entries(SPECIAL_DOCS)
      .filter(([name]) => name !== 'int')
      .map(([name, doc]) => word(name, 'special', doc)),
    ...UNIT_NAMES.map((name) =>
      word(
        name,
        'unit',
        `Unit: ${describeDimension(unitOf(name)?.dimension ?? [])}.`,
        name,
        COMMON_UNITS.has(name),
      ),
    ),
  ];
}

const word = (
  name: string,
  kind: LanguageWord['kind'],
  doc: string,
  usage = name,
  isCommon = true,
): LanguageWord => ({ word: name, kind, usage, doc, isCommon });
