/**
 * Checks of the parts of a network document that describe neurons: populations, spike lists, first values, timed
 * arrays. Shape, ranges, units and syntax; what names in equations mean is checked when the network is compiled.
 */
import { NetworkError } from '../errors.ts';
import { describeValue } from '../language/argument.ts';
import { suggest } from '../language/messages.ts';
import { DIMENSIONS } from '../language/units.ts';
import type { FieldDocument, NumberList, PopulationDocument } from './document.ts';
import {
  checkEquations,
  checkIdentifier,
  checkInteger,
  checkKeys,
  checkName,
  checkNumbers,
  checkObject,
  checkPositive,
  checkQuantity,
  checkText,
  checkUnit,
  checkWord,
  MOST_NEURONS,
  refuse,
} from './fields.ts';
import { checkEquationSyntax, checkExpressionSyntax, checkStatementSyntax } from './syntax.ts';
import { checkPositions, checkValueSpec } from './validate-values.ts';

export { checkValueSpec } from './validate-values.ts';

/** What the parts of a document checked so far have named. */
export interface Known {
  readonly dtMs: number;
  readonly params: Set<string>;
  readonly timedArrays: Set<string>;
  readonly populations: Map<string, PopulationDocument>;
  readonly fields: Map<string, FieldDocument>;
  readonly projections: Set<string>;
  readonly inputs: Set<string>;
  readonly recordings: Set<string>;
}

/** Most steps that a run or a spike list may reach: steps are 31-bit integers on the engines. */
export const MOST_STEPS = 2 ** 31 - 1;

/** Step in which a listed spike falls: int((t + dt/1000)/dt), as `timestep(t, dt)` in equations. */
export function spikeStep(timeMs: number, dtMs: number): number {
  return Math.trunc((timeMs + 1e-3 * dtMs) / dtMs);
}

/** Refuses a name that is taken. */
export function checkNew(name: string, where: string, taken: { has(name: string): boolean }): void {
  if (taken.has(name)) {
    throw new NetworkError(`${where}: the name "${name}" is taken. Names must differ.`, {
      path: where,
      value: name,
    });
  }
}

/** Quantities by name, visible to equations. */
export function checkParams(value: unknown, where: string): void {
  checkObject(value, `${where}: params`, 'For example { tau_m: "20 ms" }.');
  for (const [name, quantity] of Object.entries(value)) {
    checkIdentifier(name, `${where}: the name of a parameter`);
    checkQuantity(quantity, `${where}: parameter "${name}"`);
  }
}

const ARRAY_KEYS = ['dt', 'unit', 'columns', 'values'];

export function checkTimedArray(name: unknown, value: unknown, known: Known): void {
  checkIdentifier(name, 'The name of a timed array');
  const where = `Timed array "${name}"`;
  checkNew(name, where, known.timedArrays);
  checkNew(name, where, known.params);
  checkKeys(value, where, ARRAY_KEYS);
  checkPositive(value.dt, `${where}: dt`, DIMENSIONS.time, false);
  checkUnit(value.unit, `${where}: unit`);
  checkInteger(value.columns, `${where}: columns`, 1, MOST_NEURONS);
  checkNumbers(value.values, `${where}: values`);
  const count = value.values.length;
  if (count === 0 || count % value.columns !== 0) {
    refuse(
      `${where}: values`,
      `rows of ${value.columns} numbers (at least one row)`,
      value.values,
      'Give rows * columns numbers, row by row.',
    );
  }
  known.timedArrays.add(name);
}

const NEURON_KEYS = ['kind', 'name', 'size', 'eqs', 'params', 'initial'];
const NEURON_OPTIONAL = [
  'onStep',
  'threshold',
  'reset',
  'refractory',
  'method',
  'slow',
  'acceleration',
  'model',
  'positions',
  'links',
];
const SPIKE_KEYS = ['kind', 'name', 'size', 'indices', 'timesMs'];

/** Checks one population and adds its name to what is known. */
export function checkPopulationDocument(value: unknown, place: string, known: Known): void {
  // It is one when all checks below have passed.
  const population = value as PopulationDocument;
  checkObject(value, place);
  checkName(value.name, `${place}: name`);
  const where = `Population "${value.name}"`;
  checkWord(value.kind, `${where}: kind`, ['neurons', 'spikes']);
  checkNew(value.name, where, known.populations);
  checkNew(value.name, where, known.fields);
  if (value.kind === 'neurons') checkNeurons(value, where, known);
  else checkSpikeList(value, where, known.dtMs);
  known.populations.set(value.name, population);
}

function checkNeurons(value: unknown, where: string, known: Known): void {
  checkKeys(value, where, NEURON_KEYS, NEURON_OPTIONAL);
  checkInteger(value.size, `${where}: size`, 1, MOST_NEURONS);
  const path = `population "${value.name as string}"`;
  checkEquations(value.eqs, `${where}: eqs`);
  checkEquationSyntax(value.eqs, path);
  checkConditionTexts(value, where, path, known);
  checkParams(value.params, where);
  for (const name of Object.keys(value.params as object)) {
    if (!known.timedArrays.has(name)) continue;
    throw new NetworkError(
      `${where}: parameter "${name}" has the name of a timed array. Rename one of them.`,
      { path: where, value: name },
    );
  }
  checkInitial(value.initial, where, value.size);
  checkPositions(value.positions, where, value.size);
  if (value.links !== undefined) checkLinks(value.links, where);
}

/** What linked variables read; whether there is such a field is checked when all are known. */
function checkLinks(value: unknown, where: string): void {
  checkObject(value, `${where}: links`, 'For example { DA: "dopamine.C" }.');
  for (const [name, link] of Object.entries(value)) {
    checkIdentifier(name, `${where}: the name of a linked variable`);
    if (typeof link === 'string' && /^.+\.[A-Za-z][A-Za-z0-9_]*$/.test(link)) continue;
    refuse(
      `${where}: link "${name}"`,
      'a field and its variable',
      link,
      'For example "dopamine.C".',
    );
  }
}

function checkConditionTexts(
  value: Readonly<Record<string, unknown>>,
  where: string,
  path: string,
  known: Known,
): void {
  const { onStep, threshold, reset, refractory, method, model } = value;
  if (onStep !== undefined) {
    checkText(onStep, `${where}: onStep`, 'n += 1');
    checkStatementSyntax({ name: 'onStep', text: onStep }, path);
  }
  if (threshold !== undefined) {
    checkText(threshold, `${where}: threshold`, 'v > -50*mV');
    checkExpressionSyntax({ name: 'threshold', text: threshold }, path);
  }
  if (reset !== undefined) {
    checkText(reset, `${where}: reset`, 'v = v_reset');
    checkStatementSyntax({ name: 'reset', text: reset }, path);
    if (threshold === undefined) {
      throw new NetworkError(
        `${where}: a reset without a threshold never happens. Add a threshold, such as "v > v_thresh".`,
        { path: where, value: reset },
      );
    }
  }
  if (refractory !== undefined) {
    checkText(refractory, `${where}: refractory`, '5 ms');
    checkExpressionSyntax({ name: 'refractory', text: refractory }, path);
  }
  if (method !== undefined) checkText(method, `${where}: method`, 'auto');
  checkSlowClock(value, where, known.dtMs);
  if (model !== undefined) checkName(model, `${where}: model`);
}

/** Refuses an interval that is no multiple of dt, and says which one near it is. */
export function checkMultipleOfStep(interval: number, where: string, dtMs: number): void {
  const steps = interval / dtMs;
  if (Math.abs(steps - Math.round(steps)) <= 1e-6 * steps && steps >= 0.5) return;
  const near = Math.max(1, Math.round(steps)) * dtMs;
  throw new NetworkError(
    `${where} must be a multiple of dt (${dtMs} ms), got ${interval} ms. Use "${Number(near.toPrecision(9))} ms".`,
    { path: where, value: interval },
  );
}

/** Checks how often slow equations advance, and how fast their time runs. */
export function checkSlowClock(
  { slow, acceleration }: Readonly<Record<string, unknown>>,
  where: string,
  dtMs: number,
): void {
  if (slow !== undefined) {
    const slowMs = checkPositive(slow, `${where}: slow`, DIMENSIONS.time, false);
    checkMultipleOfStep(slowMs, `${where}: slow`, dtMs);
  }
  if (acceleration === undefined) return;
  if (typeof acceleration === 'number' && Number.isFinite(acceleration) && acceleration > 0) return;
  throw new NetworkError(
    `${where}: acceleration must be a number > 0, got ${describeValue(acceleration)}.`,
    { path: where, value: acceleration },
  );
}

function checkSpikeList(value: unknown, where: string, dtMs: number): void {
  checkKeys(value, where, SPIKE_KEYS, ['positions']);
  checkInteger(value.size, `${where}: size`, 1, MOST_NEURONS);
  checkPositions(value.positions, where, value.size);
  const most = value.size - 1;
  checkNumbers(value.indices, `${where}: indices`, { integer: true, least: 0, most });
  checkNumbers(value.timesMs, `${where}: timesMs`, { least: 0, most: MOST_STEPS * dtMs });
  const { indices, timesMs } = value;
  if (indices.length !== timesMs.length) {
    refuse(
      `${where}: timesMs`,
      `as long as indices (${indices.length})`,
      timesMs,
      'Spike k is of neuron indices[k] at timesMs[k].',
    );
  }
  checkOnePerStep(value.size, indices, timesMs, where, dtMs);
}

/** At most one spike of a neuron in a step, or spikes would be lost silently. */
function checkOnePerStep(
  size: number,
  indices: NumberList,
  timesMs: NumberList,
  where: string,
  dtMs: number,
): void {
  const keys = Float64Array.from(
    indices as ArrayLike<number>,
    (index, k) => spikeStep(timesMs[k] as number, dtMs) * size + index,
  ).sort();
  const twice = keys.findIndex((key, k) => k > 0 && key === keys[k - 1]);
  if (twice < 0) return;
  const key = keys[twice] as number;
  const timeMs = Number((Math.floor(key / size) * dtMs).toPrecision(9));
  throw new NetworkError(
    `${where}: neuron ${key % size} has more than one spike in the time step at ${timeMs} ms ` +
      `(dt = ${dtMs} ms). Remove the double spike or choose a smaller dt.`,
    { path: where, value: timeMs },
  );
}

/** First values by variable name. `count`: elements, where that is known. */
export function checkInitial(value: unknown, where: string, count?: number): void {
  checkObject(value, `${where}: initial`, 'For example { v: "-65 mV" }.');
  for (const [name, spec] of Object.entries(value)) {
    checkIdentifier(name, `${where}: the name of a variable in initial`);
    checkValueSpec(spec, `${where}: initial value of "${name}"`, `set ${name}`, count);
  }
}

/** Refuses a reference to a population that does not exist. */
export function checkPopulationName(
  value: unknown,
  where: string,
  known: Known,
): asserts value is string {
  if (typeof value === 'string' && known.populations.has(value)) return;
  const names = [...known.populations.keys()];
  const near = typeof value === 'string' ? suggest(value, names) : undefined;
  const hint = near === undefined ? '' : `Did you mean "${near}"? `;
  refuse(where, 'the name of a population', value, `${hint}Populations: ${names.join(', ')}.`);
}
