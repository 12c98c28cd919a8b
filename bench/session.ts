/**
 * One invocation of the bench: steps done one after the other, each giving a record, with progress, an estimate of what
 * is left, and an end that keeps what there is. Knows no engine and no file; what a step does is its own affair.
 */
import { describeEstimate } from './jobs.ts';
import type { BenchRecord } from './record.ts';

/** One measurement to be made. */
export interface Step {
  /** As measurementKey; steps whose key is among those done are passed over. */
  readonly key: string;
  readonly name: string;
  /** Seconds it takes, about. */
  readonly estimate: number;
  /** The record; null when it was cancelled before anything was complete. */
  run(signal: AbortSignal, onProgress: (text: string) => void): Promise<BenchRecord | null>;
}

export interface Observer {
  /** Something changed in the step under way. */
  progress(text: string): void;
  /** A step is done. */
  record(record: BenchRecord): void;
}

/** Does the steps until all are done or `signal` aborts; resolves to whether all are. Rejects when a step does. */
export async function runSteps(
  steps: readonly Step[],
  done: ReadonlySet<string>,
  signal: AbortSignal,
  observer: Observer,
): Promise<boolean> {
  const left = steps.filter(({ key }) => !done.has(key));
  const pace = new Pace(left);
  for (const [index, step] of left.entries()) {
    if (signal.aborted) return false;
    const place = `[${steps.length - left.length + index + 1}/${steps.length}] ${step.name}`;
    const show = (text: string): void =>
      observer.progress(`${place}${text === '' ? '' : `: ${text}`}, ${pace.left()} left`);
    show('');
    pace.begin(step);
    const record = await step.run(signal, show);
    pace.end();
    if (record !== null) observer.record(record);
    if (record === null) return false;
  }
  return !signal.aborted;
}

/** Compares estimates with what steps took, and scales what is left by it. */
class Pace {
  #left: number;
  #estimated = 0;
  #taken = 0;
  #current = 0;
  #began = 0;

  constructor(steps: readonly Step[]) {
    this.#left = steps.reduce((sum, { estimate }) => sum + estimate, 0);
  }

  begin({ estimate }: Step): void {
    this.#current = estimate;
    this.#began = performance.now();
  }

  end(): void {
    this.#left -= this.#current;
    this.#estimated += this.#current;
    this.#taken += (performance.now() - this.#began) / 1000;
    this.#current = 0;
  }

  left(): string {
    // The first steps are short, and mostly start-up: they count less than the table of estimates.
    const trust = 30;
    const factor = (this.#taken + trust) / (this.#estimated + trust);
    const gone = this.#current > 0 ? (performance.now() - this.#began) / 1000 : 0;
    return describeEstimate(Math.max(1, this.#left * factor - gone));
  }
}
