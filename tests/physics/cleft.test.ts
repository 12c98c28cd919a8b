/** Clefts: clearance of first order and by transporters, the release of De Pittà, acetylcholinesterase, profiles. */
import { describe, expect, it } from 'vitest';
import {
  cleftOf,
  extend,
  fieldOf,
  models,
  Network,
  NetworkError,
  releaseOf,
  type TransmitterName,
  transmitters,
} from '../../src/index.ts';
import { engines, samples, simulate } from '../support/engines.ts';

describe('clearance', () => {
  it.each(engines)('$name: first order', async (engine) => {
    const net = new Network({ dt: '0.1 ms' });
    const cleft = net.population('cleft', 1, {
      ...models.cleft.with(),
      initial: { transmitter: '1.5*mM' },
    });
    net.record.state(cleft, ['transmitter']);
    await simulate(net, engine, 50.1, (simulation) => {
      const trace = samples(simulation, 'transmitter');
      for (const ms of [1, 10, 25, 50]) {
        const wanted = 1.5 * Math.exp(-ms / 25);
        expect(Math.abs((trace[10 * ms] as number) / wanted - 1)).toBeLessThan(1e-4);
      }
    });
  });

  it.each(engines)('$name: transporters, from saturation to first order', async (engine) => {
    const net = new Network({ dt: '0.01 ms' });
    const values = { ...cleftOf('gaba'), k_clear: '0 1/second' };
    const cleft = net.population('cleft', 1, {
      ...models.cleft.with(values),
      initial: { transmitter: '0.1*mM' },
    });
    net.record.state(cleft, ['transmitter']);
    await simulate(net, engine, 15.01, (simulation) => {
      const trace = samples(simulation, 'transmitter');
      // The law integrated: Km ln(C/C0) + C - C0 = -Vmax t, with 10 uM and 10 uM/ms.
      for (const ms of [1, 5, 9, 12, 15]) {
        const C = (trace[100 * ms] as number) * 1000;
        const passed = -(10 * Math.log(C / 100) + C - 100) / 10;
        expect(Math.abs(passed / ms - 1), `${ms} ms`).toBeLessThan(2e-3);
      }
    });
  });

  it.each(engines)('$name: release of De Pittà, 1.5 mM at a first spike', async (engine) => {
    const net = new Network({ dt: '0.1 ms' });
    const source = net.spikeList('source', 1, { indices: [0, 0], timesMs: [1, 51] });
    const cleft = net.population('cleft', 1, models.cleft.with());
    const release = models.tsodyksMarkram.with(
      { u_0: 0.6, tau_rec: '500 ms', tau_fac: '300 ms' },
      { g_exc: 'transmitter', siemens: 'mmolar' },
    );
    net
      .projection('release', source, cleft, {
        ...release,
        initial: { ...release.initial, weight: '2.5 mM' },
      })
      .connect({ rule: 'all-to-all' });
    net.record.state(cleft, ['transmitter']);
    await simulate(net, engine, 52, (simulation) => {
      const trace = samples(simulation, 'transmitter');
      expect(Math.abs(Math.max(...trace.subarray(0, 500)) - 1.5)).toBeLessThan(1e-5);
      const x = 1 - 0.6 * Math.exp(-50 / 500);
      const u = 0.6 + 0.4 * 0.6 * Math.exp(-50 / 300);
      const second = Math.max(...trace.subarray(505));
      expect(Math.abs(second - 1.5 * Math.exp(-50 / 25) - 2.5 * u * x)).toBeLessThan(1e-3);
    });
  });

  it.each(engines)('$name: the glial receptor of De Pittà lowers release', async (engine) => {
    // Gamma' = O_G G (1 - Gamma) - Omega_G Gamma with 1.5/(uM s) and 0.5/min; G 1 uM for 2 s.
    const net = new Network({ dt: '10 ms' });
    const glia = net.population('glia', 1, {
      ...models.occupancy.with({
        concentration: '1 uM',
        k_off: '0.5 1/min',
        ec50: `${0.5 / 60 / 1.5} uM`,
      }),
      slow: '10 ms',
    });
    net.record.state(glia, ['occupied']);
    await simulate(net, engine, 2010, (simulation) => {
      const rate = 1.5 + 0.5 / 60;
      const wanted = (1.5 / rate) * (1 - Math.exp(-2 * rate));
      expect(Math.abs((samples(simulation, 'occupied').at(-1) as number) - wanted)).toBeLessThan(
        1e-4,
      );
    });
  });
});

describe('acetylcholinesterase', () => {
  it('has the lumped constants of its steps', () => {
    const number = (name: keyof typeof models.esterase.params) =>
      Number.parseFloat(String(models.esterase.params[name]?.value));
    const [bind, unbind, acyl, deacyl] = [
      number('k_bind'),
      number('k_unbind'),
      number('k_acyl'),
      number('k_deacyl'),
    ];
    const share = deacyl / (acyl + deacyl);
    const { k_cat, km } = models.esteraseLumped.params;
    expect(Number.parseFloat(String(k_cat?.value))).toBeCloseTo(acyl * share, 3);
    expect(Number.parseFloat(String(km?.value))).toBeCloseTo(((unbind + acyl) / bind) * share, 3);
    // 16.9 per ms and 85 uM, as tabulated.
    expect(acyl * share).toBeCloseTo(16.9, 1);
    expect(((unbind + acyl) / bind) * share).toBeCloseTo(85.4, 1);
  });

  it.each(engines)('$name: little enzyme turns over as the lumped law says', async (engine) => {
    const net = new Network({ dt: '0.01 ms' });
    const start = { initial: { a: '300*uM' } };
    const values = { esterase: '1 uM' };
    const full = net.population('full', 1, { ...models.esterase.with(values), ...start });
    const lumped = net.population('lumped', 1, { ...models.esteraseLumped.with(values), ...start });
    net.record.state(full, ['a', 'ea', 'acyl'], { name: 'full' });
    net.record.state(lumped, ['a'], { name: 'lumped' });
    await simulate(net, engine, 30, (simulation) => {
      const { a = new Float64Array(), ea = a, acyl = a } = simulation.state('full').values;
      const b = simulation.state('lumped').values.a as Float64Array;
      for (let k = 100; k < b.length; k += 100) {
        // Up to 1 uM is bound, of 300.
        expect(Math.abs((a[k] as number) - (b[k] as number))).toBeLessThan(1.5e-3);
        expect((ea[k] as number) + (acyl[k] as number)).toBeLessThan(1e-3);
      }
      expect((a.at(-1) as number) * 1000).toBeLessThan(60);
    });
  });

  it.each(engines)(
    '$name: at the junction it clears 1 mM well within a millisecond',
    async (engine) => {
      const net = new Network({ dt: '0.002 ms' });
      const start = { initial: { a: '1*mM' } };
      const control = net.population('control', 1, { ...models.esterase.with(), ...start });
      const inhibited = net.population('inhibited', 1, {
        ...models.esterase.with({ esterase: '75 uM' }),
        ...start,
      });
      net.record.state(control, ['a', 'free'], { name: 'control' });
      net.record.state(inhibited, ['a'], { name: 'inhibited' });
      await simulate(net, engine, 1, (simulation) => {
        const { a = new Float64Array(), free = a } = simulation.state('control').values;
        const left = simulation.state('inhibited').values.a as Float64Array;
        expect(a.at(-1)).toBeLessThan(1e-4);
        for (const x of free) expect(x).toBeGreaterThan(0);
        // A tenth of the enzyme: 75 uM bound at once, then 1.27 mM/ms at most.
        expect(left.at(-1)).toBeLessThan(0.3);
        expect(left[100] as number).toBeGreaterThan(4 * (a[100] as number));
      });
    },
  );
});

describe('acetylcholine around interneurons', () => {
  it.each(engines)('$name: 25 nM, 300 ms after a spike', async (engine) => {
    const net = new Network({ dt: '1 ms' });
    const source = net.spikeList('source', 1, { indices: [0], timesMs: [0] });
    const space = net.population('space', 1, models.volumeAcetylcholine.with());
    net
      .projection('release', source, space, { onPre: 'y_ach += 25*nM' })
      .connect({ rule: 'all-to-all' });
    net.record.state(space, ['acetylcholine']);
    await simulate(net, engine, 1001, (simulation) => {
      const trace = samples(simulation, 'acetylcholine');
      for (const ms of [100, 300, 1000]) {
        const s = (ms - 1) / 300;
        const wanted = 45 + 25 * s * Math.exp(1 - s);
        expect(Math.abs((trace[ms] as number) * 1e6 - wanted)).toBeLessThan(0.01);
      }
    });
  });
});

describe('profiles', () => {
  const names = Object.keys(transmitters) as TransmitterName[];

  it.each(names)('%s: fits the models of clefts and fields', async (name) => {
    expect(() => models.cleft.with({ ...cleftOf(name) })).not.toThrow();
    const net = new Network({ dt: '0.1 ms' });
    const field = net.field('space', {
      ...fieldOf(name),
      grid: [4, 4, 4],
      spacing: '10 um',
      every: '1 ms',
      params: { ...fieldOf(name).params, vmax_uptake: '0 uM/ms', k_clear: '0 1/second' },
    });
    const source = net.spikeList('source', 1, {
      indices: [0],
      timesMs: [0],
      positions: { box: ['40 um', '40 um', '40 um'] },
    });
    net.projection('release', source, field, releaseOf(name, 2)).connect({ rule: 'voxel' });
    await simulate(
      net,
      { name: 'CPU', options: { engine: 'cpu' }, isDouble: false },
      5,
      async (s) => {
        const C = await s.get('space', 'C');
        // mM times um3 are 602,214 molecules; a fifth of the volume is free.
        const molecules = C.reduce((sum, x) => sum + x, 0) * 1000 * 0.21 * 602_214;
        expect(
          Math.abs(molecules / (2 * Number(transmitters[name].vesicle.value)) - 1),
        ).toBeLessThan(1e-3);
      },
    );
  });

  it('every number says what it rests on', () => {
    for (const { title, ...rows } of Object.values(transmitters)) {
      expect(title).not.toBe('');
      for (const row of Object.values(rows)) {
        if (typeof row === 'boolean') continue;
        const { value, source } = row;
        expect(value).toMatch(/^\d/);
        expect(source.length).toBeGreaterThanOrEqual(3);
      }
    }
  });

  it('refuses what is no transmitter', () => {
    expect(() => cleftOf('dopamin' as never)).toThrow(/Did you mean "dopamine"/);
    expect(() => fieldOf('dopamin' as never)).toThrow(NetworkError);
    expect(() => releaseOf('glutamate', -1)).toThrow(NetworkError);
  });
});

describe('a cleft with receptors', () => {
  it.each(engines)('$name: glutamate opens AMPA receptors and is cleared', async (engine) => {
    const synapse = extend(models.ampaKinetic, models.cleft, {
      supplies: ['glutamate'],
      replace: { transmitter: 'glutamate' },
    });
    const net = new Network({ dt: '0.01 ms' });
    const source = net.spikeList('source', 1, { indices: [0], timesMs: [1] });
    const cleft = net.population('cleft', 1, synapse.with({ k_clear: '1 1/ms' }));
    net
      .projection('release', source, cleft, { onPre: 'glutamate += 1*mM' })
      .connect({ rule: 'all-to-all' });
    net.record.state(cleft, ['r_ampa', 'glutamate']);
    await simulate(net, engine, 20, (simulation) => {
      const r = samples(simulation, 'r_ampa');
      // 1 mM that decays in 1 ms: r' = 1.1 exp(-t) (1 - r) - 0.19 r, by rk4 with the same step.
      let wanted = 0;
      const slope = (t: number, x: number) => 1.1 * Math.exp(-t) * (1 - x) - 0.19 * x;
      for (let k = 0; k < 1800; k++) {
        const [t, h] = [k * 0.01, 0.01];
        const k1 = slope(t, wanted);
        const k2 = slope(t + h / 2, wanted + (h / 2) * k1);
        const k3 = slope(t + h / 2, wanted + (h / 2) * k2);
        const k4 = slope(t + h, wanted + h * k3);
        wanted += (h / 6) * (k1 + 2 * k2 + 2 * k3 + k4);
        if (k % 100 === 99) {
          // First order in the step: half of 0.01 ms at a rise of 1.1/ms.
          expect(Math.abs((r[k + 102] as number) - wanted)).toBeLessThan(5e-3);
        }
      }
    });
  });
});
