/**
 * Where the synapses of a projection are to be found when its network is compiled: in the words that an engine stores, in
 * rows that are made again from counters, or made again by the host as a whole. Reads nothing; `read-synapses.ts` does.
 */
import { NetworkError } from '../errors.ts';
import { listNames, suggest } from '../language/messages.ts';
import type { Targets } from './columns.ts';
import { allRows, drawnRows, equalRows, type RowMaker, sparseRows } from './connect-rows.ts';
import { type Delays, delayKey } from './delays.ts';
import type { PlacedProjection } from './deliver-kernels.ts';
import type { DrawKey } from './draws.ts';
import { gapTable } from './gaps.ts';
import type { VariableCell } from './live-changes.ts';
import { notStored } from './live-errors.ts';
import type { Packing } from './packings.ts';
import type { Plan } from './plan.ts';
import { isHosted } from './presynaptic.ts';
import type { PathwayPart } from './projections.ts';
import type { QuantileTable } from './quantiles.ts';
import type { Synapses } from './synapses.ts';

/** The synapses of one projection as they can be read, row by row. */
export interface SynapseSource {
  readonly projection: string;
  readonly count: number;
  /** Numbers, in their population or field, of the first neurons (voxels) of the ends. */
  readonly sourceFrom: number;
  readonly targetFrom: number;
  readonly place: StoredPlace | MadePlace | WholePlace;
  readonly variables: readonly SynapseVariable[];
}

/** In the words of an engine. */
interface StoredPlace {
  readonly kind: 'stored';
  /** Offsets of the synapses of each source. */
  readonly rows: Uint32Array;
  readonly packing: Exclude<Packing, 'generated'>;
  /** Word of synapse 0, and of its delay where that lies apart. */
  readonly targets: number;
  readonly delays: number;
  /** Delay of all where the packing has none. */
  readonly steps: number;
}

/** Nowhere: rows are made from counters. */
interface MadePlace {
  readonly kind: 'made';
  readonly rows: Uint32Array;
  readonly maker: RowMaker;
  readonly delay: number | Drawn;
}

/** Stored in another order only: made again, all at once, when somebody asks. */
interface WholePlace {
  readonly kind: 'whole';
  readonly make: () => {
    readonly rows: Uint32Array;
    readonly targets: Targets;
    readonly steps: Delays['steps'];
  };
}

/** A value of every synapse that is drawn by words of its row. */
export interface Drawn {
  readonly table: QuantileTable;
  readonly key: DrawKey;
}

/** A variable, and where its values are. */
export interface SynapseVariable {
  readonly name: string;
  readonly place:
    | { readonly kind: 'cells'; readonly cell: Cell }
    /** In the state of source neurons, which all synapses of one share. */
    | { readonly kind: 'sources'; readonly cell: Cell }
    | { readonly kind: 'constant'; readonly value: number }
    | { readonly kind: 'drawn'; readonly drawn: Drawn };
}

/** What `live.ts` knows beside the projection. */
interface Known {
  readonly plan: Pick<Plan, 'rows'>;
  readonly variables: readonly SynapseVariable[];
  /** Makes the synapses again. */
  readonly make: () => Synapses;
}

type Cell = Omit<VariableCell, 'order'>;

/**
 * Where these variables of a projection are, all that its equations declare and that it has by default. Throws NetworkError
 * for one that it does not have.
 */
export function variablesToRead(
  { part, recipe, way }: PlacedProjection,
  wanted: readonly string[] | undefined,
  cells: { cell(variable: string): Cell; sourceCell(variable: string): Cell },
): SynapseVariable[] {
  const { model, variables, context } = part;
  const isKnown = (name: string): boolean =>
    isHosted(part, name) || variables.some((one) => one.name === name);
  const declared = model.variables.filter(({ span }) => span.end > span.start);
  const names = wanted ?? declared.map(({ name }) => name).filter(isKnown);
  const drawnBy = ({ table, stream }: { table: QuantileTable; stream: number }): Drawn => ({
    table,
    key: { seed: context.seed, stream },
  });
  return names.map((name): SynapseVariable => {
    if (!isKnown(name)) {
      throw notStored(`Projection "${part.document.name}"`, name, variables, model.variables);
    }
    if (isHosted(part, name))
      return { name, place: { kind: 'sources', cell: cells.sourceCell(name) } };
    if (way !== 'procedural') return { name, place: { kind: 'cells', cell: cells.cell(name) } };
    const value = recipe?.values.get(name);
    if (value === undefined) throw new Error(`internal: no recipe of ${name}`);
    const isDrawn = value.kind === 'drawn';
    return { name, place: isDrawn ? { kind: 'drawn', drawn: drawnBy(value) } : value };
  });
}

/** `pathway`: whose delays are wanted; the first of presynaptic spikes by default. Throws NetworkError when there is none. */
export function synapseSource(
  projection: PlacedProjection,
  pathway: string | undefined,
  { plan, variables, make }: Known,
): SynapseSource {
  const { part, count, placed, way } = projection;
  const { source, target } = part;
  const wanted = pathwayOf(projection, pathway);
  const base = {
    projection: part.document.name,
    count,
    sourceFrom: source.from,
    targetFrom: target.from,
    variables,
  };
  if (placed.rows < 0 || wanted === null || wanted.checked.trigger === 'post') {
    return { ...base, place: { kind: 'whole', make: () => wholeOf(make(), wanted) } };
  }
  const rows = plan.rows.subarray(placed.rows, placed.rows + source.count + 1);
  const delays = projection.delays.get(delayKey(wanted)) as Delays;
  if (way === 'procedural') return { ...base, place: madePlace(projection, wanted, rows) };
  const isOne = !('draw' in delays) && typeof delays.steps === 'number';
  const packing = [...placed.words.keys()].find((one) => isOne === ONE_DELAY.has(one));
  const words = packing === undefined ? undefined : placed.words.get(packing);
  if (packing === undefined || packing === 'generated' || words === undefined) {
    throw new Error(`internal: ${part.path} has no words`);
  }
  const steps = isOne ? (delays.steps as number) : 0;
  return { ...base, place: { kind: 'stored', rows, packing, ...words, steps } };
}

/** Packings without delays. */
const ONE_DELAY: ReadonlySet<Packing> = new Set<Packing>(['target', 'target16']);

function pathwayOf({ part }: PlacedProjection, name: string | undefined): PathwayPart | null {
  const { pathways, document } = part;
  if (name === undefined) {
    return pathways.find(({ checked }) => checked.trigger === 'pre') ?? pathways[0] ?? null;
  }
  const found = pathways.find(({ checked }) => checked.name === name);
  if (found !== undefined) return found;
  const names = pathways.map(({ checked }) => checked.name);
  const near = suggest(name, names);
  const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
  throw new NetworkError(
    `Projection "${document.name}" has no pathway "${name}".${hint} It has: ${listNames(names) || 'none'}.`,
    { path: part.path, value: name },
  );
}

function wholeOf(
  { rows, targets, delays }: Synapses,
  pathway: PathwayPart | null,
): ReturnType<WholePlace['make']> {
  const steps = pathway === null ? 0 : (delays.get(delayKey(pathway))?.steps ?? 0);
  return { rows, targets, steps };
}

function madePlace(
  { part, recipe, connectStream, degreeRule, delays }: PlacedProjection,
  pathway: PathwayPart,
  rows: Uint32Array,
): MadePlace {
  if (recipe === null || degreeRule === null)
    throw new Error(`internal: no recipe of ${part.path}`);
  const { seed } = part.context;
  const key = { seed, stream: connectStream };
  const { rule, autapses, p, length, longest } = recipe;
  const { ends } = degreeRule;
  const lengthOf = (row: number): number =>
    length < 0 ? (rows[row + 1] as number) - (rows[row] as number) : length;
  const makers: Record<typeof rule, () => RowMaker> = {
    'one-to-one': () => equalRows(ends, autapses),
    'all-to-all': () => allRows(ends, autapses),
    gaps: () => sparseRows(gapTable(p), ends, autapses, key),
    draws: () => drawnRows(lengthOf, longest, ends, autapses, key),
  };
  const one = delays.get(delayKey(pathway));
  const delay =
    one === undefined
      ? 0
      : 'draw' in one
        ? { table: one.table, key: { seed, stream: pathway.delayWanted.stream } }
        : (one.steps as number);
  return { kind: 'made', rows, maker: makers[rule](), delay };
}
