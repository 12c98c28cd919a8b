/**
 * The device memory of a run: which buffers, how large, with what in them. Refuses what the device cannot hold before
 * anything is allocated, and allocates all or nothing. The caller destroys the buffers.
 */
import { DeviceError } from '../errors.ts';
import type { StoredVariable } from '../language/kernel.ts';
import type { Plan, ProjectionSlot } from '../plan/plan.ts';
import { waysToShrink } from '../plan/shrink.ts';
import { USAGE } from './device.ts';
import { fieldCopies } from './field-groups.ts';
import type { Stretch, SynapseParts } from './parts.ts';
import { depositsFirst, type PlanWords } from './plan-words.ts';
import { emptyReport, RECORD_WORDS, REPORT_RECORDS } from './report.ts';
import { MOST_WINDOWS, type RunShape } from './shape.ts';

/** Distance of the entries of a uniform buffer with dynamic offsets. */
export const UNIFORM_STRIDE = 256;
/** Words of struct Batch in lib/window.wgsl. */
export const BATCH_WORDS = 6;

/** Words of struct Window. */
export const WINDOW_WORDS = 3;

/** Buffers by the name under which shaders bind them, and the staging buffers. */
export interface RunMemory {
  readonly buffers: ReadonlyMap<string, GPUBuffer>;
  readonly staging: readonly GPUBuffer[];
  readonly bytes: number;
}

interface BufferSpec {
  readonly name: string;
  readonly bytes: number;
  readonly usage: number;
  /** First contents; zeros otherwise. */
  readonly content: ((fill: Fill) => void) | null;
  /** What the user can do when it is too large. */
  readonly meaning: string;
}

/** Writes words to a buffer from word `at` on. */
type Fill = (words: Uint32Array, at: number) => void;

const STORAGE = USAGE.storage | USAGE.copySource | USAGE.copyTarget;

/** Name of the buffer of one part of the synapses: shaders bind it as `name`. */
export function partName(name: 'synapses' | 'synapse_state', part: number): string {
  return part === 0 ? name : `${name} ${part}`;
}

export function bufferSpecs(
  plan: Plan,
  words: PlanWords,
  shape: RunShape,
  parts: SynapseParts,
): BufferSpec[] {
  const spec = (
    name: string,
    cells: number,
    meaning: string,
    words: (() => Uint32Array) | null = null,
    usage: number = STORAGE,
  ): BufferSpec => {
    const content = words === null ? null : (fill: Fill) => fill(words(), 0);
    return { name, bytes: Math.max(16, 4 * cells), usage, content, meaning };
  };
  const uniform = USAGE.uniform | USAGE.copyTarget;
  const spikes = plan.generators.reduce((sum, { steps }) => sum + steps.length, 0);
  const windows = windowEntries(plan, shape);
  return [
    spec('batch', BATCH_WORDS + 2, 'the batch', null, uniform),
    spec('window', windows.length, 'the windows', () => windows, uniform),
    spec('state', plan.state.length, "the neurons' variables", () => stateCells(plan)),
    spec('inputs', depositsFirst(plan) + plan.depositCells, 'the ring of synaptic input'),
    spec('diffused', fieldCopies(plan).cells, 'what has diffused'),
    spec('constants', plan.constants.length, 'constants', () => floatCells(plan.constants)),
    spec('plan_words', words.words.length, 'row offsets and tables', () => words.words),
    spec('spikes', shape.spikeSlots * (1 + plan.neuronCount), 'the ring of spikes'),
    spec(
      'report',
      REPORT_RECORDS + 2 * RECORD_WORDS * shape.recordCapacity,
      'the record of spikes',
      emptyReport,
    ),
    spec('samples', 2 * shape.sampleRegion, 'recorded variables'),
    spec('generated', 2 * spikes, 'given spikes', () => generatedSpikes(plan, spikes)),
    ...synapseSpecs(plan, parts),
  ];
}

/** Two buffers for each part: the packed words and the variables of its synapses. */
function synapseSpecs(plan: Plan, parts: SynapseParts): BufferSpec[] {
  let cells: Uint32Array | null = null;
  const spec = (
    kind: 'synapses' | 'synapse_state',
    part: number,
    count: number,
    stretches: readonly Stretch[],
    words: () => Uint32Array,
  ): BufferSpec => ({
    name: partName(kind, part),
    bytes: Math.max(16, 4 * count),
    usage: STORAGE,
    meaning: 'the synapses',
    content: (fill) => {
      const from = words();
      for (const { first, end, at } of stretches) {
        // What lies behind is made on the device.
        const made = from.subarray(first, Math.min(end, from.length));
        if (made.length > 0) fill(made, at);
      }
    },
  });
  return parts.sizes.flatMap((size, part) => [
    spec('synapses', part, size.words, of(parts.words, part), () => plan.synapses),
    spec('synapse_state', part, size.cells, of(parts.cells, part), () => {
      cells ??= synapseCells(plan);
      return cells;
    }),
  ]);
}

const of = (stretches: readonly Stretch[], wanted: number): readonly Stretch[] =>
  stretches.filter(({ part }) => part === wanted);

/** The most words of one buffer of synapses: what a kernel may bind, and a buffer may hold. */
export function mostPartWords(
  { limits }: GPUDevice,
  bindingBytes = Number.POSITIVE_INFINITY,
): number {
  const bytes = Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize, bindingBytes);
  return Math.floor(bytes / 4);
}

/** Throws DeviceError "limit" for the first buffer that the device cannot hold. Allocates nothing. */
export function checkLimits(device: GPUDevice, plan: Plan, specs: readonly BufferSpec[]): void {
  for (const { name, bytes, meaning, usage } of specs) {
    const isStorage = (usage & USAGE.storage) !== 0;
    const limit =
      isStorage && device.limits.maxStorageBufferBindingSize < device.limits.maxBufferSize
        ? 'maxStorageBufferBindingSize'
        : 'maxBufferSize';
    const available = device.limits[limit];
    if (bytes <= available) continue;
    throw new DeviceError(
      `Buffer "${name}" (${meaning}, ${plan.neuronCount} neurons, ${plan.synapseCount} synapses) needs ` +
        `${mebibytes(bytes)} in one piece; this GPU allows ${mebibytes(available)} (${limit}). ` +
        waysToShrink(plan, 'gpu'),
      { reason: 'limit', limit, needed: bytes, available },
    );
  }
}

/** Allocates and fills everything, inside error scopes. On failure nothing stays allocated. */
export async function allocate(
  device: GPUDevice,
  plan: Plan,
  specs: readonly BufferSpec[],
  shape: RunShape,
): Promise<RunMemory> {
  const buffers = new Map<string, GPUBuffer>();
  const staging: GPUBuffer[] = [];
  let bytes = 0;
  const create = (label: string, size: number, usage: number): GPUBuffer => {
    bytes += size;
    return device.createBuffer({ label, size, usage });
  };
  device.pushErrorScope('validation');
  device.pushErrorScope('out-of-memory');
  let thrown: unknown = null;
  try {
    for (const { name, bytes: size, usage, content } of specs) {
      const buffer = create(name, size, usage);
      buffers.set(name, buffer);
      content?.((words, at) => writeWords(device, buffer, words, at));
    }
    for (let index = 0; index < 3; index++) {
      const usage = USAGE.mapRead | USAGE.copyTarget;
      staging.push(create(`staging ${index}`, shape.stagingBytes, usage));
    }
  } catch (error) {
    thrown = error;
  }
  const scopes = [await device.popErrorScope(), await device.popErrorScope()];
  const reason = scopes.find((scope) => scope !== null) ?? thrown;
  if (reason === null) return { buffers, staging, bytes };
  for (const buffer of [...buffers.values(), ...staging]) buffer.destroy();
  throw new DeviceError(
    `The GPU could not allocate ${mebibytes(bytes)}: ${(reason as { message: string }).message}. ` +
      `Close other programs that use the GPU. ${waysToShrink(plan, 'gpu')}`,
    { reason: 'memory', limit: 'memory of the GPU', needed: bytes },
  );
}

/** Words that are written at once: browsers copy them on the way, and refuse copies that are too large. */
const WRITTEN_WORDS = 2 ** 24;

function writeWords(device: GPUDevice, buffer: GPUBuffer, words: Uint32Array, at: number): void {
  for (let first = 0; first < words.length; first += WRITTEN_WORDS) {
    const some = words.subarray(first, first + WRITTEN_WORDS) as Uint32Array<ArrayBuffer>;
    device.queue.writeBuffer(buffer, 4 * (at + first), some);
  }
}

/** Cells as the device stores them: f32 by bit pattern, except the cells of i32 variables. */
function stateCells(plan: Plan): Uint32Array<ArrayBuffer> {
  const words = floatCells(plan.state);
  const integers = new Int32Array(words.buffer);
  for (const { stateBase, count, variables } of plan.update) {
    for (const [index, { type }] of variables.entries()) {
      if (type !== 'i32') continue;
      const first = stateBase + index * count;
      for (let cell = first; cell < first + count; cell++) integers[cell] = plan.state[cell] ?? 0;
    }
  }
  return words;
}

function synapseCells(plan: Plan): Uint32Array {
  const isWhole = ({ type }: StoredVariable): boolean => type === 'i32';
  const hasWhole = [...plan.deliver, ...plan.summed, ...plan.clocked].some((kernel) =>
    kernel.synapseVariables.some(isWhole),
  );
  if (plan.synapseState instanceof Float32Array && !hasWhole) {
    const { buffer, byteOffset, length } = plan.synapseState;
    return new Uint32Array(buffer, byteOffset, length);
  }
  const words = floatCells(plan.synapseState);
  const integers = new Int32Array(words.buffer);
  const { rows, synapseState } = plan;
  // By rows or by columns, the last offset is the number of synapses.
  const synapsesIn = ({ rows: first }: ProjectionSlot, rowCount: number): number =>
    rows[first + rowCount] ?? 0;
  const convert = (
    variables: readonly StoredVariable[],
    { synapseCells: cells }: ProjectionSlot,
    synapseCount: number,
  ): void => {
    for (const [index, { type }] of variables.entries()) {
      if (type !== 'i32') continue;
      const begin = cells[index] ?? 0;
      const end = Math.min(begin + synapseCount, synapseState.length);
      for (let e = begin; e < end; e++) integers[e] = synapseState[e] ?? 0;
    }
  };
  for (const { synapseVariables, projections, trigger } of plan.deliver) {
    for (const projection of projections) {
      const { sourceCount, targetCount } = projection;
      const rowCount = trigger === 'pre' ? sourceCount : targetCount;
      convert(synapseVariables, projection, synapsesIn(projection, rowCount));
    }
  }
  for (const { synapseVariables, projection } of plan.summed) {
    convert(synapseVariables, projection, synapsesIn(projection, projection.targetCount));
  }
  for (const { synapseVariables, projection, count } of plan.clocked) {
    convert(synapseVariables, projection, count);
  }
  return words;
}

function floatCells(values: Float64Array | Float32Array): Uint32Array<ArrayBuffer> {
  return new Uint32Array(Float32Array.from(values).buffer);
}

/** Steps of all generators, then their indices. */
function generatedSpikes(plan: Plan, count: number): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(Math.max(4, 2 * count));
  let at = 0;
  for (const { steps, indices } of plan.generators) {
    words.set(steps, at);
    words.set(indices, count + at);
    at += steps.length;
  }
  return words;
}

/** Modes of struct Window in lib/window.wgsl. */
export const MODE = { steps: 0, begin: 1, begun: 2 } as const;

/** Whether the schedule itself runs `begin` of kernels before their update. */
export function hasScheduledFinish(plan: Plan): boolean {
  return plan.schedule.some(({ kind }) => kind === 'finish');
}

/** Offset in the `window` buffer of the entry with that mode for window number `index` of a batch. */
export function windowOffset(mode: (typeof MODE)[keyof typeof MODE], index: number): number {
  return (mode * MOST_WINDOWS + index) * UNIFORM_STRIDE;
}

/**
 * What dispatches bind by dynamic offset: for each mode one entry per window. Without scheduled finishes there is only
 * one entry of mode "begin", for the finish before the host reads.
 */
function windowEntries(plan: Plan, shape: RunShape): Uint32Array<ArrayBuffer> {
  const modes = hasScheduledFinish(plan) ? Object.values(MODE) : [MODE.steps, MODE.begin];
  const count = hasScheduledFinish(plan) ? 3 * MOST_WINDOWS : MOST_WINDOWS + 1;
  const words = new Uint32Array((count * UNIFORM_STRIDE) / 4);
  for (const mode of modes) {
    for (let index = 0; index < MOST_WINDOWS; index++) {
      const entry = windowOffset(mode, index) / 4;
      if (entry >= words.length) break;
      words[entry] = index * shape.windowSteps;
      words[entry + 1] = mode;
      words[entry + 2] = shape.windowSteps;
    }
  }
  return words;
}

export function mebibytes(bytes: number): string {
  return bytes >= 2 ** 20 ? `${Math.round(bytes / 2 ** 20)} MiB` : `${Math.ceil(bytes / 1024)} KiB`;
}
