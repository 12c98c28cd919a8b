/**
 * The network document: a network as plain JSON, the artefact that everything else makes, edits or runs. Types only;
 * `network.ts` builds one fluently, `validate.ts` checks one, `plan/` compiles one. Equation text is kept as typed.
 */

/** A quantity with its unit, "20 ms", "-65 mV", "0.5"; a bare number only where no unit is needed. */
export type Quantity = string | number;

/** A list of numbers; JSON has plain arrays, memory is smaller with typed ones. */
export type NumberList =
  | readonly number[]
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

/** A range, and what becomes of values outside: drawn again (the default), or set to the bound. */
export interface DistributionRange {
  readonly min?: Quantity;
  readonly max?: Quantity;
  readonly outside?: 'redraw' | 'clip';
}

/** A random number per element. Means and standard deviations are those of the values before they meet their range. */
export type DistributionSpec =
  | { readonly normal: { readonly mean: Quantity; readonly sd: Quantity } & DistributionRange }
  /** The logarithm of the value is normal. A negative mean gives the mirror image. */
  | { readonly lognormal: { readonly mean: Quantity; readonly sd: Quantity } & DistributionRange }
  | { readonly uniform: { readonly min: Quantity; readonly max: Quantity } }
  /** A negative mean gives the mirror image. */
  | { readonly exponential: { readonly mean: Quantity } & DistributionRange };

/**
 * A value per neuron or synapse.
 * - string: an expression with units, "v_rest + rand()*5*mV"; evaluated once, when the network is built
 * - number: the same dimensionless number everywhere
 * - values: one number per element in the given unit; synapses by source, then creation, or as an explicit list has them
 * - normal, lognormal, uniform, exponential: a distribution
 */
export type ValueSpec =
  | string
  | number
  | { readonly values: NumberList; readonly unit: string }
  | DistributionSpec;

/** A whole network, plain JSON. Names are unique among populations, among projections, among inputs, among recordings. */
export interface NetworkDocument {
  readonly format: 'wetware';
  /** Of this format; 1 so far. */
  readonly version: 1;
  readonly name: string;
  /** Time step, a time > 0. */
  readonly dt: Quantity;
  /** 0 … 2^32-1. */
  readonly seed: number;
  /** Parameters visible to every equation. */
  readonly params: Readonly<Record<string, Quantity>>;
  /** By the name that equations use. */
  readonly timedArrays: Readonly<Record<string, TimedArrayDocument>>;
  readonly populations: readonly PopulationDocument[];
  /** Concentrations in space; their names differ from those of populations. None when left out. */
  readonly fields?: readonly FieldDocument[];
  readonly projections: readonly ProjectionDocument[];
  readonly inputs: readonly PoissonInputDocument[];
  readonly recordings: readonly RecordingDocument[];
  /** Drugs, lesions, blocks: parameters that change while the network runs. None when left out. */
  readonly interventions?: readonly InterventionDocument[];
}

/**
 * A parameter that changes while the network runs: a drug, a lesion, a channel block. In effect from the step that begins
 * at `at` until the one that begins at `until`, times rounded to steps; then the parameter is what it was. Several that
 * are in effect at once act in the order of the list: factors multiply, a value replaces what came before it. State keeps
 * its values, and first values and synapses are those of the parameters before.
 */
export interface InterventionDocument {
  /** For display and tables of results. */
  readonly name?: string;
  /** Time of the run, 0 or later. */
  readonly at: Quantity;
  /** After `at`; the end of the run when left out. */
  readonly until?: Quantity;
  /** A population, field, projection or Poisson input, looked for in this order; "" for parameters of the network. */
  readonly owner: string;
  /**
   * An entry of the owner's `params`, "weight" of a Poisson input, "tortuosity" or "volume_fraction" of a field, or a
   * variable without an equation ("g_na : siemens (constant)", "w : volt") that nothing else changes.
   */
  readonly parameter: string;
  /** What the parameter is multiplied by; either this or `value`. */
  readonly factor?: number;
  readonly value?: Quantity;
  /** Neurons (voxels of a field) from `from` (default 0) to before `to`; only for variables. Default all. */
  readonly neurons?: { readonly from?: number; readonly to?: number };
}

/**
 * Values over time for equations. Row k holds from k*dt to (k+1)*dt; the last row is kept. `I(t)` with one column,
 * `I(t, i)` with several.
 */
export interface TimedArrayDocument {
  /** How long a row holds; need not be the network's dt. */
  readonly dt: Quantity;
  /** Of all values, for example "pA". */
  readonly unit: string;
  /** Values per row, at least 1. */
  readonly columns: number;
  /** Row-major, rows * columns numbers. */
  readonly values: NumberList;
}

/** A population: neurons that obey equations, or given spikes. */
export type PopulationDocument = NeuronPopulationDocument | SpikeListDocument;

/** Neurons that obey equations. Texts are Brian 2's language; names in them are variables, parameters, timed arrays. */
export interface NeuronPopulationDocument {
  readonly kind: 'neurons';
  readonly name: string;
  /** Number of neurons, 1 … 2^28. */
  readonly size: number;
  /** Equations, one per line: "dv/dt = -v/tau : volt". */
  readonly eqs: string;
  /**
   * Statements of every step, between integration and the spike test: "n = shift_right(n, 1) + a; a = 0". They run from top
   * to bottom and see what integration has made of the state. Changes of `(unless refractory)` variables count outside
   * the refractory period only.
   */
  readonly onStep?: string;
  /** Condition for a spike: "v > v_thresh". Without one the neurons never spike. */
  readonly threshold?: string;
  /** Statements after a spike: "v = v_reset; w += b". */
  readonly reset?: string;
  /** A time ("5 ms", "tau_ref"), a per-neuron expression, or a condition ("v > -20*mV"). */
  readonly refractory?: string;
  /**
   * Integrator: exact, exponential_euler, exponential_rosenbrock, exponential_sequential,
   * exponential_symmetric, implicit, euler, heun, milstein,
   * rk2, rk4; default "auto", chosen from the equations. It is that of the fast equations, or of `(slow)` ones where there
   * are no others; "rk4, slow exponential_rosenbrock" names both.
   */
  readonly method?: string;
  /** How often `(slow)` equations advance: a multiple of dt, default "10 ms" (at least one step). */
  readonly slow?: Quantity;
  /**
   * By how much the time of slow equations runs ahead of the network's, > 0; default 1. Legal while the accelerated
   * time constants stay far above those of the fast equations; fixed points do not depend on it.
   */
  readonly acceleration?: number;
  /** Parameters of its equations; they shadow the network's. */
  readonly params: Readonly<Record<string, Quantity>>;
  /** First values of variables; 0 otherwise. */
  readonly initial: Readonly<Record<string, ValueSpec>>;
  /** Name of the library model it came from, for display only. */
  readonly model?: string;
  /** Where the neurons are; nowhere by default. */
  readonly positions?: PositionsDocument;
  /**
   * What its `(linked)` variables read: "field.variable" by their names, the value in the voxel that holds the neuron.
   * They change when the field runs. A field of one voxel needs no positions.
   */
  readonly links?: Readonly<Record<string, string>>;
}

/**
 * A field: concentrations on a grid of voxels, which diffuse, react, and are deposited by projections onto it. Equations
 * are those of one voxel, and know the parameters `voxel_volume`, `volume_fraction` and `tortuosity`, and the place of
 * the voxel's middle where first values are given (`x`, `y`, `z`).
 */
export interface FieldDocument {
  readonly name: string;
  /** Voxels along x, y and z, one to three numbers, x fastest. Nothing diffuses along an axis of one voxel. */
  readonly grid: readonly number[];
  /** Edge of a voxel, one length or one per axis. An axis that `grid` does not name has the first one. */
  readonly spacing: Quantity | readonly Quantity[];
  /** Corner of the grid; default 0. The voxel (0, 0, 0) reaches from there to `spacing`. */
  readonly origin?: readonly Quantity[];
  /** Its clock, a multiple of dt: each time it diffuses, then reacts. */
  readonly every: Quantity;
  /** The reaction: "dC/dt = -Vmax*C/(Km + C) : mM", or only "C : mM". */
  readonly eqs: string;
  /** Free diffusion coefficient by variable, for example { C: "763 um**2/second" } or the name of a parameter. */
  readonly diffusion?: Readonly<Record<string, Quantity>>;
  /** Lambda >= 1: diffusion is slower by its square. Default 1. */
  readonly tortuosity?: number;
  /** Share of the volume in which there is anything, above 0 and at most 1; default 1. Only deposits depend on it. */
  readonly volumeFraction?: number;
  /** What is behind the edges of the grid: a wall (default), nothing that returns, or the opposite side. */
  readonly edges?: 'reflecting' | 'absorbing' | 'periodic';
  /** Integrator of the reaction, as for populations; default "auto". */
  readonly method?: string;
  readonly params: Readonly<Record<string, Quantity>>;
  /** First values of variables, by voxel; 0 otherwise. Concentrations are not negative. */
  readonly initial: Readonly<Record<string, ValueSpec>>;
}

/** A population that emits given spikes. */
export interface SpikeListDocument {
  readonly kind: 'spikes';
  readonly name: string;
  readonly size: number;
  /** Spike k is of neuron indices[k], at most one of a neuron per time step; in any order. */
  readonly indices: NumberList;
  /** Times in ms, as many as indices. */
  readonly timesMs: NumberList;
  readonly positions?: PositionsDocument;
}

/**
 * Where neurons are, in two or three dimensions. Connection rules, weights, delays and first values may read `x`, `y`
 * and `z` (of the two ends: x_pre, x_post, …), and those of projections `distance`.
 * - grid: so many columns, rows and layers, `spacing` apart, x fastest, the first neuron half a spacing from the origin
 * - box: uniformly random between 0 and these sizes
 * - x, y, z: values of their own
 *
 * `periodic`: sizes of a space whose opposite sides meet; distances are the shortest ones then.
 */
export type PositionsDocument = { readonly periodic?: readonly Quantity[] } & (
  | { readonly grid: readonly number[]; readonly spacing: Quantity | readonly Quantity[] }
  | { readonly box: readonly Quantity[] }
  | { readonly x: ValueSpec; readonly y: ValueSpec; readonly z?: ValueSpec }
);

/** A population, or neurons from … to-1 of it. */
export interface SliceReference {
  readonly population: string;
  /** Default 0. */
  readonly from?: number;
  /** Exclusive; default the size of the population. */
  readonly to?: number;
}

/**
 * Which pairs have a synapse. `autapses: false` leaves out pairs of a neuron with itself; `multapses: false` makes at
 * most one synapse of a pair. Both are true unless said otherwise here.
 */
export type ConnectRule =
  | { readonly rule: 'all-to-all'; readonly autapses?: boolean }
  | { readonly rule: 'one-to-one'; readonly autapses?: boolean }
  | { readonly rule: 'fixed-probability'; readonly p: number; readonly autapses?: boolean }
  /** Every target gets exactly k sources. */
  | {
      readonly rule: 'fixed-in-degree';
      readonly k: number;
      readonly autapses?: boolean;
      readonly multapses?: boolean;
    }
  /** Every source gets exactly k targets. */
  | {
      readonly rule: 'fixed-out-degree';
      readonly k: number;
      readonly autapses?: boolean;
      readonly multapses?: boolean;
    }
  /** Exactly n synapses, pairs drawn uniformly. */
  | {
      readonly rule: 'fixed-total-number';
      readonly n: number;
      readonly autapses?: boolean;
      readonly multapses?: boolean;
    }
  /**
   * Pairs for which `condition` holds, each with probability `p` (default 1): expressions over i and j (which count in
   * the two ends), N_pre, N_post, parameters, variables of the two ends at the start (v_pre, v_post) and positions
   * (x_pre, distance). At least one of the two is needed; a p above 1 counts as 1.
   */
  | {
      readonly rule: 'pairwise';
      readonly condition?: string;
      readonly p?: string | number;
      readonly autapses?: boolean;
    }
  /**
   * Watts and Strogatz, directed: neurons on a ring, each with synapses onto the k nearest (k even), each of which is
   * moved to a random other target with probability p. No pair twice; autapses default to false.
   */
  | {
      readonly rule: 'small-world';
      readonly k: number;
      readonly p: number;
      readonly autapses?: boolean;
    }
  /** Onto a field: every source has one synapse, onto the voxel that holds it. Needs positions of the source. */
  | { readonly rule: 'voxel' }
  | { readonly rule: 'list'; readonly pre: NumberList; readonly post: NumberList };

/**
 * Synapses between two populations or slices, and what they do. The target may be a field ("population" is its name):
 * statements then add to its variables, without delay, and rules choose voxels.
 */
export interface ProjectionDocument {
  readonly name: string;
  readonly source: SliceReference;
  readonly target: SliceReference;
  /**
   * Equations of synapse variables: "w : volt", "da/dt = -a/tau : 1 (event-driven)". Those that are the same for all
   * synapses of a source neuron may say so, "x : 1 (presynaptic)": they take memory once per source neuron. `t -
   * lastupdate` is the time since its last spike. Differential equations without such a flag are clock-driven: they
   * advance in every synapse each step, or flagged (slow) once per slow step, and may read variables of the two neurons.
   */
  readonly eqs?: string;
  /** Integrator of clock-driven equations, as for populations; default "auto". */
  readonly method?: string;
  /** How often `(slow)` equations advance: a multiple of dt, default "10 ms" (at least one step). */
  readonly slow?: Quantity;
  /** By how much the time of slow equations runs ahead, as for populations; default 1. */
  readonly acceleration?: number;
  /** Statements when a presynaptic spike arrives; several named pathways as an object. */
  readonly onPre?: string | Readonly<Record<string, string>>;
  /** The same when the target neuron spikes. */
  readonly onPost?: string | Readonly<Record<string, string>>;
  /**
   * Delay of the pre pathways (default 0), rounded to steps; an object gives it by pathway name ("pre", "post" when
   * unnamed).
   */
  readonly delay?: ValueSpec | { readonly byPathway: Readonly<Record<string, ValueSpec>> };
  /** Parameters of its texts; they shadow those of the target population and the network. */
  readonly params: Readonly<Record<string, Quantity>>;
  /** First values of synapse variables, those of presynaptic ones by source neuron; 0 otherwise. */
  readonly initial: Readonly<Record<string, ValueSpec>>;
  readonly connect: ConnectRule;
  /**
   * Largest |amount| that one spike adds, where it can grow: plastic weights, or parameters that are to be changed while
   * the network runs. Makes overflow impossible, and such changes possible.
   */
  readonly bound?: Quantity;
  /**
   * How its synapses exist; the network is the same to the bit. "stored": in memory. "procedural": not at all, every row
   * is made again when its neuron spikes, which needs a rule that allows it (one-to-one, all-to-all, fixed-probability, or
   * multapses at fixed out-degree or total number), values and delays that are constants or distributions, and code that
   * neither changes nor sums synapses. "auto" (default): stored, or procedural where synapses would not fit.
   */
  readonly synapses?: 'auto' | 'stored' | 'procedural';
}

/** n independent Poisson sources per neuron, each adding `weight` to `variable` (exact binomial per step). */
export interface PoissonInputDocument {
  readonly name: string;
  readonly target: SliceReference;
  /** Of the target's equations. */
  readonly variable: string;
  /** Sources per neuron, at least 1. */
  readonly n: number;
  /** Of each source. */
  readonly rate: Quantity;
  /** An expression without per-neuron terms, in the unit of the variable. */
  readonly weight: string;
}

/** What to keep of a population or slice: its spikes, variables over time, its rate. State may be that of a field. */
export type RecordingDocument =
  | { readonly kind: 'spikes'; readonly name: string; readonly target: SliceReference }
  | {
      readonly kind: 'state';
      readonly name: string;
      readonly target: SliceReference;
      /** Names, or "projection.variable" for presynaptic variables of a projection from this population. */
      readonly variables: readonly string[];
      /** Indices relative to the target, in a field of voxels; default all. */
      readonly neurons?: NumberList;
      /** Interval; default one step, or the clock of the field. */
      readonly every?: Quantity;
    }
  | { readonly kind: 'rate'; readonly name: string; readonly target: SliceReference };
