/**
 * Conductances regulated by calcium (O'Leary et al. 2014): where they settle (T21), what the slow clock may change and
 * what not (T21b), and channels that are blocked while regulation goes on (T21c).
 *
 * 500 s are five million steps. A software adapter takes 5 us for each with workgroups of four lanes: T21 runs at its own
 * pace on every engine, and the 900 s of T21c, which would be nine million, four times accelerated on the GPU engine.
 */
import { expect, it } from 'vitest';
import {
  defineModel,
  extend,
  models,
  Network,
  type Population,
  type Simulation,
} from '../../src/index.ts';
import {
  type EngineCase,
  engines,
  samples,
  simulate,
  singleEngines,
  stepsByNeuron,
} from '../support/engines.ts';
import { type BiologyCase, biologyCases, describeReference } from '../support/reference.ts';

const CHANNELS = ['NaV', 'CaT', 'CaS', 'A', 'KCa', 'Kd', 'H'] as const;
const TAU_MS = [666, 55_555, 45_454, 5000, 1250, 2000, 125_000];
const DT = 0.1;
/** Internal units of conductance per area (nS/um2) in uS/mm2. */
const PER_AREA = 1e3;

const cpu32 = engines[1] as EngineCase;

/** A software adapter works on all lanes of a workgroup; there are few cells here. */
const forFewCells = (engine: EngineCase): EngineCase => ({
  ...engine,
  options: { ...engine.options, ...(isGpu(engine) ? { workgroupSize: 4 } : {}) },
});
const isGpu = ({ options }: EngineCase): boolean => options.engine === 'gpu';
/** All engines, and those in single precision, set up for few cells. */
const all = engines.map(forFewCells);
const single = singleEngines.map(forFewCells);

/** Cells under the controller. */
function regulated(count: number, options: object = {}, params = {}): [Network, Population] {
  const net = new Network({ dt: `${DT} ms`, seed: 1 });
  const model = models.calciumHomeostasis.with(params);
  const cells = net.population('cells', count, { ...model, ...options });
  net.record.spikes(cells);
  return [net, cells];
}

/** A variable of every channel, such as g_nav of cell `cell`: by channel. */
async function byChannel(simulation: Simulation, variable: string, cell = 0): Promise<number[]> {
  const all = await Promise.all(
    CHANNELS.map((channel) => simulation.get('cells', `${variable}_${channel.toLowerCase()}`)),
  );
  return all.map((values) => values[cell] as number);
}

/** Largest relative difference between m_i tau_i of the channels, and their mean in uM ms. */
function invariant(mrna: readonly number[]): { breakage: number; value: number } {
  const products = mrna.map((m, k) => m * 1e3 * (TAU_MS[k] as number));
  const value = products.reduce((sum, one) => sum + one, 0) / products.length;
  return { value, breakage: Math.max(...products.map((one) => Math.abs(one / value - 1))) };
}

/** Mean calcium over a time in uM: what the integrals of its error say, exactly while no mRNA is 0. */
const meanCalcium = (before: number, after: number, ms: number): number =>
  7 - ((after - before) * 1e3 * (TAU_MS[0] as number)) / ms;

/** Intervals of a spike train in ms. */
const intervals = (steps: readonly number[]): number[] =>
  steps.slice(1).map((step, k) => (step - (steps[k] as number)) * DT);

/** The number that a case expects under a name. */
function expectedOf({ expected }: BiologyCase, quantity: string): number {
  const found = expected.find((one) => one.quantity.startsWith(quantity));
  if (typeof found?.value !== 'number') throw new Error(`no number for ${quantity}`);
  return found.value;
}

const within = (value: number, expected: number, relative: number, what: string): void => {
  expect(Math.abs(value / expected - 1), `${what}: ${value}, not ${expected}`).toBeLessThan(
    relative,
  );
};

describeReference('activity-regulated conductances (T21)', () => {
  const [settled, invariants] = biologyCases('T21') as [BiologyCase, BiologyCase];

  it.each(all)('$name: settles where it should, after 500 s', async (engine) => {
    const [net] = regulated(1);
    await simulate(net, engine, 450_000, async (simulation) => {
      const [before] = await byChannel(simulation, 'mrna');
      await simulation.run('50 s');
      const mrna = await byChannel(simulation, 'mrna');
      const ca = meanCalcium(before as number, mrna[0] as number, 50_000);
      within(ca, expectedOf(settled, 'mean Ca'), 0.005, 'mean Ca');
      const g = await byChannel(simulation, 'g');
      for (const [k, channel] of CHANNELS.entries()) {
        const expected = expectedOf(settled, `g ${channel}`);
        within((g[k] as number) * PER_AREA, expected, 0.01, `g ${channel}`);
      }

      // (m_i - m_i(0)) tau_i with m_i(0) = 0: equal to rounding, which 50,000 slow steps of f32 raise to 1e-5.
      const { breakage, value } = invariant(mrna);
      expect(breakage).toBeLessThan(engine.isDouble ? 1e-9 : 1e-4);
      within(value, expectedOf(invariants, 'common value'), 0.01, 'm tau');

      const spikes = stepsByNeuron(simulation, 1)[0] ?? [];
      const last = intervals(spikes.filter((step) => step * DT > 490_000));
      const bursts = last.filter((interval) => interval > 100).length;
      const perBurst = (last.length - bursts) / bursts + 1;
      expect(Math.abs(perBurst - expectedOf(settled, 'spikes per burst'))).toBeLessThan(0.1);
      // The time from the beginning of a burst to the beginning of the next, over the last of them.
      const ends = last.flatMap((interval, k) => (interval > 100 ? [k] : []));
      const between = last.slice((ends[0] as number) + 1, (ends.at(-1) as number) + 1);
      const period = between.reduce((sum, one) => sum + one, 0) / (ends.length - 1);
      within(period, expectedOf(settled, 'burst period'), 0.02, 'burst period');
      process.stdout.write(
        `T21 ${engine.name}: breakage of the invariant ${breakage.toExponential(1)}, mean calcium ${ca.toFixed(4)} uM, burst period ${period.toFixed(2)} ms\n`,
      );
      const quantity = 'intervals inside and between bursts';
      const pattern = settled.expected.find((one) => one.quantity === quantity)?.value as number[];
      const start = last.findIndex((interval) => interval > 100) + 1;
      for (let burst = 0; burst < 20; burst++) {
        for (const [k, interval] of pattern.entries()) {
          within(last[start + 3 * burst + k] as number, interval, 0.03, `interval ${k}`);
        }
      }
    });
  });

  it.each(single.slice(1))('$name: 10 s are those of the CPU engine', async (engine) => {
    const run = async (one: EngineCase): Promise<readonly unknown[]> => {
      const [net] = regulated(3);
      return simulate(net, one, 10_000, async (simulation) => [
        await byChannel(simulation, 'g', 2),
        await byChannel(simulation, 'mrna', 2),
        await simulation.get('cells', 'ca'),
        stepsByNeuron(simulation, 3),
      ]);
    };
    expect(await run(engine)).toEqual(await run(cpu32));
  });
});

it.each(engines)('$name: one controller holds the calcium of any neuron', async (engine) => {
  const neuron = defineModel({
    name: 'calcium-lif',
    title: 'Leaky integrate-and-fire neuron with calcium',
    source: 'this test',
    aliases: {},
    eqs: `dv/dt = (g_leak*(drive - v) + g_exc*(20*mV - v))/c_m : volt
          dca/dt = -ca/(100*ms) : mmolar`,
    threshold: 'v > 10*mV',
    reset: 'v = 0*mV\nca += 0.1*uM',
    params: {
      drive: { value: '0 mV', doc: 'Input.' },
      c_m: { value: '1 uF/cm2', doc: 'Capacitance.' },
      g_leak: { value: '0.1 mS/cm2', doc: 'Leak.' },
      g_exc: { value: '0 mS/cm2', doc: 'Regulated.' },
    },
  });
  const model = extend(neuron, models.conductanceControl, {
    replace: { calcium: 'mean(ca)', g: 'g_exc' },
    supplies: ['g_exc'],
  });
  const net = new Network({ dt: '0.1 ms' });
  const options = model.with({
    drive: { values: [0, 8], unit: 'mV' },
    ca_target: '0.3 uM',
    tau_g: '100 ms',
    translation: '0.05 mS/cm2/uM',
  });
  const cells = net.population('cells', 2, { ...options, slow: '10 ms' });
  net.record.state(cells, ['ca'], { every: '1 ms' });
  await simulate(net, engine, 60_000, async (simulation) => {
    for (const cell of [0, 1]) {
      const ca = samples(simulation, 'ca', cell).slice(-20_000);
      // 30 spikes per second of 0.1 uM that lives for 100 ms; the mean of the last 20 s.
      within((ca.reduce((sum, value) => sum + value, 0) / ca.length) * 1e3, 0.3, 0.02, 'calcium');
    }
    // Less is needed where there is more input.
    const [poor = 0, rich = 0] = await simulation.get('cells', 'g_exc');
    expect(rich).toBeGreaterThan(0);
    expect(poor).toBeGreaterThan(1.2 * rich);
  });
});

describeReference('the slow clock', () => {
  it.each(all)(
    '$name: acceleration by 10 and by 1 moves no conductance by 1 % (T21b)',
    async (engine) => {
      const ends: (readonly number[])[] = [];
      for (const acceleration of [10, 1]) {
        const [net] = regulated(1, { acceleration });
        const duration = 400_000 / acceleration;
        ends.push(
          await simulate(net, engine, duration, (simulation) => byChannel(simulation, 'g')),
        );
      }
      const [quick = [], slow = []] = ends;
      for (const [k, channel] of CHANNELS.entries()) {
        within(quick[k] as number, slow[k] as number, 0.01, `g ${channel}`);
      }
    },
  );

  it('in f32 a slow step of 0.1 ms breaks the invariant, one of a second changes nothing', async () => {
    const breakage = await Promise.all(
      ['0.1 ms', '10 ms', '1 s'].map((slow) => {
        const [net] = regulated(1, { slow });
        return simulate(
          net,
          cpu32,
          300_000,
          async (simulation) => invariant(await byChannel(simulation, 'mrna')).breakage,
        );
      }),
    );
    const [fine = 0, usual = 1, coarse = 1] = breakage;
    // Measured 7e-4, 8e-6 and 4e-7 after 300 s; the specification asks for 1e-4 from 10 ms on.
    expect(fine).toBeGreaterThan(2e-4);
    expect(usual).toBeLessThan(3e-5);
    expect(coarse).toBeLessThan(3e-6);
  });
});

describeReference('blocked channels (T21c)', () => {
  it.each(all)('$name: 300 s of control, 600 s of block, for every case', async (engine) => {
    const pace = isGpu(engine) ? 4 : 1;
    const cases = biologyCases('T21c');
    const blocks = cases.map(({ parameters }) => {
      const block: unknown = parameters?.block?.value;
      return block as { channel: string; factor: number };
    });
    const unblocked = { values: blocks.map(() => 1), unit: '1' };
    const open = CHANNELS.map((channel) => [`open_${channel.toLowerCase()}`, unblocked]);
    const [net] = regulated(cases.length, { acceleration: pace }, Object.fromEntries(open));
    await simulate(net, engine, 300_000 / pace, async (simulation) => {
      const before = await Promise.all(cases.map((_, k) => byChannel(simulation, 'g', k)));
      for (const [k, { channel, factor }] of blocks.entries()) {
        const values = blocks.map((_, other) => (other === k ? factor : 1));
        const variable = `open_${channel.toLowerCase()}`;
        await simulation.set('cells', variable, { values, unit: '1' });
      }
      await simulation.run(`${510 / pace} s`);
      const mrna = await simulation.get('cells', 'mrna_nav');
      await simulation.run(`${90 / pace} s`);
      const after = await simulation.get('cells', 'mrna_nav');
      const trains = stepsByNeuron(simulation, cases.length).map((steps) =>
        steps.map((step) => step * DT),
      );

      for (const [k, one] of cases.entries()) {
        const g = (await byChannel(simulation, 'g', k)).map((value) => value * PER_AREA);
        const train = trains[k] as number[];
        // From and to are slow time; a rate is one of the network's.
        const rate = (from: number, to: number): number =>
          train.filter((time) => time >= from / pace && time < to / pace).length /
          ((to - from) / pace / 1000);
        const last = train.filter((time) => time >= 900_000 / pace - 2000);
        const gaps = last.slice(1).map((time, n) => time - (last[n] as number));
        const found: Readonly<Record<string, number>> = {
          'mean Ca': meanCalcium(mrna[k] as number, after[k] as number, 90_000),
          'rate before': rate(210_000, 300_000),
          'rate after': rate(810_000, 900_000),
          'inter-spike interval after': gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length,
          'factor on every g': (g[0] as number) / ((before[k]?.[0] ?? 0) * PER_AREA),
          ...Object.fromEntries(CHANNELS.map((channel, c) => [`g ${channel}`, g[c] as number])),
        };
        for (const { quantity, value } of one.expected) {
          const name = Object.keys(found).find((key) => quantity.startsWith(key));
          expect(name, quantity).toBeDefined();
          const tolerance = name === 'mean Ca' && k === 0 ? 0.005 : 0.02;
          within(
            found[name ?? ''] as number,
            value as number,
            tolerance,
            `${one.name}: ${quantity}`,
          );
        }
        // Blocks leave the ratios of conductances alone, also where all mRNA has been 0 on the way.
        for (const [c, value] of g.entries()) {
          const ratio = value / (g[0] as number);
          within(ratio, (TAU_MS[0] as number) / (TAU_MS[c] as number), 1e-3, `${one.name}, ratio`);
        }
        if (one.expected.length > 0) continue;
        const values = Object.entries(found).map(
          ([key, value]) => `${key} ${value.toPrecision(6)}`,
        );
        const pattern = gaps.slice(-8).map((gap) => gap.toFixed(1));
        process.stdout.write(
          `T21c ${one.name} (${engine.name}): ${values.join(', ')}; intervals ${pattern.join(' ')}\n`,
        );
      }
    });
  });
});
