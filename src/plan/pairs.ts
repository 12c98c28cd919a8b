/**
 * Pairwise rules: the probability of every pair from expressions over indices, positions, parameters and first values.
 * Draws no pairs; that is connect-rows.ts.
 */
import { NetworkError } from '../errors.ts';
import { constantEnvironment } from '../language/constants.ts';
import {
  compileHost,
  type ElementEnvironment,
  elementEnvironment,
  type HostFunction,
  normalQuantile,
} from '../language/host.ts';
import { drawWord, streamOf, uniformOf } from '../language/philox.ts';
import { contains, type Term } from '../language/term.ts';
import { DIMENSIONLESS } from '../language/units.ts';
import { type Context, tableAtStart } from './context.ts';
import { type PairBounds, pairBounds } from './pair-bounds.ts';
import { type ProjectionPart, projectionParameters, synapseWanted } from './projections.ts';
import { readSynapse } from './read-synapse.ts';

/** The probability of pairs. */
export interface PairRule {
  probability(pre: number, post: number): number;
  /** What is known of it beforehand; null when nothing is. */
  readonly bounds: PairBounds | null;
}

/** The rule as a function of the pair, or null for rules that are not pairwise. */
export function pairRule(context: Context, part: ProjectionPart): PairRule | null {
  const { connect, name } = part.document;
  if (connect.rule !== 'pairwise') return null;
  const where = `Projection "${name}": connect`;
  const stream = streamOf('connect expression', name);
  const read = (text: string, block: 'condition' | 'p'): Term =>
    pairTerm(context, part, where, block, text, stream);
  const condition = connect.condition === undefined ? null : read(connect.condition, 'condition');
  const p = connect.p === undefined ? null : read(String(connect.p), 'p');
  const environment = pairEnvironment(context, part, stream);
  const value = (term: Term | null): HostFunction =>
    term === null ? () => 1 : settled(context, part, term);
  const [holds, probability] = [value(condition), value(p)];
  return {
    probability(pre, post) {
      environment.pre = pre;
      environment.post = post;
      environment.element = pre;
      if (holds(environment) === 0) return 0;
      const result = probability(environment);
      if (Number.isNaN(result)) throw notANumber(`${where}: p`, pre, post);
      return result;
    },
    bounds: pairBounds(context, part, condition, p),
  };
}

/** Synapses do not exist yet, so expressions see none of their variables, only the two ends. */
function pairTerm(
  context: Context,
  part: ProjectionPart,
  where: string,
  block: 'condition' | 'p',
  text: string,
  stream: number,
): Term {
  const type = block === 'condition' ? 'boolean' : 'float';
  const bare = { ...part, model: { ...part.model, variables: [] } };
  const what = {
    where: `${where}: ${block}`,
    block,
    dimension: DIMENSIONLESS,
    type,
    stream,
  } as const;
  const term = synapseWanted(context, bare, what).term(text);
  if (contains(term, ({ kind, text: name }) => kind === 'symbol' && name === 'N')) {
    throw new NetworkError(
      `${where}: ${block}: N, the number of synapses, is not known before they are made. Use N_pre or N_post.`,
      { path: where, value: text },
    );
  }
  return term;
}

/** A function of the pair; a constant is computed once. */
function settled(context: Context, part: ProjectionPart, term: Term): HostFunction {
  const value = compileHost(term);
  if (!term.host) return value;
  const parameters = projectionParameters(context, part, Number.NaN);
  const constant = value(constantEnvironment(parameters, context.dtMs));
  return () => constant;
}

/** Draw d of pair (i, j) is word d mod 4 of counter (i, j, d div 4, 0) in a stream of expressions. */
function pairEnvironment(
  context: Context,
  part: ProjectionPart,
  stream: number,
): ElementEnvironment {
  const { seed, dtMs } = context;
  const none = new Map<string, number>();
  const environment = elementEnvironment({
    parameters: projectionParameters(context, part, Number.NaN),
    dtMs,
    seed,
    stream,
    read: (symbol) => readSynapse(part, none, symbol, 0, environment.pre, environment.post),
    table: (name, column) => tableAtStart(context, name, column),
  });
  const word = (slot: number): number =>
    drawWord(seed, stream, environment.pre, environment.post, slot);
  environment.uniform = (slot) => uniformOf(word(slot));
  environment.normal = (slot) => normalQuantile(((word(slot) >>> 9) + 0.5) * 2 ** -23);
  return environment;
}

const notANumber = (where: string, pre: number, post: number): NetworkError =>
  new NetworkError(
    `${where} is not a number for i = ${pre}, j = ${post}. Check for divisions by zero and roots of negative numbers.`,
    { path: where, value: Number.NaN },
  );
