/** The pure parts of a simulation worker: bins of rates, probes, progress, histograms, synapses, silence in words. */
import { describe, expect, it } from 'vitest';
import {
  histogramFrom,
  histogramOf,
  niceWidth,
} from '../../../../src/app/simulation/histograms.ts';
import { pageDocument } from '../../../../src/app/simulation/page-document.ts';
import { createProbeFeed } from '../../../../src/app/simulation/probe-feed.ts';
import { chooseProbes, globalNumbers } from '../../../../src/app/simulation/probes.ts';
import { createProgress } from '../../../../src/app/simulation/progress.ts';
import type { Progress } from '../../../../src/app/simulation/protocol.ts';
import { createRateBins } from '../../../../src/app/simulation/rates.ts';
import { silentReport } from '../../../../src/app/simulation/silence.ts';
import {
  connectivityOf,
  type SynapseReader,
  synapseHistogramOf,
} from '../../../../src/app/simulation/synapses.ts';
import { Network, type NetworkDocument, type ThresholdDistance } from '../../../../src/index.ts';

const POPULATIONS = [
  { name: 'a', first: 0, size: 10 },
  { name: 'b', first: 10, size: 5 },
];

const spikes = (...list: readonly (readonly [step: number, neuron: number])[]) => ({
  steps: Uint32Array.from(list, ([step]) => step),
  neurons: Uint32Array.from(list, ([, neuron]) => neuron),
});

describe('bins of rates', () => {
  it('are told by population, the newest again and fuller', () => {
    const bins = createRateBins(POPULATIONS, 10);
    bins.add(spikes([0, 0], [3, 12], [9, 1], [10, 2], [14, 14]));
    expect(bins.take(15)).toEqual({ firstBin: 0, rateCounts: Uint32Array.of(2, 1, 1, 1) });
    bins.add(spikes([15, 3], [40, 13]));
    expect(bins.take(41)).toEqual({
      firstBin: 1,
      rateCounts: Uint32Array.of(2, 1, 0, 0, 0, 0, 0, 1),
    });
    // At the end of a bin the next one is empty.
    expect(bins.take(50)).toEqual({ firstBin: 4, rateCounts: Uint32Array.of(0, 1, 0, 0) });
  });

  it('begin where a run was taken up', () => {
    const bins = createRateBins(POPULATIONS, 10, { from: 1005 });
    bins.add(spikes([1006, 0]));
    expect(bins.take(1010)).toEqual({ firstBin: 100, rateCounts: Uint32Array.of(1, 0, 0, 0) });
  });

  it('are bounded while nobody asks: the oldest are left out', () => {
    const bins = createRateBins(POPULATIONS, 1);
    for (let step = 0; step < 40_000; step++) bins.add(spikes([step, step % 15]));
    const { firstBin, rateCounts } = bins.take(40_000);
    expect(rateCounts.length / 2 + firstBin).toBe(40_001);
    expect(rateCounts.length / 2).toBeLessThanOrEqual(1 << 14);
    for (let bin = 0; bin < 40_000 - firstBin; bin++) {
      const isA = (firstBin + bin) % 15 < 10;
      expect([rateCounts[2 * bin], rateCounts[2 * bin + 1]]).toEqual(isA ? [1, 0] : [0, 1]);
    }
  });
});

describe('probes', () => {
  const document = {
    populations: [
      {
        kind: 'neurons',
        name: 'a',
        size: 10,
        eqs: 'dv/dt = -v/ms : volt',
        params: {},
        initial: {},
      },
      { kind: 'spikes', name: 'given', size: 3, indices: [], timesMs: [] },
      { kind: 'neurons', name: 'b', size: 5, eqs: 'x : 1', params: {}, initial: {} },
    ],
  } as unknown as NetworkDocument;
  const populations = [
    { name: 'a', first: 0, size: 10 },
    { name: 'given', first: 10, size: 3 },
    { name: 'b', first: 13, size: 5 },
  ];

  it('are what is asked for, as far as there is such a neuron, at most eight', () => {
    const wanted = [
      { population: 'b', neurons: [4, 4, 5, -1, 0.5, 1] },
      { population: 'gone', neurons: [1] },
      { population: 'given', neurons: [1] },
      { population: 'a', neurons: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] },
    ];
    const chosen = chooseProbes(wanted, { populations, document });
    expect(chosen).toEqual([
      { population: 'a', neurons: [0, 1, 2, 3, 4, 5, 6, 7] },
      { population: 'b', neurons: [4, 1] },
    ]);
    expect(globalNumbers(chosen, populations)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 17, 14]);
  });

  it('are a few of the first population where nobody has chosen', () => {
    expect(chooseProbes([], { populations, document })).toEqual([
      { population: 'a', neurons: [0, 1, 2] },
    ]);
  });

  const feed = () =>
    createProbeFeed(POPULATIONS, () => [
      { name: 'v', unit: 'mV', slow: false, stored: true, factor: 1 },
      { name: 'c', unit: 'uM', slow: false, stored: true, factor: 1e-3 },
    ]);
  const samples = (neurons: readonly number[], from: number, count: number) => ({
    population: 'a',
    variables: ['v', 'c', 'lastspike'],
    neurons,
    steps: Uint32Array.from({ length: count }, (_, k) => from + k),
    // v counts up, c is v/1000 in mM.
    values: Float64Array.from({ length: 3 * neurons.length * count }, (_, k) => {
      const variable = Math.floor(k / neurons.length) % 3;
      const sample = from + Math.floor(k / (3 * neurons.length));
      return variable === 1 ? sample / 1000 : sample;
    }),
  });

  it('gather samples in the units that people read, and spikes of probed neurons only', () => {
    const probes = feed();
    const picked = [2, 7];
    probes.watch([2, 7]);
    probes.samples(samples(picked, 0, 2));
    probes.samples(samples(picked, 2, 1));
    probes.spikes(spikes([0, 2], [1, 3], [2, 7]));
    const { probes: told, probeSpikes } = probes.take();
    expect(told).toHaveLength(1);
    expect(told[0]?.steps).toEqual(Uint32Array.of(0, 1, 2));
    expect(told[0]?.variables.map(({ name, unit }) => `${name} ${unit}`)).toEqual([
      'v mV',
      'c uM',
      'lastspike ms',
    ]);
    // [sample][variable][neuron]: c in uM is v again.
    expect(Array.from(told[0]?.values ?? [])).toEqual(
      [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2].map((one) => expect.closeTo(one, 6)),
    );
    expect(probeSpikes).toEqual(spikes([0, 2], [2, 7]));
    expect(probes.take()).toEqual({ probes: [], probeSpikes: spikes() });
  });

  it('forget samples of neurons that are no longer picked, and what nobody asks for', () => {
    const probes = feed();
    const picked = [1];
    probes.samples(samples([4], 0, 3));
    probes.samples(samples(picked, 3, 2));
    expect(probes.take().probes[0]?.steps).toEqual(Uint32Array.of(3, 4));
    for (let k = 0; k < 300; k++) probes.samples(samples(picked, 1000 * k, 1000));
    const [told] = probes.take().probes;
    expect(told?.steps.at(-1)).toBe(299_999);
    expect(told?.values.length).toBeLessThanOrEqual(1 << 19);
    expect(told?.values.length).toBeGreaterThan(1 << 18);
  });
});

describe('progress', () => {
  it('has one message under way, and adds up what it does not tell', () => {
    const sent: Progress[] = [];
    const progress = createProgress({
      rates: createRateBins(POPULATIONS, 10),
      probes: createProbeFeed(POPULATIONS, () => []),
      spikes: 100,
      send: (told) => sent.push(told),
    });
    progress.add(5, 20, [spikes([1, 0])]);
    progress.tell(5);
    progress.add(5, 30, [spikes([6, 0], [7, 11])]);
    progress.tell(10);
    progress.add(10, 40, []);
    progress.tell(20);
    expect(sent).toMatchObject([{ step: 5, steps: 5, wallMs: 20, spikes: 101 }]);
    progress.ready();
    expect(sent).toMatchObject([{ step: 5 }, { step: 20, steps: 15, wallMs: 70, spikes: 103 }]);
    // Nothing new: nothing to tell, and the next piece goes out at once.
    progress.ready();
    expect(sent).toHaveLength(2);
    progress.add(1, 1, []);
    progress.tell(21);
    expect(sent).toHaveLength(3);
    // The end of a run is told in any case.
    progress.tell(21, true);
    expect(sent).toHaveLength(4);
  });
});

describe('histograms', () => {
  it('have widths of 1, 2, 5 and their tens', () => {
    expect([0, 1, 1.2, 2, 3, 7, 10, 11, 49, 51, 1e6].map(niceWidth)).toEqual([
      1, 1, 2, 2, 5, 10, 10, 20, 50, 100, 1e6,
    ]);
  });

  it('end with the last bin that has something, and say what is beyond', () => {
    const { edges, counts, beyond } = histogramFrom(Float64Array.of(1, 0, 2, 0, 0), 0.1, 7);
    expect(Array.from(edges)).toEqual([0, 0.1, 0.2, 0.3]);
    expect(Array.from(counts)).toEqual([1, 0, 2]);
    expect(beyond).toBe(4);
  });

  it('of values hold each of them once, the largest too', () => {
    const { edges, counts } = histogramOf([1, 2, 2.5, 3, Number.NaN], 4);
    expect(Array.from(edges)).toEqual([1, 1.5, 2, 2.5, 3]);
    expect(Array.from(counts)).toEqual([1, 0, 1, 2]);
    const same = histogramOf([5, 5, 5], 10);
    expect(Array.from(same.counts)).toEqual([3]);
    expect(same.edges[0]).toBeLessThan(5);
    expect(same.edges[1]).toBeGreaterThan(5);
    expect(histogramOf([], 3).counts.length).toBe(0);
  });
});

describe('synapses of a projection', () => {
  const net = new Network({ name: 'x', dt: '0.1 ms', seed: 1 });
  const a = net.population('a', 10, { eqs: 'dv/dt = -v/ms : volt' });
  const b = net.population('b', 8, { eqs: 'dv/dt = -v/ms : volt' });
  net.projection('p', a.slice(4, 8), b, { onPre: 'v += 1*mV' }).connect({ rule: 'all-to-all' });
  const reader: SynapseReader = {
    document: net.document,
    dtMs: 0.1,
    // Neurons 4 … 7 onto 0 … 7, delays of as many steps as the target's number, in blocks.
    async *synapses() {
      for (let source = 4; source < 8; source++) {
        yield {
          sources: new Uint32Array(8).fill(source),
          targets: Uint32Array.from({ length: 8 }, (_, k) => k),
          delaysMs: Float64Array.from({ length: 8 }, (_, k) => k * 0.1),
          values: {},
        };
      }
    },
    get: async () => Float64Array.of(1, 2, 3, 4),
    projections: [],
    variables: () => [],
  };

  it('are counted between groups of the slices', async () => {
    expect(Array.from(await connectivityOf(reader, 'p', 2))).toEqual([8, 8, 8, 8]);
    // Four sources in eight groups: every other one is empty.
    const fine = await connectivityOf(reader, 'p', 8);
    expect(Array.from(fine.subarray(0, 24))).toEqual([
      ...new Array(8).fill(1),
      ...new Array(8).fill(0),
      ...new Array(8).fill(1),
    ]);
    await expect(connectivityOf(reader, 'p', 0)).rejects.toThrow(RangeError);
  });

  it('have histograms of values, and of delays in whole steps', async () => {
    const delays = await synapseHistogramOf(reader, 'p', 'delay', 8);
    expect(Array.from(delays.counts)).toEqual(new Array(8).fill(4));
    expect(Array.from(delays.edges)).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]);
    const values = await synapseHistogramOf(reader, 'p', 'w', 2);
    expect(Array.from(values.counts)).toEqual([2, 2]);
  });
});

describe('silence in words', () => {
  const near = (change: Partial<ThresholdDistance>): ThresholdDistance => ({
    population: 'cells',
    variable: 'v',
    unit: 'mV',
    isAbove: true,
    neuron: 7,
    value: -53.2,
    threshold: -50,
    distance: 3.2,
    drives: [],
    ...change,
  });
  const nothing = { inputs: [], projections: [] };

  it('names the nearest neuron, its distance, and the current to raise', () => {
    const current = { owner: 'cells', kind: 'parameter', unit: 'pA', value: 500 } as const;
    const { message } = silentReport(
      [near({ drives: [{ ...current, name: 'i_drive', needed: 750, isExact: true }] })],
      510,
      nothing,
    );
    expect(message).toBe(
      'No neuron of cells fired in the last 510 ms. The nearest neuron, cells 7, stayed 3.2 mV below its threshold: ' +
        'v = -53.2 mV, threshold -50 mV. Raise i_drive from 500 pA to 770 pA: the rheobase is 750 pA.',
    );
    const about = silentReport(
      [near({ drives: [{ ...current, name: 'i_drive', needed: 750, isExact: false }] })],
      510,
      nothing,
    );
    expect(about.message).toMatch(/from about 750 pA on v would reach .* as they are now\.$/);
  });

  it('compares populations, and names inputs where no parameter helps', () => {
    const net = new Network({ name: 'x', dt: '0.1 ms', seed: 1 });
    const cells = net.population('cells', 2, { eqs: 'dv/dt = -v/ms : volt' });
    net.poissonInput('noise', cells, { variable: 'v', n: 1, rate: '10 Hz', weight: '1*mV' });
    const report = silentReport(
      [near({ population: 'other', distance: 9 }), near({})],
      500,
      net.document,
    );
    expect(report.message).toMatch(/^Nothing fired.*cells 7.*rate of the input noise\.$/);
    expect(report.populations[1]?.suggestions).toMatchObject([{ owner: 'noise', kind: 'input' }]);
  });

  it('does not say below where it is not', () => {
    expect(silentReport([near({ distance: -2 })], 500, nothing).message).toMatch(/refractory/);
  });
});

describe('the document of a page', () => {
  it('leaves out state recordings that no page could hold, and says so', () => {
    const net = new Network({ name: 'x', dt: '0.1 ms', seed: 1 });
    const cells = net.population('cells', 4000, { eqs: 'dv/dt = -v/ms : volt' });
    net.record.spikes(cells);
    net.record.state(cells, ['v'], { name: 'all' });
    net.record.state(cells, ['v'], { name: 'seldom', every: '100 ms' });
    net.record.state(cells, ['v'], { name: 'few', neurons: [1, 2] });
    const page = pageDocument(net.document);
    // 4000 neurons * 10,000 samples * 4 bytes = 160 MB a second; the others 0.16 and 0.08.
    expect(page.document.recordings.map(({ name }) => name)).not.toContain('all');
    expect(page.document.recordings).toHaveLength(3);
    expect(page.warnings).toEqual([expect.stringMatching(/"all" is left out.*160 MB/)]);
    const small = { ...net.document, recordings: net.document.recordings.slice(0, 1) };
    expect(pageDocument(small).document).toBe(small);
  });
});
