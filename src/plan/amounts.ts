/**
 * How large the amounts are that synapses add, from the ranges and distributions of their variables: no synapse is looked
 * at. Knows nothing of how many synapses there are.
 */
import { NetworkError } from '../errors.ts';
import { constantEnvironment } from '../language/constants.ts';
import { isHidden } from '../language/presynaptic.ts';
import { contains, type Term } from '../language/term.ts';
import { type Interval, intervalOf } from './intervals.ts';
import { hiddenRanges } from './presynaptic.ts';
import { type ProjectionPart, projectionParameters } from './projections.ts';
import { type QuantileTable, tableParts, tableRange } from './quantiles.ts';

/** What is known of the values of a synapse variable. */
export type KnownValue =
  | { readonly kind: 'constant'; readonly value: number }
  /** Independent draws. */
  | { readonly kind: 'drawn'; readonly table: QuantileTable }
  /** Anything in a range. */
  | { readonly kind: 'within'; readonly range: Interval };

/** |amount| of one synapse: at most sizes[k] with chance chances[k], independent of other synapses. */
export interface Amounts {
  readonly chances: readonly number[];
  readonly sizes: readonly number[];
}

const rangeOf = (value: KnownValue): Interval => {
  switch (value.kind) {
    case 'constant':
      return [value.value, value.value];
    case 'drawn':
      return tableRange(value.table);
    case 'within':
      return value.range;
  }
};

/** The largest |amount| of an expression of a pathway for the parameters of now; null where it could be infinite. */
export const largestAmount = (
  part: ProjectionPart,
  expression: Term,
  values: ReadonlyMap<string, KnownValue>,
  count: number,
): number | null => largestWith(part, expression, values, count)(null, [0, 0]);

/**
 * What an expression of a pathway can amount to for the parameters of now. Follows the distribution of the first drawn
 * variable that it reads; others count with their whole range. Throws NetworkError where it could be infinite, which
 * only a change of parameters can have brought about.
 */
export function amountsOf(
  part: ProjectionPart,
  expression: Term,
  values: ReadonlyMap<string, KnownValue>,
  count: number,
): Amounts {
  const largest = largestWith(part, expression, values, count);
  const whole = largest(null, [0, 0]);
  if (whole === null) {
    const text = `with this value ${expression.text} could become infinite`;
    throw new NetworkError(`Projection "${part.document.name}": ${text}.`, { path: part.path });
  }
  const drawn = [...values].find(
    ([name, { kind }]) => kind === 'drawn' && contains(expression, (term) => reads(term, name)),
  );
  if (drawn?.[1].kind !== 'drawn') return { chances: [1], sizes: [whole] };
  const [name, { table }] = drawn;
  const parts = tableParts(table);
  return {
    chances: parts.map(({ chance }) => chance),
    sizes: parts.map(({ range }) => largest(name, range) ?? whole),
  };
}

const reads = (term: Term, name: string): boolean =>
  term.kind === 'symbol' &&
  term.symbol.role === 'variable' &&
  term.symbol.side === 'synapse' &&
  term.symbol.name === name;

/** The largest |amount| when one variable is in a range of its own. */
function largestWith(
  part: ProjectionPart,
  expression: Term,
  values: ReadonlyMap<string, KnownValue>,
  count: number,
): (variable: string | null, range: Interval) => number | null {
  const { context, source, target } = part;
  const parameters = projectionParameters(context, part, count);
  const environment = constantEnvironment(parameters, context.dtMs);
  const ranges = new Map([...values].map(([name, value]) => [name, rangeOf(value)]));
  const hidden = hiddenRanges(part);
  return (variable, range) => {
    const found = intervalOf(expression, {
      environment,
      of: (symbol) => {
        if (symbol.role === 'special') {
          if (symbol.name === 'i') return [0, source.count - 1];
          return symbol.name === 'j' ? [0, target.count - 1] : null;
        }
        if (isHidden(symbol)) return hidden.get(symbol.name) ?? null;
        if (symbol.role !== 'variable' || symbol.side !== 'synapse') return null;
        return symbol.name === variable ? range : (ranges.get(symbol.name) ?? null);
      },
    });
    return found === null ? null : Math.max(Math.abs(found[0]), Math.abs(found[1]));
  };
}
