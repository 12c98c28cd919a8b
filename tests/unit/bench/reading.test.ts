/** Results in words: who was faster, by how much, and when that says nothing of a GPU. */
import { expect, it } from 'vitest';
import type { MeasurementRecord } from '../../../bench/record.ts';
import { readingOf } from '../../../bench/report/reading.ts';
import { GPU, measured, SOFTWARE } from './recorded.ts';

function record(kind: 'cpu' | 'gpu', factor: number, change: object = {}): MeasurementRecord {
  const base = measured();
  return {
    ...base,
    engine: {
      ...base.engine,
      kind,
      threads: kind === 'cpu' ? 1 : null,
      adapter: kind === 'gpu' ? GPU : null,
      ...change,
    },
    metrics: { ...base.metrics, realtime_factor: factor },
  };
}

const name = measured().workload.name;

it.each([
  [
    [record('cpu', 0.5), record('gpu', 0.05)],
    `${name}: the GPU is 10 times as fast as the CPU (one thread); the GPU runs it 20 times faster than real time.`,
  ],
  [
    [record('cpu', 2), record('cpu', 1.25, { threads: 2 }), record('gpu', 1.3)],
    `${name}: the CPU (2 threads) and the GPU are equally fast; the CPU (2 threads) runs it 1.3 times slower than real time.`,
  ],
  [
    [record('cpu', 1), record('gpu', 4, { adapter: SOFTWARE })],
    `${name}: the CPU (one thread) is 4.0 times as fast as WebGPU in software; the CPU (one thread) runs it as fast as real time. There is no GPU here: its driver computes on the processor, so this tells nothing of a GPU.`,
  ],
  [[record('cpu', 0.2)], `${name}: the CPU (one thread) runs it 5.0 times faster than real time.`],
])('%#', (records, text) => {
  expect(readingOf(records)).toEqual([text]);
});

it('leaves other simulators to the charts, and keeps runs apart', () => {
  const own = record('cpu', 0.2);
  const peer = { ...own, simulator: { ...own.simulator, name: 'Brian 2' } };
  const later = { ...own, run: { ...own.run, id: 'later' } };
  expect(readingOf([own, peer, later])).toHaveLength(2);
});
