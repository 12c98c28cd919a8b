/**
 * Steps as submits: encodes batches of windows, keeps two under way, takes reports, spikes and samples out of them, and
 * lets pace.ts choose how many windows the next one has. Owns no memory; allocates nothing per window.
 */
import type { RecordingSink } from '../engine.ts';
import type { NetworkError } from '../errors.ts';
import type { Plan } from '../plan/plan.ts';
import { MAP_READ, pollsWhileMapping } from './device.ts';
import type { Dispatch, RunDispatches } from './dispatches.ts';
import { BATCH_WORDS, MODE, type RunMemory, UNIFORM_STRIDE, windowOffset } from './memory.ts';
import { Pace } from './pace.ts';
import { deliverSamples, type RingOf, ringsOf, samplesBetween, sortedSpikes } from './recording.ts';
import {
  errorIn,
  RECORD_WORDS,
  REPORT_CURSOR,
  REPORT_HALT,
  REPORT_NONE,
  REPORT_RECORDS,
} from './report.ts';
import { MOST_WINDOWS, type RunShape } from './shape.ts';
import { BatchWindows } from './windows.ts';

/** Submits under way at the same time. */
const MOST_IN_FLIGHT = 2;
/** Part of the time that a batch is expected to take for which the host sleeps where waiting is polling. */
const SLEEP = 0.8;
const LONGEST_SLEEP_MS = 40;

interface Batch {
  readonly firstStep: number;
  readonly endStep: number;
  readonly windows: number;
  readonly region: number;
  readonly staging: GPUBuffer;
  readonly submittedAt: number;
  /** Windows of the batch that was under way when this one was submitted. */
  readonly before: number;
  /** Recorded entries that were copied along. */
  readonly entries: number;
}

type StepsOf = 'firstStep' | 'endStep';

export interface RunCounts {
  steps: number;
  windows: number;
  dispatches: number;
  submits: number;
  hostMs: number;
}

export class BatchRunner {
  readonly counts: RunCounts = { steps: 0, windows: 0, dispatches: 0, submits: 0, hostMs: 0 };
  /** Steps done and delivered. */
  step = 0;
  /** Whether `begin` of the next step has been done for the host. */
  isBegun = false;

  readonly #device: GPUDevice;
  readonly #plan: Plan;
  readonly #sink: RecordingSink;
  readonly #shape: RunShape;
  readonly #memory: RunMemory;
  readonly #dispatches: RunDispatches;
  readonly #batchWords = new Uint32Array(BATCH_WORDS);
  readonly #offset = new Uint32Array(1);
  readonly #zero = new Uint32Array(1);
  readonly #windows: BatchWindows;
  /** Entries of windows that are cut, to be written; null where none are. */
  readonly #windowWords: Uint32Array<ArrayBuffer> | null;
  /** Kernels whose probe has neurons. */
  readonly #probed = new Set<number>();
  /** What is sampled now. */
  #rings: readonly RingOf[];
  #region = 0;
  #staging = 0;
  #lastDone = 0;
  #expectedEntries = 1024;
  readonly #pace = new Pace(MOST_WINDOWS);
  readonly #polls = pollsWhileMapping();
  #isStopped = false;

  constructor(
    device: GPUDevice,
    plan: Plan,
    sink: RecordingSink,
    shape: RunShape,
    memory: RunMemory,
    dispatches: RunDispatches,
  ) {
    this.#device = device;
    this.#plan = plan;
    this.#sink = sink;
    this.#shape = shape;
    this.#memory = memory;
    this.#dispatches = dispatches;
    this.#windows = new BatchWindows(plan, shape);
    const words = (MOST_WINDOWS * UNIFORM_STRIDE) / 4;
    this.#windowWords = this.#windows.areCut ? new Uint32Array(words) : null;
    this.#rings = ringsOf(plan, shape, false);
  }

  /** Says whether the probe of a kernel has neurons from the next step on; their rows are the caller's to write. */
  setProbed(kernel: number, isProbed: boolean): void {
    if (isProbed) this.#probed.add(kernel);
    else this.#probed.delete(kernel);
    this.#rings = ringsOf(this.#plan, this.#shape, this.#probed.size > 0).filter(
      (one) => !one.isProbe || this.#probed.has(one.kernel),
    );
  }

  /** Cells of a region that are read. */
  get #sampledCells(): number {
    const { recordedRegion, sampleRegion } = this.#shape;
    return this.#probed.size > 0 ? sampleRegion : recordedRegion;
  }

  get dispatchesPerWindow(): number {
    return this.#dispatches.window.filter(({ every }) => every === 1).length;
  }

  /** Runs up to `steps` steps; fewer when `signal` says stop. Everything recorded has reached the sink. */
  async run(steps: number, signal: AbortSignal | undefined): Promise<void> {
    const end = this.step + steps;
    const inFlight: Batch[] = [];
    let next = this.step;
    let failure: unknown = null;
    while (inFlight.length > 0 || (next < end && failure === null && signal?.aborted !== true)) {
      const mayStart = next < end && failure === null && signal?.aborted !== true;
      if (mayStart && inFlight.length < MOST_IN_FLIGHT) {
        const batch = this.#submit(next, end, inFlight[0]?.windows ?? 0);
        inFlight.push(batch);
        next = batch.endStep;
        continue;
      }
      const batch = inFlight.shift();
      if (batch === undefined) break;
      try {
        await this.#map(batch);
        const halted = failure === null ? await this.#take(batch) : false;
        // Whoever took the spikes may have destroyed the engine.
        this.#throwIfStopped();
        if (halted) {
          // What was submitted after it found the run halted and did nothing.
          for (const idle of inFlight.splice(0)) await this.#discard(idle);
          this.#write('report', REPORT_HALT, REPORT_NONE);
          next = this.step;
        }
      } catch (error) {
        failure ??= error;
      } finally {
        if (batch.staging.mapState === 'mapped') batch.staging.unmap();
      }
    }
    if (failure !== null) throw failure;
  }

  /** For when the buffers are about to be destroyed: a run under way rejects and touches nothing any more. */
  stop(): void {
    this.#isStopped = true;
  }

  /** The engine, which stopped the run, knows the reason and replaces this error. */
  #throwIfStopped(): void {
    if (this.#isStopped) throw new Error('internal: the run was stopped');
  }

  /** Runs `begin` of the next step for every kernel, so that state is as after the resets of the last one. */
  finish(): void {
    if (this.isBegun) return;
    this.#writeBatch(this.step, 1, 0);
    const encoder = this.#device.createCommandEncoder({ label: 'finish' });
    const pass = encoder.beginComputePass({ label: 'finish' });
    this.#encode(pass, this.#dispatches.finish, 0, this.step);
    pass.end();
    this.#device.queue.submit([encoder.finish()]);
    this.isBegun = true;
  }

  #submit(firstStep: number, end: number, before: number): Batch {
    const started = performance.now();
    const endStep = this.#windows.layOut(firstStep, end, this.#pace.windows);
    const windows = this.#windows.count;
    const region = this.#region;
    const staging = this.#memory.staging[this.#staging] as GPUBuffer;
    this.#region = 1 - region;
    this.#staging = (this.#staging + 1) % this.#memory.staging.length;
    this.#writeBatch(firstStep, endStep - firstStep, region);
    this.#writeWindows();
    this.#device.queue.writeBuffer(
      this.#buffer('report'),
      4 * (REPORT_CURSOR + region),
      this.#zero,
    );

    const encoder = this.#device.createCommandEncoder({ label: 'batch' });
    const pass = encoder.beginComputePass({ label: 'batch' });
    const { window } = this.#dispatches;
    let dispatches = 0;
    for (let index = 0; index < windows; index++) {
      const next = firstStep + (this.#windows.offsets[index + 1] as number);
      dispatches += this.#encode(pass, window, index, index + 1 < windows ? next : endStep);
    }
    pass.end();
    const entries = this.#encodeCopies(encoder, { staging, region, firstStep, endStep });
    this.#device.queue.submit([encoder.finish()]);
    this.isBegun = false;
    this.counts.windows += windows;
    this.counts.dispatches += dispatches;
    this.counts.submits++;
    this.counts.hostMs += performance.now() - started;
    return { firstStep, endStep, windows, region, staging, submittedAt: started, before, entries };
  }

  /** Encodes a window that ends before step `end`; returns how many dispatches that took. */
  #encode(
    pass: GPUComputePassEncoder,
    dispatches: readonly Dispatch[],
    window: number,
    end: number,
  ): number {
    const offset = this.#offset;
    let count = 0;
    for (const { pipeline, bindGroup, x, y, mode, every } of dispatches) {
      if (end % every !== 0) continue;
      count++;
      offset[0] = windowOffset(mode, window);
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, bindGroup, offset, 0, 1);
      pass.dispatchWorkgroups(x, y);
    }
    return count;
  }

  /** Report, the recorded spikes that are to be expected, and samples. */
  #encodeCopies(
    encoder: GPUCommandEncoder,
    { staging, region, firstStep, endStep }: Pick<Batch, 'staging' | 'region' | StepsOf>,
  ): number {
    const { recordCapacity, stagingEntries } = this.#shape;
    const entries = Math.min(stagingEntries, this.#expectedEntries);
    const header = 4 * REPORT_RECORDS;
    const report = this.#buffer('report');
    encoder.copyBufferToBuffer(report, 0, staging, 0, header);
    if (entries > 0) {
      const from = header + 4 * RECORD_WORDS * region * recordCapacity;
      encoder.copyBufferToBuffer(report, from, staging, header, 4 * RECORD_WORDS * entries);
    }
    const to = header + 4 * RECORD_WORDS * stagingEntries;
    for (const { every, ring } of this.#rings) {
      const { count } = samplesBetween(firstStep, endStep, every);
      if (count === 0) continue;
      const from = 4 * (region * this.#shape.sampleRegion + ring.base);
      const bytes = 4 * count * ring.sampleCells;
      encoder.copyBufferToBuffer(this.#buffer('samples'), from, staging, to + 4 * ring.base, bytes);
    }
    return entries;
  }

  /** Takes in a finished batch. Returns whether it halted early because its region of the record was nearly full. */
  async #take(batch: Batch): Promise<boolean> {
    const words = new Uint32Array(batch.staging.getMappedRange(0, this.#mappedBytes));
    const report = words.slice(0, REPORT_RECORDS);
    const halt = report[REPORT_HALT] ?? REPORT_NONE;
    const endStep = Math.min(batch.endStep, Math.max(halt, batch.firstStep));
    const count = report[REPORT_CURSOR + batch.region] ?? 0;
    const copied = Math.min(count, batch.entries);
    let entries = words.subarray(REPORT_RECORDS, REPORT_RECORDS + RECORD_WORDS * copied);
    const { stagingEntries } = this.#shape;
    if (this.#rings.length > 0) {
      const first = REPORT_RECORDS + RECORD_WORDS * stagingEntries;
      const cells = new Float32Array(words.buffer, 4 * first, this.#sampledCells);
      deliverSamples(this.#rings, this.#sink, cells, batch.firstStep, endStep);
    }
    if (count > copied) {
      entries = entries.slice();
      batch.staging.unmap();
      entries = await this.#fetchRest(batch, entries, count);
    }
    if (count > 0) {
      const { steps, neurons } = sortedSpikes(entries, batch.firstStep, endStep);
      this.#sink.spikes(steps, neurons);
    }
    this.counts.steps += endStep - this.step;
    this.step = endStep;
    this.#adapt(batch, count);
    const error: NetworkError | null = errorIn(report, this.#plan);
    if (error !== null) throw error;
    return endStep < batch.endStep;
  }

  /** The entries that the first copy left behind, through the batch's own staging buffer. */
  async #fetchRest(
    batch: Batch,
    have: Uint32Array,
    count: number,
  ): Promise<Uint32Array<ArrayBuffer>> {
    const entries = new Uint32Array(RECORD_WORDS * count);
    entries.set(have);
    const { stagingEntries, recordCapacity } = this.#shape;
    let at = have.length / RECORD_WORDS;
    while (at < count) {
      this.#throwIfStopped();
      const part = Math.min(stagingEntries, count - at);
      const from = 4 * (REPORT_RECORDS + RECORD_WORDS * (batch.region * recordCapacity + at));
      const bytes = 4 * RECORD_WORDS * part;
      const encoder = this.#device.createCommandEncoder({ label: 'rest of the record' });
      encoder.copyBufferToBuffer(this.#buffer('report'), from, batch.staging, 0, bytes);
      this.#device.queue.submit([encoder.finish()]);
      await batch.staging.mapAsync(MAP_READ, 0, bytes);
      entries.set(new Uint32Array(batch.staging.getMappedRange(0, bytes)), RECORD_WORDS * at);
      batch.staging.unmap();
      at += part;
    }
    return entries;
  }

  /** Resolves when the batch is done and its staging buffer can be read. */
  async #map(batch: Batch): Promise<void> {
    if (this.#polls) {
      const begins = Math.max(batch.submittedAt, this.#lastDone);
      const ends = begins + SLEEP * batch.windows * this.#pace.msPerWindow;
      const sleep = Math.min(LONGEST_SLEEP_MS, Math.floor(ends - performance.now()));
      if (sleep >= 1) await new Promise((resolve) => setTimeout(resolve, sleep));
    }
    this.#throwIfStopped();
    await batch.staging.mapAsync(MAP_READ, 0, this.#mappedBytes);
  }

  /** Bytes of a staging buffer that the host reads. */
  get #mappedBytes(): number {
    const words = REPORT_RECORDS + RECORD_WORDS * this.#shape.stagingEntries + this.#sampledCells;
    return 8 * Math.ceil(words / 2);
  }

  async #discard(batch: Batch): Promise<void> {
    await this.#map(batch);
    batch.staging.unmap();
  }

  /** Learns from a batch how long the next one may be and how many entries to expect. */
  #adapt(batch: Batch, entries: number): void {
    const now = performance.now();
    this.#lastDone = now;
    this.#pace.learn(batch.windows, batch.before, now - batch.submittedAt);
    const expected = Math.ceil((1.5 * entries * this.#pace.windows) / batch.windows) + 256;
    this.#expectedEntries = Math.min(expected, this.#shape.recordCapacity);
  }

  #writeBatch(firstStep: number, steps: number, region: number): void {
    const words = this.#batchWords;
    words[0] = firstStep;
    words[1] = steps;
    words[2] = this.isBegun ? 1 : 0;
    words[3] = region;
    words[4] = 0;
    words[5] = this.#probed.size > 0 ? 1 : 0;
    this.#device.queue.writeBuffer(this.#buffer('batch'), 0, words);
  }

  /** Tells the device of windows that are not as it has them from the start. */
  #writeWindows(): void {
    const words = this.#windowWords;
    if (words === null) return;
    const { count, offsets, lengths } = this.#windows;
    const stride = UNIFORM_STRIDE / 4;
    for (let index = 0; index < count; index++) {
      words[index * stride] = offsets[index] as number;
      words[index * stride + 1] = MODE.steps;
      words[index * stride + 2] = lengths[index] as number;
    }
    const to = windowOffset(MODE.steps, 0);
    this.#device.queue.writeBuffer(this.#buffer('window'), to, words, 0, count * stride);
  }

  #write(buffer: string, word: number, value: number): void {
    this.#device.queue.writeBuffer(this.#buffer(buffer), 4 * word, Uint32Array.of(value));
  }

  #buffer(name: string): GPUBuffer {
    const buffer = this.#memory.buffers.get(name);
    if (buffer === undefined) throw new Error(`internal: no buffer ${name}`);
    return buffer;
  }
}
