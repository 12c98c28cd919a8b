/**
 * Where the synapses of a plan lie on a device that binds no more than so many bytes at once: in as many parts as it
 * takes, each a buffer of packed words and one of per-synapse variables, rows never torn apart. Addresses only; nothing
 * is allocated or copied here. With room for all there is one part, laid out as in the plan.
 */
import { DeviceError } from '../errors.ts';
import type { ClockedKernel, DeliverKernel, Plan, ProjectionSlot } from '../plan/plan.ts';

/** Words of packed synapses and cells of variables of one part. */
export interface PartSize {
  readonly words: number;
  readonly cells: number;
}

/** Words (or cells) first … end-1 of the plan lie at `at` of a part. */
export interface Stretch {
  readonly first: number;
  readonly end: number;
  readonly part: number;
  readonly at: number;
}

/** Rows of a projection that lie in one part, with the addresses that lead there: as in the plan, moved, modulo 2^32. */
export interface PlacedSlot {
  readonly slot: ProjectionSlot;
  readonly firstRow: number;
  readonly endRow: number;
  readonly synapseBase: number;
  readonly delayBase: number;
  readonly synapseCells: readonly number[];
  /** Numbers of the synapses whose variables are in the part: begin, end. Rows of others belong to other shares. */
  readonly bound: readonly [number, number];
}

/** What one dispatch of a kernel can reach: a part for words, one for cells, and the rows that lie there. */
export interface Share {
  readonly words: number;
  readonly cells: number;
  readonly slots: readonly PlacedSlot[];
}

/** As Share, for synapses that clock-driven equations go through: those with numbers begin … end-1. */
export interface ClockedShare {
  readonly words: number;
  readonly cells: number;
  readonly begin: number;
  readonly end: number;
  /** Words of the ends of synapse 0, moved. */
  readonly ends: ClockedKernel['ends'];
  readonly placed: PlacedSlot;
}

export interface SynapseParts {
  /** At least one. */
  readonly sizes: readonly PartSize[];
  /** Ascending; parts may share words at the border of two rows. */
  readonly words: readonly Stretch[];
  /** Ascending, without overlap, all cells of the plan. */
  readonly cells: readonly Stretch[];
  /** By deliver kernel, and by summed kernel in the order of ascending synapse numbers. */
  readonly deliver: readonly (readonly Share[])[];
  readonly summed: readonly (readonly Share[])[];
  readonly clocked: readonly (readonly ClockedShare[])[];
}

/** Words per synapse. */
const TARGET_WORDS: Readonly<Record<DeliverKernel['packing'], number>> = {
  target: 1,
  'target+delay': 1,
  wide: 2,
  target16: 1 / 2,
  'target16+delay8': 1 / 2,
  generated: 0,
};
const DELAY_WORDS = 1 / 4;
const COLUMN_WORDS = 2;
const END_WORDS = 1;

const NONE = -1;
const ALL = 2 ** 32 - 1;

/** Synapses that stay together by rows: those of one projection, or the columns of one. */
class Store {
  readonly name: string;
  /** Index of the row offsets in Plan.rows; NONE where synapses need not stay together. */
  readonly rows: number;
  /** Rows, or synapses where there are no rows. */
  readonly units: number;
  /** Words per synapse by the index of the first word. */
  readonly regions = new Map<number, number>();
  readonly cells = new Set<number>();
  readonly pieces: Piece[] = [];

  constructor(name: string, rows: number, units: number) {
    this.name = name;
    this.rows = rows;
    this.units = units;
  }
}

/** Units first … end-1 of a store in a part, and by how much its addresses moved. */
interface Piece {
  readonly first: number;
  readonly end: number;
  readonly synapses: readonly [number, number];
  readonly part: number;
  readonly moves: ReadonlyMap<number, number>;
  readonly cellMoves: ReadonlyMap<number, number>;
}

/**
 * Lays out the synapses of a plan in parts of at most `most` words each. Throws DeviceError "limit" when the synapses of
 * one neuron do not fit.
 */
export function placeSynapses(plan: Plan, most: number): SynapseParts {
  const stores = storesOf(plan);
  const byRows = [...stores.rows.values(), ...stores.clocked.values(), ...stores.cells.values()];
  const all = [...new Set(byRows)].concat([...stores.columns.values()]);
  const isWhole = plan.synapseWords <= most && plan.synapseCells <= most;
  const layout = new Layout(plan, most);
  for (const store of all) {
    if (isWhole) layout.keep(store);
    else layout.place(store);
  }
  if (isWhole) layout.keepAll();
  else layout.placeLeftCells();
  return {
    sizes: layout.sizes,
    words: layout.words.sort((a, b) => a.first - b.first),
    cells: layout.cells.sort((a, b) => a.first - b.first),
    deliver: plan.deliver.map((kernel) => sharesOf(kernel.projections, kernel, stores)),
    summed: plan.summed.map((kernel) => sharesOf([kernel.projection], SUMMED, stores)),
    clocked: plan.clocked.map((kernel) => clockedShares(kernel, stores)),
  };
}

const SUMMED = { trigger: 'post', packing: 'target' } as const;

interface Stores {
  /** By the index of the row offsets. */
  readonly rows: ReadonlyMap<number, Store>;
  readonly columns: ReadonlyMap<number, Store>;
  /** By the first cell of a variable. */
  readonly cells: ReadonlyMap<number, Store>;
  /** By the name of a projection with clock-driven equations. */
  readonly clocked: ReadonlyMap<string, Store>;
}

function storesOf(plan: Plan): Stores {
  const stores = {
    rows: new Map<number, Store>(),
    columns: new Map<number, Store>(),
    cells: new Map<number, Store>(),
    clocked: new Map<string, Store>(),
  };
  const storeAt = (map: Map<number, Store>, slot: ProjectionSlot, count: number): Store => {
    const store = map.get(slot.rows) ?? new Store(slot.name, slot.rows, count);
    map.set(slot.rows, store);
    return store;
  };
  const addColumns = (slot: ProjectionSlot): void => {
    const columns = storeAt(stores.columns, slot, slot.targetCount);
    columns.regions.set(slot.synapseBase, COLUMN_WORDS);
    const known = slot.synapseCells.find((cell) => stores.cells.has(cell));
    const count = plan.rows[slot.rows + slot.targetCount] ?? 0;
    const owner = stores.cells.get(known ?? NONE) ?? new Store(slot.name, NONE, count);
    addCells(stores.cells, owner, slot);
  };
  for (const { trigger, packing, projections } of plan.deliver) {
    if (trigger === 'post' || packing === 'generated') continue;
    for (const slot of projections) {
      const store = storeAt(stores.rows, slot, slot.sourceCount);
      store.regions.set(slot.synapseBase, TARGET_WORDS[packing]);
      if (packing === 'target16+delay8') store.regions.set(slot.delayBase, DELAY_WORDS);
      addCells(stores.cells, store, slot);
    }
  }
  for (const kernel of plan.clocked) addClocked(stores, kernel);
  for (const { trigger, projections } of plan.deliver) {
    if (trigger === 'post') projections.forEach(addColumns);
  }
  for (const { projection } of plan.summed) addColumns(projection);
  return stores;
}

/** Ends and variables of a projection stay together with its rows, where it has rows. */
function addClocked(
  stores: {
    readonly rows: ReadonlyMap<number, Store>;
    readonly cells: Map<number, Store>;
    readonly clocked: Map<string, Store>;
  },
  { projection, ends, count }: ClockedKernel,
): void {
  const { name } = projection;
  const store =
    stores.clocked.get(name) ??
    [...stores.rows.values()].find((one) => one.name === name) ??
    new Store(name, NONE, count);
  stores.clocked.set(name, store);
  for (const first of [ends.pre, ends.post]) if (first >= 0) store.regions.set(first, END_WORDS);
  addCells(stores.cells, store, projection);
}

/** The shares of a kernel of clock-driven equations, by the parts that they bind. */
function clockedShares({ projection, ends, count }: ClockedKernel, stores: Stores): ClockedShare[] {
  const store = stores.clocked.get(projection.name);
  return (store?.pieces ?? []).map((piece) => {
    const moved = (first: number): number => (first + (piece.moves.get(first) ?? 0)) >>> 0;
    const [begin, end] = piece.synapses;
    return {
      words: piece.part,
      cells: piece.part,
      begin,
      end: Math.min(end, count),
      ends: { pre: moved(ends.pre), post: moved(ends.post) },
      placed: placedIn(projection, piece, piece),
    };
  });
}

function addCells(cells: Map<number, Store>, store: Store, slot: ProjectionSlot): void {
  for (const cell of slot.synapseCells) {
    store.cells.add(cell);
    cells.set(cell, store);
  }
}

/** Parts being filled one after the other. */
class Layout {
  readonly sizes: { words: number; cells: number }[] = [{ words: 0, cells: 0 }];
  readonly words: Stretch[] = [];
  readonly cells: Stretch[] = [];
  readonly #plan: Plan;
  readonly #most: number;

  constructor(plan: Plan, most: number) {
    this.#plan = plan;
    this.#most = most;
  }

  /** A store where the plan has it. */
  keep(store: Store): void {
    const moves = new Map<number, number>();
    store.pieces.push({
      first: 0,
      end: store.units,
      synapses: [0, ALL],
      part: 0,
      moves,
      cellMoves: moves,
    });
  }

  /** Everything where the plan has it. */
  keepAll(): void {
    const { synapseWords, synapseCells } = this.#plan;
    this.sizes[0] = { words: synapseWords, cells: synapseCells };
    this.words.push({ first: 0, end: synapseWords, part: 0, at: 0 });
    this.cells.push({ first: 0, end: synapseCells, part: 0, at: 0 });
  }

  /** A store in as many pieces as it takes. */
  place(store: Store): void {
    let first = 0;
    while (first < store.units) {
      const end = this.#furthest(store, first);
      if (end > first) {
        this.#put(store, first, end);
        first = end;
      } else if (this.#last.words + this.#last.cells > 0) this.sizes.push({ words: 0, cells: 0 });
      else this.#refuse(store, first);
    }
  }

  /** Cells that no kernel reaches, but the host may. */
  placeLeftCells(): void {
    const placed = [...this.cells].sort((a, b) => a.first - b.first);
    placed.push({ first: this.#plan.synapseCells, end: 0, part: 0, at: 0 });
    let at = 0;
    for (const { first, end } of placed) {
      while (at < first) {
        if (this.#last.cells === this.#most) this.sizes.push({ words: 0, cells: 0 });
        const count = Math.min(first - at, this.#most - this.#last.cells);
        this.#take('cells', at, at + count);
        at += count;
      }
      at = Math.max(at, end);
    }
  }

  get #last(): { words: number; cells: number } {
    return this.sizes[this.sizes.length - 1] as { words: number; cells: number };
  }

  #synapsesBefore({ rows }: Store, unit: number): number {
    return rows === NONE ? unit : (this.#plan.rows[rows + unit] as number);
  }

  /** Words and cells of units first … end-1. */
  #sizeOf(store: Store, first: number, end: number): { words: number; cells: number } {
    const begin = this.#synapsesBefore(store, first);
    const stop = this.#synapsesBefore(store, end);
    let words = 0;
    for (const density of store.regions.values()) {
      words += Math.ceil(stop * density) - Math.floor(begin * density);
    }
    return { words, cells: store.cells.size * (stop - begin) };
  }

  /** The last unit, and one, up to which the part that is being filled has room. */
  #furthest(store: Store, first: number): number {
    const part = this.#last;
    let [low, high] = [first, store.units];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      const { words, cells } = this.#sizeOf(store, first, middle);
      if (part.words + words <= this.#most && part.cells + cells <= this.#most) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #put(store: Store, first: number, end: number): void {
    const begin = this.#synapsesBefore(store, first);
    const stop = this.#synapsesBefore(store, end);
    const moves = new Map<number, number>();
    for (const [base, density] of store.regions) {
      const from = base + Math.floor(begin * density);
      moves.set(base, this.#take('words', from, base + Math.ceil(stop * density)));
    }
    const cellMoves = new Map<number, number>();
    for (const cell of store.cells) {
      cellMoves.set(cell, this.#take('cells', cell + begin, cell + stop));
    }
    const part = this.sizes.length - 1;
    store.pieces.push({ first, end, synapses: [begin, stop], part, moves, cellMoves });
  }

  /** Takes room for a stretch of the plan; returns by how much it moved. */
  #take(what: 'words' | 'cells', first: number, end: number): number {
    const at = this.#last[what];
    if (end > first) this[what].push({ first, end, part: this.sizes.length - 1, at });
    this.#last[what] += end - first;
    return at - first;
  }

  #refuse(store: Store, unit: number): never {
    const { words, cells } = this.#sizeOf(store, unit, unit + 1);
    const needed = 4 * Math.max(words, cells);
    throw new DeviceError(
      `Projection "${store.name}": the synapses of neuron ${unit} need ${needed} bytes; this GPU lets a kernel see ` +
        `${4 * this.#most} at a time. Make the rows shorter; let synapses be made again for every spike where the ` +
        'rule allows it (synapses: "procedural"); or use the CPU engine.',
      {
        reason: 'limit',
        limit: 'maxStorageBufferBindingSize',
        needed,
        available: 4 * this.#most,
      },
    );
  }
}

/** The shares of a kernel, by the parts that they bind. */
function sharesOf(
  slots: readonly ProjectionSlot[],
  { trigger, packing }: Pick<DeliverKernel, 'trigger' | 'packing'>,
  stores: Stores,
): Share[] {
  const shares = new Map<string, { words: number; cells: number; slots: PlacedSlot[] }>();
  const add = (words: number, cells: number, slot: PlacedSlot): void => {
    const key = `${words} ${cells}`;
    const share = shares.get(key) ?? { words, cells, slots: [] };
    share.slots.push(slot);
    shares.set(key, share);
  };
  for (const slot of slots) {
    if (packing === 'generated') add(0, 0, placedWhole(slot));
    else if (trigger === 'pre') {
      for (const piece of stores.rows.get(slot.rows)?.pieces ?? []) {
        add(piece.part, piece.part, placedIn(slot, piece, piece));
      }
    } else {
      const owner = stores.cells.get(slot.synapseCells[0] ?? NONE);
      for (const columns of stores.columns.get(slot.rows)?.pieces ?? []) {
        for (const piece of owner?.pieces ?? [null]) {
          add(columns.part, piece?.part ?? columns.part, placedIn(slot, columns, piece));
        }
      }
    }
  }
  return [...shares.values()];
}

/** A slot whose rows are made again for every spike: it binds nothing. */
function placedWhole(slot: ProjectionSlot): PlacedSlot {
  return {
    slot,
    firstRow: 0,
    endRow: slot.sourceCount,
    synapseBase: 0,
    delayBase: 0,
    synapseCells: slot.synapseCells.map(() => 0),
    bound: [0, ALL],
  };
}

function placedIn(slot: ProjectionSlot, rows: Piece, cells: Piece | null): PlacedSlot {
  const moved = (moves: ReadonlyMap<number, number>, base: number): number =>
    (base + (moves.get(base) ?? 0)) >>> 0;
  return {
    slot,
    firstRow: rows.first,
    endRow: rows.end,
    synapseBase: moved(rows.moves, slot.synapseBase),
    delayBase: moved(rows.moves, slot.delayBase),
    synapseCells: slot.synapseCells.map((cell) => moved(cells?.cellMoves ?? rows.moves, cell)),
    bound: cells?.synapses ?? [0, ALL],
  };
}
