/** Panel: slow variables since the start of the run on a logarithmic time axis, means and standard deviations. */
import './slow.css';
import { effect, untracked } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type uPlot from 'uplot';
import { useApp } from '../../shell/context.ts';
import type { App, NetworkInfo } from '../../state/app.ts';
import { faded, type Ink } from '../plot/ink.ts';
import { shortNumber } from '../plot/numbers.ts';
import { axisLook, NO_CURSOR, Plot, valueAxis } from '../plot/Plot.tsx';
import { PlotTools } from '../plot/PlotTools.tsx';
import { steadyRange } from '../plot/range.ts';
import { Swatch } from '../plot/Swatch.tsx';
import { NEURON_DASHES, neuronColours } from '../plot/series-look.ts';
import { isOpen, Toggles } from '../plot/Toggles.tsx';
import { duration, logTimeSplits } from '../plot/time-axis.ts';
import { type SlowHistory, slowOf } from './collect.ts';

/** Of the last time over the first that is drawn: three and a half decades. */
const MOST_RATIO = 3000;

/** Plots that are open at first. */
const FIRST_OPEN = 4;

export default function Slow() {
  const app = useApp();
  const info = app.session.info.value;
  if (!info) return null;
  return <SlowOf info={info} />;
}

function SlowOf({ info }: { info: NetworkInfo }) {
  const app = useApp();
  const histories = slowOf(app).list.value;
  const plots = useRef(new Map<string, uPlot>());
  if (histories.length === 0) return <p class="plot-empty">This network has no slow variables.</p>;
  const items = histories.map((history) => ({
    history,
    name: history.variable.name,
    key: keyOf(history),
  }));
  const open = items.filter(({ key }, index) => isOpen(app, key, index, FIRST_OPEN));
  return (
    <div class="slow plot-beside">
      <PlotTools
        name="slow"
        plots={() => open.map(({ key }) => plots.current.get(key) ?? null)}
        columns={() => columnsOf(open.map(({ history }) => history))}
      >
        <span class="quiet small">
          Mean ± standard deviation over neurons, since the start of the run
          {info.accelerations !== '' && `; slow time runs ahead: ${info.accelerations}`}
        </span>
      </PlotTools>
      <Toggles app={app} label="Slow variables" items={items} first={FIRST_OPEN} />
      <div class="slow-plots">
        {open.map(({ history, key }) => (
          <SlowPlot key={key} id={key} history={history} plots={plots.current} />
        ))}
      </div>
    </div>
  );
}

const keyOf = ({ variable }: SlowHistory): string => `slow ${variable.name} ${variable.unit}`;

const titleOf = ({ name, unit }: SlowHistory['variable']): string =>
  unit === '' ? name : `${name} (${unit})`;

function SlowPlot({
  id,
  history,
  plots,
}: {
  id: string;
  history: SlowHistory;
  plots: Map<string, uPlot>;
}) {
  const app = useApp();
  const handle = useRef<uPlot | null>(null);
  const colours = neuronColours(app.dark.value);
  const latest = useRef(colours);
  latest.current = colours;
  // Another run has another range.
  const range = useMemo(steadyRange, [history]);
  useEffect(() => {
    if (handle.current) plots.set(id, handle.current);
    return () => {
      plots.delete(id);
    };
  });
  const { variable, series } = history;
  const { owners } = variable;
  return (
    <figure class="slow-plot">
      <Plot
        label={`${titleOf(variable)} of ${owners.join(', ')} over the logarithm of time; newest values are under it`}
        height={176}
        structure={id + owners.join()}
        handle={handle}
        subscribe={(changed) => {
          const { samples } = slowOf(app);
          return effect(() => {
            samples.value;
            changed();
          });
        }}
        options={(ink) => options(titleOf(variable), owners.length, latest, range, ink)}
        draw={(plot) => draw(app, plot, history)}
        bind={(plot) => bindCursor(app, plot)}
      />
      <figcaption class="small">
        {owners.slice(0, 8).map((owner, index) => (
          <Newest
            key={owner}
            owner={owner}
            index={index}
            series={series}
            unit={variable.unit}
            colour={colours[index % colours.length] ?? ''}
          />
        ))}
      </figcaption>
    </figure>
  );
}

/** Of an owner: how its curve looks and where it has got to. */
function Newest({
  owner,
  index,
  series,
  unit,
  colour,
}: {
  owner: string;
  index: number;
  series: SlowHistory['series'];
  unit: string;
  colour: string;
}) {
  const app = useApp();
  // A new sample.
  slowOf(app).samples.value;
  const row = series.rows.at(-1);
  const mean = row?.[index * 2];
  const sd = row?.[index * 2 + 1];
  return (
    <span class="slow-newest numbers">
      <Swatch colour={colour} dash={NEURON_DASHES[index % NEURON_DASHES.length] ?? null} /> {owner}{' '}
      {mean !== undefined && sd !== undefined && (
        <span class="quiet">
          {shortNumber(mean)} ± {shortNumber(sd)} {unit}
        </span>
      )}
    </span>
  );
}

function options(
  label: string,
  owners: number,
  colours: { readonly current: readonly string[] },
  range: (low: number | null, high: number | null) => [number, number],
  ink: () => Ink,
): Omit<uPlot.Options, 'width' | 'height'> {
  const colourOf = (index: number): string =>
    colours.current[index % colours.current.length] ?? '#888888';
  const shown = Array.from({ length: Math.min(8, owners) }, (_, index) => index);
  return {
    legend: { show: false },
    cursor: NO_CURSOR,
    padding: [8, 14, 0, 0],
    scales: {
      x: { time: false, auto: false, distr: 3, log: 10, range: (_plot, low, high) => [low, high] },
      y: { auto: true, range: (_plot, low, high) => range(low, high) },
    },
    axes: [
      {
        ...axisLook(ink),
        label: 'time since the start, logarithmic',
        labelSize: 16,
        size: 24,
        gap: 2,
        splits: (plot, _axis, min, max) =>
          logTimeSplits(min, max, Math.max(3, Math.floor(plot.width / 64))),
        filter: (_plot, splits) => splits,
        values: (_plot, splits) => splits.map((split) => (split === null ? '' : duration(split))),
      },
      valueAxis(ink, label),
    ],
    series: [
      {},
      ...shown.flatMap((index): uPlot.Series[] => {
        const dash = NEURON_DASHES[index % NEURON_DASHES.length];
        const edge: uPlot.Series = { stroke: 'transparent', width: 0, points: { show: false } };
        return [
          {
            stroke: () => colourOf(index),
            width: 1.6,
            points: { show: false },
            ...(dash && { dash: [...dash] }),
          },
          edge,
          { ...edge },
        ];
      }),
    ],
    bands: shown.map((index) => ({
      series: [index * 3 + 3, index * 3 + 2] as uPlot.Band.Bounds,
      fill: () => faded(colourOf(index), 0.2),
    })),
  };
}

function draw(app: App, plot: uPlot, { series, variable }: SlowHistory): void {
  const { times, rows } = series;
  const owners = Math.min(8, variable.owners.length);
  const max = Math.max(times.at(-1) ?? 100, (times[0] ?? 10) * 2);
  // What happened before the first few steps of the slow clock is one sample, at the left.
  const min = Math.max(times[0] ?? 10, max / MOST_RATIO);
  if (times.length === 0) {
    const nothing = Array.from({ length: owners * 3 }, () => [null, null]);
    plot.setData([[min, max], ...nothing] as uPlot.AlignedData, false);
  } else {
    const of = (owner: number, sds: number): number[] =>
      rows.map((row) => (row[owner * 2] as number) + sds * (row[owner * 2 + 1] as number));
    const curves = Array.from({ length: owners }, (_, owner) => [
      of(owner, 0),
      of(owner, -1),
      of(owner, 1),
    ]).flat();
    plot.setData([[...times], ...curves] as uPlot.AlignedData, false);
  }
  plot.setScale('x', { min, max });
  placeCursor(app, plot);
}

function placeCursor(app: App, plot: uPlot): void {
  const ms = app.cursorMs.peek();
  const { min = 1, max = 10 } = plot.scales.x ?? {};
  const isInside = ms !== null && ms >= min && ms <= max;
  plot.setCursor({ left: isInside ? plot.valToPos(ms, 'x') : -10, top: isInside ? 0 : -10 }, false);
}

/** The cursor of all plots; the window is that of the live ones, so there is no zoom. */
function bindCursor(app: App, plot: uPlot): () => void {
  plot.over.addEventListener('pointermove', (event) => {
    const left = event.clientX - plot.over.getBoundingClientRect().left;
    app.cursorMs.value = plot.posToVal(left, 'x');
  });
  plot.over.addEventListener('pointerleave', () => {
    app.cursorMs.value = null;
  });
  return effect(() => {
    app.cursorMs.value;
    untracked(() => placeCursor(app, plot));
  });
}

function columnsOf(histories: readonly SlowHistory[]) {
  const times = histories[0]?.series.times ?? [];
  return [
    { name: 'time (ms)', values: times },
    ...histories.flatMap(({ variable, series }) =>
      variable.owners.flatMap((owner, index) => [
        {
          name: `${titleOf(variable)} of ${owner}, mean`,
          values: series.rows.map((row) => row[index * 2] ?? null),
        },
        {
          name: `${titleOf(variable)} of ${owner}, standard deviation`,
          values: series.rows.map((row) => row[index * 2 + 1] ?? null),
        },
      ]),
    ),
  ];
}
