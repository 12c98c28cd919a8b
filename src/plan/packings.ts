/**
 * How densely the synapses of each pathway are packed. Pathways of equal code and equal packing are run by one kernel, so
 * packings are chosen for all of them together. Packs nothing: synapse-arrays.ts does.
 */
import { type DelayDraws, type Delays, delayKey, packingOf } from './delays.ts';
import { CanonicalCode } from './merge.ts';
import type { DeliverKernel } from './plan.ts';
import type { PathwayPart } from './projections.ts';
import type { CountedSynapses } from './synapses.ts';

export type Packing = DeliverKernel['packing'];

/** Packings by pathway, for pathways of presynaptic spikes. */
export type Packings = ReadonlyMap<PathwayPart, Packing>;

/** A text that is equal for pathways that one kernel can run, packing aside. */
export function codeKey({ lowered }: PathwayPart): string {
  return new CanonicalCode()
    .note([lowered.mode, lowered.trigger, lowered.constants.names.length])
    .note(lowered.synapseVariables.map(({ type, written }) => [type, written]))
    .note(lowered.preVariables.map(({ type }) => type))
    .note(lowered.postVariables.map(({ type }) => type))
    .note(lowered.inputs.map(({ side }) => side))
    .statements(lowered.body).text;
}

/** Targets that half a word can tell apart. */
const HALF_TARGETS = 2 ** 16;

const NARROW: Readonly<Partial<Record<Packing, Packing>>> = {
  target: 'target16',
  'target+delay': 'target16+delay8',
};

/**
 * The packings of projections whose synapses are stored. Targets take half a word each where that is enough for all
 * pathways that would otherwise share a kernel, so that packing never takes apart what runs as one.
 */
export function choosePackings(counted: readonly CountedSynapses[]): Packings {
  const packings = new Map<PathwayPart, Packing>();
  const shared = new Map<string, PathwayPart[]>();
  const isLarge = new Set<string>();
  for (const { part, connected, delays } of counted) {
    for (const pathway of part.pathways) {
      if (pathway.checked.trigger !== 'pre') continue;
      const one = delays.get(delayKey(pathway)) as Delays | DelayDraws;
      const packing = packingOf(one, part.target.count);
      packings.set(pathway, packing);
      // A projection without synapses is in no kernel.
      if (connected.count === 0) continue;
      const key = JSON.stringify([packing, codeKey(pathway)]);
      shared.set(key, [...(shared.get(key) ?? []), pathway]);
      if (part.target.count > HALF_TARGETS) isLarge.add(key);
    }
  }
  for (const [key, pathways] of shared) {
    for (const pathway of isLarge.has(key) ? [] : pathways) {
      const packing = packings.get(pathway) as Packing;
      packings.set(pathway, NARROW[packing] ?? packing);
    }
  }
  return packings;
}

/** Whether targets take half a word. */
export const isHalf = (packing: Packing): boolean =>
  packing === 'target16' || packing === 'target16+delay8';

/** Where so many synapses lie: words for targets (and what is packed with them), and words for delays of their own. */
export function wordsOf(packing: Packing, count: number): readonly [number, number] {
  switch (packing) {
    case 'target':
    case 'target+delay':
      return [count, 0];
    case 'wide':
      return [2 * count, 0];
    case 'target16':
      return [Math.ceil(count / 2), 0];
    case 'target16+delay8':
      return [Math.ceil(count / 2), Math.ceil(count / 4)];
    case 'generated':
      return [0, 0];
  }
}
