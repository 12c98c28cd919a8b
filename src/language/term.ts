/**
 * Terms: expressions as the algebra sees them, with names resolved, subexpressions substituted and units gone. `text`
 * is both readable and a key: equal texts are equal terms. Here are the type, the leaves and walking; operations on
 * terms are in combine.ts.
 */
import type { ComparisonOperator, FunctionName, SymbolReference, ValueType } from './ast.ts';

/**
 * Functions that lowering knows; `rand` and `randn` are draws, `timestep` and `mean` are written out. `binomial` has the
 * uniform number that it is made of as a third argument.
 */
export type PureFunction = Exclude<FunctionName, 'rand' | 'randn' | 'timestep' | 'mean'>;

/** What a host evaluation needs: see host.ts. Values in internal units. */
export interface HostEnvironment {
  /** Value of a parameter, variable or special symbol for the current element; booleans are 0 or 1. */
  symbol(symbol: SymbolReference): number;
  /** Draw number `slot` of the current element, uniform in [0, 1). */
  uniform(slot: number): number;
  /** Draw number `slot` of the current element, standard normal. */
  normal(slot: number): number;
  /** Value of a timed array `halfSteps` half steps after the start of the current step. */
  table(name: string, column: number, halfSteps: number): number;
  /** Results shared by the computed terms of one evaluation (matrix exponentials), by their recipe. */
  readonly cache: Map<object, Float64Array>;
}

interface Common {
  /** Readable, and a key: two terms with equal texts are the same. */
  readonly text: string;
  readonly type: ValueType;
  /** Depends only on parameters, dt, population sizes and numbers. */
  readonly host: boolean;
}

/** One summand; the sign lives here and nowhere else. */
export interface SumItem {
  readonly sign: 1 | -1;
  readonly term: Term;
}

export type Term = Common &
  (
    | { readonly kind: 'number'; readonly value: number }
    | { readonly kind: 'boolean'; readonly value: boolean }
    | { readonly kind: 'symbol'; readonly symbol: SymbolReference }
    /** Time of the current step plus half steps (stages of Runge-Kutta). */
    | { readonly kind: 'time'; readonly halfSteps: 0 | 1 | 2 }
    /** Whole steps from the stored step `lastspike` or `lastupdate` to the current one. */
    | { readonly kind: 'elapsed'; readonly since: SymbolReference }
    | { readonly kind: 'sum'; readonly items: readonly SumItem[] }
    | {
        readonly kind: 'product';
        readonly numerators: readonly Term[];
        readonly denominators: readonly Term[];
      }
    | { readonly kind: 'power'; readonly base: Term; readonly exponent: Term }
    | { readonly kind: 'floor-divide'; readonly left: Term; readonly right: Term }
    | { readonly kind: 'modulo'; readonly left: Term; readonly right: Term }
    | {
        readonly kind: 'compare';
        readonly operator: ComparisonOperator;
        readonly left: Term;
        readonly right: Term;
      }
    | { readonly kind: 'and'; readonly left: Term; readonly right: Term }
    | { readonly kind: 'or'; readonly left: Term; readonly right: Term }
    | { readonly kind: 'not'; readonly operand: Term }
    | { readonly kind: 'call'; readonly name: PureFunction; readonly arguments: readonly Term[] }
    | { readonly kind: 'draw'; readonly draw: 'uniform' | 'normal'; readonly slot: number }
    | {
        readonly kind: 'select';
        readonly condition: Term;
        readonly then: Term;
        readonly otherwise: Term;
      }
    | {
        readonly kind: 'table';
        readonly name: string;
        readonly column: Term | null;
        readonly halfSteps: 0 | 1 | 2;
      }
    /** A host constant that is not a formula: an entry of a matrix exponential, a rest value. */
    | { readonly kind: 'computed'; readonly compute: (environment: HostEnvironment) => number }
  );

/** A number; integers only where the user wrote one. */
export function number(value: number, type: 'float' | 'integer' = 'float'): Term {
  return { kind: 'number', value, type, host: true, text: String(value) };
}

export const ZERO = number(0);
export const ONE = number(1);

export function boolean(value: boolean): Term {
  return { kind: 'boolean', value, type: 'boolean', host: true, text: value ? 'True' : 'False' };
}

/** Text of a symbol; the side is part of it, so equal texts mean the same thing inside one model. */
export function symbolText(symbol: SymbolReference): string {
  if (symbol.role !== 'variable' && symbol.role !== 'special') return symbol.name;
  return symbol.side === 'pre' || symbol.side === 'post'
    ? `${symbol.name}_${symbol.side}`
    : symbol.name;
}

const HOST_SPECIALS: ReadonlySet<string> = new Set(['dt', 'N', 'N_pre', 'N_post']);

export function symbol(reference: SymbolReference, type: ValueType = 'float'): Term {
  const host =
    reference.role === 'parameter' ||
    (reference.role === 'special' && HOST_SPECIALS.has(reference.name));
  return { kind: 'symbol', symbol: reference, type, host, text: symbolText(reference) };
}

/** A variable of the element itself. */
export const variable = (name: string, type: ValueType = 'float'): Term =>
  symbol({ role: 'variable', name, side: 'own' }, type);

/** A value that an earlier statement of the same body has named. */
export const localTerm = (name: string, type: ValueType = 'float'): Term =>
  symbol({ role: 'local', name }, type);

/** The time step; a host constant. */
export const DT = symbol({ role: 'special', name: 'dt', side: 'own' });

export function time(halfSteps: 0 | 1 | 2 = 0): Term {
  const text = ['t', '(t + dt/2)', '(t + dt)'][halfSteps] as string;
  return { kind: 'time', halfSteps, type: 'float', host: false, text };
}

export function elapsed(since: SymbolReference): Term {
  const text = `steps_since_${symbolText(since)}`;
  return { kind: 'elapsed', since, type: 'integer', host: false, text };
}

export function computed(name: string, compute: (environment: HostEnvironment) => number): Term {
  return { kind: 'computed', compute, type: 'float', host: true, text: name };
}

export function draw(kind: 'uniform' | 'normal', slot: number): Term {
  const text = `${kind === 'uniform' ? 'rand' : 'randn'}_${slot}`;
  return { kind: 'draw', draw: kind, slot, type: 'float', host: false, text };
}

export function table(name: string, column: Term | null, halfSteps: 0 | 1 | 2 = 0): Term {
  const moment = time(halfSteps).text;
  const text = column === null ? `${name}(${moment})` : `${name}(${moment}, ${column.text})`;
  return { kind: 'table', name, column, halfSteps, type: 'float', host: false, text };
}

// ---- Walking ----

/** The direct parts of a term, left to right. */
export function partsOf(term: Term): readonly Term[] {
  switch (term.kind) {
    case 'sum':
      return term.items.map((item) => item.term);
    case 'product':
      return [...term.numerators, ...term.denominators];
    case 'power':
      return [term.base, term.exponent];
    case 'floor-divide':
    case 'modulo':
    case 'compare':
    case 'and':
    case 'or':
      return [term.left, term.right];
    case 'not':
      return [term.operand];
    case 'call':
      return term.arguments;
    case 'select':
      return [term.condition, term.then, term.otherwise];
    case 'table':
      return term.column === null ? [] : [term.column];
    default:
      return [];
  }
}

/** Whether any part of the term (itself included) satisfies the test. */
export function contains(term: Term, test: (part: Term) => boolean): boolean {
  return test(term) || partsOf(term).some((part) => contains(part, test));
}
