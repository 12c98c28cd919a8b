/**
 * Sizes that the GPU engine chooses by itself for a plan: how many steps a window has, how long the rings are, how much
 * is recorded before the host must take it. Numbers only; whether they fit the device is checked in memory.ts.
 */
import type { Plan, SampledValues } from '../plan/plan.ts';
import { longestArrivalDelay } from '../plan/plan-state.ts';
import { LONGEST_WINDOW, RECORD_WORDS, REPORT_RECORDS } from './report.ts';

export interface SampleRing {
  /** First cell of the kernel's samples in a region. */
  readonly base: number;
  /** Samples that one region holds. */
  readonly capacity: number;
  /** Cells of one sample: values * rows. */
  readonly sampleCells: number;
}

export interface RunShape {
  /** W. */
  readonly windowSteps: number;
  /** Slots of the spike ring: those that are read, and those of the next window, which are being emptied. */
  readonly spikeSlots: number;
  /** Recorded spikes, as entries of (neuron, window): the most that a window adds, and room in each of two regions. */
  readonly recordPerWindow: number;
  readonly recordCapacity: number;
  /** Per update kernel; null where nothing is sampled. */
  readonly samples: readonly (SampleRing | null)[];
  /** The same of their probes, behind all of those. */
  readonly probes: readonly (SampleRing | null)[];
  /** Cells of each of the two sample regions, and those of them that are not of probes. */
  readonly sampleRegion: number;
  readonly recordedRegion: number;
  /** The most steps of a batch, for the sample regions; a multiple of W. */
  readonly batchSteps: number;
  /** Bytes of one staging buffer: report, recorded spikes, samples. */
  readonly stagingBytes: number;
  /** Recorded entries that fit a staging buffer. */
  readonly stagingEntries: number;
}

/** Windows of a batch: bounds the buffer of their uniforms. */
export const MOST_WINDOWS = 1024;
/** The spike ring gets shorter windows before it gets larger than this. */
const SPIKE_RING_BYTES = 64 * 2 ** 20;
const SAMPLE_REGION_CELLS = 2 ** 20;
const MOST_SAMPLES = 4096;
const LEAST_RECORD_ENTRIES = 2 ** 16;
const MOST_STAGING_ENTRIES = 2 ** 17;

export function runShape(plan: Plan): RunShape {
  const windowSteps = chooseWindow(plan);
  const spikeSlots = Math.max(windowSteps, longestArrivalDelay(plan) + 1) + windowSteps;
  let recordPerWindow = 0;
  for (const kernel of plan.update) {
    for (const member of kernel.members) {
      if (member.recordSpikes) recordPerWindow += member.count;
    }
  }
  for (const generator of plan.generators) {
    if (generator.recordSpikes) {
      recordPerWindow += Math.min(generator.count * windowSteps, generator.steps.length);
    }
  }
  const recordCapacity =
    recordPerWindow === 0 ? 0 : Math.max(4 * recordPerWindow, LEAST_RECORD_ENTRIES);
  let sampleRegion = 0;
  let batchSteps = MOST_WINDOWS * windowSteps;
  const ringOf = (sampler: SampledValues | null): SampleRing | null => {
    if (sampler === null || sampler.rows === 0 || sampler.values.length === 0) return null;
    const sampleCells = sampler.rows * sampler.values.length;
    const capacity = Math.max(
      Math.ceil(windowSteps / sampler.every),
      Math.min(MOST_SAMPLES, Math.floor(SAMPLE_REGION_CELLS / sampleCells)),
    );
    const base = sampleRegion;
    sampleRegion += capacity * sampleCells;
    batchSteps = Math.min(batchSteps, capacity * sampler.every);
    return { base, capacity, sampleCells };
  };
  const samples = plan.update.map(({ sampler }) => ringOf(sampler));
  const recordedRegion = sampleRegion;
  const probes = plan.update.map(({ probe }) => ringOf(probe ?? null));
  batchSteps = Math.max(windowSteps, batchSteps - (batchSteps % windowSteps));
  const stagingEntries = Math.min(recordCapacity, MOST_STAGING_ENTRIES);
  const stagingBytes = 4 * (REPORT_RECORDS + RECORD_WORDS * stagingEntries + sampleRegion);
  return {
    windowSteps,
    spikeSlots,
    recordPerWindow,
    recordCapacity,
    samples,
    probes,
    sampleRegion,
    recordedRegion,
    batchSteps,
    stagingBytes: Math.max(65536, Math.ceil(stagingBytes / 8) * 8),
    stagingEntries,
  };
}

/** W of the plan, or less where spike masks or the spike ring would not do. */
function chooseWindow(plan: Plan): number {
  const slotBytes = 4 * (1 + plan.neuronCount);
  const affordable = Math.max(1, Math.floor(SPIKE_RING_BYTES / slotBytes / 2));
  return Math.min(plan.windowSteps, LONGEST_WINDOW, affordable);
}
