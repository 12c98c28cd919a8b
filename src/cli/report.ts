/** What `run` says of a run when it is over: as an object for programs, as lines for people. */
import type { RunSummary, Simulation } from '../index.ts';
import { interventionLines } from './interventions.ts';
import { counted, formatBytes, formatSeconds } from './progress.ts';
import type { Report } from './results.ts';

/** Most people who see no spikes forgot something; where none are expected, this is still true. */
export const SILENCE =
  'no neuron spiked. If that is not meant: is there a threshold, does anything drive the neurons, does the drive ' +
  'reach the threshold? --record POPULATION.VARIABLE --out FOLDER shows how a variable went.';

/** The keys in the order of the documentation. Silence is a warning of its own. */
export async function reportOf(simulation: Simulation): Promise<Report> {
  const { warnings, ...summary }: RunSummary = simulation.summary();
  const isSilent = summary.spikes === 0 && summary.duration_ms > 0;
  return {
    ...summary,
    spike_hash: await simulation.spikeHash(),
    warnings: isSilent ? [...warnings, SILENCE] : warnings,
  };
}

/** The report for people. */
export function describeReport(report: Report, { populations, document }: Simulation): string {
  const name = report.adapter?.description || report.adapter?.vendor;
  const device = name ? `${report.engine} (${name})` : report.engine;
  const speed = report.realtime_factor === null ? '' : `, ${ratio(report.realtime_factor)}`;
  const slow = report.slow_time
    .filter(({ acceleration }) => acceleration !== 1)
    .map(
      ({ name: one, acceleration, duration_s }) =>
        `slow time of ${one}: ${formatSeconds(duration_s * 1000)}, accelerated ${acceleration} times`,
    );
  const heads = [
    `${report.model}: ${counted(report.neurons, 'neuron')}, ${counted(report.synapses, 'synapse')}, ${formatBytes(report.memory_bytes)}, ${device}`,
    `simulated ${formatSeconds(report.duration_ms)} in ${formatSeconds(report.wall_s * 1000)}${speed}`,
    ...slow,
    ...interventionLines(document, report.duration_ms),
    `${counted(report.spikes, 'spike')}, ${report.rate_hz.toFixed(2)} Hz`,
  ];
  const rows = report.populations.map(({ name: one, size, rate_hz, cv_isi }, index) => [
    one,
    counted(size, 'neuron'),
    populations[index]?.method ?? 'given spikes',
    rate_hz === null ? 'not recorded' : `${rate_hz.toFixed(2)} Hz`,
    cv_isi === null ? '' : `CV ${cv_isi.toFixed(2)}`,
  ]);
  return `${heads.join('\n')}\n${columns(rows)}spike hash ${report.spike_hash}\n`;
}

/** Rows of a table, indented; numbers stand to the left, as words do. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widthOf = (column: number): number =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0));
  return rows
    .map((row) => row.map((cell, column) => cell.padEnd(widthOf(column))).join('  '))
    .map((line) => `  ${line.trimEnd()}\n`)
    .join('');
}

/** A factor of 0.5 is twice as fast as real time. */
function ratio(factor: number): string {
  const times = factor < 1 ? 1 / factor : factor;
  const digits = times < 10 ? times.toFixed(1) : String(Math.round(times));
  if (digits === '1.0') return 'real time';
  return `${digits} times ${factor < 1 ? 'faster' : 'slower'} than real time`;
}
