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

/** The packings of projections whose synapses are stored. */
export function choosePackings(counted: readonly CountedSynapses[]): Packings {
  const packings = new Map<PathwayPart, Packing>();
  for (const { part, delays } of counted) {
    for (const pathway of part.pathways) {
      if (pathway.checked.trigger !== 'pre') continue;
      const one = delays.get(delayKey(pathway)) as Delays | DelayDraws;
      packings.set(pathway, packingOf(one, part.target.count));
    }
  }
  return packings;
}

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
