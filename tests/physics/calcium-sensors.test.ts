/**
 * Calcium sensors (T13): rates at equilibrium against their closed form, and the kinetic schemes against the same schemes in
 * small steps, written down independently. Values that T13 leaves open are printed.
 */
import { describe, expect, it } from 'vitest';
import { extend, models, Network, type NeuronModel } from '../../src/index.ts';
import { type EngineCase, engines, samples, simulate } from '../support/engines.ts';
import { biologyCases, describeReference } from '../support/reference.ts';

const CONCENTRATIONS = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100] as const;

/** Rates (1/ms) at equilibrium for each of these concentrations (uM), as the engine computes them. */
async function steadyRates(
  engine: EngineCase,
  model: NeuronModel,
  concentrations: readonly number[],
): Promise<readonly number[]> {
  const net = new Network({ dt: '0.01 ms' });
  const ca = { values: [...concentrations], unit: 'uM' };
  const sensors = net.population('sensors', concentrations.length, model.with({ ca }));
  net.record.state(sensors, ['rate_steady']);
  return simulate(net, engine, 0.02, (simulation) =>
    concentrations.map((_, k) => samples(simulation, 'rate_steady', k)[0] as number),
  );
}

/** One chain of binding, in numbers. */
interface Chain {
  readonly on: number;
  readonly off: number;
  readonly b: number;
  fusion(n: number): number;
}

const CHAINS = {
  lou: { on: 0.1, off: 4, b: 0.5, fusion: (n: number) => 2e-7 * 31.3 ** n },
  neher: { on: 0.09, off: 9.5, b: 0.25, fusion: (n: number) => (n === 5 ? 6 : 0) },
  syt1: { on: 0.19, off: 11.97, b: 1 / 1.9, fusion: (n: number) => (n === 5 ? 12 : 0) },
  syt7: { on: 0.06, off: 0.6, b: 1 / 2.8, fusion: (n: number) => (n === 5 ? 3 : 0) },
} as const satisfies Readonly<Record<string, Chain>>;

/** The recursion of T13. */
function closedForm({ on, off, b, fusion }: Chain, ca: number): number {
  const weights = [1];
  for (let n = 1; n <= 5; n++) {
    weights.push(((weights[n - 1] as number) * (6 - n) * on * ca) / (n * off * b ** (n - 1)));
  }
  const total = weights.reduce((all, weight) => all + weight, 0);
  return weights.reduce((all, weight, n) => all + weight * fusion(n), 0) / total;
}

describeReference('rates at equilibrium (T13)', () => {
  describe.each(engines)('$name', (engine) => {
    it.each([
      ['Lou 2005', models.allostericSensor, CHAINS.lou],
      ['Schneggenburger-Neher 2000', models.fiveSiteSensor, CHAINS.neher],
    ] as const)('%s', async (name, model, chain) => {
      const found = biologyCases('T13').find((one) => one.name === name);
      const expected = found?.expected ?? [];
      expect(expected.length).toBeGreaterThanOrEqual(2);
      const concentrations = expected.map(({ at }) => at?.Ca?.value as number);
      const rates = await steadyRates(engine, model, concentrations);
      for (const [k, { value }] of expected.entries()) {
        expect(Math.abs((rates[k] as number) / (value as number) - 1)).toBeLessThan(1e-4);
      }
      const all = await steadyRates(engine, model, CONCENTRATIONS);
      for (const [k, ca] of CONCENTRATIONS.entries()) {
        const allowed = engine.isDouble ? 1e-12 : 5e-6;
        expect(Math.abs((all[k] as number) / closedForm(chain, ca) - 1)).toBeLessThan(allowed);
      }
      if (!engine.isDouble) return;
      const table = CONCENTRATIONS.map((ca, k) => `${ca}: ${all[k]?.toPrecision(7)}`).join(', ');
      process.stdout.write(`T13 ${name}, rate in 1/ms by calcium in uM: ${table}\n`);
    });

    it('slope of the Lou rate, 2 to 5 uM: within the published 4 to 5', async () => {
      const [low = 0, high = 0] = await steadyRates(engine, models.allostericSensor, [2, 5]);
      const slope = Math.log(high / low) / Math.log(5 / 2);
      expect(slope).toBeGreaterThan(4);
      expect(slope).toBeLessThan(5);
      if (engine.isDouble)
        process.stdout.write(`T13 Lou slope 2 to 5 uM: ${slope.toPrecision(7)}\n`);
    });

    it('two sensors: the sum of both', async () => {
      const rates = await steadyRates(engine, models.dualSensor, CONCENTRATIONS);
      for (const [k, ca] of CONCENTRATIONS.entries()) {
        const sum = closedForm(CHAINS.syt1, ca) + closedForm(CHAINS.syt7, ca);
        expect(Math.abs((rates[k] as number) / sum - 1)).toBeLessThan(
          engine.isDouble ? 1e-12 : 5e-6,
        );
      }
      // Synaptotagmin 7 leads at low calcium, 1 at high.
      expect(closedForm(CHAINS.syt7, 1)).toBeGreaterThan(10 * closedForm(CHAINS.syt1, 1));
      expect(closedForm(CHAINS.syt1, 100)).toBeGreaterThan(2 * closedForm(CHAINS.syt7, 100));
      if (!engine.isDouble) return;
      const table = CONCENTRATIONS.map((ca, k) => `${ca}: ${rates[k]?.toPrecision(7)}`).join(', ');
      process.stdout.write(`T13 dual sensor, rate in 1/ms by calcium in uM: ${table}\n`);
    });
  });
});

/** What is left of states 0 … 5 after `durationMs` at calcium `ca` (uM): classical Runge–Kutta in steps of 0.0005 ms. */
function kinetics({ on, off, b, fusion }: Chain, ca: number, durationMs: number): number[] {
  const slope = (s: readonly number[]): number[] =>
    s.map((value, n) => {
      const below = n > 0 ? (6 - n) * on * ca * (s[n - 1] as number) : 0;
      const above = n < 5 ? (n + 1) * off * b ** n * (s[n + 1] as number) : 0;
      const out = (5 - n) * on * ca + (n > 0 ? n * off * b ** (n - 1) : 0) + fusion(n);
      return below + above - out * value;
    });
  const dt = 0.0005;
  let s = [1, 0, 0, 0, 0, 0];
  const plus = (k: readonly number[], h: number): number[] =>
    s.map((value, n) => value + h * (k[n] as number));
  for (let step = 0; step < Math.round(durationMs / dt); step++) {
    const k1 = slope(s);
    const k2 = slope(plus(k1, dt / 2));
    const k3 = slope(plus(k2, dt / 2));
    const k4 = slope(plus(k3, dt));
    s = s.map(
      (value, n) =>
        value +
        (dt / 6) *
          ((k1[n] as number) + 2 * (k2[n] as number) + 2 * (k3[n] as number) + (k4[n] as number)),
    );
  }
  return s;
}

const rest = (s: readonly number[]): number => s.reduce((all, value) => all + value, 0);

describe.each(engines)('kinetics after a jump of calcium, $name', (engine) => {
  const at = async (
    model: NeuronModel,
    dtMs: number,
    durationMs: number,
    names: readonly string[],
    params: Readonly<Record<string, string>> = {},
  ): Promise<readonly number[]> => {
    const net = new Network({ dt: `${dtMs} ms` });
    net.population('sensor', 1, model.with({ ca: '20 uM', ...params }));
    return simulate(net, engine, durationMs, (simulation) =>
      Promise.all(names.map(async (name) => (await simulation.get('sensor', name))[0] as number)),
    );
  };
  const states = (letter: string) => [1, 2, 3, 4, 5].map((n) => `${letter}_${n}`);

  it.each([
    ['allosteric', models.allostericSensor, CHAINS.lou],
    ['five sites', models.fiveSiteSensor, CHAINS.neher],
  ] as const)('%s: states and fused vesicles after 0.5 ms', async (_, model, chain) => {
    const expected = kinetics(chain, 20, 0.5);
    const error = async (dtMs: number): Promise<number> => {
      const [fused, ...bound] = await at(model, dtMs, 0.5, ['fused_s', ...states('s')]);
      const errors = bound.map((value, n) => Math.abs(value - (expected[n + 1] as number)));
      return Math.max(Math.abs((fused as number) - (1 - rest(expected))), ...errors);
    };
    const [coarse, fine] = [await error(0.01), await error(0.005)];
    expect(coarse).toBeLessThan(2e-3);
    expect(coarse / fine).toBeGreaterThan(3);
  });

  it('two sensors: fused vesicles are products of what either leaves', async () => {
    const [s, r] = [kinetics(CHAINS.syt1, 20, 0.5), kinetics(CHAINS.syt7, 20, 0.5)];
    const [fusedS, fusedR] = await at(models.dualSensor, 0.005, 0.5, ['fused_s', 'fused_r']);
    expect(Math.abs((fusedS as number) - (1 - rest(s)))).toBeLessThan(1e-3);
    expect(Math.abs((fusedR as number) - (1 - rest(r)))).toBeLessThan(1e-3);
  });

  it('without fusion the states settle at the weights', async () => {
    const bound = await at(models.fiveSiteSensor, 0.01, 40, states('s'), { gamma: '0/ms' });
    const x = (0.09 * 20) / 9.5;
    const weights = [1, 5, 10, 10, 5, 1].map((w, n) => (w * x ** n) / 0.25 ** ((n * (n - 1)) / 2));
    const total = weights.reduce((all, weight) => all + weight, 0);
    for (const [n, value] of bound.entries()) {
      const allowed = engine.isDouble ? 1e-9 : 2e-5;
      expect(Math.abs(value - (weights[n + 1] as number) / total)).toBeLessThan(allowed);
    }
  });
});

describe.each(engines)('a sensor in the terminal of release-chain, $name', (engine) => {
  it('fuses next to nothing in the mean calcium, and a share of vesicles at an active zone', async () => {
    // T12: calcium peaks at 0.13 uM under the membrane; at an active zone it is 10 to 100 times higher.
    const fused = async (factor: number): Promise<number> => {
      const sensor = extend(models.releaseChain, models.fiveSiteSensor, {
        replace: { ca: `${factor}*ca` },
      });
      const net = new Network({ dt: '0.005 ms' });
      net.timedArray('stimulus', { dt: '1 ms', unit: 'pA', values: [0, 0, 0, 0, 0, 100, 100, 0] });
      net.population('terminal', 1, sensor.with({}, { i_offset: 'stimulus(t)' }));
      return simulate(net, engine, 12, async (simulation) => {
        const [share = Number.NaN] = await simulation.get('terminal', 'fused_s');
        return share;
      });
    };
    expect(Math.abs(await fused(1))).toBeLessThan(1e-5);
    const [near, zone] = [await fused(30), await fused(100)];
    expect(near).toBeGreaterThan(1e-5);
    expect(zone).toBeGreaterThan(10 * near);
    expect(zone).toBeLessThan(1);
  });
});
