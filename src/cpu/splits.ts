/**
 * Sharing out deliveries by target. Where the rows of all projections are sorted by target, each thread delivers, of
 * every row, the part that reaches the neurons that it integrates itself: a table says where the parts begin. Then no
 * two threads add to the same input, and one ring of inputs serves all, which stays in the caches of their processors.
 * (CUBA of 40,000 neurons: two threads 1.6 times as fast as one, but slower than one with a ring for each.) Everything
 * else is dealt out by spikes, see threads-code.ts.
 */
import type { DeliverKernel, Plan, ProjectionSlot } from '../plan/plan.ts';
import type { Layout } from './layout.ts';
import { addressOf, type Segment } from './segments.ts';

/** Synapses of a mean row that every thread must get: finding a part costs as much as some of them. */
const SHORTEST_PART = 12;
/** Largest share of the synapses that the busiest thread may have, over an even share. */
const LARGEST_IMBALANCE = 1.25;

/** Byte offset in a variable of so many bytes at which the part of a thread begins; of thread `threads`, its end. */
export function partBegin(stride: number, thread: number, threads: number): number {
  if (thread === threads) return stride;
  // In whole cache lines.
  return Math.floor((stride * thread) / threads / 64) * 64;
}

/** What is known of kernels when this is decided. */
export interface SplitKernel {
  readonly stride: number;
  readonly inputOffsets: readonly number[];
}

/** Whether all deliveries of a plan can be shared out by target, and gain by it. */
export function canSplit(
  plan: Plan,
  threads: number,
  kernels: readonly SplitKernel[],
  inputSegments: readonly Segment[],
): boolean {
  if (threads === 1) return false;
  const load = new Float64Array(threads);
  let [synapses, rows] = [0, 0];
  for (const kernel of plan.deliver) {
    if (kernel.mode !== 'scatter' || kernel.trigger !== 'pre') return false;
    if (kernel.packing === 'generated' || kernel.inputs.length === 0) return false;
    const isDealt = kernel.inputs.some(({ side, accumulates }) => side !== 'post' || accumulates);
    if (isDealt) return false;
    for (const projection of kernel.projections) {
      const count = plan.rows[projection.rows + projection.sourceCount] ?? 0;
      synapses += count;
      rows += projection.sourceCount;
      const bounds = targetBounds(projection, threads, kernels, inputSegments);
      for (const thread of load.keys()) {
        const part = (bounds[thread + 1] ?? 0) - (bounds[thread] ?? 0);
        load[thread] = (load[thread] ?? 0) + (count * part) / Math.max(1, projection.targetCount);
      }
    }
  }
  if (synapses < SHORTEST_PART * threads * rows) return false;
  if (Math.max(...load) * threads > LARGEST_IMBALANCE * synapses) return false;
  return plan.deliver.every((kernel) =>
    kernel.projections.every((projection) => isSorted(plan, kernel, projection)),
  );
}

/** For each thread the first of its neurons among the targets of a projection, then the number of targets. */
export function targetBounds(
  { inputs, targetCount }: ProjectionSlot,
  threads: number,
  kernels: readonly SplitKernel[],
  inputSegments: readonly Segment[],
): readonly number[] {
  const address = addressOf(inputSegments, inputs[0]?.cell ?? 0, 4);
  const found = kernels.flatMap(({ stride, inputOffsets }) =>
    inputOffsets
      .filter((offset) => offset <= address && address < offset + stride)
      .map((offset) => ({ stride, origin: address - offset })),
  );
  const { stride, origin } = found[0] ?? { stride: 0, origin: 0 };
  return Array.from({ length: threads + 1 }, (_, thread) => {
    if (thread === threads) return targetCount;
    const neurons = (partBegin(stride, thread, threads) - origin) / 4;
    return Math.max(0, Math.min(neurons, targetCount));
  });
}

function isSorted(plan: Plan, kernel: DeliverKernel, projection: ProjectionSlot): boolean {
  const { generate, rows: first, sourceCount } = projection;
  if (generate !== null) return generate.rule !== 'draws';
  const { targets, stride, mask } = targetsOf(plan.synapses, kernel, projection.synapseBase);
  for (let row = 0; row < sourceCount; row++) {
    const end = plan.rows[first + row + 1] ?? 0;
    let last = 0;
    for (let entry = plan.rows[first + row] ?? 0; entry < end; entry++) {
      const target = (targets[entry * stride] ?? 0) & mask;
      if (target < last) return false;
      last = target;
    }
  }
  return true;
}

interface Targets {
  readonly targets: Uint32Array | Uint16Array;
  /** Elements from one entry to the next. */
  readonly stride: 1 | 2;
  readonly mask: number;
}

/** The targets of the synapses that begin at a word. */
function targetsOf(words: Uint32Array, { packing }: DeliverKernel, first: number): Targets {
  if (packing === 'target16' || packing === 'target16+delay8') {
    const place = words.byteOffset + first * 4;
    const targets = new Uint16Array(words.buffer, place, (words.length - first) * 2);
    return { targets, stride: 1, mask: -1 };
  }
  const targets = words.subarray(first);
  return packing === 'target+delay'
    ? { targets, stride: 1, mask: 0xffffff }
    : { targets, stride: packing === 'wide' ? 2 : 1, mask: -1 };
}

/** Fills in where the parts of all rows begin, once the rows are there. `words`: the engine's memory. */
export function fillSplits(plan: Plan, layout: Layout, words: Uint32Array): void {
  const { splits, threads, kernels, inputSegments } = layout;
  if (splits === null) return;
  for (const kernel of plan.deliver) {
    for (const projection of kernel.projections) {
      const bounds = targetBounds(projection, threads, kernels, inputSegments);
      const place = layout.synapses / 4 + projection.synapseBase;
      const { targets, stride, mask } = targetsOf(words, kernel, place);
      let cell = (splits.get(projection) ?? 0) / 4;
      for (let row = 0; row < projection.sourceCount; row++) {
        let low = plan.rows[projection.rows + row] ?? 0;
        const end = plan.rows[projection.rows + row + 1] ?? 0;
        for (const bound of bounds) {
          low = firstFrom(targets, stride, mask, low, end, bound);
          words[cell++] = low;
        }
      }
    }
  }
}

/** Number of the first entry from `begin` to `end` whose target is not below a bound. */
function firstFrom(
  targets: Uint32Array | Uint16Array,
  stride: number,
  mask: number,
  begin: number,
  end: number,
  bound: number,
): number {
  let [low, high] = [begin, end];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (((targets[middle * stride] ?? 0) & mask) < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
