/**
 * Probes: neurons that are looked at while the network runs. Every sample must be the one that a recording of the
 * document takes, no spike may change, and nothing may be kept. On every engine and precision that there is.
 */
import { afterEach, describe, expect, it } from 'vitest';
import {
  createSimulation,
  Network,
  NetworkError,
  type ProbeSamples,
  type Simulation,
  type SimulationOptions,
} from '../../src/index.ts';
import { type EngineCase, engines } from '../support/engines.ts';

const made: Simulation[] = [];
afterEach(() => {
  for (const simulation of made.splice(0)) simulation.destroy();
});

interface NetworkShape {
  /** 0.1 ms gives windows of one step, others of several. */
  readonly delay?: string;
  /** Records everything of all neurons at every step, which probes are compared with. */
  readonly isRecorded?: boolean;
}

/** Two populations of the same code, one of other code, noise, delays, refractoriness. */
function busy({ delay = '1.5 ms', isRecorded = true }: NetworkShape = {}): Network {
  const net = new Network({ name: 'busy', seed: 3, params: { drive: '20 mV' } });
  const model = {
    eqs: `dv/dt = (drive + g - v)/tau + sigma*xi*tau**-0.5 : volt (unless refractory)
          dg/dt = -g/(5*ms) : volt
          twice = 2*v : volt`,
    threshold: 'v > 15*mV',
    reset: 'v = 0*mV',
    refractory: '2 ms',
    initial: { v: 'rand()*15*mV' },
  };
  const a = net.population('a', 101, { ...model, params: { tau: '10 ms', sigma: '2 mV' } });
  const b = net.population('b', 30, { ...model, params: { tau: '12 ms', sigma: '1 mV' } });
  const slow = net.population('c', 5, {
    eqs: 'dx/dt = (1 - x)/(20*ms) : 1',
    threshold: 'x > 0.5',
    reset: 'x = 0',
  });
  net.projection('all', a, b, { onPre: 'g -= 0.5*mV', delay }).connect({
    rule: 'fixed-probability',
    p: 0.1,
  });
  net.projection('back', b, a, { onPre: 'g += 0.25*mV', delay }).connect({
    rule: 'fixed-probability',
    p: 0.2,
  });
  for (const cells of [a, b, slow]) net.record.spikes(cells);
  if (isRecorded) {
    net.record.state(a, ['v', 'g', 'twice', 'lastspike'], { name: 'a' });
    net.record.state(b, ['g'], { name: 'b', every: '0.5 ms' });
    net.record.state(slow, ['x'], { name: 'c' });
  }
  return net;
}

const DT = 0.1;

/** Checks every sample against the recording of the same variable, and counts them. */
function compare(
  simulation: Simulation,
  batches: readonly ProbeSamples[],
  recording: string,
): number {
  const { values, timesMs, neurons } = simulation.state(recording);
  const sampleOf = new Map([...timesMs].map((time, sample) => [Math.round(time / DT), sample]));
  let compared = 0;
  for (const batch of batches) {
    const width = batch.neurons.length;
    expect(batch.values.length).toBe(batch.steps.length * batch.variables.length * width);
    for (const [s, step] of batch.steps.entries()) {
      const sample = sampleOf.get(step);
      for (const [v, variable] of batch.variables.entries()) {
        const recorded = values[variable];
        if (sample === undefined || recorded === undefined) continue;
        for (const [n, neuron] of batch.neurons.entries()) {
          const place = neurons.indexOf(neuron) * timesMs.length + sample;
          const found = batch.values[(s * batch.variables.length + v) * width + n];
          if (!Object.is(found, recorded[place])) {
            throw new Error(
              `${recording}.${variable} of ${neuron} at step ${step}: ${found}, recorded ${recorded[place]}`,
            );
          }
          compared++;
        }
      }
    }
  }
  return compared;
}

const of = (batches: readonly ProbeSamples[], population: string): ProbeSamples[] =>
  batches.filter((batch) => batch.population === population);

const threaded: EngineCase = {
  name: 'CPU f32 on 3 threads',
  options: { engine: 'cpu', threads: 3 },
  isDouble: false,
};

describe.each([...engines, threaded])('$name', ({ options: engine }) => {
  async function create(network: Network, options: SimulationOptions): Promise<Simulation> {
    const simulation = await createSimulation(network, { ...engine, ...options });
    made.push(simulation);
    return simulation;
  }

  async function hashOf(network: Network, steps: number): Promise<string> {
    const simulation = await create(network, {});
    await simulation.runSteps(steps);
    return simulation.spikeHash();
  }

  it.each(['0.1 ms', '1.5 ms'])('samples what recordings sample, delays of %s', async (delay) => {
    const batches: ProbeSamples[] = [];
    const simulation = await create(busy({ delay }), {
      probes: [
        { population: 'a', variables: ['g', 'twice', 'v', 'lastspike'] },
        { population: 'b', variables: ['g'], every: '0.3 ms', most: 2 },
        { population: 'c' },
      ],
      onSamples: (batch) => {
        batches.push(batch);
      },
    });
    await simulation.runSteps(200);
    expect(batches).toEqual([]);
    await simulation.setProbes([
      { population: 'a', neurons: [100, 0, 17] },
      { population: 'b', neurons: [29, 28] },
    ]);
    await simulation.runSteps(137);
    expect(of(batches, 'a').flatMap(({ steps }) => [...steps])).toEqual(
      Array.from({ length: 137 }, (_, k) => 200 + k),
    );
    expect(of(batches, 'b').flatMap(({ steps }) => [...steps])).toEqual(
      Array.from({ length: 46 }, (_, k) => 201 + 3 * k),
    );
    expect(of(batches, 'c')).toEqual([]);
    expect(compare(simulation, of(batches, 'a'), 'a')).toBe(137 * 4 * 3);
    // Recorded at multiples of 5 steps, probed at those of 3.
    expect(compare(simulation, of(batches, 'b'), 'b')).toBe(9 * 2);

    batches.length = 0;
    await simulation.setProbes([
      { population: 'c', neurons: [4, 1] },
      { population: 'a', neurons: Uint32Array.of(5) },
    ]);
    await simulation.runSteps(100);
    expect(of(batches, 'b')).toEqual([]);
    expect(of(batches, 'c')[0]?.variables).toEqual(['x']);
    expect(compare(simulation, of(batches, 'a'), 'a')).toBe(100 * 4);
    expect(compare(simulation, of(batches, 'c'), 'c')).toBe(100 * 2);

    batches.length = 0;
    await simulation.setProbes([]);
    await simulation.runSteps(100);
    expect(batches).toEqual([]);
    expect(await simulation.spikeHash()).toBe(await hashOf(busy({ delay }), 537));
  });

  it('never changes a spike, however often and wherever one looks', async () => {
    const expected = await hashOf(busy({ isRecorded: false }), 1000);
    const simulation = await create(busy({ isRecorded: false }), {
      probes: ['a', 'b', 'c'].map((population) => ({ population, most: 5 })),
      onSamples: () => undefined,
    });
    for (let k = 0; k < 10; k++) {
      await simulation.setProbes([
        { population: 'a', neurons: [k, k + 90, 50 + k] },
        { population: 'c', neurons: k % 2 === 0 ? [] : [4, 3, 2, 1, 0] },
      ]);
      await simulation.runSteps(100);
    }
    expect(simulation.summary().spikes).toBeGreaterThan(200);
    expect(await simulation.spikeHash()).toBe(expected);
  });

  it('samples more than a buffer holds, in one run, each once', async () => {
    const steps: number[] = [];
    let least = Number.POSITIVE_INFINITY;
    const simulation = await create(busy({ isRecorded: false }), {
      probes: [{ population: 'c', most: 1 }],
      onSamples: async ({ steps: some, values }) => {
        await null;
        for (const step of some) steps.push(step);
        for (const value of values) least = Math.min(least, value);
      },
    });
    await simulation.setProbes([{ population: 'c', neurons: [2] }]);
    await simulation.runSteps(10_000);
    expect(steps).toEqual(Array.from({ length: 10_000 }, (_, k) => k));
    expect(least).toBe(0);
  });

  it('keeps its choice over checkpoints, and takes samples of steps that are run again once more', async () => {
    const batches: ProbeSamples[] = [];
    const simulation = await create(busy(), {
      probes: [{ population: 'a' }],
      onSamples: (batch) => {
        batches.push(batch);
      },
    });
    await simulation.runSteps(50);
    const checkpoint = await simulation.checkpoint();
    await simulation.setProbes([{ population: 'a', neurons: [3] }]);
    await simulation.runSteps(60);
    await simulation.restore(checkpoint);
    await simulation.runSteps(60);
    const all = Array.from({ length: 60 }, (_, k) => 50 + k);
    expect(batches.flatMap(({ steps }) => [...steps])).toEqual([...all, ...all]);
    expect(compare(simulation, batches, 'a')).toBe(2 * 60 * 2);
  });

  it('shows what is set by hand between two runs', async () => {
    const seen: number[] = [];
    const simulation = await create(busy({ isRecorded: false }), {
      probes: [{ population: 'c', variables: ['x'] }],
      onSamples: ({ values }) => {
        for (const value of values) seen.push(value);
      },
    });
    await simulation.setProbes([{ population: 'c', neurons: [1] }]);
    await simulation.runSteps(1);
    await simulation.set('c', 'x', 0.25);
    await simulation.runSteps(1);
    expect(seen).toEqual([0, 0.25]);
  });

  it('a failure of onSamples is that of the run', async () => {
    const simulation = await create(busy({ isRecorded: false }), {
      probes: [{ population: 'a' }],
      onSamples: () => Promise.reject(new Error('the disk is full')),
    });
    await simulation.setProbes([{ population: 'a', neurons: [0] }]);
    await expect(simulation.runSteps(10)).rejects.toThrow('the disk is full');
  });
});

it('says what is wrong with probes', async () => {
  const create = (probes: unknown): Promise<Simulation> =>
    createSimulation(busy(), { engine: 'cpu', probes } as SimulationOptions);
  await expect(create([{ population: 'd' }])).rejects.toThrow(/no population "d".*Known: a, b, c/);
  await expect(create([{ population: 'a', variables: ['w'] }])).rejects.toThrow(
    /population "a" has no variable "w".*It can be asked for: .*twice/,
  );
  await expect(create([{ population: 'a', every: '1 mV' }])).rejects.toThrow(NetworkError);
  await expect(create([{ population: 'a' }, { population: 'a' }])).rejects.toThrow(
    /one probe only/,
  );
  await expect(create([{ population: 'a', most: 1000 }])).rejects.toThrow(/from 1 to 256/);
  await expect(create({ a: 1 })).rejects.toThrow(/probes must be a list/);
  const simulation = await create([{ population: 'a', most: 2 }]);
  made.push(simulation);
  const choose = (probes: unknown): Promise<void> =>
    simulation.setProbes(probes as { population: string; neurons: number[] }[]);
  await expect(choose([{ population: 'b', neurons: [1] }])).rejects.toThrow(/with a probe "b"/);
  await expect(choose([{ population: 'a', neurons: [1, 2, 3] }])).rejects.toThrow(/looks at 2/);
  await expect(choose([{ population: 'a', neurons: [1, 1] }])).rejects.toThrow(/named once/);
  await expect(choose([{ population: 'a', neurons: [101] }])).rejects.toThrow(/from 0 to 100/);
  await expect(choose([{ population: 'a', neurons: 3 }])).rejects.toThrow(/list of numbers/);
  await expect(choose('a')).rejects.toThrow(/list of/);
});
