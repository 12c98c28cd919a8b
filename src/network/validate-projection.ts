/**
 * Checks of the parts of a network document that join populations: slices, projections with their connection rules,
 * Poisson inputs, recordings. Shape, ranges, units and syntax only.
 */

import { NetworkError } from '../errors.ts';
import { describeValue } from '../language/argument.ts';
import { DIMENSIONS } from '../language/units.ts';
import type { ConnectRule, SliceReference } from './document.ts';
import {
  checkIdentifier,
  checkInteger,
  checkKeys,
  checkName,
  checkNumbers,
  checkObject,
  checkPositive,
  checkQuantity,
  checkText,
  checkWord,
  refuse,
} from './fields.ts';
import { checkEquationSyntax, checkExpressionSyntax, checkStatementSyntax } from './syntax.ts';
import { checkConnect, countOf, type RuleEnds } from './validate-connect.ts';
import { voxelsOf } from './validate-field.ts';
import {
  checkInitial,
  checkNew,
  checkParams,
  checkPopulationName,
  checkSlowClock,
  type Known,
} from './validate-population.ts';
import { checkValueSpec } from './validate-values.ts';

/** Checks a slice and returns its number of neurons. */
export function checkSlice(value: unknown, where: string, known: Known): number {
  checkKeys(value, where, ['population'], ['from', 'to']);
  if (typeof value.population === 'string' && known.fields.has(value.population)) {
    throw new NetworkError(
      `${where}: "${value.population}" is a field. Fields are targets of projections, and are read by links.`,
      { path: where, value: value.population },
    );
  }
  checkPopulationName(value.population, `${where}: population`, known);
  const size = known.populations.get(value.population)?.size ?? 0;
  const { from = 0, to = size } = value;
  checkInteger(from, `${where}: from`, 0, size - 1);
  checkInteger(to, `${where}: to`, from + 1, size);
  return to - from;
}

/** Checks what may be projected onto or recorded: a slice of a population, or a field. */
function checkTarget(
  value: unknown,
  where: string,
  known: Known,
): { readonly targets: number; readonly isField: boolean } {
  checkKeys(value, where, ['population'], ['from', 'to']);
  const field = known.fields.get(value.population as string);
  if (field === undefined) {
    return { targets: checkSlice(value, where, known), isField: false };
  }
  if (value.from !== undefined || value.to !== undefined) {
    refuse(
      where,
      'a whole field',
      value,
      'Choose voxels by a rule, or by "neurons" of a recording.',
    );
  }
  return { targets: voxelsOf(field), isField: true };
}

/** What spikes cannot do to a field. */
function checkOntoField(value: Readonly<Record<string, unknown>>, where: string): void {
  for (const key of ['onPost', 'delay'] as const) {
    if (value[key] === undefined) continue;
    const why =
      key === 'delay'
        ? 'what is deposited waits for the clock of the field anyway. Leave "delay" out.'
        : 'a field never spikes. Use onPre.';
    throw new NetworkError(`${where}: ${key} is not possible onto a field: ${why}`, {
      path: where,
      value: value[key],
    });
  }
}

const PROJECTION_KEYS = ['name', 'source', 'target', 'params', 'initial', 'connect'];
const PROJECTION_OPTIONAL = [
  'eqs',
  'onPre',
  'onPost',
  'method',
  'slow',
  'acceleration',
  'delay',
  'bound',
  'synapses',
];

/** Checks one projection and adds its name to what is known. */
export function checkProjectionDocument(value: unknown, place: string, known: Known): void {
  const ends = checkProjectionModel(value, place, known);
  const projection = value as { name: string; source: SliceReference; target: SliceReference };
  const rule = (value as Readonly<Record<string, unknown>>).connect;
  const where = `Projection "${projection.name}"`;
  checkConnect(rule, `${where}: connect`, projection, ends);
  const count = countOf(rule as ConnectRule, ends.sources, ends.targets);
  const { initial, delay } = value as Readonly<Record<string, unknown>>;
  checkInitial(initial, where, count);
  if (delay !== undefined) checkDelay(delay, where, count);
  known.projections.add(projection.name);
}

/** Everything of a projection but its rule; `connect` may be missing yet. */
export function checkProjectionModel(value: unknown, place: string, known: Known): RuleEnds {
  checkObject(value, place);
  checkName(value.name, `${place}: name`);
  const where = `Projection "${value.name}"`;
  const path = `projection "${value.name}"`;
  const isConnected = value.connect !== undefined;
  const required = isConnected ? PROJECTION_KEYS : PROJECTION_KEYS.slice(0, -1);
  checkKeys(value, where, required, PROJECTION_OPTIONAL);
  checkNew(value.name, where, known.projections);
  const sources = checkSlice(value.source, `${where}: source`, known);
  const target = checkTarget(value.target, `${where}: target`, known);
  if (target.isField) checkOntoField(value, where);
  if (value.eqs !== undefined) {
    checkText(value.eqs, `${where}: eqs`, 'w : volt');
    checkEquationSyntax(value.eqs, path);
  }
  if (value.method !== undefined) checkText(value.method, `${where}: method`, 'rk4');
  checkSlowClock(value, where, known.dtMs);
  if (value.onPre !== undefined) checkPathways(value.onPre, where, path, 'onPre');
  if (value.onPost !== undefined) checkPathways(value.onPost, where, path, 'onPost');
  checkParams(value.params, where);
  checkInitial(value.initial, where);
  if (value.delay !== undefined) checkDelay(value.delay, where);
  if (value.bound !== undefined) checkQuantity(value.bound, `${where}: bound`);
  if (value.synapses !== undefined) {
    checkWord(value.synapses, `${where}: synapses`, ['auto', 'stored', 'procedural']);
  }
  return { sources, ...target };
}

/** The pathways of one side: a text, or texts by name. */
function checkPathways(value: unknown, where: string, path: string, side: string): void {
  if (typeof value === 'string') {
    checkText(value, `${where}: ${side}`, 'v += w');
    checkStatementSyntax({ name: side, text: value }, path);
    return;
  }
  checkObject(value, `${where}: ${side}`, 'Give statements such as "v += w", or several by name.');
  for (const [name, text] of Object.entries(value)) {
    checkIdentifier(name, `${where}: the name of a pathway`);
    checkText(text, `${where}: ${side}.${name}`, 'v += w');
    checkStatementSyntax({ name: `${side}.${name}`, text }, path);
  }
}

function checkDelay(value: unknown, where: string, count?: number): void {
  const isByPathway =
    typeof value === 'object' && value !== null && Object.hasOwn(value, 'byPathway');
  if (!isByPathway) {
    if (typeof value === 'object' && value !== null && ('pre' in value || 'post' in value)) {
      const way = 'Write { byPathway: { pre: "1 ms" } } for a delay per pathway.';
      refuse(`${where}: delay`, 'a delay or { byPathway: … }', value, way);
    }
    checkOneDelay(value, `${where}: delay`, count);
    return;
  }
  checkKeys(value, `${where}: delay`, ['byPathway']);
  checkObject(value.byPathway, `${where}: delay by pathway`, 'For example { pre: "1 ms" }.');
  for (const [name, spec] of Object.entries(value.byPathway)) {
    checkIdentifier(name, `${where}: the name of a pathway`);
    checkOneDelay(spec, `${where}: delay of "${name}"`, count);
  }
}

function checkOneDelay(value: unknown, where: string, count?: number): void {
  if (typeof value === 'number') {
    checkPositive(value, where, DIMENSIONS.time, true);
  }
  checkValueSpec(value, where, 'delay', count);
}

const INPUT_KEYS = ['name', 'target', 'variable', 'n', 'rate', 'weight'];

/** Checks one Poisson input and adds its name to what is known. */
export function checkInputDocument(value: unknown, place: string, known: Known): void {
  checkObject(value, place);
  checkName(value.name, `${place}: name`);
  const where = `Poisson input "${value.name}"`;
  checkKeys(value, where, INPUT_KEYS);
  checkNew(value.name, where, known.inputs);
  checkSlice(value.target, `${where}: target`, known);
  const target = value.target as SliceReference;
  if (known.populations.get(target.population)?.kind === 'spikes') {
    refuse(`${where}: target`, 'a population of neurons, not a spike list', target.population);
  }
  checkIdentifier(value.variable, `${where}: variable`);
  checkInteger(value.n, `${where}: n`, 1, 2 ** 30);
  checkPositive(value.rate, `${where}: rate`, DIMENSIONS.rate, true);
  checkText(value.weight, `${where}: weight`, '0.1 mV');
  checkExpressionSyntax({ name: 'weight', text: value.weight }, where);
  known.inputs.add(value.name);
}

/** Checks one recording and adds its name to what is known. */
export function checkRecordingDocument(value: unknown, place: string, known: Known): void {
  checkObject(value, place);
  checkName(value.name, `${place}: name`);
  const where = `Recording "${value.name}"`;
  checkWord(value.kind, `${where}: kind`, ['spikes', 'state', 'rate']);
  const isState = value.kind === 'state';
  const required = ['kind', 'name', 'target', ...(isState ? ['variables'] : [])];
  checkKeys(value, where, required, isState ? ['neurons', 'every'] : []);
  checkNew(value.name, where, known.recordings);
  const size = isState
    ? checkTarget(value.target, `${where}: target`, known).targets
    : checkSlice(value.target, `${where}: target`, known);
  if (isState) checkStateRecording(value, where, size, known);
  known.recordings.add(value.name);
}

/** A variable of a population, or "projection.variable" for presynaptic variables that its neurons keep. */
function checkVariable(value: unknown, where: string): void {
  const dot = typeof value === 'string' ? value.lastIndexOf('.') : -1;
  if (dot > 0) checkName((value as string).slice(0, dot), where);
  checkIdentifier(dot > 0 ? (value as string).slice(dot + 1) : value, where);
}

function checkStateRecording(
  value: Readonly<Record<string, unknown>>,
  where: string,
  size: number,
  known: Known,
): void {
  const { population } = value.target as SliceReference;
  if (known.populations.get(population)?.kind === 'spikes') {
    refuse(`${where}: target`, 'a population of neurons, not a spike list', population);
  }
  const { variables, neurons, every } = value;
  if (!Array.isArray(variables) || variables.length === 0) {
    refuse(`${where}: variables`, 'a list of names', variables, 'For example ["v"].');
  }
  for (const name of variables as unknown[]) checkVariable(name, `${where}: a name in variables`);
  if (new Set(variables).size !== variables.length) {
    refuse(`${where}: variables`, 'different names', variables);
  }
  if (neurons !== undefined) {
    checkNumbers(neurons, `${where}: neurons`, { integer: true, least: 0, most: size - 1 });
    if (neurons.length === 0 || new Set(neurons).size !== neurons.length) {
      refuse(`${where}: neurons`, 'different indices, at least one', neurons);
    }
  }
  if (every !== undefined) checkEvery(every, `${where}: every`, known.dtMs);
}

function checkEvery(value: unknown, where: string, dtMs: number): void {
  const interval = checkPositive(value, where, DIMENSIONS.time, false);
  const steps = interval / dtMs;
  if (Math.abs(steps - Math.round(steps)) > 1e-6 * steps || Math.round(steps) < 1) {
    throw new NetworkError(
      `${where} must be a multiple of dt (${dtMs} ms), got ${describeValue(value)}.`,
      { path: where, value },
    );
  }
}
