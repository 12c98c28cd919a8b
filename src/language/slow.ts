/**
 * Slow equations of a population or projection: variables flagged (slow) advance once per slow step of K steps, from
 * means of the fast ones over the slow step that ends. Their step is K dt times the acceleration. This file turns them into statements
 * that follow the fast step; it knows nothing of fast integration.
 *
 * dx/dt = f over a step of c dt is dx/dt = c f over a step of dt, so the equations are multiplied by c = K acceleration
 * (noise by its root) and every integrator serves both clocks. In single precision a slow step is also the more accurate
 * choice: what dt adds to a variable of hours is below its last bit.
 */
import type { CheckedPopulation } from './ast.ts';
import { product } from './combine.ts';
import { identifierOf } from './constants.ts';
import { exactMethod } from './exact.ts';
import { chooseSlowMethod, type MethodChoice } from './integrate.ts';
import * as ir from './kernel.ts';
import type { Body } from './lower-term.ts';
import { updatesBy } from './methods.ts';
import type { Update } from './step.ts';
import { isSlow, type System } from './system.ts';
import { number, type Term, variable } from './term.ts';

/** The clock of slow equations. */
export interface SlowClock {
  /** Steps of the network in a slow step, at least 1. */
  readonly steps: number;
  /** By how much slow time runs ahead of the network's; 1 is as written. */
  readonly acceleration: number;
}

/** A fast term of which slow equations read the mean. */
interface Mean {
  readonly term: Term;
  /** Name of the stored variable that sums it up over a slow step. */
  readonly sum: string;
}

/** What slow equations are made from. */
export interface SlowParts {
  readonly clock: SlowClock;
  /** Of the whole model, as chooseSlowMethod takes it. */
  readonly method: string;
  readonly draws: Map<string, number>;
  /** Names that are taken already. */
  readonly taken: Iterable<string>;
  /** The equations; `mean` gives the value of mean(x) for the term of x. */
  readonly system: (mean: (argument: Term) => Term) => System;
  readonly hasFastEquations: boolean;
}

/** The slow part of one model. */
export class SlowEquations {
  readonly #clock: SlowClock;
  readonly #draws: Map<string, number>;
  readonly #system: System;
  readonly #means = new Map<string, Mean>();
  readonly #choice: MethodChoice;

  constructor({ clock, method, draws, taken, system: make, hasFastEquations }: SlowParts) {
    this.#clock = clock;
    this.#draws = draws;
    const names = new Set(taken);
    const system = make((term) => {
      const { sum: name } = this.#meanOf(term, names);
      return product(number(1 / clock.steps), variable(name));
    });
    const factor = clock.steps * clock.acceleration;
    this.#system = system.map((equation) => ({
      ...equation,
      drift: product(number(factor), equation.drift),
      noise: new Map(
        [...equation.noise].map(([name, g]) => [name, product(number(Math.sqrt(factor)), g)]),
      ),
    }));
    this.#choice = chooseSlowMethod(this.#system, method, hasFastEquations);
  }

  #meanOf(term: Term, taken: Set<string>): Mean {
    const known = this.#means.get(term.text);
    if (known !== undefined) return known;
    const base = `sum_of_${identifierOf(term.text)}`;
    let name = base;
    for (let k = 2; taken.has(name); k++) name = `${base}_${k}`;
    taken.add(name);
    const mean = { term, sum: name };
    this.#means.set(term.text, mean);
    return mean;
  }

  /** How the slow equations are integrated. */
  get choice(): MethodChoice {
    return this.#choice;
  }

  /** The sums that means are made from; they start at 0. */
  get sums(): readonly ir.StoredVariable[] {
    return [...this.#means.values()].map(({ sum: name }) => ({ name, type: 'f32' }));
  }

  /** Appends the slow part of a step: adds to the sums and, at the end of a slow step, advances the slow variables. */
  append(body: Body, placeOf: (name: string) => ir.Place): void {
    const { steps } = this.#clock;
    this.#describe(body);
    this.accumulate(body, placeOf);
    const inner = body.inner();
    this.#advance(inner, placeOf);
    const stepsDone = ir.add(ir.special('step'), ir.integer(1));
    const phase = ir.binary('rem', stepsDone, ir.integer(steps));
    const condition = ir.binary('eq', phase, ir.integer(0));
    body.statements.push({ kind: 'if', condition, body: inner.statements, rare: true });
  }

  /** Appends what every step adds to the sums. */
  accumulate(body: Body, placeOf: (name: string) => ir.Place): void {
    const means = [...this.#means.values()];
    body.share(means.map(({ term }) => term));
    for (const { term, sum: name } of means) {
      const place = placeOf(name);
      body.set(place, ir.add(ir.get(place), body.float(term)));
    }
  }

  /** Appends the end of a slow step: advances the slow variables, and the sums begin again. */
  advance(body: Body, placeOf: (name: string) => ir.Place): void {
    this.#describe(body);
    this.#advance(body, placeOf);
  }

  #describe(body: Body): void {
    const { steps, acceleration } = this.#clock;
    const pace = acceleration === 1 ? '' : `, ${acceleration} times as fast`;
    body.comment(`slow equations, every ${steps} steps${pace}: ${this.#choice.method}`);
  }

  #advance(body: Body, placeOf: (name: string) => ir.Place): void {
    const updates = this.#updates(body);
    body.share(updates.map(({ next }) => next));
    const values = updates.map(({ name, next }) => ({
      name,
      value: body.name(name, body.float(next)),
    }));
    for (const { name, value } of values) body.set(placeOf(name), value);
    for (const { sum: name } of this.#means.values()) body.set(placeOf(name), ir.literal(0));
  }

  #updates(body: Body): readonly Update[] {
    const { method } = this.#choice;
    if (method === 'none') return [];
    if (method === 'exact') {
      const asStored = new Set(this.#system.map(({ name }) => name));
      return exactMethod(this.#system, asStored).updates(null);
    }
    return updatesBy(method, {
      system: this.#system,
      body,
      active: null,
      draws: this.#draws,
    });
  }
}

/** Whether a model has slow equations. */
export const hasSlowEquations = ({ variables }: Pick<CheckedPopulation, 'variables'>): boolean =>
  variables.some(isSlow);
