/**
 * Files that are damaged, wrong or meant to do harm, given to the command line: each is refused with a message that says
 * what and where, within seconds, in bounded memory, and nothing is written.
 */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync, inflateSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { parquetMetadata } from 'hyparquet';
import { ByteWriter, parquetWriteBuffer } from 'hyparquet-writer';
import { writeMetadata } from 'hyparquet-writer/src/metadata.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Network } from '../../../src/index.ts';
import { writeSonata } from '../../../src/io/sonata/index.ts';
import { commandLine } from '../../support/command-line.ts';

/** For the slowest machine; most take some milliseconds. */
const MOST_MS = 10_000;
const MOST_GROWTH = 400e6;

let folder = '';
/** A SONATA circuit of two neurons, whole. */
let circuit: ReadonlyMap<string, Uint8Array>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wetware-bad-'));
  const net = new Network({ name: 'small' });
  const a = net.population('a', 2, {
    eqs: 'dv/dt = -v/(10*ms) : volt',
    threshold: 'v > 1*mV',
    reset: 'v = 0*mV',
  });
  net
    .projection('a_to_a', a, a, {
      eqs: 'w : volt (constant)',
      onPre: 'v += w',
      initial: { w: { values: [1, 2], unit: 'mV' } },
      delay: { values: [1, 2], unit: 'ms' },
    })
    .connect({ rule: 'list', pre: [0, 1], post: [1, 0] });
  circuit = await writeSonata(net.document);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const wetware = (...args: string[]) => commandLine(args);

type Content = string | Uint8Array | object;

function write(name: string, content: Content): void {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  const isRaw = typeof content === 'string' || content instanceof Uint8Array;
  writeFileSync(path, isRaw ? content : JSON.stringify(content));
}

let cases = 0;

/** Gives the first file to `run` and to `convert`. */
async function refused(files: readonly (readonly [string, Content])[], message: RegExp) {
  const place = `case${cases++}`;
  for (const [name, content] of files) write(join(place, name), content);
  const path = join(folder, place, files[0]?.[0] ?? '');
  const before = process.memoryUsage().rss;
  const began = performance.now();
  const { code, out, err } = await wetware('run', path, '--engine', 'cpu', '--duration', '1 ms');
  expect(err).toMatch(message);
  expect(err).not.toContain('    at ');
  expect([code, out]).toEqual([2, '']);
  expect(performance.now() - began).toBeLessThan(MOST_MS);
  expect(process.memoryUsage().rss - before).toBeLessThan(MOST_GROWTH);
  const output = join(folder, place, 'converted.wetware.json');
  expect((await wetware('convert', path, output)).code).toBe(2);
  expect(existsSync(output)).toBe(false);
}

const table = (rows: string, head = 'pre,post,weight'): string => `${head}\n${rows}`;
const rows = Array.from({ length: 3000 }, (_, k) => `${k % 97},${(k * 7) % 97},${k % 11}\n`).join(
  '',
);

describe('connection tables', () => {
  it.each<[string, string, RegExp]>([
    ['wrong columns', table('0,1\n', 'from,to'), /no columns for the two ends.*Found: from, to\./],
    ['a row too short', table('0,1\n'), /row 2: 2 fields; the header has 3/],
    ['no rows', table(''), /has no rows of connections/],
    ['nothing', '', /is empty/],
    ['blanks', ' \n \n', /is empty/],
    ['a negative delay', table('0,1,-2\n', 'pre,post,delay_ms'), /a delay of -2 ms is in the past/],
    ['a weight of NaN', table('0,1,1\n1,0,NaN\n'), /row 3, column "weight": "NaN" is no number/],
    ['an infinite weight', table('0,1,1e999\n'), /column "weight": "1e999" is no number/],
    ['an infinite delay', table('0,1,Infinity\n', 'pre,post,delay_ms'), /"Infinity" is no number/],
    ['a fraction for a neuron', table('0,1.5,1\n'), /column "post": 1\.5 is no neuron/],
    ['a negative neuron', table('-1,1,1\n'), /column "pre": -1 is no neuron/],
    ['NaN for a neuron', table('nan,1,1\n'), /column "pre": nan is no neuron/],
    [
      'ids that went through a double',
      table('7.2e17,1,1\n'),
      /Floating-point columns lose the last/,
    ],
    [
      'an index beyond 32 bits',
      table('4294967296,1\n', 'Presynaptic_Index,Postsynaptic_Index'),
      /"4294967296" is no neuron index from 0 to 4294967294/,
    ],
  ])('%s', async (_, text, message) => {
    await refused([['net.csv', text]], message);
  });

  it('ids outside the neuron table', async () => {
    await refused(
      [
        ['net.csv', table('0,2\n', 'Presynaptic_Index,Postsynaptic_Index')],
        ['completeness.csv', ',Completed\n17,True\n18,True\n'],
      ],
      /"2" is no neuron index from 0 to 1\. There are 2 neurons/,
    );
  });

  it('truncated gzip, and gzip that unfolds without end', async () => {
    const whole = gzipSync(table(rows));
    await refused([['net.csv.gz', whole.subarray(0, whole.length >> 1)]], /unexpected end of file/);
    const bomb = gzipSync(Buffer.alloc(400_000_000, '0,1,1\n'));
    await refused([['net.csv.gz', bomb]], /unfold to more than|no columns for the two ends/);
    const line = gzipSync(Buffer.alloc(300_000_000));
    await refused([['net.csv.gz', line]], /a line of more than 1048576 characters/);
  });

  it('Parquet: truncated, of other columns, with doubles for ids', async () => {
    const parquet = (columnData: object[]): Uint8Array =>
      new Uint8Array(parquetWriteBuffer({ columnData: columnData as never }));
    const whole = parquet([
      { name: 'pre', type: 'INT32', data: [0, 1] },
      { name: 'post', type: 'INT32', data: [1, 0] },
    ]);
    await refused(
      [['net.parquet', whole.subarray(0, whole.length - 20)]],
      /As a Parquet file it is/,
    );
    await refused([['net.parquet', whole.subarray(0, 40)]], /As a Parquet file it is damaged/);
    const other = parquet([{ name: 'x', type: 'INT32', data: [0, 1] }]);
    await refused([['net.parquet', other]], /no columns for the two ends.*Found: x\./);
    const doubles = parquet([
      { name: 'pre', type: 'DOUBLE', data: [2 ** 59, 1] },
      { name: 'post', type: 'DOUBLE', data: [1, 0] },
    ]);
    await refused(
      [['net.parquet', doubles]],
      /row 1, column "pre": .* is no neuron.*int64 or text/,
    );
    const floats = parquet([
      { name: 'pre', type: 'FLOAT', data: [2 ** 24 + 2, 1] },
      { name: 'post', type: 'FLOAT', data: [1, 0] },
    ]);
    await refused([['net.parquet', floats]], /column of 32-bit floats is no certain neuron/);
  });

  it('Parquet that claims 2^32 rows', async () => {
    const data = [0, 1];
    const bytes = new Uint8Array(
      parquetWriteBuffer({
        columnData: [
          { name: 'pre', type: 'INT32', data },
          { name: 'post', type: 'INT32', data },
        ],
      }),
    );
    const claimed = 2n ** 32n;
    const metadata = parquetMetadata(bytes.buffer);
    metadata.num_rows = claimed;
    for (const group of metadata.row_groups) {
      group.num_rows = claimed;
      for (const { meta_data: column } of group.columns) if (column) column.num_values = claimed;
    }
    const writer = new ByteWriter();
    const footer = new DataView(bytes.buffer).getUint32(bytes.length - 8, true);
    writer.appendBytes(bytes.subarray(0, bytes.length - 8 - footer));
    writeMetadata(writer, metadata, 16);
    writer.appendUint32(new DataView(bytes.buffer).getUint32(0, true));
    await refused([['net.parquet', new Uint8Array(writer.getBuffer())]], /As a Parquet file it is/);
  });
});

describe('archives', () => {
  it('bombs, names that lead out, damaged ones, and nothing in them', async () => {
    const zip = (files: Record<string, Uint8Array>): Uint8Array => zipSync(files, { level: 9 });
    const encoder = new TextEncoder();
    await refused([['net.zip', zip({ 'net.csv': new Uint8Array(100_000_000) })]], /unfolds to/);
    const evil = zip({ '../evil.csv': encoder.encode('pre,post\n0,1\n') });
    await refused([['net.zip', evil]], /has a file called "\.\.\/evil\.csv"/);
    expect(existsSync(join(folder, 'evil.csv'))).toBe(false);
    const whole = zip({ 'net.csv': encoder.encode(table(rows)) });
    await refused([['net.zip', whole.subarray(0, whole.length - 30)]], /has no directory|damaged/);
    await refused([['net.zip', zip({ 'a.txt': encoder.encode('a') })]], /holds no network/);
  });
});

describe('SONATA', () => {
  const config = (files: object): (readonly [string, Content])[] => [
    ['circuit_config.json', { networks: files }],
  ];
  const changed = (name: string, content: Content): (readonly [string, Content])[] => [
    ['circuit_config.json', circuit.get('circuit_config.json') as Uint8Array],
    ...[...circuit].filter(([one]) => one !== 'circuit_config.json' && one !== name),
    [name, content],
  ];
  const EDGES = 'network/a_to_a_edges.h5';

  it.each<[string, string]>([
    ['an absolute path', '/etc/passwd'],
    ['a path upwards', '../../../../etc/passwd'],
  ])('a configuration that names %s', async (_, path) => {
    const nodes = [{ nodes_file: path, node_types_file: null }];
    await refused(config({ nodes }), /leads out of the folder that may be read.*--root/);
  });

  it('a configuration that names a link out of its folder', async () => {
    const place = `case${cases}`;
    write(join(place, 'secret.h5'), 'secret');
    mkdirSync(join(folder, place, 'inner'), { recursive: true });
    symlinkSync(join(folder, place, 'secret.h5'), join(folder, place, 'inner', 'nodes.h5'));
    const nodes = [{ nodes_file: 'nodes.h5', node_types_file: null }];
    write(join(place, 'inner', 'circuit_config.json'), { networks: { nodes } });
    await refused([['inner/circuit_config.json', { networks: { nodes } }]], /a link out of/);
  });

  it('HDF5 cut off, empty, of something else, or with 2^32 edges', async () => {
    const whole = circuit.get(EDGES) as Uint8Array;
    await refused(changed(EDGES, whole.subarray(0, whole.length >> 1)), /a_to_a_edges\.h5/);
    await refused(changed(EDGES, new Uint8Array(0)), /is no HDF5 file/);
    const nodes = circuit.get('network/a_nodes.h5') as Uint8Array;
    await refused(changed(EDGES, nodes), /\/edges: there is no such group/);
    const huge = new Uint8Array(inflateSync(Buffer.from(HUGE_EDGES, 'base64')));
    await refused(changed(EDGES, huge), /4294967296 edges; at most \d+ are read/);
  });
});

describe('others', () => {
  it('JSON and XML that break off, and models without neurons', async () => {
    await refused([['net.json', '{"format":"wetware"']], /is not JSON/);
    await refused([['net.nml', '<neuroml><network']], /not well-formed XML/);
    await refused([['net.nml', '<neuroml><network>']], /<neuroml>, <network> never ends/);
    await refused([['net.nml', '<neuroml><network id="n"/></neuroml>']], /holds no neurons/);
    const bytes = Uint8Array.from({ length: 2560 }, (_, k) => k % 256);
    await refused([['net', bytes]], /is not UTF-8 text|nothing that can be opened/);
    const hdf5 = circuit.get('network/a_nodes.h5') as Uint8Array;
    await refused([['net.nir', hdf5]], /part of a SONATA circuit: open its circuit_config\.json/);
    await refused([['net.nir', hdf5.subarray(0, 100)]], /HDF5/);
  });
});

it('the whole circuit is fine', async () => {
  for (const [name, bytes] of circuit) write(join('whole', name), bytes);
  const path = join(folder, 'whole', 'circuit_config.json');
  expect((await wetware('check', path, '--quiet')).code).toBe(0);
  expect(readFileSync(path).length).toBeGreaterThan(0);
});

/** An HDF5 file, deflated: compressed datasets of 2^32 edges of which nothing is stored, as h5py makes them. */
const HUGE_EDGES = [
  'eNrtmM9LAkEUx9/M6raY1pZKWhFdOkaeg6DQTLIQCqJDsC3tJv3AXWyFunSSoENQ+BckBPVPRNEtqP6ButWhjkHn',
  'mnFnapECCYOE+Swyu/Pevv36dXwDu59JpUOB3oCkKMB5Z1Ri7nWCzVdvnXQuk5rDg0+GvOH9bONu742cAAYEIKtA',
  'Br9p5M2tK/6MFDSF05fx4d9I6qKSZF1zLE1fQKxYsimSKg/FyR8kqcSJuOymjbJ0JihOBXVsWaXiiqkVLMPU1oxn',
  'JowFHb2YNx0efMMs2EODQequ5uzYNIR8rLafjUPh8lFNEgKEIgAYoVpp/sXpKAUBEXngLoNx8BNdktROZkk20INW',
  'VaIAPgxYIjeRTCnAfY1203i928EJkgMqRGiwJty27NKm7qxZBYiTuvSJ6qcSBTA/V76UwTQ0kZHr5f7W9AI33YvX',
  'g/PDRr1w19RgA174vF7ACbQG93u71Ua9cP96agNe4Jb0Yukmq+eSmSztV1qbOzfLYnKMehGq9Zt80SrZpOGEeKOB',
  'u9WzslhRnhVFXPx+I5L7qBuq18eCYW7Ps+1BDtIwSgDbg8OX8PgXIqeSuRkErPPU/VAUHTzN55t5zkUnCAQCgUAg',
  'EAgEAoFAIPin/OLlOSz+nZzj9YGxDz5MFYA=',
].join('');
