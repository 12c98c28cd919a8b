/**
 * The last spikes of the run, for the explorer: a ring of fixed size that says how many it has let go. Not the
 * library's recording, which keeps everything: a page may run for hours.
 */

export interface SpikeLog {
  readonly add: (steps: Uint32Array, neurons: Uint32Array) => void;
  readonly clear: () => void;
  /** Copies in order of time. */
  readonly read: () => { steps: Uint32Array; neurons: Uint32Array; dropped: number };
}

export function createSpikeLog(capacity = 1_000_000): SpikeLog {
  const steps = new Uint32Array(capacity);
  const neurons = new Uint32Array(capacity);
  let total = 0;
  return {
    add(newSteps, newNeurons) {
      for (let k = 0; k < newSteps.length; k++) {
        const at = total++ % capacity;
        steps[at] = newSteps[k] as number;
        neurons[at] = newNeurons[k] as number;
      }
    },
    clear() {
      total = 0;
    },
    read() {
      if (total <= capacity) {
        return { steps: steps.slice(0, total), neurons: neurons.slice(0, total), dropped: 0 };
      }
      const start = total % capacity;
      const unrolled = (ring: Uint32Array): Uint32Array => {
        const out = new Uint32Array(capacity);
        out.set(ring.subarray(start));
        out.set(ring.subarray(0, start), capacity - start);
        return out;
      };
      return { steps: unrolled(steps), neurons: unrolled(neurons), dropped: total - capacity };
    },
  };
}
