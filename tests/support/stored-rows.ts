/** Synapses as a plan stores them, read back row by row from any packing. Only those that the host has made are there. */
import type { DeliverKernel, Plan, ProjectionSlot } from '../../src/plan/plan.ts';
import type { GeneratedRow } from './generated-rows.ts';

/** Row `row` of a projection of a kernel with trigger pre. */
export function storedRow(
  plan: Plan,
  kernel: DeliverKernel,
  slot: ProjectionSlot,
  row: number,
): GeneratedRow {
  const { rows, synapseBase, delayBase, synapseCells, delaySteps } = slot;
  const [begin, end] = [plan.rows[rows + row] as number, plan.rows[rows + row + 1] as number];
  const numbers = Array.from({ length: end - begin }, (_, k) => begin + k);
  const word = (at: number): number => {
    const found = plan.synapses[at];
    if (found === undefined) throw new Error(`${slot.name}: the host has not made its synapses`);
    return found;
  };
  const half = (e: number): number => (word(synapseBase + (e >>> 1)) >>> (16 * (e & 1))) & 0xffff;
  const read = (e: number): readonly [number, number] => {
    switch (kernel.packing) {
      case 'target':
        return [word(synapseBase + e), delaySteps];
      case 'target+delay':
        return [word(synapseBase + e) & 0xffffff, word(synapseBase + e) >>> 24];
      case 'wide':
        return [word(synapseBase + 2 * e), word(synapseBase + 2 * e + 1)];
      case 'target16':
        return [half(e), delaySteps];
      case 'target16+delay8':
        return [half(e), (word(delayBase + (e >>> 2)) >>> (8 * (e & 3))) & 0xff];
      case 'generated':
        throw new Error(`${slot.name} stores no synapses`);
    }
  };
  const pairs = numbers.map(read);
  return {
    targets: pairs.map(([target]) => target),
    delays: pairs.map(([, delay]) => delay),
    values: synapseCells.map((cell) => numbers.map((e) => plan.synapseState[cell + e] as number)),
  };
}
