/**
 * Types and dimensions of calls: functions by their rules, timed arrays by their columns. Other nodes are
 * check-expression.ts, which types the arguments.
 */
import type { Expression, FunctionName, TypedExpression } from './ast.ts';
import {
  constantNumber,
  type ExpressionContext,
  inUnit,
  isBareNumber,
  isNumeric,
  type Node,
  quote,
  report,
  withUnit,
} from './check-context.ts';
import { candidates, type Resolution } from './check-names.ts';
import {
  FUNCTION_LIST,
  type FunctionDefinition,
  functionElsewhere,
  functionOf,
  LATER_FUNCTIONS,
} from './functions.ts';
import { listNames, suggest } from './messages.ts';
import {
  DIMENSIONLESS,
  DIMENSIONS,
  type Dimension,
  describeDimension,
  describeNoun,
  isDimensionless,
  power,
  sameDimension,
  usualUnit,
} from './units.ts';

/** Types an argument; null after reporting a problem. */
type TypeArgument = (context: ExpressionContext, argument: Expression) => TypedExpression | null;

/** Types a call of a function or a timed array; null after reporting a problem. */
export function typeCall(
  context: ExpressionContext,
  expression: Node<'call'>,
  typeArgument: TypeArgument,
): TypedExpression | null {
  const { name, nameSpan } = expression;
  const found = context.locals.has(name) ? undefined : context.names.find(name);
  if (found?.kind === 'table') return typeTable(context, expression, found, typeArgument);
  const definition = functionOf(name);
  if (found?.kind !== 'function' || definition === undefined) {
    return reportNotAFunction(context, expression, found);
  }
  if (definition.random && context.random !== null) {
    const { code, message, hint } = context.random;
    return report(context, expression.span, code, message, { hint });
  }
  if (name === 'mean' && context.allowsMean !== true) {
    const hint = 'Add (slow) to the differential equation that needs it';
    const message = `mean() is known to slow equations only, dx/dt = … (slow). ${hint}`;
    return report(context, expression.span, 'mean-place', message, { hint });
  }
  const given = expression.arguments.length;
  if (given !== definition.arity) {
    const hint = `Write ${definition.usage}`;
    const count = `${definition.arity} argument${definition.arity === 1 ? '' : 's'}`;
    const message = `${name} takes ${definition.arity === 0 ? 'no arguments' : count}, not ${given}`;
    return report(context, nameSpan, 'argument-count', message, { hint });
  }
  const values: TypedExpression[] = [];
  let ok = true;
  for (const argument of expression.arguments) {
    const inner = name === 'mean' ? { ...context, allowsMean: false } : context;
    const typed = typeArgument(inner, argument);
    if (typed === null || !(definition.rule === 'int' || isNumeric(context, typed, argument)))
      ok = false;
    else values.push(typed);
  }
  return ok ? applyRule(context, expression, definition, values) : null;
}

function reportNotAFunction(
  context: ExpressionContext,
  expression: Node<'call'>,
  found: Resolution | undefined,
): null {
  const { name, nameSpan } = expression;
  if (context.locals.has(name) || found !== undefined) {
    const what = found?.kind === 'constant' ? 'a number' : 'a variable';
    const hint = `To multiply, write ${name}*(\u2026)`;
    return report(context, nameSpan, 'variable-as-function', `${name} is ${what}, not a function`, {
      hint,
    });
  }
  if (LATER_FUNCTIONS.has(name)) {
    return report(context, nameSpan, 'unsupported', `\`${name}\` is not supported yet`);
  }
  const elsewhere = functionElsewhere(name);
  const guess = suggest(name, candidates(context.names, true));
  const known = `Functions: ${listNames(
    FUNCTION_LIST.map((definition) => definition.name),
    99,
  )}`;
  const hint = elsewhere ?? (guess === undefined ? known : `Did you mean ${guess}?`);
  return report(context, nameSpan, 'unknown-function', `unknown function ${name}`, { hint });
}

/** Dimensions of the arguments of `definition`, by its rule. */
function applyRule(
  context: ExpressionContext,
  expression: Node<'call'>,
  definition: FunctionDefinition,
  values: readonly TypedExpression[],
): TypedExpression | null {
  const call = (dimension: Dimension, args = values): TypedExpression => ({
    kind: 'call',
    name: definition.name as FunctionName,
    arguments: args,
    type: keepsIntegers(definition.name, args) ? 'integer' : definition.result,
    dimension,
    span: expression.span,
  });
  const first = values[0]?.dimension ?? DIMENSIONLESS;
  switch (definition.rule) {
    case 'root':
      return call(power(first, 0.5));
    case 'same':
      return call(first);
    case 'sign':
      return call(DIMENSIONLESS);
    case 'clip': {
      const bounds = values.slice(1).map((bound) => fitBound(bound, first));
      const args = [...values.slice(0, 1), ...bounds];
      return needArguments(context, expression, args, [first, first, first])
        ? call(first, args)
        : null;
    }
    case 'timestep': {
      const wanted = [DIMENSIONS.time, DIMENSIONS.time];
      return needArguments(context, expression, values, wanted) ? call(DIMENSIONLESS) : null;
    }
    case 'whole':
      return areWhole(context, expression, values) ? call(DIMENSIONLESS) : null;
    case 'number':
    case 'int': {
      const wanted = values.map(() => DIMENSIONLESS);
      return needArguments(context, expression, values, wanted) ? call(DIMENSIONLESS) : null;
    }
  }
}

const KEEPING: ReadonlySet<string> = new Set(['abs', 'sign', 'clip']);

/** Whether a function makes an integer of these arguments because they are integers; infinite bounds do not count. */
function keepsIntegers(name: string, values: readonly TypedExpression[]): boolean {
  if (!KEEPING.has(name)) return false;
  const finite = values.filter(
    (value) => value.type === 'integer' || Number.isFinite(constantNumber(value) ?? 0),
  );
  return finite.every(({ type }) => type === 'integer');
}

/** Largest number of bits by which a 32-bit integer is shifted. */
const MOST_BITS = 31;

/** Reports arguments that are no integers, and counts of bits outside 0…31 where they are known. */
function areWhole(
  context: ExpressionContext,
  { name, arguments: sources }: Node<'call'>,
  values: readonly TypedExpression[],
): boolean {
  let ok = true;
  values.forEach((typed, k) => {
    const source = sources[k];
    if (source === undefined) return;
    const text = quote(context, source.span);
    if (typed.type !== 'integer') {
      const hint = isDimensionless(typed.dimension)
        ? `Write int(${text === 'this term' ? '\u2026' : text})`
        : 'Integers have no unit';
      const message = `${name} works on integers, but ${text} is ${isDimensionless(typed.dimension) ? 'a float' : inUnit(typed.dimension)}. ${hint}`;
      report(context, source.span, 'not-an-integer', message, { hint });
      ok = false;
      return;
    }
    const bits = k === 1 && name.startsWith('shift') ? constantNumber(typed) : null;
    if (bits === null || (bits >= 0 && bits <= MOST_BITS)) return;
    const hint = 'An integer has 32 bits';
    const message = `${name} moves by 0 to ${MOST_BITS} bits, not by ${bits}`;
    report(context, source.span, 'shift-count', message, { hint });
    ok = false;
  });
  return ok;
}

/** An infinite bound takes the dimension of what it bounds. */
function fitBound(bound: TypedExpression, dimension: Dimension): TypedExpression {
  const value = constantNumber(bound);
  if (value === null || Number.isFinite(value)) return bound;
  return { kind: 'number', value, type: 'float', dimension, span: bound.span };
}

function needArguments(
  context: ExpressionContext,
  expression: Node<'call'>,
  values: readonly TypedExpression[],
  wanted: readonly Dimension[],
): boolean {
  let ok = true;
  values.forEach((typed, index) => {
    const dimension = wanted[index];
    const source = expression.arguments[index];
    if (dimension === undefined || source === undefined) return;
    if (sameDimension(typed.dimension, dimension)) return;
    ok = false;
    const what = `${expression.name} needs ${describeNoun(dimension)} here, but ${quote(context, source.span)} is ${inUnit(typed.dimension)}`;
    const hint = isDimensionless(dimension)
      ? `Divide by a quantity of the same unit, such as ${usualUnit(typed.dimension)}`
      : isBareNumber(source)
        ? withUnit(context, source, dimension)
        : '';
    report(context, source.span, 'dimension-mismatch', what, {
      found: describeDimension(typed.dimension),
      expected: describeDimension(dimension),
      hint,
    });
  });
  return ok;
}

/** A timed array: `I(t)` with one column, `I(t, i)` with several. */
function typeTable(
  context: ExpressionContext,
  expression: Node<'call'>,
  table: Extract<Resolution, { kind: 'table' }>,
  typeArgument: TypeArgument,
): TypedExpression | null {
  const { name, span } = expression;
  const [time, index, ...more] = expression.arguments;
  const usage = table.columns > 1 ? `${name}(t, i)` : `${name}(t)`;
  const hasColumn = index !== undefined;
  if (time === undefined || more.length > 0 || hasColumn !== table.columns > 1) {
    const message = `${name} has ${table.columns} column${table.columns === 1 ? '' : 's'}`;
    return report(context, span, 'argument-count', `${message}. Write ${usage}`, {
      hint: `Write ${usage}`,
    });
  }
  if (time.kind !== 'name' || time.name !== 't') {
    const message = `a timed array is read at the time t only. Write ${usage}`;
    return report(context, time.span, 'timed-array', message, { hint: `Write ${usage}` });
  }
  const { dimension } = table;
  if (index === undefined)
    return { kind: 'table', name, column: null, type: 'float', dimension, span };
  const column = typeArgument(context, index);
  if (column === null) return null;
  if (column.type !== 'integer') {
    const hint = 'Write int(\u2026) or i';
    return report(context, index.span, 'not-an-integer', 'the column must be an integer', { hint });
  }
  return { kind: 'table', name, column, type: 'float', dimension, span };
}
