/**
 * Residual calcium (Dittman, Kreitzer & Regehr 2000): its limits, the paired-pulse ratio that defines K_F, and its closed
 * form between spikes against the differential equations integrated in small steps.
 */
import { describe, expect, it } from 'vitest';
import { models, Network } from '../../src/index.ts';
import { compileNetwork } from '../../src/plan/compile.ts';
import { type EngineCase, engines, simulate, singleEngines } from '../support/engines.ts';

const DT_MS = 0.1;
const KICK_MS = 2;

type Parameters = Readonly<Record<string, string | number>>;

/** A neuron that fires at these times, and a synapse of weight 1 nS from it; `isList`: a spike list instead. */
function network(timesMs: readonly number[], params: Parameters, isList = false): Network {
  const net = new Network({ dt: `${DT_MS} ms` });
  const early = isList ? 0 : DT_MS + KICK_MS;
  const list = net.spikeList('list', 1, {
    indices: timesMs.map(() => 0),
    timesMs: timesMs.map((time) => time - early),
  });
  const neuron = net.population('neuron', 1, {
    eqs: 'v : 1',
    threshold: 'v > 1',
    reset: 'v = 0',
    refractory: '0.1 ms',
  });
  net
    .projection('kick', list, neuron, { onPre: 'v += 2', delay: `${KICK_MS} ms` })
    .connect({ rule: 'one-to-one' });
  const target = net.population('target', 1, { eqs: 'g_exc : siemens' });
  const { initial, ...options } = models.residualCalcium.with(params);
  net
    .projection('synapse', isList ? list : neuron, target, {
      ...options,
      initial: { ...initial, weight: '1*nS' },
    })
    .connect({ rule: 'one-to-one' });
  net.record.state(target, ['g_exc']);
  return net;
}

/** The response to each spike, F D. */
async function responses(
  engine: EngineCase,
  timesMs: readonly number[],
  params: Parameters,
  isList = false,
): Promise<number[]> {
  const net = network(timesMs, params, isList);
  const last = timesMs.at(-1) ?? 0;
  return simulate(net, engine, last + 1, (simulation) => {
    const total = simulation.state().values.g_exc as Float64Array;
    return timesMs.map((time) => {
      const step = Math.round(time / DT_MS);
      return (total[step + 1] as number) - (total[step] as number);
    });
  });
}

const SETS = {
  'Schaffer collateral': { rho: 2.2, f_1: 0.24, k_0: 2, k_max: 30 },
  'parallel fibre': { rho: 3.1, f_1: 0.05, k_0: 2, k_max: 30 },
  'climbing fibre': { rho: 0.651, f_1: 0.35, k_0: 0.7, k_max: 20 },
} as const;

const TAU_F = 100;
const TAU_D = 50;
const K_D = 2;

const given = ({ rho, f_1, k_0, k_max }: (typeof SETS)[keyof typeof SETS]): Parameters => ({
  rho,
  f_1,
  k_0: `${k_0} Hz`,
  k_max: `${k_max} Hz`,
});

/** The paper's equations, D by the classical Runge–Kutta method in steps of 0.01 ms. */
function integrated(
  timesMs: readonly number[],
  { rho, f_1, k_0, k_max }: (typeof SETS)[keyof typeof SETS],
): number[] {
  const h = 0.01;
  const kF = (1 - f_1) / ((rho * f_1) / (1 - f_1) - f_1) - 1;
  let [caF, caD, d, t] = [0, 0, 1, 0];
  const slope = (x: number, ca: number): number =>
    (1 - x) * 1e-3 * (k_0 + (k_max - k_0) * (ca === 0 ? 0 : 1 / (1 + K_D / ca)));
  return timesMs.map((time) => {
    for (let k = Math.round((time - t) / h); k > 0; k--) {
      const half = caD * Math.exp(-h / 2 / TAU_D);
      const end = caD * Math.exp(-h / TAU_D);
      const a = slope(d, caD);
      const b = slope(d + (h / 2) * a, half);
      const c = slope(d + (h / 2) * b, half);
      d += (h / 6) * (a + 2 * b + 2 * c + slope(d + h * c, end));
      caD = end;
      caF *= Math.exp(-h / TAU_F);
    }
    t = time;
    const f = f_1 + (caF === 0 ? 0 : (1 - f_1) / (1 + kF / caF));
    const response = f * d;
    d -= response;
    caF += 1;
    caD += 1;
    return response;
  });
}

// 50 Hz, then a pause, then irregular ones.
const TRAIN = [...Array.from({ length: 10 }, (_, k) => 5 + 20 * k), 400, 402.5, 441, 700];

it.each(
  engines.flatMap((engine) => Object.entries(SETS).map(([name, set]) => ({ engine, name, set }))),
)('$engine.name: $name, a train as integrated', async ({ engine, set }) => {
  const expected = integrated(TRAIN, set);
  for (const isList of [false, true]) {
    const found = await responses(engine, TRAIN, given(set), isList);
    // f32: the recorded sum is rounded to 2^-24 of itself, and so are the steps of the closed form.
    const tolerance = engine.isDouble ? 1e-9 : 2e-6;
    for (const [k, r] of expected.entries()) {
      expect(Math.abs((found[k] as number) - r), `spike ${k}`).toBeLessThan(tolerance);
    }
  }
});

describe.each(singleEngines)('$name: limits', (engine) => {
  const ratio = async (params: Parameters, intervalMs: number): Promise<number> => {
    const [first, second] = await responses(engine, [5, 5 + intervalMs], params, true);
    return (second as number) / (first as number);
  };

  it('a first spike releases f_1', async () => {
    const [first] = await responses(engine, [5], { f_1: 0.24 });
    expect(first).toBeCloseTo(0.24, 6);
  });

  it.each(Object.entries(SETS))(
    '%s: two spikes at no interval have the ratio rho',
    async (_, set) => {
      // After one step of 0.1 ms facilitation has decayed by 1e-3, and less than 0.3 % have recovered.
      expect(await ratio(given(set), DT_MS)).toBeCloseTo(set.rho, 2);
    },
  );

  it('without residual calcium F stays f_1, and recovery is that at rest', async () => {
    const set = { f_1: 0.3, tau_f: '0.01 ms', tau_d: '0.001 ms', k_0: '2 Hz', k_max: '30 Hz' };
    for (const interval of [20, 100, 300]) {
      const recovered = 1 - 0.3 * Math.exp(-0.002 * interval);
      expect(await ratio(set, interval)).toBeCloseTo(recovered, 4);
    }
  });

  it('in saturating calcium recovery is k_max', async () => {
    const set = { f_1: 0.3, tau_f: '0.01 ms', tau_d: '1e7 ms', k_d: 1e-6, k_max: '30 Hz' };
    for (const interval of [20, 50]) {
      const recovered = 1 - 0.3 * Math.exp(-0.03 * interval);
      expect(await ratio(set, interval)).toBeCloseTo(recovered, 3);
    }
  });
});

it('is kept by the source in 16 bytes, and neither F nor D leaves 0…1', () => {
  const { plan } = compileNetwork(network([5], {}).document);
  expect(
    plan.deliver.every(({ mode, inputs }) => mode === 'scatter' && inputs.every((i) => i.proven)),
  ).toBe(true);
  const names = plan.update.flatMap(({ variables }) => variables.map(({ name }) => name));
  expect(names.filter((name) => name.startsWith('synapse.'))).toHaveLength(4);
});
