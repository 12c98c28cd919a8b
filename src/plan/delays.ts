/** Delays: times in ms turned into whole steps, and the packing of synapses that follows from them. */
import { NetworkError } from '../errors.ts';
import type { Words } from './columns.ts';
import { type Distribution, tableOf } from './distributions.ts';
import type { DeliverKernel } from './plan.ts';
import type { PathwayPart } from './projections.ts';
import { type QuantileTable, tableRange } from './quantiles.ts';
import { drawValues, type Elements, rangeOf, type Values, type Wanted } from './values.ts';

/** Longest delay in steps: the input ring keeps a slot for every step until the longest delay is over. */
export const LONGEST_DELAY = 1_000_000;
/** Limits of a synapse packed into one word, target | delay << 24. */
const PACKED_TARGETS = 2 ** 24;
const PACKED_DELAYS = 256;

/** Pathways with equal keys have equal delays. */
export const delayKey = ({ checked, delayName }: PathwayPart): string =>
  `${checked.trigger} ${delayName}`;

/** Delays of one pathway in steps; one number when all are equal. */
export interface Delays {
  readonly steps: number | Words;
  readonly range: readonly [number, number];
  /** Most steps that the packing must have room for: known before the delays are drawn. */
  readonly most: number;
}

function checkRange(least: number, most: number, dtMs: number, where: string): void {
  if (least < 0) {
    throw new NetworkError(`${where} must be a time >= 0, got ${least} ms.`, {
      path: where,
      value: least,
    });
  }
  if (Math.floor(most / dtMs + 0.5) > LONGEST_DELAY) {
    throw new NetworkError(
      `${where} must be at most ${LONGEST_DELAY} steps (${LONGEST_DELAY * dtMs} ms), got ${most} ms. ` +
        'Use a larger dt or a shorter delay.',
      { path: where, value: most },
    );
  }
}

/** The narrowest array for whole numbers up to `most`. */
function narrow(length: number, most: number): Words {
  if (most < 2 ** 8) return new Uint8Array(length);
  return most < 2 ** 16 ? new Uint16Array(length) : new Uint32Array(length);
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
  checkRange(least, most, dtMs, where);
  const largest = Math.floor(most / dtMs + 0.5);
  if (typeof delays === 'number') {
    if (Math.abs(delays / dtMs - largest) > 1e-6 * Math.max(1, largest)) {
      const rounded = Number((largest * dtMs).toPrecision(9));
      warn(`${where}: ${delays} ms is no multiple of dt (${dtMs} ms); ${rounded} ms is used.`);
    }
    return { steps: largest, range: [largest, largest], most: largest };
  }
  const steps = narrow(delays.length, largest);
  for (let k = 0; k < steps.length; k++) steps[k] = Math.floor((delays[k] as number) / dtMs + 0.5);
  const range = [Math.floor(least / dtMs + 0.5), largest] as const;
  // Equal delays that were given per synapse stay per synapse where that costs nothing, so that a projection with few
  // synapses shares a kernel with its larger siblings.
  const isCostly = largest >= PACKED_DELAYS;
  const isOne = range[0] === range[1] && isCostly;
  return { steps: isOne ? largest : steps, range, most: largest };
}

/** Random delays before they are drawn. */
export interface DelayDraws {
  /** What could be drawn. */
  readonly range: readonly [number, number];
  readonly most: number;
  /** Steps plus 1/2, to be cut to whole numbers. */
  readonly table: QuantileTable;
  /** No delay below 0 can be drawn. */
  readonly neverNegative: boolean;
  /**
   * Draws them, for synapses in order of creation, into `out` where it is given. Throws NetworkError on negative and
   * excessive delays.
   */
  readonly draw: (elements: Elements, out?: Words) => Delays;
}

/** Delays of a distribution, drawn in steps at once. */
export function drawnDelays(distribution: Distribution, wanted: Wanted): DelayDraws {
  const { dtMs, where } = wanted;
  // In steps, plus the half that makes cutting off the fraction a rounding.
  const table = tableOf(distribution, 1 / dtMs, 0.5);
  const [least, largest] = tableRange(table);
  checkRange(0, (largest - 0.5) * dtMs, dtMs, where);
  const most = Math.max(0, Math.floor(largest));
  const draw = (elements: Elements, out?: Words): Delays => {
    const steps = out ?? narrow(elements.count, most);
    if (least >= 0.5) drawValues(table, wanted, elements, steps);
    else {
      const drawn = new Float32Array(elements.count);
      drawValues(table, wanted, elements, drawn);
      const [first] = rangeOf(drawn);
      if (elements.count > 0) checkRange(Math.min(0, (first - 0.5) * dtMs), 0, dtMs, where);
      steps.set(drawn);
    }
    return { steps, range: rangeOf(steps), most };
  };
  const range = [Math.max(0, Math.floor(least)), most] as const;
  return { range, most, table, neverNegative: least >= 0.5, draw };
}

/** The densest packing for delays of that range onto that many targets. */
export function packingOf(
  { steps, most }: Pick<Delays, 'most'> & Partial<Delays>,
  targetCount: number,
): DeliverKernel['packing'] {
  if (typeof steps === 'number') return 'target';
  return targetCount <= PACKED_TARGETS && most < PACKED_DELAYS ? 'target+delay' : 'wide';
}
