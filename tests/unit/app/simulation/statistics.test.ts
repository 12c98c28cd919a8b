import { describe, expect, it } from 'vitest';
import type { PopulationStatistics } from '../../../../src/app/simulation/protocol.ts';
import { populationStatistics, respondersOf } from '../../../../src/app/simulation/statistics.ts';
import { renewal, trains, uniform } from './trains.ts';

const DT = 0.1;

/** Statistics of one population in steps 0 … steps-1. */
function measure(
  size: number,
  steps: number,
  times: (neuron: number) => readonly number[],
): PopulationStatistics {
  const [only] = populationStatistics({
    populations: [{ name: 'cells', size, first: 0 }],
    spikes: [trains(size, times)],
    range: { from: 0, to: steps },
    dtMs: DT,
  });
  return only as PopulationStatistics;
}

const sum = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((total, value) => total + value, 0);

describe('statistics of clocks', () => {
  // 50 neurons, a spike every 20 ms, for 2 s.
  const clocks = measure(50, 20_000, () => renewal(20_000, () => 200));

  it('are exact', () => {
    // 200, 400, … 19800.
    expect(clocks.spikes).toBe(50 * 99);
    expect(clocks.rateHz).toBeCloseTo(99 / 2, 12);
    expect(clocks.cv).toBe(0);
    expect(clocks.cvs.counts[0]).toBe(50);
  });

  it('have all intervals in the bin that begins with 20 ms or holds it', () => {
    const { edges, counts, beyond } = clocks.intervals;
    const bin = counts.findIndex((count) => count > 0);
    expect(counts[bin]).toBe(50 * 98);
    expect(edges[bin]).toBeLessThanOrEqual(20);
    expect(edges[bin + 1]).toBeGreaterThan(20);
    expect(beyond).toBe(0);
  });

  it('count every neuron once in the histogram of counts', () => {
    expect(sum(clocks.counts.counts)).toBe(50);
    const bin = clocks.counts.counts.findIndex((count) => count > 0);
    expect(clocks.counts.edges[bin]).toBeLessThanOrEqual(99);
    expect(clocks.counts.edges[bin + 1]).toBeGreaterThan(99);
  });

  it('are as synchronous as can be: all variance is shared, 50 times that of independent ones', () => {
    expect(clocks.synchrony).toBeCloseTo(50, 9);
  });

  it('have a spectrum with the peak at their rate or a harmonic of it', () => {
    const { peakHz } = clocks;
    expect(peakHz).not.toBeNull();
    const harmonic = (peakHz as number) / 50;
    expect(Math.abs(harmonic - Math.round(harmonic)) * 50).toBeLessThan(1);
  });
});

describe('statistics of Poisson neurons', () => {
  const random = uniform(1);
  const [size, hz, seconds] = [200, 20, 50];
  const steps = (seconds * 1000) / DT;
  const meanSteps = 1000 / hz / DT;
  const poisson = measure(size, steps, () => renewal(steps, () => -Math.log(random()) * meanSteps));

  it('give the rate', () => {
    // Standard deviation of a mean of counts: sqrt(20 / (200 * 50)) = 0.045.
    expect(Math.abs(poisson.rateHz - hz)).toBeLessThan(4 * Math.sqrt(hz / (size * seconds)));
  });

  it('have a CV of 1', () => {
    // The CV of n exponential intervals has a standard deviation near 1/sqrt(n) and falls short by about 1/n: 0.0022 and
    // 0.001 for 200 neurons with 1000 intervals.
    expect(Math.abs((poisson.cv as number) - 1)).toBeLessThan(
      4 / Math.sqrt(size * hz * seconds) + 2 / (hz * seconds),
    );
  });

  it('have intervals that fall off exponentially', () => {
    const { edges, counts, beyond } = poisson.intervals;
    const all = sum(counts) + beyond;
    // What is not shown is a hundredth, or a bin more.
    expect(beyond / all).toBeLessThan(0.01);
    for (let k = 0; k < counts.length; k++) {
      const chance =
        Math.exp((-(edges[k] as number) * hz) / 1000) -
        Math.exp((-(edges[k + 1] as number) * hz) / 1000);
      // Whole steps move an interval by one at most: 0.2 % of the mean here.
      const expected = all * chance;
      const slack = 5 * Math.sqrt(expected) + 0.01 * expected;
      expect(Math.abs((counts[k] as number) - expected)).toBeLessThan(slack);
    }
  });

  it('are independent: synchrony 1', () => {
    // A variance of b bins has a relative deviation of sqrt(2/b): 0.014 for 10,000.
    const bins = (seconds * 1000) / 5;
    expect(Math.abs((poisson.synchrony as number) - 1)).toBeLessThan(4 * Math.sqrt(2 / bins));
  });

  it('have a flat spectrum at rate/number, without a peak', () => {
    const { power, frequencies, poisson: level } = poisson.spectrum;
    expect(level).toBeCloseTo(poisson.rateHz / size, 12);
    // Without the ends, which the mean and the filter of bins change: independent lines, relative deviation of their mean
    // 1/sqrt(bins/2): 0.0063.
    const inner = power.slice(2, -1);
    const mean = sum(inner) / inner.length;
    expect(Math.abs(mean / level - 1)).toBeLessThan(4 / Math.sqrt((seconds * 1000) / 2));
    expect(frequencies.at(-1)).toBeCloseTo(500, 9);
    expect(poisson.peakHz).toBeNull();
  });
});

describe('statistics of gamma neurons', () => {
  it('have a CV of one over the square root of the order', () => {
    const random = uniform(2);
    const [size, order, steps] = [100, 4, 400_000];
    const part = (): number => -Math.log(random()) * 125;
    const gamma = measure(size, steps, () =>
      renewal(steps, () => part() + part() + part() + part()),
    );
    // About 800 intervals of 50 ms each. Deviation of a CV: 0.5 sqrt((0.5 + 0.25 + skewness terms)/n) < 0.5/sqrt(n).
    const intervals = gamma.spikes / size;
    expect(Math.abs((gamma.cv as number) - 1 / Math.sqrt(order))).toBeLessThan(
      (4 * 0.5) / Math.sqrt(size * intervals) + 1 / intervals,
    );
    const middle = sum(gamma.cvs.counts.slice(8, 12));
    // 0.4 … 0.6 is more than five deviations of 0.018.
    expect(middle).toBe(size);
  });
});

describe('statistics of a modulated Poisson population', () => {
  const [size, hz, modulation, tone, seconds] = [100, 10, 0.8, 37, 40];
  const steps = (seconds * 1000) / DT;
  const random = uniform(3);
  const most = hz * (1 + modulation);
  const isKept = (step: number): boolean => {
    const phase = (2 * Math.PI * tone * step * DT) / 1000;
    return random() * most < hz * (1 + modulation * Math.sin(phase));
  };
  const cells = measure(size, steps, () =>
    renewal(steps, () => (-Math.log(random()) * 1000) / most / DT).filter(isKept),
  );

  it('has its peak at the frequency of the modulation', () => {
    const { frequencies } = cells.spectrum;
    expect(Math.abs((cells.peakHz as number) - tone)).toBeLessThan((frequencies[1] as number) / 2);
  });

  it('has the power of the modulation there, above the level of Poisson neurons', () => {
    const { frequencies, power, poisson } = cells.spectrum;
    const width = frequencies[1] as number;
    let tonePower = 0;
    for (let k = 0; k < power.length; k++) {
      if (Math.abs((frequencies[k] as number) - tone) < 3 * width) {
        tonePower += ((power[k] as number) - poisson) * width;
      }
    }
    // Half of a sine's variance, amplitude²/2, is at positive frequencies. Bins of 1 ms take off (sin x/x)², x = pi f bin:
    // 0.4 %. Deviation: cross terms with the noise, 2 sqrt(noise/signal) with 0.1*1.5/40 beside 16: 3 %.
    const expected = (hz * modulation) ** 2 / 4;
    expect(Math.abs(tonePower / expected - 1)).toBeLessThan(0.1);
    expect(cells.synchrony as number).toBeGreaterThan(1.5);
  });
});

describe('statistics of a selection', () => {
  const spikes = trains(6, (neuron) => renewal(10_000, () => 100 * (neuron + 1)));
  const populations = [
    { name: 'a', size: 4, first: 0 },
    { name: 'b', size: 2, first: 4 },
  ];
  const input = { populations, spikes: [spikes], range: { from: 0, to: 10_000 }, dtMs: DT };

  it('are of the picked neurons only, and leave out populations without any', () => {
    const picked = populationStatistics({ ...input, neurons: Uint32Array.of(1, 3, 99) });
    expect(picked.map(({ population, size }) => [population, size])).toEqual([['a', 2]]);
    // Every 200 and 400 of 10,000 steps.
    expect(picked[0]?.spikes).toBe(49 + 24);
    expect(picked[0]?.cv).toBe(0);
  });

  it('do not depend on how the spikes are cut', () => {
    const cuts = [0, 7, 8, 60, spikes.steps.length];
    const cut = cuts.slice(1).map((end, k) => ({
      steps: spikes.steps.subarray(cuts[k], end),
      neurons: spikes.neurons.subarray(cuts[k], end),
    }));
    expect(populationStatistics({ ...input, spikes: cut })).toEqual(populationStatistics(input));
  });

  it('say nothing where there is nothing', () => {
    const [nothing] = populationStatistics({ ...input, spikes: [] });
    expect(nothing).toMatchObject({
      spikes: 0,
      rateHz: 0,
      cv: null,
      peakHz: null,
      synchrony: null,
    });
    expect(nothing?.intervals.counts.length).toBe(0);
    expect(Array.from(nothing?.counts.counts ?? [])).toEqual([4]);
    const empty = { ...input, spikes: [], range: { from: 5, to: 5 } };
    expect(populationStatistics(empty)[0]).toMatchObject({ rateHz: 0, synchrony: null });
  });

  it('finds the responders, most spikes first', () => {
    const found = respondersOf(input, 3);
    expect(found.map(({ neuron, spikes: count }) => [neuron, count])).toEqual([
      [0, 99],
      [1, 49],
      [2, 33],
    ]);
    expect(respondersOf(input, 10).at(-1)).toEqual({
      neuron: 5,
      population: 'b',
      index: 1,
      spikes: 16,
      rateHz: 16,
    });
  });
});
