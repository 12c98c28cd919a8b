/**
 * Irregularity of spike trains as they arrive: mean and variance of the intervals of every neuron, kept up by Welford's
 * method, so that no spikes need be kept for it. 24 bytes per neuron.
 */
import type { Spikes } from './spikes.ts';

/** No spike yet; step numbers are below 2^31. */
const NEVER = 0xffffffff;

/** A tally as plain data, by neuron. */
export interface SavedTally {
  readonly last: Uint32Array;
  readonly counts: Uint32Array;
  readonly means: Float64Array;
  readonly squares: Float64Array;
}

/** Intervals of neurons 0 … size-1. */
export class IntervalTally {
  readonly #last: Uint32Array;
  /** Intervals so far. */
  readonly #counts: Uint32Array;
  readonly #means: Float64Array;
  /** Sums of squared deviations from the mean. */
  readonly #squares: Float64Array;

  constructor(size: number) {
    this.#last = new Uint32Array(size).fill(NEVER);
    this.#counts = new Uint32Array(size);
    this.#means = new Float64Array(size);
    this.#squares = new Float64Array(size);
  }

  /** Spikes in order of their steps. */
  append({ steps, neurons }: Spikes): void {
    for (let k = 0; k < steps.length; k++) {
      const neuron = neurons[k] as number;
      const step = steps[k] as number;
      const last = this.#last[neuron] as number;
      this.#last[neuron] = step;
      if (last === NEVER) continue;
      const count = (this.#counts[neuron] as number) + 1;
      const mean = this.#means[neuron] as number;
      const deviation = step - last - mean;
      const moved = mean + deviation / count;
      this.#counts[neuron] = count;
      this.#means[neuron] = moved;
      this.#squares[neuron] = (this.#squares[neuron] as number) + deviation * (step - last - moved);
    }
  }

  /**
   * Mean over neurons first … first+size-1 of the coefficient of variation of their intervals, see meanCvIsi; null when
   * none of them has two intervals.
   */
  meanCv(first: number, size: number): number | null {
    let sum = 0;
    let neurons = 0;
    for (let neuron = first; neuron < first + size; neuron++) {
      const count = this.#counts[neuron] as number;
      if (count < 2) continue;
      sum += Math.sqrt((this.#squares[neuron] as number) / count) / (this.#means[neuron] as number);
      neurons++;
    }
    return neurons > 0 ? sum / neurons : null;
  }

  /** What it has come to, as plain data. */
  save(): SavedTally {
    return {
      last: this.#last.slice(),
      counts: this.#counts.slice(),
      means: this.#means.slice(),
      squares: this.#squares.slice(),
    };
  }

  /** A tally that goes on from what another one has saved. Throws RangeError for what is none of so many neurons. */
  static from(size: number, { last, counts, means, squares }: SavedTally): IntervalTally {
    const isSound =
      [last, counts].every((list) => list instanceof Uint32Array && list.length === size) &&
      [means, squares].every((list) => list instanceof Float64Array && list.length === size);
    if (!isSound) throw new RangeError('These are no intervals of these neurons.');
    const tally = new IntervalTally(size);
    tally.#last.set(last);
    tally.#counts.set(counts);
    tally.#means.set(means);
    tally.#squares.set(squares);
    return tally;
  }

  /** A tally that goes on from here on its own. */
  copy(): IntervalTally {
    const other = new IntervalTally(this.#last.length);
    other.#last.set(this.#last);
    other.#counts.set(this.#counts);
    other.#means.set(this.#means);
    other.#squares.set(this.#squares);
    return other;
  }
}
