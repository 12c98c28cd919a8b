/**
 * Reading the synapses of a projection while its network runs, a few rows at a time: wherever they are, no more of them is
 * in memory than a chunk. Asks engines for words and cells; knows nothing of how they are delivered.
 */
import type { Engine } from './engine.ts';
import { describeValue, isPlainObject } from './language/argument.ts';
import { fillRowWords } from './plan/draws.ts';
import { fillValues } from './plan/quantiles.ts';
import type { Drawn, SynapseSource, SynapseVariable } from './plan/synapse-source.ts';

/** Which synapses of a projection to read, and how many at a time. */
export interface ReadSynapsesOptions {
  /** Variables to read; all that `get` knows by default, and those of procedural synapses. */
  readonly variables?: readonly string[];
  /**
   * The pathway whose delays are wanted; the first of presynaptic spikes by default. Others may have delays of their own.
   */
  readonly pathway?: string;
  /** Synapses of a chunk, at most, but at least one source's; default 65,536. */
  readonly most?: number;
}

/** Some synapses of a projection. The arrays are yours. */
export interface SynapseChunk {
  /** Number of the first of them; the synapses of a projection are counted by source, then in the order of storage. */
  readonly first: number;
  /** Number of the neuron in its population, by synapse; ascending. */
  readonly sources: Uint32Array;
  /** Number of the neuron in its population, or of the voxel in its field. */
  readonly targets: Uint32Array;
  /** Whole steps, in ms. */
  readonly delaysMs: Float64Array;
  /** By variable, in internal units. */
  readonly values: Readonly<Record<string, Float64Array>>;
}

const USUAL_MOST = 65_536;

/** Throws RangeError for options that are none. */
export function checkReadSynapses(options: ReadSynapsesOptions): void {
  const fail = (what: string, allowed: string, got: unknown): never => {
    throw new RangeError(`synapses: ${what} must be ${allowed}, got ${describeValue(got)}.`);
  };
  if (!isPlainObject(options)) fail('options', 'an object', options);
  const { variables, pathway, most = 1 } = options;
  for (const key of Object.keys(options)) {
    const known = ['variables', 'pathway', 'most'];
    if (!known.includes(key)) fail('options', `an object of ${known.join(', ')}`, key);
  }
  const isNames =
    Array.isArray(variables) && variables.every((name: unknown) => typeof name === 'string');
  if (variables !== undefined && !isNames) fail('variables', 'a list of names', variables);
  if (pathway !== undefined && typeof pathway !== 'string') fail('pathway', 'a name', pathway);
  if (!Number.isInteger(most) || most < 1) fail('most', 'a whole number from 1 on', most);
}

/** Synapses of some rows as they were read: targets relative to the end, delays in steps. */
interface Rows {
  readonly targets: ArrayLike<number>;
  readonly steps: ArrayLike<number> | number;
}

/** Rows from … to-1, whose synapses are those numbered first … end-1. */
interface Range {
  readonly from: number;
  readonly to: number;
  readonly first: number;
  readonly end: number;
}

/**
 * Reads chunk after chunk. `turn` gives the engine when nobody else uses it; the network may run between two chunks, so
 * that values of variables are of different moments then.
 */
export async function* readSynapses(
  source: SynapseSource,
  dtMs: number,
  { most = USUAL_MOST }: ReadSynapsesOptions,
  turn: <T>(work: (engine: Engine) => Promise<T>) => Promise<T>,
): AsyncGenerator<SynapseChunk, void, void> {
  if (source.count === 0) return;
  const place = source.place.kind === 'whole' ? source.place.make() : source.place;
  const { rows } = place;
  for (const range of rangesOf(rows, most)) {
    yield await turn(async (engine) => {
      const { targets, steps } = await rowsOf(source, place, range, engine);
      const values: Record<string, Float64Array> = {};
      for (const one of source.variables) {
        values[one.name] = await valuesOf(one, rows, range, engine);
      }
      const count = range.end - range.first;
      return {
        first: range.first,
        sources: sourcesOf(rows, range, source.sourceFrom),
        targets: Uint32Array.from({ length: count }, (_, k) => {
          return source.targetFrom + (targets[k] as number);
        }),
        delaysMs: Float64Array.from({ length: count }, (_, k) => {
          return dtMs * (typeof steps === 'number' ? steps : (steps[k] as number));
        }),
        values,
      };
    });
  }
}

/** Whole rows, as many as have no more synapses than that together, one at least; those without any are passed over. */
function* rangesOf(rows: Uint32Array, most: number): Generator<Range> {
  let from = 0;
  while (from + 1 < rows.length) {
    const first = rows[from] as number;
    let to = from + 1;
    while (to + 1 < rows.length && (rows[to + 1] as number) - first <= most) to++;
    const end = rows[to] as number;
    if (end > first) yield { from, to, first, end };
    from = to;
  }
}

function sourcesOf(rows: Uint32Array, { from, to, first, end }: Range, base: number): Uint32Array {
  const sources = new Uint32Array(end - first);
  for (let row = from; row < to; row++) {
    sources.fill(base + row, (rows[row] as number) - first, (rows[row + 1] as number) - first);
  }
  return sources;
}

type MadeOnce = Exclude<SynapseSource['place'], { readonly kind: 'whole' }> | Whole;
type Whole = ReturnType<Extract<SynapseSource['place'], { readonly kind: 'whole' }>['make']>;

async function rowsOf(
  { projection }: SynapseSource,
  place: MadeOnce,
  range: Range,
  engine: Engine,
): Promise<Rows> {
  const { first, end, from, to } = range;
  if (!('kind' in place)) {
    const { targets, steps } = place;
    return {
      targets: targets.subarray(first, end),
      steps: typeof steps === 'number' ? steps : steps.subarray(first, end),
    };
  }
  if (place.kind === 'stored') return storedRows(place, range, engine);
  const { rows, maker, delay } = place;
  // Makers may write a row to its end before they know how long it is.
  const targets = new Uint32Array(end - first + maker.longest);
  for (let row = from; row < to; row++) {
    const at = (rows[row] as number) - first;
    const length = maker.make(row, targets, at);
    if (length !== (rows[row + 1] as number) - (rows[row] as number)) {
      throw new Error(`internal: row ${row} of ${projection} has ${length} synapses`);
    }
  }
  if (typeof delay === 'number') return { targets, steps: delay };
  return { targets, steps: drawnValues(delay, rows, range, new Uint32Array(end - first)) };
}

async function storedRows(
  {
    packing,
    targets: at,
    delays,
    steps,
  }: Extract<SynapseSource['place'], { readonly kind: 'stored' }>,
  { first, end }: Range,
  engine: Engine,
): Promise<Rows> {
  const count = end - first;
  switch (packing) {
    case 'target':
      return { targets: await engine.readSynapses(at + first, count), steps };
    case 'target+delay': {
      const words = await engine.readSynapses(at + first, count);
      return { targets: words.map((word) => word & 0xffffff), steps: words.map((w) => w >>> 24) };
    }
    case 'wide': {
      const words = await engine.readSynapses(at + 2 * first, 2 * count);
      const everyOther = (k: 0 | 1): Uint32Array =>
        Uint32Array.from({ length: count }, (_, e) => words[2 * e + k] as number);
      return { targets: everyOther(0), steps: everyOther(1) };
    }
    default: {
      const [halves, bytes] = [(e: number) => e >>> 1, (e: number) => e >>> 2];
      const words = await engine.readSynapses(at + halves(first), halves(end + 1) - halves(first));
      const targets = new Uint16Array(words.buffer).subarray(first & 1);
      if (packing === 'target16') return { targets, steps };
      const late = await engine.readSynapses(delays + bytes(first), bytes(end + 3) - bytes(first));
      return { targets, steps: new Uint8Array(late.buffer).subarray(first & 3) };
    }
  }
}

async function valuesOf(
  { place }: SynapseVariable,
  rows: Uint32Array,
  range: Range,
  engine: Engine,
): Promise<Float64Array> {
  const { first, end, from, to } = range;
  switch (place.kind) {
    case 'constant':
      return new Float64Array(end - first).fill(place.value);
    case 'drawn':
      return drawnValues(place.drawn, rows, range, new Float64Array(end - first));
    case 'cells': {
      const { cell } = place;
      const stored = await engine.read(cell.buffer, cell.first + first, end - first, cell.type);
      return stored.map((value) => value * cell.factor + cell.offset);
    }
    case 'sources': {
      const { cell } = place;
      const stored = await engine.read(cell.buffer, cell.first + from, to - from, cell.type);
      const values = new Float64Array(end - first);
      for (let row = from; row < to; row++) {
        const value = (stored[row - from] as number) * cell.factor + cell.offset;
        values.fill(value, (rows[row] as number) - first, (rows[row + 1] as number) - first);
      }
      return values;
    }
  }
}

function drawnValues<List extends Float64Array | Uint32Array>(
  { table, key }: Drawn,
  rows: Uint32Array,
  { from, to, first }: Range,
  values: List,
): List {
  let words = new Uint32Array(64);
  for (let row = from; row < to; row++) {
    const at = rows[row] as number;
    const length = (rows[row + 1] as number) - at;
    const blocks = Math.ceil(length / 4);
    if (words.length < 4 * blocks) words = new Uint32Array(8 * blocks);
    fillRowWords(words, 0, row, 0, blocks, key);
    fillValues(table, words, length, values, at - first);
  }
  return values;
}
