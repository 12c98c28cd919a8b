/**
 * Threshold tables for exact binomial draws: how many of n independent Poisson sources fire in one step. A 32-bit random
 * word is compared with the cumulative probabilities, so a draw costs one word and no arithmetic that could differ
 * between engines. The table is cut where the rest is below 2^-32.
 */

/**
 * Ascending u32 thresholds; the number of them that are <= a random word is binomially distributed with `n` trials of
 * probability `p` (0 <= p <= 1).
 */
export function binomialThresholds(n: number, p: number): Uint32Array {
  if (p <= 0 || n <= 0) return new Uint32Array(0);
  if (p >= 1) return new Uint32Array(n);
  const odds = Math.log(p) - Math.log1p(-p);
  let logProbability = n * Math.log1p(-p);
  let cumulative = 0;
  const thresholds: number[] = [];
  for (let k = 0; k < n; k++) {
    cumulative += Math.exp(logProbability);
    const threshold = Math.round(cumulative * 2 ** 32);
    if (threshold >= 2 ** 32) break;
    thresholds.push(threshold);
    logProbability += Math.log((n - k) / (k + 1)) + odds;
  }
  return Uint32Array.from(thresholds);
}
