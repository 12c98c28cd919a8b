/**
 * The number in the text of a quantity, for arrow keys and sliders: "20 ms" is 20 and "ms". The unit stays as typed; whether
 * it is one is for the library to say.
 */
import type { Quantity } from '../../../index.ts';

export interface NumberAndUnit {
  readonly number: number;
  /** '' without; otherwise as typed. */
  readonly unit: string;
}

/** null for an expression ("2*mV"), or anything else that does not begin with a number. */
export function splitQuantity(quantity: Quantity): NumberAndUnit | null {
  if (typeof quantity === 'number') return { number: quantity, unit: '' };
  const match = /^\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)\s*([^\d\s*+-].*)?$/i.exec(quantity);
  if (!match) return null;
  const [, number = '', unit = ''] = match;
  return { number: Number(number), unit: unit.trim() };
}

/** With as many digits as are needed and at most eight: 0.1 + 0.2 gives 0.3. */
export function joinQuantity({ number, unit }: NumberAndUnit): Quantity {
  const rounded = Number(number.toPrecision(8)) + 0;
  return unit === '' ? rounded : `${rounded}${unit.startsWith('/') ? '' : ' '}${unit}`;
}

/** A quantity as a person typed it: a text that is a number becomes one. */
export function asQuantity(text: string): Quantity {
  const trimmed = text.trim();
  return trimmed !== '' && Number.isFinite(Number(trimmed)) ? Number(trimmed) : trimmed;
}

/** One step of the arrow keys: 1 in the second digit; `scale` stands in where the number is 0. */
export function stepOf(number: number, scale = 1): number {
  const size = Math.abs(number) || Math.abs(scale) || 1;
  // The last step below a power of ten is that of the smaller power, so that up and down are inverse.
  return 10 ** (Math.floor(Math.log10(size) + 1e-9) - 1);
}

/** The quantity one or more steps up or down; null where it has no number. */
export function nudged(quantity: Quantity, steps: number, scale = 1): Quantity | null {
  const parts = splitQuantity(quantity);
  if (parts === null) return null;
  const step = stepOf(parts.number, scale);
  const number = Math.round(parts.number / step + steps) * step;
  return joinQuantity({ ...parts, number });
}

/** The quantity times a factor. */
export function timesQuantity(quantity: Quantity, factor: number): Quantity | null {
  const parts = splitQuantity(quantity);
  return parts === null ? null : joinQuantity({ ...parts, number: parts.number * factor });
}

/** Whether two quantities are the same text but for spaces and the way of writing the number. */
export function sameQuantity(a: Quantity | undefined, b: Quantity | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined) return false;
  const [one, other] = [splitQuantity(a), splitQuantity(b)];
  if (one === null || other === null) return String(a).trim() === String(b).trim();
  return one.number === other.number && one.unit === other.unit;
}

/** As a field shows it: with at most so many digits, of which no eye misses more; the document keeps them all. */
export function shownQuantity(quantity: Quantity, digits = 6): string {
  const parts = splitQuantity(quantity);
  if (parts === null || String(Math.abs(parts.number)).length < digits + 3) return String(quantity);
  return String(joinQuantity({ ...parts, number: Number(parts.number.toPrecision(digits)) }));
}
