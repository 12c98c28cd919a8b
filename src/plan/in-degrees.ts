/**
 * How many synapses a target can get, and how large the sum of their amounts can be, from the rule alone: no synapse is
 * looked at. For random rules these are numbers that no target exceeds but with probability 10^-15, less than that of a
 * fault of the memory while the network runs. What is made of them is in scales.ts.
 *
 * Onto one target, N trials succeed or not, independently, with mean probability at most q:
 *
 * - one-to-one: N = 1, q = 1. all-to-all: one trial for each source, q = 1.
 * - gaps: one trial for each source, q = p. The thresholds of the gap table are rounded, which changes p by less than one
 *   part in 10^5; q has ten times that added.
 * - draws: one trial for each synapse of the projection, q = 1/width + 2^-32, where width is the number of targets that a
 *   draw chooses from: `spread` gives every target at most one word in 2^32 more than its share.
 *
 * Each success adds an amount |a|, drawn independently, of which phi(t) = E exp(t |a|) is known (amounts.ts). For the sum
 * S onto a target and any t > 0, Markov's inequality for exp(t S) (Chernoff), with the mean of unequal probabilities as
 * in Hoeffding 1963, gives
 *
 *     P(S >= s) <= exp(N ln(1 + q (phi(t) - 1)) - t s)
 *
 * Set equal to 10^-15 / n, n the number of targets, this is a bound s for every t, and the smallest of them is taken. With
 * all amounts 1 it is the number of synapses. Above the mean it lies by some 9.5 standard deviations, where the largest of
 * 10^4 targets lies by 4.
 */
import type { Amounts } from './amounts.ts';
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

/** N, q and n of the header. */
interface Trials {
  readonly trials: number;
  readonly q: number;
  readonly targets: number;
}

function trialsOf({ rule, ends, autapses, count, p }: DegreeRule): Trials {
  const { sourceCount, targetCount: targets } = ends;
  switch (rule) {
    case 'one-to-one':
      return { trials: 1, q: 1, targets };
    case 'all-to-all':
      return { trials: sourceCount, q: 1, targets };
    case 'gaps':
      return { trials: sourceCount, q: Math.min(1, p * ROUNDED), targets };
    case 'draws': {
      const width = autapses || !meet(ends) ? targets : targets - 1;
      return { trials: count, q: Math.min(1, 1 / width + 2 ** -32), targets };
    }
  }
}

/** Whether some neuron is at both ends. */
const meet = ({ sourceFirst, sourceCount, targetFirst, targetCount }: Ends): boolean =>
  sourceFirst < targetFirst + targetCount && targetFirst < sourceFirst + sourceCount;

const ONE_EACH: Amounts = { chances: [1], sizes: [1] };

/** A number of synapses that no target exceeds. */
export function inDegreeBound(rule: DegreeRule): number {
  const trials = trialsOf(rule);
  return Math.min(rule.count, trials.trials, Math.ceil(smallestBound(trials, ONE_EACH)));
}

/** A sum of amounts that no target exceeds. */
export function sumBound(rule: DegreeRule, amounts: Amounts): number {
  const largest = Math.max(0, ...amounts.sizes);
  const atMost = largest * inDegreeBound(rule);
  return largest === 0 ? 0 : Math.min(atMost, smallestBound(trialsOf(rule), amounts));
}

/** Ratio of the golden section. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;
/** Steps of the search, each of which makes the interval 0.62 of what it was. Any t gives a bound, the best is found to 10^-4. */
const SEARCHES = 40;

/** The smallest bound of the header, over t times the largest amount from 10^-9 to 600, by golden sections of ln t. */
function smallestBound({ trials, q, targets }: Trials, { chances, sizes }: Amounts): number {
  if (trials === 0) return 0;
  const largest = Math.max(...sizes);
  const rarity = Math.log(targets / TAIL);
  const boundAt = (logarithm: number): number => {
    const t = Math.exp(logarithm);
    let above = 0;
    for (let k = 0; k < sizes.length; k++) {
      above += (chances[k] as number) * Math.expm1((t * (sizes[k] as number)) / largest);
    }
    return (trials * Math.log1p(q * above) + rarity) / t;
  };
  let [from, to] = [Math.log(1e-9), Math.log(600)];
  for (let search = 0; search < SEARCHES; search++) {
    const left = to - GOLDEN * (to - from);
    const right = from + GOLDEN * (to - from);
    if (boundAt(left) < boundAt(right)) to = right;
    else from = left;
  }
  return largest * boundAt((from + to) / 2);
}
