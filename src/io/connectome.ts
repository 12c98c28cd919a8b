/**
 * `wetware/io/connectome`: connection tables (CSV, gzipped CSV, Parquet) and neuron tables, read, written, and made a
 * network. papaparse, hyparquet and hyparquet-writer are loaded by the functions that need them.
 */
export type { ColumnMapping, NeuronReference } from './connectome-columns.ts';
export { type ConnectomeNetworkOptions, connectomeNetwork } from './connectome-network.ts';
export { peekTable, type TableHead } from './connectome-peek.ts';
export {
  type ConnectomeTable,
  type ConnectomeTableOptions,
  readConnectomeTable,
} from './connectome-table.ts';
export { connectomeToCsv, connectomeToParquet } from './connectome-write.ts';
export type { Edges } from './edge-builder.ts';
export { type NeuronTable, type NeuronTableOptions, readNeuronTable } from './neuron-table.ts';
