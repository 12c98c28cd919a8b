/** Interventions of a document: what they change, when, on every engine; and what is refused before anything runs. */
import { describe, expect, it } from 'vitest';
import {
  type BuildNetwork,
  createSimulation,
  type InterventionDocument,
  Network,
  NetworkError,
  readIntervention,
  runMany,
} from '../../src/index.ts';
import { engines, singleEngines } from '../support/engines.ts';

/** x grows by `rate` per ms; `gain` is a variable of each neuron. */
function counters(interventions: readonly InterventionDocument[]): Network {
  const net = new Network({ dt: '1 ms', params: { slope: '1 Hz' } });
  const cells = net.population('cells', 4, {
    eqs: `
      dx/dt = rate*gain : 1
      gain : 1 (constant)`,
    method: 'euler',
    params: { rate: '1000 Hz' },
    initial: { gain: '1' },
  });
  net.record.state(cells, ['x'], { name: 'x' });
  for (const intervention of interventions) net.intervene(intervention);
  return net;
}

/** Increments of x in each step of neuron `neuron`. */
async function increments(
  net: Network,
  options: (typeof engines)[number]['options'],
  cuts: readonly number[],
  neuron = 0,
): Promise<number[]> {
  const simulation = await createSimulation(net, options);
  try {
    for (const steps of cuts) await simulation.runSteps(steps);
    const x = [...(simulation.state('x').values.x as Float64Array)].slice(
      neuron * simulation.step,
      (neuron + 1) * simulation.step,
    );
    const last = (await simulation.get('cells', 'x'))[neuron] as number;
    return [...x, last].slice(1).map((value, k) => value - (x[k] as number));
  } finally {
    simulation.destroy();
  }
}

describe.each(engines)('interventions on $name', ({ options }) => {
  it('hold from the step at `at` until the one at `until`, however the run is cut', async () => {
    const net = counters([
      { at: '3 ms', until: '6 ms', owner: 'cells', parameter: 'rate', factor: 2 },
    ]);
    const expected = [1, 1, 1, 2, 2, 2, 1, 1, 1, 1];
    for (const cuts of [[10], [3, 3, 4], [1, 4, 5], [2, 1, 1, 1, 5]]) {
      expect(await increments(net, options, cuts)).toEqual(expected);
    }
  });

  it('multiply where they overlap; a value replaces what came before it in the list', async () => {
    const net = counters([
      { at: '1 ms', until: '8 ms', owner: 'cells', parameter: 'rate', factor: 2 },
      { at: '2 ms', until: '4 ms', owner: 'cells', parameter: 'rate', factor: 3 },
      { at: '5 ms', until: '7 ms', owner: 'cells', parameter: 'rate', value: '5 kHz' },
      { at: '6 ms', owner: 'cells', parameter: 'rate', factor: 0.5 },
    ]);
    expect(await increments(net, options, [10])).toEqual([1, 2, 6, 6, 2, 5, 2.5, 1, 0.5, 0.5]);
  });

  it('change a variable in some neurons, and give it back what it was', async () => {
    const interventions: InterventionDocument[] = [
      {
        at: '2 ms',
        until: '4 ms',
        owner: 'cells',
        parameter: 'gain',
        factor: 0,
        neurons: { to: 2 },
      },
      {
        at: '3 ms',
        until: '5 ms',
        owner: 'cells',
        parameter: 'gain',
        value: 7,
        neurons: { from: 1 },
      },
    ];
    const net = counters(interventions);
    expect(await increments(net, options, [6], 0)).toEqual([1, 1, 0, 0, 1, 1]);
    expect(await increments(net, options, [6], 1)).toEqual([1, 1, 0, 7, 7, 1]);
    expect(await increments(net, options, [6], 3)).toEqual([1, 1, 1, 7, 7, 1]);
  });

  it('act on what a hand has set, and go back with a checkpoint', async () => {
    const net = counters([
      { at: '2 ms', until: '6 ms', owner: 'cells', parameter: 'rate', factor: 2 },
    ]);
    const simulation = await createSimulation(net, options);
    const x = async () => (await simulation.get('cells', 'x'))[0] as number;
    await simulation.runSteps(3);
    expect(await x()).toBe(4);
    const before = await simulation.checkpoint();
    await simulation.setParameter('cells', 'rate', '10 kHz');
    await simulation.runSteps(1);
    expect(await x()).toBe(24);
    const changed = await simulation.checkpoint();
    await simulation.runSteps(4);
    expect(await x()).toBe(24 + 40 + 20);
    await simulation.restore(before);
    await simulation.runSteps(5);
    expect(await x()).toBe(4 + 6 + 2);
    await simulation.restore(changed);
    await simulation.runSteps(4);
    expect(await x()).toBe(84);
    simulation.destroy();
  });
});

/** Poisson neurons that drive others; what arrives in a step is the sum of weights. */
function driven(interventions: readonly InterventionDocument[], weight: string): Network {
  const net = new Network({ dt: '1 ms', seed: 5 });
  const sources = net.poissonPopulation('sources', 200, { rate: '100 Hz' });
  const targets = net.population('targets', 50, {
    eqs: 'dv/dt = -v/(10*ms) : volt',
    threshold: 'v > 20*mV',
    reset: 'v = 0*mV',
  });
  net
    .projection('drive', sources, targets, {
      eqs: 'w : volt',
      onPre: 'v += gain*w',
      params: { gain: 1 },
      initial: { w: weight },
    })
    .connect({ rule: 'fixed-probability', p: 0.3 });
  net.record.spikes(targets, { name: 'spikes' });
  for (const intervention of interventions) net.intervene(intervention);
  return net;
}

describe.each(singleEngines)('interventions on synapses, $name', ({ options }) => {
  it.each(['0.5*mV', '0.2*mV + rand()*0.6*mV'])(
    'times 40, far beyond the sums at the start, act and overflow nothing (w = %s)',
    async (weight) => {
      const times = { at: '50 ms', until: '100 ms', owner: 'drive' } as const;
      const rates = async (interventions: readonly InterventionDocument[]) => {
        const simulation = await createSimulation(driven(interventions, weight), options);
        await simulation.run('150 ms');
        const { steps } = simulation.spikes('spikes');
        simulation.destroy();
        return [0, 50, 100].map(
          (from) => steps.filter((step) => step >= from && step < from + 50).length,
        );
      };
      const control = await rates([]);
      const byGain = await rates([{ ...times, parameter: 'gain', factor: 40 }]);
      const byWeight = await rates([{ ...times, parameter: 'w', factor: 40 }]);
      // 60 sources at 0.1 per step: about 120 mV a step, so that every neuron fires whenever its reset lets it.
      expect(byGain[1]).toBeGreaterThan(1000);
      expect(control[1]).toBeLessThan(250);
      expect(byWeight[1]).toBe(byGain[1]);
      expect(byGain[0]).toBe(control[0]);
      expect(byWeight).toEqual(byGain);
      expect(byGain[2]).toBeLessThan(2 * (control[2] as number) + 100);
    },
  );
});

describe('interventions in many runs', () => {
  it('act in each run as in a run of its own', async () => {
    const build: BuildNetwork = ({ factor }, { seed = 1 }) => {
      const net = driven(
        [
          {
            at: '20 ms',
            until: '60 ms',
            owner: 'drive',
            parameter: 'gain',
            factor: factor as number,
          },
        ],
        '0.5*mV',
      );
      return { ...net.document, seed };
    };
    const runs = await runMany(build, {
      vary: { factor: [1, 3, 9] },
      seeds: [1, 2],
      duration: '100 ms',
      engine: 'cpu',
    });
    const hashes = new Set<string>();
    for (const run of runs.runs) {
      const alone = await createSimulation(run.document, { engine: 'cpu' });
      await alone.run('100 ms');
      expect(run.summary.spike_hash).toBe(await alone.spikeHash());
      hashes.add(run.summary.spike_hash);
      alone.destroy();
    }
    expect(hashes.size).toBe(6);
  });
});

describe('interventions that cannot be', () => {
  const base: InterventionDocument = { at: '1 ms', owner: 'cells', parameter: 'rate', factor: 2 };
  const cases: readonly (readonly [object, RegExp])[] = [
    [
      { owner: 'cell' },
      /there is no population, field, projection or input "cell"\. Did you mean "cells"\?/,
    ],
    [
      { parameter: 'rates' },
      /Population "cells": unknown parameter "rates"\. Did you mean "rate"\? Known: rate\..*Variables that can change too: gain/,
    ],
    [
      { owner: '', parameter: 'slop' },
      /Network: unknown parameter "slop"\. Did you mean "slope"\?/,
    ],
    [{ factor: undefined }, /must have either a factor or a value, and has neither/],
    [{ value: '1 Hz' }, /must have either a factor or a value, and has both/],
    [{ factor: Number.NaN }, /factor must be a number, got NaN/],
    [{ factor: undefined, value: '1 mV' }, /value must be .*rate|dimension|Hz/],
    [{ at: '-1 ms' }, /at must be at least 0/],
    [{ at: '5' }, /at/],
    [{ until: '1 ms' }, /until must be at least a time step \(1 ms\) after at/],
    [{ parameter: 'x' }, /"x" of "cells" is state, which its own equation changes/],
    [
      { neurons: { from: 0, to: 2 } },
      /"rate" of "cells" is one value for all neurons\. .*"rate : unit \(constant\)"/,
    ],
    [{ neurons: { from: 3, to: 9 } }, /neurons\.to must be a whole number from 1 to 4/],
    [{ untill: '3 ms' }, /unknown key "untill"\. Did you mean "until"\?/],
    [{ factor: Number.POSITIVE_INFINITY }, /factor must be a number/],
  ];

  it.each(cases)('%j', async (change, message) => {
    const value = { ...base, ...change } as InterventionDocument;
    const make = async () => {
      const net = counters([value]);
      await createSimulation(net, { engine: 'cpu' });
    };
    await expect(make()).rejects.toThrow(NetworkError);
    await expect(make()).rejects.toThrow(message);
  });

  it('variables that the network changes, presynaptic state, the rate of inputs', async () => {
    const net = new Network();
    const cells = net.population('cells', 2, {
      eqs: 'dv/dt = -v/(10*ms) : volt\ng : volt\nb : volt',
      threshold: 'v > 1*mV',
      reset: 'v = b; b += 1*mV',
    });
    net
      .projection('loop', cells, cells, { eqs: 'w : volt\nk : volt', onPre: 'g += w; w += k' })
      .connect({ rule: 'all-to-all' });
    net.poissonInput('noise', cells, { variable: 'v', n: 1, rate: '1 Hz', weight: '1 mV' });
    const at = '1 ms';
    const refused = async (owner: string, parameter: string) => {
      const { document } = net;
      const interventions = [{ at, owner, parameter, factor: 2 }];
      await createSimulation({ ...document, interventions }, { engine: 'cpu' });
    };
    await expect(refused('cells', 'g')).rejects.toThrow(
      '"g" of "cells" is changed by the network itself',
    );
    await expect(refused('cells', 'b')).rejects.toThrow(
      '"b" of "cells" is changed by the network itself',
    );
    await expect(refused('loop', 'w')).rejects.toThrow(
      '"w" of "loop" is changed by the network itself',
    );
    await expect(refused('noise', 'rate')).rejects.toThrow(
      'the rate cannot change while a simulation runs',
    );
    await expect(refused('loop', 'k')).resolves.toBeUndefined();
  });

  it('variables that statements of every step change, and that diffuse', async () => {
    const net = new Network();
    net.population('cells', 2, { eqs: 'k : 1', onStep: 'k += 1' });
    net.field('dopamine', {
      grid: [2, 2, 2],
      spacing: '10 um',
      every: '10 ms',
      eqs: 'C : mM',
      diffusion: { C: '763 um**2/second' },
    });
    const refused = (owner: string, parameter: string) => {
      const interventions = [{ at: '1 ms', owner, parameter, factor: 2 }];
      return createSimulation({ ...net.document, interventions }, { engine: 'cpu' });
    };
    await expect(refused('cells', 'k')).rejects.toThrow(
      '"k" of "cells" is changed by the network itself',
    );
    await expect(refused('dopamine', 'C')).rejects.toThrow(
      '"C" of "dopamine" diffuses: it is state',
    );
  });

  it('a field that would become unstable is refused before the run, with the intervention that does it', async () => {
    const net = new Network();
    net.field('dopamine', {
      grid: [4, 4, 4],
      spacing: '10 um',
      every: '10 ms',
      eqs: 'dC/dt = -C/(1*second) : mM',
      diffusion: { C: 'D' },
      params: { D: '763 um**2/second' },
    });
    net.intervene({ name: 'heat', at: '20 ms', owner: 'dopamine', parameter: 'D', factor: 10 });
    await expect(createSimulation(net, { engine: 'cpu' })).rejects.toThrow(
      /Intervention "heat": .*every/s,
    );
  });
});

it('warns of an intervention on what only first values are made of', async () => {
  const net = new Network({ params: { share: 0.5 } });
  const cells = net.population('cells', 2, {
    eqs: 'dv/dt = -v/tau : volt',
    threshold: 'v > 1*mV',
    reset: 'v = 0*mV',
    params: { tau: '5 ms' },
    initial: { v: 'share*mV' },
  });
  net.poissonInput('noise', cells, { variable: 'v', n: 1, rate: '1 Hz', weight: '1 mV' });
  net.intervene({ name: 'late', at: '1 ms', owner: '', parameter: 'share', factor: 2 });
  net.intervene({ at: '1 ms', owner: 'cells', parameter: 'tau', factor: 2 });
  net.intervene({ at: '1 ms', until: '2 ms', owner: 'noise', parameter: 'weight', factor: 2 });
  using simulation = await createSimulation(net, { engine: 'cpu' });
  expect(simulation.warnings).toEqual([
    'Intervention "late" changes nothing that is computed while the network runs: "share" of the network. ' +
      'Connections, delays and first values are made before.',
  ]);
});

describe('interventions in the same step', () => {
  it('act at once: what one of them alone would make unstable is never computed', async () => {
    const net = new Network();
    net.field('dopamine', {
      grid: [4, 4, 4],
      spacing: '10 um',
      every: '10 ms',
      eqs: 'dC/dt = -rate/(fast - slow)*C : mM',
      diffusion: { C: 'D' },
      params: { D: '763 um**2/second', rate: '1 Hz', fast: 2, slow: 1 },
      initial: { C: '1*mM' },
    });
    const owner = 'dopamine';
    const times = { at: '20 ms', until: '40 ms', owner } as const;
    net.intervene({ ...times, parameter: 'D', factor: 10 });
    net.intervene({ ...times, parameter: 'tortuosity', factor: 4 });
    net.intervene({ ...times, parameter: 'fast', value: 1 });
    net.intervene({ ...times, parameter: 'slow', value: 2 });
    using simulation = await createSimulation(net, { engine: 'cpu' });
    await simulation.run('40 ms');
    // Decays by 1/s for 20 ms, then grows by 1/s for as long.
    expect((await simulation.get('dopamine', 'C'))[0]).toBeCloseTo(1, 6);
    await simulation.run('20 ms');
    expect((await simulation.get('dopamine', 'C'))[0]).toBeCloseTo(Math.exp(-0.02), 6);
  });
});

describe('readIntervention', () => {
  it.each([
    [
      'cells.rate*2@3ms..6ms',
      { at: '3 ms', until: '6 ms', owner: 'cells', parameter: 'rate', factor: 2 },
    ],
    ['a.b c.g_na = 60 mS @ 1 s', { at: '1 s', owner: 'a.b c', parameter: 'g_na', value: '60 mS' }],
    ['slope*-0.5@0ms', { at: '0 ms', owner: '', parameter: 'slope', factor: -0.5 }],
    ['x.k=1e-3/ms@2.5ms', { at: '2.5 ms', owner: 'x', parameter: 'k', value: '1e-3/ms' }],
    ['x.n=5@1ms', { at: '1 ms', owner: 'x', parameter: 'n', value: '5' }],
  ])('reads %s', (text, intervention) => {
    expect(readIntervention(text)).toEqual(intervention);
  });

  it.each([
    '',
    'rate',
    'cells.rate',
    'cells.rate*2',
    'cells.rate*two@1ms',
    'cells.rate*2@',
    'cells.rate*2@1ms..',
    'cells.rate*2@1ms..2ms..3ms',
    'cells rate*2@1ms',
    '.*2@1ms',
    'a.b*=2@1ms',
  ])('refuses %j and shows the form', (text) => {
    expect(() => readIntervention(text)).toThrow(NetworkError);
    expect(() => readIntervention(text)).toThrow(/is no intervention\. Write OWNER\.PARAMETER/);
  });

  it('takes little time for a long text that nearly fits', () => {
    expect(() => readIntervention(`${'a.'.repeat(50_000)}*2`)).toThrow(NetworkError);
  });
});
