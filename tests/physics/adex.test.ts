/** AdEx firing patterns of Naud et al. 2008 and the cell of Brette & Gerstner 2005, against an adaptive solver. */
import { describe, expect, it } from 'vitest';
import { models, Network } from '../../src/index.ts';
import { engines, simulate, singleEngines, stepsByNeuron } from '../support/engines.ts';
import { biologyCases, describeReference, reference } from '../support/reference.ts';

/** AdEx cells, one per parameter set, from v_rest with w = 0. */
function adexCells(sets: readonly (readonly number[])[], dt: number): Network {
  const column = (index: number, unit: string) => ({
    values: sets.map((set) => set[index] as number),
    unit,
  });
  const net = new Network({ dt: `${dt} ms` });
  const cells = net.population(
    'cells',
    sets.length,
    models.adex.with({
      c_m: column(0, 'pF'),
      g_leak: column(1, 'nS'),
      v_rest: column(2, 'mV'),
      v_thresh: column(3, 'mV'),
      delta_t: column(4, 'mV'),
      a: column(5, 'nS'),
      tau_w: column(6, 'ms'),
      b: column(7, 'pA'),
      v_reset: column(8, 'mV'),
      i_offset: column(9, 'pA'),
    }),
  );
  net.record.spikes(cells);
  return net;
}

describeReference('AdEx patterns, small steps', () => {
  interface Pattern {
    readonly name: string;
    readonly spike_times_ms: readonly number[];
    readonly [parameter: string]: unknown;
  }
  const names = [
    'C_pF',
    'g_L_nS',
    'E_L_mV',
    'V_T_mV',
    'Delta_T_mV',
    'a_nS',
    'tau_w_ms',
    'b_pA',
    'V_reset_mV',
    'I_pA',
  ];

  it('f64 at 0.0005 ms: within 0.05 ms', async () => {
    const { patterns } = reference<{ patterns: readonly Pattern[] }>('adex_naud2008_patterns.json');
    const sets = patterns.map((pattern) => names.map((name) => pattern[name] as number));
    const dt = 0.0005;
    const engine = engines[0] as (typeof engines)[number];
    const trains = await simulate(adexCells(sets, dt), engine, 500, (simulation) =>
      stepsByNeuron(simulation, sets.length),
    );
    for (const [k, { name, spike_times_ms }] of patterns.entries()) {
      const times = (trains[k] ?? []).map((step) => (step + 1) * dt);
      // The irregular pattern is chaotic: its first spikes only.
      const first = name === 'irregular spiking' ? 5 : spike_times_ms.length;
      if (name !== 'irregular spiking') expect(times.length, name).toBe(spike_times_ms.length);
      for (const [n, expected] of spike_times_ms.slice(0, first).entries()) {
        expect(Math.abs((times[n] ?? 0) - expected), `${name}, spike ${n}`).toBeLessThan(0.05);
      }
    }
  });
});

describeReference('AdEx patterns in f32 (T4)', () => {
  const columns = ['C', 'g_L', 'E_L', 'V_T', 'Delta_T', 'a', 'tau_w', 'b', 'V_r', 'I'];
  const cases = biologyCases('T4').filter(({ parameters }) => parameters?.V_cut?.value === 0);

  describe.each(singleEngines)('$name', (engine) => {
    it.each([
      [0.1, 2],
      [0.05, 1],
      [0.02, 0.5],
    ])('at %d ms: first spikes within %d ms', async (dt, tolerance) => {
      const sets = cases.map(({ parameters }) =>
        columns.map((column) => parameters?.[column]?.value ?? Number.NaN),
      );
      expect(sets.length).toBeGreaterThanOrEqual(8);
      const trains = await simulate(adexCells(sets, dt), engine, 600, (simulation) =>
        stepsByNeuron(simulation, sets.length),
      );
      for (const [k, { name, parameters, expected }] of cases.entries()) {
        const count = expected.find(({ quantity }) => quantity === 'spike count');
        const first = expected.find(({ quantity }) => /^(first )?spike times/.test(quantity));
        const duration = parameters?.duration?.value ?? Number.NaN;
        const times = (trains[k] ?? [])
          .map((step) => (step + 1) * dt)
          .filter((t) => t <= duration + tolerance);
        const isChaotic = name.startsWith('irregular');
        if (count !== undefined) {
          const difference = Math.abs(times.length - (count.value as number));
          expect(difference, `${name}, count`).toBeLessThanOrEqual(isChaotic ? 3 : 1);
        }
        if (isChaotic || first === undefined) continue;
        const slow: Record<number, number> = { 0.1: 4, 0.05: 2, 0.02: 0.8 };
        const allowed = name === 'delayed regular bursting' ? (slow[dt] ?? 0) : tolerance;
        for (const [n, time] of (first.value as readonly number[]).entries()) {
          expect(Math.abs((times[n] ?? 0) - time), `${name}, spike ${n}`).toBeLessThan(allowed);
        }
      }
    });
  });
});

describe('AdEx cell of the NEST solver test (T3)', () => {
  // SciPy 1.17 RK45 with tolerances 1e-10 and event location at 0 mV.
  const expected = [18.716, 30.562, 42.497, 54.52, 66.629, 78.824, 91.101];

  it.each(singleEngines)('$name: seven spikes, converging', async (engine) => {
    for (const [dt, bound] of [
      [0.1, 1.2],
      [0.05, 0.6],
      [0.02, 0.4],
    ] as const) {
      const net = new Network({ dt: `${dt} ms` });
      const cell = net.population('cell', 1, {
        ...models.adex.with({
          c_m: '200 pF',
          g_leak: '11 nS',
          v_rest: '-70 mV',
          v_thresh: '-50 mV',
          a: '3 nS',
          tau_w: '300 ms',
          b: '0 pA',
          v_reset: '-58 mV',
          i_offset: '420 pA',
        }),
        initial: { v: 'v_rest', w: '5*pA' },
      });
      net.record.spikes(cell);
      const [train = []] = await simulate(net, engine, 95, (simulation) =>
        stepsByNeuron(simulation, 1),
      );
      expect(train.length).toBe(expected.length);
      for (const [n, time] of expected.entries()) {
        expect(Math.abs(((train[n] as number) + 1) * dt - time)).toBeLessThan(bound);
      }
    }
  });
});
