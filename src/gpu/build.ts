/**
 * Makes synapses on the device: those of projections with a recipe that are stored. Runs once, when the buffers have
 * been filled, in submits that leave the device to others in between. Owns one small buffer while it runs.
 */
import type { Plan } from '../plan/plan.ts';
import { USAGE } from './device.ts';
import { bindGroupOf } from './dispatches.ts';
import type { Making } from './jobs.ts';
import { Pace } from './pace.ts';
import { pipelineFor } from './pipelines.ts';
import type { Pieces } from './plan-words.ts';
import { buildShader } from './synapse-kernels.ts';

/** Synapses are counted in units of so many when submits are measured. */
const UNIT = 2 ** 14;
/** Units of one submit, at most: a device that does them in no time need not be given more. */
const MOST_UNITS = 2 ** 12;
/** Words of struct Build in build.wgsl. */
const BUILD_WORDS = 4;

/** Resolves when all synapses are made. */
export async function buildSynapses(making: Making): Promise<void> {
  const { device, plan, words, delivery } = making;
  const { builds } = words;
  if (builds.every(({ count }) => count === 0)) return;
  const kernels = plan.deliver.filter(({ packing }) => packing !== 'generated');
  const lanes = Math.min(making.workgroupSize, delivery.mostLanes);
  const shader = buildShader(kernels, delivery.sharesRows);
  const compiled = await pipelineFor(device, 'build', shader, { workgroup_size: lanes });
  const uniform = device.createBuffer({
    label: 'build',
    size: 4 * BUILD_WORDS,
    usage: USAGE.uniform | USAGE.copyTarget,
  });
  const memory = {
    ...making.memory,
    buffers: new Map(making.memory.buffers).set('build', uniform),
  };
  try {
    for (const [part, pieces] of builds.entries()) {
      if (pieces.count === 0) continue;
      const share = { words: part, cells: part };
      const group = bindGroupOf(device, 'build', compiled, memory, share);
      await buildPart(making, compiled.pipeline, group, uniform, pieces);
    }
  } finally {
    uniform.destroy();
  }
}

/** Makes the rows of one part, in as many submits as it takes. */
async function buildPart(
  { device, plan, delivery }: Making,
  pipeline: GPUComputePipeline,
  group: GPUBindGroup,
  uniform: GPUBuffer,
  pieces: Pieces,
): Promise<void> {
  const pace = new Pace(MOST_UNITS);
  const pending = new Rows(plan, pieces.offsets);
  while (pending.done < pieces.rows) {
    const begin = pending.done;
    const units = pending.take(pace.windows);
    const parameters = Uint32Array.of(begin, pending.done, pieces.first, pieces.count);
    const started = performance.now();
    device.queue.writeBuffer(uniform, 0, parameters);
    const encoder = device.createCommandEncoder({ label: 'build' });
    const pass = encoder.beginComputePass({ label: 'build' });
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(Math.min(delivery.workgroups, pending.done - begin));
    pass.end();
    device.queue.submit([encoder.finish()]);
    await device.queue.onSubmittedWorkDone();
    pace.learn(units, 0, performance.now() - started);
  }
}

/** Rows of several pieces one after the other, taken in portions of about so many synapses. */
class Rows {
  done = 0;
  readonly #plan: Plan;
  readonly #offsets: Pieces['offsets'];
  #piece = 0;
  #row = 0;

  constructor(plan: Plan, offsets: Pieces['offsets']) {
    this.#plan = plan;
    this.#offsets = offsets;
  }

  /** Goes on by rows of that many units, at least by one; returns the units that they have. */
  take(units: number): number {
    const before = this.done;
    let synapses = 0;
    while (this.#piece < this.#offsets.length) {
      const { first, end } = this.#offsets[this.#piece] as { first: number; end: number };
      const row = first + this.#row;
      if (row >= end) {
        this.#piece++;
        this.#row = 0;
        continue;
      }
      const length = (this.#plan.rows[row + 1] as number) - (this.#plan.rows[row] as number);
      if (this.done > before && synapses + length > units * UNIT) break;
      synapses += length;
      this.#row++;
      this.done++;
    }
    return Math.max(1, synapses / UNIT);
  }
}
