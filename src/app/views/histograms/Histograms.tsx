/** Panel Statistics: spike counts, intervals and their variability of a population, in bars, numbers and plain words. */
import './histograms.css';
import { signal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type uPlot from 'uplot';
import { useApp } from '../../shell/context.ts';
import { formatNumber, formatTime } from '../../shell/format.ts';
import type { Histogram, PopulationStatistics } from '../../simulation/protocol.ts';
import type { NetworkInfo } from '../../state/app.ts';
import { momentsOf } from '../plot/bars.ts';
import { Choice } from '../plot/Choice.tsx';
import { HistogramPlot } from '../plot/HistogramPlot.tsx';
import type { Ink } from '../plot/ink.ts';
import { PlotTools } from '../plot/PlotTools.tsx';
import { perApp } from '../plot/per-app.ts';
import { Reading } from '../plot/Reading.tsx';
import { correlationOf } from '../plot/reading.ts';
import { looksOf } from '../plot/series-look.ts';
import { useStatistics } from '../plot/statistics.ts';
import { TableBox } from '../plot/TableBox.tsx';
import type { Column } from '../plot/table.ts';

const choicesOf = perApp(() => ({ population: signal(''), isLogarithmic: signal(false) }));

export default function Histograms() {
  const app = useApp();
  const info = app.session.info.value;
  if (!info) return null;
  return <HistogramsOf info={info} />;
}

function HistogramsOf({ info }: { info: NetworkInfo }) {
  const app = useApp();
  const { population, isLogarithmic } = choicesOf(app);
  const { value, failure } = useStatistics();
  const plots = [
    useRef<uPlot | null>(null),
    useRef<uPlot | null>(null),
    useRef<uPlot | null>(null),
  ];
  const [countsPlot, intervalsPlot, cvsPlot] = plots;
  const statistics = value.value;
  const index = Math.max(
    0,
    info.populations.findIndex(({ name }) => name === population.value),
  );
  const shown = info.populations[index];
  const one = statistics?.populations.find((found) => found.population === shown?.name) ?? null;
  const colour = looksOf(info.populations, app.dark.value)[index]?.colour ?? '#888888';
  const look = (_value: number, _ink: Ink): string => colour;
  const name = shown?.name ?? '';
  return (
    <div class="histograms">
      <PlotTools
        name={`statistics-${name}`}
        plots={() => plots.map((plot) => plot.current)}
        columns={() => columnsOf(one)}
      >
        {info.populations.length > 1 && (
          <Choice
            label="Population"
            value={name}
            options={info.populations.map((each) => [each.name, each.name] as const)}
            choose={(next) => {
              population.value = next;
            }}
          />
        )}
        <label>
          <input
            type="checkbox"
            checked={isLogarithmic.value}
            onChange={({ currentTarget }) => {
              isLogarithmic.value = currentTarget.checked;
            }}
          />
          Intervals on a logarithmic axis
        </label>
      </PlotTools>
      <Reading />
      {failure.value !== '' && !statistics && (
        <p class="plot-empty" role="status">
          Statistics could not be counted: {failure.value}
        </p>
      )}
      <div class="histograms-plots">
        <HistogramPlot
          label={`Spikes per neuron of ${name}: ${describe(one?.counts, '')}`}
          quantity="spikes per neuron"
          counted="neurons"
          height={190}
          histogram={one?.counts ?? null}
          colour={look}
          marks={meanMark(one?.counts, 1, '')}
          {...(countsPlot && { handle: countsPlot })}
        />
        <HistogramPlot
          label={`Intervals between spikes of ${name}: ${describe(one?.intervals, 'ms')}`}
          quantity="interval (ms)"
          counted="intervals"
          height={190}
          histogram={one?.intervals ?? null}
          logarithmic={isLogarithmic.value}
          colour={look}
          marks={meanMark(one?.intervals, 1, ' ms')}
          {...(intervalsPlot && { handle: intervalsPlot })}
        />
        <HistogramPlot
          label={`Coefficients of variation of the intervals of neurons of ${name}: ${describe(one?.cvs, '')}`}
          quantity="CV of intervals"
          counted="neurons"
          height={190}
          histogram={one?.cvs ?? null}
          colour={look}
          marks={
            one?.cv === null || !one ? [] : [{ at: one.cv, text: `mean ${one.cv.toFixed(2)}` }]
          }
          {...(cvsPlot && { handle: cvsPlot })}
        />
      </div>
      <Numbers info={info} />
    </div>
  );
}

/** All populations, in numbers. */
function Numbers({ info }: { info: NetworkInfo }) {
  const statistics = useStatistics().value.value;
  const found = new Map(statistics?.populations.map((one) => [one.population, one]));
  return (
    <TableBox label="Statistics of all populations">
      <table>
        <caption class="small quiet numbers">
          {statistics
            ? `From ${formatTime(statistics.fromMs, 0)} to ${formatTime(statistics.toMs, 0)}`
            : 'Statistics of the shown time'}
        </caption>
        <thead>
          <tr>
            <th scope="col">Population</th>
            <th scope="col">Spikes</th>
            <th scope="col">Rate (spikes/s)</th>
            <th scope="col">Interval (ms)</th>
            <th scope="col">CV</th>
            <th scope="col" title="Mean correlation of the spike counts of pairs of neurons">
              Correlation
            </th>
            <th scope="col">Rhythm (Hz)</th>
          </tr>
        </thead>
        <tbody>
          {info.populations.map(({ name, size }) => {
            const one = found.get(name);
            const interval = one ? momentsOf(one.intervals) : null;
            const correlation = one ? correlationOf(one.synchrony, size) : null;
            return (
              <tr key={name}>
                <td>{name}</td>
                <td>{one ? formatNumber(one.spikes) : '–'}</td>
                <td>{one ? one.rateHz.toFixed(2) : '–'}</td>
                <td>{interval && interval.n > 0 ? interval.mean.toFixed(1) : '–'}</td>
                <td>{one?.cv?.toFixed(2) ?? '–'}</td>
                <td>{correlation?.toFixed(3) ?? '–'}</td>
                <td>{one?.peakHz?.toFixed(0) ?? '–'}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </TableBox>
  );
}

function describe(histogram: Histogram | undefined, unit: string): string {
  const moments = histogram ? momentsOf(histogram) : null;
  if (!moments || moments.n === 0) return 'none yet';
  const { n, mean, sd } = moments;
  return `${formatNumber(n)}, mean ${mean.toFixed(2)} ${unit}, standard deviation ${sd.toFixed(2)} ${unit}`;
}

function meanMark(histogram: Histogram | undefined, digits: number, unit: string) {
  const moments = histogram ? momentsOf(histogram) : null;
  if (!moments || moments.n === 0) return [];
  return [{ at: moments.mean, text: `mean ${moments.mean.toFixed(digits)}${unit}` }];
}

/** The three histograms beside each other. */
function columnsOf(one: PopulationStatistics | null): Column[] {
  if (!one) return [];
  const of = (title: string, { edges, counts }: Histogram): Column[] => [
    { name: `${title}, from`, values: edges.subarray(0, counts.length) },
    { name: `${title}, to`, values: edges.subarray(1) },
    { name: `${title}, count`, values: counts },
  ];
  return [
    ...of('spikes per neuron', one.counts),
    ...of('interval (ms)', one.intervals),
    ...of('CV', one.cvs),
  ];
}
