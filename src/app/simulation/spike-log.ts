/**
 * The last spikes of the run, for statistics, responders and pictures: pieces that are allocated as spikes come, the
 * oldest let go and counted. Not the library's recording, which keeps everything: a page may run for hours.
 */

/** Spikes in order of step; views into the log, valid until the next `add`. */
export interface SpikeSlice {
  readonly steps: Uint32Array;
  readonly neurons: Uint32Array;
}

export interface SpikeLog {
  /** Spikes in order of step, none before those that were added last. Copies them. */
  add(steps: Uint32Array, neurons: Uint32Array): void;
  /** Those of steps from … to-1, in order; found by bisection. */
  slices(from: number, to: number): SpikeSlice[];
  /** Spikes are numbered in order from the start of the run: the number of the first of this step or later. */
  numberAt(step: number): number;
  /** Those numbered from … to-1, as far as they are kept, in order. */
  numbered(from: number, to: number): SpikeSlice[];
  /** As slices, in one copy of its own. */
  copy(from: number, to: number): { steps: Uint32Array; neurons: Uint32Array };
  /** Spikes that were let go. */
  readonly dropped: number;
  /** All spikes of this step and later are here: where the run began, until something is dropped. */
  readonly keptFrom: number;
  readonly length: number;
}

interface Piece {
  readonly steps: Uint32Array;
  readonly neurons: Uint32Array;
  length: number;
}

/** Keeps at least `capacity` spikes, and at most a piece more; 8 bytes each. `began`: step at which the run begins. */
export function createSpikeLog(capacity = 10_000_000, pieceLength = 1 << 18, began = 0): SpikeLog {
  const pieces: Piece[] = [];
  let length = 0;
  let dropped = 0;
  let keptFrom = began;

  const room = (): Piece => {
    const last = pieces.at(-1);
    if (last !== undefined && last.length < pieceLength) return last;
    const oldest = pieces[0];
    if (oldest === undefined || length - oldest.length < capacity) {
      const fresh = newPiece(pieceLength);
      pieces.push(fresh);
      return fresh;
    }
    // The rest of its last step may be in the piece behind.
    keptFrom = (oldest.steps[oldest.length - 1] as number) + 1;
    dropped += oldest.length;
    length -= oldest.length;
    oldest.length = 0;
    pieces.shift();
    pieces.push(oldest);
    return oldest;
  };

  const slices = (from: number, to: number): SpikeSlice[] => {
    const found: SpikeSlice[] = [];
    for (const { steps, neurons, length: filled } of pieces) {
      if (filled === 0 || (steps[filled - 1] as number) < from) continue;
      if ((steps[0] as number) >= to) break;
      const begin = firstAtLeast(steps, filled, from);
      const end = firstAtLeast(steps, filled, to);
      if (end > begin) {
        found.push({ steps: steps.subarray(begin, end), neurons: neurons.subarray(begin, end) });
      }
    }
    return found;
  };

  const numberAt = (step: number): number => {
    let before = dropped;
    for (const { steps, length: filled } of pieces) {
      if (filled > 0 && (steps[filled - 1] as number) >= step) {
        return before + firstAtLeast(steps, filled, step);
      }
      before += filled;
    }
    return before;
  };

  const numbered = (from: number, to: number): SpikeSlice[] => {
    const found: SpikeSlice[] = [];
    // Every piece but the last is full.
    let index = Math.max(0, Math.floor((from - dropped) / pieceLength));
    for (let piece = pieces[index]; piece !== undefined; piece = pieces[++index]) {
      const first = dropped + index * pieceLength;
      const begin = Math.max(0, from - first);
      const end = Math.min(piece.length, to - first);
      if (end <= begin) break;
      const { steps, neurons } = piece;
      found.push({ steps: steps.subarray(begin, end), neurons: neurons.subarray(begin, end) });
    }
    return found;
  };

  return {
    numberAt,
    numbered,
    add(steps, neurons) {
      for (let taken = 0; taken < steps.length; ) {
        const piece = room();
        const some = Math.min(steps.length - taken, pieceLength - piece.length);
        piece.steps.set(steps.subarray(taken, taken + some), piece.length);
        piece.neurons.set(neurons.subarray(taken, taken + some), piece.length);
        piece.length += some;
        length += some;
        taken += some;
      }
    },
    slices,
    copy(from, to) {
      const parts = slices(from, to);
      const count = parts.reduce((sum, part) => sum + part.steps.length, 0);
      const steps = new Uint32Array(count);
      const neurons = new Uint32Array(count);
      let at = 0;
      for (const part of parts) {
        steps.set(part.steps, at);
        neurons.set(part.neurons, at);
        at += part.steps.length;
      }
      return { steps, neurons };
    },
    get dropped() {
      return dropped;
    },
    get keptFrom() {
      return keptFrom;
    },
    get length() {
      return length;
    },
  };
}

const newPiece = (length: number): Piece => ({
  steps: new Uint32Array(length),
  neurons: new Uint32Array(length),
  length: 0,
});

/** Index of the first of `length` ascending steps that is at least `step`; `length` when none is. */
function firstAtLeast(steps: Uint32Array, length: number, step: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((steps[middle] as number) < step) low = middle + 1;
    else high = middle;
  }
  return low;
}
