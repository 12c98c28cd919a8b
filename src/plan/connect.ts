/**
 * Connectivity: carries out a connection rule and gives the synapses sorted by source. Knows nothing of weights and
 * delays. Indices are relative to the two ends (slices).
 *
 * THE SCHEME. Word k of row r is word k mod 4 of Philox counter (r, k div 4, 0, 0) under key (seed, stream), where
 * stream = streamOf('connect', projection name); see draws.ts. All decisions are made in whole 32-bit numbers, so that
 * any engine can make any row again, alone, and gets the same targets in the same order. n is the number of targets;
 * spread(word, n) is the high word of word * n. "Self" is the target that is the source itself: where autapses are not
 * wanted, draws spread over n-1 targets, and those from self on move up by one.
 *
 * - one-to-one: row r is [r].
 * - all-to-all: row r is 0 … n-1, less self without autapses.
 * - fixed-probability: from target 0 on, each word gives the gap to the next target by a table of thresholds (gaps.ts);
 *   self is drawn like others, then dropped. p = 1 is all-to-all.
 * - fixed-out-degree: draw k of a row is spread(word k, n), k = 0 … outDegree-1.
 * - fixed-total-number: row lengths by exact halving of the total (split.ts; a host computes them once and engines get
 *   them as row offsets); draws as for fixed-out-degree.
 * - pairwise: a pair of probability p, 0 < p < 1, exists when the upper 24 bits of word `target` are below p * 2^24; p
 *   is evaluated in 64 bits.
 * - small-world: row r is r+1, r-1, r+2, r-2, … on the ring, k of them. Then for each in turn: one word decides as for
 *   pairwise whether it moves, and if so the next words are spread over n until one is neither self nor in the row.
 * - without multapses: words are spread until a row has enough different targets, see DistinctChoice in connect-rows.ts.
 * - fixed-in-degree is drawn per target, rows in the scheme being targets: draw k of target t is spread(word k of t,
 *   number of sources). It cannot be made again by source.
 *
 * Rows keep the order of creation; those of lists and in-degrees that of the list or of the targets.
 *
 * Values of synapses (values.ts) use streams of their own by the same scheme: word k of row r belongs to synapse k of
 * row r. Expressions use word d of counter (r, k, d div 4, 0) for their draw d.
 */
import { NetworkError } from '../errors.ts';
import type { ConnectRule } from '../network/document.ts';
import type { Targets } from './columns.ts';
import {
  allRows,
  distinctRows,
  drawnRows,
  equalRows,
  pairRows,
  type RowMaker,
  ringRows,
  sparseRows,
} from './connect-rows.ts';
import type { DrawKey } from './draws.ts';
import { gapTable } from './gaps.ts';
import type { PairRule } from './pairs.ts';
import { rowLengths } from './split.ts';

/** The two ends of a projection. */
export interface Ends {
  readonly sourceCount: number;
  readonly targetCount: number;
  /** Global number of the first neuron of each end, to recognise a neuron that meets itself (autapse). */
  readonly sourceFirst: number;
  readonly targetFirst: number;
}

/** A rule and what it needs to be carried out. */
export interface Connecting {
  readonly rule: ConnectRule;
  readonly ends: Ends;
  /** The stream is streamOf('connect', projection name). */
  readonly random: DrawKey;
  /** Probability of pairs; for pairwise rules. */
  readonly pairs?: PairRule | null;
}

/** A rule on its way: rows are counted, targets not yet placed. */
export interface Connected {
  /** Offsets of rows (sourceCount + 1): row r holds the synapses rows[r] … rows[r+1]-1. */
  readonly rows: Uint32Array;
  /** Number of synapses. */
  readonly count: number;
  /**
   * Writes the targets of all synapses, row by row, inside a row in order of creation. `listed`, when given, gets the
   * position of each synapse in the lists of an explicit list, or its own number.
   */
  readonly fill: (targets: Targets, listed: Uint32Array | null) => void;
}

/** Most synapses in one network: their numbers are u32, with room to spare. */
export const MOST_SYNAPSES = 2 ** 31;

/** Mean number of synapses that a rule makes; of a pairwise rule the most. */
export function expectedCount(rule: ConnectRule, ends: Ends): number {
  switch (rule.rule) {
    case 'all-to-all':
      return ends.sourceCount * ends.targetCount;
    case 'one-to-one':
      return ends.sourceCount;
    case 'fixed-probability':
      return rule.p * ends.sourceCount * ends.targetCount;
    case 'pairwise':
      return 0;
    case 'fixed-in-degree':
      return rule.k * ends.targetCount;
    case 'voxel':
      return ends.sourceCount;
    case 'fixed-out-degree':
    case 'small-world':
      return rule.k * ends.sourceCount;
    case 'fixed-total-number':
      return rule.n;
    case 'list':
      return rule.pre.length;
  }
}

/** Counts the synapses of every row. Throws NetworkError when there are too many, before anything large is allocated. */
export function connect(connecting: Connecting, where: string): Connected {
  const { rule, ends } = connecting;
  checkCount(expectedCount(rule, ends), where);
  if (rule.rule === 'list') return listed(rule, ends);
  if (rule.rule === 'fixed-in-degree') return byTarget(rule, connecting);
  const maker = rowMaker(connecting);
  return maker.lengthOf === null ? byMaking(connecting, maker, where) : byLength(ends, maker);
}

function checkCount(count: number, where: string): void {
  if (count <= MOST_SYNAPSES) return;
  throw new NetworkError(
    `${where} would make about ${count.toPrecision(3)} synapses; at most ${MOST_SYNAPSES} can be stored. ` +
      'Use fewer neurons or a sparser rule.',
    { path: where, value: count },
  );
}

/** How a rule makes its rows, where it makes rows. */
export function rowMaker({ rule, ends, random, pairs = null }: Connecting): RowMaker {
  switch (rule.rule) {
    case 'all-to-all':
      return allRows(ends, rule.autapses ?? true);
    case 'one-to-one':
      return equalRows(ends, rule.autapses ?? true);
    case 'fixed-probability': {
      const { p, autapses = true } = rule;
      if (p === 1) return allRows(ends, autapses);
      return p === 0 ? NO_ROWS : sparseRows(gapTable(p), ends, autapses, random);
    }
    case 'fixed-out-degree': {
      const { k, autapses = true, multapses = true } = rule;
      const make = multapses ? drawnRows : distinctRows;
      return make(() => k, k, ends, autapses, random);
    }
    case 'fixed-total-number':
      return totalRows(rule, ends, random);
    case 'small-world':
      return ringRows(rule.k, rule.p, ends, rule.autapses ?? false, random);
    case 'pairwise': {
      if (pairs === null) throw new Error('internal: a pairwise rule without a probability');
      return pairRows(pairs, ends, rule.autapses ?? true, random);
    }
    default:
      throw new Error(`internal: ${rule.rule} makes no rows`);
  }
}

const NO_ROWS: RowMaker = { longest: 0, lengthOf: () => 0, make: () => 0 };

type RuleOf<Name extends ConnectRule['rule']> = Extract<ConnectRule, { readonly rule: Name }>;

function totalRows(
  { n, autapses = true, multapses = true }: RuleOf<'fixed-total-number'>,
  ends: Ends,
  random: DrawKey,
): RowMaker {
  const lengths = rowLengths(
    {
      rowCount: ends.sourceCount,
      total: n,
      pairs: (from, to) => pairsOf(ends, autapses, from, to),
      multapses,
    },
    random,
  );
  const longest = lengths.reduce((most, length) => Math.max(most, length), 0);
  const make = multapses ? drawnRows : distinctRows;
  return make((row) => lengths[row] as number, longest, ends, autapses, random);
}

/** Pairs that rows from … to-1 may have. */
export function pairsOf(
  { sourceFirst, targetFirst, targetCount }: Ends,
  autapses: boolean,
  from: number,
  to: number,
): number {
  const pairs = (to - from) * targetCount;
  if (autapses) return pairs;
  const first = Math.max(sourceFirst + from, targetFirst);
  const end = Math.min(sourceFirst + to, targetFirst + targetCount);
  return pairs - Math.max(0, end - first);
}

/** Row lengths to offsets, in place: rows[r+1] holds the length of row r before. */
function addUp(rows: Uint32Array): void {
  for (let r = 1; r < rows.length; r++) rows[r] = (rows[r] as number) + (rows[r - 1] as number);
}

function numberAll(listing: Uint32Array | null): void {
  for (let e = 0; e < (listing?.length ?? 0); e++) (listing as Uint32Array)[e] = e;
}

/** Rows whose lengths are known are made once, in their places. */
function byLength({ sourceCount }: Ends, maker: RowMaker): Connected {
  const rows = new Uint32Array(sourceCount + 1);
  for (let r = 0; r < sourceCount; r++) rows[r + 1] = maker.lengthOf?.(r) ?? 0;
  addUp(rows);
  return {
    rows,
    count: rows[sourceCount] as number,
    fill(targets, listing) {
      for (let r = 0; r < sourceCount; r++) maker.make(r, targets, rows[r] as number);
      numberAll(listing);
    },
  };
}

/** Others are made to count them, and kept where making them is slow or cheap to keep. */
function byMaking({ rule, ends }: Connecting, maker: RowMaker, where: string): Connected {
  const { sourceCount } = ends;
  const rows = new Uint32Array(sourceCount + 1);
  const row = new Uint32Array(maker.longest);
  const kept: Uint32Array[] | null = rule.rule === 'pairwise' ? [] : null;
  let count = 0;
  for (let r = 0; r < sourceCount; r++) {
    const length = maker.make(r, row, 0);
    kept?.push(row.slice(0, length));
    count += length;
    if (count > MOST_SYNAPSES) checkCount(count, where);
    rows[r + 1] = count;
  }
  return {
    rows,
    count,
    fill(targets, listing) {
      for (let r = 0; r < sourceCount; r++) {
        const at = rows[r] as number;
        const made = kept?.[r];
        if (made === undefined) maker.make(r, targets, at);
        else targets.set(made, at);
      }
      numberAll(listing);
    },
  };
}

function listed({ pre, post }: RuleOf<'list'>, { sourceCount }: Ends): Connected {
  const rows = new Uint32Array(sourceCount + 1);
  for (let k = 0; k < pre.length; k++) {
    const at = (pre[k] as number) + 1;
    rows[at] = (rows[at] as number) + 1;
  }
  addUp(rows);
  return {
    rows,
    count: pre.length,
    fill(targets, listing) {
      const cursor = rows.slice(0, sourceCount);
      for (let k = 0; k < pre.length; k++) {
        const row = pre[k] as number;
        const at = cursor[row] as number;
        cursor[row] = at + 1;
        targets[at] = post[k] as number;
        if (listing !== null) listing[at] = k;
      }
    },
  };
}

/** The sources of one target after the other, drawn once to count and once to place. */
function byTarget(
  { k, autapses = true, multapses = true }: RuleOf<'fixed-in-degree'>,
  { ends, random }: Connecting,
): Connected {
  const { sourceCount, targetCount, sourceFirst, targetFirst } = ends;
  const rows = new Uint32Array(sourceCount + 1);
  const turned: Ends = {
    sourceCount: targetCount,
    targetCount: sourceCount,
    sourceFirst: targetFirst,
    targetFirst: sourceFirst,
  };
  const make = multapses ? drawnRows : distinctRows;
  const maker = make(() => k, k, turned, autapses, random);
  const sources = new Uint32Array(k);
  for (let post = 0; post < targetCount; post++) {
    maker.make(post, sources, 0);
    for (let d = 0; d < k; d++) {
      const at = (sources[d] as number) + 1;
      rows[at] = (rows[at] as number) + 1;
    }
  }
  addUp(rows);
  return {
    rows,
    count: k * targetCount,
    fill(targets, listing) {
      const cursor = rows.slice(0, sourceCount);
      for (let post = 0; post < targetCount; post++) {
        maker.make(post, sources, 0);
        for (let d = 0; d < k; d++) {
          const row = sources[d] as number;
          const at = cursor[row] as number;
          cursor[row] = at + 1;
          targets[at] = post;
        }
      }
      numberAll(listing);
    },
  };
}
