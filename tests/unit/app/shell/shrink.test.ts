import { describe, expect, it } from 'vitest';
import {
  neuronsOf,
  shareThatFits,
  shrinkings,
  withFewerNeurons,
  withSparserConnections,
} from '../../../../src/app/shell/shrink.ts';
import { exampleProject, newProject } from '../../../../src/app/state/project.ts';
import { Network, type NetworkDocument } from '../../../../src/index.ts';

function large(): NetworkDocument {
  const net = new Network({ name: 'large', dt: '0.1 ms', seed: 1 });
  const cells = net.population('cells', 80_000, { eqs: 'v : 1', threshold: 'v > 1' });
  net.population('few', 1, { eqs: 'v : 1', threshold: 'v > 1' });
  net
    .projection('all', cells, cells, { onPre: 'v += 0.1' })
    .connect({ rule: 'fixed-probability', p: 0.1 });
  return net.document;
}

describe('a network that is too large', () => {
  it('is cut so that it fits even where memory goes with its size only', () => {
    expect(shareThatFits(8e9, 4e9)).toBe(0.45);
    expect(shareThatFits(3e12, 4e9)).toBe(0.0012);
    // Without numbers: half.
    expect(shareThatFits(0, 0)).toBe(0.5);
    for (const needed of [4.1e9, 5e9, 7e10, 1e15]) {
      expect(needed * shareThatFits(needed, 4e9)).toBeLessThanOrEqual(4e9);
    }
  });

  it('keeps at least a neuron, and the same connections by chance', () => {
    const document = large();
    const fewer = withFewerNeurons(document, 0.001);
    expect(fewer.populations.map((one) => ('size' in one ? one.size : 0))).toEqual([80, 1]);
    expect(neuronsOf(fewer)).toBe(81);
    const sparser = withSparserConnections(document, 0.5);
    expect(sparser.projections[0]?.connect).toMatchObject({ p: 0.05 });
    const { projections: _, ...unconnected } = document;
    const none = { ...unconnected, projections: [] };
    expect(withSparserConnections(none, 0.5)).toBe(none);
  });

  it('has three ways to shrink, which do what they say', () => {
    let document = large();
    const project = newProject({ source: { kind: 'document', origin: 'a test' }, document });
    const ways = shrinkings(
      {
        project: { value: project } as never,
        edit: (_label, change) => {
          document = change(document);
        },
        setSource: () => undefined,
      },
      8e9,
      4e9,
    );
    expect(ways.map(({ title }) => title)).toEqual([
      'Take 36,001 neurons instead of 80,001',
      'Connect 45 % of the pairs',
      'Make synapses anew at each spike',
    ]);
    for (const { act } of ways) act();
    expect(neuronsOf(document)).toBe(36_001);
    expect(document.projections[0]).toMatchObject({
      synapses: 'procedural',
      connect: { p: 0.045 },
    });
  });

  it('of an example takes a smaller value, or the usual ones', () => {
    const project = exampleProject('cuba', { neurons: '10000000' }, 3);
    const sources: unknown[] = [];
    const ways = shrinkings(
      {
        project: { value: project } as never,
        edit: () => undefined,
        setSource: (_label, source) => sources.push(source),
      },
      8e9,
      4e9,
    );
    for (const { act } of ways) act();
    expect(ways[0]?.title).toBe('Take neurons = 4,500,000 instead of 10,000,000');
    expect(sources).toEqual([
      { kind: 'example', name: 'cuba', values: { neurons: '4500000' }, seed: 3 },
      { kind: 'example', name: 'cuba', values: {}, seed: 3 },
    ]);
  });
});
