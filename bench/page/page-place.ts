/** Measuring in the page: one worker for each measurement, and what a page can say of the machine it is on. */
import { describeAdapter } from '../../src/index.ts';
import type { Job, Place } from '../jobs.ts';
import type { MeasureProgress } from '../measure.ts';
import type { FromMeasurer, Outcome, ToMeasurer } from '../protocol.ts';
import type { Machine } from '../record.ts';

export async function describePagePlace(): Promise<Place> {
  const found = await describeAdapter();
  return {
    cores: navigator.hardwareConcurrency,
    oneThreadBecause: crossOriginIsolated
      ? null
      : 'the page is not cross-origin isolated, so workers may not share memory',
    adapter: found?.description ?? null,
  };
}

/** A page is told little about the machine, and that is all that is recorded. */
export function describePageMachine(): Machine {
  const { deviceMemory } = navigator as Navigator & { readonly deviceMemory?: number };
  return {
    cpu: 'processor not named by the browser',
    cores: navigator.hardwareConcurrency,
    memory_bytes: deviceMemory === undefined ? null : deviceMemory * 2 ** 30,
    platform: navigator.platform || 'unknown',
    runtime: browserName(navigator.userAgent),
  };
}

/** "Chromium 141" and the like, from a user agent text. */
export function browserName(userAgent: string): string {
  const families = [
    [/Firefox\/(\d+)/, 'Firefox'],
    [/Edg\/(\d+)/, 'Edge'],
    [/Chrome\/(\d+)/, 'Chromium'],
    [/Version\/(\d+).*Safari/, 'Safari'],
  ] as const;
  for (const [pattern, name] of families) {
    const version = pattern.exec(userAgent)?.[1];
    if (version !== undefined) return `${name} ${version}`;
  }
  return 'Browser';
}

/** Measures in a worker of its own. Never rejects: what goes wrong is a reason. */
export function measureInWorker(
  job: Job,
  signal: AbortSignal,
  onProgress: (progress: MeasureProgress) => void,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    const tell = (message: ToMeasurer) => worker.postMessage(message);
    const cancel = () => tell({ kind: 'cancel' });
    const end = (outcome: Outcome) => {
      signal.removeEventListener('abort', cancel);
      worker.terminate();
      resolve(outcome);
    };
    worker.onmessage = ({ data }: MessageEvent<FromMeasurer>) => {
      if (data.kind === 'progress') onProgress(data.progress);
      else end(data.kind === 'done' ? { measured: data.measured } : { reason: data.reason });
    };
    worker.onerror = (event) => end({ reason: event.message || 'its worker did not start' });
    signal.addEventListener('abort', cancel);
    tell({ kind: 'job', job, dataFolder: null });
    if (signal.aborted) cancel();
  });
}
