/** The NIR writer: what is written reads back as the same network; what NIR cannot say is refused by name. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  models,
  Network,
  type NetworkDocument,
  type NeuronPopulationDocument,
  type PopulationOptions,
} from '../../../src/index.ts';
import { readNir } from '../../../src/io/nir/read-nir.ts';
import { recogniseNeurons } from '../../../src/io/nir/recognise-neurons.ts';
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
      /Population "cells" \(lif-curr-exp\) cannot be written as NIR: its equations are none of LIF/,
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

describe('what NIR cannot say is refused, and told', () => {
  const withNeurons = (options: PopulationOptions): NetworkDocument => {
    const net = new Network({ name: 'x' });
    net.field('space', { grid: [1], spacing: '10 um', every: '10 ms', eqs: 'C : mM' });
    net.population('cells', 2, options);
    return { ...net.document, fields: [] };
  };
  const compartments = `dv_s/dt = (v_d - v_s)/(10*ms) : volt
    dv_d/dt = (v_s - v_d)/(10*ms) : volt`;

  it.each([
    ['AdEx', models.adex.with(), /Population "cells" \(adex\).*are not linear \(exp\)/],
    ['adaptive conductances', models.adexCondExp.with(), /are not linear \(exp\)/],
    ['Izhikevich', models.izhikevich2003.with(), /are not linear \(\*\*\)/],
    ['refractory periods', models.lifDelta.with(), /a refractory period, and NIR has none/],
    ['compartments', { eqs: compartments }, /several compartments \(v_d, v_s\)/],
    ['Pinsky and Rinzel', models.pinskyRinzel.with(), /several compartments \(v_d, v_s\)/],
    [
      'slow equations',
      { eqs: 'dv/dt = -v/ms : 1\ndm/dt = (mean(v) - m)/second : 1 (slow)', slow: '1 ms' },
      /m: slow equations, and NIR has one clock/,
    ],
    [
      'whole numbers',
      models.integerLif.with(),
      /\(integer-lif\).*statements of every step \(onStep\), and NIR has none/,
    ],
  ] as const)('%s', (_, options, message) => {
    const refused = (): unknown => graphOfNetwork(withNeurons(options));
    expect(refused).toThrow(message);
    expect(refused).toThrow(/none of LIF, IF, CubaLIF, .* as readNir writes them/);
  });

  it('fields, and neurons that read them', () => {
    const net = new Network({ name: 'x' });
    net.field('space', { grid: [1], spacing: '10 um', every: '10 ms', eqs: 'C : mM' });
    net.population('cells', 2, { eqs: 'DA : mM (linked)', links: { DA: 'space.C' } });
    expect(() => graphOfNetwork(net.document)).toThrow(
      /Field "space" cannot be written as NIR: NIR has no space/,
    );
    const [cells] = net.document.populations;
    expect(() => recogniseNeurons(cells as NeuronPopulationDocument, {})).toThrow(
      /It has DA reads a field, and NIR has no space/,
    );
  });

  it('interventions', () => {
    const intervention = { at: '5 ms', owner: 'n', parameter: 'v_threshold', value: 2 };
    expect(() => graphOfNetwork({ ...base, interventions: [intervention] })).toThrow(
      /it has interventions, and NIR files do not change/,
    );
  });

  const withSynapses = (options: object): NetworkDocument => ({
    ...base,
    projections: base.projections.map(({ name, source, target }) => ({
      name,
      source,
      target,
      params: {},
      initial: {},
      connect: { rule: 'all-to-all' as const },
      ...options,
    })),
  });
  const plain = { g_exc: 'x', siemens: '1' };

  it.each([
    [
      'Tsodyks and Markram',
      models.tsodyksMarkram.with({}, plain),
      /u_syn, x_syn change with time or spikes \(short-term plasticity, learning\)\. NIR has constant/,
    ],
    ['vesicles', models.quantal.with({}, plain), /change with time or spikes/],
    [
      'learning',
      { eqs: 'weight : 1 (constant)', onPre: 'x += weight', onPost: 'y = 1' },
      /learns from spikes of its target \(onPost\)/,
    ],
    [
      'gap junctions',
      { eqs: 'weight : 1 (constant)\ncurrent_post = weight*2 : 1 (summed)' },
      /couples without spikes/,
    ],
    [
      'parameters',
      { eqs: 'weight : 1 (constant)', onPre: 'x += weight', params: { w: 1 } },
      /it has parameters/,
    ],
  ] as const)('%s', (_, options, message) => {
    expect(() => graphOfNetwork(withSynapses(options))).toThrow(message);
    expect(() => graphOfNetwork(withSynapses(options))).toThrow(
      /Projection "in to n" cannot be written as NIR/,
    );
  });
});
