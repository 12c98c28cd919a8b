/**
 * Weights in few bits: what becomes of them, and that nothing else changes. Synapses are compared one by one with those of
 * the network as it was.
 */
import { describe, expect, it } from 'vitest';
import { listSynapses } from '../../../src/chip/synapses.ts';
import {
  createSimulation,
  models,
  Network,
  type NetworkDocument,
  NetworkError,
  quantiseNetwork,
  type ValueSpec,
} from '../../../src/index.ts';

/** Forty driven neurons onto sixty, with weights as given. */
function network(
  weight: ValueSpec,
  options: object = {},
  connect: Parameters<ReturnType<Network['projection']>['connect']>[0] = {
    rule: 'fixed-probability',
    p: 0.3,
  },
): NetworkDocument {
  const net = new Network({ dt: '0.1 ms', seed: 5 });
  const sources = net.poissonPopulation('sources', 40, { rate: '30 Hz' });
  const cells = net.population('cells', 60, models.lifDelta.with({ tau_m: '10 ms' }));
  net
    .projection('drive', sources, cells, {
      eqs: 'weight : volt (constant)',
      onPre: 'v += weight',
      delay: { uniform: { min: '0.5 ms', max: '3 ms' } },
      initial: { weight },
      ...options,
    })
    .connect(connect);
  net.record.spikes(cells);
  return net.document;
}

const lognormal = { lognormal: { mean: '2 mV', sd: '1 mV' } };

const hashOf = async (document: NetworkDocument): Promise<string> => {
  using simulation = await createSimulation(document, { engine: 'cpu' });
  await simulation.run('200 ms');
  return simulation.spikeHash();
};

const only = (document: NetworkDocument) => {
  const [found] = listSynapses(document).projections;
  if (found === undefined) throw new Error('no projection');
  return found;
};

const weightsOf = (document: NetworkDocument): readonly number[] =>
  Array.from(only(document).weights[0]?.values ?? []);

describe('weights', () => {
  it('are whole multiples of the scale, and the nearest ones', () => {
    for (const bits of [2, 4, 8]) {
      const before = weightsOf(network(lognormal));
      const { document, projections } = quantiseNetwork(network(lognormal), bits);
      const [{ scale, levels, unit }] = projections as [(typeof projections)[0]];
      expect(unit).toBe('mV');
      expect(levels).toEqual([0, 2 ** bits - 1]);
      weightsOf(document).forEach((weight, k) => {
        const level = Math.round(weight / scale);
        expect(level).toBeGreaterThanOrEqual(0);
        expect(level).toBeLessThan(2 ** bits);
        // Listed in f64, stored in f32.
        expect(Math.abs(weight - level * scale)).toBeLessThan(1e-6 * scale * 2 ** bits);
        const wanted = Math.min(levels[1], Math.round((before[k] as number) / scale));
        expect(level).toBe(wanted);
      });
    }
  });

  it('lose less the more bits they have', () => {
    const errors = [1, 2, 3, 4, 6, 8, 12, 16].map(
      (bits) => quantiseNetwork(network(lognormal), bits).projections[0]?.rmsError as number,
    );
    for (const [k, error] of errors.slice(1).entries())
      expect(error).toBeLessThan(errors[k] as number);
    // Steps of s have the error s/sqrt(12) where they are fine: the largest of these weights are some 4 times the rms.
    expect(errors.at(-1)).toBeLessThan(5 / 2 ** 16 / Math.sqrt(12));
  });

  it('keep both signs', () => {
    const mixed = network({ normal: { mean: '0.5 mV', sd: '1 mV' } });
    const eight = quantiseNetwork(mixed, 8);
    expect(eight.projections[0]?.levels).toEqual([-127, 127]);
    const one = weightsOf(quantiseNetwork(mixed, 1).document);
    const sizes = new Set(one.map(Math.abs));
    expect(sizes.size).toBe(1);
    expect(one.map(Math.sign)).toEqual(weightsOf(mixed).map(Math.sign));
    const mean = weightsOf(mixed).reduce((sum, value) => sum + Math.abs(value), 0) / one.length;
    expect([...sizes][0]).toBeCloseTo(mean, 5);
  });

  it('stay whole where they are integers', () => {
    const net = new Network({ dt: '1 ms', seed: 2 });
    const sources = net.poissonPopulation('sources', 30, { rate: '30 Hz' });
    const cells = net.population('cells', 20, models.integerLif.with());
    net
      .projection('synapses', sources, cells, {
        ...models.integerSynapse.with({ weight_exponent: 2 }),
        initial: { weight: 'int(rand()*1000 - 300)' },
      })
      .connect({ rule: 'all-to-all' });
    const { document, projections } = quantiseNetwork(net, 4);
    const scale = projections[0]?.scale as number;
    expect(Number.isInteger(scale)).toBe(true);
    for (const weight of weightsOf(document)) expect(Math.abs(weight % scale)).toBe(0);
    expect(projections[0]?.unit).toBe('1');
  });
});

describe('constant weights', () => {
  it.each(['2 mV', '1.62 mV', '-0.1 mV'])(
    '%s stays what it is at any number of bits',
    async (weight) => {
      const given = network(weight);
      for (const bits of [8, 1]) {
        const { document, projections } = quantiseNetwork(given, bits);
        expect(projections).toMatchObject([{ isConstant: true, rmsError: 0, largestError: 0 }]);
        expect(document).toEqual(given);
        expect(await hashOf(document)).toBe(await hashOf(given));
      }
    },
  );

  it('may be written into the text', () => {
    const given = network(0, {
      eqs: undefined,
      onPre: 'v += w_e',
      params: { w_e: '2 mV' },
      initial: {},
    });
    expect(quantiseNetwork(given, 1).projections).toMatchObject([
      { name: 'drive', variable: null, isConstant: true, synapses: only(given).synapses },
    ]);
  });
});

describe('the rest of the network', () => {
  it('stays the same to the bit', () => {
    const given = network(lognormal);
    const { document } = quantiseNetwork(given, 4);
    const [a, b] = [only(given), only(document)];
    expect(b.rows).toEqual(a.rows);
    expect(b.targets).toEqual(a.targets);
    expect(b.delays).toEqual(a.delays);
    expect({ ...document, projections: [] }).toEqual({ ...given, projections: [] });
  });

  it('is plain data', async () => {
    const { document } = quantiseNetwork(network(lognormal), 4);
    const again = JSON.parse(JSON.stringify(document)) as NetworkDocument;
    expect(await hashOf(again)).toBe(await hashOf(document));
  });

  it('belongs to its seed', async () => {
    const { document } = quantiseNetwork(network(lognormal), 4);
    await expect(hashOf({ ...document, seed: 6 })).rejects.toThrow(NetworkError);
  });

  it('with listed synapses keeps their order', () => {
    // Rows are stored by source: the list is not in that order.
    const pre = [3, 0, 3, 1, 0];
    const post = [5, 4, 1, 2, 0];
    const values = [1, 2, 3, 4, 7.9];
    const given = network({ values, unit: 'mV' }, { delay: '1 ms' }, { rule: 'list', pre, post });
    const { document, projections } = quantiseNetwork(given, 3);
    const spec = document.projections[0]?.initial.weight as { values: ArrayLike<number> };
    const scale = projections[0]?.scale as number;
    Array.from(spec.values).forEach((value, k) => {
      expect(Math.abs(value - (values[k] as number))).toBeLessThanOrEqual(0.5 * scale * (1 + 1e-6));
    });
  });
});

describe('which variables are weights', () => {
  it('those that amounts are proportional to, and of several the one of that name', () => {
    const given = network('1 mV', {
      eqs: 'weight : volt (constant)\nuse : 1 (constant)\ndecay : 1 (constant)',
      onPre: 'v += weight*use*exp(-decay)',
      initial: { weight: lognormal, use: 'rand()', decay: 'rand()' },
    });
    expect(only(given).weights.map(({ name }) => name)).toEqual(['weight']);
    const without = network('1 mV', {
      eqs: 'a : volt (constant)\nb : volt (constant)\ndecay : 1 (constant)',
      onPre: 'v += (a - b)*exp(-decay)',
      initial: { a: lognormal, b: lognormal, decay: 'rand()' },
    });
    expect(only(without).weights.map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it('of plastic ones, their first values', () => {
    const net = new Network({ dt: '0.1 ms' });
    const sources = net.poissonPopulation('sources', 10, { rate: '30 Hz' });
    const cells = net.population('cells', 5, models.lifCondExp.with());
    net
      .projection('plastic', sources, cells, {
        ...models.stdpPair.with(),
        initial: { weight: 'rand()*nS' },
      })
      .connect({ rule: 'all-to-all' });
    const { projections } = quantiseNetwork(net, 8);
    expect(projections).toMatchObject([{ variable: 'weight', isPlastic: true, unit: 'nS' }]);
  });
});

it.each([0, 25, 2.5, Number.NaN, '8'])('%s bits are refused', (bits) => {
  expect(() => quantiseNetwork(network(lognormal), bits as number)).toThrow(/bits must be a whole/);
});
