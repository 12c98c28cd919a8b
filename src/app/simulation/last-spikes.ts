/**
 * When every neuron last spiked, for pictures that fade: two words of work per spike, and answers that hold only what
 * is new since the last question. Not the spikes themselves: spike-log.ts.
 */
import type { Activity } from './protocol.ts';

export interface LastSpikes {
  add(steps: Uint32Array, neurons: Uint32Array): void;
  /** All spikes before this step have been added. The simulation itself may be ahead, in the middle of a piece. */
  reach(step: number): void;
  /** Neurons that spiked in step `since` or later; `now`: steps done. The answer is of the step that was reached. */
  read(since: number, now: number): Activity;
}

export function createLastSpikes(neuronCount: number): LastSpikes {
  // One more than the step, so that 0 is never.
  const last = new Uint32Array(neuronCount);
  let reached = 0;
  return {
    reach(step) {
      reached = step;
    },
    add(steps, neurons) {
      for (let k = 0; k < neurons.length; k++) {
        const neuron = neurons[k] as number;
        const after = (steps[k] as number) + 1;
        if (after > (last[neuron] as number)) last[neuron] = after;
      }
    },
    read(since, now) {
      let count = 0;
      for (const after of last) if (after > since) count++;
      const neurons = new Uint32Array(count);
      const lastSpike = new Uint32Array(count);
      let place = 0;
      for (let neuron = 0; place < count; neuron++) {
        const after = last[neuron] as number;
        if (after <= since) continue;
        neurons[place] = neuron;
        lastSpike[place++] = after;
      }
      return { step: Math.min(now, reached), neurons, lastSpike };
    },
  };
}
