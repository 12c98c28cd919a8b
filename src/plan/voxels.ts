/** Which voxel of a field holds each neuron of a population, and what follows: rows of rule "voxel", and links. */
import { NetworkError } from '../errors.ts';
import type { CheckedPopulation } from '../language/ast.ts';
import { suggest } from '../language/messages.ts';
import { describeDimension, sameDimension } from '../language/units.ts';
import { linkParts } from '../network/validate-field.ts';
import { type FieldPart, storedIn } from './fields.ts';
import { type LinkPart, voxelName } from './links.ts';
import { neuronValue, type PopulationPart } from './populations.ts';

/** Share of a voxel by which neurons may be beyond the edge of a grid: positions that are rounded. */
const SLACK = 1e-6;

/** Voxel of every neuron of a population. `where` begins the message when it has none. */
export function voxelsOfNeurons(
  part: PopulationPart,
  { field }: Pick<FieldPart, 'field'>,
  where: string,
): Int32Array {
  const { grid, document } = field;
  const { size } = part.document;
  const voxels = new Int32Array(size);
  if (grid.every((count) => count === 1)) return voxels;
  const { positions } = part;
  if (positions === null) {
    throw new NetworkError(
      `${where}: ${part.path} has no positions, so that it is in no voxel of field "${document.name}". ` +
        'Give the population positions, for example positions: { box: ["640 um", "640 um", "160 um"] }.',
      { path: where, value: part.document.name },
    );
  }
  let stride = 1;
  for (const [axis, count] of grid.entries()) {
    const along = positions.axes[axis];
    if (along === undefined && count > 1) {
      throw new NetworkError(
        `${where}: field "${document.name}" has ${count} voxels along z, but the positions of ${part.path} have two ` +
          'dimensions. Give them a third one, or the field one layer.',
        { path: where, value: positions.axes.length },
      );
    }
    if (along !== undefined) addAxis(voxels, along, { part, field, axis, stride, where });
    stride *= count;
  }
  return voxels;
}

interface Axis {
  readonly part: PopulationPart;
  readonly field: FieldPart['field'];
  readonly axis: number;
  /** Voxels from one along this axis to the next. */
  readonly stride: number;
  readonly where: string;
}

function addAxis(voxels: Int32Array, along: ArrayLike<number>, of: Axis): void {
  const { field, axis, stride } = of;
  const count = field.grid[axis] as number;
  const edge = field.spacing[axis] as number;
  const corner = field.origin[axis] as number;
  for (let k = 0; k < voxels.length; k++) {
    let place = ((along[k] as number) - corner) / edge;
    if (field.edges === 'periodic') place -= Math.floor(place / count) * count;
    if (!(place >= -SLACK && place <= count + SLACK)) throw outside(of, k, along[k] as number);
    const voxel = Math.min(Math.max(Math.floor(place), 0), count - 1);
    voxels[k] = (voxels[k] as number) + stride * voxel;
  }
}

function outside({ part, field, axis, where }: Axis, neuron: number, at: number): NetworkError {
  const corner = field.origin[axis] as number;
  const end = corner + (field.grid[axis] as number) * (field.spacing[axis] as number);
  const name = 'xyz'[axis];
  return new NetworkError(
    `${where}: neuron ${neuron} of ${part.path} is outside field "${field.document.name}": its ${name} is ` +
      `${Number(at.toPrecision(6))} um, and the grid reaches from ${corner} to ${end} um. Move the neurons, ` +
      'use a larger grid, or give the field an "origin".',
    { path: where, value: at },
  );
}

/** Finds what the linked variables of all populations read. */
export function linkPopulations(
  parts: readonly PopulationPart[],
  fields: readonly FieldPart[],
): void {
  for (const part of parts) {
    if (part.document.kind === 'spikes' || part.model === null) continue;
    const { links = {} } = part.document;
    const where = `Population "${part.document.name}"`;
    const linked = part.model.variables.filter(({ flags }) => flags.includes('linked'));
    const without = linked.find(({ name }) => !Object.hasOwn(links, name));
    if (without !== undefined) {
      throw new NetworkError(
        `${where}: "${without.name}" is (linked), but links does not say to what. For example links: { ${without.name}: "dopamine.C" }.`,
        { path: part.path, value: without.name },
      );
    }
    for (const [name, link] of Object.entries(links)) {
      part.links.push(linkOf(part.model, name, link, fields, where));
    }
  }
}

function linkOf(
  model: CheckedPopulation,
  name: string,
  link: string,
  fields: readonly FieldPart[],
  owner: string,
): LinkPart {
  const where = `${owner}: link "${name}"`;
  const reader = model.variables.find((one) => one.name === name);
  if (reader?.flags.includes('linked') !== true) {
    const what = reader === undefined ? 'no such variable' : 'but the variable is not (linked)';
    throw new NetworkError(
      `${where}: ${what}. Declare it in eqs as "${name} : mM (linked)", in the unit of the field.`,
      { path: where, value: name },
    );
  }
  const parts = linkParts(link);
  const field = fields.find(({ document }) => document.name === parts.field);
  if (field === undefined) throw new Error(`internal: no field ${parts.field}`);
  const stored = storedIn(field.model as CheckedPopulation);
  const read = stored.find((one) => one.name === parts.variable);
  if (read === undefined) {
    const names = stored.map((one) => one.name);
    const near = suggest(parts.variable, names);
    const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
    throw new NetworkError(
      `${where}: field "${parts.field}" has no variable "${parts.variable}".${hint} Variables: ${names.join(', ')}.`,
      { path: where, value: link },
    );
  }
  if (!sameDimension(read.dimension, reader.dimension)) {
    throw new NetworkError(
      `${where}: "${name}" is in ${describeDimension(reader.dimension)}, but ${link} is in ${describeDimension(read.dimension)}. Declare it in the unit of the field.`,
      { path: where, value: link },
    );
  }
  return { name, field, variable: parts.variable };
}

/** First values of linked variables, and the voxels of their neurons. Fields have theirs by now. */
export function initialiseLinks(part: PopulationPart): void {
  for (const link of part.links) {
    const where = `Population "${part.document.name}": link "${link.name}"`;
    if (part.initial.has(link.name)) {
      throw new NetworkError(
        `${where}: a linked variable has the value of the field; take it out of initial.`,
        { path: where, value: link.name },
      );
    }
    const voxels = voxelsOfNeurons(part, link.field, where);
    part.initial.set(
      link.name,
      Float64Array.from(voxels, (voxel) => neuronValue(link.field, link.variable, voxel)),
    );
    part.initial.set(voxelName(part, link), Float64Array.from(voxels));
  }
}
