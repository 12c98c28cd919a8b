/**
 * Presynaptic state in the plan: first values of the hidden variables of source neurons, what they can be at most, and
 * how long windows may be so that no spike overwrites what an earlier one has yet to deliver. What the neurons do is
 * language/presynaptic.ts.
 */
import { timestep } from '../language/combine.ts';
import { constantEnvironment } from '../language/constants.ts';
import { compileHost } from '../language/host.ts';
import { runPresynaptic } from '../language/presynaptic.ts';
import { resolve } from '../language/resolve.ts';
import { DT, type Term } from '../language/term.ts';
import type { ValueSpec } from '../network/document.ts';
import { type Interval, intervalOf } from './intervals.ts';
import { neuronValue, type PopulationPart, populationParameters } from './populations.ts';
import { type ProjectionPart, prepareInitial, projectionParameters } from './projections.ts';
import { type Elements, evaluate, rangeOf, type Values, valueAt } from './values.ts';

/** Name of a presynaptic variable of a projection among those of its source population. */
export const hiddenName = ({ document }: ProjectionPart, variable: string): string =>
  `${document.name}.${variable}`;

/** Whether the source neurons keep that variable of the projection. */
export const isHosted = ({ presynaptic, model }: ProjectionPart, variable: string): boolean =>
  presynaptic !== null &&
  model.variables.some(({ name, flags }) => name === variable && flags.includes('presynaptic'));

// ---- Windows ----

/**
 * Steps from a spike to the next one of the same neuron, at least: its refractory period where that is the same for all
 * neurons at all times, else 1.
 */
export function spikeDistance(part: PopulationPart): number {
  const refractory = part.model?.refractory ?? null;
  if (refractory === null) return 1;
  const term = resolve(refractory, { draws: new Map() });
  if (!term.host || term.type === 'boolean') return 1;
  const environment = constantEnvironment(
    populationParameters(part.context, part),
    part.context.dtMs,
  );
  return Math.max(1, Math.trunc(compileHost(timestep(term, DT))(environment)));
}

/** Longest window in which no neuron whose presynaptic state synapses read can spike twice. */
export const longestWindow = (parts: readonly ProjectionPart[]): number =>
  Math.min(
    Number.POSITIVE_INFINITY,
    ...parts
      .filter(({ presynaptic }) => presynaptic !== null && presynaptic.writer !== null)
      .map(({ source }) => spikeDistance(source.part)),
  );

// ---- Values ----

/** Values of a presynaptic variable by source neuron. */
export function sourceValues(
  part: ProjectionPart,
  variable: string,
  spec: ValueSpec,
  what: string,
): Values {
  const { prepared, wanted } = prepareInitial(part.context, part, variable, spec, what);
  return evaluate(prepared, wanted, sourceElements(part));
}

function sourceElements(part: ProjectionPart): Elements {
  const { source, context } = part;
  return {
    count: source.count,
    origin: null,
    listed: null,
    synapses: null,
    parameters: projectionParameters(context, part, 0),
    read: (symbol, k) => {
      const side = 'side' in symbol ? symbol.side : 'synapse';
      const name = side === 'pre' ? symbol.name : hiddenName(part, symbol.name);
      return neuronValue(source.part, name, source.from + k);
    },
  };
}

/** Gives source populations the first values of what they keep for a projection. */
export function initialisePresynaptic(part: ProjectionPart): void {
  const { document, source } = part;
  for (const [name, spec] of Object.entries(document.initial)) {
    if (!isHosted(part, name)) continue;
    const values = sourceValues(part, name, spec, 'initial value');
    const all = new Float64Array(source.part.document.size);
    for (let k = 0; k < source.count; k++) all[source.from + k] = valueAt(values, k);
    source.part.initial.set(hiddenName(part, name), all);
    part.presynapticRanges.set(hiddenName(part, name), rangeOf(values));
  }
}

/** Values per source neuron, spread over the synapses of the rows. */
export function spread(values: Values, rows: Uint32Array): Values {
  if (typeof values === 'number') return values;
  const all = new Float64Array(rows.at(-1) ?? 0);
  for (let row = 0; row + 1 < rows.length; row++) {
    all.fill(values[row] as number, rows[row] as number, rows[row + 1] as number);
  }
  return all;
}

// ---- Bounds ----

/** Longest interval between spikes that bounds reckon with, in steps. */
const LONGEST_INTERVAL = 2 ** 31;
/** Rounds after which a range that still grows is widened. */
const ROUNDS = 4;
/** So much that a spike adds nothing to it. */
const ENDLESS = 1e30;
/** What ranges that grow are widened to, one after the other. */
const WIDENINGS: readonly Interval[] = [
  [0, 1],
  [0, ENDLESS],
];

/**
 * What hidden variables can be for the parameters of now, whatever the spikes: ranges that hold the first values and that
 * every spike maps into themselves. Looked for from the first values on; what keeps growing is tried with 0…1 and with
 * everything from 0 on. null for variables for which none is found.
 */
export function hiddenRanges(part: ProjectionPart): ReadonlyMap<string, Interval | null> {
  const { presynaptic: program, context, presynapticRanges } = part;
  const ranges = new Map<string, Interval | null>();
  if (program === null) return ranges;
  for (const { name } of program.variables) ranges.set(name, presynapticRanges.get(name) ?? [0, 0]);
  const terms = runPresynaptic(program, {
    hold: (_, value) => value,
    draws: new Map(),
    neuron: () => undefined,
    parameter: (name) => name,
  });
  const environment = constantEnvironment(projectionParameters(context, part, 0), context.dtMs);
  const after = (term: Term): Interval | null =>
    intervalOf(term, {
      environment,
      elapsed: [0, LONGEST_INTERVAL],
      of: (symbol) =>
        symbol.role === 'variable' && symbol.side === 'synapse'
          ? (ranges.get(hiddenName(part, symbol.name)) ?? null)
          : null,
    });
  settleRanges(ranges, terms, after);
  // What is that wide only helps others to a bound.
  for (const [name, range] of ranges)
    if (range !== null && range[1] >= ENDLESS) ranges.set(name, null);
  return ranges;
}

/** Where nothing bounds a variable. */
export const ANYTHING: Interval = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];

/**
 * Notes what hidden variables can be under the parameters of now as what spikes to come may find, before other parameters
 * hold: those bound what spikes leave behind, not what is there already.
 */
export function noteRanges(part: ProjectionPart): void {
  for (const [name, range] of hiddenRanges(part)) {
    part.presynapticRanges.set(name, range ?? ANYTHING);
  }
}

/** Widens the ranges until spikes map all of them into themselves. */
function settleRanges(
  ranges: Map<string, Interval | null>,
  terms: ReadonlyMap<string, Term>,
  after: (term: Term) => Interval | null,
): void {
  const growing = (): ReadonlyMap<string, Interval | null> => {
    let grown = grow(ranges, terms, after);
    for (let round = 0; round < ROUNDS && grown.size > 0; round++) {
      for (const [name, range] of grown) ranges.set(name, range);
      grown = grow(ranges, terms, after);
    }
    return grown;
  };
  for (const widening of WIDENINGS) {
    const grown = growing();
    if (grown.size === 0) return;
    for (const name of grown.keys()) ranges.set(name, hullOf(ranges.get(name) ?? null, widening));
  }
  // What grows all the same has no bound, and neither has what depends on it.
  for (let grown = growing(); grown.size > 0; grown = grow(ranges, terms, after)) {
    for (const name of grown.keys()) ranges.set(name, null);
  }
}

/** Variables that a spike takes out of their ranges, and the ranges that would hold them. */
function grow(
  ranges: ReadonlyMap<string, Interval | null>,
  terms: ReadonlyMap<string, Term>,
  after: (term: Term) => Interval | null,
): Map<string, Interval | null> {
  const grown = new Map<string, Interval | null>();
  for (const [name, term] of terms) {
    const before = ranges.get(name) ?? null;
    if (before === null) continue;
    const next = after(term);
    if (next !== null && next[0] >= before[0] && next[1] <= before[1]) continue;
    grown.set(name, next === null ? null : hullOf(before, next));
  }
  return grown;
}

const hullOf = (a: Interval | null, b: Interval): Interval =>
  a === null ? b : [Math.min(a[0], b[0]), Math.max(a[1], b[1])];
