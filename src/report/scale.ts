/** From a value to a place on an axis, in per cent, and the ticks to label. Numbers only. */

export interface Scale {
  /** 0…100, clamped. */
  at(value: number): number;
  readonly ticks: readonly number[];
}

/** Logarithmic over the values and `keep`, with room at both ends and ticks at 1, or 1, 2 and 5, times powers of ten. */
export function logScale(values: readonly number[], keep: readonly number[] = []): Scale {
  const logs = [...values, ...keep].filter((value) => value > 0).map(Math.log10);
  if (logs.length === 0) logs.push(0);
  const [least, most] = [Math.min(...logs), Math.max(...logs)];
  const room = Math.max(0.06 * (most - least), 0.08);
  const [low, high] = [least - room, most + room];
  return {
    at: (value) => clamp((100 * (Math.log10(Math.max(value, 1e-300)) - low)) / (high - low)),
    ticks: logTicks(low, high),
  };
}

/** Linear from `low` to `high`, both given. */
export function linearScale(low: number, high: number): Scale {
  const span = Math.max(high - low, Number.EPSILON);
  const step = niceStep(span / 5);
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return {
    at: (value) => clamp((100 * (value - low)) / span),
    ticks: Array.from({ length: Math.max(0, count) }, (_, index) => (first + index) * step),
  };
}

const clamp = (value: number): number => Math.min(100, Math.max(0, value));

function logTicks(low: number, high: number): number[] {
  const decades = high - low;
  const steps = decades > 2.5 ? [1] : decades > 0.9 ? [1, 2, 5] : [1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9];
  const ticks: number[] = [];
  for (let power = Math.floor(low); power <= Math.ceil(high); power++) {
    for (const step of steps) {
      const value = Number(`${step}e${power}`);
      const log = Math.log10(value);
      if (log >= low && log <= high) ticks.push(value);
    }
  }
  const every = Math.ceil(ticks.length / 7);
  return ticks.filter((_, index) => index % every === 0);
}

function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const found = [1, 2, 5, 10].find((factor) => factor * power >= rough - 1e-12) ?? 10;
  return found * power;
}
