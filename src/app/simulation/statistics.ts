/**
 * Statistics of populations over an interval of the run, from its spikes: rates, histograms of counts, intervals and
 * irregularity; synchrony and spectrum are of their own files. A few passes over the spikes, a few words per neuron.
 * Pure; knows no simulation.
 */
import { histogramFrom, niceWidth } from './histograms.ts';
import type { PopulationStatistics, Responder, StepRange } from './protocol.ts';
import { type Counted, NOBODY, type Selection, selectNeurons } from './selection.ts';
import { spectraOf } from './spectrum.ts';
import type { SpikeSlice } from './spike-log.ts';
import { synchronyOf } from './synchrony.ts';

export interface StatisticsInput {
  readonly populations: readonly Counted[];
  /** Spikes of the range, in order of step. */
  readonly spikes: readonly SpikeSlice[];
  readonly range: StepRange;
  readonly dtMs: number;
  /** Global neuron numbers to restrict to; all when left out. */
  readonly neurons?: Uint32Array;
}

/** About so many bins has a histogram. */
const BINS = 40;
/** Share of intervals that a histogram shows; the longest would press all others into its first bin. */
const SHOWN = 0.99;
const CV_WIDTH = 0.05;
const CV_BINS = 60;
/** Bins per octave of the histogram from which the bins of the shown one are chosen. */
const PER_OCTAVE = 8;

/** One entry per population that has neurons in the selection, in order. */
export function populationStatistics(input: StatisticsInput): PopulationStatistics[] {
  const { spikes, range, dtMs } = input;
  const selection = selectNeurons(input.populations, input.neurons);
  const trains = countTrains(spikes, selection);
  const widths = trains.octaves.map((octaves) => niceWidth(longestShown(octaves) / BINS));
  const intervals = countIntervals(spikes, selection, widths);
  const synchrony = synchronyOf(spikes, selection, range, dtMs);
  const spectra = spectraOf(spikes, selection, range, dtMs);
  const seconds = ((range.to - range.from) * dtMs) / 1000;
  return selection.populations.map(({ population, size }, owner) => {
    const own = summarise(selection, trains, owner);
    const width = (widths[owner] as number) * dtMs;
    const { spectrum, peakHz } = spectra[owner] as (typeof spectra)[number];
    return {
      population: population.name,
      size,
      range,
      spikes: own.spikes,
      rateHz: seconds > 0 ? own.spikes / (size * seconds) : 0,
      cv: own.cv,
      counts: own.counts,
      intervals: histogramFrom(intervals[owner] as Float64Array, width, own.intervals),
      cvs: own.cvs,
      spectrum,
      peakHz,
      synchrony: synchrony[owner] ?? null,
    };
  });
}

/** What spike trains come to, by global neuron number; octaves by population. */
interface Trains {
  readonly counts: Uint32Array;
  /** Sums of intervals and of their squares, steps: whole numbers, exact. */
  readonly sums: Float64Array;
  readonly squares: Float64Array;
  /** Numbers of intervals, PER_OCTAVE bins to each doubling of their length. */
  readonly octaves: readonly Uint32Array[];
}

function countTrains(spikes: readonly SpikeSlice[], { populations, ownerOf }: Selection): Trains {
  const size = ownerOf.length;
  const octaves = populations.map(() => new Uint32Array(32 * PER_OCTAVE + 1));
  const counts = new Uint32Array(size);
  const sums = new Float64Array(size);
  const squares = new Float64Array(size);
  const last = new Uint32Array(size);
  for (const { steps, neurons } of spikes) {
    for (let k = 0; k < steps.length; k++) {
      const neuron = neurons[k] as number;
      const owner = ownerOf[neuron] as number;
      if (owner === NOBODY) continue;
      const step = steps[k] as number;
      const count = counts[neuron] as number;
      counts[neuron] = count + 1;
      if (count > 0) {
        const interval = step - (last[neuron] as number);
        sums[neuron] = (sums[neuron] as number) + interval;
        squares[neuron] = (squares[neuron] as number) + interval * interval;
        const own = octaves[owner] as Uint32Array;
        const octave = Math.floor(PER_OCTAVE * Math.log2(interval));
        own[octave] = (own[octave] as number) + 1;
      }
      last[neuron] = step;
    }
  }
  return { counts, sums, squares, octaves };
}

/** Steps that most intervals are shorter than. */
function longestShown(octaves: Uint32Array): number {
  const wanted = SHOWN * octaves.reduce((sum, count) => sum + count, 0);
  let below = 0;
  for (let k = 0; k < octaves.length; k++) {
    below += octaves[k] as number;
    if (below >= wanted && below > 0) return 2 ** ((k + 1) / PER_OCTAVE);
  }
  return 1;
}

/** Intervals by bins of a width in steps, by population. */
function countIntervals(
  spikes: readonly SpikeSlice[],
  { ownerOf }: Selection,
  widths: readonly number[],
): Float64Array[] {
  const bins = widths.map(() => new Float64Array(BINS + 1));
  // One more than the step of the last spike: 0 is none.
  const after = new Float64Array(ownerOf.length);
  for (const { steps, neurons } of spikes) {
    for (let k = 0; k < steps.length; k++) {
      const neuron = neurons[k] as number;
      const owner = ownerOf[neuron] as number;
      if (owner === NOBODY) continue;
      const before = after[neuron] as number;
      const now = (steps[k] as number) + 1;
      after[neuron] = now;
      const own = bins[owner] as Float64Array;
      const bin = Math.floor((now - before) / (widths[owner] as number));
      if (before > 0 && bin < own.length) own[bin] = (own[bin] as number) + 1;
    }
  }
  return bins;
}

/** Totals and what is one value per neuron: counts, and the coefficient of variation where there are three spikes. */
function summarise(
  { populations, ownerOf }: Selection,
  { counts, sums, squares }: Trains,
  owner: number,
) {
  const { population, size } = populations[owner] as Selection['populations'][number];
  const end = population.first + population.size;
  let most = 0;
  for (let k = population.first; k < end; k++) {
    if (ownerOf[k] === owner) most = Math.max(most, counts[k] as number);
  }
  const width = niceWidth((most + 1) / BINS);
  const byCount = new Float64Array(Math.floor(most / width) + 1);
  const byCv = new Float64Array(CV_BINS);
  let [spikes, intervals, cvSum, neurons] = [0, 0, 0, 0];
  for (let k = population.first; k < end; k++) {
    if (ownerOf[k] !== owner) continue;
    const count = counts[k] as number;
    const place = Math.floor(count / width);
    byCount[place] = (byCount[place] as number) + 1;
    spikes += count;
    intervals += Math.max(0, count - 1);
    if (count < 3) continue;
    const cv = variationOf(count - 1, sums[k] as number, squares[k] as number);
    const bin = Math.floor(cv / CV_WIDTH);
    if (bin < CV_BINS) byCv[bin] = (byCv[bin] as number) + 1;
    cvSum += cv;
    neurons++;
  }
  return {
    spikes,
    intervals,
    cv: neurons > 0 ? cvSum / neurons : null,
    counts: histogramFrom(byCount, width, size),
    cvs: histogramFrom(byCv, CV_WIDTH, neurons),
  };
}

/** Standard deviation over mean of `count` numbers from their sum and that of their squares. */
function variationOf(count: number, sum: number, squares: number): number {
  // Both products are whole: a clock has exactly 0.
  return Math.sqrt(Math.max(0, squares * count - sum * sum)) / sum;
}

/** The neurons with most spikes in the range, at most `most` that spiked at all; of equal ones the first. */
export function respondersOf(
  { populations, spikes, range, dtMs }: StatisticsInput,
  most: number,
): Responder[] {
  const { ownerOf } = selectNeurons(populations, undefined);
  const counts = new Uint32Array(ownerOf.length);
  for (const { neurons } of spikes) {
    for (const neuron of neurons) counts[neuron] = (counts[neuron] as number) + 1;
  }
  const fired: number[] = [];
  for (let k = 0; k < counts.length; k++) if ((counts[k] as number) > 0) fired.push(k);
  fired.sort((a, b) => (counts[b] as number) - (counts[a] as number) || a - b);
  const seconds = ((range.to - range.from) * dtMs) / 1000;
  return fired.slice(0, most).map((neuron) => {
    const { name, first } = populations[ownerOf[neuron] as number] as Counted;
    const count = counts[neuron] as number;
    return {
      neuron,
      population: name,
      index: neuron - first,
      spikes: count,
      rateHz: count / seconds,
    };
  });
}
