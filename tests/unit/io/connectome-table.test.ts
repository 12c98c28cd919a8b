/** Connection and neuron tables: published layouts, ids of 64 bits, and everything that is refused. */
import { existsSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { NetworkError } from '../../../src/errors.ts';
import { readConnectomeTable } from '../../../src/io/connectome-table.ts';
import { readNeuronTable } from '../../../src/io/neuron-table.ts';
import { openParquet } from '../../../src/io/parquet-read.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const read = (text: string, options = {}) =>
  readConnectomeTable(bytes(text), { file: 'e.csv', ...options });

async function refusal(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => 'was read',
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(NetworkError);
  return (error as NetworkError).message;
}

describe('connection tables', () => {
  it('reads indices, weights, delays and signs', async () => {
    const table = await read('pre,post,weight,delay,sign\n0,1,2,1.5,e\n3,2,4,0.5,inhibitory\n');
    expect([...table.pre, ...table.post]).toEqual([0, 3, 1, 2]);
    expect(table.weight).toEqual(Int32Array.of(2, -4));
    expect(table.delayMs).toEqual(Float64Array.of(1.5, 0.5));
    expect(table.neuronCount).toBe(4);
    expect(table.labels).toBeNull();
  });

  it('keeps fractions, and takes 1 where there is no weight', async () => {
    expect((await read('pre;post;weight\n0;1;0.1\n')).weight).toEqual(Float64Array.of(0.1));
    expect((await read('source\ttarget\n0\t1\n')).weight).toEqual(Int32Array.of(1));
  });

  it('numbers ids in ascending order, whatever their size', async () => {
    const big = '720575940604735661,720575940604735660\n99,720575940604735660\n';
    const table = await read(`pre_root_id,post_root_id\n${big}`);
    expect(table.labels).toEqual(['99', '720575940604735660', '720575940604735661']);
    expect([...table.pre, ...table.post]).toEqual([2, 0, 1, 1]);
  });

  it('sees that what began as numbers are names', async () => {
    const table = await read('pre,post\n1,2\n2,AVAL\n');
    expect(table.labels).toEqual(['1', '2', 'AVAL']);
    expect([...table.pre, ...table.post]).toEqual([0, 1, 1, 2]);
    expect((await read('pre,post\n8419602,29\n')).labels).toEqual(['29', '8419602']);
  });

  it('takes neurons of a neuron table only', async () => {
    const neurons = await readNeuronTable(bytes(',Completed\n720575940596125868,True\n17,True\n'));
    expect(neurons.ids).toEqual(['720575940596125868', '17']);
    const table = await read('Presynaptic_ID,Postsynaptic_ID\n17,720575940596125868\n', {
      neurons,
    });
    expect([...table.pre, ...table.post]).toEqual([1, 0]);
    expect(table.neuronCount).toBe(2);
    const lost = read('Presynaptic_ID,Postsynaptic_ID\n17,18\n', { neurons });
    expect(await refusal(lost)).toMatchInlineSnapshot(
      `"e.csv, row 2, column "Postsynaptic_ID": neuron 18 is not in the neuron table (2 neurons). Do both files belong to the same version of the data?"`,
    );
    const outside = read('Presynaptic_Index,Postsynaptic_Index\n1,2\n', { neurons });
    expect(await refusal(outside)).toMatchInlineSnapshot(
      `"e.csv, row 2, column "Postsynaptic_Index": "2" is no neuron index from 0 to 1. There are 2 neurons."`,
    );
  });

  it('reads gzip', async () => {
    const table = await readConnectomeTable(gzipSync(bytes('pre,post\n0,1\n')));
    expect(table.neuronCount).toBe(2);
  });

  it.each([
    ['no such columns', 'a,b\n1,2\n'],
    ['nothing', ''],
    ['no rows of that length', 'pre,post\n1,2,3\n'],
    ['a negative delay', 'pre,post,delay_ms\n0,1,-0.5\n'],
    ['a weight that is no number', 'pre,post,weight\n0,1,NaN\n'],
    ['an empty weight', 'pre,post,weight\n0,1,\n'],
    ['an unknown sign', 'pre,post,sign\n0,1,GLUT\n'],
    ['an empty id', 'pre_root_id,post_root_id\n,1\n'],
    ['a negative index', 'Presynaptic_Index,Postsynaptic_Index\n-1,1\n'],
    ['an index beyond 32 bits', 'Presynaptic_Index,Postsynaptic_Index\n4294967296,1\n'],
    ['an open quote', 'pre,post\n"0,1\n'],
    ['two columns of a name', 'pre,pre,post\n0,1,2\n'],
  ])('refuses %s', async (_, text) => {
    expect(await refusal(read(text))).toMatchSnapshot();
  });

  it('refuses a mapping to columns that are not there, and names those that are', async () => {
    const wrong = read('from,to\n0,1\n', { columns: { pre: 'from', post: 'too' } });
    expect(await refusal(wrong)).toMatchInlineSnapshot(
      `"e.csv: no column "too" (for post). Found: from, to. Did you mean "to"?"`,
    );
  });

  it('refuses bytes that are no text, and a line that never ends', async () => {
    await refusal(readConnectomeTable(Uint8Array.of(0x70, 0xff, 0xfe, 0x0a)));
    await refusal(readConnectomeTable(bytes(`pre,post\n${'1'.repeat(3_000_000)}`)));
  });

  it('refuses truncated gzip and a gzip bomb, quickly', async () => {
    const whole = gzipSync(bytes('pre,post\n0,1\n'));
    await refusal(readConnectomeTable(whole.subarray(0, whole.length - 5)));
    const bomb = gzipSync(bytes(`pre,post\n${'0,1\n'.repeat(6_000_000)}`));
    const began = performance.now();
    const message = await refusal(readConnectomeTable(bomb, { file: 'bomb.csv.gz' }));
    expect(message).toContain('unfold to more than');
    expect(performance.now() - began).toBeLessThan(30_000);
  });
});

const DATA = new URL('../../../../shared/data/', import.meta.url);
const hasData = existsSync(new URL('flywire-p9/README.md', DATA));
if (!hasData) console.warn('Reference data are missing: tests of published tables are skipped.');
const load = (path: string): Uint8Array => new Uint8Array(readFileSync(new URL(path, DATA)));

describe.skipIf(!hasData)('published tables', () => {
  it('the P9 circuit: the same connections from CSV and from Parquet', async () => {
    const csv = await readConnectomeTable(load('flywire-p9/edges.csv'));
    const parquet = await readConnectomeTable(load('flywire-p9/connectivity_p9_v630.parquet'));
    expect(csv.neuronCount).toBe(196);
    expect(parquet.report).toMatchObject({ layout: 'FlyWire connectivity', rows: 4715 });
    expect(sum(parquet.weight.map(Math.abs))).toBe(95_215);
    expect(parquet.weight.filter((weight) => weight < 0)).toHaveLength(2513);
    expect([...csv.weight].sort()).toEqual([...parquet.weight].sort());
  });

  it('the same by index and by 64-bit id, numbered by the neuron table of version 630', async () => {
    const gz = load('flywire-shiu2024/2023_03_23_completeness_630_final.csv.gz');
    const neurons = await readNeuronTable(gz);
    expect(neurons.ids).toHaveLength(127_400);
    const table = load('flywire-p9/connectivity_p9_v630.parquet');
    const byIndex = await readConnectomeTable(table, { neurons });
    const columns = {
      pre: 'Presynaptic_ID',
      post: 'Postsynaptic_ID',
      weight: 'Excitatory x Connectivity',
    };
    const byId = await readConnectomeTable(table, { neurons, columns });
    expect(byId.pre).toEqual(byIndex.pre);
    expect(byId.post).toEqual(byIndex.post);
    expect(byId.labels?.[976]).toBe('720575940604735660');
  });

  it('the neuron table of version 783', async () => {
    const neurons = await readNeuronTable(load('flywire-shiu2024/Completeness_783.csv.gz'));
    expect(neurons.ids).toHaveLength(138_639);
    expect(neurons.ids[0]).toBe('720575940596125868');
  });

  it('the larval brain and the worm, to the last synapse', async () => {
    const larva = await readConnectomeTable(load('larval-drosophila/edges.csv'));
    expect(larva.neuronCount).toBe(2952);
    expect(sum(larva.weight)).toBe(352_611);
    const worm = await readConnectomeTable(load('celegans-cook2019/edges.csv'));
    expect(worm.neuronCount).toBe(448);
    expect(sum(worm.weight)).toBe(27_019 + 12_683);
  });

  it('recorded spikes in Brotli pages with dictionaries', async () => {
    const table = await openParquet(load('flywire-shiu2024/sugarR_100Hz.parquet'), 'sugarR');
    const counts = new Map<string, number>();
    await table.read(['flywire_id'], (columns) => {
      for (const id of Array.from(columns.get('flywire_id') ?? [])) {
        counts.set(String(id), (counts.get(String(id)) ?? 0) + 1);
      }
    });
    expect(table.rows).toBe(289_073);
    expect(counts.size).toBe(404);
    expect((counts.get('720575940622695448') ?? 0) / 30).toBeCloseTo(114.26666666666667, 10);
  });
});

const sum = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((total, value) => total + value, 0);
