/**
 * Gaps between the targets of a row of fixed probability: a geometric distribution as a table of whole numbers, so that
 * every engine skips over the same targets without a logarithm. No row is made here.
 */

/** Longest table: at p below 1/4096 a gap may take several words. */
const LONGEST = 2 ** 14;
const GUIDE_BITS = 10;

/**
 * Threshold g is P(gap <= g) * 2^32, so a word below threshold g and not below threshold g-1 means a gap of g. A word
 * that is not below the last threshold means that `length` targets are skipped and the next word decides: what has
 * passed does not matter to a geometric distribution. Thresholds are rounded, which changes p by less than 1 part in
 * 10^5 down to p = 10^-9.
 */
export interface GapTable {
  readonly length: number;
  readonly thresholds: Uint32Array;
  /** First candidate for a word, by its upper 10 bits. Saves the search; the answer is the same. */
  readonly guide: Uint16Array;
}

/** Tables made last; a network has few probabilities and many projections. */
const made = new Map<number, GapTable>();
const MOST_TABLES = 64;

/** The table for connection probability p, 0 < p < 1. Equal ones share a table; do not write to it. */
export function gapTable(p: number): GapTable {
  const known = made.get(p);
  if (known !== undefined) return known;
  if (made.size >= MOST_TABLES) made.clear();
  const table = makeTable(p);
  made.set(p, table);
  return table;
}

function makeTable(p: number): GapTable {
  const length = Math.min(LONGEST, Math.ceil(4 / p));
  const perTarget = Math.log1p(-p);
  const thresholds = Uint32Array.from({ length }, (_, g) =>
    Math.min(Math.round(-Math.expm1((g + 1) * perTarget) * 2 ** 32), 2 ** 32 - 1),
  );
  const guide = new Uint16Array(2 ** GUIDE_BITS);
  let gap = 0;
  for (let h = 0; h < guide.length; h++) {
    const least = h * 2 ** (32 - GUIDE_BITS);
    while (gap < length - 1 && (thresholds[gap] as number) <= least) gap++;
    guide[h] = gap;
  }
  return { length, thresholds, guide };
}

/** The gap that a word means; `length` when nothing is found that far. */
export function gapOf({ length, thresholds, guide }: GapTable, word: number): number {
  if (word >= (thresholds[length - 1] as number)) return length;
  let gap = guide[word >>> (32 - GUIDE_BITS)] as number;
  while (word >= (thresholds[gap] as number)) gap++;
  return gap;
}
