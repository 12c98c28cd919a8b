/**
 * Cables (T7): the passive cable against its closed form, the velocity of the squid axon, and where the one direction of a
 * nerve comes from: not from the axon, which conducts both ways, but from what a spike leaves behind it.
 */
import { describe, expect, it } from 'vitest';
import { cable, models, Network, NetworkError, type PerNeuron } from '../../src/index.ts';
import {
  type EngineCase,
  engines,
  samples,
  simulate,
  singleEngines,
  stepsByNeuron,
} from '../support/engines.ts';
import { buildExample } from '../support/examples.ts';
import { biologyCases, describeReference } from '../support/reference.ts';

/** Joins the compartments of a population to a cable. */
const AXIAL = { rule: 'pairwise', condition: 'abs(i - j) == 1' } as const;

/** Potential above rest (mV) at the driven and at the far end of the passive cable of T7 in steady state. */
async function passiveEnds(
  engine: EngineCase,
  compartments: number,
  dt: number,
): Promise<readonly [number, number]> {
  const { area, weight, largestStepMs } = cable({
    length: '300 um',
    diameter: '1 um',
    resistivity: '150 ohm*cm',
    compartments,
  });
  expect(dt).toBeLessThan(largestStepMs);
  const net = new Network({ dt: `${dt} ms` });
  const i_offset = { values: Array.from(area.values, (_, k) => (k === 0 ? 20 : 0)), unit: 'pA' };
  const dendrite = net.population('dendrite', compartments, {
    ...models.passiveCompartment.with({ area, i_offset, e_leak: '0 mV' }),
  });
  net
    .projection('axial', dendrite, dendrite, {
      ...models.gapJunction.with(),
      initial: { weight },
    })
    .connect(AXIAL);
  return simulate(net, engine, 120, async (simulation) => {
    const v = await simulation.get('dendrite', 'v');
    return [v[0] as number, v[compartments - 1] as number];
  });
}

describeReference('passive cable with a sealed end (T7)', () => {
  const { expected } = biologyCases('T7').find(({ name }) => name === 'passive cable') ?? {
    expected: [],
  };
  const value = (quantity: string): number =>
    expected.find((one) => one.quantity === quantity)?.value as number;
  const ends = [value('V(0) above rest'), value('V(L) above rest')] as const;

  it('the closed form', () => {
    // d in um, r_i in GOhm um (150 ohm cm), g_L in nS/um2, I in pA.
    const lambda = Math.sqrt(1 / (4 * 1.5e-3 * 1e-3));
    const infinite = (lambda * 4 * 1.5e-3) / Math.PI;
    expect(lambda / value('length constant')).toBeCloseTo(1, 6);
    expect((20 * infinite) / Math.tanh(300 / lambda) / ends[0]).toBeCloseTo(1, 8);
    expect((20 * infinite) / Math.sinh(300 / lambda) / ends[1]).toBeCloseTo(1, 8);
  });

  it.each(engines)('$name: 16 compartments, both ends to 0.1 %', async (engine) => {
    const found = await passiveEnds(engine, 16, 0.01);
    for (const [k, wanted] of ends.entries()) {
      expect(Math.abs((found[k] as number) / wanted - 1)).toBeLessThan(1e-3);
    }
  });

  it('the error goes with the square of the distance', async () => {
    const engine = engines[0] as EngineCase;
    const error = async (compartments: number, dt: number): Promise<number> =>
      (await passiveEnds(engine, compartments, dt))[0] / ends[0] - 1;
    // 120 ms are 12 time constants: what is missing by then, 6e-6, belongs to both.
    const settled = Math.exp(-12);
    const ratio = ((await error(6, 0.05)) + settled) / ((await error(11, 0.02)) + settled);
    expect(ratio).toBeGreaterThan(3.8);
    expect(ratio).toBeLessThan(4.2);
  });
});

const COUNT = 241;
const DT_MS = 0.0025;
const MIDDLE = 120;

/** A pulse of 0.5 ms, uA/cm2, into the compartments from … to (exclusive). */
interface Pulse {
  readonly from: number;
  readonly to: number;
  readonly startMs: number;
  readonly strength: number;
}

/** Spike times (ms) of each of 241 compartments of 12 cm of squid axon. */
async function axon(
  engine: EngineCase,
  celsius: number,
  pulses: readonly Pulse[],
  durationMs: number,
): Promise<readonly (readonly number[])[]> {
  const { area, weight } = cable({
    length: '12 cm',
    diameter: '476 um',
    resistivity: '35.4 ohm*cm',
    compartments: COUNT,
  });
  const per = (unit: string, value: (pulse: Pulse) => number): PerNeuron => ({
    unit,
    values: Array.from({ length: COUNT }, (_, k) => {
      const pulse = pulses.find(({ from, to }) => k >= from && k < to);
      return pulse === undefined ? 0 : value(pulse);
    }),
  });
  const net = new Network({ dt: `${DT_MS} ms` });
  const compartments = net.population('axon', COUNT, {
    ...models.axonCompartment.with({
      area,
      phi: 3 ** ((celsius - 6.3) / 10),
      pulse: per('uA/cm2', ({ strength }) => strength),
      pulse_start: per('ms', ({ startMs }) => startMs),
    }),
  });
  net
    .projection('axial', compartments, compartments, {
      ...models.gapJunction.with(),
      initial: { weight },
    })
    .connect(AXIAL);
  net.record.spikes(compartments);
  return simulate(net, engine, durationMs, (simulation) =>
    stepsByNeuron(simulation, COUNT).map((steps) => steps.map((step) => step * DT_MS)),
  );
}

const left = (startMs = 0): Pulse => ({ from: 0, to: 5, startMs, strength: 400 });
const right = (startMs = 0): Pulse => ({ from: COUNT - 5, to: COUNT, startMs, strength: 400 });
const middle = (startMs: number, strength: number): Pulse => ({
  from: MIDDLE - 2,
  to: MIDDLE + 3,
  startMs,
  strength,
});

/** Number of spikes of the compartments a tenth and nine tenths along, and in the middle. */
const counts = (trains: readonly (readonly number[])[]): readonly number[] =>
  [24, MIDDLE, COUNT - 25].map((k) => trains[k]?.length ?? 0);

describeReference('velocity of the squid axon (T7)', () => {
  it.each(engines.flatMap((engine) => [18.5, 6.3].map((celsius) => ({ engine, celsius }))))(
    '$engine.name, $celsius °C: within 0.3 m/s',
    async ({ engine, celsius }) => {
      const found = biologyCases('T7').find(({ name }) => name === `axon velocity ${celsius} C`);
      const expected = found?.expected[0]?.value as number;
      const trains = await axon(engine, celsius, [left()], 11);
      expect(trains.every((times) => times.length === 1)).toBe(true);
      const [a, b] = [0.4, 0.7].map((share) => trains[share * (COUNT - 1)]?.[0] as number);
      // 36 mm between them; a step is 0.13 % of the time at 18.5 °C.
      const velocity = 36 / ((b as number) - (a as number));
      expect(Math.abs(velocity - expected)).toBeLessThan(0.3);
      if (engine.isDouble)
        process.stdout.write(`T7 ${celsius} °C: ${velocity.toPrecision(5)} m/s\n`);
    },
  );
});

describe.each(singleEngines)('directions, $name', (engine) => {
  it('a spike from the middle runs both ways, and arrives at both ends at once', async () => {
    const trains = await axon(engine, 18.5, [middle(0, 800)], 8);
    expect(trains.every((times) => times.length === 1)).toBe(true);
    const first = trains.map((times) => times[0] as number);
    expect(first[0]).toBe(first[COUNT - 1]);
    for (let k = 3; k < MIDDLE - 3; k++) {
      expect(first[MIDDLE - k] as number).toBeLessThan(first[MIDDLE - k - 1] as number);
      expect(first[MIDDLE + k] as number).toBeLessThan(first[MIDDLE + k + 1] as number);
    }
  });

  it('two spikes that meet are both gone', async () => {
    const trains = await axon(engine, 18.5, [left(), right()], 20);
    // Either would have crossed all of the axon in 6.4 ms: every compartment fires once, the middle last.
    expect(trains.every((times) => times.length === 1)).toBe(true);
    const latest = Math.max(...trains.map((times) => times[0] as number));
    expect(trains[MIDDLE]?.[0]).toBe(latest);
    expect(latest).toBeLessThan(4);
  });

  it('a stimulus right behind a spike is blocked, somewhat later it goes back only, later still both ways', async () => {
    // The first spike passes the middle at 3.3 ms.
    const fired = async (ms: number) =>
      counts(await axon(engine, 18.5, [left(), middle(3.4 + ms, 800)], 14));
    expect(await fired(1)).toEqual([1, 1, 1]);
    expect(await fired(1.5)).toEqual([2, 2, 1]);
    expect(await fired(4)).toEqual([2, 2, 2]);
  });
});

describe('example axon', () => {
  // The same compartments as above, which ran on every engine.
  const engine = singleEngines[0] as EngineCase;

  it.each([
    [{}, [1, 1, 1]],
    [{ start: 'middle' }, [1, 1, 1]],
    [{ start: 'both-ends' }, [1, 1, 1]],
    [{ start: 'behind', wait: '1 ms' }, [1, 1, 1]],
    [{ start: 'behind' }, [2, 2, 1]],
    [{ start: 'behind', wait: '4 ms' }, [2, 2, 2]],
  ])('%j: spikes a tenth along, in the middle, nine tenths along', async (values, expected) => {
    const trains = await simulate(buildExample('axon', values), engine, 14, (simulation) =>
      stepsByNeuron(simulation, COUNT),
    );
    expect(counts(trains)).toEqual(expected);
  });
});

describe.each(engines)('delay of an axon between point neurons, $name', (engine) => {
  it('is the time of the synapse plus distance over velocity, rounded to steps', async () => {
    // Cortical horizontal axons: 0.15 to 0.44 m/s. Targets 0.1 to 4 mm away, on a line.
    const away = [0.1, 0.25, 0.5, 1, 1.5, 2, 3, 4];
    const dt = 0.1;
    const net = new Network({ dt: `${dt} ms`, params: { velocity: '0.3 metre/second' } });
    const source = net.population('source', 1, {
      eqs: 'v : 1',
      threshold: 't >= 0.99*ms and t < 1.01*ms',
      reset: 'v = 0',
      positions: { x: '0*mm', y: '0*mm' },
    });
    const targets = net.population('targets', away.length, {
      eqs: 'v : 1',
      positions: { x: { values: away, unit: 'mm' }, y: '0*mm' },
    });
    net
      .projection('axon', source, targets, {
        onPre: 'v += 1',
        delay: '0.5*ms + distance/velocity',
      })
      .connect({ rule: 'all-to-all' });
    net.record.state(targets, ['v']);
    await simulate(net, engine, 20, (simulation) => {
      for (const [k, millimetres] of away.entries()) {
        const v = samples(simulation, 'v', k);
        const delay = 0.5 + millimetres / 0.3;
        // Fired in step 10; what arrives in a step is seen from the next one on.
        expect(v.findIndex((value) => value > 0)).toBe(10 + Math.floor(delay / dt + 0.5) + 1);
        expect(v.at(-1)).toBe(1);
      }
    });
  });
});

describe('what is refused', () => {
  const good = { length: '1 mm', diameter: '1 um', resistivity: '100 ohm*cm', compartments: 10 };
  it.each([
    [{ compartments: 1 }, /compartments must be a whole number from 2 to 100000, got 1/],
    [{ length: '0 mm' }, /length must be above 0, got "0 mm"/],
    [{ length: '3 mV' }, /length must be a length .* got "3 mV" \(a voltage\)/],
    [{ resistivity: '3 ohm' }, /resistivity/],
    [{ capacitance: '1 pF' }, /capacitance/],
  ])('%j', (change, message) => {
    expect(() => cable({ ...good, ...change })).toThrow(NetworkError);
    expect(() => cable({ ...good, ...change })).toThrow(message);
  });
});
