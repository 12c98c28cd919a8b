/**
 * The synapses of a projection looked at as a whole: how many there are between groups of neurons, histograms of their
 * values and delays. Goes through them a block at a time and lets other calls in between, because there may be millions.
 */
import type { NetworkDocument, VariableDescription } from '../../index.ts';
import { histogramFrom, histogramOf, niceWidth } from './histograms.ts';
import type { Histogram } from './protocol.ts';
import { createYield } from './run-loop.ts';

/** Some synapses of a projection, numbers in the populations at its ends. */
export interface SynapseBlock {
  readonly sources: Uint32Array;
  readonly targets: Uint32Array;
  readonly delaysMs: Float64Array;
  /** By variable, internal units. */
  readonly values: Readonly<Record<string, Float64Array>>;
}

/** The part of a simulation that is needed here. */
export interface SynapseReader {
  readonly document: NetworkDocument;
  readonly dtMs: number;
  readonly projections: readonly { readonly name: string; readonly synapses: number }[];
  variables(owner: string): readonly VariableDescription[];
  synapses(
    projection: string,
    options: { readonly variables: readonly string[] },
  ): AsyncIterable<SynapseBlock>;
  get(owner: string, variable: string, unit?: string): Promise<Float64Array>;
}

/** Longest time without letting other calls in, ms. */
const TURN_MS = 8;

/** Blocks of a projection, with a pause for others now and then. */
async function* blocksOf(
  simulation: SynapseReader,
  projection: string,
  variables: readonly string[] = [],
) {
  const yielding = createYield();
  let began = performance.now();
  for await (const block of simulation.synapses(projection, { variables })) {
    yield block;
    if (performance.now() - began < TURN_MS) continue;
    await yielding();
    began = performance.now();
  }
}

/**
 * Synapses between `bins` groups of the neurons at the two ends of a projection (of its slices, where it has some),
 * row-major by source: neuron i of n is in group floor(i * bins / n).
 */
export async function connectivityOf(
  simulation: SynapseReader,
  projection: string,
  bins: number,
): Promise<Float64Array> {
  if (!Number.isInteger(bins) || bins < 1 || bins > 1024) {
    throw new RangeError(`connectivity: bins must be a whole number from 1 to 1024, got ${bins}.`);
  }
  const { source, target } = endsOf(simulation.document, projection);
  const counts = new Float64Array(bins * bins);
  for await (const { sources, targets } of blocksOf(simulation, projection)) {
    for (let k = 0; k < sources.length; k++) {
      const row = Math.floor((((sources[k] as number) - source.from) * bins) / source.size);
      const column = Math.floor((((targets[k] as number) - target.from) * bins) / target.size);
      const cell = row * bins + column;
      counts[cell] = (counts[cell] as number) + 1;
    }
  }
  return counts;
}

/** The neurons at both ends: first and number. */
function endsOf(document: NetworkDocument, projection: string) {
  const found = document.projections.find(({ name }) => name === projection);
  const end = (slice: { population: string; from?: number; to?: number } | undefined) => {
    const population = document.populations.find(({ name }) => name === slice?.population);
    const field = (document.fields ?? []).find(({ name }) => name === slice?.population);
    const all = population?.size ?? field?.grid.reduce((voxels, count) => voxels * count, 1) ?? 1;
    const from = slice?.from ?? 0;
    return { from, size: Math.max(1, (slice?.to ?? all) - from) };
  };
  return { source: end(found?.source), target: end(found?.target) };
}

/** Of a synapse variable in the unit that people read, or of "delay" in ms: then bins are whole steps. */
export async function synapseHistogramOf(
  simulation: SynapseReader,
  projection: string,
  variable: string,
  bins: number,
): Promise<Histogram> {
  if (!Number.isInteger(bins) || bins < 1 || bins > 10_000) {
    throw new RangeError(
      `synapseHistogram: bins must be a whole number from 1 to 10000, got ${bins}.`,
    );
  }
  if (variable === 'delay') return delayHistogram(simulation, projection, bins);
  const known = simulation.variables(projection).find(({ name }) => name === variable);
  if (known === undefined || known.isStored) {
    const unit = known?.unit || undefined;
    return histogramOf(await simulation.get(projection, variable, unit), bins);
  }
  // Procedural synapses have values that they are made with.
  const count = simulation.projections.find(({ name }) => name === projection)?.synapses ?? 0;
  const all = new Float32Array(count);
  let at = 0;
  for await (const { values } of blocksOf(simulation, projection, [variable])) {
    for (const value of values[variable] ?? []) all[at++] = value / known.factor;
  }
  return histogramOf(all.subarray(0, at), bins);
}

async function delayHistogram(
  simulation: SynapseReader,
  projection: string,
  bins: number,
): Promise<Histogram> {
  const { dtMs } = simulation;
  const bySteps = new Map<number, number>();
  for await (const { delaysMs } of blocksOf(simulation, projection)) {
    for (const delay of delaysMs) {
      const steps = Math.round(delay / dtMs);
      bySteps.set(steps, (bySteps.get(steps) ?? 0) + 1);
    }
  }
  const longest = Math.max(0, ...bySteps.keys());
  const width = niceWidth((longest + 1) / bins);
  const counts = new Float64Array(Math.floor(longest / width) + 1);
  let total = 0;
  for (const [steps, count] of bySteps) {
    const bin = Math.floor(steps / width);
    counts[bin] = (counts[bin] as number) + count;
    total += count;
  }
  return histogramFrom(counts, width * dtMs, total);
}
