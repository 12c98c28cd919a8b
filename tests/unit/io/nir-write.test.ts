/** The NIR writer: what is written reads back as the same network; what NIR cannot say is refused by name. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { models, Network, type NetworkDocument } from '../../../src/index.ts';
import { readNir } from '../../../src/io/nir/read-nir.ts';
import { graphOfNetwork, writeNir } from '../../../src/io/nir/write-nir.ts';
import { describeReference } from '../../support/reference.ts';

const folder = fileURLToPath(new URL('../../../../shared/data/nir/', import.meta.url));

describeReference('round trips of published graphs', () => {
  it.each([
    'lif_norse.nir',
    'lif_rockpool.nir',
    'two_lif_neurons.nir',
    'braille_noDelay_bias_zero.nir',
    'braille_noDelay_noBias_subtract.nir',
    'braille_noDelay_bias_zero_subgraph.nir',
  ])('%s', async (file) => {
    for (const reset of ['value', 'subtract'] as const) {
      const document = await readNir(new Uint8Array(readFileSync(folder + file)), { reset });
      expect(await readNir(await writeNir(document), { reset })).toEqual(document);
    }
  });

  it('a convolutional net comes back as matrices, synapse by synapse', async () => {
    const document = await readNir(new Uint8Array(readFileSync(`${folder}cnn_sinabs.nir`)));
    const small: NetworkDocument = {
      ...document,
      populations: document.populations.filter(({ name }) => ['6', '10', '12'].includes(name)),
      projections: document.projections.filter(({ name }) =>
        ['6 to 10', '10 to 12'].includes(name),
      ),
    };
    // 6 is the first population now: nothing feeds its x, which the file does not say.
    const again = await readNir(await writeNir(small));
    expect(again.projections).toEqual(small.projections);
  });
});

const base: NetworkDocument = {
  format: 'wetware',
  version: 1,
  name: 'nir',
  dt: '0.1 ms',
  seed: 1,
  params: {},
  timedArrays: {},
  populations: [
    { kind: 'spikes', name: 'in', size: 2, indices: [], timesMs: [] },
    {
      kind: 'neurons',
      name: 'n',
      size: 3,
      eqs: 'dv/dt = r*current : 1\ndx/dt = -x/dt : 1\ncurrent = x : 1\nr : hertz (constant)',
      threshold: 'v > v_threshold',
      reset: 'v = v_reset',
      method: 'euler',
      params: { v_threshold: 1, v_reset: 0 },
      initial: { r: { values: [1, 2, 3.3], unit: 'hertz' } },
      model: 'NIR IF',
    },
  ],
  projections: [
    {
      name: 'in to n',
      source: { population: 'in' },
      target: { population: 'n' },
      eqs: 'weight : 1 (constant)',
      onPre: 'x += weight',
      params: {},
      initial: { weight: { values: [1, 2.5, 3], unit: '1' } },
      delay: { values: [0.001, 0.001, 0.002], unit: 'second' },
      connect: { rule: 'list', pre: [0, 0, 1], post: [0, 2, 1] },
    },
  ],
  inputs: [],
  recordings: [{ kind: 'spikes', name: 'out', target: { population: 'n' } }],
};

describe('documents', () => {
  const withProjection = (change: object): NetworkDocument => ({
    ...base,
    projections: base.projections.map((one) => ({ ...one, ...change })),
  });

  it('parameters per neuron and delays per source', async () => {
    expect(await readNir(await writeNir(base))).toEqual(base);
  });

  it('delays per target, one delay, one weight', async () => {
    const late = withProjection({ delay: { values: [0.001, 0.003, 0.002], unit: 'second' } });
    expect(await readNir(await writeNir(late))).toEqual(late);
    const same = withProjection({ delay: '0.0015 second', initial: { weight: 2 } });
    expect(await readNir(await writeNir(same))).toEqual(same);
  });

  it('refuses by name', async () => {
    const net = new Network({ name: 'x' });
    net.population('cells', 2, { ...models.lifCurrExp.with() });
    await expect(writeNir(net.document)).rejects.toThrow(
      /Population "cells" cannot be written as NIR: its equations are none of LIF/,
    );
    const crossed = withProjection({
      delay: { values: [1, 2, 3, 4, 5, 6], unit: 'ms' },
      initial: { weight: 1 },
      connect: { rule: 'all-to-all' },
    });
    expect(() => graphOfNetwork(crossed)).toThrow(
      /Projection "in to n".*delays must depend on the source alone/,
    );
    const random = withProjection({
      delay: '1 ms',
      initial: { weight: 1 },
      connect: { rule: 'fixed-probability', p: 0.5 },
    });
    expect(() => graphOfNetwork(random)).toThrow(/fixed-probability is not a list/);
    const plastic = withProjection({ onPre: 'x += 2*weight' });
    expect(() => graphOfNetwork(plastic)).toThrow(/not those that readNir writes/);
  });
});
