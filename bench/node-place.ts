/** Measuring in Node: one process for each measurement. Knows how to start, watch and end it; not what it measures. */
import { type ChildProcess, fork } from 'node:child_process';
import { describeAdapter } from '../src/index.ts';
import type { Job, Place } from './jobs.ts';
import type { MeasureProgress } from './measure.ts';
import type { FromMeasurer, Outcome, ToMeasurer } from './protocol.ts';
import type { Machine } from './record.ts';

/** What there is to measure on in Node. */
export async function describeNodePlace(machine: Machine): Promise<Place> {
  const found = await describeAdapter();
  return {
    cores: machine.cores,
    oneThreadBecause: null,
    adapter: found?.description ?? null,
  };
}

/** Measures in a process of its own. Never rejects: a process that dies is a reason. */
export function measureInProcess(
  script: string,
  job: Job,
  dataFolder: string | null,
  signal: AbortSignal,
  onProgress: (progress: MeasureProgress) => void,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = fork(script, [], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    const cancel = () => tell(child, { kind: 'cancel' });
    let errors = '';
    let outcome: Outcome | null = null;
    child.stderr?.on('data', (data: Buffer) => {
      errors = (errors + data.toString()).slice(-2000);
    });
    child.on('message', (message: FromMeasurer) => {
      if (message.kind === 'progress') onProgress(message.progress);
      else if (message.kind === 'done') outcome = { measured: message.measured };
      else outcome = { reason: message.reason };
    });
    child.on('error', (error) => {
      outcome ??= { reason: error.message };
    });
    child.on('close', (code, killedBy) => {
      signal.removeEventListener('abort', cancel);
      resolve(outcome ?? { reason: deathOf(code, killedBy, errors) });
    });
    signal.addEventListener('abort', cancel);
    tell(child, { kind: 'job', job, dataFolder });
    if (signal.aborted) cancel();
  });
}

function tell(child: ChildProcess, message: ToMeasurer): void {
  // A process that has gone is dealt with where it closes.
  if (child.connected) child.send(message, () => {});
}

function deathOf(code: number | null, killedBy: NodeJS.Signals | null, errors: string): string {
  const last = errors.trim().split('\n').at(-1) ?? '';
  if (killedBy !== null) return `its process was ended by ${killedBy}, perhaps for lack of memory`;
  return `its process ended with code ${code}${last === '' ? '' : `: ${last}`}`;
}
