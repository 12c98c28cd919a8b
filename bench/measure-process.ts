/**
 * The process that makes one measurement: fed a job by the bench, it answers with progress and a result. A process of
 * its own keeps memory figures clean, and a network that does not fit ends it and not the bench.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Job } from './jobs.ts';
import { type MeasureProgress, measure, type Probe } from './measure.ts';
import { type FromMeasurer, reasonOf, type ToMeasurer } from './protocol.ts';
import { documentOf } from './workloads.ts';

const probe: Probe = {
  processorSeconds() {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  },
  memoryBytes: () => ({
    now: process.memoryUsage.rss(),
    peak: process.resourceUsage().maxRSS * 1024,
  }),
};

const stop = new AbortController();

function send(message: FromMeasurer): Promise<void> {
  return new Promise((resolve) => {
    if (process.send) process.send(message, () => resolve());
    else resolve();
  });
}

async function perform(job: Job, dataFolder: string | null): Promise<FromMeasurer> {
  try {
    const readText =
      dataFolder === null ? null : (file: string) => readFile(join(dataFolder, file), 'utf8');
    const document = await documentOf(job.workload, readText);
    const onProgress = (progress: MeasureProgress) => void send({ kind: 'progress', progress });
    const measured = await measure({ document, job, probe, signal: stop.signal, onProgress });
    return { kind: 'done', measured };
  } catch (error) {
    return { kind: 'failed', reason: reasonOf(error) };
  }
}

process.on('message', async (message: ToMeasurer) => {
  if (message.kind === 'cancel') {
    stop.abort();
    return;
  }
  await send(await perform(message.job, message.dataFolder));
  process.exit();
});
// Ctrl-C reaches the whole group of processes; the bench decides what it means, and says so with "cancel".
process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit(1));
