/**
 * The arguments with which delivery and summing functions are called for one projection: plan cells turned into
 * addresses. Data only.
 */
import type { DeliverKernel, Plan, PopulationSlot, ProjectionSlot } from '../plan/plan.ts';
import type { Context } from './context.ts';
import { addressOf, type Segment } from './segments.ts';

/** Values of the named parameters of deliver.ts and summed.ts for a projection. */
export interface ProjectionArguments {
  readonly projection: ProjectionSlot;
  /** The end whose spikes, or whose columns, rows belong to. */
  readonly rowSide: 'pre' | 'post';
  /** Rows hold synapses of different delays. */
  readonly isMixed: boolean;
  /** Number of the projection's first input among all inputs of all projections. */
  readonly inputCode: number;
  /** Which end each input belongs to. */
  readonly inputSides: readonly ('pre' | 'post' | 'field')[];
  /** The population whose spikes are looked at; null for summed variables. */
  readonly population: PopulationSlot | null;
}

/** Synapse variables of a kernel that have one value for all synapses of each projection, stored nowhere else. */
export function commonValues(kernel: DeliverKernel): ReadonlySet<number> {
  const indices = [...kernel.synapseVariables.keys()];
  const isCommon = ({ generate, synapseCells }: ProjectionSlot, index: number): boolean =>
    generate?.values[index]?.kind === 'constant' &&
    (kernel.packing === 'generated' || synapseCells[index] === -1);
  return new Set(
    indices.filter((index) => kernel.projections.every((slot) => isCommon(slot, index))),
  );
}

/** The populations that the rows of a projection belong to: one, unless a test merges them by hand. */
export function rowPopulations(
  plan: Plan,
  projection: ProjectionSlot,
  rowSide: 'pre' | 'post',
): readonly PopulationSlot[] {
  const isPre = rowSide === 'pre';
  const begin = isPre ? projection.sourceFirst : projection.targetFirst;
  const end = begin + (isPre ? projection.sourceCount : projection.targetCount);
  return plan.populations.filter(({ first, count }) => first < end && begin < first + count);
}

/** Address of the cells of `count` neurons, which must follow one another in memory as they do in the plan. */
function rangeAddress(
  segments: readonly Segment[],
  cell: number,
  count: number,
  cellBytes: number,
): number {
  if (count === 0) return 0;
  const first = addressOf(segments, cell, cellBytes);
  if (addressOf(segments, cell + count - 1, cellBytes) !== first + (count - 1) * cellBytes) {
    throw new Error('internal: a projection reaches several populations');
  }
  return first;
}

/** The value of one parameter, an address in bytes or a number. */
export function argumentOf(context: Context, of: ProjectionArguments, name: string): number {
  const { layout, plan } = context;
  const { projection, rowSide } = of;
  const { cellBytes } = layout;
  const rowFirst = rowSide === 'pre' ? projection.sourceFirst : projection.targetFirst;
  const { sourceCount, targetCount } = projection;
  const state = (cells: readonly number[], count: number): number =>
    rangeAddress(layout.stateSegments, cells[index] ?? 0, count, cellBytes);
  const indexed = /^(synapse\.|value\.|pre\.|post\.|input|factor|limit)(\d+)$/.exec(name);
  const index = Number(indexed?.[2] ?? 0);
  switch (indexed?.[1] ?? name) {
    case 'rows':
      return layout.rows + projection.rows * 4;
    case 'splits':
      return layout.splits?.get(projection) ?? 0;
    case 'synapses':
      return layout.synapses + projection.synapseBase * 4;
    case 'delays':
      return layout.synapses + Math.max(0, projection.delayBase) * 4;
    case 'description':
      return layout.generate.descriptions.get(projection) ?? 0;
    case 'value.': {
      const value = projection.generate?.values[index];
      return value?.kind === 'constant' ? value.value : 0;
    }
    case 'constants':
      return layout.constants + projection.constants * cellBytes;
    case 'seed':
      return projection.seed;
    case 'stream':
      return projection.stream;
    case 'delay':
      return projection.delaySteps;
    case 'delay_first':
      return of.isMixed ? projection.delayRange[0] : projection.delaySteps;
    case 'delay_last':
      return of.isMixed ? projection.delayRange[1] : projection.delaySteps;
    case 'shift':
      return rowFirst - (of.population?.first ?? 0);
    case 'neurons':
      return rowSide === 'pre' ? sourceCount : targetCount;
    case 'spikes':
      return layout.spikeLists + (of.population?.first ?? 0) * 4;
    case 'count':
      return of.population === null ? 0 : plan.populations.indexOf(of.population) * 4;
    case 'degrees_in':
      return layout.degrees.get(projection)?.incoming ?? 0;
    case 'degrees_out':
      return layout.degrees.get(projection)?.outgoing ?? 0;
    case 'input_code':
      return of.inputCode;
    case 'pre_first':
      return projection.sourceFirst;
    case 'post_first':
      return projection.targetFirst;
    case 'synapse.':
      return layout.synapseState + (projection.synapseCells[index] ?? 0) * cellBytes;
    case 'pre.':
      return state(projection.preCells, sourceCount);
    case 'post.':
      return state(projection.postCells, targetCount);
    case 'input': {
      const cell = projection.inputs[index]?.cell ?? 0;
      const count = of.inputSides[index] === 'pre' ? sourceCount : targetCount;
      const isDeposit = of.inputSides[index] === 'field';
      const segments = isDeposit ? layout.depositSegments : layout.inputSegments;
      return rangeAddress(segments, cell, count, cellBytes);
    }
    case 'factor':
      return 2 ** (projection.inputs[index]?.scale ?? 0);
    case 'limit':
      return projection.inputs[index]?.limit ?? 0;
    default:
      throw new Error(`internal: no argument ${name}`);
  }
}

/** In- and out-degrees of a projection's neurons, from its rows or columns. */
export function countDegrees(
  plan: Plan,
  projection: ProjectionSlot,
  entries: DeliverKernel['packing'] | 'column',
): { incoming: Uint32Array; outgoing: Uint32Array } {
  const incoming = new Uint32Array(projection.targetCount);
  const outgoing = new Uint32Array(projection.sourceCount);
  const isColumn = entries === 'column';
  const [byRow, byEntry] = isColumn ? [incoming, outgoing] : [outgoing, incoming];
  const words = isColumn || entries === 'wide' ? 2 : 1;
  const isNarrow = entries === 'target16' || entries === 'target16+delay8';
  const targets16 = new Uint16Array(
    plan.synapses.buffer,
    plan.synapses.byteOffset,
    2 * plan.synapses.length,
  );
  for (let row = 0; row < byRow.length; row++) {
    const begin = plan.rows[projection.rows + row] ?? 0;
    const end = plan.rows[projection.rows + row + 1] ?? 0;
    byRow[row] = end - begin;
    for (let entry = begin; entry < end; entry++) {
      const word = isNarrow
        ? (targets16[2 * projection.synapseBase + entry] ?? 0)
        : (plan.synapses[projection.synapseBase + entry * words] ?? 0);
      const other = entries === 'target+delay' ? word & 0xffffff : word;
      byEntry[other] = (byEntry[other] ?? 0) + 1;
    }
  }
  return { incoming, outgoing };
}
