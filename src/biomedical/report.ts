/** The report of a comparison: one self-contained page. No script, nothing loaded from anywhere, every text escaped. */
import { DIMENSIONS, parseQuantity } from '../language/units.ts';
import { populationRate } from '../recording/rate.ts';
import { accelerationsText } from '../recording/slow-time.ts';
import { reportPage } from '../report/document.ts';
import { html, type Markup } from '../report/markup.ts';
import { counted, plain } from '../report/numbers.ts';
import type { Comparison, ExampleSpikes } from './compare.ts';
import { ofPopulation } from './measure.ts';
import {
  CONTROL_COLOUR,
  curves,
  INTERVENTION_COLOUR,
  key,
  PICTURE_STYLE,
  raster,
  type Span,
  zBar,
} from './pictures.ts';
import { type Lines, linesOf, type Tick, ticksOf, unmatched } from './rasters.ts';
import type { ComparisonRow } from './rows.ts';
import { checkComparison, DISCLAIMER, meanText, pText, zText } from './table.ts';

/** A whole HTML document, UTF-8. */
export function comparisonPage(comparison: Comparison): string {
  checkComparison(comparison, 'comparisonPage');
  const { model, title } = comparison;
  const sections = [
    header(comparison),
    problemSection(comparison),
    tableSection(comparison),
    rasterSection(comparison),
    rateSection(comparison),
    doseSection(comparison),
    methodSection(comparison),
  ];
  const body = html`${sections.filter((section) => section !== null)}`;
  return reportPage({ title: `${model}: ${title}`, body, style: PICTURE_STYLE });
}

function header(comparison: Comparison): Markup {
  const { model, title, interventions, seeds, engine, precision, dt_ms } = comparison;
  const { duration_ms, window_ms, rows, slow_time } = comparison;
  const accelerated = accelerationsText(slow_time);
  const flagged = rows.filter((row) => row.flagged).length;
  return html`<header><h1>${model}: ${title}</h1>
<p class="warning">${DISCLAIMER}</p>
<dl>
<div><dt>Done</dt><dd>${interventions.map(changeText).join('; ')}</dd></div>
<div><dt>Runs</dt><dd>${counted(seeds.length, 'seed')}, with and without; ${plain(duration_ms)} ms each, in steps of ${plain(dt_ms)} ms</dd></div>
<div><dt>Looked at</dt><dd>${plain(window_ms[0])} to ${plain(window_ms[1])} ms</dd></div>
${
  accelerated === ''
    ? null
    : html`<div><dt>Slow time runs ahead</dt><dd>${accelerated}</dd></div>
`
}<div><dt>Engine</dt><dd>${engine}, ${precision}</dd></div>
<div><dt>Flagged</dt><dd>${counted(flagged, 'detector')} of ${rows.length}</dd></div>
</dl></header>`;
}

/** "terminals.km_dat × 3 from 300 ms". */
function changeText({
  owner,
  parameter,
  factor,
  value,
  at,
  until,
}: Comparison['interventions'][number]): string {
  const place = owner === '' ? parameter : `${owner}.${parameter}`;
  const change = factor === undefined ? `= ${value}` : `× ${plain(factor)}`;
  return `${place} ${change} from ${at}${until === undefined ? '' : ` to ${until}`}`;
}

function problemSection({ failed, warnings }: Comparison): Markup | null {
  if (failed.length === 0 && warnings.length === 0) return null;
  const lines = [
    ...failed.map(({ arm, seed, error }) => `The run "${arm}" with seed ${seed} failed. ${error}`),
    ...warnings,
  ];
  return html`<section><h2>To know</h2>${lines.map((line) => html`<p class="warning">${line}</p>`)}</section>`;
}

function tableSection({
  rows,
  threshold,
  chance,
  control_flags: flags,
  seeds,
}: Comparison): Markup {
  return html`<section><h2>Detectors</h2>
<p>Mean and standard deviation over ${counted(seeds.length, 'seed')}; z in standard deviations of the control runs, bars cut at 10; bold is |z| above ${plain(threshold)}, which chance alone does to ${Number.isNaN(chance) ? 'an unknown share' : `${plain(100 * chance)} %`} of detectors.
Control runs against each other: ${flags.flagged} of ${flags.of} numbers beyond it, ${plain(flags.expected)} expected.</p>
<div class="scroll"><table><thead><tr><th class="word">detector</th><th>control</th><th>intervention</th><th>z</th><th class="z"></th><th>p</th><th>ROC area</th><th>runs beyond</th><th class="word">expected</th></tr></thead>
<tbody>${rows.map((row) => tableRow(row, threshold))}</tbody></table></div></section>`;
}

function tableRow(row: ComparisonRow, threshold: number): Markup {
  const { detector, unit, title, control, intervention, z, p, area, flagged } = row;
  const { flagged_runs, expected, as_expected } = row;
  const name = unit === '' || unit === '1' ? detector : `${detector} [${unit}]`;
  const sign =
    expected === null
      ? ''
      : `${expected}${as_expected === null ? ': unknown' : as_expected ? ': yes' : ': no'}`;
  return html`<tr><td class="word" title="${title}">${name}</td><td>${meanText(control)}</td><td>${meanText(intervention)}</td>
<td class="${flagged ? 'flagged' : ''}">${zText(z)}</td><td class="z">${zBar(z, threshold)}</td><td>${pText(p)}</td><td>${Number.isNaN(area) ? '–' : area.toFixed(2)}</td>
<td>${flagged_runs} of ${intervention.n}</td><td class="word">${sign}</td></tr>`;
}

/** When interventions are in effect. */
const spansOf = ({ interventions, duration_ms }: Comparison): Span[] =>
  unique(
    interventions.map(({ at, until }) => ({
      fromMs: parseQuantity(at, 'at', DIMENSIONS.time).value,
      toMs:
        until === undefined ? duration_ms : parseQuantity(until, 'until', DIMENSIONS.time).value,
    })),
  );

const unique = (spans: readonly Span[]): Span[] =>
  spans.filter(
    ({ fromMs, toMs }, k) =>
      spans.findIndex((one) => one.fromMs === fromMs && one.toMs === toMs) === k,
  );

/** How far apart two spikes may be that count as the same. */
const SAME_MS = 1;

function rasterSection(comparison: Comparison): Markup | null {
  const { example, dt_ms: dtMs, duration_ms: durationMs } = comparison;
  if (example === null) return null;
  const lines = linesOf(example);
  if (lines.count === 0) return null;
  const frame = { lines: lines.count, dtMs, durationMs, during: spansOf(comparison) };
  const [control, intervention] = [example.control, example.intervention].map((spikes) =>
    ticksOf(spikes, lines),
  ) as [Tick[], Tick[]];
  const within = Math.round(SAME_MS / dtMs);
  return html`<section><h2>Spikes, seed ${example.seed} of both</h2>
${key(lines.populations.map(({ name, shown, size }, colour) => ({ name: `${name} (${shown} of ${size})`, colour })))}
<div class="pair">${raster('Control', byPopulation(control, lines), { ...frame, during: [] })}${raster('With intervention', byPopulation(intervention, lines), frame)}</div>
<h3>Difference</h3>
${key([
  { name: 'only in control', colour: CONTROL_COLOUR },
  { name: 'only with intervention', colour: INTERVENTION_COLOUR },
])}
${raster(
  `Spikes without a partner within ${SAME_MS} ms in the other run`,
  [
    { colour: CONTROL_COLOUR, ticks: unmatched(control, intervention, within) },
    { colour: INTERVENTION_COLOUR, ticks: unmatched(intervention, control, within) },
  ],
  frame,
)}</section>`;
}

const byPopulation = (ticks: readonly Tick[], { populations }: Lines) =>
  populations.map((_, colour) => ({
    colour,
    ticks: ticks.filter(({ population }) => population === colour),
  }));

const RATE_BINS = 100;
const MOST_PLOTS = 12;

function rateSection(comparison: Comparison): Markup | null {
  const { example, dt_ms: dtMs, duration_ms } = comparison;
  if (example === null) return null;
  const binMs = Math.max(dtMs, duration_ms / RATE_BINS);
  const plots = example.populations.slice(0, MOST_PLOTS).flatMap((population) => {
    const arms = [
      { name: 'control', colour: CONTROL_COLOUR, spikes: example.control },
      { name: 'intervention', colour: INTERVENTION_COLOUR, spikes: example.intervention },
    ].map(({ name, colour, spikes }) => ({
      name,
      colour,
      points: rateOf(spikes, population, example.steps, dtMs, binMs),
    }));
    if (arms.every(({ points }) => points.every(({ y }) => y === 0))) return [];
    return [curves(population.name, 'Hz', 'ms', arms)];
  });
  if (plots.length === 0) return null;
  return html`<section><h2>Rates, seed ${example.seed} of both</h2>${armKey()}<div class="pair">${plots}</div></section>`;
}

const armKey = (): Markup =>
  key([
    { name: 'control', colour: CONTROL_COLOUR },
    { name: 'intervention', colour: INTERVENTION_COLOUR },
  ]);

function rateOf(
  spikes: ExampleSpikes['control'],
  population: ExampleSpikes['populations'][number],
  steps: number,
  dtMs: number,
  binMs: number,
) {
  const own = ofPopulation(spikes, population);
  const { timesMs, ratesHz } = populationRate(own, population.size, steps, dtMs, { binMs });
  return Array.from(ratesHz, (y, k) => ({ x: (timesMs[k] as number) + binMs / 2, y }));
}

/** The detectors that moved most, over the doses. */
function doseSection({ doses, rows }: Comparison): Markup | null {
  if (doses.length < 3) return null;
  const size = ({ z }: ComparisonRow): number => (Number.isNaN(z) ? -1 : Math.abs(z));
  const shown = [...rows].sort((a, b) => size(b) - size(a)).slice(0, 6);
  const plots = shown.map(({ detector, unit }) => {
    const points = doses.map(({ dose, rows: found }) => {
      const one = found.find((row) => row.detector === detector);
      return { x: dose, y: one?.mean ?? Number.NaN, spread: one?.deviation ?? 0 };
    });
    return curves(detector, unit, 'dose', [
      { name: detector, colour: INTERVENTION_COLOUR, points },
    ]);
  });
  return html`<section><h2>Dose and response</h2>
<p>0 is control, 1 the intervention as given; lines up and down are a standard deviation over the seeds. The detectors that moved most.</p>
<div class="pair">${plots}</div></section>`;
}

function methodSection({ seeds }: Comparison): Markup {
  return html`<section><h2>How to read this</h2>
<p>Every seed is run twice, with and without the intervention: the same network, the same random numbers, so that both runs are equal until it begins.</p>
<p>z = (x − m)/s, with mean m and standard deviation s of the ${seeds.length} control runs, and x the mean of the runs with intervention. Both m and s are estimates from few runs: for normal values z/√(1 + 1/n) follows Student's t with n − 1 degrees of freedom, and p is the probability that one more control run is as far out. "Runs beyond" counts runs with intervention by themselves.</p>
<p>The ROC area is the probability that a run with intervention has a larger value than a control run: 0.5 says nothing, 1 and 0 tell every run.</p>
<p>Many detectors are looked at, and some are flagged by chance; ask whether a finding comes back with other seeds. A simulated network is no patient. ${DISCLAIMER}</p></section>`;
}
