/**
 * The integrators other than exact: from equations to the new value of every state variable, all computed from old
 * values. Stages become locals of the body. f = drift, g = factor of a noise term, dW = sqrt(dt) * normal draw.
 */
import { affine, atStage, derivative, isZero } from './algebra.ts';
import { call, choose, power, product, quotient, sum } from './combine.ts';
import type { Method } from './integrate.ts';
import type { Body } from './lower-term.ts';
import { drawSlot } from './resolve.ts';
import type { StateEquation, System } from './system.ts';
import { DT, draw, number, type Term, variable } from './term.ts';

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

type Integrator = (input: MethodInput) => Update[];

/** New values by the named method; `exact` has its own file. */
export function updatesBy(method: Exclude<Method, 'exact' | 'none'>, input: MethodInput): Update[] {
  return INTEGRATORS[method](input);
}

const INTEGRATORS: Readonly<Record<Exclude<Method, 'exact' | 'none'>, Integrator>> = {
  exponential_euler: exponentialEuler,
  exponential_rosenbrock: exponentialRosenbrock,
  euler,
  heun,
  milstein,
  rk2: (input) => rungeKutta(input, [1]),
  rk4: (input) => rungeKutta(input, [1, 1, 2]),
};

/** x + change for a variable that moves, x for a clamped one of a refractory neuron. */
function moved({ active }: MethodInput, equation: StateEquation, change: Term): Update {
  const old = variable(equation.name);
  const next = sum(old, change);
  const held = equation.clamped && active !== null;
  return { name: equation.name, next: held ? choose(active, next, old) : next };
}

/** x += (A x + B) dt exprel(A dt) for x' = A x + B. */
function exponentialEuler(input: MethodInput): Update[] {
  shareRates(input);
  return input.system.map((equation) => {
    const update = linearStep(input, equation);
    if (update === null) throw new Error('internal: exponential Euler of a nonlinear equation');
    return update;
  });
}

/** A and B of x' = A x + B; null for equations that are not linear in their own variable. */
function ratesOf(equation: StateEquation): { rate: Term | null; constant: Term } | null {
  const split = affine(equation.drift, new Set([equation.name]));
  if ('obstacle' in split) return null;
  return { rate: split.coefficients.get(equation.name) ?? null, constant: split.constant };
}

/** Announces the rates, so that what A and B of an equation have in common (the opening rate of a gate) is computed once. */
function shareRates({ system, body }: MethodInput): void {
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
 * makes the whole gain dt * exprel(A dt) one constant, and pure decay one factor.
 */
function linearStep(input: MethodInput, equation: StateEquation): Update | null {
  const rates = ratesOf(equation);
  if (rates === null) return null;
  const old = variable(equation.name);
  if (rates.rate === null) return moved(input, equation, product(DT, equation.drift));
  if (!rates.rate.host) {
    const rate = input.body.local(`rate_of_${equation.name}`, rates.rate);
    const slope = sum(product(rate, old), rates.constant);
    return moved(input, equation, product(slope, DT, call('exprel', product(DT, rate))));
  }
  const exponent = product(DT, rates.rate);
  if (!isZero(rates.constant)) {
    return moved(input, equation, product(DT, call('exprel', exponent), equation.drift));
  }
  const decayed = product(call('exp', exponent), old);
  const held = equation.clamped && input.active !== null;
  return { name: equation.name, next: held ? choose(input.active, decayed, old) : decayed };
}

/** Largest exponent of the Rosenbrock step: keeps f32 finite, far above any cut-off (language.md §12). */
const LARGEST_EXPONENT = number(40);

/** x += dt F exprel(z), z = min(J dt, 40), J = ∂F/∂x at the old state; linear equations as in exponential Euler. */
function exponentialRosenbrock(input: MethodInput): Update[] {
  shareRates(input);
  return input.system.map((equation) => {
    const linear = linearStep(input, equation);
    if (linear !== null) return linear;
    const exponent = product(DT, derivative(equation.drift, equation.name));
    const clamped = call('clip', exponent, number(-Infinity), LARGEST_EXPONENT);
    return moved(input, equation, product(DT, call('exprel', clamped), equation.drift));
  });
}

/** dW of a noise term: one draw per name, neuron and step. */
function noiseStep(input: MethodInput, name: string): Term {
  const normal = draw('normal', drawSlot(input.draws, `noise:${name}`));
  return product(call('sqrt', DT), normal);
}

/** x += dt f + Σ g dW (additive noise). */
function euler(input: MethodInput): Update[] {
  return input.system.map((equation) => {
    const noise = [...equation.noise].map(([name, g]) => product(noiseStep(input, name), g));
    return moved(input, equation, sum(product(DT, equation.drift), ...noise));
  });
}

/** Every noise name in use, with its step as a local. */
function noiseSteps(input: MethodInput): Map<string, Term> {
  const steps = new Map<string, Term>();
  for (const equation of input.system) {
    for (const name of equation.noise.keys()) {
      if (!steps.has(name)) steps.set(name, input.body.local(`d${name}`, noiseStep(input, name)));
    }
  }
  return steps;
}

/** Stratonovich: per noise term xs = x + g(x,t) dW; x += dt f + ½ dW (g(x,t) + g(xs,t+dt)). */
function heun(input: MethodInput): Update[] {
  const { system, body } = input;
  const steps = noiseSteps(input);
  const supports = new Map<string, Map<string, Term>>();
  for (const [noise, step] of steps) {
    const support = new Map<string, Term>();
    for (const equation of system) {
      const g = equation.noise.get(noise);
      if (g === undefined) continue;
      const { next } = moved(input, equation, product(g, step));
      support.set(equation.name, body.local(`${equation.name}_support`, next));
    }
    supports.set(noise, support);
  }
  return system.map((equation) => {
    const parts = [product(DT, equation.drift)];
    for (const [noise, g] of equation.noise) {
      const support = supports.get(noise) as Map<string, Term>;
      const mean = sum(g, atStage(g, support, 2));
      parts.push(product(number(0.5), steps.get(noise) as Term, mean));
    }
    return moved(input, equation, sum(...parts));
  });
}

/** Derivative-free, Stratonovich: xs = x + dt f + sqrt(dt) g; x += dt f + g dW + (g(xs) - g(x)) dW²/(2 sqrt(dt)). */
function milstein(input: MethodInput): Update[] {
  const { system, body } = input;
  const steps = noiseSteps(input);
  const root = call('sqrt', DT);
  const support = new Map<string, Term>();
  for (const equation of system) {
    const g = [...equation.noise.values()].map((factor) => product(root, factor));
    const { next } = moved(input, equation, sum(product(DT, equation.drift), ...g));
    support.set(equation.name, body.local(`${equation.name}_support`, next));
  }
  return system.map((equation) => {
    const parts = [product(DT, equation.drift)];
    for (const [noise, g] of equation.noise) {
      const step = steps.get(noise) as Term;
      const slope = sum(atStage(g, support, 0), product(number(-1), g));
      const square = quotient(power(step, number(2, 'integer')), product(number(2), root));
      parts.push(product(g, step), product(slope, square));
    }
    return moved(input, equation, sum(...parts));
  });
}

/**
 * Explicit Runge-Kutta where stage k+1 is at x + halves[k]/2 * k_k and time t + halves[k]/2 * dt: [1] is rk2 (midpoint),
 * [1, 1, 2] is rk4. Clamped variables of refractory neurons stand still through all stages.
 */
function rungeKutta(input: MethodInput, halves: readonly (1 | 2)[]): Update[] {
  const { system, body } = input;
  let values = new Map<string, Term>();
  const stages: Map<string, Term>[] = [];
  for (let stage = 0; stage <= halves.length; stage++) {
    const half = stage === 0 ? 0 : (halves[stage - 1] as 1 | 2);
    const slopes = system.map((equation) =>
      product(DT, half === 0 ? equation.drift : atStage(equation.drift, values, half)),
    );
    body.share(slopes);
    const changes = new Map<string, Term>();
    system.forEach((equation, k) => {
      const slope = slopes[k] as Term;
      const held = equation.clamped && input.active !== null;
      const change = held ? choose(input.active as Term, slope, number(0)) : slope;
      changes.set(equation.name, body.local(`k${stage + 1}_${equation.name}`, change));
    });
    stages.push(changes);
    const next = halves[stage];
    if (next !== undefined) {
      values = new Map(
        [...changes].map(([name, change]) => {
          const at = sum(variable(name), product(number(next / 2), change));
          return [name, body.local(`${name}_at${stage + 2}`, at)];
        }),
      );
    }
  }
  return system.map((equation) => {
    const change = (stage: number): Term => stages[stage]?.get(equation.name) as Term;
    const total =
      halves.length === 1
        ? change(1)
        : product(
            number(1 / 6),
            sum(change(0), product(number(2), sum(change(1), change(2))), change(3)),
          );
    return { name: equation.name, next: sum(variable(equation.name), total) };
  });
}
