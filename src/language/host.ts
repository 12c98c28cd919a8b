/**
 * Evaluation on the host, in f64: initial values, weights, delays and the constants of kernels. Terms become closures
 * once and are called per element, so nothing is looked up by kind while thousands of synapses are made.
 *
 * Not the engines' arithmetic: those are f32, or f64 in the oracle mode, and come from the kernel IR.
 */
import type { SymbolReference, TypedExpression } from './ast.ts';
import { binomialAt } from './binomial-draw.ts';
import { drawWord, uniformOf } from './philox.ts';
import { exprel, normalQuantile } from './portable-f64.ts';
import { resolve } from './resolve.ts';
import type { HostEnvironment, PureFunction, Term } from './term.ts';

export { normalQuantile } from './portable-f64.ts';
export type { HostEnvironment } from './term.ts';

/** A compiled expression; booleans give 0 or 1. */
export type HostFunction = (environment: HostEnvironment) => number;

/**
 * Compiles an expression or term for evaluation on the host. Draws are numbered in order of appearance from 0. The
 * caller's environment gives the symbols; subexpressions must have been substituted or be known to it.
 */
export function compileHost(expression: TypedExpression | Term): HostFunction {
  if ('text' in expression) return compileTerm(expression);
  return compileTerm(resolve(expression, { draws: new Map() }));
}

const FUNCTIONS: Readonly<Record<PureFunction, (...x: number[]) => number>> = {
  exp: Math.exp,
  log: Math.log,
  log10: Math.log10,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  arcsin: Math.asin,
  arccos: Math.acos,
  arctan: Math.atan,
  sqrt: Math.sqrt,
  abs: Math.abs,
  floor: Math.floor,
  ceil: Math.ceil,
  sign: Math.sign,
  clip: (x, low, high) => Math.min(Math.max(x as number, low as number), high as number),
  int: Math.trunc,
  expm1: Math.expm1,
  log1p: Math.log1p,
  exprel: exprel as (...x: number[]) => number,
  shift_left: (n, k) => (n as number) << (k as number),
  shift_right: (n, k) => (n as number) >> (k as number),
  bit_and: (n, m) => (n as number) & (m as number),
  bit_or: (n, m) => (n as number) | (m as number),
  binomial: binomialAt as (...x: number[]) => number,
} as Readonly<Record<PureFunction, (...x: number[]) => number>>;

const COMPARISONS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

function compileTerm(term: Term): HostFunction {
  switch (term.kind) {
    case 'number': {
      const { value } = term;
      return () => value;
    }
    case 'boolean': {
      const value = Number(term.value);
      return () => value;
    }
    case 'symbol': {
      const reference = term.symbol;
      return (environment) => environment.symbol(reference);
    }
    case 'time':
      return compileTime(term.halfSteps);
    case 'elapsed':
      return compileElapsed(term.since);
    case 'sum':
      return compileSum(term);
    case 'product':
      return compileProduct(term);
    case 'computed':
      return term.compute;
    case 'draw': {
      const { slot } = term;
      return term.draw === 'uniform'
        ? (environment) => environment.uniform(slot)
        : (environment) => environment.normal(slot);
    }
    case 'table': {
      const { name, halfSteps } = term;
      const column = term.column === null ? () => 0 : compileTerm(term.column);
      return (environment) => environment.table(name, column(environment), halfSteps);
    }
    case 'call':
      return compileCall(term);
    default:
      return compileOperation(term);
  }
}

const T: SymbolReference = { role: 'special', name: 't', side: 'own' };
const STEP: SymbolReference = { role: 'special', name: 'dt', side: 'own' };

function compileTime(halfSteps: number): HostFunction {
  return (environment) => environment.symbol(T) + 0.5 * halfSteps * environment.symbol(STEP);
}

function compileElapsed(since: SymbolReference): HostFunction {
  return (environment) =>
    Math.round((environment.symbol(T) - environment.symbol(since)) / environment.symbol(STEP));
}

function compileSum(term: Extract<Term, { kind: 'sum' }>): HostFunction {
  const items = term.items.map((item) => ({ sign: item.sign, value: compileTerm(item.term) }));
  return (environment) => {
    let total = 0;
    for (const item of items) total += item.sign * item.value(environment);
    return total;
  };
}

function compileProduct(term: Extract<Term, { kind: 'product' }>): HostFunction {
  const above = term.numerators.map(compileTerm);
  const below = term.denominators.map(compileTerm);
  return (environment) => {
    let result = 1;
    for (const factor of above) result *= factor(environment);
    for (const factor of below) result /= factor(environment);
    return result;
  };
}

function compileCall(term: Extract<Term, { kind: 'call' }>): HostFunction {
  const apply = FUNCTIONS[term.name];
  const [a, b, c] = term.arguments.map(compileTerm) as [HostFunction, HostFunction, HostFunction];
  if (term.arguments.length === 1) return (environment) => apply(a(environment));
  if (term.arguments.length === 2) return (environment) => apply(a(environment), b(environment));
  return (environment) => apply(a(environment), b(environment), c(environment));
}

type Operation = Extract<
  Term,
  { kind: 'power' | 'floor-divide' | 'modulo' | 'compare' | 'and' | 'or' | 'not' | 'select' }
>;

function compileOperation(term: Operation): HostFunction {
  switch (term.kind) {
    case 'power': {
      const base = compileTerm(term.base);
      const exponent = compileTerm(term.exponent);
      return (environment) => base(environment) ** exponent(environment);
    }
    case 'not': {
      const operand = compileTerm(term.operand);
      return (environment) => (operand(environment) === 0 ? 1 : 0);
    }
    case 'select': {
      const condition = compileTerm(term.condition);
      const then = compileTerm(term.then);
      const otherwise = compileTerm(term.otherwise);
      return (environment) =>
        condition(environment) !== 0 ? then(environment) : otherwise(environment);
    }
    default:
      return compilePair(term);
  }
}

function compilePair(
  term: Extract<Term, { kind: 'floor-divide' | 'modulo' | 'compare' | 'and' | 'or' }>,
): HostFunction {
  const left = compileTerm(term.left);
  const right = compileTerm(term.right);
  switch (term.kind) {
    case 'floor-divide':
      return (environment) => Math.floor(left(environment) / right(environment));
    case 'modulo':
      return (environment) => {
        const x = left(environment);
        const y = right(environment);
        return x - y * Math.floor(x / y);
      };
    case 'and':
      return (environment) => (left(environment) !== 0 && right(environment) !== 0 ? 1 : 0);
    case 'or':
      return (environment) => (left(environment) !== 0 || right(environment) !== 0 ? 1 : 0);
    case 'compare': {
      const test = COMPARISONS[term.operator] as (a: number, b: number) => boolean;
      return (environment) => (test(left(environment), right(environment)) ? 1 : 0);
    }
  }
}

/** What an element environment needs; see `elementEnvironment`. */
export interface ElementSource {
  /** Parameters in internal units, by name; own ones already shadow those of the network. */
  readonly parameters: Readonly<Record<string, number>>;
  readonly dtMs: number;
  readonly seed: number;
  /** Key word 1 of the draws: `streamOf(purpose, name)`. */
  readonly stream: number;
  /** Value of a variable (or a special symbol other than i, j, t, dt and N…) of element `element`. */
  readonly read?: (symbol: SymbolReference, element: number) => number;
  /** Value of a timed array at time 0. */
  readonly table?: (name: string, column: number) => number;
}

/** A host environment for a run over elements; set `element` (and the two ends of a synapse) between evaluations. */
export interface ElementEnvironment extends HostEnvironment {
  /** Counter word 0 of the draws, and `i` in a population. */
  element: number;
  /** Ends of the current synapse: `i` and `j` in a projection. Negative in a population. */
  pre: number;
  post: number;
}

/** Makes the environment in which initial values, weights and delays are evaluated (time 0, step 0). */
export function elementEnvironment(source: ElementSource): ElementEnvironment {
  const { parameters, dtMs, seed, stream } = source;
  const environment: ElementEnvironment = {
    element: 0,
    pre: -1,
    post: -1,
    cache: new Map(),
    symbol(symbol) {
      if (symbol.role === 'parameter') return parameterOf(parameters, symbol.name);
      if (symbol.role === 'special') {
        if (symbol.name === 'i') return environment.pre < 0 ? environment.element : environment.pre;
        if (symbol.name === 'j') return environment.post;
        if (symbol.name === 'dt') return dtMs;
        if (symbol.name === 't' || symbol.name === 't_in_timesteps') return 0;
        const size = parameters[symbol.name];
        if (size !== undefined) return size;
      }
      if (source.read === undefined) {
        throw new Error(`internal: no value for ${symbol.name} on the host`);
      }
      return source.read(symbol, environment.element);
    },
    uniform: (slot) => uniformOf(drawWord(seed, stream, environment.element, 0, slot)),
    normal: (slot) =>
      normalQuantile(
        ((drawWord(seed, stream, environment.element, 0, slot) >>> 9) + 0.5) * 2 ** -23,
      ),
    table(name, column) {
      if (source.table === undefined)
        throw new Error(`internal: no timed array ${name} on the host`);
      return source.table(name, column);
    },
  };
  return environment;
}

/** Value of a parameter; a qualified name ("post.tau") falls back to the plain one. */
export function parameterOf(parameters: Readonly<Record<string, number>>, name: string): number {
  const value = parameters[name] ?? parameters[name.slice(name.indexOf('.') + 1)];
  if (value === undefined) throw new Error(`internal: parameter ${name} has no value`);
  return value;
}
