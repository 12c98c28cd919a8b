/** The command line in-process: what it prints where, and how it exits. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatBytes, formatSeconds, progressText } from '../../../src/cli/progress.ts';
import { Network, type NetworkDocument } from '../../../src/index.ts';
import { commandLine } from '../../support/command-line.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wetware-cli-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A file in the test's folder. */
function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

/** Ten neurons that fire every 2.1 ms once they are driven, without connections. */
function clocks(name = 'clocks'): NetworkDocument {
  const net = new Network({ name, params: { tau: '10 ms' } });
  net.population('a', 10, {
    eqs: 'dv/dt = drive/tau : 1',
    threshold: 'v > 1',
    reset: 'v = 0',
    params: { drive: 5 },
  });
  return net.document;
}

describe('usage', () => {
  it('without arguments shows the verbs', async () => {
    const { code, out } = await commandLine([]);
    expect(code).toBe(0);
    for (const verb of ['run', 'list', 'info', 'check']) expect(out).toContain(verb);
  });

  it('a verb has its own help', async () => {
    const { code, out } = await commandLine(['run', '--help']);
    expect(code).toBe(0);
    expect(out).toContain('--duration <time>');
  });

  it.each<[string[]]>([[['help', 'run']], [['run', '-h']], [['--help', 'run', 'cuba']]])(
    '%j is help as well',
    async (args) => {
      const { code, out } = await commandLine(args);
      expect(code).toBe(0);
      expect(out).toContain('--duration <time>');
      for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
    },
  );

  it('prints the version of the package', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect((await commandLine(['--version'])).out).toBe(`${version}\n`);
  });

  it.each<[string[], RegExp]>([
    [['rnu', 'cuba'], /Unknown verb: "rnu"\. Did you mean "run"\?/],
    [['run'], /needs the name of an example or a document/],
    [['run', 'cuba', 'coba'], /unexpected "coba"/],
    [['run', 'cbua'], /no example and no file "cbua"\. Did you mean "cuba"\?/],
    [
      ['run', 'cuba', '--duraton', '1 s'],
      /Unknown option of wetware run: "--duraton"\. Did you mean "--duration"\?/,
    ],
    [['run', 'cuba', '--engine', 'tpu'], /--engine must be gpu or cpu or auto, got "tpu"/],
    [['run', 'cuba', '--engine'], /--engine needs a value: --engine <name>/],
    [['run', 'cuba', '--engine', '--json'], /--engine needs a value/],
    [['run', 'cuba', '--out', ''], /--out needs a value/],
    [['run', 'cuba', '--json=yes'], /--json takes no value, got "yes"/],
    [['run', 'cuba', '-d', '1 s'], /Unknown option of wetware run: "-d"/],
    [['run', 'cuba', 'neurons=400'], /unexpected "neurons=400"\. Parameters go after --set/],
    [['bench', '--help'], /Unknown verb: "bench"/],
    [['--json'], /A verb must come first: run, list/],
    [
      ['run', 'cuba', '--duration', '1e300 s'],
      /--duration must be at most 59\.7 h \(2147483647 steps of 0\.1 ms/,
    ],
    [['run', 'cuba', '--duration', '-5 ms'], /--duration must be a time >= 0, got "-5 ms"/],
    [['run', 'cuba', '--dt', '0 ms'], /dt must be greater than 0/],
    [['run', 'cuba', '--record', 'neuron'], /no population "neuron"\. Did you mean "neurons"\?/],
    [
      ['run', 'cuba', '--record', 'neurons[3]'],
      /\[FROM:TO\] and \.VARIABLE, for example neurons\[0:10\]\.v/,
    ],
    [['run', 'cuba', '--record', 'neurons[0:5000]'], /5000/],
    [['run', 'cuba', '--record', 'neurons.vv', '--engine', 'cpu'], /Did you mean "v"\?/],
    [
      ['run', 'cuba', '--out', 'package.json'],
      /--out must be a folder .*there is a file of that name/,
    ],
    [['run', 'cuba', '--threads', '0'], /--threads must be a whole number from 1 to 64, got "0"/],
    [['run', 'cuba', '--threads', 'all'], /--threads must be a whole number from 1 to 64/],
    [['run', 'cuba', '--threads', '2', '--engine', 'gpu'], /--threads are those of the CPU engine/],
    [
      ['run', 'cuba', '--synapses', 'procedual'],
      /--synapses must be auto or stored or procedural, got "procedual"/,
    ],
    [['check', 'cuba', '--synapses', 'host'], /--synapses must be auto/],
    [['run', 'cuba', '--precision', 'f16'], /--precision must be f32 or f64/],
    [
      ['run', 'cuba', '--precision', 'f64', '--engine', 'gpu'],
      /--precision f64 is a mode of the CPU engine/,
    ],
    [['run', 'cuba', '--seed', '-1'], /--seed must be a whole number/],
    [['run', 'cuba', '--duration', '5'], /--duration must be .*"5 ms"|--duration must be/],
    [['run', 'cuba', '--duration', '1 mV'], /--duration must be/],
    [['run', 'cuba', '--set', 'neurons'], /--set needs key=value, got "neurons"/],
    [['run', 'cuba', '--set', 'nuerons=5'], /"nuerons".*Did you mean "neurons"\?/],
    [['run', 'cuba', '--format', 'xml'], /--format must be parquet or csv/],
    [
      ['run', 'cuba', '--intervene', 'exc*2'],
      /"exc\*2" is no intervention\. Write OWNER\.PARAMETER/,
    ],
    [
      ['run', 'cuba', '--intervene', 'ex.w*2@1ms'],
      /no population, field, projection or input "ex"/,
    ],
    [
      ['run', 'cuba', '--intervene', 'exc.v*2@1ms'],
      /interventions\[0\]: Projection "exc": unknown parameter "v"/,
    ],
    [['list', 'cuba'], /unexpected "cuba"/],
  ])('%j is refused with a way out, exit code 2', async (args, message) => {
    const { code, out, err } = await commandLine(args);
    expect(err).toMatch(message);
    expect(err).not.toContain('    at ');
    expect(out).toBe('');
    expect(code).toBe(2);
  });
});

describe('list and info', () => {
  it('list names every example with its source', async () => {
    const { code, out } = await commandLine(['list']);
    expect(code).toBe(0);
    expect(out).toContain('cuba');
    expect(out).toContain('neurons=4000');
    const { out: json } = await commandLine(['list', '--json']);
    const { examples } = JSON.parse(json);
    expect(examples.map(({ name }: { name: string }) => name)).toContain('microcircuit');
  });

  it('info says which adapter there is', async () => {
    const { code, out } = await commandLine(['info', '--json']);
    expect(code).toBe(0);
    const report = JSON.parse(out) as Record<string, unknown>;
    expect(report).toHaveProperty('adapter');
    expect(report).toMatchObject({ cores: availableParallelism(), shared_memory: true });
    const { out: text } = await commandLine(['info']);
    expect(text).toMatch(/^processor: .+, \d+ cores?; up to \d+ threads? for the CPU engine$/m);
  });
});

describe('documents from files', () => {
  it.each<[string, unknown, RegExp]>([
    ['broken.json', '{"format": ', /broken\.json: is not JSON/],
    ['other.json', { format: 'nest' }, /format.*"wetware"/],
    ['list.json', [], /network document/i],
    ['key.json', { ...clocks(), popualtions: [] }, /popualtions.*[Dd]id you mean "populations"/],
    [
      'equation.json',
      { ...clocks(), populations: [{ ...clocks().populations[0], eqs: 'dv/dt = w/tau : 1' }] },
      /"?w"?/,
    ],
  ])('%s is refused, exit code 2', async (name, content, message) => {
    const { code, err } = await commandLine(['check', file(name, content)]);
    expect(err).toMatch(message);
    expect(code).toBe(2);
  });

  it('a folder is no document', async () => {
    const { code, err } = await commandLine(['check', folder]);
    expect(err).toMatch(/is not a file but a folder/);
    expect(code).toBe(2);
  });

  it('check says how synapses are held', async () => {
    const args = ['check', 'cuba', '--set', 'neurons=100'];
    const { out: json } = await commandLine([...args, '--synapses', 'procedural', '--json']);
    const { projections, synapses } = JSON.parse(json) as {
      projections: { synapses: number; procedural: boolean }[];
      synapses: number;
    };
    expect(projections.map(({ procedural }) => procedural)).toEqual([true, true]);
    expect(projections.reduce((sum, one) => sum + one.synapses, 0)).toBe(synapses);
    const { out } = await commandLine([...args, '--synapses', 'procedural']);
    expect(out).toMatch(/100 neurons, [\d,]+ synapses \(all procedural\)/);
    expect((await commandLine([...args, '--synapses', 'stored'])).out).not.toContain('procedural');
  });

  it('check reports the integrator and its reason', async () => {
    const { code, out } = await commandLine(['check', file('clocks.json', clocks()), '--json']);
    expect(code).toBe(0);
    const report = JSON.parse(out);
    expect(report).toMatchObject({ model: 'clocks', neurons: 10, synapses: 0, dt_ms: 0.1 });
    expect(report.populations[0].method).not.toBe('');
    expect(report.populations[0].reason).not.toBe('');
  });
});

describe('check --verbose', () => {
  it('tells what was made of every text', async () => {
    const net = new Network({ name: 'all' });
    const tau = { tau: '10 ms' };
    const P = net.population('P', 3, {
      eqs: 'dv/dt = (gap - v)/tau : 1\ngap : 1',
      threshold: 'v > 1',
      reset: 'v = 0',
      params: tau,
    });
    const S = net.spikeList('S', 1, { indices: [0], timesMs: [1] });
    net.projection('in', S, P, { onPre: 'v += 0.5' }).connect({ rule: 'all-to-all' });
    net
      .projection('gaps', P, P, { eqs: 'gap_post = v_pre - v_post : 1 (summed)' })
      .connect({ rule: 'all-to-all' });
    const path = file('verbose.json', net.document);
    const { code, out } = await commandLine(['check', path, '--verbose']);
    expect(code).toBe(0);
    for (const part of [
      'Population "P" (3)\n\nMethod: exact (',
      'Population "S" (1): given spikes',
      'Projection "in" (synapses: 3)\n\nPathway pre',
      'Sum into gap, over the synapses',
      '# sum of v_pre - v_post',
      'Memory\n\n',
    ]) {
      expect(out).toContain(part);
    }
    const { out: json } = await commandLine(['check', path, '--verbose', '--json']);
    expect(out).toContain(JSON.parse(json).explanation);
  });
});

describe('run', () => {
  const cpu = ['--engine', 'cpu', '--json'];

  it('prints exactly one JSON object with the documented keys', async () => {
    const path = file('run.json', clocks());
    const { code, out, err } = await commandLine(['run', path, ...cpu, '--duration', '100 ms']);
    expect(err).toBe('');
    expect(code).toBe(0);
    const report = JSON.parse(out);
    expect(Object.keys(report)).toEqual([
      'model',
      'engine',
      'adapter',
      'precision',
      'exact_arithmetic',
      'seed',
      'dt_ms',
      'duration_ms',
      'slow_time',
      'neurons',
      'synapses',
      'memory_bytes',
      'compile_s',
      'build_s',
      'wall_s',
      'record_s',
      'realtime_factor',
      'spikes',
      'rate_hz',
      'populations',
      'spike_hash',
      'warnings',
    ]);
    expect(report).toMatchObject({ engine: 'cpu', adapter: null, seed: 1, duration_ms: 100 });
    expect(report.spikes).toBeGreaterThan(0);
    expect(report.populations[0]).toMatchObject({ name: 'a', size: 10, cv_isi: 0 });
    expect(report.spike_hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('--intervene changes a parameter while it runs, and nothing before', async () => {
    const run = ['run', 'brunel', '--set', 'scale=0.04', '--duration', '100 ms', ...cpu];
    const spikes = async (...more: string[]) => {
      const { code, out, err } = await commandLine([...run, ...more]);
      expect([code, err]).toEqual([0, '']);
      return JSON.parse(out) as { spikes: number; spike_hash: string };
    };
    const control = await spikes();
    const silenced = await spikes('--intervene', 'j_ext*0@50ms');
    expect(silenced.spikes).toBeGreaterThan(0);
    expect(silenced.spikes).toBeLessThan(0.8 * control.spikes);
    const late = await spikes('--quiet', '--intervene', 'j_ext*0@100ms');
    expect(late.spike_hash).toBe(control.spike_hash);
  });

  it('threads and ways to hold synapses change no spike', async () => {
    const hashes: string[] = [];
    for (const options of [[], ['--threads', '2'], ['--synapses', 'procedural']]) {
      const run = ['run', 'cuba', '--set', 'neurons=400', '--duration', '50 ms', ...cpu];
      const { code, out, err } = await commandLine([...run, ...options]);
      expect([code, err]).toEqual([0, '']);
      const { spike_hash, spikes } = JSON.parse(out) as { spike_hash: string; spikes: number };
      expect(spikes).toBeGreaterThan(0);
      hashes.push(spike_hash);
    }
    expect(new Set(hashes).size).toBe(1);
  });

  it('--set reaches a parameter of a population and of the network', async () => {
    const path = file('set.json', clocks());
    const spikes = async (...settings: string[]): Promise<number> => {
      const { out } = await commandLine(['run', path, ...cpu, '--duration', '100 ms', ...settings]);
      return JSON.parse(out).spikes;
    };
    const normal = await spikes();
    expect(await spikes('--set', 'a.drive=10')).toBeGreaterThan(1.8 * normal);
    expect(await spikes('--set', 'tau=20 ms')).toBeLessThan(0.6 * normal);
    const { code, err } = await commandLine(['run', path, '--set', 'a.drvie=1']);
    expect(err).toMatch(/Did you mean "a\.drive"\?/);
    expect(code).toBe(2);
    const wrongUnit = await commandLine(['run', path, '--set', 'tau=20 mV']);
    expect(wrongUnit.err).toMatch(/--set tau must be a time .*got "20 mV" \(a voltage\)/);
    expect(wrongUnit.code).toBe(2);
  });

  it('--out writes spikes, traces and the summary', async () => {
    const path = file('out.json', clocks());
    const out = join(folder, 'results');
    const args = ['run', path, ...cpu, '--duration', '20 ms', '--record', 'a.v', '--out', out];
    expect((await commandLine([...args, '--format', 'csv'])).code).toBe(0);
    const lines = readFileSync(join(out, 'spikes.csv'), 'utf8').trimEnd().split('\n');
    expect(lines[0]).toBe('step,time_ms,neuron,population');
    expect(lines[1]).toMatch(/^\d+,[\d.]+,0,a$/);
    const summary = JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8'));
    expect(lines.length - 1).toBe(summary.spikes);
    const trace = readFileSync(join(out, 'a.v.csv'), 'utf8').trimEnd().split('\n');
    expect(trace[0]).toBe('time_ms,neuron,v');
    expect(trace.length).toBe(1 + 10 * 200);
    expect((await commandLine(args)).code).toBe(0);
    expect(readFileSync(join(out, 'spikes.parquet')).subarray(0, 4).toString()).toBe('PAR1');
  });

  it('--record takes parts of populations and several variables', async () => {
    const [population] = clocks().populations;
    const eqs = 'dv/dt = drive/tau : 1\nw : 1 (constant)';
    const path = file('part.json', { ...clocks(), populations: [{ ...population, eqs }] });
    const out = join(folder, 'part');
    const record = ['--record', 'a[2:4].v', '--record', 'a[0:1].v, w'];
    const run = ['run', path, ...cpu, '--duration', '5 ms', ...record, '--out', out];
    expect(await commandLine(run)).toMatchObject({ code: 0, err: '' });
    const part = readFileSync(join(out, 'a_2_4_.v.csv'), 'utf8').trimEnd().split('\n');
    expect(part.length).toBe(1 + 2 * 50);
    const both = readFileSync(join(out, 'a_0_1_.v_w.csv'), 'utf8');
    expect(both).toMatch(/^time_ms,neuron,v,w\n0,0,0,/);
  });

  it('--record takes voxels of fields', async () => {
    const grid = [2, 3, 1];
    const own = { params: {}, initial: {} };
    const field = { name: 'da', grid, spacing: '10 um', every: '1 ms', eqs: 'C : mM', ...own };
    const path = file('field.json', { ...clocks(), fields: [field] });
    const out = join(folder, 'field');
    const record = ['--record', 'da.C', '--record', 'da[2:4].C'];
    const run = ['run', path, ...cpu, '--duration', '5 ms', ...record, '--out', out];
    expect(await commandLine(run)).toMatchObject({ code: 0, err: '' });
    const rows = (name: string) => readFileSync(join(out, name), 'utf8').trimEnd().split('\n');
    expect(rows('da.C.csv').length).toBe(1 + 5 * 6);
    expect(rows('da_2_4_.C.csv').slice(0, 3)).toEqual(['time_ms,neuron,C', '0,2,0', '0,3,0']);
    const refused = async (what: string) =>
      (await commandLine(['run', path, ...cpu, '--record', what])).err;
    expect(await refused('da')).toMatch(/"da" is a field; name a variable of it/);
    expect(await refused('da[3:2].C')).toMatch(/TO must be above FROM/);
    expect(await refused('da[0:9].C')).toMatch(/neurons/);
    expect(await refused('db.C')).toMatch(/no population or field "db".*Known: a, .*da/);
  });

  it('says which interventions took part, and which the run is too short for', async () => {
    const path = file('changed.json', clocks());
    const run = ['run', path, '--engine', 'cpu', '--duration', '5 ms'];
    const change = ['--intervene', 'a.drive*0.5@1ms..3ms', '--intervene', 'a.drive=0@5ms'];
    const { code, err, out } = await commandLine([...run, ...change]);
    expect(code).toBe(0);
    expect(err).toMatch(
      /^warning: a\.drive = 0 from 5 ms: the run ends at 5 ms, so that this changes nothing\.\n$/,
    );
    expect(out).toMatch(/\na\.drive × 0\.5 from 1 ms to 3 ms\n/);
    const many = await commandLine([...run, ...change, '--seeds', '1..2']);
    expect(many.err).toContain('a.drive = 0 from 5 ms: the run ends at 5 ms');
  });

  it('a folder that cannot be written is found out before the run', async () => {
    const path = file('blocked.json', clocks());
    const started = performance.now();
    const run = ['run', path, ...cpu, '--duration', '100000 s', '--out', join(path, 'results')];
    const { code, err, out } = await commandLine(run);
    expect(performance.now() - started).toBeLessThan(5000);
    expect(err).toMatch(/^--out must be a folder that can be written/);
    expect([code, out]).toEqual([2, '']);
  });

  it('a silent network and a run of no steps are pointed out', async () => {
    const path = file('silent.json', clocks());
    const { code, err, out } = await commandLine(['run', path, ...cpu, '--set', 'a.drive=0']);
    expect([code, err]).toEqual([0, expect.stringMatching(/^warning: no neuron spiked\. If/)]);
    expect(JSON.parse(out).warnings).toEqual([expect.stringMatching(/^no neuron spiked/)]);
    const short = await commandLine(['run', path, ...cpu, '--duration', '0.01 ms']);
    expect(short.err).toMatch(/0\.01 ms is less than half a time step \(0\.1 ms\)/);
    const none = await commandLine(['run', path, ...cpu, '--duration', '0 ms']);
    expect([none.code, none.err]).toEqual([0, '']);
  });

  it('without --json speaks to people', async () => {
    const path = file('text.json', clocks());
    const { out } = await commandLine(['run', path, '--engine', 'cpu', '--duration', '10 ms']);
    expect(out).toMatch(/^clocks: 10 neurons/);
    expect(out).toMatch(/^ {2}a {2}10 neurons {2}exact {2}\d+\.\d\d Hz/m);
    expect(out).toMatch(/spike hash [0-9a-f]{64}/);
  });

  it('shows progress only at a terminal, and not with --quiet', async () => {
    const path = file('progress.json', clocks());
    const args = ['run', path, ...cpu, '--duration', '50 ms'];
    const { err } = await commandLine(args, { isInteractive: true });
    expect(err).toContain('ETA');
    expect(err).toMatch(/10 neurons, 0 synapses\. Estimated memory: \d+(\.\d+)? (KiB|B)\n/);
    expect(err).toMatch(/\r\d+\.\d s {2}engine: code, memory/);
    expect((await commandLine([...args, '--quiet'], { isInteractive: true })).err).toBe('');
  });

  it('Ctrl-C stops early and still reports', async () => {
    const path = file('long.json', clocks());
    const { code, out, err } = await commandLine(['run', path, ...cpu, '--duration', '100000 s'], {
      interruptAfterMs: 300,
    });
    expect(code).toBe(1);
    expect(err).toMatch(/stopped at/);
    expect(JSON.parse(out).duration_ms).toBeGreaterThan(0);
  });

  it('a run that blows up exits with 1 and names the variable', async () => {
    const net = new Network({ name: 'nan' });
    net.population('a', 3, { eqs: 'dv/dt = sqrt(-1 - v*v)/ms : 1', method: 'euler' });
    const { code, err } = await commandLine(['run', file('nan.json', net.document), ...cpu]);
    expect(err).toMatch(/v/);
    expect(err).not.toContain('    at ');
    expect(code).toBe(1);
  });
});

describe('texts', () => {
  it('progress tells elapsed, fraction, time, rate, speed and what is left', () => {
    const progress = { step: 4500, timeMs: 450, fraction: 0.45, wallMs: 900, spikes: 900 };
    expect(progressText(progress, 400, 1000)).toBe(
      '0.9 s  45 %  450 ms of 1 s  5.00 Hz  0.50x real time  ETA 1.1 s',
    );
  });

  it('times and sizes are short', () => {
    const times = [12.345, 1234, 125_000, 3.6e7];
    expect(times.map(formatSeconds)).toEqual(['12.3 ms', '1.23 s', '2 min 5 s', '10 h']);
    expect([formatBytes(300), formatBytes(1536), formatBytes(3 * 2 ** 30)]).toEqual([
      '300 B',
      '1.5 KiB',
      '3 GiB',
    ]);
  });
});
