/**
 * Spikes written to a Parquet file while they happen: whole row groups go out as they fill, so that memory stays bounded
 * however long the run. Made for `onSpikes` with `keepSpikes: false`. The columns are those of `spikesToParquet`.
 */
import { checkInterval } from '../recording/check.ts';
import type { Provenance } from './parquet.ts';

export interface SpikeStreamOptions {
  /** Populations in order of their first neurons, as a simulation has them. */
  readonly populations: readonly { readonly name: string; readonly first: number }[];
  readonly dtMs: number;
  /** Gets the bytes of the file, in order; they are its to keep. Called while the simulation waits. */
  readonly write: (bytes: Uint8Array) => void;
  readonly provenance?: Provenance;
  /** Spikes per row group; default 1,000,000, which takes some 50 MB while it is written. */
  readonly groupSize?: number;
}

/** A Parquet file under way. */
export interface SpikeStream {
  /** Spikes so far. */
  readonly count: number;
  /** Takes a batch of spikes: steps and global neuron numbers, as `onSpikes` gives them. */
  append(steps: Uint32Array, neurons: Uint32Array): void;
  /** Writes what is left and the end of the file. No spikes can follow. `more` is added to the provenance. */
  finish(more?: Provenance): void;
}

const SMALLEST_GROUP = 1;
const LARGEST_GROUP = 2 ** 24;

/** Starts a file; loads hyparquet-writer. */
export async function createSpikeStream(options: SpikeStreamOptions): Promise<SpikeStream> {
  const { populations, dtMs, write, groupSize = 1_000_000 } = options;
  checkInterval(dtMs, 'createSpikeStream: dtMs');
  if (!(groupSize >= SMALLEST_GROUP && groupSize <= LARGEST_GROUP)) {
    throw new RangeError(`createSpikeStream: groupSize must be 1 to ${LARGEST_GROUP}.`);
  }
  const { ByteWriter, ParquetWriter, schemaFromColumnData } = await import('hyparquet-writer');
  const bytes = new ByteWriter(1 << 20);
  const flush = (): void => {
    if (bytes.index > 0) write(new Uint8Array(bytes.getBuffer()));
    bytes.index = 0;
  };
  const steps = new Int32Array(groupSize);
  const times = new Float64Array(groupSize);
  const neurons = new Int32Array(groupSize);
  const names = new Array<string>(groupSize);
  const columnsOf = (length: number) => {
    const required = { nullable: false, encoding: 'PLAIN' } as const;
    return [
      { name: 'step', type: 'INT32' as const, data: steps.subarray(0, length), ...required },
      { name: 'time_ms', type: 'DOUBLE' as const, data: times.subarray(0, length), ...required },
      { name: 'neuron', type: 'INT32' as const, data: neurons.subarray(0, length), ...required },
      {
        name: 'population',
        type: 'STRING' as const,
        data: length === groupSize ? names : names.slice(0, length),
        nullable: false,
      },
    ];
  };
  const parquet = new ParquetWriter({
    writer: bytes,
    schema: schemaFromColumnData({ columnData: columnsOf(0) }),
    createdBy: 'wetware',
  });
  let filled = 0;
  let count = 0;
  let population = 0;
  const writeGroup = (): void => {
    if (filled === 0) return;
    const columnData = columnsOf(filled).map(({ type: _, nullable: __, ...column }) => column);
    parquet.write({ columnData, rowGroupSize: filled });
    flush();
    filled = 0;
  };
  return {
    get count() {
      return count;
    },
    append(newSteps, newNeurons) {
      for (let k = 0; k < newSteps.length; k++) {
        const neuron = newNeurons[k] as number;
        // Neurons ascend within a step, so the population is nearly always the same one or the next.
        if (neuron < (populations[population]?.first ?? 0)) population = 0;
        while (neuron >= (populations[population + 1]?.first ?? Number.POSITIVE_INFINITY)) {
          population++;
        }
        const step = newSteps[k] as number;
        steps[filled] = step;
        times[filled] = step * dtMs;
        neurons[filled] = neuron - (populations[population]?.first ?? 0);
        names[filled] = populations[population]?.name ?? '';
        if (++filled === groupSize) writeGroup();
      }
      count += newSteps.length;
    },
    finish(more = {}) {
      writeGroup();
      const pairs = { ...options.provenance, ...more };
      parquet.kvMetadata = Object.entries(pairs).map(([key, value]) => ({ key, value }));
      parquet.finish();
      flush();
    },
  };
}
