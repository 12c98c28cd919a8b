/**
 * The arrays of the plan that hold synapses: laid out when all projections have been counted, allocated once, filled in
 * place projection by projection. Makes no synapses itself.
 */
import { NetworkError } from '../errors.ts';
import { columnsOf } from './columns.ts';
import { MOST_SYNAPSES } from './connect.ts';
import type { Context } from './context.ts';
import { type Delays, packingOf } from './delays.ts';
import { describeBytes } from './memory.ts';
import type { DeliverKernel } from './plan.ts';
import { type CountedSynapses, delayKey, makeSynapses, type Synapses } from './synapses.ts';
import type { Floats, Values } from './values.ts';

type Packing = DeliverKernel['packing'];

/** Where the parts of one projection lie in the arrays of the plan. */
export interface PlacedSynapses {
  /** Index in Plan.rows of row 0; -1 when no pathway needs rows. */
  readonly rows: number;
  /** Index in Plan.rows of column 0, and of its first entry in Plan.synapses; -1 without columns. */
  readonly columns: number;
  readonly columnBase: number;
  /** By packing: index in Plan.synapses of synapse 0. */
  readonly words: ReadonlyMap<Packing, number>;
  /** Cell in Plan.synapseState of synapse 0, by variable. */
  readonly cells: ReadonlyMap<string, number>;
}

/** Layout and arrays. */
export class SynapseArrays {
  readonly rows: Uint32Array;
  readonly synapses: Uint32Array;
  readonly synapseState: Floats;
  readonly #context: Context;
  readonly #placed: readonly PlacedSynapses[];

  /** Lays out and allocates. Throws NetworkError when the synapses do not fit. */
  constructor(context: Context, counted: readonly CountedSynapses[]) {
    this.#context = context;
    const { sizes, placed } = layOutSynapses(counted);
    this.#placed = placed;
    if (sizes.words > MOST_SYNAPSES) {
      throw new NetworkError(
        `The synapses of this network take more than ${MOST_SYNAPSES} words of memory. Use fewer neurons or sparser rules.`,
        { path: 'projections', value: sizes.words },
      );
    }
    // Engines in 32 bits hold no more; whole numbers may need more digits than an f32 has.
    const isSingle =
      context.precision === 'f32' &&
      counted.every(({ part }) => part.variables.every(({ type }) => type === 'f32'));
    try {
      this.rows = new Uint32Array(sizes.rows);
      this.synapses = new Uint32Array(sizes.words);
      this.synapseState = isSingle ? new Float32Array(sizes.cells) : new Float64Array(sizes.cells);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      const bytes = 4 * (sizes.rows + sizes.words) + (isSingle ? 4 : 8) * sizes.cells;
      throw new NetworkError(
        `The synapses of this network need ${describeBytes(bytes)}, which could not be allocated. ` +
          'Use fewer neurons or sparser rules, or close other programs.',
        { path: 'projections', value: bytes },
      );
    }
  }

  /**
   * Makes the synapses of a projection in their place. `look` sees them before they are packed. Returns where they are,
   * and their delays without the per-synapse steps, which are in the packed words now.
   */
  place<T>(
    counted: CountedSynapses,
    index: number,
    look: (synapses: Synapses) => T,
  ): { readonly placed: PlacedSynapses; readonly delays: Map<string, Delays>; readonly seen: T } {
    const placed = this.#placed[index] as PlacedSynapses;
    const { part, connected } = counted;
    const { count, rows } = connected;
    const home = [...placed.words].find(([packing]) => packing !== 'wide')?.[0] ?? null;
    const wordsAt = (first: number, length: number): Uint32Array =>
      this.synapses.subarray(first, first + length);
    const made = makeSynapses(part.context, counted, {
      ...(home === null ? {} : { targets: wordsAt(placed.words.get(home) as number, count) }),
      valuesOf: (name) => {
        const first = placed.cells.get(name) as number;
        return this.synapseState.subarray(first, first + count);
      },
    });
    const seen = look(made);
    if (placed.rows >= 0) this.rows.set(rows, placed.rows);
    if (placed.columns >= 0) {
      const out = wordsAt(placed.columnBase, 2 * count);
      this.rows.set(columnsOf(rows, made.targets, part.target.count, out).offsets, placed.columns);
    }
    this.#storeValues(placed, made);
    const stepsBy = new Map<Packing, Delays['steps']>();
    for (const { checked, delayName } of part.pathways) {
      if (checked.trigger !== 'pre') continue;
      const delays = made.delays.get(`pre ${delayName}`) as Delays;
      stepsBy.set(packingOf(delays, part.target.count), delays.steps);
    }
    // The targets are packed where they are, after all copies of them.
    const inOrder = [...placed.words].sort(([a], [b]) => Number(a === home) - Number(b === home));
    for (const [packing, first] of inOrder) {
      const length = packing === 'wide' ? 2 * count : count;
      pack(packing, made.targets, stepsBy.get(packing) ?? 0, wordsAt(first, length));
    }
    return { placed, delays: withoutSteps(made.delays), seen };
  }

  #storeValues({ cells }: PlacedSynapses, { values, count }: Synapses): void {
    for (const [name, first] of cells) {
      const value = stepsIfTime(name, values.get(name) ?? 0, this.#context.dtMs);
      if (typeof value === 'number') {
        if (value !== 0) this.synapseState.fill(value, first, first + count);
      } else if (value.buffer !== this.synapseState.buffer) this.synapseState.set(value, first);
    }
  }
}

interface Sizes {
  rows: number;
  words: number;
  cells: number;
}

/** Where all projections will lie, and the lengths of the arrays. */
export function layOutSynapses(counted: readonly CountedSynapses[]): {
  readonly placed: readonly PlacedSynapses[];
  readonly sizes: Readonly<Sizes>;
} {
  const sizes = { rows: 0, words: 0, cells: 0 };
  return { placed: counted.map((one) => layOut(one, sizes)), sizes };
}

function layOut({ part, connected, delays }: CountedSynapses, sizes: Sizes): PlacedSynapses {
  const { count, rows } = connected;
  const byPre = part.pathways.filter(({ checked }) => checked.trigger === 'pre');
  const needsColumns =
    part.summed.length > 0 || part.pathways.some(({ checked }) => checked.trigger === 'post');
  const take = (of: keyof Sizes, length: number): number => {
    const first = sizes[of];
    sizes[of] += length;
    return first;
  };
  const words = new Map<Packing, number>();
  for (const pathway of byPre) {
    const one = delays.get(delayKey(pathway)) as Delays;
    const packing = packingOf({ steps: one.steps, most: one.most }, part.target.count);
    if (words.has(packing)) continue;
    words.set(packing, take('words', packing === 'wide' ? 2 * count : count));
  }
  return {
    rows: byPre.length > 0 ? take('rows', rows.length) : -1,
    columns: needsColumns ? take('rows', part.target.count + 1) : -1,
    columnBase: needsColumns ? take('words', 2 * count) : -1,
    words,
    cells: new Map(part.variables.map(({ name }) => [name, take('cells', count)])),
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

/** Synapses as the kernels read them. `out` may be `targets` itself unless it is wide. */
function pack(
  packing: Packing,
  targets: Uint32Array,
  steps: Delays['steps'],
  out: Uint32Array,
): void {
  if (packing === 'target' || typeof steps === 'number') {
    if (out.byteOffset !== targets.byteOffset || out.buffer !== targets.buffer) out.set(targets);
  } else if (packing === 'target+delay') {
    for (let e = 0; e < out.length; e++) {
      out[e] = (targets[e] as number) | ((steps[e] as number) << 24);
    }
  } else {
    for (let e = 0; e < targets.length; e++) {
      out[2 * e] = targets[e] as number;
      out[2 * e + 1] = steps[e] as number;
    }
  }
}
