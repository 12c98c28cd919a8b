/** The page's measurer: one worker makes one measurement, as measure-process.ts does in Node. */
import { type MeasureProgress, measure, type Probe } from '../measure.ts';
import { type FromMeasurer, reasonOf, type ToMeasurer } from '../protocol.ts';
import { documentOf } from '../workloads.ts';

const send = (message: FromMeasurer): void => self.postMessage(message);

/** A page sees neither processor time nor the memory of its process. */
const probe: Probe = { processorSeconds: () => null, memoryBytes: () => null };

const stop = new AbortController();

async function perform(message: Extract<ToMeasurer, { kind: 'job' }>): Promise<FromMeasurer> {
  const { job } = message;
  const onProgress = (progress: MeasureProgress) => send({ kind: 'progress', progress });
  try {
    const document = await documentOf(job.workload, null);
    const measured = await measure({ document, job, probe, signal: stop.signal, onProgress });
    return { kind: 'done', measured };
  } catch (error) {
    return { kind: 'failed', reason: reasonOf(error) };
  }
}

self.onmessage = async ({ data }: MessageEvent<ToMeasurer>) => {
  if (data.kind === 'cancel') stop.abort();
  else send(await perform(data));
};
