/**
 * The words that a run reports to the host once per batch, and what they mean in the user's words. Twin of
 * shaders/lib/report.wgsl: same numbers.
 */
import type { NetworkError } from '../errors.ts';
import { notFiniteError, overflowError, synapseNotFiniteError } from '../plan/faults.ts';
import type { FieldKernel, Plan, UpdateKernel } from '../plan/plan.ts';

export const REPORT_NONE = 0xffffffff;
export const REPORT_HALT = 0;
export const REPORT_NOT_FINITE = 1;
export const REPORT_OVERFLOW = 34;
export const REPORT_CURSOR = 67;
/** Where the recorded spikes begin, and so the words before them. */
export const REPORT_RECORDS = 72;
export const RECORD_WORDS = 3;
/** A fault's key is neuron * FAULT_CODES + code. */
export const FAULT_CODES = 128;
/** Steps per window that spike masks and fault sections have room for. */
export const LONGEST_WINDOW = 32;

/**
 * The number of a neuron or voxel in reports, from its global one: voxels come directly behind the neurons, so that
 * keys stay small.
 */
export function numberInReports({ neuronCount, fields }: Plan, global: number): number {
  const [first] = fields;
  const isVoxel = first !== undefined && global >= first.globalFirst;
  return isVoxel ? neuronCount + global - first.globalFirst : global;
}

/** Under which number faults of clock-driven equations are reported: behind all neurons and voxels. */
export function clockedNumber({ neuronCount, fields }: Plan, kernel: number): number {
  return fields.reduce((sum, { count }) => sum + count, neuronCount) + kernel;
}

/** The report before anything has happened. */
export function emptyReport(): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(REPORT_RECORDS).fill(REPORT_NONE);
  words.fill(0, REPORT_CURSOR);
  return words;
}

interface Fault {
  readonly step: number;
  readonly neuron: number;
  readonly code: number;
}

function faultIn(report: Uint32Array, section: number): Fault | null {
  const first = report[section] ?? REPORT_NONE;
  if (first === REPORT_NONE) return null;
  for (let step = 0; step < LONGEST_WINDOW; step++) {
    const key = report[section + 1 + step] ?? REPORT_NONE;
    if (key !== REPORT_NONE) {
      return { step: first + step, neuron: Math.floor(key / FAULT_CODES), code: key % FAULT_CODES };
    }
  }
  return null;
}

/** The global number of a neuron or voxel from that in reports, and its kernel. */
function elementIn(
  plan: Plan,
  number: number,
): { neuron: number; kernel: UpdateKernel | FieldKernel | undefined } {
  const [first] = plan.fields;
  if (first === undefined || number < plan.neuronCount) {
    const population = plan.populations.find(
      (p) => p.first <= number && number < p.first + p.count,
    );
    return { neuron: number, kernel: plan.update[population?.kernel ?? -1] };
  }
  const voxel = first.globalFirst + number - plan.neuronCount;
  const isIn = ({ globalFirst, count }: FieldKernel): boolean =>
    globalFirst <= voxel && voxel < globalFirst + count;
  return { neuron: voxel, kernel: plan.fields.find(isIn) };
}

/** The error that a report stands for, or null. Overflow is named first, because it makes states wrong. */
export function errorIn(report: Uint32Array, plan: Plan): NetworkError | null {
  const overflow = faultIn(report, REPORT_OVERFLOW);
  const fault = overflow ?? faultIn(report, REPORT_NOT_FINITE);
  if (fault === null) return null;
  const { step, code } = fault;
  const { neuron, kernel } = elementIn(plan, fault.neuron);
  if (overflow !== null) {
    return overflowError(plan, step, neuron, kernel?.inputs[code]?.variable ?? '?');
  }
  const clocked = plan.clocked[fault.neuron - clockedNumber(plan, 0)];
  if (clocked !== undefined) {
    const variable = clocked.synapseVariables[code]?.name ?? '?';
    return synapseNotFiniteError(plan, step, { kernel: clocked, synapse: null, variable });
  }
  return notFiniteError(plan, step, neuron, kernel?.variables[code]?.name ?? '?');
}
