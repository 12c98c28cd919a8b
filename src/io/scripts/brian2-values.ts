/** Values per neuron or synapse, delays and distributions as right sides of Brian 2 assignments. */
import {
  describeDimension,
  internalFactor,
  parseQuantity,
  readQuantity,
} from '../../language/units.ts';
import type { DistributionSpec, Quantity, ValueSpec } from '../../network/document.ts';
import { brianText } from './brian2-texts.ts';
import { brianQuantity, brianUnits, pythonList, pythonNumber, pythonText } from './python-text.ts';

/** A right side, and the helper functions that it calls. */
export interface BrianValue {
  readonly text: string;
  readonly helpers: readonly string[];
  /** Whether it reads other variables of its owner, and is therefore to be set after them. */
  readonly isExpression: boolean;
}

/** `count`: how many elements there are, as Python text. */
export function brianValue(spec: ValueSpec, where: string, count: string): BrianValue {
  const plain = (text: string): BrianValue => ({ text, helpers: [], isExpression: false });
  if (typeof spec === 'number') return plain(pythonNumber(spec));
  if (typeof spec === 'string') {
    if (readQuantity(spec) !== null) return plain(brianQuantity(spec));
    const text = brianText(spec, where).replace(/\s*\n\s*/g, ' ');
    return { text: pythonText(text), helpers: [], isExpression: true };
  }
  if ('values' in spec) {
    const unit = spec.unit.trim() === '1' ? '' : ` * ${inParentheses(brianUnits(spec.unit))}`;
    return { ...plain(`numpy.array(${pythonList(spec.values, '    ')})${unit}`), helpers: [] };
  }
  return distribution(spec, count);
}

const inParentheses = (text: string): string => (/^[A-Za-z]\w*$/.test(text) ? text : `(${text})`);

interface Numbers {
  readonly mean?: Quantity;
  readonly sd?: Quantity;
  readonly min?: Quantity;
  readonly max?: Quantity;
  readonly outside?: string;
}

/** Drawn by numpy, which Brian 2's seed() sets. Ranges are those of the document: drawn again, or clipped. */
function distribution(spec: DistributionSpec, count: string): BrianValue {
  const [kind, numbers] = Object.entries(spec)[0] as [string, Numbers];
  const some = numbers.mean ?? numbers.min ?? 0;
  const { dimension } = parseQuantity(some, 'distribution');
  const factor = internalFactor(dimension);
  const si = (quantity: Quantity | undefined, other: number): number =>
    quantity === undefined
      ? other
      : Number((parseQuantity(quantity, 'distribution').value / factor).toPrecision(15));
  const [mean, sd] = [si(numbers.mean, 0), si(numbers.sd, 0)];
  const least = si(numbers.min, Number.NEGATIVE_INFINITY);
  const most = si(numbers.max, Number.POSITIVE_INFINITY);
  const draw = drawing(kind, { mean, sd, least, most });
  const hasRange = kind !== 'uniform' && (numbers.min !== undefined || numbers.max !== undefined);
  const unit = describeDimension(dimension);
  const end = unit === '1' ? '' : ` * ${inParentheses(unit)}`;
  if (!hasRange) {
    return { text: `${draw(`size=${count}`)}${end}`, helpers: [], isExpression: false };
  }
  const range = `${pythonNumber(least)}, ${pythonNumber(most)}`;
  const text =
    numbers.outside === 'clip'
      ? `numpy.clip(${draw(`size=${count}`)}, ${range})${end}`
      : `within(lambda n: ${draw('size=n')}, ${count}, ${range})${end}`;
  const helpers = numbers.outside === 'clip' ? [] : ['within'];
  return { text, helpers, isExpression: false };
}

interface Shape {
  readonly mean: number;
  readonly sd: number;
  readonly least: number;
  readonly most: number;
}

function drawing(kind: string, { mean, sd, least, most }: Shape): (size: string) => string {
  const words = (...list: readonly number[]): string => list.map(pythonNumber).join(', ');
  const sign = mean < 0 ? '-' : '';
  switch (kind) {
    case 'normal':
      return (size) => `numpy.random.normal(${words(mean, sd)}, ${size})`;
    case 'uniform':
      return (size) => `numpy.random.uniform(${words(least, most)}, ${size})`;
    case 'exponential':
      return (size) => `${sign}numpy.random.exponential(${words(Math.abs(mean))}, ${size})`;
    default: {
      // Mean and deviation of the values to those of their logarithms.
      const variance = Math.log1p((sd / mean) ** 2);
      const mu = Math.log(Math.abs(mean)) - variance / 2;
      const sigma = Math.sqrt(variance);
      return (size) => `${sign}numpy.random.lognormal(${words(mu, sigma)}, ${size})`;
    }
  }
}
