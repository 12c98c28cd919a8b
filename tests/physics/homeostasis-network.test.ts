/**
 * The `homeostasis` example at a small size: a block that regulation makes up for, one that it answers with a
 * pathological rhythm, one that begins with an outburst; where it settles does not depend on the acceleration; the same
 * spikes on every engine. Statistics over seeds: such networks are chaotic.
 */
import { describe, expect, it } from 'vitest';
import { examples } from '../../src/examples/index.ts';
import {
  createSimulation,
  meanCvIsi,
  models,
  Network,
  type NetworkDocument,
  type Simulation,
  type Spikes,
} from '../../src/index.ts';
import { type EngineCase, engines, simulate, singleEngines } from '../support/engines.ts';

const cpu32 = engines[1] as EngineCase;
const SEEDS = [1, 2, 3];
/** Block at 20 s; slow time constants are 5 s of the network's time at this acceleration. */
const FAST = { neurons: 700, acceleration: 720, at: '20 s' } as const;
const END = 200;
const SAMPLE_MS = 5;

/** The example's network, with the potential of 80 excitatory neurons recorded. */
function networkOf(values: Readonly<Record<string, string | number>>, seed: number) {
  const document = examples.homeostasis?.build(values, { seed });
  if (document === undefined) throw new Error('no example homeostasis');
  const size = document.populations[0]?.size ?? 0;
  const neurons = Array.from({ length: 80 }, (_, k) => Math.floor((k * size) / 80));
  const potential: NetworkDocument['recordings'][number] = {
    kind: 'state',
    name: 'potential',
    target: { population: 'excitatory' },
    variables: ['v'],
    neurons,
    every: `${SAMPLE_MS} ms`,
  };
  return { ...document, recordings: [...document.recordings, potential] };
}

/** What excitatory neurons did between two times in s. */
interface Activity {
  readonly rate: number;
  readonly cv: number;
  /** Golomb's synchrony: variance of the mean potential over the mean variance of potentials, 1/80 for independent ones. */
  readonly chi2: number;
  /** Times in which a fifth of all neurons fire within 10 ms, per second. */
  readonly bursts: number;
}

function activity(simulation: Simulation, from: number, to: number): Activity {
  const { dtMs, document } = simulation;
  const size = document.populations[0]?.size ?? 0;
  const all = simulation.spikes(document.recordings[0]?.name);
  const kept = [...all.steps.keys()].filter((k) => {
    const second = ((all.steps[k] as number) * dtMs) / 1000;
    return second >= from && second < to;
  });
  const spikes: Spikes = {
    steps: Uint32Array.from(kept, (k) => all.steps[k] as number),
    neurons: Uint32Array.from(kept, (k) => all.neurons[k] as number),
  };
  return {
    rate: kept.length / size / (to - from),
    cv: meanCvIsi(spikes, size, dtMs) ?? Number.NaN,
    chi2: synchrony(simulation, from, to),
    bursts: burstCount(spikes, size, dtMs) / (to - from),
  };
}

function burstCount(spikes: Spikes, size: number, dtMs: number): number {
  const counts = new Map<number, number>();
  for (const step of spikes.steps) {
    const bin = Math.floor((step * dtMs) / 10);
    counts.set(bin, (counts.get(bin) ?? 0) + 1);
  }
  const isBurst = (bin: number): boolean => (counts.get(bin) ?? 0) > 0.2 * size;
  return [...counts.keys()].filter((bin) => isBurst(bin) && !isBurst(bin - 1)).length;
}

function synchrony(simulation: Simulation, from: number, to: number): number {
  const { values, timesMs } = simulation.state('potential');
  const v = values.v as Float64Array;
  const count = v.length / timesMs.length;
  const first = (from * 1000) / SAMPLE_MS;
  const length = ((to - from) * 1000) / SAMPLE_MS;
  const mean = new Float64Array(length);
  let single = 0;
  for (let neuron = 0; neuron < count; neuron++) {
    const start = neuron * timesMs.length + first;
    const own = v.subarray(start, start + length);
    single += variance(own) / count;
    for (let k = 0; k < length; k++) mean[k] = (mean[k] as number) + (own[k] as number) / count;
  }
  return variance(mean) / single;
}

function variance(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
}

const mean = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

/** Before the block, in the ten seconds after it, and when regulation has done what it can; for every seed. */
async function courses(values: Readonly<Record<string, string | number>>, seeds = SEEDS) {
  const found: { before: Activity; early: Activity; late: Activity; growth: number }[] = [];
  for (const seed of seeds) {
    const document = networkOf({ ...FAST, ...values }, seed);
    const course = await simulate(document, cpu32, 20_000, async (simulation) => {
      const channels = mean(await simulation.get('excitatory', 'g_in'));
      await simulation.run(`${END - 20} s`);
      return {
        before: activity(simulation, 5, 20),
        early: activity(simulation, 20, 30),
        late: activity(simulation, END - 40, END),
        growth: mean(await simulation.get('excitatory', 'g_in')) / channels,
      };
    });
    found.push(course);
  }
  return found;
}

const TARGET_HZ = 5;

describe('a blocked channel', () => {
  it('mild block of the inward current: silence, then the old activity', async () => {
    for (const { before, early, late, growth } of await courses({ factor: 0.6 })) {
      // Measured 5.1 and 5.0 Hz, CV 0.40 and 0.41, chi² 0.013.
      expect(Math.abs(before.rate / TARGET_HZ - 1)).toBeLessThan(0.05);
      expect(before.chi2).toBeLessThan(0.03);
      expect(before.bursts).toBeLessThan(0.1);
      expect(early.rate).toBeLessThan(0.2 * TARGET_HZ);
      expect(Math.abs(late.rate / TARGET_HZ - 1)).toBeLessThan(0.02);
      expect(Math.abs(late.cv - before.cv)).toBeLessThan(0.05);
      expect(late.chi2).toBeLessThan(0.03);
      expect(late.bursts).toBeLessThan(0.2);
      // The current itself is restored: 1.65 x 0.6 = 0.99 of it, together with more receptors.
      expect(growth).toBeGreaterThan(1.4);
      expect(growth).toBeLessThan(1.9);
    }
  });

  it('strong block: the rate comes back as synchronous bursts', async () => {
    for (const { before, early, late, growth } of await courses({ factor: 0.2 })) {
      expect(before.bursts).toBeLessThan(0.1);
      expect(early.rate).toBeLessThan(0.01);
      // The controllers are content …
      expect(Math.abs(late.rate / TARGET_HZ - 1)).toBeLessThan(0.12);
      // … with another rhythm: measured 1.4 bursts per second, chi² 0.54, CV 1.3.
      expect(late.bursts).toBeGreaterThan(0.8);
      expect(late.chi2).toBeGreaterThan(0.3);
      expect(late.cv).toBeGreaterThan(2 * before.cv);
      expect(growth).toBeGreaterThan(2.3);
    }
  });

  it('full block of the potassium current: an outburst, then the old rate, less regular', async () => {
    for (const { before, early, late, growth } of await courses(
      { channel: 'potassium', factor: 0 },
      [1],
    )) {
      expect(early.rate).toBeGreaterThan(2 * TARGET_HZ);
      expect(Math.abs(late.rate / TARGET_HZ - 1)).toBeLessThan(0.02);
      expect(late.chi2).toBeLessThan(0.03);
      expect(late.cv).toBeGreaterThan(1.5 * before.cv);
      expect(growth).toBeLessThan(0.85);
    }
  });

  it('one that ends is forgotten', async () => {
    const document = networkOf({ ...FAST, factor: 0.6, until: '40 s' }, 1);
    await simulate(document, cpu32, 130_000, async (simulation) => {
      const channels = mean(await simulation.get('excitatory', 'g_in')) * 1e3;
      expect(Math.abs(channels / (0.4 * 0.88) - 1)).toBeLessThan(0.03);
      expect(Math.abs(activity(simulation, 110, 130).rate / TARGET_HZ - 1)).toBeLessThan(0.03);
    });
  });
});

describe('regulation', () => {
  it('settles in the same place when it runs five times slower', async () => {
    const [quick = [], slow = []] = await Promise.all(
      [720, 144].map((acceleration) => {
        const values = { ...FAST, neurons: 400, factor: 0.6, acceleration, at: '1 s' };
        const seconds = (150 * 720) / acceleration;
        return simulate(networkOf(values, 1), cpu32, seconds * 1000, (simulation) =>
          Promise.all(
            ['g_in', 'g_kca', 'g_ampa'].map(async (name) =>
              mean(await simulation.get('excitatory', name)),
            ),
          ),
        );
      }),
    );
    for (const [k, value] of quick.entries()) {
      expect(Math.abs(value / (slow[k] as number) - 1)).toBeLessThan(0.01);
    }
    // All three conductances are made from equal mRNA: the ratios are those of translation, 0.4 : 0.5 : 1.
    expect((quick[1] as number) / (quick[0] as number)).toBeCloseTo(1.25, 4);
    expect((quick[2] as number) / (quick[0] as number)).toBeCloseTo(2.5, 4);
  });

  it.each(engines)('$name: mean calcium measures the rate', async (engine) => {
    const net = new Network({ dt: '0.1 ms', seed: 1 });
    const model = models.lifCalcium.with({ i_offset: '300 pA' });
    const neurons = net.population('neurons', 4, {
      ...model,
      eqs: `${model.eqs}\ndmean_ca/dt = (mean(ca) - mean_ca)/(4*second) : mmolar (slow)`,
      initial: { ...model.initial, mean_ca: '0.3*uM' },
    });
    net.record.spikes(neurons);
    await simulate(net, engine, 20_000, async (simulation) => {
      const hertz = simulation.spikes().steps.filter((step) => step >= 100_000).length / 40;
      const [calcium = 0] = await simulation.get('neurons', 'mean_ca');
      // ca_rest + ca_spike tau_ca rate; the low-pass has kept exp(-5) of where it began.
      expect(Math.abs((calcium * 1e3) / (0.05 + 0.1 * 0.2 * hertz) - 1)).toBeLessThan(0.01);
    });
  });

  it.each(singleEngines.slice(1))(
    '$name: the spikes are those of the CPU engine',
    async (engine) => {
      const document = networkOf({ neurons: 200, at: '300 ms', factor: 0.2 }, 1);
      const run = (one: EngineCase) =>
        simulate(document, one, 600, async (simulation) => [
          await simulation.spikeHash(),
          await simulation.get('excitatory', 'g_ampa'),
        ]);
      expect(await run(engine)).toEqual(await run(cpu32));
    },
  );

  it('one and two threads give the same spikes, and the summary says how slow time ran', async () => {
    const document = networkOf({ neurons: 200, at: '300 ms', factor: 0.2 }, 1);
    const runs = await Promise.all(
      [1, 2].map(async (threads) => {
        using simulation = await createSimulation(document, { engine: 'cpu', threads });
        await simulation.run('600 ms');
        const { slow_time: slow, spikes } = simulation.summary();
        expect(spikes).toBeGreaterThan(100);
        expect(slow).toEqual([{ name: 'excitatory', acceleration: 360, duration_s: 216 }]);
        return simulation.spikeHash();
      }),
    );
    expect(runs[0]).toBe(runs[1]);
  });
});
