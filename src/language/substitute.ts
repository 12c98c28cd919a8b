/**
 * Placeholders: names in equation text replaced before it is parsed, so that one text serves several variables. Works
 * on tokens, so comments and longer names that contain a placeholder stay as they are.
 */
import { NetworkError } from '../errors.ts';
import { type Token, tokenize } from './tokenize.ts';

const NAME = /^[A-Za-z][A-Za-z0-9_]*$/;

/**
 * The text with each name in `replacements` replaced: by a name everywhere (also in `dx/dt`, `x_pre` and `x_post`), by
 * an expression, in parentheses, where the name is read.
 *
 *     eqs('dx/dt = -x/tau : siemens', { x: 'g_e', tau: '10*ms' })   // dg_e/dt = -g_e/(10*ms) : siemens
 *
 * Throws NetworkError for a placeholder that does not occur, and for an expression in the place of a defined name.
 */
export function eqs(text: string, replacements: Readonly<Record<string, string>> = {}): string {
  const unused = new Set(Object.keys(replacements));
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
        `${token.text} is defined or belongs to a neuron here, so ${name} can only be replaced by a name, not by "${value}"`,
        { value },
      );
    }
    unused.delete(name);
    const isCovered = NAME.test(value) || /^\d+(\.\d*)?$/.test(value);
    result +=
      text.slice(position, token.start) + prefix + (isCovered ? value : `(${value})`) + suffix;
    position = token.end;
  });
  const [missing] = unused;
  if (missing !== undefined) {
    throw new NetworkError(`there is no ${missing} to replace in these equations`, {
      value: missing,
    });
  }
  return result + text.slice(position);
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
  replacements: Readonly<Record<string, string>>,
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
