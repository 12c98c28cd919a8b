/**
 * The pictures of the pages beside the models, as SVG text: blocks of curves, dots and maps, one below the other. Plain
 * enough that equal numbers give equal text. Not the charts of reports, which need a style sheet and a page's width.
 *
 * Colours are Okabe and Ito's, darker on light and lighter on dark ground; dash and shape repeat what they say.
 */

/** Colour and dash of a series: one number for both. */
export type Look = 0 | 1 | 2 | 3 | 4;

export const BLUE = 0;
export const ORANGE = 1;
export const GREEN = 2;
export const PURPLE = 3;
export const OLIVE = 4;

/** A curve or a set of dots, with its name beside it; "" where the title of the panel says it. */
export interface Series {
  readonly name: string;
  readonly colour: Look;
  readonly points: readonly (readonly [x: number, y: number])[];
  /** Default 'line'. 'marks' are for closed forms and targets, 'bars' for points with a spread up and down. */
  readonly drawn?: 'line' | 'marks' | 'bars';
  /** Of bars: half of their length, for each point. */
  readonly spread?: readonly number[];
}

/** A line of the grid: its value, or value and label. */
export type Tick = number | readonly [value: number, label: string];

/** One panel: what its y axis counts, and its range. */
export interface Panel {
  readonly title: string;
  readonly range: readonly [low: number, high: number];
  /** Lines of the grid along y. */
  readonly ticks: readonly Tick[];
  readonly series: readonly Series[];
  /** Whether y is logarithmic. */
  readonly isLog?: boolean;
  /** Pixels; default 72. */
  readonly height?: number;
}

/** What all panels of a block share. */
export interface Axis {
  readonly title: string;
  readonly range: readonly [low: number, high: number];
  readonly ticks: readonly Tick[];
  readonly isLog?: boolean;
  /** Times that are shaded, with a word above them. */
  readonly bands?: readonly (readonly [from: number, to: number, word: string])[];
}

/** A part of a picture that begins at `top`. */
export type Block = (top: number) => { readonly parts: readonly string[]; readonly bottom: number };

const WIDTH = 740;
const [LEFT, RIGHT] = [64, 164];

/** Stroke on light and on dark ground, and the dash. */
const LOOKS = [
  ['#0072b2', '#56b4e9', ''],
  ['#c75000', '#f0803c', '7 3'],
  ['#00805c', '#2fbf95', '2 2.5'],
  ['#a8487f', '#dc8fc0', '9 3 2 3'],
  ['#7a6a00', '#e6c84a', '4 4'],
] as const;

const looks = (dark: 0 | 1): string =>
  LOOKS.map((look, k) => `.k${k}{stroke:${look[dark]}}`).join('');

const STYLE = `<style>.paper{fill:#fff}.grid{stroke:#dde2e7}.band{fill:#eef1f4}text{fill:#1b2128}path{fill:none}.tick{stroke:#59636e}${looks(0)}@media(prefers-color-scheme:dark){.paper{fill:#11151a}.grid{stroke:#2b323a}.band{fill:#1b222a}text{fill:#e6edf3}.tick{stroke:#9aa4af}${looks(1)}}</style>`;

const short = (value: number): string => String(Math.round(value * 10) / 10 + 0);

const escaped = (content: string): string =>
  content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** A place on a line of `length` pixels from `start`. */
function along(
  [low, high]: readonly [number, number],
  start: number,
  length: number,
  isLog = false,
): (value: number) => number {
  const at = isLog ? Math.log : (value: number) => value;
  return (value) => start + ((at(value) - at(low)) / (at(high) - at(low))) * length;
}

const tickValue = (tick: Tick): number => (typeof tick === 'number' ? tick : tick[0]);
const tickLabel = (tick: Tick): string => (typeof tick === 'number' ? String(tick) : tick[1]);

const text = (x: number, y: number, content: string, extra = ''): string =>
  `<text x="${short(x)}" y="${short(y)}"${extra}>${escaped(content)}</text>`;

const MIDDLE = ' text-anchor="middle"';
const END = ' text-anchor="end"';
const BOLD = ' font-weight="bold" font-size="11"';

/** Blocks below each other under a title that only readers of screens see. */
export function picture(title: string, ...blocks: readonly Block[]): string {
  const parts: string[] = [];
  let bottom = 4;
  for (const block of blocks) {
    const made = block(bottom);
    parts.push(...made.parts);
    bottom = made.bottom;
  }
  const height = Math.ceil(bottom);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="sans-serif" font-size="12" stroke-width="1">`,
    `<title>${escaped(title)}</title>`,
    STYLE,
    `<rect class="paper" width="${WIDTH}" height="${height}" rx="6"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

type Place = readonly [x: number, y: number];

/** Those of the points that a curve needs to be within a quarter of a pixel (Douglas and Peucker). */
function thinned(points: readonly Place[]): readonly Place[] {
  const keeps = new Uint8Array(points.length);
  const pending: [number, number][] = [[0, points.length - 1]];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [from, to] = next;
    keeps[from] = keeps[to] = 1;
    const [x0, y0] = points[from] as Place;
    const [x1, y1] = points[to] as Place;
    const length = Math.hypot(x1 - x0, y1 - y0) || 1;
    let [worst, at] = [0.25, -1];
    for (let k = from + 1; k < to; k++) {
      const [x, y] = points[k] as Place;
      const distance = Math.abs((x1 - x0) * (y - y0) - (y1 - y0) * (x - x0)) / length;
      if (distance > worst) [worst, at] = [distance, k];
    }
    if (at > 0) pending.push([from, at], [at, to]);
  }
  return points.filter((_, k) => keeps[k] === 1);
}

const dashOf = (look: Look): string => {
  const dash = LOOKS[look][2];
  return dash === '' ? '' : ` stroke-dasharray="${dash}"`;
};

/** Shapes of marks, as paths from their middle: circle, square, triangle, diamond, triangle that points down. */
const SHAPES = [
  'm-3.4 0a3.4 3.4 0 1 0 6.8 0a3.4 3.4 0 1 0-6.8 0z',
  'm-3-3h6v6h-6z',
  'm0-4l4 6.5h-8z',
  'm0-4.4l4.4 4.4l-4.4 4.4l-4.4-4.4z',
  'm0 4l4-6.5h-8z',
] as const;

const mark = (look: Look, x: number, y: number): string =>
  `<path d="M${short(x)} ${short(y)}${SHAPES[look]}" class="k${look}" stroke-width="1.5"/>`;

/** A curve, marks or bars at places in pixels; `half` is half the length of each bar. */
function drawn(
  { colour, drawn: how = 'line' }: Series,
  places: readonly Place[],
  half: readonly number[],
): string {
  if (places.length === 0) return '';
  if (how === 'line') {
    const path = thinned(places).map(([x, y]) => `${short(x)} ${short(y)}`);
    return `<path d="M${path.join('L')}" class="k${colour}" stroke-width="1.8"${dashOf(colour)}/>`;
  }
  const marks = places.map(([x, y]) => mark(colour, x, y));
  if (how === 'marks') return marks.join('');
  const bars = places.map(([x, y], k) => {
    const length = half[k] ?? 0;
    return `M${short(x)} ${short(y - length)}V${short(y + length)}`;
  });
  return `<path d="${bars.join('')}" class="k${colour}" stroke-width="1.5"/>${marks.join('')}`;
}

/** A sample of a series and its name. */
function legend({ name, colour, drawn: how = 'line' }: Series, x: number, y: number): string {
  const sample =
    how === 'line'
      ? `<path d="M${x} ${short(y - 4)}h20" class="k${colour}" stroke-width="1.8"${dashOf(colour)}/>`
      : mark(colour, x + 10, y - 4);
  return sample + text(x + 25, y, name, ' font-size="11"');
}

/** Ticks, their labels and the title below a block that ends at `bottom`. */
function axisBelow(axis: Axis, left: number, width: number, bottom: number): string[] {
  const x = along(axis.range, left, width, axis.isLog);
  return [
    ...axis.ticks.flatMap((tick) => [
      `<path d="M${short(x(tickValue(tick)))} ${short(bottom)}v4" class="tick"/>`,
      text(x(tickValue(tick)), bottom + 17, tickLabel(tick), MIDDLE),
    ]),
    text(left + width / 2, bottom + 34, axis.title, MIDDLE),
  ];
}

const namesOf = (panel: Panel | undefined): string =>
  (panel?.series ?? [])
    .map(({ name, colour, drawn: how }) => `${name} ${colour} ${how}`)
    .join('\n');

/** Panels of curves, one below the other, over one axis; names stand at the right, where they are new. */
export function curves(axis: Axis, panels: readonly Panel[]): Block {
  return (top) => {
    const plotWidth = WIDTH - LEFT - RIGHT;
    const x = along(axis.range, LEFT, plotWidth, axis.isLog);
    const parts: string[] = [];
    const { bands = [] } = axis;
    let bottom = top + (bands.length > 0 ? 14 : 0);
    for (const [k, panel] of panels.entries()) {
      const { height = 72 } = panel;
      const y0 = bottom + 24;
      const y = along([panel.range[1], panel.range[0]], y0, height, panel.isLog);
      bottom = y0 + height;
      for (const [from, to, word] of bands) {
        const size = `width="${short(x(to) - x(from))}" height="${height}"`;
        parts.push(`<rect x="${short(x(from))}" y="${y0}" ${size} class="band"/>`);
        if (k > 0) continue;
        parts.push(text((x(from) + x(to)) / 2, y0 - 21, word, `${MIDDLE} font-size="11"`));
      }
      for (const tick of panel.ticks) {
        const at = y(tickValue(tick));
        parts.push(`<path d="M${LEFT} ${short(at)}h${plotWidth}" class="grid"/>`);
        parts.push(text(LEFT - 6, at + 4, tickLabel(tick), END));
      }
      parts.push(text(LEFT, y0 - 5, panel.title, BOLD));
      const isNew = namesOf(panel) !== namesOf(panels[k - 1]);
      // What leaves the panel is cut off, but for half of a line's width.
      parts.push(
        `<svg aria-hidden="true" x="${LEFT}" y="${y0 - 2}" width="${plotWidth}" height="${height + 4}">`,
      );
      parts.push(`<g transform="translate(${-LEFT} ${2 - y0})">`);
      for (const series of panel.series) {
        const places = series.points.map(([px, py]) => [x(px), y(py)] as const);
        const half = (series.spread ?? []).map((one, p) => {
          const py = series.points[p]?.[1] ?? 0;
          return Math.abs(y(py + one) - y(py));
        });
        parts.push(drawn(series, places, half));
      }
      parts.push('</g></svg>');
      for (const [n, series] of (isNew ? panel.series : []).entries()) {
        if (series.name === '') continue;
        parts.push(legend(series, LEFT + plotWidth + 8, y0 + 12 + 16 * n));
      }
    }
    return { parts: [...parts, ...axisBelow(axis, LEFT, plotWidth, bottom)], bottom: bottom + 44 };
  };
}

/** How the dots of a block look. */
export interface DotOptions {
  /** What y counts. */
  readonly yTitle: string;
  /** Pixels: of a panel, and of a dot. */
  readonly height?: number;
  readonly size?: number;
}

/** Panels of dots side by side, over axes of one range; y goes up. Round dots, square ones, and so on. */
export function dots(
  axis: Axis,
  panels: readonly Panel[],
  { yTitle, height = 190, size = 3.4 }: DotOptions,
): Block {
  return (start) => {
    const [left, gap, top] = [44, 14, start + 40];
    const width = (WIDTH - left - 10 - gap * (panels.length - 1)) / panels.length;
    const parts = panels.flatMap((panel, k) => {
      const x0 = left + k * (width + gap);
      const x = along(axis.range, x0, width, axis.isLog);
      const y = along([panel.range[1], panel.range[0]], top, height);
      return [
        `<rect x="${short(x0)}" y="${top}" width="${short(width)}" height="${height}" fill="none" class="grid"/>`,
        text(x0 + width / 2, top - 8, panel.title, MIDDLE + BOLD),
        ...panel.ticks.flatMap((tick) => [
          `<path d="M${short(x0)} ${short(y(tickValue(tick)))}h${short(width)}" class="grid"/>`,
          ...(k === 0 ? [text(x0 - 6, y(tickValue(tick)) + 4, tickLabel(tick), END)] : []),
        ]),
        ...axis.ticks.map((tick) =>
          text(x(tickValue(tick)), top + height + 16, tickLabel(tick), MIDDLE),
        ),
        ...panel.series.map(({ colour, points }) => {
          const cap = colour === 0 ? 'round' : 'square';
          const path = points.map(([px, py]) => `M${short(x(px))} ${short(y(py))}h0`).join('');
          return `<path d="${path}" class="k${colour}" stroke-width="${size}" stroke-linecap="${cap}"/>`;
        }),
      ];
    });
    const names = (panels[0]?.series ?? []).flatMap(({ name, colour }, n) => {
      if (name === '') return [];
      const cap = colour === 0 ? 'round' : 'square';
      const at = left + 130 + 130 * n;
      return [
        `<path d="M${at} ${start + 12}h0" class="k${colour}" stroke-width="5" stroke-linecap="${cap}"/>`,
        text(at + 10, start + 16, name, ' font-size="11"'),
      ];
    });
    const below = text(left + (WIDTH - 10 - left) / 2, top + height + 34, axis.title, MIDDLE);
    return {
      parts: [...parts, ...names, below, text(10, start + 16, yTitle, ' font-size="11"')],
      bottom: top + height + 44,
    };
  };
}

/** From little to much: dark to light (viridis). */
const HEAT = [
  '#440154',
  '#46327e',
  '#365c8d',
  '#277f8e',
  '#1fa187',
  '#4ac16d',
  '#a0da39',
  '#fde725',
];

/** One map: rows of cells, the first row at the top. */
export interface HeatMap {
  readonly title: string;
  readonly columns: number;
  readonly values: ArrayLike<number>;
}

/** Squares of cells side by side; `levels` are the seven values at which the colour changes, `unit` what they count. */
export function heatMaps(
  maps: readonly HeatMap[],
  levels: readonly number[],
  unit: string,
  note: string,
): Block {
  return (start) => {
    const [gap, top] = [14, start + 22];
    const side = (WIDTH - LEFT - RIGHT - gap * (maps.length - 1)) / maps.length;
    const parts = maps.flatMap((map, k) => {
      const x0 = LEFT + k * (side + gap);
      return [
        text(x0 + side / 2, top - 7, map.title, MIDDLE + BOLD),
        `<rect x="${short(x0)}" y="${top}" width="${short(side)}" height="${short(side)}" fill="${HEAT[0]}"/>`,
        `<g transform="translate(${short(x0)} ${top}) scale(${(side / map.columns).toFixed(4)})" shape-rendering="crispEdges">${cells(map, levels)}</g>`,
      ];
    });
    const [x0, step] = [WIDTH - RIGHT + 12, 17];
    const scale = HEAT.flatMap((colour, k) => [
      `<rect x="${x0}" y="${top + step * (HEAT.length - 1 - k)}" width="14" height="${step}" fill="${colour}"/>`,
      ...(k === 0
        ? []
        : [
            text(
              x0 + 20,
              top + step * (HEAT.length - k) + 4,
              String(levels[k - 1]),
              ' font-size="11"',
            ),
          ]),
    ]);
    const name = text(x0, top - 7, unit, ' font-size="11"');
    const below = text(LEFT + (WIDTH - LEFT - RIGHT) / 2, top + side + 16, note, MIDDLE);
    return { parts: [...parts, ...scale, name, below], bottom: top + side + 26 };
  };
}

/** Runs of cells of one colour as one path per colour, in cells. */
function cells({ columns, values }: HeatMap, levels: readonly number[]): string {
  const paths = HEAT.map(() => '');
  const colourAt = (cell: number): number =>
    levels.filter((level) => (values[cell] as number) >= level).length;
  for (let cell = 0; cell < values.length; ) {
    const [colour, end] = [colourAt(cell), cell - (cell % columns) + columns];
    let to = cell + 1;
    while (to < end && colourAt(to) === colour) to++;
    paths[colour] +=
      `M${cell % columns} ${Math.floor(cell / columns)}h${to - cell}v1h${cell - to}z`;
    cell = to;
  }
  return paths
    .flatMap((path, k) =>
      path === '' || k === 0 ? [] : [`<path d="${path}" style="fill:${HEAT[k]}"/>`],
    )
    .join('');
}
