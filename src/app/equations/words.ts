/**
 * Names that the texts of an owner may read, for editors that offer to complete them. Functions of documents and texts,
 * without the library: the words of the language are in equation-language.ts, which is loaded with the editor.
 */
import type { NetworkDocument } from '../../index.ts';
import type { Selection } from '../state/app.ts';
import { ownerIn } from './texts.ts';

/** A name that may be written, and what it is. */
export interface KnownName {
  readonly name: string;
  /** "variable, volt", "parameter, 20 ms". */
  readonly detail: string;
}

const DECLARATION =
  /^\s*(?:d([A-Za-z_]\w*)\s*\/\s*dt\s*=.*|([A-Za-z_]\w*)\s*(?:=.*)?):\s*([^(#\n]*)/;

/** Names that equations declare, with their units; also of texts that are not finished. */
export function declaredNames(eqs: string): KnownName[] {
  return eqs.split('\n').flatMap((line) => {
    const [, state, other, unit = ''] = DECLARATION.exec(line) ?? [];
    const name = state ?? other;
    return name === undefined ? [] : [{ name, detail: `variable, ${unit.trim() || '1'}` }];
  });
}

const parameterNames = (
  params: Readonly<Record<string, string | number>>,
  whose: string,
): KnownName[] =>
  Object.entries(params).map(([name, value]) => ({ name, detail: `${whose}, ${value}` }));

/** What the texts of an owner may read. `eqs`: its equations as they stand in the editor. */
export function namesFor(
  document: NetworkDocument,
  owner: Selection,
  eqs: string,
): readonly KnownName[] {
  const found = ownerIn(document, owner);
  if (found === undefined) return [];
  const own = [...declaredNames(eqs), ...parameterNames(found.params, 'parameter')];
  const shared = [
    ...parameterNames(document.params, 'parameter of the network'),
    ...Object.entries(document.timedArrays).map(([name, { unit }]) => ({
      name,
      detail: `timed array, ${unit}`,
    })),
  ];
  return unique([...own, ...('source' in found ? endNames(document, found) : []), ...shared]);
}

type Projection = NetworkDocument['projections'][number];

/** Variables and parameters of the two ends. */
function endNames(document: NetworkDocument, { source, target }: Projection): KnownName[] {
  const namesOf = (name: string): readonly KnownName[] => {
    const population = document.populations.find((one) => one.name === name);
    if (population?.kind === 'neurons') return declaredNames(population.eqs);
    return declaredNames(document.fields?.find((one) => one.name === name)?.eqs ?? '');
  };
  const targetOwner = document.populations.find((one) => one.name === target.population);
  const params = targetOwner?.kind === 'neurons' ? targetOwner.params : {};
  const suffixed = (all: readonly KnownName[], suffix: string, of: string): KnownName[] =>
    all.map(({ name, detail }) => ({ name: name + suffix, detail: `${detail} of ${of}` }));
  const post = namesOf(target.population);
  return [
    ...suffixed(post, '', target.population),
    ...suffixed(post, '_post', target.population),
    ...suffixed(namesOf(source.population), '_pre', source.population),
    ...parameterNames(params, `parameter of ${target.population}`),
  ];
}

function unique(names: readonly KnownName[]): KnownName[] {
  const byName = new Map<string, KnownName>();
  for (const one of names) if (!byName.has(one.name)) byName.set(one.name, one);
  return [...byName.values()];
}
