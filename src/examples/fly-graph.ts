/**
 * A random graph with the counts, degrees and synapse numbers of the fly brain's connectome, for measuring speed where
 * the connectome itself is not at hand. Has nothing of its wiring: who connects to whom is drawn at random.
 *
 * THE NUMBERS are those of Connectivity_783.parquet, the table that the model of Shiu et al. 2024 runs on (FlyWire
 * snapshot 783, doi:10.5281/zenodo.10676866): 138,639 neurons, 15,091,983 connections, no connection of a neuron with
 * itself, no pair twice, 54,492,922 synapses, 60.0 % of the connections from excitatory neurons.
 * - Out-degrees: median 79, largest 9,783, none for 634 neurons. In-degrees: median 69, 1 % above 661, largest 10,356,
 *   none for 1,549. Between these points the shape is an assumption: log-normal up to the upper hundredth, a power law
 *   from there to the largest, which also gives the mean of 108.9 that both must have.
 * - Synapses per connection: the numbers of connections with at least 1, 2, 3, … synapses in SYNAPSES_AT_LEAST.
 *
 * Degrees are quantiles, not draws, so the spread is the same for every seed; the seed decides which neuron has which.
 * Synapse numbers are independent of degrees here; in the brain they are not.
 */
// biome-ignore lint/style/noRestrictedImports: random words in bulk are the library's, but no part of its public API
import { fillRowWords } from '../plan/draws.ts';

/** Neurons and connections of the table. */
export const FLY_NEURONS = 138_639;
export const FLY_CONNECTIONS = 15_091_983;

/** Number of connections with at least so many synapses. */
export const SYNAPSES_AT_LEAST: readonly (readonly [synapses: number, connections: number])[] = [
  [1, FLY_CONNECTIONS],
  [2, 7_595_967],
  [3, 4_916_231],
  [4, 3_537_227],
  [5, 2_700_513],
  [10, 1_066_822],
  [25, 246_962],
  [50, 66_438],
  [100, 15_837],
  [2405, 1],
];

/** How degrees are spread over neurons. */
export interface DegreeSpread {
  /** Part of the neurons that have none. */
  readonly none: number;
  readonly median: number;
  /** Exceeded by 1 % of the neurons. */
  readonly upperHundredth: number;
  readonly largest: number;
}

/** The upper hundredth of out-degrees is not published: this one gives the mean. */
export const OUT_DEGREES: DegreeSpread = {
  none: 634 / FLY_NEURONS,
  median: 79,
  upperHundredth: 490,
  largest: 9783,
};
export const IN_DEGREES: DegreeSpread = {
  none: 1549 / FLY_NEURONS,
  median: 69,
  upperHundredth: 661,
  largest: 10_356,
};

/** Part of the connections that come from excitatory neurons. */
export const EXCITATORY = 9_059_302 / FLY_CONNECTIONS;

/** Connections in rows: those of neuron n are rows[n] … rows[n+1]-1, targets ascending. */
export interface FlyGraph {
  readonly neurons: number;
  readonly rows: Uint32Array;
  readonly targets: Uint32Array;
  /** Synapses of each connection, negative from inhibitory neurons. */
  readonly synapses: Int16Array;
}

export interface FlyGraphOptions {
  readonly neurons: number;
  readonly seed: number;
  /** The first so many neurons are excitatory and have the out-degree `sensoryDegree`. */
  readonly sensory: number;
  readonly sensoryDegree: number;
}

/**
 * Makes the graph: stubs of targets, as many of a neuron as its in-degree, are shuffled and dealt out to the rows;
 * pairs that came twice and neurons that met themselves are exchanged with stubs of other rows. About 3 s and 100 MB
 * for the whole brain. Fewer neurons keep the mean degree; the largest degree is then a quarter of the neurons.
 */
export function makeFlyGraph(options: FlyGraphOptions): FlyGraph {
  const { neurons, seed, sensory, sensoryDegree } = options;
  const connections = Math.round((neurons * FLY_CONNECTIONS) / FLY_NEURONS);
  const random = new Words(seed);
  const outDegrees = shuffled(degrees(OUT_DEGREES, neurons, connections), random);
  placeSensory(outDegrees, sensory, sensoryDegree);
  const inDegrees = shuffled(degrees(IN_DEGREES, neurons, connections), random);
  const rows = new Uint32Array(neurons + 1);
  for (let n = 0; n < neurons; n++) {
    rows[n + 1] = (rows[n] as number) + (outDegrees[n] as number);
  }
  const targets = new Uint32Array(connections);
  for (let n = 0, at = 0; n < neurons; n++) {
    const end = at + (inDegrees[n] as number);
    targets.fill(n, at, end);
    at = end;
  }
  shuffled(targets, random);
  separate(rows, targets, random);
  // As tables have them; and sorted rows can be shared out among threads by target.
  for (let n = 0; n < neurons; n++) targets.subarray(rows[n], rows[n + 1]).sort();
  return { neurons, rows, targets, synapses: synapseNumbers(rows, sensory, random) };
}

/** Degree of neuron k of n, ascending, together `total`. */
function degrees(spread: DegreeSpread, n: number, total: number): Uint32Array {
  const largest = Math.min(spread.largest, n >>> 2);
  const upper = Math.min(spread.upperHundredth, largest / 2);
  const sigma = Math.log(upper / spread.median) / normalQuantile(0.99);
  const exponent = Math.log(0.01 * FLY_NEURONS) / Math.log(largest / upper);
  const wanted = Float64Array.from({ length: n }, (_, k) => {
    const above = 1 - (k + 0.5) / n;
    if (1 - above < spread.none) return 0;
    const tail = above / (1 - spread.none);
    return tail > 0.01
      ? spread.median * Math.exp(sigma * normalQuantile(1 - tail))
      : Math.min(largest, upper * (tail / 0.01) ** (-1 / exponent));
  });
  const scale = total / wanted.reduce((sum, degree) => sum + degree, 0);
  // Rounded sums: what is left over goes to the next, so that the total is exact and no step is lost.
  const found = new Uint32Array(n);
  let sum = 0;
  let given = 0;
  for (let k = 0; k < n; k++) {
    sum += (wanted[k] as number) * scale;
    const degree = (wanted[k] as number) === 0 ? 0 : Math.round(sum) - given;
    found[k] = degree;
    given += degree;
  }
  return found;
}

/** Quantile of the standard normal distribution, to 0.2 % (Winitzki's inverse of the error function). */
function normalQuantile(p: number): number {
  const x = 2 * p - 1;
  const a = 0.147;
  const log = Math.log(1 - x * x);
  const b = 2 / (Math.PI * a) + log / 2;
  return Math.sign(x) * Math.SQRT2 * Math.sqrt(Math.sqrt(b * b - log / a) - b);
}

/** Gives the first neurons the wanted degree, in exchange with neurons that have it or next to it. */
function placeSensory(degreeOf: Uint32Array, count: number, wanted: number): void {
  const order = Array.from(degreeOf.keys()).sort(
    (a, b) =>
      Math.abs((degreeOf[a] as number) - wanted) - Math.abs((degreeOf[b] as number) - wanted) ||
      a - b,
  );
  const chosen = order.slice(0, count);
  for (let n = 0; n < count; n++) {
    // A neuron that is to be moved may have been moved here already.
    const from = chosen[n] as number;
    const held = degreeOf[n] as number;
    degreeOf[n] = degreeOf[from] as number;
    degreeOf[from] = held;
    const later = chosen.indexOf(n, n + 1);
    if (later >= 0) chosen[later] = from;
  }
}

/** Makes the targets of every row differ from each other and from the source of the row. */
function separate(rows: Uint32Array, targets: Uint32Array, random: Words): void {
  const neurons = rows.length - 1;
  /** Row in which a target was seen last, plus one. */
  const seenIn = new Uint32Array(neurons);
  for (let row = 0; row < neurons; row++) {
    const end = rows[row + 1] as number;
    const doubles: number[] = [];
    seenIn[row] = row + 1;
    for (let at = rows[row] as number; at < end; at++) {
      const target = targets[at] as number;
      if (seenIn[target] === row + 1) doubles.push(at);
      else seenIn[target] = row + 1;
    }
    for (const at of doubles) exchange(rows, targets, { row, at, seenIn }, random);
  }
}

interface Double {
  readonly row: number;
  readonly at: number;
  readonly seenIn: Uint32Array;
}

/** Exchanges one target with a random one of another row, where neither row has the other's. */
function exchange(
  rows: Uint32Array,
  targets: Uint32Array,
  { row, at, seenIn }: Double,
  random: Words,
): void {
  const mine = targets[at] as number;
  for (;;) {
    const there = random.below(targets.length);
    const theirs = targets[there] as number;
    if (seenIn[theirs] === row + 1) continue;
    const other = rowOf(rows, there);
    if (other === mine) continue;
    const others = targets.subarray(rows[other], rows[other + 1]);
    if (others.includes(mine)) continue;
    targets[at] = theirs;
    targets[there] = mine;
    seenIn[theirs] = row + 1;
    return;
  }
}

/** The row that a place belongs to: the last one that begins at or before it. */
function rowOf(rows: Uint32Array, place: number): number {
  let low = 0;
  let high = rows.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((rows[middle] as number) <= place) low = middle;
    else high = middle;
  }
  return low;
}

/** Signed synapse numbers of all connections; the sign is that of the source. */
function synapseNumbers(rows: Uint32Array, sensory: number, random: Words): Int16Array {
  const neurons = rows.length - 1;
  const { atLeast, guide } = synapseTable();
  const synapses = new Int16Array(rows[neurons] as number);
  for (let n = 0; n < neurons; n++) {
    const isExcitatory = random.next() < EXCITATORY * 2 ** 32 || n < sensory;
    const end = rows[n + 1] as number;
    for (let at = rows[n] as number; at < end; at++) {
      const word = random.next();
      let number = guide[word >>> 20] as number;
      while (word < (atLeast[number + 1] as number)) number++;
      synapses[at] = isExcitatory ? number : -number;
    }
  }
  return synapses;
}

/**
 * For drawing a number of synapses: a connection has at least k of them when a random word is below atLeast[k].
 * Between the counted numbers the logarithm of the count goes down evenly with the logarithm of k. `guide` holds the
 * number that a word with these upper 12 bits has at least.
 */
function synapseTable(): { readonly atLeast: Float64Array; readonly guide: Uint16Array } {
  const [most = 1] = SYNAPSES_AT_LEAST.at(-1) ?? [];
  const atLeast = new Float64Array(most + 2);
  for (const [index, [from, count]] of SYNAPSES_AT_LEAST.entries()) {
    const [to, fewer] = SYNAPSES_AT_LEAST[index + 1] ?? [from + 1, count];
    const slope = Math.log(fewer / count) / Math.log(to / from);
    for (let k = from; k < to; k++) {
      atLeast[k] = ((count * (k / from) ** slope) / FLY_CONNECTIONS) * 2 ** 32;
    }
  }
  atLeast[most + 1] = 0;
  const guide = Uint16Array.from({ length: 4096 }, (_, upper) => {
    let number = 1;
    while ((upper + 1) * 2 ** 20 <= (atLeast[number + 1] as number)) number++;
    return number;
  });
  return { atLeast, guide };
}

/** Fisher and Yates's shuffle, in place. */
function shuffled(list: Uint32Array, random: Words): Uint32Array {
  for (let k = list.length - 1; k > 0; k--) {
    const other = random.below(k + 1);
    const held = list[k] as number;
    list[k] = list[other] as number;
    list[other] = held;
  }
  return list;
}

/** Philox words in order, made in blocks. */
class Words {
  readonly #seed: number;
  readonly #block = new Uint32Array(4096);
  #row = 0;
  #at = 4096;

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** The next word, 0 … 2^32-1. */
  next(): number {
    if (this.#at === this.#block.length) {
      fillRowWords(this.#block, 0, this.#row++, 0, this.#block.length / 4, {
        seed: this.#seed,
        stream: STREAM,
      });
      this.#at = 0;
    }
    return this.#block[this.#at++] as number;
  }

  /** A number from 0 to count-1, uniform to count/2^32. */
  below(count: number): number {
    return Math.floor(this.next() * 2 ** -32 * count);
  }
}

/** Key word for these draws; any number will do that no name of a network hashes to by chance. */
const STREAM = 0xf17e9a4d;
