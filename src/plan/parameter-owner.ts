/**
 * Parameters by the names that people give them: which table holds one, and which projections it reaches. Looks things
 * up; changes nothing.
 */
import { NetworkError } from '../errors.ts';
import { listNames, suggest } from '../language/messages.ts';
import { DIMENSIONLESS } from '../language/units.ts';
import type { Context, ParameterTable } from './context.ts';
import { type PopulationPart, titleOf } from './populations.ts';
import type { ProjectionPart } from './projections.ts';

/** What parameters belong to. */
export interface Owners {
  readonly context: Context;
  /** Populations, then fields. */
  readonly populations: readonly PopulationPart[];
  readonly projections: readonly ProjectionPart[];
}

/** The table of a parameter. */
export interface FoundParameter {
  readonly table: ParameterTable;
  /** `Population "exc": parameter "tau"`, for messages. */
  readonly where: string;
}

/**
 * The table that holds a parameter of a population, field, projection or input, looked for in this order, or of the
 * network (""). Throws NetworkError for what is unknown or cannot change while a simulation runs.
 */
export function findParameter(owners: Owners, owner: string, name: string): FoundParameter {
  const { context, populations, projections } = owners;
  if (owner === '') return named(context.network, name, 'Network');
  const population = populations.find((part) => part.document.name === owner);
  if (population !== undefined) {
    if (population.field !== null && name === 'voxel_volume') {
      throw new NetworkError(
        `Field "${owner}": "voxel_volume" follows from the spacing and cannot be set.`,
        { path: population.path, value: name },
      );
    }
    return named(population.parameters, name, titleOf(population));
  }
  const projection = projections.find((part) => part.document.name === owner);
  if (projection !== undefined) return named(projection.parameters, name, `Projection "${owner}"`);
  const input = inputTable(populations, owner);
  if (input === null) throw unknownOwner(context, owner);
  if (name === 'rate') {
    throw new NetworkError(
      `Poisson input "${owner}": the rate cannot change while a simulation runs. Set it in the ` +
        'network and create the simulation again, or use a Poisson population.',
      { path: owner, value: name },
    );
  }
  return named(input, name, `Poisson input "${owner}"`);
}

/** Tables that the code of a projection reads. */
export const tablesOf = ({
  context,
  source,
  target,
  parameters,
}: ProjectionPart): readonly ParameterTable[] => [
  context.network,
  source.part.parameters,
  target.part.parameters,
  parameters,
];

function named(table: ParameterTable, name: string, where: string): FoundParameter {
  if (!Object.hasOwn(table.values, name)) {
    const names = Object.keys(table.dimensions);
    const near = suggest(name, names);
    const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
    throw new NetworkError(
      `${where}: unknown parameter "${name}".${hint} Known: ${listNames(names) || 'none'}.`,
      { path: where, value: name },
    );
  }
  return { table, where: `${where}: parameter "${name}"` };
}

function unknownOwner({ document }: Context, owner: string): NetworkError {
  const { populations, fields = [], projections, inputs } = document;
  const names = [...populations, ...fields, ...projections, ...inputs].map(({ name }) => name);
  const near = suggest(owner, names);
  const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
  return new NetworkError(
    `There is no population, projection or input "${owner}".${hint} Known: ${listNames(names) || 'none'}.`,
    { path: 'setParameter', value: owner },
  );
}

/** The weight of a Poisson input as a parameter, where it is a plain number; null for what is no input. */
function inputTable(populations: readonly PopulationPart[], owner: string): ParameterTable | null {
  for (const part of populations) {
    const k = part.poisson.findIndex(({ document }) => document.name === owner);
    if (k < 0) continue;
    const key = `poisson weight ${k}`;
    const { poissonValues } = part;
    if (poissonValues[key] === undefined) return { values: {}, dimensions: {} };
    const variable = part.poisson[k]?.document.variable ?? '';
    const dimension =
      part.model?.variables.find(({ name }) => name === variable)?.dimension ?? DIMENSIONLESS;
    const values = Object.defineProperty({}, 'weight', {
      enumerable: true,
      get: () => poissonValues[key],
      set: (value: number) => {
        poissonValues[key] = value;
      },
    }) as Record<string, number>;
    return { values, dimensions: { weight: dimension } };
  }
  return null;
}
