/**
 * White noise in a population: which names occur, that plain `xi` occurs once, and that no noise reaches a threshold,
 * reset or refractory through a subexpression.
 */
import type { Expression, SourceBlock, Span, TypedExpression, Variable } from './ast.ts';
import { report } from './check-context.ts';
import type { Bag } from './check-declarations.ts';
import type { ReadEquation } from './parse.ts';
import { typedReads, visitTyped } from './walk.ts';

/** The noise names in order of first appearance; reports a second plain `xi`. */
export function checkNoise(
  eqs: SourceBlock,
  equations: readonly ReadEquation[],
  variables: readonly Variable[],
  bag: Bag,
): string[] {
  const names: string[] = [];
  for (const variable of variables) {
    for (const symbol of variable.expression === null ? [] : typedReads(variable.expression)) {
      if (symbol.role === 'noise' && !names.includes(symbol.name)) names.push(symbol.name);
    }
  }
  const places = equations.flatMap(({ expression }) =>
    expression === null ? [] : placesOf(expression, 'xi'),
  );
  for (const span of places.slice(1)) {
    const hint = 'Name them xi_1, xi_2 (independent) or both xi_1 (same)';
    const message = `xi used ${places.length === 2 ? 'twice' : `${places.length} times`}. ${hint}`;
    report({ block: eqs, problems: bag.problems }, span, 'noise-twice', message, { hint });
  }
  return names;
}

/** Where a name is read. */
function placesOf(expression: Expression, name: string): Span[] {
  switch (expression.kind) {
    case 'name':
      return expression.name === name ? [expression.span] : [];
    case 'unary':
      return placesOf(expression.operand, name);
    case 'binary':
      return [...placesOf(expression.left, name), ...placesOf(expression.right, name)];
    case 'call':
      return expression.arguments.flatMap((argument) => placesOf(argument, name));
    default:
      return [];
  }
}

/** Reports where one of `expressions` reads a subexpression that contains noise, directly or through others. */
export function checkNoiseReads(
  block: SourceBlock,
  expressions: readonly TypedExpression[],
  variables: readonly Variable[],
  bag: Bag,
): void {
  const noisy = noisySubexpressions(variables);
  if (noisy.size === 0) return;
  for (const expression of expressions) {
    visitTyped(expression, (part) => {
      if (part.kind !== 'symbol' || part.symbol.role !== 'variable') return;
      const { name } = part.symbol;
      if (!noisy.has(name)) return;
      const hint = 'Use it in a differential equation only';
      const message = `${name} contains xi, white noise, which has no value at a point in time`;
      report({ block, problems: bag.problems }, part.span, 'noise-place', message, { hint });
    });
  }
}

function noisySubexpressions(variables: readonly Variable[]): ReadonlySet<string> {
  const noisy = new Set<string>();
  for (let grown = -1; grown < noisy.size; ) {
    grown = noisy.size;
    for (const { name, kind, expression } of variables) {
      if (kind !== 'subexpression' || expression === null) continue;
      const isNoisy = typedReads(expression).some(
        (symbol) =>
          symbol.role === 'noise' || (symbol.role === 'variable' && noisy.has(symbol.name)),
      );
      if (isNoisy) noisy.add(name);
    }
  }
  return noisy;
}
