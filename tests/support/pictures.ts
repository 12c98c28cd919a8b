/**
 * The pictures of the pages beside the models, as SVG text: stacked panels of curves over time, and panels of dots side by
 * side. Plain enough that equal numbers give equal text. Not the charts of the benchmark report, which need its style sheet.
 */

/** A curve or a set of dots, with its name beside it. */
export interface Series {
  readonly name: string;
  readonly colour: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** One panel: what its y axis counts, and its range. */
export interface Panel {
  readonly title: string;
  readonly range: readonly [low: number, high: number];
  /** Lines of the grid along y. */
  readonly ticks: readonly number[];
  readonly series: readonly Series[];
}

/** What all panels share. */
export interface Axis {
  readonly title: string;
  readonly range: readonly [low: number, high: number];
  readonly ticks: readonly number[];
}

export const BLUE = '#2563a8';
export const ORANGE = '#c2570c';

const INK = '#333';
const FAINT = '#ddd';

const short = (value: number): string => String(Math.round(value * 10) / 10);

/** A place on a line of `length` pixels from `start`. */
const along =
  ([low, high]: readonly [number, number], start: number, length: number) =>
  (value: number): number =>
    start + ((value - low) / (high - low)) * length;

const text = (x: number, y: number, content: string, extra = ''): string =>
  `<text x="${short(x)}" y="${short(y)}"${extra}>${content}</text>`;

const picture = (width: number, height: number, title: string, parts: readonly string[]): string =>
  [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="12" fill="${INK}">`,
    `<title>${title}</title>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');

/** Panels of curves, one below the other, over one axis; names stand at the right. */
export function stackedCurves(title: string, axis: Axis, panels: readonly Panel[]): string {
  const [left, right, top, panelHeight, gap] = [64, 110, 18, 72, 20];
  const plotWidth = 700 - left - right;
  const x = along(axis.range, left, plotWidth);
  const parts = panels.flatMap((panel, k) => {
    const y0 = top + k * (panelHeight + gap);
    const y = along([panel.range[1], panel.range[0]], y0, panelHeight);
    return [
      ...panel.ticks.flatMap((tick) => [
        `<path d="M${left} ${short(y(tick))}h${plotWidth}" stroke="${FAINT}"/>`,
        text(left - 6, y(tick) + 4, String(tick), ' text-anchor="end"'),
      ]),
      text(left, y0 - 3, panel.title, ' font-weight="bold" font-size="11"'),
      ...panel.series.flatMap(({ name, colour, points }, n) => [
        `<path d="M${points.map(([px, py]) => `${short(x(px))} ${short(y(py))}`).join('L')}" fill="none" stroke="${colour}" stroke-width="1.8"/>`,
        text(left + plotWidth + 8, y0 + 14 + 16 * n, name, ` fill="${colour}"`),
      ]),
    ];
  });
  const bottom = top + panels.length * (panelHeight + gap) - gap;
  const below = axis.ticks.flatMap((tick) => [
    `<path d="M${short(x(tick))} ${bottom}v4" stroke="${INK}"/>`,
    text(x(tick), bottom + 17, String(tick), ' text-anchor="middle"'),
  ]);
  const name = text(left + plotWidth / 2, bottom + 34, axis.title, ' text-anchor="middle"');
  return picture(700, bottom + 44, title, [...parts, ...below, name]);
}

/** Panels of dots side by side, over axes of one range; time goes up. */
export function sideBySideDots(title: string, axis: Axis, panels: readonly Panel[]): string {
  const [left, top, height, gap] = [44, 34, 190, 14];
  const width = (700 - left - 10 - gap * (panels.length - 1)) / panels.length;
  const parts = panels.flatMap((panel, k) => {
    const x0 = left + k * (width + gap);
    const x = along(axis.range, x0, width);
    const y = along([panel.range[1], panel.range[0]], top, height);
    return [
      `<rect x="${short(x0)}" y="${top}" width="${short(width)}" height="${height}" fill="none" stroke="${FAINT}"/>`,
      text(
        x0 + width / 2,
        top - 10,
        panel.title,
        ' text-anchor="middle" font-weight="bold" font-size="11"',
      ),
      ...panel.ticks.flatMap((tick) => [
        `<path d="M${short(x0)} ${short(y(tick))}h${short(width)}" stroke="${FAINT}"/>`,
        ...(k === 0 ? [text(x0 - 6, y(tick) + 4, String(tick), ' text-anchor="end"')] : []),
      ]),
      ...axis.ticks.map((tick) =>
        text(x(tick), top + height + 16, String(tick), ' text-anchor="middle"'),
      ),
      ...panel.series.map(
        ({ colour, points }) =>
          `<path d="${points.map(([px, py]) => `M${short(x(px))} ${short(y(py))}h0`).join('')}" stroke="${colour}" stroke-width="3.4" stroke-linecap="round"/>`,
      ),
    ];
  });
  const below = text(
    left + (690 - left) / 2,
    top + height + 36,
    axis.title,
    ' text-anchor="middle"',
  );
  const side = text(10, top - 10, 'ms');
  return picture(700, top + height + 46, title, [...parts, below, side]);
}
