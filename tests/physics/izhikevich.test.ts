/** Izhikevich cells: the patterns of 2004, the dimensioned cell of 2007, and the published half-step scheme of 2003. */
import { expect, it } from 'vitest';
import { models, Network } from '../../src/index.ts';
import { engines, simulate, stepsByNeuron } from '../support/engines.ts';
import { biologyCases, describeReference, reference } from '../support/reference.ts';

interface Pattern {
  readonly name: string;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly v0: number;
  readonly u0: number;
  readonly t_stop_ms: number;
  readonly current:
    | readonly (readonly [number, number])[]
    | { readonly ramp: readonly number[]; readonly base: number }
    | { readonly ramps: readonly (readonly number[])[] };
  readonly equation: { readonly v: string; readonly u: string };
  readonly spike_times_forward_euler_0p01ms: readonly number[];
}

/** Input at time t: the last step begun, or the sum of the ramps under way. */
function inputAt(current: Pattern['current'], t: number): number {
  if (!('ramp' in current) && !('ramps' in current)) {
    return current.reduce((value, [on, amplitude]) => (t >= on - 1e-9 ? amplitude : value), 0);
  }
  const [ramps, base] = 'ramp' in current ? [[current.ramp], current.base] : [current.ramps, 0];
  return ramps.reduce((sum, [from = 0, to = 0, first = 0, slope = 0]) => {
    return t >= from - 1e-9 && t < to ? sum + first + slope * (t - from) : sum;
  }, base);
}

describeReference('Izhikevich 2004 patterns', () => {
  it.each(engines)('$name: forward Euler at 0.01 ms', async (engine) => {
    const { patterns } = reference<{ patterns: readonly Pattern[] }>(
      'izhikevich_2004_patterns.json',
    );
    const dt = 0.01;
    const longest = Math.max(...patterns.map((pattern) => pattern.t_stop_ms));
    const rows = Math.round(longest / dt);
    const net = new Network({ dt: `${dt} ms` });
    net.timedArray('input', {
      dt: `${dt} ms`,
      unit: 'mV',
      columns: patterns.length,
      values: Float64Array.from({ length: rows * patterns.length }, (_, k) => {
        const pattern = patterns[k % patterns.length] as Pattern;
        return inputAt(pattern.current, Math.floor(k / patterns.length) * dt);
      }),
    });
    const of = (value: (pattern: Pattern) => number, unit: string) => ({
      values: patterns.map(value),
      unit,
    });
    // Two patterns are drawn with another parabola, one with another recovery: the general form of all.
    const cells = net.population('cells', patterns.length, {
      eqs: `dv/dt = (0.04*v**2/mV + k_1*v + k_0 - u + input(t, i))/ms : volt
            du/dt = a*(b*(v + v_u) - k_u*u)/ms : volt
            k_1 : 1 (constant)
            k_0 : volt (constant)
            a : 1 (constant)
            b : 1 (constant)
            c : volt (constant)
            d : volt (constant)
            v_u : volt (constant)
            k_u : 1 (constant)`,
      threshold: 'v >= 30*mV',
      reset: 'v = c; u += d',
      method: 'euler',
      initial: {
        v: of((pattern) => pattern.v0, 'mV'),
        u: of((pattern) => pattern.u0, 'mV'),
        a: of((pattern) => pattern.a, '1'),
        b: of((pattern) => pattern.b, '1'),
        c: of((pattern) => pattern.c, 'mV'),
        d: of((pattern) => pattern.d, 'mV'),
        k_1: of(({ equation }) => (equation.v.includes('4.1v') ? 4.1 : 5), '1'),
        k_0: of(({ equation }) => (equation.v.includes('4.1v') ? 108 : 140), 'mV'),
        v_u: of(({ equation }) => (equation.u.includes('v+65') ? 65 : 0), 'mV'),
        k_u: of(({ equation }) => (equation.u.includes('v+65') ? 0 : 1), '1'),
      },
    });
    net.record.spikes(cells);
    const trains = await simulate(net, engine, longest, (simulation) =>
      stepsByNeuron(simulation, patterns.length),
    );
    for (const [k, pattern] of patterns.entries()) {
      const last = Math.round(pattern.t_stop_ms / dt);
      const steps = (trains[k] ?? []).filter((step) => step < last).map((step) => step + 1);
      const expected = pattern.spike_times_forward_euler_0p01ms.map((t) => Math.round(t / dt));
      if (engine.isDouble) {
        expect(steps, pattern.name).toEqual(expected);
      } else {
        expect(steps.length, pattern.name).toBe(expected.length);
        for (const [n, step] of expected.entries()) {
          expect(Math.abs((steps[n] as number) - step) * dt, pattern.name).toBeLessThan(1);
        }
      }
    }
  });
});

describeReference('Izhikevich 2007 regular-spiking cell', () => {
  it.each(engines)('$name: four currents, rk4', async (engine) => {
    const times = reference<Record<string, Record<string, readonly number[]>>>(
      'izhikevich_2007_rs.json',
    ).spike_times_at_vpeak_ms_high_precision as Record<string, readonly number[]>;
    const dt = 0.005;
    const net = new Network({ dt: `${dt} ms` });
    const currents = Object.keys(times).map((text) => Number.parseFloat(text));
    const cells = net.population(
      'cells',
      currents.length,
      models.izhikevich2007.with({ i_offset: { values: currents, unit: 'pA' } }),
    );
    net.record.spikes(cells);
    const trains = await simulate(net, engine, 520, (simulation) =>
      stepsByNeuron(simulation, currents.length),
    );
    for (const [k, expected] of Object.values(times).entries()) {
      const found = (trains[k] ?? []).map((step) => (step + 1) * dt);
      expect(found.length).toBe(expected.length);
      for (const [n, time] of expected.entries()) {
        expect(Math.abs((found[n] as number) - time)).toBeLessThan(0.1);
      }
    }
  });
});

describeReference('Izhikevich 2003, published half-step scheme (T5)', () => {
  // Two steps of 0.5 ms make one of the published scheme: both move v, the second also u (with the new v) and is the
  // only one that tests for spikes. Operation by operation the published arithmetic, so that f64 gives the same bits.
  // The published step begins with the test of what ours ends with: its step k is our step 2 k - 1.
  it.each(engines)('$name', async (engine) => {
    const cases = biologyCases('T5');
    const net = new Network({ dt: '0.5 ms' });
    const of = (name: string, unit: string) => ({
      values: cases.map(({ parameters }) => parameters?.[name]?.value as number),
      unit,
    });
    const cells = net.population('cells', cases.length, {
      eqs: `dv/dt = slope : volt
            du/dt = 2*second_half*a*(b*v_new - u)/ms : volt
            slope = (k*v*v + 5*v + 140*mV - u + i_in)/ms : volt/second
            v_new = v + slope*0.5*ms : volt
            second_half = t_in_timesteps % 2 : integer
            k : 1/volt (constant)
            i_in : volt (constant)
            a : 1 (constant)
            b : 1 (constant)
            c : volt (constant)
            d : volt (constant)`,
      threshold: 'second_half == 1 and v >= 30*mV',
      reset: 'v = c; u += d',
      method: 'euler',
      initial: {
        // A variable, because the products of constants are regrouped: 0.04 v v as published is (0.04 v) v.
        k: '0.04/mV',
        a: of('a', '1'),
        b: of('b', '1'),
        c: of('c', 'mV'),
        d: of('d', 'mV'),
        i_in: of('I', 'mV'),
        v: '-65*mV',
        u: 'b*v',
      },
    });
    net.record.spikes(cells);
    // The published run has 1000 tests: the last is of the state after 999 updates.
    const trains = await simulate(net, engine, 999, (simulation) =>
      stepsByNeuron(simulation, cases.length),
    );
    const ranges: Record<string, readonly [number, number]> = {
      RS: [19, 21],
      IB: [25, 29],
      CH: [40, 47],
      FS: [61, 70],
      LTS: [41, 50],
      RZ: [71, 86],
      TC: [60, 83],
    };
    for (const [k, { name, expected }] of cases.entries()) {
      const steps = (trains[k] ?? []).map((step) => (step + 1) / 2);
      const count = expected.find(({ quantity }) => quantity === 'spike count')?.value as number;
      const first = expected.find(({ quantity }) => quantity.startsWith('first spike steps'))
        ?.value as readonly number[];
      const safe = engine.isDouble ? first.length : 4;
      expect(steps.slice(0, safe), name).toEqual(first.slice(0, safe));
      const [least, most] = engine.isDouble ? [count, count] : (ranges[name] ?? [count, count]);
      expect(steps.length, name).toBeGreaterThanOrEqual(least);
      expect(steps.length, name).toBeLessThanOrEqual(most);
    }
  });
});
