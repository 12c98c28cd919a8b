/**
 * Which neurons receive nothing in a window of several steps. Where the ring of inputs is large and spikes are few, most
 * of the time goes into looking for arrivals that are not there: 37 slots of the fly's brain are 40 MB. So deliveries
 * leave, for each vector of four neurons and each input, the step before which all that they have added has been taken,
 * and vectors without any are integrated without looking at the ring. (Fly-brain-sized network, 0.2 ms instead of 0.3 a
 * step.) For windows of one step see touched.ts.
 *
 * The words are parallel to one slot of the ring, one for each 16 bytes. All deliveries of a window leave the same
 * word, so that it does not matter which thread is the last.
 */
import type { Code } from '../language/wasm/encoder.ts';
import type { Plan } from '../plan/plan.ts';
import { hasMixedDelays } from './entries.ts';

/** Rings that fit the cache of a processor are looked at for nothing. */
const SMALLEST_RING_BYTES = 1 << 21;
/** Mean number of synapses of a neuron beyond which hardly a window brings it nothing. */
const MOST_SYNAPSES = 200;

/** Whether neurons that receive nothing are worth telling apart. */
export function tellsQuiet(plan: Plan, ringBytes: number): boolean {
  return (
    plan.precision === 'f32' &&
    plan.windowSteps > 1 &&
    ringBytes >= SMALLEST_RING_BYTES &&
    plan.synapseCount <= MOST_SYNAPSES * plan.neuronCount &&
    plan.deliver.every((kernel) => !hasMixedDelays(kernel))
  );
}

/** Bytes of the words for a slot of so many. */
export function quietBytes(slotBytes: number): number {
  return slotBytes / 4;
}

/** Longest delay: what a window delivers has been taken when the steps of the window and these have been. */
function longestDelay({ deliver }: Plan): number {
  return Math.max(
    0,
    ...deliver.flatMap(({ projections }) => projections.map(({ delayRange }) => delayRange[1])),
  );
}

/** Pushes what deliveries leave in a window with first step and steps in locals. */
export function pushUntil(code: Code, plan: Plan, first: number, steps: number): Code {
  return code.get(first).get(steps).op('i32.add').i32(longestDelay(plan)).op('i32.add');
}

/** After an addition at the address in a local, in the slot at that in another: marks the vector. */
export function markBusy(
  code: Code,
  busy: number,
  address: number,
  slot: number,
  until: number,
): void {
  code.get(address).get(slot).op('i32.sub').i32(4).op('i32.shr_u').i32(2).op('i32.shl');
  code.get(until).op('i32.store', busy);
}

/** Pushes whether nothing arrives any more for the vector at a byte offset of a variable, from the first step on. */
export function pushIsQuiet(
  code: Code,
  busy: number,
  inputOffsets: readonly number[],
  cursor: number,
  first: number,
): void {
  for (const [index, offset] of inputOffsets.entries()) {
    code.get(cursor).i32(2).op('i32.shr_u');
    code
      .op('i32.load', busy + offset / 4)
      .get(first)
      .op('i32.lt_u');
    if (index > 0) code.op('i32.and');
  }
}
