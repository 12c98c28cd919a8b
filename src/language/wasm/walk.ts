/**
 * Looks through kernel IR: which variables a body touches, which draws, tables and special values it needs. Asks only;
 * changes nothing.
 */
import type { Statement, Value } from '../kernel.ts';

/** Calls `visit` for every value in the statements, outer ones first. */
export function visitValues(body: readonly Statement[], visit: (value: Value) => void): void {
  for (const statement of body) {
    switch (statement.kind) {
      case 'comment':
        break;
      case 'if':
        visitValue(statement.condition, visit);
        visitValues(statement.body, visit);
        break;
      default:
        visitValue(statement.value, visit);
    }
  }
}

/** Calls `visit` for a value and everything in it. */
export function visitValue(value: Value, visit: (value: Value) => void): void {
  visit(value);
  switch (value.op) {
    case 'unary':
      visitValue(value.a, visit);
      break;
    case 'binary':
      visitValue(value.a, visit);
      visitValue(value.b, visit);
      break;
    case 'select':
      visitValue(value.condition, visit);
      visitValue(value.a, visit);
      visitValue(value.b, visit);
      break;
    case 'call':
      for (const argument of value.arguments) visitValue(argument, visit);
      break;
    case 'table':
      if (value.column !== null) visitValue(value.column, visit);
      break;
    case 'gather':
      visitValue(value.index, visit);
      break;
  }
}

/** What bodies and values need of their surroundings. Places are `${side}.${index}`. */
export interface Needs {
  readonly read: ReadonlySet<string>;
  readonly written: ReadonlySet<string>;
  readonly specials: ReadonlySet<string>;
  readonly hasDraws: boolean;
  /** Numbers of the binomial tables named. */
  readonly binomialTables: ReadonlySet<number>;
  /** Slots of fields that are read. */
  readonly gathers: ReadonlySet<number>;
}

export function needsOf(body: readonly Statement[], values: readonly Value[] = []): Needs {
  const read = new Set<string>();
  const specials = new Set<string>();
  let hasDraws = false;
  const binomialTables = new Set<number>();
  const gathers = new Set<number>();
  const visit = (value: Value): void => {
    if (value.op === 'get') read.add(`${value.place.side}.${value.place.index}`);
    else if (value.op === 'special') specials.add(value.name);
    else if (value.op === 'draw') hasDraws = true;
    else if (value.op === 'gather') gathers.add(value.slot);
    else if (value.op === 'binomial') {
      hasDraws = true;
      binomialTables.add(value.table);
    }
  };
  visitValues(body, visit);
  for (const value of values) visitValue(value, visit);
  const written = new Set<string>();
  collectWritten(body, written);
  return { read, written, specials, hasDraws, binomialTables, gathers };
}

function collectWritten(body: readonly Statement[], written: Set<string>): void {
  for (const statement of body) {
    if (statement.kind === 'set') written.add(`${statement.place.side}.${statement.place.index}`);
    else if (statement.kind === 'if') collectWritten(statement.body, written);
  }
}
