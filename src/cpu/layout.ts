/**
 * Where everything of a plan lies in the linear memory of the CPU engine, in bytes. Differs from the plan in one thing:
 * every variable of every population is padded to whole vectors of four, so that no vector reaches into a neighbour.
 * Plan cells are translated here and nowhere else. Pure; allocates nothing.
 */
import { THRESHOLDS_AT_ONCE } from '../language/wasm/emit-tables.ts';
import { PHILOX_TABLE_WORDS } from '../language/wasm/philox.ts';
import { needsOf } from '../language/wasm/walk.ts';
import type {
  ClockedKernel,
  Plan,
  PopulationSlot,
  ProjectionSlot,
  SampledValues,
  UpdateKernel,
  UpdateMember,
} from '../plan/plan.ts';
import { type FieldLayout, placeCopies, placeFields } from './field-layout.ts';
import { type GenerateLayout, placeGenerated, tableBytes } from './generate-layout.ts';
import type { Segment } from './segments.ts';
import { canSplit } from './splits.ts';
import { canSkipBegin, looksAtMarks, markBytes, VECTOR_BYTES } from './touched.ts';

/** Elements of a vector; populations are padded to multiples of it in both precisions. */
export const LANES = 4;
/** Words at the start of memory through which generated code and host talk. Addresses in bytes. */
export const CONTROL = {
  /** First step of the window in progress; behind its last one when the host empties the sample buffers. */
  step: 0,
  /** Entries in the spike record. */
  recorded: 4,
  windows: 8,
  /** 1: the next window finds `begin` of its first step done. */
  begun: 12,
  end: 64,
} as const;
/** What each thread has for itself, in bytes from its block. */
export const BLOCK = {
  /** Three words: step, global neuron, 0 of the first state variable that is not finite; NONE when all are. */
  fault: 0,
  /** Three words: step, global neuron, input code (see projections.ts) of the first amount that was too large. */
  overflow: 12,
  /** Bytes of both. */
  reports: 24,
} as const;
/** Words through which threads meet, in bytes from Layout.gate; those that change often have cache lines of their own. */
export const GATE = {
  /** Pieces of work dealt out since the last meeting. */
  claims: 0,
  /** Threads that have come to the meeting place. */
  arrived: 64,
  /** Meetings so far. */
  meeting: 128,
  /** Threads that are asleep or about to be. */
  sleepers: 132,
  /** Commands so far, then what the last one is. */
  command: 192,
  kind: 196,
  numbers: 200,
  /** 1: a fault was reported, no window begins. Changes in meetings only. */
  stop: 256,
  /** 1: a thread has failed, which must not happen. */
  broken: 260,
  end: 320,
} as const;
export const NONE = 0xffffffff;

export interface MemberLayout {
  readonly member: UpdateMember;
  readonly slot: PopulationSlot;
  /** Its first neuron, counted in padded neurons of the kernel. */
  readonly paddedFirst: number;
  /** Address of the `philoxTable` of its stream. */
  readonly philox: number;
  /** In the block of a thread: two words, byte offsets in a variable where the thread's part begins and ends. */
  readonly range: number;
}

export interface SamplerLayout {
  /** Of probes, a word: 1 when they have neurons. */
  readonly activeAddress: number | null;
  /** i32 per padded neuron: row of the neuron, or -1. */
  readonly rowsAddress: number;
  /** Word with the number of the sample that is first in the buffer. */
  readonly firstAddress: number;
  readonly dataAddress: number;
  /** Samples that fit the buffer. */
  readonly capacity: number;
  readonly sampleBytes: number;
}

export interface KernelLayout {
  readonly kernel: UpdateKernel;
  readonly members: readonly MemberLayout[];
  readonly stateAddress: number;
  /** Bytes from one variable to the next. */
  readonly stride: number;
  /** Offset in a ring slot of each input. */
  readonly inputOffsets: readonly number[];
  readonly sampler: SamplerLayout | null;
  readonly probe: SamplerLayout | null;
  /** `begin` runs for marked neurons only, see touched.ts. */
  readonly skipsBegin: boolean;
}

/** Everything that is sampled: of recordings, then of probes, by kernel. */
export function samplersOf({ kernels }: Pick<Layout, 'kernels'>): PlacedSampler[] {
  return kernels.flatMap(({ kernel: { sampler, probe }, ...layout }, kernel) => [
    ...(sampler !== null && layout.sampler !== null
      ? [{ kernel, every: sampler.every, isProbe: false, placed: layout.sampler }]
      : []),
    ...(probe !== undefined && layout.probe !== null
      ? [{ kernel, every: probe.every, isProbe: true, placed: layout.probe }]
      : []),
  ]);
}

/** A sampler of an update kernel, by its number. */
export interface PlacedSampler {
  readonly kernel: number;
  readonly every: number;
  readonly isProbe: boolean;
  readonly placed: SamplerLayout;
}

export interface GeneratorLayout {
  readonly steps: number;
  readonly indices: number;
  readonly count: number;
  /** Word with the number of spikes already emitted. */
  readonly cursor: number;
  readonly population: number;
}

/** Clock-driven synapse equations. */
export interface ClockedLayout {
  readonly kernel: ClockedKernel;
  /** Address of the `philoxTable` of its stream. */
  readonly philox: number;
}

export interface DegreeLayout {
  readonly incoming: number;
  readonly outgoing: number;
}

export interface TableLayout {
  readonly address: number;
  readonly bytes: number;
}

export interface Layout {
  readonly cellBytes: 4 | 8;
  readonly bytes: number;
  readonly kernels: readonly KernelLayout[];
  readonly generators: readonly GeneratorLayout[];
  readonly tables: readonly TableLayout[];
  readonly constants: number;
  readonly fields: readonly FieldLayout[];
  readonly clocked: readonly ClockedLayout[];
  /** Deposits in fields, addresses relative to a copy of the ring, sorted by cell. */
  readonly depositSegments: readonly Segment[];
  /** The ring of inputs; `ringCopies` of them, one behind the other. */
  readonly ring: number;
  readonly slotBytes: number;
  /** Bytes of a copy, deposits in fields behind its slots. */
  readonly ringBytes: number;
  /** One for each thread to add to, or one for all. */
  readonly ringCopies: number;
  /**
   * u32 [row][threads + 1] per projection: entries at which the parts of the threads begin, see splits.ts; null where
   * deliveries are not shared out by target.
   */
  readonly splits: ReadonlyMap<ProjectionSlot, number> | null;
  readonly threads: number;
  /**
   * Bytes at the start of memory that say how a run goes on: all that changes, up to the first copy of the ring. The
   * same for any number of threads.
   */
  readonly snapshotBytes: number;
  /** Address of the words named in GATE. */
  readonly gate: number;
  /** Address of the first thread's block; bytes from one to the next. See BLOCK. */
  readonly blocks: number;
  readonly blockBytes: number;
  /** In a block, u32 [spikeSlots][populations]: spikes of the thread's part of each population. With several threads. */
  readonly partCounts: number;
  /** In a block: room for the row of synapses that is being made. */
  readonly scratch: number;
  readonly generate: GenerateLayout;
  /** Marks are looked at before the ring is, see touched.ts. */
  readonly looksFirst: boolean;
  /** What to add to (address in the ring / 16) for the address of its mark, see touched.ts; null without marks. */
  readonly marks: number | null;
  /** u32 [spikeSlots][populations]: spikes of each population. */
  readonly spikeCounts: number;
  /** u32 [spikeSlots][neurons]: at each population's first neuron, the population indices that spiked, ascending. */
  readonly spikeLists: number;
  readonly recordSteps: number;
  readonly recordNeurons: number;
  /** Entries; at least one step's more than are left when the record is emptied. */
  readonly recordCapacity: number;
  readonly recordedNeurons: number;
  readonly rows: number;
  readonly synapses: number;
  readonly synapseState: number;
  /** u32 per target and per source neuron: in- and out-degrees, for projections whose code asks for them. */
  readonly degrees: ReadonlyMap<ProjectionSlot, DegreeLayout>;
  /** Sorted by cell. */
  readonly stateSegments: readonly Segment[];
  readonly inputSegments: readonly Segment[];
}

const CACHE_LINE = 64;

class Allocator {
  bytes: number = CONTROL.end;

  take(bytes: number): number {
    // A cache line, so that vectors of a population never straddle one.
    const address = Math.ceil(this.bytes / CACHE_LINE) * CACHE_LINE;
    this.bytes = address + bytes;
    return address;
  }
}

const SMALLEST_RECORD = 1 << 15;
const SAMPLE_BUFFER_BYTES = 1 << 20;
const LARGEST_SAMPLE_COUNT = 4096;

/** Lays out a plan for so many threads. */
export function layOut(plan: Plan, threads = 1): Layout {
  const cellBytes = plan.precision === 'f64' ? 8 : 4;
  const memory = new Allocator();
  const constants = memory.take(plan.constants.length * cellBytes);
  const tables = plan.tables.map((table) => {
    const bytes =
      table.kind === 'gaps' || table.kind === 'quantiles'
        ? tableBytes(table)
        : table.kind === 'timed'
          ? table.values.length * cellBytes
          : Math.ceil(table.thresholds.length / THRESHOLDS_AT_ONCE) * THRESHOLDS_AT_ONCE * 4;
    return { address: memory.take(bytes), bytes };
  });
  const stateSegments: Segment[] = [];
  const inputSegments: Segment[] = [];
  let slotBytes = 0;
  let memberCount = 0;
  const placedKernels = plan.update.map((kernel): Omit<KernelLayout, 'probe'> => {
    const { members, paddedCount } = padded(plan, kernel, memory, memberCount);
    memberCount += members.length;
    const stride = paddedCount * cellBytes;
    const stateAddress = memory.take(stride * kernel.variables.length);
    const inputOffsets = kernel.inputs.map((_, index) => slotBytes + index * stride);
    slotBytes += stride * kernel.inputs.length;
    for (const { member, paddedFirst } of members) {
      const place = { count: member.count, offset: paddedFirst * cellBytes };
      for (const [index, { type }] of kernel.variables.entries()) {
        stateSegments.push({
          cell: kernel.stateBase + index * kernel.count + member.localFirst,
          count: place.count,
          address: stateAddress + index * stride + place.offset,
          type,
        });
      }
      for (const [index, { base }] of kernel.inputs.entries()) {
        inputSegments.push({
          cell: base + member.localFirst,
          count: place.count,
          address: (inputOffsets[index] ?? 0) + place.offset,
          type: 'f32',
        });
      }
    }
    const sampler = placeSampler(plan, kernel.sampler, memory, paddedCount);
    const skipsBegin = canSkipBegin(plan, kernel);
    return { kernel, members, stateAddress, stride, inputOffsets, sampler, skipsBegin };
  });
  const recordedNeurons = plan.populations
    .filter(({ recordSpikes }) => recordSpikes)
    .reduce((sum, { count }) => sum + count, 0);
  const recordCapacity = recordedNeurons + Math.max(SMALLEST_RECORD, recordedNeurons);
  const generators = plan.generators.map(
    (generator): GeneratorLayout => ({
      steps: memory.take(generator.steps.length * 4),
      indices: memory.take(generator.indices.length * 4),
      count: generator.steps.length,
      cursor: memory.take(4),
      population: generator.population,
    }),
  );
  const spikeCounts = memory.take(plan.spikeSlots * plan.populations.length * 4);
  const spikeLists = memory.take(plan.spikeSlots * plan.neuronCount * 4);
  const synapseState = memory.take(plan.synapseCells * cellBytes);
  const slotsBytes = lines(slotBytes * plan.ringSlots);
  const placed = placeFields(plan, slotsBytes, (bytes) => memory.take(bytes));
  stateSegments.push(...placed.stateSegments);
  const clocked = plan.clocked.map((kernel) => ({
    kernel,
    philox: memory.take(PHILOX_TABLE_WORDS * 4),
  }));
  const ringBytes = slotsBytes + lines(placed.depositBytes);
  // Behind the first ring nothing is needed to go on: see snapshotBytes.
  const byCell = (a: Segment, b: Segment): number => a.cell - b.cell;
  inputSegments.sort(byCell);
  const isSplit = canSplit(plan, threads, placedKernels, inputSegments);
  const ringCopies = isSplit ? 1 : threads;
  const ring = memory.take(ringBytes * ringCopies);
  const kernels = placedKernels.map((placed): KernelLayout => {
    const { kernel, stride } = placed;
    const probe = placeSampler(plan, kernel.probe ?? null, memory, stride / cellBytes, true);
    return { ...placed, probe };
  });
  const looksFirst = looksAtMarks(plan, slotsBytes);
  const hasMarks = looksFirst || kernels.some(({ skipsBegin }) => skipsBegin);
  const marks = hasMarks ? memory.take(markBytes(ringBytes * ringCopies)) : null;
  const fields = placeCopies(plan, placed.fields, threads, (bytes) => memory.take(bytes));
  const partCounts = lines(BLOCK.reports + memberCount * RANGE_BYTES);
  const partBytes = threads === 1 ? 0 : plan.spikeSlots * plan.populations.length * 4;
  const scratch = lines(partCounts + partBytes);
  const generate = placeGenerated(plan, (bytes) => memory.take(bytes));
  const blockBytes = lines(scratch + generate.scratchBytes);
  return {
    cellBytes,
    kernels,
    generators,
    tables,
    constants,
    fields,
    clocked,
    depositSegments: placed.depositSegments,
    ring,
    slotBytes,
    ringBytes,
    ringCopies,
    splits: isSplit ? placeSplits(plan, threads, memory) : null,
    threads,
    snapshotBytes: ring + ringBytes,
    looksFirst,
    marks: marks === null ? null : marks - ring / VECTOR_BYTES,
    gate: memory.take(GATE.end),
    blocks: memory.take(blockBytes * threads),
    blockBytes,
    partCounts,
    scratch,
    generate,
    spikeCounts,
    spikeLists,
    synapseState,
    recordSteps: memory.take(recordCapacity * 4),
    recordNeurons: memory.take(recordCapacity * 4),
    recordCapacity,
    recordedNeurons,
    rows: memory.take(plan.rows.length * 4),
    degrees: placeDegrees(plan, memory),
    // One vector more, because rows may be read four words at a time.
    synapses: memory.take(plan.synapseWords * 4 + 16),
    stateSegments: stateSegments.sort(byCell),
    inputSegments,
    bytes: memory.bytes,
  };
}

/** Bytes of a member's range in a block. */
const RANGE_BYTES = 8;

/** Rounded up to whole cache lines. */
function lines(bytes: number): number {
  return Math.ceil(bytes / CACHE_LINE) * CACHE_LINE;
}

function padded(
  plan: Plan,
  kernel: UpdateKernel,
  memory: Allocator,
  before: number,
): { members: readonly MemberLayout[]; paddedCount: number } {
  let paddedCount = 0;
  const members = kernel.members.map((member, index): MemberLayout => {
    const slot = plan.populations[member.population];
    if (!slot) throw new Error(`internal: kernel ${kernel.name} has no population`);
    const paddedFirst = paddedCount;
    paddedCount += Math.ceil(member.count / LANES) * LANES;
    const philox = memory.take(PHILOX_TABLE_WORDS * 4);
    const range = BLOCK.reports + (before + index) * RANGE_BYTES;
    return { member, slot, paddedFirst, philox, range };
  });
  return { members, paddedCount };
}

function placeSplits(
  plan: Plan,
  threads: number,
  memory: Allocator,
): ReadonlyMap<ProjectionSlot, number> {
  const splits = new Map<ProjectionSlot, number>();
  for (const projection of plan.deliver.flatMap(({ projections }) => projections)) {
    splits.set(projection, memory.take(projection.sourceCount * (threads + 1) * 4));
  }
  return splits;
}

function placeSampler(
  plan: Plan,
  sampled: SampledValues | null,
  memory: Allocator,
  paddedCount: number,
  isProbe = false,
): SamplerLayout | null {
  if (sampled === null) return null;
  const { rows, values, every } = sampled;
  const sampleBytes = rows * values.length * (plan.precision === 'f64' ? 8 : 4);
  // Room for one window and a sample at least, and for so many samples that draining costs nothing.
  const perWindow = Math.ceil(plan.windowSteps / every) + 1;
  const fitting = Math.floor(SAMPLE_BUFFER_BYTES / Math.max(sampleBytes, 1));
  const capacity = Math.max(perWindow, Math.min(fitting, LARGEST_SAMPLE_COUNT));
  return {
    activeAddress: isProbe ? memory.take(4) : null,
    rowsAddress: memory.take(paddedCount * 4),
    firstAddress: memory.take(4),
    dataAddress: memory.take(capacity * sampleBytes),
    capacity,
    sampleBytes,
  };
}

function placeDegrees(plan: Plan, memory: Allocator): ReadonlyMap<ProjectionSlot, DegreeLayout> {
  const degrees = new Map<ProjectionSlot, DegreeLayout>();
  const place = (projection: ProjectionSlot): void => {
    degrees.set(projection, {
      incoming: memory.take(projection.targetCount * 4),
      outgoing: memory.take(projection.sourceCount * 4),
    });
  };
  const asks = ({ specials }: ReturnType<typeof needsOf>): boolean =>
    specials.has('degree_in') || specials.has('degree_out');
  for (const { body, projections } of plan.deliver) {
    if (asks(needsOf(body))) projections.forEach(place);
  }
  for (const { body, value, projection } of plan.summed) {
    if (asks(needsOf(body, [value]))) place(projection);
  }
  return degrees;
}
