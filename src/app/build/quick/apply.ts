/**
 * What a quick slider does to the document: parameters times a factor; and room for weights to grow, for networks that
 * would refuse it while they run.
 */
import type { NetworkDocument, ProjectionDocument, ValueSpec } from '../../../index.ts';
import { changePart } from '../edits/parts.ts';
import { joinQuantity, splitQuantity, timesQuantity } from '../edits/quantity-text.ts';
import { setKey, setParam } from '../edits/set.ts';
import { additionsOf } from '../signs.ts';
import { type ControlTarget, MOST_FACTOR, type QuickControl, valueNow } from './controls.ts';

/** Where the slider stands: a factor, or a number in the control's unit; null where the parameter is gone. */
export function positionOf(document: NetworkDocument, control: QuickControl): number | null {
  const [first] = control.targets;
  const value = first && valueNow(document, first);
  const parts = value === undefined ? null : splitQuantity(value);
  if (!first || !parts) return null;
  if (control.range.kind === 'value')
    return parts.unit === control.range.unit ? parts.number : null;
  const base = splitQuantity(first.base);
  if (!base || base.number === 0 || base.unit !== parts.unit) return null;
  return Number((parts.number / base.number).toPrecision(6));
}

/** The document with the slider at another position. */
export function moveTo(
  document: NetworkDocument,
  control: QuickControl,
  position: number,
): NetworkDocument {
  let next = document;
  for (const target of control.targets) {
    const value =
      control.range.kind === 'value'
        ? joinQuantity({ number: position, unit: control.range.unit })
        : position === 1
          ? target.base
          : timesQuantity(target.base, position);
    if (value === null) continue;
    next =
      target.kind === 'input'
        ? setKey(next, 'input', target.owner, 'weight', String(value))
        : setParam(next, target.kind, target.owner, target.name, value);
  }
  return next;
}

/**
 * Projections whose amounts the sliders scale get a bound that these do not pass: sums keep room for it, so that the
 * network that is built takes every position while it runs.
 */
export function withRoom(
  document: NetworkDocument,
  controls: readonly QuickControl[],
): NetworkDocument {
  const targets = controls
    .filter(({ range }) => range.kind === 'factor')
    .flatMap((control) => control.targets);
  let next = document;
  for (const projection of document.projections) {
    if (projection.bound !== undefined) continue;
    const scaled = targets.filter(
      ({ kind, owner, name }) =>
        (kind === 'network' || (kind === 'projection' && owner === projection.name)) &&
        additionsOf(projection.onPre).some(({ amount }) =>
          new RegExp(`\\b${name}\\b`).test(amount),
        ),
    );
    if (scaled.length === 0) continue;
    const bound = boundOf(projection, document, scaled);
    if (bound !== null) {
      next = changePart(next, 'projection', projection.name, (part) => ({ ...part, bound }));
    }
  }
  return next;
}

/** The largest amount at factor 1, from the parameters and first values that it is a product of, times the most. */
function boundOf(
  projection: ProjectionDocument,
  document: NetworkDocument,
  scaled: readonly ControlTarget[],
): string | number | null {
  let largest: { number: number; unit: string } | null = null;
  for (const { amount } of additionsOf(projection.onPre)) {
    let product = { number: MOST_FACTOR, unit: '' };
    for (const factor of amount.split('*')) {
      const name = factor.trim().replace(/^-\s*/, '');
      const base = scaled.find((one) => one.name === name)?.base;
      const size = largestOf(
        base ??
          projection.params[name] ??
          document.params[name] ??
          projection.initial[name] ??
          name,
      );
      if (size === null || (size.unit !== '' && product.unit !== '')) return null;
      product = { number: product.number * size.number, unit: size.unit || product.unit };
    }
    if (largest && largest.unit !== product.unit) return null;
    if (!largest || product.number > largest.number) largest = product;
  }
  return largest === null || largest.number === 0
    ? null
    : joinQuantity({ ...largest, number: Number(largest.number.toPrecision(4)) });
}

/** Largest size of a value, four standard deviations from the mean where it is drawn. */
function largestOf(value: ValueSpec): { readonly number: number; readonly unit: string } | null {
  const size = (quantity: string | number): { number: number; unit: string } | null => {
    const parts = splitQuantity(quantity);
    return parts && { ...parts, number: Math.abs(parts.number) };
  };
  if (typeof value === 'number') return size(value);
  if (typeof value === 'string') return size(value) ?? largestRandom(value);
  if ('uniform' in value) {
    const [low, high] = [size(value.uniform.min), size(value.uniform.max)];
    return low && high && low.unit === high.unit
      ? { number: Math.max(low.number, high.number), unit: high.unit }
      : null;
  }
  if ('exponential' in value) {
    const mean = size(value.exponential.mean);
    return mean && { ...mean, number: 4 * mean.number };
  }
  if ('values' in value) return null;
  const { mean, sd } = 'normal' in value ? value.normal : value.lognormal;
  const [middle, spread] = [size(mean), size(sd)];
  return middle && spread && middle.unit === spread.unit
    ? { number: middle.number + 4 * spread.number, unit: middle.unit }
    : null;
}

/** "0.5*rand()*mV": a number, a random factor up to 1, a unit. */
function largestRandom(text: string): { number: number; unit: string } | null {
  const match = /^\s*(-?[\d.]+(?:e[-+]?\d+)?)\s*\*\s*rand\(\)\s*\*\s*([A-Za-z]+)\s*$/i.exec(text);
  return match ? { number: Math.abs(Number(match[1])), unit: match[2] ?? '' } : null;
}
