/**
 * Philox words in bulk, for everything that is drawn per row of synapses: word k of row r is word k mod 4 of counter
 * (r, k div 4, lane, 0) under key (seed, stream). The same numbers as language/philox.ts, many at a time and in whole
 * 32-bit arithmetic, because a large network takes 10^9 of them. `lane` keeps apart what one stream draws for several
 * purposes: 0 words of rows, 1 splits of totals.
 */

import { BulkWords } from './bulk-words.ts';

/** Where random numbers come from: the two words of the key. */
export interface DrawKey {
  readonly seed: number;
  readonly stream: number;
}

const W0 = 0x9e3779b9 | 0;
const W1 = 0xbb67ae85 | 0;
// The multipliers 0xd2511f53 and 0xcd9e8d57 in halves: a product of 32 bits needs its high word.
const M0 = 0xd2511f53 | 0;
const M1 = 0xcd9e8d57 | 0;
const M0_LOW = 0x1f53;
const M0_HIGH = 0xd251;
const M1_LOW = 0x8d57;
const M1_HIGH = 0xcd9e;

/** Made when first needed; null where there is none. */
let bulk: BulkWords | null | undefined;
/** With fewer blocks calling costs more than it saves. */
const BULK_BLOCKS = 4;

/** Writes words 4*firstBlock … of a row to `out`, four per block, from place `at` on. */
export function fillRowWords(
  out: Uint32Array,
  at: number,
  row: number,
  firstBlock: number,
  blocks: number,
  key: DrawKey,
  lane = 0,
): void {
  if (lane === 0 && blocks >= BULK_BLOCKS) {
    bulk = bulk === undefined ? BulkWords.create() : bulk;
    if (bulk !== null) {
      bulk.write(out, at, row, firstBlock, blocks, key.seed, key.stream);
      return;
    }
  }
  const seed = key.seed | 0;
  const stream = key.stream | 0;
  for (let block = 0; block < blocks; block++) {
    let x0 = row | 0;
    let x1 = (firstBlock + block) | 0;
    let x2 = lane | 0;
    let x3 = 0;
    let k0 = seed;
    let k1 = stream;
    for (let round = 0; round < 10; round++) {
      const a = x0 & 0xffff;
      const b = x0 >>> 16;
      const c = x2 & 0xffff;
      const d = x2 >>> 16;
      // Partial products of 16 bits, summed so that no intermediate passes 32 bits.
      const middle0 = (Math.imul(b, M0_LOW) + (Math.imul(a, M0_LOW) >>> 16)) | 0;
      const carry0 = (Math.imul(a, M0_HIGH) + (middle0 & 0xffff)) | 0;
      const high0 = (Math.imul(b, M0_HIGH) + (middle0 >>> 16) + (carry0 >>> 16)) | 0;
      const middle1 = (Math.imul(d, M1_LOW) + (Math.imul(c, M1_LOW) >>> 16)) | 0;
      const carry1 = (Math.imul(c, M1_HIGH) + (middle1 & 0xffff)) | 0;
      const high1 = (Math.imul(d, M1_HIGH) + (middle1 >>> 16) + (carry1 >>> 16)) | 0;
      const low0 = Math.imul(x0, M0);
      const low1 = Math.imul(x2, M1);
      x0 = high1 ^ x1 ^ k0;
      x1 = low1;
      x2 = high0 ^ x3 ^ k1;
      x3 = low0;
      k0 = (k0 + W0) | 0;
      k1 = (k1 + W1) | 0;
    }
    const place = at + 4 * block;
    out[place] = x0;
    out[place + 1] = x1;
    out[place + 2] = x2;
    out[place + 3] = x3;
  }
}

const LOW = 2 ** 16;

/**
 * floor(word * width / 2^32) in whole numbers: spreads a word over 0 … width-1, each value with probability 1/width to
 * within 2^-32. The high word of a 32-bit product on every engine.
 */
export function spread(word: number, width: number): number {
  if (width < 2 ** 21) return Math.floor(word * width * 2 ** -32);
  const high = Math.floor(word / LOW) * width;
  const low = (word & 0xffff) * width;
  return Math.floor((high + Math.floor(low / LOW)) / LOW);
}

/** Words of one row, one after the other, drawn in small batches. One object serves many rows. */
export class RowWords {
  readonly #key: DrawKey;
  readonly #words = new Uint32Array(16);
  #row = 0;
  #block = 0;
  #at = 16;

  constructor(key: DrawKey) {
    this.#key = key;
  }

  /** Goes to word 0 of a row. */
  start(row: number): void {
    this.#row = row;
    this.#block = 0;
    this.#at = 16;
  }

  next(): number {
    if (this.#at === 16) {
      fillRowWords(this.#words, 0, this.#row, this.#block, 4, this.#key);
      this.#block += 4;
      this.#at = 0;
    }
    const word = this.#words[this.#at] as number;
    this.#at++;
    return word;
  }
}
