/** How bright so many spikes in a pixel are: one is always seen, more are brighter, and none is ever too bright. Pure. */

/** Brightness of a pixel with any spike. */
export const LEAST_LIGHT = 0.4;
const LEAST_EXPOSURE = 0.75;
/** Exposures are powers of this: small changes of activity change no pixel that is painted. */
const STOP = Math.SQRT2;

/** 0 … 1 for a number of spikes. */
export const lightOf = (spikes: number, exposure: number): number =>
  spikes <= 0 ? 0 : LEAST_LIGHT + (1 - LEAST_LIGHT) * (1 - Math.exp(-spikes / exposure));

/**
 * Spikes that make a pixel about two thirds bright: twice the mean of a pixel, so that bursts still show. Keeps `before`
 * as long as it is near.
 */
export function exposureOf(spikesPerPixel: number, before: number): number {
  const wanted = Math.max(LEAST_EXPOSURE, 2 * spikesPerPixel);
  const ratio = wanted / before;
  if (before > 0 && ratio < STOP && ratio > 1 / STOP) return before;
  return LEAST_EXPOSURE * STOP ** Math.round(Math.log(wanted / LEAST_EXPOSURE) / Math.log(STOP));
}
