/**
 * Expressions: a Pratt parser over tokens, with Python's precedence. Resolves no names and checks no units. Syntax
 * errors from which parsing can go on (a missing operator, a chained comparison) are collected; others are thrown as a
 * NetworkError that carries one problem and end the equation or statement. Nesting is bounded, so that no text can
 * overflow the stack here or in later stages.
 */
import { NetworkError, type Problem } from '../errors.ts';
import type { BinaryOperator, Expression, SourceBlock, Span } from './ast.ts';
import { equationError, problemAt } from './messages.ts';
import { KEYWORDS, type Token } from './tokenize.ts';

/** A position in the tokens of one equation or statement; the last token is `end`, newlines are gone. */
export interface Cursor {
  readonly block: SourceBlock;
  readonly tokens: readonly Token[];
  readonly problems: Problem[];
  index: number;
  /** Nesting of the call stack. */
  depth: number;
  /** Height of the tree below each node. */
  readonly heights: WeakMap<Expression, number>;
}

/** Deepest nesting of operands: parentheses, calls, signs and right sides of operators. */
const MAX_DEPTH = 150;
/** Highest tree, which a chain a + b + c + … reaches with as many terms. */
const MAX_HEIGHT = 250;

/** Binding strength, low to high; unary plus and minus bind at UNARY, `not` at NOT. */
const PRECEDENCE: Readonly<Record<BinaryOperator, number>> = {
  or: 1,
  and: 2,
  '==': 4,
  '!=': 4,
  '<': 4,
  '<=': 4,
  '>': 4,
  '>=': 4,
  '+': 5,
  '-': 5,
  '*': 6,
  '/': 6,
  '//': 6,
  '%': 6,
  '**': 8,
};
const NOT = 3;
const COMPARISON = 4;
const PRODUCT = 6;
const UNARY = 7;

/** A cursor over `tokens`, which lack newlines; an `end` token is added behind the last one. */
export function cursorOver(
  block: SourceBlock,
  tokens: readonly Token[],
  problems: Problem[],
): Cursor {
  const at = tokens.at(-1)?.end ?? 0;
  const end: Token = { kind: 'end', text: '', start: at, end: at };
  return { block, tokens: [...tokens, end], problems, index: 0, depth: 0, heights: new WeakMap() };
}

/** The token `ahead` places after the current one; past the end it is the `end` token. */
export function peek(cursor: Cursor, ahead = 0): Token {
  const token = cursor.tokens[Math.min(cursor.index + ahead, cursor.tokens.length - 1)];
  if (token === undefined) throw new Error('internal: a cursor without end token');
  return token;
}

/** Whether the token `ahead` places on is this operator. */
export function isOperator(cursor: Cursor, text: string, ahead = 0): boolean {
  const token = peek(cursor, ahead);
  return token.kind === 'operator' && token.text === text;
}

/** Collects a problem and goes on. */
export function collect(
  cursor: Cursor,
  span: Span,
  code: string,
  message: string,
  hint = '',
): void {
  cursor.problems.push(problemAt(cursor.block, span, { code, message, hint }));
}

/** Ends the parsing of this equation or statement with a problem. */
export function fail(cursor: Cursor, span: Span, code: string, message: string, hint = ''): never {
  throw equationError([problemAt(cursor.block, span, { code, message, hint })], [cursor.block]);
}

/** Runs `parse`; a syntax error in it becomes collected problems and the result null. */
export function attempt<T>(cursor: Cursor, parse: () => T): T | null {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof NetworkError) || error.problems.length === 0) throw error;
    cursor.problems.push(...error.problems);
    return null;
  }
}

const ASSIGNMENTS: ReadonlySet<string> = new Set(['=', '+=', '-=', '*=', '/=', '%=', '//=', '**=']);

/** Whether the tokens from here on start a statement: NAME and an assignment operator. */
export function startsAssignment(cursor: Cursor): boolean {
  const operator = peek(cursor, 1);
  return (
    peek(cursor).kind === 'name' && operator.kind === 'operator' && ASSIGNMENTS.has(operator.text)
  );
}

/** An expression from the cursor on; stops before the first token that cannot belong to it. */
export function readExpression(cursor: Cursor): Expression {
  return readBinary(cursor, 0);
}

/** As `readExpression`, and the tokens must end there. */
export function readWholeExpression(cursor: Cursor): Expression {
  const expression = readExpression(cursor);
  if (peek(cursor).kind !== 'end') failAt(cursor, peek(cursor));
  return expression;
}

function readBinary(cursor: Cursor, minimum: number): Expression {
  if (cursor.depth >= MAX_DEPTH) {
    const message = `nested more than ${MAX_DEPTH} levels deep`;
    const hint = 'Split the expression into subexpressions';
    fail(cursor, peek(cursor), 'too-complex', message, hint);
  }
  cursor.depth++;
  const expression = readOperators(cursor, minimum);
  cursor.depth--;
  return expression;
}

function readOperators(cursor: Cursor, minimum: number): Expression {
  let left = readOperand(cursor, minimum);
  /** The right side of the last comparison at this level. */
  let comparison: Expression | null = null;
  let isChain = false;
  for (;;) {
    const token = peek(cursor);
    const operator = infixOperator(token);
    if (operator === null) {
      if (!startsOperand(cursor) || PRODUCT < minimum) return left;
      reportMissingOperator(cursor, left);
      left = join(cursor, '*', left, readBinary(cursor, PRODUCT + 1));
      continue;
    }
    const precedence = PRECEDENCE[operator];
    if (precedence < minimum) return left;
    cursor.index++;
    const right = readBinary(cursor, operator === '**' ? precedence : precedence + 1);
    if (precedence === COMPARISON && comparison !== null) {
      // Goes on as if the two comparisons had been joined, so that the rest is checked too.
      if (!isChain) reportChain(cursor, token, left, comparison, operator, right);
      isChain = true;
      left = join(cursor, 'and', left, join(cursor, operator, comparison, right));
      comparison = right;
      continue;
    }
    if (precedence === COMPARISON) comparison = right;
    left = join(cursor, operator, left, right);
  }
}

function infixOperator(token: Token): BinaryOperator | null {
  if (token.kind !== 'operator' && token.text !== 'and' && token.text !== 'or') return null;
  return Object.hasOwn(PRECEDENCE, token.text) ? (token.text as BinaryOperator) : null;
}

/** Whether another operand follows although an operator should; a new statement (`w += b`) is not one. */
function startsOperand(cursor: Cursor): boolean {
  const token = peek(cursor);
  if (token.kind === 'number') return true;
  if (token.kind === 'name') {
    const isValue = token.text === 'True' || token.text === 'False' || !KEYWORDS.has(token.text);
    return isValue && !startsAssignment(cursor);
  }
  return token.kind === 'operator' && token.text === '(';
}

function textOf(cursor: Cursor, span: Span): string {
  return cursor.block.text.slice(span.start, span.end).replace(/\s+/g, ' ').trim();
}

function reportMissingOperator(cursor: Cursor, left: Expression): void {
  const token = peek(cursor);
  const whole = textOf(cursor, left.span);
  const last = cursor.tokens[cursor.index - 1];
  const before = whole.length <= 16 || last === undefined ? whole : `\u2026${last.text}`;
  const after = isOperator(cursor, '(')
    ? '(\u2026)'
    : isOperator(cursor, '(', 1)
      ? `${token.text}(\u2026)`
      : token.text;
  const hint = `Write ${before}*${after}`;
  collect(cursor, token, 'missing-operator', `missing operator. ${hint}`, hint);
}

function reportChain(
  cursor: Cursor,
  token: Token,
  left: Expression,
  middle: Expression,
  operator: BinaryOperator,
  right: Expression,
): void {
  const parts = [left.span, middle.span, right.span].map((span) => textOf(cursor, span));
  const hint = `Write ${parts[0]} and ${parts[1]} ${operator} ${parts[2]}`;
  collect(cursor, token, 'chained-comparison', `chained comparison. ${hint}`, hint);
}

function remember(cursor: Cursor, node: Expression, height: number): Expression {
  if (height > MAX_HEIGHT) {
    const message = `this expression has more than ${MAX_HEIGHT} operations in a row`;
    fail(cursor, node.span, 'too-complex', message, 'Split it into subexpressions');
  }
  cursor.heights.set(node, height);
  return node;
}

const heightOf = (cursor: Cursor, node: Expression): number => cursor.heights.get(node) ?? 1;

function join(
  cursor: Cursor,
  operator: BinaryOperator,
  left: Expression,
  right: Expression,
): Expression {
  const span = { start: left.span.start, end: right.span.end };
  const height = 1 + Math.max(heightOf(cursor, left), heightOf(cursor, right));
  return remember(cursor, { kind: 'binary', operator, left, right, span }, height);
}

function readOperand(cursor: Cursor, minimum: number): Expression {
  const token = peek(cursor);
  const span = { start: token.start, end: token.end };
  if (token.kind === 'number') {
    cursor.index++;
    const value = Number(token.text);
    if (!Number.isFinite(value)) fail(cursor, token, 'number-range', 'this number is too large');
    const integer = /^\d+$/.test(token.text) && value <= 2147483647;
    return { kind: 'number', value, integer, span };
  }
  if (token.text === 'not') {
    if (minimum > NOT) {
      fail(cursor, token, 'syntax', 'not must stand in parentheses here', 'Write (not \u2026)');
    }
    cursor.index++;
    return unary(cursor, 'not', token, readBinary(cursor, NOT));
  }
  if (token.kind === 'name') return readName(cursor, token);
  if (token.kind === 'operator' && (token.text === '-' || token.text === '+')) {
    cursor.index++;
    return unary(cursor, token.text, token, readBinary(cursor, UNARY));
  }
  if (isOperator(cursor, '(')) return readParenthesis(cursor, token);
  return failAt(cursor, token);
}

function unary(
  cursor: Cursor,
  operator: '-' | '+' | 'not',
  token: Token,
  operand: Expression,
): Expression {
  const span = { start: token.start, end: operand.span.end };
  return remember(
    cursor,
    { kind: 'unary', operator, operand, span },
    1 + heightOf(cursor, operand),
  );
}

function readName(cursor: Cursor, token: Token): Expression {
  const span = { start: token.start, end: token.end };
  if (token.text === 'True' || token.text === 'False') {
    cursor.index++;
    return { kind: 'boolean', value: token.text === 'True', span };
  }
  if (KEYWORDS.has(token.text)) failAt(cursor, token);
  cursor.index++;
  return isOperator(cursor, '(')
    ? readCall(cursor, token)
    : { kind: 'name', name: token.text, span };
}

function readCall(cursor: Cursor, name: Token): Expression {
  const open = peek(cursor);
  cursor.index++;
  const values: Expression[] = [];
  while (!isOperator(cursor, ')')) {
    if (peek(cursor).kind === 'name' && isOperator(cursor, '=', 1)) {
      const message = 'arguments have no names here';
      fail(cursor, peek(cursor), 'keyword-argument', message, 'Write the value only');
    }
    if (peek(cursor).kind === 'end') fail(cursor, open, 'unclosed', 'this "(" is not closed');
    values.push(readExpression(cursor));
    if (isOperator(cursor, ',')) {
      cursor.index++;
      if (isOperator(cursor, ')'))
        fail(cursor, peek(cursor), 'syntax', 'an argument is missing here');
    } else if (!isOperator(cursor, ')')) {
      if (isUnfinished(cursor)) fail(cursor, open, 'unclosed', 'this "(" is not closed');
      failAt(cursor, peek(cursor));
    }
  }
  const end = peek(cursor).end;
  cursor.index++;
  const height = 1 + Math.max(0, ...values.map((value) => heightOf(cursor, value)));
  const call: Expression = {
    kind: 'call',
    name: name.text,
    nameSpan: { start: name.start, end: name.end },
    arguments: values,
    span: { start: name.start, end },
  };
  return remember(cursor, call, height);
}

function readParenthesis(cursor: Cursor, open: Token): Expression {
  cursor.index++;
  if (isOperator(cursor, ')')) {
    fail(cursor, open, 'syntax', 'an expression is missing between the parentheses');
  }
  if (peek(cursor).kind === 'end') fail(cursor, open, 'unclosed', 'this "(" is not closed');
  const inner = readExpression(cursor);
  if (!isOperator(cursor, ')')) {
    if (isUnfinished(cursor)) fail(cursor, open, 'unclosed', 'this "(" is not closed');
    if (isOperator(cursor, ',')) {
      fail(cursor, peek(cursor), 'syntax', 'a comma belongs between the arguments of a function');
    }
    failAt(cursor, peek(cursor));
  }
  const end = peek(cursor).end;
  cursor.index++;
  // The span includes the parentheses, so that a term is quoted as it was written.
  const widened = { ...inner, span: { start: open.start, end } };
  cursor.heights.set(widened, heightOf(cursor, inner));
  return widened;
}

function isUnfinished(cursor: Cursor): boolean {
  return peek(cursor).kind === 'end' || startsAssignment(cursor);
}

/** Symbols of other languages: what to write instead. */
const FOREIGN: Readonly<Record<string, readonly [string, string]>> = {
  '^': ['"^" is not an operator', 'Write ** for powers'],
  '&': ['bit operations are not supported', 'Write and'],
  '&&': ['"&&" is not an operator', 'Write and'],
  '|': ['bit operations are not supported', 'Write or'],
  '||': ['"||" is not an operator', 'Write or'],
  '~': ['bit operations are not supported', 'Write not'],
  '!': ['"!" is not an operator', 'Write not'],
  '<<': ['bit operations are not supported', 'Write x*2**n'],
  '>>': ['bit operations are not supported', 'Write x//2**n'],
  '[': ['indexing is not supported', 'Use a timed array I(t, i), or a variable per neuron'],
  '\\': ['"\\" is not needed', 'Remove it: an equation goes on until its ": unit"'],
  ',': ['"," separates arguments of functions only', 'Separate statements with ";"'],
  '?': ['"?" is not supported', 'Write int(condition)*value'],
  '=': ['"=" does not belong into an expression', 'Write == to compare'],
};

/** Says what is wrong with a token at which an expression cannot start or go on. */
export function failAt(cursor: Cursor, token: Token): never {
  const { text } = token;
  if (token.kind === 'end') {
    fail(cursor, token, 'missing-operand', 'an expression is missing here');
  }
  if (text === 'if' || text === 'else') {
    const hint = 'Write int(condition)*a + int(not condition)*b';
    fail(cursor, token, 'unsupported', `"${text}" is not part of the language`, hint);
  }
  if (token.kind === 'name' && KEYWORDS.has(text) && !['and', 'or', 'not'].includes(text)) {
    fail(cursor, token, 'reserved-word', `"${text}" is a reserved word`, 'Choose another name');
  }
  const foreign = Object.hasOwn(FOREIGN, text) ? FOREIGN[text] : undefined;
  if (foreign !== undefined) fail(cursor, token, 'syntax', foreign[0], foreign[1]);
  if (text === ')')
    fail(cursor, token, 'syntax', 'this ")" closes nothing, or a value is missing before it');
  if (token.kind === 'operator' || token.kind === 'name') {
    fail(cursor, token, 'missing-operand', `a value is missing before "${text}"`);
  }
  if (text === '.') {
    const way = 'Functions and constants have no prefix: write exp(x), not np.exp(x)';
    fail(cursor, token, 'syntax', '"." does not belong here', way);
  }
  const hint = /[^\x20-\x7e]/.test(text) ? 'Names are letters a-z, A-Z, digits and _' : '';
  fail(cursor, token, 'unknown-character', `"${text}" does not belong here`, hint);
}
