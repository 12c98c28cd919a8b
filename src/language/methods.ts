/**
 * The integrators other than exact: from equations to the new value of every state variable, all computed from old
 * values. Stages become locals of the body. f = drift, g = factor of a noise term, dW = sqrt(dt) * normal draw.
 */
import { atStage } from './algebra.ts';
import { call, choose, power, product, quotient, substitute, sum } from './combine.ts';
import { implicitSteps } from './implicit.ts';
import type { Method } from './integrate.ts';
import { drawSlot } from './resolve.ts';
import {
  exponentialStep,
  linearStep,
  type MethodInput,
  moved,
  shareRates,
  type Update,
} from './step.ts';
import type { StateEquation } from './system.ts';
import { DT, draw, number, type Term, variable } from './term.ts';

type Integrator = (input: MethodInput) => Update[];

/** New values by the named method; `exact` has its own file. */
export function updatesBy(method: Exclude<Method, 'exact' | 'none'>, input: MethodInput): Update[] {
  return INTEGRATORS[method](input);
}

const INTEGRATORS: Readonly<Record<Exclude<Method, 'exact' | 'none'>, Integrator>> = {
  exponential_euler: exponentialEuler,
  exponential_rosenbrock: exponentialRosenbrock,
  exponential_sequential: exponentialSequential,
  exponential_symmetric: exponentialSymmetric,
  implicit: implicitSteps,
  euler,
  heun,
  milstein,
  rk2: (input) => rungeKutta(input, [1]),
  rk4: (input) => rungeKutta(input, [1, 1, 2]),
};

/** x += (A x + B) dt exprel(A dt) for x' = A x + B. */
function exponentialEuler(input: MethodInput): Update[] {
  shareRates(input);
  return input.system.map((equation) => {
    const update = linearStep(input, equation);
    if (update === null) throw new Error('internal: exponential Euler of a nonlinear equation');
    return update;
  });
}

/** Every equation by its own exponential step. */
function exponentialRosenbrock(input: MethodInput): Update[] {
  shareRates(input);
  return input.system.map((equation) => exponentialStep(input, equation));
}

/**
 * Exponential steps one after the other: every equation sees the new values of those above it in the text. With gates
 * above the voltage this is the staggered scheme of conductance-based simulators: cheap, stable for any conductance, and
 * more accurate than steps that all start from old values. Of first order where equations depend on each other.
 */
function exponentialSequential(input: MethodInput): Update[] {
  const values = new Map<string, Term>();
  return input.system.map((equation) => {
    const drift = values.size === 0 ? equation.drift : atStage(equation.drift, values, 0);
    const there = { ...equation, drift };
    shareRates({ ...input, system: [there] });
    const { name, next } = exponentialStep(input, there);
    const value = input.body.local(`${name}_next`, next);
    values.set(name, value);
    return { name, next: value };
  });
}

/**
 * Exponential steps in sequence there and back: half a step of every equation from the first to the last, a whole one of
 * the last, half a step from there to the first. Each sees the newest values of all others, and the same steps backwards
 * undo what they did, so that the method is of second order, and as stable as exponentialSequential. Input is that of the
 * middle of the step.
 */
function exponentialSymmetric(input: MethodInput): Update[] {
  const { system, body } = input;
  const values = new Map<string, Term>();
  const half = product(number(0.5), DT);
  const advance = (equation: StateEquation, dt: Term, hint: string): void => {
    const { name } = equation;
    const others = new Map([...values].filter(([other]) => other !== name));
    const there = { ...equation, drift: atStage(equation.drift, others, 1) };
    shareRates({ ...input, system: [there] });
    const { next } = exponentialStep(input, there, dt);
    const old = values.get(name);
    const moved =
      old === undefined ? next : substitute(next, (part) => (part.text === name ? old : undefined));
    values.set(name, body.local(`${name}_${hint}`, moved));
  };
  const last = system.length - 1;
  for (const [k, equation] of system.entries()) {
    if (k === last) advance(equation, DT, 'next');
    else advance(equation, half, 'half');
  }
  for (const equation of system.slice(0, last).reverse()) advance(equation, half, 'next');
  return system.map(({ name }) => ({ name, next: values.get(name) as Term }));
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
