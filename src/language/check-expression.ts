/**
 * Types and dimensions of expressions: every node of the parsed tree becomes a typed node in internal units, or a
 * problem at its place. A node that cannot be typed is null, and nothing more is said about what contains it.
 */
import type {
  ArithmeticOperator,
  BinaryOperator,
  Expression,
  Span,
  TypedExpression,
  ValueType,
} from './ast.ts';
import { typeCall } from './check-call.ts';
import {
  constantNumber,
  type ExpressionContext,
  inUnit,
  isBareNumber,
  isNumeric,
  type Node,
  quote,
  report,
  reportUnknown,
  withUnit,
} from './check-context.ts';
import { conversionHint } from './check-hints.ts';
import { functionOf } from './functions.ts';
import {
  DIMENSIONLESS,
  type Dimension,
  describeDimension,
  describeNoun,
  divide,
  isDimensionless,
  multiply,
  power,
  sameDimension,
  usualUnit,
} from './units.ts';

/**
 * Types `expression`. `expected` is the dimension that the surroundings want, if known; it only decides which term of
 * a sum is blamed. Returns null after reporting a problem.
 */
export function typeExpression(
  context: ExpressionContext,
  expression: Expression,
  expected: Dimension | null = null,
): TypedExpression | null {
  const { span } = expression;
  switch (expression.kind) {
    case 'number': {
      const type = expression.integer ? 'integer' : 'float';
      return { kind: 'number', value: expression.value, type, dimension: DIMENSIONLESS, span };
    }
    case 'boolean':
      return {
        kind: 'boolean',
        value: expression.value,
        type: 'boolean',
        dimension: DIMENSIONLESS,
        span,
      };
    case 'name':
      return typeName(context, expression.name, span);
    case 'unary':
      return typeUnary(context, expression, expected);
    case 'binary':
      return typeBinary(context, expression, expected);
    case 'call':
      return typeCall(context, expression, typeExpression);
  }
}

// ---- Names ----

function typeName(context: ExpressionContext, name: string, span: Span): TypedExpression | null {
  const local = context.locals.get(name);
  if (local !== undefined) {
    const { type, dimension } = local;
    if (dimension === null) return null;
    return { kind: 'symbol', symbol: { role: 'local', name }, type, dimension, span };
  }
  const found = context.names.find(name);
  if (found === undefined) return reportUnknown(context, name, span);
  switch (found.kind) {
    case 'symbol':
      if (found.symbol.role === 'noise' && context.noise !== null) {
        const { code, message, hint } = context.noise;
        return report(context, span, code, message, { hint });
      }
      if (found.dimension === null) return null;
      return {
        kind: 'symbol',
        symbol: found.symbol,
        type: found.type,
        dimension: found.dimension,
        span,
      };
    case 'constant':
      return {
        kind: 'number',
        value: found.value,
        type: 'float',
        dimension: found.dimension,
        span,
      };
    case 'function': {
      const hint = `Write ${functionOf(name)?.usage ?? `${name}(\u2026)`}`;
      return report(context, span, 'function-as-variable', `${name} is a function. ${hint}`, {
        hint,
      });
    }
    case 'table': {
      const hint = `Write ${name}(${found.columns > 1 ? 't, i' : 't'})`;
      const message = `${name} is a timed array. ${hint}`;
      return report(context, span, 'function-as-variable', message, { hint });
    }
    case 'refused':
      return report(context, span, found.code, found.message, { hint: found.hint });
  }
}

// ---- Operators ----

function typeUnary(
  context: ExpressionContext,
  expression: Node<'unary'>,
  expected: Dimension | null,
): TypedExpression | null {
  const { operator, span } = expression;
  const operand = typeExpression(context, expression.operand, operator === 'not' ? null : expected);
  if (operand === null) return null;
  if (operator === 'not') {
    if (!isCondition(context, operand, expression.operand)) return null;
    return { kind: 'unary', operator, operand, type: 'boolean', dimension: DIMENSIONLESS, span };
  }
  if (!isNumeric(context, operand, expression.operand)) return null;
  if (operator === '+') return operand;
  const { type, dimension } = operand;
  return { kind: 'unary', operator, operand, type, dimension, span };
}

function isCondition(
  context: ExpressionContext,
  typed: TypedExpression,
  expression: Expression,
): boolean {
  if (typed.type === 'boolean') return true;
  const zero = isDimensionless(typed.dimension) ? '0' : `0*${usualUnit(typed.dimension)}`;
  const text = quote(context, expression.span);
  const hint = `Write a comparison, such as ${text === 'this term' ? 'x' : text} > ${zero}`;
  const what = `${text} is ${describeNoun(typed.dimension)}, not a condition`;
  report(context, expression.span, 'not-a-condition', `${what}. ${hint}`, { hint });
  return false;
}

const COMPARISONS: ReadonlySet<BinaryOperator> = new Set(['==', '!=', '<', '<=', '>', '>=']);

function typeBinary(
  context: ExpressionContext,
  expression: Node<'binary'>,
  expected: Dimension | null,
): TypedExpression | null {
  const { operator } = expression;
  if (operator === '+' || operator === '-') return typeSum(context, expression, expected);
  const left = typeExpression(context, expression.left);
  const right = typeExpression(context, expression.right);
  if (left === null || right === null) return null;
  if (operator === 'and' || operator === 'or') {
    const leftFits = isCondition(context, left, expression.left);
    const rightFits = isCondition(context, right, expression.right);
    return leftFits && rightFits ? node(expression, left, right, 'boolean', DIMENSIONLESS) : null;
  }
  if (COMPARISONS.has(operator)) return typeComparison(context, expression, left, right);
  const leftFits = isNumeric(context, left, expression.left);
  const rightFits = isNumeric(context, right, expression.right);
  if (!leftFits || !rightFits) return null;
  return typeProduct(context, expression, left, right, operator as ArithmeticOperator);
}

function node(
  expression: Node<'binary'>,
  left: TypedExpression,
  right: TypedExpression,
  type: ValueType,
  dimension: Dimension,
): TypedExpression {
  const { operator, span } = expression;
  return { kind: 'binary', operator, left, right, type, dimension, span };
}

function typeComparison(
  context: ExpressionContext,
  expression: Node<'binary'>,
  left: TypedExpression,
  right: TypedExpression,
): TypedExpression | null {
  if (left.type === 'boolean' && right.type === 'boolean') {
    if (expression.operator === '==' || expression.operator === '!=') {
      return node(expression, left, right, 'boolean', DIMENSIONLESS);
    }
    const message = `conditions cannot be compared with "${expression.operator}"`;
    return report(context, expression.span, 'not-a-number', message, { hint: 'Use and, or, not' });
  }
  const leftFits = isNumeric(context, left, expression.left);
  const rightFits = isNumeric(context, right, expression.right);
  if (!leftFits || !rightFits) return null;
  if (sameDimension(left.dimension, right.dimension)) {
    return node(expression, left, right, 'boolean', DIMENSIONLESS);
  }
  const bare = isBareNumber(expression.left) && isDimensionless(left.dimension);
  const [blamed, other] = bare ? [left, right] : [right, left];
  const source = bare ? expression.left : expression.right;
  const describe = (dimension: Dimension): string =>
    isDimensionless(dimension) ? 'a number without unit' : describeDimension(dimension);
  const what = `compares ${describe(other.dimension)} with ${describe(blamed.dimension)}`;
  const hint = isBareNumber(source) ? withUnit(context, source, other.dimension) : '';
  return report(
    context,
    source.span,
    'dimension-mismatch',
    hint === '' ? what : `${what}. ${hint}`,
    {
      found: describe(blamed.dimension),
      expected: describe(other.dimension),
      hint,
    },
  );
}

function typeProduct(
  context: ExpressionContext,
  expression: Node<'binary'>,
  left: TypedExpression,
  right: TypedExpression,
  operator: ArithmeticOperator,
): TypedExpression | null {
  const whole = left.type === 'integer' && right.type === 'integer';
  const type: ValueType = whole ? 'integer' : 'float';
  switch (operator) {
    case '*':
      return node(expression, left, right, type, multiply(left.dimension, right.dimension));
    case '/':
      if (whole && (left.kind !== 'number' || right.kind !== 'number'))
        noteDivision(context, expression);
      return node(expression, left, right, 'float', divide(left.dimension, right.dimension));
    case '//':
      return typeFloorDivision(context, expression, left, right, type);
    case '%':
      if (!sameDimension(left.dimension, right.dimension)) {
        const what = `% needs the same unit on both sides, not ${describeNoun(left.dimension)} and ${describeNoun(right.dimension)}`;
        const source = expression.right;
        const hint = isBareNumber(source) ? withUnit(context, source, left.dimension) : '';
        return report(context, source.span, 'dimension-mismatch', what, { hint });
      }
      return node(expression, left, right, type, left.dimension);
    default:
      return typePower(context, expression, left, right);
  }
}

function noteDivision(context: ExpressionContext, expression: Expression): void {
  const text = quote(context, expression.span);
  context.warnings.push(
    `${context.block.name}: division of integers in ${text} gives a float; write // to round down`,
  );
}

function typeFloorDivision(
  context: ExpressionContext,
  expression: Node<'binary'>,
  left: TypedExpression,
  right: TypedExpression,
  type: ValueType,
): TypedExpression | null {
  const sides = [
    [left, expression.left],
    [right, expression.right],
  ] as const;
  const wrong = sides.find(([typed]) => !isDimensionless(typed.dimension));
  if (wrong === undefined) return node(expression, left, right, type, DIMENSIONLESS);
  const [typed, source] = wrong;
  const hint = `Divide by a unit first, such as ${usualUnit(typed.dimension)}, or write floor(x/y)`;
  const message = `// works on numbers without unit, but ${quote(context, source.span)} is ${inUnit(typed.dimension)}`;
  return report(context, source.span, 'floor-division', message, { hint });
}

function typePower(
  context: ExpressionContext,
  expression: Node<'binary'>,
  base: TypedExpression,
  exponent: TypedExpression,
): TypedExpression | null {
  if (!isDimensionless(exponent.dimension)) {
    const message = `an exponent is a number without unit, but ${quote(context, expression.right.span)} is ${inUnit(exponent.dimension)}`;
    return report(context, expression.right.span, 'exponent', message);
  }
  if (isDimensionless(base.dimension)) {
    return node(expression, base, exponent, 'float', DIMENSIONLESS);
  }
  const value = constantNumber(exponent);
  if (value !== null)
    return node(expression, base, exponent, 'float', power(base.dimension, value));
  const unit = usualUnit(base.dimension);
  const message = `the exponent of ${describeNoun(base.dimension)} must be a constant number`;
  const hint = `Divide the base by its unit: (${quote(context, expression.left.span)}/${unit})**\u2026`;
  return report(context, expression.right.span, 'exponent', message, { hint });
}

// ---- Sums ----

interface Term {
  readonly expression: Expression;
  /** The sum that this term completes; null for the first. */
  readonly sum: Node<'binary'> | null;
  readonly typed: TypedExpression | null;
}

/** A chain of + and -, typed as a whole so that the term that does not fit is the one blamed. */
function typeSum(
  context: ExpressionContext,
  expression: Node<'binary'>,
  expected: Dimension | null,
): TypedExpression | null {
  const parts: [Expression, Node<'binary'> | null][] = [];
  let rest: Expression = expression;
  while (rest.kind === 'binary' && (rest.operator === '+' || rest.operator === '-')) {
    parts.unshift([rest.right, rest]);
    rest = rest.left;
  }
  parts.unshift([rest, null]);
  const terms = parts.map(([part, sum]): Term => {
    const typed = typeExpression(context, part, expected);
    return {
      expression: part,
      sum,
      typed: typed !== null && isNumeric(context, typed, part) ? typed : null,
    };
  });
  const reference = referenceDimension(terms, expected);
  if (reference === null) return null;
  const deviating = terms.filter(
    ({ typed }) => typed !== null && !sameDimension(typed.dimension, reference),
  );
  for (const term of deviating) blame(context, term, reference, expression);
  return deviating.length > 0 ? null : joinTerms(terms);
}

/** What the terms of a sum should agree on: the expected dimension if a term has it, else that of the first with a unit. */
function referenceDimension(terms: readonly Term[], expected: Dimension | null): Dimension | null {
  const typed = terms.flatMap((term) => (term.typed === null ? [] : [term]));
  const dimensions = typed.map((term) => term.typed?.dimension ?? DIMENSIONLESS);
  if (expected !== null && dimensions.some((dimension) => sameDimension(dimension, expected))) {
    return expected;
  }
  const proper = typed.find((term) => !isBareNumber(term.expression));
  return proper?.typed?.dimension ?? dimensions[0] ?? null;
}

function blame(
  context: ExpressionContext,
  { expression, sum, typed }: Term,
  reference: Dimension,
  whole: Expression,
): void {
  if (typed === null) return;
  const found = describeDimension(typed.dimension);
  const wanted = describeDimension(reference);
  if (isBareNumber(expression) && !isDimensionless(reference)) {
    const hint = withUnit(context, expression, reference);
    const verb =
      sum?.operator === '-'
        ? 'subtracts a number without unit from'
        : 'adds a number without unit to';
    report(context, expression.span, 'dimension-mismatch', `${verb} ${wanted}. ${hint}`, {
      found,
      expected: wanted,
      hint,
    });
    return;
  }
  const text = quote(context, expression.span);
  const other = sum === null ? 'right' : 'left';
  const message = `${text} is ${inUnit(typed.dimension)}, but the ${other} part is ${inUnit(reference)}`;
  const hint = conversionHint(context, text, typed.dimension, reference, whole);
  report(context, expression.span, 'dimension-mismatch', message, {
    found,
    expected: wanted,
    hint,
  });
}

function joinTerms(terms: readonly Term[]): TypedExpression | null {
  let left: TypedExpression | null = null;
  for (const { sum, typed } of terms) {
    if (typed === null) return null;
    if (left === null || sum === null) {
      left = typed;
      continue;
    }
    const type: ValueType =
      left.type === 'integer' && typed.type === 'integer' ? 'integer' : 'float';
    left = node(sum, left, typed, type, typed.dimension);
  }
  return left;
}
