/**
 * The neurons that the rows of a table name, turned into indices from 0. Ids are text: 64-bit ids do not fit a double,
 * so they are never made one. Plain whole numbers stay numbers until it is certain that they are no indices.
 */
import type { NeuronReference } from './connectome-columns.ts';
import { type FilePlace, unreadable } from './unreadable.ts';

/** What a column of neurons holds in one row. */
export type Endpoint = string | number | bigint;

/** Neuron indices are u32; the last value is kept free. */
export const MOST_INDEX = 2 ** 32 - 2;
/** Indices that leave most numbers unused are ids: so many numbers per row are taken for indices. */
const SPARSE = 64;

const WHOLE = /^(?:0|[1-9]\d*)$/;

/** Indices of neurons as they are read, row by row; `finish` says how many neurons there are. */
export class NeuronIndex {
  readonly #file: string;
  readonly #known: ReadonlyMap<string, number> | null;
  readonly #count: number | undefined;
  #reference: NeuronReference;
  /** Numbers of ids in order of appearance. */
  readonly #numbers = new Map<string, number>();
  #largest = -1;

  /**
   * `known`: the neurons of a neuron table, then every id must be one of them. `count`: how many neurons there are,
   * where that is certain.
   */
  constructor(
    file: string,
    reference: NeuronReference,
    known: ReadonlyMap<string, number> | null,
    count: number | undefined,
  ) {
    this.#file = file;
    this.#reference = reference;
    this.#known = known;
    this.#count = count;
  }

  /** Whether what `numberOf` gave so far are indices as written in the file. */
  get isIndex(): boolean {
    return this.#reference !== 'id';
  }

  /**
   * The number of a neuron, or -1 where this entry shows that all before it were ids too: then call `useIds` and
   * translate what was collected.
   */
  numberOf(entry: Endpoint, row: number, column: string): number {
    return this.#reference === 'id'
      ? this.#idNumber(entry, row, column)
      : this.#indexNumber(entry, row, column);
  }

  #indexNumber(entry: Endpoint, row: number, column: string): number {
    const index =
      typeof entry === 'number'
        ? entry
        : typeof entry === 'string' && !WHOLE.test(entry)
          ? Number.NaN
          : Number(entry);
    const isIndex = Number.isInteger(index) && index >= 0 && index <= MOST_INDEX;
    const isInside = isIndex && (this.#count === undefined || index < this.#count);
    if (isInside) {
      if (index > this.#largest) this.#largest = index;
      return index;
    }
    if (this.#reference === 'auto' && entry !== '') return -1;
    const range = this.#count === undefined ? MOST_INDEX : this.#count - 1;
    throw unreadable(
      { file: this.#file, row, column },
      `${JSON.stringify(String(entry).slice(0, 40))} is no neuron index from 0 to ${range}.`,
      this.#count === undefined ? '' : `There are ${this.#count} neurons.`,
      entry,
    );
  }

  #idNumber(entry: Endpoint, row: number, column: string): number {
    const known = this.#known;
    const id = idOf(entry, { file: this.#file, row, column });
    const number = known === null ? this.#numbers.get(id) : known.get(id);
    if (number !== undefined) return number;
    if (known !== null) {
      const problem = `neuron ${id.slice(0, 40)} is not in the neuron table (${known.size} neurons).`;
      const remedy = 'Do both files belong to the same version of the data?';
      throw unreadable({ file: this.#file, row, column }, problem, remedy, id);
    }
    const next = this.#numbers.size;
    if (next >= MOST_IDS) throw unreadable({ file: this.#file, row }, `more than ${MOST_IDS} ids.`);
    this.#numbers.set(id, next);
    return next;
  }

  /** From now on entries are ids. The indices given so far must be translated by `numberOf` again. */
  useIds(): void {
    this.#reference = 'id';
  }

  /** Whether whole numbers that could be indices are too spread out to be some. */
  isSparse(rows: number): boolean {
    return (
      this.#reference === 'auto' &&
      this.#count === undefined &&
      this.#largest > Math.max(rows, 1000) * SPARSE
    );
  }

  /** Number of neurons and their labels; `order` renumbers ids of appearance to ascending ids. */
  finish(): {
    readonly count: number;
    readonly labels: readonly string[] | null;
    readonly order: Uint32Array | null;
  } {
    if (this.#known !== null) return { count: this.#known.size, labels: null, order: null };
    if (this.isIndex) return { count: this.#count ?? this.#largest + 1, labels: null, order: null };
    const ids = [...this.#numbers.keys()];
    const areNumbers = ids.every((id) => WHOLE.test(id));
    // Numbers without leading zeros ascend by length, then digit by digit.
    const sorted = ids.toSorted((a, b) => (areNumbers ? a.length - b.length : 0) || compare(a, b));
    const order = new Uint32Array(ids.length);
    for (const [place, id] of sorted.entries()) order[this.#numbers.get(id) as number] = place;
    return { count: ids.length, labels: sorted, order };
  }
}

/** Longest id; names of cells are shorter. */
const LONGEST_ID = 200;

/** Numbers with a sign, a point or an exponent. */
const FRACTION = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i;
const DIGITS = /^\d+$/;

/**
 * The text of an id. Refuses what is missing, and numbers that are no ids: fractions, negative ones, and doubles so
 * large that they have lost digits, as 64-bit ids do that went through a floating-point column.
 */
export function idOf(entry: unknown, place: FilePlace): string {
  const id = entry === null || entry === undefined ? '' : String(entry);
  if (id === '') throw unreadable(place, 'is empty.');
  const isLost = typeof entry === 'number' && !Number.isSafeInteger(entry);
  if (isLost || (FRACTION.test(id) && !DIGITS.test(id)) || /^nan$/i.test(id)) {
    const remedy =
      'Ids are whole numbers or names. Floating-point columns lose the last digits of 64-bit ids: write them as int64 or text.';
    throw unreadable(place, `${id.slice(0, 40)} is no neuron.`, remedy, entry);
  }
  if (id.length > LONGEST_ID) throw unreadable(place, 'is no neuron id.', '', entry);
  return id;
}

/** Most neurons with ids; as many as a population may have. */
const MOST_IDS = 2 ** 24;

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
