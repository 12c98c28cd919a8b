/**
 * A run that is taken up in another simulation, on the same or the other engine, has the bits of one that was never
 * interrupted: spikes, state, synapses, what is under way in axons, parameters that were changed by hand.
 */
import { describe, expect, it } from 'vitest';
import {
  Network,
  type NetworkDocument,
  type PortableCheckpoint,
  type Simulation,
  type SimulationOptions,
} from '../../src/index.ts';
import { engines, singleEngines } from '../support/engines.ts';
import { everything, STEPS, STORED } from '../support/everything.ts';
import { create } from '../support/made.ts';

interface Case {
  readonly name: string;
  readonly network: () => Network;
  readonly stored: readonly (readonly [string, string])[];
  /** Steps before and after. */
  readonly steps: readonly [number, number];
}

/** Plastic synapses with delays of their own, given spikes, Poisson input, a slow clock. */
function delayed(): Network {
  const net = new Network({ seed: 5 });
  const given = net.spikeList('given', 3, {
    indices: [0, 1, 2, 0, 1, 2],
    timesMs: [1, 3, 9.9, 10, 10.1, 18],
  });
  const cells = net.population('cells', 61, {
    eqs: `dv/dt = (g - v)/(10*ms) : volt (unless refractory)
          dg/dt = -g/(5*ms) : volt
          da/dt = (v/mV - a)/(40*ms) : 1 (slow)`,
    slow: '0.5 ms',
    threshold: 'v > 10*mV',
    reset: 'v = 0*mV',
    refractory: '1 ms',
    initial: { v: '12*mV*rand()' },
  });
  net.poissonInput('noise', cells, { variable: 'g', n: 100, rate: '30 Hz', weight: '2 mV' });
  net
    .projection('plastic', cells, cells, {
      eqs: `w : volt
            dx/dt = -x/(20*ms) : 1 (event-driven)
            dy/dt = -y/(20*ms) : 1 (event-driven)`,
      onPre: 'g_post += w; x += 1; w = clip(w - 0.02*mV*y, 0*mV, 1*mV)',
      onPost: 'y += 1; w = clip(w + 0.02*mV*x, 0*mV, 1*mV)',
      delay: { uniform: { min: '0.3 ms', max: '6 ms' } },
      initial: { w: '0.4*mV*rand()' },
      bound: '1 mV',
    })
    .connect({ rule: 'fixed-probability', p: 0.2 });
  net
    .projection('drive', given, cells, { onPre: 'g_post += 6*mV', delay: '7 ms' })
    .connect({ rule: 'all-to-all' });
  net
    .projection('scatter', cells, cells, {
      eqs: 'w : volt',
      onPre: 'g_post -= w',
      delay: { uniform: { min: '1 ms', max: '9 ms' } },
      initial: { w: '0.05 mV' },
    })
    .connect({ rule: 'fixed-in-degree', k: 5 });
  net.record.spikes(cells, { name: 'spikes' });
  net.record.state(cells, ['v'], { name: 'v', neurons: [1, 2] });
  return net;
}

/** Windows of many steps: what is delivered at once lies in the ring of inputs. */
function windowed(hasWeights = false): Network {
  const net = new Network({ seed: 9 });
  const a = net.population('a', 101, {
    eqs: `dv/dt = (22*mV + g - v)/(20*ms) + 2*mV*xi/sqrt(20*ms) : volt (unless refractory)
          dg/dt = -g/(5*ms) : volt`,
    threshold: 'v > 20*mV',
    reset: 'v = 10*mV',
    refractory: '2 ms',
    initial: { v: '20*mV*rand()' },
  });
  net
    .projection('all', a, a, { onPre: 'g_post -= 0.3*mV', delay: '3.1 ms' })
    .connect({ rule: 'fixed-probability', p: 0.1 });
  if (hasWeights) {
    net
      .projection('weights', a, a, {
        eqs: 'w : volt',
        onPre: 'g_post += w',
        initial: { w: '0.1 mV' },
        delay: '3.1 ms',
      })
      .connect({ rule: 'one-to-one' });
  }
  net.record.spikes(a, { name: 'spikes' });
  return net;
}

const cases: readonly Case[] = [
  { name: 'everything', network: () => everything(3), stored: STORED, steps: [137, STEPS - 137] },
  {
    name: 'delays and plasticity',
    network: delayed,
    stored: [
      ['cells', 'v'],
      ['cells', 'g'],
      ['cells', 'a'],
      ['plastic', 'w'],
      ['plastic', 'x'],
    ],
    steps: [183, 200],
  },
  {
    name: 'windows',
    network: windowed,
    stored: [
      ['a', 'v'],
      ['a', 'g'],
    ],
    steps: [311, 500],
  },
];

async function everythingOf(simulation: Simulation, stored: Case['stored']): Promise<unknown> {
  const values: unknown[] = [];
  for (const [owner, name] of stored) values.push([owner, name, await simulation.get(owner, name)]);
  const { spikes, populations } = simulation.summary();
  return { step: simulation.step, values, spikes, populations, hash: await simulation.spikeHash() };
}

const threaded = {
  name: 'CPU f32 on 3 threads',
  options: { engine: 'cpu', threads: 3 } as SimulationOptions,
  isDouble: false,
};
const sources = [...engines, threaded];
const pairs = sources.flatMap((from) =>
  sources
    .filter((to) => to.isDouble === from.isDouble)
    .map((to) => [from.name, to.name, from.options, to.options] as const),
);

/** As it arrives from another thread. */
const sent = (checkpoint: PortableCheckpoint): PortableCheckpoint => structuredClone(checkpoint);

describe.each(pairs)('from %s to %s', (_, __, from, to) => {
  it.each(cases)('$name', async ({ network, stored, steps: [before, after] }) => {
    const whole = await create(network(), from);
    await whole.runSteps(before + after);
    const expected = await everythingOf(whole, stored);
    expect(whole.summary().spikes).toBeGreaterThan(50);

    const first = await create(network(), from);
    await first.runSteps(before);
    const checkpoint = sent(await first.exportCheckpoint());
    expect(checkpoint.step).toBe(before);
    first.destroy();
    const second = await create(network(), { ...to, keepSpikes: false });
    await second.resume(checkpoint);
    await second.runSteps(after);
    expect(await everythingOf(second, stored)).toEqual(expected);

    // The spikes since then, where they are kept, on top of a run of its own that is given up.
    const third = await create(network(), to);
    await third.runSteps(77);
    await third.resume(checkpoint);
    await third.runSteps(after);
    expect(await everythingOf(third, stored)).toEqual(expected);
    const { steps } = third.allSpikes();
    expect(steps[0]).toBeGreaterThanOrEqual(before);
    expect([...steps]).toEqual([...whole.allSpikes().steps].filter((step) => step >= before));
  });
});

describe.each(pairs)('by hand, from %s to %s', (_, __, from, to) => {
  it('parameters and values that were changed go along, and interventions act on them', async () => {
    const change = async (simulation: Simulation): Promise<void> => {
      await simulation.setParameter('short', 'gain', 0.5);
      await simulation.setParameter('', 'drive', '14.5 mV');
      await simulation.set('plastic', 'g', '0.9');
      await simulation.set('cells', 'I', '1*mV');
    };
    // In the middle of interventions on all of these.
    const [before, after] = [105, STEPS - 105];
    const whole = await create(everything(3), from);
    await whole.runSteps(95);
    await change(whole);
    await whole.runSteps(before - 95 + after);
    const first = await create(everything(3), from);
    await first.runSteps(95);
    await change(first);
    await first.runSteps(before - 95);
    const second = await create(everything(3), to);
    await second.resume(sent(await first.exportCheckpoint()));
    await second.runSteps(after);
    expect(await everythingOf(second, STORED)).toEqual(await everythingOf(whole, STORED));
    // What one may do next is the same, too.
    await whole.setParameter('short', 'gain', 1);
    await second.setParameter('short', 'gain', 1);
    await whole.runSteps(50);
    await second.runSteps(50);
    expect(await everythingOf(second, STORED)).toEqual(await everythingOf(whole, STORED));
  });
});

describe.each(singleEngines)('synapses on $name', ({ options }) => {
  it('that nothing changes stay out of it, unless somebody has', async () => {
    const simulation = await create(windowed(), options);
    expect((await simulation.exportCheckpoint()).state.synapseState).toBeNull();
    const net = windowed(true);
    const weighted = await create(net, options);
    expect((await weighted.exportCheckpoint()).state.synapseState).toBeNull();
    await weighted.set('weights', 'w', '0.05*mV');
    const checkpoint = sent(await weighted.exportCheckpoint());
    expect(checkpoint.state.synapseState).not.toBeNull();
    const other = await create(net, options);
    await other.resume(checkpoint);
    expect([...(await other.get('weights', 'w', 'mV'))]).toEqual([
      ...(await weighted.get('weights', 'w', 'mV')),
    ]);
    // It knows of its changed synapses, and says them on.
    expect((await other.exportCheckpoint()).state.synapseState).not.toBeNull();
    const untouched = sent(await (await create(net, options)).exportCheckpoint());
    await expect(other.resume(untouched)).rejects.toThrow(/Create a new simulation/);
  });
});

describe('what is refused', () => {
  const cpu: SimulationOptions = { engine: 'cpu', threads: 1 };
  const refusal = async (
    checkpoint: unknown,
    network: Network | NetworkDocument = windowed(),
    options = cpu,
  ): Promise<string> => {
    const simulation = await create(network, options);
    const error = await simulation.resume(checkpoint as PortableCheckpoint).then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(RangeError);
    expect(simulation.step).toBe(0);
    await simulation.runSteps(20);
    return (error as RangeError).message;
  };

  it('checkpoints of another network, which says how it differs', async () => {
    const checkpoint = await (await create(windowed(), cpu)).exportCheckpoint();
    expect(await refusal(checkpoint, windowed(), { ...cpu, precision: 'f64' })).toMatch(
      /precision is "f32" there and "f64" here/,
    );
    expect(await refusal(checkpoint, { ...windowed().document, seed: 1 })).toMatch(
      /the seed is 9 there and 1 here/,
    );
    expect(await refusal(checkpoint, delayed())).toMatch(
      /the number of neurons is 101 there and 64/,
    );
    const { document } = windowed();
    const [a] = document.populations;
    const other = { ...document, populations: [{ ...a, reset: 'v = 11*mV' }] } as NetworkDocument;
    expect(await refusal(checkpoint, other)).toMatch(/equations, connections, delays/);
    const [all] = document.projections;
    const late = { ...document, projections: [{ ...all, delay: '3.2 ms' }] } as NetworkDocument;
    expect(await refusal(checkpoint, late)).toMatch(/equations, connections, delays/);
  });

  it('what is damaged, and nothing has changed then', async () => {
    const simulation = await create(delayed(), cpu);
    await simulation.runSteps(100);
    const good = await simulation.exportCheckpoint();
    const { state, spikes } = good;
    expect(state.spikes.steps.length).toBeGreaterThan(0);
    const bad: readonly (readonly [unknown, RegExp])[] = [
      [null, /must be what exportCheckpoint gave/],
      [{ ...good, kind: 'x' }, /must be what exportCheckpoint gave/],
      [{ ...good, state: null }, /damaged/],
      [{ ...good, interventions: null }, /damaged/],
      [{ ...good, step: 99 }, /damaged/],
      [{ ...good, step: 1e10, state: { ...state, step: 1e10 } }, /its step is/],
      [{ ...good, state: { ...state, state: state.state.slice(1) } }, /its state has/],
      [{ ...good, state: { ...state, inputs: new Float64Array(3) } }, /is no Uint32Array/],
      [{ ...good, state: { ...state, synapseState: new Uint32Array(3) } }, /synapse state has 3/],
      [{ ...good, state: { ...state, spikes: null } }, /spikes are no lists/],
      [
        {
          ...good,
          state: { ...state, spikes: { steps: Uint32Array.of(99), neurons: Uint32Array.of(1e6) } },
        },
        /spike 0 is of neuron 1000000/,
      ],
      [{ ...good, spikes: { ...spikes, counts: new Float64Array(7) } }, /counts of spikes/],
      [{ ...good, spikes: { ...spikes, hash: { ...spikes.hash, count: -1 } } }, /no hash/],
      [{ ...good, changes: { ...good.changes, parameters: [] } }, /parameters are of another/],
    ];
    for (const [checkpoint, message] of bad) {
      expect(await refusal(checkpoint, delayed())).toMatch(message);
    }
  });

  it('checkpoints of the run before it was given up', async () => {
    const simulation = await create(windowed(), cpu);
    await simulation.runSteps(10);
    const before = await simulation.checkpoint();
    await simulation.resume(await simulation.exportCheckpoint());
    await expect(simulation.restore(before)).rejects.toThrow(/before resume/);
    const after = await simulation.checkpoint();
    await simulation.runSteps(10);
    await simulation.restore(after);
    expect(simulation.step).toBe(10);
  });
});
