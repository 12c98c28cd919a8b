/**
 * Constants of a kernel that the host computes in f64: every largest part of a formula that depends on parameters, dt
 * and population sizes only. Which constants there are depends on the text alone, never on parameter values, so that
 * equal models share code and a slider never recompiles.
 */
import type { SymbolReference } from './ast.ts';
import { compileHost, type HostFunction, parameterOf } from './host.ts';
import { integer, literal, type Value } from './kernel.ts';
import { contains, type HostEnvironment, type Term } from './term.ts';

/** The constants of one kernel member, in the order of the IR's constant indices. */
export interface HostConstants {
  readonly names: readonly string[];
  /** What each one is, as a formula for people. */
  readonly formulas: readonly string[];
  /**
   * Values in f64. `parameters`: internal units, by name; a population's or projection's own ones already shadow those
   * of the network, and the sizes `N` (population) or `N`, `N_pre`, `N_post` (projection) are among them. A pure
   * function of its argument.
   */
  compute(parameters: Readonly<Record<string, number>>): Float64Array;
}

/** Collects the constants of one kernel while it is lowered; equal formulas are one constant. */
export class ConstantPool {
  readonly #dtMs: number;
  readonly #index = new Map<string, number>();
  readonly #names: string[] = [];
  readonly #formulas: string[] = [];
  readonly #functions: HostFunction[] = [];

  constructor(dtMs: number) {
    this.#dtMs = dtMs;
  }

  /** The value of a host-known float or integer term: a literal when it holds numbers only, else a constant. */
  value(term: Term, name?: string): Value {
    const fixed = fixedValue(term);
    if (fixed !== null && Number.isFinite(fixed)) {
      return term.type === 'integer' ? integer(fixed) : literal(fixed);
    }
    const index = this.index(term, name);
    return { op: 'constant', type: 'f32', index, name: this.#names[index] as string };
  }

  /** Index of the constant with this formula, added (under `name`) when it is new. */
  index(term: Term, name = identifierOf(term.text)): number {
    const known = this.#index.get(term.text);
    if (known !== undefined) return known;
    const index = this.#names.length;
    this.#index.set(term.text, index);
    this.#names.push(this.#freshName(name));
    this.#formulas.push(term.text);
    this.#functions.push(compileHost(term));
    return index;
  }

  #freshName(base: string): string {
    let name = base;
    for (let k = 2; this.#names.includes(name); k++) name = `${base}_${k}`;
    return name;
  }

  /** The finished list. */
  finish(): HostConstants {
    const functions = this.#functions;
    const dtMs = this.#dtMs;
    return {
      names: this.#names,
      formulas: this.#formulas,
      compute(parameters) {
        const environment = constantEnvironment(parameters, dtMs);
        return Float64Array.from(functions, (evaluate) => evaluate(environment));
      },
    };
  }
}

/** Number of a term that holds numbers only, else null. */
export function fixedValue(term: Term): number | null {
  if (!term.host || contains(term, (part) => part.kind === 'symbol' || part.kind === 'computed')) {
    return null;
  }
  return compileHost(term)(constantEnvironment({}, 0));
}

/** The environment in which constants are computed: parameters, dt and sizes. */
export function constantEnvironment(
  parameters: Readonly<Record<string, number>>,
  dtMs: number,
): HostEnvironment {
  const unavailable = (): never => {
    throw new Error('internal: a host constant depends on an element');
  };
  return {
    symbol(symbol: SymbolReference): number {
      if (symbol.role === 'special' && symbol.name === 'dt') return dtMs;
      return parameterOf(parameters, symbol.name);
    },
    uniform: unavailable,
    normal: unavailable,
    table: unavailable,
    cache: new Map(),
  };
}

const OPERATOR_WORDS: readonly (readonly [RegExp, string])[] = [
  [/\*\*/g, '_to_'],
  [/ - |-/g, '_minus_'],
  [/ \+ |\+/g, '_plus_'],
  [/\*/g, '_times_'],
  [/\//g, '_over_'],
  [/\./g, '_'],
];

/** A readable identifier for a formula, valid in WGSL; long formulas are cut short. */
export function identifierOf(formula: string): string {
  let text = formula.startsWith('-') ? `minus_${formula.slice(1)}` : formula;
  for (const [pattern, word] of OPERATOR_WORDS) text = text.replace(pattern, word);
  text = text.replace(/[^A-Za-z0-9]+/g, '_').replace(/^_+|_+$/g, '');
  if (!/^[A-Za-z]/.test(text)) text = `c_${text}`;
  return text.length > 40 ? text.slice(0, 40).replace(/_+$/, '') : text;
}
