/**
 * Limits of values that somebody gives: concentrations are not negative, and what equations declare "(at least …)" and
 * "(at most …)", such as what a pool can hold. Refuses first values and values that are set; watches nothing while running.
 */
import { NetworkError } from '../errors.ts';
import type { CheckedPopulation, TypedExpression, Variable } from '../language/ast.ts';
import { type Dimension, parseUnit, sameDimension, usualUnit } from '../language/units.ts';
import { tableAtStart } from './context.ts';
import { neuronsAtStart, type PopulationPart, titleOf, writtenOut } from './populations.ts';
import { evaluate, type Values, valueAt } from './values.ts';

const CONCENTRATION = parseUnit('mM').dimension;
/** Part of a limit by which rounding to single precision may miss it. */
const SLACK = 2 ** -22;

/** Refuses first values outside their limits, of stored variables and of those that are computed from them. */
export function checkFirstValues(part: PopulationPart): void {
  for (const variable of part.model?.variables ?? []) {
    const { name, least, most, kind, type } = variable;
    if (type !== 'float' && least === null && most === null) continue;
    const isStored = kind !== 'subexpression';
    if (isStored && part.initial.has(name)) {
      checkNotNegative(part, variable, part.initial.get(name) as Values);
    }
    if (least === null && most === null) continue;
    const values = isStored ? (part.initial.get(name) ?? 0) : definition(part, variable);
    for (const [limit, isMost] of [
      [least, false],
      [most, true],
    ] as const) {
      if (limit !== null) checkLimit(part, variable, values, limit, isMost, 'initial value');
    }
  }
}

/** Refuses values to be set outside the limits of their variable, as far as these do not depend on other state. */
export function checkNewValues(part: PopulationPart, name: string, values: Values): void {
  const variable = part.model?.variables.find((one) => one.name === name);
  if (variable === undefined) return;
  checkNotNegative(part, variable, values);
  for (const [limit, isMost] of [
    [variable.least, false],
    [variable.most, true],
  ] as const) {
    if (limit === null || !writtenOut(limit, part.model as CheckedPopulation).host) continue;
    checkLimit(part, variable, values, limit, isMost, 'value');
  }
}

function checkNotNegative(part: PopulationPart, variable: Variable, values: Values): void {
  const { name, dimension } = variable;
  const diffuses = part.field?.diffusion.has(name) ?? false;
  if (!diffuses && !sameDimension(dimension, CONCENTRATION)) return;
  const k = firstWhere(part, (neuron) => valueAt(values, neuron) < 0);
  if (k === null) return;
  throw new NetworkError(
    `${titleOf(part)}: the value of "${name}" is negative (${quantity(valueAt(values, k), dimension)}${placeOf(part, k)}); ` +
      'concentrations are at least 0.',
    { path: part.path, value: valueAt(values, k) },
  );
}

function checkLimit(
  part: PopulationPart,
  { name, dimension }: Variable,
  values: Values,
  limit: TypedExpression,
  isMost: boolean,
  what: string,
): void {
  const bounds = valuesOf(part, limit, `${titleOf(part)}: limit of "${name}"`);
  const k = firstWhere(part, (neuron) => {
    const [value, bound] = [valueAt(values, neuron), valueAt(bounds, neuron)];
    const room = SLACK * Math.abs(bound);
    return isMost ? value > bound + room : value < bound - room;
  });
  if (k === null) return;
  const text = part.model?.blocks.eqs?.text.slice(limit.span.start, limit.span.end) ?? '';
  const bound = quantity(valueAt(bounds, k), dimension);
  const shown = /^[\d.]/.test(text) ? bound : `${text} = ${bound}`;
  const value = valueAt(values, k);
  throw new NetworkError(
    `${titleOf(part)}: the ${what} of "${name}" is ${quantity(value, dimension)}${placeOf(part, k)}, ` +
      `${isMost ? 'above' : 'below'} its limit ${shown}.`,
    { path: part.path, value },
  );
}

/** The first neuron of which something is true, or null. */
function firstWhere(part: PopulationPart, test: (neuron: number) => boolean): number | null {
  for (let k = 0; k < part.document.size; k++) if (test(k)) return k;
  return null;
}

const placeOf = (part: PopulationPart, k: number): string =>
  part.document.size === 1 ? '' : `, ${part.field === null ? 'neuron' : 'voxel'} ${k}`;

function quantity(value: number, dimension: Dimension): string {
  const unit = usualUnit(dimension);
  if (unit === '') return String(value);
  return `${Number((value / parseUnit(unit).factor).toPrecision(6))} ${unit}`;
}

const definition = (part: PopulationPart, { name, expression }: Variable): Values =>
  expression === null ? 0 : valuesOf(part, expression, `${titleOf(part)}: "${name}"`);

/** An expression at the start, by neuron. */
function valuesOf(part: PopulationPart, expression: TypedExpression, where: string): Values {
  const { context } = part;
  const term = writtenOut(expression, part.model as CheckedPopulation);
  const wanted = {
    where,
    dimension: expression.dimension,
    dtMs: context.dtMs,
    seed: context.seed,
    stream: 0,
    term: () => term,
    table: (name: string, column: number) => tableAtStart(context, name, column),
  };
  return evaluate({ kind: term.host ? 'host' : 'expression', term }, wanted, neuronsAtStart(part));
}
