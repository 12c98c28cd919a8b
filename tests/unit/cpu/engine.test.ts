/** What the CPU engine promises beside right numbers: errors that name the place, recording, reading, writing, ending. */
import { describe, expect, it } from 'vitest';
import { createCpuEngine, listCpuCode } from '../../../src/cpu/engine.ts';
import type { RecordingSink } from '../../../src/engine.ts';
import { DeviceError, NetworkError } from '../../../src/errors.ts';
import {
  add,
  binary,
  div,
  get,
  integer,
  literal,
  local,
  mul,
  type Statement,
  select,
  special,
  sub,
  truth,
  unary,
} from '../../../src/language/kernel.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import {
  bind,
  Collector,
  cubaPlan,
  type GroupSpec,
  makePlan,
  own,
  set,
  synapse,
} from '../../support/plans.ts';

const X = own(0, 'x');
const Y = own(1, 'y');
const x = get(X);
const FLOATS = [
  { name: 'x', type: 'f32' },
  { name: 'y', type: 'f32' },
] as const;

/** x counts the steps; every neuron spikes when x reaches its index + 1. */
const counting = (members: GroupSpec['members'], changes: Partial<GroupSpec> = {}): GroupSpec => ({
  members,
  variables: [...FLOATS],
  advance: [set(X, add(x, literal(1)))],
  spiked: binary('eq', x, unary('to_f32', add(special('index'), integer(1)))),
  ...changes,
});

const noSink: RecordingSink = { spikes() {}, samples() {} };

async function failure(plan: Plan, steps: number): Promise<NetworkError> {
  const engine = await createCpuEngine(plan, noSink);
  const error = await engine.advance(steps).then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof NetworkError)) throw new Error(`no NetworkError: ${String(error)}`);
  // It stays failed, and says the same again.
  await expect(engine.advance(1)).rejects.toBe(error);
  engine.destroy();
  return error;
}

describe.each(['f32', 'f64'] as const)('faults, %s', (precision) => {
  const exploding = (windowSteps: number): Plan =>
    makePlan({
      precision,
      windowSteps,
      groups: [
        counting(
          [
            { name: 'calm', count: 9 },
            // y stays 0 but in neuron 5, whose x leaves the numbers at step 6.
            { name: 'wild', count: 7, initial: (name, n) => (name === 'y' && n === 5 ? 1 : 0) },
          ],
          {
            advance: [
              set(X, add(x, literal(1))),
              set(
                Y,
                select(binary('eq', special('step'), integer(6)), div(get(Y), literal(0)), get(Y)),
              ),
            ],
          },
        ),
      ],
    });

  it.each([1, 4])('name variable, neuron and step, windows of %i', async (windowSteps) => {
    // 0/0 is NaN in every neuron: the first one of the first population is named.
    const error = await failure(exploding(windowSteps), 20);
    expect(error.message).toContain('Population "calm": y of neuron 0 is not a finite number');
    expect(error.message).toContain('at step 6 (t = 0.6 ms)');
    expect(error.value).toEqual({ fault: 'not-finite', variable: 'y', neuron: 0, step: 6 });
  });

  it.each([1, 4])('find one infinite neuron in the middle, windows of %i', async (windowSteps) => {
    const grow: Statement[] = [set(X, mul(x, literal(1e30))), set(X, mul(x, literal(1e9)))];
    const plan = makePlan({
      precision,
      windowSteps,
      groups: [
        counting(
          [
            { name: 'a', count: 6 },
            { name: 'b', count: 6, initial: (name, n) => (name === 'x' && n === 2 ? 1e-30 : 0) },
          ],
          { advance: grow, spiked: null },
        ),
      ],
    });
    const error = await failure(plan, 100);
    expect(error.path).toBe('population "b"');
    // 1e-30 * 1e39^k leaves single precision in the second step and doubles in the ninth.
    const step = precision === 'f32' ? 1 : 8;
    expect(error.value).toEqual({ fault: 'not-finite', variable: 'x', neuron: 2, step });
  });

  it('do not see neurons that only fill a vector', async () => {
    // Neuron 2 is the last one; those after it would divide by zero at step 3.
    const beyond = binary('gt', special('index'), integer(2));
    const plan = makePlan({
      precision,
      groups: [
        counting([{ name: 'three', count: 3 }], {
          advance: [set(X, div(literal(1), select(beyond, literal(0), literal(2))))],
          spiked: truth(true),
        }),
      ],
    });
    const collector = new Collector();
    const engine = await createCpuEngine(plan, collector);
    await engine.advance(3);
    expect(collector.list).toEqual(
      [0, 1, 2].flatMap((step) => [0, 1, 2].map((neuron) => `${step}:${neuron}`)),
    );
  });
});

describe('amounts that are too large', () => {
  const plan = (limit: number, proven: boolean): Plan =>
    makePlan({
      groups: [
        counting([{ name: 'targets', count: 6 }], {
          inputs: [{ variable: 'x', scale: 10 }],
          begin: [
            bind('arrived', { op: 'arrived', type: 'f32', input: 0 }),
            set(X, add(x, local('arrived'))),
          ],
          advance: [],
          spiked: null,
        }),
      ],
      generators: [{ name: 'source', count: 1, steps: [3, 9], indices: [0, 0] }],
      deliver: [
        {
          name: 'pathway',
          mode: 'scatter',
          synapseVariables: [{ name: 'w', type: 'f32', written: false }],
          inputs: [{ name: 'x', side: 'post', proven }],
          projections: [
            {
              name: 'source->targets',
              source: 'source',
              target: 'targets',
              limit,
              synapses: [1, 4, 5].map((post) => ({ pre: 0, post })),
              initial: (_, e) => (e === 1 ? -200 : 1),
            },
          ],
          body: [{ kind: 'add', input: 0, value: get(synapse(0, 'w')) }],
        },
      ],
    });

  it('stop the run and name variable, neuron, step, remedy', async () => {
    const error = await failure(plan(100 * 1024, false), 20);
    expect(error.message).toContain('Population "targets"');
    expect(error.message).toContain('"bound"');
    expect(error.value).toEqual({ fault: 'overflow', variable: 'x', neuron: 4, step: 3 });
  });

  it('pass when they fit', async () => {
    const engine = await createCpuEngine(plan(300 * 1024, false), noSink);
    await engine.advance(20);
    expect([...(await engine.read('state', 0, 6))]).toEqual([0, 2, 0, 0, -400, 2]);
  });
});

describe('recording', () => {
  it('gives spikes by step, then global number, though populations share code', async () => {
    const plan = makePlan({
      groups: [
        counting([
          { name: 'a', count: 3 },
          { name: 'b', count: 5 },
        ]),
      ],
    });
    const collector = new Collector();
    const engine = await createCpuEngine(plan, collector);
    await engine.advance(10);
    expect(collector.list).toEqual(['0:0', '0:3', '1:1', '1:4', '2:2', '2:5', '3:6', '4:7']);
  });

  it('leaves out what is not recorded', async () => {
    const plan = makePlan({
      groups: [
        counting([
          { name: 'a', count: 3 },
          { name: 'b', count: 5 },
        ]),
      ],
    });
    const populations = plan.populations.map((slot) => ({
      ...slot,
      recordSpikes: slot.name === 'b',
    }));
    const collector = new Collector();
    const engine = await createCpuEngine({ ...plan, populations }, collector);
    await engine.advance(10);
    expect(collector.list).toEqual(['0:3', '1:4', '2:5', '3:6', '4:7']);
  });

  it('loses nothing when everybody fires all the time', async () => {
    const count = 5000;
    const plan = makePlan({
      windowSteps: 3,
      groups: [counting([{ name: 'all', count }], { spiked: truth(true) })],
    });
    let spikes = 0;
    let ordered = true;
    let last = -1;
    const engine = await createCpuEngine(plan, {
      spikes(steps, neurons) {
        for (const [index, step] of steps.entries()) {
          const place = step * count + (neurons[index] ?? 0);
          ordered &&= place === last + 1;
          last = place;
        }
        spikes += steps.length;
      },
      samples() {},
    });
    await engine.advance(100);
    expect(spikes).toBe(100 * count);
    expect(ordered).toBe(true);
  });

  it.each(['f32', 'f64'] as const)(
    'samples state and drains full buffers, %s',
    async (precision) => {
      const count = 6;
      const rowOf = Int32Array.from([-1, 1, -1, -1, -1, 0]);
      const plan = makePlan({
        precision,
        windowSteps: 4,
        groups: [
          counting(
            [
              { name: 'a', count: 2 },
              { name: 'b', count: count - 2 },
            ],
            {
              sampler: {
                every: 2,
                rows: 2,
                rowOf,
                values: [x, local('doubled'), special('index')],
                body: [bind('doubled', mul(x, literal(2)))],
              },
            },
          ),
        ],
      });
      const collector = new Collector();
      const engine = await createCpuEngine(plan, collector);
      await engine.advance(9);
      await engine.advance(20_000 - 9);
      expect(collector.sampled.length).toBeGreaterThan(1);
      let next = 0;
      for (const { first, count: samples, data } of collector.sampled) {
        expect(first).toBe(next);
        next += samples;
        for (let sample = 0; sample < samples; sample++) {
          const value = (first + sample) * 2;
          const expected = [value, value, 2 * value, 2 * value, 3, 1];
          if (sample % 97 === 0) expect(data.slice(sample * 6, sample * 6 + 6)).toEqual(expected);
        }
      }
      expect(next).toBe(10_000);
    },
  );
});

describe('reading and writing', () => {
  /** Resets x to -1 in the step after a spike. */
  const resetting = (): Plan =>
    makePlan({
      groups: [
        counting([{ name: 'a', count: 5, initial: (name) => (name === 'y' ? -9 : 0) }], {
          begin: [
            {
              kind: 'if',
              rare: true,
              condition: binary('eq', get(Y), unary('to_f32', sub(special('step'), integer(1)))),
              body: [set(X, literal(-1)), set(Y, literal(-9))],
            },
          ],
          spiked: binary('ge', x, literal(3)),
          onSpike: [set(Y, unary('to_f32', special('step')))],
        }),
      ],
    });

  it('sees the state after the resets of the last step, and leaves the run as it was', async () => {
    const engine = await createCpuEngine(resetting(), noSink);
    await engine.advance(3);
    expect([...(await engine.read('state', 0, 5))]).toEqual([-1, -1, -1, -1, -1]);
    expect([...(await engine.read('state', 0, 2))]).toEqual([-1, -1]);
    await engine.advance(4);
    const other = await createCpuEngine(resetting(), noSink);
    await other.advance(7);
    expect(await engine.read('state', 0, 10)).toEqual(await other.read('state', 0, 10));
  });

  it('writes over what the reset left', async () => {
    const engine = await createCpuEngine(resetting(), noSink);
    await engine.advance(3);
    await engine.write('state', 1, [0.5, 0.25]);
    expect([...(await engine.read('state', 0, 4))]).toEqual([-1, 0.5, 0.25, -1]);
    await engine.advance(1);
    expect([...(await engine.read('state', 0, 4))]).toEqual([0, 1.5, 1.25, 0]);
  });

  it('changes constants for the steps to come', async () => {
    const constant = { op: 'constant', type: 'f32', index: 0, name: 'rate' } as const;
    const plan = makePlan({
      groups: [
        counting(
          [
            { name: 'a', count: 2, constants: [1] },
            { name: 'b', count: 2, constants: [10] },
          ],
          {
            advance: [set(X, add(x, constant))],
            spiked: null,
          },
        ),
      ],
    });
    const engine = await createCpuEngine(plan, noSink);
    await engine.advance(2);
    await engine.write('constants', 1, [100]);
    await engine.advance(1);
    expect([...(await engine.read('state', 0, 4))]).toEqual([3, 3, 120, 120]);
    expect([...(await engine.read('constants', 0, 2))]).toEqual([1, 100]);
  });

  it.each(['f32', 'f64'] as const)('keeps integers whole, %s', async (precision) => {
    const plan = makePlan({
      precision,
      groups: [
        {
          members: [{ name: 'a', count: 3, initial: (_, n) => n - 2147483648 }],
          variables: [{ name: 'k', type: 'i32' }],
          advance: [set(own(0, 'k'), add(get(own(0, 'k'), 'i32'), integer(1)))],
        },
      ],
    });
    const engine = await createCpuEngine(plan, noSink);
    await engine.advance(2);
    expect([...(await engine.read('state', 0, 3))]).toEqual([
      -2147483646, -2147483645, -2147483644,
    ]);
    await engine.write('state', 1, [16777217]);
    expect([...(await engine.read('state', 0, 3))]).toEqual([-2147483646, 16777217, -2147483644]);
  });
});

describe('degrees', () => {
  it('counts incoming and outgoing synapses', async () => {
    const synapses = [
      { pre: 0, post: 0 },
      { pre: 0, post: 2 },
      { pre: 1, post: 2 },
      { pre: 1, post: 2 },
    ];
    const plan = makePlan({
      groups: [
        counting([{ name: 'targets', count: 3 }], {
          inputs: [{ variable: 'x', scale: 10 }],
          begin: [
            bind('arrived', { op: 'arrived', type: 'f32', input: 0 }),
            set(X, add(x, local('arrived'))),
          ],
          advance: [],
          spiked: null,
        }),
      ],
      generators: [{ name: 'sources', count: 2, steps: [0, 0], indices: [0, 1] }],
      deliver: [
        {
          name: 'pathway',
          mode: 'scatter',
          inputs: [{ name: 'x', side: 'post', proven: true }],
          projections: [{ name: 'p', source: 'sources', target: 'targets', synapses }],
          body: [
            {
              kind: 'add',
              input: 0,
              value: unary(
                'to_f32',
                add(mul(integer(10), special('degree_in')), special('degree_out')),
              ),
            },
          ],
        },
      ],
    });
    const engine = await createCpuEngine(plan, noSink);
    await engine.advance(1);
    expect([...(await engine.read('state', 0, 3))]).toEqual([12, 0, 96]);
  });
});

describe('a life', () => {
  it('counts steps, windows and time', async () => {
    const engine = await createCpuEngine(
      cubaPlan({ neurons: 100, windowSteps: 4, delaySteps: 4 }),
      noSink,
    );
    await engine.advance(10);
    expect(engine.step).toBe(10);
    expect(engine.timings()).toMatchObject({ steps: 10, windows: 3 });
    expect(engine.timings().hostMs).toBeGreaterThan(0);
    expect(engine.kind).toBe('cpu');
    expect(engine.adapter).toBeNull();
    expect(engine.exactArithmetic).toBe(true);
    expect(engine.bytes % 65536).toBe(0);
  });

  it('stops between batches when asked to', async () => {
    const engine = await createCpuEngine(cubaPlan({ neurons: 2000 }), noSink);
    const controller = new AbortController();
    const run = engine.advance(1e9, controller.signal);
    await new Promise((resolve) => setTimeout(resolve, 60));
    controller.abort();
    await run;
    expect(engine.step).toBeGreaterThan(0);
    expect(engine.step).toBeLessThan(1e9);
    const reached = engine.step;
    await engine.advance(5, controller.signal);
    expect(engine.step).toBe(reached);
    engine.destroy();
  });

  it('ends with destroy', async () => {
    const engine = await createCpuEngine(cubaPlan({ neurons: 50 }), noSink);
    await engine.advance(2);
    engine.destroy();
    engine.destroy();
    const destroyed = { reason: 'destroyed' };
    await expect(engine.advance(1)).rejects.toMatchObject(destroyed);
    await expect(engine.read('state', 0, 1)).rejects.toMatchObject(destroyed);
    await expect(engine.write('state', 0, [1])).rejects.toMatchObject(destroyed);
    expect(() => engine.timings()).toThrow(DeviceError);
  });

  it('ends a run that is under way', async () => {
    const engine = await createCpuEngine(cubaPlan({ neurons: 2000 }), noSink);
    const run = engine.advance(1e9);
    await new Promise((resolve) => setTimeout(resolve, 20));
    engine.destroy();
    await expect(run).rejects.toMatchObject({ reason: 'destroyed' });
  });

  it('refuses networks beyond its address space before it allocates', async () => {
    const plan = cubaPlan({ neurons: 50 });
    const huge = { ...plan, ringSlots: 2 ** 24, synapses: plan.synapses };
    await expect(createCpuEngine(huge, noSink)).rejects.toMatchObject({
      reason: 'memory',
      limit: 'address space',
      available: 2 ** 32,
    });
  });

  it('runs an empty network', async () => {
    const engine = await createCpuEngine(makePlan({ groups: [] }), noSink);
    await engine.advance(10);
    expect(engine.step).toBe(10);
  });

  it('runs beside populations of nobody', async () => {
    const plan = makePlan({
      groups: [
        counting([
          { name: 'none', count: 0 },
          { name: 'a', count: 2 },
        ]),
      ],
    });
    const collector = new Collector();
    const engine = await createCpuEngine(plan, collector);
    await engine.advance(3);
    expect(collector.list).toEqual(['0:0', '1:1']);
  });

  it('lists its code with the comments of the model', () => {
    const plan = makePlan({
      groups: [
        counting([{ name: 'a', count: 2 }], {
          advance: [{ kind: 'comment', text: 'dx/dt = 1/ms' }, set(X, add(x, literal(1)))],
        }),
      ],
    });
    const text = listCpuCode(plan);
    expect(text).toContain(';; dx/dt = 1/ms');
    expect(text).toContain('f32x4.add');
    expect(text).toContain('(func $run');
  });
});
