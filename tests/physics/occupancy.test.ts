/** Volume transmission as neurons see it: occupancy of receptors (T17b), and what lies behind them. */
import { describe, expect, it } from 'vitest';
import { dopamineProfiles, linkFields, models, Network, NetworkError } from '../../src/index.ts';
import { engines, samples, simulate } from '../support/engines.ts';
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
          expect(Math.abs(found / tau - 1), `${nM} nM, tau`).toBeLessThan(1e-3);
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
  it('reads a parameter from a field, and starts from its resting value', async () => {
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
    await simulate(
      net,
      { name: '', options: { engine: 'cpu' }, isDouble: false },
      1000,
      async (s) => {
        const dopamine = await s.get('msn', 'dopamine');
        expect(dopamine[0]).toBeCloseTo(1e-4, 8);
        const [d1] = await s.get('msn', 'occ_d1');
        // After 20 time constants.
        expect(Math.abs((d1 as number) - 0.090909)).toBeLessThan(1e-4);
      },
    );
  });

  it('refuses what is no parameter', () => {
    const options = models.dopamineOccupancy.with();
    expect(() => linkFields(options, { dopamin: 'a.C' })).toThrow(NetworkError);
    expect(() => linkFields(options, { dopamin: 'a.C' })).toThrow(/Did you mean "dopamine"/);
    expect(() => linkFields(options, { dopamine: 'a' })).toThrow(TypeError);
    expect(() => linkFields(null as never, {})).toThrow(TypeError);
  });
});
