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

type Synchrony = 'synchronous' | 'partly synchronous' | 'asynchronous';

const synchronyOf = (correlation: number): Synchrony =>
  correlation >= 0.1 ? 'synchronous' : correlation >= 0.02 ? 'partly synchronous' : 'asynchronous';

/** What a population is called: silent, or how regular and how synchronous; null where that is not known. */
interface Kind {
  readonly regularity: Regularity | 'silent' | null;
  readonly synchrony: Synchrony | null;
  readonly hasRhythm: boolean;
}

function kindOf({ spikes, cv, synchrony, size, peakHz }: PopulationStatistics): Kind {
  if (spikes === 0) return { regularity: 'silent', synchrony: null, hasRhythm: false };
  const correlation = correlationOf(synchrony, size);
  return {
    regularity: cv === null ? null : regularityOf(cv),
    synchrony: correlation === null ? null : synchronyOf(correlation),
    hasRhythm: correlation !== null && peakHz !== null,
  };
}

/** Populations of one kind in words, with the least and the largest number where there are several. */
function wordsOf({ regularity, synchrony, hasRhythm }: Kind, all: readonly PopulationStatistics[]) {
  if (regularity === 'silent') return 'silent';
  const words: string[] = [
    regularity === null
      ? 'too few spikes to say how regular'
      : `${regularity} (mean CV ${between(
          all.map(({ cv }) => cv ?? 0),
          2,
        )})`,
  ];
  const rhythm = hasRhythm
    ? `${between(
        all.map(({ peakHz }) => peakHz ?? 0),
        0,
      )} Hz`
    : '';
  if (synchrony !== null) {
    words.push(
      rhythm === ''
        ? synchrony
        : synchrony === 'asynchronous'
          ? `asynchronous with a rhythm of ${rhythm}`
          : `${synchrony}, ${rhythm}`,
    );
  }
  return words.join(', ');
}

function between(values: readonly number[], digits: number): string {
  const low = Math.min(...values).toFixed(digits);
  const high = Math.max(...values).toFixed(digits);
  return low === high ? low : `${low}–${high}`;
}

export interface Reading {
  readonly populations: readonly string[];
  readonly words: string;
}

/** All populations; those of one kind are named together, the first named first. */
export function readingsOf(statistics: readonly PopulationStatistics[]): Reading[] {
  const groups = new Map<string, { kind: Kind; members: PopulationStatistics[] }>();
  for (const one of statistics) {
    const kind = kindOf(one);
    const key = JSON.stringify(kind);
    const group = groups.get(key);
    if (group) group.members.push(one);
    else groups.set(key, { kind, members: [one] });
  }
  return [...groups.values()].map(({ kind, members }) => ({
    populations: members.map(({ population }) => population),
    words: wordsOf(kind, members),
  }));
}
