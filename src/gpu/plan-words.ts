/**
 * One read-only buffer for everything small that kernels look up: members of update kernels, sampled rows, projections
 * and who they start from, recipes, generators, row offsets, tables. One, because a stage may bind only eight storage
 * buffers. The shaders that read an entry document its words; this file writes them.
 */
import type { WgslTimedArray } from '../language/emit-wgsl.ts';
import type { DeliverKernel, Plan, TableSlot } from '../plan/plan.ts';
import type { PlacedSlot, Share, SynapseParts } from './parts.ts';
import { gapWords, quantileWords, recipeWords, type TableWords } from './recipes.ts';
import { FAULT_CODES, numberInReports } from './report.ts';

/** Words of a projection's entry before its cells: see lib/projections.wgsl. */
export const PROJECTION_HEADER = 11;
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
  /** The same of its probe; the host writes them while the run is under way. */
  readonly probeRows: readonly number[];
  /** By deliver kernel and share. */
  readonly segments: readonly (readonly Segments[])[];
  /** First word of the projection's entry, by summed kernel and share. */
  readonly summed: readonly (readonly number[])[];
  /** The same by kernel of clock-driven equations and share. */
  readonly clocked: readonly (readonly number[])[];
  /** What the device makes before the first step, by part. */
  readonly builds: readonly Pieces[];
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

/** Rows that the device makes in one part: those of some projections, counted through. */
export interface Pieces {
  /** First word of the list of pieces. */
  readonly first: number;
  readonly count: number;
  /** Rows of all pieces, and for each piece where they are in Plan.rows. */
  readonly rows: number;
  readonly offsets: readonly { readonly first: number; readonly end: number }[];
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

export function planWords(plan: Plan, parts: SynapseParts): PlanWords {
  const writer = new WordWriter();
  const sources = parts.deliver.flatMap((shares, k) =>
    shares.flatMap(({ slots }) => slots.map((slot) => neuronsOf(plan.deliver[k], slot))),
  );
  const emits = (first: number, count: number): number =>
    sources.some((s) => s.first < first + count && first < s.end) ? FLAG_EMITS : 0;
  const { directory, timedArrays, tables } = addTables(plan, writer);
  const gathers = new Map(
    plan.update.flatMap(({ members }) => members.map((one) => [one, writer.add(one.gathers)])),
  );
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
        member.seed >>> 0,
        gathers.get(member) ?? 0,
      ]),
    ),
  );
  const sampleRows = plan.update.map(({ sampler }) =>
    sampler === null ? 0 : writer.add(new Uint32Array(Int32Array.from(sampler.rowOf).buffer)),
  );
  const probeRows = plan.update.map(({ probe, count }) =>
    probe === undefined ? 0 : writer.add(new Uint32Array(count).fill(-1)),
  );
  const rows = writer.add(plan.rows);
  const adding = { plan, writer, rows, recipes: addRecipes(plan, tables, writer) };
  const segments = plan.deliver.map((kernel, k) =>
    (parts.deliver[k] ?? []).map((share) => addSegments(adding, kernel, share)),
  );
  const summed = parts.summed.map((shares) =>
    shares.flatMap(({ slots }) =>
      slots.map((slot) => writer.add(projectionWords(adding, slot, slot.slot.targetFirst, []))),
    ),
  );
  const clocked = parts.clocked.map((shares) =>
    shares.map(({ placed }) => writer.add(projectionWords(adding, placed, 0, []))),
  );
  const builds = parts.sizes.map((_, part) => addPieces(adding, parts, part));
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
    probeRows,
    segments,
    summed,
    clocked,
    builds,
    generators,
    tables: directory,
    timedArrays,
  };
}

/** The neuron of row 0, and those whose spikes select rows of a projection. */
function neuronsOf(
  kernel: DeliverKernel | undefined,
  { slot, firstRow, endRow }: PlacedSlot,
): { readonly zero: number; readonly first: number; readonly end: number } {
  const zero = kernel?.trigger === 'post' ? slot.targetFirst : slot.sourceFirst;
  return { zero, first: zero + firstRow, end: zero + endRow };
}

function addTables(
  plan: Plan,
  writer: WordWriter,
): { directory: number; timedArrays: (WgslTimedArray | null)[]; tables: TableWords } {
  const directory = writer.add(new Uint32Array(2 * plan.tables.length));
  const tables = plan.tables.map((table) => {
    const words = tableWords(table);
    const length = table.kind === 'gaps' ? table.length : words.length;
    return { first: writer.add(words), length };
  });
  writer.patch(
    directory,
    tables.flatMap(({ first, length }) => [first, length]),
  );
  const timedArrays = plan.tables.map((table, index) => {
    if (table.kind !== 'timed') return null;
    const { stepsPerRow, rows, columns } = table;
    return { first: tables[index]?.first ?? 0, stepsPerRow, rows, columns };
  });
  return { directory, timedArrays, tables };
}

function tableWords(table: TableSlot): Uint32Array {
  switch (table.kind) {
    case 'binomial':
      return table.thresholds;
    case 'gaps':
      return gapWords(table);
    case 'quantiles':
      return quantileWords(table);
    case 'timed':
      return new Uint32Array(Float32Array.from(table.values).buffer);
  }
}

/** What entries are made from. */
interface Adding {
  readonly plan: Plan;
  readonly writer: WordWriter;
  /** Word of Plan.rows[0]. */
  readonly rows: number;
  /** First word of the recipe of a slot. */
  readonly recipes: ReadonlyMap<PlacedSlot['slot'], number>;
}

function addRecipes(
  plan: Plan,
  tables: TableWords,
  writer: WordWriter,
): ReadonlyMap<PlacedSlot['slot'], number> {
  const recipes = new Map<PlacedSlot['slot'], number>();
  for (const { projections, synapseVariables } of plan.deliver) {
    for (const slot of projections) {
      if (slot.generate === null) continue;
      const words = recipeWords(slot, slot.generate, synapseVariables, tables, bitsOfFloat);
      recipes.set(slot, writer.add(words));
    }
  }
  return recipes;
}

/** Packings as build.wgsl numbers them. */
const PACKINGS = ['target', 'target+delay', 'wide', 'target16', 'target16+delay8'];

/** The rows of one part that the device makes. */
function addPieces(adding: Adding, parts: SynapseParts, part: number): Pieces {
  const { plan, writer, rows, recipes } = adding;
  const list: number[] = [];
  const offsets: { first: number; end: number }[] = [];
  let before = 0;
  for (const [k, shares] of parts.deliver.entries()) {
    const packing = PACKINGS.indexOf(plan.deliver[k]?.packing ?? '');
    if (packing < 0) continue;
    for (const { slot, firstRow, endRow, ...bases } of shares.find((s) => s.words === part)
      ?.slots ?? []) {
      const recipe = recipes.get(slot);
      if (recipe === undefined) continue;
      const cells = bases.synapseCells;
      const entry = [before, firstRow, rows + slot.rows, packing, bases.synapseBase];
      entry.push(bases.delayBase, recipe, cells.length, ...cells);
      list.push(before, writer.add(entry));
      offsets.push({ first: slot.rows + firstRow, end: slot.rows + endRow });
      before += endRow - firstRow;
    }
  }
  return { first: writer.add(list), count: offsets.length, rows: before, offsets };
}

function addSegments(adding: Adding, kernel: DeliverKernel, { slots }: Share): Segments {
  const { plan, writer } = adding;
  const projections = slots.map((placed) => {
    const guards = kernel.inputs.map((input, k) => inputWords(plan, placed.slot, input, k));
    const { zero, first, end } = neuronsOf(kernel, placed);
    return { first, end, at: writer.add(projectionWords(adding, placed, zero, guards)) };
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

/** `zero`: the neuron of row 0. */
function projectionWords(
  { rows, recipes }: Adding,
  { slot, synapseBase, delayBase, synapseCells, bound }: PlacedSlot,
  zero: number,
  inputs: readonly (readonly number[])[],
): number[] {
  return [
    zero,
    slot.seed >>> 0,
    slot.stream,
    Math.max(0, rows + slot.rows),
    synapseBase,
    slot.delayBase < 0 ? synapseBase : delayBase,
    slot.constants,
    slot.delaySteps,
    recipes.get(slot) ?? 0,
    ...bound,
    ...synapseCells,
    ...slot.preCells,
    ...slot.postCells,
    ...inputs.flat(),
  ];
}

function inputWords(
  plan: Plan,
  projection: PlacedSlot['slot'],
  input: DeliverKernel['inputs'][number],
  index: number,
): number[] {
  const slot = projection.inputs[index];
  if (slot === undefined) throw new Error(`internal: ${projection.name} lacks input ${input.name}`);
  const firstNeuron = input.side === 'pre' ? projection.sourceFirst : projection.targetFirst;
  const factor = bitsOfFloat(2 ** slot.scale);
  if (input.accumulates !== true) {
    return [slot.cell, factor, slot.limit, firstNeuron, inputCode(plan, firstNeuron, slot.cell)];
  }
  const field = plan.fields.find(({ inputs }) => inputs.some(({ base }) => base === slot.cell));
  const code = field?.inputs.findIndex(({ base }) => base === slot.cell) ?? 0;
  const cell = depositsFirst(plan) + slot.cell;
  return [cell, factor, slot.limit, numberInReports(plan, firstNeuron), code];
}

/** Cell of `inputs` where the deposits in fields begin: behind the ring. */
export const depositsFirst = ({ ringSlots, inputCells }: Plan): number => ringSlots * inputCells;

/** Number of the input that holds `cell` in the update kernel of that neuron: the code under which it is reported. */
function inputCode(plan: Plan, neuron: number, cell: number): number {
  const population = plan.populations.find((p) => p.first <= neuron && neuron < p.first + p.count);
  const kernel = plan.update[population?.kernel ?? -1];
  const code =
    kernel?.inputs.findIndex((i) => i.base <= cell && cell < i.base + kernel.count) ?? -1;
  return code < 0 ? FAULT_CODES - 1 : code;
}
