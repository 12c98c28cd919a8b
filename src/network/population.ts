/**
 * Handles on the populations of a network under construction, and on slices of them. They hold no neurons.
 */

import { NetworkError } from '../errors.ts';
import { describeValue } from '../language/argument.ts';
import type {
  NeuronPopulationDocument,
  PopulationDocument,
  SliceReference,
  ValueSpec,
} from './document.ts';
import { checkInteger, checkObject, isTypedList, refuse } from './fields.ts';
import { checkInitial } from './validate-population.ts';

/** A population of a Network, or neurons from … to-1 of it. Indices are relative to the slice. */
export class Population {
  readonly #list: PopulationDocument[];
  readonly #byName: Map<string, PopulationDocument>;
  readonly #index: number;
  readonly #from: number;
  readonly #to: number;

  /** Use Network.population() and its kin. */
  constructor(
    list: PopulationDocument[],
    byName: Map<string, PopulationDocument>,
    index: number,
    from = 0,
    to = list[index]?.size ?? 0,
  ) {
    this.#list = list;
    this.#byName = byName;
    this.#index = index;
    this.#from = from;
    this.#to = to;
    // `P.v = …`, as in Brian, would set nothing: let it throw. set() is the way.
    Object.freeze(this);
  }

  get #document(): PopulationDocument {
    const document = this.#list[this.#index];
    if (document === undefined) throw new Error('internal: a population without a document');
    return document;
  }

  /** Name of the population; a slice has the name of its population. */
  get name(): string {
    return this.#document.name;
  }

  /** Number of neurons. */
  get size(): number {
    return this.#to - this.#from;
  }

  get #isWhole(): boolean {
    return this.#from === 0 && this.#to === this.#document.size;
  }

  /** How the document refers to it. */
  get reference(): SliceReference {
    const population = this.name;
    return this.#isWhole ? { population } : { population, from: this.#from, to: this.#to };
  }

  /** Whether it is of the network with that list; for Network. */
  belongsTo(list: readonly PopulationDocument[]): boolean {
    return this.#list === list;
  }

  /** Neurons from … to-1. */
  slice(from: number, to: number = this.size): Population {
    const where = `Population "${this.name}": slice`;
    checkInteger(from, `${where} from`, 0, this.size - 1);
    checkInteger(to, `${where} to`, from + 1, this.size);
    const first = this.#from;
    return new Population(this.#list, this.#byName, this.#index, first + from, first + to);
  }

  /** Cuts at the given indices: split(3200) of 4000 gives slices of 3200 and 800. */
  split(...at: readonly number[]): Population[] {
    const where = `Population "${this.name}": split`;
    if (at.length === 0) refuse(where, 'given at least one index', undefined);
    let before = 0;
    for (const index of at) {
      checkInteger(index, where, before + 1, this.size - 1);
      before = index;
    }
    return [0, ...at].map((from, k) => this.slice(from, at[k] ?? this.size));
  }

  /**
   * Gives variables their first values, in place of or beside those given before. For whole populations; the
   * expression may use `i` where neurons differ.
   */
  set(values: Readonly<Record<string, ValueSpec>>): this {
    const where = `Population "${this.name}"`;
    const document = this.#document;
    if (document.kind === 'spikes') {
      throw new NetworkError(`${where} is a spike list: it has no variables to set.`, {
        path: where,
        value: describeValue(values),
      });
    }
    if (!this.#isWhole) {
      throw new NetworkError(
        `${where}: set() works on whole populations, not on slice ${this.#from}…${this.#to}. ` +
          `Use an expression of i, such as "int(i >= ${this.#from})*5*mV".`,
        { path: where, value: [this.#from, this.#to] },
      );
    }
    checkObject(values, `${where}: set`, 'For example { v: "-65 mV" }.');
    checkInitial(values, where, document.size);
    const initial = { ...document.initial, ...plainCopy(values) };
    const changed: NeuronPopulationDocument = { ...document, initial };
    this.#list[this.#index] = changed;
    this.#byName.set(changed.name, changed);
    return this;
  }
}

/** Part of a population; as its method, for callers that have checked the range. */
export const slice = (population: Population, from: number, to: number): Population =>
  population.slice(from, to);

/** No part of a document nests deeper; what does is refused by the checks. */
const DEEPEST = 12;

/**
 * A deep copy of plain data, so that later changes of the caller's objects do not reach the document. Typed arrays stay
 * typed, and become plain lists in JSON; anything else (functions, symbols) stays for the checks to refuse.
 */
export function plainCopy<T>(value: T, depth = 0): T {
  if (depth > DEEPEST) return value;
  if (Array.isArray(value))
    return value.map((entry) => plainCopy(entry, depth + 1) as unknown) as T;
  if (isTypedList(value)) return jsonList(value.slice()) as T;
  if (typeof value !== 'object' || value === null) return value;
  if (![Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null)) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [key, plainCopy(entry, depth + 1) as unknown]),
  ) as T;
}

/** The same typed array, which JSON.stringify writes as a plain list from now on. */
function jsonList<T extends ArrayLike<number>>(list: T): T {
  return Object.defineProperty(list, 'toJSON', {
    value: () => Array.from(list),
    configurable: true,
  });
}
