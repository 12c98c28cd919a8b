/**
 * What a run asks of a chip, on a network small enough to count by hand: cores, links, fans, delay slots, memory; and what
 * must add up on a larger one.
 */
import { describe, expect, it } from 'vitest';
import { coreMemory, mapCores } from '../../../src/chip/cores.ts';
import { listSynapses } from '../../../src/chip/synapses.ts';
import { chipTraffic } from '../../../src/chip/traffic.ts';
import { chipReport, models, Network } from '../../../src/index.ts';

/** Two inputs onto three neurons, which feed two others: 3 + 2 + 3 synapses. */
function small(): Network {
  const net = new Network({ dt: '1 ms', seed: 1 });
  const inputs = net.spikeList('inputs', 2, { indices: [0, 1, 0], timesMs: [1, 1, 3] });
  const first = net.population('first', 3, models.lifDelta.with());
  const second = net.population('second', 2, models.lifDelta.with());
  const projection = (
    name: string,
    source: typeof first,
    target: typeof first,
    pre: number[],
    post: number[],
    delaysMs: number[],
  ) =>
    net
      .projection(name, source, target, {
        eqs: 'weight : volt (constant)',
        onPre: 'v += weight',
        initial: { weight: '30 mV' },
        delay: { values: delaysMs, unit: 'ms' },
      })
      .connect({ rule: 'list', pre, post });
  projection('in', inputs, first, [0, 0, 1], [0, 1, 2], [1, 1, 1]);
  projection('loop', first, first, [0, 2], [1, 0], [2, 3]);
  projection('out', first, second, [0, 1, 1], [0, 0, 1], [0, 4, 4]);
  return net;
}

describe('a network counted by hand', () => {
  const network = listSynapses(small().document);
  const map = mapCores(network, 2);

  it('has cores for every population of neurons', () => {
    expect(map.cores).toEqual([
      { population: 'first', from: 0, to: 2 },
      { population: 'first', from: 2, to: 3 },
      { population: 'second', from: 0, to: 2 },
    ]);
    expect(Array.from(map.coreOf)).toEqual([-1, -1, 0, 0, 1, 2, 2]);
  });

  // Global numbers: inputs 0 and 1, first 2 to 4, second 5 and 6.
  const spikes = {
    steps: Uint32Array.of(1, 1, 2, 3, 4),
    neurons: Uint32Array.of(0, 1, 2, 0, 3),
    stepCount: 10,
  };
  const traffic = chipTraffic(network, map, spikes);

  it('counts fans, spikes and operations by projection', () => {
    expect(traffic.projections).toEqual([
      {
        name: 'in',
        synapses: 3,
        fanOut: { mean: 1.5, most: 2 },
        fanIn: { mean: 1, most: 1 },
        spikes: 3,
        operations: 5,
      },
      {
        name: 'loop',
        synapses: 2,
        fanOut: { mean: 2 / 3, most: 1 },
        fanIn: { mean: 2 / 3, most: 1 },
        spikes: 2,
        operations: 1,
      },
      {
        name: 'out',
        synapses: 3,
        fanOut: { mean: 1, most: 2 },
        fanIn: { mean: 1.5, most: 2 },
        spikes: 2,
        operations: 3,
      },
    ]);
    expect(traffic).toMatchObject({ spikes: 5, operations: 9, mostFanOut: 2, mostFanIn: 2 });
  });

  it('counts one message for a spike and core, and its operations there', () => {
    expect(traffic.links).toEqual([
      { from: -1, to: 0, messages: 2, operations: 4 },
      { from: 0, to: 2, messages: 2, operations: 3 },
      { from: -1, to: 1, messages: 1, operations: 1 },
      { from: 0, to: 0, messages: 1, operations: 1 },
    ]);
    // Within core 0 nothing is sent.
    expect(traffic.messages).toBe(5);
  });

  it('moves events through the delay slots', () => {
    // Begun: delay 1 in steps 1 (three), 3 (two); delays 2 and 0 in step 2; delay 4 in step 4 (two).
    expect(traffic.slots.map(({ events }) => events)).toEqual([1, 5, 1, 0, 2]);
    // An event of delay d is in slot d, then d - 1, …, 0: 9 pass slot 0, and so on.
    expect(traffic.slots.map(({ meanPending }) => meanPending * 10)).toEqual([9, 8, 3, 2, 2]);
    // Step 2 has in slot 0 three that began at step 1 and one of delay 0.
    expect(traffic.slots.map(({ mostPending }) => mostPending)).toEqual([4, 3, 2, 2, 2]);
  });

  it('finds what cores have to do', () => {
    expect(traffic.cores).toEqual([
      { spikes: 2, messagesIn: 2, operations: 5, mostInStep: 3 },
      { spikes: 0, messagesIn: 1, operations: 1, mostInStep: 1 },
      { spikes: 0, messagesIn: 2, operations: 3, mostInStep: 2 },
    ]);
  });

  it('finds hot neurons', () => {
    expect(traffic.hotSources[0]).toEqual({
      population: 'inputs',
      neuron: 0,
      core: -1,
      spikes: 2,
      fanOut: 2,
      fanIn: 0,
      caused: 4,
      received: 0,
    });
    expect(traffic.hotTargets[0]).toMatchObject({ population: 'first', neuron: 1, received: 3 });
  });

  it('adds up the memory of a core', () => {
    const [, one, last] = coreMemory(network, map, 8);
    // Core 1 holds neuron 2 of "first": one synapse of 8 bits, 1 bit for two targets, delay constant 1: 1 bit.
    const variables = network.compiled.populations[1]?.lowered?.variables.length ?? 0;
    expect(one).toMatchObject({ neurons: 4 * variables, synapses: 2, axons: 4, buffers: 4 });
    // Core 2: three synapses of 8 + 1 + 3 bits, sources 0 and 1 of "first", five steps of input for two neurons.
    expect(last).toMatchObject({ neurons: 8 * variables, synapses: 5, axons: 8, buffers: 20 });
    expect(last?.total).toBe(8 * variables + 33);
  });
});

describe('a study', () => {
  const net = (seed: number): Network => {
    const made = new Network({ dt: '0.1 ms', seed, name: 'study' });
    const drive = made.poissonPopulation('drive', 30, { rate: '40 Hz' });
    const cells = made.population('cells', 50, models.lifDelta.with({ tau_m: '10 ms' }));
    const weight = { lognormal: { mean: '3 mV', sd: '2 mV' } };
    const options = {
      eqs: 'weight : volt (constant)',
      onPre: 'v += weight',
      delay: '1.5 ms',
      initial: { weight },
    };
    made.projection('drive', drive, cells, options).connect({ rule: 'fixed-probability', p: 0.3 });
    made.record.spikes(cells, { name: 'mine' });
    return made;
  };

  it('adds up', async () => {
    const report = await chipReport(net(3), {
      bits: [4, 8, 4],
      seeds: [3, 4],
      duration: '200 ms',
      neuronsPerCore: 16,
      engine: 'cpu',
    });
    const { traffic, cores, energy } = report;
    const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
    expect(report.quantisation.map(({ bits }) => bits)).toEqual([8, 4]);
    expect(report.seeds).toEqual([3, 4]);
    expect(cores).toHaveLength(2 + 4);
    expect(traffic.operations).toBeGreaterThan(1000);
    expect(sum(traffic.projections.map(({ operations }) => operations))).toBe(traffic.operations);
    expect(sum(traffic.links.map(({ operations }) => operations))).toBe(traffic.operations);
    expect(sum(cores.map(({ operations }) => operations))).toBe(traffic.operations);
    expect(sum(cores.map(({ spikes }) => spikes))).toBe(traffic.spikes);
    expect(sum(traffic.slots.map(({ events }) => events))).toBe(traffic.operations);
    // What is under way at the end has not passed slot 0.
    const passed = (traffic.slots[0]?.meanPending ?? 0) * 2000;
    expect(traffic.operations - passed).toBeLessThan(0.05 * traffic.operations);
    expect(passed).toBeLessThanOrEqual(traffic.operations);
    expect(energy.microjoules).toBeCloseTo(traffic.operations * 23.6e-6, 9);
    expect(energy.milliwatts).toBeCloseTo(energy.microjoules / 200, 12);
    expect(report.findings.length).toBeGreaterThan(4);
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it('takes functions of seeds, counts runs, and asks for accuracy', async () => {
    const seen: number[] = [];
    const done: string[] = [];
    const report = await chipReport(
      (seed) => {
        seen.push(seed);
        return net(seed);
      },
      {
        bits: [2],
        seeds: [7, 8],
        duration: '50 ms',
        engine: 'cpu',
        accuracy: (simulation) => simulation.spikes('mine').neurons.length / 1000,
        onProgress: (progress) => done.push(`${progress.done}/${progress.all}`),
      },
    );
    expect(seen).toEqual([7, 8]);
    expect(done).toEqual(['1/4', '2/4', '3/4', '4/4']);
    for (const run of report.quantisation[0]?.runs ?? []) {
      const spikes = ((run.rateHz - run.quantisedRateHz) * 50 * 50) / 1000;
      expect(run.accuracyLoss).toBeCloseTo(spikes / 1000, 9);
    }
  });

  it('says what it does not look at', async () => {
    const made = net(1);
    made.field('space', { grid: [1], spacing: '10 um', every: '1 ms', eqs: 'C : mM' });
    const { document } = made;
    const withField = {
      ...document,
      projections: [
        ...document.projections,
        {
          name: 'release',
          source: { population: 'drive' },
          target: { population: 'space' },
          onPre: 'C += 1*uM',
          params: {},
          initial: {},
          connect: { rule: 'all-to-all' as const },
        },
      ],
    };
    const report = await chipReport(withField, { bits: [8], duration: '10 ms', engine: 'cpu' });
    expect(report.notes).toEqual(['release deposits into the field space: chips have none.']);
  });

  it.each([
    [{ bits: [] }, TypeError, /bits must be a list/],
    [{ bits: [9.5] }, RangeError, /bits must be a whole number/],
    [{ seeds: [-1] }, TypeError, /seeds must be a list of whole numbers/],
    [{ neuronsPerCore: 0 }, RangeError, /neuronsPerCore must be a whole number/],
    [{ picojoulesPerOperation: -1 }, RangeError, /picojoulesPerOperation must be a number/],
    [{ duration: '0 ms' }, RangeError, /duration must be a time above 0/],
    [{ tau: '5 mV' }, Error, /tau must be a time/],
    [{ accuracy: 3 }, TypeError, /accuracy must be a function/],
    [{ bit: [8] }, TypeError, /unknown option "bit"/],
    [3, TypeError, /options must be an object/],
  ] as const)('refuses %j', async (options, kind, message) => {
    const study = chipReport(net(1), options as never);
    await expect(study).rejects.toThrow(kind);
    await expect(chipReport(net(1), options as never)).rejects.toThrow(message);
  });

  it('stops when it is told to', async () => {
    const stop = new AbortController();
    const study = chipReport(net(1), {
      duration: '10 ms',
      engine: 'cpu',
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    await expect(study).rejects.toThrow(/abort/i);
  });
});
