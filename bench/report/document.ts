/**
 * The report: records in, one self-contained page out. No script, nothing loaded from anywhere, every text escaped.
 * What may be compared with what is decided in compare.ts.
 */

import {
  type Bar,
  barChart,
  type Look,
  linePlot,
  type Stack,
  shapeLegend,
  stackChart,
} from '../../src/report/charts.ts';
import { reportPage } from '../../src/report/document.ts';
import { html, type Markup } from '../../src/report/markup.ts';
import { grouped, plain, seconds, short } from '../../src/report/numbers.ts';
import {
  engineName,
  groupBy,
  isMeasurement,
  isPeer,
  isSkipped,
  isSoftware,
  placeOf,
  ratiosOf,
  sizePlots,
  threadScalings,
  variantName,
} from '../compare.ts';
import type { BenchRecord, MeasurementRecord } from '../record.ts';
import { readingOf } from './reading.ts';
import { resultTable, softwareTable } from './tables.ts';

/** A whole HTML document, UTF-8. */
export function reportDocument(records: readonly BenchRecord[]): string {
  return reportPage({ title: `wetware bench, ${dateOf(records)}`, body: reportBody(records) });
}

/** The same for a page that has the style sheet: what goes into its element of class "report". */
export function reportBody(records: readonly BenchRecord[]): Markup {
  const lookOf = looksOf(records);
  const sections = [
    header(records),
    readingSection(records),
    ratioSection(records, lookOf),
    speedSection(records, lookOf),
    sizeSection(records, lookOf),
    threadSection(records, lookOf),
    phaseSection(records),
    softwareSection(records),
    tableSection(records),
    skippedSection(records),
    methodSection(),
  ];
  return html`${sections.filter((section) => section !== null)}`;
}

/** Colours of our CPU engine by rank of its thread count, of our GPU, and of peers by order. */
const CPU_COLOURS = [0, 2, 5, 6] as const;
const GPU_COLOUR = 3;
const PEER_COLOURS = [1, 4, 6] as const;

/** Gives each variant its look, the same in all charts: the colour says what ran, and the shape says it again, with how and where. */
type LookOf = (record: MeasurementRecord) => Look;

function looksOf(records: readonly BenchRecord[]): LookOf {
  const measured = records.filter(isMeasurement);
  const threads = [...new Set(measured.map(({ engine }) => engine.threads ?? 0))]
    .filter((count) => count > 0)
    .sort((a, b) => a - b);
  const peers = distinct(measured.filter(isPeer).map((record) => engineName(record)));
  return (record) => {
    const { kind, threads: count, synapses } = record.engine;
    if (isPeer(record)) {
      const rank = peers.indexOf(engineName(record));
      return { colour: PEER_COLOURS[rank % PEER_COLOURS.length] ?? 1, shape: 4 + (rank % 3) };
    }
    const way = (synapses === 'procedural' ? 2 : 0) + (placeOf(record) === 'Node' ? 0 : 5);
    if (kind === 'gpu') return { colour: GPU_COLOUR, shape: way + 3 };
    const rank = Math.max(0, threads.indexOf(count ?? 1));
    return { colour: CPU_COLOURS[rank % CPU_COLOURS.length] ?? 0, shape: way + (rank % 2) };
  };
}

const dateOf = (records: readonly BenchRecord[]): string =>
  records[0]?.run.date.slice(0, 10) ?? 'nothing measured';

const distinct = (texts: readonly string[]): string[] => [...new Set(texts)];

function header(records: readonly BenchRecord[]): Markup {
  const [first] = records;
  if (!first) return html`<header><h1>wetware bench</h1><p>No record.</p></header>`;
  const measured = records.filter(isMeasurement);
  const own = records.filter((record) => !isPeer(record));
  const peers = groupBy(
    measured.filter(isPeer),
    ({ simulator }) => `${simulator.name} ${simulator.version}`,
  ).map(([name, [one]]) => (one?.simulator.detail ? `${name} (${one.simulator.detail})` : name));
  const adapters = distinct(
    measured.filter(({ engine }) => engine.kind === 'gpu').map((record) => engineName(record)),
  );
  const runtimes = distinct(own.map(({ machine }) => machine.runtime));
  const runs = distinct(records.map(({ run }) => run.id));
  const { machine, run } = first;
  const memory =
    machine.memory_bytes === null ? '' : `, ${Math.round(machine.memory_bytes / 2 ** 30)} GiB`;
  return html`<header><h1>wetware bench</h1>
<dl>
<div><dt>Date</dt><dd>${run.date.slice(0, 16).replace('T', ' ')} UTC</dd></div>
<div><dt>Processor</dt><dd>${machine.cpu}, ${machine.cores} cores${memory}</dd></div>
<div><dt>System</dt><dd>${machine.platform}, ${runtimes.join(', ')}</dd></div>
<div><dt>Graphics adapter</dt><dd>${adapters.length > 0 ? adapters.join('; ') : 'none used'}</dd></div>
<div><dt>wetware</dt><dd>${run.version}${run.commit === '' ? '' : `, commit ${run.commit}`}</dd></div>
<div><dt>Beside it</dt><dd>${peers.length > 0 ? peers.join('; ') : 'no other simulator'}</dd></div>
</dl>${runs.length > 1 ? html`<p class="warning">These are records of ${runs.length} runs; ratios are made within each run only.</p>` : null}${busyNote(measured)}</header>`;
}

function busyNote(measured: readonly MeasurementRecord[]): Markup | null {
  const busy = measured.filter(({ warnings }) => warnings.some((text) => text.includes('busy')));
  if (busy.length === 0) return null;
  return html`<p class="warning">The machine was busy with something else during ${busy.length} of ${measured.length} measurements: do not quote these numbers.</p>`;
}

/** The result in words. */
function readingSection(records: readonly BenchRecord[]): Markup | null {
  const sentences = readingOf(records.filter(isMeasurement));
  if (sentences.length === 0) return null;
  return html`<section><h2>In words</h2><ul>${sentences.map((text) => html`<li>${text}</li>`)}</ul></section>`;
}

function ratioSection(records: readonly BenchRecord[], lookOf: LookOf): Markup | null {
  const ratios = ratiosOf(records);
  if (ratios.length === 0) return null;
  const groups = groupBy(ratios, ({ workload }) => workload).map(([title, own]) => ({
    title,
    bars: own.map(
      ({ ours, peer, speedup }): Bar => ({
        name: `${variantName(ours)} against ${opponentName(ours, peer)}`,
        label: `${plain(speedup.median)} ×`,
        value: speedup.median,
        min: speedup.min,
        max: speedup.max,
        look: lookOf(ours),
      }),
    ),
  }));
  return html`<section><h2>Against others <span class="quiet">times as fast, same network, same run</span></h2>
<p class="quiet">Right of the line at 1: wetware is faster. Thin lines go from the least to the most that the repetitions allow. Only the simulation itself counts, not compiling or building.</p>
${barChart(groups, { unit: 'times as fast as the other simulator', axis: 'log' })}</section>`;
}

/** Threads of the peer are not said again where they are ours. */
function opponentName(ours: MeasurementRecord, peer: MeasurementRecord): string {
  const isSame = ours.engine.kind === 'cpu' && ours.engine.threads === peer.engine.threads;
  return isSame ? peer.simulator.name : engineName(peer);
}

function speedSection(records: readonly BenchRecord[], lookOf: LookOf): Markup | null {
  const measured = records.filter(isMeasurement).filter((record) => !isSoftware(record));
  if (measured.length === 0) return null;
  const groups = groupBy(measured, ({ workload }) => workload.name).map(([name, own]) => ({
    title: `${name}: ${networkOf(own)}`,
    bars: own.map((record) => speedBar(record, lookOf)),
  }));
  return html`<section><h2>Speed <span class="quiet">simulated over wall time</span></h2>
<p class="quiet">Right of the line at 1: faster than real time.</p>
${barChart(groups, { unit: '× real time', axis: 'log' })}</section>`;
}

function networkOf(records: readonly MeasurementRecord[]): string {
  const network = (records.find((record) => !isPeer(record)) ?? records[0])?.network;
  if (!network) return '';
  return `${grouped(network.neurons)} neurons, ${short(network.synapses)} synapses`;
}

function speedBar(record: MeasurementRecord, lookOf: LookOf): Bar {
  const simulated = record.network.duration_ms / 1000;
  const { median, min, max } = record.phases.simulate_s;
  const name = variantName(record);
  return {
    name,
    label: `${plain(simulated / median)} × real time`,
    value: simulated / median,
    min: simulated / max,
    max: simulated / min,
    look: lookOf(record),
  };
}

function sizeSection(records: readonly BenchRecord[], lookOf: LookOf): Markup | null {
  const plots = sizePlots(records);
  if (plots.length === 0) return null;
  const looks = new Map(
    plots.flatMap(({ curves }) =>
      curves.flatMap(({ name, records: [first] }): [string, Look][] =>
        first ? [[name, lookOf(first)]] : [],
      ),
    ),
  );
  const lookNamed = (name: string): Look => looks.get(name) ?? { colour: 0, shape: 0 };
  return html`<section><h2>Size <span class="quiet">wall time of one simulated second</span></h2>
<div class="plots">${plots.map(({ example, curves }) =>
    linePlot(
      curves.map(({ name, records: own }) => ({
        name,
        look: lookNamed(name),
        points: own.map(({ network, phases }) => {
          const scale = 1000 / network.duration_ms;
          const { median, min, max } = phases.simulate_s;
          return { x: network.neurons, y: median * scale, min: min * scale, max: max * scale };
        }),
      })),
      { title: example, xUnit: 'neurons', yUnit: 's', xLabel: short },
    ),
  )}</div>${shapeLegend([...looks].map(([name, look]) => ({ name, look })))}</section>`;
}

function threadSection(records: readonly BenchRecord[], lookOf: LookOf): Markup | null {
  const scalings = threadScalings(records);
  if (scalings.length === 0) return null;
  const groups = groupBy(scalings, ({ workload }) => workload).map(([title, own]) => ({
    title,
    bars: own.map(
      ({ record, threads, speedup }): Bar => ({
        name: variantName(record),
        label: `${plain(speedup.median)} ×`,
        value: speedup.median,
        min: speedup.min,
        max: speedup.max,
        look: lookOf(record),
        mark: threads,
      }),
    ),
  }));
  return html`<section><h2>Threads <span class="quiet">times as fast as the same simulator on one</span></h2>
<p class="quiet">The dashed mark is as many times as there are threads.</p>
${barChart(groups, { unit: 'times as fast as one thread', axis: 'linear' })}</section>`;
}

const PHASES = [
  ['compile', 'compile_s'],
  ['build', 'build_s'],
  ['warm-up (not counted)', 'warm_up_s'],
  ['simulate', 'simulate_s'],
  ['read back', 'read_back_s'],
] as const;

function phaseSection(records: readonly BenchRecord[]): Markup | null {
  const measured = records.filter(isMeasurement).filter((record) => !isSoftware(record));
  if (measured.length === 0) return null;
  const rows = measured.map((record): Stack => {
    const parts = PHASES.map(([, key]) => record.phases[key]?.median ?? 0);
    const total = parts.reduce((sum, part) => sum + part, 0);
    return {
      name: `${record.workload.name}, ${variantName(record)}`,
      label: seconds(total),
      parts,
    };
  });
  return html`<section><h2>Phases <span class="quiet">shares of the time from description to result</span></h2>
${stackChart(
  PHASES.map(([name]) => name),
  rows,
)}</section>`;
}

function softwareSection(records: readonly BenchRecord[]): Markup | null {
  const measured = records.filter(isMeasurement).filter(isSoftware);
  if (measured.length === 0) return null;
  return html`<section><h2>WebGPU in software <span class="quiet">no statement about any GPU</span></h2>
<p class="quiet">These runs used an adapter without a GPU behind it, so they are in none of the plots. What carries over to a GPU is the work of the host: dispatches, submits, and the time to encode them.</p>
${softwareTable(measured)}</section>`;
}

function tableSection(records: readonly BenchRecord[]): Markup | null {
  const measured = records.filter(isMeasurement);
  if (measured.length === 0) return null;
  const warnings = measured.flatMap(({ workload, warnings: texts, ...rest }) =>
    texts.map(
      (text) => `${workload.name}, ${variantName({ ...rest, workload, warnings: [] })}: ${text}`,
    ),
  );
  return html`<section><h2>All measurements</h2>${resultTable(measured)}${
    warnings.length > 0
      ? html`<h3>Warnings</h3><ul class="plain">${distinct(warnings).map((text) => html`<li>${text}</li>`)}</ul>`
      : null
  }</section>`;
}

function skippedSection(records: readonly BenchRecord[]): Markup | null {
  const skipped = records.filter(isSkipped);
  if (skipped.length === 0) return null;
  const groups = groupBy(skipped, (record) => `${kindOf(record)}: ${record.reason}`);
  return html`<section><h2>Not measured</h2><ul class="plain">${groups.map(
    ([reason, own]) =>
      html`<li>${reason} <span class="quiet">(${distinct(own.map(({ workload }) => workload.name)).join(', ')})</span></li>`,
  )}</ul></section>`;
}

/** "CPU", "WebGPU", or the name of a peer. */
function kindOf({ simulator, engine }: BenchRecord): string {
  if (simulator.name !== 'wetware') return simulator.name;
  return engine.kind === 'cpu' ? 'CPU' : 'WebGPU';
}

function methodSection(): Markup {
  return html`<section><h2>Method</h2>
<p class="quiet">Median, least and most of the repetitions that count. A network with a settling time is built once and the repetitions go on from each other; any other is compiled, built and run afresh each time, after one such run that is not counted. Spikes are recorded. ns by neuron step and by synaptic event divide the whole time of the simulation: neither is a share of it. A ratio is made of records of one run on one machine only. A software adapter is not called a GPU and not compared with anything.</p></section>`;
}
