/**
 * Upper bounds on the probability of pairs, so that rules over many pairs evaluate their expressions for few of them: by
 * interval arithmetic for ranges of the distance, once, then looked up. Decides about no pair; see pairRows.
 */
import type { SymbolReference } from '../language/ast.ts';
import { constantEnvironment } from '../language/constants.ts';
import { compileHost } from '../language/host.ts';
import { contains, type Term } from '../language/term.ts';
import type { Context } from './context.ts';
import { type Interval, intervalOf, type Ranges } from './intervals.ts';
import { neuronValue } from './populations.ts';
import { isDistance, type Positions } from './positions.ts';
import { type End, type ProjectionPart, projectionParameters } from './projections.ts';

/** What is known of the probability of pairs without evaluating it. One object serves all rows, one at a time. */
export interface PairBounds {
  /** No pair has a larger probability; may be infinite. */
  readonly most: number;
  /** Goes to the pairs of a source. */
  start(pre: number): void;
  /** A number that the probability of a pair of this source does not pass. */
  of(post: number): number;
}

/** Pairs for one range of distances, and most such ranges. With fewer pairs bounds would cost more than they save. */
const PAIRS_PER_RANGE = 256;
const MOST_RANGES = 4096;

/**
 * Room for functions that rise, but for their last bits; the rest of the interval arithmetic rounds as the evaluation
 * does. Chances are whole numbers of 2^-24.
 */
const withRoom = (bound: number): number => bound + 1e-9 * Math.abs(bound) + 1e-12;

/**
 * Bounds for a rule with a condition (null: none) and a probability (null: 1); null where nothing can be told, or where
 * there are so few pairs that it is not worth it.
 */
export function pairBounds(
  context: Context,
  part: ProjectionPart,
  condition: Term | null,
  p: Term | null,
): PairBounds | null {
  const { source, target } = part;
  const count = Math.min(MOST_RANGES, Math.floor((source.count * target.count) / PAIRS_PER_RANGE));
  if (count < 1) return null;
  const parameters = projectionParameters(context, part, Number.NaN);
  const environment = constantEnvironment(parameters, context.dtMs);
  const rangeOf = symbolRanges(part);
  const boundAt = (distance: Interval | null): number => {
    const ranges: Ranges = {
      environment,
      of: (symbol) => (isDistanceHere(symbol) ? distance : rangeOf(symbol)),
    };
    if (condition !== null && !canBe(condition, true, ranges)) return 0;
    const found = p === null ? 1 : intervalOf(p, ranges)?.[1];
    return found === undefined ? Number.POSITIVE_INFINITY : withRoom(found);
  };
  const { positions: from } = source.part;
  const { positions: to } = target.part;
  const readsDistance = [condition, p].some(
    (term) =>
      term !== null &&
      contains(term, (inner) => inner.kind === 'symbol' && isDistanceHere(inner.symbol)),
  );
  if (!readsDistance || from === null || to === null) {
    const most = boundAt(null);
    return most < 1 ? { most, start: () => {}, of: () => most } : null;
  }
  const bounds = new DistanceBounds(placed(from, source), placed(to, target), from.periodic, count);
  bounds.fill(boundAt);
  return bounds.isUseful ? bounds : null;
}

const isDistanceHere = (symbol: SymbolReference): boolean =>
  symbol.role === 'variable' &&
  isDistance(symbol.name) &&
  symbol.side !== 'pre' &&
  symbol.side !== 'post';

/** Ranges of indices, and of what neurons at the two ends have; looked for once. */
function symbolRanges({ source, target }: ProjectionPart): Ranges['of'] {
  const known = new Map<string, Interval | null>();
  const seek = (symbol: SymbolReference): Interval | null => {
    if (symbol.role === 'special') {
      if (symbol.name === 'i') return [0, source.count - 1];
      return symbol.name === 'j' ? [0, target.count - 1] : null;
    }
    if (symbol.role !== 'variable') return null;
    if (symbol.side === 'pre') return rangeOver(source, symbol.name);
    return symbol.side === 'post' ? rangeOver(target, symbol.name) : null;
  };
  return (symbol) => {
    const key = `${symbol.name} ${'side' in symbol ? symbol.side : ''}`;
    if (!known.has(key)) known.set(key, seek(symbol));
    return known.get(key) ?? null;
  };
}

function rangeOver({ part, from, count }: End, name: string): Interval | null {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let k = from; k < from + count; k++) {
    const value = neuronValue(part, name, k);
    if (Number.isNaN(value)) return null;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return [low, high];
}

const NEGATIONS = { '<': '>=', '<=': '>', '>': '<=', '>=': '<', '==': '!=', '!=': '==' } as const;

/** Whether a truth can have a value in these ranges, as far as one can tell. */
function canBe(term: Term, wanted: boolean, ranges: Ranges): boolean {
  if (term.host) return (compileHost(term)(ranges.environment) !== 0) === wanted;
  switch (term.kind) {
    case 'not':
      return canBe(term.operand, !wanted, ranges);
    case 'and':
    case 'or': {
      const sides = [term.left, term.right].map((side) => canBe(side, wanted, ranges));
      const needsBoth = (term.kind === 'and') === wanted;
      return needsBoth ? sides.every(Boolean) : sides.some(Boolean);
    }
    case 'compare': {
      const [a, b] = [term.left, term.right].map((side) => intervalOf(side, ranges));
      if (!a || !b) return true;
      switch (wanted ? term.operator : NEGATIONS[term.operator]) {
        case '<':
          return a[0] < b[1];
        case '<=':
          return a[0] <= b[1];
        case '>':
          return a[1] > b[0];
        case '>=':
          return a[1] >= b[0];
        case '==':
          return a[0] <= b[1] && b[0] <= a[1];
        case '!=':
          return !(a[0] === a[1] && b[0] === b[1] && a[0] === b[0]);
      }
    }
  }
  return true;
}

/** Coordinates of the neurons of an end, by axis. */
const placed = ({ axes }: Positions, { from, count }: End): Float64Array[] =>
  axes.map((axis) => Float64Array.from({ length: count }, (_, k) => axis[from + k] as number));

/** Bounds by ranges of the squared distance, all equally long. */
class DistanceBounds implements PairBounds {
  readonly #from: readonly Float64Array[];
  readonly #periodic: readonly number[] | null;
  readonly #bounds: Float64Array;
  /** Ranges for one square micrometre. */
  readonly #scale: number;
  readonly #x: Float64Array;
  readonly #y: Float64Array;
  readonly #z: Float64Array;
  #x0 = 0;
  #y0 = 0;
  #z0 = 0;
  most = 0;

  constructor(
    from: readonly Float64Array[],
    to: readonly Float64Array[],
    periodic: readonly number[] | null,
    count: number,
  ) {
    this.#from = from;
    this.#periodic = periodic;
    this.#bounds = new Float64Array(count);
    const longest = from.reduce((sum, axis, k) => {
      const size = periodic?.[k];
      const length = size === undefined ? widest(axis, to[k] as Float64Array) : size / 2;
      return sum + length * length;
    }, 0);
    this.#scale = longest > 0 ? (count * (1 - 1e-9)) / longest : 0;
    const nowhere = new Float64Array(to[0]?.length ?? 0);
    [this.#x, this.#y, this.#z] = [to[0] ?? nowhere, to[1] ?? nowhere, to[2] ?? nowhere];
  }

  fill(boundAt: (distance: Interval) => number): void {
    const bounds = this.#bounds;
    // A pair may be taken for one of the range beside its own when its distance is at the end of one.
    const edge = (k: number): number =>
      this.#scale === 0 ? 0 : Math.sqrt(Math.max(0, k) / this.#scale);
    for (let k = 0; k < bounds.length; k++) {
      bounds[k] = boundAt([edge(k - 1e-3), edge(k + 1 + 1e-3)]);
    }
    this.most = bounds.reduce((most, bound) => Math.max(most, bound), 0);
  }

  /** Whether any pair is ruled out. */
  get isUseful(): boolean {
    return this.#bounds.some((bound) => bound < 1);
  }

  start(pre: number): void {
    const [x, y, z] = this.#from;
    this.#x0 = x?.[pre] ?? 0;
    this.#y0 = y?.[pre] ?? 0;
    this.#z0 = z?.[pre] ?? 0;
  }

  of(post: number): number {
    const dx = this.#along(0, this.#x0 - (this.#x[post] as number));
    const dy = this.#along(1, this.#y0 - (this.#y[post] as number));
    const dz = this.#along(2, this.#z0 - (this.#z[post] as number));
    const range = Math.floor((dx * dx + dy * dy + dz * dz) * this.#scale);
    return this.#bounds[Math.min(range, this.#bounds.length - 1)] as number;
  }

  /** The shorter way around a periodic space. */
  #along(axis: 0 | 1 | 2, difference: number): number {
    const size = this.#periodic?.[axis];
    if (size === undefined) return difference;
    const d = Math.abs(difference) % size;
    return Math.min(d, size - d);
  }
}

/** Longest way along an axis from a point of one set to one of the other. */
function widest(a: Float64Array, b: Float64Array): number {
  const ends = (values: Float64Array): Interval =>
    values.reduce<Interval>(
      ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
      [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    );
  const [[aLow, aHigh], [bLow, bHigh]] = [ends(a), ends(b)];
  return Math.max(aHigh - bLow, bHigh - aLow);
}
