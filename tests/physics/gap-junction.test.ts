/**
 * Gap junctions: the pair of Hodgkin–Huxley cells of T8 against the same equations, written down independently and
 * integrated in steps of 0.0005 ms with the coupling inside every stage; charge and coupling coefficient of passive cells.
 */
import { describe, expect, it } from 'vitest';
import { models, Network } from '../../src/index.ts';
import { type EngineCase, engines, samples, simulate } from '../support/engines.ts';
import { buildExample } from '../support/examples.ts';

const DURATION_MS = 20;
const START_MV = -69.60401191631222;

/** x/(1 - exp(-x/k)), which is k at 0. */
const ramp = (x: number, k: number): number =>
  Math.abs(x / k) < 1e-7 ? k : x / -Math.expm1(-x / k);

/** Opening and closing rates of the gates m, h, n, p at v. */
const rates = (v: number): readonly (readonly [number, number])[] => [
  [40 * ramp(v - 75.5, 13.5), 1.2262 * Math.exp(-v / 42.248)],
  [0.0035 * Math.exp(-v / 24.186), 0.017 * ramp(v + 51.25, 5.2)],
  [0.014 * ramp(v + 44, 2.3), 0.0043 * Math.exp(-(v + 44) / 34)],
  [ramp(v - 95, 11.8), 0.025 * Math.exp(-v / 22.222)],
];

/** d/dt of v, m, h, n, p of one cell with this current (pA). */
function slope([v = 0, ...gates]: readonly number[], current: number): number[] {
  const [m = 0, h = 0, n = 0, p = 0] = gates;
  const ionic =
    4500 * m ** 3 * h * (v - 74) + (9 * n ** 4 + 9000 * p ** 2) * (v + 90) + 10 * (v + 70);
  const opened = rates(v).map(
    ([a, b], k) => a * (1 - (gates[k] as number)) - b * (gates[k] as number),
  );
  return [(current - ionic) / 40, ...opened];
}

/** Potential of cell 2 every 0.1 ms, with 200 pA into cell 1 and 20 nS between them. */
function exactPair(): number[] {
  const gates = rates(START_MV).map(([a, b]) => a / (a + b));
  const dt = 0.0005;
  let state = [START_MV, ...gates, START_MV, ...gates];
  const both = (s: readonly number[]): number[] => {
    const gap = 20 * ((s[5] as number) - (s[0] as number));
    return [...slope(s.slice(0, 5), 200 + gap), ...slope(s.slice(5), -gap)];
  };
  const moved = (k: readonly number[], h: number): number[] =>
    state.map((value, i) => value + h * (k[i] as number));
  const trace = [START_MV];
  const every = Math.round(0.1 / dt);
  for (let step = 1; step <= Math.round(DURATION_MS / dt); step++) {
    const k1 = both(state);
    const k2 = both(moved(k1, dt / 2));
    const k3 = both(moved(k2, dt / 2));
    const k4 = both(moved(k3, dt));
    const mean = k1.map(
      (k, i) => (k + 2 * (k2[i] as number) + 2 * (k3[i] as number) + (k4[i] as number)) / 6,
    );
    state = moved(mean, dt);
    if (step % every === 0) trace.push(state[5] as number);
  }
  return trace;
}

/** What the junction sees: potentials at the start of a step, or half a step ahead. */
type Coupling = 'plain' | 'ahead';

const SEEN: Readonly<Record<Coupling, Readonly<Record<string, string>>>> = {
  plain: {},
  ahead: { v_pre: 'v_ahead_pre', v_post: 'v_ahead_post' },
};

/** Two cells of models.hhKv, joined both ways; cell 0 is driven. */
function pair(dt: number, coupling: Coupling): Network {
  const net = new Network({ dt: `${dt} ms` });
  const i_offset = { values: [200, 0], unit: 'pA' };
  const cells = net.population('cells', 2, models.hhKv.with({ i_offset }));
  net
    .projection('junction', cells, cells, {
      ...models.gapJunction.with({}, SEEN[coupling]),
      initial: { weight: '20*nS' },
    })
    .connect({ rule: 'list', pre: [0, 1], post: [1, 0] });
  net.record.state(cells, ['v'], { every: '0.1 ms' });
  return net;
}

const peakOf = (trace: ArrayLike<number>): { mV: number; ms: number } => {
  let k = 0;
  for (let i = 1; i < trace.length; i++) if ((trace[i] as number) > (trace[k] as number)) k = i;
  return { mV: trace[k] as number, ms: k / 10 };
};

describe('gap-coupled Hodgkin–Huxley pair (T8)', () => {
  const exact = exactPair();

  const cases = engines.flatMap(
    (engine) =>
      [
        { name: `${engine.name}, dt 0.005 ms, second order`, engine, dt: 0.005, coupling: 'ahead' },
        { name: `${engine.name}, dt 0.0025 ms`, engine, dt: 0.0025, coupling: 'plain' },
      ] as const,
  );
  it.each(cases)('$name: cell 2', async ({ engine, dt, coupling }) => {
    await simulate(pair(dt, coupling), engine, DURATION_MS + 0.1, (simulation) => {
      const trace = samples(simulation, 'v', 1);
      const below = exact.flatMap((expected, k) => (expected < -50 ? [k] : []));
      expect(below.length).toBeGreaterThan(150);
      for (const k of below) {
        const error = Math.abs((trace[k] as number) - (exact[k] as number));
        expect(error, `at ${k / 10} ms`).toBeLessThan(0.05);
      }
      const [found, wanted] = [peakOf(trace), peakOf(exact)];
      expect(wanted.mV).toBeGreaterThan(50);
      expect(Math.abs(found.mV - wanted.mV)).toBeLessThan(1);
      expect(Math.abs(found.ms - wanted.ms)).toBeLessThanOrEqual(0.1 + 1e-9);
      if (!engine.isDouble || coupling === 'plain') return;
      const shown = Array.from(trace, (v) => v.toFixed(4)).join(' ');
      process.stdout.write(`T8 potential of cell 2 every 0.1 ms, mV: ${shown}\n`);
    });
  });

  it('orders: one as it stands, two with the potentials half a step ahead', async () => {
    const error = (dt: number, coupling: Coupling): Promise<number> =>
      simulate(pair(dt, coupling), engines[0] as EngineCase, DURATION_MS + 0.1, (simulation) => {
        const trace = samples(simulation, 'v', 1);
        // Up to the foot of the spike.
        const foot = exact.slice(0, 114);
        return Math.max(...foot.map((expected, k) => Math.abs((trace[k] as number) - expected)));
      });
    const ratio = async (coupling: Coupling): Promise<number> =>
      (await error(0.02, coupling)) / (await error(0.01, coupling));
    expect(await ratio('plain')).toBeGreaterThan(1.7);
    expect(await ratio('plain')).toBeLessThan(3);
    expect(await ratio('ahead')).toBeGreaterThan(3.3);
  });
});

describe.each(engines)('passive cells with a gap junction, $name', (engine) => {
  it('the coupling coefficient is g/(g + g_leak), and current goes both ways', async () => {
    // Leaky cells of 200 pF and 20 ms: 10 nS. 100 pA into the first, a junction of 5 nS.
    const net = new Network({ dt: '0.1 ms' });
    const options = models.lifCurrExp.with(
      { tau_m: '20 ms', c_m: '200 pF', v_rest: '-65 mV', v_thresh: '0 mV' },
      { i_offset: '(i_gap + drive)' },
    );
    const cells = net.population('cells', 2, {
      ...options,
      eqs: `${options.eqs}\ni_gap : amp\ndrive : amp (constant)`,
      initial: { v: '-65*mV', drive: { values: [100, 0], unit: 'pA' } },
    });
    net
      .projection('junction', cells, cells, {
        ...models.gapJunction.with(),
        initial: { weight: '5*nS' },
      })
      .connect({ rule: 'list', pre: [0, 1], post: [1, 0] });
    await simulate(net, engine, 400, async (simulation) => {
      const [first = 0, second = 0] = await simulation.get('cells', 'v');
      const current = await simulation.get('cells', 'i_gap');
      // What is left after 20 time constants; in f32 steps below half an ulp of 65 mV, 4e-6 mV in 200 steps per time constant.
      const allowed = engine.isDouble ? 1e-6 : 1e-3;
      expect(Math.abs(first + 65 - (100 * 15) / (10 * 20))).toBeLessThan(allowed);
      expect(Math.abs(second + 65 - (100 * 5) / (10 * 20))).toBeLessThan(allowed);
      expect(Math.abs((second + 65) / (first + 65) - 5 / 15)).toBeLessThan(allowed);
      expect(Math.abs((current[0] ?? 0) + (current[1] ?? 0))).toBeLessThan(allowed);
      expect(current[1] ?? 0).toBeGreaterThan(24.9);
    });
  });
});

describe.each(engines)('example gap-junction, $name', (engine) => {
  const trains = (weight: string) =>
    simulate(buildExample('gap-junction', { weight }), engine, 30, (simulation) =>
      ['driven', 'other'].map((cell) => [...simulation.spikes(`${cell} spikes`).timesMs()]),
    );

  it('the other cell fires through the junction, a moment later, and not without', async () => {
    const [driven = [], other = []] = await trains('20 nS');
    expect(driven.length).toBeGreaterThan(0);
    expect(other.length).toBeGreaterThan(0);
    expect((other[0] as number) - (driven[0] as number)).toBeGreaterThan(0);
    expect((other[0] as number) - (driven[0] as number)).toBeLessThan(2);
    const [alone = [], silent = []] = await trains('0 nS');
    expect(alone.length).toBeGreaterThan(0);
    expect(silent).toEqual([]);
  });
});
