/** What `run --out` leaves behind: whole files or none, in every format, of the same spikes. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Network } from '../../../src/index.ts';
import { commandLine } from '../../support/command-line.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wetware-results-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (...args: string[]) => commandLine(['run', ...args, '--engine', 'cpu', '--json']);

/** Two populations with names that need quotes; `a` turns into NaN when w is 1. */
function network(): string {
  const net = new Network({ name: 'two', seed: 2 });
  net.population('a', 30, {
    eqs: 'dv/dt = (2 - v)/(5*ms) + (sqrt(0.5) - sqrt(0.5 - w*v))/ms : 1',
    threshold: 'v > 1',
    reset: 'v = 0',
    method: 'euler',
    params: { w: 0 },
    initial: { v: 'rand()*0.4' },
  });
  net.poissonPopulation('b, noisy', 20, { rate: '50 Hz' });
  const path = join(folder, 'two.json');
  writeFileSync(path, JSON.stringify(net));
  return path;
}

const rowOf = ({ step, time_ms, neuron, population }: Readonly<Record<string, unknown>>) => ({
  step: Number(step),
  time_ms: Number(time_ms),
  neuron: Number(neuron),
  population: String(population),
});

describe('run --out', () => {
  it('streams what it would have kept, with where it came from', async () => {
    const path = network();
    const out = join(folder, 'formats');
    const reports = new Map<string, { spikes: number; spike_hash: string }>();
    for (const format of ['parquet', 'csv', 'npz', 'sonata']) {
      const result = await run(path, '--duration', '200 ms', '--out', out, '--format', format);
      expect([result.code, result.err]).toEqual([0, '']);
      reports.set(format, JSON.parse(result.out));
    }
    const hashes = [...reports.values()].map(({ spike_hash }) => spike_hash);
    expect(new Set(hashes).size).toBe(1);
    expect(readdirSync(out).sort()).toEqual([
      'spikes.csv',
      'spikes.h5',
      'spikes.npz',
      'spikes.parquet',
      'summary.json',
    ]);
    const file = new Uint8Array(readFileSync(join(out, 'spikes.parquet')));
    const rows = (await parquetReadObjects({ file: file.buffer })).map(rowOf);
    expect(rows.length).toBe(reports.get('parquet')?.spikes);
    expect(new Set(rows.map(({ population }) => population))).toEqual(new Set(['a', 'b, noisy']));
    const lines = readFileSync(join(out, 'spikes.csv'), 'utf8').trimEnd().split('\n').slice(1);
    const times = (ms: number): number => Number(ms.toFixed(10));
    expect(lines).toEqual(
      rows.map(({ step, time_ms, neuron, population }) => {
        const name = population.includes(',') ? `"${population}"` : population;
        return `${step},${times(time_ms)},${neuron},${name}`;
      }),
    );
    const facts = parquetMetadata(file).key_value_metadata ?? [];
    expect(Object.fromEntries(facts.map(({ key, value }) => [key, value]))).toEqual({
      model: 'two',
      engine: 'cpu',
      seed: '2',
      dt_ms: '0.1',
      duration_ms: '200',
      spike_hash: hashes[0],
    });
  });

  it.each(['parquet', 'csv'])('a run without a spike is a whole %s file too', async (format) => {
    const path = network();
    const out = join(folder, `none-${format}`);
    expect((await run(path, '--duration', '0 ms', '--out', out, '--format', format)).code).toBe(0);
    const bytes = readFileSync(join(out, `spikes.${format}`));
    if (format === 'csv') expect(bytes.toString()).toBe('step,time_ms,neuron,population\n');
    else expect(parquetMetadata(new Uint8Array(bytes)).num_rows).toBe(0n);
  });

  it('a run that fails leaves no file behind, and earlier results as they were', async () => {
    const path = network();
    const out = join(folder, 'failed');
    const args = [path, '--duration', '100 ms', '--out', out];
    expect((await run(...args)).code).toBe(0);
    const before = readFileSync(join(out, 'spikes.parquet'));
    const { code, err, out: text } = await run(...args, '--set', 'a.w=1');
    expect([code, text]).toEqual([1, '']);
    expect(err).toMatch(/is not a finite number any more/);
    expect(readdirSync(out).sort()).toEqual(['spikes.parquet', 'summary.json']);
    expect(readFileSync(join(out, 'spikes.parquet')).equals(before)).toBe(true);
  });

  it('variables that would fill the memory are refused before the run', async () => {
    const path = network();
    const args = [path, '--duration', '1000 s', '--record', 'a.v'];
    const { code, err } = await run(...args);
    expect(code).toBe(2);
    expect(err).toMatch(/"a\.v" would take 4\.47 GiB of memory \(30 neurons, 10000000 steps\)/);
    expect(err).toContain('a[0:10].v');
  });
});
