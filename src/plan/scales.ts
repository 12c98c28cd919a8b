/**
 * Fixed-point scales of synaptic input. Input sums are 32-bit integers of value * 2^k, so they do not depend on order;
 * k is chosen per variable so that they cannot overflow.
 *
 * A synapse adds at most once per pathway to the sum of one neuron and step, because its source spikes at most once per
 * step. So with amounts a_e known when the network is built, no sum into neuron t exceeds
 *
 *     S_t * 2^k * (1 + 2^-16) + n_t/2      S_t = sum of |a_e| over its synapses, n_t = their number
 *
 * (each amount is rounded once to f32 arithmetic, allowed for by 2^-16, and once to an integer). The largest k for which
 * this is at most 2^31 - 1 for every neuron makes overflow impossible: the variable is `proven`. k is at most 24: finer
 * steps would be below what f32 state can hold. Where all sums are small, k is as large as leaves room for amounts to
 * become 32 times as large.
 *
 * Where any row can be made again from counters (generated.ts), no synapse is looked at, and the scale is the same whether
 * synapses are stored or not: n_t and S_t are then bounds from the rule and the distributions of values alone, which no
 * target exceeds but with probability 10^-15 each (in-degrees.ts).
 *
 * Sums into whole-number variables are whole: their scale is 0, and they stay below 2^24, up to where single precision has
 * every whole number; networks in which they could pass it are refused.
 *
 * Amounts that may change (plastic weights, driving forces) count with the projection's `bound`, or else with 32 times
 * the largest amount at the start, and each addition is checked against its share of the range: `guarded`. Where amounts
 * are known, a `bound` above them leaves room for parameters to be changed while the network runs.
 */
import { NetworkError } from '../errors.ts';
import { constantEnvironment } from '../language/constants.ts';
import { compileHost, elementEnvironment } from '../language/host.ts';
import { isHidden } from '../language/presynaptic.ts';
import { contains, type Term } from '../language/term.ts';
import { parseQuantity } from '../language/units.ts';
import { amountsOf, type KnownValue, largestAmount } from './amounts.ts';
import { inDegrees } from './columns.ts';
import { type Context, tableAtStart } from './context.ts';
import { type DegreeRule, inDegreeBound, sumBound } from './in-degrees.ts';
import type { Interval } from './intervals.ts';
import { storedVariable } from './populations.ts';
import { hiddenRanges } from './presynaptic.ts';
import { type End, type ProjectionPart, projectionParameters } from './projections.ts';
import { readSynapse } from './read-synapse.ts';
import type { Synapses } from './synapses.ts';
import { rangeOf, valueAt } from './values.ts';

/** Largest |sum| that an i32 holds. */
const LARGEST_SUM = 2 ** 31 - 1;
/** Largest |sum| of whole numbers that engines hand on exactly. */
const LARGEST_WHOLE_SUM = 2 ** 24;
const FINEST_SCALE = 24;
/** Sums below this, in one step, are small numbers of a large unit, such as nanomolar concentrations in mM. */
const SMALL_SUM = 2 ** -7;
/** Finest scale of those: beyond it 2^-k would leave the normal range of single precision. */
const FINEST_SMALL_SCALE = 100;
const COARSEST_SCALE = -60;
/** Room for rounding in f32. */
const SLACK = 1 + 2 ** -16;
/** How much unbounded amounts, and small ones, may grow before they are refused. */
const HEADROOM = 32;
/** Synapses looked at to guess the size of amounts that change. */
const GUESSES = 4096;

/** What one pathway adds to one variable of the neurons at one end. */
export interface Contribution {
  readonly projection: ProjectionPart;
  readonly end: End;
  readonly side: 'pre' | 'post';
  readonly variable: string;
  /** Index in the pathway's inputs. */
  readonly input: number;
  readonly pathway: string;
  readonly kind: 'proven' | 'bounded' | 'guarded';
  readonly expression: Term;
  readonly synapseCount: number;
  /** Synapses per neuron of the end, or the most that any has. */
  readonly degrees: Uint32Array | number;
  /** Sum of |amount| per neuron, or one |amount| for every synapse. */
  sums: Float64Array | number;
}

/**
 * What all pathways add of a projection whose rows can be made from counters, in whatever way they exist. `values` tells
 * what is known of its synapse variables. Looks at no synapse.
 */
export function boundedContributions(
  part: ProjectionPart,
  rule: DegreeRule,
  values: ReadonlyMap<string, KnownValue>,
): Contribution[] {
  const degrees = inDegreeBound(rule);
  const sumsOf = (expression: Term, variable: string): number => {
    const known = boundedAmount(part, rule, expression, values);
    return Math.max(known, boundOf(part, 'post', variable) ?? 0);
  };
  return part.pathways.flatMap(({ checked, lowered }) =>
    lowered.amounts.map(({ input, expression }) => ({
      projection: part,
      end: part.target,
      side: 'post' as const,
      variable: lowered.inputs[input]?.name ?? '',
      input,
      pathway: checked.name,
      kind: 'proven' as const,
      expression,
      synapseCount: rule.count,
      degrees,
      sums: sumsOf(expression, lowered.inputs[input]?.name ?? ''),
    })),
  );
}

/** The |amount| that, times the most synapses of a target, bounds the sum of any target. */
export function boundedAmount(
  part: ProjectionPart,
  rule: DegreeRule,
  expression: Term,
  values: ReadonlyMap<string, KnownValue>,
): number {
  const sum = sumBound(rule, amountsOf(part, expression, values, rule.count));
  return sum / Math.max(1, inDegreeBound(rule));
}

/** What sums are computed from; a part of Synapses. */
export type SynapseView = Pick<Synapses, 'count' | 'rows' | 'targets' | 'values'>;

/** What all pathways of a projection add. Looks at every synapse once where amounts differ. */
export function contributionsOf(
  context: Context,
  part: ProjectionPart,
  view: SynapseView,
): Contribution[] {
  const parameters = projectionParameters(context, part, view.count);
  return part.pathways.flatMap(({ checked, lowered }) =>
    lowered.amounts.map((amount) => {
      const { name, side } = lowered.inputs[amount.input] as { name: string; side: 'pre' | 'post' };
      const base = {
        projection: part,
        end: side === 'pre' ? part.source : part.target,
        side,
        variable: name,
        input: amount.input,
        pathway: checked.name,
        expression: amount.expression,
        synapseCount: view.count,
        degrees: degreesOf(side, part, view),
      };
      const known = amount.static ? staticSums(context, base, view, parameters) : null;
      const bound = boundOf(part, side, name);
      if (known !== null) {
        return { ...base, kind: 'proven', sums: withRoom(known, base.degrees, bound) } as const;
      }
      if (bound !== null) return { ...base, kind: 'bounded', sums: bound } as const;
      const guess = HEADROOM * largestAtStart(context, base, view, parameters);
      return { ...base, kind: 'guarded', sums: guess } as const;
    }),
  );
}

/** Sums that leave room for amounts up to `bound`, which parameters may reach while the network runs. */
function withRoom(
  sums: Float64Array | number,
  degrees: Uint32Array,
  bound: number | null,
): Float64Array | number {
  if (bound === null) return sums;
  if (typeof sums === 'number') return Math.max(sums, bound);
  return sums.map((sum, neuron) => Math.max(sum, bound * (degrees[neuron] as number)));
}

function degreesOf(side: 'pre' | 'post', part: ProjectionPart, view: SynapseView): Uint32Array {
  if (side === 'post') return inDegrees(view.targets, part.target.count);
  const { rows } = view;
  return Uint32Array.from(
    { length: part.source.count },
    (_, r) => (rows[r + 1] as number) - (rows[r] as number),
  );
}

type Adding = Pick<Contribution, 'projection' | 'end' | 'side' | 'expression'>;

/**
 * Sums of |amount| per neuron of the end, for amounts that the host can evaluate. What source neurons keep counts with
 * its largest value; null where that is not known.
 */
export function staticSums(
  context: Context,
  adding: Adding,
  view: SynapseView,
  parameters: Readonly<Record<string, number>>,
): Float64Array | number | null {
  const { expression, end, side, projection } = adding;
  if (expression.host) {
    return Math.abs(compileHost(expression)(constantEnvironment(parameters, context.dtMs)));
  }
  const hidden = contains(expression, isHiddenTerm);
  if (hidden && !isProductOfHidden(expression)) return largestInRange(projection, adding, view);
  const ranges = hidden ? hiddenRanges(projection) : null;
  if (ranges !== null && readsUnbounded(expression, ranges)) return null;
  const sums = new Float64Array(end.count);
  const amountAt = amountReader(context, adding, view, parameters, ranges);
  const { rows, targets } = view;
  for (let pre = 0; pre + 1 < rows.length; pre++) {
    const last = rows[pre + 1] as number;
    for (let k = rows[pre] as number; k < last; k++) {
      const neuron = side === 'pre' ? pre : (targets[k] as number);
      const amount = amountAt(k, pre, targets[k] as number);
      sums[neuron] = (sums[neuron] as number) + Math.abs(amount);
    }
  }
  return sums;
}

const isHiddenTerm = (part: Term): boolean => part.kind === 'symbol' && isHidden(part.symbol);

/** Whether what source neurons keep occurs as plain factors only: then the largest of each gives the largest amount. */
const isProductOfHidden = (term: Term): boolean =>
  isHiddenTerm(term) ||
  (term.kind === 'product' &&
    term.numerators.every((part) => isHiddenTerm(part) || !contains(part, isHiddenTerm)) &&
    term.denominators.every((part) => !contains(part, isHiddenTerm)));

const readsUnbounded = (term: Term, ranges: ReadonlyMap<string, Interval | null>): boolean =>
  contains(
    term,
    (part) =>
      part.kind === 'symbol' && isHidden(part.symbol) && ranges.get(part.symbol.name) == null,
  );

/** One bound for all synapses, from the ranges of all that the amount reads. */
function largestInRange(
  part: ProjectionPart,
  { expression }: Pick<Adding, 'expression'>,
  { values, count }: SynapseView,
): number | null {
  const known = new Map<string, KnownValue>();
  for (const { name } of part.variables) {
    known.set(name, { kind: 'within', range: rangeOf(values.get(name) ?? 0) });
  }
  return largestAmount(part, expression, known, count);
}

type AmountReader = (k: number, pre: number, post: number) => number;

/**
 * Evaluates the amount of synapse k at the start, with the largest values of what source neurons keep: those of `ranges`,
 * or 1 where nothing is known.
 */
function amountReader(
  context: Context,
  { projection, expression }: Adding,
  view: SynapseView,
  parameters: Readonly<Record<string, number>>,
  ranges: ReadonlyMap<string, Interval | null> | null = null,
): AmountReader {
  const isPlain =
    expression.kind === 'symbol' &&
    expression.symbol.role === 'variable' &&
    expression.symbol.side === 'synapse';
  if (isPlain) {
    const values = view.values.get(expression.symbol.name) ?? 0;
    return (k) => valueAt(values, k);
  }
  const amount = compileHost(expression);
  let place = 0;
  const environment = elementEnvironment({
    parameters,
    dtMs: context.dtMs,
    seed: context.seed,
    stream: 0,
    read: (symbol) => {
      if (!isHidden(symbol)) {
        return readSynapse(
          projection,
          view.values,
          symbol,
          place,
          environment.pre,
          environment.post,
        );
      }
      const [least, most] = ranges?.get(symbol.name) ?? [0, 1];
      return Math.max(-least, most);
    },
    table: (name, column) => tableAtStart(context, name, column),
  });
  return (k, pre, post) => {
    place = k;
    environment.element = k;
    environment.pre = pre;
    environment.post = post;
    return amount(environment);
  };
}

/** Largest |amount| at the start over some of the synapses; 1 where nothing is known. */
function largestAtStart(
  context: Context,
  adding: Adding,
  view: SynapseView,
  parameters: Readonly<Record<string, number>>,
): number {
  const amountAt = amountReader(context, adding, view, parameters);
  const { rows, targets, count } = view;
  const stride = Math.max(1, Math.floor(count / GUESSES));
  let largest = 0;
  let pre = 0;
  for (let k = 0; k < count; k += stride) {
    while (k >= (rows[pre + 1] as number)) pre++;
    const amount = Math.abs(amountAt(k, pre, targets[k] as number));
    if (Number.isFinite(amount) && amount > largest) largest = amount;
  }
  return largest > 0 ? largest : 1;
}

/** The projection's `bound` where its unit is that of the variable. */
function boundOf(part: ProjectionPart, side: 'pre' | 'post', variable: string): number | null {
  const { bound, name } = part.document;
  if (bound === undefined) return null;
  const end = side === 'pre' ? part.source : part.target;
  const where = `Projection "${name}": bound`;
  const { dimension } = storedVariable(end.part, variable, where);
  return Math.abs(parseQuantity(bound, where, dimension).value);
}

/** The scale of one input variable, and what single events may add. */
export interface Scale {
  /** k: fixed point is value * 2^k. */
  readonly scale: number;
  /** No check is needed. */
  readonly proven: boolean;
  /** Largest |fixed-point value| of one guarded event. */
  readonly guardedLimit: number;
  /** Largest |sum| in fixed point. */
  readonly largest: number;
}

/** Totals over the neurons of one population. */
interface Load {
  /** Largest sum of amounts that are known or bounded, and synapses of those. */
  readonly known: number;
  readonly knownCount: number;
  /** Largest number of synapses with guarded amounts, and the largest guessed amount. */
  readonly guardedCount: number;
  readonly guess: number;
}

/** `times`: how often a synapse may add to one sum; more than once to deposits. */
function loadOf(size: number, contributions: readonly Contribution[], times: number): Load {
  const known = new Float64Array(size);
  const knownCounts = new Float64Array(size);
  const guardedCounts = new Float64Array(size);
  let guess = 0;
  for (const { end, kind, degrees, sums } of contributions) {
    const counts = kind === 'guarded' ? guardedCounts : knownCounts;
    for (let t = 0; t < end.count; t++) {
      const at = end.from + t;
      const degree = typeof degrees === 'number' ? degrees : (degrees[t] as number);
      counts[at] = (counts[at] as number) + degree;
      if (kind === 'guarded') continue;
      const sum = typeof sums === 'number' ? sums * degree : (sums[t] as number);
      known[at] = (known[at] as number) + sum;
    }
    if (kind === 'guarded') guess = Math.max(guess, sums as number);
  }
  return {
    known: times * largestOf(known),
    knownCount: times * largestOf(knownCounts),
    guardedCount: times * largestOf(guardedCounts),
    guess,
  };
}

const largestOf = (values: Float64Array): number =>
  values.reduce((most, value) => Math.max(most, value), 0);

/**
 * The scale for one variable of populations that share a kernel: the coarsest that one of them needs.
 * `contributions` lists those of each population; each synapse adds at most `times` times to a sum. `isWhole`: the
 * variable holds whole numbers, whose sums may prove too large: see checkWholeSum.
 */
export function chooseScale(
  members: readonly { readonly size: number; readonly contributions: readonly Contribution[] }[],
  times = 1,
  isWhole = false,
): Scale {
  const loads = members.map(({ size, contributions }) => loadOf(size, contributions, times));
  const total = Math.max(
    ...loads.map(({ known, guess, guardedCount }) => known + guess * guardedCount),
    0,
  );
  const counts = Math.max(...loads.map((load) => load.knownCount + load.guardedCount), 0);
  const finest = total > 0 ? Math.log2((LARGEST_SUM - counts) / (total * SLACK)) : FINEST_SCALE;
  const isSmall = total / times < SMALL_SUM;
  const finestFraction = Math.max(
    COARSEST_SCALE,
    Math.min(FINEST_SCALE, Math.floor(finest)),
    isSmall
      ? Math.min(FINEST_SMALL_SCALE, Math.floor(finest) - Math.log2(HEADROOM))
      : COARSEST_SCALE,
  );
  const scale = isWhole ? 0 : finestFraction;
  const largest = isWhole ? LARGEST_WHOLE_SUM : LARGEST_SUM;
  const guarded = loads.filter(({ guardedCount }) => guardedCount > 0);
  const limits = guarded.map((load) => {
    const room = largest - fixedSum(load, scale);
    return Math.floor(room / load.guardedCount);
  });
  const isBounded = members.some(({ contributions }) =>
    contributions.some(({ kind }) => kind !== 'proven'),
  );
  return { scale, proven: !isBounded, guardedLimit: Math.min(largest, ...limits), largest };
}

/** Throws NetworkError when the whole numbers that synapses add to a variable could pass what is kept exactly. */
export function checkWholeSum(
  variable: string,
  population: string,
  size: number,
  contributions: readonly Contribution[],
): void {
  const { known, guess, guardedCount } = loadOf(size, contributions, 1);
  const sum = known + guess * guardedCount;
  if (sum <= LARGEST_WHOLE_SUM) return;
  throw new NetworkError(
    `Population "${population}": the synapses onto the integer "${variable}" could add up to ${sum.toPrecision(4)} in one ` +
      `step, and sums of whole numbers are exact up to ${LARGEST_WHOLE_SUM}. Give smaller weights, or declare it ` +
      `"${variable} : 1".`,
    { path: `population "${population}", ${variable}`, value: sum },
  );
}

/** Largest |sum| in fixed point of what is known or bounded. */
const fixedSum = ({ known, knownCount }: Load, scale: number): number =>
  known * 2 ** scale * SLACK + 0.5 * knownCount;

/** Limit of one event of a contribution in fixed point. */
export function limitOf({ kind, sums }: Contribution, { scale, guardedLimit }: Scale): number {
  if (kind === 'proven') return LARGEST_SUM;
  if (kind === 'guarded') return guardedLimit;
  return Math.min(LARGEST_SUM, Math.ceil((sums as number) * 2 ** scale * SLACK) + 1);
}

/** Throws NetworkError when amounts have outgrown the scale that was chosen for them. */
export function checkScale(
  variable: string,
  population: string,
  size: number,
  contributions: readonly Contribution[],
  { scale, guardedLimit, largest }: Scale,
  times = 1,
): void {
  const load = loadOf(size, contributions, times);
  const guarded = load.guardedCount * guardedLimit;
  const sum = fixedSum(load, scale) + (load.guardedCount > 0 ? guarded : 0);
  if (sum <= largest + load.guardedCount) return;
  throw new NetworkError(
    `With this value the synapses onto "${variable}" of population "${population}" could add up to ` +
      `${load.known.toPrecision(4)} in one step, more than the ${(largest * 2 ** -scale).toPrecision(4)} ` +
      'that this simulation was built for. Set the value in the network and create the simulation again.',
    { path: `population "${population}", ${variable}`, value: load.known },
  );
}
