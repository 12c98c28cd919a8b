/** The NIR reader on the published example graphs, and on small graphs written here. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  createSimulation,
  type NetworkDocument,
  type NeuronPopulationDocument,
} from '../../../src/index.ts';
import { graphToBytes } from '../../../src/io/nir/nir-file.ts';
import type { NirArray, NirGraph, NirNode } from '../../../src/io/nir/nir-graph.ts';
import { readNir } from '../../../src/io/nir/read-nir.ts';
import { engines, samples, simulate, stepsByNeuron } from '../../support/engines.ts';
import { describeReference } from '../../support/reference.ts';

const folder = fileURLToPath(new URL('../../../../shared/data/nir/', import.meta.url));
const fileOf = (name: string): Uint8Array => new Uint8Array(readFileSync(folder + name));

const populationOf = (document: NetworkDocument, name: string): NeuronPopulationDocument => {
  const found = document.populations.find((one) => one.name === name);
  if (found?.kind !== 'neurons') throw new Error(`no neurons ${name}`);
  return found;
};

describeReference('published NIR graphs', () => {
  it.each([
    [
      'lif_norse.nir',
      [
        ['1', 1],
        ['input', 1],
      ],
      1,
    ],
    [
      'lif_rockpool.nir',
      [
        ['1_LIFNeuronTorch', 1],
        ['input', 1],
      ],
      1,
    ],
    [
      'two_lif_neurons.nir',
      [
        ['in', 1],
        ['lif1', 1],
        ['lif2', 1],
      ],
      2,
    ],
    [
      'braille_noDelay_bias_zero.nir',
      [
        ['input', 12],
        ['lif1.lif', 38],
        ['lif2', 7],
      ],
      3,
    ],
    [
      'braille_noDelay_noBias_subtract.nir',
      [
        ['input', 12],
        ['lif1.lif', 40],
        ['lif2', 7],
      ],
      3,
    ],
    [
      'braille_noDelay_bias_zero_subgraph.nir',
      [
        ['input', 12],
        ['lif1.lif1', 38],
        ['lif2', 7],
      ],
      3,
    ],
    [
      'braille_noDelay_noBias_subtract_subgraph.nir',
      [
        ['input', 12],
        ['lif1.lif1', 40],
        ['lif2', 7],
      ],
      3,
    ],
    [
      'cnn_sinabs.nir',
      [
        ['1', 4096],
        ['3', 4096],
        ['6', 512],
        ['10', 256],
        ['12', 10],
        ['input', 2312],
      ],
      5,
    ],
  ] as const)('%s', async (file, populations, projections) => {
    const warnings: string[] = [];
    const document = await readNir(fileOf(file), { onWarning: (text) => warnings.push(text) });
    expect(document.populations.map(({ name, size }) => [name, size])).toEqual(populations);
    expect(document.projections).toHaveLength(projections);
    expect(document.recordings).toHaveLength(1);
    expect(warnings).toHaveLength(file.includes('subgraph') ? 1 : 0);
    const simulation = await createSimulation(document, { engine: 'cpu' });
    await simulation.run('2 ms');
    simulation.destroy();
  });

  it('the same net flat and nested gives the same network', async () => {
    const plain = (text: string): string => text.replaceAll('lif1.lif1', 'lif1.lif');
    const flat = await readNir(fileOf('braille_noDelay_bias_zero.nir'));
    const nested = await readNir(fileOf('braille_noDelay_bias_zero_subgraph.nir'));
    expect(JSON.parse(plain(JSON.stringify(nested)))).toEqual(flat);
    expect(flat.projections.map(({ name }) => name)).toContain('lif1.lif to lif1.lif');
  });

  describe.each(engines)('$name', (engine) => {
    const { input_steps: inputs } = JSON.parse(readFileSync(`${folder}lif_input.json`, 'utf8')) as {
      input_steps: number[];
    };
    const rows = Array.from({ length: 1000 }, (_, step) => [inputs.includes(step) ? 1 : 0]);
    // Reset by subtraction or to zero: the same four spikes.
    it.each(['value', 'subtract'] as const)(
      'the single LIF spikes as published (%s)',
      async (reset) => {
        const signal = { input: { dt: '0.1 ms', values: rows } };
        const document = await readNir(fileOf('lif_norse.nir'), { reset, inputs: signal });
        const spikes = await simulate(document, engine, 100, (run) => stepsByNeuron(run, 1));
        expect(spikes).toEqual([[460, 510, 710, 760]]);
      },
    );

    it('the same input as spikes acts one step later', async () => {
      const timesMs = inputs.map((step) => step * 0.1);
      const spikes = { input: { indices: inputs.map(() => 0), timesMs } };
      const document = await readNir(fileOf('lif_norse.nir'), { inputs: spikes });
      const found = await simulate(document, engine, 100, (run) => stepsByNeuron(run, 1));
      expect(found).toEqual([[461, 511, 711, 761]]);
    });

    it('a LIF above its threshold fires with T = tau ln(v_leak/(v_leak - threshold))', async () => {
      const document = await readNir(fileOf('two_lif_neurons.nir'), { dt: '0.01 ms' });
      const recorded: NetworkDocument = {
        ...document,
        recordings: [{ kind: 'spikes', name: 'lif1', target: { population: 'lif1' } }],
      };
      const [steps = []] = await simulate(recorded, engine, 100, (run) => stepsByNeuron(run, 1));
      const expected = (10 * Math.log(1.2 / 0.2)) / 0.01;
      expect(steps).toHaveLength(5);
      for (const [k, step] of steps.entries()) {
        expect(Math.abs(step + 1 - (k + 1) * Math.ceil(expected))).toBeLessThanOrEqual(k + 1);
      }
    });
  });
});

const array = (shape: readonly number[], ...values: number[]): NirArray => ({
  shape,
  values: Float64Array.from(values),
});
const node = (type: string, fields: Record<string, NirArray | string> = {}): NirNode => ({
  type,
  fields: new Map(Object.entries(fields)),
});
const input = (...shape: number[]): NirNode =>
  node('Input', { shape: array([shape.length], ...shape) });
const output = (...shape: number[]): NirNode =>
  node('Output', { shape: array([shape.length], ...shape) });
const cell = (size: number): NirNode => {
  const same = (value: number): NirArray => array([size], ...new Array<number>(size).fill(value));
  return node('IF', { r: same(1), v_threshold: same(1), v_reset: same(0) });
};
const graphOf = (
  nodes: Record<string, NirNode | NirGraph>,
  ...edges: [string, string][]
): NirGraph => ({
  nodes: new Map(Object.entries(nodes)),
  edges,
});
const read = async (graph: NirGraph): Promise<NetworkDocument> =>
  readNir(await graphToBytes(graph));

/** Weights as [pre, post, weight, delay in s] of the only projection into a population. */
function entriesInto(document: NetworkDocument, target: string): number[][] {
  const [projection] = document.projections.filter((one) => one.target.population === target);
  if (projection === undefined) return [];
  const sizes = (name: string): number =>
    document.populations.find((p) => p.name === name)?.size ?? 0;
  const { connect, initial, delay } = projection;
  const [n, m] = [sizes(projection.source.population), sizes(target)];
  const pairs: number[][] =
    connect.rule === 'list'
      ? Array.from(connect.pre, (pre, k) => [pre, connect.post[k] as number])
      : connect.rule === 'one-to-one'
        ? Array.from({ length: n }, (_, k) => [k, k])
        : Array.from({ length: n * m }, (_, k) => [Math.floor(k / m), k % m]);
  const weight = initial.weight as number | { values: number[] };
  return pairs.map((pair, k) => {
    const own = typeof weight === 'number' ? weight : (weight.values[k] as number);
    const late = delay as undefined | string | { values: number[] };
    if (late === undefined) return [...pair, own];
    return [
      ...pair,
      own,
      typeof late === 'string' ? Number.parseFloat(late) : (late.values[k] as number),
    ];
  });
}

describe('stateless nodes', () => {
  const through = async (middle: NirNode, from: number[], to: number): Promise<number[][]> => {
    const graph = graphOf(
      { in: input(...from), m: middle, n: cell(to), out: output(to) },
      ['in', 'm'],
      ['m', 'n'],
      ['n', 'out'],
    );
    return entriesInto(await read(graph), 'n');
  };

  it('Linear leaves out zeros', async () => {
    const weight = array([2, 3], 1, 0, 3, 4, 5, 0);
    expect(await through(node('Linear', { weight }), [3], 2)).toEqual([
      [0, 0, 1],
      [0, 1, 4],
      [1, 1, 5],
      [2, 0, 3],
    ]);
  });

  it('Scale and Delay', async () => {
    expect(await through(node('Scale', { scale: array([3], 2, 3, 4) }), [3], 3)).toEqual([
      [0, 0, 2],
      [1, 1, 3],
      [2, 2, 4],
    ]);
    expect(await through(node('Delay', { delay: array([2], 0.001, 0.002) }), [2], 2)).toEqual([
      [0, 0, 1, 0.001],
      [1, 1, 1, 0.002],
    ]);
  });

  it('Conv1d with stride and padding', async () => {
    const conv = node('Conv1d', {
      weight: array([1, 1, 3], 1, 2, 3),
      stride: array([], 2),
      padding: array([], 1),
      dilation: array([], 1),
      groups: array([], 1),
      bias: array([1], 0),
    });
    // Places at -1, 1 of four values: [pad, x0, x1] and [x1, x2, x3].
    expect(await through(conv, [1, 4], 2)).toEqual([
      [0, 0, 2],
      [1, 0, 3],
      [1, 1, 1],
      [2, 1, 2],
      [3, 1, 3],
    ]);
  });

  it('Conv2d against a direct sum over groups, strides, padding and dilation', async () => {
    const [channels, height, width, out, groups] = [4, 5, 6, 6, 2];
    const kernel = [2, 3] as const;
    const weights = Array.from({ length: out * 2 * 6 }, (_, k) => ((k * 7) % 23) - 11.5);
    const conv = node('Conv2d', {
      weight: array([out, 2, ...kernel], ...weights),
      stride: array([2], 1, 2),
      padding: array([2], 1, 0),
      dilation: array([2], 2, 1),
      groups: array([], groups),
    });
    const [oh, ow] = [height + 2 - 2, 2];
    const expected: number[][] = [];
    for (let o = 0; o < out; o++) {
      for (let y = 0; y < oh; y++) {
        for (let x = 0; x < ow; x++) {
          for (let c = 0; c < 2; c++) {
            for (let ky = 0; ky < 2; ky++) {
              for (let kx = 0; kx < 3; kx++) {
                const [row, column] = [y - 1 + 2 * ky, 2 * x + kx];
                if (row < 0 || row >= height || column >= width) continue;
                const channel = Math.floor(o / 3) * 2 + c;
                const weight = weights[((o * 2 + c) * 2 + ky) * 3 + kx] as number;
                expected.push([
                  (channel * height + row) * width + column,
                  (o * oh + y) * ow + x,
                  weight,
                ]);
              }
            }
          }
        }
      }
    }
    const order = (a: number[], b: number[]): number =>
      (a[0] as number) - (b[0] as number) || (a[1] as number) - (b[1] as number);
    expect(await through(conv, [channels, height, width], out * oh * ow)).toEqual(
      expected.toSorted(order),
    );
  });

  it('pooling', async () => {
    const pool = (type: string): NirNode =>
      node(type, {
        kernel_size: array([2], 1, 2),
        stride: array([2], 1, 2),
        padding: array([2], 0, 0),
      });
    expect(await through(pool('SumPool2d'), [1, 1, 4], 2)).toEqual([
      [0, 0, 1],
      [1, 0, 1],
      [2, 1, 1],
      [3, 1, 1],
    ]);
    expect((await through(pool('AvgPool2d'), [1, 1, 4], 2)).map(([, , weight]) => weight)).toEqual([
      0.5, 0.5, 0.5, 0.5,
    ]);
  });

  it('chains multiply, branches add up, a constant is counted once', async () => {
    const affine = node('Affine', { weight: array([1, 2], 2, 3), bias: array([1], 5) });
    const graph = graphOf(
      {
        a: input(2),
        b: node('Scale', { scale: array([], 10) }),
        c: affine,
        n: cell(1),
        out: output(1),
      },
      ['a', 'c'],
      ['a', 'b'],
      ['b', 'c'],
      ['c', 'n'],
      ['n', 'out'],
    );
    const document = await read(graph);
    expect(entriesInto(document, 'n')).toEqual([
      [0, 0, 22],
      [1, 0, 33],
    ]);
    expect(populationOf(document, 'n').params.bias).toBe(5);
  });
});

describe('neurons', () => {
  const one = (value: number): NirArray => array([1], value);
  const start = (
    nodes: Record<string, NirNode>,
    ...edges: [string, string][]
  ): Promise<NetworkDocument> =>
    read(graphOf({ in: input(1), out: output(1), ...nodes }, ...edges));
  const feed = node('Affine', { weight: array([1, 1], 0), bias: one(2) });
  const engine = engines[0];
  if (engine === undefined) throw new Error('no engine');
  const last = async (document: NetworkDocument, ms: number): Promise<number> =>
    simulate(document, engine, ms + 0.1, (run) => samples(run, 'v').at(-1) as number);

  it('LI, I and CubaLI follow a constant current as their equations say', async () => {
    const path: [string, string][] = [
      ['in', 'feed'],
      ['feed', 'n'],
      ['n', 'out'],
    ];
    const li = node('LI', { tau: one(0.01), r: one(3), v_leak: one(1) });
    expect(await last(await start({ feed, n: li }, ...path), 10)).toBeCloseTo(
      7 - 7 * Math.exp(-1),
      9,
    );
    expect(
      await last(await start({ feed, n: node('I', { r: one(50) }) }, ...path), 10),
    ).toBeCloseTo(1, 9);
    const cuba = node('CubaLI', {
      tau_mem: one(0.01),
      tau_syn: one(0.005),
      r: one(3),
      v_leak: one(0),
      w_in: one(0.5),
    });
    const rise = 3 * (1 - 2 * Math.exp(-1) + Math.exp(-2));
    expect(await last(await start({ feed, n: cuba }, ...path), 10)).toBeCloseTo(rise, 9);
  });

  it('values of a leaky integrator drive a neuron', async () => {
    const li = node('LI', { tau: one(1e-6), r: one(1), v_leak: one(0) });
    const lin = node('Linear', { weight: array([1, 1], 10) });
    const document = await start(
      { feed, li, lin, n: node('I', { r: one(50) }) },
      ['in', 'feed'],
      ['feed', 'li'],
      ['li', 'lin'],
      ['lin', 'n'],
      ['n', 'out'],
    );
    // 2 * 10 * 50/s, from the second step on.
    expect(await last(document, 10)).toBeCloseTo(10 * 0.99, 6);
  });

  it('a neuron drawn to a single spike fires after the delay', async () => {
    const wait = node('Delay', { delay: one(0.0005) });
    const lin = node('Linear', { weight: array([1, 1], 20_000) });
    const document = await readNir(
      await graphToBytes(
        graphOf(
          { in: input(1), wait, lin, n: cell(1), out: output(1) },
          ['in', 'wait'],
          ['wait', 'lin'],
          ['lin', 'n'],
          ['n', 'out'],
        ),
      ),
      { inputs: { in: { indices: [0], timesMs: [1] } } },
    );
    expect(await simulate(document, engine, 5, (run) => stepsByNeuron(run, 1))).toEqual([[16]]);
  });

  it('weighted spikes can be read out', async () => {
    const lin = node('Linear', { weight: array([2, 1], 3, 4) });
    const document = await readNir(
      await graphToBytes(
        graphOf({ in: input(1), lin, out: output(2) }, ['in', 'lin'], ['lin', 'out']),
      ),
      { inputs: { in: { indices: [0], timesMs: [1] } } },
    );
    const trace = await simulate(document, engine, 2, (run) => [...samples(run, 'v', 1)]);
    expect(trace.map((value, step) => [step, value]).filter(([, value]) => value !== 0)).toEqual([
      [12, 4],
    ]);
  });
});

describe('refusals', () => {
  it('an unknown type, by name, with what is known', async () => {
    const graph = graphOf(
      { in: input(1), x: node('ALIF'), out: output(1) },
      ['in', 'x'],
      ['x', 'out'],
    );
    await expect(read(graph)).rejects.toThrow(/node "x".*ALIF is not supported.*CubaLIF/);
  });

  it('contradicting sizes, loops without a neuron, strangers in edges, negative delays', async () => {
    const lin = node('Linear', { weight: array([1, 3], 1, 2, 3) });
    await expect(
      read(graphOf({ in: input(2), lin, out: output(1) }, ['in', 'lin'], ['lin', 'out'])),
    ).rejects.toThrow('3 columns, but 2 values');
    const scale = node('Scale', { scale: array([], 1) });
    await expect(
      read(graphOf({ in: input(1), a: scale, b: scale }, ['a', 'b'], ['b', 'a'], ['in', 'a'])),
    ).rejects.toThrow('a loop without a neuron: a, b');
    await expect(read(graphOf({ in: input(1), n: cell(1) }, ['in', 'm']))).rejects.toThrow(
      'there is no node "m"',
    );
    const early = node('Delay', { delay: array([1], -1) });
    await expect(
      read(graphOf({ in: input(1), early, n: cell(1) }, ['in', 'early'], ['early', 'n'])),
    ).rejects.toThrow('a delay is negative');
  });

  it('what is no HDF5 file', async () => {
    await expect(readNir(new TextEncoder().encode('hello'))).rejects.toThrow('is no HDF5 file');
    await expect(readNir(new Uint8Array(0))).rejects.toThrow('is no HDF5 file');
  });
});
