/**
 * Text to tokens with spans. Knows characters, numbers and keywords; nothing of grammar. Never throws: characters that
 * the language does not have become `unknown` tokens, which the parser reports.
 */
import type { Span } from './ast.ts';

export interface Token extends Span {
  readonly kind: 'number' | 'name' | 'operator' | 'newline' | 'unknown' | 'end';
  /** The characters of the token. */
  readonly text: string;
}

/** Longest first, so that `**=` is not read as `**` and `=`. */
const OPERATORS = [
  '**=',
  '//=',
  '**',
  '//',
  '+=',
  '-=',
  '*=',
  '/=',
  '%=',
  '==',
  '!=',
  '<=',
  '>=',
  '+',
  '-',
  '*',
  '/',
  '%',
  '<',
  '>',
  '=',
  '(',
  ')',
  ',',
  ':',
  ';',
] as const;

const BLANK = /[^\S\n]+|#[^\n]*/y;
const NUMBER = /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
/** Operators of other languages, kept whole so that they can be named in the message. */
const FOREIGN = /&&|\|\||<<|>>|->|"[^"\n]*"|'[^'\n]*'|[^\s]/uy;

function matchAt(pattern: RegExp, text: string, position: number): string {
  pattern.lastIndex = position;
  return pattern.exec(text)?.[0] ?? '';
}

/** Tokens of `text`; newlines are tokens, comments and blanks are not; ends with one `end` token. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let position = 0;
  const push = (kind: Token['kind'], length: number): void => {
    const end = position + length;
    tokens.push({ kind, text: text.slice(position, end), start: position, end });
    position = end;
  };
  while (position < text.length) {
    const blank = matchAt(BLANK, text, position);
    if (blank !== '') {
      position += blank.length;
      continue;
    }
    if (text[position] === '\n') {
      push('newline', 1);
      continue;
    }
    const number = matchAt(NUMBER, text, position);
    const name = number === '' ? matchAt(NAME, text, position) : '';
    const foreign = matchAt(FOREIGN, text, position);
    if (number !== '') push('number', number.length);
    else if (name !== '') push('name', name.length);
    else if (foreign === '<<' || foreign === '>>' || foreign === '->') push('unknown', 2);
    else {
      const operator = OPERATORS.find((candidate) => text.startsWith(candidate, position));
      if (operator !== undefined) push('operator', operator.length);
      else push('unknown', foreign.length);
    }
  }
  push('end', 0);
  return tokens;
}

/** Words with a meaning of their own in Python, which no name may have. */
export const KEYWORDS: ReadonlySet<string> = new Set(
  (
    'False None True and as assert async await break class continue def del elif else except finally for from global ' +
    'if import in is lambda nonlocal not or pass raise return try while with yield'
  ).split(' '),
);
