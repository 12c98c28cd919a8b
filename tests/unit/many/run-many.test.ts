/**
 * Many runs on the CPU engine: what is run, how it is shared out over launches, what is reported, and how it fails. That
 * each run has the bits of a single one is same-bits.test.ts.
 */
import { describe, expect, it, vi } from 'vitest';
import {
  createSimulation,
  DeviceError,
  type ManyOptions,
  type ManyRun,
  Network,
  NetworkError,
  runMany,
  runTable,
  runTableToCsv,
} from '../../../src/index.ts';
import { compileTogether } from '../../../src/plan/compile.ts';
import { type Case, cases } from './networks.ts';

/** Most neurons that the device of a test has room for. */
let room = Number.POSITIVE_INFINITY;
vi.mock('../../../src/choose-engine.ts', async (original) => {
  const real = await original<typeof import('../../../src/choose-engine.ts')>();
  return {
    ...real,
    createEngine(...given: Parameters<typeof real.createEngine>) {
      if (given[2].neuronCount <= room) return real.createEngine(...given);
      throw new DeviceError('too small', { reason: 'memory' });
    },
  };
});

/** Ten clocks: each spikes every `period`, so that numbers are known; with `growth`, x runs away to infinity. */
function clocks(): Network {
  const net = new Network({ name: 'clocks', params: { period: '10 ms', growth: 0 } });
  const cells = net.population('cells', 10, {
    eqs: `dv/dt = 1/period : 1
          dx/dt = growth*x/ms : 1`,
    threshold: 'v > 0.995',
    reset: 'v = 0',
    method: 'euler',
    initial: { x: 1 },
  });
  net.record.spikes(cells, { name: 'spikes' });
  return net;
}

const options = { engine: 'cpu', duration: '100 ms' } as const satisfies ManyOptions;
const labels = (runs: readonly ManyRun[]): string[] => runs.map(({ label }) => label);
const launches = (runs: readonly ManyRun[]): number[] => runs.map(({ summary }) => summary.launch);
const caseOf = (name: string): Case => cases.find((one) => one.name === name) as Case;

describe('the grid', () => {
  it('has every combination, the last parameter faster, seeds fastest', async () => {
    const seen: unknown[] = [];
    const { runs, planned } = await runMany(
      (values, { seed }) => {
        seen.push([values.period, values.size, seed]);
        const net = new Network({ params: { period: values.period ?? '' } });
        net.population('p', Number(values.size), { eqs: 'dv/dt = 1/period : 1' });
        return net;
      },
      { ...options, vary: { period: ['5 ms', '10 ms'], size: [1, 2] }, seeds: [4, 9] },
    );
    expect(planned).toBe(8);
    expect(labels(runs)).toEqual([
      'period = 5 ms, size = 1, seed 4',
      'period = 5 ms, size = 1, seed 9',
      'period = 5 ms, size = 2, seed 4',
      'period = 5 ms, size = 2, seed 9',
      'period = 10 ms, size = 1, seed 4',
      'period = 10 ms, size = 1, seed 9',
      'period = 10 ms, size = 2, seed 4',
      'period = 10 ms, size = 2, seed 9',
    ]);
    expect(seen[3]).toEqual(['5 ms', 2, 9]);
    expect(runs[3]?.document.seed).toBe(9);
    expect(runs.map(({ summary }) => summary.run)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('reaches parameters of networks, populations, projections and inputs', async () => {
    const net = new Network({ params: { a: 1 } });
    const p = net.population('p', 2, { eqs: 'dv/dt = a*b/ms : 1', params: { b: 1 } });
    net
      .projection('s', p, p, { onPre: 'v += c', params: { c: 1 } })
      .connect({ rule: 'one-to-one' });
    net.poissonInput('in', p, { variable: 'v', n: 1, rate: '1 Hz', weight: '2' });
    const { runs } = await runMany(net, {
      ...options,
      duration: '0 ms',
      vary: { a: [2], 'p.b': [3], 's.c': [4], 'in.rate': ['5 Hz'], 'in.weight': [6], 'in.n': [7] },
    });
    const [document] = runs.map((run) => run.document);
    expect(document?.params).toEqual({ a: 2 });
    expect(document?.populations[0]).toMatchObject({ params: { b: 3 } });
    expect(document?.projections[0]?.params).toEqual({ c: 4 });
    expect(document?.inputs[0]).toMatchObject({ rate: '5 Hz', weight: '6', n: 7 });
    expect(net.document.inputs[0]).toMatchObject({ rate: '1 Hz', weight: '2', n: 1 });
  });

  it('lengths beyond 2^31 steps and below 0 are refused', async () => {
    const run = (duration: string) => runMany(clocks(), { ...options, duration });
    await expect(run('300000 s')).rejects.toThrow(
      /duration must be less than 2\^31 steps of 0.1 ms/,
    );
    await expect(run('-1 s')).rejects.toThrow(/duration must be a time >= 0/);
  });

  it('networks of one plan have one time step', () => {
    const [a, b] = ['0.1 ms', '0.2 ms'].map((dt) => new Network({ dt }).document);
    expect(() => compileTogether([a, b] as never)).toThrow(/one time step, got 0.1 ms and 0.2 ms/);
  });

  it('without seeds and values is one run', async () => {
    const { runs } = await runMany(clocks(), options);
    expect(labels(runs)).toEqual(['run 1']);
    expect(runs[0]?.spikes().steps).toHaveLength(100);
  });

  const thousand = Array.from({ length: 1000 }, (_, k) => k);
  it.each<[string, object, RegExp]>([
    ['no seeds', { seeds: [] }, /seeds must be a list of different seeds.*got/],
    ['a seed twice', { seeds: [1, 2, 1] }, /a list of different seeds.*got 1 more than once/],
    ['half a seed', { seeds: [1.5] }, /an entry of seeds must be a whole number/],
    ['no values', { vary: { period: [] } }, /vary.period must be a list of different values/],
    [
      'a value twice',
      { vary: { period: ['1 ms', '1 ms'] } },
      /vary.period must be a list of different values.*"1 ms" more than once/,
    ],
    [
      'a million runs',
      { seeds: thousand, vary: { growth: thousand } },
      /1000000 runs \(1000 x 1000\) are more than 10000/,
    ],
  ])('%s: refused', async (_, wrong, message) => {
    await expect(runMany(clocks(), { ...options, ...wrong })).rejects.toThrow(message);
  });

  it('unknown parameters get a suggestion, wrong units a reason, with the run that has them', async () => {
    const vary = async (values: ManyOptions['vary']): Promise<unknown> =>
      runMany(clocks(), { ...options, vary: values ?? {} }).catch((error: unknown) => error);
    const unknown = (await vary({ perod: ['5 ms'] })) as NetworkError;
    expect(unknown).toBeInstanceOf(NetworkError);
    expect(unknown.message).toBe(
      'In the run with perod = 5 ms: vary: perod: clocks has no such parameter. Did you mean "period"? Known: growth, period.',
    );
    expect(String(await vary({ period: ['5 ms', '5 mV'] }))).toMatch(
      /In the run with period = 5 mV: vary: period must be a time.*got "5 mV"/,
    );
    expect(String(await vary({ growth: ['fast'] }))).toMatch(/growth = fast: vary: growth must be/);
  });
});

describe('launches', () => {
  it.each(cases.map((one) => [one.name, one] as const))(
    '%s: as many dispatches for ten seeds as for one',
    async (name, { build }) => {
      const together = async (count: number) => {
        const made = Array.from({ length: count }, (_, k) => build({}, { seed: k + 1 }));
        const documents = (await Promise.all(made)).map((net) =>
          net instanceof Network ? net.document : net,
        );
        return (compileTogether(documents)[0] as ReturnType<typeof compileTogether>[number]).plan;
      };
      const [one, ten] = [await together(1), await together(10)];
      expect(ten.neuronCount).toBe(10 * one.neuronCount);
      // A summed variable is a dispatch of its own for each projection, clock-driven equations for each clock as well.
      const own: Readonly<Record<string, number>> = {
        'summed variables': 9,
        'clock-driven synapses': 18,
      };
      expect(ten.schedule.length - one.schedule.length).toBe(own[name] ?? 0);
    },
  );

  it('fixed-point scales are those of each network alone, and differ', async () => {
    const { build, vary } = caseOf('generators, arrays and positions');
    const made = await Promise.all((vary.w ?? []).map((w) => build({ w }, { seed: 3 })));
    const documents = made.map((net) => (net as Network).document);
    const scalesIn = ({ plan }: ReturnType<typeof compileTogether>[number], prefix: string) =>
      plan.deliver.flatMap(({ projections }) =>
        projections.flatMap(({ name, inputs }) =>
          name.startsWith(prefix) ? inputs.map(({ scale, limit }) => [scale, limit]) : [],
        ),
      );
    const [shared] = compileTogether(documents);
    const alone = documents.map((document) =>
      scalesIn(compileTogether([document])[0] as never, ''),
    );
    expect(new Set(alone.map((scales) => JSON.stringify(scales))).size).toBeGreaterThan(1);
    documents.forEach((_, k) => {
      expect(scalesIn(shared as never, `run ${k + 1}/`)).toEqual(alone[k]);
    });
    // Every update kernel has one scale per input, that of its populations' slots.
    for (const { inputs, members } of shared?.plan.update ?? []) {
      for (const { projections } of shared?.plan.deliver ?? []) {
        for (const { targetFirst, inputs: slots } of projections) {
          const isMember = members.some(
            ({ globalFirst, count }) =>
              globalFirst <= targetFirst && targetFirst < globalFirst + count,
          );
          if (!isMember) continue;
          for (const { scale } of slots)
            expect(inputs.map((input) => input.scale)).toContain(scale);
        }
      }
    }
  });

  it('hold atOnce runs, in order', async () => {
    const { runs } = await runMany(clocks(), { ...options, seeds: [1, 2, 3, 4, 5], atOnce: 2 });
    expect(launches(runs)).toEqual([1, 1, 2, 2, 3]);
    expect(runs.map(({ summary }) => summary.at_once)).toEqual([2, 2, 2, 2, 1]);
  });

  it('hold what memory allows, and one run in any case', async () => {
    const alone = await runMany(clocks(), { ...options, seeds: [1, 2], memoryBytes: 0 });
    expect(launches(alone.runs)).toEqual([1, 2]);
    const bytes = (alone.runs[0] as ManyRun).summary.memory_bytes;
    const all = await runMany(clocks(), { ...options, seeds: [1, 2], memoryBytes: 2 * bytes });
    expect(launches(all.runs)).toEqual([1, 1]);
  });

  it('hold recorded variables for the whole run', async () => {
    const recorded = clocks();
    const cells = recorded.population('watched', 100, { eqs: 'v : 1' });
    recorded.record.state(cells, ['v']);
    // 100 neurons, 1000 steps, 4 bytes: 0.4 MB for each run; everything else is less than 0.1 MB.
    const limits = { ...options, seeds: [1, 2, 3, 4], memoryBytes: 1e6 };
    expect(launches((await runMany(recorded, limits)).runs)).toEqual([1, 1, 2, 2]);
    const { runs } = await runMany(recorded, { ...limits, duration: '1 ms' });
    expect(launches(runs)).toEqual([1, 1, 1, 1]);
  });

  it('are of networks of equal code and time step', async () => {
    const { runs } = await runMany(
      ({ dt = '', eqs = '' }) => {
        const net = new Network({ dt });
        net.population('p', 1, { eqs: String(eqs), method: 'euler' });
        return net;
      },
      {
        ...options,
        vary: { eqs: ['dv/dt = 1/ms : 1', 'dv/dt = 2/ms : 1'], dt: ['0.1 ms', '0.5 ms'] },
        seeds: [1, 2],
      },
    );
    expect(launches(runs)).toEqual([1, 1, 2, 2, 3, 3, 4, 4]);
    expect(new Set(runs.map(({ summary }) => summary.duration_ms))).toEqual(new Set([100]));
  });

  it('are halved where the device is too small', async () => {
    room = 25;
    try {
      const { runs } = await runMany(clocks(), { ...options, seeds: [1, 2, 3, 4, 5] });
      // 5 become 3 and 2, and those 3 become 2 and 1.
      expect(runs.map(({ summary }) => summary.at_once)).toEqual([2, 2, 1, 2, 2]);
      room = 5;
      await expect(runMany(clocks(), { ...options, seeds: [1, 2] })).rejects.toThrow('too small');
    } finally {
      room = Number.POSITIVE_INFINITY;
    }
  });
});

describe('failures', () => {
  it('what is wrong with the network is said once, with the first run that has it', async () => {
    const wrong = (values: { readonly size?: string | number }): Network => {
      const net = new Network();
      net.population('p', 1, {
        eqs: `dv/dt = ${values.size === 2 ? '1*mV' : '1/ms'} : 1`,
        method: 'euler',
      });
      return net;
    };
    const error = await runMany(wrong, { ...options, vary: { size: [1, 2] } }).catch((e) => e);
    expect(error).toBeInstanceOf(NetworkError);
    expect(error.message).toMatch(/^In the run with size = 2:\n/);
    expect(error.problems).toHaveLength(1);
    expect(error.message).not.toContain('run 2/');
  });

  it('constants that only one run makes infinite', async () => {
    const error = await runMany(clocks(), { ...options, vary: { period: ['5 ms', '0 ms'] } }).catch(
      (e) => e,
    );
    expect(error.message).toMatch(
      /^In the run with period = 0 ms: Population "cells": .* is Infinity/,
    );
  });

  it('a run that becomes NaN is reported; the others are run to their ends', async () => {
    const warnings: string[] = [];
    const { runs, planned } = await runMany(clocks(), {
      ...options,
      vary: { growth: [0, 1000, 1, -1] },
      seeds: [1, 2],
      onWarning: (warning) => warnings.push(warning),
    });
    expect(runs).toHaveLength(planned);
    const failed = runs.filter(({ summary }) => summary.error !== null);
    // x grows by 1 + 0.1 growth in every step: beyond 3.4e38 after 20 or 931 of 1000 steps.
    expect(labels(failed)).toEqual([
      'growth = 1000, seed 1',
      'growth = 1000, seed 2',
      'growth = 1, seed 1',
      'growth = 1, seed 2',
    ]);
    for (const run of failed) {
      expect(run.summary.is_complete).toBe(false);
      expect(run.summary.error).toMatch(
        /^Population "cells": x of neuron 0 is not a finite number/,
      );
      expect(warnings).toContain(`The run with ${run.label} failed. ${run.summary.error}`);
    }
    for (const run of runs.filter(({ summary }) => summary.error === null)) {
      expect(run.summary).toMatchObject({ is_complete: true, duration_ms: 100, spikes: 100 });
      using alone = await createSimulation(run.document, { engine: 'cpu' });
      await alone.run('100 ms');
      expect(run.summary.spike_hash).toBe(await alone.spikeHash());
    }
  });

  it('warnings come once, with the runs that they are about', async () => {
    const { warnings } = await runMany(
      ({ rate = '' }) => {
        const net = new Network({ params: { unused: 1 } });
        net.record.spikes(net.poissonPopulation('p', 2, { rate }));
        return net;
      },
      { ...options, vary: { rate: ['10 Hz', '2 kHz', '3 kHz'] } },
    );
    expect(warnings.filter((warning) => warning.includes('unused'))).toHaveLength(1);
    expect(warnings.find((warning) => warning.includes('is 0.2'))).toContain('(with rate = 2 kHz)');
  });
});

describe('while it runs', () => {
  it('a signal stops it; ended runs and those under way are kept', async () => {
    const stop = new AbortController();
    const { runs, planned } = await runMany(clocks(), {
      ...options,
      duration: '100 s',
      seeds: [1, 2, 3],
      atOnce: 1,
      signal: stop.signal,
      onRun: ({ number }) => number === 1 && setTimeout(() => stop.abort(), 5),
    });
    expect(planned).toBe(3);
    expect(labels(runs)).toEqual(['seed 1', 'seed 2']);
    expect(runs.map(({ summary }) => summary.is_complete)).toEqual([true, false]);
    const [, second] = runs as [ManyRun, ManyRun];
    expect(second.summary.duration_ms).toBeLessThan(100_000);
    // One spike of every clock each 10 ms, 99 or 100 steps apart by rounding of the sum.
    const expected = second.summary.duration_ms / 10;
    expect(Math.abs(second.spikes().steps.length / 10 - expected)).toBeLessThan(
      0.02 * expected + 2,
    );
  }, 60_000);

  it('onRun gets every run with its recordings, which keep: false then lets go', async () => {
    const counts: number[] = [];
    const { runs } = await runMany(clocks(), {
      ...options,
      seeds: [1, 2, 3],
      atOnce: 2,
      keep: false,
      onRun: async (run) => {
        await new Promise((resolve) => setTimeout(resolve, 1));
        counts.push(run.spikes('spikes').neurons.length);
      },
    });
    expect(counts).toEqual([100, 100, 100]);
    expect(() => (runs[0] as ManyRun).spikes()).toThrow(/summary only \(keep: false\)/);
    const kept = await runMany(clocks(), { ...options, seeds: [1, 2, 3], keep: false });
    expect(kept.runs.map(({ summary }) => [summary.spikes, summary.spike_hash])).toEqual(
      runs.map(({ summary }) => [summary.spikes, summary.spike_hash]),
    );
  });

  it('progress grows to the end', async () => {
    const fractions: number[] = [];
    let last: unknown = null;
    await runMany(clocks(), {
      ...options,
      seeds: [1, 2, 3],
      atOnce: 2,
      onProgress: (progress) => {
        fractions.push(progress.fraction);
        last = progress;
      },
    });
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(last).toMatchObject({ done: 3, all: 3, running: 0, fraction: 1 });
  });
});

describe('the table', () => {
  it('has a row for each run', async () => {
    const { runs } = await runMany(clocks(), {
      ...options,
      vary: { period: ['5 ms', '10 ms'] },
      seeds: [7],
    });
    const summaries = runs.map(({ summary }) => summary);
    const table = runTable(summaries);
    expect(table.columns).toEqual([
      'run',
      'period',
      'seed',
      'duration_ms',
      'synapses',
      'spikes',
      'rate_hz',
      'cells rate_hz',
      'cells cv_isi',
      'error',
      'spike_hash',
    ]);
    const [first, second] = table.rows as [
      (typeof table.rows)[number],
      (typeof table.rows)[number],
    ];
    // 5 ms: v needs 50 steps of 0.02; rounding may make it 49 or 51.
    expect(first.slice(0, 5)).toEqual([1, '5 ms', 7, 100, 0]);
    expect(first[6]).toBeCloseTo(200, -1);
    expect(second.slice(0, 7)).toEqual([2, '10 ms', 7, 100, 0, 100, 100]);
    expect(second[8]).toBe(0);
    const csv = runTableToCsv({
      columns: ['a', 'b "c"'],
      rows: [
        [1, null],
        ['x,y', 2.5],
      ],
    });
    expect(csv).toBe('a,"b ""c"""\n1,\n"x,y",2.5\n');
  });
});
