/**
 * Spikes to pixels without a GPU: counts in columns and rows, and both ways of painting them, into plain arrays. The same
 * picture as that of the shaders; canvas-painter.ts puts it on a canvas.
 */
import type { SpikeSlice } from '../spike-log.ts';
import { type Columns, slotOf, widthOf } from './columns.ts';
import type { RasterRows } from './layout.ts';
import { LEAST_LIGHT } from './tone.ts';

/** Steps of brightness. */
const LEVELS = 128;
/** Counts over exposure are looked up in steps of 1/64, up to 8. */
const TONES = 512;

/** Level of brightness by 64 times count over exposure, for counts of at least one. */
const LEVEL_OF = Uint8Array.from({ length: TONES }, (_, k) =>
  Math.round((LEVELS - 1) * (LEAST_LIGHT + (1 - LEAST_LIGHT) * (1 - Math.exp(-k / 64)))),
);

/** Spikes by column and row, and how they look. */
export interface Density {
  readonly columns: Columns;
  /** [column][row] */
  readonly counts: Uint16Array;
  /** What counts in a column are divided by: columns do not all have the same number of steps. */
  readonly widths: Float32Array;
  /** [line][column], in the order of the ring; RGBA bytes. */
  readonly pixels: Uint32Array;
}

export function createDensity(columns: Columns, rows: RasterRows, height: number): Density {
  const widths = new Float32Array(columns.count);
  for (let slot = 0; slot < columns.count; slot++) widths[slot] = widthOf(columns, slot);
  return {
    columns,
    counts: new Uint16Array(columns.count * rows.count),
    widths,
    pixels: new Uint32Array(columns.count * height),
  };
}

/** Counts spikes, and marks the columns of those in `changed`. */
export function countSpikes(
  { columns, counts }: Density,
  rows: RasterRows,
  { steps, neurons }: SpikeSlice,
  changed: Uint8Array,
): void {
  const { rowOf, count: rowCount } = rows;
  let lastStep = -1;
  let column = 0;
  for (let k = 0; k < steps.length; k++) {
    const step = steps[k] as number;
    if (step !== lastStep) {
      lastStep = step;
      const slot = slotOf(columns, step);
      changed[slot] = 1;
      column = slot * rowCount;
    }
    const cell = column + (rowOf[neurons[k] as number] as number);
    // Full cells stay full: nobody sees the difference.
    if (counts[cell] !== 65535) counts[cell] = (counts[cell] as number) + 1;
  }
}

/** Colours of a line by level of brightness, as RGBA bytes; lines of equal colours share them. */
export type Palettes = readonly Uint32Array[];

export function palettesOf({ lines }: RasterRows): Palettes {
  const made = new Map<string, Uint32Array>();
  return Array.from({ length: lines.length / 4 }, (_, line) => {
    const from = lines[4 * line + 2] as number;
    const to = lines[4 * line + 3] as number;
    const key = `${from} ${to}`;
    const found = made.get(key) ?? palette(from, to);
    made.set(key, found);
    return found;
  });
}

function palette(from: number, to: number): Uint32Array {
  return Uint32Array.from({ length: LEVELS }, (_, level) => {
    let colour = 0xff000000;
    for (const shift of [0, 8, 16]) {
      const a = (from >> shift) & 255;
      const b = (to >> shift) & 255;
      const mixed = Math.round(a + ((b - a) * level) / (LEVELS - 1));
      // Bytes in memory are red, green, blue, alpha.
      colour |= mixed << (16 - shift);
    }
    return colour >>> 0;
  });
}

/** Paints columns of a density, slots from … from+some-1. */
export function paintColumns(
  { columns, counts, widths, pixels }: Density,
  rows: RasterRows,
  palettes: Palettes,
  exposure: number,
  from: number,
  some: number,
): void {
  const { lines, count: rowCount } = rows;
  const last = TONES - 1;
  for (let slot = from; slot < from + some; slot++) {
    const scale = 64 / (exposure * (widths[slot] as number));
    const first = slot * rowCount;
    for (let line = 0, at = slot; line < palettes.length; line++, at += columns.count) {
      let most = 0;
      const row = first + (lines[4 * line] as number);
      for (let k = lines[4 * line + 1] as number; k-- > 0; ) {
        const count = counts[row + k] as number;
        if (count > most) most = count;
      }
      const level = most === 0 ? 0 : (LEVEL_OF[Math.min(last, Math.round(most * scale))] as number);
      pixels[at] = (palettes[line] as Uint32Array)[level] as number;
    }
  }
}

/** Lines without spikes, over a whole picture. */
export function paintGround(pixels: Uint32Array, palettes: Palettes, width: number): void {
  for (let line = 0; line < palettes.length; line++) {
    pixels.fill((palettes[line] as Uint32Array)[0] as number, line * width, (line + 1) * width);
  }
}

/** Column of pixels of a step: in 32-bit floating point, as the shader has it. `from`: that of the left edge. */
export function pixelOf(step: number, from: number, stepsPerPixel: number): number {
  const whole = Math.floor(from);
  const since = Math.fround(step - whole);
  const part = Math.fround(from - whole);
  return Math.floor(Math.fround(Math.fround(since - part) * Math.fround(1 / stepsPerPixel)));
}

/** Width of a tick: a CSS pixel, and up to three where steps are far apart. */
export function tickWidth(stepsPerPixel: number, pixelRatio: number): number {
  const room = Math.floor(0.5 / stepsPerPixel);
  const one = Math.max(1, Math.round(pixelRatio));
  return Math.max(one, Math.min(3 * one, room));
}

/** Paints every spike as a tick, over what is there. */
export function paintTicks(
  pixels: Uint32Array,
  rows: RasterRows,
  palettes: Palettes,
  { steps, neurons }: SpikeSlice,
  place: { from: number; stepsPerPixel: number; width: number; tick: number },
): void {
  const { rowOf, looks } = rows;
  const { from, stepsPerPixel, width, tick } = place;
  const height = palettes.length;
  for (let k = 0; k < steps.length; k++) {
    const left = pixelOf(steps[k] as number, from, stepsPerPixel);
    if (left + tick <= 0 || left >= width) continue;
    const look = looks[2 * (rowOf[neurons[k] as number] as number)] as number;
    const top = look & 0xffff;
    const bottom = Math.min(height, top + (look >>> 16));
    const colour = (palettes[top] as Uint32Array)[LEVELS - 1] as number;
    const right = Math.min(width, left + tick);
    for (let line = top; line < bottom; line++) {
      for (let x = Math.max(0, left); x < right; x++) pixels[line * width + x] = colour;
    }
  }
}
