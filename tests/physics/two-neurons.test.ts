/** The founding document's equations: exact propagator, steady state, and what the chemical synapse does (T1). */
import { expect, it } from 'vitest';
import { examples } from '../../src/examples/index.ts';
import { engines, samples, simulate } from '../support/engines.ts';
import { biologyCases, describeReference } from '../support/reference.ts';

describeReference('two neurons', () => {
  it.each(engines)('$name: gap junction alone, every published value', async (engine) => {
    const sets = [
      ['document', 'founding document constants'],
      ['physiological', 'physiological'],
    ] as const;
    for (const [constants, title] of sets) {
      const found = biologyCases('T1').find(({ name }) => name.startsWith(title.slice(0, 10)));
      expect(found, title).toBeDefined();
      const document = examples['two-neurons']?.build({ synapse: 'gap', constants });
      if (document === undefined) throw new Error('no example two-neurons');
      await simulate(document, engine, 400, (simulation) => {
        const [pre, post] = ['v_1', 'v_2'].map((name) => samples(simulation, name));
        let checked = 0;
        for (const { quantity, value, at } of found?.expected ?? []) {
          if (quantity !== '[V_pre, V_post]' || typeof value === 'number') continue;
          const step = Math.round((at?.time?.value ?? Number.NaN) / 0.1);
          for (const [trace, expected] of [
            [pre, value[0]],
            [post, value[1]],
          ] as const) {
            // Real potentials are large numbers that differ little: there the bound is absolute.
            const single = constants === 'document' ? 1e-5 * (expected ?? 0) : 1e-3;
            const allowed = engine.isDouble ? 1e-9 * Math.abs(expected ?? 0) : single;
            expect(Math.abs((trace?.[step] ?? 0) - (expected ?? 0))).toBeLessThan(allowed);
          }
          checked++;
        }
        expect(checked).toBeGreaterThan(0);
      });
    }
  });

  it.each(engines)('$name: settles at (8/7, 9/7), then the synapse opens', async (engine) => {
    const document = examples['two-neurons']?.build();
    if (document === undefined) throw new Error('no example two-neurons');
    await simulate(document, engine, 120, (simulation) => {
      const [pre, post, open] = ['v_1', 'v_2', 'r'].map((name) => samples(simulation, name));
      // At 60 ms; samples are every 0.1 ms.
      const before = 600;
      const tolerance = engine.isDouble ? 1e-6 : 2e-5;
      expect(Math.abs((pre?.[before] ?? 0) - 8 / 7)).toBeLessThan(tolerance);
      expect(Math.abs((post?.[before] ?? 0) - 9 / 7)).toBeLessThan(tolerance);
      // AMPA receptors at the end of the 1 ms pulse: 0.617986. Stages of rk4 straddle the edges of the pulse.
      expect(Math.abs((open?.[610] ?? 0) - 0.617986)).toBeLessThan(5e-4);
      expect(post?.[620] ?? 0).toBeLessThan(9 / 7 - 0.05);
      expect(pre?.[620] ?? 0).toBeLessThan(8 / 7);
    });
  });
});
