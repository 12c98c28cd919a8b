/**
 * What can be looked at in a population, field or projection, for people: names, units, and which of it is stored.
 * Reads the parts of a plan; changes nothing.
 */
import { NetworkError } from '../errors.ts';
import type { Flag, SourceBlock, Variable } from '../language/ast.ts';
import { listNames, suggest } from '../language/messages.ts';
import { describeDimension, parseUnit, usualUnit } from '../language/units.ts';
import { checkName } from '../network/fields.ts';
import type { PopulationPart } from './populations.ts';
import type { ProjectionPart } from './projections.ts';
import type { Way } from './ways.ts';

/** A variable that equations declare. */
export interface VariableDescription {
  readonly name: string;
  /** In what people read it, for `get` and for axes: "mV", "nS", "uM"; "" for plain numbers and flags. */
  readonly unit: string;
  /** Internal units per `unit`. */
  readonly factor: number;
  /** Has a differential equation, is computed from others, or is a value that only statements and synapses change. */
  readonly kind: Variable['kind'];
  /** As declared: "slow", "constant", "presynaptic", "linked", … */
  readonly flags: readonly Flag[];
  /** Whether `get` knows it. Computed variables are only recorded; procedural synapses keep nothing. */
  readonly isStored: boolean;
  /** Its equation as typed, and the line in the equations, from 1. */
  readonly text: string;
  readonly line: number;
}

/**
 * Variables of a population, field or projection, looked for by name in this order; in the order of its equations, none
 * for a spike list. Throws NetworkError for an unknown name.
 */
export function variablesOf(
  owner: string,
  populations: readonly PopulationPart[],
  projections: readonly { readonly part: ProjectionPart; readonly way: Way }[],
): VariableDescription[] {
  checkName(owner, 'variables: owner');
  const population = populations.find(({ document }) => document.name === owner);
  if (population !== undefined) return populationVariables(population);
  const projection = projections.find(({ part }) => part.document.name === owner);
  if (projection === undefined) {
    const names = [...populations, ...projections.map(({ part }) => part)].map(
      ({ document }) => document.name,
    );
    throw unknownOwner('population, field or projection', owner, names);
  }
  return projectionVariables(projection.part, projection.way === 'procedural');
}

/** Something asked for by a name that nothing has. */
export function unknownOwner(kind: string, name: string, names: readonly string[]): NetworkError {
  const near = suggest(name, names);
  const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
  return new NetworkError(
    `There is no ${kind} "${name}".${hint} Known: ${listNames(names) || 'none'}.`,
    { path: kind, value: name },
  );
}

const populationVariables = ({ model }: PopulationPart): VariableDescription[] =>
  (model?.variables ?? []).map((variable) =>
    described(variable, variable.kind !== 'subexpression', model?.blocks.eqs),
  );

const projectionVariables = (
  { model, variables, presynaptic }: ProjectionPart,
  isProcedural: boolean,
): VariableDescription[] => {
  const kept = new Set(isProcedural ? [] : variables.map(({ name }) => name));
  return model.variables
    .filter(({ span }) => span.end > span.start)
    .map((variable) => {
      const isShared = presynaptic !== null && variable.flags.includes('presynaptic');
      return described(variable, kept.has(variable.name) || isShared, model.blocks.eqs);
    });
};

function described(
  { name, kind, flags, unit, dimension, type, span, line }: Variable,
  isStored: boolean,
  block: SourceBlock | undefined,
): VariableDescription {
  const read =
    type === 'float' ? readableUnit(unit, usualUnit(dimension), describeDimension(dimension)) : '';
  return {
    name,
    unit: read,
    factor: read === '' ? 1 : parseUnit(read).factor,
    kind,
    flags,
    isStored,
    text: block?.text.slice(span.start, span.end).trim() ?? '',
    line,
  };
}

/** "volt" is declared where millivolts are meant, "uM" is meant. */
function readableUnit(declared: string, usual: string, plain: string): string {
  if (usual === '' || declared === plain) return usual;
  return parseUnit(declared).factor === parseUnit(usual).factor ? usual : declared;
}
