/**
 * Links: variables of populations that have the value of a field. Where their neurons are in the field, and which
 * variable it is, voxels.ts finds out.
 */
import {
  binary,
  get,
  integer,
  type Place,
  type Statement,
  type StoredVariable,
  special,
  type Value,
} from '../language/kernel.ts';
import type { LoweredPopulation } from '../language/lower.ts';
import type { FieldPart } from './fields.ts';
import type { PopulationPart } from './populations.ts';

/** How a population reads a variable of a field. */
export interface LinkPart {
  /** The variable of the population. */
  readonly name: string;
  readonly field: FieldPart;
  readonly variable: string;
}

/** Name of the stored variable with the voxel of a neuron, for a link; links to one field share it. */
export function voxelName({ model, links }: PopulationPart, { field }: LinkPart): string {
  const taken = new Set(model?.variables.map(({ name }) => name));
  let name = `voxel_of_${links.find((one) => one.field === field)?.name}`;
  while (taken.has(name)) name += '_';
  return name;
}

/**
 * A linked variable is stored, and takes the value of its voxel at the first step after the field ran: then all code
 * reads it like any other variable, and a field is looked at no more often than it changes.
 */
export function withLinks(lowered: LoweredPopulation, part: PopulationPart): LoweredPopulation {
  if (part.links.length === 0) return lowered;
  const variables: StoredVariable[] = [...lowered.variables];
  const placeOf = (name: string, type: StoredVariable['type']): Place => {
    let index = variables.findIndex((one) => one.name === name);
    if (index < 0) index = variables.push({ name, type }) - 1;
    return { side: 'own', index, name };
  };
  const taking = part.links.map((link, slot): Statement => {
    const voxel = get(placeOf(voxelName(part, link), 'i32'), 'i32');
    const value: Value = { op: 'gather', type: 'f32', slot, index: voxel };
    const phase = binary('rem', special('step'), integer(link.field.field.every));
    return {
      kind: 'if',
      condition: binary('eq', phase, integer(0)),
      body: [{ kind: 'set', place: placeOf(link.name, 'f32'), value }],
      rare: true,
    };
  });
  return {
    ...lowered,
    variables,
    offsets: variables.map((_, index) => lowered.offsets[index] ?? -1),
    advance: [{ kind: 'comment', text: 'fields' }, ...taking, ...lowered.advance],
  };
}
