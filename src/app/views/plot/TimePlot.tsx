/**
 * Curves over simulated time. All of them, and the raster, show the same interval and the same cursor: it follows the run
 * until somebody drags an interval or turns the wheel; a double click lets it follow again.
 */
import { effect, untracked } from '@preact/signals';
import { useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { useApp } from '../../shell/context.ts';
import type { App, TimeWindow } from '../../state/app.ts';
import { bindGestures } from '../raster/gestures.ts';
import { faded, type Ink } from './ink.ts';
import { axisLook, type Holder, NO_CURSOR, Plot, valueAxis } from './Plot.tsx';
import { timeTicks, timeUnit } from './time-axis.ts';
import { panWindow, shownWindow, windowBetween, zoomWindow } from './time-window.ts';

export interface PlotSeries {
  readonly name: string;
  readonly colour: string;
  /** Second cue beside the colour. */
  readonly dash?: readonly number[];
  readonly width?: number;
  /** 0 … 1: how strongly the area under the curve is filled. Default not. */
  readonly fill?: number;
}

export interface TimePlotProps {
  readonly label: string;
  readonly series: readonly PlotSeries[];
  /** Name and unit of the value axis. */
  readonly value: string;
  readonly height: number;
  /** Times (ms) and values of the series in an interval, for a plot of so many columns. */
  readonly data: (window: TimeWindow, columns: number) => uPlot.AlignedData;
  /** Range of the value axis for values between low and high. */
  readonly range: (low: number | null, high: number | null) => [number, number];
  /** Drawn over the curves, in the pixels of the canvas. */
  readonly marks?: (plot: uPlot, ink: Ink) => void;
  /** Whether times are written under it; only the lowest of several has them. Default true. */
  readonly hasTimes?: boolean;
  /** Values at the cursor changed, or the plot was drawn anew. */
  readonly onCursor?: (plot: uPlot, index: number | null) => void;
  readonly handle?: Holder<uPlot | null>;
}

/** The interval that every plot of an app shows now. */
export const windowOf = (app: App): TimeWindow =>
  shownWindow(
    app.timeWindow.peek(),
    app.session.run.peek().timeMs,
    app.project.peek().view.windowMs,
  );

export function TimePlot(props: TimePlotProps) {
  const app = useApp();
  const latest = useRef(props);
  latest.current = props;
  const { series, hasTimes = true } = props;
  const pointer = useRef<number | null>(null);
  return (
    <Plot
      label={props.label}
      height={props.height}
      structure={JSON.stringify([series.map(({ name }) => name), props.value, hasTimes])}
      options={(ink) => options(latest, ink, hasTimes)}
      draw={(plot) => {
        const shown = windowOf(app);
        const columns = Math.max(50, Math.round(plot.bbox.width / uPlot.pxRatio) || 300);
        plot.setData(orEmpty(latest.current.data(shown, columns), shown), false);
        plot.setScale('x', { min: shown.fromMs, max: shown.toMs });
        if (pointer.current !== null) app.cursorMs.value = timeAt(shown, plot, pointer.current);
        placeCursor(app, plot, latest);
      }}
      subscribe={(changed) => subscribeToTime(app, changed)}
      bind={(plot) => bindPointer(app, plot, pointer, () => placeCursor(app, plot, latest))}
      {...(props.handle && { handle: props.handle })}
    />
  );
}

function options(
  latest: Holder<TimePlotProps>,
  ink: () => Ink,
  hasTimes: boolean,
): Omit<uPlot.Options, 'width' | 'height'> {
  const { series, value } = latest.current;
  const endOf = (plot: uPlot): number => plot.scales.x?.max ?? 0;
  return {
    legend: { show: false },
    cursor: NO_CURSOR,
    padding: [8, 12, hasTimes ? 0 : 4, 0],
    scales: {
      x: { time: false, auto: false },
      y: { auto: true, range: (_plot, low, high) => latest.current.range(low, high) },
    },
    axes: [
      {
        ...axisLook(ink),
        space: 60,
        size: hasTimes ? 24 : 6,
        gap: 2,
        ...(hasTimes && {
          label: (plot: uPlot) => `time (${timeUnit(endOf(plot))})`,
          labelSize: 16,
        }),
        values: (plot, splits) =>
          hasTimes ? timeTicks(splits, endOf(plot)) : splits.map(() => ''),
      },
      valueAxis(ink, value),
    ],
    series: [
      {},
      ...series.map((one, index): uPlot.Series => {
        const now = (): PlotSeries => latest.current.series[index] ?? one;
        return {
          label: one.name,
          stroke: () => now().colour,
          width: one.width ?? 1.5,
          points: { show: false },
          ...(one.dash && { dash: [...one.dash] }),
          ...(one.fill !== undefined && { fill: () => faded(now().colour, one.fill ?? 0) }),
        };
      }),
    ],
    hooks: { draw: [(plot) => latest.current.marks?.(plot, ink())] },
  };
}

/** uPlot needs points to have scales. */
function orEmpty(data: uPlot.AlignedData, { fromMs, toMs }: TimeWindow): uPlot.AlignedData {
  if ((data[0]?.length ?? 0) > 0) return data;
  return [[fromMs, toMs], ...data.slice(1).map(() => [null, null])] as uPlot.AlignedData;
}

function subscribeToTime(app: App, changed: () => void): () => void {
  const endProgress = app.session.onProgress(changed);
  const endRestart = app.session.onRestart(changed);
  const endWindow = effect(() => {
    app.timeWindow.value;
    app.project.value.view.windowMs;
    app.session.run.value;
    changed();
  });
  return () => {
    endProgress();
    endRestart();
    endWindow();
  };
}

const timeAt = (shown: TimeWindow, plot: uPlot, left: number): number => {
  const part = left / (plot.bbox.width / uPlot.pxRatio);
  return shown.fromMs + Math.min(1, Math.max(0, part)) * (shown.toMs - shown.fromMs);
};

function placeCursor(app: App, plot: uPlot, latest: Holder<TimePlotProps>): void {
  const ms = app.cursorMs.peek();
  const shown = windowOf(app);
  const isInside = ms !== null && ms >= shown.fromMs && ms <= shown.toMs;
  const part = isInside ? (ms - shown.fromMs) / (shown.toMs - shown.fromMs) : -1;
  const left = isInside ? (part * plot.bbox.width) / uPlot.pxRatio : -10;
  plot.setCursor({ left, top: isInside ? 0 : -10 }, false);
  latest.current.onCursor?.(plot, isInside ? plot.valToIdx(ms) : null);
}

/** The same gestures as over the raster: they zoom on time only, and nothing is picked. */
function bindPointer(
  app: App,
  plot: uPlot,
  pointer: Holder<number | null>,
  placeCursorThere: () => void,
): () => void {
  const at = (left: number): number => timeAt(windowOf(app), plot, left);
  const mark = (from: number, width: number): void =>
    plot.setSelect({ left: from, top: 0, width, height: plot.over.clientHeight }, false);
  const ends = [
    bindGestures(plot.over, {
      hover(point) {
        pointer.current = point?.x ?? null;
        app.cursorMs.value = point && at(point.x);
      },
      selecting: (range) => mark(range?.from ?? 0, range ? range.to - range.from : 0),
      select(from, to) {
        const chosen = windowBetween(at(from), at(to));
        if (chosen) app.timeWindow.value = chosen;
      },
      pan(pixels) {
        const shown = windowOf(app);
        const msPerPixel = (shown.toMs - shown.fromMs) / Math.max(1, plot.over.clientWidth);
        app.timeWindow.value = panWindow(shown, msPerPixel * pixels);
      },
      zoom(factor, x) {
        app.timeWindow.value = zoomWindow(windowOf(app), factor, at(x));
      },
      pick: () => undefined,
      follow() {
        app.timeWindow.value = null;
      },
    }),
    // Moved by this plot or another: the line follows, and no curve is drawn again.
    effect(() => {
      app.cursorMs.value;
      untracked(placeCursorThere);
    }),
  ];
  return () => {
    for (const end of ends) end();
  };
}
