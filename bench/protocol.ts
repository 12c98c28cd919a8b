/** What the bench and a measurer say to each other: a process in Node, a worker in the page. Plain data both ways. */
import type { Job } from './jobs.ts';
import type { Measured, MeasureProgress } from './measure.ts';

export type ToMeasurer =
  /** `dataFolder`: where examples find their data files; null where there are no files. */
  | { readonly kind: 'job'; readonly job: Job; readonly dataFolder: string | null }
  | { readonly kind: 'cancel' };

export type FromMeasurer =
  | { readonly kind: 'progress'; readonly progress: MeasureProgress }
  /** null: cancelled before anything was complete. */
  | { readonly kind: 'done'; readonly measured: Measured | null }
  | { readonly kind: 'failed'; readonly reason: string };

/** What a measurement came to; `measured` null: cancelled before anything was complete. */
export type Outcome =
  | { readonly measured: Measured | null }
  /** It could not be measured, and why. */
  | { readonly reason: string };

/** Why something was not measured, in one line. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/\s+/g, ' ').trim() : String(error);
}
