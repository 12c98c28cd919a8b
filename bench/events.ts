/**
 * How many synaptic events a run had: every spike reaches as many synapses as its neuron has. Exact where the
 * out-degrees are at hand in the plan, else from the mean out-degree.
 */
import type { Plan } from '../src/index.ts';

type Slot = Plan['deliver'][number]['projections'][number];

export interface EventCount {
  readonly events: number;
  readonly counted: 'exact' | 'mean';
}

/** `spikesOf`: spikes of every neuron, by global number, of those neurons that are recorded. */
export function countEvents(
  plan: Pick<Plan, 'rows' | 'deliver' | 'synapseCount' | 'neuronCount'>,
  spikesOf: Uint32Array,
): EventCount {
  let events = 0;
  for (const { slot, isStored } of projectionsOf(plan)) {
    const degreeOf = outDegrees(plan.rows, slot, isStored);
    if (degreeOf === null) return meanEvents(plan, spikesOf);
    for (let source = 0; source < slot.sourceCount; source++) {
      events += (spikesOf[slot.sourceFirst + source] ?? 0) * degreeOf(source);
    }
  }
  return { events, counted: 'exact' };
}

/** Spikes times synapses per neuron, for networks whose out-degrees nobody holds. */
export function meanEvents(
  { synapseCount, neuronCount }: { readonly synapseCount: number; readonly neuronCount: number },
  spikesOf: Uint32Array,
): EventCount {
  const spikes = spikesOf.reduce((sum, count) => sum + count, 0);
  return { events: (spikes * synapseCount) / Math.max(1, neuronCount), counted: 'mean' };
}

/** Every projection that spikes of its source set off, once, however many pathways it has. */
function projectionsOf({ deliver }: Pick<Plan, 'deliver'>): {
  slot: Slot;
  isStored: boolean;
}[] {
  const found = new Map<string, { slot: Slot; isStored: boolean }>();
  for (const { trigger, packing, projections } of deliver) {
    if (trigger !== 'pre') continue;
    for (const slot of projections) {
      found.set(slot.name, { slot, isStored: packing !== 'generated' });
    }
  }
  return [...found.values()];
}

/** Synapses of every source neuron of a projection; null when they are only made as spikes come. */
function outDegrees(
  rows: Uint32Array,
  { rows: first, sourceFirst, targetFirst, targetCount, generate }: Slot,
  isStored: boolean,
): ((source: number) => number) | null {
  const byOffsets = (source: number): number =>
    (rows[first + source + 1] ?? 0) - (rows[first + source] ?? 0);
  if (isStored || generate === null) return byOffsets;
  switch (generate.rule) {
    case 'one-to-one':
      return () => 1;
    case 'all-to-all':
      if (generate.autapses) return () => targetCount;
      return (source) => {
        const self = sourceFirst + source - targetFirst;
        return targetCount - (self >= 0 && self < targetCount ? 1 : 0);
      };
    case 'draws':
      return generate.length >= 0 ? () => generate.length : byOffsets;
    case 'gaps':
      return null;
  }
}
