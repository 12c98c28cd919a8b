/** What is measured: examples of the library with their values, how long, and the peer that runs the same network. */
import { examples } from '../src/examples/index.ts';
import type { NetworkDocument } from '../src/index.ts';

export interface Workload {
  readonly name: string;
  readonly example: string;
  readonly values: Readonly<Record<string, string | number>>;
  /** Simulated time of one repetition, from the start of the network. */
  readonly durationMs: number;
  /** The same on a software adapter, which is two orders slower; null: not there. */
  readonly softwareMs: number | null;
  /** Script in bench/peers/brian2 and its arguments. */
  readonly brian2?: { readonly script: string; readonly neurons: number };
  /** Largest allowed ratio to Brian 2's wall time; what the project promises. */
  readonly goal?: number;
  /** Part of `--quick`. */
  readonly quick?: boolean;
}

export const workloads: readonly Workload[] = [
  {
    name: 'cuba-4000',
    example: 'cuba',
    values: { neurons: 4000 },
    durationMs: 1000,
    softwareMs: 200,
    quick: true,
  },
  {
    name: 'cuba-40000',
    example: 'cuba',
    values: { neurons: 40_000 },
    durationMs: 1000,
    softwareMs: 100,
    brian2: { script: 'cuba.py', neurons: 40_000 },
    goal: 0.45,
  },
  {
    name: 'cobahh-4000',
    example: 'cobahh',
    values: { neurons: 4000 },
    durationMs: 1000,
    softwareMs: 100,
    brian2: { script: 'cobahh.py', neurons: 4000 },
    goal: 0.25,
  },
  {
    name: 'izhikevich',
    example: 'izhikevich',
    values: {},
    durationMs: 1000,
    softwareMs: 200,
    quick: true,
  },
  { name: 'brunel', example: 'brunel', values: {}, durationMs: 1000, softwareMs: 100 },
  {
    name: 'microcircuit-0.1',
    example: 'microcircuit',
    values: { scale: 0.1 },
    durationMs: 1000,
    softwareMs: 100,
  },
];

/** The network of a workload; examples record all spikes. */
export function documentOf(workload: Workload): NetworkDocument {
  const example = examples[workload.example];
  if (!example) throw new Error(`internal: there is no example "${workload.example}"`);
  return example.build(workload.values, { seed: 1 });
}
