/**
 * Documents with other values of their parameters, by the names that people give them: NAME of the network, OWNER.NAME of
 * a population, projection or Poisson input. Changes numbers only, never texts.
 */
import { NetworkError } from '../errors.ts';
import { isPlainObject } from '../language/argument.ts';
import { listNames, suggest } from '../language/messages.ts';
import { parseQuantity, readQuantity } from '../language/units.ts';
import type { NetworkDocument, PoissonInputDocument, Quantity } from './document.ts';
import { refuse } from './fields.ts';
import { validateDocument } from './validate.ts';

/** Where a parameter is, and what it is now. */
interface Place {
  readonly value: Quantity;
  readonly put: (document: NetworkDocument, value: Quantity) => NetworkDocument;
}

/** What of a Poisson input can be changed. */
const INPUT_PARAMETERS = ['n', 'rate', 'weight'] as const;

/**
 * The document with these values; the one given stays as it is, and everything that does not change is shared with it.
 * "tau" is a parameter of the network, "exc.tau_m" one of a population or projection, "drive.rate", "drive.n" and (where
 * it is a quantity) "drive.weight" those of a Poisson input. Throws NetworkError for an unknown name (with a suggestion) and for a value of
 * another kind of unit than the one it replaces. `where` stands before the name in messages.
 */
export function withParameters(
  document: NetworkDocument,
  values: Readonly<Record<string, Quantity>>,
  where = 'withParameters:',
): NetworkDocument {
  return validateDocument(replaceParameters(validateDocument(document), values, where));
}

/** As `withParameters`, for a valid document; the result is valid where values are in their ranges. */
export function replaceParameters(
  document: NetworkDocument,
  values: Readonly<Record<string, Quantity>>,
  where: string,
): NetworkDocument {
  if (!isPlainObject(values)) refuse(where, 'an object such as { tau: "10 ms" }', values);
  const entries = Object.entries(values);
  if (entries.length === 0) return document;
  const places = placesIn(document);
  return entries.reduce((changed, [key, value]) => {
    const place = places.get(key);
    if (place === undefined) throw unknownParameter(key, document.name, [...places.keys()], where);
    return place.put(changed, checkedLike(place.value, value, `${where} ${key}`));
  }, document);
}

function placesIn(document: NetworkDocument): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  const add = (key: string, place: Place): void => {
    // Names differ inside a list only; the first owner of a name has it.
    if (!places.has(key)) places.set(key, place);
  };
  for (const [name, value] of Object.entries(document.params)) {
    add(name, {
      value,
      put: (old, next) => ({ ...old, params: { ...old.params, [name]: next } }),
    });
  }
  addParams(add, document.populations, 'populations');
  addParams(add, document.projections, 'projections');
  document.inputs.forEach((input, k) => {
    for (const name of INPUT_PARAMETERS) {
      // A weight that is an expression changes with the parameters in it.
      if (name === 'weight' && readQuantity(input.weight) === null) continue;
      add(`${input.name}.${name}`, {
        value: input[name],
        put: (old, next) => ({ ...old, inputs: replaced(old.inputs, k, withInput(name, next)) }),
      });
    }
  });
  return places;
}

interface Owner {
  readonly name: string;
  readonly params?: Readonly<Record<string, Quantity>>;
}

function addParams(
  add: (key: string, place: Place) => void,
  owners: readonly Owner[],
  list: 'populations' | 'projections',
): void {
  owners.forEach(({ name: owner, params = {} }, k) => {
    for (const [name, value] of Object.entries(params)) {
      add(`${owner}.${name}`, {
        value,
        put: (old, next) => ({
          ...old,
          [list]: replaced<Owner>(old[list], k, (one) => ({
            ...one,
            params: { ...one.params, [name]: next },
          })),
        }),
      });
    }
  });
}

/** A copy of a list with one entry changed. */
const replaced = <T>(list: readonly T[], index: number, change: (entry: T) => T): readonly T[] =>
  list.map((entry, k) => (k === index ? change(entry) : entry));

const withInput =
  (name: (typeof INPUT_PARAMETERS)[number], value: Quantity) =>
  (input: PoissonInputDocument): PoissonInputDocument => ({
    ...input,
    [name]: name === 'weight' ? String(value) : value,
  });

/** The value, a text that is a number as a number; refused unless its unit is of the kind of the old one's. */
function checkedLike(old: Quantity, value: Quantity, where: string): Quantity {
  const isNumber =
    typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value));
  const wanted = isNumber ? Number(value) : value;
  parseQuantity(wanted, where, parseQuantity(old, where).dimension);
  return wanted;
}

function unknownParameter(
  key: string,
  network: string,
  known: readonly string[],
  where: string,
): NetworkError {
  const meant = suggest(key, known);
  const hint = meant === undefined ? '' : ` Did you mean "${meant}"?`;
  const list = known.length === 0 ? 'It has none.' : `Known: ${listNames(known, 40)}.`;
  return new NetworkError(`${where} ${key}: ${network} has no such parameter.${hint} ${list}`, {
    path: `${where} ${key}`,
    value: key,
  });
}
