/**
 * Spikes as a Parquet file while they happen: whole row groups go out as they fill. The columns are those of
 * `spikesToParquet`; `createSpikeStream` makes one.
 */
import type { SpikeStream, SpikeStreamOptions } from './spike-stream.ts';
import { PopulationFinder } from './spike-table.ts';

/** Options are checked already. Loads hyparquet-writer. */
export async function parquetStream(
  options: SpikeStreamOptions & { readonly groupSize: number },
): Promise<SpikeStream> {
  const { populations, dtMs, write, groupSize } = options;
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
  const finder = new PopulationFinder(populations);
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
        const population = finder.of(neuron);
        const step = newSteps[k] as number;
        steps[filled] = step;
        times[filled] = step * dtMs;
        neurons[filled] = neuron - finder.first(population);
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
