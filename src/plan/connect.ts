/**
 * Connectivity: carries out a connection rule and gives the synapses sorted by source. Every random number comes from
 * a counter, so a row (or target, or pair) can be drawn again on its own and does not depend on the order of work. Each
 * rule is drawn twice, once to count and once to place: cheaper than keeping pairs, and no memory but the result.
 *
 * Knows nothing of weights and delays. Indices are relative to the two ends (slices).
 */
import { NetworkError } from '../errors.ts';
import { philox } from '../language/philox.ts';
import type { ConnectRule } from '../network/document.ts';

/** The two ends of a projection. */
export interface Ends {
  readonly sourceCount: number;
  readonly targetCount: number;
  /** Global number of the first neuron of each end, to recognise a neuron that meets itself (autapse). */
  readonly sourceFirst: number;
  readonly targetFirst: number;
}

/** Where the random numbers of a rule come from. */
export interface ConnectRandom {
  readonly seed: number;
  /** streamOf('connect', projection name). */
  readonly stream: number;
}

/** Most synapses in one network: their numbers are u32, with room to spare. */
export const MOST_SYNAPSES = 2 ** 31;

/** Receives the synapses of a rule in the order in which it makes them. */
interface Sink {
  /** Counts or places a synapse; how many came before it is its creation number. */
  put(pre: number, post: number): void;
}

/** Offsets of rows (sourceCount + 1): row r holds the synapses rows[r] … rows[r+1]-1. */
export function countRows(
  rule: ConnectRule,
  ends: Ends,
  random: ConnectRandom,
  where: string,
): Uint32Array {
  const expected = expectedCount(rule, ends);
  if (expected > MOST_SYNAPSES) {
    throw new NetworkError(
      `${where} would make about ${expected.toPrecision(3)} synapses; at most ${MOST_SYNAPSES} can be stored. ` +
        'Use fewer neurons or a sparser rule.',
      { path: where, value: expected },
    );
  }
  const rows = new Uint32Array(ends.sourceCount + 1);
  make(rule, ends, random, {
    put(pre) {
      rows[pre + 1] = (rows[pre + 1] as number) + 1;
    },
  });
  for (let r = 0; r < ends.sourceCount; r++) {
    rows[r + 1] = (rows[r + 1] as number) + (rows[r] as number);
  }
  return rows;
}

/**
 * Writes the targets of all synapses to `targets`, row by row, inside a row in order of creation. `origin`, when given,
 * gets the creation number of each synapse (the position in the lists for an explicit list).
 */
export function fillRows(
  rule: ConnectRule,
  ends: Ends,
  random: ConnectRandom,
  rows: Uint32Array,
  targets: Uint32Array,
  origin: Uint32Array | null,
): void {
  const cursor = rows.slice(0, ends.sourceCount);
  let created = 0;
  make(rule, ends, random, {
    put(pre, post) {
      const at = cursor[pre] as number;
      cursor[pre] = at + 1;
      targets[at] = post;
      if (origin !== null) origin[at] = created++;
    },
  });
}

/** Whether a rule makes its synapses in row order, so that creation numbers are storage numbers. */
export function isRowOrdered(rule: ConnectRule): boolean {
  return ['all-to-all', 'one-to-one', 'fixed-probability'].includes(rule.rule);
}

/** Mean number of synapses that a rule makes. */
export function expectedCount(rule: ConnectRule, ends: Ends): number {
  switch (rule.rule) {
    case 'all-to-all':
      return ends.sourceCount * ends.targetCount;
    case 'one-to-one':
      return ends.sourceCount;
    case 'fixed-probability':
      return rule.p * ends.sourceCount * ends.targetCount;
    case 'fixed-in-degree':
      return rule.k * ends.targetCount;
    case 'fixed-total-number':
      return rule.n;
    case 'list':
      return rule.pre.length;
  }
}

function make(rule: ConnectRule, ends: Ends, random: ConnectRandom, sink: Sink): void {
  if (rule.rule === 'all-to-all') makeAll(ends, rule.autapses ?? true, sink);
  else if (rule.rule === 'one-to-one') makePairs(ends, sink);
  else if (rule.rule === 'list') makeListed(rule, sink);
  else if (rule.rule === 'fixed-in-degree') makeByInDegree(rule, ends, random, sink);
  else if (rule.rule === 'fixed-total-number') makeTotal(rule, ends, random, sink);
  else if (rule.p === 1) makeAll(ends, rule.autapses ?? true, sink);
  else makeByProbability(rule, ends, random, sink);
}

type RuleOf<Name extends ConnectRule['rule']> = Extract<ConnectRule, { readonly rule: Name }>;

/** Index among the targets of source `pre` itself; outside 0 … targetCount-1 when it is not among them. */
const selfTarget = (pre: number, ends: Ends): number => ends.sourceFirst + pre - ends.targetFirst;

function makeAll(ends: Ends, autapses: boolean, sink: Sink): void {
  for (let pre = 0; pre < ends.sourceCount; pre++) {
    const self = autapses ? -1 : selfTarget(pre, ends);
    for (let post = 0; post < ends.targetCount; post++) if (post !== self) sink.put(pre, post);
  }
}

function makePairs(ends: Ends, sink: Sink): void {
  for (let k = 0; k < ends.sourceCount; k++) sink.put(k, k);
}

function makeListed({ pre, post }: RuleOf<'list'>, sink: Sink): void {
  for (let k = 0; k < pre.length; k++) sink.put(pre[k] as number, post[k] as number);
}

const WORD = 2 ** -32;

/**
 * Geometric skipping: in row r the gap to the next target is floor(ln(u)/ln(1-p)), u = (word + 1/2)/2^32, words taken
 * from counters (r, chunk, 0, 0), four to a chunk. Pairs of a neuron with itself are drawn like others, then dropped.
 */
function makeByProbability(
  { p, autapses = true }: RuleOf<'fixed-probability'>,
  ends: Ends,
  { seed, stream }: ConnectRandom,
  sink: Sink,
): void {
  if (p <= 0) return;
  const words = new Uint32Array(4);
  const scale = 1 / Math.log1p(-p);
  for (let pre = 0; pre < ends.sourceCount; pre++) {
    const self = autapses ? -1 : selfTarget(pre, ends);
    let post = -1;
    for (let draw = 0; ; draw++) {
      if ((draw & 3) === 0) philox(pre, draw >>> 2, 0, 0, seed, stream, words);
      post += 1 + Math.floor(Math.log(((words[draw & 3] as number) + 0.5) * WORD) * scale);
      if (post >= ends.targetCount) break;
      if (post !== self) sink.put(pre, post);
    }
  }
}

/**
 * Draw d of target t is word d mod 4 of counter (t, d div 4, 0, 0): source floor(word * n / 2^32). Without autapses n
 * is one less and sources from the target itself on move up by one.
 */
function makeByInDegree(
  { k, autapses = true }: RuleOf<'fixed-in-degree'>,
  ends: Ends,
  { seed, stream }: ConnectRandom,
  sink: Sink,
): void {
  const words = new Uint32Array(4);
  const { sourceCount, targetCount } = ends;
  for (let post = 0; post < targetCount; post++) {
    const self = ends.targetFirst + post - ends.sourceFirst;
    const skipsSelf = !autapses && self >= 0 && self < sourceCount;
    const scale = (skipsSelf ? sourceCount - 1 : sourceCount) * WORD;
    for (let draw = 0; draw < k; draw++) {
      if ((draw & 3) === 0) philox(post, draw >>> 2, 0, 0, seed, stream, words);
      const pre = Math.floor((words[draw & 3] as number) * scale);
      sink.put(skipsSelf && pre >= self ? pre + 1 : pre, post);
    }
  }
}

/**
 * Pair e takes its source from word 2*(e mod 2) and its target from the word after it, of counter (e div 2, 0, 0, 0).
 * A pair of a neuron with itself, where that is not wanted, is drawn again from counter (e, attempt, 1, 0).
 */
function makeTotal(
  { n, autapses = true }: RuleOf<'fixed-total-number'>,
  ends: Ends,
  { seed, stream }: ConnectRandom,
  sink: Sink,
): void {
  const words = new Uint32Array(4);
  const again = new Uint32Array(4);
  const sourceScale = ends.sourceCount * WORD;
  const targetScale = ends.targetCount * WORD;
  for (let e = 0; e < n; e++) {
    const odd = e & 1;
    if (odd === 0) philox(e >>> 1, 0, 0, 0, seed, stream, words);
    let pre = Math.floor((words[2 * odd] as number) * sourceScale);
    let post = Math.floor((words[2 * odd + 1] as number) * targetScale);
    for (let attempt = 0; !autapses && post === selfTarget(pre, ends); attempt++) {
      philox(e, attempt, 1, 0, seed, stream, again);
      pre = Math.floor((again[0] as number) * sourceScale);
      post = Math.floor((again[1] as number) * targetScale);
    }
    sink.put(pre, post);
  }
}

/** Columns of a projection: the same synapses sorted by target. */
export interface Columns {
  /** Offsets of columns, targetCount + 1. */
  readonly offsets: Uint32Array;
  /** Entry k: source index, synapse number; two words each, inside a column in order of synapse number. */
  readonly entries: Uint32Array;
}

/** Sorts synapses by target. `targets` are plain indices, row by row. */
export function columnsOf(rows: Uint32Array, targets: Uint32Array, targetCount: number): Columns {
  const offsets = inDegrees(targets, targetCount, 1);
  for (let c = 0; c < targetCount; c++) {
    offsets[c + 1] = (offsets[c + 1] as number) + (offsets[c] as number);
  }
  const cursor = offsets.slice(0, targetCount);
  const entries = new Uint32Array(targets.length * 2);
  for (let pre = 0; pre + 1 < rows.length; pre++) {
    const end = rows[pre + 1] as number;
    for (let e = rows[pre] as number; e < end; e++) {
      const post = targets[e] as number;
      const at = cursor[post] as number;
      cursor[post] = at + 1;
      entries[2 * at] = pre;
      entries[2 * at + 1] = e;
    }
  }
  return { offsets, entries };
}

/** Number of synapses onto each target; `shift` leading zeros. */
export function inDegrees(targets: Uint32Array, targetCount: number, shift = 0): Uint32Array {
  const degrees = new Uint32Array(targetCount + shift);
  for (let e = 0; e < targets.length; e++) {
    const at = (targets[e] as number) + shift;
    degrees[at] = (degrees[at] as number) + 1;
  }
  return degrees;
}

/** Sorts every row by delay, keeping the order of equal delays. Reorders `lists` (null ones are skipped) in place. */
export function sortRowsByDelay(
  rows: Uint32Array,
  delays: Uint32Array,
  lists: readonly (Uint32Array | null)[],
): void {
  for (let r = 0; r + 1 < rows.length; r++) {
    const begin = rows[r] as number;
    const end = rows[r + 1] as number;
    const places = Array.from({ length: end - begin }, (_, k) => begin + k);
    places.sort((a, b) => (delays[a] as number) - (delays[b] as number));
    for (const list of lists) {
      if (list === null) continue;
      list.set(
        Uint32Array.from(places, (from) => list[from] as number),
        begin,
      );
    }
  }
}
