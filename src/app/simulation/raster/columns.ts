/**
 * Which steps a raster shows, and how they fall into columns of pixels. Integer arithmetic that 32-bit shaders do as
 * well, so that both rasters agree to the bit. Pure.
 */
import type { RasterView } from '../protocol.ts';

/** Steps from … to-1; fractions of fixed windows that begin or end between two steps. */
export interface StepWindow {
  readonly from: number;
  readonly to: number;
}

/** A ring of columns over time: `steps` steps from `origin` fill it once, and then again. */
export interface Columns {
  readonly origin: number;
  readonly steps: number;
  /** Of columns: no more than pixels, nor than steps. */
  readonly count: number;
  /** Steps are taken in groups of 2^shift, which keeps products below 2^32. */
  readonly shift: number;
}

export function columnsOf(origin: number, steps: number, width: number): Columns {
  let shift = 0;
  while (Math.floor(steps / 2 ** shift) * Math.min(width, steps) >= 2 ** 32) shift++;
  const groups = Math.max(1, Math.floor(steps / 2 ** shift));
  return { origin, steps: groups * 2 ** shift, count: Math.min(width, groups), shift };
}

/** Place in the ring of a step, which is not before the origin. */
export function slotOf({ origin, steps, count, shift }: Columns, step: number): number {
  const size = 2 ** shift;
  const group = Math.floor(((step - origin) % steps) / size);
  return Math.floor((group * count) / (steps / size));
}

/** Column of a step, counted on for ever: its slot is the remainder by their number. */
export function columnOf(columns: Columns, step: number): number {
  const turn = Math.floor((step - columns.origin) / columns.steps);
  return turn * columns.count + slotOf(columns, step);
}

/** First step of a column. */
export function firstStepOf({ origin, steps, count, shift }: Columns, column: number): number {
  const size = 2 ** shift;
  const turn = Math.floor(column / count);
  const group = Math.ceil(((column - turn * count) * (steps / size)) / count);
  return origin + turn * steps + group * size;
}

/** How many times the mean number of steps a slot has: near 1, and what counts are divided by. */
export function widthOf(columns: Columns, slot: number): number {
  const steps = firstStepOf(columns, slot + 1) - firstStepOf(columns, slot);
  return (steps * columns.count) / columns.steps;
}

/** What is to be shown when `step` steps are done. */
export function windowAt(view: RasterView['window'], dtMs: number, step: number): StepWindow {
  if (!view.follow) return { from: view.fromMs / dtMs, to: view.toMs / dtMs };
  const steps = Math.max(1, Math.round(view.windowMs / dtMs));
  if (view.turnsPages) {
    const from = Math.floor(Math.max(0, step - 1) / steps) * steps;
    return { from, to: from + steps };
  }
  const to = Math.max(step, steps);
  return { from: to - steps, to };
}
