/**
 * Who responded, as files in the columns in which Shiu et al. 2024 published theirs, and trials: the same network with
 * consecutive seeds, which may take long, so the page runs them in a tools worker of their own.
 */
import {
  type Experiment,
  experimentOf,
  responderFiles,
  type TrialSpikes,
} from '../../examples/flywire-results.ts';
import {
  DIMENSIONS,
  type ManyRun,
  type NetworkDocument,
  NetworkError,
  parseQuantity,
  type Quantity,
  runMany,
} from '../../index.ts';
import { experimentName } from '../responders/experiment-name.ts';
import { activatedGroups } from '../responders/groups.ts';
import { readArray } from '../state/array-store.ts';
import { attach } from '../state/arrays.ts';
import type { NeuronLabels } from '../state/project.ts';
import { labelsOf } from './files.ts';
import { tellProgress } from './progress.ts';

/** A population as results name its neurons; those of a network are numbered through. */
export interface NamedPopulation {
  readonly name: string;
  readonly first: number;
  readonly size: number;
}

export interface ResponderNames {
  readonly experiment: string;
  readonly labels: NeuronLabels | null;
  readonly populations: readonly NamedPopulation[];
}

export interface ResponderFile {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** A neuron and what it did in several trials. */
export interface TrialResponder {
  readonly population: string;
  readonly index: number;
  /** '' where the network has none. */
  readonly id: string;
  readonly meanHz: number;
  readonly sdHz: number;
}

export interface TrialsResult {
  readonly trials: number;
  readonly seconds: number;
  readonly spikes: number;
  /** How many neurons fired in at least one trial. */
  readonly responding: number;
  /** Most active first, so many as were asked for. */
  readonly responders: readonly TrialResponder[];
  readonly rates: Uint8Array;
  readonly table: Uint8Array;
  readonly warnings: readonly string[];
}

export interface TrialsRequest {
  /** Simulated time of each, "1 s". */
  readonly duration: Quantity;
  readonly trials: number;
  readonly engine: 'auto' | 'gpu' | 'cpu';
  readonly most: number;
}

export interface ResponderCalls {
  /** Every spike (t, trial, flywire_id, exp_name) as Parquet, or every responder with its rate as CSV, of one run. */
  responderFile(
    spikes: { readonly steps: Uint32Array; readonly neurons: Uint32Array },
    dtMs: number,
    seconds: number,
    names: ResponderNames,
    format: 'parquet' | 'csv',
  ): ResponderFile;
  /** Seeds count up from that of the document. Poisson sources of activated neurons are no responders. */
  runTrials(
    document: NetworkDocument,
    labels: NeuronLabels | null,
    request: TrialsRequest,
  ): TrialsResult;
}

export const MOST_TRIALS = 1000;

export const responderTools = {
  async responderFile(
    spikes: { readonly steps: Uint32Array; readonly neurons: Uint32Array },
    dtMs: number,
    seconds: number,
    names: ResponderNames,
    format: 'parquet' | 'csv',
  ): Promise<ResponderFile> {
    const { experiment, populations } = names;
    const last = populations.reduce((most, { first, size }) => Math.max(most, first + size), 0);
    const isShown = new Uint8Array(last);
    for (const { first, size } of populations) isShown.fill(1, first, first + size);
    const kept = [...spikes.neurons.keys()].filter((k) => isShown[spikes.neurons[k] ?? last] === 1);
    const found = experimentOf([
      {
        steps: Uint32Array.from(kept, (k) => spikes.steps[k] as number),
        neurons: Uint32Array.from(kept, (k) => spikes.neurons[k] as number),
        dtMs,
        durationSeconds: seconds,
      },
    ]);
    const { rates, table } = await filesOf(found, experiment, await idsOfAll(names));
    return format === 'csv'
      ? { name: `${experiment}-rates.csv`, type: 'text/csv', bytes: rates }
      : { name: `${experiment}.parquet`, type: 'application/vnd.apache.parquet', bytes: table };
  },

  async runTrials(
    document: NetworkDocument,
    labels: NeuronLabels | null,
    { duration, trials, engine, most }: TrialsRequest,
  ): Promise<TrialsResult> {
    if (!Number.isInteger(trials) || trials < 1 || trials > MOST_TRIALS) {
      throw new NetworkError(`There can be 1 to ${MOST_TRIALS} trials.`, { path: 'trials' });
    }
    const { value: durationMs } = parseQuantity(duration, 'Duration', DIMENSIONS.time);
    if (!(durationMs > 0))
      throw new NetworkError('A trial must last longer than 0 s.', { path: 'trials' });
    tellProgress('Reading the network', null);
    const whole = recordingAll(await attach(document, readArray));
    tellProgress('Building', null);
    const seeds = Array.from({ length: trials }, (_, k) => (document.seed + k) % 2 ** 32);
    const { runs, warnings } = await runMany(whole, {
      seeds,
      duration,
      engine,
      onProgress: ({ done, fraction }) => tellProgress(`${done} of ${trials} trials`, fraction),
    });
    const broken = runs.find(({ summary }) => summary.error !== null);
    if (broken)
      throw new NetworkError(`Trial ${broken.number}: ${broken.summary.error}`, { path: 'trials' });
    tellProgress('Counting', 1);
    const populations = runs[0]?.populations ?? [];
    const found = experimentOf(runs.map(trialOf));
    const names = { experiment: experimentName(document), labels, populations };
    const ids = await idsOfAll(names);
    const isNamed = (population: string): boolean => labels?.population === population;
    const { rates, table } = await filesOf(found, names.experiment, ids);
    return {
      trials: runs.length,
      seconds: durationMs / 1000,
      spikes: found.spikes.neuron.length,
      responding: found.responders.length,
      responders: found.responders.slice(0, most).map(({ neuron, meanHz, sdHz }) => {
        const owner = populations.findLast(({ first }) => first <= neuron);
        const { name = '', first = 0 } = owner ?? {};
        const id = isNamed(name) ? (ids[neuron] ?? '') : '';
        return { population: name, index: neuron - first, id, meanHz, sdHz };
      }),
      rates,
      table,
      warnings,
    };
  },
};

/** Records the spikes of all populations but sources, and nothing else. */
function recordingAll(document: NetworkDocument): NetworkDocument {
  const sources = new Set(activatedGroups(document).map(({ source }) => source));
  const recordings = document.populations
    .filter(
      (part) => !sources.has(part.name) && (part.kind === 'spikes' || part.threshold !== undefined),
    )
    .map(({ name }) => ({ kind: 'spikes' as const, name, target: { population: name } }));
  return { ...document, recordings };
}

function trialOf(run: ManyRun): TrialSpikes {
  const { steps, neurons } = run.allSpikes();
  return { steps, neurons, dtMs: run.dtMs, durationSeconds: (run.step * run.dtMs) / 1000 };
}

async function filesOf(
  found: Experiment,
  experiment: string,
  ids: readonly string[],
): Promise<{ rates: Uint8Array; table: Uint8Array }> {
  const files = await responderFiles(found, { experiment, ids });
  const bytes = (name: string): Uint8Array => {
    const content = files.get(name) ?? '';
    return typeof content === 'string' ? new TextEncoder().encode(content) : content;
  };
  return { rates: bytes(`${experiment}-rates.csv`), table: bytes(`${experiment}.parquet`) };
}

/** Id of every neuron of the network; "exc#12" where there is none, or the number where there is but one population. */
async function idsOfAll({ labels, populations }: ResponderNames): Promise<string[]> {
  const ids: string[] = [];
  const named = labels === null ? [] : await labelsOf(labels);
  for (const { name, first, size } of populations) {
    for (let k = 0; k < size; k++) {
      const plain = populations.length === 1 ? String(k) : `${name}#${k}`;
      ids[first + k] = (name === labels?.population ? named[k] : undefined) ?? plain;
    }
  }
  return ids;
}
