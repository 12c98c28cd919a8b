/**
 * Checks of values per neuron or synapse: expressions, lists, distributions, and the positions of neurons, which are
 * made of such values.
 */

import { NetworkError } from '../errors.ts';
import { describeValue } from '../language/argument.ts';
import { DIMENSIONS, type Dimension, parseQuantity, sameDimension } from '../language/units.ts';
import type { Quantity } from './document.ts';
import {
  checkInteger,
  checkKeys,
  checkNumbers,
  checkPositive,
  checkText,
  checkUnit,
  checkWord,
  MOST_NEURONS,
  refuse,
} from './fields.ts';
import { checkExpressionSyntax } from './syntax.ts';

type Value = Readonly<Record<string, unknown>>;

/** Keys of a distribution that must and that may be given. */
const RANGE = ['min', 'max', 'outside'];
const DISTRIBUTION_KEYS: Readonly<Record<string, readonly [string[], string[]]>> = {
  normal: [['mean', 'sd'], RANGE],
  lognormal: [['mean', 'sd'], RANGE],
  uniform: [['min', 'max'], []],
  exponential: [['mean'], RANGE],
};

/** A value per element, see ValueSpec. `block` names it in syntax errors. */
export function checkValueSpec(value: unknown, where: string, block: string, count?: number): void {
  if (typeof value === 'string') {
    checkText(value, where, 'v_rest + rand()*5*mV');
    checkExpressionSyntax({ name: block, text: value }, where);
    return;
  }
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) refuse(where, 'finite', value);
    return;
  }
  const kind = typeof value === 'object' && value !== null ? kindOf(value) : undefined;
  if (kind === undefined) {
    refuse(
      where,
      'a text ("-65 mV", "v_rest + rand()*5*mV"), a number, { values, unit } or a distribution ({ normal }, ' +
        '{ lognormal }, { uniform }, { exponential })',
      value,
    );
  }
  if (kind === 'values') {
    checkKeys(value, where, ['values', 'unit']);
    checkNumbers(value.values, `${where}: values`, count === undefined ? {} : { length: count });
    checkUnit(value.unit, `${where}: unit`);
  } else {
    checkKeys(value, where, [kind]);
    checkDistribution(kind, value[kind], `${where}: ${kind}`);
  }
}

const kindOf = (value: object): string | undefined =>
  ['values', ...Object.keys(DISTRIBUTION_KEYS)].find((kind) => Object.hasOwn(value, kind));

function checkDistribution(kind: string, value: unknown, where: string): void {
  const [required, optional] = DISTRIBUTION_KEYS[kind] as readonly [string[], string[]];
  checkKeys(value, where, required, optional);
  let dimension: Dimension | null = null;
  const read = (key: string): number | undefined => {
    if (value[key] === undefined) return undefined;
    const quantity = parseQuantity(value[key] as Quantity, `${where}: ${key}`);
    dimension ??= quantity.dimension;
    if (!sameDimension(quantity.dimension, dimension)) {
      throw new NetworkError(
        `${where}: ${key} and ${required[0]} must have the same kind of unit, got ${describeValue(value[key])} ` +
          `and ${describeValue(value[required[0] as string])}.`,
        { path: where, value: value[key] },
      );
    }
    return quantity.value;
  };
  const mean = read('mean') ?? 0;
  const sd = read('sd') ?? 0;
  if (sd < 0) refuse(`${where}: sd`, 'at least 0', value.sd);
  const min = read('min') ?? Number.NEGATIVE_INFINITY;
  const max = read('max') ?? Number.POSITIVE_INFINITY;
  const isReversed = kind === 'uniform' ? min > max : min >= max;
  if (isReversed)
    refuse(`${where}: max`, `greater than min (${describeValue(value.min)})`, value.max);
  if (value.outside !== undefined) checkOutside(value, where);
  const isSkewed = kind === 'lognormal' || kind === 'exponential';
  if (isSkewed && mean === 0) refuse(`${where}: mean`, 'different from 0', value.mean);
  if (value.outside !== 'clip') checkReach(kind, { mean, sd, min, max }, value, where);
}

function checkOutside(value: Value, where: string): void {
  checkWord(value.outside, `${where}: outside`, ['redraw', 'clip']);
  if (value.min === undefined && value.max === undefined) {
    refuse(`${where}: outside`, 'given together with min or max', value.outside);
  }
}

/** Refuses ranges that hardly any value falls into: surely a mistake in the units. */
function checkReach(
  kind: string,
  { mean, sd, min, max }: { mean: number; sd: number; min: number; max: number },
  value: Value,
  where: string,
): void {
  const isPoint = kind !== 'uniform' && kind !== 'exponential' && sd === 0;
  if (isPoint && (mean < min || mean > max)) {
    refuse(`${where}: mean`, 'between min and max when sd is 0', value.mean);
  }
  // Beyond 8 standard deviations less than 1e-15 of a normal distribution is left.
  if (kind === 'normal' && (mean + 8 * sd < min || mean - 8 * sd > max)) {
    refuse(`${where}: mean`, 'within 8 standard deviations of the range min … max', value.mean);
  }
  if (kind !== 'lognormal' && kind !== 'exponential') return;
  const sign = Math.sign(mean);
  const [nearest, farthest] = sign > 0 ? [min, max] : [-max, -min];
  if (farthest <= 0)
    refuse(
      `${where}: ${sign > 0 ? 'max' : 'min'}`,
      `on the side of the mean`,
      value[sign > 0 ? 'max' : 'min'],
    );
  const reach =
    kind === 'exponential'
      ? 35 * Math.abs(mean)
      : Math.abs(mean) * Math.exp(8 * Math.sqrt(Math.log1p((sd / mean) ** 2)));
  const least =
    kind === 'exponential'
      ? 0
      : Math.abs(mean) * Math.exp(-9 * Math.sqrt(Math.log1p((sd / mean) ** 2)));
  if (nearest > reach || farthest < least) {
    refuse(`${where}: mean`, 'such that some values fall into the range min … max', value.mean);
  }
}

const POSITION_FORMS = [
  [['grid', 'spacing'], []],
  [['box'], []],
  [['x', 'y'], ['z']],
] as const;

/** Positions of the neurons of a population, see PositionsDocument. `size`: number of neurons. */
export function checkPositions(value: unknown, owner: string, size: number): void {
  if (value === undefined) return;
  const where = `${owner}: positions`;
  const forms = 'Give { grid, spacing }, { box } or { x, y, z }.';
  const form = POSITION_FORMS.find(
    ([[first]]) => typeof value === 'object' && value !== null && Object.hasOwn(value, first),
  );
  if (form === undefined) refuse(where, 'an object with grid, box or x', value, forms);
  checkKeys(value, where, form[0], [...form[1], 'periodic']);
  const axes = axesOf(value, where, size);
  if (value.periodic !== undefined) checkSizes(value.periodic, `${where}: periodic`, axes);
}

/** Checks one form and returns its number of axes. */
function axesOf(value: Value, where: string, size: number): number {
  if (value.box !== undefined) return checkSizes(value.box, `${where}: box`);
  if (value.grid !== undefined) return checkGrid(value, where, size);
  const names = value.z === undefined ? ['x', 'y'] : ['x', 'y', 'z'];
  for (const name of names) {
    const spec = value[name];
    if (typeof spec === 'number') checkPositive(spec, `${where}: ${name}`, DIMENSIONS.length, true);
    checkValueSpec(spec, `${where}: ${name}`, `position ${name}`, size);
  }
  return names.length;
}

/** Two or three sizes greater than 0; `axes` says how many, where that is fixed. */
function checkSizes(value: unknown, where: string, axes?: number): number {
  const isList =
    Array.isArray(value) &&
    (axes === undefined ? value.length === 2 || value.length === 3 : value.length === axes);
  if (!isList) {
    refuse(where, `a list of ${axes ?? '2 or 3'} lengths`, value, 'For example ["1 mm", "1 mm"].');
  }
  for (const [k, entry] of (value as unknown[]).entries()) {
    checkPositive(entry, `${where}[${k}]`, DIMENSIONS.length, false);
  }
  return (value as unknown[]).length;
}

function checkGrid({ grid, spacing }: Value, where: string, size: number): number {
  if (!Array.isArray(grid) || (grid.length !== 2 && grid.length !== 3)) {
    refuse(`${where}: grid`, 'a list of 2 or 3 whole numbers', grid, 'For example [20, 20].');
  }
  for (const [k, entry] of (grid as unknown[]).entries()) {
    checkInteger(entry, `${where}: grid[${k}]`, 1, MOST_NEURONS);
  }
  const cells = (grid as number[]).reduce((product, count) => product * count, 1);
  if (cells !== size) {
    const text = (grid as number[]).join(' x ');
    throw new NetworkError(
      `${where}: a grid of ${text} has ${cells} places for ${size} neurons. Choose a grid of as many places as neurons.`,
      { path: where, value: grid },
    );
  }
  if (Array.isArray(spacing)) checkSizes(spacing, `${where}: spacing`, grid.length);
  else checkPositive(spacing, `${where}: spacing`, DIMENSIONS.length, false);
  return grid.length;
}
