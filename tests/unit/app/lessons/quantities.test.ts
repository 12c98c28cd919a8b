/** Numbers in the unit of a slider. */
import { expect, it } from 'vitest';
import { numberIn } from '../../../../src/app/lessons/quantities.ts';

it.each([
  ['0.3 nA', 'pA', 300],
  ['300 pA', 'pA', 300],
  ['20 ms', 'ms', 20],
  ['0.02 second', 'ms', 20],
  ['-65 mV', 'mV', -65],
  ['2 kHz', 'Hz', 2000],
  [5, '', 5],
  ['5', '', 5],
  ['5 mV', 'pA', Number.NaN],
  ['2*mV', 'mV', Number.NaN],
  [5, 'mV', Number.NaN],
  ['5 bogus', 'mV', Number.NaN],
  ['5 __proto__V', 'mV', Number.NaN],
])('%s in %s', (quantity, unit, number) => {
  expect(numberIn(quantity, unit)).toBe(number);
});
