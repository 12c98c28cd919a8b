/**
 * Reads NIR graphs (Neuromorphic Intermediate Representation, Pedersen et al. 2024, doi:10.1038/s41467-024-52259-9) as
 * network documents. Neurons become populations; chains of stateless nodes between them become the weights, delays and
 * constant currents of projections.
 */
import { NetworkError } from '../../errors.ts';
import type {
  NetworkDocument,
  PopulationDocument,
  ProjectionDocument,
  Quantity,
  RecordingDocument,
  TimedArrayDocument,
} from '../../network/document.ts';
import { validateDocument } from '../../network/validate.ts';
import { checkBytes, refuseArgument } from '../arguments.ts';
import { graphFromBytes } from './nir-file.ts';
import { flattenGraph, type NirGraph } from './nir-graph.ts';
import { populationsOf } from './nir-populations.ts';
import { traceSignals } from './nir-signals.ts';

/** What a file cannot say. */
export interface NirOptions {
  /** Name of the network; default "nir". */
  readonly name?: string;
  /** Time step; default "0.1 ms". NIR has none, but a spike is a current that lasts one step, so it counts. */
  readonly dt?: Quantity;
  /** Seed; default 1. */
  readonly seed?: number;
  /**
   * What neurons do after a spike: go to the v_reset of the file (0 in old files, which have none), or lose the
   * threshold ("subtract"), which many trained networks need and no file says. Default "value".
   */
  readonly reset?: 'value' | 'subtract';
  /** What comes in through Input nodes, by name; without it an Input is a spike list without spikes. */
  readonly inputs?: Readonly<Record<string, NirInput>>;
  /** Hears of what was guessed. */
  readonly onWarning?: (text: string) => void;
}

/**
 * Spikes (element indices and times in ms), which act one step after their own, or a signal whose row k is held from
 * k*dt to (k+1)*dt; one value per element in a row.
 */
export type NirInput =
  | { readonly indices: readonly number[]; readonly timesMs: readonly number[] }
  | { readonly dt: Quantity; readonly values: readonly (readonly number[])[] };

/**
 * The network in a `.nir` file. Populations are named after the nodes ("a.b": node b of graph a); the source of every
 * Output node is recorded under its name.
 *
 * Node types: Input, Output, LIF, CubaLIF, IF, LI, CubaLI, I, Threshold, Affine, Linear, Scale, Delay, Flatten, Conv1d,
 * Conv2d, SumPool2d, AvgPool2d, NIRGraph. Throws NetworkError for others, and for files that are damaged or contradict
 * themselves.
 */
export async function readNir(
  bytes: Uint8Array,
  options: NirOptions = {},
): Promise<NetworkDocument> {
  checkBytes(bytes, 'readNir: bytes');
  return networkOfGraph(await graphFromBytes(bytes), options);
}

/** As `readNir`, of a graph in memory. */
export function networkOfGraph(nested: NirGraph, options: NirOptions = {}): NetworkDocument {
  checkGraph(nested);
  const graph = flattenGraph(nested, options.onWarning ?? (() => undefined));
  checkInputNames(
    options,
    [...graph.nodes].filter(([, { type }]) => type === 'Input'),
  );
  const parts = populationsOf(traceSignals(graph), options);
  return validateDocument(documentOf(parts, options));
}

function checkGraph(value: unknown): void {
  const graph = value as Partial<NirGraph> | null | undefined;
  if (graph?.nodes instanceof Map && Array.isArray(graph.edges)) return;
  refuseArgument('networkOfGraph: graph', 'a graph: { nodes: Map, edges: list }', value);
}

/** What populationsOf makes of a graph. */
export interface NirParts {
  readonly populations: readonly PopulationDocument[];
  readonly projections: readonly ProjectionDocument[];
  readonly recordings: readonly RecordingDocument[];
  readonly timedArrays: Readonly<Record<string, TimedArrayDocument>>;
}

function documentOf(parts: NirParts, options: NirOptions): NetworkDocument {
  return {
    format: 'wetware',
    version: 1,
    name: options.name ?? 'nir',
    dt: options.dt ?? '0.1 ms',
    seed: options.seed ?? 1,
    params: {},
    timedArrays: parts.timedArrays,
    populations: parts.populations,
    projections: parts.projections,
    inputs: [],
    recordings: parts.recordings,
  };
}

function checkInputNames(
  { inputs = {} }: NirOptions,
  nodes: readonly (readonly [string, unknown])[],
): void {
  const names = nodes.map(([name]) => name);
  for (const name of Object.keys(inputs)) {
    if (names.includes(name)) continue;
    throw new NetworkError(
      `NIR inputs: there is no Input node "${name}". Input nodes: ${names.join(', ')}.`,
      { path: 'NIR inputs', value: name },
    );
  }
}
