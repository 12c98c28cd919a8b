/** The founding document's equations: exact propagator, steady state, and what the chemical synapse does (T1). */
import { expect, it } from 'vitest';
import { examples } from '../../src/examples/index.ts';
import type { NetworkDocument } from '../../src/index.ts';
import { type EngineCase, engines, samples, simulate, singleEngines } from '../support/engines.ts';
import { biologyCases, describeReference } from '../support/reference.ts';

/** The gap junction alone, with these constants. */
function gapOnly(constants: 'document' | 'physiological'): NetworkDocument {
  const document = examples['two-neurons']?.build({ synapse: 'gap', constants });
  if (document === undefined) throw new Error('no example two-neurons');
  return document;
}

/** The one case of T1 with these constants. */
function caseOf(constants: 'document' | 'physiological') {
  const beginning = constants === 'document' ? 'founding' : 'physio';
  const found = biologyCases('T1').find(({ name }) => name.startsWith(beginning));
  if (found === undefined) throw new Error(`no case of T1 for ${constants}`);
  const number = (quantity: string) => {
    const one = found.expected.find((row) => row.quantity.startsWith(quantity));
    if (one === undefined) throw new Error(`T1 has no ${quantity}`);
    return one.value as number & readonly number[];
  };
  return { ...found, number };
}

/** Whether two numbers agree to the tolerance of T1: real potentials are large and differ little, so absolute there. */
function agree(found: number, expected: number, engine: EngineCase, isDocument: boolean): void {
  const single = isDocument ? 1e-5 * Math.abs(expected) : 1e-3;
  const allowed = engine.isDouble ? 1e-9 * Math.abs(expected) : single;
  expect(Math.abs(found - expected), `${found}, not ${expected}`).toBeLessThan(allowed);
}

describeReference('T1: where two neurons settle, and how fast', () => {
  const sets = ['document', 'physiological'] as const;

  it.each(engines.flatMap((engine) => sets.map((constants) => ({ engine, constants }))))(
    '$engine.name, $constants: steady state',
    async ({ engine, constants }) => {
      const { number } = caseOf(constants);
      // 32 of the slowest time constant, 18.75 ms: 1e-14 is left.
      await simulate(gapOnly(constants), engine, 600, async (simulation) => {
        const [pre = 0] = await simulation.get('pair', 'v_1');
        const [post = 0] = await simulation.get('pair', 'v_2');
        const isDocument = constants === 'document';
        agree(pre, number('V_pre steady'), engine, isDocument);
        agree(post, number('V_post steady'), engine, isDocument);
        if (isDocument) return;
        // V_in drives one cell; the other leaves its rest, V_out, by this share of what the first does.
        const ratio = (post + 65) / (pre + 65);
        const coefficient = number('coupling coefficient');
        expect(Math.abs(ratio / coefficient - 1)).toBeLessThan(engine.isDouble ? 1e-6 : 1e-3);
      });
    },
  );

  it.each(sets)('CPU f64, %s: eigenvalues of the propagator', async (constants) => {
    // Three starts give the affine map of a step; ten steps of 0.1 ms are exp(A ms).
    const document = gapOnly(constants);
    const [pair] = document.populations;
    if (pair === undefined) throw new Error('no population');
    const starts = {
      v_1: { values: [0, 1, 0], unit: 'mV' },
      v_2: { values: [0, 0, 1], unit: 'mV' },
    };
    const three = { ...pair, size: 3, initial: starts };
    const ends = await simulate(
      { ...document, populations: [three], recordings: [] } as NetworkDocument,
      engines[0] as EngineCase,
      1,
      (simulation) => Promise.all(['v_1', 'v_2'].map((name) => simulation.get('pair', name))),
    );
    const [a, b, c, d] = ends.flatMap((end) =>
      [1, 2].map((k) => (end[k] as number) - (end[0] as number)),
    ) as [number, number, number, number];
    const half = (a + d) / 2;
    const root = Math.sqrt(half * half - (a * d - b * c));
    const found = [Math.log(half + root), Math.log(half - root)];
    for (const [k, expected] of caseOf(constants).number('eigenvalues').entries()) {
      expect(Math.abs((found[k] as number) / expected - 1), `${found[k]}`).toBeLessThan(1e-9);
    }
  });

  it.each(singleEngines)('$name: forward Euler at 0.1 ms is within 0.02 mV', async (engine) => {
    const document = gapOnly('physiological');
    const populations = document.populations.map((one) => ({ ...one, method: 'euler' }));
    const { expected, number } = caseOf('physiological');
    await simulate({ ...document, populations } as NetworkDocument, engine, 600, (simulation) => {
      const traces = ['v_1', 'v_2'].map((name) => samples(simulation, name));
      for (const { quantity, value, at } of expected) {
        if (quantity !== '[V_pre, V_post]') continue;
        const step = Math.round((at?.time?.value ?? Number.NaN) / 0.1);
        for (const [k, wanted] of (value as readonly number[]).entries()) {
          expect(Math.abs((traces[k]?.[step] ?? 0) - wanted)).toBeLessThan(0.02);
        }
      }
      for (const [k, name] of ['V_pre', 'V_post'].entries()) {
        const end = traces[k]?.at(-1) ?? 0;
        expect(Math.abs(end - number(`${name} steady`))).toBeLessThan(0.02);
      }
    });
  });
});

describeReference('T1c: what the code of the founding document prints', () => {
  /** Its two blocks, as they stand: the value of the last neuron, from the last input only. */
  const printed = (inputs: readonly number[]): number => {
    const [tauPost, gap, capacity] = [10, 1, 1];
    let last = 0;
    for (const input of inputs) {
      const potential = -0 + input / capacity;
      last = -potential + (tauPost * potential + gap * potential);
    }
    return last;
  };

  it.each([
    ['as printed in the document', [[1], [2]]],
    ['tensor input [1., 2.]', [[1], [2]]],
    [
      'tensor input [[1,1],[2,2]]',
      [
        [1, 1],
        [2, 2],
      ],
    ],
    [
      'tensor input [[1,1],[0.03125,0.03125]]',
      [
        [1, 1],
        [0.03125, 0.03125],
      ],
    ],
  ] as const)('%s', (name, rows) => {
    const found = biologyCases('T1c').find((one) => one.name === name);
    const output = found?.expected.find(({ quantity }) => quantity === 'actual output')?.value;
    const columns = (rows[0] ?? []).map((_, k) => printed(rows.map((row) => row[k] as number)));
    expect([output].flat()).toEqual(columns);
  });

  it('the example says so', () => {
    const [claim, structure] = ['as printed', 'structure'].map((beginning) =>
      biologyCases('T1c').find(({ name }) => name.startsWith(beginning)),
    );
    const note = examples['two-neurons']?.note ?? '';
    const [claimed, actual] = (claim?.expected ?? []).map(({ value }) => value as unknown);
    expect(String(claimed)).toContain('0.3125');
    expect(note).toContain('claims the output 0.3125');
    expect(note).toContain(`prints ${Number(actual).toFixed(1)}`);
    expect(structure?.expected[0]?.value).toBe(printed([1]));
    // Nothing in it depends on a parameter that could be trained.
    expect(structure?.expected[1]?.value).toBe(0);
  });
});

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
