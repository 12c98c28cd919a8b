/** Walks over typed expressions: what they read and call. No meaning of its own. */
import type { SymbolReference, TypedExpression } from './ast.ts';

/** Calls `visit` for the expression and everything in it, outside in. */
export function visitTyped(
  expression: TypedExpression,
  visit: (expression: TypedExpression) => void,
): void {
  visit(expression);
  switch (expression.kind) {
    case 'unary':
      visitTyped(expression.operand, visit);
      break;
    case 'binary':
      visitTyped(expression.left, visit);
      visitTyped(expression.right, visit);
      break;
    case 'call':
      for (const argument of expression.arguments) visitTyped(argument, visit);
      break;
    case 'table':
      if (expression.column !== null) visitTyped(expression.column, visit);
      break;
    default:
      break;
  }
}

/** The symbols that the expression itself reads, with repetitions; subexpressions are not followed. */
export function typedReads(expression: TypedExpression): SymbolReference[] {
  const symbols: SymbolReference[] = [];
  visitTyped(expression, (part) => {
    if (part.kind === 'symbol') symbols.push(part.symbol);
  });
  return symbols;
}
