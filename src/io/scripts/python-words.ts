/** Words and operators of Python that its parser looks for. */

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
