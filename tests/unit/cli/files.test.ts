/** The command line on files that people have: it runs them, converts them, and keeps to the root. */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandLine } from '../../support/command-line.ts';
import { dataFolder } from '../../support/folder.ts';
import { describeReference } from '../../support/reference.ts';

const wetware = (...args: string[]) => commandLine(args);

/** What came on standard error beside notes about files. */
const complaints = (err: string): readonly string[] =>
  err.split('\n').filter((line) => line !== '' && !line.startsWith('note: '));

interface Report {
  readonly spike_hash: string;
  readonly neurons: number;
  readonly synapses: number;
  readonly duration_ms: number;
}

async function run(...args: string[]): Promise<Report> {
  const { code, out, err } = await wetware('run', ...args, '--engine', 'cpu', '--json');
  expect([code, complaints(err)]).toEqual([0, []]);
  return JSON.parse(out) as Report;
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wetware-cli-files-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const TABLE = `pre,post,weight\n${Array.from({ length: 200 }, (_, k) => `${k % 20},${(k * 7) % 20},${(k % 5) * 20}\n`).join('')}`;

describe('connection tables', () => {
  it('run, and are the same network in every format', async () => {
    const csv = join(folder, 'net.csv');
    writeFileSync(csv, TABLE);
    const first = await run(csv, '--duration', '300 ms');
    expect(first).toMatchObject({ neurons: 40, synapses: 220 });
    for (const name of ['net.parquet', 'net.wetware.json', 'circuit']) {
      const path = join(folder, name);
      const { code, err } = await wetware('convert', csv, path);
      expect([code, complaints(err)]).toEqual([0, []]);
      const file = name === 'circuit' ? join(path, 'circuit_config.json') : path;
      const again = await run(file, '--duration', '300 ms');
      expect([name, again.spike_hash]).toEqual([name, first.spike_hash]);
    }
    const back = await wetware(
      'convert',
      join(folder, 'circuit', 'config.json'),
      join(folder, 'b.csv'),
    );
    expect(back.code).toBe(0);
    expect(back.err).toContain('connections from other populations are left out: drive to neurons');
    expect((await run(join(folder, 'b.csv'), '--duration', '300 ms')).spike_hash).toBe(
      first.spike_hash,
    );
  });

  it('take a mapping of columns, and --set for what the network has', async () => {
    const path = join(folder, 'other.csv');
    writeFileSync(path, TABLE.replace('pre,post,weight', 'a,b,n'));
    const columns = ['--columns', 'pre=a,post=b,weight=n', '--duration', '100 ms'];
    expect((await run(path, ...columns, '--set', 'drive.rate=50 Hz')).synapses).toBe(220);
    const { code, err } = await wetware('run', path);
    expect(code).toBe(2);
    expect(err).toContain('Found: a, b, n.');
    expect((await wetware('check', path, '--columns', 'a')).code).toBe(2);
  });
});

it('writes results as NumPy archives and SONATA spikes', async () => {
  for (const [format, file] of [
    ['npz', 'spikes.npz'],
    ['sonata', 'spikes.h5'],
  ] as const) {
    const out = join(folder, format);
    await run(
      'cuba',
      '--set',
      'neurons=100',
      '--duration',
      '20 ms',
      '--out',
      out,
      '--format',
      format,
    );
    expect(readdirSync(out).sort()).toEqual([file, 'summary.json']);
  }
});

it('a file that is not there, a folder and a root are told apart', async () => {
  const missing = await wetware('run', join(folder, 'nowhere.csv'));
  expect(missing).toMatchObject({ code: 2, out: '' });
  expect(missing.err).toMatch(/^There is no example and no file ".*nowhere\.csv"\./);
  expect((await wetware('convert', 'nowhere', 'x.csv')).err).toMatch(/^There is no example/);
  const circuit = join(folder, 'a-circuit');
  expect((await wetware('convert', 'two-neurons', circuit)).code).toBe(0);
  const directory = await wetware('run', circuit);
  expect(directory.code).toBe(2);
  expect(directory.err).toMatch(
    /is not a file but a folder\. Did you mean .*circuit_config\.json\?/,
  );
  const rootless = await wetware('run', join(circuit, 'circuit_config.json'), '--root', 'nowhere');
  expect([rootless.code, rootless.err]).toEqual([2, '--root must be a folder, got "nowhere".\n']);
});

it('--out in a place where no folder can be made fails at once', async () => {
  const { code, err } = await wetware('run', 'two-neurons', '--out', '/proc/nowhere/results');
  expect(code).toBe(2);
  expect(err).toMatch(/^--out must be a folder that can be written/);
});

it('what is no network is refused with a way out', async () => {
  writeFileSync(
    join(folder, 'noise.bin'),
    Uint8Array.from({ length: 500 }, (_, k) => (k * 37) % 256),
  );
  const { code, err } = await wetware('run', join(folder, 'noise.bin'));
  expect(code).toBe(2);
  expect(err).not.toContain('    at ');
  writeFileSync(join(folder, 'README.md'), '# A text\n\nof several lines.\n');
  const prose = await wetware('run', join(folder, 'README.md'));
  expect([prose.code, prose.err]).toEqual([
    2,
    expect.stringMatching(
      /nothing that can be opened\. A network is a document of wetware \(JSON\)/,
    ),
  ]);
  expect((await wetware('convert', 'cuba')).code).toBe(2);
  const named = await wetware('convert', 'cuba', join(folder, 'x.docx'));
  expect(named.code).toBe(2);
  expect(named.err).toContain('.wetware.json');
});

describeReference('SONATA circuits', () => {
  const config = fileURLToPath(new URL('300_intfire/circuit_config.json', dataFolder('sonata')));
  const root = fileURLToPath(dataFolder('sonata'));

  it('300_intfire runs from its own files', async () => {
    const report = await run(config, '--root', root);
    expect(report).toMatchObject({ neurons: 420, synapses: 87_720, duration_ms: 3000 });
  });

  it('does not leave the root, not even by a link', async () => {
    const { code, err } = await wetware('run', config);
    expect(code).toBe(2);
    expect(err).toContain('--root');
    const trap = join(folder, 'trap');
    mkdirSync(trap);
    symlinkSync(config, join(trap, 'nodes.h5'));
    writeFileSync(
      join(trap, 'circuit_config.json'),
      JSON.stringify({ networks: { nodes: [{ nodes_file: 'nodes.h5' }] } }),
    );
    const linked = await wetware('run', join(trap, 'circuit_config.json'));
    expect(linked.code).toBe(2);
    expect(linked.err).toContain('a link out of');
  });
});

describeReference('the fly circuit of the P9 neurons', () => {
  const data = fileURLToPath(dataFolder('flywire-p9'));

  it('runs from CSV and, converted, from gzip, Parquet, SONATA and JSON, with one spike hash', async () => {
    const csv = join(data, 'edges.csv');
    const time = ['--duration', '500 ms'];
    const first = await run(csv, ...time);
    // 196 neurons with 4,715 connections; each neuron has a drive of its own.
    expect(first).toMatchObject({ neurons: 392, synapses: 4715 + 196 });
    writeFileSync(join(folder, 'edges.csv.gz'), gzipSync(readFileSync(csv)));
    // Files keep the name that seeds nothing: hashes depend on seed and network alone.
    const parquet = join(folder, 'p9.parquet');
    const circuit = join(folder, 'p9-circuit');
    for (const [from, to] of [
      [csv, parquet],
      [parquet, circuit],
      [join(circuit, 'circuit_config.json'), join(folder, 'p9.wetware.json')],
    ] as const) {
      const { code, err } = await wetware('convert', from, to);
      expect([to, code, complaints(err)]).toEqual([to, 0, []]);
    }
    for (const name of [
      'edges.csv.gz',
      'p9.parquet',
      'p9-circuit/circuit_config.json',
      'p9-circuit/config.json',
      'p9.wetware.json',
    ]) {
      const { spike_hash: hash } = await run(join(folder, name), ...time);
      expect([name, hash]).toEqual([name, first.spike_hash]);
    }
    // And back: the table that comes out is the one that went in.
    await wetware('convert', join(circuit, 'circuit_config.json'), join(folder, 'back.csv'));
    const lines = (path: string): string[] =>
      readFileSync(path, 'utf8').trimEnd().split(/\r?\n/).slice(1).sort();
    expect(lines(join(folder, 'back.csv'))).toEqual(lines(csv));
  });
});

describeReference('the fly brain from the files of a snapshot', () => {
  it('writes who responded beside the spikes, for one trial and for several', async () => {
    // The table of neurons is whole (127,400); of the connections only those of the P9 circuit may be passed on.
    const data = join(folder, 'snapshot');
    mkdirSync(data);
    const read = (path: string): Buffer =>
      readFileSync(fileURLToPath(dataFolder(path)).slice(0, -1));
    const neurons = gunzipSync(read('flywire-shiu2024/2023_03_23_completeness_630_final.csv.gz'));
    writeFileSync(join(data, '2023_03_23_completeness_630_final.csv'), neurons);
    const connections = read('flywire-p9/connectivity_p9_v630.parquet');
    writeFileSync(join(data, '2023_03_23_connectivity_630_final.parquet'), connections);
    const P9 = '720575940627652358';
    for (const trials of [1, 2]) {
      const out = join(folder, `trials-${trials}`);
      const set = [`data=${data}`, `activate=${P9}`, `trials=${trials}`, 'experiment=p9'];
      const { code, err } = await wetware(
        'run',
        'flywire',
        ...set.flatMap((one) => ['--set', one]),
        ...['--engine', 'cpu', '--duration', '50 ms', '--out', out],
      );
      expect([code, complaints(err)]).toEqual([0, []]);
      const [head, first = ''] = readFileSync(join(out, 'p9-rates.csv'), 'utf8').split('\n');
      expect(head).toBe('flywire_id,mean_rate_hz,sd_rate_hz');
      expect(first.startsWith(`${P9},`)).toBe(true);
      expect(Number(first.split(',')[1])).toBeGreaterThan(50);
      expect(readdirSync(out)).toContain('p9.parquet');
      expect(readdirSync(out)).toContain(trials === 1 ? 'spikes.parquet' : 'run-2');
    }
  });
});
