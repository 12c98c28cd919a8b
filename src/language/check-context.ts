/**
 * Where an expression stands while it is checked, and the means to report on it: problems at a place, quoting source,
 * words for units. Decides nothing about types.
 */
import type { Problem } from '../errors.ts';
import type { Expression, SourceBlock, Span, TypedExpression, ValueType } from './ast.ts';
import { candidates, type Names } from './check-names.ts';
import { listNames, problemAt, suggest } from './messages.ts';
import {
  type Dimension,
  describeDimension,
  isDimensionless,
  longUnitName,
  usualUnit,
} from './units.ts';

/** A parsed node of one kind. */
export type Node<K extends Expression['kind']> = Extract<Expression, { kind: K }>;

/** Why something is refused in this text. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** A name created by an assignment in the same text. */
export interface Local {
  readonly type: ValueType;
  readonly dimension: Dimension | null;
}

/** Where an expression stands. */
export interface ExpressionContext {
  readonly block: SourceBlock;
  readonly names: Names;
  readonly problems: Problem[];
  readonly warnings: string[];
  /** Null where rand() and randn() are allowed. */
  readonly random: Refusal | null;
  /** Null where xi is allowed. */
  readonly noise: Refusal | null;
  readonly locals: ReadonlyMap<string, Local>;
  /** Whether mean() is allowed: in the equations of slow variables. */
  readonly allowsMean?: boolean;
  /** The variable whose equation this is, for hints. */
  readonly subject?: string;
}

/** Adds a problem at `span`. */
export function report(
  context: Pick<ExpressionContext, 'block' | 'problems'>,
  span: Span,
  code: string,
  message: string,
  more: { hint?: string; found?: string; expected?: string } = {},
): null {
  context.problems.push(problemAt(context.block, span, { code, message, ...more }));
  return null;
}

/** "in volt", or "a number without unit". */
export function inUnit(dimension: Dimension): string {
  return isDimensionless(dimension)
    ? 'a number without unit'
    : `in ${describeDimension(dimension)}`;
}

/** The source of an expression for messages; "this term" when it is too long to quote. */
export function quote(context: Pick<ExpressionContext, 'block'>, span: Span): string {
  const text = context.block.text.slice(span.start, span.end).replace(/\s+/g, ' ').trim();
  return text.length <= 30 ? text : 'this term';
}

/** Whether the expression consists of numbers only, as in -50 or 3/2. */
export function isBareNumber(expression: Expression): boolean {
  if (expression.kind === 'number') return true;
  if (expression.kind === 'unary') return isBareNumber(expression.operand);
  return (
    expression.kind === 'binary' && isBareNumber(expression.left) && isBareNumber(expression.right)
  );
}

/** The same number with the unit that was probably meant: "-50*mV". */
export function withUnit(
  context: ExpressionContext,
  expression: Expression,
  dimension: Dimension,
): string {
  const text = quote(context, expression.span);
  const isSimple = expression.kind === 'number' || expression.kind === 'unary';
  return `Write ${isSimple || text.startsWith('(') ? text : `(${text})`}*${usualUnit(dimension)}`;
}

/** Reports a name that means nothing, with what it may have meant; once per model, wherever it stands first. */
export function reportUnknown(context: ExpressionContext, name: string, span: Span): null {
  const { names, locals, problems } = context;
  if (problems.some(({ code, found }) => code === 'unknown-name' && found === name)) return null;
  const guess = suggest(name, [...locals.keys(), ...candidates(names, false)]);
  const unit = longUnitName(name);
  const parts: string[] = [];
  if (guess !== undefined && unit === undefined) parts.push(`Did you mean ${guess}?`);
  if (unit !== undefined) parts.push(`As a unit, write ${unit}.`);
  if (names.parameters.length > 0) parts.push(`Known parameters: ${listNames(names.parameters)}`);
  else if (unit === undefined) parts.push('Declare it in params or as a line of eqs');
  const hint = parts.join(' ');
  return report(context, span, 'unknown-name', `unknown name. ${hint}`, { hint, found: name });
}

/** The value of a typed expression of literals, or null. */
export function constantNumber(expression: TypedExpression): number | null {
  if (expression.kind === 'number') return expression.value;
  if (expression.kind === 'unary' && expression.operator === '-') {
    const operand = constantNumber(expression.operand);
    return operand === null ? null : -operand;
  }
  if (expression.kind !== 'binary') return null;
  const left = constantNumber(expression.left);
  const right = constantNumber(expression.right);
  if (left === null || right === null) return null;
  switch (expression.operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    default:
      return null;
  }
}

/** Whether a typed node is a number; reports a condition otherwise. */
export function isNumeric(
  context: ExpressionContext,
  typed: TypedExpression,
  expression: Expression,
): boolean {
  if (typed.type !== 'boolean') return true;
  const text = quote(context, expression.span);
  const hint = `Write int(${text === 'this term' ? '\u2026' : text.replace(/^\((.*)\)$/, '$1')})`;
  const message = `a condition is not a number. ${hint}`;
  report(context, expression.span, 'not-a-number', message, { hint });
  return false;
}
