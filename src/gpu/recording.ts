/**
 * Recordings on their way from the device to the sink: takes a batch's report, spikes and samples out of a staging
 * buffer, in the order of the contract. Reads only mapped memory; whoever maps and unmaps is engine.ts.
 */
import type { RecordingSink } from '../engine.ts';
import type { Plan } from '../plan/plan.ts';
import { RECORD_WORDS } from './report.ts';
import type { RunShape, SampleRing } from './shape.ts';

/** Spikes of one batch from their entries (neuron, first step, mask), sorted by step, then neuron. */
export function sortedSpikes(
  entries: Uint32Array,
  firstStep: number,
  endStep: number,
): { steps: Uint32Array<ArrayBuffer>; neurons: Uint32Array<ArrayBuffer> } {
  const counts = new Uint32Array(endStep - firstStep + 1);
  forEachSpike(entries, (step) => {
    const place = step - firstStep + 1;
    counts[place] = (counts[place] ?? 0) + 1;
  });
  for (let i = 1; i < counts.length; i++) counts[i] = (counts[i] ?? 0) + (counts[i - 1] ?? 0);
  const total = counts[counts.length - 1] ?? 0;
  const steps = new Uint32Array(total);
  const neurons = new Uint32Array(total);
  const next = counts.slice();
  forEachSpike(entries, (step, neuron) => {
    const slot = step - firstStep;
    const place = next[slot] ?? 0;
    next[slot] = place + 1;
    steps[place] = step;
    neurons[place] = neuron;
  });
  for (let i = 0; i + 1 < counts.length; i++) {
    const begin = counts[i] ?? 0;
    const end = counts[i + 1] ?? 0;
    if (end - begin > 1) neurons.subarray(begin, end).sort();
  }
  return { steps, neurons };
}

function forEachSpike(entries: Uint32Array, use: (step: number, neuron: number) => void): void {
  for (let at = 0; at + RECORD_WORDS <= entries.length; at += RECORD_WORDS) {
    const neuron = entries[at] ?? 0;
    const first = entries[at + 1] ?? 0;
    let mask = entries[at + 2] ?? 0;
    while (mask !== 0) {
      const bit = 31 - Math.clz32(mask & -mask);
      use(first + bit, neuron);
      mask &= mask - 1;
    }
  }
}

/** Which samples a batch of steps firstStep … endStep-1 takes of a sampler. */
export function samplesBetween(
  firstStep: number,
  endStep: number,
  every: number,
): { first: number; count: number } {
  const first = Math.ceil(firstStep / every);
  return { first, count: Math.max(0, Math.ceil(endStep / every) - first) };
}

/** A ring with the update kernel whose sampler or probe fills it. */
export interface RingOf {
  readonly kernel: number;
  readonly isProbe: boolean;
  readonly every: number;
  readonly ring: SampleRing;
}

/** The rings of samplers, and of probes where they are looked at. */
export function ringsOf({ update }: Plan, shape: RunShape, isProbed: boolean): RingOf[] {
  const found = update.flatMap(({ sampler, probe }, kernel) => [
    { kernel, isProbe: false, sampled: sampler, ring: shape.samples[kernel] ?? null },
    { kernel, isProbe: true, sampled: probe ?? null, ring: shape.probes[kernel] ?? null },
  ]);
  return found.flatMap(({ kernel, isProbe, sampled, ring }) =>
    sampled === null || ring === null || (isProbe && !isProbed)
      ? []
      : [{ kernel, isProbe, every: sampled.every, ring }],
  );
}

/** Hands the samples of rings to the sink; `cells` is one region of the sample buffer. */
export function deliverSamples(
  rings: readonly RingOf[],
  sink: RecordingSink,
  cells: Float32Array,
  firstStep: number,
  endStep: number,
): void {
  for (const { kernel, isProbe, every, ring } of rings) {
    const { first, count } = samplesBetween(firstStep, endStep, every);
    if (count === 0) continue;
    const data = cells.slice(ring.base, ring.base + count * ring.sampleCells);
    if (isProbe) sink.probed?.(kernel, first, count, data);
    else sink.samples(kernel, first, count, data);
  }
}
