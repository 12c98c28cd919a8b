/** The last spikes of probed neurons, in order of time. Pure. */
import { lowerBound } from '../plot/decimate.ts';

export interface SpikeTimes {
  add(steps: Uint32Array, neurons: Uint32Array): void;
  /** Spikes at steps from … to-1: step and global number of the neuron. */
  each(from: number, to: number, found: (step: number, neuron: number) => void): void;
}

export function createSpikeTimes(most = 1 << 15): SpikeTimes {
  const steps = new Float64Array(most * 2);
  const neurons = new Uint32Array(most * 2);
  let end = 0;
  return {
    add(newSteps, newNeurons) {
      const from = Math.max(0, newSteps.length - most);
      const count = newSteps.length - from;
      if (end + count > most * 2) {
        steps.copyWithin(0, end - most, end);
        neurons.copyWithin(0, end - most, end);
        end = most;
      }
      steps.set(newSteps.subarray(from), end);
      neurons.set(newNeurons.subarray(from), end);
      end += count;
    },
    each(from, to, found) {
      for (let k = lowerBound(steps, from, 0, end); k < end; k++) {
        const step = steps[k] as number;
        if (step >= to) break;
        found(step, neurons[k] as number);
      }
    },
  };
}
