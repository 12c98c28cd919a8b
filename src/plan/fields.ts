/**
 * Fields on their way into a plan: checked, lowered, with the constants of their diffusion. A field is compiled as a
 * population of voxels, on a clock of its own: projections onto it, first values, parameters and inspection are those of
 * populations. What is different is here and in field-kernels.ts.
 */
import { NetworkError } from '../errors.ts';
import type { CheckedPopulation, Variable } from '../language/ast.ts';
import { checkPopulation, checkValue, type Scope } from '../language/check.ts';
import { constantEnvironment, type HostConstants } from '../language/constants.ts';
import { compileHost } from '../language/host.ts';
import { type LoweredPopulation, lowerPopulation } from '../language/lower.ts';
import { suggest } from '../language/messages.ts';
import { resolve } from '../language/resolve.ts';
import type { Term } from '../language/term.ts';
import {
  DIMENSIONLESS,
  DIMENSIONS,
  type Dimension,
  divide,
  parseQuantity,
  power,
} from '../language/units.ts';
import type { FieldDocument, NeuronPopulationDocument, Quantity } from '../network/document.ts';
import { spacings, voxelsOf } from '../network/validate-field.ts';
import { type Context, readParameters, within } from './context.ts';
import { checkDiffusion, type DiffusionClock } from './diffusion.ts';
import {
  inputsInOrder,
  newPart,
  type PopulationPart,
  populationParameters,
} from './populations.ts';
import type { Positions } from './positions.ts';

/** Global numbers of voxels begin behind those of neurons, of which there are fewer. */
const FIRST_VOXEL = 2 ** 30;
/** Numbers of parts that are no populations. */
const FIRST_FIELD = 2 ** 30;

const VOLUME = power(DIMENSIONS.length, 3);
const DIFFUSION = divide(power(DIMENSIONS.length, 2), DIMENSIONS.time);

type Triple = readonly [number, number, number];

/** What only fields have. */
export interface FieldGrid {
  readonly document: FieldDocument;
  readonly grid: Triple;
  /** Edges of a voxel and corner of the grid, µm. */
  readonly spacing: Triple;
  readonly origin: Triple;
  readonly edges: 'reflecting' | 'absorbing' | 'periodic';
  /** Steps of the network from one run to the next. */
  readonly every: number;
  /** Free diffusion coefficients by variable, in µm²/ms. */
  readonly diffusion: ReadonlyMap<string, Term>;
}

/** A field while the plan is made. */
export type FieldPart = PopulationPart & { readonly field: FieldGrid };

/** Checks all fields of a network. `before`: fields and voxels of other networks of the plan. */
export function checkFields(
  context: Context,
  before: { readonly fields: number; readonly voxels: number },
): FieldPart[] {
  let first = FIRST_VOXEL + before.voxels;
  return (context.document.fields ?? []).map((document, k) => {
    const part = checkOne(context, document, FIRST_FIELD + before.fields + k, first);
    first += part.document.size;
    return part;
  });
}

function checkOne(
  context: Context,
  document: FieldDocument,
  index: number,
  first: number,
): FieldPart {
  const where = `Field "${document.name}"`;
  const path = `field "${document.name}"`;
  const geometry = geometryOf(document, context.dtMs);
  const given = readParameters(document.params, where);
  const [x, y, z] = geometry.spacing;
  const parameters = {
    values: {
      ...given.values,
      voxel_volume: x * y * z,
      volume_fraction: document.volumeFraction ?? 1,
      tortuosity: document.tortuosity ?? 1,
    },
    dimensions: { ...given.dimensions, ...FIELD_DIMENSIONS },
  };
  const scope: Scope = {
    params: parameters.dimensions,
    networkParams: context.network.dimensions,
    timedArrays: context.timedArrays,
  };
  const model = checkPopulation({ eqs: document.eqs }, scope, path);
  for (const warning of model.warnings) context.warnings.add(`${where}: ${warning}`);
  checkModel(model, where, path);
  const population = asPopulation(document);
  return {
    ...newPart({ context, index, document: population, path, first, parameters, scope, model }),
    positions: middles(geometry),
    field: { ...geometry, document, diffusion: diffusionOf(document, model, scope, path) },
  };
}

/** What equations of fields know beside their parameters. */
export const FIELD_DIMENSIONS: Readonly<Record<string, Dimension>> = {
  voxel_volume: VOLUME,
  volume_fraction: DIMENSIONLESS,
  tortuosity: DIMENSIONLESS,
};

/** The field as what the parts of a plan know. */
function asPopulation(document: FieldDocument): NeuronPopulationDocument {
  const { name, eqs, method, params, initial } = document;
  const size = voxelsOf(document);
  return {
    kind: 'neurons',
    name,
    size,
    eqs,
    params,
    initial,
    ...(method === undefined ? {} : { method }),
  };
}

type Geometry = Omit<FieldGrid, 'document' | 'diffusion'>;

function geometryOf(document: FieldDocument, dtMs: number): Geometry {
  const where = `Field "${document.name}"`;
  const length = (quantity: Quantity, what: string): number =>
    parseQuantity(quantity, `${where}: ${what}`, DIMENSIONS.length).value;
  const triple = (at: (axis: number) => number): Triple => [at(0), at(1), at(2)];
  const edges = spacings(document);
  const everyMs = parseQuantity(document.every, `${where}: every`, DIMENSIONS.time).value;
  return {
    grid: triple((axis) => document.grid[axis] ?? 1),
    spacing: triple((axis) => length(edges[axis] as Quantity, 'spacing')),
    origin: triple((axis) => {
      const corner = document.origin?.[axis];
      return corner === undefined ? 0 : length(corner, 'origin');
    }),
    edges: document.edges ?? 'reflecting',
    every: Math.max(1, Math.round(everyMs / dtMs)),
  };
}

/** Where the middles of the voxels are. */
function middles({ grid, spacing, origin, edges }: Geometry): Positions {
  const count = grid[0] * grid[1] * grid[2];
  let stride = 1;
  const axes = grid.map((along, axis) => {
    const every = stride;
    stride *= along;
    const [edge, corner] = [spacing[axis] as number, origin[axis] as number];
    return Float64Array.from(
      { length: count },
      (_, k) => corner + edge * ((Math.floor(k / every) % along) + 0.5),
    );
  });
  const periodic = grid.map((along, axis) => along * (spacing[axis] as number));
  return { axes, periodic: edges === 'periodic' ? periodic : null };
}

/** Refuses what makes no sense in a field. */
function checkModel(model: CheckedPopulation, where: string, path: string): void {
  const fail = (message: string, value: string): never => {
    throw new NetworkError(`${where}: ${message}`, { path, value });
  };
  for (const { name, flags, type } of model.variables) {
    if (flags.includes('slow')) {
      fail(`"${name}" is flagged (slow), but a field has one clock. Use "every".`, name);
    }
    if (flags.includes('linked'))
      fail(`"${name}" is flagged (linked): populations read fields.`, name);
    if (type !== 'float') fail(`"${name}" must be a real number, not ${type}.`, name);
  }
  if (storedIn(model).length === 0) {
    fail('eqs declares no variable. For example "dC/dt = -k*C : mM", or "C : mM".', '');
  }
}

/** The variables that a field stores. */
export const storedIn = ({ variables }: CheckedPopulation): readonly Variable[] =>
  variables.filter(({ kind }) => kind !== 'subexpression');

function diffusionOf(
  { name, diffusion = {} }: FieldDocument,
  model: CheckedPopulation,
  scope: Scope,
  path: string,
): ReadonlyMap<string, Term> {
  const terms = new Map<string, Term>();
  for (const [variable, coefficient] of Object.entries(diffusion)) {
    const where = `Field "${name}": diffusion of "${variable}"`;
    const names = storedIn(model).map((one) => one.name);
    if (!names.includes(variable)) {
      const near = suggest(variable, names);
      const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
      throw new NetworkError(
        `${where}: there is no such variable.${hint} Variables: ${names.join(', ')}.`,
        { path, value: variable },
      );
    }
    const block = { name: `diffusion ${variable}`, text: String(coefficient) };
    const bare = { ...model, variables: [] };
    const typed = checkValue(block, DIFFUSION, 'float', bare, scope, undefined, path);
    const term = resolve(typed, { draws: new Map() });
    if (!term.host) {
      throw new NetworkError(
        `${where} must be the same everywhere and at all times, got ${JSON.stringify(coefficient)}. Use parameters and numbers only.`,
        { path, value: coefficient },
      );
    }
    terms.set(variable, term);
  }
  return terms;
}

/** Lowers all fields of a network, once projections have said what they add to them. */
export function lowerFields(context: Context, parts: readonly FieldPart[]): void {
  for (const part of parts) part.lowered = within(part.path, () => lowerOne(context, part));
}

function lowerOne(context: Context, part: FieldPart): LoweredPopulation {
  const model = part.model as CheckedPopulation;
  const everyMs = part.field.every * context.dtMs;
  const lowered = lowerPopulation(model, {
    dtMs: everyMs,
    method: part.field.document.method ?? 'auto',
    precision: context.precision,
    inputs: inputsInOrder(model, part.inputs),
    poissonInputs: [],
    tables: context.tableNumbers,
    // Diffusion and neurons read concentrations as they are.
    keepAbsolute: new Set(model.variables.map(({ name }) => name)),
  });
  return { ...lowered, constants: withDiffusion(lowered.constants, part, everyMs) };
}

/** The numbers, in the block of constants of a field, of kx, ky and kz of a variable; see FieldKernel.diffusion. */
export function diffusionConstants(
  { field, lowered }: FieldPart,
  variable: string,
): readonly [number, number, number] | null {
  const k = [...field.diffusion.keys()].indexOf(variable);
  if (k < 0 || lowered === null) return null;
  const first = lowered.constants.names.length - 3 * field.diffusion.size + 3 * k;
  const at = (axis: 0 | 1 | 2): number => (field.grid[axis] === 1 ? -1 : first + axis);
  return [at(0), at(1), at(2)];
}

/** The constants of the reaction, then D* dt/dx² by variable and axis. Computing them refuses what would be unstable. */
function withDiffusion(reaction: HostConstants, part: FieldPart, everyMs: number): HostConstants {
  const { spacing, grid, document, diffusion } = part.field;
  const all = [...diffusion].map(([name, term]) => ({ name, term, evaluate: compileHost(term) }));
  const named = <T>(of: (name: string, term: Term, axis: string) => T): T[] =>
    all.flatMap(({ name, term }) => ['x', 'y', 'z'].map((axis) => of(name, term, axis)));
  const clock: DiffusionClock = {
    name: document.name,
    grid,
    spacing,
    everyMs,
    dtMs: part.context.dtMs,
  };
  return {
    names: [...reaction.names, ...named((name, _, axis) => `${name}_along_${axis}`)],
    formulas: [
      ...reaction.formulas,
      ...named((_, { text }, axis) => `(${text})/tortuosity**2 * every/d${axis}**2`),
    ],
    compute(parameters) {
      const environment = constantEnvironment(parameters, everyMs);
      const factors = all.flatMap(({ name, evaluate }) => {
        const slowed = evaluate(environment) / (parameters.tortuosity ?? 1) ** 2;
        checkDiffusion(clock, name, slowed);
        return spacing.map((edge) => (slowed * everyMs) / edge ** 2);
      });
      return Float64Array.from([...reaction.compute(parameters), ...factors]);
    },
  };
}

/** Parameters as the constants of a field need them. */
export const fieldParameters = (part: FieldPart): Readonly<Record<string, number>> =>
  populationParameters(part.context, part);
