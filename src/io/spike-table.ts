/** All recorded spikes as columns, the form in which files hold them. */

import { describeValue } from '../language/argument.ts';
import { checkInterval, checkSpikes } from '../recording/check.ts';

/** Row k: population number `population[k]`'s neuron `neurons[k]` (its index in the population) at step `steps[k]`. */
export interface SpikeTable {
  readonly steps: Uint32Array;
  readonly timesMs: Float64Array;
  readonly neurons: Uint32Array;
  /** Index into `populations`. */
  readonly population: Uint32Array;
  readonly populations: readonly { readonly name: string; readonly first: number }[];
}

/** Columns from spikes with global neuron numbers. `populations` in order of their first neurons. */
export function spikeTable(
  spikes: { readonly steps: Uint32Array; readonly neurons: Uint32Array },
  populations: readonly { readonly name: string; readonly first: number }[],
  dtMs: number,
): SpikeTable {
  checkSpikes(spikes, 'spikeTable: spikes');
  checkInterval(dtMs, 'spikeTable: dtMs');
  const isList =
    Array.isArray(populations) &&
    populations.every((one) => typeof one?.name === 'string' && typeof one.first === 'number');
  if (!isList) {
    throw new TypeError(
      `spikeTable: populations must be a list of { name, first }, got ${describeValue(populations)}.`,
    );
  }
  const count = spikes.steps.length;
  const neurons = new Uint32Array(count);
  const population = new Uint32Array(count);
  let current = 0;
  for (let k = 0; k < count; k++) {
    const neuron = spikes.neurons[k] as number;
    if (neuron < (populations[current]?.first ?? 0)) current = 0;
    while (neuron >= (populations[current + 1]?.first ?? Number.POSITIVE_INFINITY)) current++;
    population[k] = current;
    neurons[k] = neuron - (populations[current]?.first ?? 0);
  }
  return {
    steps: spikes.steps,
    timesMs: Float64Array.from(spikes.steps, (step) => step * dtMs),
    neurons,
    population,
    populations,
  };
}

/** Refuses what spikeTable has not made. */
export function checkSpikeTable(value: unknown, where: string): asserts value is SpikeTable {
  const table = value as Partial<SpikeTable> | null | undefined;
  const count = table?.steps instanceof Uint32Array ? table.steps.length : -1;
  const isTable =
    table?.neurons?.length === count &&
    table.population?.length === count &&
    table.timesMs?.length === count &&
    Array.isArray(table.populations);
  if (isTable) return;
  throw new TypeError(
    `${where} must be a table that spikeTable made, got ${describeValue(value)}.`,
  );
}
