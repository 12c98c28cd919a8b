/**
 * The equation language for CodeMirror: colours by kind of token, and completion of names, functions, units and flags
 * where each may stand. Colours only what is typed; whether it means anything is checked in the tools worker.
 */
import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { StreamLanguage, type StreamParser, type StringStream } from '@codemirror/language';
import { tags } from '@lezer/highlight';
import { type LanguageWord, languageWords } from '../../index.ts';
import type { KnownName } from './words.ts';

/** Where in an equation one is. */
interface Place {
  part: 'head' | 'body' | 'unit' | 'flags';
}

let words: readonly LanguageWord[] | null = null;

/** All words of the language, made once. */
function allWords(): readonly LanguageWord[] {
  words ??= languageWords();
  return words;
}

const byKind = (kind: LanguageWord['kind']): ReadonlySet<string> =>
  new Set(
    allWords()
      .filter((one) => one.kind === kind)
      .map(({ word }) => word),
  );

const WORDS = /[A-Za-z_]\w*/;
const NUMBER = /^(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/;
const STARTS = /^\s*(?:d[A-Za-z_]\w*\s*\/\s*dt\s*=|[A-Za-z_]\w*\s*=(?!=)|[A-Za-z_]\w*\s*:)/;

function parser(isEquations: boolean): StreamParser<Place> {
  const functions = byKind('function');
  const units = byKind('unit');
  const known = new Set([...byKind('special'), ...byKind('constant')]);
  const nameKind = (word: string, stream: StringStream): string => {
    if (/^(and|or|not|True|False)$/.test(word)) return 'logic';
    if (functions.has(word) && /^\s*\(/.test(stream.string.slice(stream.pos))) return 'call';
    if (units.has(word)) return 'unit';
    return known.has(word) || word.startsWith('xi_') ? 'special' : 'name';
  };
  return {
    name: 'equations',
    startState: () => ({ part: isEquations ? 'head' : 'body' }),
    copyState: ({ part }) => ({ part }),
    token(stream, place) {
      if (stream.sol() && isEquations && (place.part !== 'body' || STARTS.test(stream.string))) {
        place.part = 'head';
      }
      if (stream.eatSpace()) return null;
      if (stream.match(/^#.*/)) return 'comment';
      if (place.part === 'head') {
        place.part = 'body';
        if (stream.match(/^d[A-Za-z_]\w*\s*\/\s*dt\b/)) return 'derivative';
        if (stream.match(/^[A-Za-z_]\w*/)) return 'definition';
      }
      if (place.part === 'flags') {
        if (stream.match(/^[a-z][a-z -]*[a-z]/)) return 'flag';
        stream.next();
        return 'operator';
      }
      if (stream.match(NUMBER)) return 'number';
      if (stream.match(WORDS)) {
        return place.part === 'unit' ? 'unit' : nameKind(stream.current(), stream);
      }
      const character = stream.next();
      if (isEquations && character === ':') place.part = 'unit';
      else if (place.part === 'unit' && character === '(') place.part = 'flags';
      return 'operator';
    },
    tokenTable: {
      derivative: tags.keyword,
      definition: tags.definition(tags.variableName),
      call: tags.function(tags.variableName),
      unit: tags.unit,
      flag: tags.modifier,
      special: tags.atom,
      logic: tags.logicOperator,
      name: tags.variableName,
      number: tags.number,
      comment: tags.lineComment,
      operator: tags.operator,
    },
    languageData: { commentTokens: { line: '#' } },
  };
}

/** The language of blocks of equations, or of statements and expressions. */
export const equationLanguage = (isEquations: boolean) =>
  StreamLanguage.define(parser(isEquations));

// ---- Completion ----

const TYPES = {
  function: 'function',
  constant: 'constant',
  unit: 'unit',
  flag: 'keyword',
  special: 'constant',
} as const;

const wordCompletion = ({ word, kind, usage, doc, isCommon }: LanguageWord): Completion => ({
  label: word,
  type: TYPES[kind],
  detail: usage === word ? kind : usage.slice(word.length),
  info: doc,
  boost: (kind === 'unit' ? -20 : kind === 'flag' ? 0 : -10) - (isCommon ? 0 : 40),
});

/** What may be written at a place of an equation: units behind the colon, flags in the parentheses behind them. */
export function placeOf(before: string): 'unit' | 'flag' | 'expression' {
  const line = before.slice(before.lastIndexOf('\n') + 1).replace(/#.*/, '');
  const colon = line.indexOf(':');
  if (colon < 0) return 'expression';
  return line.indexOf('(', colon) < 0 ? 'unit' : 'flag';
}

/** A completion source over the names that there are when it is asked. */
export function completionsOf(names: () => readonly KnownName[], isEquations: boolean) {
  const all = allWords();
  const of = (...kinds: LanguageWord['kind'][]): Completion[] =>
    all.filter(({ kind }) => kinds.includes(kind)).map(wordCompletion);
  const units = of('unit');
  const flags = of('flag');
  const rest = of('function', 'special', 'constant', 'unit');
  return (context: CompletionContext): CompletionResult | null => {
    const { state, pos } = context;
    const place = isEquations
      ? placeOf(state.sliceDoc(Math.max(0, pos - 2000), pos))
      : 'expression';
    const word = context.matchBefore(place === 'flag' ? /[a-z][a-z -]*/ : /[A-Za-z_]\w*/);
    if (word === null && !context.explicit) return null;
    const options =
      place === 'unit'
        ? units
        : place === 'flag'
          ? flags
          : [
              ...names().map(({ name, detail }) => ({
                label: name,
                type: 'variable',
                detail,
                boost: 20,
              })),
              ...rest,
            ];
    return {
      from: word?.from ?? pos,
      options,
      validFor: place === 'flag' ? /^[a-z -]*$/ : /^\w*$/,
    };
  };
}
