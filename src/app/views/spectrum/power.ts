/** Spectra as curves on logarithmic axes: what can be drawn of them, and the range of power. Pure. */
import type { PopulationStatistics } from '../../simulation/protocol.ts';

export interface SpectrumCurve {
  readonly population: string;
  readonly power: readonly (number | null)[];
}

export interface SpectrumCurves {
  /** Hz, above zero, ascending. */
  readonly frequencies: Float64Array;
  readonly curves: readonly SpectrumCurve[];
  /** By population: level of as many independent Poisson neurons. */
  readonly poisson: readonly number[];
  /** Smallest and largest power that is drawn; null without any. */
  readonly range: readonly [number, number] | null;
}

/** Without frequency 0, which is the mean, and without what has no power. Populations share the frequencies of the first. */
export function curvesOf(statistics: readonly PopulationStatistics[]): SpectrumCurves {
  const all = statistics.find(({ spectrum }) => spectrum.frequencies.length > 0)?.spectrum
    .frequencies;
  if (!all) return { frequencies: new Float64Array(0), curves: [], poisson: [], range: null };
  const first = (all[0] as number) > 0 ? 0 : 1;
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  const curves = statistics.map(({ population, spectrum }) => {
    const power: (number | null)[] = [];
    for (let k = first; k < all.length; k++) {
      const value = spectrum.frequencies.length === all.length ? spectrum.power[k] : undefined;
      const isDrawn = value !== undefined && value > 0 && Number.isFinite(value);
      power.push(isDrawn ? value : null);
      if (!isDrawn) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    return { population, power };
  });
  const poisson = statistics.map(({ spectrum }) => spectrum.poisson);
  return {
    frequencies: all.subarray(first),
    curves,
    poisson,
    range: high > 0 ? [low, high] : null,
  };
}

/** Whole decades around a range, at most `most` of them, counted from the top: below is noise. */
export function decades([low, high]: readonly [number, number], most: number): [number, number] {
  const top = Math.ceil(Math.log10(high) + 1e-9);
  const bottom = Math.floor(Math.log10(low));
  return [10 ** Math.max(top - most, Math.min(bottom, top - 1)), 10 ** top];
}
