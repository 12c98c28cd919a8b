/**
 * Where neurons are in the raster: a band per population, rows for neurons or groups of neurons, and what every line of
 * pixels shows. Pure arithmetic that the page and both rasters share, so that all agree on every pixel.
 */
import type { RasterBand } from '../protocol.ts';

/** Between bands, CSS pixels. */
const GAP = 3;
/** Spikes are at least that tall, CSS pixels: single ones stay visible. */
const LEAST_TICK = 1.5;
/** And at most that tall, however few neurons there are. */
const MOST_TICK = 14;
/** How much of its own colour a band has without spikes. */
const TINT = 0.05;

/**
 * Bands fill `height` device pixels from the top; heights follow square roots of sizes, which keep a thousand neurons
 * visible beside twenty thousand, and small populations keep room for their name where there is any.
 */
export function layoutBands(
  populations: readonly { readonly name: string; readonly size: number; readonly first: number }[],
  rgb: readonly (readonly [number, number, number])[],
  height: number,
  pixelRatio = 1,
): RasterBand[] {
  const count = populations.length;
  const gap = Math.round(Math.max(1, Math.min(GAP, height / pixelRatio / count / 5)) * pixelRatio);
  const free = height - gap * (count - 1);
  const least = Math.max(2, Math.min(Math.round(15 * pixelRatio), Math.floor(free / count)));
  const shares = populations.map((population) => Math.sqrt(population.size));
  const sum = shares.reduce((a, b) => a + b, 0);
  const spare = Math.max(0, free - least * count);
  let top = 0;
  return populations.map(({ name, size, first }, index) => {
    const isLast = index === count - 1;
    const rows = least + Math.floor((spare * (shares[index] as number)) / sum);
    const band: RasterBand = {
      population: name,
      first,
      size,
      top,
      height: isLast ? Math.max(least, height - top) : rows,
      rgb: rgb[index] ?? [128, 128, 128],
    };
    top += band.height + gap;
    return band;
  });
}

/** Rows and lines of a layout. Colours are 0xrrggbb. */
export interface RasterRows {
  /** Number of rows. */
  readonly count: number;
  /** Row of every neuron, by global number. */
  readonly rowOf: Uint32Array;
  /** Of every row two words: its first line | lines << 16, and the colour of its spikes. */
  readonly looks: Uint32Array;
  /** Of every line of pixels four words: its first row, number of rows, colour without spikes, colour of spikes. */
  readonly lines: Uint32Array;
}

export function rasterRows(
  bands: readonly RasterBand[],
  height: number,
  background: readonly [number, number, number],
  pixelRatio: number,
): RasterRows {
  const neurons = bands.reduce((most, { first, size }) => Math.max(most, first + size), 0);
  const rowOf = new Uint32Array(neurons);
  const lines = new Uint32Array(4 * height);
  for (let line = 0; line < height; line++) lines[4 * line + 2] = packed(background);
  const looks: number[] = [];
  for (const band of bands) {
    const first = looks.length / 2;
    const colour = packed(band.rgb);
    const base = packed(mix(background, band.rgb, TINT));
    const bottom = Math.min(height, band.top + band.height);
    for (let line = band.top; line < bottom; line++) {
      lines.set([0, 0, base, colour], 4 * line);
    }
    const rows = rowsOf(band, pixelRatio);
    for (let k = 0; k < band.size; k++) rowOf[band.first + k] = first + rowIn(band, rows, k);
    for (let row = 0; row < rows; row++) {
      const [top, tall] = extentOf(band, rows, row, pixelRatio);
      looks.push(top | (tall << 16), colour);
      for (let line = top; line < Math.min(height, top + tall); line++) {
        const count = lines[4 * line + 1] as number;
        if (count === 0) lines[4 * line] = first + row;
        lines[4 * line + 1] = count + 1;
      }
    }
  }
  return { count: Math.max(1, looks.length / 2), rowOf, looks: Uint32Array.from(looks), lines };
}

/** The neuron at a line of pixels, global number; null between bands. Of neurons that share a row, the middle one. */
export function neuronAt(
  bands: readonly RasterBand[],
  line: number,
  pixelRatio: number,
): number | null {
  for (const band of bands) {
    if (line < band.top || line >= band.top + band.height) continue;
    const rows = rowsOf(band, pixelRatio);
    if (rows === band.size) {
      return band.first + Math.floor(((line - band.top) * band.size) / band.height);
    }
    const row = Math.min(rows - 1, Math.floor(line - band.top));
    return band.first + Math.min(band.size - 1, Math.floor(((row + 0.5) * band.size) / rows));
  }
  return null;
}

/** First line and number of lines of the row of a neuron, by global number; null of no neuron. */
export function linesOf(
  bands: readonly RasterBand[],
  neuron: number,
  pixelRatio: number,
): readonly [top: number, lines: number] | null {
  for (const band of bands) {
    const k = neuron - band.first;
    if (k < 0 || k >= band.size) continue;
    const rows = rowsOf(band, pixelRatio);
    return extentOf(band, rows, rowIn(band, rows, k), pixelRatio);
  }
  return null;
}

const leastTick = (band: RasterBand, pixelRatio: number): number =>
  Math.min(band.height, Math.max(2, Math.round(LEAST_TICK * pixelRatio)));

/** A row for each neuron, or as many as there is room for. */
const rowsOf = (band: RasterBand, pixelRatio: number): number =>
  Math.min(band.size, band.height - leastTick(band, pixelRatio) + 1);

const rowIn = (band: RasterBand, rows: number, k: number): number =>
  Math.floor((k * rows) / band.size);

function extentOf(
  band: RasterBand,
  rows: number,
  row: number,
  pixelRatio: number,
): readonly [top: number, lines: number] {
  const least = leastTick(band, pixelRatio);
  if (rows < band.size) return [band.top + row, least];
  const from = Math.floor((row * band.height) / rows);
  const room = Math.floor(((row + 1) * band.height) / rows) - from;
  const tall = Math.min(
    Math.round(MOST_TICK * pixelRatio),
    Math.max(least, room - Math.round(room * 0.2)),
  );
  const top = from + Math.max(0, Math.floor((room - tall) / 2));
  return [band.top + Math.min(top, band.height - tall), tall];
}

const packed = ([red, green, blue]: readonly [number, number, number]): number =>
  (red << 16) | (green << 8) | blue;

const mix = (
  from: readonly [number, number, number],
  to: readonly [number, number, number],
  part: number,
): [number, number, number] => [
  Math.round(from[0] + (to[0] - from[0]) * part),
  Math.round(from[1] + (to[1] - from[1]) * part),
  Math.round(from[2] + (to[2] - from[2]) * part),
];
