/**
 * What the records say, in plain sentences: for each network, which engine was how much faster on this machine, and
 * whether it kept up with real time. Says nothing that the figures do not; a software adapter is never called a GPU.
 */
import { groupBy, isPeer, isSoftware, placeOf } from '../compare.ts';
import type { MeasurementRecord } from '../record.ts';

/** One sentence or two per network that was measured on our engines, in order. */
export function readingOf(records: readonly MeasurementRecord[]): string[] {
  const own = records.filter((record) => !isPeer(record));
  return groupBy(
    own,
    (record) => `${record.run.id} ${placeOf(record)} ${record.workload.name}`,
  ).map(([, group]) => sentence(group));
}

function sentence(records: readonly MeasurementRecord[]): string {
  const cpu = fastest(records.filter(({ engine }) => engine.kind === 'cpu'));
  const gpu = fastest(records.filter(({ engine }) => engine.kind === 'gpu'));
  const name = records[0]?.workload.name ?? '';
  if (cpu && gpu) return `${name}: ${compared(cpu, gpu)}`;
  const only = cpu ?? gpu;
  return only ? `${name}: ${kept(only)}` : name;
}

const fastest = (records: readonly MeasurementRecord[]): MeasurementRecord | null =>
  records.reduce<MeasurementRecord | null>(
    (best, one) =>
      best === null || one.metrics.realtime_factor < best.metrics.realtime_factor ? one : best,
    null,
  );

/** "the CPU engine (2 threads)", "WebGPU on a software adapter", "the GPU". */
function nameOf(record: MeasurementRecord): string {
  const { engine } = record;
  if (engine.kind === 'gpu') return isSoftware(record) ? 'WebGPU in software' : 'the GPU';
  const threads = engine.threads ?? 1;
  return `the CPU (${threads === 1 ? 'one thread' : `${threads} threads`})`;
}

function compared(cpu: MeasurementRecord, gpu: MeasurementRecord): string {
  const ratio = cpu.metrics.realtime_factor / gpu.metrics.realtime_factor;
  const [winner, loser] = ratio >= 1 ? [gpu, cpu] : [cpu, gpu];
  const times = Math.max(ratio, 1 / ratio);
  const what =
    times < 1.1
      ? `${nameOf(cpu)} and ${nameOf(gpu)} are equally fast`
      : `${nameOf(winner)} is ${rounded(times)} times as fast as ${nameOf(loser)}`;
  const note = isSoftware(gpu)
    ? ' There is no GPU here: its driver computes on the processor, so this tells nothing of a GPU.'
    : '';
  return `${what}; ${kept(winner)}${note}`;
}

/** Against real time. */
function kept(record: MeasurementRecord): string {
  const factor = record.metrics.realtime_factor;
  const time = factor <= 1 ? 1 / factor : factor;
  const word =
    time < 1.05
      ? 'as fast as real time'
      : `${rounded(time)} times ${factor < 1 ? 'faster' : 'slower'} than real time`;
  return `${nameOf(record)} runs it ${word}.`;
}

const rounded = (value: number): string =>
  value < 10 ? value.toFixed(1) : String(Math.round(value));
