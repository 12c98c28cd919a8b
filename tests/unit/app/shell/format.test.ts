/** Numbers as the page writes them, and halves of quantities. */
import { describe, expect, it } from 'vitest';
import { halved } from '../../../../src/app/shell/failures.ts';
import {
  formatBytes,
  formatPace,
  formatSpeed,
  formatTime,
} from '../../../../src/app/shell/format.ts';

describe('formats', () => {
  it.each([
    [formatBytes(512), '512 B'],
    [formatBytes(1536), '1.5 KiB'],
    [formatBytes(2 ** 31), '2.0 GiB'],
    [formatTime(9999.94), '9999.9 ms'],
    [formatTime(12_345), '12.35 s'],
    [formatSpeed(2), '2.0× slower than real time'],
    [formatSpeed(0.1), '10.0× faster than real time'],
    [formatSpeed(Number.NaN), '–'],
    [formatPace('fast', 0.1), '10.0× faster than real time'],
    [formatPace(1, 0.1), 'real time (up to 10× possible)'],
    [formatPace(0.1, 2), '0.1× real time (up to 0.5× possible)'],
    [formatPace(1, 2), '2.0× slower than real time'],
    [formatPace(1, Number.NaN), '–'],
  ])('%s', (text, expected) => {
    expect(text).toBe(expected);
  });

  it.each([
    ['0.1 ms', '0.05 ms'],
    ['1e-1 ms', '0.05 ms'],
    [0.2, 0.1],
    ['dt', 'dt'],
  ])('half of %s is %s', (quantity, half) => {
    expect(halved(quantity)).toBe(half);
  });
});
