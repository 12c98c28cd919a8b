/** Measuring: what a measurement holds agrees with the network and with itself; times are not judged. */
import { describe, expect, it } from 'vitest';
import type { Job } from '../../../bench/jobs.ts';
import { type MeasureProgress, measure, type Probe } from '../../../bench/measure.ts';
import { parseRecord } from '../../../bench/record.ts';
import { documentOf, type Workload, workloads } from '../../../bench/workloads.ts';
import { createSimulation } from '../../../src/index.ts';
import { measured } from './recorded.ts';

const cuba = {
  ...(workloads[0] as Workload),
  name: 'cuba-400',
  values: { neurons: 400 },
} satisfies Workload;

const job = (change: Partial<Job> = {}): Job => ({
  workload: cuba,
  engine: 'cpu',
  threads: 1,
  synapses: 'auto',
  durationMs: 20,
  settleMs: null,
  repeats: 3,
  withRecordingCost: false,
  ...change,
});

const probe: Probe = {
  processorSeconds: () => process.cpuUsage().user / 1e6,
  memoryBytes: () => ({ now: 1, peak: 2 }),
};

async function run(change: Partial<Job> = {}, signal = new AbortController().signal) {
  const progress: MeasureProgress[] = [];
  const document = await documentOf(cuba, null);
  const onProgress = (one: MeasureProgress) => void progress.push(one);
  const found = await measure({ document, job: job(change), probe, signal, onProgress });
  return { found, progress };
}

/** Spikes and hash of a plain run of the same network. */
async function plain(durationMs: number): Promise<{ spikes: number; hash: string }> {
  using simulation = await createSimulation(await documentOf(cuba, null), { engine: 'cpu' });
  await simulation.run(`${durationMs} ms`);
  return { spikes: simulation.summary().spikes, hash: await simulation.spikeHash() };
}

describe('a measurement', () => {
  it('of fresh repetitions has every phase and the spikes of one run', async () => {
    const { found, progress } = await run();
    const expected = await plain(20);
    if (!found) throw new Error('nothing was measured');
    expect(found.check.spikes).toBe(expected.spikes);
    expect(found.check.spike_hash).toBe(expected.hash);
    expect(found.check.rate_hz).toBeCloseTo(expected.spikes / 400 / 0.02, 9);
    const { compile_s, build_s, simulate_s, read_back_s, warm_up_s } = found.phases;
    for (const phase of [compile_s, build_s, simulate_s, read_back_s]) {
      expect(phase?.samples).toHaveLength(3);
    }
    expect(warm_up_s?.samples).toHaveLength(1);
    expect(found.metrics.events_counted).toBe('exact');
    expect(found.metrics.synaptic_events).toBeGreaterThan(50 * expected.spikes);
    const { ns_per_neuron_step: perStep, realtime_factor: factor } = found.metrics;
    expect(perStep * 1e-9 * 400 * 200).toBeCloseTo(simulate_s.median, 12);
    expect(factor * 0.02).toBeCloseTo(simulate_s.median, 12);
    expect(found.memory).toMatchObject({ process_base_bytes: 1, process_peak_bytes: 2 });
    expect(found.is_complete).toBe(true);
    expect(progress.map((one) => one.run)).toEqual(progress.map((one) => one.run).sort());
    expect(progress.at(-1)).toEqual({ run: 3, runs: 4, fraction: 1 });
    // What it gives is the body of a record.
    const record = { ...measured(), ...found };
    expect(parseRecord(JSON.parse(JSON.stringify(record)))).toEqual(record);
  });

  it('of one network that runs on counts the spikes of the last pieces, and builds once', async () => {
    const { found } = await run({ settleMs: 30, repeats: 2 });
    const [settled, first, whole] = [await plain(30), await plain(50), await plain(70)];
    expect(found?.check.spikes).toBe(first.spikes - settled.spikes);
    expect(found?.check.spike_hash).toBe(whole.hash);
    expect(found?.phases.build_s?.samples).toHaveLength(1);
    expect(found?.phases.simulate_s.samples).toHaveLength(2);
    expect(found?.network).toMatchObject({ duration_ms: 20, settle_ms: 30 });
  });

  it('tells what recording costs when asked', async () => {
    const { found } = await run({ withRecordingCost: true });
    expect(found?.metrics.recording_cost).not.toBeNull();
    expect(found?.check.spikes).toBe((await plain(20)).spikes);
    expect(found?.phases.simulate_s.samples).toHaveLength(3);
  });

  it('that is cancelled keeps whole repetitions, or nothing', async () => {
    const before = new AbortController();
    before.abort();
    expect((await run({}, before.signal)).found).toBeNull();
    const later = new AbortController();
    const document = await documentOf(cuba, null);
    const found = await measure({
      document,
      job: job(),
      probe,
      signal: later.signal,
      // The third run is under way.
      onProgress: ({ run: number }) => (number === 2 ? later.abort() : undefined),
    });
    expect(found?.is_complete).toBe(false);
    expect(found?.phases.simulate_s.samples.length).toBeLessThan(3);
    expect(found?.phases.simulate_s.samples.length).toBeGreaterThan(0);
  });
});
