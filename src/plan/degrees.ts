/**
 * N_incoming and N_outgoing in synapse code: numbers that are known when the synapses are made, so they become synapse
 * variables that nothing writes. Kernels never see a degree.
 */
import { get, type Statement, type StoredVariable, type Value } from '../language/kernel.ts';
import type { LoweredClocked } from '../language/lower-clocked.ts';
import type { LoweredPathway, LoweredSummed } from '../language/lower-projection.ts';

/** A degree that code reads. */
export interface DegreeVariable {
  readonly kind: 'degree_in' | 'degree_out';
  readonly stored: StoredVariable;
}

const NAMES = { degree_in: 'N_incoming', degree_out: 'N_outgoing' } as const;

/** The same pathways, sums and equations with degrees as synapse variables, and the degrees that are needed. */
export function atDegrees(
  pathways: readonly LoweredPathway[],
  summed: readonly LoweredSummed[],
  clocked: readonly LoweredClocked[],
): {
  readonly pathways: readonly LoweredPathway[];
  readonly summed: readonly LoweredSummed[];
  readonly clocked: readonly LoweredClocked[];
  readonly degrees: readonly DegreeVariable[];
} {
  const needed = new Map<DegreeVariable['kind'], DegreeVariable>();
  const replaced = <T extends LoweredPathway | LoweredSummed | LoweredClocked>(lowered: T): T => {
    const variables: (StoredVariable & { readonly written: boolean })[] = [];
    const replace = (value: Value): Value | undefined => {
      if (value.op !== 'special') return undefined;
      if (value.name !== 'degree_in' && value.name !== 'degree_out') return undefined;
      const name = NAMES[value.name];
      const stored: StoredVariable = { name, type: 'i32' };
      needed.set(value.name, { kind: value.name, stored });
      let index = variables.findIndex((one) => one.name === name);
      if (index < 0) index = variables.push({ ...stored, written: false }) - 1;
      const place = {
        side: 'synapse',
        index: lowered.synapseVariables.length + index,
        name,
      } as const;
      return get(place, 'i32');
    };
    const body = mapStatements(lowered.body, replace);
    const value = 'value' in lowered ? { value: mapValue(lowered.value, replace) } : {};
    if (variables.length === 0) return lowered;
    return {
      ...lowered,
      body,
      ...value,
      synapseVariables: [...lowered.synapseVariables, ...variables],
    };
  };
  return {
    pathways: pathways.map(replaced),
    summed: summed.map(replaced),
    clocked: clocked.map(replaced),
    degrees: [...needed.values()],
  };
}

type Replace = (value: Value) => Value | undefined;

function mapStatements(statements: readonly Statement[], replace: Replace): Statement[] {
  return statements.map((statement): Statement => {
    switch (statement.kind) {
      case 'comment':
        return statement;
      case 'if':
        return {
          ...statement,
          condition: mapValue(statement.condition, replace),
          body: mapStatements(statement.body, replace),
        };
      default:
        return { ...statement, value: mapValue(statement.value, replace) };
    }
  });
}

function mapValue(value: Value, replace: Replace): Value {
  const whole = replace(value);
  if (whole !== undefined) return whole;
  switch (value.op) {
    case 'unary':
      return { ...value, a: mapValue(value.a, replace) };
    case 'binary':
      return { ...value, a: mapValue(value.a, replace), b: mapValue(value.b, replace) };
    case 'select':
      return {
        ...value,
        condition: mapValue(value.condition, replace),
        a: mapValue(value.a, replace),
        b: mapValue(value.b, replace),
      };
    case 'call':
      return { ...value, arguments: value.arguments.map((part) => mapValue(part, replace)) };
    case 'table':
      return value.column === null ? value : { ...value, column: mapValue(value.column, replace) };
    default:
      return value;
  }
}
