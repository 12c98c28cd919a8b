/**
 * The whole network as a matrix: which population projects to which, with how many synapses. Made from what is known of
 * the built network; no synapse is looked at.
 */
import type { NetworkInfo } from '../../simulation/protocol.ts';

/** A population or, as a target, a field. */
export interface End {
  readonly name: string;
  /** Neurons, or voxels. */
  readonly size: number;
}

export interface Block {
  readonly source: number;
  readonly target: number;
  /** Names of the projections between the two. */
  readonly projections: readonly string[];
  readonly synapses: number;
  /** Synapses per target neuron. */
  readonly inDegree: number;
  /** Synapses per pair of neurons. */
  readonly perPair: number;
}

export interface NetworkMatrix {
  readonly sources: readonly End[];
  readonly targets: readonly End[];
  /** Only those with projections. */
  readonly blocks: readonly Block[];
}

export function networkMatrix({ populations, projections, fields }: NetworkInfo): NetworkMatrix {
  const ends = new Map<string, End>(populations.map(({ name, size }) => [name, { name, size }]));
  for (const { name, grid } of fields) {
    if (!ends.has(name)) ends.set(name, { name, size: grid[0] * grid[1] * grid[2] });
  }
  const used = (names: readonly string[]): End[] =>
    [...ends.values()].filter(({ name }) => names.includes(name));
  const sources = used(projections.map(({ source }) => source));
  const targets = used(projections.map(({ target }) => target));
  const blocks: Block[] = [];
  for (const [source, from] of sources.entries()) {
    for (const [target, to] of targets.entries()) {
      const between = projections.filter(
        (one) => one.source === from.name && one.target === to.name,
      );
      if (between.length === 0) continue;
      const synapses = between.reduce((sum, one) => sum + one.synapses, 0);
      blocks.push({
        source,
        target,
        projections: between.map(({ name }) => name),
        synapses,
        inDegree: synapses / Math.max(1, to.size),
        perPair: synapses / Math.max(1, from.size * to.size),
      });
    }
  }
  return { sources, targets, blocks };
}

/** Its blocks as CSV: names of both ends, synapses, per target neuron, per pair. */
export function csvOfNetwork({ sources, targets, blocks }: NetworkMatrix): string {
  const lines = blocks.map(({ source, target, synapses, inDegree, perPair }) => {
    const names = [sources[source]?.name ?? '', targets[target]?.name ?? ''].map(quoted);
    return [...names, synapses, inDegree, perPair].join(',');
  });
  return ['from,to,synapses,per target neuron,per pair', ...lines, ''].join('\n');
}

const quoted = (text: string): string =>
  /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
