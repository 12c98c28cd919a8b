/** All recorded spikes as columns, the form in which files hold them. */

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
