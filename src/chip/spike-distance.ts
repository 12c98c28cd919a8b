/**
 * How far two sets of spike trains are from each other. Both measures look at one neuron at a time; nothing here knows of
 * networks.
 */

import { describeValue } from '../language/argument.ts';
import { checkInterval, checkNumbers, checkOptions } from '../recording/check.ts';

/** Spike times of one neuron in ms, ascending. */
export type Train = ArrayLike<number>;

/**
 * The squared distance of van Rossum (2001, Neural Comput 13:751): both trains are filtered by exp(-t/tau), t >= 0, and
 *
 *     D^2 = 1/tau * integral of (f - g)^2 dt
 *
 * so that one spike more is 1/2, and n + m spikes of which none are near each other are (n + m)/2. Throws TypeError for what
 * are no lists of numbers, RangeError for a tau that is not above 0.
 *
 * O(n + m): between events the difference h = f - g decays, so that an interval adds h^2/2 (1 - exp(-2 interval/tau)), and
 * what is left after the last event h^2/2. Nothing cancels, unlike in the sums over pairs.
 */
export function vanRossumSquared(a: Train, b: Train, tauMs: number): number {
  checkNumbers(a, 'vanRossumSquared: the first train');
  checkNumbers(b, 'vanRossumSquared: the second train');
  checkInterval(tauMs, 'vanRossumSquared: tauMs');
  return squaredDistance(a, b, tauMs);
}

function squaredDistance(a: Train, b: Train, tauMs: number): number {
  let [i, j] = [0, 0];
  let difference = 0;
  let last = Number.NEGATIVE_INFINITY;
  let sum = 0;
  while (i < a.length || j < b.length) {
    const isFirst = j >= b.length || (i < a.length && (a[i] as number) <= (b[j] as number));
    const time = (isFirst ? a[i++] : b[j++]) as number;
    const decay = Math.exp((last - time) / tauMs);
    sum += 0.5 * difference * difference * (1 - decay * decay);
    difference = difference * decay + (isFirst ? 1 : -1);
    last = time;
  }
  return sum + 0.5 * difference * difference;
}

/** How many spikes of `a` have a spike of `b` of their own within `windowMs`, at most that far; O(n + m). */
export function coincidences(a: Train, b: Train, windowMs: number): number {
  let [i, j, found] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    const difference = (a[i] as number) - (b[j] as number);
    if (Math.abs(difference) <= windowMs) {
      found++;
      i++;
      j++;
    } else if (difference < 0) i++;
    else j++;
  }
  return found;
}

/** What two sets of trains have in common. */
export interface TrainComparison {
  /**
   * Sum of squared van Rossum distances over half the number of spikes: 0 for equal trains, 1 where no spike is near
   * another one (more where spikes of one set come in bursts that the other has not). 0 where there are no spikes.
   */
  readonly distance: number;
  /**
   * Coincidence factor of Kistler, Gerstner & van Hemmen (1997, Neural Comput 9:1015), all neurons together: 1 for equal
   * trains, 0 for what Poisson trains of the same rates have in common by chance.
   */
  readonly coincidence: number;
}

/** How trains are compared; times in ms. */
export interface ComparisonOptions {
  /** Time constant of the van Rossum distance. */
  readonly tauMs: number;
  /** Largest distance of spikes that coincide. */
  readonly windowMs: number;
  /** How long the trains are. */
  readonly durationMs: number;
}

/** Compares train k of `a` with train k of `b`. Throws TypeError and RangeError for arguments that are none. */
export function compareTrains(
  a: readonly Train[],
  b: readonly Train[],
  options: ComparisonOptions,
): TrainComparison {
  checkOptions(options, 'compareTrains: options', ['tauMs', 'windowMs', 'durationMs']);
  const { tauMs, windowMs, durationMs } = options;
  for (const [name, value] of Object.entries({ tauMs, windowMs, durationMs })) {
    checkInterval(value, `compareTrains: ${name}`);
  }
  checkTrains(a, 'compareTrains: the first trains');
  checkTrains(b, 'compareTrains: the second trains');
  let squares = 0;
  let spikes = 0;
  let [together, byChance, scale] = [0, 0, 0];
  a.forEach((train, k) => {
    const other = b[k] ?? [];
    const all = train.length + other.length;
    squares += squaredDistance(train, other, tauMs);
    spikes += all;
    // A neuron of rate r has a spike within the window by chance with probability 2 r window.
    const chance = Math.min(1, (2 * windowMs * other.length) / durationMs);
    together += coincidences(train, other, windowMs);
    byChance += chance * train.length;
    scale += 0.5 * all * (1 - chance);
  });
  return {
    distance: spikes === 0 ? 0 : squares / (0.5 * spikes),
    // Of equal trains all coincide: 1, whatever rounding makes of it.
    coincidence: scale <= 0 || 2 * together === spikes ? 1 : (together - byChance) / scale,
  };
}

function checkTrains(trains: readonly Train[], where: string): void {
  if (!Array.isArray(trains)) {
    throw new TypeError(`${where} must be a list of trains, got ${describeValue(trains)}.`);
  }
  for (const train of trains) checkNumbers(train, where);
}
