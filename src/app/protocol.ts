/**
 * What the page and the simulation worker say to each other. Plain data only, so that either side can be replaced;
 * spikes travel as transferred arrays. Types only.
 */

/** Which network to run and how. Values reach the example's own parameters (`scale`, `neurons`, …). */
export interface LoadRequest {
  readonly example: string;
  readonly values: Readonly<Record<string, string>>;
  readonly seed: number;
  /** `auto` takes the GPU when there is a real one, `gpu` also a software adapter. */
  readonly engine: 'auto' | 'gpu' | 'cpu';
}

export type ToWorker =
  /** With `fromStep` the network is run up to that step before it is shown: how a run goes on on another engine. */
  | ({ readonly kind: 'load'; readonly fromStep?: number } & LoadRequest)
  | { readonly kind: 'play' }
  | { readonly kind: 'pause' }
  | { readonly kind: 'step' }
  /** The page has drawn a `progress`; the worker never runs more than a few ahead of it. */
  | { readonly kind: 'drawn' };

export interface PopulationInfo {
  readonly name: string;
  readonly size: number;
  /** Global number of its first neuron. */
  readonly first: number;
}

/** Everything about the built network that the page shows; constant until the next load. */
export interface NetworkInfo {
  readonly title: string;
  readonly citation: string;
  readonly populations: readonly PopulationInfo[];
  readonly neurons: number;
  readonly synapses: number;
  readonly dtMs: number;
  readonly memoryBytes: number;
  readonly engine: 'gpu' | 'cpu';
  /** Description of the GPU, or null on the CPU engine. */
  readonly adapter: string | null;
  /** What WebGPU offers here, whether or not it is used. */
  readonly webgpu: 'none' | 'software' | 'hardware';
  readonly buildSeconds: number;
  /** Whose slow equations run faster than the network, and how much; empty where none do. */
  readonly accelerations: string;
  readonly warnings: readonly string[];
}

export type FromWorker =
  | { readonly kind: 'building'; readonly message: string }
  | ({ readonly kind: 'ready'; readonly step: number } & NetworkInfo)
  | {
      readonly kind: 'progress';
      readonly step: number;
      /** Wall milliseconds that the steps since the last progress took. */
      readonly wallMs: number;
      readonly steps: number;
      /** Step and global neuron number of each spike, ascending. */
      readonly spikeSteps: Uint32Array;
      readonly spikeNeurons: Uint32Array;
    }
  | { readonly kind: 'stopped' }
  | {
      readonly kind: 'failed';
      /** `lost`: the GPU went away; `device`: it cannot run this; `network`: the description is wrong or blew up. */
      readonly reason: 'lost' | 'device' | 'network' | 'internal';
      readonly message: string;
    };
