/**
 * Runs that share a launch have the bits that each has alone: spikes, traces, rates, counts. The single run is the
 * reference; there is no tolerance. On a GPU two cases, because software adapters are slow.
 */
import { describe, expect, it } from 'vitest';
import {
  createSimulation,
  type ManyRun,
  runMany,
  type SimulationOptions,
} from '../../../src/index.ts';
import { describeGpu } from '../../support/gpu.ts';
import { type Case, cases } from './networks.ts';

const SEEDS = [1, 2, 77];

/** Runs the network of a run alone and compares everything that both report. */
async function expectSame(
  run: ManyRun,
  duration: string,
  options: SimulationOptions,
): Promise<void> {
  using alone = await createSimulation(run.document, options);
  await alone.run(duration);
  expect(run.summary.spike_hash, run.label).toBe(await alone.spikeHash());
  const {
    memory_bytes,
    compile_s,
    build_s,
    wall_s,
    record_s,
    realtime_factor,
    warnings,
    ...facts
  } = alone.summary();
  expect(run.summary).toMatchObject(facts);
  expect(run.allSpikes().neurons).toEqual(alone.allSpikes().neurons);
  expect(run.populations).toEqual(alone.populations);
  for (const recording of run.document.recordings) {
    if (recording.kind === 'spikes') {
      expect(run.spikes(recording).steps).toEqual(alone.spikes(recording).steps);
    } else if (recording.kind === 'state') {
      expect(run.state(recording)).toEqual(alone.state(recording));
    } else expect(run.rate(recording)).toEqual(alone.rate(recording));
  }
}

async function compare(
  { build, vary }: Case,
  duration: string,
  options: SimulationOptions,
  seeds: readonly number[] = SEEDS,
): Promise<readonly ManyRun[]> {
  const { runs, planned } = await runMany(build, { ...options, vary, seeds, duration });
  expect(runs).toHaveLength(planned);
  expect(new Set(runs.map(({ summary }) => summary.at_once))).toEqual(new Set([planned]));
  // Otherwise nothing would be compared: all of these networks are active, and differ.
  expect(runs.every(({ summary }) => summary.spikes > 0)).toBe(true);
  const hashes = new Set(runs.map(({ summary }) => summary.spike_hash));
  expect(hashes.size).toBe(planned);
  for (const run of runs) await expectSame(run, duration, options);
  return runs;
}

describe('CPU engine', () => {
  it.each(cases.map((one) => [one.name, one] as const))(
    '%s: seeds and values',
    async (_, one) => {
      await compare(one, '60 ms', { engine: 'cpu' });
    },
    60_000,
  );

  it('two threads', async () => {
    const [brunel] = cases as [Case];
    await compare(brunel, '60 ms', { engine: 'cpu', threads: 2 });
  }, 60_000);

  it('procedural synapses', async () => {
    const cuba = cases.find(({ name }) => name === 'cuba') as Case;
    await compare(cuba, '60 ms', { engine: 'cpu', synapses: 'procedural' });
  }, 60_000);

  it('in 64 bits', async () => {
    const inputs = cases.find(({ name }) => name.startsWith('generators')) as Case;
    await compare(inputs, '40 ms', { engine: 'cpu', precision: 'f64' });
  }, 60_000);
});

describeGpu('GPU engine', (device) => {
  it.each(
    cases
      .filter(({ name }) => name === 'plastic synapses' || name.startsWith('generators'))
      .map((one) => [one.name, one] as const),
  )(
    '%s: seeds and values, and the bits of the CPU engine',
    async (_, one) => {
      const few = Object.entries(one.vary).map(([key, values]) => [key, values.slice(0, 2)]);
      const vary = Object.fromEntries(few) as Case['vary'];
      const options = { engine: 'gpu', device, strict: true } as const;
      const runs = await compare({ ...one, vary }, '20 ms', options, [2, 77]);
      const again = { vary, seeds: [2, 77], duration: '20 ms' };
      const cpu = await runMany(one.build, { ...again, engine: 'cpu' });
      expect(runs.map(({ summary }) => summary.spike_hash)).toEqual(
        cpu.runs.map(({ summary }) => summary.spike_hash),
      );
    },
    180_000,
  );
});
