/** Settings from the command line and from an address, and the measurements that follow from them. */
import { describe, expect, it } from 'vitest';
import { helpText, readArguments } from '../../../bench/arguments.ts';
import { estimateJob, jobsOf, type Place } from '../../../bench/jobs.ts';
import {
  addressOf,
  OPTIONS,
  readSettings,
  SettingsError,
  settingsFromAddress,
  workloadsOf,
} from '../../../bench/settings.ts';
import { documentOf, Unavailable, type Workload, workloads } from '../../../bench/workloads.ts';
import { examples } from '../../../src/examples/index.ts';
import { compileNetwork, createSimulation } from '../../../src/index.ts';
import { GPU, SOFTWARE } from './recorded.ts';

const read = (line: string) => readSettings(readArguments(line === '' ? [] : line.split(' ')));
const named = (name: string): Workload => {
  const found = workloads.find((one) => one.name === name);
  if (!found) throw new Error(`no workload ${name}`);
  return found;
};
const HERE: Place = { cores: 4, oneThreadBecause: null, adapter: null };

describe('settings', () => {
  it('have the defaults of the help', () => {
    expect(read('')).toEqual({
      only: [],
      engines: ['cpu', 'gpu'],
      threads: null,
      synapses: null,
      sizes: ['small', 'medium'],
      repeats: 5,
      durationMs: null,
      isQuick: false,
      withPeers: true,
      withBrowser: false,
      withRecordingCost: false,
    });
  });

  it('are read from arguments', () => {
    const settings = read('--only cuba,brunel-1 --engine cpu --threads 1,4 --repeats 9 --no-peers');
    expect(settings).toMatchObject({
      only: ['cuba', 'brunel-1'],
      engines: ['cpu'],
      threads: [1, 4],
      repeats: 9,
      withPeers: false,
      // Who names networks gets them, whatever their size.
      sizes: ['small', 'medium', 'large'],
    });
    expect(read('--sizes all').sizes).toEqual(['small', 'medium', 'large']);
    expect(read('--quick')).toMatchObject({ repeats: 3, durationMs: 100, withPeers: false });
  });

  it.each([
    ['--engin cpu', 'Did you mean "--engine"'],
    ['--engine tpu', 'Known: cpu, gpu'],
    ['--repeats 0', 'from 1 to 99, got "0"'],
    ['--repeats', '--repeats needs a value'],
    ['--threads 1,x', 'got "x"'],
    ['--sizes tiny', 'Known: small, medium, large'],
    ['--quick=yes', 'takes no value'],
    ['cuba', 'go after --only'],
    ['-q', 'Unknown option'],
  ])('refuse %s', (line, message) => {
    expect(() => read(line)).toThrow(SettingsError);
    expect(() => read(line)).toThrow(message);
  });

  it('go through an address and back', () => {
    for (const address of [
      '',
      'quick=',
      'only=cuba%2Cbrunel&engine=cpu&threads=1%2C2&repeats=3',
      'synapses=stored&sizes=large&duration=50&recording-cost=',
    ]) {
      const settings = settingsFromAddress(`?${address}`);
      expect(settingsFromAddress(`?${addressOf(settings)}`)).toEqual(settings);
    }
    expect(settingsFromAddress('?only=cuba&start')).toEqual(read('--only cuba'));
    expect(() => settingsFromAddress('?ony=cuba')).toThrow('Did you mean "only"');
    // What needs files or processes is no setting of a page.
    expect(() => settingsFromAddress('?out=folder')).toThrow('Unknown setting');
  });

  it('are all in the help', () => {
    const help = helpText(['cuba-4000']);
    for (const name of Object.keys(OPTIONS)) expect(help).toContain(`--${name}`);
    expect(help).toContain('cuba-4000');
  });
});

describe('workloads', () => {
  it('have names of their own, and values that their examples know', () => {
    expect(new Set(workloads.map(({ name }) => name)).size).toBe(workloads.length);
    for (const { name, example, values } of workloads) {
      const known = Object.keys(examples[example]?.parameters ?? {});
      expect(examples[example], name).toBeDefined();
      expect(known, name).toEqual(expect.arrayContaining(Object.keys(values)));
    }
  });

  it('are networks that record spikes; without data they say what they need', async () => {
    for (const workload of workloads.filter(({ size }) => size === 'small')) {
      if (examples[workload.example]?.needsData) {
        const refused = documentOf(workload, null);
        await expect(refused, workload.name).rejects.toThrow(Unavailable);
        await expect(documentOf(workload, null)).rejects.toThrow('--data FOLDER');
      } else {
        const { recordings } = await documentOf(workload, null);
        expect(recordings.length, workload.name).toBeGreaterThan(0);
      }
    }
  });

  it('with an addition have the spikes of those without, and no byte more per synapse', async () => {
    const spikes = async (name: string) => {
      const document = await documentOf({ ...named(name), values: { neurons: 1000 } }, null);
      const { plan } = compileNetwork(document);
      using simulation = await createSimulation(document, { engine: 'cpu' });
      await simulation.run('100 ms');
      return { hash: await simulation.spikeHash(), bytes: plan.synapseState.byteLength, plan };
    };
    const [plain, plastic] = [await spikes('coba-4000'), await spikes('coba-4000-stp')];
    expect(plastic.hash).toBe(plain.hash);
    expect(plastic.bytes).toBe(plain.bytes);
    const [alone, beside] = [await spikes('cobahh-10000'), await spikes('cobahh-10000-fields')];
    expect(beside.hash).toBe(alone.hash);
    expect(beside.plan.fields.length).toBe(1);
  });

  it('that this version does not have are unavailable, with the reason', async () => {
    const strange = { ...named('cuba-4000'), example: 'retina' };
    await expect(documentOf(strange, null)).rejects.toThrow('no example "retina"');
    const unknown = { ...named('cuba-4000'), values: { colour: 3 } };
    await expect(documentOf(unknown, null)).rejects.toThrow('no parameter colour');
  });

  it('are chosen by whole name, else by part of it', () => {
    const names = (line: string) => workloadsOf(read(line), workloads).map(({ name }) => name);
    expect(names('--only cuba-4000')).toEqual(['cuba-4000']);
    expect(names('--only cuba')).toEqual(['cuba-4000', 'cuba-40000', 'cuba-400000']);
    expect(names('--only cuba --sizes small')).toEqual(['cuba-4000', 'cuba-40000']);
    expect(names('--quick').length).toBe(3);
    expect(() => names('--only cubba')).toThrow('Unknown workload: "cubba"');
  });
});

describe('jobs', () => {
  it('are one for each engine, thread count and way of synapses', () => {
    const { jobs, skipped } = jobsOf(named('microcircuit-0.1'), read(''), HERE);
    expect(jobs.map(({ engine, threads, synapses }) => [engine, threads, synapses])).toEqual([
      ['cpu', 1, 'stored'],
      ['cpu', 1, 'procedural'],
      ['cpu', 4, 'stored'],
      ['cpu', 4, 'procedural'],
    ]);
    expect(new Set(skipped.map(({ reason }) => reason))).toEqual(
      new Set(['there is no WebGPU adapter here']),
    );
  });

  it('are short on a software adapter, and whole on a GPU', () => {
    const gpuJobs = (name: string, adapter: typeof GPU) =>
      jobsOf(named(name), read('--engine gpu --repeats 9'), { ...HERE, adapter });
    expect(gpuJobs('cuba-4000', SOFTWARE).jobs[0]).toMatchObject({ durationMs: 200, repeats: 9 });
    expect(gpuJobs('cuba-4000', GPU).jobs[0]).toMatchObject({ durationMs: 1000, repeats: 9 });
    expect(gpuJobs('cuba-400000', SOFTWARE)).toMatchObject({
      jobs: [],
      skipped: [{ reason: 'too large for a software adapter' }],
    });
    expect(gpuJobs('cuba-400000', GPU).jobs).toHaveLength(1);
  });

  it('have one thread where workers may not share memory', () => {
    const place = { ...HERE, oneThreadBecause: 'no' };
    const threads = (line: string) =>
      jobsOf(named('cuba-4000'), read(line), place).jobs.map((job) => job.threads);
    expect(threads('--engine cpu')).toEqual([1]);
    expect(threads('--engine cpu --threads 1,2')).toEqual([1]);
    const { skipped } = jobsOf(named('cuba-4000'), read('--engine cpu --threads 2'), place);
    expect(skipped).toMatchObject([{ threads: 2, reason: 'no' }]);
  });

  it('cost more with more to do', () => {
    const cost = (name: string, line: string) =>
      jobsOf(named(name), read(`--engine cpu ${line}`.trim()), HERE).jobs.reduce(
        (sum, job) => sum + estimateJob(job, HERE),
        0,
      );
    expect(cost('cuba-40000', '--threads 1')).toBeGreaterThan(cost('cuba-4000', '--threads 1'));
    expect(cost('cuba-40000', '--threads 1')).toBeGreaterThan(cost('cuba-40000', '--threads 4'));
    expect(cost('cuba-40000', '--repeats 9')).toBeGreaterThan(cost('cuba-40000', ''));
    expect(cost('brunel-10', '--duration 2000')).toBeGreaterThan(cost('brunel-10', ''));
  });
});
