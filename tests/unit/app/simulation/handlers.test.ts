/** The calls of a simulation worker, answered over real networks on the CPU. */
import { describe, expect, it } from 'vitest';
import { examples } from '../../../../src/examples/index.ts';
import { createSimulation, Network, type NetworkDocument } from '../../../../src/index.ts';
import { startWorker } from './worker.ts';

const cuba = (): NetworkDocument => examples.cuba?.build({ neurons: '400' }) as NetworkDocument;

/** A leaky neuron that stays 5 mV below its threshold, and listens to given spikes. */
function quiet(): NetworkDocument {
  const net = new Network({ name: 'quiet', dt: '0.1 ms', seed: 1 });
  const cells = net.population('cells', 3, {
    eqs: 'dv/dt = (v_rest - v + r*i_drive)/(10*ms) : volt',
    threshold: 'v > -50*mV',
    reset: 'v = v_rest',
    params: { v_rest: '-65 mV', r: '20 Mohm', i_drive: '500 pA' },
    initial: { v: 'v_rest' },
  });
  const given = net.spikeList('given', 1, { indices: [0, 0], timesMs: [100, 650] });
  net.projection('weak', given, cells, { onPre: 'v += 1*mV' }).connect({ rule: 'all-to-all' });
  return net.document;
}

describe('a network that is started', () => {
  it('is described: populations, units, synapses by projection', async () => {
    const { info } = await startWorker({
      source: { kind: 'example', name: 'cuba', values: { neurons: '400' }, seed: 3 },
    });
    expect(info.title).toMatch(/CUBA/);
    expect(info.document.seed).toBe(3);
    expect(info.populations).toMatchObject([
      { name: 'neurons', size: 400, first: 0, space: 0, method: 'exact' },
    ]);
    expect(info.populations[0]?.variables[0]).toEqual({
      name: 'v',
      unit: 'mV',
      slow: false,
      stored: true,
    });
    const synapses = info.projections.map((projection) => projection.synapses);
    expect(synapses.reduce((a, b) => a + b, 0)).toBe(info.synapses);
    expect(Math.min(...synapses)).toBeGreaterThan(0);
    expect(info.engine).toBe('cpu');
  });

  it('tells of fields: grid, edges, corner in um', async () => {
    const net = new Network({ name: 'space', dt: '0.1 ms', seed: 1 });
    net.field('glow', {
      grid: [4, 3],
      spacing: ['10 um', '20 um'],
      origin: ['-5 um', '1 mm'],
      every: '1 ms',
      eqs: 'dC/dt = -C/(100*ms) : mM',
    });
    const { info } = await startWorker({ document: net.document });
    expect(info.fields).toEqual([
      {
        name: 'glow',
        grid: [4, 3, 1],
        spacingUm: [10, 20, 10],
        originUm: [-5, 1000, 0],
        variables: [{ name: 'C', unit: 'mM', slow: false, stored: true }],
      },
    ]);
  });

  it('gives the spikes and the hash of the library, in pieces and with probes', async () => {
    const worker = await startWorker({ document: cuba(), probes: [] });
    await worker.run(3000);
    const simulation = await createSimulation(cuba(), { engine: 'cpu' });
    await simulation.runSteps(3000);
    expect(await worker.call.spikeHash()).toBe(await simulation.spikeHash());
    const { steps, neurons } = simulation.allSpikes();
    const kept = await worker.call.spikes({ from: 0, to: 3000 });
    expect(kept).toEqual({ steps, neurons, dropped: 0 });
    simulation.destroy();
  });

  it('is refused at once where it is too large, with numbers', async () => {
    const net = new Network({ name: 'large', dt: '0.1 ms', seed: 1 });
    net.population('cells', 2 ** 27, {
      eqs: `dv/dt = -v/(10*ms) : volt
        da/dt = -a/(10*ms) : 1
        db/dt = -b/(10*ms) : 1
        dc/dt = -c/(10*ms) : 1
        dd/dt = -d/(10*ms) : 1
        dz/dt = -z/(10*ms) : 1
        dq/dt = -q/(10*ms) : 1
        du/dt = -u/(10*ms) : 1`,
    });
    // Eight times 4 bytes of 2^27 neurons are 4 GiB alone.
    await expect(startWorker({ document: net.document })).rejects.toMatchObject({
      reason: 'memory',
      needed: expect.toSatisfy((bytes: number) => bytes >= 2 ** 32),
      available: 2 ** 32,
    });
  });

  it('is refused in words', async () => {
    await expect(
      startWorker({ source: { kind: 'example', name: 'cubaa', values: {}, seed: 1 } }),
    ).rejects.toThrow(/no example "cubaa"/);
  });
});

describe('synapses and places', () => {
  const placed = (synapses: 'stored' | 'procedural'): NetworkDocument => {
    const net = new Network({ name: 'placed', dt: '0.1 ms', seed: 4 });
    const cells = net.population('cells', 40, {
      eqs: 'dv/dt = -v/(10*ms) : volt',
      positions: { grid: [8, 5], spacing: '10 um' },
    });
    net
      .projection('p', cells, cells, {
        eqs: 'w : volt (constant)',
        onPre: 'v += w',
        delay: { uniform: { min: '0.5 ms', max: '2 ms' } },
        initial: { w: { normal: { mean: '1 mV', sd: '0.2 mV' } } },
        synapses,
      })
      .connect({ rule: 'fixed-probability', p: 0.25 });
    return net.document;
  };

  it('are told: counts between groups, histograms of weights and delays, positions', async () => {
    const { call, info } = await startWorker({ document: placed('stored') });
    const all = info.synapses;
    const sum = (counts: Float64Array): number => counts.reduce((a, b) => a + b, 0);
    const counts = await call.connectivity('p', 4);
    expect(counts).toHaveLength(16);
    expect(sum(counts)).toBe(all);
    // A quarter of 100 pairs in each of 16 cells; five deviations of sqrt(100 * 0.25 * 0.75).
    for (const count of counts) expect(Math.abs(count - 25)).toBeLessThan(22);
    expect(await call.connectivity('p', 4)).toEqual(counts);
    const weights = await call.synapseHistogram('p', 'w', 10);
    expect(sum(weights.counts)).toBe(all);
    // In mV: within five deviations of the mean.
    expect(weights.edges[0]).toBeGreaterThan(0);
    expect(weights.edges.at(-1)).toBeLessThan(2);
    const delays = await call.synapseHistogram('p', 'delay', 30);
    expect(sum(delays.counts)).toBe(all);
    expect(delays.edges.at(-1)).toBeLessThanOrEqual(2.1 + 1e-9);
    expect(sum(delays.counts.slice(0, 5))).toBe(0);
    const positions = await call.positions('cells');
    expect(Array.from(positions.slice(0, 6))).toEqual([5, 5, 0, 15, 5, 0]);
  });

  it('are the same where synapses are made again for every spike', async () => {
    const stored = await startWorker({ document: placed('stored') });
    const procedural = await startWorker({ document: placed('procedural') });
    expect(procedural.info.projections[0]?.procedural).toBe(true);
    expect(await procedural.call.connectivity('p', 5)).toEqual(
      await stored.call.connectivity('p', 5),
    );
    for (const variable of ['w', 'delay']) {
      const { counts } = await procedural.call.synapseHistogram('p', variable, 12);
      expect(counts).toEqual((await stored.call.synapseHistogram('p', variable, 12)).counts);
    }
  });
});

describe('a run', () => {
  it('tells rates that add up to its spikes, each bin in the end', async () => {
    const worker = await startWorker({ document: cuba() });
    for (const steps of [1, 1234, 765]) await worker.run(steps);
    const bins = new Map<number, number>();
    for (const { firstBin, rateCounts } of worker.told('progress')) {
      for (const [k, count] of rateCounts.entries()) bins.set(firstBin + k, count);
      await worker.call.ready();
    }
    const { steps } = await worker.call.spikes({ from: 0, to: 2000 });
    const counted = new Map<number, number>();
    for (const step of steps) {
      // 5 ms are 50 steps.
      const bin = Math.floor(step / 50);
      counted.set(bin, (counted.get(bin) ?? 0) + 1);
    }
    for (const [bin, count] of counted) expect(bins.get(bin), `bin ${bin}`).toBe(count);
    expect(worker.told('progress').at(-1)).toMatchObject({ step: 2000, spikes: steps.length });
    expect(worker.told('stopped').map(({ step }) => step)).toEqual([1, 1235, 2000]);
  });

  it('tells every step of the probed neurons once, in the units that people read', async () => {
    const worker = await startWorker({
      document: cuba(),
      probes: [{ population: 'neurons', neurons: [3, 17, 999] }],
    });
    await worker.run(500);
    const before = worker.told('progress').flatMap(({ probes }) => probes);
    // Neuron 999 does not exist.
    expect(before[0]?.neurons).toEqual([3, 17]);
    expect(before[0]?.variables[0]).toMatchObject({ name: 'v', unit: 'mV' });
    expect(before.flatMap(({ steps }) => Array.from(steps))).toEqual(
      Array.from({ length: 500 }, (_, k) => k),
    );
    const { values } = before[0] as (typeof before)[number];
    // Between the lowest that inhibition makes it and its threshold.
    expect(values[0]).toBeGreaterThan(-90);
    expect(values[0]).toBeLessThan(-40);
    await worker.call.setProbes([{ population: 'neurons', neurons: [5] }]);
    await worker.run(100);
    const after = worker.told('progress').at(-1);
    expect(after?.probes[0]?.neurons).toEqual([5]);
    const { neurons } = await worker.call.spikes({ from: 500, to: 600 });
    expect(after?.probeSpikes.neurons.length).toBe(
      Array.from(neurons).filter((neuron) => neuron === 5).length,
    );
  });

  it('shows spikes that the document does not record, and keeps the hash of those it does', async () => {
    const document = cuba();
    const bare = { ...document, recordings: [] };
    const worker = await startWorker({ document: bare });
    await worker.run(1000);
    expect((await worker.call.spikes({ from: 0, to: 1000 })).steps.length).toBeGreaterThan(50);
    const simulation = await createSimulation(bare, { engine: 'cpu' });
    await simulation.runSteps(1000);
    expect(await worker.call.spikeHash()).toBe(await simulation.spikeHash());
    simulation.destroy();
  });

  it('has statistics of what was simulated, and responders', async () => {
    const worker = await startWorker({ document: cuba() });
    await worker.run(2000);
    const [all] = await worker.call.statistics({ range: { from: 0, to: 1e9 } });
    const { neurons } = await worker.call.spikes({ from: 0, to: 2000 });
    expect(all).toMatchObject({
      population: 'neurons',
      size: 400,
      range: { from: 0, to: 2000 },
      spikes: neurons.length,
    });
    const responders = await worker.call.responders({ from: 0, to: 2000 }, 5);
    expect(responders).toHaveLength(5);
    const [first] = responders;
    const own = Array.from(neurons).filter((neuron) => neuron === first?.neuron).length;
    expect(first).toMatchObject({ spikes: own, rateHz: own / 0.2 });
  });

  it('waits while nobody sees the page, and says so', async () => {
    const worker = await startWorker({ document: cuba() });
    await worker.call.setVisible(false, false);
    const done = worker.run(200);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(worker.told('progress')).toEqual([]);
    await worker.call.setVisible(true, false);
    await done;
    expect(worker.told('suspended')).toEqual([{ isSuspended: true }, { isSuspended: false }]);
    expect(worker.told('stopped')).toEqual([{ step: 200 }]);
    // In the background it goes on.
    await worker.call.setVisible(false, true);
    await worker.run(10);
    expect(worker.told('suspended')).toHaveLength(2);
  });

  it('goes on elsewhere from a checkpoint, with what was changed, to the bit', async () => {
    const worker = await startWorker({ document: cuba() });
    await worker.run(700);
    await worker.call.setParameter('', 'w_exc', '1.5 mV');
    await worker.run(300);
    const checkpoint = structuredClone(await worker.call.checkpoint());
    expect(checkpoint.step).toBe(1000);
    await worker.run(1000);
    const edited = { ...cuba(), params: { ...cuba().params, w_exc: '1.5 mV' } };
    const next = await startWorker({ document: edited, checkpoint });
    await next.run(1000);
    expect(next.told('progress').at(-1)).toMatchObject({ step: 2000 });
    expect(await next.call.spikeHash()).toBe(await worker.call.spikeHash());
    expect(next.info.document.params.w_exc).toBe('1.5 mV');
    // Of what was before the checkpoint it has no spikes, and makes no rates.
    const [all] = await next.call.statistics({ range: { from: 0, to: 1e9 } });
    expect(all?.range).toEqual({ from: 1000, to: 2000 });
  });

  it('has statistics of the spikes that have come, while a piece runs', async () => {
    const worker = await startWorker({ document: cuba() });
    const done = worker.run(5000);
    let isAhead = false;
    for (let k = 0; k < 20; k++) {
      await new Promise((resolve) => setTimeout(resolve, 3));
      const [all, reached] = await Promise.all([
        worker.call.statistics({ range: { from: 0, to: 1e9 } }),
        worker.call.activity(0),
      ]);
      expect(all[0]?.range.to).toBe(reached.step);
      isAhead ||= reached.step > 0;
    }
    expect(isAhead).toBe(true);
    await done;
  });

  it('is run again where there is no checkpoint', async () => {
    const worker = await startWorker({ document: cuba() });
    await worker.run(1000);
    const again = await startWorker({ document: cuba(), fromStep: 1000 });
    expect(again.told('building').at(-1)).toMatchObject({ fraction: 1 });
    await again.run(1);
    // What was caught up took no part in the speed that is shown.
    expect(again.told('progress')[0]).toMatchObject({ step: 1001, steps: 1 });
    await worker.run(1);
    expect(await again.call.spikeHash()).toBe(await worker.call.spikeHash());
  });
});

describe('a run that fails', () => {
  it('says which variable, where, when, and what to try', async () => {
    const net = new Network({ name: 'explodes', dt: '0.1 ms', seed: 1 });
    net.population('calm', 4, { eqs: 'dv/dt = -v/(10*ms) : volt' });
    net.population('wild', 5, {
      eqs: `dx/dt = -x/tau : 1
        tau : second (constant)
        dy/dt = rate*y**3 : 1`,
      method: 'euler',
      params: { rate: '1 /ms' },
      initial: { tau: '1*ms', y: '1.0*int(i == 3)' },
    });
    const worker = await startWorker({ document: net.document });
    await worker.run(1000);
    const [failure] = worker.told('failed');
    expect(failure).toMatchObject({
      reason: 'values',
      path: 'population "wild"',
      checkpoint: null,
      fault: {
        kind: 'not-finite',
        owner: 'wild',
        ownerKind: 'population',
        variable: 'y',
        element: 3,
        method: 'euler',
        equation: 'dy/dt = rate*y**3 : 1',
        line: 3,
      },
    });
    expect(failure?.fault?.timeMs).toBeCloseTo((failure?.step ?? 0) / 10, 9);
    expect(failure?.fault?.advice[0]).toMatch(/0\.05 ms instead of 0\.1 ms/);
    expect(failure?.fault?.advice.join(' ')).toMatch(/euler is not stable/);
    // What was before it is still there.
    expect(worker.told('progress').at(-1)?.step).toBeGreaterThanOrEqual(failure?.step ?? 1e9);
  });

  it('says which input overflowed', async () => {
    const net = new Network({ name: 'overflows', dt: '0.1 ms', seed: 1 });
    const times = Array.from({ length: 60 }, (_, n) => n + 1);
    const given = net.spikeList('given', 1, { indices: times.map(() => 0), timesMs: times });
    const cells = net.population('cells', 1, { eqs: 'dv/dt = -v/(1*ms) : volt' });
    net
      .projection('grows', given, cells, {
        eqs: 'w : volt',
        onPre: 'v += w; w *= 2',
        initial: { w: '0.1 mV' },
        bound: '1 mV',
      })
      .connect({ rule: 'one-to-one' });
    const worker = await startWorker({ document: net.document });
    await worker.run(1000);
    const [failure] = worker.told('failed');
    expect(failure).toMatchObject({
      reason: 'values',
      fault: { kind: 'overflow', owner: 'cells', variable: 'v', element: 0 },
    });
    expect(failure?.fault?.advice[0]).toMatch(/bound/);
  });
});

describe('a network in which nothing fires', () => {
  it('is told with the distance to threshold and the rheobase, after half a second', async () => {
    const worker = await startWorker({ document: quiet() });
    await worker.run(4900);
    expect(worker.told('silent')).toEqual([]);
    // Looks at the state are some way apart in wall time.
    await new Promise((resolve) => setTimeout(resolve, 250));
    await worker.run(200);
    const [told] = worker.told('silent');
    const [cells] = told?.report?.populations ?? [];
    expect(told?.report?.populations).toHaveLength(1);
    expect(cells).toMatchObject({ population: 'cells', variable: 'v', threshold: -50, unit: 'mV' });
    // 20 Mohm * 500 pA above rest is 5 mV below the threshold; the given spike at 100 ms takes it 1 mV nearer, if seen.
    expect(cells?.distance).toBeGreaterThan(3.9);
    expect(cells?.distance).toBeLessThan(5.1);
    expect(cells?.suggestions[0]).toMatchObject({
      owner: 'cells',
      name: 'i_drive',
      value: '770 pA',
    });
    expect(told?.report?.message).toMatch(
      /^No neuron of cells fired in the last 5\d\d ms.*threshold -50 mV.*from 500 pA to 770 pA: the rheobase is 750 pA\.$/,
    );
    expect(cells?.suggestions[1]?.text).toMatch(/given.*weak/);
    // Done as it says, it fires.
    await worker.call.setParameter('cells', 'i_drive', cells?.suggestions[0]?.value as string);
    expect(worker.told('silent').at(-1)).toEqual({ report: null });
    await worker.run(2000);
    expect((await worker.call.spikes({ from: 5100, to: 7100 })).steps.length).toBeGreaterThan(2);
    expect(worker.told('silent')).toHaveLength(2);
  });
});
