/**
 * Receptors as schemes of several states (T11b), against the same schemes integrated here state by state; equilibria;
 * nicotinic and muscarinic receptors.
 */
import { describe, expect, it } from 'vitest';
import { extend, models, Network, type NeuronModel } from '../../src/index.ts';
import { type EngineCase, engines, samples, simulate } from '../support/engines.ts';

/** Transitions as the specification lists them: from, to, rate per ms, and whether it is per mM of transmitter. */
type Rates = readonly (readonly [from: string, to: string, rate: number, binds?: boolean])[];

const both = (from: string, to: string, forward: number, back: number, binds = false): Rates => [
  [from, to, forward, binds],
  [to, from, back],
];

interface Scheme {
  readonly name: string;
  readonly model: NeuronModel;
  readonly key: string;
  readonly transmitter: string;
  readonly open: readonly string[];
  readonly rates: Rates;
}

const schemes: readonly Scheme[] = [
  {
    name: 'AMPA, six states',
    model: models.ampaStates,
    key: 'ampa',
    transmitter: 'glutamate',
    open: ['O'],
    rates: [
      ...both('C0', 'C1', 13, 0.0059, true),
      ...both('C1', 'C2', 13, 86, true),
      ...both('C1', 'D1', 0.9, 0.064),
      ...both('C2', 'D2', 0.9, 0.064),
      ...both('C2', 'O', 2.7, 0.2),
    ],
  },
  {
    name: 'NMDA, five states',
    model: models.nmdaStates,
    key: 'nmda',
    transmitter: 'glutamate',
    open: ['O'],
    rates: [
      ...both('C0', 'C1', 5, 0.0129, true),
      ...both('C1', 'C2', 5, 0.0129, true),
      ...both('C2', 'D', 0.0084, 0.0068),
      ...both('C2', 'O', 0.0465, 0.0738),
    ],
  },
  {
    name: 'GABA-A, five states',
    model: models.gabaAStates,
    key: 'gaba_a',
    transmitter: 'gaba',
    open: ['O1', 'O2'],
    rates: [
      ...both('C0', 'C1', 20, 4.6, true),
      ...both('C1', 'C2', 10, 9.2, true),
      ...both('C1', 'O1', 3.3, 9.8),
      ...both('C2', 'O2', 10.6, 0.41),
    ],
  },
  {
    name: 'nicotinic, four states',
    model: models.nicotinic,
    key: 'nicotinic',
    transmitter: 'acetylcholine',
    open: ['O'],
    rates: [
      ['C0', 'A', 3, true],
      ['A', 'O', 1.2],
      ['O', 'C0', 0.46],
      ['O', 'D', 0.024],
      ['D', 'C0', 0.005],
    ],
  },
];

/** Open probability every 0.01 ms for 50 ms, by rk4 with steps of 1 µs while transmitter is there, 5 µs later. */
function integrated({ rates, open }: Scheme): Float64Array {
  const names = [...new Set([...rates.map(([from]) => from), ...rates.map(([, to]) => to)])];
  const flows = rates.map(([from, to, rate, binds]) => ({
    from: names.indexOf(from),
    to: names.indexOf(to),
    rate,
    binds: binds === true,
  }));
  const slope = (p: Float64Array, T: number): Float64Array => {
    const d = new Float64Array(p.length);
    for (const { from, to, rate, binds } of flows) {
      const flow = rate * (binds ? T : 1) * (p[from] as number);
      d[from] = (d[from] as number) - flow;
      d[to] = (d[to] as number) + flow;
    }
    return d;
  };
  const moved = (p: Float64Array, k: Float64Array, h: number) =>
    p.map((x, i) => x + h * (k[i] as number));
  let p = new Float64Array(names.length);
  p[names.indexOf('C0')] = 1;
  const result = new Float64Array(5001);
  for (let n = 0; n < 5000; n++) {
    const T = n < 100 ? 1 : 0;
    const parts = n < 100 ? 10 : 2;
    const h = 0.01 / parts;
    for (let k = 0; k < parts; k++) {
      const k1 = slope(p, T);
      const k2 = slope(moved(p, k1, h / 2), T);
      const k3 = slope(moved(p, k2, h / 2), T);
      const k4 = slope(moved(p, k3, h), T);
      p = p.map(
        (x, i) =>
          x +
          (h / 6) *
            ((k1[i] as number) + 2 * (k2[i] as number) + 2 * (k3[i] as number) + (k4[i] as number)),
      );
    }
    result[n + 1] = open.reduce((sum, name) => sum + (p[names.indexOf(name)] as number), 0);
  }
  return result;
}

/** Peak, its time, and values at 10 and 50 ms of a trace. */
function summary(trace: Float64Array, dt: number) {
  const top = trace.reduce((best, x, k) => (x > (trace[best] as number) ? k : best), 0);
  const value = (ms: number): number => trace[Math.round(ms / dt)] as number;
  return { peak: trace[top] as number, time: top * dt, at10: value(10), at50: value(50) };
}

describe('open probability after 1 mM for 1 ms (T11b)', () => {
  it.each(engines)('$name', async (engine) => {
    const dt = 0.02;
    const net = new Network({ dt: `${dt} ms` });
    net.timedArray('pulse', { dt: '1 ms', unit: 'mM', values: [1, 0] });
    for (const { model, key, transmitter } of schemes) {
      const population = net.population(key, 1, model.with({}, { [transmitter]: 'pulse(t)' }));
      net.record.state(population, [`open_${key}`], { name: key });
    }
    await simulate(net, engine, 50.1, (simulation) => {
      for (const scheme of schemes) {
        const { name, key } = scheme;
        const found = summary(simulation.state(key).values[`open_${key}`] as Float64Array, dt);
        const wanted = summary(integrated(scheme), 0.01);
        for (const [quantity, value] of Object.entries(found)) {
          const expected = wanted[quantity as keyof typeof wanted];
          const error = value / expected - 1;
          // 1 % is asked for; steps of 0.02 ms are good to 0.1 %, of the time of the peak only to a step.
          if (quantity === 'time') expect(Math.abs(value - expected), name).toBeLessThan(0.03);
          // What is left of nicotinic receptors after 50 ms is 6e-11, below the last bit of what they were.
          else if (expected > 1e-6)
            expect(Math.abs(error), `${name}: ${quantity}`).toBeLessThan(0.002);
        }
        if (engine.isDouble) {
          const { peak, time, at10, at50 } = found;
          process.stdout.write(
            `T11b ${name}: peak ${peak.toPrecision(6)} at ${time.toFixed(2)} ms, ${at10.toPrecision(6)} at 10 ms, ${at50.toPrecision(6)} at 50 ms\n`,
          );
        }
      }
    });
  });

  it('is right to 1 % in steps of 0.1 ms too', async () => {
    const net = new Network({ dt: '0.1 ms' });
    net.timedArray('pulse', { dt: '1 ms', unit: 'mM', values: [1, 0] });
    for (const { model, key, transmitter } of schemes) {
      const population = net.population(key, 1, model.with({}, { [transmitter]: 'pulse(t)' }));
      net.record.state(population, [`open_${key}`], { name: key });
    }
    await simulate(net, engines[1] as EngineCase, 50.1, (simulation) => {
      for (const scheme of schemes) {
        const { key, name } = scheme;
        const trace = simulation.state(key).values[`open_${key}`] as Float64Array;
        const [found, wanted] = [summary(trace, 0.1), summary(integrated(scheme), 0.01)];
        expect(Math.abs(found.peak / wanted.peak - 1), name).toBeLessThan(0.01);
        expect(Math.abs(found.at10 / wanted.at10 - 1), name).toBeLessThan(0.01);
      }
    });
  });
});

describe('equilibria', () => {
  it.each(engines)(
    '$name: occupancies multiply along a scheme with detailed balance',
    async (engine) => {
      const net = new Network({ dt: '1 ms' });
      const T = 0.05;
      net.population('nmda', 1, models.nmdaStates.with({ glutamate: `${T} mM` }));
      net.population('gaba_b', 1, models.gabaBStates.with({ gaba: `${T} mM` }));
      await simulate(net, engine, 20_000, async (simulation) => {
        const of = async (population: string, name: string): Promise<number> =>
          (await simulation.get(population, name))[0] as number;
        const b = (5 * T) / 0.0129;
        const parts = [1, b, b * b, (b * b * 0.0084) / 0.0068, (b * b * 0.0465) / 0.0738];
        const total = parts.reduce((sum, x) => sum + x);
        for (const [k, name] of ['c1', 'c2', 'd', 'o'].entries()) {
          const error = (await of('nmda', `${name}_nmda`)) - (parts[k + 1] as number) / total;
          expect(Math.abs(error), name).toBeLessThan(1e-5);
        }
        const r = 1 / (1 + 0.02 / (0.66 * T) + 0.017 / 0.0053);
        expect(Math.abs((await of('gaba_b', 'r_gaba_b')) - r)).toBeLessThan(1e-5);
        const protein = (0.083 / 0.0079) * r;
        expect(Math.abs((await of('gaba_b', 'protein_gaba_b')) / protein - 1)).toBeLessThan(1e-4);
      });
    },
  );
});

/** The allosteric scheme: forward rates are per mM where they bind. */
const allosteric: Rates = (() => {
  const bound = (letter: string, n: number): string => (letter + n === 'B0' ? 'C0' : letter + n);
  const unbinding = { B: [8, 16], A: [0.00864, 0.01728], I: [0.004, 0.008], D: [0.004, 0.008] };
  const steps = [
    ['B', 'A', [0.00054, 0.13, 30], [10.8, 2.74, 0.7]],
    ['A', 'I', [0.0197, 0.01985, 0.02], [0.00374, 0.00174, 0.00081]],
    ['I', 'D', [5e-5, 5e-5, 5e-5], [1.2e-6, 1.2e-6, 1.2e-6]],
  ] as const;
  return [
    ...Object.entries(unbinding).flatMap(([letter, [one = 0, two = 0]]) => [
      ...both(bound(letter, 0), bound(letter, 1), 300, one, true),
      ...both(bound(letter, 1), bound(letter, 2), 150, two, true),
    ]),
    ...steps.flatMap(([from, to, forward, back]) =>
      [0, 1, 2].flatMap((n) =>
        both(bound(from, n), bound(to, n), forward[n] as number, back[n] as number),
      ),
    ),
  ];
})();

describe('allosteric nicotinic receptors', () => {
  it('rates hold detailed balance, but for the rounding of those published', () => {
    const ratio = (from: string, to: string): number => {
      const rate = (a: string, b: string) =>
        allosteric.find(([one, other]) => one === a && other === b)?.[2] as number;
      return rate(from, to) / rate(to, from);
    };
    for (const [a, b] of [
      ['B', 'A'],
      ['A', 'I'],
      ['I', 'D'],
    ] as const) {
      for (const n of [0, 1]) {
        const [low, high] = [a + n === 'B0' ? 'C0' : a + n, b + n];
        const cycle =
          (ratio(low, `${a}${n + 1}`) * ratio(`${a}${n + 1}`, `${b}${n + 1}`)) /
          (ratio(low, high) * ratio(high, `${b}${n + 1}`));
        expect(Math.abs(cycle - 1), `${a} and ${b}, ${n}`).toBeLessThan(0.03);
      }
    }
  });

  it.each(engines)('$name: open after 1 mM for 1 ms', async (engine) => {
    const net = new Network({ dt: '0.005 ms' });
    net.timedArray('pulse', { dt: '1 ms', unit: 'mM', values: [1, 0] });
    const cells = net.population(
      'cells',
      1,
      models.nicotinicAllosteric.with({}, { acetylcholine: 'pulse(t)' }),
    );
    net.record.state(cells, ['open_nicotinic']);
    await simulate(net, engine, 10.01, (simulation) => {
      const found = samples(simulation, 'open_nicotinic');
      const wanted = integrated({
        name: 'nicotinic, twelve states',
        model: models.nicotinicAllosteric,
        key: 'nicotinic',
        transmitter: 'acetylcholine',
        open: ['A0', 'A1', 'A2'],
        rates: allosteric,
      });
      // Nearly all open within a tenth of a millisecond; a stage of rk4 sees the end of the pulse half a step early.
      expect(Math.max(...found)).toBeGreaterThan(0.9);
      for (const ms of [0.1, 0.5, 1, 1.5, 3, 10]) {
        const error =
          (found[Math.round(ms * 200)] as number) - (wanted[Math.round(ms * 100)] as number);
        expect(Math.abs(error), `${ms} ms`).toBeLessThan(2e-3);
      }
    });
  });
});

describe('muscarinic receptors', () => {
  it.each(engines)(
    '$name: half of the effect at EC50, and a steep rise around it',
    async (engine) => {
      const net = new Network({ dt: '1 ms' });
      const acetylcholine = { values: [0, 0.1, 1, 10], unit: 'uM' };
      const cells = net.population('cells', 4, models.muscarinic.with({ acetylcholine }));
      net.record.state(cells, ['open_muscarinic'], { every: '100 ms' });
      await simulate(net, engine, 10_001, (simulation) => {
        const ends = [0, 1, 2, 3].map(
          (k) => samples(simulation, 'open_muscarinic', k).at(-1) as number,
        );
        expect(ends[0]).toBe(0);
        for (const [k, r] of [1 / 11, 1 / 2, 10 / 11].entries()) {
          const wanted = r ** 4 / (r ** 4 + 1 / 16);
          expect(Math.abs((ends[k + 1] as number) - wanted)).toBeLessThan(1e-4);
        }
      });
    },
  );

  it.each(engines)('$name: closing the M-current lets a neuron fire more', async (engine) => {
    const neuron = extend(models.adex, [models.muscarinic, models.mCurrent]);
    const net = new Network({ dt: '0.1 ms' });
    const cells = net.population(
      'cells',
      2,
      neuron.with({
        acetylcholine: { values: [0, 10], unit: 'uM' },
        i_offset: '900 pA',
        g_max_m: '30 nS',
        b: '0 pA',
      }),
    );
    net.record.spikes(cells);
    await simulate(net, engine, 2000, (simulation) => {
      const { neurons } = simulation.spikes();
      const [control, treated] = [0, 1].map((k) => neurons.filter((neuron) => neuron === k).length);
      expect(control).toBeGreaterThan(3);
      expect(treated).toBeGreaterThan(1.2 * (control as number));
    });
  });
});
