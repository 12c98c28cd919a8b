/** What may have changed since a network was compiled, as plain data that another compilation of it can take over. Types only. */
import type { Interval } from './intervals.ts';
import type { Values } from './values.ts';

/** What has changed since a network was compiled, as plain data. */
export interface LiveChanges {
  readonly isAsPlanned: boolean;
  /** Values by name, of every table of parameters, in internal units. */
  readonly parameters: readonly Readonly<Record<string, number>>[];
  /** By projection: ranges that values are in, those of presynaptic variables, values that were set. */
  readonly projections: readonly {
    readonly within: readonly (readonly [string, Interval])[];
    readonly presynaptic: readonly (readonly [string, Interval])[];
    readonly set: readonly (readonly [string, Values])[];
  }[];
}
