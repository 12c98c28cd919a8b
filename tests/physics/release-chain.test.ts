/**
 * The chain from action potential to transmitter pulse (T12): peaks and times against an adaptive solution, and what must
 * hold for any integrator: the balance of transmitter, the signs of calcium, the steepness of release.
 */
import { describe, expect, it } from 'vitest';
import {
  models,
  type NamedIntervention,
  Network,
  namedInterventions,
  type ParameterValues,
  parametersUnder,
} from '../../src/index.ts';
import { type EngineCase, engines, samples, simulate, singleEngines } from '../support/engines.ts';
import { buildExample } from '../support/examples.ts';
import { biologyCases, describeReference } from '../support/reference.ts';

const VARIABLES = { V: 'v', Ca: 'ca', FA: 'fa', VA: 'va', T: 'transmitter' } as const;
const NAMES = [...Object.values(VARIABLES), 'o', 'i_ca'];

/** Traces in internal units (mV, mM, pA/um2) of one terminal with a current (pA) from 5 to 7 ms. */
function chain(
  engine: EngineCase,
  dt: number,
  options: { method?: string; params?: ParameterValues; current?: number } = {},
): Promise<Readonly<Record<string, Float64Array>>> {
  const { method = models.releaseChain.method ?? '', params = {}, current = 100 } = options;
  const net = new Network({ dt: `${dt} ms` });
  const values = [0, 0, 0, 0, 0, current, current, 0];
  net.timedArray('stimulus', { dt: '1 ms', unit: 'pA', values });
  const terminal = net.population('terminal', 1, {
    ...models.releaseChain.with(params, { i_offset: 'stimulus(t)' }),
    method,
  });
  net.record.state(terminal, NAMES);
  return simulate(net, engine, 12, (simulation) =>
    Object.fromEntries(NAMES.map((name) => [name, samples(simulation, name)])),
  );
}

const trace = (traces: Readonly<Record<string, Float64Array>>, name: string): Float64Array => {
  const found = traces[name];
  if (found === undefined) throw new Error(`${name} was not recorded`);
  return found;
};

const largest = (values: Float64Array): number => values.reduce((a, b) => Math.max(a, b));
const sum = (values: Float64Array): number => values.reduce((all, value) => all + value, 0);

/** Time between the two crossings of half the peak, interpolated. */
function halfWidth(values: Float64Array, dt: number): number {
  const half = largest(values) / 2;
  const crossings: number[] = [];
  for (let k = 1; k < values.length; k++) {
    const [before, after] = [values[k - 1] as number, values[k] as number];
    if (before < half !== after < half) {
      crossings.push((k - 1 + (half - before) / (after - before)) * dt);
    }
  }
  return (crossings[1] as number) - (crossings[0] as number);
}

describeReference('one action potential (T12)', () => {
  const { expected } = biologyCases('T12')[0] ?? { expected: [] };

  // T12 allows 5 % in f32 at this step, and 1e-4 of an adaptive solver: rk4 keeps the latter on every engine. Each method
  // is held to about twice the error that it has.
  it.each(
    engines.flatMap((engine) => [
      { name: `${engine.name}, default method`, engine, method: undefined, allowed: 1e-3 },
      { name: `${engine.name}, rk4`, engine, method: 'rk4', allowed: 1e-4 },
    ]),
  )('$name: peaks and times at 0.005 ms', async ({ engine, method, allowed }) => {
    const dt = 0.005;
    const traces = await chain(engine, dt, method === undefined ? {} : { method });
    expect(expected.length).toBe(6);
    for (const { quantity, value, at } of expected) {
      const name = quantity.replace(/^(peak|half-width) of /, '') as keyof typeof VARIABLES;
      const values = trace(traces, VARIABLES[name]);
      if (quantity.startsWith('half-width')) {
        expect(Math.abs(halfWidth(values, dt) / (value as number) - 1)).toBeLessThan(0.05);
        continue;
      }
      const peak = largest(values);
      // mM here, uM there.
      const shown = ['Ca', 'FA', 'VA'].includes(name) ? peak * 1000 : peak;
      expect(Math.abs(shown / (value as number) - 1), quantity).toBeLessThan(allowed);
      const time = values.indexOf(peak) * dt;
      expect(Math.abs(time - (at?.time?.value as number)), `time of ${quantity}`).toBeLessThan(
        0.02,
      );
    }
  });

  it.each(singleEngines)('$name: 1 % at 0.02 ms', async (engine) => {
    const traces = await chain(engine, 0.02);
    const { value } = expected.find(({ quantity }) => quantity === 'peak of T') ?? {};
    expect(Math.abs(largest(trace(traces, 'transmitter')) / (value as number) - 1)).toBeLessThan(
      0.01,
    );
  });
});

describe.each(engines)('$name', (engine) => {
  it('transmitter: what was fused is in the cleft or cleared', async () => {
    const dt = 0.005;
    const traces = await chain(engine, dt);
    const fused = 10_000 * 4 * sum(trace(traces, 'va')) * dt;
    const transmitter = trace(traces, 'transmitter');
    const cleared = 10 * sum(transmitter) * dt;
    // Trapezoid rule on samples: both ends are near 0, and its error is far below 1e-4 for pulses of 0.6 ms.
    expect(Math.abs((cleared + (transmitter.at(-1) as number)) / fused - 1)).toBeLessThan(1e-4);
    const bound = trace(traces, 'fa').map((fa, k) => fa + (trace(traces, 'va')[k] as number));
    expect(largest(bound)).toBeLessThan(1e-3);
  });

  it('calcium current: Goldman, Hodgkin and Katz at every potential of a spike', async () => {
    const dt = 0.005;
    const traces = await chain(engine, dt);
    const v = trace(traces, 'v');
    const current = trace(traces, 'i_ca');
    const scale = Math.max(...current.map(Math.abs));
    let nearZero = Number.POSITIVE_INFINITY;
    for (const [k, potential] of v.entries()) {
      nearZero = Math.min(nearZero, Math.abs(potential));
      // C/mol, J/(mol K); potential in V, concentration in mol/m3, permeability in m/s: A/m2 is pA/um2.
      const z = (2 * 96485.33212 * potential * 1e-3) / (8.314462618 * 309.15);
      const f = (x: number): number => (Math.abs(x) < 1e-6 ? 1 - x / 2 : x / Math.expm1(x));
      const inside = (trace(traces, 'ca')[k] as number) * f(-z);
      const expected =
        2e-6 * (trace(traces, 'o')[k] as number) * 2 * 96485.33212 * (inside - 2 * f(z));
      const allowed = (engine.isDouble ? 1e-9 : 1e-5) * scale;
      expect(Math.abs((current[k] as number) - expected)).toBeLessThan(allowed);
    }
    expect(nearZero).toBeLessThan(1);
  });

  it('signs: no release without depolarisation or calcium outside', async () => {
    const dt = 0.005;
    const spike = await chain(engine, dt);
    expect(Math.min(...trace(spike, 'i_ca'))).toBeLessThan(-1e-3);
    expect(largest(trace(spike, 'i_ca'))).toBeLessThanOrEqual(0);
    const pulled = await chain(engine, dt, { current: -100 });
    expect(Math.min(...trace(pulled, 'v'))).toBeLessThan(-90);
    expect(largest(trace(pulled, 'transmitter'))).toBeLessThan(1e-4);
    const dry = await chain(engine, dt, { params: { ca_out: '0 mM' } });
    expect(largest(trace(dry, 'v'))).toBeGreaterThan(45);
    expect(Math.min(...trace(dry, 'i_ca'))).toBeGreaterThanOrEqual(0);
    expect(largest(trace(dry, 'ca'))).toBeLessThanOrEqual(1e-5);
    expect(largest(trace(dry, 'transmitter'))).toBeLessThan(1e-4);
  });

  it('release rises more steeply than the four ions alone would have it, and saturates', async () => {
    // The pump, half saturated at 0.01 uM, takes the larger part of a small influx.
    const peak = async (calcium: number): Promise<number> =>
      largest(
        trace(await chain(engine, 0.005, { params: { ca_out: `${calcium} mM` } }), 'transmitter'),
      );
    expect(Math.log2((await peak(1)) / (await peak(0.5)))).toBeGreaterThan(4);
    expect(Math.log2((await peak(8)) / (await peak(4)))).toBeLessThan(1);
  });
});

describe.each(engines)('drugs and ions (T28), $name', (engine) => {
  const named = Object.entries<NamedIntervention>(namedInterventions).filter(
    ([, { model }]) => model === models.releaseChain.name,
  );

  it.each(named)('%s', async (_, intervention) => {
    const params = parametersUnder(models.releaseChain, intervention);
    const [control, treated] = [await chain(engine, 0.005), await chain(engine, 0.005, { params })];
    for (const [variable, sign] of Object.entries(intervention.signs)) {
      // All that is there in 12 ms, not the peak: a broad spike lets in more calcium, but not faster.
      const ratio = sum(trace(treated, variable)) / sum(trace(control, variable));
      if (sign === 'rises') expect(ratio, variable).toBeGreaterThan(1.05);
      else expect(ratio, variable).toBeLessThan(0.95);
    }
  });

  it('fewer calcium channels cost more release than calcium', async () => {
    // Four ions bind together, and the pump takes its part first: the slope in p_ca is that in calcium outside.
    const peak = async (p_ca: string, variable: string): Promise<number> =>
      largest(trace(await chain(engine, 0.005, { params: { p_ca } }), variable));
    const slope = async (variable: string): Promise<number> =>
      Math.log2(
        (await peak('1e-4 cm/second', variable)) / (await peak('0.5e-4 cm/second', variable)),
      );
    expect(await slope('transmitter')).toBeGreaterThan(4);
    expect(await slope('transmitter')).toBeGreaterThan(2 * (await slope('ca')));
  });
});

describe.each(engines)('example release-chain, $name', (engine) => {
  const run = (values: Readonly<Record<string, string | number>>, durationMs: number) =>
    simulate(buildExample('release-chain', values), engine, durationMs, (simulation) => {
      const terminal = simulation.state('terminal state').values;
      const target = simulation.state('target state').values;
      return { ...terminal, r: target.r_ampa, target_v: target.v } as Readonly<
        Record<string, Float64Array>
      >;
    });

  it('the pulse opens receptors behind it, which depolarise the other membrane behind them', async () => {
    const traces = await run({}, 20);
    const peakAt = (name: string): number => {
      const values = trace(traces, name);
      return values.indexOf(largest(values)) * 0.02;
    };
    expect(Math.abs(largest(trace(traces, 'transmitter')) / 1.0528 - 1)).toBeLessThan(2e-3);
    // A square pulse of 1 mM for 1 ms opens 0.62 (T11); the pulse of the chain has 0.6 ms at half its height.
    expect(largest(trace(traces, 'r'))).toBeGreaterThan(0.35);
    expect(largest(trace(traces, 'r'))).toBeLessThan(0.62);
    const order = ['v', 'ca', 'fa', 'va', 'transmitter', 'r', 'target_v'].map(peakAt);
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(largest(trace(traces, 'target_v'))).toBeGreaterThan(-69.5);
  });

  it('five spikes release five times, and none where channels are blocked', async () => {
    const { transmitter } = await run({ spikes: 5, interval: '10 ms' }, 60);
    const values = transmitter as Float64Array;
    const rises = values.filter((value, k) => value < 0.3 && (values[k + 1] ?? 0) >= 0.3).length;
    expect(rises).toBe(5);
    const blocked = await run({ channels: 0 }, 20);
    expect(largest(trace(blocked, 'v'))).toBeGreaterThan(45);
    expect(largest(trace(blocked, 'transmitter'))).toBeLessThan(1e-4);
  });
});
