import { describe, expect, it } from 'vitest';
import { barsOf, centred, momentsOf } from '../../../../src/app/views/plot/bars.ts';
import { decimate, lowerBound } from '../../../../src/app/views/plot/decimate.ts';
import { csvOf } from '../../../../src/app/views/plot/table.ts';
import { createLogSeries, spread } from '../../../../src/app/views/slow/log-series.ts';

describe('thinning', () => {
  const count = 100_000;
  const x = Float64Array.from({ length: count }, (_, k) => k * 0.1);
  const y = Float32Array.from({ length: count }, (_, k) => Math.sin(k / 1700));
  y[31_234] = 9;
  y[77_001] = -8;

  it('keeps the extremes and at most two points to a column', () => {
    const { x: thinX, ys } = decimate(x, [y], 0, count, 600);
    expect(thinX.length).toBeLessThanOrEqual(1200);
    expect(Math.max(...(ys[0] as Float64Array))).toBe(9);
    expect(Math.min(...(ys[0] as Float64Array))).toBe(-8);
    expect(thinX[0]).toBe(0);
    expect(thinX.at(-1)).toBe(x[count - 1]);
    for (let k = 1; k < thinX.length; k++) {
      expect(thinX[k] as number).toBeGreaterThanOrEqual(thinX[k - 1] as number);
    }
  });

  it('draws every column as high as its samples', () => {
    const columns = 100;
    const { ys } = decimate(x, [y], 0, count, columns);
    const thin = ys[0] as Float64Array;
    for (let column = 0; column < columns; column++) {
      const samples = y.subarray((column * count) / columns, ((column + 1) * count) / columns);
      const pair = [thin[column * 2] as number, thin[column * 2 + 1] as number];
      // Edges of columns fall between samples: one sample may belong to the neighbour.
      expect(Math.max(...pair)).toBeCloseTo(Math.max(...samples), 2);
      expect(Math.min(...pair)).toBeCloseTo(Math.min(...samples), 2);
    }
  });

  it('keeps the direction of a step', () => {
    const step = Float32Array.from({ length: 1000 }, (_, k) => (k < 505 ? 0 : 1));
    const { ys } = decimate(x, [step], 0, 1000, 10);
    expect([...(ys[0] as Float64Array)]).toEqual([...Array(11).fill(0), ...Array(9).fill(1)]);
  });

  it('leaves few samples as they are, and takes gaps in time', () => {
    const few = decimate(x, [y], 10, 14, 600);
    expect(few.x).toEqual(x.slice(10, 14));
    const gap = Float64Array.from({ length: 2000 }, (_, k) => (k < 1000 ? k : k + 1e6));
    const values = new Float32Array(2000).fill(3);
    const { x: thin, ys } = decimate(gap, [values], 0, 2000, 50);
    expect(thin.at(-1)).toBe(gap[1999]);
    expect([...(ys[0] as Float64Array)].every((value) => value === 3)).toBe(true);
  });

  it('finds places in ascending lists', () => {
    expect(lowerBound([1, 3, 3, 8], 3)).toBe(1);
    expect(lowerBound([1, 3, 3, 8], 4)).toBe(3);
    expect(lowerBound([1, 3, 3, 8], 9)).toBe(4);
    expect(lowerBound([], 1)).toBe(0);
  });
});

describe('bars', () => {
  const of = (edges: number[], counts: number[]) => ({
    edges: Float64Array.from(edges),
    counts: Float64Array.from(counts),
    beyond: 0,
  });

  it('have no empty ends', () => {
    expect(barsOf(of([0, 1, 2, 3, 4], [0, 5, 0, 2]), false)).toEqual([
      { from: 1, to: 2, count: 5 },
      { from: 2, to: 3, count: 0 },
      { from: 3, to: 4, count: 2 },
    ]);
  });

  it('lie above zero on a logarithmic axis', () => {
    expect(barsOf(of([-1, 0, 1, 2], [4, 5, 6]), true)).toEqual([
      { from: 0.1, to: 1, count: 5 },
      { from: 1, to: 2, count: 6 },
    ]);
  });

  it('have the mean and deviation of their middles', () => {
    const { n, mean, sd } = momentsOf(of([0, 2, 4], [1, 3]));
    expect(n).toBe(4);
    expect(mean).toBe(2.5);
    expect(sd).toBeCloseTo(Math.sqrt(0.75), 12);
    expect(momentsOf(of([0, 1], [0])).n).toBe(0);
    // Steps 2 and 3 of 0.1 ms, in bins of one step, then of two.
    expect(momentsOf(centred(of([0.2, 0.3, 0.4], [1, 1]), 0.1)).mean).toBeCloseTo(0.25, 12);
    expect(momentsOf(centred(of([0.2, 0.4], [2]), 0.1)).mean).toBeCloseTo(0.25, 12);
  });
});

describe('a history over logarithmic time', () => {
  it('stays bounded, ordered, and dense in every decade', () => {
    const most = 200;
    const series = createLogSeries(most);
    for (let k = 1; k <= 100_000; k++) series.add(k, [k]);
    expect(series.times.length).toBeLessThanOrEqual(most);
    expect(series.times.length).toBeGreaterThan(most / 3);
    expect(series.times.at(-1)).toBe(100_000);
    for (let k = 0; k < series.times.length; k++) {
      expect(series.rows[k]).toEqual([series.times[k]]);
      if (k > 0) expect(series.times[k]).toBeGreaterThan(series.times[k - 1] as number);
    }
    for (const decade of [10, 100, 1000, 10_000]) {
      const inside = series.times.filter((time) => time >= decade && time < decade * 10);
      expect(inside.length).toBeGreaterThan(8);
    }
  });

  it('ignores what is not later', () => {
    const series = createLogSeries();
    series.add(0, [1]);
    series.add(5, [2]);
    series.add(5, [3]);
    series.add(4, [4]);
    expect(series.times).toEqual([5]);
    expect(series.rows).toEqual([[2]]);
  });

  it('has means and deviations of values, without those that are none', () => {
    expect(spread([2, 4, 4, 4, 5, 5, 7, 9])).toEqual([5, 2]);
    expect(spread([1, Number.NaN, 3])).toEqual([2, 1]);
    expect(spread([])).toEqual([Number.NaN, Number.NaN]);
    // Far from zero: no loss of digits.
    const [mean, sd] = spread([1e9 + 1, 1e9 + 3]);
    expect([mean, sd]).toEqual([1e9 + 2, 1]);
  });
});

describe('tables', () => {
  it('are CSV with names, quoted where they must be', () => {
    expect(
      csvOf([
        { name: 'time (ms)', values: [0.1, 0.2] },
        { name: 'v, "soma"', values: Float32Array.of(-64.987652) },
        { name: 'gap', values: [null, Number.NaN] },
      ]),
    ).toBe(
      `time (ms),"v, ""soma""",gap\n0.1,${Number(Math.fround(-64.987652).toPrecision(9))},\n0.2,,\n`,
    );
  });
});
