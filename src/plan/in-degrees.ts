/**
 * How many synapses a target can get, from the rule alone: no synapse is looked at. For random rules this is a number
 * that no target exceeds but with probability 10^-15. What is made of it is in scales.ts.
 *
 * The number K of synapses onto one target is a sum of N independent yes-or-no draws of mean probability at most q:
 *
 * - gaps: one draw for each source, q = p. The thresholds of the gap table are rounded, which changes p by less than one
 *   part in 10^5; q has ten times that added.
 * - draws: one draw for each synapse of the projection, q = 1/width + 2^-32, where width is the number of targets that a
 *   draw chooses from: `spread` gives every target at most one word in 2^32 more than its share.
 *
 * By Chernoff's bound in Hoeffding's form (1963, theorem 1; it holds for unequal probabilities too), for x > N q
 *
 *     P(K >= x) <= exp(-N D(x/N, q))        D(a, q) = a ln(a/q) + (1-a) ln((1-a)/(1-q))
 *
 * so with the smallest x for which n exp(-N D) <= 10^-15, n the number of targets, the chance that any of them has x
 * synapses or more is at most 10^-15: less than that of a memory error while the network runs. The bound is then x. It is
 * no less than the largest degree, and above N q by some 9.5 standard deviations, where the largest of 10^4 targets is 4
 * above.
 */
import type { Ends } from './connect.ts';
import type { GeneratedRows } from './plan.ts';

/** Chance that a bound is exceeded. */
const TAIL = 1e-15;
/** Room for the rounding of gap tables. */
const ROUNDED = 1 + 1e-4;

/** What a bound depends on. */
export interface DegreeRule {
  readonly rule: GeneratedRows['rule'];
  readonly ends: Ends;
  readonly autapses: boolean;
  /** Synapses in all. */
  readonly count: number;
  /** Probability of a pair, for 'gaps'. */
  readonly p: number;
}

/** A number of synapses that no target exceeds. */
export function inDegreeBound({ rule, ends, autapses, count, p }: DegreeRule): number {
  const { sourceCount, targetCount } = ends;
  switch (rule) {
    case 'one-to-one':
      return 1;
    case 'all-to-all':
      return sourceCount;
    case 'gaps':
      return Math.min(count, quantile(sourceCount, p * ROUNDED, targetCount));
    case 'draws': {
      const width = autapses || !meet(ends) ? targetCount : targetCount - 1;
      return quantile(count, 1 / width + 2 ** -32, targetCount);
    }
  }
}

/** Whether some neuron is at both ends. */
const meet = ({ sourceFirst, sourceCount, targetFirst, targetCount }: Ends): boolean =>
  sourceFirst < targetFirst + targetCount && targetFirst < sourceFirst + sourceCount;

/** The x of the header for so many trials and targets; all trials where that is less. */
export function quantile(trials: number, q: number, targets: number): number {
  if (q >= 1) return trials;
  const wanted = Math.log(targets / TAIL);
  let low = Math.floor(trials * q);
  let high = trials;
  // x = low is not enough, x = high is, or is all there are.
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (exponent(middle, trials, q) >= wanted) high = middle;
    else low = middle;
  }
  return high;
}

/** N D(x/N, q), for N q < x <= N. */
function exponent(x: number, trials: number, q: number): number {
  const above = x * Math.log(x / (trials * q));
  const rest = trials - x;
  return rest === 0 ? above : above + rest * Math.log1p((trials * q - x) / (trials * (1 - q)));
}
