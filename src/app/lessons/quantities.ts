/** Numbers in the unit of a slider, from quantities as a document has them: "0.3 nA" is 300 in pA. Metric prefixes only. */
import type { Quantity } from '../../index.ts';
import { splitQuantity } from '../build/edits/quantity-text.ts';

const PREFIXES: Readonly<Record<string, number>> = {
  p: 1e-12,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
};

/** Words for the same unit. */
const BASES: Readonly<Record<string, string>> = {
  volt: 'V',
  volts: 'V',
  amp: 'A',
  amps: 'A',
  second: 's',
  seconds: 's',
  siemens: 'S',
  hertz: 'Hz',
};

/** Prefix factor and base of a unit; null for what is no unit with a metric prefix. */
function partsOf(unit: string): readonly [factor: number, base: string] | null {
  if (unit === '') return [1, ''];
  const word = BASES[unit] ?? unit;
  for (const base of ['V', 'A', 's', 'S', 'Hz', 'F', 'M']) {
    if (!word.endsWith(base)) continue;
    const prefix = word.slice(0, word.length - base.length);
    const factor = Object.hasOwn(PREFIXES, prefix) ? PREFIXES[prefix] : undefined;
    if (factor !== undefined) return [factor, base];
  }
  return null;
}

/** The quantity in `unit`; NaN where it is an expression or measures something else. */
export function numberIn(quantity: Quantity, unit: string): number {
  const split = splitQuantity(quantity);
  const wanted = partsOf(unit);
  const found = split && partsOf(split.unit);
  if (!split || !wanted || !found || found[1] !== wanted[1]) return Number.NaN;
  return Number(((split.number * found[0]) / wanted[0]).toPrecision(12));
}
