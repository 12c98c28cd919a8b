/** Reproducible random numbers and spike trains for tests of detectors. */
import type { Spikes } from '../../../src/index.ts';

/** Uniform in 0 … 1 (mulberry32). */
export function uniform(seed: number): () => number {
  let state = (seed * 0x9e3779b9) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Standard normal numbers (Box–Muller). */
export function normals(count: number, seed: number): number[] {
  const random = uniform(seed);
  return Array.from(
    { length: count },
    () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()),
  );
}

/** Spikes of `size` neurons, each step with the probability that `rateHz` gives. */
export function trains(
  size: number,
  totalSteps: number,
  dtMs: number,
  rateHz: (timeMs: number) => number,
  seed: number,
): Spikes {
  const random = uniform(seed);
  const steps: number[] = [];
  const neurons: number[] = [];
  for (let step = 0; step < totalSteps; step++) {
    const p = (rateHz(step * dtMs) * dtMs) / 1000;
    for (let neuron = 0; neuron < size; neuron++) {
      if (random() >= p) continue;
      steps.push(step);
      neurons.push(neuron);
    }
  }
  return { steps: Uint32Array.from(steps), neurons: Uint32Array.from(neurons) };
}
