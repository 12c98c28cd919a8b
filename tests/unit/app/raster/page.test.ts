import { describe, expect, it } from 'vitest';
import { layoutBands } from '../../../../src/app/simulation/raster/layout.ts';
import { distinct, pointsOf } from '../../../../src/app/views/explorer/points.ts';
import { visibleTime } from '../../../../src/app/views/explorer/visible-time.ts';
import {
  axisTicks,
  axisTitle,
  labelsThatFit,
  roundNumbers,
} from '../../../../src/app/views/raster/axis.ts';
import { createRateSummary } from '../../../../src/app/views/raster/summary.ts';

const populations = (sizes: readonly number[]) => {
  let first = 0;
  return sizes.map((size, k) => {
    const population = {
      name: `p${k}`,
      size,
      first,
      method: 'euler',
      variables: [],
      space: 0 as const,
    };
    first += size;
    return population;
  });
};

describe('the time axis', () => {
  it('has round numbers inside the interval, at most as many as fit', () => {
    expect(roundNumbers(0, 1000, 6)).toEqual([0, 200, 400, 600, 800, 1000]);
    expect(roundNumbers(123.4, 223.4, 5)).toEqual([140, 160, 180, 200, 220]);
    expect(roundNumbers(0.05, 0.35, 3)).toEqual([0.1, 0.2, 0.3]);
    expect(roundNumbers(5, 5, 3)).toEqual([]);
    for (const [from, to] of [
      [0, 997],
      [3, 3.7],
      [1e6, 1e6 + 12],
    ] as const) {
      for (const most of [2, 5, 9]) {
        const found = roundNumbers(from, to, most);
        expect(found.length).toBeLessThanOrEqual(most + 1);
        expect(found.every((one) => one >= from - 1e-9 && one <= to + 1e-9)).toBe(true);
      }
    }
  });

  it('is in ms below ten seconds and in s above', () => {
    expect(axisTicks({ fromMs: 0, toMs: 1000 }, 5).map(({ text }) => text)).toEqual([
      '0',
      '200',
      '400',
      '600',
      '800',
      '1000',
    ]);
    const late = { fromMs: 11_000, toMs: 12_000 };
    expect(axisTicks(late, 5)[1]).toEqual({ place: 0.2, text: '11.2' });
    expect(axisTitle({ fromMs: 0, toMs: 9_999 })).toBe('time (ms)');
    expect(axisTitle(late)).toBe('time (s)');
  });
});

describe('names beside the raster', () => {
  it.each([
    [[3200, 800], 400, 1],
    [Array.from({ length: 60 }, (_, k) => 10 * k + 1), 300, 1],
    [Array.from({ length: 12 }, () => 100), 640, 2],
  ])('of %s in %d pixels never touch', (sizes, height, ratio) => {
    const bands = layoutBands(populations(sizes), [], height, ratio);
    const labels = labelsThatFit(bands, ratio);
    for (let k = 1; k < labels.length; k++) {
      const [one, next] = [labels[k - 1], labels[k]];
      expect((next?.middle ?? 0) - (one?.middle ?? 0)).toBeGreaterThanOrEqual(14);
    }
    // All of them where there is room.
    if (height / ratio / sizes.length >= 18) expect(labels.length).toBe(sizes.length);
    // The largest is always named.
    const largest = Math.max(...sizes);
    expect(labels.some(({ band }) => band.size === largest)).toBe(true);
  });
});

describe('rates in words', () => {
  it('are spikes per second and neuron since the last time, every bin once', () => {
    const summary = createRateSummary(populations([100, 10]), 0.1);
    expect(summary.take()).toBe('');
    // Bins 0 and 1 whole, bin 2 still fills: 100 and 10 spikes in 10 ms.
    summary.add({ firstBin: 0, rateCounts: Uint32Array.of(60, 4, 40, 6, 3, 0) });
    expect(summary.take()).toBe('Spikes per second and neuron: p0 100.0, p1 100.0.');
    summary.add({ firstBin: 2, rateCounts: Uint32Array.of(5, 1, 0, 0) });
    summary.add({ firstBin: 2, rateCounts: Uint32Array.of(5, 1, 1, 1) });
    expect(summary.take()).toBe('Spikes per second and neuron: p0 10.0, p1 20.0.');
  });

  it('know how wide bins are with any time step', () => {
    // 17 steps of 0.3 ms, and one of 10 ms: 51 spikes of 100 neurons in 5.1 ms, or in 10 ms.
    for (const [dtMs, text] of [
      [0.3, '100.0'],
      [10, '51.0'],
    ] as const) {
      const summary = createRateSummary(populations([100]), dtMs);
      summary.add({ firstBin: 0, rateCounts: Uint32Array.of(51, 0) });
      expect(summary.take()).toBe(`Spikes per second and neuron: p0 ${text}.`);
    }
  });

  it('name eight populations at most', () => {
    const summary = createRateSummary(populations(Array.from({ length: 11 }, () => 1)), 0.1);
    summary.add({ firstBin: 0, rateCounts: new Uint32Array(22) });
    expect(summary.take()).toMatch(/p7 0\.0, and 3 more populations\.$/);
  });
});

describe('points of the explorer', () => {
  it('are between -1 and 1: time to the right, neurons down, populations as categories', () => {
    const info = populations([100, 50]);
    const { x, y, z } = pointsOf(
      info,
      0.1,
      { fromMs: 100, toMs: 200 },
      Uint32Array.of(1000, 1500, 2000),
      Uint32Array.of(0, 99, 149),
    );
    expect(Array.from(x)).toEqual([-1, 0, 1]);
    expect(y[0]).toBeGreaterThan(0.98);
    expect(y[0]).toBeGreaterThan(y[1] as number);
    expect(y[1]).toBeGreaterThan(y[2] as number);
    expect(y[2]).toBeLessThan(-0.97);
    expect(Array.from(z)).toEqual([0, 0, 1]);
    expect(distinct(Uint32Array.of(30, 4, 30, 100))).toEqual(Uint32Array.of(4, 30, 100));
  });

  it('the part that is seen, in ms', () => {
    const seen = visibleTime({ fromMs: 100, toMs: 300 }, [0.25, 0.75]);
    expect(seen).toEqual({ fromMs: 150, toMs: 250 });
  });
});
