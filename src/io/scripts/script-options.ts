/** The options that all writers of scripts take. */
import { NetworkError } from '../../errors.ts';
import { DIMENSIONS, parseQuantity } from '../../language/units.ts';
import type { Quantity } from '../../network/document.ts';
import { checkKnownOptions } from '../arguments.ts';

/** How a script is written. */
export interface ScriptOptions {
  /** How long the script runs; default "1 s". */
  readonly duration?: Quantity;
}

/** Throws TypeError, RangeError or NetworkError for what are no options of a writer; the duration otherwise. */
export function durationOf(options: ScriptOptions, where: string): Quantity {
  checkKnownOptions(options, `${where}: options`, ['duration']);
  const { duration = '1 s' } = options;
  const { value } = parseQuantity(duration, `${where}: duration`, DIMENSIONS.time);
  if (value > 0) return duration;
  throw new NetworkError(`${where}: duration must be greater than 0, got "${duration}".`, {
    path: where,
    value: duration,
  });
}
