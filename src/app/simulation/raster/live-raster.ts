/**
 * The live raster: decides what a frame counts and shows, and lets a painter do it. It pulls spikes from the log, at most
 * so many in a frame, so that a frame costs the new spikes and the pixels, never the spikes that are stored: a large
 * window that somebody moves to is counted over some frames, behind the picture before.
 */
import type { RasterView } from '../protocol.ts';
import {
  type Columns,
  columnOf,
  columnsOf,
  firstStepOf,
  type StepWindow,
  windowAt,
} from './columns.ts';
import { rasterRows } from './layout.ts';
import type { LiveRaster, Painter, SpikeSource } from './raster.ts';
import { exposureOf } from './tone.ts';

/** Stored spikes that a frame counts at most, beside the new ones. */
export const STORED_PER_FRAME = 1 << 19;
/** Spikes per pixel below which ticks are drawn, and above which the density: apart, so that nothing flickers. */
const TICKS_BELOW = 0.08;
const DENSITY_ABOVE = 0.12;
/** So few are always ticks. */
const FEW = 2000;
/** From ticks to density and back, ms. */
const FADE_MS = 150;

/** A density that is being counted, or has been and goes on with the run. */
interface Count {
  readonly columns: Columns;
  /** Follows the run: columns are emptied as they are entered. */
  readonly follows: boolean;
  /** Number of the spike that is counted next. */
  next: number;
  /** Last column that was entered. */
  head: number;
  /** Its first column that is shown. */
  first: number;
  isComplete: boolean;
}

export interface LiveRasterOptions {
  readonly source: SpikeSource;
  readonly painter: Painter;
  readonly dtMs: number;
  /** Wall milliseconds. */
  readonly now: () => number;
}

export function createLiveRaster(options: LiveRasterOptions, first: RasterView): LiveRaster {
  const { source, painter, dtMs, now } = options;
  let view = first;
  let rowCount = 1;
  let area = 1;
  let shown: Count | null = null;
  let behind: Count | null = null;
  let wantsNew = true;
  let exposure = 0;
  let isTicks = true;
  /** 0 … 1 */
  let ticks = 1;
  let drawnAt = Number.NEGATIVE_INFINITY;
  let total = source.numberAt(Number.POSITIVE_INFINITY);
  let nowStep = 0;

  const resize = (): void => {
    const { bands, height, background, pixelRatio } = view;
    const rows = rasterRows(bands, height, background, pixelRatio);
    painter.resize(view, rows);
    rowCount = rows.count;
    area = view.width * bands.reduce((sum, band) => sum + band.height, 0);
    shown = behind = null;
    wantsNew = true;
    drawnAt = Number.NEGATIVE_INFINITY;
  };
  resize();

  /** Begins to count what is to be shown. */
  function begin(window: StepWindow): void {
    wantsNew = false;
    const follows = view.window.follow;
    const origin = follows ? 0 : Math.floor(window.from);
    const steps = follows ? window.to - window.from : Math.ceil(window.to) - origin;
    const columns = columnsOf(origin, Math.max(1, steps), view.width);
    const count: Count = {
      columns,
      follows,
      next: source.numberAt(Math.floor(window.from)),
      head: -1,
      first: 0,
      isComplete: false,
    };
    painter.begin(columns);
    // Without anything to show meanwhile, it is seen as it grows.
    if (shown === null) {
      painter.show();
      shown = count;
    } else behind = count;
  }

  /** Enters the columns up to now, and counts what is new in them. */
  function advance(count: Count, window: StepWindow, budget: number): void {
    const { columns } = count;
    if (count.follows) {
      const head = columnOf(columns, Math.max(window.from, nowStep - 1));
      const entered = Math.min(columns.count, head - count.head);
      for (let column = head - entered + 1; entered > 0 && column <= head; ) {
        const slot = column % columns.count;
        const some = Math.min(columns.count - slot, head - column + 1);
        painter.clear(slot, some);
        column += some;
      }
      count.head = Math.max(count.head, head);
      const isPage = view.window.follow && view.window.turnsPages;
      const first = isPage
        ? columnOf(columns, window.from)
        : Math.max(0, count.head - columns.count + 1);
      // A page that was turned is empty, also where nothing has happened yet.
      if (isPage && first !== count.first) painter.clear(0, columns.count);
      count.first = first;
      count.next = Math.max(count.next, source.numberAt(firstStepOf(columns, count.first)));
    }
    count.next = Math.max(count.next, source.dropped);
    const last = columns.origin + columns.steps;
    const end = source.numberAt(count.follows ? nowStep : Math.min(nowStep, last));
    const some = Math.min(end - count.next, budget);
    if (some > 0) {
      painter.add(count.next, source.numbered(count.next, count.next + some));
      count.next += some;
    }
    count.isComplete = count.next >= end;
  }

  /** Which way spikes are drawn, and how far the other has faded. */
  function fade(inView: number, canTick: boolean): void {
    const limit = area * (isTicks ? DENSITY_ABOVE : TICKS_BELOW);
    isTicks = canTick && inView <= Math.min(painter.mostTicks, Math.max(FEW, limit));
    const at = now();
    const passed = view.isCalm || !Number.isFinite(drawnAt) ? FADE_MS : at - drawnAt;
    drawnAt = at;
    const by = passed / FADE_MS;
    ticks = isTicks ? Math.min(1, ticks + by) : Math.max(0, ticks - by);
    // Ticks that cannot be drawn cannot fade either.
    if (!canTick) ticks = 0;
  }

  return {
    setView(next) {
      const isSameLook = sameLook(next, view);
      const isSameWindow = JSON.stringify(next.window) === JSON.stringify(view.window);
      view = next;
      if (!isSameLook) resize();
      else if (!isSameWindow) wantsNew = true;
    },
    draw(step) {
      nowStep = step;
      const window = windowAt(view.window, dtMs, step);
      if (wantsNew) begin(window);
      const known = source.numberAt(step);
      const budget = Math.min(painter.mostTicks, STORED_PER_FRAME + known - total);
      total = known;
      const count = (behind ?? shown) as Count;
      advance(count, window, budget);
      if (behind?.isComplete) {
        painter.show();
        shown = behind;
        behind = null;
      }
      const seen = shown as Count;
      const firstSpike = Math.max(source.dropped, source.numberAt(Math.floor(window.from)));
      const endSpike = Math.min(known, source.numberAt(Math.ceil(window.to)));
      const inView = endSpike - firstSpike;
      exposure = exposureOf(inView / (seen.columns.count * rowCount), exposure);
      fade(inView, behind === null && seen.isComplete);
      const stepsPerPixel = (window.to - window.from) / view.width;
      painter.paint({
        from: window.from,
        stepsPerPixel,
        ...columnsInPicture(seen, window, view.width, behind === null),
        exposure,
        density: 1 - ticks,
        ticks,
        firstSpike,
        endSpike,
      });
      return {
        shown: {
          fromMs: window.from * dtMs,
          toMs: window.to * dtMs,
          mode: isTicks ? 'ticks' : 'density',
          keptFromMs: source.keptFrom * dtMs,
        },
        isSettled: behind === null && seen.isComplete && ticks === (isTicks ? 1 : 0),
      };
    },
    destroy: () => painter.destroy(),
  };
}

/** Where the columns of a density are on the screen. */
function columnsInPicture(
  { columns, follows, first }: Count,
  window: StepWindow,
  width: number,
  isCurrent: boolean,
): { firstSlot: number; columnScale: number; columnFrom: number } {
  const firstSlot = first % columns.count;
  // A picture that moves with the run moves by whole columns: no pixel shows parts of two.
  if (follows && isCurrent) {
    return { firstSlot, columnScale: columns.count / width, columnFrom: 0 };
  }
  const perStep = columns.count / columns.steps;
  return {
    firstSlot,
    columnScale: ((window.to - window.from) / width) * perStep,
    columnFrom: (window.from - firstStepOf(columns, first)) * perStep,
  };
}

const sameLook = (one: RasterView, other: RasterView): boolean =>
  one.width === other.width &&
  one.height === other.height &&
  one.pixelRatio === other.pixelRatio &&
  one.background.join() === other.background.join() &&
  JSON.stringify(one.bands) === JSON.stringify(other.bands);
