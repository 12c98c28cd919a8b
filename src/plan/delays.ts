/** Delays: times in ms turned into whole steps, and the packing of synapses that follows from them. */
import { NetworkError } from '../errors.ts';
import type { DeliverKernel } from './plan.ts';
import { rangeOf, type Values } from './values.ts';

/** Longest delay in steps: the input ring keeps a slot for every step until the longest delay is over. */
export const LONGEST_DELAY = 1_000_000;
/** Limits of a synapse packed into one word, target | delay << 24. */
const PACKED_TARGETS = 2 ** 24;
const PACKED_DELAYS = 256;

/** Delays of one pathway in steps; one number when all are equal. */
export interface Delays {
  readonly steps: number | Uint32Array;
  readonly range: readonly [number, number];
}

/**
 * int(delay/dt + 1/2) of every value. A single delay that is no multiple of dt is worth a warning; of distributions
 * that is expected. Throws NetworkError on negative and excessive delays.
 */
export function delaySteps(
  delays: Values,
  dtMs: number,
  where: string,
  warn: (message: string) => void,
): Delays {
  const [least, most] = rangeOf(delays);
  if (least < 0) {
    throw new NetworkError(`${where} must be a time >= 0, got ${least} ms.`, {
      path: where,
      value: least,
    });
  }
  const largest = Math.floor(most / dtMs + 0.5);
  if (largest > LONGEST_DELAY) {
    throw new NetworkError(
      `${where} must be at most ${LONGEST_DELAY} steps (${LONGEST_DELAY * dtMs} ms), got ${most} ms. ` +
        'Use a larger dt or a shorter delay.',
      { path: where, value: most },
    );
  }
  if (typeof delays === 'number') {
    if (Math.abs(delays / dtMs - largest) > 1e-6 * Math.max(1, largest)) {
      const rounded = Number((largest * dtMs).toPrecision(9));
      warn(`${where}: ${delays} ms is no multiple of dt (${dtMs} ms); ${rounded} ms is used.`);
    }
    return { steps: largest, range: [largest, largest] };
  }
  const steps = Uint32Array.from(delays, (delay) => Math.floor(delay / dtMs + 0.5));
  const range = [Math.floor(least / dtMs + 0.5), largest] as const;
  // Equal delays that were given per synapse stay per synapse where that costs nothing, so that a projection with few
  // synapses shares a kernel with its larger siblings.
  const isCostly = largest >= PACKED_DELAYS;
  return range[0] === range[1] && isCostly ? { steps: largest, range } : { steps, range };
}

/** The densest packing for delays of that range onto that many targets. */
export function packingOf({ steps, range }: Delays, targetCount: number): DeliverKernel['packing'] {
  if (typeof steps === 'number') return 'target';
  return targetCount <= PACKED_TARGETS && range[1] < PACKED_DELAYS ? 'target+delay' : 'wide';
}
