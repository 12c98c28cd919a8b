/**
 * What a network has recorded so far, found by the names of its recordings: spikes, variables, rates, and what they
 * amount to by population. Reads stores that others fill; runs nothing.
 */
import { NetworkError } from '../errors.ts';
import { describeValue } from '../language/argument.ts';
import { listNames, suggest } from '../language/messages.ts';
import type { CompiledRecording } from '../plan/compile.ts';
import { meanRate } from './analysis.ts';
import type { FieldRecorder } from './field-recorder.ts';
import type { IntervalTally } from './interval-tally.ts';
import { populationRate, type RateOptions, type RateTrace } from './rate.ts';
import type { SpikeStore, Spikes } from './spikes.ts';
import type { PopulationSummary } from './summary.ts';
import type { StateTrace, TraceStore } from './traces.ts';

/** Spikes with their times: `timesMs()` makes a new array, step times dt, the start of the step of each spike. */
export interface SpikeTrains extends Spikes {
  timesMs(): Float64Array;
}

/** How callers name a recording: by its name, or by what `record` returned. May be left out when there is only one. */
export type RecordingName = string | { readonly name: string };

/** A population as its spikes are numbered. */
export interface NumberedPopulation {
  readonly name: string;
  readonly size: number;
  /** Number in the store of its first neuron. */
  readonly first: number;
}

/** Where recordings are kept, and what there is of them. */
export interface RecordingParts {
  readonly populations: readonly NumberedPopulation[];
  readonly recordings: readonly CompiledRecording[];
  readonly dtMs: number;
  readonly store: SpikeStore;
  /** Samples of an update kernel. */
  readonly tracesOf: (kernel: number) => TraceStore;
  /** Samples of fields; where there are none, fields are not recorded. */
  readonly fields?: FieldRecorder;
}

/** The recordings of one network. Throws NetworkError for names that do not exist. */
export class Recordings {
  readonly #parts: RecordingParts;

  constructor(parts: RecordingParts) {
    this.#parts = parts;
  }

  /** Spikes of one spike recording; neurons are numbered in the population or slice that was recorded. */
  spikes(recording?: RecordingName): SpikeTrains {
    const { population, from, to } = this.#recording('spikes', recording);
    const { first } = this.#population(population);
    return this.#timed(this.#kept('spikes').of(first, from, to));
  }

  /** All spikes, numbered as in the store; a copy. */
  allSpikes(): SpikeTrains {
    const { steps, neurons } = this.#kept('allSpikes').all();
    return this.#timed({ steps: steps.slice(), neurons: neurons.slice() });
  }

  /** spikeHash of all spikes, kept or not. */
  spikeHash(): Promise<string> {
    return this.#parts.store.hash();
  }

  /** Samples of one state recording, in internal units. */
  state(recording?: RecordingName): StateTrace {
    const found = this.#recording('state', recording);
    if (found.voxels) {
      const trace = this.#parts.fields?.read(found.name, this.#parts.dtMs);
      if (!trace) throw new Error(`internal: recording "${found.name}" was not taken`);
      return trace;
    }
    if (!found.trace) throw new Error(`internal: recording "${found.name}" has no sampler`);
    return this.#parts.tracesOf(found.trace.kernel).read(found.trace, this.#parts.dtMs);
  }

  /** Rate over the first `steps` steps of one rate recording. */
  rate(recording: RecordingName | undefined, options: RateOptions, steps: number): RateTrace {
    const { population, from, to } = this.#recording('rate', recording);
    const { first } = this.#population(population);
    const spikes = this.#kept('rate').of(first, from, to);
    return populationRate(spikes, to - from, steps, this.#parts.dtMs, options);
  }

  /** Spikes of all recorded populations, and their mean rate over `steps` steps. */
  totals(steps: number): { readonly spikes: number; readonly rate_hz: number } {
    const { store, populations, dtMs } = this.#parts;
    const recorded = this.#recordedNames();
    const size = populations.reduce((sum, one) => sum + (recorded.has(one.name) ? one.size : 0), 0);
    return { spikes: store.total, rate_hz: meanRate(store.total, size, steps * dtMs) };
  }

  /** A line for each population. Costs one pass over the spikes where they are kept. */
  populationSummaries(steps: number): PopulationSummary[] {
    const intervals = this.#parts.store.intervals();
    const recorded = this.#recordedNames();
    return this.#parts.populations.map((population, index) =>
      recorded.has(population.name)
        ? this.#summaryOf(population, index, intervals, steps)
        : {
            name: population.name,
            size: population.size,
            spikes: null,
            rate_hz: null,
            cv_isi: null,
          },
    );
  }

  #summaryOf(
    { name, size, first }: NumberedPopulation,
    index: number,
    intervals: IntervalTally,
    steps: number,
  ): PopulationSummary {
    const spikes = this.#parts.store.countOf(index);
    return {
      name,
      size,
      spikes,
      rate_hz: meanRate(spikes, size, steps * this.#parts.dtMs),
      cv_isi: intervals.meanCv(first, size),
    };
  }

  /** Populations whose spikes are recorded; rates are made of spikes. */
  #recordedNames(): ReadonlySet<string> {
    const counting = this.#parts.recordings.filter(({ kind }) => kind !== 'state');
    return new Set(counting.map(({ population }) => population));
  }

  /** The store, for what needs the spikes themselves. */
  #kept(method: string): SpikeStore {
    const { store } = this.#parts;
    if (store.isKept) return store;
    throw new RangeError(
      `${method}: this simulation keeps no spikes (keepSpikes: false); onSpikes gets them, and summary() and ` +
        'spikeHash() know of them.',
    );
  }

  #timed(spikes: Spikes): SpikeTrains {
    const { dtMs } = this.#parts;
    return {
      ...spikes,
      timesMs: () => Float64Array.from(spikes.steps, (step) => step * dtMs),
    };
  }

  #population(name: string): NumberedPopulation {
    const { populations } = this.#parts;
    const found = populations.find((population) => population.name === name);
    if (found) return found;
    throw unknownName('population', name, populations);
  }

  #recording(kind: CompiledRecording['kind'], wanted?: RecordingName): CompiledRecording {
    const ofKind = this.#parts.recordings.filter((recording) => recording.kind === kind);
    if (wanted === undefined) {
      const [only, ...others] = ofKind;
      if (only && others.length === 0) return only;
      throw new NetworkError(
        `Name the ${kind} recording to read: there are ${ofKind.length}${ofKind.length === 0 ? `; add one with record.${kind}(…) before creating the simulation` : ` (${listNames(ofKind.map(({ name }) => name))})`}.`,
        { path: 'recordings' },
      );
    }
    const name = typeof wanted === 'string' ? wanted : wanted?.name;
    const found = ofKind.find((recording) => recording.name === name);
    if (found) return found;
    throw unknownName(`${kind} recording`, name, ofKind);
  }
}

/** "There is no population "x". Did you mean …" */
export function unknownName(
  what: string,
  name: unknown,
  known: readonly { readonly name: string }[],
): NetworkError {
  const names = known.map((one) => one.name);
  const meant = typeof name === 'string' ? suggest(name, names) : undefined;
  const hint = meant === undefined ? '' : ` Did you mean "${meant}"?`;
  return new NetworkError(
    `There is no ${what} ${describeValue(name)}.${hint} Known: ${listNames(names) || 'none'}.`,
    { path: what, value: name },
  );
}
