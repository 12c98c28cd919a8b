/**
 * Where neurons are: positions of populations made from the document, and what expressions may read of them. Positions
 * are used while a network is built and are no part of the plan.
 */
import { NetworkError } from '../errors.ts';
import type { CheckedPopulation, CheckedProjection, Variable } from '../language/ast.ts';
import { checkValue } from '../language/check.ts';
import { streamOf } from '../language/philox.ts';
import { resolve } from '../language/resolve.ts';
import { DIMENSIONS, parseQuantity } from '../language/units.ts';
import type { PositionsDocument, Quantity, ValueSpec } from '../network/document.ts';
import { type Context, tableAtStart } from './context.ts';
import type { PopulationPart } from './populations.ts';
import { evaluate, type Floats, prepare, type Values, type Wanted } from './values.ts';

const AXES = ['x', 'y', 'z'] as const;
/** Name of the distance between the two ends of a synapse. */
const DISTANCE = 'distance';

/** Positions of a population, in µm. */
export interface Positions {
  /** By axis, two or three. */
  readonly axes: readonly Floats[];
  /** Sizes of a periodic space, or null. */
  readonly periodic: readonly number[] | null;
}

/** Makes the positions of a population; null where the document gives none. */
export function makePositions(context: Context, part: PopulationPart): Positions | null {
  const { positions, name, size } = part.document;
  if (positions === undefined) return null;
  const where = `Population "${name}": positions`;
  const lengths = (list: readonly Quantity[]): number[] =>
    list.map((quantity) => parseQuantity(quantity, where, DIMENSIONS.length).value);
  return {
    axes: axesOf(context, part, positions, where).map((values) =>
      typeof values === 'number' ? new Float64Array(size).fill(values) : values,
    ),
    periodic: positions.periodic === undefined ? null : lengths(positions.periodic),
  };
}

/** x, y and z in µm of every neuron of a population, three numbers for each, z 0 in two dimensions; null without. */
export function placesOf({ positions, document }: PopulationPart): Float32Array | null {
  if (positions === null) return null;
  const places = new Float32Array(3 * document.size);
  for (const [axis, values] of positions.axes.entries()) {
    for (let k = 0; k < document.size; k++) places[3 * k + axis] = values[k] as number;
  }
  return places;
}

function axesOf(
  context: Context,
  part: PopulationPart,
  positions: PositionsDocument,
  where: string,
): Values[] {
  const { size } = part.document;
  if ('grid' in positions) {
    const { grid, spacing } = positions;
    let stride = 1;
    return grid.map((count, axis) => {
      const one = Array.isArray(spacing) ? (spacing as Quantity[])[axis] : (spacing as Quantity);
      const step = parseQuantity(one as Quantity, where, DIMENSIONS.length).value;
      const every = stride;
      stride *= count;
      return Float64Array.from(
        { length: size },
        (_, k) => step * ((Math.floor(k / every) % count) + 0.5),
      );
    });
  }
  const specs: readonly ValueSpec[] =
    'box' in positions
      ? positions.box.map((most) => ({ uniform: { min: '0 um', max: most } }))
      : [positions.x, positions.y, ...(positions.z === undefined ? [] : [positions.z])];
  return specs.map((spec, axis) => axisValues(context, part, spec, AXES[axis] as string, where));
}

function axisValues(
  context: Context,
  part: PopulationPart,
  spec: ValueSpec,
  axis: string,
  where: string,
): Values {
  const { name, size } = part.document;
  const model = part.model ?? NO_MODEL;
  const wanted: Wanted = {
    where: `${where} ${axis}`,
    dimension: DIMENSIONS.length,
    dtMs: context.dtMs,
    seed: context.seed,
    stream: streamOf('position', `${name}.${axis}`),
    term: (text) => {
      const block = { name: `position ${axis}`, text };
      const { scope, path } = part;
      // Without variables: positions come before first values.
      const bare = { ...model, variables: [] };
      const typed = checkValue(block, DIMENSIONS.length, 'float', bare, scope, undefined, path);
      return resolve(typed, { draws: new Map() });
    },
    table: (table, column) => tableAtStart(context, table, column),
  };
  return evaluate(prepare(spec, wanted), wanted, {
    count: size,
    origin: null,
    listed: null,
    synapses: null,
    parameters: { ...context.network.values, ...part.parameters.values, N: size },
    read: (symbol) => {
      throw new Error(`internal: no value of ${symbol.name} for a position`);
    },
  });
}

const NO_MODEL: CheckedPopulation = {
  variables: [],
  threshold: null,
  reset: [],
  onStep: [],
  refractory: null,
  noise: [],
  blocks: {},
  warnings: [],
};

const lengthVariable = (name: string): Variable => ({
  name,
  kind: 'parameter',
  type: 'float',
  dimension: DIMENSIONS.length,
  unit: 'um',
  flags: ['constant'],
  expression: null,
  least: null,
  most: null,
  span: { start: 0, end: 0 },
  line: 0,
});

/** Position of a neuron on a named axis, where no variable of its own has that name. */
export function positionOf(part: PopulationPart, name: string, k: number): number | undefined {
  const axis = name.length === 1 ? 'xyz'.indexOf(name) : -1;
  return axis < 0 ? undefined : part.positions?.axes[axis]?.[k];
}

/** The model of a population as expressions see it that may read positions; null without variables. */
export function placedModel(part: PopulationPart): CheckedPopulation | null {
  const { model, positions, parameters } = part;
  if (positions === null) return model;
  const declared = new Set([
    ...(model?.variables ?? []).map(({ name }) => name),
    ...Object.keys(parameters.values),
  ]);
  const names = AXES.slice(0, positions.axes.length).filter((name) => !declared.has(name));
  const base = model ?? NO_MODEL;
  return { ...base, variables: [...base.variables, ...names.map(lengthVariable)] };
}

/** The model of a projection with `distance`, where both ends have positions and the name is free. */
export function withDistance(
  model: CheckedProjection,
  source: PopulationPart,
  target: PopulationPart,
): CheckedProjection {
  const isTaken = model.variables.some(({ name }) => name === DISTANCE);
  if (source.positions === null || target.positions === null || isTaken) return model;
  return { ...model, variables: [...model.variables, lengthVariable(DISTANCE)] };
}

export const isDistance = (name: string): boolean => name === DISTANCE;

/** Distance from neuron i of one population to neuron j of another, µm; the shortest in a periodic space. */
export function distanceOf(
  { positions: from }: Pick<PopulationPart, 'positions'>,
  { positions: to }: Pick<PopulationPart, 'positions'>,
  i: number,
  j: number,
): number {
  if (from === null || to === null) throw new Error('internal: no positions');
  let sum = 0;
  for (let axis = 0; axis < from.axes.length; axis++) {
    let d = Math.abs((from.axes[axis]?.[i] ?? 0) - (to.axes[axis]?.[j] ?? 0));
    const size = from.periodic?.[axis];
    if (size !== undefined) {
      d %= size;
      d = Math.min(d, size - d);
    }
    sum += d * d;
  }
  return Math.sqrt(sum);
}

/** Refuses distances between spaces of different dimensions or periods. */
export function checkSameSpace(
  source: PopulationPart,
  target: PopulationPart,
  where: string,
): void {
  const [from, to] = [source.positions, target.positions];
  if (from === null || to === null) return;
  const shape = ({ axes, periodic }: Positions): string =>
    `${axes.length} dimensions${periodic === null ? '' : `, periodic in ${periodic.join(' x ')} um`}`;
  if (shape(from) === shape(to)) return;
  throw new NetworkError(
    `${where}: distance needs both ends in the same space, got ${shape(from)} and ${shape(to)}. ` +
      'Give both populations the same "periodic" and equally many axes.',
    { path: where, value: [shape(from), shape(to)] },
  );
}

/** Runs a check of a text; where it fails over a name of a position that does not exist, the error says how to get it. */
export function withPlaceHint<T>(
  text: string,
  source: PopulationPart,
  target: PopulationPart,
  check: () => T,
): T {
  try {
    return check();
  } catch (error) {
    const names = source.positions === null || target.positions === null;
    const isPlace = names && /\b(distance|[xyz](_pre|_post)?)\b/.test(text);
    if (!(error instanceof NetworkError) || !isPlace) throw error;
    throw new NetworkError(
      `${error.message}\nHint: x, y, z and distance exist where both populations have positions, for example ` +
        'positions: { grid: [20, 20], spacing: "50 um" }',
      { path: error.path, value: error.value, problems: error.problems },
    );
  }
}
