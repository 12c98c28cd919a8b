/** Spike files: the columns that people read elsewhere. */
import { describe, expect, it } from 'vitest';
import { spikesToCsv, tracesToCsv } from '../../../src/io/csv.ts';
import { spikesToParquet } from '../../../src/io/parquet.ts';
import { spikeTable } from '../../../src/io/spike-table.ts';

const populations = [
  { name: 'exc', first: 0 },
  { name: 'inh, fast', first: 10 },
];
const table = spikeTable(
  { steps: Uint32Array.of(3, 3, 7), neurons: Uint32Array.of(2, 11, 9) },
  populations,
  0.1,
);

describe('spike files', () => {
  it('numbers neurons within their population', () => {
    expect([...table.neurons]).toEqual([2, 1, 9]);
    expect([...table.population]).toEqual([0, 1, 0]);
  });

  it('CSV has short times and quotes names that need it', () => {
    expect([...spikesToCsv(table)].join('')).toBe(
      'step,time_ms,neuron,population\n3,0.3,2,exc\n3,0.3,1,"inh, fast"\n7,0.7,9,exc\n',
    );
  });

  it('traces are ordered by time, then neuron', () => {
    const text = [
      ...tracesToCsv({
        variables: ['v', 'w'],
        neurons: [4, 6],
        timesMs: Float64Array.of(0, 0.1),
        values: { v: Float64Array.of(1, 2, 3, 4), w: Float64Array.of(5, 6, 7, 8) },
      }),
    ].join('');
    expect(text).toBe('time_ms,neuron,v,w\n0,4,1,5\n0,6,3,7\n0.1,4,2,6\n0.1,6,4,8\n');
  });

  it('Parquet reads back the same, with its provenance', async () => {
    const { parquetMetadata, parquetReadObjects } = await import('hyparquet');
    const bytes = await spikesToParquet(table, { model: 'test' });
    expect(await parquetReadObjects({ file: bytes })).toEqual([
      { step: 3, time_ms: 3 * 0.1, neuron: 2, population: 'exc' },
      { step: 3, time_ms: 3 * 0.1, neuron: 1, population: 'inh, fast' },
      { step: 7, time_ms: 7 * 0.1, neuron: 9, population: 'exc' },
    ]);
    const { key_value_metadata: pairs } = parquetMetadata(bytes);
    expect(pairs).toContainEqual({ key: 'model', value: 'test' });
  });
});
