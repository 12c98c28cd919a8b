/**
 * Collects the rows of a connection table, checks every entry, and makes typed arrays of them. Knows nothing of file
 * formats.
 */
import type { ColumnMapping } from './connectome-columns.ts';
import { Column } from './growable.ts';
import type { Endpoint, NeuronIndex } from './neuron-ids.ts';
import { unreadable } from './unreadable.ts';

/** One entry of a row: null where there is no such column, or the entry is missing. */
export type Entry = string | number | bigint | boolean | null | undefined;

/** The optional entries of a row. */
export interface RowEntries {
  readonly weight: Entry;
  readonly delay: Entry;
  readonly sign: Entry;
}

/** Connections as columns. */
export interface Edges {
  readonly pre: Uint32Array;
  readonly post: Uint32Array;
  /** Whole weights as integers, others as doubles; sign included. */
  readonly weight: Int32Array | Float64Array;
  readonly delayMs: Float64Array | null;
}

/** Rows are numbered by u32. */
const MOST_ROWS = 2 ** 32 - 1;
/** Largest memory of the arrays, bytes. */
const MOST_BYTES = 8 * 2 ** 30;
const BYTES_PER_ROW = 24;

/** Words for the sign of a connection. */
const SIGNS: Readonly<Record<string, number>> = {
  e: 1,
  exc: 1,
  excitatory: 1,
  '+': 1,
  i: -1,
  inh: -1,
  inhibitory: -1,
  '-': -1,
};

const makeU32 = (length: number): Uint32Array => new Uint32Array(length);
const makeF64 = (length: number): Float64Array => new Float64Array(length);

export class EdgeBuilder {
  /** Names of the columns pre, post, weight, delay, sign; "" for those that are not used. */
  readonly columns: readonly string[];
  readonly #file: string;
  readonly #index: NeuronIndex;
  #pre = new Column(makeU32);
  #post = new Column(makeU32);
  #weight = new Column(makeF64);
  #delay: Column<Float64Array> | null;
  #isWhole = true;

  constructor(file: string, mapping: ColumnMapping, index: NeuronIndex) {
    const { pre, post, weight = '', delay = '', sign = '' } = mapping;
    this.columns = [pre, post, weight, delay, sign];
    this.#file = file;
    this.#index = index;
    this.#delay = delay === '' ? null : new Column(makeF64);
  }

  /** Makes room for a known number of rows, after checking that it is a possible one. */
  expect(rows: number): void {
    this.#checkRows(rows);
    this.#pre = new Column(makeU32, rows);
    this.#post = new Column(makeU32, rows);
    this.#weight = new Column(makeF64, rows);
    if (this.#delay !== null) this.#delay = new Column(makeF64, rows);
  }

  #checkRows(rows: number): void {
    if (rows <= MOST_ROWS && rows * BYTES_PER_ROW <= MOST_BYTES) return;
    const most = Math.min(MOST_ROWS, Math.floor(MOST_BYTES / BYTES_PER_ROW));
    throw unreadable(
      { file: this.#file },
      `${rows} connections; at most ${most} are read.`,
      'Take a part of the table, or add up rows of the same pair of neurons.',
      rows,
    );
  }

  /** Adds rows firstRow … firstRow+count-1, given as columns pre, post, weight, delay, sign. */
  addBlock(
    [pre, post, weight, delay, sign]: readonly (ArrayLike<Entry> | null)[],
    firstRow: number,
    count: number,
  ): void {
    this.#checkFloats(pre, 0, firstRow);
    this.#checkFloats(post, 1, firstRow);
    for (let k = 0; k < count; k++) {
      const entries = {
        weight: weight ? weight[k] : null,
        delay: delay ? delay[k] : null,
        sign: sign ? sign[k] : null,
      };
      this.add(asEndpoint(pre?.[k]), asEndpoint(post?.[k]), entries, firstRow + k);
    }
  }

  /** 32-bit floats hold whole numbers up to 2^24 only; neighbours of larger ones are others by then. */
  #checkFloats(values: ArrayLike<Entry> | null | undefined, place: 0 | 1, firstRow: number): void {
    if (!(values instanceof Float32Array)) return;
    const wrong = values.findIndex((value) => value >= 2 ** 24);
    if (wrong < 0) return;
    throw unreadable(
      { file: this.#file, row: firstRow + wrong, column: this.columns[place] as string },
      `${values[wrong]} in a column of 32-bit floats is no certain neuron.`,
      'Write neurons as whole numbers or text.',
      values[wrong],
    );
  }

  /** Adds one row. `row` is for messages. */
  add(pre: Endpoint, post: Endpoint, entries: RowEntries, row: number): void {
    if (this.#pre.length % 65_536 === 65_535) this.#checkRows(this.#pre.length);
    this.#pre.push(this.#numberOf(pre, row, 0));
    this.#post.push(this.#numberOf(post, row, 1));
    const [, , weightName = '', delayName = '', signName = ''] = this.columns;
    let weight = weightName === '' ? 1 : this.#number(entries.weight, row, weightName);
    if (signName !== '') weight = Math.abs(weight) * this.#sign(entries.sign, row, signName);
    if (weight !== (weight | 0)) this.#isWhole = false;
    this.#weight.push(weight);
    if (this.#delay === null) return;
    const delay = this.#number(entries.delay, row, delayName);
    if (delay < 0) {
      const place = { file: this.#file, row, column: delayName };
      throw unreadable(place, `a delay of ${delay} ms is in the past.`, 'Delays are at least 0.');
    }
    this.#delay.push(delay);
  }

  #numberOf(entry: Endpoint, row: number, place: 0 | 1): number {
    const column = this.columns[place] as string;
    const number = this.#index.numberOf(entry, row, column);
    if (number >= 0) return number;
    this.#translate();
    return this.#index.numberOf(entry, row, column);
  }

  /** Neurons so far were taken for indices but are ids. */
  #translate(): void {
    const [preName = '', postName = ''] = this.columns;
    const pre = this.#pre.view();
    const post = this.#post.view();
    this.#index.useIds();
    for (let k = 0; k < pre.length; k++) {
      pre[k] = this.#index.numberOf(pre[k] as number, k + 2, preName);
      if (k < post.length) post[k] = this.#index.numberOf(post[k] as number, k + 2, postName);
    }
  }

  #number(entry: Entry, row: number, column: string): number {
    const number = typeof entry === 'string' && entry.trim() === '' ? Number.NaN : Number(entry);
    if (entry !== null && entry !== undefined && Number.isFinite(number)) return number;
    const place = { file: this.#file, row, column };
    throw unreadable(place, `${shown(entry)} is no number.`, 'Every row needs one.', entry);
  }

  #sign(entry: Entry, row: number, column: string): number {
    if (typeof entry === 'boolean') return entry ? 1 : -1;
    const known = SIGNS[String(entry).trim().toLowerCase()] ?? Number(entry);
    if (known === 1 || known === -1) return known;
    const place = { file: this.#file, row, column };
    const remedy = 'A sign is 1 or -1, excitatory or inhibitory.';
    throw unreadable(place, `${shown(entry)} is no sign.`, remedy, entry);
  }

  /** The arrays, the number of neurons, and their labels where the table has ids. */
  finish(): { edges: Edges; count: number; labels: readonly string[] | null } {
    if (this.#index.isSparse(this.#pre.length)) this.#translate();
    const { count, labels, order } = this.#index.finish();
    const pre = this.#pre.take();
    const post = this.#post.take();
    if (order !== null) {
      for (let k = 0; k < pre.length; k++) {
        pre[k] = order[pre[k] as number] as number;
        post[k] = order[post[k] as number] as number;
      }
    }
    const weights = this.#weight.take();
    const weight = this.#isWhole ? Int32Array.from(weights) : weights;
    const delayMs = this.#delay?.take() ?? null;
    return { edges: { pre, post, weight, delayMs }, count, labels };
  }
}

const asEndpoint = (entry: Entry): Endpoint =>
  entry === null || entry === undefined || typeof entry === 'boolean' ? '' : entry;

function shown(entry: Entry): string {
  return entry === null || entry === undefined || entry === ''
    ? 'an empty entry'
    : JSON.stringify(String(entry).slice(0, 40));
}
