/** Colours for texts that are pasted or shown: Python, TypeScript, JSON, WGSL. Small on purpose: words, strings, numbers. */
import { StreamLanguage, type StreamParser } from '@codemirror/language';
import { tags } from '@lezer/highlight';

type Named = 'python' | 'typescript' | 'json' | 'wgsl';

const KEYWORDS: Readonly<Record<Named, string>> = {
  python:
    'and as assert break class continue def del elif else except finally for from if import in is lambda not or pass raise return try while with yield None True False',
  typescript:
    'as async await class const else export extends false for from function if import in let new null of return true type typeof undefined var while',
  json: 'true false null',
  wgsl: 'alias array atomic bitcast bool break case const continue else enable f32 fn for i32 if let loop override ptr return storage struct switch true false u32 uniform var vec2 vec3 vec4 while workgroup workgroupBarrier',
};

const COMMENT: Readonly<Record<Named, RegExp | null>> = {
  python: /^#.*/,
  typescript: /^\/\/.*/,
  json: null,
  wgsl: /^\/\/.*/,
};

/** What ends a text that goes on over lines: three quotes, a backquote; '' outside. */
interface Inside {
  quote: string;
}

export function codeLanguage(name: Named) {
  const keywords = new Set(KEYWORDS[name].split(' '));
  const comment = COMMENT[name];
  const parser: StreamParser<Inside> = {
    name,
    startState: () => ({ quote: '' }),
    copyState: ({ quote }) => ({ quote }),
    token(stream, inside) {
      if (inside.quote !== '') {
        const end = stream.string.indexOf(inside.quote, stream.pos);
        if (end < 0) stream.skipToEnd();
        else {
          stream.pos = end + inside.quote.length;
          inside.quote = '';
        }
        return 'string';
      }
      if (stream.eatSpace()) return null;
      if (comment !== null && stream.match(comment)) return 'comment';
      const long = stream.match(/^("""|'''|`)/) as RegExpMatchArray | null;
      if (long !== null && (name === 'python') === (long[0].length === 3)) {
        inside.quote = long[0];
        return 'string';
      }
      if (stream.match(/^"(?:[^"\\]|\\.)*"?|^'(?:[^'\\]|\\.)*'?/)) return 'string';
      if (stream.match(/^@\w+/)) return 'special';
      if (stream.match(/^(?:0x[\da-fA-F]+|\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)[uif]?\b/))
        return 'number';
      if (stream.match(/^[A-Za-z_]\w*/)) {
        if (keywords.has(stream.current())) return 'keyword';
        return /^\s*\(/.test(stream.string.slice(stream.pos)) ? 'call' : 'name';
      }
      stream.next();
      return 'operator';
    },
    tokenTable: {
      keyword: tags.keyword,
      call: tags.function(tags.variableName),
      name: tags.variableName,
      special: tags.atom,
      string: tags.string,
      number: tags.number,
      comment: tags.lineComment,
      operator: tags.operator,
    },
  };
  return StreamLanguage.define(parser);
}
