/** The sushi belt against its closed forms (T22), its trade-off of speed and precision, and transport delays (T22b). */
import { describe, expect, it } from 'vitest';
import { beltRates, models, Network, NetworkError, transportBelt } from '../../src/index.ts';
import { type EngineCase, engines, samples, simulate } from '../support/engines.ts';
import { biologyCases, describeReference } from '../support/reference.ts';

const COUNT = 20;
const TARGET = Array.from({ length: COUNT }, (_, i) => Math.exp(-i / 8));
const variables = Array.from({ length: COUNT }, (_, i) => `u_${i + 1}`);

/** Steady profile of a closed chain whose links all have the rates a and b, with total 1. */
function geometric(ratio: number): number[] {
  const profile = Array.from({ length: COUNT }, (_, i) => ratio ** i);
  const sum = profile.reduce((all, value) => all + value, 0);
  return profile.map((value) => value / sum);
}

/** Slowest time constant of that chain, in s: the gap of a biased walk between walls. */
const slowest = (a: number, b: number): number =>
  1 / (a + b - 2 * Math.sqrt(a * b) * Math.cos(Math.PI / COUNT));

const r = Math.exp(-1 / 8);
const chains = [
  { name: 'uniform rates', params: {}, a: 0.4, b: 0.3 },
  {
    name: 'designed profile',
    params: beltRates(TARGET, '1 1/second'),
    a: r / (1 + r),
    b: 1 / (1 + r),
  },
];

describe.each(chains)('sushi belt (T22), $name', ({ name, params, a, b }) => {
  const belt = (step: string, every: string): Network => {
    const net = new Network({ dt: step });
    const options = models.sushiBelt.with(params);
    const population = net.population('belt', 1, { ...options, slow: step });
    net.record.state(population, variables, { every });
    return net;
  };

  it.each(engines)('$name: the steady profile to 1e-6', async (engine) => {
    const expected = geometric(a / b);
    // Forty propagators of 100 s: the slowest mode has 30 and more time constants.
    await simulate(belt('100 s', '100 s'), engine, 4_000_100, (simulation) => {
      const end = variables.map((variable) => samples(simulation, variable).at(-1) as number);
      for (const [i, value] of end.entries()) {
        const allowed = engine.isDouble ? 1e-12 : 1e-6;
        expect(Math.abs(value - (expected[i] as number)), `u_${i + 1}`).toBeLessThan(allowed);
      }
      const total = end.reduce((all, value) => all + value, 0);
      expect(Math.abs(total - 1)).toBeLessThan(engine.isDouble ? 1e-12 : 1e-6);
      if (!engine.isDouble) return;
      process.stdout.write(
        `T22 ${name}: u_1 ${end[0]?.toPrecision(9)}, u_20 ${end.at(-1)?.toPrecision(9)}, slowest time constant ${slowest(a, b).toPrecision(7)} s\n`,
      );
    });
  });

  it('the slowest time constant', async () => {
    // What is left of the start after many of the other modes are gone; both ends see the same mode.
    await simulate(belt('1 s', '50 s'), engines[0] as EngineCase, 1_000_100, (simulation) => {
      const last = samples(simulation, `u_${COUNT}`);
      const end = geometric(a / b)[COUNT - 1] as number;
      const left = (seconds: number): number => end - (last[seconds / 50] as number);
      const tau = 500 / Math.log(left(400) / left(900));
      expect(Math.abs(tau / slowest(a, b) - 1)).toBeLessThan(1e-3);
    });
  });

  it.each(engines)('$name: steps of a second keep the total', async (engine) => {
    await simulate(belt('1 s', '100 s'), engine, 1_000_100, (simulation) => {
      const traces = variables.map((variable) => samples(simulation, variable));
      const total = traces.reduce((all, trace) => all + (trace.at(-1) as number), 0);
      // A thousand products with rounded propagators: 20 roundings of 6e-8 of a twentieth of the total each.
      expect(Math.abs(total - 1)).toBeLessThan(engine.isDouble ? 1e-12 : 3e-5);
    });
  });
});

describe('capture', () => {
  it.each(engines)(
    '$name: slow capture delivers the profile, fast capture is early',
    async (engine) => {
      // Fig. 5 of Williams et al.: the error falls as capture gets slow beside transport, and time grows.
      const demand = TARGET.slice(0, 8);
      const model = transportBelt(demand.length, { name: 'belt-with-capture', capture: true });
      const deliver = async (rate: number): Promise<{ error: number; left: number }> => {
        const sum = demand.reduce((all, value) => all + value, 0);
        const capture = demand.map((value, i) => [
          `c_${i + 1}`,
          `${(rate * value) / sum} 1/second`,
        ]);
        const net = new Network({ dt: '10 s' });
        // Transport that is even: a = b.
        const even = Object.fromEntries(
          demand.slice(1).flatMap((_, i) => [
            [`a_${i + 1}`, '0.5 1/second'],
            [`b_${i + 1}`, '0.5 1/second'],
          ]),
        );
        const params = { ...even, ...Object.fromEntries(capture) };
        net.population('belt', 1, { ...model.with(params), slow: '10 s' });
        return simulate(net, engine, 400_000, async (simulation) => {
          const read = async (name: string) => (await simulation.get('belt', name))[0] as number;
          const caught = await Promise.all(demand.map((_, i) => read(`s_${i + 1}`)));
          const all = caught.reduce((a, value) => a + value, 0);
          const error = caught.reduce(
            (worst, value, i) =>
              Math.max(worst, Math.abs(value / all - (demand[i] as number) / sum)),
            0,
          );
          return { error, left: 1 - all };
        });
      };
      const [fast, middle, slow] = [await deliver(10), await deliver(0.3), await deliver(0.01)];
      expect(fast.error).toBeGreaterThan(3 * middle.error);
      expect(middle.error).toBeGreaterThan(3 * slow.error);
      expect(fast.left).toBeLessThan(middle.left);
      expect(middle.left).toBeLessThan(slow.left);
    },
  );
});

describeReference('transport delay (T22b)', () => {
  it('1 cm at three speeds, as the mean of what arrives', async () => {
    const cases = [
      ['1 um/s', 3_600_000],
      ['200 mm/d', 3_600_000],
      ['1 mm/d', 86_400_000],
    ] as const;
    const { expected = [] } = biologyCases('T22b')[0] ?? {};
    expect(expected.length).toBe(3);
    for (const [k, [speed, unit]] of cases.entries()) {
      // The step is a fiftieth of the delay: cargo is there from 0 on, and the mean delay is what is missing in all.
      const delay = (expected[k]?.value as number) * unit;
      const stepMs = Math.round(delay / 50);
      const net = new Network({ dt: `${stepMs} ms` });
      const options = models.transportDelay.with({ speed });
      const population = net.population('axon', 1, { ...options, slow: `${stepMs} ms` });
      net.record.state(population, ['arrived_4']);
      await simulate(net, engines[0] as EngineCase, stepMs * 600, (simulation) => {
        const missing = samples(simulation, 'arrived_4').map((arrived) => 1 - arrived);
        // Trapezoid rule: arrived_4 starts with three zero derivatives, and the step is 1/50, so its error is 1e-9.
        const mean = stepMs * (missing.reduce((all, value) => all + value, 0) - 0.5);
        expect(Math.abs(mean / delay - 1), speed).toBeLessThan(1e-6);
      });
    }
  });

  it.each(engines)('$name: arrives as a Gamma distribution of order four', async (engine) => {
    const net = new Network({ dt: '100 s' });
    const options = models.transportDelay.with();
    const population = net.population('axon', 1, { ...options, slow: '100 s' });
    net.record.state(population, ['arrived_4']);
    await simulate(net, engine, 30_000_000, (simulation) => {
      const arrived = samples(simulation, 'arrived_4');
      for (const k of [50, 100, 200]) {
        const x = (4 * k * 100) / 10_000;
        const expected = 1 - Math.exp(-x) * (1 + x + x ** 2 / 2 + x ** 3 / 6);
        const error = Math.abs((arrived[k] as number) - expected);
        expect(error).toBeLessThan(engine.isDouble ? 1e-12 : 1e-5);
      }
    });
  });
});

describe('what is refused', () => {
  it.each([
    [() => transportBelt(1), /compartments must be a whole number from 2 to 64, got 1/],
    [() => transportBelt(2.5), /got 2\.5/],
    [() => beltRates([1], '1 1/second'), /target must be a list of two and more numbers above 0/],
    [() => beltRates([1, 0], '1 1/second'), /above 0/],
    [() => beltRates([1, 2], '1 second'), /beltRates: rate must be a rate .* got "1 second"/],
    [() => beltRates([1, 2], '0 1/second'), /rate must be above 0/],
  ])('%#', (make, message) => {
    expect(make).toThrow(NetworkError);
    expect(make).toThrow(message);
  });
});
