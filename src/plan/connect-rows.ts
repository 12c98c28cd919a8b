/**
 * Rules that make one row at a time: given a source, its targets, from words of that row alone. What each rule draws is
 * in the scheme at the top of connect.ts; here it is carried out.
 */
import type { Targets } from './columns.ts';
import type { Ends } from './connect.ts';
import { type DrawKey, fillRowWords, RowWords, spread } from './draws.ts';
import { type GapTable, gapOf } from './gaps.ts';
import type { PairRule } from './pairs.ts';

/** Makes rows. Rows may be made in any order, again, or alone. */
export interface RowMaker {
  /** Most targets that a row can have. */
  readonly longest: number;
  /** Length of a row where it is known without making it. */
  readonly lengthOf: ((row: number) => number) | null;
  /** Writes the targets of a row to `out` from place `at` on and returns their number. */
  make(row: number, out: Targets, at: number): number;
}

/** Index among the targets of source `row` itself; outside 0 … targetCount-1 when it is not among them. */
export const selfTarget = (row: number, ends: Ends): number =>
  ends.sourceFirst + row - ends.targetFirst;

/** Whether source `row` is among the targets. */
export function meetsItself(row: number, ends: Ends): boolean {
  const self = selfTarget(row, ends);
  return self >= 0 && self < ends.targetCount;
}

/** Every target, but the source itself where autapses are not wanted. */
export function allRows(ends: Ends, autapses: boolean): RowMaker {
  const { targetCount } = ends;
  return {
    longest: targetCount,
    lengthOf: (row) => targetCount - (autapses || !meetsItself(row, ends) ? 0 : 1),
    make(row, out, at) {
      const self = autapses ? -1 : selfTarget(row, ends);
      let place = at;
      for (let post = 0; post < targetCount; post++) if (post !== self) out[place++] = post;
      return place - at;
    },
  };
}

/** Target number r of row r. */
export function equalRows(ends: Ends, autapses: boolean): RowMaker {
  const lengthOf = (row: number): number => (autapses || selfTarget(row, ends) !== row ? 1 : 0);
  return {
    longest: 1,
    lengthOf,
    make(row, out, at) {
      if (lengthOf(row) === 0) return 0;
      out[at] = row;
      return 1;
    },
  };
}

/** Every target with the same probability. */
export function sparseRows(table: GapTable, ends: Ends, autapses: boolean, key: DrawKey): RowMaker {
  const words = new RowWords(key);
  const { targetCount } = ends;
  const { length } = table;
  return {
    longest: targetCount,
    lengthOf: null,
    make(row, out, at) {
      const self = autapses ? -1 : selfTarget(row, ends);
      let place = at;
      let post = 0;
      words.start(row);
      while (post < targetCount) {
        const gap = gapOf(table, words.next());
        post += gap;
        if (gap === length) continue;
        if (post >= targetCount) break;
        if (post !== self) out[place++] = post;
        post++;
      }
      return place - at;
    },
  };
}

/** Rows of given lengths, targets drawn with replacement. */
export function drawnRows(
  lengthOf: (row: number) => number,
  longest: number,
  ends: Ends,
  autapses: boolean,
  key: DrawKey,
): RowMaker {
  const words = new Uint32Array(4 * Math.ceil(longest / 4));
  return {
    longest,
    lengthOf,
    make(row, out, at) {
      const length = lengthOf(row);
      fillRowWords(words, 0, row, 0, Math.ceil(length / 4), key);
      const self = autapses || !meetsItself(row, ends) ? -1 : selfTarget(row, ends);
      const width = self < 0 ? ends.targetCount : ends.targetCount - 1;
      for (let k = 0; k < length; k++) {
        const post = spread(words[k] as number, width);
        out[at + k] = self >= 0 && post >= self ? post + 1 : post;
      }
      return length;
    },
  };
}

/** Rows of given lengths, targets different. */
export function distinctRows(
  lengthOf: (row: number) => number,
  longest: number,
  ends: Ends,
  autapses: boolean,
  key: DrawKey,
): RowMaker {
  const choice = new DistinctChoice(ends.targetCount, key);
  return {
    longest,
    lengthOf,
    make(row, out, at) {
      const length = lengthOf(row);
      const self = autapses || !meetsItself(row, ends) ? -1 : selfTarget(row, ends);
      choice.choose(row, length, ends.targetCount, self, out, at);
      return length;
    },
  };
}

/** Chooses different numbers below a width, all sets with equal probability. */
export class DistinctChoice {
  readonly #words: RowWords;
  /** Turn in which a number was last chosen. */
  readonly #chosen: Uint32Array;
  #turn = 0;

  constructor(width: number, key: DrawKey) {
    this.#words = new RowWords(key);
    this.#chosen = new Uint32Array(width);
  }

  /**
   * Writes `count` different numbers of 0 … width-1, without `self` (-1: none), to `out`. Draws again what was drawn
   * before; where more than half are wanted it draws those that are left out, and lists the others in order.
   */
  choose(row: number, count: number, width: number, self: number, out: Targets, at: number): void {
    const allowed = self < 0 ? width : width - 1;
    const leavesOut = 2 * count > allowed;
    const draws = leavesOut ? allowed - count : count;
    const chosen = this.#chosen;
    const turn = ++this.#turn;
    this.#words.start(row);
    for (let k = 0; k < draws; k++) {
      let number: number;
      do {
        const drawn = spread(this.#words.next(), allowed);
        number = self >= 0 && drawn >= self ? drawn + 1 : drawn;
      } while (chosen[number] === turn);
      chosen[number] = turn;
      if (!leavesOut) out[at + k] = number;
    }
    if (!leavesOut) return;
    let place = at;
    for (let number = 0; number < width; number++) {
      if (number !== self && chosen[number] !== turn) out[place++] = number;
    }
  }
}

/** The k nearest targets on a ring, each moved elsewhere with probability p (Watts & Strogatz). */
export function ringRows(
  k: number,
  p: number,
  ends: Ends,
  autapses: boolean,
  key: DrawKey,
): RowMaker {
  const words = new RowWords(key);
  const { targetCount } = ends;
  const taken = new Uint32Array(targetCount);
  let turn = 0;
  return {
    longest: k,
    lengthOf: () => k,
    make(row, out, at) {
      turn++;
      for (let e = 0; e < k; e++) {
        const distance = (e >>> 1) + 1;
        const post = row + ((e & 1) === 0 ? distance : targetCount - distance);
        out[at + e] = post % targetCount;
        taken[post % targetCount] = turn;
      }
      const self = autapses ? -1 : selfTarget(row, ends);
      words.start(row);
      for (let e = 0; e < k; e++) {
        if (!isBelow(words.next(), p)) continue;
        let post: number;
        do post = spread(words.next(), targetCount);
        while (taken[post] === turn || post === self);
        taken[out[at + e] as number] = 0;
        taken[post] = turn;
        out[at + e] = post;
      }
      return k;
    },
  };
}

/** Whether the uniform number of 24 bits that a word stands for is below p. */
export const isBelow = (word: number, p: number): boolean => (word >>> 8) * 2 ** -24 < p;

/**
 * Every pair with a probability of its own. Where bounds are known, words come first, and most pairs are gone before their
 * probability is asked for: what a bound rules out, the probability would.
 */
export function pairRows(
  { probability, bounds }: PairRule,
  ends: Ends,
  autapses: boolean,
  key: DrawKey,
): RowMaker {
  const { targetCount } = ends;
  const most = bounds?.most ?? Number.POSITIVE_INFINITY;
  const words = new Uint32Array(4 * Math.ceil(targetCount / 4));
  // Words are drawn where they are needed, or all at once where all are.
  const drawn = new Int32Array(words.length / 4).fill(-1);
  const draw = (row: number, post: number): number => {
    const block = post >>> 2;
    if (drawn[block] !== row) {
      fillRowWords(words, 4 * block, row, block, 1, key);
      drawn[block] = row;
    }
    return words[post] as number;
  };
  const isPair = (row: number, post: number): boolean => {
    const p = probability(row, post);
    return p > 0 && (p >= 1 || isBelow(draw(row, post), p));
  };
  const canBe = (row: number, post: number): boolean => {
    if (bounds === null) return true;
    const bound = bounds.of(post);
    return bound > 0 && (bound >= 1 || isBelow(draw(row, post), bound));
  };
  return {
    longest: targetCount,
    lengthOf: null,
    make(row, out, at) {
      const self = autapses ? -1 : selfTarget(row, ends);
      const isDrawn = most < 1;
      if (isDrawn) {
        fillRowWords(words, 0, row, 0, words.length / 4, key);
        drawn.fill(row);
      }
      bounds?.start(row);
      let place = at;
      for (let post = 0; post < targetCount; post++) {
        if (post === self || (isDrawn && !isBelow(words[post] as number, most))) continue;
        if (canBe(row, post) && isPair(row, post)) out[place++] = post;
      }
      return place - at;
    },
  };
}
