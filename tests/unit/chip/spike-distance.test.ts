/** Distances of spike trains against their definitions, and against what is known of extreme and of random trains. */
import { describe, expect, it } from 'vitest';
import { coincidences, compareTrains, vanRossumSquared } from '../../../src/chip/spike-distance.ts';

/** Reproducible uniform numbers. */
function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A Poisson train of so many spikes per ms. */
function poisson(rate: number, durationMs: number, next: () => number): number[] {
  const interval = (): number => -Math.log(1 - next()) / rate;
  const train: number[] = [];
  for (let t = interval(); t < durationMs; t += interval()) train.push(t);
  return train;
}

/** Half the sum of exp(-|difference|/tau) over pairs within trains, less that over pairs between them. */
function byPairs(a: readonly number[], b: readonly number[], tau: number): number {
  const sum = (x: readonly number[], y: readonly number[]): number =>
    x.reduce((all, s) => all + y.reduce((one, t) => one + Math.exp(-Math.abs(s - t) / tau), 0), 0);
  return 0.5 * (sum(a, a) + sum(b, b)) - sum(a, b);
}

describe('van Rossum', () => {
  it('is half a spike for a spike more', () => {
    expect(vanRossumSquared([5], [], 10)).toBe(0.5);
    expect(vanRossumSquared([], [], 10)).toBe(0);
  });

  it('is 0 for equal trains, and (n + m)/2 for trains that have nothing to do with each other', () => {
    expect(vanRossumSquared([1, 2, 30], [1, 2, 30], 10)).toBe(0);
    expect(vanRossumSquared([0, 1000], [500, 1500, 2500], 1)).toBeCloseTo(2.5, 12);
  });

  it('of two spikes is 1 - exp(-difference/tau)', () => {
    for (const difference of [0.1, 3, 20]) {
      expect(vanRossumSquared([7], [7 + difference], 10)).toBeCloseTo(
        1 - Math.exp(-difference / 10),
        12,
      );
    }
  });

  it('is what the sums over pairs give', () => {
    const next = uniform(3);
    for (const tau of [0.5, 10, 300]) {
      const [a, b] = [poisson(0.05, 1000, next), poisson(0.03, 1000, next)];
      const expected = byPairs(a, b, tau);
      expect(vanRossumSquared(a, b, tau)).toBeCloseTo(expected, 9);
      expect(vanRossumSquared(b, a, tau)).toBeCloseTo(expected, 9);
    }
  });
});

describe('coincidences', () => {
  it('gives every spike one partner at most', () => {
    expect(coincidences([10, 20], [11, 12, 21], 2)).toBe(2);
    expect(coincidences([10, 11], [10.5], 2)).toBe(1);
    expect(coincidences([10], [12.1], 2)).toBe(0);
    expect(coincidences([], [1], 2)).toBe(0);
  });
});

describe('compareTrains', () => {
  const how = { tauMs: 10, windowMs: 2, durationMs: 20_000 };

  it('is 0 and 1 for equal trains and where nothing spikes', () => {
    const trains = [[1, 50], [7], []];
    expect(compareTrains(trains, trains, how)).toEqual({ distance: 0, coincidence: 1 });
    expect(compareTrains([[]], [[]], how)).toEqual({ distance: 0, coincidence: 1 });
  });

  it('finds nothing in common between independent Poisson trains', () => {
    const next = uniform(5);
    const set = (): number[][] => Array.from({ length: 50 }, () => poisson(0.005, 20_000, next));
    const { distance, coincidence } = compareTrains(set(), set(), how);
    // 5,000 spikes: the standard deviation of the number in common is about 10, that is 0.002 of them each way.
    expect(Math.abs(coincidence)).toBeLessThan(0.02);
    // Pairs within tau by chance, in both terms: the expectation is 1.
    expect(Math.abs(distance - 1)).toBeLessThan(0.03);
  });

  it('is 0 for trains of which one is empty', () => {
    expect(compareTrains([[1, 500]], [[]], how)).toEqual({ distance: 1, coincidence: 0 });
  });
});
