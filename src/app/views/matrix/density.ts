/** Synapse counts between groups of neurons as a matrix that can be drawn: groups without neurons left out. Pure. */

/** Neurons from … to-1 of the slice that a projection uses. */
export interface Group {
  readonly from: number;
  readonly to: number;
}

export interface Density {
  readonly sources: readonly Group[];
  readonly targets: readonly Group[];
  /** Synapses, row by row of sources. */
  readonly counts: Float64Array;
  /** Synapses per pair of neurons. */
  readonly perPair: Float64Array;
}

/** Groups of `size` neurons in `bins`: neuron i is in floor(i * bins / size). Empty ones have from = to. */
export function groupsOf(size: number, bins: number): readonly Group[] {
  return Array.from({ length: bins }, (_, bin) => ({
    from: Math.ceil((bin * size) / bins),
    to: Math.ceil(((bin + 1) * size) / bins),
  }));
}

/** From the answer to `connectivity`: bins x bins counts. */
export function densityOf(
  counts: ArrayLike<number>,
  bins: number,
  sourceSize: number,
  targetSize: number,
): Density {
  const used = (size: number): { group: Group; bin: number }[] =>
    groupsOf(size, bins)
      .map((group, bin) => ({ group, bin }))
      .filter(({ group: { from, to } }) => to > from);
  const sources = used(sourceSize);
  const targets = used(targetSize);
  const kept = new Float64Array(sources.length * targets.length);
  const perPair = new Float64Array(kept.length);
  for (const [row, source] of sources.entries()) {
    for (const [column, target] of targets.entries()) {
      const place = row * targets.length + column;
      const count = counts[source.bin * bins + target.bin] ?? 0;
      kept[place] = count;
      const pairs = (source.group.to - source.group.from) * (target.group.to - target.group.from);
      perPair[place] = count / pairs;
    }
  }
  return {
    sources: sources.map(({ group }) => group),
    targets: targets.map(({ group }) => group),
    counts: kept,
    perPair,
  };
}

/** Mean synapses per neuron of each target group (or source group). */
export function degrees({ sources, targets, counts }: Density, of: 'in' | 'out'): Float64Array {
  const groups = of === 'in' ? targets : sources;
  const sums = new Float64Array(groups.length);
  for (let row = 0; row < sources.length; row++) {
    for (let column = 0; column < targets.length; column++) {
      const group = of === 'in' ? column : row;
      sums[group] = (sums[group] as number) + (counts[row * targets.length + column] as number);
    }
  }
  return sums.map((sum, group) => {
    const { from, to } = groups[group] as Group;
    return sum / (to - from);
  });
}
