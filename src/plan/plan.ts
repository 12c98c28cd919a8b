/**
 * The plan: everything about a run that can be decided before running, as plain data. Buffers with their first
 * contents, kernels with their statements, and the order in which a window dispatches them. Engines execute it and
 * decide nothing. Types only; `compile.ts` makes a plan.
 *
 * Addresses are in cells (one f32, i32 or u32; in f64 mode a float cell is 8 bytes wide). "Global" neuron numbers
 * count through all populations in document order; "local" ones count inside an update kernel's block of state.
 */
import type { Statement, StoredVariable, Value } from '../language/kernel.ts';

/** Everything about a run that can be decided before it. */
export interface Plan {
  readonly precision: 'f32' | 'f64';
  readonly dtMs: number;
  readonly seed: number;
  /**
   * W: steps that one window may integrate before spikes must be delivered, 1…64: at most the smallest scattered delay
   * plus one (schedule.ts says why). A window may be shorter: none reaches beyond a step in which a field runs (a step s
   * with (s + 1) mod every = 0), so engines end it there (`untilFields` of schedule.ts).
   */
  readonly windowSteps: number;
  /** D: slots of the input ring. Slot of step t is t mod D. D >= largest scattered delay + 1. */
  readonly ringSlots: number;
  /** H: slots of the spike ring (spikes of step t in slot t mod H). H >= max(W, largest delay of an arrival kernel + 1). */
  readonly spikeSlots: number;
  readonly neuronCount: number;
  readonly synapseCount: number;
  /** In document order; `first` are global neuron numbers. */
  readonly populations: readonly PopulationSlot[];

  /**
   * State of neurons, all update kernels side by side, then that of fields. i32 variables stand here by value; engines store them as i32 (in
   * f64 mode as floats).
   */
  readonly state: Float64Array;
  /** Cells of ONE slot of the input ring; the ring has ringSlots * inputCells cells, all zero at the start. */
  readonly inputCells: number;
  /** Cells of what is deposited in fields: like one slot of the ring, but of no step. Zero at the start. */
  readonly depositCells: number;
  /** Host-computed constants of all kernels' members. Replaced when a parameter changes. */
  readonly constants: Float64Array;
  /** Timed arrays and binomial tables, in the order of the IR's table numbers. */
  readonly tables: readonly TableSlot[];
  /** Row offsets of all projections: see ProjectionSlot. */
  readonly rows: Uint32Array;
  /** Packed synapses that the host has made: see DeliverKernel.packing. The first of `synapseWords`. */
  readonly synapses: Uint32Array;
  /**
   * Words of packed synapses on the device. Those from synapses.length on belong to projections with `generate`, and
   * the engine makes them before the first step.
   */
  readonly synapseWords: number;
  /**
   * Per-synapse variables that the host has made; i32 ones by value, as in `state`. f32 where that holds all of them
   * exactly. The first of `synapseCells`.
   */
  readonly synapseState: Float64Array | Float32Array;
  /** Cells of per-synapse variables on the device; the rest are made by the engine, as above. */
  readonly synapseCells: number;

  readonly update: readonly UpdateKernel[];
  readonly summed: readonly SummedKernel[];
  /** Clock-driven synapse equations, by projection, then clock. */
  readonly clocked: readonly ClockedKernel[];
  readonly deliver: readonly DeliverKernel[];
  /** Fields, in document order. */
  readonly fields: readonly FieldKernel[];
  readonly generators: readonly GeneratorSlot[];
  /** What one window does, in order. */
  readonly schedule: readonly ScheduleStep[];

  /** Bytes of every buffer the engines allocate in device memory, by name. */
  readonly memory: readonly { readonly name: string; readonly bytes: number }[];
  readonly warnings: readonly string[];
}

/**
 * One dispatch. With `begun` the update kernel skips `begin` of its first step because a `finish` dispatch has done it
 * (networks with summed variables or other readers of post-reset values; always windowSteps = 1).
 * `finish` runs only `begin` of an update kernel; engines also run all `finish` kernels before the host reads state,
 * then remember that the next window starts begun.
 * `clocked` runs in steps s with (s + 1) mod every = 0 and is left out of others; windows have one step then.
 * `field` runs in a window whose last step s has (s + 1) mod every = 0, behind all deliveries, and is left out of others.
 */
export type ScheduleStep =
  | { readonly kind: 'finish'; readonly kernel: number }
  | { readonly kind: 'summed'; readonly kernel: number }
  | { readonly kind: 'update'; readonly kernel: number }
  | { readonly kind: 'generate' } // all generators: spikes of the steps of this window
  | { readonly kind: 'clocked'; readonly kernel: number }
  | { readonly kind: 'deliver'; readonly kernel: number }
  | { readonly kind: 'field'; readonly kernel: number };

export interface PopulationSlot {
  readonly name: string;
  readonly first: number;
  readonly count: number;
  /** Index into Plan.update, or -1 for a spike generator. */
  readonly kernel: number;
  /** Local index of its first neuron in that kernel. */
  readonly localFirst: number;
  readonly recordSpikes: boolean;
}

/**
 * Populations that run the same code, integrated by one dispatch. State cell of variable v, local neuron n:
 * stateBase + v*count + n. Scopes: `begin` is a scope of its own; `advance`, `spiked`, `onSpike` and `late` follow each
 * other in one scope, so that the later ones may use the lets of `advance`. Let names are unique over all lists.
 */
export interface UpdateKernel {
  readonly name: string;
  readonly count: number;
  readonly stateBase: number;
  readonly variables: readonly StoredVariable[];
  readonly members: readonly UpdateMember[];
  readonly inputs: readonly InputSlot[];
  /** Apply what arrived at the step before, then resets of neurons that spiked then. Its `special step` is the NEW step s; arrivals and spikes are of s-1. */
  readonly begin: readonly Statement[];
  /** Refractory condition, integration. */
  readonly advance: readonly Statement[];
  /** Spike test after `advance`; null when the population never spikes. */
  readonly spiked: Value | null;
  /** For neurons that spiked, at once (lastspike = step, not_refractory = 0). */
  readonly onSpike: readonly Statement[];
  /** After the spike test, for all (Poisson inputs). */
  readonly late: readonly Statement[];
  readonly sampler: Sampler | null;
  /** Sampled beside it, neurons that are chosen while the run is under way: see Engine.probe. */
  readonly probe?: SampledValues;
}

export interface UpdateMember {
  readonly population: number;
  readonly localFirst: number;
  readonly count: number;
  readonly globalFirst: number;
  /** First cell of its constants in Plan.constants. */
  readonly constants: number;
  /**
   * Cells in Plan.state from which `gather` nodes count, by their slot: cell 0 of a variable of a field. In a network
   * with such nodes no field runs while a window is under way, so that they read the same in all of its steps.
   */
  readonly gathers: readonly number[];
  /** Index in Plan.tables of its binomial table 0: added to the table number of `binomial` nodes. 0 when it has none. */
  readonly tables: number;
  /** Philox key for draws of this population: word 0, word 1; element = index in the population. */
  readonly seed: number;
  readonly stream: number;
  readonly recordSpikes: boolean;
}

/** One accumulator: a neuron variable that synapses add to. Cell in a ring slot: base + local neuron. */
export interface InputSlot {
  readonly variable: string;
  readonly base: number;
  /** k: fixed point is value * 2^k. Unused in f64 mode. */
  readonly scale: number;
  /** proven: no sum can overflow. guarded: |value| * 2^k above `limit` sets the overflow flag. */
  readonly proven: boolean;
  /** Largest |fixed-point value| one synaptic event may add. */
  readonly limit: number;
}

/**
 * State sampling: after `begin` of every step with step mod every = 0, for local neurons n with rowOf[n] >= 0, writes
 * `values` to the sample ring: cell base + (sample mod capacity) * (values.length * rows) + v * rows + rowOf[n], where
 * sample = step / every. The host drains before the ring is full (it knows the step).
 */
export interface Sampler extends SampledValues {
  readonly rowOf: Int32Array;
}

/** What is sampled of a neuron, how often, and room for how many; which neurons these are is said elsewhere. */
export interface SampledValues {
  readonly every: number;
  readonly rows: number;
  readonly values: readonly Value[];
  /** Statements that `values` need (lets). */
  readonly body: readonly Statement[];
}

/** Projections that run the same pathway code, delivered by one dispatch. */
export interface DeliverKernel {
  readonly name: string;
  /**
   * scatter: runs at emission and adds into the ring slot (step + delay) mod D; the body reads only constants, indices
   * and synapse variables that never change. arrival: runs at the step of arrival, from the spike ring, spikes of step
   * (step - delay); the body may read and write synapse variables and read neuron variables; adds go to the slot of
   * `step`. Networks with an arrival kernel have windowSteps = 1.
   */
  readonly mode: 'scatter' | 'arrival';
  /** pre: rows are indexed by source neuron. post: by target neuron (columns); each entry then names a synapse. */
  readonly trigger: 'pre' | 'post';
  /**
   * Synapse e (e counts through Plan.synapses from the projection's `synapseBase`):
   * - 'target': one word, the index of the target in the target end; delay is the projection's `delaySteps`.
   * - 'target+delay': one word, target | delay << 24.
   * - 'wide': two words, target then delay.
   * - 'target16': half a word, the target. Synapse e is half e mod 2 (low first) of word synapseBase + (e div 2).
   * - 'target16+delay8': targets as for 'target16'; delays are bytes, that of synapse e is byte e mod 4 (low first) of
   *   word `delayBase` + (e div 4).
   * - 'generated': nothing is stored; `generate` of each projection says how the row of a neuron that spiked is made.
   *   Scatter mode and trigger pre only; synapse variables are read, never written, and there are no synapse numbers.
   * For trigger 'post', Plan.synapses holds at `columnBase + k*2` the pair (pre index, synapse number e) for entry k.
   * In arrival mode with per-synapse delays, each row is sorted by delay.
   */
  readonly packing:
    | 'target'
    | 'target+delay'
    | 'wide'
    | 'target16'
    | 'target16+delay8'
    | 'generated';
  readonly projections: readonly ProjectionSlot[];
  readonly synapseVariables: readonly (StoredVariable & { readonly written: boolean })[];
  readonly preVariables: readonly StoredVariable[];
  readonly postVariables: readonly StoredVariable[];
  /** What `add` statements reach, in the kernel's own numbering; the cells differ by projection. */
  readonly inputs: readonly {
    readonly name: string;
    readonly side: 'pre' | 'post';
    readonly proven: boolean;
    /** Deposits in a field: the cell is one of Plan.depositCells, outside the ring, whatever the step. */
    readonly accumulates?: true;
  }[];
  readonly body: readonly Statement[];
}

/**
 * A field: variables (concentrations) on a grid of voxels, x fastest. State cell of variable v, voxel n:
 * stateBase + v*count + n, behind the state of neurons. It runs after the deliveries of every step s with
 * (s + 1) mod every = 0, in two stages with all voxels of the first done before any of the second.
 *
 * 1. Diffusion of the variables that do, from the state to a copy. With constants kx, ky, kz (one per axis, of axes with
 *    more than one voxel only), c the voxel and a-, a+ its neighbours along axis a, every operation rounded:
 *
 *        flow = kx*((x- - c) + (x+ - c));  flow = flow + ky*((y- - c) + (y+ - c));  flow = flow + kz*(…)
 *        c'   = c + flow, in f32 mode 0 where |c'| < 2^-126
 *
 *    (the first axis that there is begins the sum). Behind an edge the neighbour is c itself ('reflecting'), 0
 *    ('absorbing'), or the voxel at the other end ('periodic').
 * 2. `body`, for every voxel: takes what was deposited (`arrived`, all zero afterwards) and integrates the reaction over
 *    the interval. It reads diffused values where there are such, and writes the state. Its `special step` is the first
 *    step of the interval, s + 1 - every; `index` is the voxel.
 */
export interface FieldKernel {
  readonly name: string;
  /** Voxels along x, y and z; count is their product. */
  readonly grid: readonly [number, number, number];
  readonly count: number;
  /** Number of voxel 0 where targets are numbered globally: beyond all neurons. For reports only. */
  readonly globalFirst: number;
  /** Steps between two runs, at least 1. */
  readonly every: number;
  readonly stateBase: number;
  readonly variables: readonly StoredVariable[];
  /** Deposits; `base` is a cell of Plan.depositCells, that of voxel n is base + n. */
  readonly inputs: readonly InputSlot[];
  /** First cell of its constants in Plan.constants. */
  readonly constants: number;
  /** Philox key of draws of `body`: word 0, word 1; element = voxel, step = `special step`. */
  readonly seed: number;
  readonly stream: number;
  /** By variable: null, or the numbers of the constants kx, ky, kz in its block; -1 along axes of one voxel. */
  readonly diffusion: readonly (readonly [number, number, number] | null)[];
  readonly edges: 'reflecting' | 'absorbing' | 'periodic';
  /** One scope. */
  readonly body: readonly Statement[];
}

export interface ProjectionSlot {
  readonly name: string;
  /**
   * The two ends, each a population or a slice of one: global number of its first neuron, and count. Rows, targets,
   * `pre_index`, `post_index` and the cells below are relative to the ends.
   */
  readonly sourceFirst: number;
  readonly sourceCount: number;
  readonly targetFirst: number;
  readonly targetCount: number;
  /** Plan.rows[rows + r] … [rows + r + 1] are the entries of row r (source, or target for columns), relative to synapseBase / columnBase. */
  readonly rows: number;
  /** For trigger pre: index (in words) in Plan.synapses of synapse 0; -1 for 'generated'. For post: of entry pair 0. */
  readonly synapseBase: number;
  /** Index (in words) in Plan.synapses of the delay of synapse 0, for packing 'target16+delay8'; else -1. */
  readonly delayBase: number;
  readonly constants: number;
  /** Philox key of draws of the pathway: word 0, word 1. */
  readonly seed: number;
  readonly stream: number;
  /**
   * How its synapses are made from counters. With packing 'generated' they are made again for every spike; with any
   * other the engine makes and stores them before the first step. null when the host has made them.
   */
  readonly generate: GeneratedRows | null;
  /** Delay in steps when packing is 'target', or of the post pathway. */
  readonly delaySteps: number;
  /** Smallest and largest delay of its synapses. */
  readonly delayRange: readonly [number, number];
  /**
   * Cell in Plan.synapseState of variable k of synapse 0; synapse e is at + e. Same order as synapseVariables. All -1 for
   * packing 'generated'.
   */
  readonly synapseCells: readonly number[];
  /** Cell in Plan.state of variable k of neuron 0 of that end. */
  readonly preCells: readonly number[];
  readonly postCells: readonly number[];
  /** Cell in an input ring slot (of deposits: in Plan.depositCells) of the neuron 0 of that side, its scale and limit. */
  readonly inputs: readonly {
    readonly cell: number;
    readonly scale: number;
    readonly limit: number;
  }[];
}

/**
 * How to make any row of a projection, alone, from Philox counters: see connect.ts for the scheme. Word k of row r is
 * word k mod 4 of counter (r, k div 4, 0, 0) under key (seed, stream), each stream by itself. Synapses of a row are
 * numbered in order of creation; number k has its values from word k of the value's stream, its delay from word k of
 * the delay's. "Self" of row r is target sourceFirst + r - targetFirst; without autapses it is passed over.
 *
 * - 'one-to-one': target r. 'all-to-all': targets 0 … targetCount-1.
 * - 'gaps': from target 0 on, each word skips as many targets as the gap table says (gaps.ts).
 * - 'draws': as many as the row is long; target k is the high word of word k times targetCount (less one, and up by one
 *   from self on, where self is among the targets and autapses are not wanted).
 */
export interface GeneratedRows {
  readonly rule: 'one-to-one' | 'all-to-all' | 'gaps' | 'draws';
  readonly seed: number;
  readonly stream: number;
  readonly autapses: boolean;
  /** For 'gaps': index in Plan.tables. Else -1. */
  readonly table: number;
  /** For 'draws': synapses of every row, or -1: then Plan.rows[rows + r + 1] - Plan.rows[rows + r] of row r. Else -1. */
  readonly length: number;
  /** Most synapses that a row has. */
  readonly longest: number;
  /** Values of the kernel's synapseVariables, in their order. */
  readonly values: readonly GeneratedValue[];
  /** Delays in steps: the drawn number without its fraction. null when all are `delaySteps`. */
  readonly delay: Extract<GeneratedValue, { kind: 'drawn' }> | null;
}

/** A value of every synapse: one for all, or from a table of quantiles (quantiles.ts) by a word of its own stream. */
export type GeneratedValue =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'drawn'; readonly stream: number; readonly table: number };

/**
 * A summed variable: for every target neuron, in order of its column entries, adds `value` over its synapses and
 * stores the sum (plain float sum; the order is fixed by the column). One dispatch per projection.
 */
export interface SummedKernel {
  readonly name: string;
  readonly projection: ProjectionSlot;
  readonly synapseVariables: readonly StoredVariable[];
  readonly preVariables: readonly StoredVariable[];
  readonly postVariables: readonly StoredVariable[];
  /** Plan.state cell of the target variable of target neuron 0. */
  readonly resultCell: number;
  readonly body: readonly Statement[];
  readonly value: Value;
}

/**
 * Clock-driven equations of the synapses of one projection. For every synapse e, in any order, runs `body`: reads
 * synapse variables and those of the neurons at its two ends, as the updates of the step have left them and before their
 * resets; writes synapse variables only. `index` and the element of draws are e.
 */
export interface ClockedKernel {
  readonly name: string;
  /** Steps between two runs, at least 1: see ScheduleStep. */
  readonly every: number;
  /** Synapses. */
  readonly count: number;
  /** Its ends, cells, constants and key of draws; it has neither rows, packed targets, delays nor inputs. */
  readonly projection: ProjectionSlot;
  /**
   * Index in Plan.synapses of a word per synapse: the neuron in the source end and in the target end; -1 where the body
   * reads nothing of that end.
   */
  readonly ends: { readonly pre: number; readonly post: number };
  readonly synapseVariables: readonly (StoredVariable & { readonly written: boolean })[];
  readonly preVariables: readonly StoredVariable[];
  readonly postVariables: readonly StoredVariable[];
  /** One scope. */
  readonly body: readonly Statement[];
}

/** A spike generator: spikes (step, index), ascending by step then index. With no state. */
export interface GeneratorSlot {
  readonly population: number;
  readonly globalFirst: number;
  readonly count: number;
  readonly recordSpikes: boolean;
  readonly steps: Uint32Array;
  readonly indices: Uint32Array;
}

/** Tables that statements read. */
export type CodeTable =
  | {
      readonly kind: 'timed';
      readonly stepsPerRow: number;
      readonly rows: number;
      readonly columns: number;
      readonly values: Float64Array;
    }
  | { readonly kind: 'binomial'; readonly thresholds: Uint32Array };

/** Those, and the tables that synapses are made from. */
export type TableSlot =
  | CodeTable
  /** Gaps between targets: see GapTable in gaps.ts. */
  | {
      readonly kind: 'gaps';
      readonly length: number;
      readonly thresholds: Uint32Array;
      readonly guide: Uint16Array;
    }
  /** A distribution: see QuantileTable in quantiles.ts. */
  | {
      readonly kind: 'quantiles';
      readonly starts: Float32Array;
      readonly slopes: Float32Array;
      readonly least: number;
      readonly most: number;
    };
