/**
 * Sparse linear maps between the elements of two nodes, with a delay per entry: what a chain of stateless nodes does to
 * spikes. Row = source element. Knows nothing of NIR.
 */
import { NetworkError } from '../../errors.ts';

/** Entries of row r are first[r] … first[r+1]-1, ordered by target, then delay. */
export interface LinearMap {
  readonly sources: number;
  readonly targets: number;
  readonly first: Uint32Array;
  readonly target: Uint32Array;
  readonly weight: Float64Array;
  /** In seconds; null where nothing is delayed. */
  readonly delay: Float64Array | null;
}

/** Most entries of one map: as many synapses of one projection. */
const MOST_ENTRIES = 2 ** 26;

/** Collects entries row by row; entries to the same target with the same delay are added up. */
export class MapBuilder {
  readonly #sources: number;
  readonly #targets: number;
  readonly #first: number[] = [0];
  #target = new Uint32Array(1024);
  #weight = new Float64Array(1024);
  #delay: Float64Array | null = null;
  #count = 0;
  readonly #slotOf = new Map<number, Map<number, number>>();

  constructor(sources: number, targets: number) {
    this.#sources = sources;
    this.#targets = targets;
  }

  /** Adds an entry to the current row. */
  add(target: number, weight: number, delay = 0): void {
    let slots = this.#slotOf.get(target);
    if (slots === undefined) {
      slots = new Map();
      this.#slotOf.set(target, slots);
    }
    const slot = slots.get(delay);
    if (slot !== undefined) {
      this.#weight[slot] = (this.#weight[slot] as number) + weight;
      return;
    }
    slots.set(delay, this.#count);
    this.#append(target, weight, delay);
  }

  /** Ends the current row: orders its entries and starts the next. */
  endRow(): void {
    const start = this.#first.at(-1) as number;
    if (this.#count - start < 2) {
      this.#first.push(this.#count);
      this.#slotOf.clear();
      return;
    }
    const order = Array.from({ length: this.#count - start }, (_, k) => start + k);
    const { target, weight, delay } = this.#arrays();
    order.sort(
      (a, b) =>
        (target[a] as number) - (target[b] as number) ||
        ((delay?.[a] ?? 0) as number) - ((delay?.[b] ?? 0) as number),
    );
    const columns = [target, weight, ...(delay === null ? [] : [delay])];
    for (const column of columns)
      column.set(
        order.map((k) => column[k] as number),
        start,
      );
    this.#first.push(this.#count);
    this.#slotOf.clear();
  }

  /** The map. Entries of weight 0 are left out. */
  build(): LinearMap {
    const { target, weight, delay } = this.#arrays();
    const first = new Uint32Array(this.#sources + 1);
    let kept = 0;
    for (let row = 0; row < this.#sources; row++) {
      first[row] = kept;
      for (let k = this.#first[row] as number; k < (this.#first[row + 1] as number); k++) {
        if (weight[k] === 0) continue;
        target[kept] = target[k] as number;
        weight[kept] = weight[k] as number;
        if (delay !== null) delay[kept] = delay[k] as number;
        kept++;
      }
    }
    first[this.#sources] = kept;
    return {
      sources: this.#sources,
      targets: this.#targets,
      first,
      target: target.slice(0, kept),
      weight: weight.slice(0, kept),
      delay: delay?.slice(0, kept) ?? null,
    };
  }

  #arrays(): { target: Uint32Array; weight: Float64Array; delay: Float64Array | null } {
    return { target: this.#target, weight: this.#weight, delay: this.#delay };
  }

  #append(target: number, weight: number, delay: number): void {
    if (this.#count === MOST_ENTRIES) {
      throw new NetworkError(
        `NIR file: one projection would have more than ${MOST_ENTRIES} synapses. Split the graph.`,
        { path: 'NIR file' },
      );
    }
    if (this.#count === this.#target.length) this.#grow();
    this.#target[this.#count] = target;
    this.#weight[this.#count] = weight;
    if (delay !== 0) this.#delay ??= new Float64Array(this.#target.length);
    if (this.#delay !== null) this.#delay[this.#count] = delay;
    this.#count++;
  }

  #grow(): void {
    const length = this.#target.length * 2;
    const target = new Uint32Array(length);
    const weight = new Float64Array(length);
    target.set(this.#target);
    weight.set(this.#weight);
    this.#target = target;
    this.#weight = weight;
    if (this.#delay === null) return;
    const delay = new Float64Array(length);
    delay.set(this.#delay);
    this.#delay = delay;
  }
}

/** A map that adds every entry that `visit` names, row by row. */
export function buildMap(
  sources: number,
  targets: number,
  visit: (row: number, add: (target: number, weight: number, delay?: number) => void) => void,
): LinearMap {
  const builder = new MapBuilder(sources, targets);
  const add = builder.add.bind(builder);
  for (let row = 0; row < sources; row++) {
    visit(row, add);
    builder.endRow();
  }
  return builder.build();
}

/** Every element to itself, with these weights (1 where not given) and delays. */
export function diagonalMap(
  size: number,
  weight: Float64Array = new Float64Array(size).fill(1),
  delay: Float64Array | null = null,
): LinearMap {
  if (weight.includes(0)) {
    return buildMap(size, size, (row, add) => add(row, weight[row] as number, delay?.[row] ?? 0));
  }
  const first = Uint32Array.from({ length: size + 1 }, (_, row) => row);
  const isLate = delay?.some((value) => value !== 0) ?? false;
  return {
    sources: size,
    targets: size,
    first,
    target: first.slice(0, size),
    weight,
    delay: isLate ? delay : null,
  };
}

/** First `a`, then `b`: weights multiply, delays add. */
export function composeMaps(a: LinearMap, b: LinearMap): LinearMap {
  if (isIdentity(a)) return b;
  if (isIdentity(b)) return a;
  return buildMap(a.sources, b.targets, (row, add) => {
    for (let k = a.first[row] as number; k < (a.first[row + 1] as number); k++) {
      const middle = a.target[k] as number;
      for (let m = b.first[middle] as number; m < (b.first[middle + 1] as number); m++) {
        const weight = (a.weight[k] as number) * (b.weight[m] as number);
        add(b.target[m] as number, weight, (a.delay?.[k] ?? 0) + (b.delay?.[m] ?? 0));
      }
    }
  });
}

/** The sum of two maps with the same ends. */
export function addMaps(a: LinearMap, b: LinearMap): LinearMap {
  return buildMap(a.sources, a.targets, (row, add) => {
    for (const map of [a, b]) {
      for (let k = map.first[row] as number; k < (map.first[row + 1] as number); k++) {
        add(map.target[k] as number, map.weight[k] as number, map.delay?.[k] ?? 0);
      }
    }
  });
}

/** What a constant vector becomes (delays do not change constants). */
export function applyMap(map: LinearMap, vector: ArrayLike<number>): Float64Array {
  const result = new Float64Array(map.targets);
  for (let row = 0; row < map.sources; row++) {
    for (let k = map.first[row] as number; k < (map.first[row + 1] as number); k++) {
      const at = map.target[k] as number;
      result[at] = (result[at] as number) + (map.weight[k] as number) * (vector[row] as number);
    }
  }
  return result;
}

/** Whether every element goes to itself alone, at any weight and delay. */
export function isOneToOne(map: LinearMap): boolean {
  const isSquare = map.sources === map.targets && map.target.length === map.sources;
  return isSquare && map.target.every((target, k) => target === k && map.first[k] === k);
}

export function isIdentity(map: LinearMap): boolean {
  return isOneToOne(map) && map.delay === null && map.weight.every((weight) => weight === 1);
}

/** Whether every source reaches every target exactly once. */
export function isComplete(map: LinearMap): boolean {
  return (
    map.target.length === map.sources * map.targets &&
    map.target.every((target, k) => target === k % map.targets) &&
    map.first.every((first, row) => first === row * map.targets)
  );
}
