/**
 * Reading synapses while a network runs: however they exist, on whatever engine, they are those that the rule makes, with
 * their delays and variables, in chunks of bounded size. Compared with what the host makes by itself.
 */
import { describe, expect, it } from 'vitest';
import { createGpuEngine } from '../../src/gpu/engine.ts';
import {
  compileNetwork,
  Network,
  type ReadSynapsesOptions,
  type Simulation,
  type SimulationOptions,
  type SynapseChunk,
  type ValueSpec,
} from '../../src/index.ts';
import { engines } from '../support/engines.ts';
import { everything } from '../support/everything.ts';
import { describeGpu, gpu } from '../support/gpu.ts';
import { create } from '../support/made.ts';
import { storedRow } from '../support/stored-rows.ts';

interface Read {
  readonly sources: number[];
  readonly targets: number[];
  readonly delaysMs: number[];
  readonly values: Record<string, number[]>;
}

/** All chunks together; checks that they follow one another and are no larger than they may be. */
async function read(
  simulation: Simulation,
  projection: string,
  options: ReadSynapsesOptions = {},
): Promise<Read> {
  const all: Read = { sources: [], targets: [], delaysMs: [], values: {} };
  for await (const chunk of simulation.synapses(projection, options)) {
    const { first, sources, targets, delaysMs, values } = chunk;
    expect(first).toBe(all.sources.length);
    expect([targets.length, delaysMs.length]).toEqual([sources.length, sources.length]);
    const isOneRow = sources[0] === sources.at(-1);
    if (options.most !== undefined && !isOneRow) {
      expect(sources.length).toBeLessThanOrEqual(options.most);
    }
    all.sources.push(...sources);
    all.targets.push(...targets);
    all.delaysMs.push(...delaysMs);
    for (const [name, list] of Object.entries(values)) {
      expect(list.length).toBe(sources.length);
      all.values[name] ??= [];
      all.values[name]?.push(...list);
    }
  }
  return all;
}

type Rule = Parameters<ReturnType<Network['projection']>['connect']>[0];

const RULES: readonly (readonly [string, Rule])[] = [
  ['one-to-one', { rule: 'one-to-one' }],
  ['all-to-all', { rule: 'all-to-all', autapses: false }],
  ['fixed-probability', { rule: 'fixed-probability', p: 0.21 }],
  ['fixed-out-degree', { rule: 'fixed-out-degree', k: 9, autapses: false }],
  ['fixed-total-number', { rule: 'fixed-total-number', n: 300 }],
];

const DELAYS = [
  ['one', '1.3 ms'],
  ['short', { uniform: { min: '1 ms', max: '9 ms' } }],
  ['long', { uniform: { min: '1 ms', max: '60 ms' } }],
] as const;

/** Slices of two populations, so that neither end begins at 0. */
function projected(rule: Rule, delay: ValueSpec, size = 47): Network {
  const net = new Network({ seed: 11 });
  const model = { eqs: 'v : 1\ndg/dt = -g/(5*ms) : 1' };
  net.population('before', 5, model);
  const a = net.population('a', 60, model);
  const b = net.population('b', size + 13, model);
  net
    .projection('p', a.slice(3, 50), b.slice(7, 7 + size), {
      eqs: 'w : 1\nq : 1',
      onPre: 'g_post += w*q',
      delay,
      initial: { w: { normal: { mean: 1, sd: 0.2, min: 0, max: 2 } }, q: 0.75 },
    })
    .connect(rule);
  return net;
}

/** What the host makes, read from the plan. */
function expectedOf(network: Network): Read {
  const { plan } = compileNetwork(network.document, { synapses: 'host' });
  const [kernel] = plan.deliver;
  const [slot] = kernel?.projections ?? [];
  if (!kernel || !slot) throw new Error('no projection');
  const all: Read = { sources: [], targets: [], delaysMs: [], values: { w: [], q: [] } };
  for (let row = 0; row < slot.sourceCount; row++) {
    const { targets, delays, values } = storedRow(plan, kernel, slot, row);
    for (const [k, target] of targets.entries()) {
      all.sources.push(row + 3);
      all.targets.push(target + 7);
      all.delaysMs.push((delays[k] as number) * plan.dtMs);
      for (const [v, { name }] of kernel.synapseVariables.entries()) {
        all.values[name]?.push(values[v]?.[k] as number);
      }
    }
  }
  return all;
}

describe.each(engines)('$name', ({ options: engine, isDouble }) => {
  const ways = isDouble ? (['host'] as const) : (['host', 'stored', 'procedural'] as const);
  it.each(
    RULES.flatMap(([name, rule]) =>
      DELAYS.map(([kind, delay]) => [name, kind, rule, delay] as const),
    ),
  )('%s, delays: %s', async (_, __, rule, delay) => {
    const expected = expectedOf(projected(rule, delay));
    expect(expected.sources.length).toBeGreaterThan(30);
    for (const synapses of ways) {
      const simulation = await create(projected(rule, delay), { ...engine, synapses });
      expect(await read(simulation, 'p')).toEqual(expected);
      await simulation.runSteps(3);
      for (const most of [1, 10, 64]) {
        expect(await read(simulation, 'p', { most })).toEqual(expected);
      }
      const { values } = await read(simulation, 'p', { variables: ['q'], most: 100 });
      expect(Object.keys(values)).toEqual(['q']);
    }
  });

  it('lists, with delays of their own, in order of sources', async () => {
    const net = new Network();
    const cells = net.population('cells', 4, { eqs: 'dg/dt = -g/(5*ms) : 1' });
    net
      .projection('p', cells, cells, {
        eqs: 'w : 1',
        onPre: 'g_post += w',
        delay: { values: [3, 1, 2, 4, 5], unit: 'ms' },
        initial: { w: { values: [0.5, 0.25, 0.125, 1, 2], unit: '1' } },
      })
      .connect({ rule: 'list', pre: [2, 0, 2, 3, 0], post: [1, 1, 0, 3, 2] });
    const simulation = await create(net, engine);
    const { sources, targets, delaysMs, values } = await read(simulation, 'p', { most: 2 });
    expect(sources).toEqual([0, 0, 2, 2, 3]);
    expect(targets).toEqual([1, 2, 1, 0, 3]);
    expect(delaysMs.map((ms) => Math.round(ms))).toEqual([1, 5, 3, 2, 4]);
    expect(values.w).toEqual([0.25, 2, 0.5, 0.125, 1]);
  });

  it('synapses that change, shared values of sources, clock-driven equations, fields', async () => {
    const simulation = await create(everything(3), engine);
    await simulation.runSteps(120);
    const plastic = await read(simulation, 'plastic', { most: 20 });
    expect(plastic.sources.length).toBe(7 * 37);
    expect(Object.keys(plastic.values)).toEqual(['x', 'y', 'a', 'w', 'g']);
    expect(
      new Set(plastic.targets.map((post) => plastic.targets.filter((p) => p === post).length)),
    ).toEqual(new Set([7]));
    for (const name of ['x', 'y', 'a', 'w', 'g']) {
      expect(plastic.values[name]).toEqual([...(await simulation.get('plastic', name))]);
    }
    const short = await read(simulation, 'short');
    const shared = [...(await simulation.get('short', 'R'))];
    expect(short.values.R).toEqual(short.sources.map((source) => shared[source]));
    expect(short.values.w).toEqual([...(await simulation.get('short', 'w'))]);
    const release = await read(simulation, 'release');
    expect(release.sources).toEqual(Array.from({ length: 37 }, (_, k) => k));
    expect(Math.max(...release.targets)).toBeLessThan(24);
  });

  it('no pathway of presynaptic spikes: sums over synapses', async () => {
    const net = new Network({ seed: 2 });
    const cells = net.population('cells', 20, { eqs: 'dv/dt = (I - v)/(10*ms) : 1\nI : 1' });
    net
      .projection('gaps', cells, cells, { eqs: 'w : 1\nI_post = w*(v_pre - v_post) : 1 (summed)' })
      .connect({ rule: 'fixed-in-degree', k: 3, autapses: false });
    const simulation = await create(net, engine);
    const { sources, targets, delaysMs } = await read(simulation, 'gaps', { most: 7 });
    expect(sources).toEqual([...sources].sort((a, b) => a - b));
    for (let post = 0; post < 20; post++) {
      const own = sources.filter((_, k) => targets[k] === post);
      expect(own.length).toBe(3);
      expect(own).not.toContain(post);
    }
    expect(new Set(delaysMs)).toEqual(new Set([0]));
  });

  it('pathways with delays of their own; nothing where there are no synapses', async () => {
    const net = new Network();
    const cells = net.population('cells', 3, {
      eqs: 'v : 1\nu : 1',
      threshold: 'v > 1',
      reset: 'v = 0',
    });
    net
      .projection('p', cells, cells, {
        onPre: { early: 'v_post += 0.1', late: 'u_post += 0.1' },
        onPost: 'v_pre += 0.1',
        delay: { byPathway: { early: '1 ms', late: '4 ms', post: '2 ms' } },
      })
      .connect({ rule: 'one-to-one' });
    net
      .projection('none', cells, cells, { onPre: 'v_post += 0.1' })
      .connect({ rule: 'list', pre: [], post: [] });
    const simulation = await create(net, engine);
    const delayOf = async (pathway?: string): Promise<number[]> => {
      const { delaysMs } = await read(simulation, 'p', pathway === undefined ? {} : { pathway });
      return delaysMs.map((ms) => Math.round(ms));
    };
    expect(await delayOf()).toEqual([1, 1, 1]);
    expect(await delayOf('late')).toEqual([4, 4, 4]);
    expect(await delayOf('post')).toEqual([2, 2, 2]);
    expect((await read(simulation, 'none')).sources).toEqual([]);
    expect(() => simulation.synapses('p', { pathway: 'lat' })).toThrow(
      /no pathway "lat". Did you mean "late"/,
    );
    expect(() => simulation.synapses('q')).toThrow(/no projection "q"/);
    expect(() => simulation.synapses('p', { variables: ['w'] })).toThrow(/no stored variable "w"/);
    expect(() => simulation.synapses('p', { most: 0 })).toThrow(/most must be a whole number/);
  });
});

it('more targets than half a word tells apart', async () => {
  const network = projected({ rule: 'fixed-out-degree', k: 50 }, '2 ms', 70_000);
  const drawn = projected(
    { rule: 'fixed-out-degree', k: 50 },
    { uniform: { min: '1 ms', max: '9 ms' } },
    70_000,
  );
  for (const net of [network, drawn]) {
    const expected = expectedOf(net);
    const cases: SimulationOptions[] = [{ engine: 'cpu' }];
    if (gpu !== null) cases.push({ engine: 'gpu', device: gpu.device });
    for (const options of cases) {
      const simulation = await create(net, options);
      expect(await read(simulation, 'p', { most: 333 })).toEqual(expected);
    }
  }
});

describeGpu('on a GPU', (device) => {
  it('words that lie in several parts are read as in the plan', async () => {
    const { document } = projected({ rule: 'fixed-probability', p: 0.5 }, DELAYS[1][1], 400);
    const { plan } = compileNetwork(document, { synapses: 'host' });
    const sink = { spikes() {}, samples() {} };
    const engine = await createGpuEngine(plan, sink, { device, bindingBytes: 4096 });
    try {
      expect(engine.warnings?.[0]).toMatch(/lie in \d+ parts/);
      const all = await engine.readSynapses(0, plan.synapses.length);
      expect([...all]).toEqual([...plan.synapses]);
      const some = await engine.readSynapses(1001, 1500);
      expect([...some]).toEqual([...plan.synapses.subarray(1001, 2501)]);
    } finally {
      engine.destroy();
    }
  });
});

it('a run goes on between chunks, and reading changes nothing', async () => {
  const options: SimulationOptions = { engine: 'cpu' };
  const one = await create(everything(4), options);
  const running = one.runSteps(200);
  const chunks: SynapseChunk[] = [];
  for await (const chunk of one.synapses('plastic', { most: 7 })) chunks.push(chunk);
  await running;
  expect(chunks.length).toBeGreaterThan(30);
  const other = await create(everything(4), options);
  await other.runSteps(200);
  expect(await one.spikeHash()).toBe(await other.spikeHash());
});

it('positions of neurons in µm', async () => {
  const net = new Network();
  const model = { eqs: 'v : 1' };
  net.population('grid', 6, { ...model, positions: { grid: [3, 2], spacing: '10 um' } });
  net.population('box', 100, { ...model, positions: { box: ['1 mm', '20 um', '30 um'] } });
  net.population('nowhere', 2, model);
  const simulation = await create(net, { engine: 'cpu' });
  expect([...(simulation.positions('grid') ?? [])]).toEqual([
    5, 5, 0, 15, 5, 0, 25, 5, 0, 5, 15, 0, 15, 15, 0, 25, 15, 0,
  ]);
  const box = simulation.positions('box') ?? new Float32Array(0);
  expect(box.length).toBe(300);
  for (const [axis, most] of [1000, 20, 30].entries()) {
    const values = [...box].filter((_, k) => k % 3 === axis);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThan(most);
    // The largest of 100 is below 0.9 of the width with chance 3e-5.
    expect(Math.max(...values)).toBeGreaterThan(0.9 * most);
  }
  expect(simulation.positions('nowhere')).toBeNull();
  expect(() => simulation.positions('somewhere')).toThrow(/no population "somewhere"/);
});
