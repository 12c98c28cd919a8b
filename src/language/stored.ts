/**
 * What a population stores per neuron: its variables, held subexpressions that resets read, and the bookkeeping of
 * refractoriness. Where it lies is decided by the plan.
 */
import type { CheckedPopulation } from './ast.ts';
import type { StoredVariable } from './kernel.ts';
import type { Refractoriness } from './refractory.ts';
import { resolve } from './resolve.ts';
import { heldName, isHeld, populationResolution } from './system.ts';
import { contains } from './term.ts';

/** Held subexpressions that resets read: their value of that step must survive until the reset runs. */
export function heldInResets(model: CheckedPopulation): Set<string> {
  const result = new Set<string>();
  const held = model.variables.filter(isHeld);
  if (held.length === 0) return result;
  const resolution = populationResolution(model, new Map(), 'reset');
  for (const { value } of model.reset) {
    const term = resolve(value, resolution);
    for (const { name } of held) {
      if (contains(term, (part) => part.text === heldName(name))) result.add(name);
    }
  }
  return result;
}

/** All stored variables, in order. */
export function storedVariables(
  model: CheckedPopulation,
  storedHeld: ReadonlySet<string>,
  refractory: Refractoriness,
): StoredVariable[] {
  const own = model.variables
    .filter((v) => v.kind !== 'subexpression' || storedHeld.has(v.name))
    .map((v): StoredVariable => ({ name: v.name, type: v.type === 'float' ? 'f32' : 'i32' }));
  if (refractory.storesLastSpike) own.push({ name: 'lastspike', type: 'i32' });
  if (refractory.storesFlag) own.push({ name: 'not_refractory', type: 'i32' });
  return own;
}
