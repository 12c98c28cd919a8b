/**
 * The report's pictures as inline SVG, made by hand: a chart library would be fifty kilobytes of script in every report,
 * draws nothing before it runs, and cannot print. Horizontal places are per cents and everything else is pixels, so that
 * pictures follow the width of the page while their text keeps its size.
 */

import { html, type Markup } from './markup.ts';
import { plain } from './numbers.ts';
import { linearScale, logScale, type Scale } from './scale.ts';

/** Numbers of a colour of the style sheet, 0 … 6, and of a shape with its dash, 0 … 6. */
export interface Look {
  readonly colour: number;
  readonly shape: number;
}

/** One bar of a row chart. */
export interface Bar {
  readonly name: string;
  /** As people read it, with its unit. */
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly look: Look;
  /** A value to mark on the bar's line, such as what would be ideal. */
  readonly mark?: number;
}

export interface BarGroup {
  readonly title: string;
  readonly bars: readonly Bar[];
}

const LOOKS = 7;
const BAR_PX = 18;

const place = (percent: number): string => `${percent.toFixed(2)}%`;

/** `k0` … `k6`: the style sheet's colours. */
const colourOf = ({ colour }: Look): string => `k${colour % LOOKS}`;

/**
 * Bars that start at 1 and go right for more and left for less, on a common axis; thin lines are the range from the
 * smallest to the largest repetition. `unit`: what the axis counts.
 */
export function barChart(
  groups: readonly BarGroup[],
  { unit, axis }: { readonly unit: string; readonly axis: 'log' | 'linear' },
): Markup {
  const bars = groups.flatMap(({ bars: own }) => own);
  const values = bars.flatMap(({ min, max, value, mark }) => [min, max, value, mark ?? value]);
  const scale =
    axis === 'log'
      ? logScale(values, [1])
      : linearScale(Math.min(0.8, ...values), Math.max(...values, 1.2) * 1.04);
  return html`<div class="bars">${groups.map(
    ({ title, bars: own }) =>
      html`<section class="group"><h3>${title}</h3>${own.map((bar) => barRow(bar, scale))}</section>`,
  )}${axisBelow(scale, unit)}</div>`;
}

function barRow({ name, label, value, min, max, look, mark }: Bar, scale: Scale): Markup {
  const [from, to] = [scale.at(Math.min(1, value)), scale.at(Math.max(1, value))];
  const middle = BAR_PX / 2;
  const range = `${plain(min)} to ${plain(max)}`;
  const ideal =
    mark === undefined
      ? null
      : html`<line class="ideal" x1="${place(scale.at(mark))}" x2="${place(scale.at(mark))}" y1="1" y2="${BAR_PX - 1}"/>`;
  return html`<div class="bar"><span class="name">${name}</span><span class="value">${label}</span>
<svg class="row" height="${BAR_PX}" role="img" aria-label="${name}: ${label}, ${range}">
${gridLines(scale, BAR_PX)}<rect class="fill ${colourOf(look)}" x="${place(from)}" width="${place(Math.max(0.3, to - from))}" y="3" height="${BAR_PX - 6}" rx="2"/>
<line class="range" x1="${place(scale.at(min))}" x2="${place(scale.at(max))}" y1="${middle}" y2="${middle}"/>${ideal}</svg></div>`;
}

function gridLines(scale: Scale, height: number): Markup[] {
  const lines = scale.ticks.map(
    (tick) =>
      html`<line class="${tick === 1 ? 'one' : 'grid'}" x1="${place(scale.at(tick))}" x2="${place(scale.at(tick))}" y1="0" y2="${height}"/>`,
  );
  if (!scale.ticks.includes(1)) {
    const at = place(scale.at(1));
    lines.push(html`<line class="one" x1="${at}" x2="${at}" y1="0" y2="${height}"/>`);
  }
  return lines;
}

function axisBelow(scale: Scale, unit: string): Markup {
  return html`<svg class="axis" height="34" aria-hidden="true">${scale.ticks.map(
    (tick) =>
      html`<text x="${place(scale.at(tick))}" y="12" text-anchor="${anchorOf(scale.at(tick))}">${plain(tick)}</text>`,
  )}<text class="unit" x="50%" y="29" text-anchor="middle">${unit}</text></svg>`;
}

const anchorOf = (percent: number): string =>
  percent < 4 ? 'start' : percent > 96 ? 'end' : 'middle';

/** Parts of a whole, one row each. */
export interface Stack {
  readonly name: string;
  readonly label: string;
  /** In the order of the legend; all of one unit, at least 0. */
  readonly parts: readonly number[];
}

/** Rows of 100 % bars: what share each part has. The label says how much the whole is. */
export function stackChart(names: readonly string[], rows: readonly Stack[]): Markup {
  const patches = names.map((name, index) => ({
    name,
    patch: html`<rect class="fill s${index}" x="-6" y="-6" width="12" height="12" rx="2"/>`,
  }));
  return html`<div class="bars">${rows.map((row) => stackRow(names, row))}</div>${legend(patches)}`;
}

function stackRow(names: readonly string[], { name, label, parts }: Stack): Markup {
  const total = parts.reduce((sum, part) => sum + part, 0) || 1;
  let from = 0;
  const pieces = parts.map((part, index) => {
    const width = (100 * part) / total;
    const piece = html`<rect class="fill s${index}" x="${place(from)}" width="${place(width)}" y="2" height="${BAR_PX - 4}"/>`;
    from += width;
    return piece;
  });
  const shares = names.map(
    (one, index) => `${one} ${plain((100 * (parts[index] ?? 0)) / total)} %`,
  );
  return html`<div class="bar"><span class="name">${name}</span><span class="value">${label}</span>
<svg class="row" height="${BAR_PX}" role="img" aria-label="${name}: ${shares.join(', ')}">${pieces}</svg></div>`;
}

/** A line of a plot: points with their spread. */
export interface Line {
  readonly name: string;
  readonly look: Look;
  readonly points: readonly {
    readonly x: number;
    readonly y: number;
    readonly min: number;
    readonly max: number;
  }[];
}

const PLOT_PX = 210;

/** Lines over two logarithmic axes; ranges are the smallest and largest repetition. */
export function linePlot(
  lines: readonly Line[],
  {
    title,
    xUnit,
    yUnit,
    xLabel,
  }: {
    readonly title: string;
    readonly xUnit: string;
    readonly yUnit: string;
    readonly xLabel: (value: number) => string;
  },
): Markup {
  const points = lines.flatMap(({ points: own }) => own);
  const x = logScale(points.map((point) => point.x));
  const y = logScale(points.flatMap(({ min, max }) => [min, max]));
  const down = (value: number): string => (PLOT_PX * (1 - y.at(value) / 100)).toFixed(1);
  const xs = [...new Set(points.map((point) => point.x))];
  return html`<figure class="plot"><figcaption>${title} <span class="unit">(${yUnit})</span></figcaption>
<svg height="${PLOT_PX + 36}" role="img" aria-label="${title}: ${describeLines(lines, xLabel)}">
${y.ticks.map((tick) => html`<line class="grid" x1="0%" x2="100%" y1="${down(tick)}" y2="${down(tick)}"/><text x="-6" y="${down(tick)}" dy="4" text-anchor="end">${plain(tick)}</text>`)}
${xs.map((value) => html`<line class="grid" x1="${place(x.at(value))}" x2="${place(x.at(value))}" y1="0" y2="${PLOT_PX}"/><text x="${place(x.at(value))}" y="${PLOT_PX + 15}" text-anchor="middle">${xLabel(value)}</text>`)}
<text class="unit" x="50%" y="${PLOT_PX + 32}" text-anchor="middle">${xUnit}</text>
${lines.map((line) => lineOf(line, x, down))}</svg></figure>`;
}

function lineOf({ look, points }: Line, x: Scale, down: (value: number) => string): Markup {
  const segments = points.slice(1).map((point, index) => {
    const before = points[index] as (typeof points)[number];
    return html`<line class="curve ${colourOf(look)} d${look.shape % LOOKS}" x1="${place(x.at(before.x))}" y1="${down(before.y)}" x2="${place(x.at(point.x))}" y2="${down(point.y)}"/>`;
  });
  const marks = points.map(({ x: at, y, min, max }) => {
    const left = place(x.at(at));
    return html`<line class="spread ${colourOf(look)}" x1="${left}" x2="${left}" y1="${down(min)}" y2="${down(max)}"/><svg class="mark" x="${left}" y="${down(y)}">${shapeOf(look)}</svg>`;
  });
  return html`${segments}${marks}`;
}

const SHAPES = [
  'M-4.5 0A4.5 4.5 0 1 0 4.5 0A4.5 4.5 0 1 0 -4.5 0Z',
  'M-4 -4H4V4H-4Z',
  'M0 -5.2L5 3.6H-5Z',
  'M0 -5.6L5.6 0L0 5.6L-5.6 0Z',
  'M0 5.2L5 -3.6H-5Z',
  'M-5 -1.6H-1.6V-5H1.6V-1.6H5V1.6H1.6V5H-1.6V1.6H-5Z',
  'M-4 -6H4V6H-4Z',
] as const;

const shapeOf = (look: Look): Markup =>
  html`<path class="fill ${colourOf(look)}" d="${SHAPES[look.shape % LOOKS] as string}"/>`;

/** What the shapes of curves mean. */
export const shapeLegend = (
  entries: readonly { readonly name: string; readonly look: Look }[],
): Markup => legend(entries.map(({ name, look }) => ({ name, patch: shapeOf(look) })));

function legend(entries: readonly { readonly name: string; readonly patch: Markup }[]): Markup {
  return html`<ul class="legend">${entries.map(
    ({ name, patch }) =>
      html`<li><svg width="14" height="14" viewBox="-7 -7 14 14" aria-hidden="true">${patch}</svg>${name}</li>`,
  )}</ul>`;
}

function describeLines(lines: readonly Line[], xLabel: (value: number) => string): string {
  return lines
    .map(({ name, points }) => {
      const values = points.map(({ x, y }) => `${xLabel(x)}: ${plain(y)}`);
      return `${name} ${values.join(', ')}`;
    })
    .join('; ');
}
