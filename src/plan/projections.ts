/**
 * Projections on their way into a plan: checked against their two ends and lowered. Which neurons are joined, and with
 * what values, is synapses.ts.
 */
import { NetworkError } from '../errors.ts';
import type { CheckedPathway, CheckedProjection, Variable } from '../language/ast.ts';
import { checkProjection, checkValue, type ProjectionScope } from '../language/check.ts';
import type { StoredVariable } from '../language/kernel.ts';
import type { LoweredClocked } from '../language/lower-clocked.ts';
import {
  type LoweredPathway,
  type LoweredSummed,
  lowerProjection,
} from '../language/lower-projection.ts';
import { listNames, suggest } from '../language/messages.ts';
import { streamOf } from '../language/philox.ts';
import { isHiddenName, type PresynapticProgram } from '../language/presynaptic.ts';
import { resolve } from '../language/resolve.ts';
import { Meanings } from '../language/synapse-names.ts';
import { contains, type Term } from '../language/term.ts';
import { DIMENSIONS, type Dimension } from '../language/units.ts';
import type { ProjectionDocument, SliceReference, ValueSpec } from '../network/document.ts';
import {
  type Context,
  type ParameterTable,
  readParameters,
  tableAtStart,
  within,
} from './context.ts';
import { atDegrees, type DegreeVariable } from './degrees.ts';
import { checkInputVariable, type PopulationPart, slowClock } from './populations.ts';
import {
  checkSameSpace,
  isDistance,
  placedModel,
  withDistance,
  withPlaceHint,
} from './positions.ts';
import { type Prepared, prepare, varies, type Wanted } from './values.ts';

/** One end of a projection: neurons from … from + count - 1 of a population. */
export interface End {
  readonly part: PopulationPart;
  readonly from: number;
  readonly count: number;
}

/** A pathway and when its spikes arrive. Pathways with equal `delayName` have the same delay at every synapse. */
export interface PathwayPart {
  readonly checked: CheckedPathway;
  readonly lowered: LoweredPathway;
  readonly delay: Prepared;
  readonly delayName: string;
  readonly delayWanted: Wanted;
}

/** A projection while the plan is made. */
export interface ProjectionPart {
  /** Of its network. */
  readonly context: Context;
  readonly document: ProjectionDocument;
  readonly path: string;
  readonly source: End;
  readonly target: End;
  readonly parameters: ParameterTable;
  readonly scope: ProjectionScope;
  readonly model: CheckedProjection;
  readonly pathways: readonly PathwayPart[];
  readonly summed: readonly LoweredSummed[];
  readonly clocked: readonly LoweredClocked[];
  /** All that a synapse stores, the degrees that code reads among them. */
  readonly variables: readonly StoredVariable[];
  readonly degrees: readonly DegreeVariable[];
  /** Variables that some code changes. */
  readonly written: ReadonlySet<string>;
  /** What the source neurons keep of its presynaptic variables; null where there are none, or synapses keep them. */
  readonly presynaptic: PresynapticProgram | null;
  /** Ranges of the values that those variables begin with or were set to, by hidden name. */
  readonly presynapticRanges: Map<string, readonly [number, number]>;
}

/** Checks and lowers all projections, and tells populations what is asked of them. */
export function checkProjections(
  context: Context,
  populations: readonly PopulationPart[],
): ProjectionPart[] {
  const parts = context.document.projections.map((document) => {
    const part = checkOne(context, populations, document);
    for (const { lowered } of part.pathways) noteNeeds(part, lowered);
    for (const lowered of part.summed) {
      noteNeeds(part, { ...lowered, inputs: [] });
      part.target.part.summed.add(lowered.target);
    }
    for (const lowered of part.clocked) noteNeeds(part, { ...lowered, inputs: [] });
    const { presynaptic: program } = part;
    if (program !== null) {
      const parameters = (): Readonly<Record<string, number>> =>
        projectionParameters(context, part, 0);
      part.source.part.presynaptic.push({ program, parameters });
    }
    return part;
  });
  refuseSecondSums(parts);
  return parts;
}

function endOf(populations: readonly PopulationPart[], slice: SliceReference): End {
  const part = populations.find((one) => one.document.name === slice.population);
  if (part === undefined) throw new Error(`internal: no population ${slice.population}`);
  const { from = 0, to = part.document.size } = slice;
  return { part, from, count: to - from };
}

function checkOne(
  context: Context,
  populations: readonly PopulationPart[],
  document: ProjectionDocument,
): ProjectionPart {
  const where = `Projection "${document.name}"`;
  const path = `projection "${document.name}"`;
  const source = endOf(populations, document.source);
  const target = endOf(populations, document.target);
  const parameters = readParameters(document.params, where);
  const scope: ProjectionScope = {
    params: parameters.dimensions,
    targetParams: target.part.parameters.dimensions,
    networkParams: context.network.dimensions,
    timedArrays: context.timedArrays,
  };
  const text = {
    eqs: document.eqs,
    onPre: byName(document.onPre, 'pre'),
    onPost: byName(document.onPost, 'post'),
  };
  const ends = { pre: source.part.model, post: target.part.model };
  const model = checkProjection(text, ends, scope, path);
  for (const warning of model.warnings) context.warnings.add(`${where}: ${warning}`);
  const options = {
    dtMs: context.dtMs,
    precision: context.precision,
    tables: context.tableNumbers,
    ...ends,
    method: document.method ?? 'auto',
    slow: slowClock(document, context.dtMs),
  };
  const lowered = within(path, () => lowerProjection(model, document.name, options));
  const base = { context, document, path, source, target, parameters, scope, model };
  const { pathways, summed, clocked, degrees } = atDegrees(
    lowered.pathways,
    lowered.summed,
    lowered.clocked,
  );
  for (const { report } of clocked) {
    for (const warning of report.warnings) context.warnings.add(`${where}: ${warning}`);
  }
  return {
    ...base,
    pathways: model.pathways.map((checked, k) => ({
      checked,
      lowered: pathways[k] as LoweredPathway,
      ...delayOf(context, base, checked),
    })),
    summed,
    clocked,
    variables: [...lowered.variables, ...degrees.map(({ stored }) => stored)],
    degrees,
    written: lowered.written,
    presynaptic: lowered.presynaptic,
    presynapticRanges: new Map(),
  };
}

const byName = (
  texts: string | Readonly<Record<string, string>> | undefined,
  single: string,
): Readonly<Record<string, string>> | undefined =>
  typeof texts === 'string' ? { [single]: texts } : texts;

type Base = Pick<
  ProjectionPart,
  'context' | 'document' | 'path' | 'source' | 'target' | 'parameters' | 'scope' | 'model'
>;

// ---- Delays ----

function delayOf(
  context: Context,
  base: Base,
  pathway: CheckedPathway,
): Pick<PathwayPart, 'delay' | 'delayName' | 'delayWanted'> {
  const { delay } = base.document;
  const where = `Projection "${base.document.name}": delay`;
  const isByPathway = typeof delay === 'object' && 'byPathway' in delay;
  if (isByPathway) checkPathwayNames(Object.keys(delay.byPathway), base, where);
  const common = pathway.trigger === 'pre' && !isByPathway ? delay : undefined;
  const spec = (isByPathway ? delay.byPathway[pathway.name] : common) ?? '0 ms';
  const delayName = isByPathway ? `${base.document.name}.${pathway.name}` : base.document.name;
  const delayWanted = synapseWanted(context, base, {
    where: isByPathway ? `${where} of "${pathway.name}"` : where,
    block: 'delay',
    dimension: DIMENSIONS.time,
    type: 'float',
    stream: streamOf('delay', delayName),
  });
  const prepared = prepare(spec, delayWanted);
  if (pathway.trigger === 'post' && varies(prepared)) {
    throw new NetworkError(
      `${where} of "${pathway.name}" must be the same for all synapses: pathways of postsynaptic ` +
        'spikes have one delay.',
      { path: base.path, value: spec },
    );
  }
  return { delay: prepared, delayName, delayWanted };
}

function checkPathwayNames(given: readonly string[], base: Base, where: string): void {
  const names = base.model.pathways.map(({ name }) => name);
  const unknown = given.find((name) => !names.includes(name));
  if (unknown === undefined) return;
  const near = suggest(unknown, names);
  const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
  throw new NetworkError(
    `${where}: there is no pathway "${unknown}".${hint} Pathways: ${names.join(', ')}.`,
    { path: base.path, value: unknown },
  );
}

// ---- Values of synapses ----

/** How a ValueSpec of a projection is checked. */
export function synapseWanted(
  context: Context,
  { model, source, target, scope, path }: Base,
  what: {
    readonly where: string;
    readonly block: string;
    readonly dimension: Dimension;
    readonly type: Variable['type'];
    readonly stream: number;
  },
): Wanted {
  const ends = { pre: placedModel(source.part), post: placedModel(target.part) };
  const placed = withDistance(model, source.part, target.part);
  const { where, block, dimension, type, stream } = what;
  return {
    where,
    dimension,
    dtMs: context.dtMs,
    seed: context.seed,
    stream,
    term: (text) => {
      const typed = withPlaceHint(text, source.part, target.part, () =>
        checkValue({ name: block, text }, dimension, type, placed, scope, ends, path),
      );
      const meanings = new Meanings(placed, ends.pre, ends.post, new Map());
      const term = within(path, () => resolve(typed, meanings.resolution(block)));
      if (contains(term, readsDistance)) checkSameSpace(source.part, target.part, where);
      return term;
    },
    table: (name, column) => tableAtStart(context, name, column),
  };
}

const readsDistance = (term: Term): boolean =>
  term.kind === 'symbol' && isDistance(term.symbol.name);

/** First value of a synapse variable, checked. */
export function prepareInitial(
  context: Context,
  part: ProjectionPart,
  name: string,
  spec: ValueSpec,
  what: string,
): { readonly prepared: Prepared; readonly wanted: Wanted } {
  const { document, model } = part;
  const where = `Projection "${document.name}": ${what} of "${name}"`;
  const variable = model.variables.find((one) => one.name === name);
  if (variable === undefined || variable.kind === 'subexpression') {
    const names = part.model.variables
      .filter((one) => one.kind !== 'subexpression')
      .map((one) => one.name);
    const near = suggest(name, names);
    const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
    throw new NetworkError(
      `${where}: there is no synapse variable "${name}".${hint} Variables: ${listNames(names) || 'none'}.`,
      { path: where, value: name },
    );
  }
  const wanted = synapseWanted(context, part, {
    where,
    block: `set ${name}`,
    dimension: variable.dimension,
    type: variable.type,
    stream: streamOf('initial synapse', `${document.name}.${name}`),
  });
  return { prepared: prepare(spec, wanted), wanted };
}

/**
 * Parameter values as a projection's constants need them: its own shadow those of the target, which shadow the
 * network's; subexpressions of the neurons at the ends use the qualified names.
 */
export function projectionParameters(
  context: Context,
  { source, target, parameters }: Pick<ProjectionPart, 'source' | 'target' | 'parameters'>,
  synapseCount: number,
): Readonly<Record<string, number>> {
  const network = context.network.values;
  const pre = source.part.parameters.values;
  const post = target.part.parameters.values;
  return {
    ...prefixed('pre', { ...network, ...pre }),
    ...prefixed('post', { ...network, ...post }),
    ...network,
    ...post,
    ...parameters.values,
    N: synapseCount,
    N_pre: source.count,
    N_post: target.count,
  };
}

const prefixed = (side: string, values: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`${side}.${name}`, value]));

// ---- What populations must provide ----

function noteNeeds(
  { source, target, path }: ProjectionPart,
  lowered: Pick<LoweredPathway, 'preVariables' | 'postVariables' | 'inputs'>,
): void {
  for (const { name } of lowered.preVariables) if (!isHiddenName(name)) source.part.read.add(name);
  for (const { name } of lowered.postVariables) target.part.read.add(name);
  for (const { name, side } of lowered.inputs) {
    const { part } = side === 'pre' ? source : target;
    const owner = path.charAt(0).toUpperCase() + path.slice(1);
    checkInputVariable(part, name, owner);
    part.inputs.add(name);
  }
}

/** A summed variable is overwritten by its sum, so it can have one source only. */
function refuseSecondSums(parts: readonly ProjectionPart[]): void {
  const sums = new Map<string, string>();
  for (const { target, document, summed } of parts) {
    for (const { target: variable } of summed) {
      const key = JSON.stringify([target.part.index, variable]);
      const other = sums.get(key);
      if (other !== undefined) {
        throw new NetworkError(
          `Projection "${document.name}": "${variable}" of ${target.part.path} is summed by ` +
            `projection "${other}" already. Use a variable of its own for each and add them up.`,
          { path: `projection "${document.name}"`, value: variable },
        );
      }
      sums.set(key, document.name);
    }
  }
}
