import { describe, expect, it } from 'vitest';
import {
  columnOf,
  columnsOf,
  firstStepOf,
  slotOf,
  widthOf,
  windowAt,
} from '../../../../src/app/simulation/raster/columns.ts';
import { exposureOf, LEAST_LIGHT, lightOf } from '../../../../src/app/simulation/raster/tone.ts';

describe('columns of a ring', () => {
  it.each([
    [0, 10_000, 1100],
    [0, 1500, 1100],
    [137, 200, 1100],
    [0, 6_000_000, 2000],
    [3_000_000_000, 7777, 800],
  ])(
    'from step %d, %d steps in %d pixels: every step in one column, in order',
    (origin, steps, width) => {
      const columns = columnsOf(origin, steps, width);
      expect(columns.count).toBeLessThanOrEqual(width);
      // Off by less than a millionth.
      expect(steps - columns.steps).toBeLessThan(1 + steps / 1e6);
      // What a shader multiplies stays below 2^32.
      expect((columns.steps / 2 ** columns.shift) * columns.count).toBeLessThan(2 ** 32);
      let before = columnOf(columns, origin);
      expect(before).toBe(0);
      const stride = Math.max(1, Math.floor(columns.steps / 300));
      for (let step = origin; step < origin + 2.5 * columns.steps; step += stride) {
        const column = columnOf(columns, step);
        expect(column).toBeGreaterThanOrEqual(before);
        expect(column % columns.count).toBe(slotOf(columns, step));
        expect(firstStepOf(columns, column)).toBeLessThanOrEqual(step);
        expect(firstStepOf(columns, column + 1)).toBeGreaterThan(step);
        before = column;
      }
      expect(columnOf(columns, origin + columns.steps)).toBe(columns.count);
    },
  );

  it('widths are the steps of a column over the mean', () => {
    const columns = columnsOf(0, 1500, 1100);
    let sum = 0;
    for (let slot = 0; slot < 1100; slot++) sum += widthOf(columns, slot);
    expect(sum).toBeCloseTo(1100, 6);
    expect(widthOf(columnsOf(0, 1000, 100), 7)).toBe(1);
  });

  it('windows follow, turn pages, or stay', () => {
    const follow = { follow: true, windowMs: 100, turnsPages: false } as const;
    expect(windowAt(follow, 0.1, 0)).toEqual({ from: 0, to: 1000 });
    expect(windowAt(follow, 0.1, 999)).toEqual({ from: 0, to: 1000 });
    expect(windowAt(follow, 0.1, 4321)).toEqual({ from: 3321, to: 4321 });
    const pages = { ...follow, turnsPages: true };
    expect(windowAt(pages, 0.1, 1000)).toEqual({ from: 0, to: 1000 });
    expect(windowAt(pages, 0.1, 1001)).toEqual({ from: 1000, to: 2000 });
    const { from, to } = windowAt({ follow: false, fromMs: 12.34, toMs: 20 }, 0.1, 5);
    expect(from).toBeCloseTo(123.4, 9);
    expect(to).toBeCloseTo(200, 9);
  });
});

describe('tone', () => {
  it('shows one spike always, more are brighter, none is brighter than 1', () => {
    for (const exposure of [0.75, 3, 100]) {
      expect(lightOf(0, exposure)).toBe(0);
      let before = LEAST_LIGHT;
      for (const spikes of [1, 2, 5, 20]) {
        const light = lightOf(spikes, exposure);
        expect(light).toBeGreaterThanOrEqual(before);
        before = light;
      }
      expect(lightOf(1e6, exposure)).toBeLessThanOrEqual(1);
    }
  });

  it('keeps the exposure while activity changes a little, and follows when it changes much', () => {
    const first = exposureOf(2, 0);
    expect(first).toBeGreaterThan(4 / Math.SQRT2);
    expect(first).toBeLessThan(4 * Math.SQRT2);
    expect(exposureOf(2.1, first)).toBe(first);
    expect(exposureOf(20, first)).toBeGreaterThan(8 * first);
    expect(exposureOf(0, first)).toBe(0.75);
  });
});
