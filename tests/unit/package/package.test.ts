/**
 * The package as somebody installs it: every entry imports in Node and has its types, and brings no library before a
 * function needs one.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Network } from '../../../src/index.ts';
import { openParquet } from '../../../src/io/parquet-read.ts';
import { type Installed, installPackage, manifest } from '../../support/package.ts';

const entries = Object.entries(manifest.exports).flatMap(([name, files]) =>
  typeof files === 'string' ? [] : [{ name: name.replace('.', manifest.name), ...files }],
);

/** Entries that need a document to be imported. */
const IN_BROWSERS = ['wetware/element'];

let installed: Installed;
beforeAll(() => {
  installed = installPackage();
});
afterAll(() => installed?.remove());

/** Runs a module in the consumer's folder. */
function node(name: string, code: string): string {
  const file = join(installed.folder, name);
  writeFileSync(file, code);
  return execFileSync(process.execPath, [file], { encoding: 'utf8', cwd: installed.folder });
}

/** The files that importing a file loads before anything is called, and the packages. */
function loadedBy(file: string): { files: Set<string>; packages: Set<string> } {
  const files = new Set<string>();
  const packages = new Set<string>();
  const visit = (path: string): void => {
    if (files.has(path)) return;
    files.add(path);
    const code = readFileSync(path, 'utf8');
    for (const [, target = ''] of code.matchAll(/^(?:import|export)\b[^;]*?["']([^"']+)["'];/gm)) {
      if (target.startsWith('.')) visit(join(dirname(path), target));
      else packages.add(target);
    }
  };
  visit(file);
  return { files, packages };
}

const bytesOf = (paths: Iterable<string>): number =>
  [...paths].reduce((sum, path) => sum + readFileSync(path).length, 0);

describe('entries', () => {
  it('all import in Node, and hold what they say', () => {
    const code = entries
      .filter(({ name }) => !IN_BROWSERS.includes(name))
      .map(({ name }) => `console.log(JSON.stringify(Object.keys(await import('${name}'))));\n`)
      .join('');
    const lines = node('entries.mjs', code).trim().split('\n');
    const names = new Map(
      entries
        .filter(({ name }) => !IN_BROWSERS.includes(name))
        .map(({ name }, k) => [name, JSON.parse(lines[k] ?? '[]')]),
    );
    expect(names.get('wetware')).toContain('createSimulation');
    expect(names.get('wetware/examples')).toEqual(['examples']);
    expect(names.get('wetware/io')).toContain('openNetwork');
    expect(names.get('wetware/io/connectome')).toContain('readConnectomeTable');
    expect(names.get('wetware/io/sonata')).toContain('readSonata');
    expect(names.get('wetware/io/nir')).toContain('readNir');
    expect(names.get('wetware/io/neuroml')).toContain('readNeuroml');
    expect(names.get('wetware/io/scripts')).toContain('toBrian2');
    expect(names.get('wetware/io/results')).toContain('createSpikeStream');
    expect(names.get('wetware/io/node')).toEqual(['folderSource', 'locateFile']);
    expect(names.get('wetware/biomedical')).toContain('compareIntervention');
    expect(names.size).toBe(11);
  });

  it('have the element for pages, with its workers beside it', () => {
    const element = entries.find(({ name }) => name === 'wetware/element');
    const code = readFileSync(join(installed.path, element?.default ?? ''), 'utf8');
    expect(code).toContain('wetware-network');
    const [worker = ''] = /element\/worker-[\w-]+\.js/.exec(code) ?? [];
    expect(readFileSync(join(installed.path, 'dist', worker), 'utf8')).toContain('attachRaster');
  });

  it('load no library, and those of io not the simulator', () => {
    for (const { name, default: file } of entries) {
      const { files, packages } = loadedBy(join(installed.path, file));
      const foreign = [...packages].filter((one) => !one.startsWith('node:'));
      expect([name, foreign]).toEqual([name, []]);
      const isIo = name.includes('/io');
      // Not minified: validation of documents, units and the library's models are most of it. The simulator has more alone.
      if (isIo) expect([name, bytesOf(files) < 600_000]).toEqual([name, true]);
    }
  });

  it.each(['nodenext', 'bundler'])('have types, checked with moduleResolution %s', (resolution) => {
    writeFileSync(
      join(installed.folder, 'use.mts'),
      `import { createSimulation, type NetworkDocument, type SimulationOptions } from 'wetware';
import { type Comparison, compareIntervention } from 'wetware/biomedical';
import { examples } from 'wetware/examples';
import { type FileSource, memorySource, type OpenedNetwork, openNetwork } from 'wetware/io';
import { type ConnectomeTable, connectomeNetwork, readConnectomeTable } from 'wetware/io/connectome';
import { readNeuroml } from 'wetware/io/neuroml';
import { readNir, writeNir } from 'wetware/io/nir';
import { folderSource } from 'wetware/io/node';
import { createSpikeStream, type SpikeStream } from 'wetware/io/results';
import { readSonata, writeSonata } from 'wetware/io/sonata';

const source: FileSource = memorySource(new Map());
export const opened: Promise<OpenedNetwork> = openNetwork(source, 'net.nir', { dtMs: 0.1 });
export const table: Promise<ConnectomeTable> = readConnectomeTable(new Uint8Array());
export const files: Promise<ReadonlyMap<string, Uint8Array>> = readNir(new Uint8Array())
  .then((document: NetworkDocument) => writeSonata(document));
export const comparison: Promise<Comparison> = openNetwork(source, 'net.nir').then(({ document }) =>
  compareIntervention(document, { interventions: [], duration: '1 s' }));
export const others = [readNeuroml, readSonata, writeNir, connectomeNetwork, folderSource, examples];
export async function stream(document: NetworkDocument): Promise<number> {
  let spikes: SpikeStream | null = null;
  const options: SimulationOptions = {
    keepSpikes: false,
    onSpikes: (steps, neurons) => spikes?.append(steps, neurons),
  };
  using simulation = await createSimulation(document, options);
  const { populations, dtMs } = simulation;
  spikes = await createSpikeStream({ populations, dtMs, write: (bytes: Uint8Array) => void bytes });
  await simulation.run('1 s');
  spikes.finish();
  // @ts-expect-error: a number is no text
  const wrong: string = spikes.count;
  return wrong.length;
}
`,
    );
    writeFileSync(
      join(installed.folder, 'tsconfig.json'),
      JSON.stringify({
        compilerOptions: {
          strict: true,
          noEmit: true,
          target: 'esnext',
          lib: ['esnext', 'dom', 'dom.iterable'],
          module: resolution === 'nodenext' ? 'nodenext' : 'esnext',
          moduleResolution: resolution,
          types: [],
          skipLibCheck: true,
        },
        files: ['use.mts'],
      }),
    );
    expect(installed.run('typescript/bin/tsc', '-p', 'tsconfig.json')).toBe('');
  });
});

it('the installed command line runs and converts', () => {
  const cli = join(installed.path, 'dist/cli.js');
  const wetware = (...args: string[]): string =>
    execFileSync(process.execPath, [cli, ...args], { encoding: 'utf8', cwd: installed.folder });
  writeFileSync(join(installed.folder, 'net.csv'), 'pre,post,weight\n0,1,300\n1,2,300\n2,0,300\n');
  wetware('convert', 'net.csv', 'net.parquet');
  wetware('convert', 'net.parquet', 'circuit');
  const hashes = ['net.csv', 'net.parquet', 'circuit/circuit_config.json'].map((file) => {
    const args = ['run', file, '--engine', 'cpu', '--duration', '200 ms', '--json', '--seed', '1'];
    const report = JSON.parse(wetware(...args)) as { spike_hash: string; spikes: number };
    expect(report.spikes).toBeGreaterThan(0);
    return report.spike_hash;
  });
  expect(new Set(hashes).size).toBe(1);
});

it('ten million spikes go to Parquet and CSV through the command line: none lost, in bounded memory', async () => {
  const net = new Network({ name: 'all', dt: '1 ms', seed: 1 });
  // Every neuron in every step.
  const [size, steps] = [20_000, 500];
  net.population('all', size, { eqs: '', threshold: 'True' });
  writeFileSync(join(installed.folder, 'all.json'), JSON.stringify(net));
  const cli = pathToFileURL(join(installed.path, 'dist/cli.js')).href;
  for (const format of ['parquet', 'csv']) {
    const args = ['run', 'all.json', '--duration', `${steps} ms`, '--out', format, '--quiet'];
    const output = node(
      'measure.mjs',
      `process.argv.push(...${JSON.stringify([...args, '--format', format, '--engine', 'cpu', '--json'])});
       process.on('exit', () => console.log(process.resourceUsage().maxRSS));
       await import(${JSON.stringify(cli)});`,
    );
    const [report = '', maxKilobytes] = output.trim().split('\n');
    const summary = JSON.parse(report) as { spikes: number; spike_hash: string };
    expect(summary.spikes).toBe(size * steps);
    // Keeping and converting all of them takes more than twice as much; a process without any takes 100 MB.
    expect(Number(maxKilobytes)).toBeLessThan(400_000);
    expect(readdirSync(join(installed.folder, format)).sort()).toEqual([
      `spikes.${format}`,
      'summary.json',
    ]);
  }
  const bytes = readFileSync(join(installed.folder, 'parquet/spikes.parquet'));
  const table = await openParquet(new Uint8Array(bytes), 'spikes.parquet');
  expect(table.rows).toBe(size * steps);
  const hash = createHash('sha256');
  await table.read(['step', 'neuron'], (columns, _, count) => {
    const pairs = new Uint32Array(2 * count);
    const step = columns.get('step') as Int32Array;
    const neuron = columns.get('neuron') as Int32Array;
    for (let k = 0; k < count; k++) {
      pairs[2 * k] = step[k] as number;
      pairs[2 * k + 1] = neuron[k] as number;
    }
    hash.update(new Uint8Array(pairs.buffer));
  });
  const { spike_hash } = JSON.parse(
    readFileSync(join(installed.folder, 'parquet/summary.json'), 'utf8'),
  ) as { spike_hash: string };
  expect(hash.digest('hex')).toBe(spike_hash);
  const csv = readFileSync(join(installed.folder, 'csv/spikes.csv'));
  let lines = 0;
  for (let at = csv.indexOf(10); at >= 0; at = csv.indexOf(10, at + 1)) lines++;
  expect(lines).toBe(size * steps + 1);
  expect(csv.subarray(csv.lastIndexOf(10, csv.length - 2) + 1).toString()).toBe(
    '499,499,19999,all\n',
  );
});
