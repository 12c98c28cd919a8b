/** What the page keeps of a run, as it is exported: spikes, traces and statistics of an interval. */
import { NetworkError } from '../../index.ts';
import type { KeptSpikes, PopulationStatistics, StepRange } from '../simulation/protocol.ts';
import type { App } from '../state/app.ts';
import type { NamedTrace } from '../tools/exports.ts';
import { lowerBound } from '../views/plot/decimate.ts';
import { tracesOf } from '../views/traces/collect.ts';

/** Everything up to now, or the interval that the plots show. */
export type Extent = 'kept' | 'shown';

/** The steps of an interval; throws NetworkError when nothing has run. */
export function rangeOf(app: App, extent: Extent): StepRange {
  const info = app.session.info.value;
  const { step } = app.session.run.value;
  if (info === null || step === 0) {
    throw new NetworkError('Nothing has run yet. Press Play first.', { path: 'export' });
  }
  if (extent === 'kept') return { from: 0, to: step };
  const { windowMs } = app.project.value.view;
  const nowMs = step * info.dtMs;
  const { fromMs, toMs } = app.timeWindow.value ?? { fromMs: nowMs - windowMs, toMs: nowMs };
  const from = Math.max(0, Math.round(fromMs / info.dtMs));
  const to = Math.min(step, Math.round(toMs / info.dtMs));
  if (to > from) return { from, to };
  throw new NetworkError('The shown interval lies outside of what has run.', { path: 'export' });
}

export function spikesIn(app: App, range: StepRange): Promise<KeptSpikes> {
  return app.session.call('spikes', [range]);
}

/** Samples of the probed neurons, as far as they are kept. */
export function tracesIn(app: App, { from, to }: StepRange): NamedTrace[] {
  const info = app.session.info.value;
  if (info === null) return [];
  return tracesOf(app).rings.value.flatMap((ring) => {
    const steps = ring.steps();
    const begin = lowerBound(steps, from, 0, steps.length);
    const end = lowerBound(steps, to, 0, steps.length);
    if (end <= begin) return [];
    const timesMs = Float64Array.from(steps.subarray(begin, end), (step) => step * info.dtMs);
    const values: Record<string, Float64Array> = {};
    for (const [v, { name }] of ring.variables.entries()) {
      const column = new Float64Array(ring.neurons.length * timesMs.length);
      for (let n = 0; n < ring.neurons.length; n++) {
        column.set(ring.values(v, n).subarray(begin, end), n * timesMs.length);
      }
      values[name] = column;
    }
    const variables = ring.variables.map(({ name }) => name);
    return [{ population: ring.population, neurons: ring.neurons, variables, timesMs, values }];
  });
}

/** One line for each population. */
export function statisticsCsv(rows: readonly PopulationStatistics[], dtMs: number): string {
  const head = 'population,neurons,from_ms,to_ms,spikes,rate_hz,cv_isi,peak_hz,synchrony';
  const cell = (value: number | null): string =>
    value === null || !Number.isFinite(value) ? '' : String(Number(value.toPrecision(8)));
  const lines = rows.map((row) =>
    [
      /[",\n\r]/.test(row.population)
        ? `"${row.population.replaceAll('"', '""')}"`
        : row.population,
      row.size,
      cell(row.range.from * dtMs),
      cell(row.range.to * dtMs),
      row.spikes,
      cell(row.rateHz),
      cell(row.cv),
      cell(row.peakHz),
      cell(row.synchrony),
    ].join(','),
  );
  return `${[head, ...lines].join('\n')}\n`;
}
