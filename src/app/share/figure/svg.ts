/**
 * A figure as SVG text, in points at its printed width: raster, rates and traces over one axis of time, text as text, on
 * white. Pure: the picture of a raster with too many spikes comes from outside.
 */
import { html, linearScale, type Markup, plain } from '../../../report/index.ts';
import { stylesOf } from '../../colours.ts';
import { type Band, bandsOf } from './bands.ts';
import { wrapped } from './caption.ts';
import { type FigureData, type FigureTrace, populationOf } from './data.ts';

/** Widths of a column, one and a half, and two columns of journals, mm. */
export const WIDTHS_MM = [85, 114, 174] as const;
/** More spikes than this are an image. */
export const MOST_TICKS = 20_000;

export interface FigureOptions {
  readonly widthMm: number;
  readonly raster: boolean;
  readonly rates: boolean;
  readonly traces: boolean;
  /** Text below the picture; '' for none. */
  readonly caption: string;
}

/** Where the spikes are, in points: for whoever paints them as an image. */
export interface RasterArea {
  readonly width: number;
  readonly height: number;
  readonly bands: readonly Band[];
}

const POINTS_PER_MM = 72 / 25.4;
const FONT = 'Helvetica, Arial, Liberation Sans, sans-serif';
/** Sizes of text, points at printed width: what journals ask for. */
const SMALL = 6;
const NORMAL = 7;
const INK = '#1a1a1a';
const GREY = '#8a8a8a';
const GAP = 9;
/** Width of a character over its size, in the widest of the fonts. */
const CHARACTER = 0.58;

interface Layout {
  readonly width: number;
  readonly left: number;
  readonly right: number;
  readonly inner: number;
  readonly rasterHeight: number;
  readonly plotHeight: number;
}

function layoutOf({ populations }: FigureData, widthMm: number): Layout {
  const width = widthMm * POINTS_PER_MM;
  const longest = Math.max(4, ...populations.map(({ name }) => name.length));
  const names = Math.min(longest, 14) * SMALL * CHARACTER + 16;
  const left = Math.min(width * 0.3, Math.max(38, names));
  const right = 12;
  return {
    width,
    left,
    right,
    inner: width - left - right,
    rasterHeight: Math.min(230, Math.max(90, width * 0.45, populations.length * 9)),
    plotHeight: Math.min(90, Math.max(48, width * 0.2)),
  };
}

export function rasterArea(data: FigureData, widthMm: number): RasterArea {
  const { inner, rasterHeight } = layoutOf(data, widthMm);
  return {
    width: inner,
    height: rasterHeight,
    bands: bandsOf(data.populations, rasterHeight, data.populations.length > 20 ? 0 : 1.5),
  };
}

/** `image`: the raster as a data address of a PNG, where there are more than MOST_TICKS spikes. */
export function figureSvg(data: FigureData, options: FigureOptions, image: string | null): string {
  const layout = layoutOf(data, options.widthMm);
  const styles = stylesOf(data.populations, false);
  const parts: Markup[] = [];
  let top = 8;
  if (options.raster) {
    parts.push(rasterPart(data, layout, top, styles, image, rasterArea(data, options.widthMm)));
    top += layout.rasterHeight + GAP;
  }
  if (options.rates) {
    const lines = data.rates.hz.map((values, p) => ({
      timesMs: data.rates.timesMs,
      values,
      colour: styles[p]?.colour ?? INK,
      dash: styles[p]?.mark === '●' ? '2.5 1.2' : '',
    }));
    parts.push(plotPart(data, layout, top, ['rate', 'spikes/s'], lines, 0));
    top += layout.plotHeight + GAP;
  }
  if (options.traces) {
    for (const trace of data.traces) {
      parts.push(tracePart(data, layout, top, trace));
      top += layout.plotHeight + GAP;
    }
  }
  top -= GAP;
  parts.push(timeAxis(data, layout, top));
  top += 22;
  const caption = captionPart(options.caption, layout, top);
  parts.push(caption.text);
  const height = caption.bottom + 4;
  const size = { width: layout.width.toFixed(2), height: height.toFixed(2) };
  return html`<svg xmlns="http://www.w3.org/2000/svg" width="${options.widthMm}mm" height="${(height / POINTS_PER_MM).toFixed(2)}mm" viewBox="0 0 ${size.width} ${size.height}" font-family="${FONT}" font-size="${NORMAL}" fill="${INK}">
<desc>${options.caption}</desc>
<rect width="${size.width}" height="${size.height}" fill="#ffffff"/>
${parts}
</svg>
`.text;
}

type Styles = ReturnType<typeof stylesOf>;

function rasterPart(
  data: FigureData,
  { left, inner, rasterHeight }: Layout,
  top: number,
  styles: Styles,
  image: string | null,
  { bands }: RasterArea,
): Markup {
  const spikes =
    image === null
      ? ticksPart(data, bands, left, top, inner, styles)
      : [
          html`<image x="${at(left)}" y="${at(top)}" width="${at(inner)}" height="${at(rasterHeight)}" preserveAspectRatio="none" href="${image}"/>`,
        ];
  // Names that would overlap are left out from the smaller populations on.
  const labels: Markup[] = [];
  let free = Number.NEGATIVE_INFINITY;
  for (const [p, { name }] of data.populations.entries()) {
    const band = bands[p] as Band;
    const middle = top + band.top + band.height / 2;
    if (middle - SMALL * 0.6 < free) continue;
    free = middle + SMALL * 0.6;
    labels.push(markPart(styles[p]?.mark ?? '▲', styles[p]?.colour ?? INK, left - 7, middle));
    labels.push(
      html`<text x="${at(left - 12)}" y="${at(middle + SMALL * 0.35)}" font-size="${SMALL}" text-anchor="end">${shortened(name, Math.floor((left - 14) / (SMALL * CHARACTER)))}</text>`,
    );
  }
  return html`<g>${spikes}${labels}<path d="M${at(left)} ${at(top)}v${at(rasterHeight)}" stroke="${GREY}" stroke-width="0.5" fill="none"/></g>`;
}

const at = (value: number): string => String(Number(value.toFixed(2)));

const shortened = (name: string, most: number): string =>
  name.length <= most ? name : `${name.slice(0, Math.max(1, most - 1))}…`;

/** The shape that tells excitatory from inhibitory where colours do not. */
function markPart(mark: string, colour: string, x: number, y: number): Markup {
  return mark === '●'
    ? html`<circle cx="${at(x)}" cy="${at(y)}" r="2" fill="${colour}"/>`
    : html`<path d="M${at(x - 2.2)} ${at(y + 1.8)}h4.4l-2.2 -4z" fill="${colour}"/>`;
}

/** One path for each population, so that they can be restyled in a drawing program. */
function ticksPart(
  { populations, steps, neurons, dtMs, fromMs, toMs }: FigureData,
  bands: readonly Band[],
  left: number,
  top: number,
  inner: number,
  styles: Styles,
): Markup[] {
  const paths: string[][] = populations.map(() => []);
  const firsts = populations.map(({ first }) => first);
  for (let k = 0; k < steps.length; k++) {
    const timeMs = (steps[k] as number) * dtMs;
    if (timeMs < fromMs || timeMs >= toMs) continue;
    const p = populationOf(firsts, neurons[k] as number);
    const band = bands[p] as Band;
    const { size, first } = populations[p] as { size: number; first: number };
    const row = band.height / size;
    const tall = Math.max(0.8, row * 0.8);
    const x = left + ((timeMs - fromMs) / (toMs - fromMs)) * inner;
    const y = top + band.top + ((neurons[k] as number) - first + 0.5) * row - tall / 2;
    paths[p]?.push(`M${at(x)} ${at(y)}v${at(tall)}`);
  }
  return paths.map(
    (path, p) =>
      html`<path d="${path.join('')}" stroke="${styles[p]?.colour ?? INK}" stroke-width="0.4" fill="none"/>`,
  );
}

interface PlotLine {
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
  readonly colour: string;
  readonly dash: string;
}

function plotPart(
  { fromMs, toMs }: FigureData,
  { left, inner, plotHeight }: Layout,
  top: number,
  [name, unit]: readonly [string, string],
  lines: readonly PlotLine[],
  /** A value that the axis must hold; NaN: none. */
  keep: number,
): Markup {
  const [low, high] = extentOf(lines, keep);
  const scale = linearScale(low, high);
  const y = (value: number): number => top + plotHeight * (1 - scale.at(value) / 100);
  const every = Math.ceil(scale.ticks.length / Math.max(2, Math.floor(plotHeight / 12)));
  const ticks = scale.ticks
    .filter((_, k) => k % every === 0)
    .map(
      (tick) =>
        html`<path d="M${at(left - 2)} ${at(y(tick))}h2" stroke="${GREY}" stroke-width="0.5"/><text x="${at(left - 3.5)}" y="${at(y(tick) + SMALL * 0.35)}" font-size="${SMALL}" text-anchor="end">${plain(tick)}</text>`,
    );
  const curves = lines.map(
    ({ timesMs, values, colour, dash }) =>
      html`<path d="${curve(timesMs, values, (ms) => left + ((ms - fromMs) / (toMs - fromMs)) * inner, y, inner)}" stroke="${colour}" stroke-width="0.7" stroke-linejoin="round" fill="none"${dash === '' ? null : html` stroke-dasharray="${dash}"`}/>`,
  );
  const middle = top + plotHeight / 2;
  const labelX = Math.max(6, left - 26);
  return html`<g>${curves}${ticks}<path d="M${at(left)} ${at(top)}v${at(plotHeight)}" stroke="${GREY}" stroke-width="0.5" fill="none"/><text transform="translate(${at(labelX)} ${at(middle)}) rotate(-90)" text-anchor="middle" font-size="${SMALL}">${unit === '' ? name : `${name} (${unit})`}</text></g>`;
}

function tracePart(data: FigureData, layout: Layout, top: number, trace: FigureTrace): Markup {
  const colours = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9', '#000000'];
  const dashes = ['', '2.5 1.2', '1 1', '4 1 1 1'];
  const lines = trace.values.map((values, n) => ({
    timesMs: trace.timesMs,
    values,
    colour: colours[n % colours.length] as string,
    dash: dashes[n % dashes.length] as string,
  }));
  const name = `${trace.variable} of ${trace.population}`;
  return plotPart(data, layout, top, [name, trace.unit], lines, Number.NaN);
}

function extentOf(lines: readonly PlotLine[], keep: number): [number, number] {
  let low = Number.isNaN(keep) ? Number.POSITIVE_INFINITY : keep;
  let high = Number.isNaN(keep) ? Number.NEGATIVE_INFINITY : keep;
  for (const { values } of lines) {
    for (const value of values) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  if (!(high > low)) return Number.isFinite(low) ? [low, low + 1] : [0, 1];
  const room = (high - low) * 0.05;
  return [low === keep ? low : low - room, high + room];
}

/** A path of at most four points for each half point of width: the first, last, least and largest there. */
function curve(
  timesMs: Float64Array,
  values: Float64Array,
  x: (ms: number) => number,
  y: (value: number) => number,
  inner: number,
): string {
  const columns = Math.max(1, Math.ceil(inner * 2));
  const step = Math.max(1, Math.floor(values.length / columns));
  const points: string[] = [];
  const add = (k: number): void => {
    const value = values[k];
    if (value === undefined || !Number.isFinite(value)) return;
    points.push(`${points.length === 0 ? 'M' : 'L'}${at(x(timesMs[k] as number))} ${at(y(value))}`);
  };
  for (let from = 0; from < values.length; from += step) {
    const to = Math.min(values.length, from + step);
    let [least, most] = [from, from];
    for (let k = from; k < to; k++) {
      if ((values[k] as number) < (values[least] as number)) least = k;
      if ((values[k] as number) > (values[most] as number)) most = k;
    }
    for (const k of new Set([from, Math.min(least, most), Math.max(least, most), to - 1])) add(k);
  }
  return points.join('');
}

function timeAxis({ fromMs, toMs }: FigureData, { left, inner }: Layout, top: number): Markup {
  const isSeconds = toMs >= 10_000;
  const factor = isSeconds ? 1000 : 1;
  const scale = linearScale(fromMs / factor, toMs / factor);
  const ticks = scale.ticks.map((tick) => {
    const x = at(left + (inner * scale.at(tick)) / 100);
    return html`<path d="M${x} ${at(top)}v2.5" stroke="${GREY}" stroke-width="0.5"/><text x="${x}" y="${at(top + 9)}" font-size="${SMALL}" text-anchor="middle">${String(Number(tick.toFixed(6)))}</text>`;
  });
  return html`<g><path d="M${at(left)} ${at(top)}h${at(inner)}" stroke="${GREY}" stroke-width="0.5" fill="none"/>${ticks}<text x="${at(left + inner / 2)}" y="${at(top + 18)}" text-anchor="middle">time (${isSeconds ? 's' : 'ms'})</text></g>`;
}

function captionPart(
  caption: string,
  { width }: Layout,
  top: number,
): { text: Markup; bottom: number } {
  if (caption === '') return { text: html``, bottom: top };
  const lines = wrapped(caption, Math.floor((width - 8) / (SMALL * CHARACTER)));
  const begin = top + 6;
  return {
    text: html`<text font-size="${SMALL}">${lines.map(
      (line, k) => html`<tspan x="4" y="${at(begin + k * SMALL * 1.35)}">${line}</tspan>`,
    )}</text>`,
    bottom: begin + (lines.length - 1) * SMALL * 1.35,
  };
}
