/**
 * The linear memory of the CPU engine: allocates it, fills it from a plan, reads and writes plan cells. Converts
 * between the numbers of the plan and the cells of the precision; knows nothing of time.
 */
import type { EngineBuffer } from '../engine.ts';
import { DeviceError } from '../errors.ts';
import type { MemoryLimits } from '../language/wasm/encoder.ts';
import { philoxTable } from '../language/wasm/philox.ts';
import type { Plan } from '../plan/plan.ts';
import { CPU_BYTES, waysToShrink } from '../plan/shrink.ts';
import { writeDescription, writeTable } from './generate-layout.ts';
import { BLOCK, GATE, LANES, type Layout, NONE, samplersOf } from './layout.ts';
import { countDegrees } from './projections.ts';
import { findSegment, type Segment } from './segments.ts';
import { partBegin } from './splits.ts';
import { markBytes, VECTOR_BYTES } from './touched.ts';

const PAGE_BYTES = 65536;
/** A WebAssembly memory of 32-bit addresses. */
const LARGEST_BYTES = CPU_BYTES;

/** A run of cells with one type, in memory. */
type Run = Segment;

export class Memory {
  readonly memory: WebAssembly.Memory;
  readonly limits: MemoryLimits;
  readonly words: Uint32Array;
  readonly #layout: Layout;
  readonly #floats: Float32Array | Float64Array;
  readonly #integers: Int32Array;
  readonly #runs: Readonly<Record<EngineBuffer, readonly Run[]>>;

  /** Allocates and fills. Throws DeviceError "memory" when there is not enough. */
  constructor(plan: Plan, layout: Layout) {
    this.#layout = layout;
    this.limits = {
      pages: Math.ceil(layout.bytes / PAGE_BYTES),
      isShared: layout.threads > 1,
    };
    this.memory = allocate(plan, layout.bytes, this.limits);
    const { buffer } = this.memory;
    this.words = new Uint32Array(buffer);
    this.#integers = new Int32Array(buffer);
    this.#floats = layout.cellBytes === 8 ? new Float64Array(buffer) : new Float32Array(buffer);
    this.#runs = {
      state: layout.stateSegments,
      constants: [
        { cell: 0, count: plan.constants.length, address: layout.constants, type: 'f32' },
      ],
      synapseState: synapseRuns(plan, layout),
    };
    this.#fill(plan);
  }

  get bytes(): number {
    return this.memory.buffer.byteLength;
  }

  #fill(plan: Plan): void {
    const layout = this.#layout;
    this.clearReports();
    this.#fillRanges();
    this.write('constants', 0, plan.constants);
    this.write('state', 0, plan.state);
    this.write('synapseState', 0, plan.synapseState);
    this.words.set(plan.rows, layout.rows / 4);
    this.words.set(plan.synapses, layout.synapses / 4);
    for (const [index, table] of plan.tables.entries()) {
      const { address, bytes } = layout.tables[index] ?? { address: 0, bytes: 0 };
      if (table.kind === 'binomial') {
        this.words.fill(0xffffffff, address / 4, (address + bytes) / 4);
        this.words.set(table.thresholds, address / 4);
      } else if (table.kind === 'gaps' || table.kind === 'quantiles') {
        writeTable(table, this.memory.buffer, address);
      } else {
        this.#floats.set(table.values, address / layout.cellBytes);
      }
    }
    for (const [index, generator] of plan.generators.entries()) {
      const placed = layout.generators[index];
      if (!placed) continue;
      this.words.set(generator.steps, placed.steps / 4);
      this.words.set(generator.indices, placed.indices / 4);
    }
    for (const { member, philox } of layout.kernels.flatMap(({ members }) => members)) {
      this.words.set(philoxTable(member.seed, member.stream), philox / 4);
    }
    for (const { kernel, philox } of layout.fields) {
      this.words.set(philoxTable(kernel.seed, kernel.stream), philox / 4);
    }
    for (const { kernel, philox } of layout.clocked) {
      const { seed, stream } = kernel.projection;
      this.words.set(philoxTable(seed, stream), philox / 4);
    }
    for (const [projection, address] of layout.generate.descriptions) {
      writeDescription(plan, projection, this.words, address, layout);
    }
    this.#fillSamplerRows();
    this.#fillDegrees(plan);
  }

  /** Every thread has a range of vectors of each kernel, and of each member what lies in that range. */
  #fillRanges(): void {
    const { kernels, threads, blocks, blockBytes, cellBytes } = this.#layout;
    for (let thread = 0; thread < threads; thread++) {
      for (const { members, stride } of kernels) {
        const bound = (part: number): number => partBegin(stride, part, threads);
        for (const { member, paddedFirst, range } of members) {
          const origin = paddedFirst * cellBytes;
          const last = origin + Math.ceil(member.count / LANES) * LANES * cellBytes;
          const words = [
            Math.max(origin, bound(thread)),
            // No number of a neuron is below its population's first one, not even where the part is empty.
            Math.max(origin, Math.min(last, bound(thread + 1))),
          ];
          this.words.set(words, (blocks + thread * blockBytes + range) / 4);
        }
      }
    }
  }

  #fillSamplerRows(): void {
    for (const { kernel, members, sampler, probe, stride } of this.#layout.kernels) {
      const count = stride / this.#layout.cellBytes;
      for (const placed of [sampler, probe]) {
        if (placed === null) continue;
        const first = placed.rowsAddress / 4;
        this.#integers.fill(-1, first, first + count);
      }
      if (kernel.sampler === null || sampler === null) continue;
      const first = sampler.rowsAddress / 4;
      for (const { member, paddedFirst } of members) {
        const { localFirst, count } = member;
        const rows = kernel.sampler.rowOf.subarray(localFirst, localFirst + count);
        this.#integers.set(rows, first + paddedFirst);
      }
    }
  }

  /** Gives the rows of a kernel's probe to these of its neurons, by local number; -1 leaves a row empty. */
  choose(kernel: number, locals: Int32Array): void {
    const found = this.#layout.kernels[kernel];
    if (found?.probe?.activeAddress == null) throw new Error('internal: no probe to choose for');
    const { members, probe, stride } = found;
    const first = probe.rowsAddress / 4;
    this.#integers.fill(-1, first, first + stride / this.#layout.cellBytes);
    for (const [row, local] of locals.entries()) {
      const owner = members.find(
        ({ member }) => local >= member.localFirst && local < member.localFirst + member.count,
      );
      if (!owner) continue;
      this.#integers[first + owner.paddedFirst + local - owner.member.localFirst] = row;
    }
    this.words[found.probe.activeAddress / 4] = locals.some((local) => local >= 0) ? 1 : 0;
  }

  /** The samples of this step and later come next. */
  beginSamples(step: number): void {
    for (const { every, placed } of samplersOf(this.#layout)) {
      this.words[placed.firstAddress / 4] = Math.ceil(step / every);
    }
  }

  #fillDegrees(plan: Plan): void {
    const fill = (
      projection: Plan['deliver'][number]['projections'][number],
      entries: Parameters<typeof countDegrees>[2],
    ): void => {
      const placed = this.#layout.degrees.get(projection);
      if (!placed) return;
      const { incoming, outgoing } = countDegrees(plan, projection, entries);
      this.words.set(incoming, placed.incoming / 4);
      this.words.set(outgoing, placed.outgoing / 4);
    };
    for (const { projections, trigger, packing } of plan.deliver) {
      for (const projection of projections) {
        fill(projection, trigger === 'post' ? 'column' : packing);
      }
    }
    for (const { projection } of plan.summed) fill(projection, 'column');
  }

  /** Cells of a buffer, as numbers. Cells that belong to nothing are 0. */
  read(buffer: EngineBuffer, first: number, count: number): Float64Array {
    const values = new Float64Array(count);
    this.#eachRun(buffer, first, count, (run, begin, end) => {
      const cells = this.#cellsOf(run);
      const place = run.address / cells.BYTES_PER_ELEMENT - run.cell;
      values.set(cells.subarray(place + begin, place + end), begin - first);
    });
    return values;
  }

  /** Writes numbers to cells, rounded to the precision of the cells. */
  write(buffer: EngineBuffer, first: number, values: ArrayLike<number>): void {
    this.#eachRun(buffer, first, values.length, (run, begin, end) => {
      const cells = this.#cellsOf(run);
      const place = run.address / cells.BYTES_PER_ELEMENT - run.cell;
      for (let cell = begin; cell < end; cell++) cells[place + cell] = values[cell - first] ?? 0;
      if (buffer === 'state') this.#pad(run);
    });
    if (buffer === 'state') this.#markAll();
  }

  /** After writes from outside, `begin` looks at every neuron. */
  #markAll(): void {
    const { marks, ring, ringBytes } = this.#layout;
    if (marks === null) return;
    const bytes = markBytes(ringBytes);
    new Uint8Array(this.memory.buffer, marks + ring / VECTOR_BYTES, bytes).fill(0xff);
  }

  /** The first of the reports that threads have made: step, neuron, code. null when there is none. */
  report(kind: 'fault' | 'overflow'): readonly [number, number, number] | null {
    const { threads, blocks, blockBytes } = this.#layout;
    const reports = Array.from({ length: threads }, (_, thread) => {
      const first = (blocks + thread * blockBytes + BLOCK[kind]) / 4;
      const [step = NONE, neuron = NONE, code = NONE] = this.words.subarray(first, first + 3);
      return [step, neuron, code] as const;
    });
    reports.sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]);
    const [first] = reports;
    return first && first[0] !== NONE ? first : null;
  }

  /** Forgets faults, so that windows may run again. */
  clearReports(): void {
    const { threads, blocks, blockBytes, gate } = this.#layout;
    for (let thread = 0; thread < threads; thread++) {
      const first = (blocks + thread * blockBytes) / 4;
      this.words.fill(NONE, first, first + BLOCK.reports / 4);
    }
    this.words[(gate + GATE.stop) / 4] = 0;
  }

  /** What the run goes on from, a copy; the same for any number of threads. */
  save(): ArrayBuffer {
    this.sumCopies();
    const copy = new Uint8Array(this.#layout.snapshotBytes);
    copy.set(new Uint8Array(this.memory.buffer, 0, copy.length));
    return copy.buffer;
  }

  /** Goes back to what was saved. Throws RangeError when it is not of this network. */
  load(saved: ArrayBuffer | undefined): void {
    const { snapshotBytes } = this.#layout;
    if (saved?.byteLength !== snapshotBytes) {
      throw new RangeError(
        `This snapshot is of another network or engine: it has ${saved?.byteLength ?? 0} bytes, not ${snapshotBytes}.`,
      );
    }
    this.sumCopies();
    this.words.set(new Uint32Array(saved));
    this.#markAll();
    this.clearReports();
  }

  /** Brings what all threads have delivered into the first copy of the ring. */
  sumCopies(): void {
    const { ring, ringBytes, ringCopies } = this.#layout;
    const cells = this.#integers.subarray(ring / 4, (ring + ringBytes) / 4);
    for (let number = 1; number < ringCopies; number++) {
      const first = (ring + number * ringBytes) / 4;
      const copy = this.#integers.subarray(first, first + cells.length);
      for (let cell = 0; cell < copy.length; cell++) {
        cells[cell] = ((cells[cell] ?? 0) + (copy[cell] ?? 0)) | 0;
      }
      copy.fill(0);
    }
    if (ringCopies > 1) this.#markAll();
  }

  /** Empties all copies of the ring, deposits included. */
  clearInputs(): void {
    const { ring, ringBytes, ringCopies } = this.#layout;
    this.words.fill(0, ring / 4, (ring + ringBytes * ringCopies) / 4);
  }

  /** To be called when state and inputs have been written through `cells`. */
  changed(): void {
    this.pad();
    this.#markAll();
    this.clearReports();
  }

  /** All of memory as cells: bit patterns in f32 mode, numbers in f64 mode. */
  get cells(): Uint32Array | Float64Array {
    return this.#floats instanceof Float64Array ? this.#floats : this.words;
  }

  /** Where the cells of a buffer lie. */
  runsOf(buffer: EngineBuffer): readonly Segment[] {
    return this.#runs[buffer];
  }

  /** Gives the neurons that only fill a vector the values of the last real one, so that they behave like it. */
  pad(): void {
    for (const run of this.#runs.state) this.#pad(run);
  }

  #pad(run: Run): void {
    if (run.count === 0) return;
    const cells = this.#cellsOf(run);
    const first = run.address / cells.BYTES_PER_ELEMENT;
    const last = cells[first + run.count - 1] ?? 0;
    cells.fill(last, first + run.count, first + Math.ceil(run.count / LANES) * LANES);
  }

  /** In f64 mode integers are stored as floats. */
  #cellsOf(run: Run): Float32Array | Float64Array | Int32Array {
    return run.type === 'i32' && this.#layout.cellBytes === 4 ? this.#integers : this.#floats;
  }

  #eachRun(
    buffer: EngineBuffer,
    first: number,
    count: number,
    visit: (run: Run, begin: number, end: number) => void,
  ): void {
    const runs = this.#runs[buffer];
    let cell = first;
    while (cell < first + count) {
      const run = runs[findSegment(runs, cell)];
      const end = run ? Math.min(run.cell + run.count, first + count) : cell + 1;
      if (run) visit(run, cell, end);
      cell = end;
    }
  }

  /** Cells of the engine's float at a byte address, a copy. */
  floats(address: number, count: number): Float32Array | Float64Array {
    const first = address / this.#layout.cellBytes;
    return this.#floats.slice(first, first + count);
  }
}

function allocate(plan: Plan, bytes: number, limits: MemoryLimits): WebAssembly.Memory {
  const size = `${Math.ceil(bytes / 2 ** 20)} MiB`;
  const network = `The network (${plan.neuronCount} neurons, ${plan.synapseCount} synapses)`;
  if (bytes > LARGEST_BYTES) {
    throw new DeviceError(
      `${network} needs ${size}; the CPU engine can address 4096 MiB. ${waysToShrink(plan, 'cpu')}`,
      { reason: 'memory', limit: 'address space', needed: bytes, available: LARGEST_BYTES },
    );
  }
  try {
    const { pages: initial, isShared: shared } = limits;
    return new WebAssembly.Memory({ initial, ...(shared && { maximum: initial, shared }) });
  } catch (error) {
    throw new DeviceError(
      `${network} needs ${size}, which could not be allocated: ${String(error)}. ` +
        `Close other programs. ${waysToShrink(plan, 'cpu')}`,
      { reason: 'memory', limit: 'free memory', needed: bytes },
    );
  }
}

/** Synapse variables: runs of floats and, in between, runs of integers. */
function synapseRuns(plan: Plan, { synapseState, cellBytes }: Layout): readonly Run[] {
  const integers = new Map<number, number>();
  // Rows and columns alike end with the number of synapses.
  const synapsesIn = ({ rows }: Plan['summed'][number]['projection'], rowCount: number): number =>
    plan.rows[rows + rowCount] ?? 0;
  const collect = (
    variables: readonly { readonly type: 'f32' | 'i32' }[],
    { synapseCells }: Plan['summed'][number]['projection'],
    count: number,
  ): void => {
    for (const [index, { type }] of variables.entries()) {
      const cell = synapseCells[index] ?? -1;
      if (type === 'i32' && count > 0 && cell >= 0) integers.set(cell, count);
    }
  };
  for (const { synapseVariables, projections, trigger, packing } of plan.deliver) {
    if (packing === 'generated') continue;
    for (const projection of projections) {
      const { sourceCount, targetCount } = projection;
      const rowCount = trigger === 'pre' ? sourceCount : targetCount;
      collect(synapseVariables, projection, synapsesIn(projection, rowCount));
    }
  }
  for (const { synapseVariables, projection } of plan.summed) {
    collect(synapseVariables, projection, synapsesIn(projection, projection.targetCount));
  }
  for (const { synapseVariables, projection, count } of plan.clocked) {
    collect(synapseVariables, projection, count);
  }
  const runs: Run[] = [];
  let cell = 0;
  const push = (end: number, type: 'f32' | 'i32'): void => {
    if (end > cell) {
      runs.push({ cell, count: end - cell, address: synapseState + cell * cellBytes, type });
    }
    cell = Math.max(cell, end);
  };
  for (const [first, count] of [...integers].sort((a, b) => a[0] - b[0])) {
    push(first, 'f32');
    push(first + count, 'i32');
  }
  push(plan.synapseCells, 'f32');
  return runs;
}
