/**
 * Samples and spikes of probed neurons between the simulation and the page: gathered until they are told, in the units
 * that people read, never more than a bounded number. Keeps nothing that was told.
 */
import type { ProbeSamples, VariableInfo } from './protocol.ts';
import type { Counted } from './selection.ts';
import type { SpikeSlice } from './spike-log.ts';

/** As the library delivers them, in internal units. */
export interface RawSamples {
  readonly population: string;
  readonly variables: readonly string[];
  readonly neurons: readonly number[];
  readonly steps: Uint32Array;
  /** [sample][variable][neuron]. */
  readonly values: Float32Array | Float64Array;
}

/** A variable, and how many internal units its unit is. */
export interface ProbedVariable extends VariableInfo {
  readonly factor: number;
}

export interface ProbeFeed {
  /** Whose spikes to tell, by global number. */
  watch(neurons: readonly number[]): void;
  samples(samples: RawSamples): void;
  spikes(spikes: SpikeSlice): void;
  take(): {
    readonly probes: readonly ProbeSamples[];
    readonly probeSpikes: { readonly steps: Uint32Array; readonly neurons: Uint32Array };
  };
}

/** Values that wait to be told, per population: 2 MB. Older ones are dropped, when the page is slower than the run. */
const MOST_VALUES = 1 << 19;
const MOST_SPIKES = 1 << 16;

export function createProbeFeed(
  populations: readonly Counted[],
  variablesOf: (population: string) => readonly ProbedVariable[],
): ProbeFeed {
  const neuronCount = populations.reduce(
    (most, { first, size }) => Math.max(most, first + size),
    0,
  );
  const isWatched = new Uint8Array(neuronCount);
  let watched = 0;
  let waiting = new Map<string, RawSamples[]>();
  let steps: number[] = [];
  let neurons: number[] = [];
  return {
    watch(wanted) {
      isWatched.fill(0);
      for (const neuron of wanted) isWatched[neuron] = 1;
      watched = wanted.length;
    },
    samples(samples) {
      const list = waiting.get(samples.population) ?? [];
      // Others were picked: what waits is of the ones before.
      const isSame = list.length === 0 || list[0]?.neurons === samples.neurons;
      const kept = isSame ? list : [];
      kept.push(samples);
      let total = kept.reduce((sum, { values }) => sum + values.length, 0);
      while (total > MOST_VALUES && kept.length > 1) {
        total -= (kept.shift() as RawSamples).values.length;
      }
      waiting.set(samples.population, kept);
    },
    spikes({ steps: times, neurons: ids }) {
      if (watched === 0) return;
      for (let k = 0; k < ids.length; k++) {
        if (isWatched[ids[k] as number] === 0) continue;
        steps.push(times[k] as number);
        neurons.push(ids[k] as number);
      }
      if (steps.length > MOST_SPIKES) {
        steps = steps.slice(-MOST_SPIKES);
        neurons = neurons.slice(-MOST_SPIKES);
      }
    },
    take() {
      const probes = [...waiting.values()].map((list) => joined(list, variablesOf));
      const probeSpikes = { steps: Uint32Array.from(steps), neurons: Uint32Array.from(neurons) };
      waiting = new Map();
      steps = [];
      neurons = [];
      return { probes, probeSpikes };
    },
  };
}

/** Batches of one choice of neurons as one, in the units that people read. */
function joined(
  batches: readonly RawSamples[],
  variablesOf: (population: string) => readonly ProbedVariable[],
): ProbeSamples {
  const { population, variables: names, neurons } = batches[0] as RawSamples;
  const known = variablesOf(population);
  const variables = names.map(
    (name) =>
      known.find((one) => one.name === name) ?? {
        // Kept for refractoriness, and not declared.
        name,
        unit: name === 'lastspike' ? 'ms' : '',
        slow: false,
        stored: false,
        factor: 1,
      },
  );
  const count = batches.reduce((sum, { steps }) => sum + steps.length, 0);
  const steps = new Uint32Array(count);
  const values = new Float32Array(count * names.length * neurons.length);
  const factors = Float64Array.from(variables, ({ factor }) => factor);
  let sample = 0;
  let at = 0;
  for (const batch of batches) {
    steps.set(batch.steps, sample);
    sample += batch.steps.length;
    for (let k = 0; k < batch.values.length; k++) {
      const variable = Math.floor(k / neurons.length) % names.length;
      values[at++] = (batch.values[k] as number) / (factors[variable] as number);
    }
  }
  return {
    population,
    neurons,
    variables: variables.map(({ factor: _, ...variable }) => variable),
    steps,
    values,
  };
}
