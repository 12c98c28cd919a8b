/**
 * Checks of the fields of a network document, and of the links of populations to them. Shape, ranges, units and syntax;
 * whether a grid is too coarse or too fine for its clock depends on parameters and is checked when it is compiled.
 */
import { NetworkError } from '../errors.ts';
import { suggest } from '../language/messages.ts';
import { DIMENSIONS } from '../language/units.ts';
import type { FieldDocument, Quantity } from './document.ts';
import {
  checkEquations,
  checkIdentifier,
  checkInteger,
  checkKeys,
  checkName,
  checkObject,
  checkPositive,
  checkQuantity,
  checkText,
  checkWord,
  refuse,
} from './fields.ts';
import { checkEquationSyntax, checkExpressionSyntax } from './syntax.ts';
import {
  checkInitial,
  checkMultipleOfStep,
  checkNew,
  checkParams,
  type Known,
} from './validate-population.ts';

/** Most voxels along an axis, and in all. */
const MOST_ALONG = 4096;
const MOST_VOXELS = 2 ** 26;

const KEYS = ['name', 'grid', 'spacing', 'every', 'eqs', 'params', 'initial'];
const OPTIONAL = ['origin', 'diffusion', 'tortuosity', 'volumeFraction', 'edges', 'method'];

/** Parameters that every field has by itself. */
export const FIELD_PARAMETERS = ['voxel_volume', 'volume_fraction', 'tortuosity'] as const;

/** Checks one field and adds its name to what is known. */
export function checkFieldDocument(value: unknown, place: string, known: Known): void {
  // It is one when all checks below have passed.
  const field = value as FieldDocument;
  checkObject(value, place);
  checkName(value.name, `${place}: name`);
  const where = `Field "${value.name}"`;
  checkKeys(value, where, KEYS, OPTIONAL);
  checkNew(value.name, where, known.populations);
  checkNew(value.name, where, known.fields);
  checkGrid(value, where);
  const every = checkPositive(value.every, `${where}: every`, DIMENSIONS.time, false);
  checkMultipleOfStep(every, `${where}: every`, known.dtMs);
  checkEquations(value.eqs, `${where}: eqs`);
  checkEquationSyntax(value.eqs, `field "${value.name}"`);
  if (value.diffusion !== undefined) checkDiffusion(value.diffusion, where);
  checkShare(value, where);
  if (value.edges !== undefined) {
    checkWord(value.edges, `${where}: edges`, ['reflecting', 'absorbing', 'periodic']);
  }
  if (value.method !== undefined) checkText(value.method, `${where}: method`, 'auto');
  checkParams(value.params, where);
  checkOwnNames(value.params as object, where, known);
  checkInitial(value.initial, where, voxelsOf(field));
  known.fields.set(value.name, field);
}

/** Number of voxels of a field. */
export const voxelsOf = ({ grid }: Pick<FieldDocument, 'grid'>): number =>
  grid.reduce((product, count) => product * count, 1);

function checkGrid(value: Readonly<Record<string, unknown>>, where: string): void {
  const { grid, spacing, origin } = value;
  if (!Array.isArray(grid) || grid.length < 1 || grid.length > 3) {
    refuse(`${where}: grid`, 'a list of one to three numbers', grid, 'For example [64, 64, 16].');
  }
  for (const [axis, count] of (grid as unknown[]).entries()) {
    checkInteger(count, `${where}: grid[${axis}]`, 1, MOST_ALONG);
  }
  const count = (grid as number[]).reduce((product, one) => product * one, 1);
  if (count > MOST_VOXELS) {
    throw new NetworkError(
      `${where}: grid has ${count} voxels; at most ${MOST_VOXELS} are possible. Use larger voxels.`,
      { path: where, value: grid },
    );
  }
  checkLengths(spacing, `${where}: spacing`, grid.length, (one, at) =>
    checkPositive(one, at, DIMENSIONS.length, false),
  );
  if (origin === undefined) return;
  if (!Array.isArray(origin)) {
    refuse(`${where}: origin`, 'a list of lengths, one per axis', origin);
  }
  checkLengths(origin, `${where}: origin`, grid.length, (one, at) =>
    checkQuantity(one, at, DIMENSIONS.length),
  );
}

/** One length, or as many as there are axes. */
function checkLengths(
  value: unknown,
  where: string,
  axes: number,
  check: (one: unknown, where: string) => void,
): void {
  if (!Array.isArray(value)) {
    check(value, where);
    return;
  }
  if (value.length !== axes) {
    refuse(where, `a list of ${axes} lengths, one per axis of the grid`, value);
  }
  for (const [axis, one] of value.entries()) check(one, `${where}[${axis}]`);
}

function checkDiffusion(value: unknown, where: string): void {
  const example = 'For example { C: "763 um**2/second" }.';
  checkObject(value, `${where}: diffusion`, example);
  for (const [name, coefficient] of Object.entries(value)) {
    checkIdentifier(name, `${where}: the name of a variable in diffusion`);
    const at = `${where}: diffusion of "${name}"`;
    if (typeof coefficient === 'number') {
      refuse(at, 'an area per time', coefficient, example);
    }
    checkText(coefficient, at, '763 um**2/second');
    checkExpressionSyntax({ name: `diffusion ${name}`, text: coefficient }, at);
  }
}

function checkShare(value: Readonly<Record<string, unknown>>, where: string): void {
  const { tortuosity, volumeFraction } = value;
  const isSlower = typeof tortuosity === 'number' && Number.isFinite(tortuosity) && tortuosity >= 1;
  if (tortuosity !== undefined && !isSlower) {
    refuse(`${where}: tortuosity`, 'a number >= 1', tortuosity);
  }
  const isShare = typeof volumeFraction === 'number' && volumeFraction > 0 && volumeFraction <= 1;
  if (volumeFraction !== undefined && !isShare) {
    refuse(`${where}: volumeFraction`, 'a number above 0 and at most 1', volumeFraction);
  }
}

function checkOwnNames(params: object, where: string, known: Known): void {
  for (const name of Object.keys(params)) {
    if (known.timedArrays.has(name)) {
      throw new NetworkError(
        `${where}: parameter "${name}" has the name of a timed array. Rename one of them.`,
        { path: where, value: name },
      );
    }
    if (!FIELD_PARAMETERS.some((own) => own === name)) continue;
    const remedy =
      name === 'voxel_volume'
        ? 'It follows from the spacing'
        : `Give ${name === 'tortuosity' ? 'tortuosity' : 'volumeFraction'} beside params`;
    throw new NetworkError(`${where}: every field has a parameter "${name}". ${remedy}.`, {
      path: where,
      value: name,
    });
  }
}

/** A link, "field.variable", in its parts. */
export function linkParts(link: string): { readonly field: string; readonly variable: string } {
  const at = link.lastIndexOf('.');
  return { field: link.slice(0, at), variable: link.slice(at + 1) };
}

/** Refuses links of populations to fields that do not exist. */
export function checkAllLinks(known: Known): void {
  for (const population of known.populations.values()) {
    if (population.kind !== 'neurons') continue;
    for (const [name, link] of Object.entries(population.links ?? {})) {
      const { field } = linkParts(link);
      if (known.fields.has(field)) continue;
      const names = [...known.fields.keys()];
      const near = suggest(field, names);
      const hint = near === undefined ? '' : `Did you mean "${near}"? `;
      refuse(
        `Population "${population.name}": link "${name}"`,
        'a field of this network and its variable',
        link,
        `${hint}Fields: ${names.join(', ') || 'none'}.`,
      );
    }
  }
}

/** Edges of the voxels of a field along x, y and z, as the document gives them. */
export function spacings({ grid, spacing }: Pick<FieldDocument, 'grid' | 'spacing'>): Quantity[] {
  const list = Array.isArray(spacing) ? (spacing as readonly Quantity[]) : null;
  return [0, 1, 2].map((axis) =>
    list === null
      ? (spacing as Quantity)
      : ((axis < grid.length ? list[axis] : list[0]) as Quantity),
  );
}
