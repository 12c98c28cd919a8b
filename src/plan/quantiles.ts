/**
 * Random numbers of any distribution from one Philox word each, by a table of the distribution's quantiles: the value at
 * probability u = (word + 1/2)/2^32, interpolated. Every result is one rounding of an exact number to f32, so that all
 * engines draw the same bits, contracted or not, with two table reads, a product and a sum.
 *
 * The table is fine where distributions bend: the probabilities below 1/2 and, mirrored, those above are cut into 26
 * octaves, each into 64 cells. In a normal distribution no value is off by more than 3e-5 standard deviations, tails
 * included, which reach to 6.3.
 */

import type { Words } from './columns.ts';

/** Cells of one half. Cell c of the upper half is cell CELLS + c. */
const CELLS = 26 * 64;
/** Words of the innermost octave: one per cell. */
const INNER = 64;
/** Positions inside a cell: 12 bits, times slopes of 12 significant bits: products of 24 bits, exact in f32. */
const FRACTION = 2 ** 12;

/** value = clamp(starts[cell] + fraction * slopes[cell], least, most). */
export interface QuantileTable {
  readonly starts: Float32Array;
  readonly slopes: Float32Array;
  /** Bounds, rounded inwards to f32. */
  readonly least: number;
  readonly most: number;
}

/**
 * A quantile function: the value below which probability p lies (upper false), or above which it lies (upper true), for
 * 0 < p <= 1/2, accurate for small p.
 */
export type Quantile = (p: number, upper: boolean) => number;

/** Tabulates a quantile function whose values never leave least … most. */
export function quantileTable(quantile: Quantile, least: number, most: number): QuantileTable {
  const starts = new Float32Array(2 * CELLS);
  const slopes = new Float32Array(2 * CELLS);
  for (const upper of [false, true]) {
    const first = upper ? CELLS : 0;
    const at = (m: number): number => quantile(Math.min((m + 0.5) * 2 ** -32, 0.5), upper);
    let end = at(0);
    for (let cell = 0; cell < CELLS; cell++) {
      const octave = cell >>> 6;
      const width = octave === 0 ? 1 : 2 ** (octave - 1);
      const begin = (octave === 0 ? 0 : INNER * width) + (cell & 63) * width;
      const start = end;
      end = at(begin + width);
      const slope = shorten((end - start) / FRACTION);
      // In wide cells a fraction stands for many words: use their middle.
      const middle = 0.5 * Math.max(0, 1 - FRACTION / width);
      starts[first + cell] = start + middle * slope;
      slopes[first + cell] = slope;
    }
  }
  return { starts, slopes, least: roundInwards(least, 1), most: roundInwards(most, -1) };
}

/** A number of 12 significant bits. */
function shorten(x: number): number {
  if (x === 0) return 0;
  const unit = 2 ** (Math.floor(Math.log2(Math.abs(x))) - 11);
  const short = Math.round(x / unit) * unit;
  return Math.fround(short) === short ? short : 0;
}

/** The nearest f32 that is not below (sign 1) or not above (sign -1) x. */
function roundInwards(x: number, sign: 1 | -1): number {
  const rounded = Math.fround(x);
  if (!Number.isFinite(x) || (rounded - x) * sign >= 0) return rounded;
  const cell = Float32Array.of(rounded);
  const bits = new Int32Array(cell.buffer);
  const isAway = rounded === 0 ? sign : Math.sign(rounded) * sign;
  bits[0] = rounded === 0 ? (sign > 0 ? 1 : -0x7fffffff) : (bits[0] as number) + isAway;
  return cell[0] as number;
}

/** Writes the values of words 0 … count-1 to `out` from place `at` on; arrays of whole numbers cut the fractions off. */
export function fillValues(
  table: QuantileTable,
  words: Uint32Array,
  count: number,
  out: Float32Array | Float64Array | Words,
  at: number,
): void {
  const { starts, slopes, least, most } = table;
  for (let k = 0; k < count; k++) {
    const word = words[k] as number;
    const m = word >= 2 ** 31 ? ~word >>> 0 : word;
    const half = word >= 2 ** 31 ? CELLS : 0;
    // Bits below the seven that choose the cell.
    const shift = 25 - Math.clz32(m);
    let cell: number;
    let fraction: number;
    if (m < INNER) {
      cell = m;
      fraction = 0;
    } else {
      cell = ((shift + 1) << 6) + ((m >>> shift) & 63);
      fraction = shift >= 12 ? (m >>> (shift - 12)) & 4095 : (m << (12 - shift)) & 4095;
    }
    const value = Math.fround(
      (starts[half + cell] as number) + fraction * (slopes[half + cell] as number),
    );
    out[at + k] = Math.min(Math.max(value, least), most);
  }
}

/** Cells first … end-1 give values between these. */
function cellRange(
  { starts, slopes, least, most }: QuantileTable,
  first: number,
  end: number,
): readonly [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let c = first; c < end; c++) {
    const begin = starts[c] as number;
    const last = begin + (FRACTION - 1) * (slopes[c] as number);
    low = Math.min(low, begin, last);
    high = Math.max(high, begin, last);
  }
  const clamped = (value: number): number => Math.min(Math.max(Math.fround(value), least), most);
  return [clamped(low), clamped(high)];
}

/** Smallest and largest value that a table can give. */
export const tableRange = (table: QuantileTable): readonly [number, number] =>
  cellRange(table, 0, table.starts.length);

/** Cells of an octave that `tableParts` takes together. */
const TOGETHER = 8;

/** The distribution in some 400 parts: the chance of each, and what its values lie between. Chances add up to 1. */
export function tableParts(
  table: QuantileTable,
): { readonly chance: number; readonly range: readonly [number, number] }[] {
  return Array.from({ length: table.starts.length / TOGETHER }, (_, k) => {
    const first = k * TOGETHER;
    const octave = (first % CELLS) >>> 6;
    const words = octave === 0 ? 1 : 2 ** (octave - 1);
    return {
      chance: TOGETHER * words * 2 ** -32,
      range: cellRange(table, first, first + TOGETHER),
    };
  });
}
