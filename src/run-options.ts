/** What may be asked of a run while it is under way, and how it tells where it stands. Runs nothing. */
import { describeValue } from './language/argument.ts';
import { checkOptions } from './recording/check.ts';

/** Where a run stands, as told to `onProgress` between batches. */
export interface RunProgress {
  /** Steps since the simulation was created. */
  readonly step: number;
  /** Simulated time since then. */
  readonly timeMs: number;
  /** Part of this run that is done, 0…1. */
  readonly fraction: number;
  /** Wall time of this run so far. */
  readonly wallMs: number;
  /** Spikes of recorded populations so far. */
  readonly spikes: number;
}

/** What may be done while run() is under way. */
export interface RunOptions {
  /** Called a few times a second, and once at the end. */
  readonly onProgress?: (progress: RunProgress) => void;
  /** Stops the run at the next batch; run() then resolves, and `step` tells how far it came. */
  readonly signal?: AbortSignal;
}

/** Throws RangeError or TypeError for what is no option of a run. */
export function checkRunOptions(options: RunOptions): void {
  checkOptions(options, 'run: options', ['onProgress', 'signal']);
  const { onProgress, signal } = options;
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw new TypeError(`run: onProgress must be a function, got ${describeValue(onProgress)}.`);
  }
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new TypeError(`run: signal must be an AbortSignal, got ${describeValue(signal)}.`);
  }
}
