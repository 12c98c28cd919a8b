/**
 * The network document: a network as plain JSON, the artefact that everything else makes, edits or runs. Types only;
 * `network.ts` builds one fluently, `validate.ts` checks one, `plan/` compiles one. Equation text is kept as typed.
 */

/** A quantity with its unit, "20 ms", "-65 mV", "0.5"; a bare number only where no unit is needed. */
export type Quantity = string | number;

/**
 * A value per neuron or synapse.
 * - string: an expression with units, "v_rest + rand()*5*mV"; evaluated once, when the network is built
 * - number: the same dimensionless number everywhere
 * - values: one number per element in the given unit
 * - normal: a normal distribution; with min or max it is truncated there (what redrawing outside values gives)
 */
export type ValueSpec =
  | string
  | number
  | { readonly values: readonly number[]; readonly unit: string }
  | {
      readonly normal: {
        readonly mean: Quantity;
        readonly sd: Quantity;
        readonly min?: Quantity;
        readonly max?: Quantity;
      };
    };

export interface NetworkDocument {
  readonly format: 'wetware';
  readonly version: 1;
  readonly name: string;
  /** Time step. */
  readonly dt: Quantity;
  /** 0 … 2^32-1. */
  readonly seed: number;
  /** Parameters visible to every equation. */
  readonly params: Readonly<Record<string, Quantity>>;
  readonly timedArrays: Readonly<Record<string, TimedArrayDocument>>;
  readonly populations: readonly PopulationDocument[];
  readonly projections: readonly ProjectionDocument[];
  readonly inputs: readonly PoissonInputDocument[];
  readonly recordings: readonly RecordingDocument[];
}

/** Row k holds from k*dt to (k+1)*dt; the last row is kept. `I(t)` with one column, `I(t, i)` with several. */
export interface TimedArrayDocument {
  readonly dt: Quantity;
  readonly unit: string;
  readonly columns: number;
  /** Row-major, rows * columns numbers. */
  readonly values: readonly number[];
}

export type PopulationDocument = NeuronPopulationDocument | SpikeListDocument;

export interface NeuronPopulationDocument {
  readonly kind: 'neurons';
  readonly name: string;
  readonly size: number;
  readonly eqs: string;
  readonly threshold?: string;
  readonly reset?: string;
  /** A time ("5 ms", "tau_ref"), a per-neuron expression, or a condition ("v > -20*mV"). */
  readonly refractory?: string;
  /** Integrator, see language.md §12; default "auto". */
  readonly method?: string;
  readonly params: Readonly<Record<string, Quantity>>;
  /** First values of variables; 0 otherwise. */
  readonly initial: Readonly<Record<string, ValueSpec>>;
  /** Name of the library model it came from, for display only. */
  readonly model?: string;
}

/** A population that emits given spikes. */
export interface SpikeListDocument {
  readonly kind: 'spikes';
  readonly name: string;
  readonly size: number;
  /** Same length; times in ms. At most one spike of a neuron per time step. */
  readonly indices: readonly number[];
  readonly timesMs: readonly number[];
}

/** A population, or neurons from … to-1 of it. */
export interface SliceReference {
  readonly population: string;
  readonly from?: number;
  readonly to?: number;
}

export type ConnectRule =
  | { readonly rule: 'all-to-all'; readonly autapses?: boolean }
  | { readonly rule: 'one-to-one' }
  | { readonly rule: 'fixed-probability'; readonly p: number; readonly autapses?: boolean }
  /** Every target gets exactly k sources, drawn with replacement. */
  | { readonly rule: 'fixed-in-degree'; readonly k: number; readonly autapses?: boolean }
  /** Exactly n synapses, pairs drawn uniformly with replacement. */
  | { readonly rule: 'fixed-total-number'; readonly n: number; readonly autapses?: boolean }
  | { readonly rule: 'list'; readonly pre: readonly number[]; readonly post: readonly number[] };

export interface ProjectionDocument {
  readonly name: string;
  readonly source: SliceReference;
  readonly target: SliceReference;
  readonly eqs?: string;
  /** Statements when a presynaptic spike arrives; several named pathways as an object. */
  readonly onPre?: string | Readonly<Record<string, string>>;
  readonly onPost?: string | Readonly<Record<string, string>>;
  /**
   * Delay of the pre pathways (default 0), rounded to steps; an object gives it by pathway name ("pre", "post" when
   * unnamed).
   */
  readonly delay?: ValueSpec | { readonly byPathway: Readonly<Record<string, ValueSpec>> };
  readonly params: Readonly<Record<string, Quantity>>;
  readonly initial: Readonly<Record<string, ValueSpec>>;
  readonly connect: ConnectRule;
  /** Largest |amount| that one spike adds, where it can grow (plastic weights): makes overflow impossible. */
  readonly bound?: Quantity;
}

/** n independent Poisson sources per neuron, each adding `weight` to `variable` (exact binomial per step). */
export interface PoissonInputDocument {
  readonly name: string;
  readonly target: SliceReference;
  readonly variable: string;
  readonly n: number;
  readonly rate: Quantity;
  /** An expression without per-neuron terms, in the unit of the variable. */
  readonly weight: string;
}

export type RecordingDocument =
  | { readonly kind: 'spikes'; readonly name: string; readonly target: SliceReference }
  | {
      readonly kind: 'state';
      readonly name: string;
      readonly target: SliceReference;
      readonly variables: readonly string[];
      /** Indices relative to the target; default all. */
      readonly neurons?: readonly number[];
      /** Interval; default one step. */
      readonly every?: Quantity;
    }
  | { readonly kind: 'rate'; readonly name: string; readonly target: SliceReference };
