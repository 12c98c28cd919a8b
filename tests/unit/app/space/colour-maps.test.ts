/** Colour maps against entries of the published tables, and that they grow in lightness: they read in grey. */
import { describe, expect, it } from 'vitest';
import {
  COLOUR_MAPS,
  colourAt,
  colourTable,
  cssGradient,
} from '../../../../src/app/views/space/colour-maps.ts';

describe('colour maps', () => {
  it('have the published first, middle and last colours', () => {
    // matplotlib _cm_listed.py: viridis 0, 127, 255; cividis 0, 127, 255, rounded to 8 bits.
    expect(colourAt('viridis', 0)).toEqual([68, 1, 84]);
    expect(colourAt('viridis', 127 / 255)).toEqual([33, 144, 141]);
    expect(colourAt('viridis', 1)).toEqual([253, 231, 37]);
    expect(colourAt('cividis', 0)).toEqual([0, 34, 78]);
    expect(colourAt('cividis', 127 / 255)).toEqual([124, 123, 120]);
    expect(colourAt('cividis', 1)).toEqual([254, 232, 56]);
  });

  it.each(COLOUR_MAPS)('%s has 256 opaque colours that grow lighter', (name) => {
    const table = colourTable(name);
    expect(table.length).toBe(4 * 256);
    let before = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < 256; k++) {
      const [red, green, blue, alpha] = table.subarray(4 * k, 4 * k + 4) as unknown as number[];
      expect(alpha).toBe(255);
      const luminance =
        0.2126 * linear(red as number) +
        0.7152 * linear(green as number) +
        0.0722 * linear(blue as number);
      // Rounded to 8 bits: neighbours may fall back by less than one part in 255.
      expect(luminance).toBeGreaterThan(before - 1 / 255);
      before = Math.max(before, luminance);
    }
    // From nearly black to nearly white.
    expect(before).toBeGreaterThan(0.7);
  });

  it('clamps what is outside, and has no colour for no number', () => {
    expect(colourAt('viridis', -3)).toEqual(colourAt('viridis', 0));
    expect(colourAt('viridis', 7)).toEqual(colourAt('viridis', 1));
    expect(colourAt('cividis', Number.NaN)).toBeNull();
  });

  it('gives a CSS gradient from the first to the last colour', () => {
    const gradient = cssGradient('cividis', 'to right');
    expect(gradient).toMatch(/^linear-gradient\(to right, rgb\(0 34 78\), .*rgb\(254 232 56\)\)$/);
  });
});

const linear = (channel: number): number => {
  const value = channel / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
};
