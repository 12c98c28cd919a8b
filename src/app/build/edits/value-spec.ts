/** Values per neuron or synapse in their forms: which one it is, and how one form becomes another. */
import type { Quantity, ValueSpec } from '../../../index.ts';
import { asQuantity, splitQuantity } from './quantity-text.ts';

export type ValueForm =
  | 'expression'
  | 'normal'
  | 'lognormal'
  | 'uniform'
  | 'exponential'
  | 'values';

export const VALUE_FORMS: readonly (readonly [ValueForm, string])[] = [
  ['expression', 'expression'],
  ['normal', 'normal'],
  ['lognormal', 'lognormal'],
  ['uniform', 'uniform'],
  ['exponential', 'exponential'],
];

export function formOf(value: ValueSpec | undefined): ValueForm {
  if (typeof value !== 'object') return 'expression';
  if ('normal' in value) return 'normal';
  if ('lognormal' in value) return 'lognormal';
  if ('uniform' in value) return 'uniform';
  return 'exponential' in value ? 'exponential' : 'values';
}

/** Numbers of a distribution by their names; {} of others. */
export function numbersOf(value: ValueSpec | undefined): Readonly<Record<string, Quantity>> {
  if (typeof value !== 'object' || 'values' in value) return {};
  const [numbers] = Object.values(value) as Readonly<Record<string, Quantity>>[];
  return numbers ?? {};
}

/** Rows of a form, in the order to show them; those with `?` may be left out. */
export const FORM_ROWS: Readonly<Record<ValueForm, readonly string[]>> = {
  expression: [],
  values: [],
  normal: ['mean', 'sd', 'min?', 'max?', 'outside?'],
  lognormal: ['mean', 'sd', 'min?', 'max?', 'outside?'],
  uniform: ['min', 'max'],
  exponential: ['mean', 'min?', 'max?', 'outside?'],
};

/** The middle of a value, as far as it has one; the unit is that of the value. */
function middleOf(value: ValueSpec | undefined, unit: string): Quantity {
  const numbers = numbersOf(value);
  if (numbers.mean !== undefined) return numbers.mean;
  if (numbers.max !== undefined) return numbers.max;
  if ((typeof value === 'string' || typeof value === 'number') && splitQuantity(value))
    return value;
  return unit === '' ? 1 : `1 ${unit}`;
}

/** The value in another form, as near as can be; `unit` is used where the value has none. */
export function changeForm(value: ValueSpec | undefined, form: ValueForm, unit: string): ValueSpec {
  const middle = middleOf(value, unit);
  const parts = splitQuantity(middle) ?? { number: 1, unit };
  const number = parts.number === 0 ? 1 : parts.number;
  const sized = (factor: number): Quantity => {
    const size = Number((number * factor).toPrecision(6));
    return parts.unit === '' ? size : `${size} ${parts.unit}`;
  };
  const spread = sized(0.1 * Math.sign(number));
  switch (form) {
    case 'expression':
      return typeof middle === 'number' ? middle : middle;
    case 'normal':
      return { normal: { mean: middle, sd: spread } };
    case 'lognormal':
      return { lognormal: { mean: sized(1), sd: spread } };
    case 'uniform':
      return number < 0
        ? { uniform: { min: sized(1), max: parts.unit === '' ? 0 : `0 ${parts.unit}` } }
        : { uniform: { min: parts.unit === '' ? 0 : `0 ${parts.unit}`, max: sized(1) } };
    case 'exponential':
      return { exponential: { mean: sized(1) } };
    case 'values':
      return value ?? 0;
  }
}

/** A distribution with another number; '' leaves it out. */
export function changeNumber(value: ValueSpec, row: string, text: string): ValueSpec {
  const form = formOf(value);
  const { [row]: _, ...rest } = numbersOf(value);
  const numbers = text.trim() === '' ? rest : { ...numbersOf(value), [row]: asQuantity(text) };
  // What becomes of values outside is only said where there is an outside.
  const { outside, ...others } = numbers;
  const hasRange = 'min' in others || 'max' in others;
  const kept = outside !== undefined && hasRange ? { ...others, outside } : others;
  // A computed key has no type of its own; `form` and its numbers came from a ValueSpec.
  return { [form]: kept } as unknown as ValueSpec;
}

/** An expression as typed: a number stays a number. */
export const asExpression = (text: string): ValueSpec => asQuantity(text);
