/**
 * The differential equations of a population as terms: drift and noise per state variable, with subexpressions
 * substituted. Input of the choice of a method and of the methods themselves.
 */
import { NetworkError } from '../errors.ts';
import { affine, dependsOn } from './algebra.ts';
import type { CheckedPopulation, SymbolReference, Variable } from './ast.ts';
import { type Resolution, resolve } from './resolve.ts';
import { localTerm, type Term, variable } from './term.ts';

/** One equation dx/dt = drift + Σ noise[k] * k. */
export interface StateEquation {
  readonly name: string;
  /** `(unless refractory)`. */
  readonly clamped: boolean;
  readonly drift: Term;
  /** Factors of the noise terms, by noise name. */
  readonly noise: ReadonlyMap<string, Term>;
}

export type System = readonly StateEquation[];

/** Name of the local that holds a `(constant over dt)` subexpression. */
export const heldName = (name: string): string => `${name}_held`;

export const isHeld = (v: Variable): boolean =>
  v.kind === 'subexpression' && v.flags.includes('constant over dt');

/**
 * Meaning of names in a population. `read` gives the value of a stored variable (default: itself); subexpressions are
 * substituted, those that are constant over dt become their local.
 */
export function populationResolution(
  model: CheckedPopulation,
  draws: Map<string, number>,
  block: string,
  read: (name: string, stored: Term) => Term = (_, stored) => stored,
): Resolution {
  const byName = new Map(model.variables.map((v) => [v.name, v]));
  const meaning = (reference: SymbolReference): Term | undefined => {
    if (reference.role !== 'variable') return undefined;
    const declared = byName.get(reference.name);
    if (declared === undefined) throw new Error(`internal: unknown variable ${reference.name}`);
    if (isHeld(declared))
      return read(declared.name, localTerm(heldName(declared.name), declared.type));
    if (declared.kind === 'subexpression' && declared.expression !== null) {
      return resolve(declared.expression, { ...resolution, block: 'eqs' });
    }
    return read(declared.name, variable(declared.name, declared.type));
  };
  const resolution: Resolution = { block, draws, symbol: meaning };
  return resolution;
}

/** The equations of a model that advance every step. */
export function systemOf(model: CheckedPopulation, draws: Map<string, number>): System {
  return equationsOf(model, false, populationResolution(model, draws, 'eqs'));
}

/**
 * The equations that advance once per slow step. `read` as in `populationResolution`; `mean` gives the value of mean(x)
 * for the term of x.
 */
export function slowSystemOf(
  model: CheckedPopulation,
  draws: Map<string, number>,
  read: (name: string, stored: Term) => Term,
  mean: (argument: Term) => Term,
): System {
  return equationsOf(model, true, { ...populationResolution(model, draws, 'eqs', read), mean });
}

/** Whether a variable advances once per slow step. */
export const isSlow = (v: Variable): boolean => v.flags.includes('slow');

function equationsOf(model: CheckedPopulation, slow: boolean, resolution: Resolution): System {
  const own = model.variables.filter((v) => v.kind === 'differential' && isSlow(v) === slow);
  const system = splitNoise(own, model.noise, resolution);
  if (model.refractory === null) return system;
  const clamped = new Set(
    own.filter(({ flags }) => flags.includes('unless refractory')).map(({ name }) => name),
  );
  return system.map((equation) => ({ ...equation, clamped: clamped.has(equation.name) }));
}

/** The equations of differential variables, drift and noise apart; none is clamped. */
export function splitNoise(
  variables: readonly Variable[],
  noise: readonly string[],
  resolution: Resolution,
): System {
  const noiseNames = new Set(noise);
  return variables
    .filter((v) => v.expression !== null)
    .map((v) => {
      const right = resolve(v.expression as NonNullable<typeof v.expression>, resolution);
      const split = affine(right, noiseNames);
      if (
        'obstacle' in split ||
        [...split.coefficients.values()].some((c) => dependsOn(c, noiseNames))
      ) {
        const text = 'obstacle' in split ? split.obstacle.text : right.text;
        throw new NetworkError(
          `The equation of ${v.name} is not linear in its noise: term ${text}. Noise can only be multiplied and added.`,
          { value: text },
        );
      }
      return {
        name: v.name,
        clamped: false,
        drift: split.constant,
        noise: split.coefficients,
      };
    });
}

/** Names of the state variables. */
export const stateNames = (system: System): ReadonlySet<string> =>
  new Set(system.map((equation) => equation.name));
