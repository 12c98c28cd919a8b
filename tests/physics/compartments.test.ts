/**
 * Neurons of compartments: passive limits against closed forms and linear algebra, Pinsky and Rinzel's cell unchanged where
 * the axon is detached, spikes that begin in the axon, and the AdEx neuron unchanged where the dendrite is.
 */
import { describe, expect, it } from 'vitest';
import { models, Network, type ParameterValues } from '../../src/index.ts';
import { type EngineCase, engines, samples, simulate, stepsByNeuron } from '../support/engines.ts';

describe.each(engines)('AdEx with a dendrite, $name', (engine) => {
  /** Steady potentials above rest of soma and dendrite, far from threshold. */
  const steady = (params: ParameterValues): Promise<readonly [number, number]> => {
    const net = new Network({ dt: '0.1 ms' });
    const quiet = { v_thresh: '20 mV', a: '0 nS', ...params };
    net.population('cell', 1, models.adexDendrite.with(quiet));
    return simulate(net, engine, 400, async (simulation) => {
      const [soma = 0] = await simulation.get('cell', 'v');
      const [dendrite = 0] = await simulation.get('cell', 'v_d');
      return [soma + 70.6, dendrite + 70.6];
    });
  };
  // 20 and more time constants; in f32 steps below half an ulp of 70 mV are lost, in 100 steps per time constant.
  const allowed = engine.isDouble ? 1e-6 : 1e-3;

  it('steady potentials and attenuation, both ways', async () => {
    // g_leak 30, g_leak_d 10, g_c 50 nS: current into one side sees its leak and the other side through g_c.
    const [soma, outwards] = await steady({ i_offset: '300 pA' });
    expect(Math.abs(soma - 300 / (30 + (50 * 10) / 60))).toBeLessThan(allowed);
    expect(Math.abs(outwards / soma - 50 / 60)).toBeLessThan(allowed);
    const [inwards, dendrite] = await steady({ i_dendrite: '300 pA' });
    expect(Math.abs(dendrite - 300 / (10 + (50 * 30) / 80))).toBeLessThan(allowed);
    expect(Math.abs(inwards / dendrite - 50 / 80)).toBeLessThan(allowed);
  });

  it('without coupling the soma is adex, spike for spike', async () => {
    const trains: number[][] = [];
    for (const model of [models.adex, models.adexDendrite] as const) {
      const net = new Network({ dt: '0.1 ms' });
      const params = model === models.adex ? {} : { g_c: '0 nS' };
      const cell = net.population('cell', 1, model.with({ i_offset: '900 pA', ...params }));
      net.record.spikes(cell);
      trains.push(await simulate(net, engine, 300, (s) => stepsByNeuron(s, 1)[0] ?? []));
    }
    expect(trains[0]?.length).toBeGreaterThan(5);
    expect(trains[1]).toEqual(trains[0]);
  });

  it('synapses on the dendrite fire the soma, later than synapses at the soma of adex-cond-exp do', async () => {
    const first = async (model: typeof models.adexDendrite | typeof models.adexCondExp) => {
      const net = new Network({ dt: '0.1 ms' });
      const source = net.spikeList('source', 1, { indices: [0], timesMs: [10] });
      const cell = net.population('cell', 1, model.with({ tau_syn_exc: '10 ms' }));
      net
        .projection('synapse', source, cell, {
          ...models.staticSynapse.with(),
          initial: { weight: '100*nS' },
        })
        .connect({ rule: 'one-to-one' });
      net.record.spikes(cell);
      return simulate(net, engine, 60, (s) => stepsByNeuron(s, 1)[0]?.[0] ?? Number.NaN);
    };
    const [near, far] = [await first(models.adexCondExp), await first(models.adexDendrite)];
    expect(near).toBeGreaterThan(100);
    expect(far).toBeGreaterThan(near);
  });
});

/** Solution of a x = b for three unknowns. */
function solve(a: readonly (readonly number[])[], b: readonly number[]): number[] {
  const rows = a.map((row, i) => [...row, b[i] as number]);
  for (let k = 0; k < 3; k++) {
    for (let i = 0; i < 3; i++) {
      if (i === k) continue;
      const factor = (rows[i]?.[k] as number) / (rows[k]?.[k] as number);
      rows[i] = (rows[i] as number[]).map((value, j) => value - factor * (rows[k]?.[j] as number));
    }
  }
  return rows.map((row, i) => (row[3] as number) / (row[i] as number));
}

/** Soma, dendrite and axon with their leak only, in mS/cm2: rows of the conductance matrix. */
const PASSIVE = [
  [0.1 + 2.1 / 0.5 + 0.2 / 0.5, -2.1 / 0.5, -0.2 / 0.5],
  [-2.1 / 0.5, 0.1 + 2.1 / 0.5, 0],
  [-0.2 / 0.02, 0, 0.1 + 0.2 / 0.02],
] as const;
const SILENT = Object.fromEntries(
  ['g_na', 'g_kdr', 'g_ca', 'g_kahp', 'g_kc', 'g_na_a', 'g_k_a'].map((name) => [name, '0 mS/cm2']),
);
const POTENTIALS = ['v_s', 'v_d', 'v_a'] as const;

/** Potentials above rest (mV) of soma, dendrite and axon after `durationMs`, passive, with 0.5 uA/cm2 into the soma. */
function passive(engine: EngineCase, dt: number, durationMs: number): Promise<readonly number[]> {
  const net = new Network({ dt: `${dt} ms` });
  net.population('cell', 1, models.pinskyRinzelAxon.with({ ...SILENT, i_soma: '0.5 uA/cm2' }));
  return simulate(net, engine, durationMs, (simulation) =>
    Promise.all(
      POTENTIALS.map(async (name) => ((await simulation.get('cell', name))[0] as number) + 60),
    ),
  );
}

/** The same by classical Runge–Kutta in steps of 0.001 ms. */
function passiveSmallSteps(durationMs: number): number[] {
  const slope = (v: readonly number[]): number[] =>
    PASSIVE.map(
      (row, i) =>
        ((i === 0 ? 1 : 0) - row.reduce((all, g, j) => all + g * (v[j] as number), 0)) / 3,
    );
  const h = 0.001;
  let v = [0, 0, 0];
  const plus = (k: readonly number[], dt: number): number[] =>
    v.map((value, i) => value + dt * (k[i] as number));
  for (let step = 0; step < Math.round(durationMs / h); step++) {
    const k1 = slope(v);
    const k2 = slope(plus(k1, h / 2));
    const k3 = slope(plus(k2, h / 2));
    const k4 = slope(plus(k3, h));
    v = v.map((value, i) => {
      const inner = 2 * (k2[i] as number) + 2 * (k3[i] as number);
      return value + (h / 6) * ((k1[i] as number) + inner + (k4[i] as number));
    });
  }
  return v;
}

describe.each(engines)('dendrite, soma and axon without channels, $name', (engine) => {
  it('steady potentials are those of the conductances, at a step of 20 coupling time constants', async () => {
    // g_sa/(p_a c_m) is 3.3/ms: 6 ms are 20 of its time constants. The trapezoid rule rings there, but comes to rest.
    const expected = solve(PASSIVE, [1, 0, 0]);
    const found = await passive(engine, 6, 60_000);
    for (const [k, wanted] of expected.entries()) {
      expect(Math.abs((found[k] as number) - wanted), POTENTIALS[k]).toBeLessThan(
        engine.isDouble ? 1e-9 : 1e-4,
      );
    }
  });

  it('the way there, of second order', async () => {
    const expected = passiveSmallSteps(4);
    const error = async (dt: number): Promise<number> => {
      const found = await passive(engine, dt, 4);
      return Math.max(...expected.map((wanted, k) => Math.abs((found[k] as number) - wanted)));
    };
    expect(await error(0.025)).toBeLessThan(engine.isDouble ? 1e-5 : 1e-3);
    if (!engine.isDouble) return;
    const ratio = (await error(0.2)) / (await error(0.1));
    expect(ratio).toBeGreaterThan(3.7);
    expect(ratio).toBeLessThan(4.3);
  });
});

/** Times (ms) of upward crossings of -10 mV. */
function crossings(v: Float64Array, dt: number): number[] {
  const times: number[] = [];
  for (let k = 1; k < v.length; k++) {
    const [before, after] = [v[k - 1] as number, v[k] as number];
    if (before < -10 && after >= -10) times.push((k - 1 + (-10 - before) / (after - before)) * dt);
  }
  return times;
}

describe.each(engines)('dendrite, soma and axon with channels, $name', (engine) => {
  const dt = 0.025;
  const run = (params: ParameterValues, durationMs: number) => {
    const net = new Network({ dt: `${dt} ms` });
    const cell = net.population('cell', 1, models.pinskyRinzelAxon.with(params));
    net.record.state(cell, POTENTIALS);
    return simulate(net, engine, durationMs, (simulation) =>
      POTENTIALS.map((name) => crossings(samples(simulation, name), dt)),
    );
  };

  it('detached axon: the bursts of Pinsky and Rinzel (T6b)', async () => {
    // SciPy 1.17 RK45 with tolerances 1e-8, as in hodgkin-huxley.test.ts; T6b allows 3 ms.
    const expected = [13.77, 92.58, 96.37, 435.47, 439.32, 930.47, 934.32, 1425.47, 1429.32];
    const [soma = []] = await run({ g_sa: '0 mS/cm2' }, 1500);
    expect(soma.length).toBe(expected.length);
    for (const [k, time] of expected.entries()) {
      expect(Math.abs((soma[k] as number) - time)).toBeLessThan(3);
    }
  });

  it('spikes begin in the axon, less than a millisecond before the soma', async () => {
    const [soma = [], , axon = []] = await run({}, 500);
    expect(soma.length).toBeGreaterThanOrEqual(4);
    for (const time of soma) {
      const before = axon.filter((other) => other < time).at(-1) ?? Number.NEGATIVE_INFINITY;
      expect(time - before).toBeGreaterThan(0.05);
      expect(time - before).toBeLessThan(1);
    }
  });

  it('is silent without current, and fired by synapses on the dendrite', async () => {
    const net = new Network({ dt: `${dt} ms` });
    const source = net.spikeList('source', 1, { indices: [0, 0, 0], timesMs: [50, 53, 56] });
    const cell = net.population('cell', 1, models.pinskyRinzelAxon.with({ i_soma: '-0.5 uA/cm2' }));
    net
      .projection('synapse', source, cell, {
        ...models.staticSynapse.with(),
        initial: { weight: '50*nS' },
      })
      .connect({ rule: 'one-to-one' });
    net.record.spikes(cell);
    net.record.state(cell, ['v_d', 'v_s']);
    await simulate(net, engine, 100, (simulation) => {
      const times = [...simulation.spikes().timesMs()];
      expect(times.length).toBeGreaterThan(0);
      expect(times[0]).toBeGreaterThan(50);
      // The dendrite rises first.
      const rise = (name: string): number =>
        samples(simulation, name).findIndex((v, k) => k * dt > 50 && v > -50);
      expect(rise('v_d')).toBeLessThan(rise('v_s'));
    });
  });
});
