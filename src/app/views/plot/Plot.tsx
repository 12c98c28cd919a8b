/**
 * A plot of uPlot as a component: made once for a structure, drawn in animation frames while it can be seen, as wide as
 * its place, in the colours of the theme. What is drawn comes from its caller at each drawing; time axes are in
 * TimePlot.tsx, bars in HistogramPlot.tsx.
 */
import 'uplot/dist/uPlot.min.css';
import './plot.css';
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { type Ink, onTheme, readInk } from './ink.ts';
import { logSplits, tickTexts } from './numbers.ts';
import { createRedraw } from './redraw.ts';

/** Width of the value axis, CSS pixels: equal, so that plots under each other align. */
export const VALUE_AXIS_PX = 64;

/** What useRef gives. */
export interface Holder<T> {
  current: T;
}

export interface PlotProps {
  /** For those who do not see it: what is drawn, and where the numbers are. */
  readonly label: string;
  /** CSS pixels. */
  readonly height: number;
  /** A new plot is made when this changes: names and number of its series, its scales. */
  readonly structure: string;
  /** Everything but the size. Colours are read through `ink` when they are needed, since the theme may change. */
  readonly options: (ink: () => Ink) => Omit<uPlot.Options, 'width' | 'height'>;
  /** Sets data and scales; called inside a batch. */
  readonly draw: (plot: uPlot, ink: Ink) => void;
  /** Calls back whenever there is something new; returns what ends that. */
  readonly subscribe: (changed: () => void) => () => void;
  /** After it was made, for pointers and the like; returns what ends that. */
  readonly bind?: (plot: uPlot, redraw: () => void) => () => void;
  /** The plot, for saving. */
  readonly handle?: Holder<uPlot | null>;
}

export function Plot(props: PlotProps) {
  const { label, height, structure } = props;
  const place = useRef<HTMLDivElement>(null);
  const latest = useRef(props);
  latest.current = props;
  const redraw = useRef<() => void>(() => undefined);
  // Anything its caller draws with may have changed.
  useEffect(() => redraw.current());
  // Only a new structure makes a new plot; all else is read when it draws.
  useEffect(() => {
    const element = place.current as HTMLDivElement;
    let ink = readInk(element);
    const options = latest.current.options(() => ink);
    // Above zero, for logarithmic axes.
    const nothing = [[1, 10], ...options.series.slice(1).map(() => [null, null])];
    const plot = new uPlot(
      { ...options, width: Math.max(120, element.clientWidth), height },
      nothing as uPlot.AlignedData,
      element,
    );
    const drawing = createRedraw(element, () => {
      // A frame may come when another structure is wanted and its plot is not made yet.
      if (latest.current.structure !== structure) return;
      plot.batch(() => latest.current.draw(plot, ink), true);
    });
    redraw.current = drawing.request;
    const { handle } = latest.current;
    if (handle) handle.current = plot;
    const resizing = new ResizeObserver(() => {
      const width = Math.max(120, element.clientWidth);
      if (width !== plot.width) plot.setSize({ width, height });
      drawing.request();
    });
    resizing.observe(element);
    const ends = [
      latest.current.subscribe(drawing.request),
      latest.current.bind?.(plot, drawing.request) ?? (() => undefined),
      onTheme(() => {
        ink = readInk(element);
        drawing.request();
      }),
    ];
    return () => {
      for (const end of ends) end();
      resizing.disconnect();
      drawing.stop();
      redraw.current = () => undefined;
      if (handle?.current === plot) handle.current = null;
      plot.destroy();
    };
  }, [structure, height]);
  return (
    <div class="plot" role="img" aria-label={label} ref={place} style={{ height: `${height}px` }} />
  );
}

/** The look of an axis. */
export function axisLook(ink: () => Ink): uPlot.Axis {
  return {
    stroke: () => ink().quiet,
    font: '12px system-ui, sans-serif',
    labelFont: '12px system-ui, sans-serif',
    grid: { stroke: () => ink().grid, width: 1 },
    ticks: { stroke: () => ink().grid, width: 1, size: 4 },
    border: { show: true, stroke: () => ink().strong, width: 1 },
  };
}

/** A value axis on the left with its name and unit. */
export function valueAxis(ink: () => Ink, label: string, scale = 'y'): uPlot.Axis {
  return {
    ...axisLook(ink),
    scale,
    label,
    labelSize: 16,
    labelGap: 2,
    size: VALUE_AXIS_PX - 16,
    gap: 3,
    space: 26,
    values: (_plot, splits, _axis, _space, step) => tickTexts(splits, step),
  };
}

/** Ticks of a logarithmic axis: powers of ten, with 2 and 5 between them where there are few. */
export const LOGARITHMIC: Pick<uPlot.Axis, 'splits' | 'filter'> = {
  splits: (_plot, _axis, min, max) => logSplits(min, max),
  filter: (_plot, splits) => splits,
};

/** Nothing of uPlot's own pointer handling: ours also knows touch, and shares time between plots. */
export const NO_CURSOR: uPlot.Cursor = {
  drag: { x: false, y: false, setScale: false },
  points: { show: false },
  y: false,
  bind: {
    mousedown: () => null,
    mouseup: () => null,
    click: () => null,
    dblclick: () => null,
    mousemove: () => null,
    mouseleave: () => null,
    mouseenter: () => null,
  },
};
