/**
 * Row lengths of a fixed total number of synapses. Drawing n pairs one by one would make every row depend on all draws,
 * so the lengths are drawn first, exactly: the rows are halved again and again, and at each halving the number that
 * falls to the left half is one binomial draw (hypergeometric where pairs must differ), from a counter of its own. A
 * single row's length takes log2(rows) draws.
 */
import { type DrawKey, fillRowWords } from './draws.ts';

/** Lane of the words drawn here, see draws.ts. */
const LANE = 1;

/** What is shared out. */
export interface Shares {
  readonly rowCount: number;
  /** Synapses of all rows together. */
  readonly total: number;
  /** Allowed pairs of rows from … to-1. */
  readonly pairs: (from: number, to: number) => number;
  /** Whether a pair may be drawn more than once. */
  readonly multapses: boolean;
}

/** Length of every row. Node m of the halving tree (root 1, children 2m and 2m+1) draws with words 0 and 1 of row m, lane 1. */
export function rowLengths(shares: Shares, key: DrawKey): Uint32Array {
  const lengths = new Uint32Array(shares.rowCount);
  const words = new Uint32Array(4);
  const share = (node: number, from: number, to: number, count: number): void => {
    if (count === 0) return;
    if (to - from === 1) {
      lengths[from] = count;
      return;
    }
    const middle = (from + to) >>> 1;
    const left = shares.pairs(from, middle);
    const all = shares.pairs(from, to);
    fillRowWords(words, 0, node, 0, 1, key, LANE);
    const u = uniform53(words[0] as number, words[1] as number);
    const here = shares.multapses
      ? binomial(count, left / all, u)
      : hypergeometric(count, left, all - left, u);
    share(2 * node, from, middle, here);
    share(2 * node + 1, middle, to, count - here);
  };
  share(1, 0, shares.rowCount, shares.total);
  return lengths;
}

/** Uniform in (0, 1) from two words. */
const uniform53 = (high: number, low: number): number =>
  ((high >>> 5) * 2 ** 26 + (low >>> 6) + 0.5) * 2 ** -53;

/** The binomial number of n trials of probability p that u, uniform in (0, 1), stands for. */
export function binomial(n: number, p: number, u: number): number {
  if (p <= 0 || n === 0) return 0;
  if (p >= 1) return n;
  const odds = p / (1 - p);
  const mode = Math.min(n, Math.floor((n + 1) * p));
  if (n < FACTORIALS) return nearMode(n, p, mode, u);
  return outward(0, n, mode, (x) => ((n - x + 1) / x) * odds, u);
}

/** Logarithms of 0! … 65535!, made when first needed. */
const FACTORIALS = 2 ** 16;
let factorials: Float64Array | null = null;

function logFactorials(): Float64Array {
  if (factorials !== null) return factorials;
  factorials = new Float64Array(FACTORIALS);
  let lost = 0;
  for (let k = 2; k < FACTORIALS; k++) {
    // Summed with what rounding has lost (Kahan): the table is good to the last digits.
    const before = factorials[k - 1] as number;
    const term = Math.log(k) - lost;
    const sum = before + term;
    lost = sum - before - term;
    factorials[k] = sum;
  }
  return factorials;
}

/**
 * Inverts the binomial distribution by going from the mode outwards, right and left in turn, until the probabilities
 * passed exceed u: about two standard deviations. All probabilities follow from that of the mode.
 */
function nearMode(n: number, p: number, mode: number, u: number): number {
  const log = logFactorials();
  const odds = p / (1 - p);
  const atMode = Math.exp(
    (log[n] as number) -
      (log[mode] as number) -
      (log[n - mode] as number) +
      mode * Math.log(p) +
      (n - mode) * Math.log1p(-p),
  );
  let rest = u - atMode;
  if (rest < 0) return mode;
  let right = atMode;
  let left = atMode;
  let above = mode;
  let below = mode;
  while (right > 0 || left > 0) {
    right = above < n ? right * ((n - above) / (above + 1)) * odds : 0;
    above++;
    rest -= right;
    if (rest < 0) return above;
    left = below > 0 ? left * (below / ((n - below + 1) * odds)) : 0;
    below--;
    rest -= left;
    if (rest < 0) return below;
  }
  return mode;
}

/** How many of n draws without replacement fall on the `left` of left + right objects, for u uniform in (0, 1). */
export function hypergeometric(n: number, left: number, right: number, u: number): number {
  const least = Math.max(0, n - right);
  const most = Math.min(n, left);
  if (least === most) return least;
  const mode = Math.floor(((n + 1) * (left + 1)) / (left + right + 2));
  return outward(
    least,
    most,
    mode,
    (x) => ((left - x + 1) / x) * ((n - x + 1) / (right - n + x)),
    u,
  );
}

/** Terms smaller than this, relative to the largest, change no sum. */
const NEGLIGIBLE = 1e-18;
const below: number[] = [];
const above: number[] = [];

/**
 * Inverts a distribution on least … most of which only the ratio P(x)/P(x-1) is known: adds up terms on both sides of
 * the mode until they vanish, which takes some 17 standard deviations, then finds the place of u. Exact to rounding.
 */
function outward(
  least: number,
  most: number,
  mode: number,
  ratio: (x: number) => number,
  u: number,
): number {
  below.length = 0;
  above.length = 0;
  let total = 1;
  let term = 1;
  for (let x = mode; x > least && term > NEGLIGIBLE; x--) {
    term /= ratio(x);
    below.push(term);
    total += term;
  }
  const lower = total - 1;
  term = 1;
  for (let x = mode + 1; x <= most && term > NEGLIGIBLE; x++) {
    term *= ratio(x);
    above.push(term);
    total += term;
  }
  let rest = u * total - lower;
  if (rest < 0) {
    // Left of the mode, counted down from it.
    let x = mode;
    for (const part of below) {
      x--;
      rest += part;
      if (rest >= 0) return x;
    }
    return x;
  }
  let x = mode;
  rest -= 1;
  for (const part of above) {
    if (rest < 0) return x;
    x++;
    rest -= part;
  }
  return x;
}
