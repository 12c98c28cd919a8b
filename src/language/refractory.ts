/**
 * Refractoriness of a population: what is stored for it and how not_refractory comes about. A period that is known per
 * neuron needs nothing but the step of the last spike; other periods and conditions need a flag.
 *
 * With a period of R steps a neuron that spiked in step k integrates again in step k+R (language.md §7). R = 0 and 1
 * differ in nothing: the spike step itself always counts as refractory.
 */
import type { CheckedPopulation, TypedExpression } from './ast.ts';
import { call, timestep } from './combine.ts';
import * as ir from './kernel.ts';
import type { Body } from './lower-term.ts';
import { DT, number, partsOf, type Term } from './term.ts';

type PlaceOf = (name: string) => ir.Place;

/** How a population keeps track of its refractoriness. */
export interface Refractoriness {
  readonly kind: 'none' | 'derived' | 'flag';
  readonly storesLastSpike: boolean;
  readonly storesFlag: boolean;
  /** not_refractory for the integration of the current step (stores the flag where there is one). */
  advance(body: Body, place: PlaceOf): ir.Value;
  /** not_refractory after the spike test of the current step or of the step before. */
  flagAt(body: Body, place: PlaceOf, step: 'current' | 'previous'): ir.Value;
}

/** Plans the storage. `inputs` are variables that synapses write; `resolved` makes terms of the refractory text. */
export function planRefractoriness(
  model: CheckedPopulation,
  inputs: readonly string[],
  resolved: (expression: TypedExpression) => Term,
): Refractoriness {
  if (model.refractory === null) {
    const truth = (): ir.Value => ir.truth(true);
    // The reset must know who spiked.
    const storesLastSpike = model.threshold !== null && model.reset.length > 0;
    return { kind: 'none', storesLastSpike, storesFlag: false, advance: truth, flagAt: truth };
  }
  const term = resolved(model.refractory);
  if (term.type === 'boolean') return withFlag((body, was) => staysWhile(body, term, was));
  const period = timestep(term, DT);
  if (isFixed(term, model, inputs)) return derived(period);
  return withFlag((body, _, place) => elapsedAtLeast(body, period, place, 0));
}

/** Whether the period is the same all the time: host-known, or per-neuron parameters that nothing writes. */
function isFixed(term: Term, model: CheckedPopulation, inputs: readonly string[]): boolean {
  if (term.host) return true;
  if (term.kind === 'symbol' && term.symbol.role === 'variable') {
    const { name } = term.symbol;
    const declared = model.variables.find((v) => v.name === name);
    const isWritten =
      inputs.includes(name) ||
      [...model.onStep, ...model.reset].some(({ target }) => target.name === name);
    return declared?.kind === 'parameter' && !isWritten;
  }
  const parts = partsOf(term);
  const isLeaf = parts.length === 0;
  return !isLeaf && parts.every((part) => isFixed(part, model, inputs));
}

/** Steps of a period, at least 1. */
function wholePeriod(body: Body, period: Term): ir.Value {
  if (period.host) {
    const atLeastOne = call('clip', period, number(1), number(Infinity));
    return body.wholeConstant('refractory_steps', call('int', atLeastOne));
  }
  return ir.binary('max', body.value(period), ir.integer(1));
}

/** step - back - lastspike >= period, with everything but lastspike on one side, which is the same for all neurons. */
function elapsedAtLeast(body: Body, period: Term, place: PlaceOf, back: 0 | 1): ir.Value {
  const step = back === 0 ? ir.special('step') : ir.sub(ir.special('step'), ir.integer(1));
  const latest = body.name('latest', ir.sub(step, wholePeriod(body, period)));
  return ir.binary('le', ir.get(place('lastspike'), 'i32'), latest);
}

function derived(period: Term): Refractoriness {
  return {
    kind: 'derived',
    storesLastSpike: true,
    storesFlag: false,
    advance: (body, place) => elapsedAtLeast(body, period, place, 0),
    flagAt: (body, place, step) => elapsedAtLeast(body, period, place, step === 'current' ? 0 : 1),
  };
}

function withFlag(next: (body: Body, was: ir.Value, place: PlaceOf) => ir.Value): Refractoriness {
  const stored = (place: PlaceOf): ir.Value =>
    ir.binary('ne', ir.get(place('not_refractory'), 'i32'), ir.integer(0));
  return {
    kind: 'flag',
    storesLastSpike: true,
    storesFlag: true,
    advance(body, place) {
      const value = body.name('active', next(body, stored(place), place));
      body.set(place('not_refractory'), ir.unary('to_i32', value));
      return value;
    },
    flagAt: (_, place) => stored(place),
  };
}

/** A condition: refractory for as long as it holds after a spike. */
function staysWhile(body: Body, condition: Term, was: ir.Value): ir.Value {
  return ir.binary('or', was, ir.unary('not', body.value(condition)));
}
