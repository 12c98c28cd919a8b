/** Pictures of a comparison as inline SVG: rasters, curves over linear axes, z-scores. Markup from numbers, nothing else. */
import { html, type Markup } from '../report/markup.ts';
import { plain } from '../report/numbers.ts';
import { linearScale, type Scale } from '../report/scale.ts';
import type { Tick } from './rasters.ts';

/** Numbers of the style sheet's colours: control, intervention. */
export const CONTROL_COLOUR = 0;
export const INTERVENTION_COLOUR = 1;

const WIDTH = 1000;
const COLOURS = 7;

/** Rules of these pictures, beside the style sheet of all reports. */
export const PICTURE_STYLE = `
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 380px), 1fr)); gap: 1rem 1.6rem; }
.raster { margin: 0.4rem 0 0; min-width: 0; }
.raster figcaption { font-size: 0.88rem; font-weight: 600; padding-bottom: 0.3rem; }
.raster svg { width: 100%; }
.raster .frame { fill: none; stroke: var(--line); }
.raster .during { fill: var(--line); opacity: 0.45; }
.tick { fill: none; stroke-width: 1.2; }
${Array.from({ length: COLOURS }, (_, k) => `.tick.k${k} { stroke: var(--k${k}); } .key.k${k} { color: var(--k${k}); }`).join('\n')}
.key { font-weight: 600; padding-right: 0.9rem; }
.linear { margin: 0.4rem 0 0; padding: 0 0.6rem 0 3.4rem; min-width: 0; }
.linear figcaption { margin-left: -3.4rem; font-size: 0.88rem; font-weight: 600; padding-bottom: 0.5rem; }
.linear svg { width: 100%; }
.linear .spread { opacity: 0.7; }
.z svg { width: 150px; }
.z .limit { stroke: var(--strong); stroke-dasharray: 2 2; }
.report td.flagged { font-weight: 700; }
`;

/** What part of the run something was done in, in ms. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What a raster is drawn on. */
export interface RasterFrame {
  readonly lines: number;
  readonly dtMs: number;
  readonly durationMs: number;
  /** Shaded. */
  readonly during: readonly Span[];
}

/** A tick for every spike; `groups` have a colour each. */
export function raster(
  title: string,
  groups: readonly { readonly colour: number; readonly ticks: readonly Tick[] }[],
  { lines, dtMs, durationMs, during }: RasterFrame,
): Markup {
  const height = Math.min(320, Math.max(90, 2 * lines));
  const x = (ms: number): string => ((WIDTH * ms) / durationMs).toFixed(1);
  const spikes = groups.reduce((sum, { ticks }) => sum + ticks.length, 0);
  const paths = groups.map(({ colour, ticks }) => {
    const path = ticks.map(({ step, line }) => `M${x(step * dtMs)} ${line}v1`).join('');
    return html`<path class="tick k${colour % COLOURS}" vector-effect="non-scaling-stroke" d="${path}"/>`;
  });
  return html`<figure class="raster"><figcaption>${title}</figcaption>
<svg height="${height}" viewBox="0 0 ${WIDTH} ${Math.max(1, lines)}" preserveAspectRatio="none" role="img" aria-label="${title}: ${spikes} spikes of ${lines} neurons">
${during.map(({ fromMs, toMs }) => html`<rect class="during" x="${x(fromMs)}" y="0" width="${x(Math.max(0, toMs - fromMs))}" height="${Math.max(1, lines)}"/>`)}
<rect class="frame" vector-effect="non-scaling-stroke" x="0" y="0" width="${WIDTH}" height="${Math.max(1, lines)}"/>${paths}</svg>
${timeAxis(durationMs)}</figure>`;
}

function timeAxis(durationMs: number): Markup {
  const isLong = durationMs >= 5000;
  const scale = linearScale(0, isLong ? durationMs / 1000 : durationMs);
  return html`<svg class="times" height="30" aria-hidden="true">${scale.ticks.map(
    (tick) =>
      html`<text x="${percent(scale.at(tick))}" y="12" text-anchor="${anchor(scale.at(tick))}">${plain(tick)}</text>`,
  )}<text class="unit" x="50%" y="27" text-anchor="middle">${isLong ? 's' : 'ms'}</text></svg>`;
}

const percent = (value: number): string => `${value.toFixed(2)}%`;
const anchor = (at: number): string => (at < 4 ? 'start' : at > 96 ? 'end' : 'middle');

/** A curve over linear axes; `spread` is drawn up and down from each point. */
export interface Curve {
  readonly name: string;
  readonly colour: number;
  readonly points: readonly { readonly x: number; readonly y: number; readonly spread?: number }[];
}

const PLOT_PX = 150;

/** Curves with a common y axis from 0, or below where values are. */
export function curves(title: string, unit: string, xUnit: string, all: readonly Curve[]): Markup {
  const points = all.flatMap((curve) => curve.points).filter(({ y }) => Number.isFinite(y));
  const ends = points.flatMap(({ y, spread = 0 }) => [y - spread, y + spread]);
  const y = linearScale(Math.min(0, ...ends), Math.max(...ends, 1e-30) * 1.05);
  const xs = points.map((point) => point.x);
  const x = linearScale(Math.min(...xs, 0), Math.max(...xs, 0));
  const down = (value: number): string => (PLOT_PX * (1 - y.at(value) / 100)).toFixed(1);
  return html`<figure class="linear"><figcaption>${title}${unit === '' || unit === '1' ? '' : html` <span class="unit">(${unit})</span>`}</figcaption>
<svg height="${PLOT_PX + 34}" role="img" aria-label="${title}: ${describe(all)}">
${y.ticks.map((tick) => html`<line class="grid" x1="0%" x2="100%" y1="${down(tick)}" y2="${down(tick)}"/><text x="-6" y="${down(tick)}" dy="4" text-anchor="end">${plain(tick)}</text>`)}
${x.ticks.map((tick) => html`<text x="${percent(x.at(tick))}" y="${PLOT_PX + 15}" text-anchor="middle">${plain(tick)}</text>`)}
<text class="unit" x="50%" y="${PLOT_PX + 31}" text-anchor="middle">${xUnit}</text>
${all.map((curve) => curveOf(curve, x, down))}</svg></figure>`;
}

function curveOf({ colour, points }: Curve, x: Scale, down: (y: number) => string): Markup {
  const known = points.filter(({ y }) => Number.isFinite(y));
  const look = `k${colour % COLOURS}`;
  const lines = known.slice(1).map((point, k) => {
    const before = known[k] as (typeof known)[number];
    return html`<line class="curve ${look} d${colour % COLOURS}" x1="${percent(x.at(before.x))}" y1="${down(before.y)}" x2="${percent(x.at(point.x))}" y2="${down(point.y)}"/>`;
  });
  const spreads = known.flatMap(({ x: at, y, spread }) =>
    spread !== undefined && spread > 0
      ? [
          html`<line class="spread ${look}" x1="${percent(x.at(at))}" x2="${percent(x.at(at))}" y1="${down(y - spread)}" y2="${down(y + spread)}"/>`,
        ]
      : [],
  );
  return html`${lines}${spreads}`;
}

/** Screen readers get the ends and the largest value. */
function describe(all: readonly Curve[]): string {
  return all
    .map(({ name, points }) => {
      const ys = points.map(({ y }) => y).filter(Number.isFinite);
      if (ys.length === 0) return `${name} unknown`;
      return `${name} from ${plain(ys[0] as number)} to ${plain(ys.at(-1) as number)}, largest ${plain(Math.max(...ys))}`;
    })
    .join('; ');
}

const MOST_Z = 10;

/** A z-score as a bar from the middle, cut at ±10, with the threshold on both sides. */
export function zBar(z: number, threshold: number): Markup {
  const scale = linearScale(-MOST_Z, MOST_Z);
  const limits = [-threshold, threshold].map(
    (one) =>
      html`<line class="limit" x1="${percent(scale.at(one))}" x2="${percent(scale.at(one))}" y1="0" y2="14"/>`,
  );
  const [from, to] = [scale.at(Math.min(0, z)), scale.at(Math.max(0, z))];
  const colour = Math.abs(z) > threshold ? INTERVENTION_COLOUR : 6;
  const bar = Number.isNaN(z)
    ? null
    : html`<rect class="fill k${colour}" x="${percent(from)}" width="${percent(to - from)}" y="3" height="8"/>`;
  return html`<svg height="14" aria-hidden="true">${limits}<line class="one" x1="50%" x2="50%" y1="0" y2="14"/>${bar}</svg>`;
}

/** Names in their colours. */
export const key = (
  entries: readonly { readonly name: string; readonly colour: number }[],
): Markup =>
  html`<p>${entries.map(({ name, colour }) => html`<span class="key k${colour % COLOURS}">${name}</span>`)}</p>`;
