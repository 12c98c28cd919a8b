/** How far a slider reaches where a model gives no range: around the default, and always as far as the value. */

export interface SliderRange {
  readonly low: number;
  readonly high: number;
  readonly step: number;
  /** Size of usual values, for steps from 0. */
  readonly scale: number;
}

/** What is much and not too much of a unit, for parameters that are 0 by default. */
const SCALES: Readonly<Record<string, number>> = {
  pA: 500,
  nA: 1,
  mV: 20,
  nS: 20,
  uS: 0.02,
  ms: 20,
  s: 1,
  Hz: 100,
  kHz: 1,
  pF: 200,
  mM: 1,
  uM: 10,
  um: 100,
};

export function sliderRange(
  value: number,
  usual: number | null,
  {
    low,
    high,
    unit,
    isOpen = false,
  }: {
    readonly low: number | null;
    readonly high: number | null;
    readonly unit: string;
    /** The lower bound itself is not allowed: the slider begins a step above. */
    readonly isOpen?: boolean;
  },
): SliderRange | null {
  const centre = usual ?? value;
  const scale = Math.abs(centre) || SCALES[unit] || 1;
  let [from, to] = guess(centre, scale);
  if (low !== null) from = low;
  if (high !== null) to = high;
  if (low !== null && high === null) to = Math.max(low + 2 * scale, 2 * centre - low);
  if (high !== null && low === null) from = Math.min(high - 2 * scale, 2 * centre - high);
  from = Math.min(from, value);
  to = Math.max(to, value);
  if (!(to > from) || !Number.isFinite(to - from)) return null;
  // A hundredth of the range, rounded down to 1, 2 or 5 of a power of ten: a value of the step ladder stays on it.
  const raw = (to - from) / 200;
  const tens = 10 ** Math.floor(Math.log10(raw));
  const step = [5, 2, 1].find((one) => one * tens <= raw * 1.000001) ?? 1;
  const first = isOpen && from === low ? from + step * tens : from;
  return { low: round(Math.min(first, value)), high: round(to), step: round(step * tens), scale };
}

/** Positive values from 0 to twice themselves, negative ones (potentials) half as much either way. */
function guess(centre: number, scale: number): [number, number] {
  if (centre > 0) return [0, 2 * centre];
  if (centre < 0) return [1.5 * centre, 0.5 * centre];
  return [-scale, scale];
}

const round = (value: number): number => Number(value.toPrecision(10));
