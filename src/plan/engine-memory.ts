/**
 * What engines take beside the buffers of a plan, for estimates: records of spikes and samples on their way to the host,
 * copies of the ring of inputs for threads. Follows what cpu/layout.ts and gpu/shape.ts do; allocates nothing.
 */
import type { LoweredPopulation } from '../language/lower.ts';
import { SAMPLES } from './memory.ts';
import type { Plan } from './plan.ts';

/** What is known of networks when they have been counted, as far as engines depend on it. */
export interface EngineShape {
  readonly precision: 'f32' | 'f64';
  readonly synapseCount: number;
  /** Sources of all projections. */
  readonly rowCount: number;
  readonly windowSteps: number;
  /** By population; enough to tell how many threads are worth while. */
  readonly update: readonly ({ readonly count: number } & Pick<
    LoweredPopulation,
    'begin' | 'advance' | 'late'
  >)[];
  /** Bytes of the rings of inputs and of spikes, and of one sample of everything that is sampled. */
  readonly inputBytes: number;
  readonly spikeBytes: number;
  readonly sampleBytes: number;
  /** Neurons whose spikes are recorded. */
  readonly recordedNeurons: number;
  /** All rows hold their targets in ascending order, and are stored. */
  readonly isSorted: boolean;
  /** Longest row that the engine makes. */
  readonly longestRow: number;
  /** Of every field: its clock in steps, and bytes of a copy of what diffuses in it. */
  readonly fields: readonly { readonly every: number; readonly copyBytes: number }[];
}

/** What will run a network. */
export interface EngineChoice {
  readonly engine: 'cpu' | 'gpu';
  readonly threads: number;
}

/** Bytes by name. */
export function engineMemory(
  shape: EngineShape,
  { engine, threads }: EngineChoice,
): Plan['memory'] {
  return engine === 'cpu' ? cpuMemory(shape, threads) : gpuMemory(shape);
}

/** As in cpu/layout.ts: spikes that one batch may record, bytes of samples between two drains. */
const RECORD = 2 ** 15;
const SAMPLE_BYTES = 2 ** 20;
const MOST_SAMPLES = 4096;
/** Cells of the ring that share a mark, in bytes per byte. */
const MARKS = 1 / 16;
/** As in cpu/splits.ts: synapses of a mean row that every thread must get for all to share one ring. */
const SHORTEST_PART = 12;

function cpuMemory(shape: EngineShape, threads: number): Plan['memory'] {
  const { inputBytes, recordedNeurons, sampleBytes, longestRow } = shape;
  const { isSorted, synapseCount, rowCount } = shape;
  const isShared = isSorted && synapseCount >= SHORTEST_PART * threads * rowCount;
  const copies = isShared ? 1 : threads;
  const kept = Math.min(SAMPLE_BYTES, MOST_SAMPLES * sampleBytes) - SAMPLES * sampleBytes;
  return [
    { name: 'input copies', bytes: (copies - 1) * inputBytes },
    { name: 'input marks', bytes: copies * MARKS * inputBytes },
    { name: 'spike record', bytes: 8 * (recordedNeurons + Math.max(RECORD, recordedNeurons)) },
    { name: 'sample record', bytes: Math.max(0, kept) },
    { name: 'rows at hand', bytes: 4 * threads * longestRow },
  ];
}

/** As in gpu/shape.ts: words of an entry of the record of spikes, entries at least, and at most on their way to the host. */
const ENTRY_WORDS = 3;
const LEAST_ENTRIES = 2 ** 16;
const MOST_STAGED = 2 ** 17;
const STAGING_BUFFERS = 3;
const SAMPLE_CELLS = 2 ** 20;
const WINDOW_BYTES = 2 ** 18;

function gpuMemory(shape: EngineShape): Plan['memory'] {
  const { spikeBytes, recordedNeurons, sampleBytes, fields } = shape;
  const entries = recordedNeurons === 0 ? 0 : Math.max(4 * recordedNeurons, LEAST_ENTRIES);
  const samples = Math.min(MOST_SAMPLES * sampleBytes, 4 * SAMPLE_CELLS);
  const staged = 4 * ENTRY_WORDS * Math.min(entries, MOST_STAGED) + samples;
  return [
    { name: 'spikes of the next window', bytes: spikeBytes },
    { name: 'spike record', bytes: 2 * 4 * ENTRY_WORDS * entries },
    { name: 'sample record', bytes: Math.max(0, 2 * samples - SAMPLES * sampleBytes) },
    { name: 'readback', bytes: STAGING_BUFFERS * staged },
    { name: 'windows', bytes: WINDOW_BYTES },
    { name: 'field copies', bytes: moreCopies(fields) },
  ];
}

/** Fields of one clock run together, as in gpu/field-groups.ts, each with a copy; that of the largest field is counted. */
function moreCopies(fields: EngineShape['fields']): number {
  const together = new Map<number, number>();
  for (const { every, copyBytes } of fields) {
    together.set(every, (together.get(every) ?? 0) + copyBytes);
  }
  const largest = fields.reduce((most, { copyBytes }) => Math.max(most, copyBytes), 0);
  return Math.max(0, ...together.values()) - largest;
}
