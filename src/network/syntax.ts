/**
 * Syntax checks of equation text where the user wrote it: line, column, caret. What names mean and whether units fit
 * is checked when the network is compiled, because that needs the whole network.
 */
import { NetworkError } from '../errors.ts';
import type { SourceBlock } from '../language/ast.ts';
import { equationError } from '../language/messages.ts';
import { parseEquations, parseExpression, parseStatements } from '../language/parse.ts';
import { readQuantity } from '../language/units.ts';

/** Equations of a population or projection; `path` is the owner in messages. */
export function checkEquationSyntax(text: string, path: string): void {
  const block = { name: 'eqs', text };
  withPath(block, path, () => parseEquations(block));
}

/** One expression, or a quantity such as "5 ms". */
export function checkExpressionSyntax(block: SourceBlock, path: string): void {
  if (readQuantity(block.text) !== null) return;
  withPath(block, path, () => parseExpression(block));
}

/** Statements of a reset or pathway. */
export function checkStatementSyntax(block: SourceBlock, path: string): void {
  withPath(block, path, () => parseStatements(block));
}

/** Runs a parser that knows no owner and adds the owner to what it throws. */
function withPath(block: SourceBlock, path: string, parse: () => unknown): void {
  try {
    parse();
  } catch (error) {
    if (!(error instanceof NetworkError) || error.problems.length === 0) throw error;
    throw equationError(error.problems, [block], path);
  }
}
