/** What the parts of a live raster promise each other: where spikes come from, who paints them, what is told. */
import type { RasterView, SimulationEvents } from '../protocol.ts';
import type { SpikeSlice } from '../spike-log.ts';
import type { Columns } from './columns.ts';
import type { RasterRows } from './layout.ts';

/** Kept spikes, numbered in order from the start of the run; spike-log.ts is one. */
export interface SpikeSource {
  /** Number of the first spike of this step or later. */
  numberAt(step: number): number;
  /** Those numbered from … to-1, as far as they are kept. Views, valid until more are added. */
  numbered(from: number, to: number): readonly SpikeSlice[];
  /** Spikes that are no longer kept: the number of the first that is. */
  readonly dropped: number;
  /** All spikes of this step and later are kept. */
  readonly keptFrom: number;
}

/** What a frame shows. */
export interface Picture {
  /** Step, with its fraction, at the left edge, and steps in a pixel. */
  readonly from: number;
  readonly stepsPerPixel: number;
  /** Of the density: slot of its first column, and the column at pixel x: x * columnScale + columnFrom. */
  readonly firstSlot: number;
  readonly columnScale: number;
  readonly columnFrom: number;
  /** Spikes that make a pixel about two thirds bright (tone.ts). */
  readonly exposure: number;
  /** How much of the density and of the ticks is seen, 0 … 1. */
  readonly density: number;
  readonly ticks: number;
  /** Numbers of the spikes in the window; of use where ticks are seen. */
  readonly firstSpike: number;
  readonly endSpike: number;
}

/**
 * Counts spikes into columns and rows and paints them; decides nothing. There is a density that is shown, and at times
 * one behind it that is being counted; `clear` and `add` mean the latter where there is one.
 */
export interface Painter {
  /** Most spikes that it paints as ticks, and that it takes in a frame. */
  readonly mostTicks: number;
  /** Another size or layout; whatever was counted is gone. */
  resize(view: RasterView, rows: RasterRows): void;
  /** Begins an empty density behind the one that is shown. */
  begin(columns: Columns): void;
  /** The one behind is shown from now on. */
  show(): void;
  /** Empties columns of the ring. */
  clear(firstSlot: number, count: number): void;
  /** Counts spikes, numbered from `first`. */
  add(first: number, slices: readonly SpikeSlice[]): void;
  paint(picture: Picture): void;
  /** A frame before is not on the screen yet. */
  readonly isBusy: boolean;
  destroy(): void;
}

export type Shown = Omit<SimulationEvents['drawn'], 'frameMs' | 'onGpu'>;

/** A picture that follows a run. */
export interface LiveRaster {
  setView(view: RasterView): void;
  /** Draws with `step` steps done. `isSettled`: nothing would change without more steps or another view. */
  draw(step: number): { readonly shown: Shown; readonly isSettled: boolean };
  destroy(): void;
}
