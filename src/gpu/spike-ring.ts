/** The ring of spikes as the device holds it (shaders/lib/spikes.wgsl), made from spikes that are under way. Pure. */
import type { Plan } from '../plan/plan.ts';
import type { PlanState } from '../plan/plan-state.ts';

/** Counts of all slots, then their lists. */
export function spikeRing(
  { neuronCount }: Pick<Plan, 'neuronCount'>,
  slots: number,
  { steps, neurons }: PlanState['spikes'],
): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(slots * (1 + neuronCount));
  for (const [k, step] of steps.entries()) {
    const slot = step % slots;
    const place = words[slot] as number;
    words[slots + slot * neuronCount + place] = neurons[k] as number;
    words[slot] = place + 1;
  }
  return words;
}
