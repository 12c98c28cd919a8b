/**
 * The arrays of the plan that hold synapses: laid out when all projections have been counted, allocated once, filled in
 * place projection by projection. Makes no synapses itself. What engines make has places behind the end of the arrays.
 */
import { NetworkError } from '../errors.ts';
import { readsEnd } from '../language/lower-clocked.ts';
import { columnsOf, type Targets, type Words } from './columns.ts';
import { MOST_SYNAPSES } from './connect.ts';
import { type Delays, delayKey } from './delays.ts';
import { describeBytes } from './memory.ts';
import { choosePackings, isHalf, type Packing, type Packings, wordsOf } from './packings.ts';
import type { PathwayPart, ProjectionPart } from './projections.ts';
import { type CountedSynapses, makeSynapses, type Synapses } from './synapses.ts';
import type { Floats, Values } from './values.ts';
import { chooseWays, type Way, type Wishes } from './ways.ts';

/** Where the parts of one projection lie in the arrays of the plan. */
export interface PlacedSynapses {
  /** Index in Plan.rows of row 0; -1 when no pathway needs rows. */
  readonly rows: number;
  /** Index in Plan.rows of column 0, and of its first entry in Plan.synapses; -1 without columns. */
  readonly columns: number;
  readonly columnBase: number;
  /** By packing: index in Plan.synapses of synapse 0, and of its delay where delays lie apart (else -1). */
  readonly words: ReadonlyMap<Packing, { readonly targets: number; readonly delays: number }>;
  /** Index in Plan.synapses of the ends of synapse 0, a word per synapse; -1 where no clock-driven equation asks. */
  readonly ends: { readonly pre: number; readonly post: number };
  /** Cell in Plan.synapseState of synapse 0, by variable. */
  readonly cells: ReadonlyMap<string, number>;
}

/** Layout and arrays. */
export class SynapseArrays {
  readonly rows: Uint32Array;
  readonly synapses: Uint32Array;
  readonly synapseState: Floats;
  /** Lengths with what engines make. */
  readonly sizes: SynapseSizes;
  readonly #placed: readonly PlacedSynapses[];

  /** Lays out and allocates. Throws NetworkError when the synapses do not fit. */
  constructor(counted: readonly CountedSynapses[], ways: readonly Way[], packings: Packings) {
    const { sizes, host, placed } = layOutSynapses(counted, ways, packings);
    this.#placed = placed;
    this.sizes = sizes;
    if (sizes.words > MOST_SYNAPSES) {
      throw new NetworkError(
        `The synapses of this network take more than ${MOST_SYNAPSES} words of memory. Use fewer neurons or sparser rules.`,
        { path: 'projections', value: sizes.words },
      );
    }
    // Engines in 32 bits hold no more; whole numbers may need more digits than an f32 has.
    const isSingle = counted.every(
      ({ part: { context, variables } }) =>
        context.precision === 'f32' && variables.every(({ type }) => type === 'f32'),
    );
    try {
      this.rows = new Uint32Array(host.rows);
      this.synapses = new Uint32Array(host.words);
      this.synapseState = isSingle ? new Float32Array(host.cells) : new Float64Array(host.cells);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      const bytes = 4 * (host.rows + host.words) + (isSingle ? 4 : 8) * host.cells;
      throw new NetworkError(
        `The synapses of this network need ${describeBytes(bytes)}, which could not be allocated. ` +
          'Use fewer neurons or sparser rules, or close other programs.',
        { path: 'projections', value: bytes },
      );
    }
  }

  /** Where a projection lies whose synapses the host does not make. Fills in its rows. */
  reserve({ connected }: CountedSynapses, index: number): PlacedSynapses {
    const placed = this.#placed[index] as PlacedSynapses;
    if (placed.rows >= 0) this.rows.set(connected.rows, placed.rows);
    return placed;
  }

  /**
   * Makes the synapses of a projection in their place. `look` sees them before they are packed. Returns where they are,
   * and their delays without the per-synapse steps, which are in the packed words now.
   */
  place<T>(
    counted: CountedSynapses,
    index: number,
    packings: Packings,
    look: (synapses: Synapses) => T,
  ): { readonly placed: PlacedSynapses; readonly delays: Map<string, Delays>; readonly seen: T } {
    const placed = this.reserve(counted, index);
    const { part, connected } = counted;
    const { count, rows } = connected;
    const stores = this.#storesOf(part, placed, count, packings);
    // The first with a place for the targets of all synapses takes them as they are made.
    const home = stores.find(({ targets }) => targets !== null);
    const made = makeSynapses(part.context, counted, {
      ...(home?.targets == null ? {} : { targets: home.targets }),
      stepsOf: (key) => stores.find((one) => one.key === key)?.steps ?? undefined,
      valuesOf: (name) => {
        const first = placed.cells.get(name) as number;
        return this.synapseState.subarray(first, first + count);
      },
    });
    const seen = look(made);
    this.#storeEnds(placed, made);
    if (placed.columns >= 0) {
      const out = this.synapses.subarray(placed.columnBase, placed.columnBase + 2 * count);
      this.rows.set(columnsOf(rows, made.targets, part.target.count, out).offsets, placed.columns);
    }
    this.#storeValues(part.context.dtMs, placed, made);
    // Delays are packed onto the targets in their home after all copies of them.
    for (const store of stores.sort((a, b) => Number(a === home) - Number(b === home))) {
      pack(store, made.targets, (made.delays.get(store.key) as Delays).steps);
    }
    return { placed, delays: withoutSteps(made.delays), seen };
  }

  /** The places of the packings of a projection. */
  #storesOf(
    part: ProjectionPart,
    { words }: PlacedSynapses,
    count: number,
    packings: Packings,
  ): Store[] {
    return [...words].map(([packing, first]) => {
      const pathway = part.pathways.find((one) => packings.get(one) === packing) as PathwayPart;
      const [length] = wordsOf(packing, count);
      const isWide = packing === 'wide';
      const at = this.synapses.subarray(first.targets, first.targets + length);
      const { buffer, byteOffset } = at;
      const delaysAt = this.synapses.byteOffset + 4 * first.delays;
      return {
        packing,
        key: delayKey(pathway),
        words: at,
        targets: isHalf(packing) ? new Uint16Array(buffer, byteOffset, count) : isWide ? null : at,
        steps: packing === 'target16+delay8' ? new Uint8Array(buffer, delaysAt, count) : null,
      };
    });
  }

  /** The neurons at the ends of synapses, for code that goes through all synapses. */
  #storeEnds({ ends }: PlacedSynapses, { rows, targets, count }: Synapses): void {
    if (ends.post >= 0) this.synapses.set(targets, ends.post);
    if (ends.pre < 0) return;
    const sources = this.synapses.subarray(ends.pre, ends.pre + count);
    for (let row = 0; row + 1 < rows.length; row++) sources.fill(row, rows[row], rows[row + 1]);
  }

  #storeValues(dtMs: number, { cells }: PlacedSynapses, { values, count }: Synapses): void {
    for (const [name, first] of cells) {
      const value = stepsIfTime(name, values.get(name) ?? 0, dtMs);
      if (typeof value === 'number') {
        if (value !== 0) this.synapseState.fill(value, first, first + count);
      } else if (value.buffer !== this.synapseState.buffer) this.synapseState.set(value, first);
    }
  }
}

/** Where the synapses of a projection lie in one packing. */
interface Store {
  readonly packing: Packing;
  /** delayKey of its pathways. */
  readonly key: string;
  readonly words: Uint32Array;
  /** Its targets, where each has a place of its own. */
  readonly targets: Targets | null;
  /** Its delays, where they lie apart. */
  readonly steps: Uint8Array | null;
}

/** Lengths of the arrays. */
export interface SynapseSizes {
  readonly rows: number;
  readonly words: number;
  readonly cells: number;
}

/** Where all projections will lie, and the lengths of the arrays: in all, and of what the host makes. */
export function layOutSynapses(
  counted: readonly CountedSynapses[],
  ways: readonly Way[],
  packings: Packings,
): {
  readonly placed: readonly PlacedSynapses[];
  readonly sizes: SynapseSizes;
  readonly host: SynapseSizes;
} {
  const sizes = { rows: 0, words: 0, cells: 0 };
  const placed = new Map<number, PlacedSynapses>();
  const layOutThose = (isIn: (way: Way) => boolean): void => {
    for (const [k, one] of counted.entries()) {
      const way = ways[k] as Way;
      if (isIn(way)) placed.set(k, layOut(one, way, packings, sizes));
    }
  };
  // What engines make lies behind what the host makes.
  layOutThose((way) => way !== 'device');
  const host = { ...sizes };
  layOutThose((way) => way === 'device');
  return {
    placed: counted.map((_, k) => placed.get(k) as PlacedSynapses),
    sizes,
    host: { ...host, rows: sizes.rows },
  };
}

/** Where the synapses of all projections are to be, and how densely: from wishes and sizes. */
export function chooseStorage(
  counted: readonly CountedSynapses[],
  wishes: Wishes,
): { readonly ways: readonly Way[]; readonly packings: Packings } {
  const all = choosePackings(counted);
  const ways = chooseWays(counted, wishes, (one) => storedBytes(one, all));
  return { ways, packings: choosePackings(counted.filter((_, k) => ways[k] !== 'procedural')) };
}

/** Bytes of a projection that is stored, rows aside. */
function storedBytes(one: CountedSynapses, packings: Packings): number {
  const sizes = { rows: 0, words: 0, cells: 0 };
  layOut(one, 'host', packings, sizes);
  return 4 * sizes.words + (one.part.context.precision === 'f64' ? 8 : 4) * sizes.cells;
}

function layOut(
  { part, connected: { count, rows } }: CountedSynapses,
  way: Way,
  packings: Packings,
  sizes: { rows: number; words: number; cells: number },
): PlacedSynapses {
  const needsRows = part.pathways.some(({ checked }) => checked.trigger === 'pre');
  const needsColumns =
    part.summed.length > 0 || part.pathways.some(({ checked }) => checked.trigger === 'post');
  const take = (of: keyof SynapseSizes, length: number): number => {
    const first = sizes[of];
    sizes[of] += length;
    return first;
  };
  const words = new Map<Packing, { readonly targets: number; readonly delays: number }>();
  const isStored = way !== 'procedural';
  for (const pathway of isStored ? part.pathways : []) {
    const packing = packings.get(pathway);
    if (packing === undefined || words.has(packing)) continue;
    const [ofTargets, ofDelays] = wordsOf(packing, count);
    const targets = take('words', ofTargets);
    words.set(packing, { targets, delays: ofDelays === 0 ? -1 : take('words', ofDelays) });
  }
  const asks = (side: 'pre' | 'post'): boolean =>
    part.clocked.some((equations) => readsEnd(equations, side));
  return {
    rows: needsRows ? take('rows', rows.length) : -1,
    columns: needsColumns ? take('rows', part.target.count + 1) : -1,
    columnBase: needsColumns ? take('words', 2 * count) : -1,
    words,
    ends: {
      pre: asks('pre') ? take('words', count) : -1,
      post: asks('post') ? take('words', count) : -1,
    },
    cells: new Map(isStored ? part.variables.map(({ name }) => [name, take('cells', count)]) : []),
  };
}

function withoutSteps(delays: ReadonlyMap<string, Delays>): Map<string, Delays> {
  const none = new Uint8Array(0);
  return new Map(
    [...delays].map(([key, { steps, range, most }]) => [
      key,
      { steps: typeof steps === 'number' ? steps : none, range, most },
    ]),
  );
}

/** Variables that are stored as steps although people see times. */
export const isStoredAsStep = (name: string): boolean =>
  name === 'lastupdate' || name === 'lastspike';

function stepsIfTime(name: string, values: Values, dtMs: number): Values {
  if (!isStoredAsStep(name)) return values;
  if (typeof values === 'number') return Math.round(values / dtMs);
  return values.map((value) => Math.round(value / dtMs));
}

/** Synapses as the kernels read them; `targets` and `steps` may lie in the store already. */
function pack(store: Store, targets: Targets, steps: Delays['steps']): void {
  const { packing, words } = store;
  if (packing === 'wide') {
    for (let e = 0; e < targets.length; e++) {
      words[2 * e] = targets[e] as number;
      words[2 * e + 1] = typeof steps === 'number' ? steps : (steps[e] as number);
    }
    return;
  }
  const own = store.targets;
  if (own !== null && !isSamePlace(own, targets)) own.set(targets);
  if (typeof steps === 'number') return;
  if (store.steps !== null) {
    if (!isSamePlace(store.steps, steps)) store.steps.set(steps);
  } else if (packing === 'target+delay') {
    for (let e = 0; e < words.length; e++) {
      words[e] = (words[e] as number) | ((steps[e] as number) << 24);
    }
  }
}

const isSamePlace = (a: Words, b: Words): boolean =>
  a.buffer === b.buffer && a.byteOffset === b.byteOffset;
