/**
 * The hint for an equation without unit: how its variable is used elsewhere, or what its right side is. A guess for
 * the wording only.
 */
import type { Assignment, Expression, SourceBlock, TypedExpression } from './ast.ts';
import type { ExpressionContext } from './check-context.ts';
import { typeExpression } from './check-expression.ts';
import type { Names } from './check-names.ts';
import type { ReadEquation } from './parse.ts';
import { DIMENSIONS, type Dimension, describeDimension, describeNoun, multiply } from './units.ts';

/** The other texts of the model. */
export interface OtherTexts {
  readonly threshold: Expression | null;
  readonly statements: readonly Assignment[];
  readonly blocks: Readonly<Record<string, SourceBlock>>;
}

/** Hint for the missing unit of `equation`. */
export function missingUnitHint(
  equation: ReadEquation,
  equations: readonly ReadEquation[],
  names: Names,
  others: OtherTexts,
  eqs: SourceBlock,
): string {
  const dimensionOf = (expression: Expression): Dimension | null =>
    typeQuietly(expression, names, eqs)?.dimension ?? null;
  const expressions = [
    ...equations.map(({ expression }) => expression),
    others.threshold,
    ...others.statements.map(({ value }) => value),
  ];
  for (const expression of expressions) {
    const used = expression === null ? null : usedAs(equation.name, expression, dimensionOf);
    if (used !== null) return wording(`${equation.name} is used as`, used, ' elsewhere');
  }
  for (const { target, operator, value } of others.statements) {
    const set = target === equation.name && operator === '=' ? dimensionOf(value) : null;
    if (set !== null) return wording(`${equation.name} is used as`, set, ' elsewhere');
  }
  const right = equation.expression === null ? null : dimensionOf(equation.expression);
  if (right === null) return 'Write for example ": volt", or ": 1" for a number';
  const isRate = equation.kind === 'differential';
  return wording('the right side makes it', isRate ? multiply(right, DIMENSIONS.time) : right, '');
}

function wording(start: string, dimension: Dimension, end: string): string {
  return `${start} ${describeNoun(dimension)}${end}, write ": ${describeDimension(dimension)}"`;
}

function typeQuietly(
  expression: Expression,
  names: Names,
  block: SourceBlock,
): TypedExpression | null {
  const context: ExpressionContext = {
    block,
    names,
    problems: [],
    warnings: [],
    random: null,
    noise: null,
    locals: new Map(),
  };
  return typeExpression(context, expression);
}

const ALIKE = new Set(['+', '-', '==', '!=', '<', '<=', '>', '>=']);

/** The dimension of what `name` is added to or compared with somewhere in `expression`, or null. */
function usedAs(
  name: string,
  expression: Expression,
  dimensionOf: (expression: Expression) => Dimension | null,
): Dimension | null {
  const within = (part: Expression): Dimension | null => usedAs(name, part, dimensionOf);
  switch (expression.kind) {
    case 'unary':
      return within(expression.operand);
    case 'call': {
      for (const argument of expression.arguments) {
        const found = within(argument);
        if (found !== null) return found;
      }
      return null;
    }
    case 'binary': {
      const { left, right, operator } = expression;
      const isName = (part: Expression): boolean => part.kind === 'name' && part.name === name;
      const partner = isName(left) ? right : isName(right) ? left : null;
      const direct = partner !== null && ALIKE.has(operator) ? dimensionOf(partner) : null;
      return direct ?? within(left) ?? within(right);
    }
    default:
      return null;
  }
}
