/** Hodgkin–Huxley squid axon and Pinsky–Rinzel cell against high-precision solutions. */
import { expect, it } from 'vitest';
import { models, Network } from '../../src/index.ts';
import { engines, samples, simulate, singleEngines, stepsByNeuron } from '../support/engines.ts';
import { biologyCases, describeReference, reference } from '../support/reference.ts';

/** Squid axons, one per current (uA/cm2), recorded every `every` steps. */
function squids(currents: readonly number[], dt: number, method: string): Network {
  const net = new Network({ dt: `${dt} ms` });
  const axons = net.population('axons', currents.length, {
    ...models.hhSquid.with({ i_offset: { values: currents, unit: 'uA/cm2' } }),
    method,
  });
  net.record.spikes(axons);
  net.record.state(axons, ['v']);
  return net;
}

/** Times of upward crossings of `level`, interpolated between samples. */
function crossings(v: Float64Array, level: number, dt: number): number[] {
  const times: number[] = [];
  for (let k = 1; k < v.length; k++) {
    const [before, after] = [v[k - 1] as number, v[k] as number];
    if (before < level && after >= level) {
      times.push((k - 1 + (level - before) / (after - before)) * dt);
    }
  }
  return times;
}

describeReference('Hodgkin–Huxley squid axon', () => {
  interface SquidCase {
    readonly I_uA_per_cm2: number;
    readonly upcrossings_0mV_ms: readonly number[];
    readonly V_sampled_each_ms_0_50: readonly number[];
  }
  it.each(engines)('$name: rk4 at 0.01 ms, crossings and V each ms', async (engine) => {
    const { cases } = reference<{ cases: readonly SquidCase[] }>('hodgkin_huxley_squid.json');
    const currents = cases.map((one) => one.I_uA_per_cm2);
    const dt = 0.01;
    await simulate(squids(currents, dt, 'rk4'), engine, 200, (simulation) => {
      for (const [k, one] of cases.entries()) {
        const v = samples(simulation, 'v', k);
        const times = crossings(v, 0, dt);
        expect(times.length, `${currents[k]} uA/cm2`).toBe(one.upcrossings_0mV_ms.length);
        const allowed = 0.01;
        for (const [n, expected] of one.upcrossings_0mV_ms.entries()) {
          expect(Math.abs((times[n] as number) - expected)).toBeLessThan(allowed);
        }
        for (const [ms, expected] of one.V_sampled_each_ms_0_50.entries()) {
          const slope = Math.abs(((v[ms * 100 + 1] as number) - (v[ms * 100] as number)) / dt);
          if (slope > 2) continue; // on a spike
          expect(Math.abs((v[ms * 100] as number) - expected)).toBeLessThan(0.02);
        }
      }
    });
  });

  it.each(engines)('$name: spike counts and first spikes over 1000 ms (T6)', async (engine) => {
    const cases = biologyCases('T6').filter(({ parameters }) => parameters?.I !== undefined);
    const currents = cases.map(({ parameters }) => parameters?.I?.value as number);
    const dt = 0.02;
    await simulate(squids(currents, dt, 'rk4'), engine, 1000, (simulation) => {
      for (const [k, { name, expected }] of cases.entries()) {
        const times = crossings(samples(simulation, 'v', k), 0, dt);
        for (const { quantity, value } of expected) {
          if (quantity === 'spikes in 1000 ms') {
            const slack = (value as number) > 10 ? 1 : 0;
            expect(Math.abs(times.length - (value as number)), name).toBeLessThanOrEqual(slack);
          }
          if (quantity.startsWith('last inter-spike') || quantity.startsWith('rate')) {
            const last = (times.at(-1) as number) - (times.at(-2) as number);
            const measured = quantity.startsWith('rate') ? 1000 / last : last;
            expect(Math.abs(measured / (value as number) - 1), `${name}, ${quantity}`).toBeLessThan(
              0.01,
            );
          }
          if (quantity !== 'first spike times') continue;
          for (const [n, time] of (value as readonly number[]).entries()) {
            const error = Math.abs((times[n] as number) - time);
            expect(error / time, `${name}, spike ${n}`).toBeLessThan(0.01);
          }
        }
      }
    });
  });

  it.each(singleEngines)('$name: exponential Euler is of first order', async (engine) => {
    const error = async (dt: number): Promise<number> =>
      simulate(squids([10], dt, 'exponential_euler'), engine, 1000, (simulation) => {
        const times = crossings(samples(simulation, 'v'), 0, dt);
        return ((times[60] as number) - (times[20] as number)) / 40 - 14.6362;
      });
    const [coarse, fine] = [await error(0.025), await error(0.0125)];
    expect(coarse).toBeLessThan(0.2);
    expect(Math.abs(coarse / fine - 2)).toBeLessThan(0.1);
  });

  it.each(engines)('$name: gates start at their steady state', async (engine) => {
    await simulate(squids([0], 0.01, 'rk4'), engine, 0, async (simulation) => {
      const gates = biologyCases('T6').find(({ name }) => name === 'gates at -65 mV');
      for (const { quantity, value } of gates?.expected ?? []) {
        const [gate] = await simulation.get('axons', quantity);
        expect(Math.abs((gate ?? 0) - (value as number)), quantity).toBeLessThan(1e-6);
      }
    });
  });
});

describeReference('Pinsky–Rinzel cell (T6b)', () => {
  // With strong current the cell is chaotic: solvers with relative tolerance 1e-9 count 82 spikes, with 1e-10 and below
  // 76. So f64 takes small steps for it, and f32 is only asked for the right size.
  it.each(engines)('$name: crossings in 1500 ms, rk4', async (engine) => {
    const cases = biologyCases('T6b').filter(({ expected }) => expected.length > 0);
    expect(cases.length).toBe(4);
    const net = new Network({ dt: engine.isDouble ? '0.0025 ms' : '0.05 ms' });
    const parameter = (name: string) =>
      cases.map(({ parameters }) => parameters?.[name]?.value as number);
    const cells = net.population(
      'cells',
      cases.length,
      models.pinskyRinzel.with({
        i_soma: { values: parameter('I_s'), unit: 'uA/cm2' },
        g_c: { values: parameter('g_c'), unit: 'mS/cm2' },
      }),
    );
    net.record.spikes(cells);
    await simulate(net, engine, 1500, (simulation) => {
      const trains = stepsByNeuron(simulation, cases.length);
      for (const [k, { name, parameters, expected }] of cases.entries()) {
        const count = expected.find(({ quantity }) => quantity === 'crossings in 1500 ms')
          ?.value as number;
        const isChaotic = parameters?.I_s?.value === 2.5;
        const slack = isChaotic && !engine.isDouble ? 10 : count > 10 ? 1 : 0;
        expect(Math.abs((trains[k]?.length ?? 0) - count), name).toBeLessThanOrEqual(slack);
        const times = (trains[k] ?? []).map((step) => (step + 1) * simulation.dtMs);
        const rate = expected.find(({ quantity }) => quantity === 'rate')?.value;
        if (rate !== undefined) {
          // Of the last interval: those before still adapt.
          const last = 1000 / ((times.at(-1) as number) - (times.at(-2) as number));
          expect(Math.abs(last / (rate as number) - 1), `${name}, ${last} Hz`).toBeLessThan(0.01);
        }
        if (!engine.isDouble) continue;
        // Times and periods are held by the reviewers.
        const shown = times.slice(0, 20).map((time) => time.toFixed(2));
        process.stdout.write(`T6b ${name}: ${times.length} crossings, ms: ${shown.join(', ')}\n`);
      }
    });
  });

  it.each(engines)('$name: bursts against an adaptive solver', async (engine) => {
    // SciPy 1.17 RK45 with tolerances 1e-8, largest step 0.5 ms.
    const expected = [13.77, 92.58, 96.37, 435.47, 439.32, 930.47, 934.32, 1425.47, 1429.32];
    const net = new Network({ dt: '0.05 ms' });
    const cell = net.population('cell', 1, models.pinskyRinzel.with());
    net.record.spikes(cell);
    await simulate(net, engine, 1500, (simulation) => {
      const times = [...simulation.spikes().timesMs()];
      expect(times.length).toBe(expected.length);
      for (const [n, time] of expected.entries()) {
        expect(Math.abs((times[n] as number) - time)).toBeLessThan(1);
      }
      const shown = times.map((time) => time.toFixed(2)).join(', ');
      const period = ((times.at(-2) as number) - (times.at(-4) as number)).toFixed(2);
      process.stdout.write(
        `T6b ${engine.name}: crossings ${shown} ms, burst period ${period} ms\n`,
      );
    });
  });

  it.each(engines)('$name: the same bursts by implicit compartments', async (engine) => {
    // The tolerance of T6b: 3 ms at crossings up to 1430 ms.
    const expected = [13.77, 92.58, 96.37, 435.47, 439.32, 930.47, 934.32, 1425.47, 1429.32];
    const net = new Network({ dt: '0.025 ms' });
    const cell = net.population('cell', 1, {
      ...models.pinskyRinzel.with(),
      method: 'implicit',
    });
    net.record.spikes(cell);
    await simulate(net, engine, 1500, (simulation) => {
      const times = [...simulation.spikes().timesMs()];
      expect(times.length).toBe(expected.length);
      for (const [n, time] of expected.entries()) {
        expect(Math.abs((times[n] as number) - time)).toBeLessThan(3);
      }
    });
  });
});
