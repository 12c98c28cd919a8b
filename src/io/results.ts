/**
 * `wetware/io/results`: spikes and traces as files: Parquet, CSV, NumPy archives, SONATA; all at once or streamed while
 * they happen. hyparquet-writer, fflate and h5wasm are loaded by the functions that need them.
 */
export { spikesToCsv, tracesToCsv } from './csv.ts';
export { type NpzArray, type ShapedArray, spikesToNpz, tracesToNpz, writeNpz } from './npz.ts';
export { type Provenance, spikesToParquet, tracesToParquet } from './parquet.ts';
export { spikesToSonata } from './sonata/write-spikes.ts';
export {
  createSpikeStream,
  type SpikeStream,
  type SpikeStreamFormat,
  type SpikeStreamOptions,
} from './spike-stream.ts';
export { type PopulationColumn, type SpikeTable, spikeTable } from './spike-table.ts';
