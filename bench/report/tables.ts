/** The report's tables: every figure of every measurement, for those who do not trust pictures. */

import { html, type Markup } from '../../src/report/markup.ts';
import { bytes, grouped, percent, plain, seconds, short } from '../../src/report/numbers.ts';
import { engineName, isPeer, placeOf, variantName } from '../compare.ts';
import type { MeasurementRecord } from '../record.ts';
import type { Spread } from '../statistics.ts';

interface Column {
  readonly title: string;
  readonly isWord?: boolean;
  cell(record: MeasurementRecord): string;
}

const NOTHING = '–';

const phase = (spread: Spread | null): string =>
  spread === null ? NOTHING : seconds(spread.median);

const whole = ({ median, min, max, samples }: Spread): string =>
  samples.length === 1
    ? seconds(median)
    : `${seconds(median)} (${seconds(min)} to ${seconds(max)}, n ${samples.length})`;

const orNothing = (value: number | null, show: (value: number) => string): string =>
  value === null ? NOTHING : show(value);

const SIMULATED: Column = {
  title: 'simulated',
  cell: ({ network }) => seconds(network.duration_ms / 1000),
};

const RESULTS: readonly Column[] = [
  { title: 'network', isWord: true, cell: ({ workload }) => workload.name },
  { title: 'engine', isWord: true, cell: variantName },
  { title: 'neurons', cell: ({ network }) => grouped(network.neurons) },
  { title: 'synapses', cell: ({ network }) => short(network.synapses) },
  SIMULATED,
  { title: 'simulate, median (least to most)', cell: ({ phases }) => whole(phases.simulate_s) },
  { title: 'wall / simulated', cell: ({ metrics }) => plain(metrics.realtime_factor) },
  { title: 'compile', cell: ({ phases }) => phase(phases.compile_s) },
  { title: 'build', cell: ({ phases }) => phase(phases.build_s) },
  { title: 'warm-up', cell: ({ phases }) => phase(phases.warm_up_s) },
  { title: 'read back', cell: ({ phases }) => phase(phases.read_back_s) },
  { title: 'spikes', cell: ({ check }) => orNothing(check.spikes, grouped) },
  { title: 'rate, Hz', cell: ({ check }) => orNothing(check.rate_hz, plain) },
  { title: 'CV of intervals', cell: ({ check }) => orNothing(check.cv_isi, plain) },
  { title: 'spikes / s', cell: ({ metrics }) => orNothing(metrics.spikes_per_s, short) },
  { title: 'ns / neuron step', cell: ({ metrics }) => plain(metrics.ns_per_neuron_step) },
  {
    title: 'ns / event',
    cell: ({ metrics }) =>
      orNothing(
        metrics.ns_per_synaptic_event,
        (value) => `${metrics.events_counted === 'mean' ? '≈ ' : ''}${plain(value)}`,
      ),
  },
  { title: 'recording', cell: ({ metrics }) => orNothing(metrics.recording_cost, percent) },
  { title: 'engine memory', cell: ({ memory }) => orNothing(memory.engine_bytes, bytes) },
  { title: 'process, most', cell: ({ memory }) => orNothing(memory.process_peak_bytes, bytes) },
  {
    title: 'processor',
    cell: ({ host }) => orNothing(host?.processor_s ?? null, seconds),
  },
  {
    title: 'dispatches, host µs by window',
    cell: ({ host, engine }) =>
      host === null || engine.kind === 'cpu'
        ? NOTHING
        : `${plain(host.dispatches_per_window)}, ${plain(host.us_per_window)}`,
  },
  { title: 'spike hash', cell: ({ check }) => check.spike_hash?.slice(0, 8) ?? NOTHING },
];

const HOST: readonly Column[] = [
  { title: 'network', isWord: true, cell: ({ workload }) => workload.name },
  { title: 'adapter', isWord: true, cell: (record) => engineName(record).replace(/^.*?: /, '') },
  {
    title: 'place',
    isWord: true,
    cell: (record) => (isPeer(record) ? record.simulator.name : placeOf(record)),
  },
  SIMULATED,
  { title: 'windows', cell: ({ host }) => orNothing(host?.windows ?? null, grouped) },
  {
    title: 'dispatches by window',
    cell: ({ host }) => orNothing(host?.dispatches_per_window ?? null, plain),
  },
  { title: 'submits', cell: ({ host }) => orNothing(host?.submits ?? null, grouped) },
  { title: 'host µs by window', cell: ({ host }) => orNothing(host?.us_per_window ?? null, plain) },
  { title: 'engine memory', cell: ({ memory }) => orNothing(memory.engine_bytes, bytes) },
  { title: 'spike hash', cell: ({ check }) => check.spike_hash?.slice(0, 8) ?? NOTHING },
];

/** Every measurement, all figures; wider than a page, so it scrolls. */
export const resultTable = (records: readonly MeasurementRecord[]): Markup =>
  table(RESULTS, records);

/** What runs on a software adapter tell: the host's work. */
export const softwareTable = (records: readonly MeasurementRecord[]): Markup =>
  table(HOST, records);

function table(columns: readonly Column[], records: readonly MeasurementRecord[]): Markup {
  const kind = ({ isWord }: Column): string => (isWord === true ? 'word' : 'number');
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Table of measurements"><table>
<thead><tr>${columns.map((column) => html`<th scope="col" class="${kind(column)}">${column.title}</th>`)}</tr></thead>
<tbody>${records.map(
    (record) =>
      html`<tr>${columns.map((column) => html`<td class="${kind(column)}">${column.cell(record)}</td>`)}</tr>`,
  )}</tbody></table></div>`;
}

/** A Markdown table of the figures that matter most, for a terminal. */
export function terminalTable(records: readonly MeasurementRecord[]): string {
  const shown = new Set([
    'network',
    'engine',
    'synapses',
    'simulated',
    'simulate, median (least to most)',
    'wall / simulated',
    'compile',
    'build',
    'spikes',
    'ns / neuron step',
    'ns / event',
  ]);
  const columns = RESULTS.filter(({ title }) => shown.has(title));
  const rows = [
    columns.map(({ title }) => title),
    ...records.map((record) => columns.map((column) => column.cell(record))),
  ];
  const widths = columns.map((_, k) => Math.max(...rows.map((row) => row[k]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, k) => cell.padEnd(widths[k] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}
