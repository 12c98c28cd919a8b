/** A chip study as one self-contained page, and as text for terminals. Measures nothing. */
import { describeValue, isPlainObject } from '../language/argument.ts';
import { reportPage } from '../report/document.ts';
import { html, type Markup } from '../report/markup.ts';
import { counted, grouped, plain, seconds } from '../report/numbers.ts';
import { bitsPlot, CHIP_STYLE, coreMap, slotChart } from './pictures.ts';
import type { ChipReport } from './report.ts';
import {
  type ChipTable,
  chipTables,
  coreTable,
  linkTable,
  neuronTable,
  projectionTable,
  quantisationTable,
  tableText,
  weightTable,
} from './tables.ts';

/** A study as an HTML document with tables and pictures: no script, nothing loaded from anywhere. Throws TypeError for others. */
export function chipPage(report: ChipReport): string {
  checkReport(report, 'chipPage');
  const body = html`${head(report)}${bitsSection(report)}${coreSection(report)}${trafficSection(report)}`;
  return reportPage({ title: `${report.name} on a chip`, body, style: CHIP_STYLE });
}

/** The same for a terminal: what it was, the tables, what stands out. */
export function chipText(report: ChipReport): string {
  checkReport(report, 'chipText');
  const facts = `${report.name}: ${counted(report.neurons, 'neuron')}, ${counted(report.synapses, 'synapse')}, ${counted(report.seeds.length, 'seed')} of ${seconds(report.durationMs / 1000)}, ${report.engine}`;
  const tables = chipTables(report).map(tableText);
  const lines = [...report.findings, ...report.notes].map((line) => `  ${line}\n`).join('');
  return [`${facts}\n`, ...tables, `${energyText(report)}\n`, `What stands out\n${lines}`]
    .filter((part) => part !== '')
    .join('\n');
}

/** Throws TypeError for what chipReport has not made. */
function checkReport(report: unknown, where: string): void {
  const parts = ['quantisation', 'traffic', 'cores', 'findings', 'energy'];
  if (isPlainObject(report) && parts.every((part) => Object.hasOwn(report, part))) return;
  throw new TypeError(
    `${where}: the report must be one of chipReport, got ${describeValue(report)}.`,
  );
}

function energyText({ energy, settings }: ChipReport): string {
  return `${grouped(energy.operations)} synaptic operations of ${plain(settings.picojoulesPerOperation)} pJ: ${plain(energy.microjoules)} \u00b5J, ${plain(energy.milliwatts)} mW in real time`;
}

function head(report: ChipReport): Markup {
  const facts: readonly (readonly [string, string])[] = [
    ['Neurons', grouped(report.neurons)],
    ['Synapses', grouped(report.synapses)],
    ['Simulated', `${seconds(report.durationMs / 1000)} in steps of ${plain(report.dtMs)} ms`],
    ['Seeds', report.seeds.length > 12 ? String(report.seeds.length) : report.seeds.join(', ')],
    [
      'Cores',
      `${report.cores.length}, up to ${grouped(report.settings.neuronsPerCore)} neurons each`,
    ],
    ['Energy', energyText(report)],
    ['Engine', report.engine],
  ];
  return html`<header><h1>${report.name} on a chip</h1>
<ul class="plain">${report.findings.map((line) => html`<li>${line}</li>`)}</ul>
${report.notes.map((line) => html`<p class="warning">${line}</p>`)}
<dl>${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl></header>`;
}

function bitsSection(report: ChipReport): Markup {
  const { quantisation } = report;
  return html`<section><h2>Weights in few bits</h2>
<p class="quiet">Every projection has a scale; weights are whole multiples of it. Rates are those of neurons that synapses reach; lines in the plots are two standard errors over seeds. The distance is van Rossum's, ${plain(report.settings.tauMs)} ms: 0 for equal trains, 1 where no spike is near another. In networks that are chaotic any change at all, of the last of 24 bits too, moves spikes in time: there the rate is what tells.</p>
${table(quantisationTable(report))}
<div class="plots">
${bitsPlot(quantisation, { title: 'Rate shift', unit: '%', of: ({ rateShift }) => ({ mean: 100 * rateShift.mean, standardError: 100 * rateShift.standardError }) })}
${bitsPlot(quantisation, { title: 'Spike-train distance', unit: 'van Rossum', of: ({ distance }) => distance })}
${bitsPlot(quantisation, { title: 'Loss of accuracy', unit: '1 at most by chance', of: ({ accuracyLoss }) => accuracyLoss })}
</div>
${table(weightTable(report))}</section>`;
}

function coreSection(report: ChipReport): Markup {
  return html`<section><h2>Cores</h2>
<p class="quiet">The darker a core, the more synaptic operations end on it; lines are the busiest links, as wide as they are busy; framed cores need more than ${grouped(report.settings.memoryPerCore)} bytes.</p>
${coreMap(report)}${table(coreTable(report))}</section>`;
}

function trafficSection(report: ChipReport): Markup {
  return html`<section><h2>Traffic</h2>
${slotChart(report.traffic.slots)}
${table(linkTable(report))}${table(projectionTable(report))}${table(neuronTable(report))}</section>`;
}

function table({ title, heads, rows, words }: ChipTable): Markup {
  if (rows.length === 0) return html``;
  const cell = (tag: 'th' | 'td', text: string, column: number): Markup => {
    const word = column < words;
    return tag === 'th'
      ? html`<th${word ? html` class="word"` : null}>${text}</th>`
      : html`<td${word ? html` class="word"` : null}>${text}</td>`;
  };
  return html`<h3>${title}</h3><div class="scroll"><table>
<thead><tr>${heads.map((text, column) => cell('th', text, column))}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map((text, column) => cell('td', text, column))}</tr>`)}</tbody></table></div>`;
}
