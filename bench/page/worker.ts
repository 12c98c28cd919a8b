/** The page's measurer: one worker makes one measurement, as measure-process.ts does in Node. */
import { type MeasureProgress, measure, type Probe } from '../measure.ts';
import { type FromMeasurer, reasonOf, type ToMeasurer } from '../protocol.ts';
import { documentOf } from '../workloads.ts';

/** The types of the page's window and of a worker's scope exclude each other; this file runs in a worker. */
const scope = self as unknown as {
  postMessage(message: FromMeasurer): void;
  onmessage: ((event: MessageEvent<ToMeasurer>) => void) | null;
};

/** A page sees neither processor time nor the memory of its process. */
const probe: Probe = { processorSeconds: () => null, memoryBytes: () => null };

const stop = new AbortController();

async function perform(message: Extract<ToMeasurer, { kind: 'job' }>): Promise<FromMeasurer> {
  const { job } = message;
  const onProgress = (progress: MeasureProgress) =>
    scope.postMessage({ kind: 'progress', progress });
  try {
    const document = await documentOf(job.workload, null);
    const measured = await measure({ document, job, probe, signal: stop.signal, onProgress });
    return { kind: 'done', measured };
  } catch (error) {
    return { kind: 'failed', reason: reasonOf(error) };
  }
}

scope.onmessage = async ({ data }) => {
  if (data.kind === 'cancel') stop.abort();
  else scope.postMessage(await perform(data));
};
