/**
 * The loop around an engine: batches of steps of about a fifth of a second, so that progress can be told, parameters
 * changed and runs stopped between them. Knows nothing of what is run.
 */

/** Wall time between progress calls, parameter changes and looks at the abort signal. */
const BATCH_MS = 200;

/** What is run. */
export interface BatchedRun {
  /** Steps of a window: batches are whole windows where they can be. */
  readonly windowSteps: number;
  /** Steps since creation. */
  step(): number;
  /** Runs at most so many more; resolves to the wall time of the steps in ms. */
  run(steps: number): Promise<number>;
}

/** Runs `steps` steps; calls back with the number done after each batch. Ends early after `signal`. */
export async function runInBatches(
  run: BatchedRun,
  steps: number,
  signal: AbortSignal | undefined,
  onBatch: (done: number) => void,
): Promise<void> {
  const first = run.step();
  const { windowSteps } = run;
  let batch = windowSteps * 4;
  let done = 0;
  while (done < steps && !signal?.aborted) {
    const elapsed = await run.run(Math.min(batch, steps - done));
    done = run.step() - first;
    const wanted = Math.min(4, BATCH_MS / Math.max(elapsed, 1)) * batch;
    batch = Math.max(1, Math.round(wanted / windowSteps)) * windowSteps;
    onBatch(done);
    // Lets signals, timers and other callers in; an engine that computes on this thread would never yield.
    if (done < steps) await new Promise((resolve) => setTimeout(resolve, 0));
  }
}
