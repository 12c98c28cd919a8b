/**
 * What can be read and changed of a network that is compiled, and what has changed since, as plain data that another
 * compilation of it can take over. Types only.
 */
import type { Dimension } from '../language/units.ts';
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

/** Where the values of a variable are. A value as people mean it is stored * factor + offset. */
export interface VariableCell {
  /** Which of the plan's arrays holds them. Presynaptic variables of a projection are state of its source neurons. */
  readonly buffer: 'state' | 'synapseState';
  readonly first: number;
  readonly count: number;
  readonly type: 'f32' | 'i32';
  readonly offset: number;
  /** dt in ms for times that are stored as steps (lastspike, lastupdate), else 1. */
  readonly factor: number;
  readonly dimension: Dimension;
  /**
   * Synapses only: number of the synapse at each place as people count them (by source, then creation; for an explicit
   * list by position in it). null where the order is the same.
   */
  readonly order: Uint32Array | null;
}

/** Constants to write to the engine from cell `first` on. */
export interface ParameterChange {
  readonly first: number;
  readonly values: Float64Array;
}

/** A new value of a parameter, in internal units. */
export interface ParameterValue {
  readonly owner: string;
  readonly name: string;
  readonly value: number;
}
