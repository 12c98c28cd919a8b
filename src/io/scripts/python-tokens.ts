/**
 * Python text to tokens: names, numbers, strings, operators, ends of lines, and indentation. A reader of data: nothing is
 * run. Lines count from 1. Throws ScriptFault at what is no Python.
 */

/** Something in a script that cannot be read, or says what a network cannot. */
export class ScriptFault extends Error {
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

export interface PythonToken {
  readonly kind:
    | 'name'
    | 'number'
    | 'string'
    | 'operator'
    | 'newline'
    | 'indent'
    | 'dedent'
    | 'end';
  /** As written; the content of a string. */
  readonly text: string;
  readonly line: number;
  /** Strings: whether values are to be put into it. */
  readonly isFormatted?: boolean;
}

/** Longest script, in characters. */
export const LONGEST_SCRIPT = 2_000_000;

const OPERATORS =
  /\*\*=|\/\/=|>>=|<<=|\.\.\.|\*\*|\/\/|<<|>>|<=|>=|==|!=|->|:=|\+=|-=|\*=|\/=|%=|&=|\|=|\^=|@=|[-+*/%@&|^~<>()[\]{},:.;=]/y;
const NUMBER = /(?:0[xX][0-9a-fA-F]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][-+]?\d+)?)[jJ]?/y;
const NAME = /[\p{L}_][\p{L}\p{N}_]*/uy;
const STRING_START = /([rRuUbBfF]{0,2})("""|'''|"|')/y;
const BLANK = /[ \t\f]+|#[^\n]*|\\\r?\n/y;

const matchAt = (pattern: RegExp, text: string, at: number): string => {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
};

/** All tokens of a script; the last is of kind "end". */
export function pythonTokens(text: string): PythonToken[] {
  const reader = new TokenReader(text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n'));
  return reader.read();
}

class TokenReader {
  readonly #text: string;
  readonly #tokens: PythonToken[] = [];
  readonly #indents: number[] = [0];
  #at = 0;
  #line = 1;
  /** Brackets that are open, with their lines. */
  readonly #open: { readonly text: string; readonly line: number }[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  read(): PythonToken[] {
    const text = this.#text;
    let isStart = true;
    while (this.#at < text.length) {
      if (isStart && this.#open.length === 0) this.#indentation();
      isStart = false;
      const blank = matchAt(BLANK, text, this.#at);
      if (blank !== '') {
        if (blank.includes('\n')) this.#line++;
        this.#at += blank.length;
        continue;
      }
      if (text[this.#at] === '\n') {
        this.#endLine();
        isStart = true;
        continue;
      }
      if (this.#at < text.length) this.#token();
    }
    const [unclosed] = this.#open;
    if (unclosed !== undefined) {
      throw new ScriptFault(unclosed.line, `"${unclosed.text}" is not closed`);
    }
    this.#endLine();
    while (this.#indents.length > 1) {
      this.#indents.pop();
      this.#push('dedent', '');
    }
    this.#push('end', '');
    return this.#tokens;
  }

  #push(kind: PythonToken['kind'], text: string): void {
    this.#tokens.push({ kind, text, line: this.#line });
  }

  #endLine(): void {
    const last = this.#tokens.at(-1);
    const isEmpty = last === undefined || ['newline', 'indent', 'dedent'].includes(last.kind);
    if (this.#open.length === 0 && !isEmpty) this.#push('newline', '');
    this.#line++;
    this.#at++;
  }

  /** Tokens for a change of indentation; blank lines and comments have none. */
  #indentation(): void {
    const blanks = matchAt(/[ \t\f]*/y, this.#text, this.#at);
    const next = this.#text[this.#at + blanks.length];
    if (next === undefined || next === '\n' || next === '#') return;
    this.#at += blanks.length;
    const width = blanks.replaceAll('\t', '        ').length;
    const now = this.#indents.at(-1) ?? 0;
    if (width > now) {
      this.#indents.push(width);
      this.#push('indent', '');
    }
    while (width < (this.#indents.at(-1) ?? 0)) {
      this.#indents.pop();
      this.#push('dedent', '');
    }
    if (width !== this.#indents.at(-1)) throw new ScriptFault(this.#line, 'unclear indentation');
  }

  #token(): void {
    const text = this.#text;
    STRING_START.lastIndex = this.#at;
    const string = STRING_START.exec(text);
    if (string !== null) {
      this.#string(string[1] ?? '', string[2] ?? '"');
      return;
    }
    for (const [kind, pattern] of [
      ['number', NUMBER],
      ['name', NAME],
      ['operator', OPERATORS],
    ] as const) {
      const found = matchAt(pattern, text, this.#at);
      if (found === '') continue;
      if (kind === 'operator' && '([{'.includes(found))
        this.#open.push({ text: found, line: this.#line });
      if (kind === 'operator' && ')]}'.includes(found)) this.#open.pop();
      this.#push(kind, found);
      this.#at += found.length;
      return;
    }
    throw new ScriptFault(
      this.#line,
      `"${String.fromCodePoint(text.codePointAt(this.#at) ?? 0)}" is no part of Python`,
    );
  }

  #string(prefix: string, quotes: string): void {
    const line = this.#line;
    const start = this.#at + prefix.length + quotes.length;
    let end = start;
    const isRaw = /r/i.test(prefix);
    while (!this.#text.startsWith(quotes, end)) {
      const letter = this.#text[end];
      const isOver = letter === undefined || (letter === '\n' && quotes.length === 1);
      if (isOver) throw new ScriptFault(line, 'a text that begins here does not end');
      if (letter === '\\') end++;
      if (this.#text[end] === '\n') this.#line++;
      end++;
    }
    const content = this.#text.slice(start, end);
    const text = isRaw ? content : unescaped(content);
    this.#tokens.push({ kind: 'string', text, line, isFormatted: /f/i.test(prefix) });
    this.#at = end + quotes.length;
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': '',
};

function unescaped(text: string): string {
  return text.replace(/\\([\s\S])/g, (whole, letter: string) => ESCAPES[letter] ?? whole);
}
