/**
 * From values to fractions of a colour bar and back: linear or logarithmic, with ranges and ticks. Knows neither colours
 * nor pixels.
 */

export interface ValueScale {
  readonly min: number;
  readonly max: number;
  readonly log: boolean;
}

/** Smallest and largest finite value; of the positive ones only where the scale is logarithmic. null without any. */
export function rangeOf(
  values: ArrayLike<number>,
  log = false,
): { readonly min: number; readonly max: number } | null {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < values.length; k++) {
    const value = values[k] as number;
    if (!Number.isFinite(value) || (log && value <= 0)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return min > max ? null : { min, max };
}

/**
 * The interval that all but `share` of the values lie in at either end: a few outliers do not take all the colours. Of at
 * most 5000 of the values, evenly taken. null without any.
 */
export function usualRange(
  values: ArrayLike<number>,
  share = 0.01,
): { readonly min: number; readonly max: number } | null {
  const stride = Math.max(1, Math.ceil(values.length / 5000));
  const found: number[] = [];
  for (let k = 0; k < values.length; k += stride) {
    const value = values[k] as number;
    if (Number.isFinite(value)) found.push(value);
  }
  if (found.length === 0) return null;
  found.sort((a, b) => a - b);
  const cut = Math.floor(share * (found.length - 1));
  return { min: found[cut] as number, max: found[found.length - 1 - cut] as number };
}

/** A scale that can divide: one value becomes a small interval around it, nothing 0 … 1 (1 … 10 logarithmic). */
export function scaleOf(
  range: { readonly min: number; readonly max: number } | null,
  log = false,
): ValueScale {
  let { min, max } = range ?? (log ? { min: 1, max: 10 } : { min: 0, max: 1 });
  if (log) {
    if (!(max > 0)) return { min: 1, max: 10, log };
    // What is zero or below has no logarithm: six decades are shown.
    if (!(min > 0)) min = max / 1e6;
    if (max / min < 1 + 1e-9) [min, max] = [min / 2, max * 2];
  } else if (!(max - min > 1e-12 * Math.max(Math.abs(min), Math.abs(max)))) {
    const half = min === 0 ? 0.5 : Math.abs(min) / 20;
    [min, max] = [min - half, max + half];
  }
  return { min, max, log };
}

/** 0 at the smallest, 1 at the largest, not clamped; NaN for what has no place on the scale. */
export function fractionOf(value: number, { min, max, log }: ValueScale): number {
  if (!log) return (value - min) / (max - min);
  return value > 0 ? Math.log(value / min) / Math.log(max / min) : Number.NaN;
}

export interface Tick {
  readonly value: number;
  readonly fraction: number;
  readonly text: string;
}

/** Round values on the scale, about `count` of them: 1, 2 or 5 times a power of ten; decades where logarithmic. */
export function ticksOf(scale: ValueScale, count = 5): readonly Tick[] {
  const values = scale.log ? decades(scale, count) : roundValues(scale.min, scale.max, count);
  const step = values.length > 1 ? (values[1] as number) - (values[0] as number) : 0;
  return values.map((value) => ({
    value,
    fraction: fractionOf(value, scale),
    text: scale.log ? formatValue(value) : formatTick(value, step),
  }));
}

/** 1, 2 or 5 times a power of ten, the largest not above `most`. */
export function roundDown(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most) + 1e-12);
  const lead = most / power;
  return power * (lead >= 5 - 1e-9 ? 5 : lead >= 2 - 1e-9 ? 2 : 1);
}

function roundValues(min: number, max: number, count: number): number[] {
  const power = 10 ** Math.floor(Math.log10((max - min) / count));
  const step =
    [1, 2, 5, 10].map((lead) => lead * power).find((one) => (max - min) / one <= count) ??
    10 * power;
  const first = Math.ceil(min / step - 1e-9);
  const last = Math.floor(max / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, k) => (first + k) * step);
}

function decades({ min, max }: ValueScale, count: number): number[] {
  const from = Math.log10(min);
  const to = Math.log10(max);
  // Less than a decade and a half: round values, as few of them.
  if (to - from < 1.5) return roundValues(min, max, count).filter((value) => value > 0);
  const stride = Math.max(1, Math.ceil((to - from) / count));
  const found: number[] = [];
  for (let power = Math.ceil(from - 1e-9); power <= to + 1e-9; power += stride) {
    found.push(10 ** power);
  }
  return found;
}

/** Three significant digits, powers of ten where that is shorter; a real minus sign. */
export function formatValue(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'no value' : value > 0 ? '∞' : '−∞';
  if (value === 0) return '0';
  const size = Math.abs(value);
  const text =
    size >= 1e5 || size < 1e-3 ? powerOfTen(value) : String(Number(value.toPrecision(3)));
  return text.replace('-', '−');
}

function powerOfTen(value: number): string {
  const [lead = '', power = '0'] = value.toExponential(2).split('e');
  const short = String(Number(lead));
  const raised = [...String(Number(power))]
    .map((digit) => (digit === '-' ? '⁻' : '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]))
    .join('');
  return short === '1' ? `10${raised}` : `${short}·10${raised}`;
}

/** As many decimals as the step between ticks needs. */
function formatTick(value: number, step: number): string {
  const size = Math.max(Math.abs(value), step);
  if (step === 0 || size >= 1e5 || step < 1e-4) return formatValue(value);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return (Math.abs(value) < step / 1e6 ? 0 : value).toFixed(decimals).replace('-', '−');
}
