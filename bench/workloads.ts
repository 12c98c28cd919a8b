/**
 * What is measured: examples of the library with their values, for how long, and what a repetition costs about. Plain
 * data; the networks themselves are the library's examples.
 */
import { type ExampleValues, examples, type ReadText } from '../src/examples/index.ts';
import type { NetworkDocument } from '../src/index.ts';
import { type Variant, withVariant } from './variants.ts';

/** small: seconds and tens of MiB. medium: up to a minute and 2 GiB. large: minutes, several GiB. */
export type Size = 'small' | 'medium' | 'large';

export const SIZES: readonly Size[] = ['small', 'medium', 'large'];

export type SynapseChoice = 'auto' | 'stored' | 'procedural';

export interface Workload {
  readonly name: string;
  readonly size: Size;
  readonly example: string;
  readonly values: ExampleValues;
  /** What is added to the example's network, to be compared with the workload that lacks it. */
  readonly variant?: Variant;
  /** Simulated time of one repetition. */
  readonly durationMs: number;
  /**
   * Present: the network is built once, runs this long uncounted, and the repetitions go on from each other. Absent:
   * every repetition compiles, builds and runs the network from its start.
   */
  readonly settleMs?: number;
  /** The same on a software adapter, which is one or two orders slower; null: not there. */
  readonly softwareMs: number | null;
  /** Ways for the synapses to exist that are measured side by side; default: what the library chooses. */
  readonly synapses?: readonly SynapseChoice[];
  /** What peers are asked for: a name of theirs and its arguments. */
  readonly peer?: { readonly name: string; readonly arguments: Readonly<Record<string, number>> };
  /** Largest allowed ratio to the wall time of Brian 2 on one thread; what the project promises. */
  readonly goal?: number;
  /** Seconds on one thread of a 2.6 GHz server processor, for estimates only. */
  readonly cost: { readonly build: number; readonly simulate: number };
  /** Part of --quick. */
  readonly quick?: boolean;
}

export const workloads: readonly Workload[] = [
  {
    name: 'cuba-4000',
    size: 'small',
    example: 'cuba',
    values: { neurons: 4000 },
    durationMs: 1000,
    softwareMs: 200,
    peer: { name: 'cuba', arguments: { neurons: 4000 } },
    cost: { build: 0.06, simulate: 0.03 },
    quick: true,
  },
  {
    name: 'cuba-40000',
    size: 'small',
    example: 'cuba',
    values: { neurons: 40_000 },
    durationMs: 1000,
    softwareMs: 100,
    peer: { name: 'cuba', arguments: { neurons: 40_000 } },
    goal: 0.45,
    cost: { build: 0.4, simulate: 0.3 },
  },
  {
    name: 'cuba-400000',
    size: 'medium',
    example: 'cuba',
    values: { neurons: 400_000 },
    durationMs: 1000,
    softwareMs: null,
    peer: { name: 'cuba', arguments: { neurons: 400_000 } },
    cost: { build: 4, simulate: 4 },
  },
  {
    name: 'coba-4000',
    size: 'small',
    example: 'coba',
    values: { neurons: 4000 },
    durationMs: 1000,
    softwareMs: 100,
    peer: { name: 'coba', arguments: { neurons: 4000 } },
    cost: { build: 0.06, simulate: 0.15 },
  },
  {
    name: 'coba-4000-stp',
    size: 'small',
    example: 'coba',
    values: { neurons: 4000 },
    variant: 'short-term-plasticity',
    durationMs: 1000,
    softwareMs: 100,
    cost: { build: 0.06, simulate: 0.15 },
  },
  {
    name: 'coba-40000',
    size: 'medium',
    example: 'coba',
    values: { neurons: 40_000 },
    durationMs: 1000,
    softwareMs: null,
    peer: { name: 'coba', arguments: { neurons: 40_000 } },
    cost: { build: 0.4, simulate: 1.5 },
  },
  {
    name: 'cobahh-4000',
    size: 'small',
    example: 'cobahh',
    values: { neurons: 4000 },
    durationMs: 1000,
    softwareMs: 100,
    peer: { name: 'cobahh', arguments: { neurons: 4000 } },
    goal: 0.25,
    cost: { build: 0.06, simulate: 0.65 },
  },
  {
    name: 'cobahh-10000',
    size: 'small',
    example: 'cobahh',
    values: { neurons: 10_000 },
    durationMs: 1000,
    softwareMs: 100,
    cost: { build: 0.1, simulate: 1.6 },
  },
  {
    name: 'cobahh-10000-fields',
    size: 'small',
    example: 'cobahh',
    values: { neurons: 10_000 },
    variant: 'fields',
    durationMs: 1000,
    softwareMs: 100,
    cost: { build: 0.2, simulate: 1.8 },
  },
  {
    name: 'cobahh-40000',
    size: 'medium',
    example: 'cobahh',
    values: { neurons: 40_000 },
    durationMs: 1000,
    softwareMs: null,
    peer: { name: 'cobahh', arguments: { neurons: 40_000 } },
    cost: { build: 0.4, simulate: 6.5 },
  },
  {
    name: 'izhikevich-1000',
    size: 'small',
    example: 'izhikevich',
    values: { neurons: 1000 },
    durationMs: 1000,
    softwareMs: 200,
    cost: { build: 0.2, simulate: 0.03 },
    quick: true,
  },
  {
    name: 'izhikevich-4000',
    size: 'medium',
    example: 'izhikevich',
    values: { neurons: 4000 },
    durationMs: 1000,
    softwareMs: null,
    cost: { build: 2, simulate: 0.3 },
  },
  {
    name: 'brunel-0.1',
    size: 'small',
    example: 'brunel',
    values: { scale: 0.1 },
    durationMs: 1000,
    softwareMs: 100,
    peer: { name: 'brunel', arguments: { neurons: 1250 } },
    cost: { build: 0.1, simulate: 0.08 },
    quick: true,
  },
  {
    name: 'brunel-1',
    size: 'small',
    example: 'brunel',
    values: { scale: 1 },
    durationMs: 1000,
    softwareMs: 100,
    peer: { name: 'brunel', arguments: { neurons: 12_500 } },
    cost: { build: 1.2, simulate: 1.6 },
  },
  {
    name: 'brunel-10',
    size: 'medium',
    example: 'brunel',
    values: { scale: 10 },
    durationMs: 200,
    settleMs: 100,
    softwareMs: null,
    synapses: ['stored', 'procedural'],
    cost: { build: 4, simulate: 4 },
  },
  {
    name: 'microcircuit-0.1',
    size: 'small',
    example: 'microcircuit',
    values: { scale: 0.1 },
    durationMs: 1000,
    softwareMs: 100,
    synapses: ['stored', 'procedural'],
    cost: { build: 0.5, simulate: 0.7 },
  },
  {
    name: 'microcircuit-0.3',
    size: 'medium',
    example: 'microcircuit',
    values: { scale: 0.3 },
    durationMs: 1000,
    settleMs: 500,
    softwareMs: null,
    synapses: ['stored', 'procedural'],
    cost: { build: 4, simulate: 3 },
  },
  {
    name: 'microcircuit-1',
    size: 'large',
    example: 'microcircuit',
    values: { scale: 1 },
    durationMs: 500,
    settleMs: 500,
    softwareMs: null,
    synapses: ['stored', 'procedural'],
    cost: { build: 20, simulate: 12 },
  },
  {
    name: 'vogels-abbott-10000',
    size: 'small',
    example: 'vogels-abbott',
    values: { neurons: 10_000 },
    durationMs: 1000,
    softwareMs: 200,
    synapses: ['stored', 'procedural'],
    peer: { name: 'vogels-abbott', arguments: { neurons: 10_000 } },
    cost: { build: 0.8, simulate: 0.6 },
  },
  {
    name: 'vogels-abbott-50000',
    size: 'medium',
    example: 'vogels-abbott',
    values: { neurons: 50_000 },
    durationMs: 500,
    settleMs: 100,
    softwareMs: null,
    synapses: ['stored', 'procedural'],
    cost: { build: 10, simulate: 7 },
  },
  {
    name: 'vogels-abbott-100000',
    size: 'large',
    example: 'vogels-abbott',
    values: { neurons: 100_000 },
    durationMs: 200,
    settleMs: 100,
    softwareMs: null,
    synapses: ['procedural'],
    cost: { build: 10, simulate: 15 },
  },
  {
    name: 'flywire-like',
    size: 'medium',
    example: 'flywire-like',
    values: {},
    durationMs: 1000,
    settleMs: 100,
    softwareMs: null,
    cost: { build: 3, simulate: 1.5 },
  },
  {
    name: 'striatum',
    size: 'medium',
    example: 'striatum',
    values: {},
    durationMs: 1000,
    settleMs: 300,
    softwareMs: null,
    cost: { build: 4, simulate: 1.2 },
  },
  {
    name: 'gene-to-spike',
    size: 'medium',
    example: 'gene-to-spike',
    values: {},
    durationMs: 10_000,
    settleMs: 1000,
    softwareMs: null,
    cost: { build: 1, simulate: 3 },
  },
  {
    name: 'fly-p9',
    size: 'small',
    example: 'fly-p9',
    values: {},
    durationMs: 1000,
    softwareMs: 200,
    cost: { build: 0.1, simulate: 0.05 },
  },
];

/** Why a workload cannot be measured here; becomes a record, not a failure. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}

/**
 * The network of a workload, all spikes recorded as the examples have it, seed 1. `readText` reads data files of
 * examples that need some. Throws Unavailable with the reason where the example, its parameters or its data are missing.
 */
export async function documentOf(
  workload: Workload,
  readText: ReadText | null,
): Promise<NetworkDocument> {
  const example = Object.hasOwn(examples, workload.example) ? examples[workload.example] : null;
  if (!example) {
    throw new Unavailable(`this version has no example "${workload.example}"`);
  }
  const unknown = Object.keys(workload.values).filter((key) => !(key in example.parameters));
  if (unknown.length > 0) {
    throw new Unavailable(
      `the example "${workload.example}" of this version has no parameter ${unknown.join(', ')}`,
    );
  }
  if (!example.needsData) {
    const document = example.build(workload.values, { seed: 1 });
    const { variant } = workload;
    return variant === undefined ? document : withVariant(document, variant);
  }
  if (!readText || !example.load) {
    const files = Object.keys(example.needsData.files).join(', ');
    throw new Unavailable(`it needs data files (${files}), which --data FOLDER gives it in Node`);
  }
  return (await example.load(readText)).build(workload.values, { seed: 1 });
}
