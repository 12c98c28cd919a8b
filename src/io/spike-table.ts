/** All recorded spikes as columns, the form in which files hold them. */

import { describeValue } from '../language/argument.ts';
import { checkInterval, checkSpikes } from '../recording/check.ts';

/** A population as files name it: its global neuron numbers begin with `first`. */
export interface PopulationColumn {
  readonly name: string;
  readonly first: number;
}

/** Finds the population of global neuron numbers that come in nearly ascending order. */
export class PopulationFinder {
  readonly #firsts: readonly number[];
  #current = 0;

  /** In order of their first neurons. */
  constructor(populations: readonly PopulationColumn[]) {
    this.#firsts = populations.map(({ first }) => first);
  }

  /** Index of the population of a neuron. */
  of(neuron: number): number {
    const firsts = this.#firsts;
    // Neurons ascend within a step, so the population is nearly always the same one or the next.
    if (neuron < (firsts[this.#current] ?? 0)) this.#current = 0;
    while (neuron >= (firsts[this.#current + 1] ?? Number.POSITIVE_INFINITY)) this.#current++;
    return this.#current;
  }

  /** First neuron of a population. */
  first(population: number): number {
    return this.#firsts[population] ?? 0;
  }
}

/** Throws TypeError for what is no list of populations. */
export function checkPopulations(
  value: unknown,
  where: string,
): asserts value is readonly PopulationColumn[] {
  const isList =
    Array.isArray(value) &&
    value.every((one) => typeof one?.name === 'string' && typeof one.first === 'number');
  if (isList) return;
  throw new TypeError(`${where} must be a list of { name, first }, got ${describeValue(value)}.`);
}

/** Row k: population number `population[k]`'s neuron `neurons[k]` (its index in the population) at step `steps[k]`. */
export interface SpikeTable {
  readonly steps: Uint32Array;
  readonly timesMs: Float64Array;
  readonly neurons: Uint32Array;
  /** Index into `populations`. */
  readonly population: Uint32Array;
  readonly populations: readonly PopulationColumn[];
}

/** Columns from spikes with global neuron numbers. `populations` in order of their first neurons. */
export function spikeTable(
  spikes: { readonly steps: Uint32Array; readonly neurons: Uint32Array },
  populations: readonly PopulationColumn[],
  dtMs: number,
): SpikeTable {
  checkSpikes(spikes, 'spikeTable: spikes');
  checkInterval(dtMs, 'spikeTable: dtMs');
  checkPopulations(populations, 'spikeTable: populations');
  const count = spikes.steps.length;
  const neurons = new Uint32Array(count);
  const population = new Uint32Array(count);
  const finder = new PopulationFinder(populations);
  for (let k = 0; k < count; k++) {
    const neuron = spikes.neurons[k] as number;
    const found = finder.of(neuron);
    population[k] = found;
    neurons[k] = neuron - finder.first(found);
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
