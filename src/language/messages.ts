/**
 * How errors in equation text are told: problems with a place, their printed form (block and line, source line, caret,
 * way out), and suggestions for misspelt names. Decides nothing about what is an error.
 */
import { NetworkError, type Problem } from '../errors.ts';
import type { SourceBlock, Span } from './ast.ts';

/** What to say about a place in a text. `message` is the line behind the caret; the rest is for programs. */
export interface Fault {
  /** Stable identifier, for example "unknown-name". */
  readonly code: string;
  readonly message: string;
  readonly found?: string;
  readonly expected?: string;
  /** A concrete way out. Printed as a line of its own unless the message already contains it. */
  readonly hint?: string;
}

/** The line (from 1) on which offset `at` lies, its first offset, and its text. */
export function lineAt(text: string, at: number): { line: number; start: number; source: string } {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  const end = text.indexOf('\n', start);
  const source = text.slice(start, end < 0 ? undefined : end);
  return { line: text.slice(0, start).split('\n').length, start, source };
}

/** A problem at `span` of `block`. A span over several lines is cut at the end of its first one. */
export function problemAt(block: SourceBlock, span: Span, fault: Fault): Problem {
  const { line, start, source } = lineAt(block.text, span.start);
  const length = Math.min(span.end - span.start, start + source.trimEnd().length - span.start);
  return {
    code: fault.code,
    block: block.name,
    line,
    column: span.start - start + 1,
    length: Math.max(length, 1),
    source,
    message: fault.message,
    found: fault.found ?? block.text.slice(span.start, span.end),
    expected: fault.expected ?? '',
    hint: fault.hint ?? '',
  };
}

/** Labels are padded to the width of "eqs line 2:  ", so that most sources start in the same column. */
const LABEL_WIDTH = 13;

/**
 * One problem as people read it:
 *
 *     threshold:   v > -50
 *                      ^^^ compares volt with a number without unit. Write -50*mV
 *
 * `eqs` always shows its line, other blocks only when `manyLines`.
 */
export function formatProblem(problem: Problem, manyLines: boolean): string {
  const { source, column, length } = excerpt(problem);
  const showLine = problem.block === 'eqs' || manyLines;
  const label = `${problem.block}${showLine ? ` line ${problem.line}` : ''}:`;
  const head = `${label}  `.padEnd(LABEL_WIDTH);
  const caret = ' '.repeat(head.length + column) + '^'.repeat(length);
  const hint =
    problem.hint === '' || problem.message.includes(problem.hint) ? '' : `\nHint: ${problem.hint}`;
  return `${head}${source}\n${caret} ${problem.message}${hint}`;
}

/** Longest source line that is printed whole; of a longer one, the surroundings of the caret. */
const LINE_WIDTH = 150;

/** The source line as printed, without indentation, and the caret's place in it (from 0). */
function excerpt(problem: Problem): { source: string; column: number; length: number } {
  const margin = problem.source.length - problem.source.trimStart().length;
  const indent = Math.min(margin, problem.column - 1);
  const source = problem.source.slice(indent).replace(/\s/g, ' ').trimEnd();
  const column = problem.column - 1 - indent;
  if (source.length <= LINE_WIDTH) return { source, column, length: problem.length };
  const from = Math.max(0, Math.min(column - LINE_WIDTH / 2, source.length - LINE_WIDTH));
  const part = source.slice(from, from + LINE_WIDTH);
  return {
    source: (from > 0 ? '\u2026' : '') + part + (from + LINE_WIDTH < source.length ? '\u2026' : ''),
    column: column - from + (from > 0 ? 1 : 0),
    length: Math.min(problem.length, from + LINE_WIDTH - column),
  };
}

/**
 * All problems of one model as one error, in the order given. `path` names the owner (`population "exc"`); `blocks`
 * are the texts they point into, for deciding whether lines need numbers.
 */
export function equationError(
  problems: readonly Problem[],
  blocks: readonly SourceBlock[],
  path = '',
): NetworkError {
  const many = new Set(
    blocks.filter((block) => block.text.trim().includes('\n')).map((block) => block.name),
  );
  const texts = problems.map((problem) => formatProblem(problem, many.has(problem.block)));
  const message = texts.join('\n\n');
  const details = path === '' ? { problems } : { problems, path };
  return new NetworkError(path === '' ? message : `In ${path}:\n${message}`, details);
}

/** Problems in the order of blocks and places; of several at the same place only the first. */
export function sortProblems(
  problems: readonly Problem[],
  blocks: readonly SourceBlock[],
): Problem[] {
  const rank = new Map(blocks.map((block, index) => [block.name, index]));
  const sorted = [...problems].sort(
    (a, b) =>
      (rank.get(a.block) ?? -1) - (rank.get(b.block) ?? -1) ||
      a.line - b.line ||
      a.column - b.column,
  );
  return sorted.filter((problem, index) => {
    const before = sorted[index - 1];
    return !(
      before !== undefined &&
      before.block === problem.block &&
      before.line === problem.line &&
      before.column === problem.column
    );
  });
}

// ---- Suggestions ----

/** Number of insertions, deletions, replacements and swaps of neighbours between two words; capped at `limit + 1`. */
export function editDistance(a: string, b: string, limit = Number.POSITIVE_INFINITY): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, k) => k);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(
        (last[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (last[j - 1] ?? 0) + (same ? 0 : 1),
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1);
      }
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

/**
 * The candidate that `name` most probably was meant to be, or undefined. Case and underscores count little; at most
 * about a third of the letters may differ.
 */
export function suggest(name: string, candidates: Iterable<string>): string | undefined {
  if (typeof name !== 'string') throw new TypeError('suggest: name must be a text.');
  checkNames(candidates, 'suggest: candidates');
  const plain = (word: string): string => word.toLowerCase().replaceAll('_', '');
  const limit = name.length <= 2 ? 1 : Math.max(1, Math.floor(name.length / 3));
  let best: string | undefined;
  let bestCost = limit + 1;
  for (const candidate of candidates) {
    if (typeof candidate !== 'string') throw new TypeError('suggest: candidates must be texts.');
    if (candidate === name) continue;
    const exact = editDistance(name, candidate, limit + 1);
    const cost = plain(name) === plain(candidate) ? Math.min(exact, 0.5) : exact;
    // A one-letter name resembles every other one: only its case may differ.
    if (name.length === 1 && cost > 0.5) continue;
    if (cost < bestCost) {
      best = candidate;
      bestCost = cost;
    }
  }
  return best;
}

function checkNames(names: unknown, where: string): void {
  const isList = typeof names === 'object' && names !== null && Symbol.iterator in names;
  if (!isList) throw new TypeError(`${where} must be a list of texts.`);
}

/** "a, b, c" of sorted names, cut after `most` (at least 1). Throws TypeError for anything but a list. */
export function listNames(names: Iterable<string>, most = 12): string {
  checkNames(names, 'listNames: names');
  if (!Number.isSafeInteger(most) || most < 1) {
    throw new TypeError('listNames: most must be a whole number >= 1.');
  }
  const sorted = [...new Set(names)].sort();
  return sorted.length <= most
    ? sorted.join(', ')
    : `${sorted.slice(0, most).join(', ')}, … (${sorted.length} in all)`;
}
