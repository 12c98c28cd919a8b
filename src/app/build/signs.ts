/**
 * Whether a projection or population excites or inhibits, as far as a document says so: from the signs of what spikes
 * add, then from names. For pictures only; nothing is computed with it.
 */
import type { NetworkDocument, ProjectionDocument, ValueSpec } from '../../index.ts';

export type Sign = 'excitatory' | 'inhibitory';

/** Field-standard endings of names: I, inh, gaba, interneuron; E, exc, ampa, nmda, pyramidal. */
const INHIBITORY =
  /(^|[^a-z])(i|inh\w*|gaba\w*|interneurons?|fs|pv|sst|basket)([^a-z]|$)|I$|inhib/i;
const EXCITATORY = /(^|[^a-z])(e|exc\w*|ampa\w*|nmda\w*|pyr\w*)([^a-z]|$)|E$|excit/i;

/** What a name says; null when it says nothing, or both. */
export function signOfName(name: string): Sign | null {
  const isInhibitory = INHIBITORY.test(name) && !/E$/.test(name);
  const isExcitatory = EXCITATORY.test(name) && !/I$/.test(name);
  if (isInhibitory === isExcitatory) return null;
  return isInhibitory ? 'inhibitory' : 'excitatory';
}

/** What the name of a variable says: less than that of a population, for "i" is a current there. */
function signOfVariable(name: string): Sign | null {
  const isInhibitory = /inh|gaba/i.test(name);
  const isExcitatory = /exc|ampa|nmda/i.test(name);
  if (isInhibitory === isExcitatory) return null;
  return isInhibitory ? 'inhibitory' : 'excitatory';
}

/** "g_exc += w" → variable, operator, amount; other statements are left out. */
export function additionsOf(
  texts: ProjectionDocument['onPre'],
): readonly { readonly variable: string; readonly amount: string; readonly isMinus: boolean }[] {
  const all = texts === undefined ? [] : typeof texts === 'string' ? [texts] : Object.values(texts);
  const found = [];
  for (const statement of all.flatMap((text) => text.split(/[;\n]/))) {
    const match = /^\s*([A-Za-z]\w*)\s*([+-])=\s*(.+?)\s*(#.*)?$/.exec(statement);
    if (!match) continue;
    const [, variable = '', operator, amount = ''] = match;
    found.push({ variable: variable.replace(/_post$/, ''), amount, isMinus: operator === '-' });
  }
  return found;
}

const leading = (value: string | number | undefined): number =>
  typeof value === 'number' ? value : Number.parseFloat(value ?? '');

/** Sign of a value's mean, 0 when it cannot be told. */
export function signOfValue(value: ValueSpec | undefined): number {
  if (value === undefined) return 0;
  if (typeof value === 'number') return Math.sign(value);
  if (typeof value === 'string') {
    const number = leading(value);
    return Number.isNaN(number) ? 0 : Math.sign(number);
  }
  if ('normal' in value) return signOf(value.normal.mean);
  if ('lognormal' in value) return signOf(value.lognormal.mean);
  if ('exponential' in value) return signOf(value.exponential.mean);
  if ('uniform' in value) {
    const [low, high] = [signOf(value.uniform.min), signOf(value.uniform.max)];
    return low < 0 ? (high > 0 ? 0 : -1) : high > 0 ? 1 : 0;
  }
  // Long lists are looked at in part: one of each sign means mixed.
  const { values } = value;
  let sign = 0;
  const step = Math.max(1, Math.floor((values.length ?? 0) / 1000));
  for (let k = 0; k < values.length; k += step) {
    const one = Math.sign(values[k] ?? 0);
    if (one !== 0 && sign !== 0 && one !== sign) return 0;
    if (one !== 0) sign = one;
  }
  return sign;
}

const signOf = (value: string | number): number => Math.sign(leading(value)) || 0;

/** Sign of an amount "j*w": the product of the signs of its factors where those are known, else 0. */
function signOfAmount(
  amount: string,
  document: NetworkDocument,
  projection: ProjectionDocument,
): number {
  if (!/^[\w\s.*/-]+$/.test(amount)) return 0;
  let sign = 1;
  for (const factor of amount.split(/[*/]/)) {
    const text = factor.trim();
    const name = text.replace(/^-\s*/, '');
    const own = projection.params[name] ?? document.params[name] ?? projection.initial[name];
    const value = /^[\d.]/.test(name) ? leading(name) : own;
    // Units and names of the target's parameters are positive as a rule.
    const one = value === undefined ? (/^[A-Za-z]/.test(name) ? 1 : 0) : signOfValue(value);
    sign *= text.startsWith('-') ? -one : one;
  }
  const isKnown = amount.split(/[*/]/).some((factor) => {
    const name = factor.trim().replace(/^-\s*/, '');
    return (
      /^[\d.]/.test(name) ||
      Object.hasOwn(projection.params, name) ||
      Object.hasOwn(document.params, name) ||
      Object.hasOwn(projection.initial, name)
    );
  });
  return isKnown ? sign : 0;
}

/** What a projection does to its target; null when the document does not tell. */
export function signOfProjection(
  document: NetworkDocument,
  projection: ProjectionDocument,
): Sign | null {
  const additions = additionsOf(projection.onPre);
  const signs = new Set<number>();
  for (const { variable, amount, isMinus } of additions) {
    const sign = signOfAmount(amount, document, projection) * (isMinus ? -1 : 1);
    // A conductance is positive whatever it does: its name, or its reversal potential's, tells.
    const byName = sign >= 0 ? signOfVariable(variable) : null;
    signs.add(byName === 'inhibitory' ? -1 : byName === 'excitatory' ? 1 : sign);
  }
  if (signs.size === 1 && !signs.has(0)) return signs.has(1) ? 'excitatory' : 'inhibitory';
  return signOfName(projection.name) ?? signOfName(projection.source.population);
}

/**
 * The kind of a population: that of its projections where they agree, null where they do not (a population of both), and
 * what its name says where it has none.
 */
export function signOfPopulation(document: NetworkDocument, name: string): Sign | null {
  const signs = new Set(
    document.projections
      .filter(({ source }) => source.population === name)
      .map((projection) => signOfProjection(document, projection)),
  );
  if (signs.size === 0) return signOfName(name);
  return signs.size === 1 ? ([...signs][0] ?? null) : null;
}
