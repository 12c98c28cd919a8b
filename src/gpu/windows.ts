/**
 * How a batch of steps is divided into windows: of W steps each, but none goes on beyond the end of an interval of a
 * field. Numbers only; allocates nothing while it runs.
 */
import type { Plan } from '../plan/plan.ts';
import { untilFields } from '../plan/schedule.ts';
import { MOST_WINDOWS, type RunShape } from './shape.ts';

export class BatchWindows {
  /** Windows of the batch. */
  count = 0;
  /** First step of each window, counted from that of the batch. */
  readonly offsets = new Uint32Array(MOST_WINDOWS);
  /** Steps that each may have; the last one of a run ends before. */
  readonly lengths = new Uint32Array(MOST_WINDOWS);
  readonly #fields: Plan['fields'];
  readonly #shape: RunShape;

  constructor({ fields }: Plan, shape: RunShape) {
    this.#fields = fields;
    this.#shape = shape;
    for (let index = 0; index < MOST_WINDOWS; index++) {
      this.offsets[index] = index * shape.windowSteps;
      this.lengths[index] = shape.windowSteps;
    }
  }

  /** Whether windows differ from batch to batch: otherwise the numbers above are final. */
  get areCut(): boolean {
    return this.#fields.length > 0 && this.#shape.windowSteps > 1;
  }

  /** Divides a batch of at most `most` windows and returns the step at which it ends, at latest `end`. */
  layOut(firstStep: number, end: number, most: number): number {
    const { windowSteps, batchSteps } = this.#shape;
    const latest = Math.min(end, firstStep + batchSteps);
    let step = firstStep;
    this.count = 0;
    while (step < latest && this.count < most) {
      const length = Math.min(windowSteps, untilFields(this.#fields, step));
      this.offsets[this.count] = step - firstStep;
      this.lengths[this.count] = length;
      this.count++;
      step += length;
    }
    return Math.min(step, latest);
  }
}
