/**
 * Spikes as they arrive from an engine: steps and global neuron numbers, ascending by step, then neuron. Knows
 * populations only as ranges of global numbers.
 */
import { checkSpikes } from './check.ts';
import { GrowableU32 } from './growable.ts';

/**
 * Spikes of one population or of all: spike k is of neuron `neurons[k]` at step `steps[k]`; ascending by step, then
 * neuron.
 */
export interface Spikes {
  readonly steps: Uint32Array;
  readonly neurons: Uint32Array;
}

/** Every spike of a run. With `keep` false only counts are kept, for runs whose spikes go elsewhere. */
export class SpikeStore {
  readonly #steps = new GrowableU32();
  readonly #neurons = new GrowableU32();
  readonly #keep: boolean;
  /** Spikes per population. */
  readonly #counts: Float64Array;
  /** Population of each global neuron is found by these first numbers, ascending. */
  readonly #firsts: readonly number[];

  /** `firsts`: the first global neuron number of each population, ascending. */
  constructor(firsts: readonly number[], keep: boolean) {
    this.#firsts = firsts;
    this.#counts = new Float64Array(firsts.length);
    this.#keep = keep;
  }

  append(steps: Uint32Array, neurons: Uint32Array): void {
    this.#count(neurons, 1);
    if (!this.#keep) return;
    this.#steps.append(steps);
    this.#neurons.append(neurons);
  }

  /** Spikes of all recorded populations since the start, kept or not. */
  get total(): number {
    return this.#counts.reduce((sum, count) => sum + count, 0);
  }

  /** Spikes of population number `population`. */
  countOf(population: number): number {
    return this.#counts[population] ?? 0;
  }

  /** All spikes, global neuron numbers; a view that later appends may leave behind. */
  all(): Spikes {
    return { steps: this.#steps.view(), neurons: this.#neurons.view() };
  }

  /** Spikes of global neurons first+from … first+to-1, numbered from first+from; a copy. */
  of(first: number, from: number, to: number): Spikes {
    const { steps, neurons } = this.all();
    let found = 0;
    for (let k = 0; k < neurons.length; k++) {
      const index = (neurons[k] as number) - first;
      if (index >= from && index < to) found++;
    }
    const chosen = { steps: new Uint32Array(found), neurons: new Uint32Array(found) };
    let at = 0;
    for (let k = 0; k < neurons.length; k++) {
      const index = (neurons[k] as number) - first;
      if (index < from || index >= to) continue;
      chosen.steps[at] = steps[k] as number;
      chosen.neurons[at] = index - from;
      at++;
    }
    return chosen;
  }

  /** Forgets spikes of step `step` and later, for going back to a checkpoint. Counts need kept spikes. */
  truncate(step: number): void {
    const { steps, neurons } = this.all();
    let length = steps.length;
    while (length > 0 && (steps[length - 1] as number) >= step) length--;
    this.#count(neurons.subarray(length), -1);
    this.#steps.truncate(length);
    this.#neurons.truncate(length);
  }

  #count(neurons: Uint32Array, amount: number): void {
    const firsts = this.#firsts;
    let population = 0;
    for (let k = 0; k < neurons.length; k++) {
      const neuron = neurons[k] as number;
      // Neurons ascend within a step, so the population is nearly always the same one or the next.
      if (neuron < (firsts[population] as number)) population = 0;
      while (population + 1 < firsts.length && neuron >= (firsts[population + 1] as number)) {
        population++;
      }
      this.#counts[population] = (this.#counts[population] as number) + amount;
    }
  }
}

/**
 * SHA-256 (hexadecimal) over the little-endian u32 pairs (step, global neuron) sorted by step, then neuron. Two runs
 * with equal hashes had the same spikes. Resolves at once for any size that fits in memory.
 */
export async function spikeHash(spikes: Spikes): Promise<string> {
  checkSpikes(spikes, 'spikeHash: spikes');
  const order = isSorted(spikes) ? null : sortedOrder(spikes);
  const bytes = new DataView(new ArrayBuffer(spikes.steps.length * 8));
  for (let k = 0; k < spikes.steps.length; k++) {
    const from = order ? (order[k] as number) : k;
    bytes.setUint32(k * 8, spikes.steps[from] as number, true);
    bytes.setUint32(k * 8 + 4, spikes.neurons[from] as number, true);
  }
  const digest = await crypto.subtle.digest('SHA-256', bytes);
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function isSorted({ steps, neurons }: Spikes): boolean {
  for (let k = 1; k < steps.length; k++) {
    const gap = (steps[k] as number) - (steps[k - 1] as number);
    if (gap < 0 || (gap === 0 && (neurons[k] as number) < (neurons[k - 1] as number))) return false;
  }
  return true;
}

function sortedOrder({ steps, neurons }: Spikes): Uint32Array {
  return Uint32Array.from(steps.keys()).sort(
    (a, b) =>
      (steps[a] as number) - (steps[b] as number) ||
      (neurons[a] as number) - (neurons[b] as number),
  );
}
