/**
 * Thousands of damaged files: whatever comes, a reader gives a network or a NetworkError, in bounded time and memory.
 * Together with nir-fuzz and neuroml-fuzz these are 32,000 files, in half a minute of processor time; the number and the
 * time of those here are printed.
 */
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NetworkError } from '../../../src/errors.ts';
import { Network } from '../../../src/index.ts';
import { readConnectomeTable } from '../../../src/io/connectome-table.ts';
import { memorySource } from '../../../src/io/file-source.ts';
import { readNeuronTable } from '../../../src/io/neuron-table.ts';
import { openNetwork } from '../../../src/io/open.ts';
import { readSonata } from '../../../src/io/sonata/read.ts';
import { writeSonata } from '../../../src/io/sonata/write.ts';
import { mutate, randomFrom } from '../../support/mutate.ts';

/** The slowest single file, ms; machines under load are slow. */
const SLOWEST = 5000;
/** Growth of memory over all damaged files of one kind. */
const MOST_GROWTH = 1.5e9;

const text = (content: string): Uint8Array => new TextEncoder().encode(content);

let damagedFiles = 0;
const cpuAtStart = process.cpuUsage();
afterAll(() => {
  const { user, system } = process.cpuUsage(cpuAtStart);
  const seconds = ((user + system) / 1e6).toFixed(0);
  process.stderr.write(
    `\n${damagedFiles} damaged files were read in ${seconds} s of processor time\n`,
  );
});

async function survive(
  bytes: Uint8Array,
  rounds: number,
  read: (damaged: Uint8Array) => Promise<unknown>,
): Promise<void> {
  await read(bytes);
  const random = randomFrom(rounds);
  damagedFiles += rounds;
  const before = process.memoryUsage().rss;
  let slowest = 0;
  let refused = 0;
  for (let round = 0; round < rounds; round++) {
    const damaged = mutate(bytes, random);
    const began = performance.now();
    try {
      await read(damaged);
    } catch (error) {
      if (!(error instanceof NetworkError)) {
        throw new Error(`round ${round}: ${String(error)}`, { cause: error });
      }
      expect(error.message.length).toBeLessThan(2000);
      refused++;
    }
    slowest = Math.max(slowest, performance.now() - began);
  }
  expect(refused).toBeGreaterThan(0);
  expect(slowest).toBeLessThan(SLOWEST);
  expect(process.memoryUsage().rss - before).toBeLessThan(MOST_GROWTH);
}

const ROWS = 40;
const csv = text(
  `pre,post,weight,delay_ms,sign\n${Array.from({ length: ROWS }, (_, k) => `${k % 17},${(k * 7) % 23},${k - 5},${k / 10},${k % 2 ? 'e' : 'i'}\n`).join('')}`,
);

describe('connection tables', () => {
  const read = (bytes: Uint8Array) => readConnectomeTable(bytes);

  it('CSV', () => survive(csv, 3000, read));
  it('gzip', () => survive(gzipSync(csv), 3000, read));
  it('CSV with quotes and ids', () =>
    survive(text('"pre","post"\n"a","b, c"\n"720575940604735660","b"\n'.repeat(20)), 2000, read));

  const column = <T>(make: (k: number) => T): T[] =>
    Array.from({ length: ROWS }, (_, k) => make(k));
  const parquet = (options: object): Uint8Array =>
    new Uint8Array(
      parquetWriteBuffer({
        columnData: [
          { name: 'pre', type: 'INT32', data: column((k) => k % 17) },
          { name: 'post', type: 'INT64', data: column((k) => BigInt(k % 23)) },
          { name: 'weight', type: 'DOUBLE', data: column((k) => k / 10) },
          { name: 'sign', type: 'STRING', data: column((k) => (k % 2 ? 'e' : 'i')) },
        ],
        rowGroupSize: 20,
        ...options,
      }),
    );
  it('Parquet, snappy', () => survive(parquet({}), 3000, read));
  it('neuron tables', async () => {
    const ids = column((k) => 720575940604735660n + BigInt(k));
    const lines = ids.map((id) => `${id},True\n`).join('');
    await survive(text(`,Completed\n${lines}`), 2000, (bytes) => readNeuronTable(bytes));
    const data = [{ name: 'root_id', type: 'INT64' as const, data: ids }];
    const file = new Uint8Array(parquetWriteBuffer({ columnData: data }));
    await survive(file, 1500, (bytes) => readNeuronTable(bytes));
  });
  it('Parquet, not compressed', () => survive(parquet({ codec: 'UNCOMPRESSED' }), 3000, read));
});

describe('documents', () => {
  it('JSON of every kind of thing', async () => {
    const net = new Network({ name: 'all', params: { tau: '10 ms' } });
    const cells = net.population('cells', 4, {
      eqs: 'dv/dt = (drive(t) - v)/tau : 1',
      threshold: 'v > 1',
      reset: 'v = 0',
      initial: { v: 'rand()' },
    });
    net.timedArray('drive', { values: [0, 1, 2], unit: '1', dt: '1 ms' });
    const list = net.spikeList('list', 2, { indices: [0, 1], timesMs: [1, 2] });
    net
      .projection('list to cells', list, cells, { onPre: 'v += 0.5', delay: '1 ms' })
      .connect({ rule: 'fixed-probability', p: 0.5 });
    net
      .projection('cells', cells, cells, {
        eqs: 'w : 1',
        onPre: 'v += w',
        initial: { w: { normal: { mean: 0.1, sd: 0.01 } } },
      })
      .connect({ rule: 'list', pre: [0, 1], post: [1, 2] });
    net.poissonInput('noise', cells, { variable: 'v', n: 10, rate: '5 Hz', weight: '0.1' });
    net.record.spikes(cells);
    net.record.state(cells, ['v']);
    const document = text(JSON.stringify(net));
    await survive(document, 2000, (damaged) =>
      openNetwork(memorySource(new Map([['net.json', damaged]])), 'net.json'),
    );
  });
});

describe('SONATA', () => {
  let files: Map<string, Uint8Array>;

  beforeAll(async () => {
    const net = new Network({ name: 'small' });
    const input = net.spikeList('in', 3, { indices: [0, 1, 2], timesMs: [1, 2, 3] });
    const cells = net.population('cells', 5, {
      eqs: 'dv/dt = -v/(10*ms) : volt\nw0 : 1 (constant)',
      threshold: 'v > 1*mV',
      reset: 'v = 0*mV',
      initial: { w0: { values: [1, 2, 3, 4, 5], unit: '1' } },
    });
    net
      .projection('in to cells', input, cells, {
        eqs: 'w : volt (constant)',
        onPre: 'v += w',
        initial: { w: { values: [1, 2, 3], unit: 'mV' } },
        delay: { values: [1, 2, 3], unit: 'ms' },
      })
      .connect({ rule: 'list', pre: [0, 1, 2], post: [4, 3, 2] });
    files = await writeSonata(net.document);
  });

  it.each([
    ['circuit_config.json', 1500],
    ['simulation_config.json', 1000],
    ['network/cells_node_types.csv', 600],
    ['network/cells_nodes.h5', 700],
    ['network/in_to_cells_edges.h5', 500],
    ['inputs/in_spikes.h5', 400],
    ['components/cell_models/cells.json', 600],
  ])('%s', async (name, rounds) => {
    await survive(files.get(name) as Uint8Array, rounds, (damaged) =>
      readSonata(memorySource(new Map(files).set(name, damaged)), 'circuit_config.json'),
    );
  });

  it('a zip of a circuit', async () => {
    const zip = zipSync(Object.fromEntries(files), { level: 6 });
    await survive(zip, 1000, (damaged) =>
      openNetwork(memorySource(new Map([['net.zip', damaged]])), 'net.zip'),
    );
  });
});
