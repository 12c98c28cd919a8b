/**
 * Placeholders: names in equation text replaced before it is parsed, so that one text serves several variables. Works
 * on tokens, so comments and longer names that contain a placeholder stay as they are.
 */
import { NetworkError } from '../errors.ts';
import { describeValue, isPlainObject } from './argument.ts';
import { listNames, suggest } from './messages.ts';
import { type Token, tokenize } from './tokenize.ts';

const NAME = /^[A-Za-z][A-Za-z0-9_]*$/;

/** Names to be replaced, each by a name or an expression. */
export type Replacements = Readonly<Record<string, string>>;

/**
 * The text with each name in `replacements` replaced: by a name everywhere (also in `dx/dt`, `x_pre` and `x_post`), by
 * an expression, in parentheses, where the name is read.
 *
 *     eqs('dx/dt = -x/tau : siemens', { x: 'g_e', tau: '10*ms' })   // dg_e/dt = -g_e/(10*ms) : siemens
 *
 * Throws NetworkError for a name that does not occur, and for an expression in the place of a defined name.
 */
export function eqs(text: string, replacements: Replacements = {}): string {
  if (typeof text !== 'string') {
    throw new TypeError(`eqs: text must be equation text, got ${describeValue(text)}.`);
  }
  if (!isPlainObject(replacements)) {
    throw new TypeError(
      `eqs: replacements must be an object such as { tau: "10*ms" }, got ${describeValue(replacements)}.`,
    );
  }
  for (const [name, value] of Object.entries(replacements)) {
    if (typeof value === 'string' && value.trim() !== '') continue;
    throw new TypeError(
      `eqs: ${name} must be replaced by a name or an expression, got ${describeValue(value)}.`,
    );
  }
  const { result, used } = substitute(text, replacements, 'eqs');
  const missing = Object.keys(replacements).find((name) => !used.has(name));
  if (missing !== undefined) throw notThere(missing, text);
  return result;
}

function notThere(name: string, text: string): NetworkError {
  const words = tokenize(text).flatMap(({ kind, text: word }) => (kind === 'name' ? [word] : []));
  const known = [...new Set(words)];
  const meant = suggest(name, known);
  const hint = meant === undefined ? '' : ` Did you mean "${meant}"?`;
  return new NetworkError(
    `eqs: there is no ${name} to replace in the text.${hint} Its names: ${listNames(known, 20)}`,
    { path: 'eqs', value: name },
  );
}

/**
 * As `eqs`, for callers that look after names that do not occur: `used` holds those that do. `where` begins the message
 * when an expression stands in the place of a defined name.
 */
export function substitute(
  text: string,
  replacements: Replacements,
  where: string,
): { readonly result: string; readonly used: ReadonlySet<string> } {
  const used = new Set<string>();
  const tokens = tokenize(text);
  let result = '';
  let position = 0;
  tokens.forEach((token, index) => {
    const found = token.kind === 'name' ? placeholderOf(tokens, index, replacements) : null;
    if (found === null) return;
    const { name, prefix, suffix, isDefined } = found;
    const value = (replacements[name] ?? '').trim();
    if (!NAME.test(value) && (isDefined || suffix !== '')) {
      throw new NetworkError(
        `${where}: ${token.text} is defined or belongs to a neuron here, so ${name} can only be replaced by a name, not by "${value}".`,
        { path: where, value },
      );
    }
    used.add(name);
    const isCovered = NAME.test(value) || /^\d+(\.\d*)?$/.test(value);
    result +=
      text.slice(position, token.start) + prefix + (isCovered ? value : `(${value})`) + suffix;
    position = token.end;
  });
  return { result: result + text.slice(position), used };
}

interface Placeholder {
  readonly name: string;
  readonly prefix: string;
  readonly suffix: string;
  /** Whether this place defines the name (left of "=" or ":") rather than reading it. */
  readonly isDefined: boolean;
}

/** The placeholder that a name token stands for, or null. */
function placeholderOf(
  tokens: readonly Token[],
  index: number,
  replacements: Replacements,
): Placeholder | null {
  const word = tokens[index]?.text ?? '';
  const next = tokens[index + 1]?.text ?? '';
  const isHead =
    next === '/' && tokens[index + 2]?.text === 'dt' && tokens[index + 3]?.text === '=';
  if (isHead && word.startsWith('d') && Object.hasOwn(replacements, word.slice(1))) {
    return { name: word.slice(1), prefix: 'd', suffix: '', isDefined: true };
  }
  const isFirst =
    ['newline', undefined].includes(tokens[index - 1]?.kind) || tokens[index - 1]?.text === ';';
  const isDefined = isFirst && (next === ':' || (next.endsWith('=') && next !== '=='));
  if (Object.hasOwn(replacements, word)) return { name: word, prefix: '', suffix: '', isDefined };
  const [, base = '', suffix = ''] = /^(.+)(_pre|_post)$/.exec(word) ?? [];
  return Object.hasOwn(replacements, base) ? { name: base, prefix: '', suffix, isDefined } : null;
}
