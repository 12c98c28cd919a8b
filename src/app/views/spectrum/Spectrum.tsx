/** Panel: power spectrum of the rates of populations, on logarithmic axes, with the rhythm that stands out. */
import { useRef } from 'preact/hooks';
import type uPlot from 'uplot';
import { useApp } from '../../shell/context.ts';
import { formatTime } from '../../shell/format.ts';
import type { NetworkInfo } from '../../state/app.ts';
import { drawMark } from '../plot/HistogramPlot.tsx';
import type { Ink } from '../plot/ink.ts';
import { shortNumber } from '../plot/numbers.ts';
import { axisLook, LOGARITHMIC, NO_CURSOR, Plot, valueAxis } from '../plot/Plot.tsx';
import { PlotTools } from '../plot/PlotTools.tsx';
import { Reading } from '../plot/Reading.tsx';
import { Swatch } from '../plot/Swatch.tsx';
import { type CurveLook, looksOf } from '../plot/series-look.ts';
import { type Statistics, useStatistics } from '../plot/statistics.ts';
import { TableBox } from '../plot/TableBox.tsx';
import { curvesOf, decades, type SpectrumCurves } from './power.ts';

export default function Spectrum() {
  const app = useApp();
  const info = app.session.info.value;
  if (!info) return null;
  return <SpectrumOf info={info} />;
}

/** Decades of power that are drawn. */
const MOST_DECADES = 5;

function SpectrumOf({ info }: { info: NetworkInfo }) {
  const app = useApp();
  const { value, failure } = useStatistics();
  const statistics = value.value;
  const plot = useRef<uPlot | null>(null);
  const looks = looksOf(info.populations, app.dark.value);
  const latest = useRef<Drawn>({ looks, curves: curvesOf([]), peaks: [] });
  const curves = curvesOf(statistics?.populations ?? []);
  latest.current = { looks, curves, peaks: peaksOf(statistics) };
  const names = info.populations.map(({ name }) => name);
  return (
    <div class="spectrum plot-beside">
      <PlotTools
        name="spectrum"
        plots={() => [plot.current]}
        columns={() => [
          { name: 'frequency (Hz)', values: curves.frequencies },
          ...curves.curves.map(({ population, power }) => ({
            name: `${population} ((spikes/s)²/Hz)`,
            values: power,
          })),
        ]}
      >
        <span class="quiet small numbers">
          {statistics
            ? `Of the rates from ${formatTime(statistics.fromMs, 0)} to ${formatTime(statistics.toMs, 0)}`
            : 'Of the rates of the shown time'}
        </span>
      </PlotTools>
      <Reading />
      {failure.value !== '' && !statistics && (
        <p class="plot-empty" role="status">
          The spectrum could not be computed: {failure.value}
        </p>
      )}
      <div class="columns">
        <Plot
          label="Power spectrum of the population rates; rhythms that stand out are in the table"
          height={230}
          structure={JSON.stringify(names)}
          handle={plot}
          subscribe={() => () => undefined}
          options={(ink) => options(names, latest, ink)}
          draw={(drawn) => draw(drawn, latest.current.curves, names)}
        />
        <Peaks info={info} looks={looks} statistics={statistics} />
      </div>
    </div>
  );
}

interface Drawn {
  readonly looks: readonly CurveLook[];
  readonly curves: SpectrumCurves;
  readonly peaks: readonly number[];
}

/** Rhythms, each once: populations of a network share them. */
function peaksOf(statistics: Statistics | null): number[] {
  const peaks: number[] = [];
  for (const { peakHz } of statistics?.populations ?? []) {
    if (peakHz === null || peaks.some((other) => Math.abs(other - peakHz) < 0.05 * peakHz))
      continue;
    peaks.push(peakHz);
  }
  return peaks;
}

function draw(
  plot: uPlot,
  { frequencies, curves, range }: SpectrumCurves,
  names: readonly string[],
): void {
  const byName = new Map(curves.map(({ population, power }) => [population, power]));
  const min = frequencies[0] ?? 1;
  const max = frequencies.at(-1) ?? 100;
  const nothing = [null, null];
  plot.setData(
    (frequencies.length > 1
      ? [frequencies, ...names.map((name) => byName.get(name) ?? frequencies.map(() => Number.NaN))]
      : [[1, 100], ...names.map(() => nothing)]) as uPlot.AlignedData,
    false,
  );
  plot.setScale('x', { min, max: max > min ? max : min * 10 });
  const [low, high] = range ? decades(range, MOST_DECADES) : [1e-3, 1];
  plot.setScale('y', { min: low, max: high });
}

function options(
  names: readonly string[],
  latest: { readonly current: Drawn },
  ink: () => Ink,
): Omit<uPlot.Options, 'width' | 'height'> {
  const label = (_plot: uPlot, splits: readonly (number | null)[]): string[] =>
    splits.map((split) => (split === null ? '' : shortNumber(split)));
  return {
    legend: { show: false },
    cursor: { ...NO_CURSOR, show: false },
    padding: [14, 12, 0, 0],
    scales: {
      x: { time: false, auto: false, distr: 3, log: 10, range: (_plot, low, high) => [low, high] },
      y: { auto: false, distr: 3, log: 10 },
    },
    axes: [
      {
        ...axisLook(ink),
        label: 'frequency (Hz)',
        labelSize: 16,
        size: 24,
        gap: 2,
        space: 30,
        values: label,
        ...LOGARITHMIC,
      },
      { ...valueAxis(ink, 'power ((spikes/s)²/Hz)'), values: label, ...LOGARITHMIC },
    ],
    series: [
      {},
      ...names.map((name, index): uPlot.Series => {
        const dash = latest.current.looks[index]?.dash;
        return {
          label: name,
          stroke: () => latest.current.looks[index]?.colour ?? '#888888',
          width: 1.3,
          points: { show: false },
          ...(dash && { dash: [...dash] }),
        };
      }),
    ],
    hooks: {
      draw: [
        (plot) => {
          drawPoisson(plot, latest.current, ink());
          for (const peak of latest.current.peaks) {
            drawMark(plot, plot.valToPos(peak, 'x', true), `${peak.toFixed(0)} Hz`, ink());
          }
        },
      ],
    },
  };
}

/** The flat spectrum of independent Poisson neurons of the same rate, at the right edge. */
function drawPoisson({ ctx, bbox, valToPos, scales }: uPlot, drawn: Drawn, ink: Ink): void {
  const ratio = globalThis.devicePixelRatio || 1;
  const { min = 0, max = 0 } = scales.y ?? {};
  const right = bbox.left + bbox.width;
  let isNamed = false;
  ctx.save();
  ctx.lineWidth = 2 * ratio;
  ctx.setLineDash([ratio, 3 * ratio]);
  ctx.font = `${11 * ratio}px system-ui, sans-serif`;
  ctx.textAlign = 'right';
  ctx.textBaseline = 'bottom';
  for (const [index, level] of drawn.curves.poisson.entries()) {
    if (!(level > min && level < max)) continue;
    const y = valToPos(level, 'y', true);
    ctx.strokeStyle = drawn.looks[index]?.colour ?? ink.text;
    ctx.beginPath();
    ctx.moveTo(right - bbox.width / 4, y);
    ctx.lineTo(right, y);
    ctx.stroke();
    if (isNamed) continue;
    isNamed = true;
    ctx.fillStyle = ink.text;
    ctx.fillText('if independent', right - 2 * ratio, y - 2 * ratio);
  }
  ctx.restore();
}

function Peaks({
  info,
  looks,
  statistics,
}: {
  info: NetworkInfo;
  looks: readonly CurveLook[];
  statistics: Statistics | null;
}) {
  const found = new Map(statistics?.populations.map((one) => [one.population, one.peakHz]));
  return (
    <TableBox label="Rhythms of the populations">
      <table>
        <caption class="visually-hidden">Rhythms of the populations</caption>
        <thead>
          <tr>
            <th scope="col">Population</th>
            <th scope="col" title="Largest peak of the spectrum, where it stands out">
              Rhythm (Hz)
            </th>
          </tr>
        </thead>
        <tbody>
          {info.populations.map(({ name }, index) => {
            const look = looks[index];
            return (
              <tr key={name}>
                <td>
                  <span class="plot-name">
                    {look && <Swatch {...look} />}
                    {name}
                  </span>
                </td>
                <td>{found.get(name)?.toFixed(0) ?? 'none'}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </TableBox>
  );
}
