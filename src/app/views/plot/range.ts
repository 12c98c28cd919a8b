/** Ranges of value axes that do not jump about while a network runs. Pure. */

/** The smallest of 1, 2, 5 times a power of ten that is at least `value` (> 0). */
export function niceStep(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const lead = value / power;
  return power * (lead <= 1.0000001 ? 1 : lead <= 2.0000001 ? 2 : lead <= 5.0000001 ? 5 : 10);
}

/** From 0 to a round number above the largest value, at least `least`. */
export function rangeFromZero(most: number | null, least: number): [number, number] {
  if (most === null || !(most > least)) return [0, least];
  const step = niceStep(most / 5);
  return [0, Math.ceil((most * 1.02) / step) * step];
}

/** Part of their size below which differences are not spread over a plot: its numbers would all begin alike. */
const LEAST_SPREAD = 2e-3;

/** Round numbers around an interval of values; around a single value, or nearly one, a little of both sides. */
export function rangeAround(low: number | null, high: number | null): [number, number] {
  if (low === null || high === null || !Number.isFinite(low) || !Number.isFinite(high))
    return [0, 1];
  const size = Math.max(Math.abs(low), Math.abs(high));
  if (high - low <= size * 1e-6) {
    const half = size * 0.05 || 1;
    return [low - half, high + half];
  }
  const span = Math.max(high - low, size * LEAST_SPREAD);
  const step = niceStep(span / 5);
  const margin = (span - (high - low)) / 2 + span * 0.02;
  return [Math.floor((low - margin) / step) * step, Math.ceil((high + margin) / step) * step];
}

/**
 * Keeps a range while the values fit it and fill at least a good third of it: the axis of a running plot stands still.
 * Returns a function that remembers what it returned last.
 */
export function steadyRange(): (low: number | null, high: number | null) => [number, number] {
  let kept: [number, number] | null = null;
  return (low, high) => {
    if (low === null || high === null) return kept ?? [0, 1];
    const fits = kept !== null && low >= kept[0] && high <= kept[1];
    if (kept === null || !fits || high - low < 0.35 * (kept[1] - kept[0]))
      kept = rangeAround(low, high);
    return kept;
  };
}
