/**
 * Runs of plan cells in memory, and finding a cell in them. Knows nothing of what the cells are.
 */

/** A run of plan cells that is contiguous in memory. */
export interface Segment {
  readonly cell: number;
  readonly count: number;
  readonly address: number;
  readonly type: 'f32' | 'i32';
}

/** Index of the segment that holds the cell, or -1. */
export function findSegment(segments: readonly Segment[], cell: number): number {
  let low = 0;
  let high = segments.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((segments[middle]?.cell ?? 0) <= cell) low = middle + 1;
    else high = middle;
  }
  // Empty populations give segments of no cells at the same place.
  for (let index = low - 1; index >= 0; index--) {
    const segment = segments[index];
    if (segment && cell < segment.cell + segment.count) return index;
    if (segment && segment.count > 0) break;
  }
  return -1;
}

/** Address of a plan cell; of an empty population's, 0. */
export function addressOf(segments: readonly Segment[], cell: number, cellBytes: number): number {
  const segment = segments[findSegment(segments, cell)];
  return segment === undefined ? 0 : segment.address + (cell - segment.cell) * cellBytes;
}
