/** One variable of picked neurons over time: thinned to the pixels, with spikes and the threshold where they are known. */
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type uPlot from 'uplot';
import { useApp } from '../../shell/context.ts';
import type { App } from '../../state/app.ts';
import { decimate, lowerBound } from '../plot/decimate.ts';
import { faded, type Ink } from '../plot/ink.ts';
import { steadyRange } from '../plot/range.ts';
import { NEURON_DASHES, neuronColours } from '../plot/series-look.ts';
import { type PlotSeries, TimePlot, windowOf } from '../plot/TimePlot.tsx';
import { tracesOf } from './collect.ts';
import type { Threshold } from './threshold.ts';
import type { TraceRing } from './trace-ring.ts';

interface Props {
  readonly ring: TraceRing;
  /** Its place among those of the ring. */
  readonly variable: number;
  /** Global number of the first neuron of the population. */
  readonly first: number;
  readonly dtMs: number;
  /** Of this variable; null when it is another that makes spikes. */
  readonly threshold: Threshold | null;
  readonly isLast: boolean;
  /** Place of the neuron that stands out, or null. */
  readonly marked: number | null;
  /** The plots by variable, for saving. */
  readonly plots: Map<string, uPlot>;
}

export function TracePlot({
  ring,
  variable,
  first,
  dtMs,
  threshold,
  isLast,
  marked,
  plots,
}: Props) {
  const app = useApp();
  const { name = '', unit = '' } = ring.variables[variable] ?? {};
  const colours = neuronColours(app.dark.value);
  const handle = useRef<uPlot | null>(null);
  // Other neurons and variables have other ranges.
  const range = useMemo(steadyRange, [ring, variable]);
  useEffect(() => {
    if (handle.current) plots.set(name, handle.current);
    return () => {
      plots.delete(name);
    };
  });
  const level = threshold?.level ?? null;
  /** One neuron stands out while its row in the table is pointed at. */
  const colourOf = (place: number): string => {
    const colour = colours[place % colours.length] ?? '#888888';
    return marked === null || marked === place ? colour : faded(colour, 0.18);
  };
  const series = ring.neurons.map((neuron, place): PlotSeries => {
    const dash = NEURON_DASHES[place % NEURON_DASHES.length];
    return {
      name: `neuron ${neuron}`,
      colour: colourOf(place),
      width: 1.3,
      ...(dash && { dash }),
    };
  });
  return (
    <TimePlot
      label={`${name} of neurons ${ring.neurons.join(', ')} of ${ring.population} over time; values are in the table`}
      value={unit === '' ? name : `${name} (${unit})`}
      height={isLast ? 162 : 122}
      hasTimes={isLast}
      handle={handle}
      series={series}
      range={(low, high) => {
        if (level === null || high === null || low === null) return range(low, high);
        // Room for spikes above the threshold.
        const top = Math.max(high, level);
        return range(Math.min(low, level), top + Math.max(0, top - low) * 0.15);
      }}
      data={({ fromMs, toMs }, columns) => {
        const steps = ring.steps();
        // One more to each side, so that curves reach the edges.
        const from = Math.max(0, lowerBound(steps, fromMs / dtMs) - 1);
        const to = Math.min(steps.length, lowerBound(steps, toMs / dtMs) + 1);
        const values = ring.neurons.map((_, neuron) => ring.values(variable, neuron));
        const { x, ys } = decimate(steps, values, from, to, columns);
        // Where a column holds more than a sample, dashes would be noise.
        dashCurves(handle.current, x.length === to - from);
        for (let k = 0; k < x.length; k++) x[k] = (x[k] as number) * dtMs;
        return [x, ...ys];
      }}
      marks={(plot, ink) => {
        if (threshold) drawSpikes(app, plot, { ring, first, dtMs, level, colourOf });
        if (level !== null) drawLevel(plot, level, ink);
      }}
    />
  );
}

function dashCurves(plot: uPlot | null, wanted: boolean): void {
  plot?.series.forEach((series, index) => {
    if (index > 0) {
      series.dash = wanted ? [...(NEURON_DASHES[(index - 1) % NEURON_DASHES.length] ?? [])] : [];
    }
  });
}

function drawLevel({ ctx, bbox, valToPos }: uPlot, level: number, ink: Ink): void {
  const y = Math.round(valToPos(level, 'y', true)) + 0.5;
  if (y < bbox.top || y > bbox.top + bbox.height) return;
  const ratio = globalThis.devicePixelRatio || 1;
  ctx.save();
  ctx.strokeStyle = ink.quiet;
  ctx.lineWidth = ratio;
  ctx.setLineDash([3 * ratio, 4 * ratio]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  // On a halo, since spikes run through it.
  ctx.setLineDash([]);
  ctx.strokeStyle = ink.panel;
  ctx.lineWidth = 4 * ratio;
  ctx.lineJoin = 'round';
  ctx.fillStyle = ink.quiet;
  ctx.font = `${11 * ratio}px system-ui, sans-serif`;
  ctx.textAlign = 'right';
  ctx.textBaseline = 'bottom';
  ctx.strokeText('threshold', bbox.left + bbox.width - 2 * ratio, y - ratio);
  ctx.fillText('threshold', bbox.left + bbox.width - 2 * ratio, y - ratio);
  ctx.restore();
}

interface SpikeMarks {
  readonly ring: TraceRing;
  readonly first: number;
  readonly dtMs: number;
  readonly level: number | null;
  readonly colourOf: (place: number) => string;
}

/** A line from the threshold to the top of the plot, as spikes are drawn since the integrate-and-fire neuron exists. */
function drawSpikes(app: App, plot: uPlot, marks: SpikeMarks): void {
  const { ring, first, dtMs, level, colourOf } = marks;
  const { ctx, bbox } = plot;
  const { fromMs, toMs } = windowOf(app);
  const ratio = globalThis.devicePixelRatio || 1;
  const top = bbox.top;
  const floor = level === null ? top + 9 * ratio : Math.max(top, plot.valToPos(level, 'y', true));
  const places = new Map(ring.neurons.map((neuron, place) => [first + neuron, place]));
  ctx.save();
  ctx.setLineDash([]);
  ctx.lineWidth = 1.5 * ratio;
  tracesOf(app).spikes.each(fromMs / dtMs, toMs / dtMs, (step, neuron) => {
    const place = places.get(neuron);
    if (place === undefined) return;
    const x = Math.round(plot.valToPos(step * dtMs, 'x', true));
    ctx.strokeStyle = colourOf(place);
    ctx.beginPath();
    ctx.moveTo(x, top);
    ctx.lineTo(x, floor);
    ctx.stroke();
  });
  ctx.restore();
}
