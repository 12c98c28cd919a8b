/** One run of many, when it has ended: what it was, what it recorded, what it amounts to. */
import type { NetworkDocument } from '../network/document.ts';
import type { RateOptions, RateTrace } from '../recording/rate.ts';
import type { RecordingName, Recordings, SpikeTrains } from '../recording/recordings.ts';
import type { RunSummary } from '../recording/summary.ts';
import type { StateTrace } from '../recording/traces.ts';
import type { PopulationLayout } from '../simulation.ts';
import type { PlannedRun, VariedValues } from './grid.ts';

/**
 * What a run reports. Keys are those of a single run's summary; memory_bytes and all times are of its launch, which
 * `at_once` runs share, and realtime_factor is wall time over the simulated time of all of these together.
 */
export interface ManyRunSummary extends RunSummary {
  /** From 1, in order of the grid. */
  readonly run: number;
  /** What tells it from the others: "g = 5, seed 3". */
  readonly label: string;
  /** Values of what was varied. */
  readonly parameters: VariedValues;
  /** The launch it was part of, from 1 in the order in which they ended, and how many runs that had. */
  readonly launch: number;
  readonly at_once: number;
  /** Whether it came to its end; false after cancelling and after an error. */
  readonly is_complete: boolean;
  /** Why it failed, or null: a variable became NaN, an input overflowed. */
  readonly error: string | null;
  /** See spikeHash. That of the same network alone is the same. */
  readonly spike_hash: string;
}

/** What a run is made from. */
export interface ManyRunParts {
  readonly planned: PlannedRun;
  readonly summary: ManyRunSummary;
  readonly populations: readonly PopulationLayout[];
  readonly recordings: Recordings;
  readonly steps: number;
}

/**
 * A run that has ended. Its recordings are read as those of a Simulation, in the same units, and stay valid; where
 * `keep` is false, only until onRun has returned.
 */
export class ManyRun {
  /** From 1, in order of the grid. */
  readonly number: number;
  /** What tells it from the others: "g = 5, seed 3". */
  readonly label: string;
  readonly seed: number;
  /** Values of what was varied. */
  readonly values: VariedValues;
  readonly document: NetworkDocument;
  /** In document order; neurons are numbered as if it had run alone. */
  readonly populations: readonly PopulationLayout[];
  readonly summary: ManyRunSummary;
  /** Steps that it came to. */
  readonly step: number;
  #recordings: Recordings | null;

  constructor({ planned, summary, populations, recordings, steps }: ManyRunParts) {
    this.number = planned.number;
    this.label = planned.label;
    this.seed = planned.seed;
    this.values = planned.values;
    this.document = planned.document;
    this.populations = populations;
    this.summary = summary;
    this.step = steps;
    this.#recordings = recordings;
  }

  /** Time step in ms. */
  get dtMs(): number {
    return this.summary.dt_ms;
  }

  /** Spikes of one spike recording, see Simulation.spikes. */
  spikes(recording?: RecordingName): SpikeTrains {
    return this.#kept('spikes').spikes(recording);
  }

  /** Spikes of all recorded populations, neurons numbered through all populations. */
  allSpikes(): SpikeTrains {
    return this.#kept('allSpikes').allSpikes();
  }

  /** Samples of one state recording. */
  state(recording?: RecordingName): StateTrace {
    return this.#kept('state').state(recording);
  }

  /** Rate of one rate recording over time. */
  rate(recording?: RecordingName, options: RateOptions = {}): RateTrace {
    return this.#kept('rate').rate(recording, options, this.step);
  }

  /** Lets go of the recordings; the summary stays. */
  forget(): void {
    this.#recordings = null;
  }

  #kept(method: string): Recordings {
    if (this.#recordings !== null) return this.#recordings;
    throw new RangeError(
      `${method}: this run has kept its summary only (keep: false); read recordings in onRun.`,
    );
  }
}
