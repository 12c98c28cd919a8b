/**
 * Integrate-and-fire neurons against NEST's published test numbers and closed forms. Conventions: NEST's value at t is
 * the state at the start of our step t/dt, its spike at t is ours in step t/dt - 1, and its refractory period counts
 * from the end of that step, so it is ours plus one step.
 */
import { describe, expect, it } from 'vitest';
import { models, Network } from '../../src/index.ts';
import { type EngineCase, engines, samples, simulate, stepsByNeuron } from '../support/engines.ts';
import { biologyCases, describeReference, reference } from '../support/reference.ts';

interface NestCell {
  readonly C_m_pF: number;
  readonly tau_m_ms: number;
  readonly t_ref_ms: number;
  readonly E_L_mV: number;
  readonly V_reset_mV: number;
  readonly V_th_mV: number;
  readonly V_init_mV: number;
  readonly I_e_pA?: number;
  readonly tau_syn_ms?: number;
}

interface NestTable {
  readonly t_sim_ms: number;
  readonly neuron: NestCell;
  readonly spike_times_ms: readonly number[];
  readonly table: readonly (readonly [number, number])[];
}

/** Half a unit of the sixth digit as printed, plus what f32 may add. */
const printed = (engine: EngineCase): number => (engine.isDouble ? 6e-5 : 1.6e-4);

const cellParams = (cell: NestCell, dt: number) => ({
  c_m: `${cell.C_m_pF} pF`,
  tau_m: `${cell.tau_m_ms} ms`,
  tau_refrac: `${cell.t_ref_ms + dt} ms`,
  v_rest: `${cell.E_L_mV} mV`,
  v_reset: `${cell.V_reset_mV} mV`,
  v_thresh: `${cell.V_th_mV} mV`,
});

function expectTable(
  v: Float64Array,
  table: readonly (readonly [number, number])[],
  dt: number,
  tolerance: number,
): void {
  for (const [t, expected] of table) {
    const step = Math.round(t / dt);
    if (Math.abs(step * dt - t) > 1e-9) continue;
    expect(Math.abs((v[step] as number) - expected), `v at ${t} ms`).toBeLessThan(tolerance);
  }
}

describeReference('LIF against NEST', () => {
  describe.each(engines)('$name', (engine) => {
    it.each([
      ['iaf_dc_builtin.json', [0.1]],
      ['iaf_refractory_resolution_independence.json', [0.1, 0.2, 0.5, 1]],
    ] as const)('built-in current, %s', async (file, steps) => {
      const { neuron, table, spike_times_ms, t_sim_ms } = reference<NestTable>(file);
      for (const dt of steps) {
        const net = new Network({ dt: `${dt} ms` });
        const cell = net.population('cell', 1, {
          ...models.lifCurrExp.with({
            ...cellParams(neuron, dt),
            i_offset: `${neuron.I_e_pA} pA`,
          }),
          initial: { v: `${neuron.V_init_mV}*mV` },
        });
        net.record.spikes(cell);
        net.record.state(cell, ['v']);
        await simulate(net, engine, t_sim_ms - 0.5 * dt, (simulation) => {
          const times = [...simulation.spikes().steps].map((step) => (step + 1) * dt);
          expect(times.map((time) => Math.round(time * 1e6) / 1e6)).toEqual(
            // The refractory case has its second spike exactly at the end.
            times.length > 1 ? [...spike_times_ms, 8] : spike_times_ms,
          );
          expectTable(samples(simulation, 'v'), table, dt, printed(engine));
        });
      }
    });

    it('current from a device', async () => {
      const file = reference<NestTable & { input: { dc_pA: number } }>('iaf_dc_via_device.json');
      const net = new Network({ dt: '0.1 ms' });
      // Integrated for the first time in step 2, from 0.2 to 0.3 ms.
      net.timedArray('device', { dt: '0.1 ms', unit: 'pA', values: [0, 0, file.input.dc_pA] });
      const cell = net.population(
        'cell',
        1,
        models.lifCurrExp.with(cellParams(file.neuron, 0.1), { i_offset: 'device(t)' }),
      );
      net.record.spikes(cell);
      net.record.state(cell, ['v']);
      await simulate(net, engine, file.t_sim_ms, (simulation) => {
        expect([...simulation.spikes().steps]).toEqual(
          file.spike_times_ms.map((time) => Math.round(time / 0.1) - 1),
        );
        expectTable(samples(simulation, 'v'), file.table, 0.1, printed(engine));
      });
    });

    it('alpha-shaped current: closed form', async () => {
      const file = reference<{
        neuron: Required<NestCell>;
        synapse: { weight_pA: number; delay_ms: number };
        presynaptic_spike_times_ms: readonly number[];
        table: readonly (readonly [number, number])[];
      }>('iaf_alpha_psp.json');
      const { neuron, synapse } = file;
      const net = new Network({ dt: '0.1 ms' });
      const cell = net.population(
        'cell',
        1,
        models.lifCurrAlpha.with({
          ...cellParams(neuron, 0.1),
          tau_syn_exc: `${neuron.tau_syn_ms} ms`,
        }),
      );
      // A spike of our step k leaves at the end of it: NEST's spike at 2.0 ms.
      const times = file.presynaptic_spike_times_ms.map((time) => time - 0.1);
      const input = net.spikeList('input', 1, { indices: times.map(() => 0), timesMs: times });
      net
        .projection('synapse', input, cell, {
          onPre: 'y_exc += w',
          delay: `${synapse.delay_ms} ms`,
          params: { w: `${synapse.weight_pA} pA` },
        })
        .connect({ rule: 'one-to-one' });
      net.record.state(cell, ['v']);
      await simulate(net, engine, 20, (simulation) => {
        const v = samples(simulation, 'v');
        expectTable(v, file.table, 0.1, printed(engine));
        const [tauM, tauS] = [neuron.tau_m_ms, neuron.tau_syn_ms];
        const difference = 1 / tauS - 1 / tauM;
        const arrival = (file.presynaptic_spike_times_ms[0] ?? 0) + synapse.delay_ms;
        for (let k = 0; k < v.length; k++) {
          const s = Math.max(0, k * 0.1 - arrival);
          const membrane = (Math.exp(-s / tauM) - Math.exp(-s / tauS)) / difference ** 2;
          const current = (s * Math.exp(-s / tauS)) / difference;
          const expected =
            ((synapse.weight_pA * Math.E) / (tauS * neuron.C_m_pF)) * (membrane - current);
          expect(Math.abs((v[k] as number) - neuron.E_L_mV - expected)).toBeLessThan(
            engine.isDouble ? 1e-12 * 70 : 1e-4,
          );
        }
      });
    });

    it('adaptive threshold with two timescales (MAT2)', async () => {
      const file = reference<{
        neuron: Record<string, number>;
        t_sim_ms: number;
        input: { dc_pA: number };
        expected_spike_steps: readonly number[];
        table: readonly (readonly [number, number, number])[];
      }>('mat2_adaptive_threshold.json');
      const { neuron } = file;
      const net = new Network({ dt: '0.1 ms' });
      net.timedArray('device', { dt: '0.1 ms', unit: 'pA', values: [0, 0, file.input.dc_pA] });
      const cell = net.population(
        'cell',
        1,
        models.mat2.with(
          {
            c_m: `${neuron.C_m_pF} pF`,
            tau_m: `${neuron.tau_m_ms} ms`,
            tau_refrac: `${(neuron.t_ref_ms ?? 0) + 0.1} ms`,
            v_rest: `${neuron.E_L_mV} mV`,
            omega: `${neuron.omega_mV_absolute} mV`,
            alpha_1: `${neuron.alpha_1_mV} mV`,
            alpha_2: `${neuron.alpha_2_mV} mV`,
            tau_1: `${neuron.tau_1_ms} ms`,
            tau_2: `${neuron.tau_2_ms} ms`,
          },
          { i_offset: 'device(t)' },
        ),
      );
      net.record.spikes(cell);
      net.record.state(cell, ['v', 'th_1', 'th_2']);
      await simulate(net, engine, file.t_sim_ms, (simulation) => {
        expect([...simulation.spikes().steps].map((step) => step + 1)).toEqual(
          file.expected_spike_steps,
        );
        const [v, fast, slow] = ['v', 'th_1', 'th_2'].map((name) => samples(simulation, name));
        for (const [step, potential, threshold] of file.table) {
          expect(Math.abs((v?.[step] ?? 0) - potential)).toBeLessThan(printed(engine));
          const sum = (neuron.omega_mV_absolute ?? 0) + (fast?.[step] ?? 0) + (slow?.[step] ?? 0);
          expect(Math.abs(sum - threshold)).toBeLessThan(printed(engine));
        }
      });
    });
  });
});

describeReference('LIF rate in closed form (T2)', () => {
  it.each(engines)('$name', async (engine) => {
    const found = biologyCases('T2').find(({ name }) => name === 'rate against current');
    const rates = (found?.expected ?? []).filter(({ quantity }) => quantity === 'rate');
    const currents = rates.map(({ at }) => at?.current?.value ?? Number.NaN);
    const net = new Network({ dt: '0.1 ms' });
    const cells = net.population(
      'cells',
      currents.length,
      models.lifCurrExp.with({ i_offset: { values: currents, unit: 'nA' } }),
    );
    net.record.spikes(cells);
    const trains = await simulate(net, engine, 500, (simulation) =>
      stepsByNeuron(simulation, currents.length),
    );
    expect(trains.length).toBe(6);
    for (const [k, train] of trains.entries()) {
      const rate = rates[k]?.value as number;
      if (rate === 0) {
        expect(train).toEqual([]);
        continue;
      }
      const intervals = train.slice(1).map((step, n) => step - (train[n] as number));
      expect(intervals.length).toBeGreaterThan(3);
      for (const interval of intervals) {
        expect(Math.abs(interval * 0.1 - 1000 / rate)).toBeLessThanOrEqual(0.1 + 1e-9);
      }
    }
    // The interval that the reference also gives, at the last of these currents.
    const interval = found?.expected.find(({ quantity }) => quantity === 'inter-spike interval');
    expect(interval?.at?.current?.value).toBe(currents.at(-1));
    const [first = Number.NaN, second = Number.NaN] = trains.at(-1) ?? [];
    const between = (second - first) * 0.1;
    expect(Math.abs(between - (interval?.value as number))).toBeLessThanOrEqual(0.1 + 1e-9);
  });

  it('the formula, and the rheobase', () => {
    const found = biologyCases('T2').find(({ name }) => name === 'rate against current');
    const of = (name: string): number => found?.parameters?.[name]?.value as number;
    const [tau, resistance, rest] = [of('tau'), of('R'), of('E_L')];
    const interval = (current: number): number => {
      const drive = resistance * current + rest;
      return of('t_ref') + tau * Math.log((drive - of('V_r')) / (drive - of('V_th')));
    };
    for (const { quantity, value, at } of found?.expected ?? []) {
      const current = at?.current?.value as number;
      if (quantity === 'rheobase') {
        expect(Math.abs((of('V_th') - rest) / resistance / (value as number) - 1)).toBeLessThan(
          1e-9,
        );
      } else if (value !== 0) {
        const expected = quantity === 'rate' ? 1000 / interval(current) : interval(current);
        expect(Math.abs(expected / (value as number) - 1)).toBeLessThan(1e-6);
      }
    }
  });

  it.each(engines)('$name: no spike just below the rheobase, some just above', async (engine) => {
    const found = biologyCases('T2').find(({ name }) => name === 'rate against current');
    const rheobase = found?.expected.find(({ quantity }) => quantity === 'rheobase');
    const nA = rheobase?.value as number;
    const net = new Network({ dt: '0.1 ms' });
    const i_offset = { values: [nA * 0.9999, nA * 1.0001], unit: 'nA' };
    net.record.spikes(net.population('cells', 2, models.lifCurrExp.with({ i_offset })));
    const trains = await simulate(net, engine, 500, (simulation) => stepsByNeuron(simulation, 2));
    expect(trains[0]).toEqual([]);
    expect(trains[1]?.length).toBeGreaterThan(2);
  });

  // Grids that divide 1 ms: the same two times on each, to the step.
  const grids = [1, 0.5, 0.25, 0.2, 0.125, 0.1, 0.05, 0.01];
  it.each(engines.flatMap((engine) => grids.map((dt) => ({ engine, dt }))))(
    '$engine.name: first two spikes on a grid of $dt ms',
    async ({ engine, dt }) => {
      const found = biologyCases('T2').find(({ name }) => name === 'grid check');
      const net = new Network({ dt: `${dt} ms` });
      const current = `${found?.parameters?.I?.value} nA`;
      // Refractory steps are counted from the end of the step of the spike there, from its beginning here, as above.
      const options = models.lifCurrExp.with({ i_offset: current, tau_refrac: `${2 + dt} ms` });
      net.record.spikes(net.population('cell', 1, options));
      const [train = []] = await simulate(net, engine, 9, (simulation) =>
        stepsByNeuron(simulation, 1),
      );
      const times = train.map((step) => Math.round((step + 1) * dt * 1e6) / 1e6);
      expect(times.slice(0, 2)).toEqual(found?.expected[0]?.value);
    },
  );
});
