/** Networks counted before they are built: exact numbers of synapses of published networks, memory as it will be. */
import { describe, expect, it } from 'vitest';
import { createCpuEngine } from '../../../src/cpu/engine.ts';
import type { Engine } from '../../../src/engine.ts';
import { examples } from '../../../src/examples/index.ts';
import { createGpuEngine } from '../../../src/gpu/engine.ts';
import type { NetworkDocument } from '../../../src/network/document.ts';
import { Network } from '../../../src/network/network.ts';
import { type CompileOptions, compileNetwork } from '../../../src/plan/compile.ts';
import { estimateNetwork } from '../../../src/plan/estimate.ts';
import { gpu } from '../../support/gpu.ts';
import { Collector } from '../../support/plans.ts';
import { dataReader, describeReference } from '../../support/reference.ts';

function example(name: string, values: Readonly<Record<string, string | number>>): NetworkDocument {
  const document = examples[name]?.build(values, { seed: 1 });
  if (document === undefined) throw new Error(`no example ${name}`);
  return document;
}

const LIF = {
  eqs: 'dv/dt = -v/(10*ms) : volt (unless refractory)',
  threshold: 'v > 7*mV',
  reset: 'v = 0*mV',
  refractory: '2.2 ms',
};

describe('estimates', () => {
  it('the full microcircuit has 77,169 neurons and 298,880,968 synapses', () => {
    const { neurons, synapses, projections } = estimateNetwork(
      example('microcircuit', { scale: 1 }),
    );
    expect(neurons).toBe(77_169);
    expect(synapses).toBe(298_880_968);
    expect(projections.length).toBe(example('microcircuit', { scale: 1 }).projections.length);
  });

  const bytesOf = (memory: readonly { readonly bytes: number }[]): number =>
    memory.reduce((total, { bytes }) => total + bytes, 0);

  /** 100,000 neurons and 400,000 synapses as a list, with a weight each. */
  function listed(): NetworkDocument {
    const net = new Network();
    const P = net.population('P', 100_000, LIF);
    const [pre, post] = [7, 13].map((step) =>
      Uint32Array.from({ length: 400_000 }, (_, k) => (k * step + (k >> 3)) % 100_000),
    ) as [Uint32Array, Uint32Array];
    const w = { values: Float32Array.from(pre, (k) => k), unit: 'mV' };
    net
      .projection('p', P, P, { eqs: 'w : volt', onPre: 'v += w', initial: { w }, delay: '1.8 ms' })
      .connect({ rule: 'list', pre, post });
    return net.document;
  }

  /** Voltages of 300 neurons, and 100,000 given spikes. */
  function sampled(): NetworkDocument {
    const net = new Network();
    const P = net.population('P', 5000, LIF);
    const indices = Uint32Array.from({ length: 100_000 }, (_, k) => k % 1000);
    const timesMs = Float64Array.from(indices, (_, k) => Math.floor(k / 1000));
    const S = net.spikeList('S', 1000, { indices, timesMs });
    net
      .projection('p', S, P, { onPre: 'v += 1*mV' })
      .connect({ rule: 'fixed-in-degree', k: 10, multapses: false });
    net.record.state(P, ['v'], { neurons: Uint32Array.from({ length: 300 }, (_, k) => k) });
    net.record.spikes(S);
    return net.document;
  }

  /** Three fields of 32 voxels along an edge, two of them with the same clock, one of these with deposits. */
  function withFields(): NetworkDocument {
    const net = new Network();
    const P = net.population('P', 1000, { ...LIF, positions: { box: ['1 um', '1 um', '1 um'] } });
    const fields = ['10 ms', '10 ms', '4 ms'].map((every, k) =>
      net.field(`F${k}`, {
        grid: [32, 32, 32],
        spacing: '10 um',
        every,
        eqs: 'dA/dt = -A/second : mM\nB : mM',
        diffusion: { A: '763 um**2/second', ...(k > 0 ? { B: '500 um**2/second' } : {}) },
      }),
    );
    const [F] = fields as [(typeof fields)[0]];
    net.projection('p', P, F, { onPre: 'A += 1*uM' }).connect({ rule: 'voxel' });
    return net.document;
  }

  interface Case {
    readonly name: string;
    readonly build: () => NetworkDocument;
    readonly options?: CompileOptions;
  }
  const circuit = (scale: number) => () => example('microcircuit', { scale });
  const brunel = () => example('brunel', { scale: 0.2 });

  it.each<Case>([
    { name: 'microcircuit', build: circuit(0.1) },
    { name: 'built by the host', build: circuit(0.1), options: { synapses: 'host' } },
    { name: 'procedural', build: circuit(0.3), options: { synapses: 'procedural' } },
    { name: 'half procedural', build: circuit(0.1), options: { synapseBytes: 1e7 } },
    { name: 'cuba', build: () => example('cuba', {}) },
    { name: 'brunel', build: brunel },
    { name: 'brunel in 64 bits', build: brunel, options: { precision: 'f64' } },
    { name: 'izhikevich', build: () => example('izhikevich', { neurons: 1000 }) },
    { name: 'a list', build: listed },
    { name: 'traces and given spikes', build: sampled },
    { name: 'fields', build: withFields },
  ])('$name: the memory is that of the engine within 10 %', async ({ build, options }) => {
    const document = build();
    const { plan } = compileNetwork(document, options);
    const within = (engine: Engine, estimated: number): void => {
      // A tenth, and what little a network of nothing would take.
      expect(Math.abs(estimated - engine.bytes)).toBeLessThan(0.1 * engine.bytes + 2 ** 17);
      engine.destroy();
    };
    for (const threads of plan.precision === 'f64' ? [1] : [1, 2, 3]) {
      const estimate = estimateNetwork(document, { ...options, threads });
      expect(estimate.synapses).toBe(plan.synapseCount);
      const engine = await createCpuEngine(plan, new Collector(), { threads });
      within(engine, bytesOf(estimate.memory));
    }
    if (gpu === null || plan.precision === 'f64') return;
    const { memory } = estimateNetwork(document, { ...options, engine: 'gpu' });
    const engine = await createGpuEngine(plan, new Collector(), { device: gpu.device });
    within(engine, bytesOf(memory));
  });

  it('full-scale microcircuit: the memory of the plan, stored in 7 bytes per synapse or procedural', () => {
    const document = example('microcircuit', { scale: 1 });
    const [stored, procedural] = (['stored', 'procedural'] as const).map((synapses) => {
      const { plan } = compileNetwork(document, { synapses });
      const { memory } = estimateNetwork(document, { synapses });
      expect(plan.synapseCount).toBe(298_880_968);
      const ofPlan = memory.filter(({ name }) => plan.memory.some((one) => one.name === name));
      expect(Math.abs(bytesOf(ofPlan) / bytesOf(plan.memory) - 1)).toBeLessThan(0.01);
      return plan;
    });
    expect(new Set(stored?.deliver.map(({ packing }) => packing))).toEqual(
      new Set(['target16+delay8']),
    );
    const packed = stored?.memory.filter(({ name }) => name.startsWith('synapse')) ?? [];
    // Some projections end in the middle of a word.
    expect(bytesOf(packed) / 298_880_968 - 7).toBeCloseTo(0, 4);
    expect(bytesOf(stored?.memory ?? [])).toBeLessThan(2 * 2 ** 30);
    expect(stored?.synapses).toHaveLength(0);
    expect(bytesOf(procedural?.memory ?? [])).toBeLessThan(32 * 2 ** 20);
  });
});

/** Edges of a table with a header: pre and post by number, and how many synapses. */
async function readEdges(
  folder: string,
  file: string,
  pick: (cells: Readonly<Record<string, string>>) => readonly [string, string, number] | null,
): Promise<{ pre: Uint32Array; post: Uint32Array; size: number }> {
  const [header = '', ...lines] = (await dataReader(folder)(file)).trim().split(/\r?\n/);
  const names = header.split(',');
  const numbers = new Map<string, number>();
  const numberOf = (name: string): number => {
    const known = numbers.get(name);
    if (known !== undefined) return known;
    numbers.set(name, numbers.size);
    return numbers.size - 1;
  };
  const pre: number[] = [];
  const post: number[] = [];
  for (const line of lines) {
    const cells = line.split(',');
    const picked = pick(Object.fromEntries(names.map((name, k) => [name, cells[k] ?? ''])));
    if (picked === null) continue;
    const [from, to] = [numberOf(picked[0]), numberOf(picked[1])];
    for (let k = 0; k < picked[2]; k++) {
      pre.push(from);
      post.push(to);
    }
  }
  return { pre: Uint32Array.from(pre), post: Uint32Array.from(post), size: numbers.size };
}

describeReference('connectomes as lists, one entry per synapse', () => {
  const build = ({ pre, post, size }: { pre: Uint32Array; post: Uint32Array; size: number }) => {
    const net = new Network();
    const P = net.population('P', size, { eqs: 'dv/dt = -v/(10*ms) : volt' });
    net.projection('p', P, P, { onPre: 'v += 1*mV' }).connect({ rule: 'list', pre, post });
    return compileNetwork(net.document).plan;
  };

  it('larval brain: 352,611 synapses', async () => {
    const edges = await readEdges('larval-drosophila', 'edges.csv', ({ pre, post, all }) => [
      pre ?? '',
      post ?? '',
      Number(all),
    ]);
    const plan = build(edges);
    expect(plan.synapseCount).toBe(352_611);
    expect(plan.rows.at(-1)).toBe(352_611);
  });

  it('C. elegans: 27,019 chemical synapses, counted in serial sections', async () => {
    const edges = await readEdges(
      'celegans-cook2019',
      'edges.csv',
      ({ pre, post, weight, type }) =>
        type === 'chemical' ? [pre ?? '', post ?? '', Number(weight)] : null,
    );
    expect(build(edges).synapseCount).toBe(27_019);
  });
});
