/**
 * Orders of synapses other than that of their making: by target, and inside rows by delay. Makes no synapses.
 */

/** Whole numbers of synapses in as few bytes as they need. */
export type Words = Uint8Array | Uint16Array | Uint32Array;

/** Indices of targets, in half words where all of them fit. */
export type Targets = Uint16Array | Uint32Array;

/** Columns of a projection: the same synapses sorted by target. */
export interface Columns {
  /** Offsets of columns, targetCount + 1. */
  readonly offsets: Uint32Array;
  /** Entry k: source index, synapse number; two words each, inside a column in order of synapse number. */
  readonly entries: Uint32Array;
}

/** Sorts synapses by target, `entries` into `out` (2 words per synapse). `targets` are plain indices, row by row. */
export function columnsOf(
  rows: Uint32Array,
  targets: Targets,
  targetCount: number,
  out: Uint32Array = new Uint32Array(targets.length * 2),
): Columns {
  const offsets = inDegrees(targets, targetCount, 1);
  for (let c = 0; c < targetCount; c++) {
    offsets[c + 1] = (offsets[c + 1] as number) + (offsets[c] as number);
  }
  const cursor = offsets.slice(0, targetCount);
  for (let pre = 0; pre + 1 < rows.length; pre++) {
    const end = rows[pre + 1] as number;
    for (let e = rows[pre] as number; e < end; e++) {
      const post = targets[e] as number;
      const at = cursor[post] as number;
      cursor[post] = at + 1;
      out[2 * at] = pre;
      out[2 * at + 1] = e;
    }
  }
  return { offsets, entries: out };
}

/** Number of synapses onto each target; `shift` leading zeros. */
export function inDegrees(targets: Targets, targetCount: number, shift = 0): Uint32Array {
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
  delays: Words,
  lists: readonly (Words | null)[],
): void {
  const longest = longestRow(rows);
  const keys = new Float64Array(longest);
  const moved = new Uint32Array(longest);
  for (let r = 0; r + 1 < rows.length; r++) {
    const begin = rows[r] as number;
    const length = (rows[r + 1] as number) - begin;
    if (length < 2) continue;
    // Delay and place in one number each, so that the numbers sort without a comparison function.
    for (let k = 0; k < length; k++) keys[k] = (delays[begin + k] as number) * 2 ** 32 + k;
    keys.subarray(0, length).sort();
    for (const list of lists) {
      if (list === null) continue;
      for (let k = 0; k < length; k++)
        moved[k] = list[begin + ((keys[k] as number) % 2 ** 32)] as number;
      for (let k = 0; k < length; k++) list[begin + k] = moved[k] as number;
    }
  }
}

/** Length of the longest row. */
export function longestRow(rows: Uint32Array): number {
  let longest = 0;
  for (let r = 0; r + 1 < rows.length; r++) {
    longest = Math.max(longest, (rows[r + 1] as number) - (rows[r] as number));
  }
  return longest;
}
