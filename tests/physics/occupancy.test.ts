/** Volume transmission as neurons see it: occupancy of receptors (T17b), and what lies behind them. */
import { describe, expect, it } from 'vitest';
import {
  dopamineNuclei,
  dopamineProfiles,
  extend,
  linkFields,
  models,
  Network,
  NetworkError,
} from '../../src/index.ts';
import { type EngineCase, engines, samples, simulate } from '../support/engines.ts';
import { type BiologyCase, biologyCases, describeReference } from '../support/reference.ts';

/** Concentrations (nM), occupancies and time constants (s) of a case. */
function tableOf({ expected }: BiologyCase) {
  return expected.map(({ value, at }) => {
    const [occupancy = Number.NaN, tau = Number.NaN] = value as readonly number[];
    return { nM: at?.C?.value as number, occupancy, tau };
  });
}

describeReference('occupancy (T17b)', () => {
  it.each(engines.flatMap((engine) => biologyCases('T17b').map((one) => ({ engine, one }))))(
    '$engine.name: $one.name',
    async ({ engine, one }) => {
      const table = tableOf(one);
      const { k_on, k_off } = one.parameters as Record<string, { value: number }>;
      const rate = k_off?.value as number;
      // A fiftieth of the slowest time constant: steps are exact, and single precision has 3e-6 left of the end.
      const stepMs = Math.round((Math.max(...table.map(({ tau }) => tau)) * 1000) / 50);
      const net = new Network({ dt: `${stepMs} ms` });
      const population = net.population('receptors', table.length, {
        ...models.occupancy.with({
          concentration: { values: table.map(({ nM }) => nM), unit: 'nM' },
          ec50: `${rate / (k_on?.value as number)} nM`,
          k_off: `${rate} 1/second`,
        }),
        slow: `${stepMs} ms`,
      });
      net.record.state(population, ['occupied']);
      await simulate(net, engine, 1000 * stepMs, (simulation) => {
        for (const [k, { nM, occupancy, tau }] of table.entries()) {
          const trace = samples(simulation, 'occupied', k);
          const end = trace.at(-1) as number;
          expect(Math.abs(end - occupancy), `${nM} nM`).toBeLessThan(1e-5);
          // From nothing: 1 - exp(-t/tau), read where half to nearly all of the way is gone.
          const step = Math.max(1, Math.round((tau * 1000) / stepMs));
          const found = (-step * stepMs) / 1000 / Math.log1p(-(trace[step] as number) / end);
          // 1e-5 s as printed, with half of the last digit; 24 bits cannot say more of 100 s than 1e-5 of them.
          const allowed = engine.isDouble ? 1e-5 : Math.max(1e-5, 1e-5 * tau);
          expect(Math.abs(found - tau), `${nM} nM, tau ${found}`).toBeLessThan(allowed + 5e-6);
        }
      });
    },
  );
});

/** EC50 of both receptors of a profile, nM, and occupancies at 10 and 100 nM as the specification tabulates them. */
const tabulated = [
  { name: 'ejdrup2024', d1: [0.0099, 0.0909], d2: [0.588, 0.935] },
  { name: 'dreyer2014', d1: [0.0099, 0.0909], d2: [0.0099, 0.0909] },
  { name: 'hunger2020', d1: [0.0062, 0.0588], d2: [0.286, 0.8] },
] as const;

describe('D1 and D2 of a profile', () => {
  it.each(engines.flatMap((engine) => tabulated.map((one) => ({ engine, one }))))(
    '$engine.name: $one.name at 10 and 100 nM',
    async ({ engine, one }) => {
      const net = new Network({ dt: '5 s' });
      const options = models.dopamineOccupancy.with({
        ...dopamineProfiles[one.name],
        dopamine: { values: [10, 100], unit: 'nM' },
      });
      const initial = { ...options.initial, occ_d1: 0, occ_d2: 0 };
      net.population('receptors', 2, { ...options, slow: '5 s', initial });
      await simulate(net, engine, 4_000_000, async (simulation) => {
        for (const receptor of ['d1', 'd2'] as const) {
          const values = await simulation.get('receptors', `occ_${receptor}`);
          for (const k of [0, 1]) {
            // The table has three to four digits.
            expect(Math.abs((values[k] as number) - (one[receptor][k] as number))).toBeLessThan(
              6e-4,
            );
          }
        }
      });
    },
  );

  it.each(engines)('$name: starts in equilibrium and stays there', async (engine) => {
    const net = new Network({ dt: '10 ms' });
    net.population('receptors', 1, { ...models.dopamineOccupancy.with(), slow: '10 ms' });
    await simulate(net, engine, 2000, async (simulation) => {
      const [d1, d2] = await Promise.all(
        ['occ_d1', 'occ_d2'].map((name) => simulation.get('receptors', name)),
      );
      expect(Math.abs((d1?.[0] as number) - 10 / 1010)).toBeLessThan(1e-5);
      expect(Math.abs((d2?.[0] as number) - 10 / 17)).toBeLessThan(1e-5);
    });
  });
});

describe('linkFields', () => {
  it.each(engines)(
    '$name: reads a parameter from a field, and starts from its resting value',
    async (engine) => {
      const net = new Network({ dt: '1 ms' });
      net.field('striatum', {
        grid: [2, 2, 2],
        spacing: '20 um',
        every: '10 ms',
        eqs: 'C : mM',
        diffusion: { C: '763 um**2/second' },
        initial: { C: '100*nM' },
      });
      net.population('msn', 1, {
        ...linkFields(models.dopamineOccupancy.with(), { dopamine: 'striatum.C' }),
        positions: { box: ['40 um', '40 um', '40 um'] },
      });
      await simulate(net, engine, 1000, async (simulation) => {
        expect((await simulation.get('msn', 'dopamine'))[0]).toBeCloseTo(1e-4, 8);
        const [d1] = await simulation.get('msn', 'occ_d1');
        // After 20 time constants.
        expect(Math.abs((d1 as number) - 0.090909)).toBeLessThan(1e-4);
      });
    },
  );

  it('refuses what is no parameter', () => {
    const options = models.dopamineOccupancy.with();
    expect(() => linkFields(options, { dopamin: 'a.C' })).toThrow(NetworkError);
    expect(() => linkFields(options, { dopamin: 'a.C' })).toThrow(/Did you mean "dopamine"/);
    expect(() => linkFields(options, { dopamine: 'a' })).toThrow(TypeError);
    expect(() => linkFields(null as never, {})).toThrow(TypeError);
  });
});

describeReference('tonic level with autoreceptors (T16b)', () => {
  it.each(engines)('$name', async (engine) => {
    const cases = biologyCases('T16b');
    const row = (name: string, unit: string) => ({
      values: cases.map(({ parameters }) => parameters?.[name]?.value as number),
      unit,
    });
    const net = new Network({ dt: '10 ms' });
    net.population(
      'terminals',
      cases.length,
      models.dopamineTerminal.with({
        rate: row('nu', 'Hz'),
        gamma: row('gamma', 'nM'),
        vmax_dat: row('Vmax', 'nM/second'),
        km_dat: row('Km', 'nM'),
        gain_auto: row('autoreceptor_gain', '1'),
        ec50_auto: row('autoreceptor_EC50', 'nM'),
      }),
    );
    await simulate(net, engine, 60_000, async (simulation) => {
      const da = await simulation.get('terminals', 'da');
      for (const [k, { name, expected }] of cases.entries()) {
        const error = ((da[k] as number) * 1e6) / (expected[0]?.value as number) - 1;
        // 0.1 % is asked for.
        expect(Math.abs(error), name).toBeLessThan(engine.isDouble ? 1e-6 : 1e-4);
      }
    });
  });

  it('has the parameters of both nuclei', async () => {
    for (const [nucleus, level] of [
      ['ventralTegmentalArea', 55.50327],
      ['substantiaNigra', 42.72292],
    ] as const) {
      const net = new Network({ dt: '10 ms' });
      net.population('terminals', 1, models.dopamineTerminal.with(dopamineNuclei[nucleus]));
      await simulate(net, engines[0] as EngineCase, 60_000, async (simulation) => {
        const [da] = await simulation.get('terminals', 'da');
        expect(Math.abs(((da as number) * 1e6) / level - 1)).toBeLessThan(1e-6);
      });
    }
  });
});

describe('competition', () => {
  it.each(engines)(
    '$name: settles at the law of Gaddum, and activity at efficacy',
    async (engine) => {
      const drugs = [0, 10, 100, 1000];
      const net = new Network({ dt: '500 ms' });
      const population = net.population('receptors', 4, {
        ...models.competition.with({
          concentration: '20 nM',
          ec50: '7 nM',
          k_off: '0.2 1/second',
          drug: { values: drugs, unit: 'nM' },
          efficacy: 0.4,
        }),
        slow: '500 ms',
      });
      net.record.state(population, ['occupied', 'drugged', 'activity'], { every: '10 s' });
      await simulate(net, engine, 200_500, (simulation) => {
        for (const [k, drug] of drugs.entries()) {
          const end = (name: string) => samples(simulation, name, k).at(-1) as number;
          const gaddum = 20 / (20 + 7 * (1 + drug / 10));
          const drugged = drug / (drug + 10 * (1 + 20 / 7));
          expect(Math.abs(end('occupied') - gaddum), `${drug} nM`).toBeLessThan(1e-5);
          expect(Math.abs(end('drugged') - drugged), `${drug} nM`).toBeLessThan(1e-5);
          expect(Math.abs(end('activity') - gaddum - 0.4 * drugged)).toBeLessThan(1e-5);
        }
      });
    },
  );
});

describe('second messenger', () => {
  /** Occupancies of both receptors, and cyclic AMP behind each, in one population. */
  const cell = extend(models.dopamineOccupancy, [models.cyclicAmpD1, models.cyclicAmpD2]);

  it.each(engines)('$name: cyclic AMP settles at the cyclase over the esterase', async (engine) => {
    const dopamine = [0, 20, 100, 1000];
    const net = new Network({ dt: '100 ms' });
    const options = cell.with({
      dopamine: { values: dopamine, unit: 'nM' },
      threshold_d2: 0.9,
    });
    const population = net.population('cells', 4, { ...options, slow: '100 ms' });
    net.record.state(population, ['camp_d1', 'camp_d2'], { every: '1 s' });
    await simulate(net, engine, 150_100, (simulation) => {
      for (const [k, C] of dopamine.entries()) {
        const d1 = Math.max(0, C / (C + 1000) - 0.04);
        const d2 = Math.max(0, 0.9 - C / (C + 7));
        for (const [name, drive] of [
          ['camp_d1', d1],
          ['camp_d2', d2],
        ] as const) {
          const end = samples(simulation, name, k).at(-1) as number;
          // gain/k_pde is 300; the occupancy is good to 1e-5.
          expect(Math.abs(end - 300 * drive), `${name} at ${C} nM`).toBeLessThan(5e-3);
        }
      }
    });
  });

  it.each(engines)('$name: D1 answers a burst of dopamine, D2 a pause', async (engine) => {
    const net = new Network({ dt: '1 ms' });
    // A tonic level, a burst of half a second, a pause of two seconds.
    const level = [...Array(8).fill(15), 200, ...Array(7).fill(15), 1, 1, 1, 1, 15, 15, 15, 15];
    net.timedArray('dopamine_of', { dt: '500 ms', unit: 'nM', values: level });
    const cell = models.dopamineOccupancy.with({}, { dopamine: 'dopamine_of(t)' });
    const initial = { occ_d1: 15 / 1015, occ_d2: 15 / 22 };
    const population = net.population('cells', 1, { ...cell, slow: '10 ms', initial });
    net.record.state(population, ['occ_d1', 'occ_d2'], { every: '10 ms' });
    await simulate(net, engine, 11_990, (simulation) => {
      const [d1, d2] = ['occ_d1', 'occ_d2'].map((name) => samples(simulation, name)) as [
        Float64Array,
        Float64Array,
      ];
      const at = (trace: Float64Array, ms: number): number => trace[ms / 10] as number;
      // In 50 ms D1 is where 200 nM have it, D2 goes up by some; in the pause D2 falls, D1 has little to lose.
      expect(at(d1, 4450) / at(d1, 3990)).toBeGreaterThan(10);
      expect(at(d2, 4450) - at(d2, 3990)).toBeGreaterThan(0.15);
      expect(at(d2, 9990) - at(d2, 7990)).toBeLessThan(-0.15);
      expect(Math.abs(at(d1, 9990) - at(d1, 7990))).toBeLessThan(0.02);
      // Exact steps: the closed form of the pause.
      const tau = 1 / (0.2 * (1 / 7 + 1));
      const end = 1 / 8;
      const wanted = end + (at(d2, 8000) - end) * Math.exp(-1.5 / tau);
      expect(Math.abs(at(d2, 9500) - wanted)).toBeLessThan(1e-4);
    });
  });
});

describe('modulation', () => {
  it.each(engines)('$name: a conductance follows the occupancy', async (engine) => {
    const neuron = extend(extend(models.adex, models.dopamineOccupancy), models.modulation, {
      supplies: ['g_leak'],
      replace: { modulated: 'g_leak', base: 'g_leak_0', level: 'occ_d2', max_mod: 'max_leak' },
    });
    const net = new Network({ dt: '0.1 ms' });
    const dopamine = { values: [0, 7, 63], unit: 'nM' };
    const cells = net.population('cells', 3, {
      ...neuron.with({ dopamine, g_leak_0: '30 nS', max_leak: 0.5, i_offset: '100 pA', a: '0 nS' }),
      slow: '10 ms',
    });
    net.record.state(cells, ['g_leak', 'v'], { every: '10 ms' });
    await simulate(net, engine, 500, (simulation) => {
      for (const [k, occupied] of [0, 0.5, 0.9].entries()) {
        const g = 30 * (1 + occupied * (0.5 - 1));
        expect(Math.abs((samples(simulation, 'g_leak', k).at(-1) as number) - g)).toBeLessThan(
          1e-3,
        );
        // The current over the leak, and what the exponential adds at -66 mV: little.
        const v = samples(simulation, 'v', k).at(-1) as number;
        expect(Math.abs(v + 70.6 - 100 / g)).toBeLessThan(0.05);
      }
    });
  });
});

describe('modulated synapses', () => {
  it.each(engines)('$name: strength and failures follow both transmitters', async (engine) => {
    const net = new Network({ dt: '1 ms', seed: 5 });
    const spikes = 50;
    const source = net.spikeList('source', 1, {
      indices: Array(spikes).fill(0),
      timesMs: Array.from({ length: spikes }, (_, k) => k),
    });
    const cells = net.population('cells', 400, {
      eqs: 'g : siemens\noccupied = 0.5 : 1',
    });
    const options = models.modulatedSynapse.with(
      {
        fail: 0.4,
        max_mod_da: 2,
        fail_mod_da: 0.5,
        level_ach: 0.25,
        max_mod_ach: 0.2,
        fail_mod_ach: 3,
      },
      { g_exc: 'g', level_da: 'occupied' },
    );
    net
      .projection('p', source, cells, { ...options, initial: { weight: '1 nS' } })
      .connect({ rule: 'all-to-all' });
    await simulate(net, engine, spikes + 1, async (simulation) => {
      const g = await simulation.get('cells', 'g');
      const strength = 1.5 * (1 + 0.25 * (0.2 - 1));
      const failures = 0.4 * 0.75 * (1 + 0.25 * (3 - 1));
      const mean = g.reduce((sum, x) => sum + x, 0) / 400 / spikes / strength;
      // Four standard errors of 20,000 draws.
      const error = 4 * Math.sqrt((failures * (1 - failures)) / (400 * spikes));
      expect(Math.abs(mean - (1 - failures))).toBeLessThan(error);
      // Whole releases only.
      for (const x of g)
        expect(Math.abs(x / strength - Math.round(x / strength))).toBeLessThan(1e-4);
    });
  });
});
