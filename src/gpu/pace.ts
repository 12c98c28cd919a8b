/**
 * How many windows a submit should have: long enough to be worth a submit, short enough to leave the GPU to others in
 * between. Learns from how long batches took; knows nothing of what they do.
 *
 * What the host can measure is not GPU time: it hears of the end of a batch a millisecond later, or, in a browser on a
 * busy machine, now and then a tenth of a second. Taken for GPU time that would make batches shorter, hence more of
 * them, hence slower. The time from submit to news is never less than the work, so the least of the last few batches
 * says most about it.
 */

/** GPU time of a submit that is aimed at, well below the 50 ms that it should not exceed. */
const TARGET_MS = 25;
/** A batch grows at most by this factor, so that a wrong guess does no harm. */
const LARGEST_GROWTH = 4;
/** Batches that are remembered: so long it may take to notice that windows have become slower. */
const MEMORY = 8;

export class Pace {
  /** Windows that the next batch should have. */
  windows = 1;
  /** GPU time of a window as far as known, ms; 0 at the start. */
  msPerWindow = 0;

  readonly #most: number;
  readonly #recent: number[] = [];

  /** `most`: the most windows that a batch can have. */
  constructor(most: number) {
    this.#most = most;
  }

  /**
   * A batch of that many windows was known to be done `ms` after its submit, when `before` windows of an earlier batch
   * were not yet known to be done. They may have been, so that the time of a window is underestimated by half at worst.
   */
  learn(windows: number, before: number, ms: number): void {
    this.#recent.push(ms / (windows + before));
    if (this.#recent.length > MEMORY) this.#recent.shift();
    this.msPerWindow = Math.max(1e-4, Math.min(...this.#recent));
    const wanted = Math.floor(TARGET_MS / this.msPerWindow);
    // The last batch of a run is cut short and says little about what has been tried.
    const tried = Math.max(windows, this.windows);
    this.windows = Math.max(1, Math.min(this.#most, wanted, LARGEST_GROWTH * tried));
  }
}
