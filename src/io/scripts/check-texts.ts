/** The texts of a network document: all of them in one list, and the check that they mean something. */

import type { CheckedPopulation } from '../../language/ast.ts';
import { checkPopulation, checkProjection, type Scope } from '../../language/check.ts';
import { type Dimension, parseQuantity, parseUnit } from '../../language/units.ts';
import type { NetworkDocument, Quantity, ValueSpec } from '../../network/document.ts';

/** Pathways by name. */
export function statementsOf(
  texts: string | Readonly<Record<string, string>> | undefined,
  unnamed = 'pre',
): ReadonlyMap<string, string> {
  if (texts === undefined) return new Map();
  return new Map(typeof texts === 'string' ? [[unnamed, texts]] : Object.entries(texts));
}

function dimensionsOf(
  params: Readonly<Record<string, Quantity>>,
): Readonly<Record<string, Dimension>> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, parseQuantity(value, name).dimension]),
  );
}

/** What the texts of a population may read. */
export function scopeOf(
  shared: Readonly<Record<string, Quantity>>,
  tables: NetworkDocument['timedArrays'],
  own: Readonly<Record<string, Quantity>>,
): Scope {
  return {
    params: dimensionsOf(own),
    networkParams: dimensionsOf(shared),
    timedArrays: Object.fromEntries(
      Object.entries(tables).map(([name, { unit, columns }]) => [
        name,
        { dimension: parseUnit(unit).dimension, columns },
      ]),
    ),
  };
}

/**
 * Checks the equations and statements of a valid document without fields, and gives the checked models of its
 * populations by name. Throws NetworkError as compiling the network would.
 */
export function checkTexts(document: NetworkDocument): ReadonlyMap<string, CheckedPopulation> {
  const scope = (own: Readonly<Record<string, Quantity>>): Scope =>
    scopeOf(document.params, document.timedArrays, own);
  const models = new Map<string, CheckedPopulation>();
  const targetParams = new Map<string, Readonly<Record<string, Dimension>>>();
  for (const population of document.populations) {
    if (population.kind === 'spikes') continue;
    const own = scope(population.params);
    targetParams.set(population.name, own.params);
    models.set(
      population.name,
      checkPopulation(population, own, `population "${population.name}"`),
    );
  }
  for (const { name, source, target, params, eqs, onPre, onPost } of document.projections) {
    const text = {
      eqs,
      onPre: Object.fromEntries(statementsOf(onPre)),
      onPost: Object.fromEntries(statementsOf(onPost, 'post')),
    };
    const ends = {
      pre: models.get(source.population) ?? null,
      post: models.get(target.population) ?? null,
    };
    const own = { ...scope(params), targetParams: targetParams.get(target.population) ?? {} };
    checkProjection(text, ends, own, `projection "${name}"`);
  }
  return models;
}

/** All texts in which names are looked up. */
export function textsOf({ populations, projections, inputs }: NetworkDocument): string[] {
  const texts: (string | undefined)[] = [];
  const addValues = (values: readonly ValueSpec[]): void => {
    for (const value of values) if (typeof value === 'string') texts.push(value);
  };
  for (const population of populations) {
    if (population.kind === 'spikes') continue;
    const { eqs, onStep, threshold, reset, refractory, initial } = population;
    texts.push(eqs, onStep, threshold, reset, refractory);
    addValues(Object.values(initial));
  }
  for (const { eqs, onPre, onPost, delay, initial, connect } of projections) {
    texts.push(eqs, ...statementsOf(onPre).values(), ...statementsOf(onPost).values());
    if (delay !== undefined) {
      const isByPathway = typeof delay === 'object' && 'byPathway' in delay;
      addValues(isByPathway ? Object.values(delay.byPathway) : [delay]);
    }
    addValues(Object.values(initial));
    if (connect.rule === 'pairwise') {
      texts.push(connect.condition, typeof connect.p === 'string' ? connect.p : undefined);
    }
  }
  texts.push(...inputs.map(({ weight }) => weight));
  return texts.filter((text) => text !== undefined);
}
