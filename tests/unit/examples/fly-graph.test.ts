/** The generated graph of the fly brain's size: its counts and spreads against those of the connectome's table. */
import { describe, expect, it } from 'vitest';
import {
  EXCITATORY,
  FLY_CONNECTIONS,
  FLY_NEURONS,
  type FlyGraph,
  makeFlyGraph,
  SYNAPSES_AT_LEAST,
} from '../../../src/examples/fly-graph.ts';

const SENSORY = 21;

function degreesOf({ neurons, rows, targets }: FlyGraph) {
  const out = new Uint32Array(neurons);
  for (let n = 0; n < neurons; n++) out[n] = (rows[n + 1] as number) - (rows[n] as number);
  const incoming = new Uint32Array(neurons);
  for (const target of targets) incoming[target] = (incoming[target] as number) + 1;
  return { out, incoming };
}

/** The degree that a part of the neurons does not exceed. */
const quantile = (sorted: Uint32Array, part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] as number;

describe('the whole brain', () => {
  const graph = makeFlyGraph({
    neurons: FLY_NEURONS,
    seed: 1,
    sensory: SENSORY,
    sensoryDegree: 600,
  });
  const { out, incoming } = degreesOf(graph);

  it('has the neurons and connections of snapshot 783', () => {
    expect(graph.neurons).toBe(138_639);
    expect(graph.targets.length).toBe(15_091_983);
    expect(graph.rows[FLY_NEURONS]).toBe(15_091_983);
  });

  // Medians, extremes and counts of neurons without connections are those of the table. Tolerance: what scaling to the
  // exact total and rounding to whole degrees may take away, 3 %.
  it.each([
    ['out', out, { none: 634, median: 79, hundredth: 490, largest: 9783 }],
    ['in', incoming, { none: 1549, median: 69, hundredth: 661, largest: 10_356 }],
  ] as const)('%s-degrees', (_, degrees, expected) => {
    const sorted = degrees.toSorted();
    expect(sorted.filter((degree) => degree === 0).length).toBe(expected.none);
    expect(Math.abs(quantile(sorted, 0.5) / expected.median - 1)).toBeLessThan(0.03);
    expect(Math.abs(quantile(sorted, 0.99) / expected.hundredth - 1)).toBeLessThan(0.03);
    expect(Math.abs((sorted.at(-1) as number) / expected.largest - 1)).toBeLessThan(0.03);
  });

  it('gives the first neurons their degree', () => {
    expect([...out.subarray(0, SENSORY)].every((degree) => Math.abs(degree - 600) <= 3)).toBe(true);
    expect(graph.synapses.subarray(0, graph.rows[SENSORY]).every((number) => number > 0)).toBe(
      true,
    );
  });

  it('connects no pair twice and no neuron with itself', () => {
    const seenIn = new Uint32Array(FLY_NEURONS);
    for (let n = 0; n < FLY_NEURONS; n++) {
      for (const target of graph.targets.subarray(graph.rows[n], graph.rows[n + 1])) {
        if (target === n || seenIn[target] === n + 1) throw new Error(`neuron ${n} to ${target}`);
        seenIn[target] = n + 1;
      }
    }
  });

  it('synapse numbers: as many connections of at least 1, 2, 3, … as in the table', () => {
    const counts = new Uint32Array(2407);
    for (const number of graph.synapses) {
      counts[Math.abs(number)] = (counts[Math.abs(number)] as number) + 1;
    }
    let [above, synapses] = [0, 0];
    const atLeast = new Map<number, number>();
    for (let k = 2406; k > 0; k--) {
      above += counts[k] as number;
      synapses += above;
      atLeast.set(k, above);
    }
    for (const [k, expected] of SYNAPSES_AT_LEAST.slice(0, -1)) {
      // Independent draws: binomial, four standard deviations.
      const sd = Math.sqrt(expected * (1 - expected / FLY_CONNECTIONS));
      expect(Math.abs((atLeast.get(k) as number) - expected), `${k}`).toBeLessThanOrEqual(4 * sd);
    }
    // All synapses of the table; the interpolation between the counted numbers gives 1 % fewer.
    expect(Math.abs(synapses / 54_492_922 - 1)).toBeLessThan(0.02);
  });

  it('signs go by source, 60.0 % of the connections excitatory', () => {
    let excitatory = 0;
    for (let n = 0; n < FLY_NEURONS; n++) {
      const row = graph.synapses.subarray(graph.rows[n], graph.rows[n + 1]);
      const isExcitatory = (row[0] ?? 1) > 0;
      if (row.some((number) => number > 0 !== isExcitatory)) throw new Error(`neuron ${n}`);
      if (isExcitatory) excitatory += row.length;
    }
    // Whole rows have one sign: sd = sqrt(p (1-p) sum of squared degrees)/connections.
    const squares = out.reduce((sum, degree) => sum + degree * degree, 0);
    const sd = Math.sqrt(EXCITATORY * (1 - EXCITATORY) * squares) / FLY_CONNECTIONS;
    expect(sd).toBeLessThan(0.005);
    expect(Math.abs(excitatory / FLY_CONNECTIONS - EXCITATORY)).toBeLessThan(4 * sd);
  });
});

describe('any size', () => {
  const make = (neurons: number, seed: number) =>
    makeFlyGraph({ neurons, seed, sensory: SENSORY, sensoryDegree: 600 });

  it('depends on nothing but neurons and seed', () => {
    const [first, again, other] = [make(4000, 5), make(4000, 5), make(4000, 6)];
    expect(again).toEqual(first);
    expect(other.targets).not.toEqual(first.targets);
    // The spread is the same for every seed.
    expect(degreesOf(other).out.toSorted()).toEqual(degreesOf(first).out.toSorted());
  });

  it('keeps the mean degree', () => {
    for (const neurons of [4000, 12_345]) {
      const { targets } = make(neurons, 1);
      expect(targets.length).toBe(Math.round((neurons * FLY_CONNECTIONS) / FLY_NEURONS));
    }
  });
});
