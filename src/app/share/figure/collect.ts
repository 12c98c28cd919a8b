/** Takes what a figure shows from the running app: spikes, traces and facts of the interval that the plots show. */
import { NetworkError, version } from '../../../index.ts';
import type { ShapedArray } from '../../../io/results.ts';
import { stylesOf } from '../../colours.ts';
import type { App } from '../../state/app.ts';
import { rangeOf, spikesIn, tracesIn } from '../results.ts';
import { captionOf } from './caption.ts';
import { type FigureData, figureTraces, ratesOf } from './data.ts';
import { MOST_TICKS } from './svg.ts';

export interface Collected {
  readonly data: FigureData;
  readonly caption: string;
  /** Spikes of the interval that are no longer kept. */
  readonly dropped: number;
}

export async function collectFigure(app: App): Promise<Collected> {
  const info = app.session.info.value;
  if (info === null) throw new NetworkError('There is no network yet.', { path: 'figure' });
  const range = rangeOf(app, 'shown');
  const { steps, neurons, dropped } = await spikesIn(app, range);
  const { dtMs, populations } = info;
  const time = { fromMs: range.from * dtMs, toMs: range.to * dtMs, dtMs };
  const unitOf = (population: string, variable: string): string =>
    populations
      .find(({ name }) => name === population)
      ?.variables.find(({ name }) => name === variable)?.unit ?? '';
  const rates = ratesOf({ steps, neurons }, populations, time);
  const data: FigureData = {
    ...time,
    populations: populations.map(({ name, size, first, sign = null }) => ({
      name,
      size,
      first,
      sign,
    })),
    steps,
    neurons,
    rates,
    traces: figureTraces(tracesIn(app, range), unitOf),
  };
  const caption = captionOf({
    model: info.title,
    citation: info.citation,
    neurons: info.neurons,
    synapses: info.synapses,
    dtMs,
    seed: info.document.seed,
    fromMs: time.fromMs,
    toMs: time.toMs,
    spikes: steps.length,
    binMs: rates.binMs,
    version,
    engine: info.engine,
    adapter: info.adapter,
    isImage: steps.length > MOST_TICKS,
  });
  return { data, caption, dropped };
}

/** The numbers of a figure, for python.ts. */
export function figureArrays(data: FigureData): Record<string, ShapedArray> {
  const { populations, rates, traces } = data;
  const firsts = populations.map(({ first }) => first);
  const population = new Uint32Array(data.steps.length);
  for (let k = 0, p = 0; k < population.length; k++) {
    const neuron = data.neurons[k] as number;
    if (neuron < (firsts[p] ?? 0)) p = 0;
    while (neuron >= (firsts[p + 1] ?? Number.POSITIVE_INFINITY)) p++;
    population[k] = p;
  }
  const text = (lines: readonly string[]): ShapedArray => ({
    data: new TextEncoder().encode(lines.join('\n')),
  });
  const styles = stylesOf(populations, false);
  const arrays: Record<string, ShapedArray> = {
    interval_ms: { data: Float64Array.of(data.fromMs, data.toMs) },
    time_ms: { data: Float64Array.from(data.steps, (step) => step * data.dtMs) },
    neuron: { data: data.neurons },
    population: { data: population },
    population_names: text(populations.map(({ name }) => name)),
    population_first: { data: Uint32Array.from(firsts) },
    population_size: { data: Uint32Array.from(populations, ({ size }) => size) },
    population_inhibitory: { data: Uint8Array.from(styles, ({ mark }) => (mark === '●' ? 1 : 0)) },
    rate_time_ms: { data: rates.timesMs },
    rate_hz: {
      data: joined(rates.hz),
      shape: [rates.hz.length, rates.timesMs.length],
    },
    trace_names: text(
      traces.map(
        ({ variable, population: of, unit }) => `${variable} of ${of}${unit && ` (${unit})`}`,
      ),
    ),
  };
  for (const [k, { timesMs, values }] of traces.entries()) {
    arrays[`trace_${k}_time_ms`] = { data: timesMs };
    arrays[`trace_${k}`] = { data: joined(values), shape: [values.length, timesMs.length] };
  }
  return arrays;
}

function joined(lists: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(lists.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const list of lists) {
    all.set(list, at);
    at += list.length;
  }
  return all;
}
