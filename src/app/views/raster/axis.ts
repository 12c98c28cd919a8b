/** Where a time axis has ticks, and which names of populations fit beside the raster. Pure arithmetic. */
import type { RasterBand } from '../../simulation/protocol.ts';
import type { TimeWindow } from '../../state/app.ts';
import { timeTicks, timeUnit } from '../plot/time-axis.ts';

/** Round numbers inside [from, to], at most about `wanted` of them. */
export function roundNumbers(from: number, to: number, wanted: number): number[] {
  const rough = (to - from) / Math.max(1, wanted);
  if (!(rough > 0) || !Number.isFinite(rough)) return [];
  const power = 10 ** Math.floor(Math.log10(rough) + 1e-9);
  const factor = [1, 2, 5, 10].find((one) => one * power >= rough * (1 - 1e-9)) ?? 10;
  const step = factor * power;
  const found: number[] = [];
  // By whole numbers, so that nothing adds up.
  for (let k = Math.ceil(from / step - 1e-9); k * step <= to + 1e-9 * step; k++) {
    found.push(Number((k * step).toPrecision(12)));
  }
  return found;
}

export interface TimeTick {
  /** 0 … 1 along the axis. */
  readonly place: number;
  readonly text: string;
}

/** Ticks of the shown time, in ms below ten seconds and in s above, with room for `most` of them. */
export function axisTicks({ fromMs, toMs }: TimeWindow, most: number): TimeTick[] {
  const times = roundNumbers(fromMs, toMs, most);
  const texts = timeTicks(times, toMs);
  return times.map((ms, k) => ({
    place: (ms - fromMs) / (toMs - fromMs),
    text: texts[k] as string,
  }));
}

export const axisTitle = ({ toMs }: TimeWindow): string => `time (${timeUnit(toMs)})`;

/** CSS pixels that a line of text takes. */
const LINE = 14;
/** And that a second line under it does. */
const TWO_LINES = 30;

export interface BandLabel {
  readonly band: RasterBand;
  /** Middle of the band, CSS pixels. */
  readonly middle: number;
  /** Whether there is room for the number of neurons, too. */
  readonly hasSize: boolean;
}

/** Names that fit without touching; of those that do not, larger populations come first. */
export function labelsThatFit(bands: readonly RasterBand[], pixelRatio: number): BandLabel[] {
  const all = bands.map((band): BandLabel => {
    const height = band.height / pixelRatio;
    return {
      band,
      middle: (band.top + band.height / 2) / pixelRatio,
      hasSize: height >= TWO_LINES,
    };
  });
  const placed: BandLabel[] = [];
  for (const label of [...all].sort((a, b) => b.band.size - a.band.size)) {
    if (placed.every((other) => Math.abs(other.middle - label.middle) >= LINE)) placed.push(label);
  }
  return all.filter((label) => placed.includes(label));
}
