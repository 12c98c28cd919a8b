/** Networks counted before they are built: exact numbers of synapses of published networks, memory as it will be. */
import { describe, expect, it } from 'vitest';
import { examples } from '../../../src/examples/index.ts';
import type { NetworkDocument } from '../../../src/network/document.ts';
import { Network } from '../../../src/network/network.ts';
import { compileNetwork } from '../../../src/plan/compile.ts';
import { estimateNetwork } from '../../../src/plan/estimate.ts';
import { dataReader, describeReference } from '../../support/reference.ts';

function example(name: string, values: Readonly<Record<string, string | number>>): NetworkDocument {
  const document = examples[name]?.build(values, { seed: 1 });
  if (document === undefined) throw new Error(`no example ${name}`);
  return document;
}

describe('estimates', () => {
  it('the full microcircuit has 77,169 neurons and 298,880,968 synapses', () => {
    const { neurons, synapses, projections } = estimateNetwork(
      example('microcircuit', { scale: 1 }),
    );
    expect(neurons).toBe(77_169);
    expect(synapses).toBe(298_880_968);
    expect(projections.length).toBe(example('microcircuit', { scale: 1 }).projections.length);
  });

  it.each<[string, Readonly<Record<string, string | number>>]>([
    ['microcircuit', { scale: 0.05 }],
    ['cuba', {}],
    ['brunel', { neurons: 2000 }],
    ['izhikevich', { neurons: 200 }],
  ])('%s: the memory is that of the plan within 10 %%', (name, values) => {
    const document = example(name, values);
    const { plan } = compileNetwork(document);
    const estimate = estimateNetwork(document);
    const sum = (memory: typeof plan.memory): number =>
      memory.reduce((total, { bytes }) => total + bytes, 0);
    expect(estimate.synapses).toBe(plan.synapseCount);
    expect(Math.abs(sum(estimate.memory) / sum(plan.memory) - 1)).toBeLessThan(0.1);
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
