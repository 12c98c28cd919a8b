/**
 * Moments of the run to go on from in another worker: on demand, and by themselves every few seconds where the device may
 * be lost. What is inside is the library's; here is when they are taken and what they may cost.
 */
import type { NetworkDocument, PortableCheckpoint as RunState, Simulation } from '../../index.ts';
import type { PortableCheckpoint } from './protocol.ts';

/** Between two of them, wall ms, at least; and at most this share of the time is spent on them. */
const LEAST_MS = 3000;
const MOST_SHARE = 0.05;
/** Larger ones are not taken by themselves: the page has to hold them, and so has the worker that goes on. */
const MOST_BYTES = 256e6;

/** What a checkpoint of the page holds: the state, and the document of which it is the state. */
export interface CheckpointData {
  readonly state: RunState;
  /** As it was built, lists by reference. Parameters that were changed since are in the state. */
  readonly document: NetworkDocument;
}

export interface Checkpoints {
  /** The last one that was taken by itself; null before, and on the CPU, which is not lost. */
  readonly last: PortableCheckpoint | null;
  take(): Promise<PortableCheckpoint>;
  /** After a piece of the run. */
  piece(): Promise<void>;
}

export function createCheckpoints(
  simulation: Pick<Simulation, 'engine' | 'exportCheckpoint'>,
  document: NetworkDocument,
): Checkpoints {
  let last: PortableCheckpoint | null = null;
  let nextAt = performance.now() + LEAST_MS;
  const take = async (): Promise<PortableCheckpoint> => {
    const state = await simulation.exportCheckpoint();
    return { step: state.step, data: { state, document } satisfies CheckpointData };
  };
  return {
    get last() {
      return last;
    },
    take,
    async piece() {
      const began = performance.now();
      if (simulation.engine !== 'gpu' || began < nextAt) return;
      const taken = await take();
      const cost = performance.now() - began;
      const isTooLarge = bytesOf(taken) > MOST_BYTES;
      last = isTooLarge ? null : taken;
      nextAt = isTooLarge
        ? Number.POSITIVE_INFINITY
        : performance.now() + Math.max(LEAST_MS, cost / MOST_SHARE);
    },
  };
}

/** What is in a checkpoint; null for something else. */
export function checkpointData(checkpoint: PortableCheckpoint | undefined): CheckpointData | null {
  const data = checkpoint?.data as Partial<CheckpointData> | null | undefined;
  return data?.state && data.document ? { state: data.state, document: data.document } : null;
}

/** Bytes of the arrays in plain data. */
export function bytesOf(value: unknown): number {
  if (ArrayBuffer.isView(value)) return value.byteLength;
  if (value instanceof ArrayBuffer) return value.byteLength;
  if (typeof value !== 'object' || value === null) return 0;
  const parts = value instanceof Map ? value.values() : Object.values(value);
  let sum = 0;
  for (const part of parts) sum += bytesOf(part);
  return sum;
}
