/**
 * Checks of the interventions of a network document: shape, times, owner. Whether the owner has the parameter, and the unit
 * fits, is known when the network is compiled.
 */
import { NetworkError } from '../errors.ts';
import { listNames, suggest } from '../language/messages.ts';
import { DIMENSIONS } from '../language/units.ts';
import type { SliceReference } from './document.ts';
import {
  checkIdentifier,
  checkInteger,
  checkKeys,
  checkName,
  checkObject,
  checkPositive,
  checkQuantity,
  refuse,
} from './fields.ts';
import { voxelsOf } from './validate-field.ts';
import { type Known, MOST_STEPS } from './validate-population.ts';

const REQUIRED = ['at', 'owner', 'parameter'];
const OPTIONAL = ['name', 'until', 'factor', 'value', 'neurons'];

/** Checks one intervention against what the document has. */
export function checkInterventionDocument(value: unknown, place: string, known: Known): void {
  checkKeys(value, place, REQUIRED, OPTIONAL);
  if (value.name !== undefined) checkName(value.name, `${place}: name`);
  const where = value.name === undefined ? place : `Intervention "${value.name}"`;
  checkOwner(value.owner, where, known);
  checkIdentifier(value.parameter, `${where}: parameter`);
  checkTimes(value, where, known.dtMs);
  checkChange(value, where);
  if (value.neurons !== undefined) checkNeurons(value, where, known);
}

function checkOwner(owner: unknown, where: string, known: Known): asserts owner is string {
  if (owner === '') return;
  checkName(owner, `${where}: owner`);
  const names = [
    ...known.populations.keys(),
    ...known.fields.keys(),
    ...known.projections,
    ...known.inputs,
  ];
  if (names.includes(owner)) return;
  const near = suggest(owner, names);
  const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
  throw new NetworkError(
    `${where}: there is no population, field, projection or input "${owner}".${hint} Known: ` +
      `${listNames(names) || 'none'}, and "" for parameters of the network.`,
    { path: `${where}: owner`, value: owner },
  );
}

function checkTimes(value: Readonly<Record<string, unknown>>, where: string, dtMs: number): void {
  const at = checkPositive(value.at, `${where}: at`, DIMENSIONS.time, true);
  checkStep(at, `${where}: at`, value.at, dtMs);
  if (value.until === undefined) return;
  const until = checkPositive(value.until, `${where}: until`, DIMENSIONS.time, false);
  checkStep(until, `${where}: until`, value.until, dtMs);
  if (Math.round(until / dtMs) > Math.round(at / dtMs)) return;
  refuse(`${where}: until`, `at least a time step (${dtMs} ms) after at`, value.until);
}

function checkStep(time: number, where: string, value: unknown, dtMs: number): void {
  if (time / dtMs <= MOST_STEPS) return;
  refuse(where, `at most ${MOST_STEPS} time steps of ${dtMs} ms`, value);
}

function checkChange({ factor, value }: Readonly<Record<string, unknown>>, where: string): void {
  if ((factor === undefined) === (value === undefined)) {
    throw new NetworkError(
      `${where} must have either a factor or a value, and has ${factor === undefined ? 'neither' : 'both'}. For example { factor: 0.5 } or { value: "10 nS" }.`,
      { path: where, value: factor },
    );
  }
  if (value !== undefined) checkQuantity(value, `${where}: value`);
  else if (typeof factor !== 'number' || !Number.isFinite(factor)) {
    refuse(`${where}: factor`, 'a number', factor);
  }
}

function checkNeurons(
  { owner, neurons }: Readonly<Record<string, unknown>>,
  where: string,
  known: Known,
): void {
  checkObject(neurons, `${where}: neurons`, 'For example { from: 0, to: 100 }.');
  checkKeys(neurons, `${where}: neurons`, [], ['from', 'to']);
  const size = sizeOf(owner as string, known);
  if (size === null) {
    refuse(
      `${where}: neurons`,
      'left out, as the owner has none',
      neurons,
      'Only populations have neurons, and fields have voxels.',
    );
  }
  const { from = 0, to = size } = neurons as Omit<SliceReference, 'population'>;
  checkInteger(to, `${where}: neurons.to`, 1, size);
  checkInteger(from, `${where}: neurons.from`, 0, to - 1);
}

/** Neurons of a population, voxels of a field; null for others. */
function sizeOf(owner: string, known: Known): number | null {
  const field = known.fields.get(owner);
  return known.populations.get(owner)?.size ?? (field === undefined ? null : voxelsOf(field));
}
