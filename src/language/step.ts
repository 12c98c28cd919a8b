/**
 * One exponential step of single equations, which several integrators are made of, and what all integrators work with.
 * Not an integrator itself: see methods.ts, implicit.ts and exact.ts.
 */
import { affine, derivative, isZero } from './algebra.ts';
import { call, choose, product, sum } from './combine.ts';
import type { Body } from './lower-term.ts';
import type { StateEquation, System } from './system.ts';
import { DT, number, type Term, variable } from './term.ts';

/** The new value of one state variable. */
export interface Update {
  readonly name: string;
  readonly next: Term;
}

/** What a method works with. */
export interface MethodInput {
  readonly system: System;
  /** Where stages are computed. */
  readonly body: Body;
  /** Condition under which clamped variables move; null when the population has no refractoriness. */
  readonly active: Term | null;
  /** Draw numbers by place. */
  readonly draws: Map<string, number>;
}

/** x + change for a variable that moves, x for a clamped one of a refractory neuron. */
export function moved({ active }: MethodInput, equation: StateEquation, change: Term): Update {
  const old = variable(equation.name);
  const next = sum(old, change);
  const held = equation.clamped && active !== null;
  return { name: equation.name, next: held ? choose(active, next, old) : next };
}

/** A and B of x' = A x + B; null for equations that are not linear in their own variable. */
function ratesOf(equation: StateEquation): { rate: Term | null; constant: Term } | null {
  const split = affine(equation.drift, new Set([equation.name]));
  if ('obstacle' in split) return null;
  return { rate: split.coefficients.get(equation.name) ?? null, constant: split.constant };
}

/** Announces the rates, so that what A and B of an equation have in common (the opening rate of a gate) is computed once. */
export function shareRates({ system, body }: MethodInput): void {
  body.share(
    system.flatMap((equation) => {
      const rates = ratesOf(equation);
      if (rates === null || rates.rate === null || rates.rate.host) return [equation.drift];
      return [rates.rate, rates.constant];
    }),
  );
}

/**
 * The exponential step of an equation that is linear in its own variable; null for others. A rate that the host knows
 * makes the whole gain dt * exprel(A dt) one constant, and pure decay one factor. `dt` may be part of a time step.
 */
export function linearStep(
  input: MethodInput,
  equation: StateEquation,
  dt: Term = DT,
): Update | null {
  const rates = ratesOf(equation);
  if (rates === null) return null;
  const old = variable(equation.name);
  if (rates.rate === null) return moved(input, equation, product(dt, equation.drift));
  if (!rates.rate.host) {
    const rate = input.body.local(`rate_of_${equation.name}`, rates.rate);
    const slope = sum(product(rate, old), rates.constant);
    return moved(input, equation, product(slope, dt, call('exprel', product(dt, rate))));
  }
  const exponent = product(dt, rates.rate);
  if (!isZero(rates.constant)) {
    return moved(input, equation, product(dt, call('exprel', exponent), equation.drift));
  }
  const decayed = product(call('exp', exponent), old);
  const held = equation.clamped && input.active !== null;
  return { name: equation.name, next: held ? choose(input.active, decayed, old) : decayed };
}

/** Largest exponent of the Rosenbrock step: keeps f32 finite, far above any cut-off (language.md §12). */
const LARGEST_EXPONENT = number(40);

/**
 * x += dt F exprel(z), z = min(J dt, 40), J = ∂F/∂x at the old state; the exponential step where the equation is linear
 * in its own variable.
 */
export function exponentialStep(
  input: MethodInput,
  equation: StateEquation,
  dt: Term = DT,
): Update {
  const linear = linearStep(input, equation, dt);
  if (linear !== null) return linear;
  const exponent = product(dt, derivative(equation.drift, equation.name));
  const clamped = call('clip', exponent, number(-Infinity), LARGEST_EXPONENT);
  return moved(input, equation, product(dt, call('exprel', clamped), equation.drift));
}
