/** Panel: rates of populations over time, and the table of populations, which is also its text alternative. */
import './rates.css';
import { type ReadonlySignal, type Signal, signal, useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type uPlot from 'uplot';
import { useApp } from '../../shell/context.ts';
import { formatNumber } from '../../shell/format.ts';
import type { App, NetworkInfo } from '../../state/app.ts';
import { Choice } from '../plot/Choice.tsx';
import { faded } from '../plot/ink.ts';
import { PlotTools } from '../plot/PlotTools.tsx';
import { perApp } from '../plot/per-app.ts';
import { Reading } from '../plot/Reading.tsx';
import { rangeFromZero } from '../plot/range.ts';
import { Swatch } from '../plot/Swatch.tsx';
import { type CurveLook, looksOf } from '../plot/series-look.ts';
import { useStatistics } from '../plot/statistics.ts';
import { TableBox } from '../plot/TableBox.tsx';
import { type PlotSeries, TimePlot, windowOf } from '../plot/TimePlot.tsx';
import { rateBinsOf } from './collect.ts';
import { binsPerPoint, meanRates, type Rates as RateCurves, ratesBetween } from './rate-bins.ts';

/** More curves than these nobody can tell apart; those of the largest populations are drawn. */
const MOST_CURVES = 24;
/** Points of a curve: more than a screen has columns. */
const MOST_POINTS = 1200;

/** Widths, and standard deviations of the Gaussian. */
const BINS = [5, 10, 50].map((ms) => [ms, `${ms} ms`] as const);
const SMOOTHING = [0, 10, 50, 200].map((ms) => [ms, ms === 0 ? 'none' : `${ms} ms`] as const);

/** Chosen once, kept while the page is open. */
const choicesOf = perApp(() => ({ binMs: signal(5), smoothMs: signal(0) }));

export default function Rates() {
  const app = useApp();
  const info = app.session.info.value;
  if (!info) return null;
  return <RatesOf info={info} key={info.document.name} />;
}

function RatesOf({ info }: { info: NetworkInfo }) {
  const app = useApp();
  const { binMs, smoothMs } = choicesOf(app);
  const { populations } = info;
  const sizes = useMemo(() => populations.map(({ size }) => size), [populations]);
  const drawn = useMemo(() => largest(sizes, MOST_CURVES), [sizes]);
  const looks = looksOf(populations, app.dark.value);
  const plot = useRef<uPlot | null>(null);
  const curves = useRef<RateCurves | null>(null);
  const atCursor = useSignal<readonly number[] | null>(null);
  const widened = useSignal(0);
  const marked = useSignal('');

  const read = (fromMs: number, toMs: number): RateCurves | null => {
    const bins = rateBinsOf(app).current;
    if (!bins) return null;
    const perPoint = binsPerPoint(binMs.value, bins.binMs, toMs - fromMs, MOST_POINTS);
    return ratesBetween(bins, sizes, fromMs, toMs, perPoint, smoothMs.value);
  };
  return (
    <div class="rates plot-beside">
      <PlotTools
        name="rates"
        plots={() => [plot.current]}
        columns={() => {
          const { fromMs, toMs } = windowOf(app);
          return columnsOf(info, read(fromMs, toMs), app);
        }}
      >
        <Choice
          label="Bin"
          value={binMs.value}
          options={BINS}
          choose={(ms) => {
            binMs.value = ms;
          }}
        />
        <Choice
          label="Smoothing"
          value={smoothMs.value}
          options={SMOOTHING}
          choose={(ms) => {
            smoothMs.value = ms;
          }}
        />
        {widened.value > 0 && <span class="quiet small">shown in bins of {widened.value} ms</span>}
      </PlotTools>
      <Reading />
      <div class="columns">
        <TimePlot
          label="Rates of the populations over time; means are in the table of populations"
          value="rate (spikes/s)"
          height={230}
          handle={plot}
          series={drawn.map((index) =>
            seriesOf(populations[index]?.name ?? '', looks[index], marked.value),
          )}
          range={(_low, high) => rangeFromZero(high, 5)}
          data={({ fromMs, toMs }) => {
            const found = read(fromMs, toMs);
            curves.current = found;
            if (!found) return [[], ...drawn.map(() => [])];
            widened.value = found.binMs > binMs.value * 1.5 ? found.binMs : 0;
            return [found.timesMs, ...drawn.map((index) => found.rates[index] as Float64Array)];
          }}
          onCursor={(_plot, index) => {
            const found = curves.current;
            atCursor.value =
              index === null || !found
                ? null
                : found.rates.map((rates) => rates[index] ?? Number.NaN);
          }}
        />
        <Table
          info={info}
          looks={looks}
          drawn={drawn}
          sizes={sizes}
          atCursor={atCursor}
          marked={marked}
        />
      </div>
    </div>
  );
}

interface TableProps {
  readonly info: NetworkInfo;
  readonly looks: readonly CurveLook[];
  readonly drawn: readonly number[];
  readonly sizes: readonly number[];
  readonly atCursor: ReadonlySignal<readonly number[] | null>;
  /** Name of the population that stands out, or ''. */
  readonly marked: Signal<string>;
}

function Table({ info, looks, drawn, sizes, atCursor, marked }: TableProps) {
  const app = useApp();
  const statistics = useStatistics().value.value;
  const rates = useMeanRates(app, sizes);
  const cvs = new Map(statistics?.populations.map(({ population, cv }) => [population, cv]));
  return (
    <TableBox label="Populations" limited>
      <table>
        <caption class="visually-hidden">Populations and their rates over the shown time</caption>
        <thead>
          <tr>
            <th scope="col">Population</th>
            <th scope="col">Neurons</th>
            <th scope="col" title="Mean rate over the shown time">
              spikes/s
            </th>
            <th scope="col" title="Mean coefficient of variation of the intervals of neurons">
              CV
            </th>
          </tr>
        </thead>
        <tbody>
          {info.populations.map(({ name, size }, index) => {
            const look = looks[index];
            return (
              <tr key={name}>
                <td>
                  <button
                    type="button"
                    class="plain plot-name"
                    title="Show this population before the others"
                    aria-pressed={marked.value === name}
                    onClick={() => {
                      marked.value = marked.value === name ? '' : name;
                    }}
                  >
                    <span class="plot-mark" style={{ color: look?.colour }} aria-hidden="true">
                      {look?.mark}
                    </span>
                    {look && drawn.includes(index) && <Swatch {...look} />}
                    {name}
                  </button>
                </td>
                <td>{formatNumber(size)}</td>
                <RateCell index={index} rates={rates} atCursor={atCursor} />
                <td>{cvs.get(name)?.toFixed(2) ?? '–'}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </TableBox>
  );
}

/** The mean over the shown time; at the cursor, while there is one. */
function RateCell({
  index,
  rates,
  atCursor,
}: {
  index: number;
  rates: ReadonlySignal<readonly number[]>;
  atCursor: ReadonlySignal<readonly number[] | null>;
}) {
  const here = atCursor.value;
  const value = here ? here[index] : rates.value[index];
  return (
    <td class={here ? 'rates-here' : ''}>
      {value === undefined || Number.isNaN(value) ? '–' : value.toFixed(2)}
    </td>
  );
}

/** Four times a second: faster, nobody can read it. */
function useMeanRates(app: App, sizes: readonly number[]): ReadonlySignal<readonly number[]> {
  const rates = useSignal<readonly number[]>([]);
  useEffect(() => {
    const update = (): void => {
      const bins = rateBinsOf(app).current;
      const { fromMs, toMs } = windowOf(app);
      if (bins) rates.value = meanRates(bins, sizes, fromMs, toMs);
    };
    const timer = setInterval(update, 250);
    update();
    return () => clearInterval(timer);
  }, [app, sizes, rates]);
  return rates;
}

function seriesOf(name: string, look: CurveLook | undefined, marked: string): PlotSeries {
  const colour = look?.colour ?? '#888888';
  return {
    name,
    colour: marked === '' || marked === name ? colour : faded(colour, 0.2),
    ...(look?.dash && { dash: look.dash }),
  };
}

/** Places of the largest numbers, in their own order. */
function largest(sizes: readonly number[], most: number): number[] {
  const places = sizes.map((_, index) => index);
  if (places.length <= most) return places;
  return places
    .sort((a, b) => (sizes[b] as number) - (sizes[a] as number))
    .slice(0, most)
    .sort((a, b) => a - b);
}

function columnsOf(info: NetworkInfo, curves: RateCurves | null, app: App) {
  if (!curves) return [];
  const { fromMs, toMs } = windowOf(app);
  const inside = [...curves.timesMs.keys()].filter((k) => {
    const time = curves.timesMs[k] as number;
    return time >= fromMs && time <= toMs;
  });
  const of = (values: Float64Array): number[] => inside.map((k) => values[k] as number);
  return [
    { name: 'time (ms)', values: of(curves.timesMs) },
    ...info.populations.map(({ name }, index) => ({
      name: `${name} (spikes/s)`,
      values: of(curves.rates[index] as Float64Array),
    })),
  ];
}
