/**
 * Results of the fly-brain experiments in the columns in which Shiu et al. 2024 published theirs: every spike with its
 * time, trial and FlyWire id, and every neuron that responded with the mean and spread of its rate over trials.
 */
import { describeValue } from '../index.ts';
import type { ExampleRun } from './example.ts';

/** A neuron that fired in at least one trial. */
export interface Responder {
  /** Index of the neuron. */
  readonly neuron: number;
  /** Over all trials, those without a spike of it included. */
  readonly meanHz: number;
  /** Standard deviation over trials (of these trials, not an estimate for others), as published. */
  readonly sdHz: number;
}

/** All spikes of an experiment, by trial, then time. */
export interface ExperimentSpikes {
  readonly seconds: Float64Array;
  readonly trial: Int32Array;
  readonly neuron: Uint32Array;
}

export interface Experiment {
  readonly responders: readonly Responder[];
  readonly spikes: ExperimentSpikes;
}

/** Name of the spike recording that is read. */
const RECORDING = 'brain spikes';

/** Who responded in these trials, most active first. RangeError where a run has kept no spikes. */
export function respondersOf(runs: readonly ExampleRun[]): Experiment {
  if (!Array.isArray(runs) || !runs.every((run) => typeof run?.spikes === 'function')) {
    throw new TypeError(
      `results: runs must be a list of simulations or of runs of runMany, got ${describeValue(runs)}.`,
    );
  }
  return experimentOf(
    runs.map((run) => ({
      ...run.spikes(RECORDING),
      dtMs: run.dtMs,
      durationSeconds: (run.step * run.dtMs) / 1000,
    })),
  );
}

/** Spikes of one trial, in the order of their steps. */
export interface TrialSpikes {
  readonly steps: Uint32Array;
  readonly neurons: Uint32Array;
  readonly dtMs: number;
  readonly durationSeconds: number;
}

/** The trials together, and who responded in them. */
export function experimentOf(trials: readonly TrialSpikes[]): Experiment {
  const total = trials.reduce((sum, { steps }) => sum + steps.length, 0);
  const spikes: ExperimentSpikes = {
    seconds: new Float64Array(total),
    trial: new Int32Array(total),
    neuron: new Uint32Array(total),
  };
  const counts = new Map<number, Float64Array>();
  let at = 0;
  for (const [trial, { steps, neurons, dtMs }] of trials.entries()) {
    spikes.trial.fill(trial, at, at + steps.length);
    for (const [k, neuron] of neurons.entries()) {
      spikes.seconds[at] = ((steps[k] as number) * dtMs) / 1000;
      spikes.neuron[at++] = neuron;
      const found = counts.get(neuron) ?? new Float64Array(trials.length);
      found[trial] = (found[trial] as number) + 1;
      counts.set(neuron, found);
    }
  }
  const responders = [...counts].map(([neuron, perTrial]) => ({
    neuron,
    ...spread(perTrial.map((count, trial) => count / (trials[trial]?.durationSeconds ?? 1))),
  }));
  return {
    responders: responders.sort((a, b) => b.meanHz - a.meanHz || a.neuron - b.neuron),
    spikes,
  };
}

function spread(values: Float64Array): { meanHz: number; sdHz: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { meanHz: mean, sdHz: Math.sqrt(variance) };
}

/** What the files call the neurons and the experiment. */
export interface ExperimentNames {
  readonly experiment: string;
  /** Id of each neuron. */
  readonly ids: readonly string[];
}

/** Ids that a 64-bit integer certainly holds. */
const INTEGER = /^\d{1,18}$/;

/**
 * Two files: the responders as CSV (flywire_id, mean_rate_hz, sd_rate_hz) and the spikes as Parquet (t in seconds, trial
 * from 0, flywire_id, exp_name). Ids are 64-bit integers there, or texts where they are no such numbers.
 */
export async function responderFiles(
  { responders, spikes }: Experiment,
  { experiment, ids }: ExperimentNames,
): Promise<ReadonlyMap<string, string | Uint8Array>> {
  const idOf = (neuron: number): string => ids[neuron] ?? String(neuron);
  const rows = responders.map(
    ({ neuron, meanHz, sdHz }) => `${quoted(idOf(neuron))},${meanHz},${sdHz}\n`,
  );
  const { parquetWriteBuffer } = await import('hyparquet-writer');
  const areIntegers = responders.every(({ neuron }) => INTEGER.test(idOf(neuron)));
  const id = areIntegers
    ? {
        type: 'INT64' as const,
        data: BigInt64Array.from(spikes.neuron, (neuron) => BigInt(idOf(neuron))),
      }
    : { type: 'STRING' as const, data: Array.from(spikes.neuron, idOf) };
  const bytes = parquetWriteBuffer({
    columnData: [
      { name: 't', type: 'DOUBLE', data: spikes.seconds, nullable: false },
      {
        name: 'trial',
        type: 'INT64',
        data: BigInt64Array.from(spikes.trial, BigInt),
        nullable: false,
      },
      { name: 'flywire_id', ...id, nullable: false },
      {
        name: 'exp_name',
        type: 'STRING',
        data: new Array<string>(spikes.trial.length).fill(experiment),
        nullable: false,
      },
    ],
    createdBy: 'wetware',
  });
  return new Map<string, string | Uint8Array>([
    [`${experiment}-rates.csv`, `flywire_id,mean_rate_hz,sd_rate_hz\n${rows.join('')}`],
    [`${experiment}.parquet`, new Uint8Array(bytes)],
  ]);
}

/** An entry of a CSV file. */
const quoted = (text: string): string =>
  /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
