/** Things that are allowed but probably not meant: parameters that nothing reads, rates that are too high for dt. */
import { unusedParameters, usedParameters } from '../language/check.ts';
import { DIMENSIONS, parseQuantity } from '../language/units.ts';
import type { ValueSpec } from '../network/document.ts';
import { FIELD_PARAMETERS } from '../network/validate-field.ts';
import type { Context } from './context.ts';
import { type PopulationPart, titleOf } from './populations.ts';
import type { ProjectionPart } from './projections.ts';

/** Adds the warnings that need the whole network. */
export function addWarnings(
  context: Context,
  populations: readonly PopulationPart[],
  projections: readonly ProjectionPart[],
): void {
  warnOfUnusedParameters(context, populations, projections);
  for (const part of populations) warnOfHighRates(context, part);
  warnOfEarlyReading(context, projections);
}

/** Names that occur in the texts of values. */
function namesIn(specs: readonly (ValueSpec | undefined)[]): Set<string> {
  const texts = specs.filter((spec) => typeof spec === 'string');
  return new Set(texts.flatMap((text) => text.match(/[A-Za-z_]\w*/g) ?? []));
}

const positionSpecs = (positions: object): ValueSpec[] =>
  Object.entries(positions)
    .filter(([key]) => ['x', 'y', 'z'].includes(key))
    .map(([, spec]) => spec as ValueSpec);

function warnOfUnusedParameters(
  context: Context,
  populations: readonly PopulationPart[],
  projections: readonly ProjectionPart[],
): void {
  const usedByAll = new Set<string>();
  const note = (names: Iterable<string>, into: Set<string>): void => {
    for (const name of names) into.add(name);
  };
  const warn = (names: readonly string[], used: ReadonlySet<string>, owner: string): void => {
    for (const warning of unusedParameters(names, used, owner)) context.warnings.add(warning);
  };
  for (const part of populations) {
    if (part.model === null || part.document.kind === 'spikes') continue;
    const used = new Set(usedParameters(part.model, 'own'));
    const { initial, positions = {} } = part.document;
    note(namesIn([...Object.values(initial), ...positionSpecs(positions)]), used);
    note(namesIn(part.poisson.map(({ document }) => document.weight)), used);
    for (const projection of projections) {
      if (projection.target.part === part) note(usedParameters(projection.model, 'target'), used);
    }
    note(usedParameters(part.model, 'network'), usedByAll);
    note(namesIn(Object.values(part.field?.document.diffusion ?? {})), used);
    note(part.field === null ? [] : FIELD_PARAMETERS, used);
    note(used, usedByAll);
    warn(Object.keys(part.parameters.values), used, titleOf(part));
  }
  for (const part of projections) {
    const { delay, initial, connect } = part.document;
    const delays =
      typeof delay === 'object' && 'byPathway' in delay ? Object.values(delay.byPathway) : [delay];
    const used = new Set(usedParameters(part.model, 'own'));
    const pairs = connect.rule === 'pairwise' ? [connect.condition, connect.p] : [];
    note(namesIn([...Object.values(initial), ...delays, ...pairs]), used);
    note(used, usedByAll);
    note(usedParameters(part.model, 'network'), usedByAll);
    warn(Object.keys(part.parameters.values), used, `Projection "${part.document.name}"`);
  }
  warn(Object.keys(context.network.values), usedByAll, 'Network');
}

/** A Poisson neuron spikes at most once per step. */
function warnOfHighRates(context: Context, { document }: PopulationPart): void {
  if (document.kind === 'spikes' || document.model !== 'poisson') return;
  const { rate } = document.params;
  if (rate === undefined) return;
  const where = `Population "${document.name}": rate`;
  const probability = parseQuantity(rate, where, DIMENSIONS.rate).value * context.dtMs;
  if (probability <= 0.1) return;
  context.warnings.add(
    `${where} * dt is ${Number(probability.toPrecision(3))}: more than 0.1, so that many spikes are lost, ` +
      'because a neuron spikes at most once per step. Use more neurons of a lower rate, or a smaller dt.',
  );
}

/** Pathways see neurons as they are before the input of the same step; Brian adds projection by projection. */
function warnOfEarlyReading(context: Context, projections: readonly ProjectionPart[]): void {
  for (const { document, source, target, pathways } of projections) {
    for (const { lowered } of pathways) {
      const reads = [
        ...lowered.preVariables.map(({ name }) => ({ name, part: source.part })),
        ...lowered.postVariables.map(({ name }) => ({ name, part: target.part })),
      ];
      for (const { name, part } of reads) {
        if (!part.inputs.has(name)) continue;
        context.warnings.add(
          `Projection "${document.name}" reads "${name}" of ${part.path} as it is before the synaptic input of ` +
            'the same step is added to it.',
        );
      }
    }
  }
}
