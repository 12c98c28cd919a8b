/** Numbers along axes and in tables, in few characters. Pure. */

/** Four digits; powers of ten where it would be long. */
export function shortNumber(value: number): string {
  const size = Math.abs(value);
  if (value === 0) return '0';
  if (!Number.isFinite(value)) return '–';
  if (size >= 1e5 || size < 1e-3) {
    return value
      .toExponential(2)
      .replace(/\.?0*e/, 'e')
      .replace('e+', 'e');
  }
  return String(Number(value.toPrecision(4)));
}

/** Digits behind the point that a step needs: 0 for 5, 2 for 0.25; at most `most`. */
export function digitsOf(step: number, most = 8): number {
  for (let digits = 0; digits < most; digits++) {
    const scaled = step * 10 ** digits;
    if (scaled >= 1 - 1e-6 && Math.abs(scaled - Math.round(scaled)) < 1e-6 * scaled) return digits;
  }
  return most;
}

/**
 * Ticks of a linear axis, `step` apart, with just the digits that tell them apart; with a power of ten where all would be
 * long.
 */
export function tickTexts(splits: readonly number[], step: number): string[] {
  const most = splits.reduce((size, split) => Math.max(size, Math.abs(split)), 0);
  if (most === 0 || !(step > 0)) return splits.map(String);
  const power = Math.floor(Math.log10(most));
  if (power >= -2 && power <= 4) {
    const digits = digitsOf(step);
    return splits.map((split) => split.toFixed(digits));
  }
  const digits = digitsOf(step / 10 ** power);
  return splits.map((split) =>
    split === 0 ? '0' : `${(split / 10 ** power).toFixed(digits)}e${power}`,
  );
}

/** Counts: 1500, 20k, 3M. */
export function shortCount(value: number): string {
  if (value < 10_000) return String(value);
  const [size, letter] = value < 1e6 ? [1e3, 'k'] : value < 1e9 ? [1e6, 'M'] : [1e9, 'G'];
  return `${Number((value / size).toPrecision(4))}${letter}`;
}

/** Ticks of a logarithmic axis from min to max (> 0): powers of ten, and 2 and 5 between them over few decades. */
export function logSplits(min: number, max: number): number[] {
  // A plot may be asked before it has a range.
  if (!(min > 0 && max < Number.POSITIVE_INFINITY)) return [];
  const decades = Math.log10(max / min);
  const leads = decades <= 1.2 ? [1, 2, 3, 5, 7] : decades <= 3.2 ? [1, 2, 5] : [1];
  const splits: number[] = [];
  for (let power = Math.floor(Math.log10(min)); power <= Math.ceil(Math.log10(max)); power++) {
    for (const lead of leads) {
      const split = Number(`${lead}e${power}`);
      if (split >= min * (1 - 1e-9) && split <= max * (1 + 1e-9)) splits.push(split);
    }
  }
  return splits;
}
