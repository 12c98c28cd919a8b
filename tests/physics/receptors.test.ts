/** Receptors under pulses of transmitter (T11): kinetics, magnesium block, GABA-B, saturation, and what neurons get. */
import { describe, expect, it } from 'vitest';
import {
  extend,
  models,
  Network,
  NetworkError,
  type NeuronModel,
  type PulseReceptor,
  pulseSynapse,
} from '../../src/index.ts';
import { type EngineCase, engines, samples, simulate } from '../support/engines.ts';
import { type BiologyCase, biologyCases, describeReference } from '../support/reference.ts';

const DT = 0.02;
const at = (trace: Float64Array, ms: number): number => trace[Math.round(ms / DT)] as number;

/** How the library calls a receptor: model in a given concentration, model under pulses, ending, transmitter. */
const kinds = {
  ampa: [models.ampaKinetic, models.ampaPulse, models.ampa, 'glutamate'],
  nmda: [models.nmdaKinetic, models.nmdaPulse, models.nmda, 'glutamate'],
  gaba_a: [models.gabaAKinetic, models.gabaAPulse, models.gabaA, 'gaba'],
} as const;

const keyOf = ({ name }: BiologyCase): keyof typeof kinds =>
  name.startsWith('AMPA') ? 'ampa' : name.startsWith('NMDA') ? 'nmda' : 'gaba_a';

/** The cases of receptors that open by binding, with their numbers. */
function bindingCases() {
  return biologyCases('T11')
    .filter(({ parameters }) => parameters?.alpha !== undefined)
    .map((one) => {
      const number = (name: string): number => one.parameters?.[name]?.value as number;
      const expected = (quantity: string): number =>
        one.expected.find((row) => row.quantity === quantity)?.value as number;
      return {
        one,
        key: keyOf(one),
        alpha: number('alpha'),
        beta: number('beta'),
        duration: number('duration'),
        expected,
      };
    });
}

describeReference('receptors that open by binding (T11)', () => {
  const cases = bindingCases();

  it.each(engines)('$name: one pulse', async (engine) => {
    const net = new Network({ dt: `${DT} ms` });
    for (const [k, { key, alpha, beta, duration }] of cases.entries()) {
      const [model, , , transmitter] = kinds[key];
      net.timedArray(`pulse_${k}`, { dt: `${duration} ms`, unit: 'mM', values: [1, 0] });
      const rates = { [`alpha_${key}`]: `${alpha} 1/mM/ms`, [`beta_${key}`]: `${beta} 1/ms` };
      const options = (model as NeuronModel).with(rates, { [transmitter]: `pulse_${k}(t)` });
      net.record.state(net.population(`case_${k}`, 1, options), [`r_${key}`], { name: `r_${k}` });
    }
    await simulate(net, engine, 11, (simulation) => {
      for (const [k, { one, key, duration, expected }] of cases.entries()) {
        const r = simulation.state(`r_${k}`).values[`r_${key}`] as Float64Array;
        const end = at(r, duration);
        const late = at(r, 10);
        const check = (quantity: string, found: number): void =>
          expect(Math.abs(found - expected(quantity)), `${one.name}: ${quantity}`).toBeLessThan(
            1e-5,
          );
        check('r at the end of the pulse', end);
        check('r 10 ms after onset', late);
        const decay = (10 - duration) / Math.log(end / late);
        expect(Math.abs(decay / expected('tau after the pulse') - 1)).toBeLessThan(1e-5);
        if (!engine.isDouble) continue;
        // From nothing to half and to the end of the pulse; in single precision the difference says too little.
        const half = Math.floor(duration / DT / 2);
        const [first, second] = [r[half] as number, r[2 * half] as number];
        const left = second / first - 1;
        check('r_inf during the pulse', first / (1 - left));
        const tau = (-half * DT) / Math.log(left);
        expect(Math.abs(tau / expected('tau during the pulse') - 1)).toBeLessThan(1e-5);
      }
    });
  });

  it.each(engines)('$name: transmitter that stays, where r goes and how fast', async (engine) => {
    // Steps of a twentieth of the time constant that the reference gives, so that f32 rounds twenty times on the way.
    for (const { one, key, alpha, beta, expected } of cases) {
      const tau = expected('tau during the pulse');
      const net = new Network({ dt: `${tau / 20} ms` });
      const [model, , , transmitter] = kinds[key];
      const rates = { [`alpha_${key}`]: `${alpha} 1/mM/ms`, [`beta_${key}`]: `${beta} 1/ms` };
      const options = (model as NeuronModel).with({ ...rates, [transmitter]: '1 mM' });
      net.record.state(net.population('receptors', 1, options), [`r_${key}`]);
      await simulate(net, engine, 20 * tau, (simulation) => {
        const r = samples(simulation, `r_${key}`);
        const end = r.at(-1) as number;
        expect(Math.abs(end - expected('r_inf during the pulse')), one.name).toBeLessThan(1e-5);
        const found = -tau / Math.log1p(-(r[20] as number) / end);
        expect(Math.abs(found / tau - 1), `${one.name}: tau ${found}`).toBeLessThan(1e-5);
      });
    }
  });

  it.each(engines)('$name: pools under a pulse, and aggregated conductances', async (engine) => {
    const net = new Network({ dt: `${DT} ms` });
    const source = net.spikeList('source', 1, { indices: [0], timesMs: [0] });
    const rule = { rule: 'all-to-all' } as const;
    for (const [k, { key, alpha, beta, duration }] of cases.entries()) {
      const [, pools, aggregated] = kinds[key];
      const rates = { [`alpha_${key}`]: `${alpha} 1/mM/ms`, [`beta_${key}`]: `${beta} 1/ms` };
      const pulsed = net.population(`pulsed_${k}`, 1, (pools as NeuronModel).with(rates));
      const synapse = pulseSynapse({ [key]: '1 nS' }, { pulse: `${duration} ms` });
      net.projection(`p_${k}`, source, pulsed, synapse).connect(rule);
      const summed = net.population(
        `summed_${k}`,
        1,
        (aggregated as NeuronModel).with({ ...rates, [`pulse_${key}`]: `${duration} ms` }),
      );
      const weights = { weight: '1 nS' };
      const plain = models.staticSynapse.with({}, { g_exc: `s_${key}` });
      net.projection(`s_${k}`, source, summed, { ...plain, initial: weights }).connect(rule);
      net.record.state(pulsed, [`g_${key}`], { name: `pulsed_${k}` });
      net.record.state(summed, [`g_${key}`], { name: `summed_${k}` });
    }
    await simulate(net, engine, 11, (simulation) => {
      for (const [k, { one, key, duration, expected }] of cases.entries()) {
        const trace = (name: string) =>
          simulation.state(`${name}_${k}`).values[`g_${key}`] as Float64Array;
        const end = expected('r at the end of the pulse');
        // A spike of the first step acts from the second on.
        const pulsed = trace('pulsed');
        expect(Math.abs(at(pulsed, duration + DT) - end), one.name).toBeLessThan(1e-5);
        const late = expected('r 10 ms after onset');
        expect(Math.abs(at(pulsed, 10 + DT) - late), one.name).toBeLessThan(1e-5);
        // All of it at once, and the same decay.
        const summed = trace('summed');
        expect(Math.abs((summed[1] as number) - end), one.name).toBeLessThan(1e-5);
        expect(Math.abs(at(summed, 10 - duration + DT) - late), one.name).toBeLessThan(1e-5);
      }
    });
  });

  it.each(engines)('$name: magnesium block', async (engine) => {
    const found = biologyCases('T11').find(({ name }) => name.startsWith('magnesium'));
    const rows = (found as BiologyCase).expected.map(({ value, at: where }) => ({
      v: where?.V?.value as number,
      open: value as number,
    }));
    const net = new Network({ dt: '0.1 ms' });
    const clamped = net.population(
      'clamped',
      rows.length,
      models.nmda.with({ v: { values: rows.map(({ v }) => v), unit: 'mV' } }),
    );
    net.record.state(clamped, ['block_nmda']);
    await simulate(net, engine, 1, (simulation) => {
      for (const [k, { v, open }] of rows.entries()) {
        const block = samples(simulation, 'block_nmda', k).at(-1) as number;
        expect(Math.abs(block - open), `${v} mV`).toBeLessThan(1e-5);
      }
    });
  });

  it.each(engines)('$name: GABA-B after 1, 5 and 10 spikes', async (engine) => {
    const found = biologyCases('T11').find(({ name }) => name === 'GABA-B') as BiologyCase;
    const trains = found.expected.map(({ quantity, value, at: where }) => ({
      spikes: Number(/, (\d+) spike/.exec(quantity)?.[1]),
      peak: value as number,
      time: where?.time?.value as number,
    }));
    expect(trains.map(({ spikes }) => spikes)).toEqual([1, 5, 10]);
    const net = new Network({ dt: '0.05 ms' });
    const spikes = trains.flatMap((train, k) =>
      Array.from({ length: train.spikes }, (_, n) => [k, 5 * n] as const),
    );
    const source = net.spikeList('source', 3, {
      indices: spikes.map(([k]) => k),
      timesMs: spikes.map(([, ms]) => ms),
    });
    const cells = net.population('cells', 3, models.gabaBPulse.with());
    net.projection('p', source, cells, pulseSynapse({ gaba_b: 1 })).connect({ rule: 'one-to-one' });
    net.record.state(cells, ['open_gaba_b']);
    await simulate(net, engine, 150, (simulation) => {
      for (const [k, { peak, time }] of trains.entries()) {
        const open = samples(simulation, 'open_gaba_b', k);
        const top = open.reduce((best, x, n) => (x > (open[best] as number) ? n : best), 0);
        expect(Math.abs((open[top] as number) / peak - 1)).toBeLessThan(0.01);
        expect(Math.abs(top * 0.05 - time)).toBeLessThan(0.5);
      }
    });
  });
});

/** r of one synapse after its own pulses, at a time: the closed form, pulse by pulse. */
function openFraction(
  key: 'ampa' | 'nmda' | 'gaba_a',
  times: readonly number[],
  now: number,
): number {
  const [alpha, beta] = { ampa: [1.1, 0.19], nmda: [0.072, 0.0066], gaba_a: [5, 0.18] }[key] as [
    number,
    number,
  ];
  let r = 0;
  let last = 0;
  const end = alpha / (alpha + beta);
  for (const begin of times) {
    if (begin > now) break;
    r *= Math.exp(-beta * (begin - last));
    const length = Math.min(1, now - begin);
    r = end + (r - end) * Math.exp(-(alpha + beta) * length);
    last = begin + length;
  }
  return r * Math.exp(-beta * (now - last));
}

describe('saturation', () => {
  /** Three presynaptic neurons: slow, fast, and one that fires a burst. */
  const trains = [
    [3, 40, 83],
    [10, 15, 20, 25, 30, 35, 60],
    [20, 22, 24, 26, 28, 30, 90],
  ];
  const weights = [1, 0.5, 2];
  const delay = 1.5;

  /** The trains as given spikes, which every synapse follows for itself, and as neurons, which keep r for theirs. */
  const sources = {
    'given spikes': (net: Network) => {
      const all = trains.flatMap((train, k) => train.map((ms) => [k, ms] as const));
      return net.spikeList('source', 3, {
        indices: all.map(([k]) => k),
        timesMs: all.map(([, ms]) => ms),
      });
    },
    neurons: (net: Network) => {
      const values = Array.from({ length: 1201 }, (_, step) =>
        trains.map((train) => Number(train.some((ms) => Math.round(10 * ms) === step))),
      ).flat();
      net.timedArray('train', { dt: '0.1 ms', unit: '1', columns: 3, values });
      return net.population('source', 3, {
        eqs: 'x = train(t, i) : 1',
        threshold: 'x > 0.5',
        refractory: '0.5 ms',
      });
    },
  } as const;
  const ways = engines.flatMap((engine) =>
    (['given spikes', 'neurons'] as const).map((kind) => ({ engine, kind })),
  );

  it.each(ways)(
    '$engine.name: every synapse saturates on its own, $kind',
    async ({ engine, kind }) => {
      const net = new Network({ dt: '0.1 ms' });
      const source = sources[kind](net);
      const fragments = [models.ampaPulse, models.nmdaPulse, models.gabaAPulse];
      const cell = net.population('cell', 1, extend(models.lifCondExp, fragments).with());
      const list = { values: weights, unit: 'nS' };
      net
        .projection('p', source, cell, {
          ...pulseSynapse({ ampa: '1 nS', nmda: '1 nS', gaba_a: '1 nS' }, { delay: `${delay} ms` }),
          initial: { weight_ampa: list, weight_nmda: list, weight_gaba_a: list },
        })
        .connect({ rule: 'all-to-all' });
      net.record.state(cell, ['g_ampa', 'g_nmda', 'g_gaba_a']);
      await simulate(net, engine, 120, (simulation) => {
        for (const key of ['ampa', 'nmda', 'gaba_a'] as const) {
          const found = samples(simulation, `g_${key}`);
          for (let step = 1; step < 1200; step++) {
            // What arrives in a step acts from the next one on.
            const now = 0.1 * step - delay - 0.1;
            const wanted = trains.reduce(
              (sum, train, k) =>
                sum + (weights[k] as number) * openFraction(key, train, Math.round(now * 10) / 10),
              0,
            );
            // 1e-5 of r, as for one synapse, with 3.5 nS in all.
            const error = Math.abs((found[step] as number) - wanted) / 3.5;
            expect(error, `${key} at ${step / 10} ms`).toBeLessThan(1e-5);
          }
        }
      });
    },
  );

  it('is kept once per presynaptic neuron', async () => {
    const net = new Network({ dt: '0.1 ms' });
    const source = net.poissonPopulation('source', 10, { rate: '50 Hz' });
    const cells = net.population('cells', 500, extend(models.lifCondExp, models.ampaPulse).with());
    net
      .projection('p', source, cells, pulseSynapse({ ampa: '1 nS' }))
      .connect({ rule: 'all-to-all' });
    net.record.state(source, ['p.r_ampa']);
    await simulate(net, engines[1] as EngineCase, 200, (simulation) => {
      // After a pulse r is at least what a pulse opens from nothing, 0.618, and below saturation, 0.853.
      const r = samples(simulation, 'p.r_ampa').at(-1) as number;
      expect(r).toBeGreaterThan(0.6179);
      expect(r).toBeLessThan(0.8528);
    });
  });

  it('leaves nothing behind after 100,000 pulses of uneven weights', async () => {
    const net = new Network({ dt: '0.1 ms', seed: 3 });
    const source = net.population('source', 500, {
      eqs: 'quiet : 1',
      threshold: 'rand() < 45*Hz*dt and t < 5*second',
      refractory: '2 ms',
    });
    const cell = net.population('cell', 1, extend(models.lifCondExp, models.ampaPulse).with());
    net
      .projection('p', source, cell, {
        ...pulseSynapse({ ampa: '1 nS' }),
        initial: { weight_ampa: { normal: { mean: '1 nS', sd: '0.3 nS', min: '0.1 nS' } } },
      })
      .connect({ rule: 'all-to-all' });
    const spikes = net.record.spikes(source);
    await simulate(net, engines[1] as EngineCase, 5100, async (simulation) => {
      expect(simulation.spikes(spikes).neurons.length).toBeGreaterThan(95_000);
      expect((await simulation.get('cell', 'n_ampa'))[0]).toBe(0);
    });
  });

  it('can be made again for every spike', async () => {
    const hashes: string[] = [];
    for (const synapses of ['stored', 'procedural'] as const) {
      const net = new Network({ dt: '0.1 ms', seed: 3 });
      const source = net.poissonPopulation('source', 100, { rate: '100 Hz' });
      const cell = net.population('cell', 50, extend(models.lifCondExp, models.ampaPulse).with());
      net
        .projection('p', source, cell, { ...pulseSynapse({ ampa: '4 nS' }), synapses })
        .connect({ rule: 'fixed-probability', p: 0.3 });
      net.record.spikes(cell);
      await simulate(net, engines[1] as EngineCase, 200, async (simulation) => {
        expect(simulation.summary().spikes).toBeGreaterThan(100);
        hashes.push(await simulation.spikeHash());
      });
    }
    expect(hashes[0]).toBe(hashes[1]);
  });
});

describe('receptors of a neuron', () => {
  /** A neuron of the library and the same with its own g_exc replaced by AMPA receptors of equal decay. */
  it.each(
    engines.flatMap((engine) =>
      (['lifCondExp', 'adexCondExp', 'hhTraub'] as const).map((name) => ({ engine, name })),
    ),
  )('$engine.name: currents enter the equation of $name', async ({ engine, name }) => {
    const net = new Network({ dt: '0.05 ms' });
    const train = [5, 8, 11, 40, 41.5];
    const source = net.spikeList('source', 1, {
      indices: train.map(() => 0),
      timesMs: train,
    });
    const values = { tau_syn_exc: `${1 / 0.19} ms`, e_rev_exc: '0 mV' };
    const plain = net.population('plain', 1, models[name].with(values));
    const joined = net.population('joined', 1, extend(models[name], models.ampa).with(values));
    const peak = (1.1 / 1.29) * (1 - Math.exp(-1.29));
    const rule = { rule: 'all-to-all' } as const;
    const weight = 4;
    net
      .projection('a', source, plain, {
        ...models.staticSynapse.with(),
        initial: { weight: `${weight * peak} nS` },
      })
      .connect(rule);
    net
      .projection('b', source, joined, {
        ...models.staticSynapse.with({}, { g_exc: 's_ampa' }),
        initial: { weight: `${weight} nS` },
      })
      .connect(rule);
    net.record.state(plain, ['v'], { name: 'plain' });
    net.record.state(joined, ['v'], { name: 'joined' });
    await simulate(net, engine, 60, (simulation) => {
      const [a, b] = ['plain', 'joined'].map(
        (which) => simulation.state(which).values.v as Float64Array,
      ) as [Float64Array, Float64Array];
      const rise = Math.max(...a) - (a[0] as number);
      expect(rise).toBeGreaterThan(1);
      // Equal but for rounding, which an action potential would enlarge; there is none.
      for (const [k, v] of a.entries()) {
        expect(Math.abs((b[k] as number) - v)).toBeLessThan(engine.isDouble ? 1e-9 : 2e-3);
      }
    });
  });

  const { adex, ampa, nmda, gabaA, gabaB } = models;

  it.each(engines)('$name: an AdEx neuron with all four', async (engine) => {
    const net = new Network({ dt: '0.1 ms' });
    const source = net.spikeList('source', 2, {
      indices: [0, ...Array.from({ length: 20 }, () => 1)],
      timesMs: [10, ...Array.from({ length: 20 }, (_, k) => 150 + 5 * k)],
    });
    const cell = net.population('cell', 1, extend(adex, [ampa, nmda, gabaA, gabaB]).with());
    net
      .projection('glutamate', source.slice(0, 1), cell, {
        onPre: 's_ampa += 4*nS; s_nmda += 20*nS',
      })
      .connect({ rule: 'all-to-all' });
    net
      .projection('gaba', source.slice(1, 2), cell, { onPre: 's_gaba_a += 2*nS; s_gaba_b += 1' })
      .connect({ rule: 'all-to-all' });
    const currents = ['i_ampa', 'i_nmda', 'i_gaba_a', 'i_gaba_b'];
    net.record.state(cell, ['v', ...currents]);
    await simulate(net, engine, 500, (simulation) => {
      const [v, ...currentTraces] = ['v', ...currents].map((name) => samples(simulation, name)) as [
        Float64Array,
        ...Float64Array[],
      ];
      const mean = (trace: Float64Array | undefined, from: number, to: number): number => {
        const part = (trace as Float64Array).subarray(from * 10, to * 10);
        return part.reduce((sum, x) => sum + x, 0) / part.length;
      };
      const [iAmpa, iNmda, iGabaA, iGabaB] = currentTraces;
      // Excitation first, inward and mostly AMPA; NMDA outlives it.
      expect(Math.max(...v.subarray(100, 400))).toBeGreaterThan(-70.6 + 0.5);
      expect(mean(iAmpa, 10, 20)).toBeGreaterThan(mean(iNmda, 10, 20));
      expect(mean(iNmda, 60, 100)).toBeGreaterThan(10 * mean(iAmpa, 60, 100));
      // Inhibition: GABA-A while it lasts, GABA-B behind it.
      expect(mean(iGabaA, 200, 250)).toBeLessThan(0);
      expect(mean(iGabaB, 300, 400)).toBeLessThan(10 * mean(iGabaA, 300, 400));
      expect(mean(v, 300, 400)).toBeLessThan(-70.6 - 0.1);
    });
  });

  it('refuses a neuron without a place for the current', () => {
    const { i_offset: _, ...params } = models.lifDelta.params;
    const bare = { ...models.lifDelta, params } as unknown as NeuronModel;
    const join = (): unknown => extend(bare, ampa);
    expect(join).toThrow(NetworkError);
    expect(join).toThrow(/no parameter "i_offset" to which i_ampa could be added/);
  });

  it('adds to another parameter when told so', () => {
    const joined = extend(models.lifDelta, ampa, { adds: { i_ampa: 'v_rest' } });
    expect(joined.eqs).toContain('((v_rest + i_ampa) - v)');
  });
});

describe('a recurrent network with all receptors', () => {
  /** Neurons that excite and inhibit each other through saturating receptors, driven by Poisson spikes. */
  function network(): Network {
    const net = new Network({ dt: '0.1 ms', seed: 11 });
    const fragments = [models.ampaPulse, models.nmdaPulse, models.gabaAPulse, models.gabaBPulse];
    const cells = net.population('cells', 120, extend(models.lifCondExp, fragments).with());
    const [exc, inh] = [cells.slice(0, 96), cells.slice(96, 120)];
    const drive = net.poissonPopulation('drive', 100, { rate: '60 Hz' });
    const rule = { rule: 'fixed-probability', p: 0.2 } as const;
    const glutamate = { ampa: '3 nS', nmda: '3 nS' } as const;
    net.projection('in', drive, cells, pulseSynapse(glutamate)).connect(rule);
    net.projection('exc', exc, cells, pulseSynapse(glutamate, { delay: '1.5 ms' })).connect(rule);
    net
      .projection(
        'inh',
        inh,
        cells,
        pulseSynapse({ gaba_a: '4 nS', gaba_b: 1 }, { delay: '0.8 ms' }),
      )
      .connect(rule);
    net.record.spikes(cells);
    return net;
  }

  it('has the same spikes on both engines in single precision', async () => {
    const found: string[] = [];
    for (const engine of engines.filter(({ isDouble }) => !isDouble)) {
      await simulate(network(), engine, 200, async (simulation) => {
        const { spikes } = simulation.summary();
        expect(spikes).toBeGreaterThan(200);
        found.push(await simulation.spikeHash());
      });
    }
    expect(new Set(found).size).toBe(1);
  });
});

describe('pulseSynapse', () => {
  it('refuses what is no receptor and no time', () => {
    const call = (weights: unknown, options?: unknown) => () =>
      pulseSynapse(weights as Partial<Record<PulseReceptor, string>>, options as never);
    expect(call({ ampa5: '1 nS' })).toThrow(/unknown receptor "ampa5"/);
    expect(call({})).toThrow(TypeError);
    expect(call({ ampa: '1 nS' }, { delay: '-1 ms' })).toThrow(/must not be negative/);
    expect(call({ ampa: '1 nS' }, { delay: '1 mV' })).toThrow(NetworkError);
    expect(call({ ampa: '1 nS' }, { length: '1 ms' })).toThrow(TypeError);
  });
});
