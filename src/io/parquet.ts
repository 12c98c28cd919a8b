/**
 * Spikes as an Apache Parquet file in memory, columns step, time_ms, neuron (int32 and double) and population
 * (string); traces with a column for each variable. Loads its library, hyparquet-writer, when first used. Writes no files.
 */
import { describeValue, isPlainObject } from '../language/argument.ts';

import type { StateTrace } from '../recording/traces.ts';
import { checkTrace } from './csv.ts';
import { checkSpikeTable, type SpikeTable } from './spike-table.ts';

/** What is worth knowing about the numbers, stored as key-value metadata of the file. */
export type Provenance = Readonly<Record<string, string>>;

/** Throws TypeError for what is no object of texts. */
export function checkProvenance(value: unknown, where: string): asserts value is Provenance {
  const isText =
    isPlainObject(value) && Object.values(value).every((one) => typeof one === 'string');
  if (isText) return;
  throw new TypeError(`${where} must be an object of texts, got ${describeValue(value)}.`);
}

/** The bytes of the file. */
export async function spikesToParquet(
  table: SpikeTable,
  provenance: Provenance = {},
): Promise<ArrayBuffer> {
  checkSpikeTable(table, 'spikesToParquet: table');
  checkProvenance(provenance, 'spikesToParquet: provenance');
  const { parquetWriteBuffer } = await import('hyparquet-writer');
  const names = table.populations.map(({ name }) => name);
  const required = { nullable: false, encoding: 'PLAIN' } as const;
  return parquetWriteBuffer({
    columnData: [
      // Step and neuron numbers are below 2^31, so the same bits are int32.
      { name: 'step', type: 'INT32', data: new Int32Array(table.steps), ...required },
      { name: 'time_ms', type: 'DOUBLE', data: table.timesMs, ...required },
      { name: 'neuron', type: 'INT32', data: new Int32Array(table.neurons), ...required },
      {
        name: 'population',
        type: 'STRING',
        data: Array.from(table.population, (index) => names[index] ?? ''),
        nullable: false,
      },
    ],
    rowGroupSize: 1_000_000,
    kvMetadata: Object.entries(provenance).map(([key, value]) => ({ key, value })),
    createdBy: 'wetware',
  });
}

/** A state recording: columns time_ms, neuron and the variables, ordered by time, then neuron. */
export async function tracesToParquet(
  trace: StateTrace,
  provenance: Provenance = {},
): Promise<ArrayBuffer> {
  checkTrace(trace, 'tracesToParquet: trace');
  checkProvenance(provenance, 'tracesToParquet: provenance');
  const { parquetWriteBuffer } = await import('hyparquet-writer');
  const { timesMs, neurons, variables, values } = trace;
  const [samples, rows] = [timesMs.length, neurons.length];
  const column = (of: (sample: number, row: number) => number): Float64Array =>
    Float64Array.from({ length: samples * rows }, (_, k) => of(Math.floor(k / rows), k % rows));
  const required = { nullable: false, encoding: 'PLAIN' } as const;
  return parquetWriteBuffer({
    columnData: [
      {
        name: 'time_ms',
        type: 'DOUBLE',
        data: column((sample) => timesMs[sample] as number),
        ...required,
      },
      {
        name: 'neuron',
        type: 'INT32',
        data: Int32Array.from(column((_, row) => neurons[row] as number)),
        ...required,
      },
      ...variables.map((name) => ({
        name,
        type: 'DOUBLE' as const,
        data: column((sample, row) => values[name]?.[row * samples + sample] ?? Number.NaN),
        ...required,
      })),
    ],
    rowGroupSize: 1_000_000,
    kvMetadata: Object.entries(provenance).map(([key, value]) => ({ key, value })),
    createdBy: 'wetware',
  });
}
