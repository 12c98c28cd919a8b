/** What a program that drives the page may call: the same measurements, job by job. Set on the window by main.ts. */
import type { Job, Place } from '../jobs.ts';
import type { MeasureProgress } from '../measure.ts';
import type { Outcome } from '../protocol.ts';
import type { BenchRecord, Machine } from '../record.ts';
import { describePageMachine, describePagePlace, measureInWorker } from './page-place.ts';

export interface DrivenBench {
  describe(): Promise<{ readonly machine: Machine; readonly place: Place }>;
  /** Measures; progress goes to `window.benchProgress` where the driver has put one. */
  measure(job: Job): Promise<Outcome>;
  /** Ends the measurement under way in good order. */
  cancel(): void;
  /** Records of the run that somebody started on the page. */
  records(): readonly BenchRecord[];
}

declare global {
  interface Window {
    wetwareBench?: DrivenBench;
    benchProgress?: (progress: MeasureProgress) => void;
  }
}

export function makeDrivenBench(records: () => readonly BenchRecord[]): DrivenBench {
  let stop = new AbortController();
  return {
    describe: async () => ({ machine: describePageMachine(), place: await describePagePlace() }),
    measure(job) {
      stop = new AbortController();
      return measureInWorker(job, stop.signal, (progress) => window.benchProgress?.(progress));
    },
    cancel: () => stop.abort(),
    records,
  };
}
