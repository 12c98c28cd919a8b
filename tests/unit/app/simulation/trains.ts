/** Spike trains of known statistics, for tests of what is measured in them. */

/** Uniform numbers in (0, 1] of a seed (mulberry32). */
export function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (((mixed ^ (mixed >>> 14)) >>> 0) + 1) / 2 ** 32;
  };
}

/** Trains of `size` neurons as a simulation gives them: by step, then neuron. `times(neuron)` in steps, ascending. */
export function trains(size: number, times: (neuron: number) => readonly number[]) {
  const all: [number, number][] = [];
  for (let neuron = 0; neuron < size; neuron++) {
    for (const time of times(neuron)) all.push([Math.floor(time), neuron]);
  }
  all.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  return {
    steps: Uint32Array.from(all, ([step]) => step),
    neurons: Uint32Array.from(all, ([, neuron]) => neuron),
  };
}

/** Times of a renewal process in steps below `end`, intervals by `interval()`; from its first interval on. */
export function renewal(end: number, interval: () => number): number[] {
  const times: number[] = [];
  for (let time = interval(); time < end; time += interval()) times.push(time);
  return times;
}
