/**
 * Statements of resets and pathways: what may be set, with which operator, in which unit; local variables; and for
 * pathways the rule that the result must not depend on the order in which synapses run (neuron variables are only
 * accumulated, from values that the pathway does not write).
 */
import type {
  Assignment,
  AssignmentOperator,
  SourceBlock,
  Span,
  SymbolReference,
  TypedAssignment,
  TypedExpression,
  ValueType,
} from './ast.ts';
import {
  type ExpressionContext,
  type Local,
  quote,
  type Refusal,
  report,
  reportUnknown,
} from './check-context.ts';
import { type Bag, fits } from './check-declarations.ts';
import { typeExpression } from './check-expression.ts';
import { type Ends, forbiddenName, type Names, type Resolution } from './check-names.ts';
import { suggest } from './messages.ts';
import { DIMENSIONLESS, type Dimension, describeNoun, isDimensionless } from './units.ts';
import { typedReads } from './walk.ts';

/** xi outside differential equations. */
export const NOISE_OUTSIDE: Refusal = {
  code: 'noise-place',
  message: 'xi is white noise and belongs into a differential equation. Use randn()',
  hint: 'Use randn()',
};

interface Target {
  readonly symbol: SymbolReference;
  readonly type: ValueType;
  readonly dimension: Dimension | null;
}

/**
 * Checks statements top to bottom. `ends` is given for pathways, whose writes to neurons must not depend on order;
 * null for resets.
 */
export function checkStatements(
  block: SourceBlock,
  statements: readonly Assignment[],
  names: Names,
  bag: Bag,
  ends: Ends | null,
): TypedAssignment[] {
  const locals = new Map<string, Local>();
  const context: ExpressionContext = {
    block,
    names,
    ...bag,
    random: null,
    noise: NOISE_OUTSIDE,
    locals,
  };
  const checked: TypedAssignment[] = [];
  for (const statement of statements) {
    const typed = checkStatement(context, statement, locals);
    if (typed !== null) checked.push(typed);
  }
  warnUnusedLocals(context, statements);
  if (ends !== null) checkOrder(context, statements, checked, ends);
  return checked;
}

function checkStatement(
  context: ExpressionContext,
  statement: Assignment,
  locals: Map<string, Local>,
): TypedAssignment | null {
  const { target: name, targetSpan, operator, value, span } = statement;
  const found = locals.has(name) ? undefined : context.names.find(name);
  if (!locals.has(name) && found === undefined) {
    if (operator !== '=') return reportUnknown(context, name, targetSpan);
    return createLocal(context, statement, locals);
  }
  const target = resolveTarget(context, statement, found);
  const expected = target === null ? null : expectedOf(operator, target.dimension);
  const typed = typeExpression(context, value, expected);
  if (target === null || typed === null || target.dimension === null) return null;
  if (!operatorFits(context, statement, target, typed)) return null;
  return { target: target.symbol, operator, value: typed, span };
}

function createLocal(
  context: ExpressionContext,
  { target: name, targetSpan, operator, value, span }: Assignment,
  locals: Map<string, Local>,
): TypedAssignment | null {
  const reason = forbiddenName(name, context.names.synaptic);
  if (reason !== null) {
    report(context, targetSpan, 'forbidden-name', `${name} cannot be set: ${reason}`);
  }
  const typed = typeExpression(context, value);
  const type = typed?.type === 'integer' ? 'integer' : (typed?.type ?? 'float');
  locals.set(name, { type, dimension: typed?.dimension ?? null });
  if (typed === null || reason !== null) return null;
  return { target: { role: 'local', name }, operator, value: typed, span };
}

/** What a statement writes to, or null after saying why it may not. */
function resolveTarget(
  context: ExpressionContext,
  { target: name, targetSpan }: Assignment,
  found: Resolution | undefined,
): Target | null {
  const local = context.locals.get(name);
  if (local !== undefined) return { symbol: { role: 'local', name }, ...local };
  if (found?.kind === 'refused') {
    return report(context, targetSpan, found.code, found.message, { hint: found.hint });
  }
  if (found?.kind !== 'symbol' || found.symbol.role !== 'variable') {
    return reportReadOnly(context, name, targetSpan, found);
  }
  const { symbol, type, dimension, declared } = found;
  const refuse = (code: string, message: string, hint: string): null =>
    report(context, targetSpan, code, message, { hint });
  if (declared?.kind === 'subexpression') {
    const message = `${name} is a subexpression and follows from its equation`;
    return refuse('read-only', message, 'Set the variables that it is made of');
  }
  if (declared?.flags.includes('constant')) {
    return refuse('read-only', `${name} is declared (constant)`, 'Remove the flag to set it here');
  }
  if (declared?.flags.includes('linked')) {
    const hint = 'Deposit into the field by a projection instead';
    return refuse('read-only', `${name} is (linked) and has the value of a field`, hint);
  }
  if (declared?.flags.includes('shared')) {
    const message = `${name} is shared, but this runs once per ${context.names.synaptic ? 'synapse' : 'neuron'}`;
    return refuse('write-to-shared', message, 'Remove (shared) to have one value each');
  }
  return { symbol, type, dimension };
}

function reportReadOnly(
  context: ExpressionContext,
  name: string,
  span: Span,
  found: Resolution | undefined,
): null {
  if (found?.kind === 'symbol' && found.symbol.role === 'parameter') {
    const hint = `To set it, declare ${name} in eqs as a variable`;
    const message = `${name} is a parameter, the same for all and fixed during a run`;
    return report(context, span, 'read-only', message, { hint });
  }
  const what =
    found?.kind === 'function'
      ? 'a function'
      : found?.kind === 'table'
        ? 'a timed array'
        : found?.kind === 'constant'
          ? 'a unit or constant'
          : 'set by the simulator';
  return report(context, span, 'read-only', `${name} is ${what} and cannot be assigned`, {
    hint: 'Choose another name',
  });
}

/** The dimension that the right side must have, where the operator asks for that of the target. */
function expectedOf(operator: AssignmentOperator, dimension: Dimension | null): Dimension | null {
  return ['=', '+=', '-=', '%='].includes(operator) ? dimension : DIMENSIONLESS;
}

function operatorFits(
  context: ExpressionContext,
  { target: name, operator, value, span }: Assignment,
  { type, dimension }: Target,
  typed: TypedExpression,
): boolean {
  if (dimension === null) return false;
  if (type === 'boolean' && operator !== '=') {
    const message = `${name} is boolean: "${operator}" does not apply`;
    report(context, span, 'type', message, { hint: `Write ${name} = \u2026` });
    return false;
  }
  if ((operator === '//=' || operator === '**=') && !isDimensionless(dimension)) {
    const message = `"${operator}" works on numbers without unit, but ${name} is ${describeNoun(dimension)}`;
    report(context, span, operator === '//=' ? 'floor-division' : 'exponent', message);
    return false;
  }
  if (type === 'integer' && (operator === '/=' || operator === '**=')) {
    const message = `"${operator}" gives a float, but ${name} is an integer`;
    report(context, span, 'type', message, { hint: `Write ${name} = int(\u2026)` });
    return false;
  }
  if (context.names.synaptic && name === 'lastupdate' && !isTime(typed, operator)) {
    const hint = 'Write lastupdate = t';
    report(context, span, 'lastupdate', `lastupdate can only be set to t. ${hint}`, { hint });
    return false;
  }
  const wanted = expectedOf(operator, dimension) ?? dimension;
  const receiver = wanted === dimension ? name : `the factor of ${name}`;
  return fits(context, value, typed, type, wanted, receiver);
}

/** `lastupdate` is kept as a whole step, so nothing but the time of now fits. */
const isTime = (typed: TypedExpression, operator: AssignmentOperator): boolean =>
  operator === '=' &&
  typed.kind === 'symbol' &&
  typed.symbol.role === 'special' &&
  typed.symbol.name === 't';

/** A local that nothing reads is probably a misspelt variable. */
function warnUnusedLocals(context: ExpressionContext, statements: readonly Assignment[]): void {
  for (const name of context.locals.keys()) {
    const used = statements.some((statement) => {
      const text = context.block.text.slice(statement.value.span.start, statement.value.span.end);
      return new RegExp(`\\b${name}\\b`).test(text);
    });
    if (used) continue;
    const guess = suggest(name, context.names.visible.keys());
    const hint = guess === undefined ? '' : `; did you mean ${guess}?`;
    context.warnings.push(`${context.block.name}: ${name} is set but never used${hint}`);
  }
}

// ---- Order of synapses ----

const ORDER =
  'result depends on the order of synapses. Only += and -= of values not written here are allowed';

const keyOf = (symbol: SymbolReference): string =>
  symbol.role === 'variable' ? `${symbol.side}:${symbol.name}` : '';

const isNeuronVariable = (symbol: SymbolReference): boolean =>
  symbol.role === 'variable' && (symbol.side === 'pre' || symbol.side === 'post');

/** Reports writes to neurons, and reads of what is written, that make the order of synapses matter. */
function checkOrder(
  context: ExpressionContext,
  statements: readonly Assignment[],
  checked: readonly TypedAssignment[],
  ends: Ends,
): void {
  const written = new Set(
    checked.filter(({ target }) => isNeuronVariable(target)).map(({ target }) => keyOf(target)),
  );
  if (written.size === 0) return;
  for (const { target, operator, value, span } of checked) {
    const offender = offendingTerm(value, written, ends);
    const accumulates = operator === '+=' || operator === '-=';
    if (offender === null && (accumulates || !isNeuronVariable(target))) continue;
    const source = statements.find((statement) => statement.span === span);
    const place = offender?.span ?? (operator === '=' ? value.span : (source?.span ?? span));
    report(context, place, 'order-dependent', ORDER, {
      found: quote(context, place),
      hint: 'Only += and -= of values not written here are allowed',
    });
  }
}

/** The term of a sum that reads a written neuron variable, or null. */
function offendingTerm(
  value: TypedExpression,
  written: ReadonlySet<string>,
  ends: Ends,
): TypedExpression | null {
  if (!readsWritten(value, written, ends, null)) return null;
  if (value.kind === 'binary' && (value.operator === '+' || value.operator === '-')) {
    return offendingTerm(value.left, written, ends) ?? offendingTerm(value.right, written, ends);
  }
  return value;
}

/** Whether an expression reads a written variable, also through subexpressions of the neurons. */
function readsWritten(
  value: TypedExpression,
  written: ReadonlySet<string>,
  ends: Ends,
  side: 'pre' | 'post' | null,
): boolean {
  return typedReads(value).some((symbol) => {
    if (symbol.role !== 'variable') return false;
    const at = symbol.side === 'own' ? side : symbol.side;
    if (at !== 'pre' && at !== 'post') return false;
    if (written.has(`${at}:${symbol.name}`)) return true;
    const variable = ends[at]?.variables.find((candidate) => candidate.name === symbol.name);
    if (variable?.kind !== 'subexpression' || variable.expression === null) return false;
    return readsWritten(variable.expression, written, ends, at);
  });
}
