/**
 * The simulation on both engines: clock, recordings, reading and changing, checkpoints, cancelling, ends. Without a GPU
 * adapter the GPU half is skipped (support/gpu.ts says so).
 */
import { afterEach, describe, expect, it } from 'vitest';
import {
  createSimulation,
  DeviceError,
  Network,
  NetworkError,
  type PortableCheckpoint,
  type Simulation,
  type SimulationOptions,
} from '../../src/index.ts';
import { gpu } from '../support/gpu.ts';

const engines = gpu === null ? (['cpu'] as const) : (['cpu', 'gpu'] as const);

const made: Simulation[] = [];
afterEach(() => {
  for (const simulation of made.splice(0)) simulation.destroy();
});

async function create(network: Network, options: SimulationOptions): Promise<Simulation> {
  const simulation = await createSimulation(network, options);
  made.push(simulation);
  return simulation;
}

/** Leaky neurons with noise and random recurrent connections: everything that could depend on batches. */
function busy(): Network {
  const net = new Network({ name: 'busy', seed: 3, params: { drive: '20 mV' } });
  const cells = net.population('cells', 200, {
    eqs: `dv/dt = (drive + g - v)/tau + sigma*xi*tau**-0.5 : volt (unless refractory)
          dg/dt = -g/(5*ms) : volt`,
    threshold: 'v > 15*mV',
    reset: 'v = 0*mV',
    refractory: '2 ms',
    params: { tau: '10 ms', sigma: '2 mV' },
    initial: { v: 'rand()*15*mV' },
  });
  net
    .projection('all', cells, cells, { onPre: 'g -= 0.5*mV', delay: '1.5 ms' })
    .connect({ rule: 'fixed-probability', p: 0.1 });
  net.record.spikes(cells, { name: 'spikes' });
  net.record.rate(cells, { name: 'rate' });
  net.record.state(cells, ['v'], { name: 'v', neurons: [0, 7], every: '1 ms' });
  return net;
}

/** dv/dt = (target - v)/tau, exactly integrated, started at 0. */
function relaxing(): Network {
  const net = new Network({ name: 'relaxing', params: { target: '10 mV' } });
  const cells = net.population('cells', 3, {
    eqs: 'dv/dt = (target - v)/tau : volt',
    params: { tau: '10 ms' },
  });
  net.record.state(cells, ['v'], { name: 'v' });
  return net;
}

describe.each(engines)('%s engine', (engine) => {
  const simulate = (network: Network, options: SimulationOptions = {}): Promise<Simulation> =>
    create(network, { engine, ...options });

  describe('time', () => {
    it('ten runs of 20 ms give the bits of one of 200 ms', async () => {
      const whole = await simulate(busy());
      await whole.run('200 ms');
      const parts = await simulate(busy());
      for (let k = 0; k < 10; k++) await parts.run('20 ms');
      expect(parts.step).toBe(2000);
      expect(parts.timeMs).toBeCloseTo(200, 9);
      expect(whole.summary().spikes).toBeGreaterThan(100);
      expect(await parts.spikeHash()).toBe(await whole.spikeHash());
      expect([...(parts.state('v').values.v ?? [])]).toEqual([
        ...(whole.state('v').values.v ?? []),
      ]);
    });

    it('calls of run() at the same time follow one another', async () => {
      const simulation = await simulate(busy());
      await Promise.all([simulation.run('10 ms'), simulation.run('10 ms')]);
      expect(simulation.step).toBe(200);
    });

    it('progress rises to 1', async () => {
      const simulation = await simulate(busy());
      const fractions: number[] = [];
      await simulation.run('100 ms', { onProgress: ({ fraction }) => fractions.push(fraction) });
      expect(fractions.at(-1)).toBe(1);
      expect([...fractions].sort((a, b) => a - b)).toEqual(fractions);
    });

    it('an abort signal stops at the next batch', async () => {
      const simulation = await simulate(busy());
      const stop = new AbortController();
      await simulation.run('10000 s', {
        signal: stop.signal,
        onProgress: () => stop.abort(),
      });
      expect(simulation.step).toBeGreaterThan(0);
      expect(simulation.step).toBeLessThan(1e8);
      const before = simulation.step;
      await simulation.run('1 ms', { signal: stop.signal });
      expect(simulation.step).toBe(before);
    });

    it.each<[unknown, RegExp]>([
      ['5 mV', /run: duration must be/],
      [5, /run: duration must be/],
      ['-1 s', /must be a time >= 0/],
      [undefined, /run: duration must be/],
    ])('run(%j) is refused', async (duration, message) => {
      const simulation = await simulate(busy());
      await expect(simulation.run(duration as string)).rejects.toThrow(message);
      await expect(simulation.runSteps(0.5)).rejects.toThrow(/whole number/);
      expect(simulation.step).toBe(0);
    });
  });

  describe('recordings', () => {
    it('spikes, rates and traces agree with one another', async () => {
      const simulation = await simulate(busy());
      await simulation.run('100 ms');
      const { steps, neurons, timesMs } = simulation.spikes('spikes');
      expect(steps.length).toBe(simulation.summary().spikes);
      expect(Math.max(...neurons)).toBeLessThan(200);
      expect(timesMs()[0]).toBeCloseTo((steps[0] ?? 0) * 0.1, 9);
      const { ratesHz } = simulation.rate('rate', { binMs: 10 });
      const mean = ratesHz.reduce((sum, rate) => sum + rate, 0) / ratesHz.length;
      expect(mean).toBeCloseTo(simulation.summary().rate_hz, 6);
      const trace = simulation.state('v');
      expect(trace.neurons).toEqual([0, 7]);
      expect(trace.timesMs.length).toBe(100);
      expect(trace.values.v?.length).toBe(200);
    });

    it('the only recording of a kind needs no name; an unknown one gets a suggestion', async () => {
      const simulation = await simulate(busy());
      expect(simulation.spikes().steps.length).toBe(0);
      expect(() => simulation.spikes('spiks')).toThrow(/Did you mean "spikes"\?/);
      expect(() => simulation.state({ name: 'spikes' })).toThrow(NetworkError);
    });

    it('with keepSpikes false a summary and a hash are still of all spikes, and onSpikes gets them', async () => {
      const kept = await simulate(busy());
      const steps: number[] = [];
      const neurons: number[] = [];
      const passing = await simulate(busy(), {
        keepSpikes: false,
        onSpikes: async (some, which) => {
          await new Promise((resolve) => setTimeout(resolve, 1));
          steps.push(...some);
          neurons.push(...which);
        },
      });
      for (const simulation of [kept, passing]) await simulation.run('50 ms');
      const { populations, spikes, rate_hz } = kept.summary();
      expect(spikes).toBeGreaterThan(0);
      expect(passing.summary()).toMatchObject({ populations, spikes, rate_hz });
      expect(await passing.spikeHash()).toBe(await kept.spikeHash());
      const all = kept.allSpikes();
      expect([steps, neurons]).toEqual([[...all.steps], [...all.neurons]]);
      const calls = [
        () => passing.allSpikes(),
        () => passing.spikes('spikes'),
        () => passing.rate('rate'),
      ];
      for (const call of calls) expect(call).toThrow(/keeps no spikes \(keepSpikes: false\)/);
    });

    it('a failure of onSpikes is that of the run, and a checkpoint brings counts back', async () => {
      let isFull = false;
      const simulation = await simulate(busy(), {
        keepSpikes: false,
        onSpikes: () => {
          if (isFull) throw new RangeError('disk full');
        },
      });
      await simulation.run('20 ms');
      const [checkpoint, hash] = [await simulation.checkpoint(), await simulation.spikeHash()];
      await simulation.run('30 ms');
      const later = await simulation.spikeHash();
      await simulation.restore(checkpoint);
      expect(await simulation.spikeHash()).toBe(hash);
      await simulation.run('30 ms');
      expect(await simulation.spikeHash()).toBe(later);
      isFull = true;
      await expect(simulation.run('30 ms')).rejects.toThrow('disk full');
    });
  });

  describe('reading and changing', () => {
    it('get reads in internal units or the one asked for', async () => {
      const simulation = await simulate(relaxing());
      await simulation.run('10 ms');
      const expected = 10 * (1 - Math.exp(-1));
      expect((await simulation.get('cells', 'v'))[0]).toBeCloseTo(expected, 4);
      expect((await simulation.get('cells', 'v', 'volt'))[2]).toBeCloseTo(expected / 1000, 7);
      await expect(simulation.get('cells', 'v', 'ms')).rejects.toThrow(/does not measure/);
      await expect(simulation.get('cels', 'v')).rejects.toThrow(/Did you mean "cells"\?/);
      await expect(simulation.get('cells', 'u')).rejects.toThrow(NetworkError);
    });

    it('set gives new values', async () => {
      const simulation = await simulate(relaxing());
      await simulation.run('1 ms');
      await simulation.set('cells', 'v', '(1 + i)*mV');
      const values = await simulation.get('cells', 'v');
      for (const k of [0, 1, 2]) expect(values[k]).toBeCloseTo(1 + k, 5);
      await expect(simulation.set('cells', 'v', '1*ms')).rejects.toThrow(NetworkError);
    });

    it('setParameter changes what comes, not what is', async () => {
      const simulation = await simulate(relaxing());
      await simulation.run('10 ms');
      const before = (await simulation.get('cells', 'v'))[0] ?? 0;
      await simulation.setParameter('', 'target', '20 mV');
      expect((await simulation.get('cells', 'v'))[0]).toBeCloseTo(before, 4);
      await simulation.setParameter('cells', 'tau', '5 ms');
      expect((await simulation.get('cells', 'v'))[0]).toBeCloseTo(before, 4);
      await simulation.run('5 ms');
      const expected = 20 + (before - 20) * Math.exp(-1);
      expect((await simulation.get('cells', 'v'))[0]).toBeCloseTo(expected, 3);
      await expect(simulation.setParameter('cells', 'tua', '5 ms')).rejects.toThrow(/"tau"/);
      await expect(simulation.setParameter('cells', 'tau', '5 mV')).rejects.toThrow(NetworkError);
    });
  });

  describe('checkpoints', () => {
    it('coming back gives the same bits again', async () => {
      const simulation = await simulate(busy());
      await simulation.run('30 ms');
      const checkpoint = await simulation.checkpoint();
      await simulation.run('50 ms');
      const hash = await simulation.spikeHash();
      const trace = [...(simulation.state('v').values.v ?? [])];
      await simulation.setParameter('', 'drive', '40 mV');
      await simulation.run('50 ms');
      await simulation.restore(checkpoint);
      expect(simulation.step).toBe(300);
      await simulation.run('50 ms');
      expect(await simulation.spikeHash()).toBe(hash);
      expect([...(simulation.state('v').values.v ?? [])]).toEqual(trace);
    });

    it('belong to their simulation', async () => {
      const one = await simulate(busy());
      const other = await simulate(busy());
      await expect(other.restore(await one.checkpoint())).rejects.toThrow(/another simulation/);
    });
  });

  describe('ends', () => {
    it('after destroy every method throws DeviceError "destroyed"', async () => {
      const simulation = await simulate(busy());
      simulation.destroy();
      simulation.destroy();
      const isDestroyed = (error: unknown): boolean =>
        error instanceof DeviceError && error.reason === 'destroyed';
      const failures = [
        () => simulation.run('1 ms'),
        () => simulation.runSteps(1),
        () => simulation.get('cells', 'v'),
        () => simulation.set('cells', 'v', 0),
        () => simulation.setParameter('', 'drive', '1 mV'),
        () => simulation.setProbes([]),
        () => simulation.checkpoint(),
        () => simulation.exportCheckpoint(),
        () => simulation.resume({} as PortableCheckpoint),
        async () => simulation.synapses('all'),
        async () => simulation.positions('cells'),
        async () => simulation.spikes(),
        async () => simulation.allSpikes(),
        async () => simulation.state(),
        async () => simulation.rate(),
        async () => simulation.summary(),
        async () => simulation.spikeHash(),
        async () => simulation.timings(),
        async () => simulation.step,
      ];
      for (const call of failures) await expect(call()).rejects.toSatisfy(isDestroyed);
    });

    it('warnings come once each', async () => {
      const heard: string[] = [];
      const simulation = await simulate(busy(), { onWarning: (warning) => heard.push(warning) });
      expect(heard).toEqual([...new Set(heard)]);
      expect(simulation.warnings).toEqual(heard);
    });
  });
});

describe('createSimulation', () => {
  it.each<[unknown, RegExp]>([
    [{ engine: 'tpu' }, /engine must be "auto", "gpu" or "cpu", got "tpu"/],
    [{ precision: 'f16' }, /precision must be "f32" or "f64"/],
    [{ engine: 'gpu', precision: 'f64' }, /GPUs compute in f32/],
    [{ workgroupSize: 48 }, /workgroupSize must be a power of two/],
    [{ synapses: 'none' }, /synapses must be "auto", "stored", "procedural" or "host", got "none"/],
    [{ synapseBytes: -1 }, /synapseBytes must be a number from 0 on/],
    [{ threads: 0 }, /threads must be a whole number from 1 to 64, got 0/],
    [{ workGroupSize: 64 }, /unknown option "workGroupSize"/],
    [null, /options must be an object/],
  ])('refuses options %j', async (options, message) => {
    await expect(createSimulation(busy(), options as SimulationOptions)).rejects.toThrow(message);
  });

  it.each([[null], [42], ['cuba'], [{}], [[]]])('refuses %j as a network', async (network) => {
    await expect(createSimulation(network as never)).rejects.toThrow(NetworkError);
  });
});
