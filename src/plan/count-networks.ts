/**
 * The first half of compilation, which takes no memory for synapses: checks and lowers every text, counts the synapses
 * of every projection, and decides how they are to exist. What is left is in compile.ts.
 */
import { NetworkError } from '../errors.ts';
import type { NetworkDocument } from '../network/document.ts';
import { type SizeOptions, wishesOf } from './compile-options.ts';
import { type Context, makeContext } from './context.ts';
import { checkFields, type FieldPart, lowerFields } from './fields.ts';
import { checkChangedVariables, compileInterventions, noteRangesEver } from './interventions.ts';
import { checkFirstValues } from './limits.ts';
import type { Packings } from './packings.ts';
import type { TableSlot } from './plan.ts';
import {
  addPoissonInputs,
  checkPopulations,
  initialise,
  lowerPopulations,
  type PopulationPart,
} from './populations.ts';
import { initialisePresynaptic } from './presynaptic.ts';
import { checkProjections, type ProjectionPart } from './projections.ts';
import { chooseStorage } from './synapse-arrays.ts';
import { type CountedSynapses, countSynapses } from './synapses.ts';
import { initialiseLinks, linkPopulations } from './voxels.ts';
import { addWarnings } from './warnings.ts';
import type { Way } from './ways.ts';

/** A network on its way into a plan that it may share with others. */
export interface NetworkParts {
  readonly context: Context;
  readonly document: NetworkDocument;
  /** Populations, fields and projections. */
  readonly parts: readonly PopulationPart[];
  readonly fields: readonly FieldPart[];
  readonly projections: readonly ProjectionPart[];
}

/** The networks of a plan, counted. */
export interface CountedNetworks {
  /** At least one. */
  readonly networks: readonly NetworkParts[];
  /** Of all networks, as are the next two. */
  readonly counted: readonly CountedSynapses[];
  /** By projection. */
  readonly ways: readonly Way[];
  readonly packings: Packings;
}

/** Checks and counts valid documents, at least one and all of one time step; see compileTogether. */
export function countNetworks(
  documents: readonly NetworkDocument[],
  options: SizeOptions,
): CountedNetworks {
  const { precision = 'f32' } = options;
  const tables: TableSlot[] = [];
  const offsets = { population: 0, neuron: 0, fields: 0, voxels: 0 };
  const networks = documents.map((document, k): NetworkParts => {
    const prefix = documents.length === 1 ? '' : `run ${k + 1}/`;
    return partsOf(makeContext(document, precision, tables, prefix), offsets);
  });
  checkOneStep(networks);
  const counted = networks.flatMap(({ context, projections }) =>
    projections.map((part) => countSynapses(context, part)),
  );
  return { networks, counted, ...chooseStorage(counted, wishesOf(options)) };
}

/** What there is of other networks in the plan, before the next one. */
interface Offsets {
  population: number;
  neuron: number;
  fields: number;
  voxels: number;
}

/** Checks and lowers every text of a network; counts and makes no synapses. Moves the offsets on behind it. */
export function partsOf(
  context: Context,
  offsets: Offsets = { population: 0, neuron: 0, fields: 0, voxels: 0 },
): NetworkParts {
  const { document } = context;
  const parts = checkPopulations(context, offsets.population, offsets.neuron);
  offsets.population += parts.length;
  offsets.neuron += parts.reduce((sum, part) => sum + part.document.size, 0);
  const fields = checkFields(context, offsets);
  offsets.fields += fields.length;
  offsets.voxels += fields.reduce((sum, part) => sum + part.document.size, 0);
  linkPopulations(parts, fields);
  const targets = [...parts, ...fields];
  const projections = checkProjections(context, targets);
  addPoissonInputs(context, parts);
  context.interventions.push(
    ...compileInterventions({ context, populations: targets, projections }),
  );
  lowerPopulations(context, parts);
  lowerFields(context, fields);
  for (const part of targets) initialise(context, part);
  for (const part of projections) {
    initialisePresynaptic(part);
    noteRangesEver(part);
  }
  for (const part of targets) checkFirstValues(part);
  checkChangedVariables(context.interventions, targets);
  for (const part of parts) initialiseLinks(part);
  addWarnings(context, targets, projections);
  return { context, document, parts, fields, projections };
}

function checkOneStep(networks: readonly NetworkParts[]): void {
  const steps = new Set(networks.map(({ context }) => context.dtMs));
  if (steps.size === 1) return;
  throw new NetworkError(
    `Networks of one plan must have one time step, got ${[...steps].map((ms) => `${ms} ms`).join(' and ')}.`,
    { path: 'dt', value: [...steps] },
  );
}
