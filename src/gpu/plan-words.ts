/**
 * One read-only buffer for everything small that kernels look up: members of update kernels, sampled rows, projections
 * and who they start from, generators, row offsets, tables. One, because a stage may bind only eight storage buffers.
 * The shaders that read an entry document its words; this file writes them.
 */
import type { WgslTimedArray } from '../language/emit-wgsl.ts';
import type { DeliverKernel, Plan, ProjectionSlot } from '../plan/plan.ts';
import { FAULT_CODES } from './report.ts';

/** Words of a projection's entry before its cells: see deliver.wgsl. */
export const PROJECTION_HEADER = 7;
/** Words per input of a projection: cell, 2^k as f32, limit, first neuron's number, code for faults. */
export const INPUT_WORDS = 5;
export const FLAG_RECORDED = 1;
export const FLAG_EMITS = 2;

export interface PlanWords {
  readonly words: Uint32Array;
  /** First word of the members of each update kernel. */
  readonly members: readonly number[];
  /** First word of the row numbers of each update kernel's sampler; 0 without one. */
  readonly sampleRows: readonly number[];
  readonly segments: readonly Segments[];
  /** First word of the entry of each summed kernel's projection. */
  readonly summed: readonly number[];
  /** First word of the generators' entries. */
  readonly generators: number;
  /** First word of the directory of tables. */
  readonly tables: number;
  /** By table number; null for binomial tables. */
  readonly timedArrays: readonly (WgslTimedArray | null)[];
}

/** Which projections a spike of a deliver kernel starts: ranges of neurons, each with a list. */
export interface Segments {
  readonly first: number;
  readonly count: number;
  /** The longest list. */
  readonly rowsPerSpike: number;
}

/** Appends blocks and remembers where they begin. */
class WordWriter {
  readonly #blocks: Uint32Array[] = [];
  readonly #patches: { readonly first: number; readonly values: readonly number[] }[] = [];
  length = 0;

  add(block: ArrayLike<number> | Uint32Array): number {
    const first = this.length;
    const words = block instanceof Uint32Array ? block : Uint32Array.from(block);
    this.#blocks.push(words);
    this.length += words.length;
    return first;
  }

  /** Overwrites the beginning of the block that starts at `first`. */
  patch(first: number, values: readonly number[]): void {
    this.#patches.push({ first, values });
  }

  join(): Uint32Array {
    const words = new Uint32Array(Math.max(1, this.length));
    let at = 0;
    for (const block of this.#blocks) {
      words.set(block, at);
      at += block.length;
    }
    for (const { first, values } of this.#patches) words.set(values, first);
    return words;
  }
}

const view = new DataView(new ArrayBuffer(4));

/** Bit pattern of a number as f32. */
export function bitsOfFloat(value: number): number {
  view.setFloat32(0, value);
  return view.getUint32(0);
}

export function planWords(plan: Plan): PlanWords {
  const writer = new WordWriter();
  const sources = plan.deliver.flatMap((kernel) =>
    kernel.projections.map((p) => rowsOf(kernel, p)),
  );
  const emits = (first: number, count: number): number =>
    sources.some((s) => s.first < first + count && first < s.first + s.count) ? FLAG_EMITS : 0;
  const { directory, timedArrays } = addTables(plan, writer);
  const members = plan.update.map((kernel) =>
    writer.add(
      kernel.members.flatMap((member) => [
        member.localFirst,
        member.count,
        member.globalFirst,
        member.constants,
        member.stream,
        (member.recordSpikes ? FLAG_RECORDED : 0) | emits(member.globalFirst, member.count),
        member.tables,
      ]),
    ),
  );
  const sampleRows = plan.update.map(({ sampler }) =>
    sampler === null ? 0 : writer.add(new Uint32Array(Int32Array.from(sampler.rowOf).buffer)),
  );
  const rows = writer.add(plan.rows);
  const segments = plan.deliver.map((kernel) => addSegments(plan, kernel, rows, writer));
  const summed = plan.summed.map((kernel) =>
    writer.add(projectionWords(kernel.projection, kernel.projection.targetFirst, rows, [])),
  );
  let begin = 0;
  const generators = writer.add(
    plan.generators.flatMap((generator) => {
      const end = begin + generator.steps.length;
      const flags =
        (generator.recordSpikes ? FLAG_RECORDED : 0) |
        emits(generator.globalFirst, generator.count);
      const entry = [begin, end, generator.globalFirst, flags];
      begin = end;
      return entry;
    }),
  );
  const words = writer.join();
  return {
    words,
    members,
    sampleRows,
    segments,
    summed,
    generators,
    tables: directory,
    timedArrays,
  };
}

/** The neurons whose spikes select rows of a projection. */
function rowsOf(kernel: DeliverKernel, p: ProjectionSlot): { first: number; count: number } {
  return kernel.trigger === 'pre'
    ? { first: p.sourceFirst, count: p.sourceCount }
    : { first: p.targetFirst, count: p.targetCount };
}

function addTables(
  plan: Plan,
  writer: WordWriter,
): { directory: number; timedArrays: (WgslTimedArray | null)[] } {
  const directory = writer.add(new Uint32Array(2 * plan.tables.length));
  const entries: number[] = [];
  const timedArrays = plan.tables.map((table) => {
    if (table.kind === 'gaps' || table.kind === 'quantiles') {
      entries.push(0, 0);
      return null;
    }
    if (table.kind === 'binomial') {
      entries.push(writer.add(table.thresholds), table.thresholds.length);
      return null;
    }
    const first = writer.add(new Uint32Array(Float32Array.from(table.values).buffer));
    entries.push(first, table.values.length);
    return { first, stepsPerRow: table.stepsPerRow, rows: table.rows, columns: table.columns };
  });
  writer.patch(directory, entries);
  return { directory, timedArrays };
}

function addSegments(
  plan: Plan,
  kernel: DeliverKernel,
  rows: number,
  writer: WordWriter,
): Segments {
  const projections = kernel.projections.map((projection) => {
    const guards = kernel.inputs.map((input, index) => inputWords(plan, projection, input, index));
    const { first, count } = rowsOf(kernel, projection);
    return {
      first,
      end: first + count,
      at: writer.add(projectionWords(projection, first, rows, guards)),
    };
  });
  const bounds = new Set([0, ...projections.flatMap(({ first, end }) => [first, end])]);
  const entries: number[] = [];
  let rowsPerSpike = 1;
  for (const bound of [...bounds].sort((a, b) => a - b)) {
    const list = projections.filter(({ first, end }) => first <= bound && bound < end);
    entries.push(bound, writer.add(list.map(({ at }) => at)), list.length);
    rowsPerSpike = Math.max(rowsPerSpike, list.length);
  }
  return { first: writer.add(entries), count: bounds.size, rowsPerSpike };
}

function projectionWords(
  projection: ProjectionSlot,
  firstRow: number,
  rows: number,
  inputs: readonly (readonly number[])[],
): number[] {
  return [
    firstRow,
    projection.targetFirst,
    rows + projection.rows,
    projection.synapseBase,
    projection.constants,
    projection.stream,
    projection.delaySteps,
    ...projection.synapseCells,
    ...projection.preCells,
    ...projection.postCells,
    ...inputs.flat(),
  ];
}

function inputWords(
  plan: Plan,
  projection: ProjectionSlot,
  input: DeliverKernel['inputs'][number],
  index: number,
): number[] {
  const slot = projection.inputs[index];
  if (slot === undefined) throw new Error(`internal: ${projection.name} lacks input ${input.name}`);
  const firstNeuron = input.side === 'pre' ? projection.sourceFirst : projection.targetFirst;
  const factor = bitsOfFloat(2 ** slot.scale);
  return [slot.cell, factor, slot.limit, firstNeuron, inputCode(plan, firstNeuron, slot.cell)];
}

/** Number of the input that holds `cell` in the update kernel of that neuron: the code under which it is reported. */
function inputCode(plan: Plan, neuron: number, cell: number): number {
  const population = plan.populations.find((p) => p.first <= neuron && neuron < p.first + p.count);
  const kernel = plan.update[population?.kernel ?? -1];
  const code =
    kernel?.inputs.findIndex((i) => i.base <= cell && cell < i.base + kernel.count) ?? -1;
  return code < 0 ? FAULT_CODES - 1 : code;
}
