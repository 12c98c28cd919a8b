/**
 * What stands in parentheses behind the unit of an equation: flags, and the limits between which first values must be.
 * Where a flag is allowed is check-declarations.ts.
 */
import type { Expression, Flag, Span } from './ast.ts';
import { suggest } from './messages.ts';
import {
  attempt,
  type Cursor,
  collect,
  cursorOver,
  peek,
  readWholeExpression,
} from './parse-expression.ts';

/** All flags, for recognition and suggestions. */
export const FLAGS: readonly Flag[] = [
  'unless refractory',
  'constant',
  'event-driven',
  'clock-driven',
  'shared',
  'constant over dt',
  'summed',
  'linked',
  'slow',
  'presynaptic',
];

/** How limits are written. */
const LIMITS = { least: 'at least', most: 'at most' } as const;

/** Smallest and largest first value; null where there is none. */
export interface ReadLimits {
  readonly least: Expression | null;
  readonly most: Expression | null;
}

/** Flags with their places, and limits. */
export interface ReadFlags extends ReadLimits {
  readonly flags: readonly Flag[];
  readonly flagSpans: readonly Span[];
}

export const NO_FLAGS: ReadFlags = { flags: [], flagSpans: [], least: null, most: null };

/** Reads what the parenthesis at index `open` holds, to the end of the line. */
export function readFlags(cursor: Cursor, open: number): ReadFlags {
  const { tokens } = cursor;
  const { commas, close } = partsOf(cursor, open);
  if (close < 0) {
    collect(cursor, tokens[open] ?? peek(cursor), 'unclosed', 'this "(" is not closed');
    return NO_FLAGS;
  }
  const behind = tokens[close + 1];
  if (behind !== undefined && behind.kind !== 'end') {
    const hint = 'Write each equation on a line of its own; flags come last';
    collect(cursor, behind, 'syntax', `"${behind.text}" does not belong here`, hint);
  }
  const flags: Flag[] = [];
  const flagSpans: Span[] = [];
  const limits: { least: Expression | null; most: Expression | null } = { least: null, most: null };
  [open, ...commas].forEach((before, k) => {
    const after = commas[k] ?? close;
    const end = limitAt(cursor, before + 1);
    if (end !== null) {
      limits[end] = readLimit(cursor, before + 3, after, limits[end] !== null);
      return;
    }
    const span = spanBetween(cursor, before, after);
    const flag = readFlag(cursor, span);
    if (flag === null) return;
    flags.push(flag);
    flagSpans.push(span);
  });
  return { flags, flagSpans, ...limits };
}

/** Where the commas and the end of the parenthesis are, not counting those of inner ones. */
function partsOf({ tokens }: Cursor, open: number): { commas: number[]; close: number } {
  const commas: number[] = [];
  let depth = 0;
  for (let k = open; k < tokens.length; k++) {
    const text = tokens[k]?.text;
    if (text === '(') depth++;
    else if (text === ')') depth--;
    else if (text === ',' && depth === 1) commas.push(k);
    if (depth === 0) return { commas, close: k };
  }
  return { commas, close: -1 };
}

/** Which limit the words at index `at` begin, or null. */
function limitAt({ tokens }: Cursor, at: number): 'least' | 'most' | null {
  const words = `${tokens[at]?.text} ${tokens[at + 1]?.text}`;
  if (words === LIMITS.least) return 'least';
  return words === LIMITS.most ? 'most' : null;
}

function readLimit(cursor: Cursor, from: number, to: number, isSecond: boolean): Expression | null {
  const { block, tokens, problems } = cursor;
  const words = tokens[from - 1] ?? peek(cursor);
  if (isSecond) {
    collect(cursor, words, 'flag-twice', 'a limit is given twice', 'Remove one');
    return null;
  }
  if (from >= to) {
    const hint = 'Write for example (at least 0*mM), or (at most capacity)';
    collect(cursor, words, 'missing-operand', 'an expression is missing here', hint);
    return null;
  }
  const inner = cursorOver(block, tokens.slice(from, to), problems);
  return attempt(cursor, () => readWholeExpression(inner));
}

/** The text between two tokens, without spaces at its ends. */
function spanBetween({ block, tokens }: Cursor, before: number, after: number): Span {
  const from = tokens[before]?.end ?? 0;
  const raw = block.text.slice(from, tokens[after]?.start ?? from);
  const start = from + raw.length - raw.trimStart().length;
  return { start, end: Math.max(start + raw.trim().length, start) };
}

function readFlag(cursor: Cursor, span: Span): Flag | null {
  const name = cursor.block.text
    .slice(span.start, span.end)
    .replace(/\s+/g, ' ')
    .replace(/\s*-\s*/g, '-');
  const flag = FLAGS.find((candidate) => candidate === name);
  if (flag !== undefined) return flag;
  const guess = suggest(name, FLAGS);
  const hint =
    guess === undefined
      ? `Flags are: ${FLAGS.join(', ')}; limits: at least, at most`
      : `Did you mean (${guess})?`;
  const message = name === '' ? 'a flag is missing here' : `unknown flag. ${hint}`;
  collect(cursor, span, 'unknown-flag', message, hint);
  return null;
}
