/** `wetware run` with --seeds and --vary, in-process: what it prints, what it writes, how it refuses and stops. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Network } from '../../../src/index.ts';
import { type CommandResult, commandLine } from '../../support/command-line.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wetware-many-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a command line on the CPU engine; `interruptAfterMs` presses Ctrl-C. */
const run = (args: readonly string[], interruptAfterMs?: number): Promise<CommandResult> =>
  commandLine(['run', ...args, '--engine', 'cpu'], { interruptAfterMs });

const lines = (text: string): Record<string, unknown>[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

/** Three neurons that spike every 2 ms at drive 5, and a variable that runs away where `growth` is given. */
function document(): string {
  const net = new Network({ name: 'clocks', params: { growth: 0 } });
  net.population('a', 3, {
    eqs: `dv/dt = drive/(10*ms) : 1
          dx/dt = growth*x/ms : 1`,
    threshold: 'v > 0.99',
    reset: 'v = 0',
    method: 'euler',
    params: { drive: 5 },
    initial: { x: 1 },
  });
  const path = join(folder, 'clocks.json');
  writeFileSync(path, JSON.stringify(net));
  return path;
}

const cuba = ['cuba', '--set', 'neurons=200', '--duration', '50 ms'];

describe('--seeds and --vary', () => {
  it('runs an example for seeds and values; each line has the hash of the run alone', async () => {
    const { code, out, err } = await run([
      ...cuba,
      '--seeds',
      '1..2,7',
      '--vary',
      'neurons=100,200',
      '--json',
    ]);
    expect([code, err]).toEqual([0, '']);
    const reports = lines(out);
    expect(reports.map(({ label }) => label)).toEqual([
      'neurons = 100, seed 1',
      'neurons = 100, seed 2',
      'neurons = 100, seed 7',
      'neurons = 200, seed 1',
      'neurons = 200, seed 2',
      'neurons = 200, seed 7',
    ]);
    expect(reports.map(({ neurons }) => neurons)).toEqual([100, 100, 100, 200, 200, 200]);
    const [alone] = lines((await run([...cuba, '--seed', '7', '--json'])).out);
    const { spike_hash, spikes, synapses } = alone as Record<string, unknown>;
    expect(reports[5]).toMatchObject({
      spike_hash,
      spikes,
      synapses,
      parameters: { neurons: 200 },
    });
  });

  it('reaches parameters of documents, and prints a table', async () => {
    const { code, out } = await run([
      document(),
      '--vary',
      'a.drive=5,10',
      '--seeds',
      '3',
      '--duration',
      '100 ms',
      '--at-once',
      '1',
    ]);
    expect(code).toBe(0);
    const rows = out.split('\n').map((row) => row.trim().split(/\s{2,}/));
    expect(rows[0]?.join(' ')).toMatch(
      /^clocks: 2 runs of 100 ms in 2 launches, cpu, simulated in/,
    );
    expect(rows[1]).toEqual(['run', 'a.drive', 'seed', 'a']);
    // v grows by 0.05 or 0.1 per step, to above 0.99 in 20 or 10 of them, without spread.
    expect(rows[2]).toEqual(['1', '5', '3', '500.00 Hz, CV 0.00']);
    expect(rows[3]).toEqual(['2', '10', '3', '1000.00 Hz, CV 0.00']);
  });

  it('writes a folder for each run, and a table of all', async () => {
    const out = join(folder, 'out');
    const { code } = await run([
      document(),
      ...['--vary', 'a.drive=5,10', '--duration', '20 ms', '--record', 'a.v'],
      ...['--out', out, '--format', 'csv'],
    ]);
    expect(code).toBe(0);
    expect(readdirSync(out).sort()).toEqual(['run-1', 'run-2', 'runs.csv']);
    expect(readdirSync(join(out, 'run-2')).sort()).toEqual([
      'a.v.csv',
      'spikes.csv',
      'summary.json',
    ]);
    const [head = '', first = '', second = ''] = readFileSync(join(out, 'runs.csv'), 'utf8').split(
      '\n',
    );
    expect(head).toMatch(
      /^run,a.drive,seed,duration_ms,synapses,spikes,rate_hz,a rate_hz,a cv_isi,error/,
    );
    const summary = JSON.parse(readFileSync(join(out, 'run-2', 'summary.json'), 'utf8'));
    expect(first).toMatch(/^1,5,1,20,0,/);
    expect(second.split(',')[5]).toBe(String(summary.spikes));
    const spikes = readFileSync(join(out, 'run-2', 'spikes.csv'), 'utf8')
      .trim()
      .split('\n');
    expect(spikes).toHaveLength(summary.spikes + 1);
  });

  it('an experiment of an example has its trials, and the tables of the example are made of them', async () => {
    const data = join(folder, 'fly');
    mkdirSync(data);
    const write = (name: string, text: string) => writeFileSync(join(data, name), text);
    const columns = 'Presynaptic_Index,Postsynaptic_Index,Excitatory x Connectivity';
    write('Connectivity_783.parquet', `${columns}\n0,1,200\n1,2,200\n`);
    write('Completeness_783.csv', ',Completed\n7,True\n8,True\n9,True\n');
    const set = [`data=${data}`, 'activate=7', 'rate=150 Hz', 'trials=3', 'experiment=taste'];
    const out = join(folder, 'trials');
    const { code, err } = await run([
      'flywire',
      ...set.flatMap((one) => ['--set', one]),
      ...['--seed', '5', '--duration', '200 ms', '--out', out, '--format', 'csv'],
    ]);
    expect([code, err]).toEqual([0, '']);
    const names = readdirSync(out).sort();
    expect(names).toEqual([
      'run-1',
      'run-2',
      'run-3',
      'runs.csv',
      'taste-rates.csv',
      'taste.parquet',
    ]);
    const rows = readFileSync(join(out, 'runs.csv'), 'utf8').trim().split('\n').slice(1);
    expect(rows.map((row) => row.split(',').slice(0, 2))).toEqual([
      ['1', '5'],
      ['2', '6'],
      ['3', '7'],
    ]);
    // Activated neurons spike at about 150 Hz, so that one table has at least the first of them.
    expect(readFileSync(join(out, 'taste-rates.csv'), 'utf8')).toMatch(/\n7,/);
  });

  it('a run that fails is named, the others are run, the exit code is 1', async () => {
    const { code, out, err } = await run([
      document(),
      ...['--vary', 'growth=0,1000', '--duration', '20 ms', '--json'],
    ]);
    expect(code).toBe(1);
    expect(err).toMatch(
      /^warning: The run with growth = 1000 failed\. Population "a": x of neuron 0 /,
    );
    const reports = lines(out);
    const complete = Object.fromEntries(reports.map((one) => [one.label, one.is_complete]));
    expect(complete).toEqual({ 'growth = 0': true, 'growth = 1000': false });
  });

  it('Ctrl-C ends the runs under way and keeps what there is', async () => {
    const { code, out, err } = await run(
      [document(), '--seeds', '1..3', '--at-once', '1', '--duration', '100000 s', '--json'],
      1500,
    );
    expect(code).toBe(1);
    expect(err).toContain('stopped: 0 of 3 runs came to their ends');
    expect(lines(out)).toMatchObject([{ label: 'seed 1', is_complete: false }]);
  }, 30_000);

  it.each<[string[], RegExp]>([
    [['--seeds', '1..'], /--seeds must be such as 1\.\.10 or 1,2,7\.\.9, got "1\.\."/],
    [['--seeds', '5..1'], /--seeds must be such as/],
    [['--seeds', '1..99999999999'], /--seeds may be 10000 at most, got 99999999999 of them/],
    [['--seeds', '1,1'], /seeds must be a list of different seeds.*got 1 more than once/],
    [['--seeds', '1..9', '--seed', '1'], /--seed and --seeds exclude each other/],
    [['--vary', 'neurons'], /--vary needs key=value,value/],
    [['--vary', 'neurons=100,,200'], /--vary needs key=value,value/],
    [['--vary', 'neurons=100', '--vary', 'neurons=200'], /--vary neurons was given twice/],
    [['--vary', 'nuerons=100'], /run with nuerons = 100: .*"nuerons"\. Did you mean "neurons"\?/],
    [['--seeds', '1..9', '--at-once', '0'], /--at-once must be a whole number from 1 on, got "0"/],
    [['--at-once', '4'], /--at-once says how --seeds and --vary are run/],
    [
      ['--seeds', '1..5000', '--vary', 'neurons=100,101,102'],
      /15000 runs \(3 x 5000\) are more than/,
    ],
  ])('%j is refused with a reason', async (args, message) => {
    const { code, err } = await run(['cuba', ...args]);
    expect(err).toMatch(message);
    expect(code).toBe(2);
  });
});
