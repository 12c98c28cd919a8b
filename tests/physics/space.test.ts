/**
 * Closed forms of transmitter in space, as biology.json has them: diffusion (T14, also on the published grid of 61³ voxels),
 * uptake of traces (T15), the mean field of the tonic level (T16), a steady source (T17), and how far molecules get. What
 * fields do besides is in fields.test.ts.
 */
import { describe, expect, it } from 'vitest';
import { createSimulation, Network } from '../../src/index.ts';
import { engines, simulate } from '../support/engines.ts';
import { type BiologyCase, biologyCases, describeReference } from '../support/reference.ts';

/** Molecules per um3 in nM. */
const NANOMOLAR = 1e9 / (6.02214076e23 * 1e-15);
const D_STAR = 763 / 1.54 ** 2;

const number = ({ parameters }: BiologyCase, name: string): number => {
  const value = parameters?.[name]?.value;
  if (value === undefined) throw new Error(`no ${name}`);
  return value;
};

type Row = BiologyCase['expected'][number];
const at = ({ at: where }: Row, name: string): number => where?.[name]?.value ?? Number.NaN;
const close = (found: number, { value, quantity }: Row, relative: number): void =>
  expect(
    Math.abs(found / (value as number) - 1),
    `${quantity}: ${found}, not ${value}`,
  ).toBeLessThan(relative);

describeReference('formulas', () => {
  /** nM at a distance (um) and a time (ms) of so many molecules that were at a point. */
  const spread = (molecules: number, alpha: number, r: number, ms: number): number => {
    const four = 4 * D_STAR * (ms / 1000);
    return (
      ((molecules * NANOMOLAR) / (alpha * (Math.PI * four) ** 1.5)) * Math.exp(-(r * r) / four)
    );
  };

  it('T14: spread from a point', () => {
    const [closed] = biologyCases('T14') as [BiologyCase];
    close(D_STAR, { quantity: 'D*', value: number(closed, 'D_star') }, 1e-9);
    expect(closed.expected.length).toBe(11);
    for (const row of closed.expected) {
      const found = spread(
        number(closed, 'N'),
        number(closed, 'alpha'),
        at(row, 'r'),
        at(row, 't'),
      );
      // Four decimals are printed.
      close(found, row, Math.max(1e-4, 1e-4 / (row.value as number)));
      if ((row.value as number) < 1) close(found, row, 2e-3);
    }
  });

  it('T15: traces are taken up with a time constant', () => {
    const small = biologyCases('T15').find(({ name }) => name === 'small C') as BiologyCase;
    close((0.21 / 4.1) * 1000, small.expected[0] as Row, 1e-6);
  });

  it('T16: release and tonic level', () => {
    for (const one of biologyCases('T16')) {
      const perSecond = ['rho', 'f', 'p', 'Q'].reduce((all, name) => all * number(one, name), 1);
      const r = (perSecond * NANOMOLAR) / number(one, 'alpha');
      const [release, tonic] = one.expected as [Row, Row];
      close(r, release, 1e-5);
      close((number(one, 'Km') * r) / (number(one, 'Vmax') - r), tonic, 1e-5);
    }
  });

  it('T17: a steady source, and how far molecules get in a second', () => {
    const [source, free] = biologyCases('T17') as [BiologyCase, BiologyCase];
    const lambda = Math.sqrt((D_STAR * 0.21) / 4.1);
    for (const row of source.expected) {
      if (row.quantity === 'Lambda') close(lambda, row, 1e-6);
      else {
        const r = at(row, 'r');
        const flow = (number(source, 'q') * NANOMOLAR) / (number(source, 'alpha') * D_STAR);
        close((flow / (4 * Math.PI * r)) * Math.exp(-r / lambda), row, 1e-5);
      }
    }
    close(Math.sqrt(6 * D_STAR * number(free, 't')), free.expected[0] as Row, 1e-5);
  });
});

describeReference('on the engines', () => {
  it.each(engines)('$name: T14 on the published grid', async (engine) => {
    const size = 61;
    const net = new Network({ dt: '0.2 ms' });
    const field = net.field('dopamine', {
      grid: [size, size, size],
      spacing: '1 um',
      every: '0.2 ms',
      eqs: 'C : mM',
      diffusion: { C: '763 um**2/second' },
      tortuosity: 1.54,
      volumeFraction: 0.21,
    });
    const middle = { values: [size / 2], unit: 'um' };
    const positions = { x: middle, y: middle, z: middle };
    const source = net.spikeList('source', 1, { indices: [0], timesMs: [0], positions });
    net
      .projection('release', source, field, {
        onPre: 'C += Q/avogadro_constant/voxel_volume/volume_fraction',
        params: { Q: '3000' },
      })
      .connect({ rule: 'voxel' });
    const simulation = await createSimulation(net, engine.options);
    const [, grid] = biologyCases('T14') as [BiologyCase, BiologyCase];
    expect(grid.expected.length).toBe(6);
    // What is deposited in the first step has spread for none when that step ends.
    await simulation.run('0.2 ms');
    let worst = 0;
    for (const [t, tolerance] of [
      [10, 0.05],
      [20, 0.02],
    ] as const) {
      await simulation.run('10 ms');
      const values = await simulation.get('dopamine', 'C', 'nM');
      const half = (size - 1) / 2;
      for (const row of grid.expected.filter((one) => at(one, 't') === t)) {
        const r = at(row, 'r');
        const found = values[half + r + size * (half + size * half)] as number;
        const four = 4 * D_STAR * (t / 1000);
        const closed =
          ((3000 * NANOMOLAR) / (0.21 * (Math.PI * four) ** 1.5)) * Math.exp(-(r * r) / four);
        expect(Math.abs(found / closed - 1), `${t} ms, ${r} um`).toBeLessThan(tolerance);
        // The same scheme on the same grid: to the three decimals that are printed.
        close(found, row, 1e-4);
        worst = Math.max(worst, Math.abs(found / closed - 1));
      }
    }
    process.stdout.write(`T14 ${engine.name}: ${(100 * worst).toFixed(2)} % of the closed form\n`);
    simulation.destroy();
  });

  it.each(engines)('$name: T15, the time constant of traces', async (engine) => {
    const small = biologyCases('T15').find(({ name }) => name === 'small C') as BiologyCase;
    const net = new Network({ dt: '1 ms' });
    net.field('dopamine', {
      grid: [1],
      spacing: '1 um',
      every: '1 ms',
      eqs: 'dC/dt = -Vmax*C/(Km + C) : mM',
      params: { Vmax: '4.1 uM/second', Km: '0.21 uM' },
      initial: { C: '1e-8 uM' },
    });
    await simulate(net, engine, 51, async (simulation) => {
      const [left = Number.NaN] = await simulation.get('dopamine', 'C', 'uM');
      // 1e-6 is of the formula; the midpoint rule in steps of 1 ms has an error of (1/51)^2/24, 1.6e-5.
      close(-51 / Math.log(left / 1e-8), small.expected[0] as Row, engine.isDouble ? 2e-5 : 5e-5);
    });
  });

  it.each(engines)('$name: T16, the mean field', async (engine) => {
    const cases = biologyCases('T16');
    const column = (name: string, unit: string) => ({
      values: cases.map((one) => number(one, name)),
      unit,
    });
    const net = new Network({ dt: '5 ms' });
    net.population('voxels', cases.length, {
      eqs: `dC/dt = rho*f*p*Q/(alpha*avogadro_constant) - Vmax*C/(Km + C) : mM
            rho : 1/meter**3 (constant)
            f : Hz (constant)
            p : 1 (constant)
            Q : 1 (constant)
            alpha : 1 (constant)
            Vmax : mM/second (constant)
            Km : mM (constant)`,
      method: 'rk4',
      initial: {
        rho: column('rho', '1/um**3'),
        f: column('f', 'Hz'),
        p: column('p', '1'),
        Q: column('Q', '1'),
        alpha: column('alpha', '1'),
        Vmax: column('Vmax', 'nM/second'),
        Km: column('Km', 'nM'),
      },
    });
    await simulate(net, engine, 10_000, async (simulation) => {
      const found = await simulation.get('voxels', 'C', 'nM');
      for (const [k, one] of cases.entries())
        close(found[k] as number, one.expected[1] as Row, 1e-5);
    });
  });

  it.each(engines)('$name: T17, the distance that molecules get to', async (engine) => {
    // Along one axis, where an explicit step spreads the variance by exactly 2 D* dt; three axes add.
    const size = 401;
    const net = new Network({ dt: '0.5 ms' });
    const field = net.field('dopamine', {
      grid: [size],
      spacing: '1 um',
      every: '0.5 ms',
      eqs: 'C : mM',
      diffusion: { C: '763 um**2/second' },
      tortuosity: 1.54,
    });
    const positions = { x: { values: [size / 2], unit: 'um' }, y: '0.5*um', z: '0.5*um' };
    const source = net.spikeList('source', 1, { indices: [0], timesMs: [0], positions });
    net.projection('release', source, field, { onPre: 'C += 1*mM' }).connect({ rule: 'voxel' });
    // A second after the step of the deposit.
    await simulate(net, engine, 1000.5, async (simulation) => {
      const values = await simulation.get('dopamine', 'C');
      const sum = values.reduce((all, value) => all + value, 0);
      const half = (size - 1) / 2;
      const variance = values.reduce((all, value, k) => all + value * (k - half) ** 2, 0) / sum;
      const [, free] = biologyCases('T17') as [BiologyCase, BiologyCase];
      close(Math.sqrt(3 * variance), free.expected[0] as Row, 1e-5);
    });
  });
});

describe('units', () => {
  it('a molecule per cubic micrometre is 1.66 nM', () => expect(NANOMOLAR).toBeCloseTo(1.66054, 5));
});
