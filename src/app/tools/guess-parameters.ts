/**
 * Units of names that equations use and nobody has given: the ones with which the equations make sense. Values are
 * plausible beginnings only, to be replaced by whoever knows them.
 */
import { checkNetwork, type Problem, type Quantity } from '../../index.ts';
import { type BareOptions, bareDocument } from './bare-equations.ts';

/** Values of every kind of unit, in the order in which they are tried. */
const CANDIDATES: readonly string[] = [
  '10 ms',
  '-60 mV',
  '100 pA',
  '10 nS',
  '200 pF',
  '100 Mohm',
  '1',
  '10 Hz',
  '1 uM',
  '1 mV/ms',
  '1 nS/mV',
  '1 pA/ms',
  '0.1 nS/ms',
  '0.04 1/ms/mV',
];

/** By the beginnings of usual names; tried first, and kept where no other fits better. */
const USUAL: readonly (readonly [RegExp, string])[] = [
  [/^tau.*(rp|ref)/i, '2 ms'],
  [/^(tau|t_ref|delay)/i, '10 ms'],
  [/^(v|e|u)?_?(th|thr|thresh|threshold|vt)$/i, '-50 mV'],
  [/^(v|e)_?t/i, '-50 mV'],
  [/^(delta|d)_?t/i, '2 mV'],
  [/^e_?(e|exc|ampa|na)\b/i, '0 mV'],
  [/^e_?na$/i, '50 mV'],
  [/^e_?(i|inh|gaba|k)\b/i, '-80 mV'],
  [/^(v|e)_?/i, '-60 mV'],
  [/^(gl|g_?l|g_?leak)$/i, '10 nS'],
  [/^g/i, '10 nS'],
  [/^i/i, '300 pA'],
  [/^c/i, '200 pF'],
  [/^r/i, '100 Mohm'],
  [/^(rate|f)/i, '10 Hz'],
  [/^sigma/i, '1 mV'],
];

const usual = (name: string): string => USUAL.find(([pattern]) => pattern.test(name))?.[1] ?? '1';

/** At most this many names are guessed; nobody has more parameters that are all unknown. */
const MOST = 40;

export function guessParameters(
  eqs: string,
  options: BareOptions,
): { readonly missing: readonly string[]; readonly values: Readonly<Record<string, Quantity>> } {
  const problemsWith = (params: Readonly<Record<string, Quantity>>): readonly Problem[] =>
    checkNetwork(bareDocument(eqs, { ...options, params })).owners.flatMap(
      ({ problems }) => problems,
    );
  const missing: string[] = [];
  const values: Record<string, Quantity> = {};
  // Synapses are looked at when the equations of their neurons are right: they may name more.
  for (let pass = 0; pass < 3; pass++) {
    const more = unknownNames(problemsWith(values)).filter((name) => !Object.hasOwn(values, name));
    for (const name of more.slice(0, MOST - missing.length)) {
      missing.push(name);
      const given = Object.hasOwn(options.params, name) ? options.params[name] : undefined;
      values[name] = given ?? usual(name);
    }
    if (more.length === 0) break;
    tryUnits(
      missing.filter((name) => !Object.hasOwn(options.params, name)),
      values,
      problemsWith,
    );
  }
  return { missing, values };
}

/** Tries other units, name by name, twice: what fits one name may depend on another. Changes `values`. */
function tryUnits(
  names: readonly string[],
  values: Record<string, Quantity>,
  problemsWith: (params: Readonly<Record<string, Quantity>>) => readonly Problem[],
): void {
  for (let pass = 0; pass < 2; pass++) {
    let least = problemsWith(values).length;
    for (const name of names) {
      for (const candidate of CANDIDATES) {
        if (least === 0) return;
        const problems = problemsWith({ ...values, [name]: candidate }).length;
        if (problems >= least) continue;
        least = problems;
        values[name] = candidate;
      }
    }
  }
}

function unknownNames(problems: readonly Problem[]): string[] {
  const names = problems.filter(({ code }) => code === 'unknown-name').map(({ found }) => found);
  return [...new Set(names)].filter((name) => /^[A-Za-z]\w*$/.test(name));
}
