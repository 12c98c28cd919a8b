/** Which edits act on a running network, and which need a new one. */
import { describe, expect, it } from 'vitest';
import { liveChanges } from '../../../../src/app/state/changes.ts';
import type { Example } from '../../../../src/examples/example.ts';
import { examples } from '../../../../src/examples/index.ts';

const document = (examples.cuba as Example).build();
type Document = typeof document;

const withPopulation = (change: object): Document => ({
  ...document,
  populations: document.populations.map((population, index) =>
    index === 0 ? { ...population, ...change } : population,
  ) as Document['populations'],
});

describe('liveChanges', () => {
  it('finds nothing between a document and itself, and a copy of it', () => {
    expect(liveChanges(document, document)).toEqual([]);
    expect(liveChanges(document, JSON.parse(JSON.stringify(document)))).toEqual([]);
  });

  it('lists parameters of populations, projections, the network, and weights of inputs', () => {
    const [first] = document.populations;
    if (first?.kind !== 'neurons') throw new Error('cuba begins with neurons');
    const [name] = Object.keys(first.params) as [string];
    const after = withPopulation({ params: { ...first.params, [name]: '21 ms' } });
    expect(liveChanges(document, after)).toEqual([{ owner: first.name, name, value: '21 ms' }]);

    const input = {
      name: 'drive',
      target: { population: first.name },
      variable: 'v',
      n: 1,
      rate: '1 Hz',
      weight: '1*mV',
    };
    const before = { ...document, params: { g: 4 }, inputs: [input] };
    const changed = { ...before, params: { g: 5 }, inputs: [{ ...input, weight: '2*mV' }] };
    expect(liveChanges(before, changed)).toEqual([
      { owner: '', name: 'g', value: 5 },
      { owner: 'drive', name: 'weight', value: '2*mV' },
    ]);
  });

  it.each([
    ['another size', () => withPopulation({ size: 10 })],
    ['other equations', () => withPopulation({ eqs: 'v : volt' })],
    ['other first values', () => withPopulation({ initial: {} })],
    ['a parameter more', () => withPopulation({ params: { extra: 1 } })],
    ['another seed', () => ({ ...document, seed: 2 })],
    ['another step', () => ({ ...document, dt: '0.05 ms' })],
    ['a population less', () => ({ ...document, populations: document.populations.slice(1) })],
    ['another rate of an input', () => ({ ...document, inputs: [{}] })],
    ['a field more', () => ({ ...document, fields: [{}] })],
    ['an intervention', () => ({ ...document, interventions: [{}] })],
  ])('%s needs a new network', (_what, change) => {
    expect(liveChanges(document, change() as unknown as Document)).toBeNull();
  });
});
