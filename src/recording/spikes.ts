/**
 * Spikes as they arrive from an engine: steps and global neuron numbers, ascending by step, then neuron. Knows
 * populations only as ranges of global numbers.
 */
import { checkSpikes } from './check.ts';
import { GrowableU32 } from './growable.ts';
import { IntervalTally, type SavedTally } from './interval-tally.ts';
import { type SavedHash, SpikeHash } from './spike-hash.ts';

/**
 * Spikes of one population or of all: spike k is of neuron `neurons[k]` at step `steps[k]`; ascending by step, then
 * neuron.
 */
export interface Spikes {
  readonly steps: Uint32Array;
  readonly neurons: Uint32Array;
}

/** What is kept up of spikes that are not kept: enough for every number of a summary. */
interface Running {
  readonly hash: SpikeHash;
  readonly intervals: IntervalTally;
}

/** What spikes amount to, as plain data, for another store of the same populations. */
export interface SavedSpikes {
  readonly counts: Float64Array;
  readonly hash: SavedHash;
  readonly intervals: SavedTally;
}

/** The state of a store at a moment, to go back to. */
export interface SpikeMark {
  readonly step: number;
  readonly counts: Float64Array;
  /** null where spikes are kept: then they tell. */
  readonly running: Running | null;
}

/**
 * Every spike of a run. With `keep` false no spike is kept, for runs whose spikes go elsewhere: counts, irregularity and
 * hash are kept up as spikes arrive, some 70 ns each, in 24 bytes per neuron.
 */
export class SpikeStore {
  readonly #steps = new GrowableU32();
  readonly #neurons = new GrowableU32();
  /** null where spikes are kept. */
  #running: Running | null;
  /** Where spikes are kept: what there was before the first of them, when the run was taken up from elsewhere. */
  #before: Running | null = null;
  /** Spikes per population. */
  readonly #counts: Float64Array;
  /** Population of each global neuron is found by these first numbers, ascending. */
  readonly #firsts: readonly number[];
  /** Neurons of all populations. */
  readonly #size: number;

  /** `firsts`: the first global neuron number of each population, ascending. `size`: neurons of all together. */
  constructor(firsts: readonly number[], size: number, keep: boolean) {
    this.#firsts = firsts;
    this.#size = size;
    this.#counts = new Float64Array(firsts.length);
    this.#running = keep ? null : { hash: new SpikeHash(), intervals: new IntervalTally(size) };
  }

  /** Whether spikes are kept. */
  get isKept(): boolean {
    return this.#running === null;
  }

  append(steps: Uint32Array, neurons: Uint32Array): void {
    this.#count(neurons);
    if (this.#running) {
      this.#running.hash.append({ steps, neurons });
      this.#running.intervals.append({ steps, neurons });
    } else {
      this.#steps.append(steps);
      this.#neurons.append(neurons);
    }
  }

  /** Spikes of all recorded populations since the start, kept or not. */
  get total(): number {
    return this.#counts.reduce((sum, count) => sum + count, 0);
  }

  /** Spikes of population number `population`. */
  countOf(population: number): number {
    return this.#counts[population] ?? 0;
  }

  /** Intervals of all global neurons; where spikes are kept, one pass over them. */
  intervals(): IntervalTally {
    if (this.#running) return this.#running.intervals;
    const intervals = this.#before?.intervals.copy() ?? new IntervalTally(this.#size);
    intervals.append(this.all());
    return intervals;
  }

  /** spikeHash of all spikes. */
  async hash(): Promise<string> {
    if (this.#running) return this.#running.hash.digest();
    return this.#before === null ? spikeHash(this.all()) : this.#hashOfAll().digest();
  }

  /** Over what there was before and all that is kept. */
  #hashOfAll(): SpikeHash {
    const hash = this.#before?.hash.copy() ?? new SpikeHash();
    hash.append(this.all());
    return hash;
  }

  /** What all spikes so far amount to, as plain data. Costs a pass over them where they are kept. */
  save(): SavedSpikes {
    const hash = this.#running?.hash ?? this.#hashOfAll();
    return {
      counts: this.#counts.slice(),
      hash: hash.save(),
      intervals: this.intervals().save(),
    };
  }

  /** Forgets all, and goes on from what another store has saved. Throws RangeError for what is none of these neurons. */
  load({ counts, hash, intervals }: SavedSpikes): void {
    if (!(counts instanceof Float64Array && counts.length === this.#counts.length)) {
      throw new RangeError('These are no counts of spikes of these populations.');
    }
    const saved = {
      hash: SpikeHash.from(hash),
      intervals: IntervalTally.from(this.#size, intervals),
    };
    this.#counts.set(counts);
    this.#steps.truncate(0);
    this.#neurons.truncate(0);
    if (this.#running) this.#running = saved;
    else this.#before = saved;
  }

  /** All kept spikes, global neuron numbers; a view that later appends may leave behind. */
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

  /** This moment, before step `step`. Costs nothing where spikes are kept. */
  mark(step: number): SpikeMark {
    const running = this.#running && copyOf(this.#running);
    return { step, counts: this.#counts.slice(), running };
  }

  /** Goes back to a mark: forgets spikes of its step and later. */
  rewind({ step, counts, running }: SpikeMark): void {
    this.#counts.set(counts);
    if (running) this.#running = copyOf(running);
    const { steps } = this.all();
    let length = steps.length;
    while (length > 0 && (steps[length - 1] as number) >= step) length--;
    this.#steps.truncate(length);
    this.#neurons.truncate(length);
  }

  #count(neurons: Uint32Array): void {
    const firsts = this.#firsts;
    let population = 0;
    for (let k = 0; k < neurons.length; k++) {
      const neuron = neurons[k] as number;
      // Neurons ascend within a step, so the population is nearly always the same one or the next.
      if (neuron < (firsts[population] as number)) population = 0;
      while (population + 1 < firsts.length && neuron >= (firsts[population + 1] as number)) {
        population++;
      }
      this.#counts[population] = (this.#counts[population] as number) + 1;
    }
  }
}

const copyOf = ({ hash, intervals }: Running): Running => ({
  hash: hash.copy(),
  intervals: intervals.copy(),
});

/**
 * SHA-256 (hexadecimal) over the little-endian u32 pairs (step, global neuron) sorted by step, then neuron. Two runs
 * with equal hashes had the same spikes. Some 50 ns per spike.
 */
export async function spikeHash(spikes: Spikes): Promise<string> {
  checkSpikes(spikes, 'spikeHash: spikes');
  const hash = new SpikeHash();
  hash.append(isSorted(spikes) ? spikes : sorted(spikes));
  return hash.digest();
}

function isSorted({ steps, neurons }: Spikes): boolean {
  for (let k = 1; k < steps.length; k++) {
    const gap = (steps[k] as number) - (steps[k - 1] as number);
    if (gap < 0 || (gap === 0 && (neurons[k] as number) < (neurons[k - 1] as number))) return false;
  }
  return true;
}

function sorted({ steps, neurons }: Spikes): Spikes {
  const order = Uint32Array.from(steps.keys()).sort(
    (a, b) =>
      (steps[a] as number) - (steps[b] as number) ||
      (neurons[a] as number) - (neurons[b] as number),
  );
  return {
    steps: order.map((place) => steps[place] as number),
    neurons: order.map((place) => neurons[place] as number),
  };
}
