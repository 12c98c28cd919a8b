/**
 * One neuron run by the reference interpreter: lowers a model text and steps its update kernel as the engines do
 * (begin, advance, spike test, onSpike, late). Slow and plain; for tests of lowering and of the integrators.
 */

import type { CheckedPopulation } from '../../src/language/ast.ts';
import { checkPopulation } from '../../src/language/check.ts';
import {
  type LoweredPopulation,
  lowerPopulation,
  type PopulationOptions,
} from '../../src/language/lower.ts';
import { drawWord } from '../../src/language/philox.ts';
import type { Dimension } from '../../src/language/units.ts';
import { parseQuantity } from '../../src/language/units.ts';
import { evaluate, type InterpreterTable, interpret, placeKey } from './interpret.ts';

export interface ModelText {
  readonly eqs: string;
  readonly onStep?: string;
  readonly threshold?: string;
  readonly reset?: string;
  readonly refractory?: string;
}

export interface RunOptions extends Partial<Omit<PopulationOptions, 'keepAbsolute'>> {
  readonly params?: Readonly<Record<string, string | number>>;
  readonly keepAbsolute?: readonly string[];
  readonly interpreterTables?: readonly InterpreterTable[];
  readonly timedArrays?: Record<string, { dimension: Dimension; columns: number }>;
  readonly seed?: number;
}

/** Checks a model with the given parameters. */
export function checked(text: ModelText, o: RunOptions = {}): CheckedPopulation {
  const params: Record<string, Dimension> = {};
  for (const [name, value] of Object.entries(o.params ?? {})) {
    params[name] = parseQuantity(value, name).dimension;
  }
  return checkPopulation(text, { params, networkParams: {}, timedArrays: o.timedArrays ?? {} });
}

/** Checks and lowers a model. */
export function lowered(text: ModelText, o: RunOptions = {}): LoweredPopulation {
  return lowerPopulation(checked(text, o), {
    dtMs: o.dtMs ?? 0.1,
    method: o.method ?? 'auto',
    precision: o.precision ?? 'f64',
    inputs: o.inputs ?? [],
    poissonInputs: o.poissonInputs ?? [],
    tables: o.tables ?? {},
    keepAbsolute: new Set(o.keepAbsolute ?? []),
    ...(o.slow === undefined ? {} : { slow: o.slow }),
  });
}

/** Parameter values in internal units. */
export function values(params: Readonly<Record<string, string | number>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, parseQuantity(value, name).value]),
  );
}

/** A single neuron in the interpreter. */
export class Neuron {
  readonly lowered: LoweredPopulation;
  readonly constants: Float64Array;
  readonly #variables = new Map<string, number>();
  readonly #options: RunOptions;
  readonly #tables: readonly InterpreterTable[];
  #step = 0;
  #arrived: number[] = [];

  constructor(text: ModelText, o: RunOptions = {}) {
    this.#options = o;
    this.lowered = lowered(text, o);
    const parameters = { N: 1, ...values(o.params ?? {}) };
    this.constants = this.lowered.constants.compute(parameters);
    this.#tables = [
      ...this.lowered.tables.map(
        (table): InterpreterTable => ({
          kind: 'binomial',
          thresholds: table.thresholds(parameters),
        }),
      ),
      ...(o.interpreterTables ?? []),
    ];
    this.lowered.variables.forEach(({ name }) => {
      this.set(name, this.lowered.initialBookkeeping[name] ?? 0);
    });
  }

  get step(): number {
    return this.#step;
  }

  #surroundings(): Parameters<typeof interpret>[1] {
    const dtMs = this.#options.dtMs ?? 0.1;
    const time = this.#step * dtMs;
    return {
      precision: this.#options.precision ?? 'f64',
      variables: this.#variables,
      constants: this.constants,
      specials: { step: this.#step, time, index: 0 },
      draw: (slot) => drawWord(this.#options.seed ?? 1, 77, 0, this.#step, slot),
      tables: this.#tables,
      arrived: (input) => this.#arrived[input] ?? 0,
    };
  }

  #key(name: string): string {
    return placeKey({
      side: 'own',
      index: this.lowered.variables.findIndex((v) => v.name === name),
    });
  }

  /** Sets a variable, given in internal units. */
  set(name: string, value: number): void {
    const index = this.lowered.variables.findIndex((v) => v.name === name);
    const offset = this.lowered.offsets[index] ?? -1;
    this.#variables.set(
      this.#key(name),
      value - (offset < 0 ? 0 : (this.constants[offset] as number)),
    );
  }

  /** Applies what arrived and the resets of the step before; recordings read now. `arrived` per input. */
  begin(arrived: readonly number[] = []): void {
    this.#arrived = [...arrived];
    interpret(this.lowered.begin, this.#surroundings());
  }

  /** Integrates and tests for a spike. */
  finish(): boolean {
    const { advance, spiked, onSpike, late } = this.lowered;
    const surroundings = this.#surroundings();
    const locals = interpret(advance, surroundings);
    const spike = spiked !== null && evaluate(spiked, surroundings, locals) === true;
    if (spike) interpret(onSpike, surroundings, new Map(locals));
    interpret(late, surroundings, locals);
    this.#step++;
    return spike;
  }

  /** One step; `arrived` is what arrived at the step before. Returns whether it spiked. */
  advance(arrived: readonly number[] = []): boolean {
    this.begin(arrived);
    return this.finish();
  }

  /** Value as a recording reads it after `begin`. */
  read(name: string): number {
    const readable = this.lowered.readable[name];
    if (readable === undefined) throw new Error(`${name} is not readable`);
    const surroundings = this.#surroundings();
    const locals = interpret(readable.body, surroundings);
    return Number(evaluate(readable.value, surroundings, locals));
  }
}

/** Value of a variable after so many steps, from given first values. */
export function valueAfter(
  text: ModelText,
  steps: number,
  name: string,
  o: RunOptions,
  initial: Readonly<Record<string, number>> = {},
): number {
  const neuron = new Neuron(text, o);
  for (const [variable, value] of Object.entries(initial)) neuron.set(variable, value);
  for (let k = 0; k < steps; k++) neuron.advance();
  neuron.begin();
  return neuron.read(name);
}

/** The same after a time; the step is o.dtMs, 0.1 ms unless given. */
export const valueAt = (
  text: ModelText,
  timeMs: number,
  name: string,
  o: RunOptions,
  initial: Readonly<Record<string, number>> = {},
): number => valueAfter(text, Math.round(timeMs / (o.dtMs ?? 0.1)), name, o, initial);
