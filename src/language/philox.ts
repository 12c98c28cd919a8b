/**
 * Philox-4x32-10 (Salmon, Moraes, Dror, Shaw 2011, doi:10.1145/2063384.2063405), the only source of randomness: a
 * value is a function of (seed, stream, element, step, draw) and nothing else, so there is no generator state, and
 * results depend neither on the engine nor on the order of work. Host twin of shaders/lib/philox.wgsl.
 *
 * Not a stream generator with a cursor: callers say which draw they want.
 */

const M0 = 0xd2511f53;
const M1 = 0xcd9e8d57;
const W0 = 0x9e3779b9;
const W1 = 0xbb67ae85;

/** High 32 bits of the unsigned product a*b, from 16-bit halves because a double holds only 53 bits. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const low = aLow * bLow;
  const middle = aHigh * bLow + (low >>> 16);
  const carry = aLow * bHigh + (middle % 0x10000);
  return (aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(carry / 0x10000)) >>> 0;
}

/** Writes the four u32 words of counter (c0, c1, c2, c3) under key (k0, k1) to `out`; allocates nothing. */
export function philox(
  c0: number,
  c1: number,
  c2: number,
  c3: number,
  k0: number,
  k1: number,
  out: Uint32Array,
): void {
  let x0 = c0 >>> 0;
  let x1 = c1 >>> 0;
  let x2 = c2 >>> 0;
  let x3 = c3 >>> 0;
  let key0 = k0 >>> 0;
  let key1 = k1 >>> 0;
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(M0, x0);
    const low0 = Math.imul(M0, x0) >>> 0;
    const high1 = multiplyHigh(M1, x2);
    const low1 = Math.imul(M1, x2) >>> 0;
    x0 = (high1 ^ x1 ^ key0) >>> 0;
    x1 = low1;
    x2 = (high0 ^ x3 ^ key1) >>> 0;
    x3 = low0;
    key0 = (key0 + W0) >>> 0;
    key1 = (key1 + W1) >>> 0;
  }
  out[0] = x0;
  out[1] = x1;
  out[2] = x2;
  out[3] = x3;
}

const scratch = new Uint32Array(4);

/** Word `draw` (u32) of `element` at `step`, as the IR's `draw` and `binomial` nodes define it. */
export function drawWord(
  seed: number,
  stream: number,
  element: number,
  step: number,
  draw: number,
): number {
  philox(element, step, draw >>> 2, 0, seed, stream, scratch);
  return scratch[draw & 3] as number;
}

/** Uniform in [0, 1) with 24 bits: exact in f32 and f64, the same on every engine. */
export function uniformOf(word: number): number {
  return (word >>> 8) * 2 ** -24;
}

/** Key word 1 for everything that one named thing draws for one purpose: FNV-1a over "purpose:name". */
export function streamOf(purpose: string, name: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(`${purpose}:${name}`)) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return hash >>> 0;
}
