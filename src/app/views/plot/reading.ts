/**
 * What statistics of spikes mean, in plain words: "irregular (mean CV 0.93), asynchronous". Pure.
 *
 * Regularity is the mean coefficient of variation of the intervals of neurons: 0 for a clock, 1 for a Poisson process,
 * 0.5–1 in cortex (Softky & Koch 1993, doi:10.1523/JNEUROSCI.13-01-00334.1993). Synchrony is the mean correlation of
 * pairs, from the variance of the population's rate: (ratio - 1)/(neurons - 1), where the ratio is 1 for independent
 * neurons. It is below about 0.02 in asynchronous states and 0.1 or more where the raster shows stripes.
 */
import type { PopulationStatistics } from '../../simulation/protocol.ts';

export type Regularity = 'regular' | 'fairly regular' | 'irregular' | 'bursting';

export const regularityOf = (cv: number): Regularity =>
  cv < 0.5 ? 'regular' : cv < 0.8 ? 'fairly regular' : cv <= 1.3 ? 'irregular' : 'bursting';

/** Mean correlation of the spike counts of pairs of neurons; null where it is not known. */
export const correlationOf = (synchrony: number | null, neurons: number): number | null =>
  synchrony === null || neurons < 2 ? null : (synchrony - 1) / (neurons - 1);

/** One population in words. */
export function readingOf(statistics: PopulationStatistics): string {
  const { spikes, cv, peakHz, size: neurons } = statistics;
  if (spikes === 0) return 'silent';
  const words: string[] = [];
  words.push(
    cv === null
      ? 'too few spikes to say how regular'
      : `${regularityOf(cv)} (mean CV ${cv.toFixed(2)})`,
  );
  const correlation = correlationOf(statistics.synchrony, neurons);
  const rhythm = peakHz === null ? '' : `${Math.round(peakHz)} Hz`;
  if (correlation !== null && neurons > 1) {
    if (correlation >= 0.1) words.push(rhythm ? `synchronous, ${rhythm}` : 'synchronous');
    else if (correlation >= 0.02)
      words.push(rhythm ? `partly synchronous, ${rhythm}` : 'partly synchronous');
    else words.push(rhythm ? `asynchronous with a rhythm of ${rhythm}` : 'asynchronous');
  }
  return words.join(', ');
}

/** All populations; those that read the same are named together, the first named first. */
export function readingsOf(
  statistics: readonly PopulationStatistics[],
): { readonly populations: readonly string[]; readonly words: string }[] {
  const groups = new Map<string, string[]>();
  for (const one of statistics) {
    const words = readingOf(one);
    const names = groups.get(words);
    if (names) names.push(one.population);
    else groups.set(words, [one.population]);
  }
  return [...groups].map(([words, populations]) => ({ populations, words }));
}
