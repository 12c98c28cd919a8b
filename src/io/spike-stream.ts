/**
 * Spikes written to a file while they happen, so that memory stays bounded however long the run. Made for `onSpikes`
 * with `keepSpikes: false`. Columns and rows are those of `spikesToParquet` and `spikesToCsv`. Opens no files.
 */
import { describeValue } from '../language/argument.ts';
import { checkInterval, checkOptions } from '../recording/check.ts';
import { checkProvenance, type Provenance } from './parquet.ts';
import { checkPopulations, type PopulationColumn } from './spike-table.ts';

/** What can be written piece by piece. (npz and HDF5 need all spikes at once.) */
export type SpikeStreamFormat = 'parquet' | 'csv';

export interface SpikeStreamOptions {
  /** Default "parquet". */
  readonly format?: SpikeStreamFormat;
  /** Populations in order of their first neurons, as a simulation has them. */
  readonly populations: readonly PopulationColumn[];
  readonly dtMs: number;
  /** Gets the bytes of the file, in order; they are its to keep. Called by `append` and `finish`. */
  readonly write: (bytes: Uint8Array) => void;
  /** Stored in a Parquet file; CSV has no place for it. */
  readonly provenance?: Provenance;
  /** Spikes per row group of Parquet, 1 to 2^24; default 1,000,000, which takes some 50 MB while it is written. */
  readonly groupSize?: number;
}

/** A file under way. */
export interface SpikeStream {
  /** Spikes so far. */
  readonly count: number;
  /** Takes a batch of spikes: steps and global neuron numbers, as `onSpikes` gives them. */
  append(steps: Uint32Array, neurons: Uint32Array): void;
  /** Writes what is left and the end of the file. No spikes can follow. `more` is added to the provenance. */
  finish(more?: Provenance): void;
}

const LARGEST_GROUP = 2 ** 24;
const KNOWN = ['format', 'populations', 'dtMs', 'write', 'provenance', 'groupSize'];

/**
 * Starts a file. Throws TypeError and RangeError for wrong options. Costs some 0.3 µs per spike in Parquet, which loads
 * hyparquet-writer, and as much in CSV.
 */
export async function createSpikeStream(options: SpikeStreamOptions): Promise<SpikeStream> {
  const where = 'createSpikeStream';
  checkOptions(options, `${where}: options`, KNOWN);
  const { format = 'parquet', populations, dtMs, write, groupSize = 1_000_000 } = options;
  checkInterval(dtMs, `${where}: dtMs`);
  checkPopulations(populations, `${where}: populations`);
  const { provenance = {} } = options;
  checkProvenance(provenance, `${where}: provenance`);
  if (typeof write !== 'function') {
    throw new TypeError(`${where}: write must be a function, got ${describeValue(write)}.`);
  }
  if (!(Number.isInteger(groupSize) && groupSize >= 1 && groupSize <= LARGEST_GROUP)) {
    const got = describeValue(groupSize);
    throw new RangeError(
      `${where}: groupSize must be a whole number to ${LARGEST_GROUP}, got ${got}.`,
    );
  }
  if (format === 'csv') return (await import('./csv-stream.ts')).csvStream(options);
  if (format === 'parquet') {
    return (await import('./parquet-stream.ts')).parquetStream({ ...options, groupSize });
  }
  throw new RangeError(
    `${where}: format must be "parquet" or "csv", got ${describeValue(format)}.`,
  );
}
