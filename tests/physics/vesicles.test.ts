/** Vesicles one by one (T10): moments of a spike, and means of trains against the Tsodyks–Markram synapse. */
import { expect, it } from 'vitest';
import { models, Network, type Population } from '../../src/index.ts';
import { engines, samples, simulate, singleEngines } from '../support/engines.ts';
import { biologyCases, describeReference } from '../support/reference.ts';

const DT_MS = 0.1;

function train(net: Network, timesMs: readonly number[]): Population {
  return net.spikeList('source', 1, { indices: timesMs.map(() => 0), timesMs: [...timesMs] });
}

/** Synapses of one source onto one neuron, whose conductance is the number of vesicles released so far. */
function vesicles(
  count: number,
  params: Readonly<Record<string, string | number>>,
  timesMs: readonly number[],
): Network {
  const net = new Network({ dt: `${DT_MS} ms`, seed: 11 });
  const target = net.population('target', 1, { eqs: 'g_exc : siemens' });
  const { initial, ...options } = models.quantal.with(params);
  const one = Array.from({ length: count }, () => 0);
  net
    .projection('synapse', train(net, timesMs), target, {
      ...options,
      initial: { ...initial, weight: '1*nS' },
    })
    .connect({ rule: 'list', pre: one, post: one });
  net.record.state(target, ['g_exc'], { every: '1 ms' });
  return net;
}

const N = 20_000;

// Of the reference: n 5, p 0.5. Others at the ends of what is possible.
it.each(
  engines.flatMap((engine) =>
    [
      [5, 0.5],
      [12, 0.03],
      [32, 0.9],
      [1, 1],
    ].map(([n, p]) => ({ engine, n: n as number, p: p as number })),
  ),
)('$engine.name: a single spike, $n sites, probability $p', async ({ engine, n, p }) => {
  await simulate(vesicles(N, { n_sites: n, u_0: p }, [1]), engine, 3, async (simulation) => {
    const released = Array.from(await simulation.get('synapse', 'n_docked'), (left) => n - left);
    const mean = released.reduce((sum, k) => sum + k, 0) / N;
    const variance = released.reduce((sum, k) => sum + (k - n * p) ** 2, 0) / N;
    const failures = released.filter((k) => k === 0).length / N;
    expect(samples(simulation, 'g_exc')[2]).toBeCloseTo(mean * N, 3);
    const sd2 = n * p * (1 - p);
    const fourth = 3 * sd2 ** 2 + sd2 * (1 - 6 * p * (1 - p));
    const none = (1 - p) ** n;
    const within = (found: number, expected: number, sigma: number): void =>
      expect(Math.abs(found - expected)).toBeLessThanOrEqual(4 * sigma + 1e-12);
    within(mean, n * p, Math.sqrt(sd2 / N));
    within(variance, sd2, Math.sqrt(Math.max(fourth - sd2 ** 2, 0) / N));
    within(failures, none, Math.sqrt((none * (1 - none)) / N));
  });
});

describeReference('moments of the reference (T10)', () => {
  it('are those that a single spike is tested against', () => {
    const [single] = biologyCases('T10');
    expect([single?.parameters?.n_sites?.value, single?.parameters?.p?.value]).toEqual([5, 0.5]);
    expect(single?.expected.map(({ value }) => value)).toEqual([5 * 0.5, 5 * 0.5 ** 2, 0.5 ** 5]);
  });
});

describeReference('Trains (T9, T10)', () => {
  const timesMs = [...Array.from({ length: 10 }, (_, k) => 10 + 50 * k), 10 + 450 + 500];
  const sets = biologyCases('T9').filter(({ parameters }) => parameters?.U !== undefined);

  // A site releases at spike k with probability r_k, whatever the others do: vesicles released are binomial (n, r_k).
  it.each(
    engines.flatMap((engine) =>
      sets.slice(0, engine.options.engine === 'gpu' ? 2 : 8).map((set) => ({ engine, set })),
    ),
  )('$engine.name: $set.name, mean over synapses spike by spike', async ({ engine, set }) => {
    const { parameters, expected } = set;
    const n = 6;
    const params = {
      n_sites: n,
      u_0: parameters?.U?.value ?? 0,
      tau_rec: `${parameters?.tau_rec?.value} ms`,
      tau_fac: `${Math.max(parameters?.tau_fac?.value ?? 0, 0.001)} ms`,
    };
    await simulate(vesicles(N, params, timesMs), engine, 965, (simulation) => {
      const total = samples(simulation, 'g_exc');
      const r = expected.flatMap(({ quantity, value }) =>
        quantity.startsWith('r of') ? value : [],
      );
      expect(r).toHaveLength(11);
      for (const [k, mean] of r.entries()) {
        const at = timesMs[k] as number;
        const released = (total[at + 1] as number) - (total[at] as number);
        const sigma = Math.sqrt((mean * (1 - mean)) / (n * N));
        expect(Math.abs(released / (n * N) - mean), `spike ${k}`).toBeLessThan(4 * sigma);
      }
    });
  });

  const [, trials] = biologyCases('T10');
  const value = (name: string): number => trials?.parameters?.[name]?.value as number;
  // A list, where all others are numbers.
  const spikesMs: readonly number[] = [trials?.parameters?.spike_times?.value ?? []].flat();
  const limit = 4e-4;

  /** NEST's test: a deterministic synapse of 1 pA, and one of n vesicles of 1/n pA `at once` times, averaged. */
  function both(atOnce: number, repeats: number): Network {
    const net = new Network({ dt: `${DT_MS} ms`, seed: 6 });
    const times = Array.from({ length: repeats }, (_, k) =>
      spikesMs.map((time) => k * value('trial_length') + time),
    ).flat();
    const source = train(net, times);
    const params = {
      u_0: value('U'),
      tau_rec: `${value('tau_rec')} ms`,
      tau_fac: `${value('tau_fac')} ms`,
    };
    const cell = models.lifCurrExp.with({
      c_m: '250 pF',
      tau_m: `${value('tau_m')} ms`,
      tau_syn_exc: `${value('tau_syn')} ms`,
    });
    const acts = { g_exc: 'i_exc', siemens: 'amp' };
    const sites = value('n_sites');
    for (const name of ['mean field', 'vesicles'] as const) {
      const target = net.population(name, 1, cell);
      const isQuantal = name === 'vesicles';
      const { initial, ...options } = isQuantal
        ? models.quantal.with({ ...params, n_sites: sites }, acts)
        : models.tsodyksMarkram.with(params, acts);
      const ends = Array.from({ length: isQuantal ? atOnce : 1 }, () => 0);
      const weight = isQuantal ? `${1 / (sites * atOnce)}*pA` : '1*pA';
      net
        .projection(`to ${name}`, source, target, { ...options, initial: { ...initial, weight } })
        .connect({ rule: 'list', pre: ends, post: ends });
      net.record.state(target, ['v'], { name, every: '1 ms' });
    }
    return net;
  }

  it.each(singleEngines)(
    '$name: the mean of 100 trials is that of the deterministic synapse',
    async (engine) => {
      await simulate(both(100, 1), engine, 1000, (simulation) => {
        const expected = simulation.state('mean field').values.v as Float64Array;
        const found = simulation.state('vesicles').values.v as Float64Array;
        const rest = expected[0] as number;
        // There is something to compare: five times what is allowed.
        expect(Math.max(...expected) - rest).toBeGreaterThan(5 * limit);
        for (const [k, v] of expected.entries()) {
          expect(Math.abs((found[k] as number) - v), `${k} ms`).toBeLessThan(limit);
        }
      });
    },
  );

  it('CPU f64: the mean of 100,000 trials is as near as chance allows', async () => {
    const [engine] = engines.filter(({ isDouble }) => isDouble);
    if (engine === undefined) throw new Error('no f64 engine');
    await simulate(both(100_000, 1), engine, 1000, (simulation) => {
      const expected = simulation.state('mean field').values.v as Float64Array;
      const found = simulation.state('vesicles').values.v as Float64Array;
      // One spike: sd of released/n at most sqrt(r(1 - r)/n) = 0.11 of 0.0105 mV; at most 3 such spikes add up.
      const sigma = (0.0105 * 0.11 * Math.sqrt(3)) / Math.sqrt(100_000);
      for (const [k, v] of expected.entries()) {
        expect(Math.abs((found[k] as number) - v), `${k} ms`).toBeLessThan(4 * sigma);
      }
    });
  });

  // 151 s, too long for software adapters; single precision draws the same vesicles on every engine, as is tested below.
  const fast = engines.filter(({ options }) => options.engine === 'cpu');
  it.each(fast)(
    '$name: trials one after the other, as NEST runs them',
    async (engine) => {
      const length = value('trial_length');
      const repeats = value('trials') + 1;
      await simulate(both(1, repeats), engine, repeats * length, (simulation) => {
        const expected = simulation.state('mean field').values.v as Float64Array;
        const found = simulation.state('vesicles').values.v as Float64Array;
        for (let k = 0; k < length; k++) {
          let difference = 0;
          for (let trial = 1; trial < repeats; trial++) {
            const at = trial * length + k;
            difference += (found[at] as number) - (expected[at] as number);
          }
          expect(Math.abs(difference / (repeats - 1)), `${k} ms`).toBeLessThan(limit);
        }
      });
    },
    60_000,
  );
});

it('in single precision engines draw the same vesicles', async () => {
  const found: Float64Array[] = [];
  for (const engine of singleEngines) {
    const params = { n_sites: 8, u_0: 0.3, tau_rec: '100 ms', tau_fac: '50 ms' };
    await simulate(vesicles(500, params, [1, 5, 20, 21, 60]), engine, 70, async (simulation) => {
      found.push(await simulation.get('synapse', 'n_docked'));
    });
  }
  for (const other of found) expect(other).toEqual(found[0]);
});
