/**
 * A plan's schedule as dispatches that are ready to encode: pipelines, bind groups, workgroup counts. Everything is
 * made once, so that encoding a window allocates nothing.
 */
import type { DeliverKernel, Plan, ScheduleStep } from '../plan/plan.ts';
import { clockedJobs } from './clocked-jobs.ts';
import { fieldGroups } from './field-groups.ts';
import { fieldJobs } from './field-jobs.ts';
import { fuseShaders } from './fuse.ts';
import { type Job, jobOf, type Making } from './jobs.ts';
import { generateShader, updateShader } from './kernels.ts';
import { hasScheduledFinish, MODE, partName, type RunMemory, WINDOW_WORDS } from './memory.ts';
import type { Share } from './parts.ts';
import { DYNAMIC_BINDING, type Pipeline, pipelineFor } from './pipelines.ts';
import type { PlanWords } from './plan-words.ts';
import { deliverShader, hasDelayPerSynapse, summedShader } from './synapse-kernels.ts';

export interface Dispatch {
  readonly name: string;
  readonly pipeline: GPUComputePipeline;
  readonly bindGroup: GPUBindGroup;
  readonly x: number;
  readonly y: number;
  /** Which kind of window entry it binds. */
  readonly mode: (typeof MODE)[keyof typeof MODE];
  /** Only in windows that end at a step of which this many is a divisor; 1: in all of them. */
  readonly every: number;
}

export interface RunDispatches {
  /** One window, in order. */
  readonly window: readonly Dispatch[];
  /** `begin` of every update kernel: what the host needs before it reads state. */
  readonly finish: readonly Dispatch[];
}

/** Kernels that are dispatched together. */
interface Group {
  readonly kind: ScheduleStep['kind'] | 'diffuse' | 'react';
  readonly mode: Dispatch['mode'];
  readonly every: number;
  readonly jobs: Job[];
  /** Whether more of its kind may join. */
  readonly isOpen: boolean;
}

/** Kernels in one dispatch, at most: their texts add up, and drivers take long for long ones. */
const MOST_FUSED = 8;

/** Compiles all kernels of the plan at once and orders them as the schedule says. */
export async function makeDispatches(making: Making): Promise<RunDispatches> {
  const { plan } = making;
  const opener = plan.schedule.find(
    (step) =>
      step.kind === 'generate' ||
      (step.kind === 'update' && plan.update[step.kernel]?.spiked !== null),
  );
  const update = plan.update.map((_, index) =>
    updateJob(making, index, opener?.kind === 'update' && opener.kernel === index),
  );
  const jobsOf = (step: ScheduleStep): readonly Job[] => {
    switch (step.kind) {
      case 'generate':
        return plan.generators.length === 0
          ? []
          : [generateJob(making, opener?.kind === 'generate')];
      case 'summed':
        return summedJobs(making, step.kernel);
      case 'deliver':
        return deliverJobs(making, step.kernel);
      case 'clocked':
        return clockedJobs(making, step.kernel);
      default:
        return update.slice(step.kernel, step.kernel + 1);
    }
  };
  const stepMode = hasScheduledFinish(plan) ? MODE.begun : MODE.steps;
  const groups: Group[] = [];
  for (const step of plan.schedule) {
    if (step.kind === 'field') continue;
    const mode =
      step.kind === 'finish' ? MODE.begin : step.kind === 'update' ? stepMode : MODE.steps;
    const every = step.kind === 'clocked' ? (plan.clocked[step.kernel]?.every ?? 1) : 1;
    addJobs(groups, step.kind, mode, jobsOf(step), isLoose(plan, step), every);
  }
  for (const group of fieldGroups(plan)) {
    const { diffuse, react } = fieldJobs(making, group);
    addJobs(groups, 'diffuse', MODE.steps, diffuse, true, group.every);
    addJobs(groups, 'react', MODE.steps, react, true, group.every);
  }
  const finish: Group[] = [];
  for (const job of update) addJobs(finish, 'finish', MODE.begin, [job], true);
  const compiled = (of: readonly Group[]): Promise<Dispatch[]> =>
    Promise.all(of.map((group) => dispatchOf(making, group)));
  const [window, finishing] = await Promise.all([compiled(groups), compiled(finish)]);
  return { window, finish: finishing };
}

/**
 * Whether a kernel neither depends on what others of its kind do in the same window nor changes what they read: updates
 * see their own neurons only, and deliveries at emission only add to inputs.
 */
function isLoose(plan: Plan, step: ScheduleStep): boolean {
  if (step.kind === 'update' || step.kind === 'finish') return true;
  return step.kind === 'deliver' && plan.deliver[step.kernel]?.mode === 'scatter';
}

/** Adds kernels to the group before, where that is allowed, or to new ones. */
function addJobs(
  groups: Group[],
  kind: Group['kind'],
  mode: Group['mode'],
  jobs: readonly Job[],
  isLooseStep: boolean,
  every = 1,
): void {
  // Kernels of several shares see different buffers under one name.
  const isOpen = isLooseStep && (jobs.length === 1 || kind === 'diffuse' || kind === 'react');
  for (const job of jobs) {
    const last = groups.at(-1);
    const joins = isOpen && last?.isOpen === true && last.kind === kind && last.every === every;
    if (joins && last.jobs.length < MOST_FUSED) last.jobs.push(job);
    else groups.push({ kind, mode, every, jobs: [job], isOpen });
  }
}

function updateJob(making: Making, index: number, opensWindow: boolean): Job {
  const { plan, words, shape } = making;
  const kernel = plan.update[index];
  if (kernel === undefined) throw new Error('internal: no such update kernel');
  const { sampler, probe } = kernel;
  const ring = shape.samples[index] ?? null;
  const constants = {
    neuron_count: kernel.count,
    state_base: kernel.stateBase,
    members_first: words.members[index] ?? 0,
    member_count: kernel.members.length,
    ...onlyMember(words, index),
    sample_every: sampler?.every ?? 1,
    sample_rows_first: words.sampleRows[index] ?? 0,
    sample_rows: sampler?.rows ?? 1,
    sample_values: sampler?.values.length ?? 1,
    sample_base: ring?.base ?? 0,
    probe_every: probe?.every ?? 1,
    probe_rows_first: words.probeRows[index] ?? 0,
    probe_rows: probe?.rows ?? 1,
    probe_values: probe?.values.length ?? 1,
    probe_base: shape.probes[index]?.base ?? 0,
    sample_region: shape.sampleRegion,
  };
  const isSampled = ring !== null;
  const shader = updateShader(
    isSampled ? kernel : { ...kernel, sampler: null },
    { opensWindow, isOneStep: shape.windowSteps === 1 },
    making,
  );
  return jobOf(making, kernel.name, shader, constants, kernel.count);
}

/** The words of a kernel's first member as constants, for kernels that have no other. */
function onlyMember({ words, members }: PlanWords, kernel: number): Record<string, number> {
  const word = (k: number): number => words[(members[kernel] ?? 0) + k] ?? 0;
  return {
    member_first_neuron: word(2),
    member_constants: word(3),
    member_stream: word(4),
    member_flags: word(5),
    member_tables: word(6),
    member_seed: word(7),
    member_gathers: word(8),
  };
}

/** One for each share of the kernel's rows. */
function deliverJobs(making: Making, index: number): Job[] {
  const { plan, parts, words, shape } = making;
  const kernel = plan.deliver[index];
  const shares = parts.deliver[index];
  if (kernel === undefined || shares === undefined) throw new Error('internal: no such kernel');
  const delays = arrivalDelays(kernel);
  const { workgroups, mostLanes, sharesRows } = making.delivery;
  const lanes = Math.min(making.workgroupSize, mostLanes);
  const splitsColumns = kernel.trigger === 'post' && shares.some(isPartOfColumns);
  const shader = deliverShader(kernel, { sharesRows, splitsColumns }, making);
  return shares.map((share, k) => {
    const segments = words.segments[index]?.[k];
    if (segments === undefined) throw new Error('internal: a share without its segments');
    const constants = {
      segments_first: segments.first,
      segment_count: segments.count,
      rows_per_spike: segments.rowsPerSpike,
      smallest_delay: delays.smallest,
      largest_delay: delays.largest,
    };
    const mostPairs = plan.neuronCount * segments.rowsPerSpike * shape.windowSteps;
    const invocations = Math.max(1, Math.min(workgroups, mostPairs)) * lanes;
    return jobOf(making, kernel.name, shader, constants, invocations, { lanes, share });
  });
}

/** Whether a share reaches the variables of some of the synapses in its columns only. */
const isPartOfColumns = ({ slots }: Share): boolean =>
  slots.some(({ bound, slot }) => bound[1] < 2 ** 32 - 1 && slot.synapseCells.length > 0);

function arrivalDelays(kernel: DeliverKernel): { smallest: number; largest: number } {
  const isPerSynapse = kernel.trigger === 'pre' && hasDelayPerSynapse(kernel);
  const delays = kernel.projections.flatMap((p) => (isPerSynapse ? p.delayRange : [p.delaySteps]));
  return {
    smallest: delays.reduce((a, b) => Math.min(a, b), Number.MAX_SAFE_INTEGER),
    largest: delays.reduce((a, b) => Math.max(a, b), 0),
  };
}

function summedJobs(making: Making, index: number): Job[] {
  const kernel = making.plan.summed[index];
  const shares = making.parts.summed[index];
  if (kernel === undefined || shares === undefined) throw new Error('internal: no such sum');
  return shares.map((share, k) => {
    const [placed] = share.slots;
    if (placed === undefined) throw new Error('internal: a share of nothing');
    const constants = {
      projection: making.words.summed[index]?.[k] ?? 0,
      first_target: placed.firstRow,
      end_target: placed.endRow,
      result_cell: kernel.resultCell,
    };
    const variant = {
      splitsColumns: isPartOfColumns(share),
      isContinued: placed.bound[0] > 0,
    };
    const shader = summedShader(kernel, variant, making);
    const invocations = placed.endRow - placed.firstRow;
    return jobOf(making, kernel.name, shader, constants, invocations, { share });
  });
}

function generateJob(making: Making, opensWindow: boolean): Job {
  const { generators } = making.plan;
  const constants = {
    generators_first: making.words.generators,
    generated_count: generators.reduce((sum, { steps }) => sum + steps.length, 0),
  };
  const invocations = generators.length * making.workgroupSize;
  return jobOf(making, 'generate', generateShader(opensWindow), constants, invocations);
}

async function dispatchOf(
  { device, memory }: Making,
  { jobs, mode, every }: Group,
): Promise<Dispatch> {
  const [first] = jobs;
  if (first === undefined) throw new Error('internal: a dispatch of nothing');
  const name = jobs.length === 1 ? first.name : `${first.name} and ${jobs.length - 1} more`;
  const { shader, constants } = fuseShaders(jobs);
  const compiled = await pipelineFor(device, name, shader, constants);
  const groups = jobs.reduce((sum, job) => sum + job.groups, 0);
  const y = Math.ceil(groups / device.limits.maxComputeWorkgroupsPerDimension);
  return {
    name,
    pipeline: compiled.pipeline,
    bindGroup: bindGroupOf(device, name, compiled, memory, first.share),
    x: Math.ceil(groups / y),
    y,
    mode,
    every,
  };
}

/** Binds buffers by the names that the shader has for them. */
export function bindGroupOf(
  device: GPUDevice,
  label: string,
  { layout, shader }: Pipeline,
  memory: RunMemory,
  share: Pick<Share, 'words' | 'cells'>,
): GPUBindGroup {
  const entries = shader.bindings.map(({ binding, name }) => {
    const buffer = memory.buffers.get(bufferName(name, share));
    if (buffer === undefined) throw new Error(`internal: shader ${shader.name} binds "${name}"`);
    // Of the windows' buffer one entry is visible at a time: struct Window.
    const size = 4 * WINDOW_WORDS;
    return { binding, resource: name === DYNAMIC_BINDING ? { buffer, size } : { buffer } };
  });
  return device.createBindGroup({ label, layout, entries });
}

/** The buffer that a kernel sees under that name. */
function bufferName(name: string, { words, cells }: Pick<Share, 'words' | 'cells'>): string {
  if (name === 'synapses') return partName(name, words);
  return name === 'synapse_state' ? partName(name, cells) : name;
}
