/** Words, operators and numbers of Python that its parser looks for. */
import type { PythonExpression } from './python-ast.ts';

/** Binary operators, weakest first; comparisons, `and` and `or` bind weaker, `**` stronger. */
export const LEVELS: readonly (readonly string[])[] = [
  ['|'],
  ['^'],
  ['&'],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '//', '%', '@'],
];
export const COMPARISONS = new Set(['==', '!=', '<', '<=', '>', '>=', 'in', 'not', 'is']);
/** Statements with a block that is not read. */
export const BLOCKS: Readonly<Record<string, string>> = {
  def: 'a function',
  class: 'a class',
  while: 'a while loop',
  with: 'a with block',
  try: 'a try block',
  async: 'an async block',
  match: 'a match block',
};
/** Statements of one line that are not read. */
export const LINES: Readonly<Record<string, string>> = {
  return: 'return',
  raise: 'raise',
  assert: 'assert',
  del: 'del',
  global: 'global',
  nonlocal: 'nonlocal',
  break: 'break',
  continue: 'continue',
  yield: 'yield',
};
export const AUGMENTED = new Set(['+=', '-=', '*=', '/=', '//=', '%=', '**=']);

/** Deepest nesting of brackets and blocks, and of expressions such as 1 + 1 + 1 + …. */
export const DEEPEST = 60;
export const LONGEST_CHAIN = 400;

/** A number as Python writes it: 1_000, 0x1f, 1.5e-3. */
export function numberNode(text: string, line: number): PythonExpression {
  if (/j$/i.test(text)) return { kind: 'foreign', what: 'a complex number', line };
  const plain = text.replaceAll('_', '');
  const isInteger = /^(\d+|0[xX][0-9a-fA-F]+)$/.test(plain);
  return { kind: 'number', value: Number(plain), isInteger, text: plain, line };
}
