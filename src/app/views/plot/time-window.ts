/**
 * The interval of time that plots show, and how zooming and panning change it: zoom is on time only. Pure functions of
 * windows in ms; who shares the window is app.ts.
 */
import type { TimeWindow } from '../../state/app.ts';

/** What is closer than this cannot be zoomed further, ms. */
export const SHORTEST_MS = 1;

/**
 * The interval that is shown: a fixed one, or the last `windowMs` up to now. Before the run is that long, it starts at 0
 * and has its full length already, so that nothing rescales.
 */
export function shownWindow(fixed: TimeWindow | null, nowMs: number, windowMs: number): TimeWindow {
  if (fixed) return fixed;
  const fromMs = Math.max(0, nowMs - windowMs);
  return { fromMs, toMs: fromMs + windowMs };
}

/** Zooms about a time, which stays where it is on the screen. `factor` below 1 shows less. */
export function zoomWindow(
  { fromMs, toMs }: TimeWindow,
  factor: number,
  aboutMs: number,
): TimeWindow {
  const length = Math.max(SHORTEST_MS, (toMs - fromMs) * factor);
  const part = (aboutMs - fromMs) / (toMs - fromMs);
  const from = Math.max(0, aboutMs - part * length);
  return { fromMs: from, toMs: from + length };
}

/** Moves a window, never before 0. */
export function panWindow({ fromMs, toMs }: TimeWindow, byMs: number): TimeWindow {
  const from = Math.max(0, fromMs + byMs);
  return { fromMs: from, toMs: from + (toMs - fromMs) };
}

/** The interval between two times, in whichever order; null when it is too short to have been meant. */
export function windowBetween(firstMs: number, secondMs: number): TimeWindow | null {
  const fromMs = Math.max(0, Math.min(firstMs, secondMs));
  const toMs = Math.max(firstMs, secondMs);
  return toMs - fromMs < SHORTEST_MS ? null : { fromMs, toMs };
}
