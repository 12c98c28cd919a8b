/**
 * From checked expressions to terms: names become what the caller says they mean (a subexpression's definition, a
 * stored value plus its rest value, …), draws get their numbers. Decides nothing about methods or places.
 */
import type { SymbolReference, TypedExpression, ValueType } from './ast.ts';
import * as combine from './combine.ts';
import * as term from './term.ts';

/** How names and draws are resolved. */
export interface Resolution {
  /** Text block that the expression stands in; part of a draw's identity. */
  readonly block?: string;
  /** Meaning of a symbol, or undefined to keep it as it is. */
  readonly symbol?: (reference: SymbolReference, type: ValueType) => term.Term | undefined;
  /** Value of mean(x) for the term of x; where slow equations are resolved. */
  readonly mean?: (argument: term.Term) => term.Term;
  /** Draw numbers by place in the text; new places get the next number. */
  readonly draws: Map<string, number>;
}

/** Number of the draw at this place, the same every time the place is met. */
export function drawSlot(draws: Map<string, number>, place: string): number {
  const known = draws.get(place);
  if (known !== undefined) return known;
  draws.set(place, draws.size);
  return draws.size - 1;
}

/** Makes the term of a checked expression. */
export function resolve(expression: TypedExpression, resolution: Resolution): term.Term {
  const inner = (part: TypedExpression): term.Term => resolve(part, resolution);
  switch (expression.kind) {
    case 'number':
      return term.number(expression.value, expression.type === 'integer' ? 'integer' : 'float');
    case 'boolean':
      return term.boolean(expression.value);
    case 'symbol':
      return resolveSymbol(expression.symbol, expression.type, resolution);
    case 'unary':
      return expression.operator === '-'
        ? combine.negate(inner(expression.operand))
        : combine.not(inner(expression.operand));
    case 'binary':
      return resolveBinary(expression.operator, inner(expression.left), inner(expression.right));
    case 'table':
      return term.table(
        expression.name,
        expression.column === null ? null : inner(expression.column),
      );
    case 'call': {
      const args = expression.arguments.map(inner);
      if (expression.name === 'rand' || expression.name === 'randn') {
        const place = `${resolution.block ?? ''}:${expression.span.start}`;
        const kind = expression.name === 'rand' ? 'uniform' : 'normal';
        return term.draw(kind, drawSlot(resolution.draws, place));
      }
      if (expression.name === 'binomial') {
        const place = `${resolution.block ?? ''}:${expression.span.start}`;
        return combine.call(
          'binomial',
          ...args,
          term.draw('uniform', drawSlot(resolution.draws, place)),
        );
      }
      if (expression.name === 'mean') {
        if (resolution.mean === undefined)
          throw new Error('internal: a mean outside slow equations');
        return resolution.mean(args[0] as term.Term);
      }
      if (expression.name === 'timestep') {
        return combine.timestep(args[0] as term.Term, args[1] ?? term.DT);
      }
      return combine.call(expression.name, ...args);
    }
  }
}

function resolveSymbol(
  reference: SymbolReference,
  type: ValueType,
  resolution: Resolution,
): term.Term {
  const meaning = resolution.symbol?.(reference, type);
  if (meaning !== undefined) return meaning;
  if (reference.role === 'special' && reference.name === 't') return term.time();
  return term.symbol(reference, type);
}

/** One binary operator on terms. */
export function resolveBinary(operator: string, a: term.Term, b: term.Term): term.Term {
  switch (operator) {
    case '+':
      return combine.sum(a, b);
    case '-':
      return combine.difference(a, b);
    case '*':
      return combine.product(a, b);
    case '/':
      return combine.quotient(a, b);
    case '//':
      return combine.floorDivide(a, b);
    case '%':
      return combine.modulo(a, b);
    case '**':
      return combine.power(a, b);
    case 'and':
    case 'or':
      return combine.logic(operator, a, b);
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return combine.compare(operator, a, b);
    default:
      throw new Error(`internal: unknown operator ${operator}`);
  }
}
