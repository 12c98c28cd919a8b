/** Pictures of a chip study as inline SVG: cores with their hot links, bits against what they cost, delay slots. */
import { html, type Markup } from '../report/markup.ts';
import { plain } from '../report/numbers.ts';
import { linearScale } from '../report/scale.ts';
import type { ChipReport, OverSeeds, QuantisationResult } from './report.ts';
import type { DelaySlot, Link } from './traffic.ts';

/** Style rules that these pictures need beside those of every report. */
export const CHIP_STYLE = `
.coremap { max-width: 620px; }
.coremap svg { width: 100%; height: auto; }
.coremap .core { fill: var(--k0); stroke: var(--line); }
.coremap .over { stroke: var(--k1); stroke-width: 3; }
.report .coremap text { fill: var(--text); font-size: 12px; }
.coremap .link { stroke: var(--k1); stroke-linecap: round; opacity: 0.75; }
.slots svg { width: 100%; }
.slots .most { stroke: var(--strong); stroke-width: 1.5; }
`;

const CELL = 56;
const GAP = 14;
/** Links that are drawn. */
const DRAWN_LINKS = 12;
/** Cores beyond which their numbers are left out. */
const MOST_NUMBERED = 144;

const percent = (x: number): string => `${x.toFixed(2)}%`;

/** Cores as squares, the darker the more they do, framed where memory does not do; the busiest links between them as lines. */
export function coreMap({ cores, traffic, settings }: ChipReport): Markup {
  const columns = Math.max(1, Math.ceil(Math.sqrt(cores.length)));
  const rows = Math.ceil(cores.length / columns);
  const most = Math.max(1, ...cores.map(({ operations }) => operations));
  const centre = (core: number): readonly [number, number] => [
    (core % columns) * (CELL + GAP) + CELL / 2,
    Math.floor(core / columns) * (CELL + GAP) + CELL / 2,
  ];
  const squares = cores.map(({ population, from, to, operations, memory }, core) => {
    const [x, y] = centre(core);
    const isOver = memory.total > settings.memoryPerCore;
    const name =
      cores.length <= MOST_NUMBERED
        ? html`<text x="${x}" y="${y + 4}" text-anchor="middle">${core}</text>`
        : null;
    return html`<g><title>Core ${core}: ${population} ${from} to ${to - 1}, ${plain(operations)} operations, ${plain(memory.total)} bytes</title>
<rect class="core${isOver ? ' over' : ''}" x="${x - CELL / 2}" y="${y - CELL / 2}" width="${CELL}" height="${CELL}" rx="6" fill-opacity="${(0.06 + 0.7 * (operations / most)).toFixed(2)}"/>${name}</g>`;
  });
  const drawn = traffic.links.filter(({ from, to }) => from >= 0 && from !== to);
  const lines = drawn.slice(0, DRAWN_LINKS).map((link) => linkLine(link, drawn[0] as Link, centre));
  const [width, height] = [columns * (CELL + GAP) - GAP, rows * (CELL + GAP) - GAP];
  return html`<div class="coremap"><svg viewBox="-4 -4 ${width + 8} ${height + 8}" role="img" aria-label="${cores.length} cores by synaptic operations, with the busiest links">${squares}${lines}</svg></div>`;
}

/** A bowed line, so that both directions are seen. */
function linkLine(
  { from, to, messages }: Link,
  busiest: Link,
  centre: (core: number) => readonly [number, number],
): Markup {
  const [x, y] = centre(from);
  const [toX, toY] = centre(to);
  const bow = 0.12;
  const [middleX, middleY] = [(x + toX) / 2 + bow * (toY - y), (y + toY) / 2 - bow * (toX - x)];
  const width = (0.8 + 4 * (messages / busiest.messages)).toFixed(1);
  return html`<path class="link" fill="none" stroke-width="${width}" d="M${x} ${y}Q${middleX.toFixed(1)} ${middleY.toFixed(1)} ${toX} ${toY}"><title>Core ${from} to core ${to}: ${plain(messages)} spikes</title></path>`;
}

const PLOT_PX = 170;

/** A mean over seeds against bits, most bits to the left; lines are two standard errors each way. */
export function bitsPlot(
  results: readonly QuantisationResult[],
  {
    title,
    unit,
    of,
  }: { title: string; unit: string; of: (result: QuantisationResult) => OverSeeds },
): Markup {
  const values = results.map(of);
  const ends = values.flatMap(({ mean, standardError }) => [
    mean - 2 * standardError,
    mean + 2 * standardError,
  ]);
  const finite = ends.filter(Number.isFinite);
  const [low, high] = [Math.min(0, ...finite), Math.max(0, ...finite)];
  const y = linearScale(low, high === low ? low + 1 : high);
  const down = (value: number): string => (PLOT_PX * (1 - y.at(value) / 100)).toFixed(1);
  const left = (k: number): string => percent((100 * (k + 0.5)) / results.length);
  const points = values.map(({ mean, standardError }, k) => ({
    x: left(k),
    y: down(mean),
    top: down(mean + 2 * standardError),
    bottom: down(mean - 2 * standardError),
  }));
  const told = results.map(({ bits }, k) => `${bits} bits ${plain((values[k] as OverSeeds).mean)}`);
  return html`<figure class="plot"><figcaption>${title} <span class="unit">(${unit})</span></figcaption>
<svg height="${PLOT_PX + 36}" role="img" aria-label="${title}: ${told.join(', ')}">
${y.ticks.map((tick) => html`<line class="${tick === 0 ? 'one' : 'grid'}" x1="0%" x2="100%" y1="${down(tick)}" y2="${down(tick)}"/><text x="-6" y="${down(tick)}" dy="4" text-anchor="end">${plain(tick)}</text>`)}
${results.map(({ bits }, k) => html`<text x="${left(k)}" y="${PLOT_PX + 15}" text-anchor="middle">${bits}</text>`)}
<text class="unit" x="50%" y="${PLOT_PX + 32}" text-anchor="middle">bits of a weight</text>
${points.slice(1).map((point, k) => html`<line class="curve k0" x1="${points[k]?.x ?? ''}" y1="${points[k]?.y ?? ''}" x2="${point.x}" y2="${point.y}"/>`)}
${points.map((point) => html`<line class="spread k0" x1="${point.x}" x2="${point.x}" y1="${point.top}" y2="${point.bottom}"/><circle class="fill k0" cx="${point.x}" cy="${point.y}" r="4.5"/>`)}
</svg></figure>`;
}

const SLOT_PX = 120;
/** Slots beyond which neighbours share a bar. */
const MOST_BARS = 160;

/** Events under way by delay slot: bars for the mean, lines for the most. */
export function slotChart(slots: readonly DelaySlot[]): Markup {
  const share = Math.max(1, Math.ceil(slots.length / MOST_BARS));
  const bars = Array.from({ length: Math.ceil(slots.length / share) }, (_, k) => {
    const own = slots.slice(k * share, (k + 1) * share);
    return {
      first: own[0]?.delaySteps ?? 0,
      mean: Math.max(...own.map(({ meanPending }) => meanPending)),
      most: Math.max(...own.map(({ mostPending }) => mostPending)),
    };
  });
  const y = linearScale(0, Math.max(1, ...bars.map(({ most }) => most)));
  const down = (value: number): number => SLOT_PX * (1 - y.at(value) / 100);
  const width = 100 / bars.length;
  const every = Math.max(1, Math.ceil(bars.length / 12));
  return html`<figure class="plot slots" style="max-width:none"><figcaption>Events under way <span class="unit">(bar: mean, line: most)</span></figcaption>
<svg height="${SLOT_PX + 36}" role="img" aria-label="Synaptic events by delay slot">
${y.ticks.map((tick) => html`<line class="grid" x1="0%" x2="100%" y1="${down(tick).toFixed(1)}" y2="${down(tick).toFixed(1)}"/><text x="-6" y="${down(tick).toFixed(1)}" dy="4" text-anchor="end">${plain(tick)}</text>`)}
${bars.map(
  ({ mean, most, first }, k) =>
    html`<g><title>${first} steps ahead: ${plain(mean)} on average, at most ${plain(most)}</title><rect class="fill k0" x="${percent((k + 0.1) * width)}" width="${percent(0.8 * width)}" y="${down(mean).toFixed(1)}" height="${(SLOT_PX - down(mean)).toFixed(1)}"/><line class="most" x1="${percent((k + 0.1) * width)}" x2="${percent((k + 0.9) * width)}" y1="${down(most).toFixed(1)}" y2="${down(most).toFixed(1)}"/></g>`,
)}
${bars.map(({ first }, k) =>
  k % every === 0
    ? html`<text x="${percent((k + 0.5) * width)}" y="${SLOT_PX + 15}" text-anchor="middle">${first}</text>`
    : html``,
)}
<text class="unit" x="50%" y="${SLOT_PX + 32}" text-anchor="middle">steps until arrival</text></svg></figure>`;
}
