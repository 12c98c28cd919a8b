/**
 * How far neurons are from their threshold, and which parameter would take them there: for conditions that compare a
 * variable with something ("v > v_thresh", "v > vt and not_refractory"). Evaluated on the host, from values of now;
 * nothing that runs uses it.
 */

import type { SymbolReference } from '../language/ast.ts';
import {
  compileHost,
  type HostEnvironment,
  type HostFunction,
  parameterOf,
} from '../language/host.ts';
import { contains, type Term } from '../language/term.ts';
import { DIMENSIONS, type Dimension, divide, power, sameDimension } from '../language/units.ts';
import type { Context } from './context.ts';
import { type PopulationPart, populationParameters, writtenOut } from './populations.ts';

/** The neuron that is nearest to its threshold; internal units. */
export interface NearestNeuron {
  /** Numbered in its population. */
  readonly neuron: number;
  readonly value: number;
  readonly threshold: number;
  /** What its variable has to rise by (or fall by, where spikes are below the threshold); negative beyond it. */
  readonly distance: number;
}

/** A parameter, or a value that each neuron has, that drives the variable. */
export interface Drive {
  readonly name: string;
  /** The population, or "" for a parameter of the network. */
  readonly owner: string;
  readonly kind: 'parameter' | 'variable';
  readonly dimension: Dimension;
  readonly value: number;
  /** From here on the variable reaches the threshold by itself, all else being as it is now. */
  readonly needed: number;
  /** Whether all else stays: the equation has no other variable that changes. For a current, `needed` is the rheobase. */
  readonly isExact: boolean;
}

/** Values of the variables that `reads` names, one per neuron, internal units. */
export type ReadValues = ReadonlyMap<string, Float64Array>;

export interface CompiledThreshold {
  /** The variable that is compared. */
  readonly variable: string;
  /** Whether spikes are above. */
  readonly isAbove: boolean;
  /** Stored variables that have to be read. */
  readonly reads: readonly string[];
  nearest(values: ReadValues, step: number): NearestNeuron | null;
  /** Parameters that would take a neuron to its threshold, currents first. */
  drives(values: ReadValues, step: number, nearest: NearestNeuron): readonly Drive[];
}

interface Comparison {
  readonly variable: string;
  readonly level: Term;
  readonly isAbove: boolean;
}

/** null for spike lists and for conditions that compare no variable of the neurons. */
export function thresholdOf(part: PopulationPart): CompiledThreshold | null {
  const { model } = part;
  if (model === null || model.threshold === null) return null;
  const differential = new Set(
    model.variables.filter(({ kind }) => kind === 'differential').map(({ name }) => name),
  );
  const found = comparisonIn(writtenOut(model.threshold, model), differential);
  const declared = model.variables.find(({ name }) => name === found?.variable);
  if (found === null || !declared?.expression || isRandom(found.level)) return null;
  const slope = writtenOut(declared.expression, model);
  const reads = new Set([found.variable, ...variablesIn(found.level), ...variablesIn(slope)]);
  const level = compileHost(found.level);
  const elements = (values: ReadValues, step: number) => new Elements(part, values, step);
  return {
    variable: found.variable,
    isAbove: found.isAbove,
    reads: [...reads],
    nearest: (values, step) => nearestOf(found, level, elements(values, step), values),
    drives: (values, step, nearest) =>
      isRandom(slope)
        ? []
        : drivesOf(part, found, slope, elements(values, step), nearest, differential),
  };
}

/** The comparison of a differential variable with something, where the condition cannot hold without it. */
function comparisonIn(term: Term, differential: ReadonlySet<string>): Comparison | null {
  if (term.kind === 'and') {
    return comparisonIn(term.left, differential) ?? comparisonIn(term.right, differential);
  }
  if (term.kind !== 'compare') return null;
  const { operator, left, right } = term;
  if (operator === '==' || operator === '!=') return null;
  const isGreater = operator === '>' || operator === '>=';
  const nameOf = (side: Term): string | null =>
    side.kind === 'symbol' && side.symbol.role === 'variable' && differential.has(side.symbol.name)
      ? side.symbol.name
      : null;
  const [first, second] = [nameOf(left), nameOf(right)];
  if (first !== null) return { variable: first, level: right, isAbove: isGreater };
  return second === null ? null : { variable: second, level: left, isAbove: !isGreater };
}

const isRandom = (term: Term): boolean => contains(term, ({ kind }) => kind === 'draw');

function variablesIn(term: Term): string[] {
  const names: string[] = [];
  contains(term, (part) => {
    if (part.kind === 'symbol' && part.symbol.role === 'variable') names.push(part.symbol.name);
    return false;
  });
  return names;
}

/** The neurons of a population at a step, as terms see them; one at a time. */
class Elements implements HostEnvironment {
  readonly cache = new Map<object, Float64Array>();
  /** The neuron that is looked at. */
  neuron = 0;
  /** Values to use instead of those of now, by name. */
  readonly instead = new Map<string, number>();
  readonly count: number;
  readonly #context: Context;
  readonly #parameters: Readonly<Record<string, number>>;
  readonly #values: ReadValues;
  readonly #step: number;

  constructor(part: PopulationPart, values: ReadValues, step: number) {
    this.count = part.document.size;
    this.#context = part.context;
    this.#parameters = populationParameters(part.context, part);
    this.#values = values;
    this.#step = step;
  }

  symbol(symbol: SymbolReference): number {
    const { name, role } = symbol;
    const other = this.instead.get(name);
    if (other !== undefined && role !== 'special') return other;
    if (role === 'parameter') return parameterOf(this.#parameters, name);
    // The mean of noise.
    if (role === 'noise') return 0;
    if (role === 'variable') return this.#values.get(name)?.[this.neuron] ?? 0;
    const { dtMs } = this.#context;
    if (name === 'i') return this.neuron;
    if (name === 'dt') return dtMs;
    if (name === 't') return this.#step * dtMs;
    if (name === 't_in_timesteps') return this.#step;
    if (name === 'not_refractory') return 1;
    return this.#parameters[name] ?? 0;
  }

  uniform(): number {
    return 0.5;
  }

  normal(): number {
    return 0;
  }

  table(name: string, column: number): number {
    const { tables, tableNumbers } = this.#context;
    const table = tables[tableNumbers[name] ?? -1];
    if (table?.kind !== 'timed') throw new Error(`internal: no timed array ${name}`);
    const row = Math.min(table.rows - 1, Math.floor(this.#step / table.stepsPerRow));
    const inside = Math.min(Math.max(Math.trunc(column), 0), table.columns - 1);
    return table.values[row * table.columns + inside] as number;
  }
}

function nearestOf(
  { variable, isAbove }: Comparison,
  level: HostFunction,
  elements: Elements,
  values: ReadValues,
): NearestNeuron | null {
  const now = values.get(variable);
  let best: NearestNeuron | null = null;
  for (let neuron = 0; neuron < elements.count; neuron++) {
    elements.neuron = neuron;
    const value = now?.[neuron] ?? Number.NaN;
    const threshold = level(elements);
    const distance = isAbove ? threshold - value : value - threshold;
    if (distance < (best?.distance ?? Number.POSITIVE_INFINITY)) {
      best = { neuron, value, threshold, distance };
    }
  }
  return best;
}

/** Points between the value of now and the threshold at which the variable has to go on. */
const POINTS = 65;
const CURRENT = DIMENSIONS.current;
const CURRENT_DENSITY = divide(CURRENT, power(DIMENSIONS.length, 2));

interface Candidate {
  readonly name: string;
  readonly owner: string;
  readonly kind: Drive['kind'];
  readonly dimension: Dimension;
  readonly symbol: SymbolReference;
}

/** Symbols of the equation that drive the variable: currents, or where there are none what is measured as it is. */
function drivesOf(
  part: PopulationPart,
  comparison: Comparison,
  slope: Term,
  elements: Elements,
  nearest: NearestNeuron,
  differential: ReadonlySet<string>,
): Drive[] {
  const { variable } = comparison;
  const all = candidatesIn(part, slope, differential);
  const currents = all.filter(
    ({ dimension }) =>
      sameDimension(dimension, CURRENT) || sameDimension(dimension, CURRENT_DENSITY),
  );
  const own = part.model?.variables.find(({ name }) => name === variable)?.dimension;
  const alike = all.filter(({ dimension }) => own !== undefined && sameDimension(dimension, own));
  const isExact = variablesIn(slope).every((name) => name === variable || !differential.has(name));
  const compiled = compileHost(slope);
  elements.neuron = nearest.neuron;
  return (currents.length > 0 ? currents : alike).flatMap((candidate): Drive[] => {
    const value = elements.symbol(candidate.symbol);
    const needed = neededOf(compiled, candidate, comparison, elements, nearest);
    if (needed === null) return [];
    const { name, owner, kind, dimension } = candidate;
    return [{ name, owner, kind, dimension, value, needed, isExact }];
  });
}

function candidatesIn(
  part: PopulationPart,
  slope: Term,
  differential: ReadonlySet<string>,
): Candidate[] {
  const found = new Map<string, Candidate>();
  contains(slope, (term) => {
    if (term.kind !== 'symbol') return false;
    const { symbol } = term;
    const { name } = symbol;
    if (symbol.role === 'parameter') {
      const isOwn = Object.hasOwn(part.parameters.dimensions, name);
      const table = isOwn ? part.parameters : part.context.network;
      const dimension = table.dimensions[name];
      if (dimension !== undefined) {
        const owner = isOwn ? part.document.name : '';
        found.set(name, { name, owner, kind: 'parameter', dimension, symbol });
      }
    } else if (symbol.role === 'variable' && !differential.has(name)) {
      const declared = part.model?.variables.find((one) => one.name === name);
      if (declared?.kind === 'parameter' && !isWritten(part, name)) {
        const { dimension } = declared;
        found.set(name, { name, owner: part.document.name, kind: 'variable', dimension, symbol });
      }
    }
    return false;
  });
  return [...found.values()];
}

/** Whether synapses, inputs, fields or statements give a variable its values: then it is not to be set by hand. */
function isWritten({ model, inputs, summed, poisson }: PopulationPart, name: string): boolean {
  const statements = [...(model?.reset ?? []), ...(model?.onStep ?? [])];
  const flags = model?.variables.find((one) => one.name === name)?.flags ?? [];
  return (
    inputs.has(name) ||
    summed.has(name) ||
    flags.includes('linked') ||
    poisson.some(({ spec }) => spec.variable === name) ||
    statements.some(({ target }) => target.name === name)
  );
}

/**
 * The value of a symbol from which on the variable moves towards the threshold everywhere between here and there. null
 * where the equation is not linear in it, does not depend on it, or needs no more than there is.
 */
function neededOf(
  slope: HostFunction,
  { name, symbol }: Candidate,
  { variable, isAbove }: Comparison,
  elements: Elements,
  { value: from, threshold }: NearestNeuron,
): number | null {
  const now = elements.symbol(symbol);
  const step = Math.max(Math.abs(now), 1);
  const at = (v: number, parameter: number): number => {
    elements.instead.set(variable, v);
    elements.instead.set(name, parameter);
    const rate = slope(elements);
    elements.instead.clear();
    return isAbove ? rate : -rate;
  };
  /** Direction in which the symbol drives at a share of the way, and where the variable stands still; null: not linear. */
  const standstill = (share: number): { direction: number; value: number } | null => {
    const v = from + (threshold - from) * share;
    const [here, more, most] = [at(v, now), at(v, now + step), at(v, now + 2 * step)];
    const size = Math.abs(most - here);
    const bend = Math.abs(most - 2 * more + here);
    if (!Number.isFinite(size) || size === 0 || bend > 1e-9 * size) return null;
    return { direction: Math.sign(more - here), value: now - (here * step) / (more - here) };
  };
  const points = Array.from({ length: POINTS }, (_, k) => standstill(k / (POINTS - 1)));
  const direction = points[0]?.direction ?? 0;
  let top = 0;
  for (const [k, point] of points.entries()) {
    if (point === null || point.direction !== direction) return null;
    if ((point.value - (points[top]?.value ?? 0)) * direction > 0) top = k;
  }
  const height = (share: number): number => (standstill(share)?.value ?? Number.NaN) * direction;
  const needed = direction * highest(height, (top - 1) / (POINTS - 1), (top + 1) / (POINTS - 1));
  return Number.isFinite(needed) && (needed - now) * direction > 0 ? needed : null;
}

/** The largest value of a function with one hill between two places inside 0 … 1. */
function highest(height: (place: number) => number, from: number, to: number): number {
  let [low, high] = [Math.max(0, from), Math.min(1, to)];
  const ends = Math.max(height(low), height(high));
  for (let k = 0; k < 60; k++) {
    const [a, b] = [low + (high - low) / 3, high - (high - low) / 3];
    if (height(a) < height(b)) low = a;
    else high = b;
  }
  return Math.max(ends, height((low + high) / 2));
}
