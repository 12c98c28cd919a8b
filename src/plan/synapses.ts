/**
 * The synapses of one projection, made: rows and targets, delays, first values, columns where a pathway needs them, and
 * everything appended to the arrays of the plan. One projection at a time, so that only its own temporary arrays live.
 */
import { NetworkError } from '../errors.ts';
import type { SymbolReference } from '../language/ast.ts';
import { streamOf } from '../language/philox.ts';
import {
  columnsOf,
  countRows,
  type Ends,
  fillRows,
  inDegrees,
  isRowOrdered,
  MOST_SYNAPSES,
  sortRowsByDelay,
} from './connect.ts';
import type { Context } from './context.ts';
import { type Delays, delaySteps, packingOf } from './delays.ts';
import type { DeliverKernel } from './plan.ts';
import { neuronValue } from './populations.ts';
import {
  type PathwayPart,
  type ProjectionPart,
  prepareInitial,
  projectionParameters,
} from './projections.ts';
import { type Elements, evaluate, type Values, valueAt, varies } from './values.ts';

/** The synapses of a projection while the plan is made. */
export interface Synapses {
  readonly count: number;
  readonly rows: Uint32Array;
  /** Plain target indices, in order of rows. */
  readonly targets: Uint32Array;
  /** Creation number of each synapse, where it is not its own number. */
  readonly origin: Uint32Array | null;
  /**
   * Number of each synapse as people count them, by source, then creation (for an explicit list: by position in it);
   * null where that is its own number.
   */
  readonly order: Uint32Array | null;
  /** First value of every stored variable. */
  readonly values: ReadonlyMap<string, Values>;
  /** Delays by `delayName` of pathways. */
  readonly delays: ReadonlyMap<string, Delays>;
  readonly elements: Elements;
}

/** Makes the synapses of a projection; their `order` only on demand, because most never ask. */
export function makeSynapses(context: Context, part: ProjectionPart, needsOrder = false): Synapses {
  const { document, source, target } = part;
  const where = `Projection "${document.name}"`;
  const ends: Ends = {
    sourceCount: source.count,
    targetCount: target.count,
    sourceFirst: source.part.first + source.from,
    targetFirst: target.part.first + target.from,
  };
  const random = { seed: context.seed, stream: streamOf('connect', document.name) };
  const rows = countRows(document.connect, ends, random, where);
  const count = rows[source.count] as number;
  const initial = Object.entries(document.initial).map(([name, spec]) => ({
    name,
    ...prepareInitial(context, part, name, spec, 'initial value'),
  }));
  const isList = document.connect.rule === 'list';
  const needsOrigin =
    (needsOrder && isList) ||
    initial.some(({ prepared }) => varies(prepared)) ||
    part.pathways.some(({ delay }) => varies(delay));
  const targets = new Uint32Array(count);
  const isOrdered = isRowOrdered(document.connect);
  let origin = needsOrigin && !isOrdered ? new Uint32Array(count) : null;
  fillRows(document.connect, ends, random, rows, targets, origin);
  const values = new Map<string, Values>();
  const elements = (): Elements => ({
    count,
    origin,
    synapses: { rows, targets },
    parameters: projectionParameters(context, part, count),
    read: (symbol, k, pre, post) => readSynapse(part, values, symbol, k, pre, post),
  });
  const delays = makeDelays(context, part, elements());
  const varying = sortingDelays(part, delays);
  let order: Uint32Array | null = null;
  if (varying !== null) {
    const byNumber = () => Uint32Array.from(targets, (_, k) => k);
    if (needsOrigin && origin === null) origin = byNumber();
    if (needsOrder && !isList) order = byNumber();
    sortRowsByDelay(rows, varying, [targets, varying, origin, order]);
  }
  if (needsOrder && isList) order = origin;
  addDegrees(part, rows, targets, values);
  for (const { name, prepared, wanted } of initial) {
    values.set(name, evaluate(prepared, wanted, elements()));
  }
  return { count, rows, targets, origin, order, values, delays, elements: elements() };
}

/** What expressions of a projection read at the start: variables of synapse and neurons, degrees. */
export function readSynapse(
  { source, target }: ProjectionPart,
  values: ReadonlyMap<string, Values>,
  symbol: SymbolReference,
  k: number,
  pre: number,
  post: number,
): number {
  const side = 'side' in symbol ? symbol.side : 'synapse';
  if (side === 'pre') return neuronValue(source.part, symbol.name, source.from + pre);
  if (side === 'post') return neuronValue(target.part, symbol.name, target.from + post);
  return valueAt(values.get(symbol.name) ?? 0, k);
}

function makeDelays(
  context: Context,
  part: ProjectionPart,
  elements: Elements,
): Map<string, Delays> {
  const delays = new Map<string, Delays>();
  const warn = (message: string): void => {
    context.warnings.add(message);
  };
  for (const pathway of part.pathways) {
    const key = delayKey(pathway);
    if (delays.has(key)) continue;
    const values = evaluate(pathway.delay, pathway.delayWanted, elements);
    delays.set(key, delaySteps(values, context.dtMs, pathway.delayWanted.where, warn));
  }
  return delays;
}

/** Pathways with equal keys have equal delays. */
export const delayKey = ({ checked, delayName }: PathwayPart): string =>
  `${checked.trigger} ${delayName}`;

/** The per-synapse delays by which rows must be sorted, or null. */
function sortingDelays(
  part: ProjectionPart,
  delays: ReadonlyMap<string, Delays>,
): Uint32Array | null {
  const varying = new Set<Uint32Array>();
  let isSorted = false;
  for (const pathway of part.pathways) {
    const { steps } = delays.get(delayKey(pathway)) as Delays;
    if (typeof steps === 'number') continue;
    varying.add(steps);
    isSorted ||= pathway.lowered.mode === 'arrival';
  }
  if (varying.size > 1) {
    throw new NetworkError(
      `Projection "${part.document.name}": only one pathway may have delays that differ between synapses. ` +
        'Give the others one delay each, or use two projections.',
      { path: part.path, value: part.document.delay },
    );
  }
  const [only] = varying;
  return isSorted && only !== undefined ? only : null;
}

/** Degrees that code reads, as values of synapse variables. */
function addDegrees(
  { degrees, target }: ProjectionPart,
  rows: Uint32Array,
  targets: Uint32Array,
  values: Map<string, Values>,
): void {
  for (const { kind, stored } of degrees) {
    const list = new Float64Array(targets.length);
    if (kind === 'degree_in') {
      const incoming = inDegrees(targets, target.count);
      for (let e = 0; e < list.length; e++) list[e] = incoming[targets[e] as number] as number;
    } else {
      for (let r = 0; r + 1 < rows.length; r++) {
        const [begin, end] = [rows[r] as number, rows[r + 1] as number];
        list.fill(end - begin, begin, end);
      }
    }
    values.set(stored.name, list);
  }
}

/** Where the parts of one projection lie in the arrays of the plan. */
export interface PlacedSynapses {
  /** Index in Plan.rows of row 0; -1 when no pathway needs rows. */
  readonly rows: number;
  /** Index in Plan.rows of column 0, and of its first entry in Plan.synapses; -1 without columns. */
  readonly columns: number;
  readonly columnBase: number;
  /** By packing: index in Plan.synapses of synapse 0. */
  readonly words: ReadonlyMap<string, number>;
  /** Cell in Plan.synapseState of synapse 0, by variable. */
  readonly cells: ReadonlyMap<string, number>;
}

/** The arrays of the plan that hold synapses, growing projection by projection. */
export class SynapseArrays {
  readonly #dtMs: number;
  readonly #rows: Uint32Array[] = [];
  readonly #words: Uint32Array[] = [];
  #rowCount = 0;
  #wordCount = 0;
  #cellCount = 0;
  readonly #cells: { readonly at: number; readonly count: number; readonly values: Values }[] = [];

  constructor(dtMs: number) {
    this.#dtMs = dtMs;
  }

  /** Appends a projection. May reuse its targets array; the caller must not use it after that. */
  add(part: ProjectionPart, synapses: Synapses): PlacedSynapses {
    const { rows, targets, count } = synapses;
    const needsColumns =
      part.summed.length > 0 || part.pathways.some(({ checked }) => checked.trigger === 'post');
    let columns = -1;
    let columnBase = -1;
    if (needsColumns) {
      const made = columnsOf(rows, targets, part.target.count);
      columns = this.#addRows(made.offsets);
      columnBase = this.#addWords(made.entries);
    }
    const byPre = part.pathways.filter(({ checked }) => checked.trigger === 'pre');
    const placed = byPre.length > 0 ? this.#addRows(rows) : -1;
    const words = new Map<string, number>();
    const packings = new Map(
      byPre.map((pathway) => {
        const delays = synapses.delays.get(delayKey(pathway)) as Delays;
        return [packingOf(delays, part.target.count), delays];
      }),
    );
    for (const [packing, delays] of packings) {
      const isLast = words.size === packings.size - 1;
      words.set(packing, this.#addWords(pack(packing, targets, delays, isLast)));
    }
    const cells = new Map<string, number>();
    for (const { name } of part.variables) {
      cells.set(name, this.#cellCount);
      const values = stepsIfTime(name, synapses.values.get(name) ?? 0, this.#dtMs);
      this.#cells.push({ at: this.#cellCount, count, values });
      this.#cellCount += count;
    }
    return { rows: placed, columns, columnBase, words, cells };
  }

  #addRows(rows: Uint32Array): number {
    const at = this.#rowCount;
    this.#rows.push(rows);
    this.#rowCount += rows.length;
    return at;
  }

  #addWords(words: Uint32Array): number {
    const at = this.#wordCount;
    this.#words.push(words);
    this.#wordCount += words.length;
    if (this.#wordCount > MOST_SYNAPSES) {
      throw new NetworkError(
        `The synapses of this network take more than ${MOST_SYNAPSES} words of memory. Use fewer neurons or sparser rules.`,
        { path: 'projections', value: this.#wordCount },
      );
    }
    return at;
  }

  /** The finished arrays; one projection's synapses are handed over without a copy. */
  finish(): { rows: Uint32Array; synapses: Uint32Array; synapseState: Float64Array } {
    const synapseState = new Float64Array(this.#cellCount);
    for (const { at, count, values } of this.#cells) {
      if (typeof values === 'number') synapseState.fill(values, at, at + count);
      else synapseState.set(values, at);
    }
    this.#cells.length = 0;
    return {
      rows: joined(this.#rows, this.#rowCount),
      synapses: joined(this.#words, this.#wordCount),
      synapseState,
    };
  }
}

/** Variables that are stored as steps although people see times. */
export const isStoredAsStep = (name: string): boolean =>
  name === 'lastupdate' || name === 'lastspike';

function stepsIfTime(name: string, values: Values, dtMs: number): Values {
  if (!isStoredAsStep(name)) return values;
  if (typeof values === 'number') return Math.round(values / dtMs);
  return values.map((value) => Math.round(value / dtMs));
}

/** Concatenates and empties a list of arrays. */
function joined(chunks: Uint32Array[], length: number): Uint32Array {
  const [first] = chunks;
  if (chunks.length === 1 && first !== undefined) return first;
  const all = new Uint32Array(length);
  let at = 0;
  for (let chunk = chunks.shift(); chunk !== undefined; chunk = chunks.shift()) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

/** Synapses as the kernels read them; `reuse` allows packing in place. */
function pack(
  packing: DeliverKernel['packing'],
  targets: Uint32Array,
  { steps }: Delays,
  reuse: boolean,
): Uint32Array {
  if (packing === 'target' || typeof steps === 'number') return reuse ? targets : targets.slice();
  if (packing === 'target+delay') {
    const words = reuse ? targets : targets.slice();
    for (let e = 0; e < words.length; e++) {
      words[e] = ((words[e] as number) | ((steps[e] as number) << 24)) >>> 0;
    }
    return words;
  }
  const words = new Uint32Array(targets.length * 2);
  for (let e = 0; e < targets.length; e++) {
    words[2 * e] = targets[e] as number;
    words[2 * e + 1] = steps[e] as number;
  }
  return words;
}
