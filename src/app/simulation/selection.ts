/** Which neurons statistics are of: populations, or the picked neurons of each. Lookup tables by global number. */

/** What is known of a population. */
export interface Counted {
  readonly name: string;
  readonly size: number;
  /** Global number of its first neuron. */
  readonly first: number;
}

/** A population that has neurons in the selection. */
export interface Selected {
  readonly population: Counted;
  /** Selected neurons. */
  readonly size: number;
}

export interface Selection {
  readonly populations: readonly Selected[];
  /** Index in `populations` of every global neuron; NOBODY where it is not selected. */
  readonly ownerOf: Uint16Array;
}

export const NOBODY = 0xffff;

/** The neurons of `populations`, or those of them in `neurons` (global numbers, any order). */
export function selectNeurons(
  populations: readonly Counted[],
  neurons: Uint32Array | undefined,
): Selection {
  const total = populations.reduce((most, { first, size }) => Math.max(most, first + size), 0);
  const ownerOf = new Uint16Array(total).fill(NOBODY);
  const isPicked = neurons === undefined ? null : new Uint8Array(total);
  for (const neuron of neurons ?? []) if (neuron < total && isPicked) isPicked[neuron] = 1;
  const selected: Selected[] = [];
  for (const population of populations) {
    const end = population.first + population.size;
    let size = 0;
    for (let neuron = population.first; neuron < end; neuron++) {
      if (isPicked !== null && isPicked[neuron] === 0) continue;
      ownerOf[neuron] = selected.length;
      size++;
    }
    if (size > 0) selected.push({ population, size });
  }
  return { populations: selected, ownerOf };
}
