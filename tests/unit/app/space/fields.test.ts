/** Fields: cuts and places against the order of voxels, profiles against linear fields, units, courses, pixels. */
import { describe, expect, it } from 'vitest';
import { addReading, createCourse, within } from '../../../../src/app/views/fields/course.ts';
import { frameOf, pixelsOf, placeAt } from '../../../../src/app/views/fields/picture.ts';
import {
  type Axis,
  cutPlane,
  firstCut,
  longAxes,
  middleUm,
  momentsOf,
  profileAlong,
  voxelOf,
} from '../../../../src/app/views/fields/slice.ts';
import { unitFor } from '../../../../src/app/views/fields/units.ts';
import { scaleOf } from '../../../../src/app/views/space/value-scale.ts';

const GRID = { grid: [4, 3, 5], spacingUm: [2, 3, 10], originUm: [100, 0, -5] } as const;

/** 100 x + 10 y + z in every voxel, x fastest. */
const VALUES = Float64Array.from({ length: 60 }, (_, k) => {
  const [x, y, z] = [k % 4, Math.floor(k / 4) % 3, Math.floor(k / 12)];
  return 100 * x + 10 * y + z;
});

describe('cuts', () => {
  it.each([0, 1, 2] as const)('across axis %i hold the voxels that they say', (across: Axis) => {
    for (let index = 0; index < GRID.grid[across]; index++) {
      const cut = { across, index };
      const plane = cutPlane(VALUES, GRID.grid, cut);
      expect(plane.width * plane.height).toBe(60 / GRID.grid[across]);
      for (let row = 0; row < plane.height; row++) {
        for (let column = 0; column < plane.width; column++) {
          const [x, y, z] = voxelOf(cut, column, row);
          expect(plane.values[row * plane.width + column]).toBe(100 * x + 10 * y + z);
        }
      }
    }
  });

  it('begin across the shortest way, or in the plane that there is', () => {
    // 8, 9 and 50 µm long.
    expect(firstCut(GRID)).toEqual({ across: 0, index: 2 });
    expect(firstCut({ grid: [64, 64, 16], spacingUm: [12, 12, 12] })).toEqual({
      across: 2,
      index: 8,
    });
    expect(firstCut({ grid: [5, 1, 5], spacingUm: [1, 1, 1] })).toEqual({ across: 1, index: 0 });
    expect(longAxes({ grid: [5, 1, 5], spacingUm: [1, 1, 1] })).toEqual([0, 2]);
  });

  it('have places in µm, from the corner of the grid', () => {
    expect(middleUm(GRID, [0, 2, 1])).toEqual([101, 7.5, 10]);
    expect(middleUm({ grid: [1, 1, 1], spacingUm: [4, 4, 4] }, [0, 0, 0])).toEqual([2, 2, 2]);
  });
});

describe('numbers', () => {
  it('are mean, least and largest of what is finite', () => {
    expect(momentsOf([1, 2, 6, Number.NaN])).toEqual({ mean: 3, min: 1, max: 6 });
    expect(momentsOf([]).mean).toBeNaN();
  });

  it('of a linear field are linear along any line', () => {
    const plane = cutPlane(VALUES, GRID.grid, { across: 2, index: 3 });
    const from = { u: 0.5, v: 0.5 };
    const to = { u: 3.5, v: 2.5 };
    const { distances, values } = profileAlong(plane, GRID.spacingUm, from, to);
    // Three voxels of 2 µm to the right, two of 3 µm upwards.
    expect(distances.at(-1)).toBeCloseTo(Math.hypot(6, 6), 12);
    expect(values.length).toBe(7);
    values.forEach((value, k) => {
      const part = k / 6;
      expect(value).toBeCloseTo(3 + 100 * 3 * part + 10 * 2 * part, 9);
    });
    // Beyond the outer middles nothing is made up.
    const edge = profileAlong(plane, GRID.spacingUm, { u: 0, v: 1.5 }, { u: 4, v: 1.5 });
    expect(edge.values[0]).toBe(13);
    expect(edge.values.at(-1)).toBe(313);
  });

  it('of one row of voxels can be followed', () => {
    const plane = cutPlane([1, 2, 4], [3, 1, 1], { across: 2, index: 0 });
    const { values } = profileAlong(plane, [1, 1, 1], { u: 0.5, v: 0.5 }, { u: 2.5, v: 0.5 });
    expect([...values]).toEqual([1, 1.5, 2, 3, 4]);
  });
});

describe('units', () => {
  it('of concentrations are those in which they are between one and a thousand', () => {
    expect(unitFor('mM', 2.3e-5, null)).toEqual({ unit: 'nM', factor: 1e6 });
    expect(unitFor('mM', 1.5, null)).toEqual({ unit: 'mM', factor: 1 });
    expect(unitFor('uM', 1e-9, null).unit).toBe('pM');
    expect(unitFor('uM', 5e-2, null)).toEqual({ unit: 'nM', factor: expect.closeTo(1000, 6) });
  });

  it('stay while the values still read well in them', () => {
    const before = unitFor('mM', 2e-5, null);
    expect(unitFor('mM', 5e-4, before)).toBe(before);
    expect(unitFor('mM', 0, before)).toBe(before);
    expect(unitFor('mM', 0.5, before).unit).toBe('µM');
  });

  it('of anything else are their own', () => {
    expect(unitFor('mV', 1e-9, null)).toEqual({ unit: 'mV', factor: 1 });
    expect(unitFor('', 1e9, null)).toEqual({ unit: '', factor: 1 });
  });
});

describe('courses', () => {
  it('are thinned out and keep their span', () => {
    const course = createCourse();
    for (let k = 0; k < 10_000; k++) addReading(course, k, { mean: k, min: 0, max: 2 * k });
    expect(course.timesMs.length).toBeLessThanOrEqual(4000);
    expect(course.timesMs[0]).toBe(0);
    expect(course.timesMs.at(-1)).toBe(9999);
    course.timesMs.forEach((time, k) => {
      expect(course.means[k]).toBe(time);
    });
    // Time does not go back.
    addReading(course, 5, { mean: 0, min: 0, max: 0 });
    expect(course.timesMs.at(-1)).toBe(9999);
  });

  it('reach one reading beyond the interval on both sides', () => {
    const course = createCourse();
    for (const time of [0, 10, 20, 30, 40]) {
      addReading(course, time, { mean: time, min: 0, max: 0 });
    }
    expect(within(course, 15, 25)[0]).toEqual([10, 20, 30]);
    expect(within(course, -5, 100)[0]).toEqual([0, 10, 20, 30, 40]);
    expect(within(course, 50, 60)[0]).toEqual([40]);
    expect(within(createCourse(), 0, 1)[0]).toEqual([]);
  });
});

describe('pictures', () => {
  it('have the highest row on top, and nothing where there is no value', () => {
    const plane = cutPlane([0, 1, Number.NaN, 1], [2, 2, 1], { across: 2, index: 0 });
    const { data, width, height } = pixelsOf(plane, scaleOf({ min: 0, max: 1 }), 'viridis');
    expect([width, height]).toEqual([2, 2]);
    const pixel = (k: number): number[] => [...data.subarray(4 * k, 4 * k + 4)];
    expect(pixel(0)[3]).toBe(0);
    expect(pixel(1)).toEqual([253, 231, 37, 255]);
    expect(pixel(2)).toEqual([68, 1, 84, 255]);
  });

  it('keep the proportions of the plane, and know which voxel is where', () => {
    const plane = cutPlane(VALUES, GRID.grid, { across: 2, index: 0 });
    const frame = frameOf(plane, GRID, 500, 300);
    // 8 µm to the right, 9 µm upwards.
    expect(frame.height / frame.width).toBeCloseTo(9 / 8, 9);
    expect(frame.height).toBeLessThanOrEqual(300 + 1e-9);
    const left = frame.left + 0.01;
    expect(placeAt(frame, plane, left, frame.top + frame.height - 0.01)?.v).toBeLessThan(0.1);
    expect(placeAt(frame, plane, left, frame.top + 0.01)?.v).toBeGreaterThan(2.9);
    expect(placeAt(frame, plane, frame.left - 2, frame.top + 5)).toBeNull();
  });
});
