/**
 * Short-term plasticity, kept once per source neuron, against the published trains (T9), against the same equations kept in
 * every synapse, and against itself in other windows, ways and on other engines.
 */
import { describe, expect, it } from 'vitest';
import {
  createSimulation,
  models,
  Network,
  type NetworkDocument,
  type Population,
} from '../../src/index.ts';
import { compileNetwork } from '../../src/plan/compile.ts';
import { engines, simulate, singleEngines } from '../support/engines.ts';
import { type BiologyCase, biologyCases, describeReference } from '../support/reference.ts';

const DT_MS = 0.1;

/** Facilitation that is over at once: 100 times shorter than a step, and no division by zero. */
const shortest = (ms = 0): string => `${Math.max(ms, 0.001)} ms`;

const parametersOf = ({ parameters }: BiologyCase): Record<string, string | number> => ({
  u_0: parameters?.U?.value ?? 0,
  tau_rec: `${parameters?.tau_rec?.value} ms`,
  tau_fac: shortest(parameters?.tau_fac?.value),
});

/** Delay of the kicks that make a relay fire: as long as the longest delay that is tested. */
const KICK_MS = 4;

/** A neuron that fires at these times; its refractory period and its kicks allow windows of 41 steps. */
function relay(net: Network, name: string, timesMs: readonly number[]): Population {
  const input = net.spikeList(`${name} input`, 1, {
    indices: timesMs.map(() => 0),
    timesMs: timesMs.map((time) => time - DT_MS - KICK_MS),
  });
  const neurons = net.population(name, 1, {
    eqs: 'v : 1',
    threshold: 'v > 1',
    reset: 'v = 0',
    refractory: '5 ms',
  });
  net
    .projection(`${name} kick`, input, neurons, { onPre: 'v += 2', delay: `${KICK_MS} ms` })
    .connect({ rule: 'one-to-one' });
  return neurons;
}

/** What the conductance gained by each spike. */
function releases(values: Float64Array, timesMs: readonly number[], delaySteps: number): number[] {
  return timesMs.map((time) => {
    const step = Math.round(time / DT_MS) + delaySteps;
    return (values[step + 1] as number) - (values[step] as number);
  });
}

describeReference('Tsodyks–Markram trains kept by the source (T9)', () => {
  const cases = biologyCases('T9').filter(({ parameters }) => parameters?.U !== undefined);
  const timesMs = [...Array.from({ length: 10 }, (_, k) => 10 + 50 * k), 10 + 450 + 500];

  const values = ({ expected }: BiologyCase, beginning: string): readonly number[] => {
    const found = expected.find(({ quantity }) => quantity.startsWith(beginning));
    if (found === undefined) throw new Error(`no ${beginning}`);
    return typeof found.value === 'number' ? [found.value] : found.value;
  };

  it('has eight sets', () => expect(cases.length).toBeGreaterThanOrEqual(8));

  // Windows have 1, 11 and 41 steps.
  it.each(engines.flatMap((engine) => [0, 10, 40].map((delay) => ({ ...engine, delay }))))(
    '$name: ten spikes at 20 Hz and one after 500 ms, delay $delay steps',
    async ({ delay, ...engine }) => {
      const net = new Network({ dt: `${DT_MS} ms` });
      const source = relay(net, 'source', timesMs);
      for (const [k, one] of cases.entries()) {
        const target = net.population(`target ${k}`, 1, { eqs: 'g_exc : siemens' });
        const { initial, ...options } = models.tsodyksMarkram.with(parametersOf(one));
        net
          .projection(`synapse ${k}`, source, target, {
            ...options,
            initial: { ...initial, weight: '1*nS' },
            delay: `${delay * DT_MS} ms`,
          })
          .connect({ rule: 'one-to-one' });
        net.record.state(target, ['g_exc'], { name: `g ${k}` });
      }
      expect(compileNetwork(net.document).plan.windowSteps).toBe(delay + 1);
      await simulate(net, engine, 1000, (simulation) => {
        for (const [k, one] of cases.entries()) {
          const total = simulation.state(`g ${k}`).values.g_exc as Float64Array;
          const found = releases(total, timesMs, delay);
          const expected = [
            ...values(one, 'r of 10 spikes'),
            ...values(one, 'r of a spike 500 ms after'),
          ];
          for (const [n, r] of expected.entries()) {
            expect(Math.abs((found[n] as number) - r), `${one.name}, spike ${n}`).toBeLessThan(
              1e-5,
            );
          }
        }
      });
    },
  );

  it.each(engines)('$name: steady state at every rate, in steps of 10 ms', async (engine) => {
    // Neuron k fires every period[k] steps; 30 s are 20 of the longest time constant. What a spike adds is gone a step later.
    const rates = [1, 5, 10, 20, 50, 100];
    const net = new Network({ dt: '10 ms' });
    const source = net.population('source', rates.length, {
      eqs: 'period : integer (constant)',
      threshold: 't_in_timesteps % period == 0',
      refractory: '0 ms',
      initial: { period: { values: rates.map((rate) => 100 / rate), unit: '1' } },
    });
    for (const [k, one] of cases.entries()) {
      const target = net.population(`target ${k}`, rates.length, {
        eqs: 'dg_exc/dt = -g_exc/(0.1*ms) : siemens',
      });
      const { initial, ...options } = models.tsodyksMarkram.with(parametersOf(one));
      net
        .projection(`synapse ${k}`, source, target, {
          ...options,
          initial: { ...initial, weight: '1*nS' },
        })
        .connect({ rule: 'one-to-one' });
    }
    // The last step is one of a spike of every neuron.
    await simulate(net, engine, 30_010, async (simulation) => {
      for (const [k, one] of cases.entries()) {
        const found = await simulation.get(`target ${k}`, 'g_exc');
        const expected = values(one, 'steady r at');
        expect(expected.length).toBe(rates.length);
        for (const [n, r] of expected.entries()) {
          const error = Math.abs((found[n] as number) - r);
          expect(error, `${one.name}, ${rates[n]} Hz: ${found[n]}`).toBeLessThan(1e-5);
        }
        const [, , steady] = values(one, 'steady state [u, x, r]');
        expect(Math.abs((found[3] as number) - (steady as number)), one.name).toBeLessThan(1e-5);
      }
    });
  });

  // Too long for software adapters; GPUs run the same statements, as the trains show.
  const fast = engines.filter(({ options }) => options.engine === 'cpu');
  it.each(fast)('$name: steady state at 20 Hz', async (engine) => {
    const net = new Network({ dt: `${DT_MS} ms` });
    // 17 s are 15 of the longest time constant but one: what is left of the beginning is below 1e-6.
    const train = Array.from({ length: 340 }, (_, k) => 10 + 50 * k);
    const source = relay(net, 'source', train);
    for (const [k, one] of cases.entries()) {
      const target = net.population(`target ${k}`, 1, { eqs: 'g_exc : siemens' });
      const { initial, ...options } = models.tsodyksMarkram.with(parametersOf(one));
      net
        .projection(`synapse ${k}`, source, target, {
          ...options,
          initial: { ...initial, weight: '1*nS' },
        })
        .connect({ rule: 'one-to-one' });
    }
    await simulate(net, engine, 17_000, async (simulation) => {
      for (const [k, one] of cases.entries()) {
        const [u, x, r] = values(one, 'steady state [u, x, r]') as [number, number, number];
        const [found] = await simulation.get(`synapse ${k}`, 'u_syn');
        const [left] = await simulation.get(`synapse ${k}`, 'x_syn');
        expect(Math.abs((found as number) - u), `${one.name}, u`).toBeLessThan(1e-5);
        expect(Math.abs((left as number) - x), `${one.name}, x`).toBeLessThan(1e-5);
        expect(Math.abs((found as number) * (left as number) - r), one.name).toBeLessThan(1e-5);
      }
    });
  });
});

// ---- One network in many forms ----

/** Brian 2's text of the model, each synapse by itself. */
const IN_EVERY_SYNAPSE = {
  eqs: `weight : siemens (constant)
        dx/dt = (1 - x)/tau_rec : 1 (event-driven)
        du/dt = -u/tau_fac : 1 (event-driven)`,
  onPre: `u += u_0*(1 - u)
          g_exc += weight*u*x
          x -= u*x`,
  initial: { x: 1 },
};

const SHARED = { u_0: 0.3, tau_rec: '200 ms', tau_fac: '100 ms' };

interface Form {
  readonly eqs?: string;
  readonly onPre?: string | Readonly<Record<string, string>>;
  readonly initial?: Readonly<Record<string, unknown>>;
}

const library = (params: Parameters<typeof models.tsodyksMarkram.with>[0] = SHARED) =>
  models.tsodyksMarkram.with(params);

/** Noisy neurons onto others, with delays from 1 to 5 ms unless said otherwise. */
function noisy(
  form: Form,
  delay: unknown = { uniform: { min: '1 ms', max: '5 ms' } },
): NetworkDocument {
  const net = new Network({ dt: `${DT_MS} ms`, seed: 5 });
  const neurons = net.population('neurons', 80, {
    ...models.lifCurrExp.with({ tau_refrac: '2 ms' }),
    initial: { v: '(-65 + 15*rand())*mV' },
  });
  net.poissonInput('drive', neurons, {
    variable: 'i_exc',
    n: 100,
    rate: '80 Hz',
    weight: '60*pA',
  });
  const target = net.population('target', 40, { eqs: 'dg_exc/dt = -g_exc/(5*ms) : siemens' });
  net
    // A slice, so that rows and neurons are counted from different beginnings.
    .projection('synapse', neurons.slice(15, 75), target, {
      params: SHARED,
      ...form,
      delay: delay as string,
      initial: { ...form.initial, weight: { uniform: { min: '1 nS', max: '2 nS' } } },
    } as never)
    .connect({ rule: 'fixed-probability', p: 0.3 });
  net.record.spikes(neurons);
  return net.document;
}

async function conductances(
  document: NetworkDocument,
  options: Parameters<typeof createSimulation>[1],
): Promise<number[]> {
  const simulation = await createSimulation(document, options);
  try {
    await simulation.run('300 ms');
    expect(simulation.spikes().steps.length).toBeGreaterThan(300);
    return Array.from(await simulation.get('target', 'g_exc'));
  } finally {
    simulation.destroy();
  }
}

describe('one synapse, kept in different places', () => {
  const forms: readonly (readonly [string, Form])[] = [
    ['the library, by the source', library()],
    [
      "Brian's text, by the source",
      {
        ...IN_EVERY_SYNAPSE,
        eqs: IN_EVERY_SYNAPSE.eqs.replaceAll('(event-driven)', '(presynaptic)'),
      },
    ],
    [
      'the library, in every synapse',
      library({ ...SHARED, u_0: { normal: { mean: 0.3, sd: 0 } } }),
    ],
  ];

  it.each(engines.flatMap((engine) => forms.map(([name, form]) => ({ engine, name, form }))))(
    '$engine.name: $name',
    async ({ engine, form }) => {
      for (const delay of [undefined, '0 ms', '3 ms']) {
        const own = await conductances(noisy(IN_EVERY_SYNAPSE, delay), engine.options);
        const found = await conductances(noisy(form, delay), engine.options);
        const largest = Math.max(...own);
        expect(largest).toBeGreaterThan(0);
        // In f32 amounts are rounded at 2^-k of the largest sum, and the forms choose k differently.
        const tolerance = engine.isDouble ? 1e-12 : 1e-5;
        for (const [n, g] of own.entries()) {
          expect(Math.abs(g - (found[n] as number)) / largest).toBeLessThan(tolerance);
        }
      }
    },
  );

  it.each(engines)('$name: with the time course of the current', async (engine) => {
    const params = { u_0: 0.4, tau_psc: '4 ms', tau_rec: '150 ms', tau_fac: '60 ms' };
    const every = models.tsodyks.with({ ...params, u_0: { normal: { mean: 0.4, sd: 0 } } });
    expect(every.eqs).toContain('lastupdate');
    const own = await conductances(noisy(every), engine.options);
    const found = await conductances(noisy(models.tsodyks.with(params)), engine.options);
    const tolerance = Math.max(...own) * (engine.isDouble ? 1e-12 : 1e-5);
    for (const [n, g] of own.entries()) {
      expect(Math.abs(g - (found[n] as number))).toBeLessThan(tolerance);
    }
  });

  it('in single precision engines, threads and ways agree to the bit', async () => {
    const document = noisy(library());
    const expected = await conductances(document, { engine: 'cpu', threads: 1 });
    expect(await conductances(document, { engine: 'cpu', threads: 2 })).toEqual(expected);
    for (const { options } of singleEngines) {
      for (const synapses of ['stored', 'procedural'] as const) {
        expect(await conductances(document, { ...options, synapses })).toEqual(expected);
      }
    }
  });
});

// ---- The plan ----

describe('the plan', () => {
  it('keeps 8 bytes per source neuron and projection, and nothing but weights per synapse', () => {
    const shared = compileNetwork(noisy(library())).plan;
    const without = compileNetwork(
      noisy({ eqs: 'weight : siemens (constant)', onPre: 'g_exc += weight*u_0' }),
    ).plan;
    expect(shared.state.length - without.state.length).toBe(2 * 80);
    expect(shared.synapseCells).toBe(without.synapseCells);
    const every = compileNetwork(noisy(IN_EVERY_SYNAPSE)).plan;
    expect(every.synapseCells).toBeGreaterThanOrEqual(
      without.synapseCells + 3 * every.synapseCount,
    );
  });

  it('proves the sums: neither u nor x leaves 0…1', () => {
    for (const model of ['tsodyksMarkram', 'tsodyks'] as const) {
      const { plan } = compileNetwork(noisy(models[model].with()));
      expect(plan.deliver.every(({ inputs }) => inputs.every(({ proven }) => proven))).toBe(true);
    }
    // x -= u*x cannot be proven to stay above 0: each addition is checked then, or `bound` says what it can be.
    const { plan } = compileNetwork(noisy(forSource(IN_EVERY_SYNAPSE)));
    expect(plan.deliver.some(({ inputs }) => inputs.some(({ proven }) => !proven))).toBe(true);
  });

  const forSource = (form: typeof IN_EVERY_SYNAPSE): Form => ({
    ...form,
    eqs: form.eqs.replaceAll('(event-driven)', '(presynaptic)'),
  });

  it('windows are no longer than the refractory period, and one step without one', () => {
    const windowOf = (refractory: string | undefined): number => {
      const net = new Network({ dt: '0.1 ms' });
      const source = net.population('source', 2, {
        eqs: 'dv/dt = (2 - v)/(10*ms) : 1\nr : second (constant)',
        threshold: 'v > 1',
        reset: 'v = 0',
        ...(refractory === undefined ? {} : { refractory }),
      });
      const target = net.population('target', 2, { eqs: 'g_exc : siemens' });
      net
        .projection('synapse', source, target, { ...library(), delay: '4 ms' })
        .connect({ rule: 'all-to-all' });
      return compileNetwork(net.document).plan.windowSteps;
    };
    expect(windowOf(undefined)).toBe(1);
    expect(windowOf('1.2 ms')).toBe(12);
    expect(windowOf('20 ms')).toBe(41);
    // The neurons' own values may be changed by anyone at any time.
    expect(windowOf('r')).toBe(1);
  });

  it('a refractory period cannot become shorter than windows', async () => {
    const net = new Network({ dt: '0.1 ms' });
    const source = net.population('source', 2, {
      eqs: 'v : 1',
      threshold: 'v > 1',
      reset: 'v = 0',
      refractory: 'rest',
      params: { rest: '2 ms' },
    });
    const target = net.population('target', 2, { eqs: 'g_exc : siemens' });
    net
      .projection('synapse', source, target, { ...library(), delay: '4 ms' })
      .connect({ rule: 'all-to-all' });
    const simulation = await createSimulation(net, { engine: 'cpu' });
    await simulation.setParameter('source', 'rest', '3 ms');
    await expect(simulation.setParameter('source', 'rest', '1 ms')).rejects.toThrow(
      'could spike again after 10 steps',
    );
    simulation.destroy();
  });
});

// ---- Values by name ----

it.each(singleEngines)(
  '$name: read, set, recorded and changed by the name of the projection',
  async (engine) => {
    const net = new Network({ dt: '0.1 ms' });
    const source = net.population('source', 4, {
      eqs: 'v : 1',
      threshold: 'v > 1',
      reset: 'v = 0',
      refractory: '2 ms',
    });
    const target = net.population('target', 1, { eqs: 'g_exc : siemens' });
    net
      .projection('to target', source.slice(1, 4), target, {
        ...library(),
        initial: { weight: '1*nS', x_syn: { values: [1, 0.5, 0.25], unit: '1' } },
      })
      .connect({ rule: 'all-to-all' });
    net.record.state(source, ['to target.x_syn', 'to target.u_syn'], { every: '1 ms' });
    await simulate(net, engine, 1, async (simulation) => {
      expect(Array.from(await simulation.get('to target', 'x_syn'))).toEqual([1, 0.5, 0.25]);
      await simulation.set('to target', 'x_syn', '0.5');
      await simulation.setParameter('to target', 'u_0', 0.75);
      await simulation.set('source', 'v', 2);
      await simulation.run('1 ms');
      // All spike at 1 ms. x recovers from 0.5 for 1 ms, and of that 0.75 are used.
      const x = 1 - 0.5 * Math.exp(-1 / 200);
      for (const found of await simulation.get('to target', 'x_syn'))
        expect(found).toBeCloseTo(x, 6);
      for (const found of await simulation.get('to target', 'u_syn'))
        expect(found).toBeCloseTo(0.75, 6);
      const [g] = await simulation.get('target', 'g_exc');
      expect(g).toBeCloseTo(3 * 0.75 * x, 5);
      await simulation.run('2 ms');
      const { values, timesMs } = simulation.state();
      const last = timesMs.length - 1;
      expect(values['to target.u_syn']?.[timesMs.length + last]).toBeCloseTo(0.75, 6);
      expect(values['to target.x_syn']?.[2 * timesMs.length]).toBe(0.5);
      // Neuron 0 spiked too, but is not in the projection; what it keeps is its own.
      expect(values['to target.x_syn']).toHaveLength(4 * timesMs.length);
    });
  },
);
