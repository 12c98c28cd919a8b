/** The results as a table for people and as JSON lines for programs. */
import type { PeerMeasurement } from './brian2.ts';
import type { Machine } from './machine.ts';
import type { Measurement } from './measure.ts';
import type { Workload } from './workloads.ts';

export interface Result {
  readonly workload: Workload;
  readonly run: Measurement;
  /** Brian 2 on this network and machine, in the same invocation. */
  readonly peer: PeerMeasurement | null;
}

const COLUMNS = [
  'network',
  'engine',
  'neurons',
  'synapses',
  'simulated',
  'compile',
  'build',
  'simulate (min–max)',
  '× real time',
  'spikes',
  'ns/neuron step',
  'ns/event',
  'recording',
  'dispatches, host µs/window',
  'Brian 2',
  'ratio (goal)',
] as const;

/** A Markdown table. */
export function tableOf(results: readonly Result[]): string {
  const rows = results.map(cellsOf);
  const widths = COLUMNS.map((title, k) =>
    Math.max(title.length, ...rows.map((row) => row[k]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, k) => cell.padEnd(widths[k] ?? 0)).join(' | ')} |`;
  return [line(COLUMNS), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join(
    '\n',
  );
}

function cellsOf({ workload, run, peer }: Result): string[] {
  const { simulate, silent, durationMs } = run;
  const ratio = peer && simulate.median / peer.simulate.median;
  return [
    workload.name,
    engineName(run),
    String(run.neurons),
    String(run.synapses),
    seconds(durationMs / 1000),
    seconds(run.phases.compile),
    seconds(run.phases.build),
    `${seconds(simulate.median)} (${plain(simulate.min)}–${plain(simulate.max)})`,
    plain(simulate.median / (durationMs / 1000)),
    run.spikes === null ? '–' : String(run.spikes),
    plain(run.nsPerNeuronStep),
    run.nsPerSynapticEvent === null ? '–' : plain(run.nsPerSynapticEvent),
    silent ? percent(simulate.median / silent.median - 1) : '–',
    run.engine === 'gpu'
      ? `${plain(run.dispatchesPerWindow)}, ${plain(run.hostMicrosecondsPerWindow)}`
      : '–',
    peer ? seconds(peer.simulate.median) : '–',
    ratio === null ? '–' : `${plain(ratio)} (${workload.goal ?? '–'})`,
  ];
}

/** Wall time this many times the processor time means that others had the processor. */
const BUSY = 1.15;

/** What to know before believing the table, one line each. */
export function notesOf(results: readonly Result[]): string[] {
  return results.flatMap(({ workload, run }) => {
    const isBusy = run.engine === 'cpu' && run.simulate.median > BUSY * run.processorSeconds;
    return isBusy
      ? [
          `${workload.name}: the machine was busy with something else (wall ${seconds(run.simulate.median)}, processor ${seconds(run.processorSeconds)}); measure again.`,
        ]
      : [];
  });
}

/** Never calls a software adapter a GPU. */
export function engineName({ engine, adapter }: Measurement): string {
  if (engine === 'cpu' || adapter === null) return 'cpu, 1 thread';
  const name = adapter.description || adapter.vendor || 'unnamed adapter';
  return adapter.isFallback ? `WebGPU in software: ${name}` : `GPU: ${name}`;
}

/** One record per measurement, one line each. */
export function recordsOf(
  results: readonly Result[],
  machine: Machine,
  version: string,
  date: string,
): string {
  return results
    .map(({ workload, run, peer }) => {
      const { engine, adapter, phases, repetitions, silent, warnings } = run;
      const record = {
        schema: 'wetware-bench/1',
        name: workload.name,
        version,
        git: machine.git,
        date,
        host: machine,
        runtime: { node: machine.node },
        engine,
        adapter,
        model: {
          id: workload.example,
          params: workload.values,
          neurons: run.neurons,
          synapses: run.synapses,
          dt_ms: run.dtMs,
          duration_ms: run.durationMs,
          seed: 1,
        },
        phases,
        repetitions_s: repetitions,
        metrics: {
          simulate_s: run.simulate,
          processor_s: run.processorSeconds,
          realtime_factor: run.simulate.median / (run.durationMs / 1000),
          ns_per_neuron_step: run.nsPerNeuronStep,
          ns_per_synaptic_event: run.nsPerSynapticEvent,
          memory_bytes: run.memoryBytes,
          windows: run.windows,
          dispatches_per_window: run.dispatchesPerWindow,
          submits: run.submits,
          host_us_per_window: run.hostMicrosecondsPerWindow,
          recording_cost: silent ? run.simulate.median / silent.median - 1 : null,
          ratio_to_brian2: peer ? run.simulate.median / peer.simulate.median : null,
        },
        check: {
          spikes: run.spikes,
          rate_hz: run.rateHz,
          cv_isi: run.cvIsi,
          spike_hash: run.spikeHash,
        },
        peer,
        warnings,
      };
      return `${JSON.stringify(record)}\n`;
    })
    .join('');
}

function plain(value: number): string {
  if (value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toPrecision(3);
}

function seconds(value: number): string {
  return `${plain(value)} s`;
}

function percent(share: number): string {
  return `${share >= 0 ? '+' : ''}${(share * 100).toFixed(1)} %`;
}
