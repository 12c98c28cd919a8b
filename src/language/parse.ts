/**
 * Texts to trees: blocks of equations, statements of resets and pathways, single expressions. Pure syntax; what the
 * names and units mean is decided by check.ts. Newlines inside an equation are ignored up to its ":".
 */
import type { Problem } from '../errors.ts';
import type {
  Assignment,
  AssignmentOperator,
  Equation,
  Expression,
  SourceBlock,
  Span,
} from './ast.ts';
import { equationError, problemAt, sortProblems } from './messages.ts';
import {
  attempt,
  type Cursor,
  collect,
  cursorOver,
  fail,
  failAt,
  isOperator,
  peek,
  readExpression,
  readWholeExpression,
  startsAssignment,
} from './parse-expression.ts';
import { NO_FLAGS, readFlags } from './parse-flags.ts';
import { type Token, tokenize } from './tokenize.ts';

/** An equation with what only error messages need. A missing unit is '', a broken expression null. */
export interface ReadEquation extends Equation {
  readonly flagSpans: readonly Span[];
}

/** What could be read, and what was wrong with the rest. */
export interface Read<T> {
  readonly result: T;
  readonly problems: readonly Problem[];
}

/** Parses a block of equations. Throws one NetworkError with all syntax errors. */
export function parseEquations(block: SourceBlock): Equation[] {
  const { result, problems } = readEquations(block);
  const missing = result
    .filter((equation) => equation.unit === '')
    .map((equation) =>
      missingUnit(block, equation, 'Write for example ": volt", or ": 1" for a number'),
    );
  throwProblems(block, [...problems, ...missing]);
  return result.map(({ flagSpans: _, ...equation }) => equation);
}

/** Parses one expression. Throws NetworkError. */
export function parseExpression(block: SourceBlock): Expression {
  const { result, problems } = readSingleExpression(block);
  throwProblems(block, problems);
  if (result === null) throw new Error('internal: no expression and no problem');
  return result;
}

/** Parses statements separated by newlines or ";". Throws one NetworkError with all syntax errors. */
export function parseStatements(block: SourceBlock): Assignment[] {
  const { result, problems } = readStatements(block);
  throwProblems(block, problems);
  return result;
}

function throwProblems(block: SourceBlock, problems: readonly Problem[]): void {
  if (problems.length > 0) throw equationError(sortProblems(problems, [block]), [block]);
}

/** The problem of an equation without ": unit"; the hint may know what the unit should be. */
export function missingUnit(block: SourceBlock, equation: ReadEquation, hint: string): Problem {
  const span = { start: equation.span.end, end: equation.span.end };
  return problemAt(block, span, {
    code: 'missing-unit',
    message: 'expected ": unit" here',
    found: '',
    expected: ': unit',
    hint,
  });
}

// ---- Single expressions ----

/** As `parseExpression`, but returns problems instead of throwing. */
export function readSingleExpression(block: SourceBlock): Read<Expression | null> {
  const problems: Problem[] = [];
  const tokens = tokenize(block.text).filter(isCode);
  const cursor = cursorOver(block, tokens, problems);
  const result = attempt(cursor, () => readWholeExpression(cursor));
  return { result, problems };
}

const isCode = (token: Token): boolean => token.kind !== 'newline' && token.kind !== 'end';

// ---- Statements ----

/** As `parseStatements`, but returns what could be read together with the problems. */
export function readStatements(block: SourceBlock): Read<Assignment[]> {
  const problems: Problem[] = [];
  const result: Assignment[] = [];
  for (const line of splitStatements(block)) {
    const cursor = cursorOver(block, line, problems);
    attempt(cursor, () => readStatementLine(cursor, result));
  }
  return { result, problems };
}

/** Tokens per statement: split at newlines and ";" outside parentheses, and wherever a line starts an assignment. */
function splitStatements(block: SourceBlock): Token[][] {
  const lines: Token[][] = [];
  let current: Token[] = [];
  let depth = 0;
  const tokens = tokenize(block.text);
  const flush = (): void => {
    if (current.length > 0) lines.push(current);
    current = [];
    depth = 0;
  };
  tokens.forEach((token, index) => {
    if (token.kind === 'newline') {
      const next = cursorOver(block, tokens.slice(index + 1, index + 3), []);
      if (depth <= 0 || startsAssignment(next)) flush();
      return;
    }
    if (token.kind === 'end' || token.text === ';') {
      flush();
      return;
    }
    if (token.text === '(') depth++;
    if (token.text === ')') depth--;
    current.push(token);
  });
  return lines;
}

function readStatementLine(cursor: Cursor, result: Assignment[]): void {
  for (;;) {
    if (!startsAssignment(cursor)) failStatement(cursor);
    const target = peek(cursor);
    const operator = peek(cursor, 1).text as AssignmentOperator;
    cursor.index += 2;
    const value = readExpression(cursor);
    result.push({
      target: target.text,
      targetSpan: { start: target.start, end: target.end },
      operator,
      value,
      span: { start: target.start, end: value.span.end },
    });
    const next = peek(cursor);
    if (next.kind === 'end') return;
    if (!startsAssignment(cursor)) failAt(cursor, next);
    const message = 'two statements on one line: separate them with ";"';
    collect(cursor, next, 'two-statements', message, 'separate them with ";"');
  }
}

function failStatement(cursor: Cursor): never {
  const token = peek(cursor);
  const last = cursor.tokens.at(-2) ?? token;
  const whole = { start: token.start, end: last.end };
  if (isOperator(cursor, '/', 1) && isOperator(cursor, '=', 3)) {
    const hint = 'Put it into eqs';
    fail(cursor, whole, 'syntax', 'a differential equation is not a statement', hint);
  }
  if (isOperator(cursor, '==', 1)) {
    fail(cursor, peek(cursor, 1), 'syntax', '"==" compares', `Write ${token.text} = to assign`);
  }
  if (
    token.kind === 'name' &&
    ['if', 'for', 'while', 'def', 'return', 'import'].includes(token.text)
  ) {
    failAt(cursor, token);
  }
  if (token.kind === 'unknown') failAt(cursor, token);
  if (token.kind === 'name' && peek(cursor, 1).kind === 'unknown') failAt(cursor, peek(cursor, 1));
  const hint = 'Write for example v = V_r or w += b';
  fail(cursor, whole, 'not-a-statement', 'this is not an assignment', hint);
}

// ---- Equations ----

/** As `parseEquations`, but returns what could be read together with the problems. */
export function readEquations(block: SourceBlock): Read<ReadEquation[]> {
  const problems: Problem[] = [];
  const result: ReadEquation[] = [];
  for (const chunk of splitEquations(block)) {
    const cursor = cursorOver(block, chunk, problems);
    const equation = attempt(cursor, () => readEquation(cursor));
    if (equation !== null) result.push(equation);
  }
  return { result, problems };
}

/** NAME "=", NAME ":", or NAME "/" NAME "=" at this place. */
function startsEquation(
  tokens: readonly Token[],
  index: number,
): 'assignment' | 'declaration' | null {
  if (tokens[index]?.kind !== 'name') return null;
  const text = (ahead: number): string => tokens[index + ahead]?.text ?? '';
  if (text(1) === '=') return 'assignment';
  if (text(1) === '/' && tokens[index + 2]?.kind === 'name' && text(3) === '=') return 'assignment';
  return text(1) === ':' ? 'declaration' : null;
}

/** Tokens per equation. Newlines end an equation once its ":" was seen, or where the next one obviously starts. */
function splitEquations(block: SourceBlock): Token[][] {
  const chunks: Token[][] = [];
  let current: Token[] = [];
  let depth = 0;
  let hasColon = false;
  const flush = (): void => {
    if (current.length > 0) chunks.push(current);
    current = [];
    depth = 0;
    hasColon = false;
  };
  const tokens = tokenize(block.text);
  tokens.forEach((token, index) => {
    if (token.kind === 'newline') {
      if (current.length > 0 && endsHere(tokens, index + 1, current, hasColon, depth)) flush();
      return;
    }
    if (token.kind === 'end') {
      flush();
      return;
    }
    if (token.text === '(') depth++;
    if (token.text === ')') depth--;
    if (token.text === ':') hasColon = true;
    current.push(token);
  });
  return chunks;
}

/** Whether the equation `current` is over before the line that starts at `index`. */
function endsHere(
  tokens: readonly Token[],
  index: number,
  current: readonly Token[],
  hasColon: boolean,
  depth: number,
): boolean {
  const start = startsEquation(tokens, index);
  if (start === 'assignment' || startsEquation(current, 0) === null) return true;
  const next = tokens[index]?.text ?? '';
  if (hasColon) return start !== null || (depth <= 0 && !['(', '*', '/'].includes(next));
  const last = current.at(-1);
  const operandBefore = last?.kind === 'number' || last?.kind === 'name' || last?.text === ')';
  return start === 'declaration' && depth <= 0 && operandBefore;
}

function readEquation(cursor: Cursor): ReadEquation {
  const head = readHead(cursor);
  const colon = cursor.tokens.findIndex((token) => token.text === ':');
  const bodyEnd = colon < 0 ? cursor.tokens.length - 1 : colon;
  const body = cursorOver(
    cursor.block,
    cursor.tokens.slice(cursor.index, bodyEnd),
    cursor.problems,
  );
  let expression: Expression | null = null;
  if (head.kind !== 'parameter') {
    const equals = cursor.tokens[cursor.index - 1];
    if (bodyEnd <= cursor.index && equals !== undefined) {
      const span = { start: equals.end, end: equals.end };
      collect(cursor, span, 'missing-operand', 'an expression is missing here');
    } else {
      expression = attempt(cursor, () => readBody(body));
    }
  }
  const start = peek(cursorOver(cursor.block, cursor.tokens, [])).start;
  if (colon < 0) {
    const end = cursor.tokens.at(-1)?.start ?? start;
    const none = { start: end, end };
    const span = { start, end };
    return { ...head, expression, unit: '', unitSpan: none, ...NO_FLAGS, span };
  }
  return { ...head, expression, ...readDeclaration(cursor, colon, start) };
}

/** An expression that fills the tokens; a second equation behind it is told apart from a missing operator. */
function readBody(body: Cursor): Expression {
  const expression = readExpression(body);
  const next = peek(body);
  if (next.kind === 'end') return expression;
  if (startsAssignment(body)) {
    fail(
      body,
      next,
      'two-equations',
      'two equations on one line',
      'Write each on a line of its own',
    );
  }
  return failAt(body, next);
}

type Head = Pick<Equation, 'kind' | 'name' | 'nameSpan'>;

/** Reads up to and including "=" (or up to ":"). */
function readHead(cursor: Cursor): Head {
  const first = peek(cursor);
  const start = startsEquation(cursor.tokens, 0);
  if (start === null) failHead(cursor);
  const span = { start: first.start, end: first.end };
  if (start === 'declaration') {
    cursor.index = 1;
    return { kind: 'parameter', name: first.text, nameSpan: span };
  }
  if (isOperator(cursor, '=', 1)) {
    cursor.index = 2;
    return { kind: 'subexpression', name: first.text, nameSpan: span };
  }
  const whole = { start: first.start, end: peek(cursor, 2).end };
  if (peek(cursor, 2).text !== 'dt') {
    const message = 'only derivatives with respect to time are possible';
    fail(cursor, whole, 'syntax', message, `Write ${first.text}/dt`);
  }
  if (!first.text.startsWith('d') || first.text.length < 2) {
    const name = first.text === 'd' ? 'x' : first.text;
    fail(cursor, whole, 'syntax', 'a derivative starts with d', `Write d${name}/dt`);
  }
  cursor.index = 4;
  const name = first.text.slice(1);
  return { kind: 'differential', name, nameSpan: { start: first.start + 1, end: first.end } };
}

function failHead(cursor: Cursor): never {
  const first = peek(cursor);
  const line = cursor.tokens.filter((token) => token.kind !== 'end');
  const whole = { start: first.start, end: line.at(-1)?.end ?? first.end };
  if (first.kind === 'name' && peek(cursor, 1).text === "'") {
    const hint = `Write d${first.text}/dt = \u2026 : unit`;
    fail(cursor, peek(cursor, 1), 'syntax', 'a prime does not mark a derivative', hint);
  }
  if (first.kind === 'name' && ['+=', '-=', '*=', '/=', '=='].includes(peek(cursor, 1).text)) {
    const hint = 'Statements belong into reset, onPre or onPost';
    fail(cursor, peek(cursor, 1), 'syntax', 'this is not an equation', hint);
  }
  const hint = 'Write dx/dt = \u2026 : unit, x = \u2026 : unit, or x : unit';
  fail(cursor, whole, 'not-an-equation', 'this is not an equation', hint);
}

/** The unit and flags behind the ":" at index `colon`. */
function readDeclaration(
  cursor: Cursor,
  colon: number,
  start: number,
): Pick<ReadEquation, 'unit' | 'unitSpan' | 'flags' | 'flagSpans' | 'least' | 'most' | 'span'> {
  const { block, tokens } = cursor;
  const open = tokens.findIndex((token, index) => index > colon && token.text === '(');
  const unitTokens = tokens.slice(colon + 1, open < 0 ? tokens.length - 1 : open);
  const after = tokens[colon]?.end ?? 0;
  const unitSpan = { start: unitTokens[0]?.start ?? after, end: unitTokens.at(-1)?.end ?? after };
  const second = unitTokens.findIndex((token) => token.text === ':' || token.text === '=');
  if (second > 0) {
    const place = unitTokens[second - 1] ?? peek(cursor);
    fail(
      cursor,
      place,
      'two-equations',
      'two equations on one line',
      'Write each on a line of its own',
    );
  }
  if (unitTokens.length === 0) {
    const hint = 'Write for example volt, or 1 for a number';
    collect(cursor, unitSpan, 'missing-unit', 'a unit is missing here', hint);
  }
  const unit = unitTokens.length === 0 ? '1' : readUnitText(block, unitSpan);
  const declared = open < 0 ? NO_FLAGS : readFlags(cursor, open);
  const end = tokens.at(-1)?.start ?? unitSpan.end;
  return {
    unit,
    unitSpan,
    ...declared,
    span: { start, end },
  };
}

/** The unit as typed, with comments and line breaks inside it blanked out so that offsets stay true. */
function readUnitText(block: SourceBlock, span: Span): string {
  return block.text
    .slice(span.start, span.end)
    .replace(/#[^\n]*/g, (comment) => ' '.repeat(comment.length))
    .replace(/\n/g, ' ');
}
