/**
 * What every part of one compilation shares: time step, parameters, timed arrays, warnings. Also the parameters
 * themselves, which are the one thing that may change after the plan is made.
 */
import { NetworkError } from '../errors.ts';
import type { Scope } from '../language/check.ts';
import { DIMENSIONS, type Dimension, parseQuantity, parseUnit } from '../language/units.ts';
import type { NetworkDocument, Quantity } from '../network/document.ts';
import type { CompiledIntervention } from './interventions.ts';
import type { TableSlot } from './plan.ts';
import { tableNumber } from './tables.ts';

/** Parameters of one owner in internal units; `values` may change, `dimensions` may not. */
export interface ParameterTable {
  readonly values: Record<string, number>;
  readonly dimensions: Readonly<Record<string, Dimension>>;
}

/** Shared by the parts of one network. Networks that are compiled into one plan have one each. */
export interface Context {
  readonly document: NetworkDocument;
  /** What names of this network begin with in the plan and its messages; "" for a plan of one network. */
  readonly prefix: string;
  readonly dtMs: number;
  readonly seed: number;
  readonly precision: 'f32' | 'f64';
  readonly network: ParameterTable;
  readonly timedArrays: Scope['timedArrays'];
  /** Timed array name to its number in `tables`. */
  readonly tableNumbers: Readonly<Record<string, number>>;
  /** Of the whole plan: timed arrays of all its networks; binomial tables are added behind them. */
  readonly tables: TableSlot[];
  readonly warnings: Set<string>;
  /** Added when everything that they may name has been checked. */
  readonly interventions: CompiledIntervention[];
}

export function readParameters(
  params: Readonly<Record<string, Quantity>>,
  where: string,
): ParameterTable {
  const values: Record<string, number> = {};
  const dimensions: Record<string, Dimension> = {};
  for (const [name, quantity] of Object.entries(params)) {
    const read = parseQuantity(quantity, `${where}: parameter "${name}"`);
    values[name] = read.value;
    dimensions[name] = read.dimension;
  }
  return { values, dimensions };
}

/**
 * The context of a network. Its timed arrays are added to `tables`, or found there when another network has brought
 * equal ones: then both run the same code.
 */
export function makeContext(
  document: NetworkDocument,
  precision: 'f32' | 'f64',
  tables: TableSlot[] = [],
  prefix = '',
): Context {
  const dtMs = parseQuantity(document.dt, 'Network: dt', DIMENSIONS.time).value;
  const arrays = Object.entries(document.timedArrays);
  const numbers = arrays.map(([name, array]) => {
    const { factor } = parseUnit(array.unit);
    return tableNumber(tables, {
      kind: 'timed',
      stepsPerRow: stepsPerRow(array.dt, dtMs, name),
      rows: array.values.length / array.columns,
      columns: array.columns,
      values: Float64Array.from(array.values, (value) => value * factor),
    });
  });
  return {
    document,
    prefix,
    dtMs,
    seed: document.seed,
    precision,
    network: readParameters(document.params, 'Network'),
    timedArrays: Object.fromEntries(
      arrays.map(([name, { unit, columns }]) => [
        name,
        { dimension: parseUnit(unit).dimension, columns },
      ]),
    ),
    tableNumbers: Object.fromEntries(arrays.map(([name], k) => [name, numbers[k] as number])),
    tables,
    warnings: new Set(),
    interventions: [],
  };
}

function stepsPerRow(dt: Quantity, dtMs: number, name: string): number {
  const where = `Timed array "${name}": dt`;
  const steps = parseQuantity(dt, where, DIMENSIONS.time).value / dtMs;
  const whole = Math.round(steps);
  if (whole >= 1 && whole < 2 ** 29 && Math.abs(steps - whole) <= 1e-6 * whole) return whole;
  throw new NetworkError(
    `${where} must be a multiple of the time step (${dtMs} ms), got ${JSON.stringify(dt)}.`,
    { path: where, value: dt },
  );
}

/** Value of a timed array at time 0. */
export function tableAtStart(context: Context, name: string, column: number): number {
  const table = context.tables[context.tableNumbers[name] ?? -1];
  if (table?.kind !== 'timed') throw new Error(`internal: no timed array ${name}`);
  const inside = Math.min(Math.max(Math.trunc(column), 0), table.columns - 1);
  return table.values[inside] as number;
}

/** Runs a step of compilation that does not know its owner, and adds the owner to its error. */
export function within<T>(path: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof NetworkError) || error.path !== '') throw error;
    const owner = path.charAt(0).toUpperCase() + path.slice(1);
    // A message that shows a place in a text has a caret to be kept in its column.
    const message =
      error.problems.length > 0 ? `In ${path}:\n${error.message}` : `${owner}: ${error.message}`;
    throw new NetworkError(message, {
      path,
      value: error.value,
      problems: error.problems,
    });
  }
}
