/**
 * SHA-256 (FIPS 180-4) over spikes as they arrive, so that nothing need be kept for it, and in pages that have no
 * secure context. For spikes only: it takes pairs of numbers, not bytes.
 */
import type { Spikes } from './spikes.ts';

/** First 32 bits of the fractional parts of the cube roots of the first 64 primes. */
const ROUND_CONSTANTS = rootsOfPrimes(64, Math.cbrt);

/** The same of the square roots of the first 8. */
const FIRST_STATE = rootsOfPrimes(8, Math.sqrt);

/** Pairs of numbers in a block of 64 bytes. */
const PAIRS_PER_BLOCK = 8;

/** A hash under way, as plain data. */
export interface SavedHash {
  readonly state: Int32Array;
  readonly words: Int32Array;
  readonly count: number;
}

/** A hash under way over the little-endian u32 pairs (step, global neuron), in the order in which they are appended. */
export class SpikeHash {
  readonly #state = Int32Array.from(FIRST_STATE);
  readonly #words = new Int32Array(64);
  /** Spikes so far; those that do not fill a block yet wait in #words. */
  #count = 0;

  append({ steps, neurons }: Spikes): void {
    const words = this.#words;
    let filled = (this.#count % PAIRS_PER_BLOCK) * 2;
    for (let k = 0; k < steps.length; k++) {
      words[filled] = swapped(steps[k] as number);
      words[filled + 1] = swapped(neurons[k] as number);
      filled += 2;
      if (filled < 16) continue;
      compress(this.#state, words);
      filled = 0;
    }
    this.#count += steps.length;
  }

  /** The hash of what was appended so far, hexadecimal; more may follow. */
  digest(): string {
    const state = this.#state.slice();
    const words = this.#words.slice();
    const filled = (this.#count % PAIRS_PER_BLOCK) * 2;
    words.fill(0, filled, 16);
    words[filled] = 0x80000000;
    if (filled + 1 > 14) {
      compress(state, words);
      words.fill(0, 0, 16);
    }
    const bits = this.#count * 64;
    words[14] = Math.floor(bits / 2 ** 32);
    words[15] = bits % 2 ** 32;
    compress(state, words);
    return Array.from(state, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
  }

  /** What it has come to, as plain data. */
  save(): SavedHash {
    return { state: this.#state.slice(), words: this.#words.slice(0, 16), count: this.#count };
  }

  /** A hash that goes on from what another one has saved. Throws RangeError for what is none. */
  static from({ state, words, count }: SavedHash): SpikeHash {
    const isSound =
      state instanceof Int32Array &&
      state.length === 8 &&
      words instanceof Int32Array &&
      words.length === 16 &&
      Number.isSafeInteger(count) &&
      count >= 0;
    if (!isSound) throw new RangeError('This is no hash of spikes.');
    const hash = new SpikeHash();
    hash.#state.set(state);
    hash.#words.set(words);
    hash.#count = count;
    return hash;
  }

  /** A hash that goes on from here on its own. */
  copy(): SpikeHash {
    const other = new SpikeHash();
    other.#state.set(this.#state);
    other.#words.set(this.#words);
    other.#count = this.#count;
    return other;
  }
}

/** The other order of bytes: SHA-256 reads words from the high byte down. */
const swapped = (word: number): number =>
  (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);

/** Adds the block in words 0 … 15 to the state; overwrites words 16 … 63. */
function compress(state: Int32Array, words: Int32Array): void {
  for (let k = 16; k < 64; k++) {
    const near = words[k - 2] as number;
    const far = words[k - 15] as number;
    const s1 = turned(near, 17) ^ turned(near, 19) ^ (near >>> 10);
    const s0 = turned(far, 7) ^ turned(far, 18) ^ (far >>> 3);
    words[k] = ((words[k - 16] as number) + s0 + (words[k - 7] as number) + s1) | 0;
  }
  // Eight variables and no lists: this is the inner loop, 64 times for 8 spikes.
  let a = state[0] as number;
  let b = state[1] as number;
  let c = state[2] as number;
  let d = state[3] as number;
  let e = state[4] as number;
  let f = state[5] as number;
  let g = state[6] as number;
  let h = state[7] as number;
  for (let k = 0; k < 64; k++) {
    const s1 = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25);
    const chosen = (e & f) ^ (~e & g);
    const t1 = (h + s1 + chosen + (ROUND_CONSTANTS[k] as number) + (words[k] as number)) | 0;
    const s0 = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22);
    const major = (a & b) ^ (a & c) ^ (b & c);
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + s0 + major) | 0;
  }
  state[0] = (state[0] as number) + a;
  state[1] = (state[1] as number) + b;
  state[2] = (state[2] as number) + c;
  state[3] = (state[3] as number) + d;
  state[4] = (state[4] as number) + e;
  state[5] = (state[5] as number) + f;
  state[6] = (state[6] as number) + g;
  state[7] = (state[7] as number) + h;
}

/** Rotation to the right. */
const turned = (word: number, bits: number): number => (word >>> bits) | (word << (32 - bits));

/** Doubles carry 53 bits, of which at most 5 are before the point: enough for the 32 that count. */
function rootsOfPrimes(count: number, root: (prime: number) => number): Int32Array {
  const roots = new Int32Array(count);
  const primes: number[] = [];
  for (let n = 2; primes.length < count; n++) {
    if (primes.some((prime) => n % prime === 0)) continue;
    const value = root(n);
    roots[primes.length] = Math.floor((value - Math.floor(value)) * 2 ** 32);
    primes.push(n);
  }
  return roots;
}
