/**
 * Detectors as a comparison uses them: a name, a unit, what has to be recorded, and the number that a run gives. Made of
 * the functions of detectors.ts and of src/recording/analysis.ts; runs nothing.
 */
import { describeValue } from '../language/argument.ts';
import { DIMENSIONS, parseQuantity } from '../language/units.ts';
import type { ManyRun } from '../many/run.ts';
import type { Quantity } from '../network/document.ts';
import { checkName } from '../network/fields.ts';
import { fanoFactor, meanCvIsi, meanPairwiseCorrelation, meanRate } from '../recording/analysis.ts';
import { checkNumber, checkOptions } from '../recording/check.ts';
import { populationRate } from '../recording/rate.ts';
import type { Spikes } from '../recording/spikes.ts';
import {
  BANDS,
  bandPower,
  binnedTrains,
  burstIndex,
  burstToTonic,
  failureRate,
  lagOneAutocorrelation,
  meanLevel,
  pairedPulseRatio,
  phasicLevel,
  responseAmplitudes,
  spikesBetween,
  synchrony,
  targetError,
  tenthToFirst,
  tonicLevel,
  trendVariance,
} from './detectors.ts';

/** A variable that a detector needs: of the neurons from … to - 1 (default the first 100), every so often. */
export interface Needed {
  readonly population: string;
  readonly variable: string;
  readonly neurons?: { readonly from?: number; readonly to?: number };
  readonly every?: Quantity;
  /** A quantity of the dimension that the variable must have, such as "1 nM"; another one is refused before the run. */
  readonly like?: Quantity;
}

/** Samples of a variable: [neuron][sample], in internal units (mV, ms, pA, mM …), in the window that is compared. */
export interface Signals {
  readonly timesMs: Float64Array;
  readonly neurons: readonly Float64Array[];
}

/** A run as detectors see it: the window that is compared, and nothing else. */
export interface MeasuredRun {
  readonly dtMs: number;
  /** Steps of the window. */
  readonly steps: number;
  /** When the window begins, in ms of the run. */
  readonly fromMs: number;
  /** Neurons of a population. */
  size(population: string): number;
  /** Spikes of a population in the window, steps counted from its beginning. */
  spikes(population: string): Spikes;
  signals(needed: Needed): Signals;
}

/** One number of a run. `measure` may give NaN or null where the run says nothing. */
export interface Detector {
  /** Unique in a comparison: "exc rate". */
  readonly name: string;
  readonly unit: string;
  /** What it is, one line. */
  readonly title: string;
  readonly needs?: readonly Needed[];
  readonly measure: (run: MeasuredRun) => number | null;
}

const RATE_BIN_MS = 1;
const SYNCHRONY_BIN_MS = 5;
const COUNT_BIN_MS = 100;
const CORRELATION_BIN_MS = 20;
const MOST_NEURONS = 200;

/**
 * Detectors of a population's spikes: rate [Hz], CV of intervals, Fano factor of counts in 100 ms, pairwise correlation of
 * counts in 20 ms, synchrony chi² of counts in 5 ms (1/n for n independent neurons; first 200 neurons), burst index,
 * power [Hz²] of the population rate in four bands, and its early warning: variance [Hz²] and lag-1 autocorrelation in
 * bins of 10 ms.
 */
export function spikeDetectors(population: string): Detector[] {
  checkName(population, 'spikeDetectors: population');
  const of = (
    name: string,
    unit: string,
    title: string,
    measure: (spikes: Spikes, size: number, run: MeasuredRun) => number | null,
  ): Detector => ({
    name: `${population} ${name}`,
    unit,
    title,
    measure: (run) => measure(run.spikes(population), run.size(population), run),
  });
  const counts = (size: number, { steps, dtMs }: MeasuredRun, binMs: number) =>
    steps * dtMs < binMs ? null : { size, totalSteps: steps, dtMs, binMs: Math.max(binMs, dtMs) };
  const rate = (spikes: Spikes, size: number, { steps, dtMs }: MeasuredRun, binMs: number) => {
    const bin = Math.max(binMs, dtMs);
    const { ratesHz } = populationRate(spikes, size, steps, dtMs, { binMs: bin });
    return { ratesHz, sampleMs: Math.round(bin / dtMs) * dtMs };
  };
  return [
    of('rate', 'Hz', 'spikes per second and neuron', (spikes, size, { steps, dtMs }) =>
      meanRate(spikes.steps.length, size, steps * dtMs),
    ),
    of('cv', '1', 'irregularity: coefficient of variation of intervals', (spikes, size, run) =>
      meanCvIsi(spikes, size, run.dtMs),
    ),
    of('fano', '1', 'Fano factor of spike counts in 100 ms', (spikes, size, run) => {
      const options = counts(size, run, COUNT_BIN_MS);
      return options === null ? null : fanoFactor(spikes, options);
    }),
    of('correlation', '1', 'pairwise correlation of spike counts in 20 ms', (spikes, size, run) => {
      const options = counts(size, run, CORRELATION_BIN_MS);
      return options === null
        ? null
        : meanPairwiseCorrelation(spikes, { ...options, most: MOST_NEURONS });
    }),
    of('synchrony', '1', 'synchrony chi² of spike counts in 5 ms', (spikes, size, run) => {
      const binSteps = Math.max(1, Math.round(SYNCHRONY_BIN_MS / run.dtMs));
      return synchrony(
        binnedTrains(spikes, { size, totalSteps: run.steps, binSteps }, MOST_NEURONS),
      );
    }),
    of('bursts', '1', 'share of intervals of at most 10 ms', (spikes, size, run) =>
      burstIndex(spikes, size, run.dtMs),
    ),
    ...Object.entries(BANDS).map(([band, range]) =>
      of(band, 'Hz²', `power of the rate, ${range[0]} to ${range[1]} Hz`, (spikes, size, run) => {
        const { ratesHz, sampleMs } = rate(spikes, size, run, RATE_BIN_MS);
        return bandPower(ratesHz, sampleMs, range);
      }),
    ),
    of('variance', 'Hz²', 'early warning: variance of the rate in 10 ms', (spikes, size, run) =>
      trendVariance(rate(spikes, size, run, 10).ratesHz),
    ),
    of(
      'lag-1',
      '1',
      'early warning: lag-1 autocorrelation of the rate in 10 ms',
      (spikes, size, run) => lagOneAutocorrelation(rate(spikes, size, run, 10).ratesHz),
    ),
  ];
}

/** Synchrony chi² of a variable, the membrane potential by default, over the first 100 neurons sampled every 1 ms. */
export function potentialDetector(population: string, variable = 'v'): Detector {
  checkName(population, 'potentialDetector: population');
  checkName(variable, 'potentialDetector: variable');
  const needed: Needed = { population, variable, every: '1 ms' };
  return {
    name: `${population} chi² of ${variable}`,
    unit: '1',
    title: `synchrony chi² of ${variable}`,
    needs: [needed],
    measure: (run) => synchrony(run.signals(needed).neurons),
  };
}

/** Options of levelDetectors. */
export interface LevelOptions extends Pick<Needed, 'neurons' | 'every'> {
  /** What regulation aims at, as a quantity: adds the relative error. */
  readonly target?: Quantity;
  /** What tables show, such as "nM"; internal units otherwise. */
  readonly unit?: string;
}

/**
 * Detectors of a variable's mean over neurons: mean, tonic level (median), phasic part (peak above it), burst/tonic ratio,
 * early warning (variance and lag-1 autocorrelation of the samples), and with `target` the relative error of regulation.
 * For transmitter at receptors, occupancies, calcium, pools. Sampled every 10 ms unless `every` says otherwise.
 */
export function levelDetectors(
  population: string,
  variable: string,
  options: LevelOptions = {},
): Detector[] {
  checkName(population, 'levelDetectors: population');
  checkName(variable, 'levelDetectors: variable');
  checkOptions(options, 'levelDetectors: options', ['neurons', 'every', 'target', 'unit']);
  const { every = '10 ms', neurons, target, unit = '' } = options;
  if (typeof unit !== 'string') {
    throw new TypeError(
      `levelDetectors: unit must be a text such as "nM", got ${describeValue(unit)}.`,
    );
  }
  const one = unit === '' ? undefined : parseQuantity(`1 ${unit}`, 'levelDetectors: unit');
  const scale = one?.value ?? 1;
  const like = unit === '' ? target : `1 ${unit}`;
  const needed: Needed = {
    population,
    variable,
    every,
    ...(neurons && { neurons }),
    ...(like !== undefined && { like }),
  };
  const of = (
    name: string,
    ownUnit: string,
    title: string,
    measure: (signal: Float64Array) => number,
  ): Detector => ({
    name: `${population}.${variable} ${name}`,
    unit: ownUnit,
    title,
    needs: [needed],
    measure: (run) => measure(meanSignal(run.signals(needed)).map((value) => value / scale)),
  });
  const squared = unit === '' ? '' : `${unit}²`;
  const detectors = [
    of('mean', unit, `mean of ${variable}`, meanLevel),
    of('tonic', unit, `tonic level of ${variable}: median`, tonicLevel),
    of('phasic', unit, `phasic part of ${variable}: peak above the tonic level`, phasicLevel),
    of('burst/tonic', '1', `peak of ${variable} in tonic levels`, burstToTonic),
    of('variance', squared, `early warning: variance of ${variable}`, trendVariance),
    of('lag-1', '1', `early warning: lag-1 autocorrelation of ${variable}`, lagOneAutocorrelation),
  ];
  if (target === undefined) return detectors;
  const wanted = parseQuantity(target, 'levelDetectors: target', one?.dimension).value / scale;
  return [
    ...detectors,
    of('error', '1', `${variable} against its target, relative`, (signal) =>
      targetError(signal, wanted),
    ),
  ];
}

/** Options of releaseDetectors. */
export interface ReleaseOptions extends Pick<Needed, 'neurons' | 'every'> {
  /** Times of the stimuli, in the run. */
  readonly stimuli: readonly Quantity[];
  /** How long an answer may take; default "10 ms". */
  readonly window?: Quantity;
  /** Amplitude, in the unit of the variable, below which release has failed: adds the failure rate. */
  readonly least?: Quantity;
}

/**
 * Detectors of synaptic answers, in a variable that they move (a current, a conductance): first amplitude, paired-pulse
 * ratio, tenth to first, and with `least` the failure rate. Amplitudes are means over neurons; failures are counted neuron
 * by neuron. Sampled every step unless `every` says otherwise. Stimuli must lie in the window that is compared.
 */
export function releaseDetectors(
  population: string,
  variable: string,
  options: ReleaseOptions,
): Detector[] {
  checkName(population, 'releaseDetectors: population');
  checkName(variable, 'releaseDetectors: variable');
  checkOptions(options, 'releaseDetectors: options', [
    'stimuli',
    'window',
    'least',
    'neurons',
    'every',
  ]);
  const { stimuli, window = '10 ms', least, neurons, every } = options;
  if (!Array.isArray(stimuli) || stimuli.length === 0) {
    throw new TypeError(
      `releaseDetectors: stimuli must be a list of times, got ${describeValue(stimuli)}.`,
    );
  }
  const time = (value: Quantity, what: string): number =>
    parseQuantity(value, `releaseDetectors: ${what}`, DIMENSIONS.time).value;
  const timesMs = (stimuli as readonly Quantity[]).map((one) => time(one, 'stimuli'));
  const windowMs = time(window, 'window');
  const needed: Needed = {
    population,
    variable,
    ...(neurons && { neurons }),
    ...(every !== undefined && { every }),
    ...(least !== undefined && { like: least }),
  };
  const answers = (run: MeasuredRun): Float64Array[] => {
    const { timesMs: samples, neurons: signals } = run.signals(needed);
    return signals.map((signal) => responseAmplitudes(signal, samples, timesMs, windowMs));
  };
  const of = (
    name: string,
    title: string,
    measure: (answers: Float64Array[]) => number,
    unit = '1',
  ): Detector => ({
    name: `${population}.${variable} ${name}`,
    unit,
    title,
    needs: [needed],
    measure: (run) => measure(answers(run)),
  });
  const mean = (all: Float64Array[]): Float64Array =>
    Float64Array.from(
      timesMs,
      (_, k) => all.reduce((sum, one) => sum + (one[k] as number), 0) / all.length,
    );
  const detectors = [
    // In internal units, which have no name here.
    of('first', 'first answer', (all) => mean(all)[0] as number, ''),
    of('paired-pulse ratio', 'second answer to the first', (all) => pairedPulseRatio(mean(all))),
    of('10th/1st', 'tenth answer to the first', (all) => tenthToFirst(mean(all))),
  ];
  if (least === undefined) return detectors;
  const smallest = parseQuantity(least, 'releaseDetectors: least').value;
  checkNumber(smallest, 'releaseDetectors: least', 'an amplitude above 0', (one) => one > 0);
  return [
    ...detectors,
    of('failures', 'share of stimuli without an answer', (all) =>
      failureRate(
        all.flatMap((one) => [...one]),
        smallest,
      ),
    ),
  ];
}

/** Mean over neurons, sample by sample. */
function meanSignal({ timesMs, neurons }: Signals): Float64Array {
  const mean = new Float64Array(timesMs.length);
  for (const signal of neurons) {
    for (let k = 0; k < mean.length; k++)
      mean[k] = (mean[k] as number) + (signal[k] as number) / neurons.length;
  }
  return mean;
}

/** Name of the recording that holds what a detector needs: equal needs share one. */
export const recordingName = ({ population, variable, neurons, every }: Needed): string =>
  `detectors ${population}.${variable} ${neurons?.from ?? 0}-${neurons?.to ?? ''} ${every ?? ''}`.trim();

/** A finished run in a window of steps. */
export function measuredRun(run: ManyRun, fromStep: number, toStep: number): MeasuredRun {
  const { dtMs, populations } = run;
  const all = run.allSpikes();
  const layoutOf = (name: string) => {
    const found = populations.find((one) => one.name === name);
    if (found === undefined)
      throw new RangeError(`A detector reads population "${name}", which the network has not.`);
    return found;
  };
  const kept = new Map<string, Spikes>();
  return {
    dtMs,
    steps: toStep - fromStep,
    fromMs: fromStep * dtMs,
    size: (population) => layoutOf(population).size,
    spikes(population) {
      const before = kept.get(population);
      if (before !== undefined) return before;
      const spikes = spikesBetween(ofPopulation(all, layoutOf(population)), fromStep, toStep);
      kept.set(population, spikes);
      return spikes;
    },
    signals(needed) {
      const { timesMs, neurons, values } = run.state(recordingName(needed));
      const samples = values[needed.variable] as Float64Array;
      const [first, end] = [fromStep, toStep].map((step) => {
        // Half a step keeps the rounding of times out.
        const at = timesMs.findIndex((time) => time >= (step - 0.5) * dtMs);
        return at < 0 ? timesMs.length : at;
      }) as [number, number];
      return {
        timesMs: timesMs.slice(first, end),
        neurons: neurons.map((_, n) =>
          samples.slice(n * timesMs.length + first, n * timesMs.length + end),
        ),
      };
    },
  };
}

/** Spikes of one population out of all, neurons counted in it. */
export function ofPopulation(
  { steps, neurons }: Spikes,
  { first, size }: { readonly first: number; readonly size: number },
): Spikes {
  const own: number[] = [];
  for (let k = 0; k < neurons.length; k++) {
    const neuron = neurons[k] as number;
    if (neuron >= first && neuron < first + size) own.push(k);
  }
  return {
    steps: Uint32Array.from(own, (k) => steps[k] as number),
    neurons: Uint32Array.from(own, (k) => (neurons[k] as number) - first),
  };
}
