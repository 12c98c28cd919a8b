/** What a figure shows: spikes, rates and traces of an interval, as numbers. Pure; drawing is svg.ts. */
import type { NamedTrace } from '../../tools/exports.ts';

export interface FigurePopulation {
  readonly name: string;
  readonly size: number;
  /** Global number of its first neuron. */
  readonly first: number;
  readonly sign?: 'excitatory' | 'inhibitory' | null;
}

export interface FigureData {
  readonly fromMs: number;
  readonly toMs: number;
  readonly dtMs: number;
  readonly populations: readonly FigurePopulation[];
  /** Global neuron numbers. */
  readonly steps: Uint32Array;
  readonly neurons: Uint32Array;
  readonly rates: Rates;
  readonly traces: readonly FigureTrace[];
}

export interface Rates {
  readonly binMs: number;
  /** Middles of the bins. */
  readonly timesMs: Float64Array;
  /** Spikes per second and neuron: [population][bin]. */
  readonly hz: readonly Float64Array[];
}

/** One variable of the probed neurons of a population. */
export interface FigureTrace {
  readonly population: string;
  readonly variable: string;
  readonly unit: string;
  readonly neurons: readonly number[];
  readonly timesMs: Float64Array;
  /** [neuron][sample]. */
  readonly values: readonly Float64Array[];
}

/** About so many bins make a curve that can be read at the width of a column. */
const BINS = 160;

/** Width of bins for an interval: 1, 2 or 5 times a power of ten, at least a step. */
export function binFor(spanMs: number, dtMs: number): number {
  const rough = Math.max(spanMs / BINS, dtMs);
  const power = 10 ** Math.floor(Math.log10(rough));
  const nice = [1, 2, 5, 10].find((factor) => factor * power >= rough * 0.999) ?? 10;
  const bin = Number((nice * power).toPrecision(6));
  return Math.max(1, Math.round(bin / dtMs)) * dtMs;
}

export function ratesOf(
  spikes: { readonly steps: Uint32Array; readonly neurons: Uint32Array },
  populations: readonly FigurePopulation[],
  { fromMs, toMs, dtMs }: { fromMs: number; toMs: number; dtMs: number },
): Rates {
  const binMs = binFor(toMs - fromMs, dtMs);
  const perBin = Math.round(binMs / dtMs);
  const first = Math.round(fromMs / dtMs);
  const last = Math.round(toMs / dtMs);
  // A bin that the interval cuts would show a rate that was not there.
  const bins = Math.max(1, Math.floor((last - first) / perBin));
  const counts = populations.map(() => new Float64Array(bins));
  const firsts = populations.map((population) => population.first);
  for (let k = 0; k < spikes.steps.length; k++) {
    const bin = Math.floor(((spikes.steps[k] as number) - first) / perBin);
    if (bin < 0 || bin >= bins) continue;
    const list = counts[populationOf(firsts, spikes.neurons[k] as number)];
    if (list) list[bin] = (list[bin] as number) + 1;
  }
  const hz = counts.map((list, p) => {
    const size = Math.max(1, populations[p]?.size ?? 1);
    return list.map((count) => (count * 1000) / (binMs * size));
  });
  const timesMs = Float64Array.from({ length: bins }, (_, bin) => fromMs + (bin + 0.5) * binMs);
  return { binMs, timesMs, hz };
}

/** Index of the last population that begins at the neuron or before. */
export function populationOf(firsts: readonly number[], neuron: number): number {
  let low = 0;
  let high = firsts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((firsts[middle] as number) <= neuron) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The first variable of every population that has probes. */
export function figureTraces(
  traces: readonly NamedTrace[],
  unitOf: (population: string, variable: string) => string,
): FigureTrace[] {
  return traces.flatMap(({ population, variables, neurons, timesMs, values }) => {
    const [variable] = variables;
    const all = variable === undefined ? undefined : values[variable];
    if (variable === undefined || all === undefined) return [];
    const samples = timesMs.length;
    return [
      {
        population,
        variable,
        unit: unitOf(population, variable),
        neurons,
        timesMs,
        values: neurons.map((_, n) => all.subarray(n * samples, (n + 1) * samples)),
      },
    ];
  });
}
