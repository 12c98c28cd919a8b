/** A histogram as bars, over a linear or a logarithmic axis, with marks such as a mean. */
import { useRef } from 'preact/hooks';
import type uPlot from 'uplot';
import type { Histogram } from '../../simulation/protocol.ts';
import { type Bar, barsOf } from './bars.ts';
import { faded, type Ink } from './ink.ts';
import { shortCount, shortNumber } from './numbers.ts';
import { axisLook, type Holder, LOGARITHMIC, NO_CURSOR, Plot, valueAxis } from './Plot.tsx';
import { rangeFromZero } from './range.ts';

export interface HistogramPlotProps {
  readonly label: string;
  readonly histogram: Histogram | null;
  /** Name and unit of what is counted along. */
  readonly quantity: string;
  /** Of what: "neurons", "intervals", "synapses". */
  readonly counted: string;
  readonly height: number;
  readonly logarithmic?: boolean;
  /** Colour of a bar by the value in its middle. */
  readonly colour: (value: number, ink: Ink) => string;
  /** Vertical lines with a word each. */
  readonly marks?: readonly { readonly at: number; readonly text: string }[];
  readonly handle?: Holder<uPlot | null>;
}

export function HistogramPlot(props: HistogramPlotProps) {
  const latest = useRef(props);
  latest.current = props;
  const bars = useRef<readonly Bar[]>([]);
  const { logarithmic = false } = props;
  return (
    <Plot
      label={props.label}
      height={props.height}
      structure={JSON.stringify([logarithmic, props.counted])}
      subscribe={() => () => undefined}
      options={(ink) =>
        options(latest, logarithmic, ink, (plot) =>
          drawBars(plot, bars.current, latest.current, ink()),
        )
      }
      draw={(plot) => {
        const { histogram } = latest.current;
        const found = histogram ? barsOf(histogram, logarithmic) : [];
        bars.current = found;
        const first = found[0];
        const last = found.at(-1);
        // A single bar stands in the middle, rather than fill the plot.
        const margin = first && found.length < 3 && !logarithmic ? 2 * (first.to - first.from) : 0;
        const min = first ? first.from - margin : logarithmic ? 1 : 0;
        const max = last && last.to > min ? last.to + margin : min + (logarithmic ? 9 : 1);
        const most = found.reduce((highest, { count }) => Math.max(highest, count), 0);
        plot.setData(
          [
            [min, max],
            [0, most],
          ],
          false,
        );
        plot.setScale('x', { min, max });
        const [low, high] = rangeFromZero(most, 1);
        plot.setScale('y', { min: low, max: high });
      }}
      {...(props.handle && { handle: props.handle })}
    />
  );
}

function options(
  latest: Holder<HistogramPlotProps>,
  logarithmic: boolean,
  ink: () => Ink,
  draw: (plot: uPlot) => void,
): Omit<uPlot.Options, 'width' | 'height'> {
  return {
    legend: { show: false },
    cursor: { ...NO_CURSOR, show: false },
    padding: [14, 12, 0, 0],
    scales: {
      x: {
        time: false,
        auto: false,
        range: (_plot, low, high) => [low, high],
        ...(logarithmic && { distr: 3 as const, log: 10 as const }),
      },
      y: { auto: false },
    },
    axes: [
      {
        ...axisLook(ink),
        label: () => quantityOf(latest.current),
        labelSize: 16,
        size: 24,
        gap: 2,
        space: 46,
        values: (_plot, splits) =>
          splits.map((split) => (split === null ? '' : shortNumber(split))),
        ...(logarithmic && LOGARITHMIC),
      },
      {
        ...valueAxis(ink, latest.current.counted),
        incrs: COUNTS,
        values: (_plot, splits) => splits.map((split) => shortCount(split)),
      },
    ],
    // Only for the scales: bars are drawn by us, each with its own edges and colour.
    series: [{}, { stroke: 'transparent', points: { show: false } }],
    hooks: { drawSeries: [(plot, index) => index === 1 && draw(plot)] },
  };
}

/** Says how many lie beyond the last bar. */
function quantityOf({ quantity, histogram }: HistogramPlotProps): string {
  const beyond = histogram?.beyond ?? 0;
  return beyond > 0 ? `${quantity}; ${shortCount(beyond)} beyond` : quantity;
}

/** Whole numbers only. */
const COUNTS = Array.from(
  { length: 27 },
  (_, k) => ([1, 2, 5][k % 3] as number) * 10 ** Math.floor(k / 3),
);

function drawBars(plot: uPlot, bars: readonly Bar[], props: HistogramPlotProps, ink: Ink): void {
  const { ctx, bbox } = plot;
  const x = (value: number): number => plot.valToPos(value, 'x', true);
  const floor = plot.valToPos(0, 'y', true);
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  for (const { from, to, count } of bars) {
    if (count === 0) continue;
    const left = Math.round(x(from));
    const right = Math.max(left + 1, Math.round(x(to)));
    const gap = right - left > 4 ? 1 : 0;
    const top = Math.min(floor - 1, plot.valToPos(count, 'y', true));
    ctx.fillStyle = faded(props.colour((from + to) / 2, ink), 0.85);
    ctx.fillRect(left, top, right - left - gap, floor - top);
  }
  ctx.restore();
  for (const { at, text } of props.marks ?? []) drawMark(plot, x(at), text, ink);
}

/** A dashed line with its word above the bars, turned to the side that has room. */
export function drawMark(plot: uPlot, at: number, text: string, ink: Ink): void {
  const { ctx, bbox } = plot;
  if (!(at >= bbox.left && at <= bbox.left + bbox.width)) return;
  const ratio = globalThis.devicePixelRatio || 1;
  ctx.save();
  ctx.strokeStyle = ink.text;
  ctx.lineWidth = ratio;
  ctx.setLineDash([4 * ratio, 3 * ratio]);
  ctx.beginPath();
  ctx.moveTo(at, bbox.top);
  ctx.lineTo(at, bbox.top + bbox.height);
  ctx.stroke();
  ctx.fillStyle = ink.text;
  ctx.font = `${11 * ratio}px system-ui, sans-serif`;
  ctx.textBaseline = 'bottom';
  const isRight = at > bbox.left + bbox.width / 2;
  ctx.textAlign = isRight ? 'right' : 'left';
  ctx.fillText(text, at + (isRight ? 2 : -2) * ratio, bbox.top - ratio);
  ctx.restore();
}
