/** What kernel IR touches: constants, variables read and variables written. Reads trees, changes nothing. */
import type { Place, Statement, Value } from '../language/kernel.ts';

export interface Uses {
  /** Constant names by index. */
  readonly constants: Map<number, string>;
  /** Keys of `placeKey`. */
  readonly read: Set<string>;
  readonly written: Set<string>;
}

export function placeKey(place: Pick<Place, 'side' | 'index'>): string {
  return `${place.side} ${place.index}`;
}

export function usesOf(bodies: readonly (readonly Statement[])[], values: readonly Value[]): Uses {
  const uses: Uses = { constants: new Map(), read: new Set(), written: new Set() };
  for (const body of bodies) for (const statement of body) visitStatement(statement, uses);
  for (const value of values) visitValue(value, uses);
  return uses;
}

function visitStatement(statement: Statement, uses: Uses): void {
  switch (statement.kind) {
    case 'let':
    case 'add':
      visitValue(statement.value, uses);
      return;
    case 'set':
      uses.written.add(placeKey(statement.place));
      visitValue(statement.value, uses);
      return;
    case 'if':
      visitValue(statement.condition, uses);
      for (const inner of statement.body) visitStatement(inner, uses);
      return;
    case 'comment':
      return;
  }
}

function visitValue(value: Value, uses: Uses): void {
  switch (value.op) {
    case 'get':
      uses.read.add(placeKey(value.place));
      return;
    case 'constant':
      uses.constants.set(value.index, value.name);
      return;
    case 'unary':
      visitValue(value.a, uses);
      return;
    case 'binary':
      visitValue(value.a, uses);
      visitValue(value.b, uses);
      return;
    case 'select':
      visitValue(value.condition, uses);
      visitValue(value.a, uses);
      visitValue(value.b, uses);
      return;
    case 'call':
      for (const argument of value.arguments) visitValue(argument, uses);
      return;
    case 'gather':
      visitValue(value.index, uses);
      return;
    case 'table':
      if (value.column !== null) visitValue(value.column, uses);
      return;
    default:
      return;
  }
}
