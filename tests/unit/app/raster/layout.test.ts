import { describe, expect, it } from 'vitest';
import type { RasterBand } from '../../../../src/app/simulation/protocol.ts';
import {
  layoutBands,
  linesOf,
  neuronAt,
  rasterRows,
} from '../../../../src/app/simulation/raster/layout.ts';

const populations = (sizes: readonly number[]) =>
  sizes.map((size, k) => ({
    name: `p${k}`,
    size,
    first: sizes.slice(0, k).reduce((a, b) => a + b, 0),
  }));
const bandsOf = (sizes: readonly number[], height: number, ratio = 1): RasterBand[] =>
  layoutBands(populations(sizes), [], height, ratio);
const black = [0, 0, 0] as const;

describe('bands of populations', () => {
  it.each([
    [[3200, 800], 400, 1],
    [[20683, 5834, 21915, 5479, 4850, 1065, 14395, 2948], 396, 1],
    [Array.from({ length: 40 }, (_, k) => 1 + k * k), 300, 1],
    [[1], 220, 2],
    [[100_000, 2], 640, 2],
  ])('of %s fill %d lines without overlapping', (sizes, height, ratio) => {
    const bands = bandsOf(sizes, height, ratio);
    let bottom = 0;
    for (const band of bands) {
      expect(band.top).toBeGreaterThanOrEqual(bottom);
      expect(band.height).toBeGreaterThanOrEqual(2);
      bottom = band.top + band.height;
    }
    expect(bottom).toBe(height);
  });

  it('leave room for a name where there is any: 15 CSS pixels', () => {
    for (const band of bandsOf([20683, 5834, 21915, 5479, 4850, 1065, 14395, 2948], 396)) {
      expect(band.height).toBeGreaterThanOrEqual(15);
    }
  });
});

describe('rows', () => {
  it.each([
    ['many neurons', [3200, 800], 200, 1],
    ['few neurons', [5, 3], 200, 1],
    ['as many as lines', [98, 98], 200, 1],
    ['many neurons on a dense screen', [4000, 10, 1000], 400, 2],
  ])(
    '%s: every neuron has lines inside its band, ordered, and lines know their rows',
    (_, sizes, height, ratio) => {
      const bands = bandsOf(sizes, height, ratio);
      const { count, rowOf, looks, lines } = rasterRows(bands, height, black, ratio);
      expect(looks.length).toBe(2 * count);
      for (const band of bands) {
        let before = -1;
        for (let k = band.first; k < band.first + band.size; k += band.size > 100 ? 7 : 1) {
          const row = rowOf[k] as number;
          expect(row).toBeGreaterThanOrEqual(before);
          before = row;
          const look = looks[2 * row] as number;
          const [top, tall] = [look & 0xffff, look >>> 16];
          expect(tall).toBeGreaterThanOrEqual(2);
          expect(top).toBeGreaterThanOrEqual(band.top);
          expect(top + tall).toBeLessThanOrEqual(band.top + band.height);
          expect(linesOf(bands, k, ratio)).toEqual([top, tall]);
          for (let line = top; line < top + tall; line++) {
            const first = lines[4 * line] as number;
            expect(first).toBeLessThanOrEqual(row);
            expect(first + (lines[4 * line + 1] as number)).toBeGreaterThan(row);
          }
        }
      }
    },
  );

  it('keeps apart what has room: neighbours of few neurons do not touch', () => {
    const bands = bandsOf([10], 200);
    const { looks } = rasterRows(bands, 200, black, 1);
    for (let row = 0; row + 1 < 10; row++) {
      const look = looks[2 * row] as number;
      const next = looks[2 * row + 2] as number;
      expect(next & 0xffff).toBeGreaterThan((look & 0xffff) + (look >>> 16));
    }
  });

  it('finds the neuron at a line: one whose own row shows there', () => {
    for (const [sizes, ratio] of [
      [[3200, 800], 1],
      [[5, 3], 1],
      [[4000, 10], 2],
    ] as const) {
      const bands = bandsOf(sizes, 300, ratio);
      for (let line = 0; line < 300; line++) {
        const band = bands.find(({ top, height }) => line >= top && line < top + height);
        const neuron = neuronAt(bands, line, ratio);
        if (!band) expect(neuron).toBeNull();
        else {
          const k = (neuron as number) - band.first;
          expect(k).toBeGreaterThanOrEqual(0);
          expect(k).toBeLessThan(band.size);
          const [top, tall] = linesOf(bands, neuron as number, ratio) as [number, number];
          // Few neurons have room around their ticks, which belongs to them as well.
          const room = Math.ceil(band.height / band.size);
          expect(line).toBeGreaterThanOrEqual(top - room);
          expect(line).toBeLessThanOrEqual(top + tall + room);
        }
      }
    }
    expect(neuronAt(bandsOf([4], 100), 200, 1)).toBeNull();
  });
});
