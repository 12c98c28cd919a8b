/**
 * What dispatches are made from, and kernels on their way to becoming one: shaders with their numbers. Nothing of a
 * device is made here.
 */
import type { WgslArithmetic } from '../language/emit-wgsl.ts';
import type { Plan } from '../plan/plan.ts';
import type { FusedKernel } from './fuse.ts';
import type { RunMemory } from './memory.ts';
import type { Share, SynapseParts } from './parts.ts';
import type { PlanWords } from './plan-words.ts';
import type { Shader } from './shaders.ts';
import type { RunShape } from './shape.ts';

/** What dispatches are made from. */
export interface Making {
  readonly device: GPUDevice;
  readonly plan: Plan;
  readonly parts: SynapseParts;
  readonly words: PlanWords;
  readonly shape: RunShape;
  readonly memory: RunMemory;
  readonly arithmetic: WgslArithmetic;
  readonly workgroupSize: number;
  readonly delivery: Delivery;
}

/** How the rows of a window are divided. Has no effect on results. */
export interface Delivery {
  /** Workgroups among which the rows are dealt out. */
  readonly workgroups: number;
  /** The most invocations that share the synapses of a row. */
  readonly mostLanes: number;
  /** Whether one of them looks the row up for all: see deliver.wgsl. */
  readonly sharesRows: boolean;
}

/** A kernel that is ready to be compiled, alone or together with others. */
export interface Job extends FusedKernel {
  readonly name: string;
  readonly workgroupSize: number;
  /** The parts of the synapses that it sees. */
  readonly share: Pick<Share, 'words' | 'cells'>;
}

/** A kernel with the numbers that every shader may want as override constants, and its own. */
export function jobOf(
  { plan, words, shape, workgroupSize: defaultSize }: Making,
  name: string,
  shader: Shader,
  own: Readonly<Record<string, number>>,
  invocations: number,
  options: { readonly lanes?: number; readonly share?: Job['share'] } = {},
): Job {
  const { lanes: workgroupSize = defaultSize, share = { words: 0, cells: 0 } } = options;
  const constants = {
    workgroup_size: workgroupSize,
    window_steps: shape.windowSteps,
    spike_slots: shape.spikeSlots,
    total_neurons: plan.neuronCount,
    record_capacity: shape.recordCapacity,
    record_per_window: shape.recordPerWindow,
    input_cells: plan.inputCells,
    ring_slots: plan.ringSlots,
    tables_first: words.tables,
    dt_ms: plan.dtMs,
    ...own,
  };
  const groups = Math.max(1, Math.ceil(invocations / workgroupSize));
  return { name, shader, constants, groups, workgroupSize, share };
}
