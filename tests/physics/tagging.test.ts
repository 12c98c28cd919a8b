/**
 * Synaptic tagging and capture (Luboeinski & Tetzlaff 2021), T23: limits and times of the early phase, tag and protein
 * of one synapse; which protocols reach the late phase.
 *
 * Hours are integrated in slow steps of a second, as T23 allows, by Euler: errors of a step's half over the time constant,
 * 1.4e-4 for protein and 7e-5 for the early phase per time constant that has passed.
 */
import { describe, expect, test } from 'vitest';
import { examples } from '../../src/examples/index.ts';
import { models, Network, type NetworkDocument, type Simulation } from '../../src/index.ts';
import {
  engines as allEngines,
  singleEngines as allSingle,
  type EngineCase,
  simulate,
} from '../support/engines.ts';
import { type BiologyCase, biologyCases, describeReference } from '../support/reference.ts';

const H_0 = 4.20074539235;
/** Time constants of early change, protein and late weight, in s. */
const [TAU_EARLY, TAU_P, TAU_Z] = [6884, 3600, 3600];

/** A software adapter works on all lanes of a workgroup; there is one synapse here. */
const forOne = (engine: EngineCase): EngineCase => ({
  ...engine,
  options: {
    ...engine.options,
    ...(engine.options.engine === 'gpu' ? { workgroupSize: 4 } : {}),
  },
});
const engines = allEngines.map(forOne);
const singleEngines = allSingle.map(forOne);

/** A synapse from a silent neuron onto a neuron with protein, noise off, every clock at `step`. */
function oneSynapse(step: string, initial: object, params: object = {}): Network {
  const net = new Network({ dt: step, seed: 1 });
  const silent = net.population('silent', 1, { eqs: 'u : 1' });
  const neuron = net.population('neuron', 1, { ...models.lifTagging.with(), slow: step });
  net.record.state(neuron, ['protein'], { every: '1 s' });
  const model = models.taggingAndCapture.with({ sigma_pl: '0 mV', ...params });
  net
    .projection('synapse', silent, neuron, {
      ...model,
      delay: { byPathway: { calcium: '0 ms', transmit: '0 ms' } },
      slow: step,
      initial: { ...model.initial, ...initial },
    })
    .connect({ rule: 'one-to-one' });
  return net;
}

const value = async (simulation: Simulation, name: string): Promise<number> =>
  (await simulation.get(name === 'protein' ? 'neuron' : 'synapse', name))[0] as number;

describeReference('T23', () => {
  const cases = biologyCases('T23');
  const [limits, saturated] = cases as [BiologyCase, BiologyCase];
  const limit = (quantity: string): number => {
    const found = limits.expected.find((one) => one.quantity === quantity);
    if (found === undefined) throw new Error(`T23 has no ${quantity}`);
    return found.value as number;
  };

  describe.each(engines)('$name', (engine) => {
    test('one saturated synapse', async () => {
      const h = limit('saturated potentiation');
      const net = oneSynapse('1 s', { h: `${h} mV` });
      const seen: unknown[] = [];
      await simulate(net, engine, 0, async (simulation) => {
        for (const { value: expected, at } of saturated.expected) {
          const time = at?.t?.value ?? 0;
          await simulation.run(`${time * 1000 - simulation.step * 1000} ms`);
          const now = await Promise.all(['h', 'protein', 'z'].map((v) => value(simulation, v)));
          const found = [...now, (now[0] as number) + H_0 * (now[2] as number)];
          for (const [k, wanted] of (expected as readonly number[]).entries()) {
            // 1e-3, and half of the last digit that is printed.
            const tolerance = 1e-3 * Math.abs(wanted) + 5e-6;
            const error = Math.abs((found[k] as number) - wanted);
            // !!! NOT ASSERTED HERE: z at 600 s. The reference, .01304, is a left-hand sum in steps; the closed form is
            // 1 - exp(-(600 - 3600 (1 - exp(-1/6)))/3600) = .0130623, 1.7e-3 away. The next test holds the closed form to
            // 1e-3, and that the reference is this far from it.
            if (error > tolerance && !(time === 600 && k === 2))
              seen.push({ time, k, found: found[k], wanted });
          }
        }
      });
      expect(seen).toEqual([]);
    });

    test('ten minutes in steps of half a second, against the closed form', async () => {
      const h = limit('saturated potentiation');
      await simulate(
        oneSynapse('500 ms', { h: `${h} mV` }),
        engine,
        600_000,
        async (simulation) => {
          const early = H_0 + (h - H_0) * Math.exp(-600 / TAU_EARLY);
          const protein = 1 - Math.exp(-600 / TAU_P);
          // The integral of protein over time, in tau_z, is what z' = p (1 - z)/tau_z takes.
          const captured = (600 - TAU_P * protein) / TAU_Z;
          const expected = { h: early, protein, z: 1 - Math.exp(-captured) };
          const [, , printed = 0] = [saturated.expected[0]?.value ?? []].flat();
          expect(Math.abs(expected.z - 0.0130623)).toBeLessThan(5e-8);
          expect(Math.abs((printed as number) / expected.z - 1)).toBeLessThan(2e-3);
          for (const [name, wanted] of Object.entries(expected)) {
            expect(Math.abs((await value(simulation, name)) / wanted - 1), name).toBeLessThan(1e-3);
          }
        },
      );
    });

    test('times of relaxation, tag and protein', async () => {
      const h = limit('saturated potentiation');
      const net = oneSynapse('1 s', { h: `${h} mV` });
      await simulate(net, engine, 0, async (simulation) => {
        await simulation.run(`${limit('relaxation time')} s`);
        const left = ((await value(simulation, 'h')) - H_0) / (h - H_0);
        expect(Math.abs(left * Math.E - 1)).toBeLessThan(1e-3);
        const protein = simulation.state().values.protein as Float64Array;
        const last = protein.indexOf(Math.max(...protein));
        const synthesis = limit('protein synthesis, one synapse');
        expect(Math.abs(last / synthesis - 1)).toBeLessThan(1e-3);
        // 1e-3 of the life of the tag is 11 s, in which the early change falls by 1.6e-3.
        const life = Math.round(limit('life of the tag after saturation'));
        await simulation.run(`${life - simulation.step} s`);
        const change = ((await value(simulation, 'h')) - H_0) / limit('tag threshold |h-h0|');
        expect(Math.abs(change - 1)).toBeLessThan(1.6e-3);
      });
    });

    test.each([
      ['potentiation', 5, '0.1 ms'],
      ['depression', 2, '1 ms'],
    ] as const)('%s: limit and time constant', async (kind, c, step) => {
      const saturation = limit(`saturated ${kind}`);
      const tauMs = limit(`time constant to ${kind}`);
      // Calcium that stays.
      const net = oneSynapse(step, { c }, { tau_c: '10000000 s' });
      await simulate(net, engine, Math.round(tauMs), async (simulation) => {
        const left = ((await value(simulation, 'h')) - saturation) / (H_0 - saturation);
        // Euler's step, dt/2 of the time constant, is 2.3e-4 at most.
        expect(Math.abs(left * Math.exp(Math.round(tauMs) / tauMs) - 1)).toBeLessThan(1e-3);
      });
      const longer = oneSynapse('1 ms', { c }, { tau_c: '10000000 s' });
      await simulate(longer, engine, 20 * tauMs - ((20 * tauMs) % 1), async (simulation) => {
        const h = await value(simulation, 'h');
        expect(Math.abs(h / saturation - 1)).toBeLessThan(1e-3);
      });
    });
  });

  test('limits and times follow from the defaults', () => {
    const { params } = models.taggingAndCapture.with();
    const [tau, rho, gammaP, gammaD] = [688.4, params.rho, params.gamma_p, params.gamma_d] as [
      number,
      number,
      number,
      number,
    ];
    expect(params.tau_h).toBe(`${tau} s`);
    const [h0, hMax] = [H_0, Number.parseFloat(String(params.h_max))];
    const close = (found: number, quantity: string, relative: number): void =>
      expect(Math.abs(found / limit(quantity) - 1), quantity).toBeLessThan(relative);
    const saturation = (rho * h0 + gammaP * hMax) / (rho + gammaP + gammaD);
    close(saturation, 'saturated potentiation', 1e-5);
    close((rho * h0) / (rho + gammaD), 'saturated depression', 1e-4);
    close(tau / rho, 'relaxation time', 1e-6);
    close((tau * 1000) / (rho + gammaP + gammaD), 'time constant to potentiation', 1e-5);
    close((tau * 1000) / (rho + gammaD), 'time constant to depression', 1e-5);
    const gap = saturation - h0;
    close(TAU_EARLY * Math.log(gap / (0.2 * h0)), 'life of the tag after saturation', 1e-3);
    close(TAU_EARLY * Math.log(gap / (0.5 * h0)), 'protein synthesis, one synapse', 1e-3);
  });

  test('the defaults are those of the paper', () => {
    const { params } = models.taggingAndCapture.with();
    expect(params.h_0).toBe(`${limit('h0')} mV`);
    expect(params.theta_tag).toBe(`${limit('tag threshold |h-h0|')} mV`);
    expect(models.lifTagging.with().params.theta_pro).toBe(`${limit('protein threshold')} mV`);
  });
});

// ---- Protocols ----

/** Times of `trains` trains of `spikes` spikes. */
const trains = (trains: number, everyMs: number, spikes: number, intervalMs: number): number[] =>
  Array.from({ length: trains * spikes }, (_, k) => {
    const train = Math.floor(k / spikes);
    return 100 + train * everyMs + (k % spikes) * intervalMs;
  });

/** Strong and weak, tetanic and low-frequency stimulation; `gapMs` lies between tetani, published 10 min. */
const protocols = (gapMs: number) =>
  ({
    STET: trains(3, gapMs, 100, 10),
    WTET: trains(1, gapMs, 20, 10),
    SLFS: trains(900, 1000, 3, 50),
    WLFS: trains(900, 1000, 1, 0),
  }) as const;

type Protocol = keyof ReturnType<typeof protocols>;

/** A neuron and a synapse for each protocol. */
function stimulated(names: readonly Protocol[], gapMs: number): Network {
  const net = new Network({ dt: '1 ms', seed: 4 });
  const times = names.map((name) => protocols(gapMs)[name]);
  const stimulus = net.spikeList('stimulus', names.length, {
    indices: times.flatMap((list, k) => list.map(() => k)),
    timesMs: times.flat(),
  });
  const neurons = net.population('neurons', names.length, {
    ...models.lifTagging.with(),
    slow: '20 ms',
  });
  net
    .projection('synapses', stimulus, neurons, {
      ...models.taggingAndCapture.with(),
      delay: { byPathway: { calcium: '19 ms', transmit: '3 ms' } },
    })
    .connect({ rule: 'one-to-one' });
  return net;
}

/** What is slow, `factor` times as fast as published; calcium and what it does stay as they are. */
function accelerate(simulation: Simulation, factor: number): void {
  simulation.setParameter('synapses', 'rho', 0.1 * factor);
  simulation.setParameter('synapses', 'tau_z', `${60 / factor} min`);
  simulation.setParameter('neurons', 'tau_p', `${60 / factor} min`);
}

interface Outcome {
  /** |h - h_0| in h_0 after the stimulus, protein at its largest of those looked at, z eight hours later. */
  readonly early: number;
  readonly protein: number;
  readonly late: number;
}

async function outcomes(
  simulation: Simulation,
  names: readonly Protocol[],
  stimulusMs: number,
  factor: number,
): Promise<Readonly<Record<string, Outcome>>> {
  await simulation.run(`${stimulusMs} ms`);
  const h = await simulation.get('synapses', 'h');
  accelerate(simulation, factor);
  await simulation.run(`${(3600 * 1000) / factor} ms`);
  const protein = await simulation.get('neurons', 'protein');
  await simulation.run(`${(7 * 3600 * 1000) / factor} ms`);
  const z = await simulation.get('synapses', 'z');
  return Object.fromEntries(
    names.map((name, k) => [
      name,
      {
        early: ((h[k] as number) - H_0) / H_0,
        protein: protein[k] as number,
        late: z[k] as number,
      },
    ]),
  );
}

test('only strong stimulation reaches the late phase', async () => {
  const names = ['STET', 'WTET', 'SLFS', 'WLFS'] as const;
  // As published for 20 minutes; then eight hours in 57.6 s.
  const found = await simulate(
    stimulated(names, 600_000),
    engines[1] as EngineCase,
    0,
    (simulation) => outcomes(simulation, names, 1_202_000, 500),
  );
  expect(found.STET?.early).toBeGreaterThan(0.8);
  expect(found.STET?.late).toBeGreaterThan(0.5);
  // Early potentiation with a tag, but no protein to capture.
  expect(found.WTET?.early).toBeGreaterThan(0.2);
  expect(found.WTET?.protein).toBeLessThan(1e-6);
  expect(Math.abs(found.WTET?.late as number)).toBeLessThan(1e-6);
  expect(found.SLFS?.early).toBeLessThan(-0.5);
  expect(found.SLFS?.late).toBeLessThan(-0.2);
  expect(Math.abs(found.WLFS?.late as number)).toBeLessThan(1e-6);
});

test('the example: early and late phase of all four protocols', async () => {
  const document = examples.tagging?.build() as NetworkDocument;
  await simulate(document, engines[1] as EngineCase, 1_260_000, (simulation) => {
    const { values, timesMs } = simulation.state();
    const last = (name: string, k: number): number =>
      values[name]?.[(k + 1) * timesMs.length - 1] as number;
    const late = [0, 1, 2, 3].map((k) => last('late', k) / H_0);
    expect(late[0]).toBeGreaterThan(0.5);
    expect(late[2]).toBeLessThan(-0.2);
    expect(late[1]).toBeCloseTo(0, 6);
    expect(late[3]).toBeCloseTo(0, 6);
    // Eight hours are more than four time constants of relaxation.
    for (const k of [0, 1, 2, 3]) expect(Math.abs(last('early', k) / H_0 - 1)).toBeLessThan(0.03);
  });
});

describe.each(singleEngines)('$name', (engine) => {
  test('tetanic stimulation, accelerated throughout', async () => {
    const names = ['STET', 'WTET'] as const;
    // A hundred times, so that the tetani come every 6 s.
    const found = await simulate(stimulated(names, 6000), engine, 0, async (simulation) => {
      accelerate(simulation, 100);
      return outcomes(simulation, names, 14_000, 1000);
    });
    expect(found.STET?.late).toBeGreaterThan(0.5);
    expect(Math.abs(found.WTET?.late as number)).toBeLessThan(1e-6);
    expect(found.WTET?.early).toBeGreaterThan(0.15);
  });
});
