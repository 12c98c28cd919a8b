/**
 * What may be said of records side by side: names of engines, ratios, curves over sizes and threads. Two rules hold
 * everywhere: a ratio is made of records of one run on one machine, and a software adapter is neither called a GPU nor
 * compared as one.
 */
import type { BenchRecord, MeasurementRecord, SkippedRecord } from './record.ts';
import { ratioOf } from './statistics.ts';

export const isMeasurement = (record: BenchRecord): record is MeasurementRecord =>
  record.kind === 'measurement';

export const isSkipped = (record: BenchRecord): record is SkippedRecord =>
  record.kind === 'skipped';

export const isSoftware = ({ engine }: Pick<BenchRecord, 'engine'>): boolean =>
  engine.adapter?.isFallback === true;

export const isPeer = ({ simulator }: Pick<BenchRecord, 'simulator'>): boolean =>
  simulator.name !== 'wetware';

/** "Node", "Chromium": the first word of the runtime. */
export const placeOf = ({ machine }: Pick<BenchRecord, 'machine'>): string =>
  machine.runtime.split(' ')[0] ?? '';

/** What ran, without the way its synapses exist: "CPU, 2 threads", "GPU: NVIDIA …", "WebGPU in software: llvmpipe". */
export function engineName({
  engine,
  simulator,
}: Pick<BenchRecord, 'engine' | 'simulator'>): string {
  const { kind, threads, adapter } = engine;
  const owner = simulator.name === 'wetware' ? '' : `${simulator.name}, `;
  if (kind === 'cpu') {
    return `${owner}${owner === '' ? 'CPU, ' : ''}${threads ?? 1} ${(threads ?? 1) === 1 ? 'thread' : 'threads'}`;
  }
  const words = [adapter?.vendor, adapter?.architecture].filter((word) => word);
  const name = adapter?.description || words.join(' ') || 'unnamed adapter';
  return `${owner}${adapter?.isFallback === true ? 'WebGPU in software' : 'GPU'}: ${name}`;
}

/** As engineName, with the way synapses exist and the browser where that is the place. */
export function variantName(record: BenchRecord): string {
  const { synapses } = record.engine;
  const way = synapses === null || synapses === 'auto' ? '' : `, ${synapses}`;
  const place = isPeer(record) || placeOf(record) === 'Node' ? '' : `, ${placeOf(record)}`;
  return `${engineName(record)}${way}${place}`;
}

/** One of our measurements beside one of a peer's, of the same network in the same run. */
export interface Ratio {
  readonly workload: string;
  readonly ours: MeasurementRecord;
  readonly peer: MeasurementRecord;
  /** How many times as fast as the peer ours is; min and max are the widest that the repetitions allow. */
  readonly speedup: { readonly median: number; readonly min: number; readonly max: number };
}

/**
 * All ratios that are fair: same run, same workload and simulated time, no software adapters. One thread is set beside
 * one thread and all beside all; a GPU beside the peer's fastest.
 */
export function ratiosOf(records: readonly BenchRecord[]): Ratio[] {
  const measured = records.filter(isMeasurement).filter((record) => !isSoftware(record));
  const peers = measured.filter(isPeer);
  return measured
    .filter((record) => !isPeer(record))
    .flatMap((ours) =>
      opponentsOf(ours, peers).map((peer) => ({
        workload: ours.workload.name,
        ours,
        peer,
        speedup: ratioOf(peer.phases.simulate_s, ours.phases.simulate_s),
      })),
    );
}

function opponentsOf(
  ours: MeasurementRecord,
  peers: readonly MeasurementRecord[],
): MeasurementRecord[] {
  const same = peers.filter(
    (peer) =>
      peer.run.id === ours.run.id &&
      peer.workload.name === ours.workload.name &&
      peer.network.duration_ms === ours.network.duration_ms &&
      peer.network.settle_ms === ours.network.settle_ms,
  );
  if (ours.engine.kind === 'cpu') {
    return same.filter(
      ({ engine }) => engine.kind === 'cpu' && engine.threads === ours.engine.threads,
    );
  }
  const names = new Set(same.map(({ simulator }) => simulator.name));
  return [...names].flatMap((name) => {
    const own = same.filter(({ simulator }) => simulator.name === name);
    return own.length === 0 ? [] : [fastest(own)];
  });
}

const fastest = (records: readonly MeasurementRecord[]): MeasurementRecord =>
  records.reduce((best, one) =>
    one.phases.simulate_s.median < best.phases.simulate_s.median ? one : best,
  );

/** One line of a plot. */
export interface Curve {
  readonly name: string;
  readonly records: readonly MeasurementRecord[];
}

/** A plot over sizes: the workloads of one example. */
export interface SizePlot {
  readonly example: string;
  readonly curves: readonly Curve[];
}

/** Curves over the number of neurons, for examples that were measured at two sizes at least; no software adapters. */
export function sizePlots(records: readonly BenchRecord[]): SizePlot[] {
  const measured = records.filter(isMeasurement).filter((record) => !isSoftware(record));
  return groupBy(measured, ({ workload }) => workload.example).flatMap(([example, group]) => {
    const curves = groupBy(group, variantName)
      .map(([name, own]) => ({
        name,
        records: [...own].sort((a, b) => a.network.neurons - b.network.neurons),
      }))
      .filter(({ records: own }) => new Set(own.map(({ network }) => network.neurons)).size > 1);
    return curves.length > 0 ? [{ example, curves }] : [];
  });
}

/** A workload on several threads, against the same simulator's own time on one. */
export interface ThreadScaling {
  readonly workload: string;
  readonly record: MeasurementRecord;
  readonly threads: number;
  readonly speedup: { readonly median: number; readonly min: number; readonly max: number };
}

/** By workload, then ascending by threads; only what was measured on one thread in the same run and place. */
export function threadScalings(records: readonly BenchRecord[]): ThreadScaling[] {
  const onCpu = records.filter(isMeasurement).filter(({ engine }) => engine.kind === 'cpu');
  return groupBy(onCpu, ({ workload }) => workload.name).flatMap(([workload, own]) =>
    groupBy(own, ({ run, simulator, engine, machine, network }) =>
      [run.id, simulator.name, engine.synapses, machine.runtime, network.duration_ms].join('|'),
    ).flatMap(([, group]) => scalingsOf(workload, group)),
  );
}

function scalingsOf(workload: string, group: readonly MeasurementRecord[]): ThreadScaling[] {
  const single = group.find(({ engine }) => engine.threads === 1);
  if (!single) return [];
  return group
    .map((record) => ({
      workload,
      record,
      threads: record.engine.threads ?? 1,
      speedup: ratioOf(single.phases.simulate_s, record.phases.simulate_s),
    }))
    .filter(({ threads }) => threads > 1)
    .sort((a, b) => a.threads - b.threads);
}

/** In order of first appearance. */
export function groupBy<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
): [key: string, group: T[]][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return [...groups];
}
