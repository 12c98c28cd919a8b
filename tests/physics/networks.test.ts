/**
 * Rates of the published networks. Chaotic, so statistics only: means over seeds against ensembles of independent f64
 * programs (CUBA, COBA, Brunel C, Izhikevich) and published rates (microcircuit).
 */
import { describe, expect, it } from 'vitest';
import { examples } from '../../src/examples/index.ts';
import {
  coefficientOfVariation,
  interSpikeIntervals,
  type NetworkDocument,
  populationFanoFactor,
  type Simulation,
} from '../../src/index.ts';
import { type EngineCase, engines, simulate } from '../support/engines.ts';
import { biologyCases, describeReference, reference } from '../support/reference.ts';

const cpu: EngineCase = {
  name: 'CPU f32',
  options: { engine: 'cpu' },
  isDouble: false,
};

/** Runs an example on the CPU engine and hands over the finished simulation. */
function run<T>(
  name: string,
  values: Readonly<Record<string, string | number>>,
  seed: number,
  durationMs: number,
  look: (simulation: Simulation) => T,
): Promise<T> {
  const document = examples[name]?.build(values, { seed });
  if (document === undefined) throw new Error(`no example ${name}`);
  return simulate(document, cpu, durationMs, look);
}

/** Rate of each population, Hz, from `fromMs` to the end. */
function ratesOf(simulation: Simulation, fromMs: number): number[] {
  const { steps, neurons } = simulation.allSpikes();
  return simulation.populations.map(({ first, size }) => {
    let spikes = 0;
    for (const [k, neuron] of neurons.entries()) {
      const isHere = neuron >= first && neuron < first + size;
      if (isHere && (steps[k] as number) * simulation.dtMs >= fromMs) spikes++;
    }
    return (1000 * spikes) / size / (simulation.timeMs - fromMs);
  });
}

/** What the reference ensembles measured, for one population whose first 80 % are excitatory. */
function ensembleMeasures(simulation: Simulation, fromMs: number): Record<string, number> {
  const size = simulation.populations[0]?.size ?? 0;
  const { dtMs } = simulation;
  const first = Math.round(fromMs / dtMs);
  const all = simulation.spikes();
  const start = all.steps.findIndex((step) => step >= first);
  const spikes = {
    steps: all.steps.subarray(start).map((step) => step - first),
    neurons: all.neurons.subarray(start),
  };
  const totalSteps = simulation.step - first;
  const seconds = (totalSteps * dtMs) / 1000;
  const excitatory = 0.8 * size;
  const fromExcitatory = spikes.neurons.filter((neuron) => neuron < excitatory).length;
  const intervals = interSpikeIntervals(spikes, size, dtMs);
  // Neurons with at least five spikes, as the published ensembles.
  const variations = intervals.filter((list) => list.length >= 4).map(coefficientOfVariation);
  return {
    rate_exc: fromExcitatory / excitatory / seconds,
    rate_inh: (spikes.neurons.length - fromExcitatory) / (size - excitatory) / seconds,
    rate_all: spikes.neurons.length / size / seconds,
    mean_isi_cv: mean(variations),
    fano_population_1ms: populationFanoFactor(spikes, { size, totalSteps, dtMs, binMs: 1 }),
    neurons_silent_fraction: 1 - new Set(spikes.neurons).size / size,
  };
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

describeReference('ensembles of independent f64 programs', () => {
  interface Ensemble {
    readonly case: string;
    readonly [measure: string]: unknown;
  }
  it.each([
    ['cuba', 'brette2007_CUBA', [1, 2, 3, 4, 5], 200, 5.57, 0.6],
    ['coba', 'brette2007_COBA', [1, 2, 3, 4, 5], 200, 19.7, 3],
    ['brunel', 'brunel2000_C_AI', [1], 300, 37.9, 1],
  ] as const)('%s', async (name, title, seeds, fromMs, rate, tolerance) => {
    const { results } = reference<{ results: readonly Ensemble[] }>(
      'network_ensembles_own_float64.json',
    );
    const ensemble = results.find((result) => result.case === title) as Ensemble;
    const found: Record<string, number>[] = [];
    for (const seed of seeds) {
      found.push(
        await run(name, {}, seed, 1000, (simulation) => ensembleMeasures(simulation, fromMs)),
      );
    }
    const average = (measure: string): number =>
      mean(found.map((measures) => measures[measure] as number));
    expect(Math.abs(average('rate_all') - rate)).toBeLessThan(tolerance);
    for (const measure of Object.keys(found[0] ?? {})) {
      const [expected, sd] = [ensemble[`${measure}_mean`], ensemble[`${measure}_sd`]] as number[];
      const difference = Math.abs(average(measure) - (expected as number));
      // Three standard deviations; the ensemble of Brunel's network has only three members, so a little more.
      const allowed = (name === 'brunel' ? 5 : 3) * (sd as number);
      expect(difference, `${measure}: ${average(measure)}`).toBeLessThanOrEqual(allowed);
    }
  });
});

describe('other networks', () => {
  it('izhikevich: 7.5 ± 0.6 Hz (excitatory) over 5 seeds', async () => {
    const found: number[][] = [];
    for (const seed of [1, 2, 3, 4, 5]) {
      found.push(await run('izhikevich', {}, seed, 4000, (simulation) => ratesOf(simulation, 0)));
    }
    const excitatory = found.map(([rate]) => rate as number);
    const inhibitory = found.map(([, rate]) => rate as number);
    expect(Math.abs(mean(excitatory) - 7.5), excitatory.join(', ')).toBeLessThan(0.6);
    expect(Math.abs(mean(inhibitory) - 6.9), inhibitory.join(', ')).toBeLessThan(0.6);
  });

  it('brunel, a smaller network: four regimes', async () => {
    const measure = (panel: string) =>
      run('brunel', { case: panel, scale: 0.2 }, 1, 500, (simulation) => {
        return ensembleMeasures(simulation, 200) as { rate_all: number; mean_isi_cv: number };
      });
    const [a, b, c, d] = [
      await measure('A'),
      await measure('B'),
      await measure('C'),
      await measure('D'),
    ];
    // A: clocks at a high rate. B and C: irregular. D: driven below threshold, hardly active.
    expect(a.rate_all).toBeGreaterThan(200);
    expect(a.mean_isi_cv).toBeLessThan(0.05);
    expect(b.mean_isi_cv).toBeGreaterThan(0.4);
    expect(c.mean_isi_cv).toBeGreaterThan(0.3);
    expect(c.rate_all).toBeLessThan(b.rate_all);
    expect(d.rate_all).toBeLessThan(c.rate_all / 2);
  });

  it('brunel, a network twice as large: the rate of the published size', async () => {
    // Sources are dealt out at random here, so in-degrees and with them rates have a spread. The mean rate of the 5,000
    // inhibitory neurons is therefore some 1 % from that of the others, one way or the other by seed, and moves the rate
    // of all by about 1 Hz; four times that is allowed. 37.9 Hz at scale 1, where in-degrees are equal.
    const { rate_all: rate = 0 } = await run('brunel', { scale: 2 }, 1, 400, (simulation) =>
      ensembleMeasures(simulation, 200),
    );
    expect(Math.abs(rate - 37.9)).toBeLessThan(4);
  });

  it.each([2000, 10_000])('vogels-abbott, %i neurons: the self-consistent rate', async (size) => {
    // Mean input at rate r (per ms), the same for every size: v goes to -49 mV + R*(64*4 pA*5 ms - 16*51 pA*10 ms)*r with
    // R = 20 ms/1 nF, and r = 1/(5 ms + 20 ms*ln((v + 60 mV)/(v + 50 mV))).
    const drive = 0.02 * (64 * 4 * 5 - 16 * 51 * 10);
    let [low, high] = [0, 1 / -drive];
    for (let k = 0; k < 60; k++) {
      const rate = (low + high) / 2;
      const above = 1 + drive * rate;
      if (1 / (5 + 20 * Math.log((above + 10) / above)) > rate) low = rate;
      else high = rate;
    }
    const expected = 1000 * low;
    expect(expected).toBeCloseTo(7.16, 1);
    const { rate_exc: excitatory = 0, rate_inh: inhibitory = 0 } = await run(
      'vogels-abbott',
      { neurons: size },
      1,
      1500,
      (simulation) => ensembleMeasures(simulation, 500),
    );
    // Fluctuations, which the formula leaves out, add a few per cent, the more the smaller the network.
    for (const rate of [excitatory, inhibitory]) {
      expect(rate / expected).toBeGreaterThan(0.97);
      expect(rate / expected).toBeLessThan(size < 10_000 ? 1.15 : 1.06);
    }
  });

  it('flywire-like: the published load, and most of the brain at rest', async () => {
    await run('flywire-like', {}, 1, 250, (simulation) => {
      const { spikes, populations } = simulation.summary();
      // 0.01 to 0.02 million spikes per second are asked for; 12,400 are found, of which 4,200 are driven.
      expect(spikes / 0.25).toBeGreaterThan(10_000);
      expect(spikes / 0.25).toBeLessThan(20_000);
      const active = new Set(simulation.spikes('brain spikes').neurons).size;
      // The sugar experiment at 200 Hz has 448 active neurons.
      expect(active).toBeGreaterThan(250);
      expect(active).toBeLessThan(700);
      expect(populations[0]?.size).toBe(138_639);
    });
  });

  it('cobahh: fires, and neither dies nor runs away', async () => {
    const [rate = 0] = await run('cobahh', {}, 1, 300, (simulation) => ratesOf(simulation, 0));
    expect(rate).toBeGreaterThan(10);
    expect(rate).toBeLessThan(100);
  });
});

const isFull = process.env.WETWARE_FULL === '1';
if (!isFull) {
  process.stderr.write(
    '\n!!! The microcircuit at full scale is not tested: it takes a minute or two. WETWARE_FULL=1 tests it.\n\n',
  );
}

describeReference('microcircuit at full scale', () => {
  it.runIf(isFull)(
    '298,880,968 synapses, and the published rates',
    { timeout: 3_600_000 },
    async () => {
      const { synapses_total, reference_rates_hz } = reference<{
        synapses_total: number;
        reference_rates_hz: { PyNEST_full_scale_one_run: readonly number[] };
      }>('potjans_diesmann_2014.json');
      const published = reference_rates_hz.PyNEST_full_scale_one_run;
      const found = await run('microcircuit', { scale: 1 }, 1, 2500, (simulation) => {
        expect(simulation.summary().synapses).toBe(synapses_total);
        return ratesOf(simulation, 500);
      });
      const errors = found.map((rate, k) => Math.abs(rate / (published[k] as number) - 1));
      expect(Math.max(...errors), found.map((rate) => rate.toFixed(3)).join(', ')).toBeLessThan(
        0.15,
      );
    },
  );
});

describeReference('microcircuit at scale 0.1 (TN4)', () => {
  it('every population within 25 % of the published full-scale rate', async () => {
    const published = biologyCases('TN4')[0]?.expected[0]?.value as readonly number[];
    const found = await run('microcircuit', { scale: 0.1 }, 1, 2500, (simulation) =>
      ratesOf(simulation, 500),
    );
    const errors = found.map((rate, k) => Math.abs(rate / (published[k] as number) - 1));
    expect(Math.max(...errors), found.map((rate) => rate.toFixed(3)).join(', ')).toBeLessThan(0.25);
  });
});

describeReference('TN1 to TN3, by seed', () => {
  const fast = engines.filter(({ options }) => options.engine === 'cpu');
  const expectedOf = (id: string, beginning: string): number | readonly number[] => {
    const rows = biologyCases(id).flatMap(({ expected }) => expected);
    const found = rows.find(({ quantity }) => quantity.startsWith(beginning));
    if (found === undefined) throw new Error(`${id} has no ${beginning}`);
    return found.value;
  };

  it.each(
    fast.flatMap((engine) =>
      (
        [
          ['TN1', 'cuba', 0.6],
          ['TN2', 'coba', 2],
        ] as const
      ).map(([id, name, allowed]) => ({ engine, id, name, allowed })),
    ),
  )('$engine.name, $id: $name, mean over 5 seeds', async ({ engine, id, name, allowed }) => {
    const found: number[] = [];
    for (const seed of [1, 2, 3, 4, 5]) {
      const document = examples[name]?.build({}, { seed }) as NetworkDocument;
      found.push((await simulate(document, engine, 1000, (run) => ratesOf(run, 0)))[0] as number);
    }
    const expected = expectedOf(id, 'mean over 5 seeds') as number;
    process.stdout.write(`${id} ${engine.name}: ${found.map((x) => x.toFixed(3)).join(', ')} Hz\n`);
    expect(Math.abs(mean(found) - expected), found.join(', ')).toBeLessThan(allowed);
  });

  it.each(fast)('$name, TN3: each of four seeds', async (engine) => {
    for (const seed of [1, 2, 3, 4]) {
      const document = examples.izhikevich?.build({}, { seed }) as NetworkDocument;
      const found = await simulate(document, engine, 4000, (run) => ratesOf(run, 0));
      for (const [k, kind] of ['excitatory', 'inhibitory'].entries()) {
        // The seeds of the reference are another program's: each of ours beside their mean.
        const expected = mean(expectedOf('TN3', `${kind} rate`) as readonly number[]);
        const error = Math.abs((found[k] as number) - expected);
        expect(error, `seed ${seed}, ${kind}: ${found[k]}`).toBeLessThan(0.6);
      }
      process.stdout.write(`TN3 ${engine.name}: ${found.map((x) => x.toFixed(3)).join(', ')} Hz\n`);
    }
  });
});
