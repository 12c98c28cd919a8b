/**
 * What one comparison with Brian 2 consists of: a network written with the public API, and which of its recordings
 * belongs to which entry of the recorded output tests/brian2/NAME.json. The networks are in the files beside this one;
 * tests/brian2/NAME.py is the same network in Brian's own words.
 */
import type { Named, Network } from '../../../src/network/network.ts';
import type { Simulation } from '../../../src/simulation.ts';

export interface Brian2Case {
  readonly network: Network;
  readonly durationMs: number;
  /** Spike recordings, by the name in the JSON. */
  readonly spikes?: Readonly<Record<string, Named>>;
  /** State recordings and the variable in them. */
  readonly traces?: Readonly<Record<string, readonly [recording: Named, variable: string]>>;
  /** Variables read at the end: owner, a population or projection, and the variable. */
  readonly finals?: Readonly<Record<string, readonly [owner: string, variable: string]>>;
  /** In place of one run of `durationMs`. */
  readonly run?: (simulation: Simulation) => Promise<void>;
  /**
   * How an f32 run may be compared, where not all of it with the default tolerances: chaotic systems for a while or
   * with a wider tolerance of traces, slow crossings of the threshold with more steps.
   */
  readonly single?: { readonly untilMs?: number; readonly steps?: number; readonly trace?: number };
}

/** By the name of the script. */
export type Brian2Cases = Readonly<Record<string, () => Brian2Case>>;

/** What tests/brian2/case.py writes. Steps ascend, then neurons; values are [neuron][sample]. */
export interface Brian2Record {
  readonly brian2: string;
  readonly dtMs: number;
  readonly spikes: Readonly<
    Record<string, { steps: readonly number[]; neurons: readonly number[] }>
  >;
  readonly traces: Readonly<
    Record<string, { neurons: readonly number[]; values: readonly (readonly number[])[] }>
  >;
  readonly finals: Readonly<Record<string, { values: readonly number[] }>>;
}

/** Numbers in [0, 1) from x -> 1664525 x + 1013904223 mod 2^32; `lcg` of tests/brian2/case.py. */
export function lcg(count: number, seed: number): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0;
    return state / 4294967296;
  });
}

/** [f(0), …, f(count-1)]. */
export function list(count: number, f: (k: number) => number): number[] {
  return Array.from({ length: count }, (_, k) => f(k));
}
