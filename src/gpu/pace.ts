/**
 * How many windows a submit should have: long enough to be worth a submit, short enough to leave the GPU to others in
 * between. Learns from how long batches took; knows nothing of what they do.
 *
 * What is measured is not GPU time: between the end of a batch and the moment when the host hears of it lie a
 * millisecond or a hundred (a browser on a busy machine). Taken for GPU time that would make batches shorter, hence
 * more of them, hence slower. So the delay is told from the work by a line through (windows, time).
 */

/** GPU time of a submit that is aimed at, and the longest, where a delay has to be outweighed. */
const TARGET_MS = 25;
const LONGEST_MS = 50;
/** Of a batch, its delay included: whatever part of it is work, nothing watches over a GPU that closely. */
const LONGEST_BATCH_MS = 200;
/** A batch grows or shrinks at most by this factor, so that a wrong guess does no harm. */
const LARGEST_CHANGE = 4;
/** Weight of what was measured before, per batch. */
const MEMORY = 0.8;
/** Batches at the start that double in length whatever they take, unless that is this long: lengths must differ to tell. */
const TRIALS = 3;
const LONGEST_TRIAL_MS = 250;

export class Pace {
  /** Windows that the next batch should have. */
  windows = 1;
  /** GPU time of a window, ms; 0 as long as nothing is known. */
  msPerWindow = 0;
  /** Part of a batch's time that does not depend on its length, ms. */
  delayMs = 0;

  readonly #most: number;
  #trials = 0;
  #weight = 0;
  #meanWindows = 0;
  #meanTime = 0;
  /** Variance of windows, and covariance of windows and time. */
  #variance = 0;
  #covariance = 0;

  /** `most`: the most windows that a batch can have. */
  constructor(most: number) {
    this.#most = most;
  }

  /**
   * A batch of that many windows took that long, counted from the end of the one before; or, with `isAtMost`, at most
   * that long: the host looked too late. Then half of it is assumed and all before forgotten, so that a wrong guess is
   * found out in a few batches.
   */
  learn(windows: number, measured: number, isAtMost = false): void {
    const ms = isAtMost ? measured / 2 : measured;
    if (isAtMost) this.#weight = 0;
    this.#weight = MEMORY * this.#weight + 1;
    const share = 1 / this.#weight;
    const fromWindows = windows - this.#meanWindows;
    const fromTime = ms - this.#meanTime;
    this.#meanWindows += share * fromWindows;
    this.#meanTime += share * fromTime;
    const rest = 1 - share;
    this.#variance = rest * (this.#variance + share * fromWindows * fromWindows);
    this.#covariance = rest * (this.#covariance + share * fromWindows * fromTime);
    // Batches of nearly one length say nothing about the delay, which is then left as it was.
    if (this.#variance > (0.1 * this.#meanWindows) ** 2) {
      const slope = Math.max(0, this.#covariance / this.#variance);
      this.delayMs = Math.max(0, this.#meanTime - slope * this.#meanWindows);
    }
    const work = Math.max(0.02 * this.#meanTime, this.#meanTime - this.delayMs);
    this.msPerWindow = work / this.#meanWindows;
    const target = Math.min(LONGEST_MS, Math.max(TARGET_MS, this.delayMs));
    const safe = (LONGEST_BATCH_MS * this.#meanWindows) / this.#meanTime;
    const wanted = Math.floor(Math.min(safe, target / this.msPerWindow));
    if (this.#trials++ < TRIALS && ms < LONGEST_TRIAL_MS && wanted < 2 * windows) {
      this.windows = Math.min(this.#most, 2 * windows);
      return;
    }
    // The last batch of a run is cut short, so the mean says better what has been tried.
    const most = Math.ceil(LARGEST_CHANGE * Math.max(windows, this.#meanWindows));
    const least = Math.ceil(windows / LARGEST_CHANGE);
    this.windows = Math.min(this.#most, Math.max(1, least, Math.min(wanted, most)));
  }
}
