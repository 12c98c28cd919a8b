/**
 * The `gene-to-spike` example at a small size: every link of the chain moves the next one in its direction, where slow
 * variables settle does not depend on the acceleration, and spikes are the same on every engine.
 */
import { describe, expect, it } from 'vitest';
import { examples } from '../../src/examples/index.ts';
import { createSimulation, type NetworkDocument, type Simulation } from '../../src/index.ts';
import { type EngineCase, engines, simulate, singleEngines } from '../support/engines.ts';

const cpu32 = engines[1] as EngineCase;

/** Recorded from, by population. */
const CHAIN = {
  midbrain: ['ca', 'pcreb', 'mrna', 'protein', 'vda'],
  d1: ['dopamine', 'occ_d1'],
  d2: ['occ_d2'],
} as const;

type Values = Readonly<Record<string, string | number>>;

/** The example's network with its chain recorded ten times a second. */
function networkOf(values: Values, seed = 1): NetworkDocument {
  const document = examples['gene-to-spike']?.build(values, { seed });
  if (document === undefined) throw new Error('no example gene-to-spike');
  const recordings = Object.entries(CHAIN).map(
    ([population, variables]) =>
      ({
        kind: 'state',
        name: `chain of ${population}`,
        target: { population },
        variables,
        neurons: Array.from({ length: 50 }, (_, k) => k),
        every: '100 ms',
      }) as const,
  );
  return { ...document, recordings: [...document.recordings, ...recordings] };
}

/** Mean of every link of the chain from a time on in s, over neurons and time; rates in Hz. */
function linksOf(simulation: Simulation, from: number): Readonly<Record<string, number>> {
  const links: Record<string, number> = {};
  for (const [population, variables] of Object.entries(CHAIN)) {
    const { values, timesMs } = simulation.state(`chain of ${population}`);
    for (const variable of variables) {
      const all = values[variable] as Float64Array;
      const late = all.filter((_, k) => (timesMs[k % timesMs.length] as number) >= from * 1000);
      links[variable] = late.reduce((sum, value) => sum + value, 0) / late.length;
    }
    const size = simulation.populations.find(({ name }) => name === population)?.size ?? 0;
    const { steps } = simulation.spikes(`${population} spikes`);
    const count = steps.filter((step) => step * simulation.dtMs >= from * 1000).length;
    links[`rate of ${population}`] = count / size / (simulation.timeMs / 1000 - from);
  }
  return links;
}

const run = (
  values: Values,
  seconds: number,
  from: number,
): Promise<Readonly<Record<string, number>>> =>
  simulate(networkOf(values), cpu32, seconds * 1000, (simulation) => linksOf(simulation, from));

/** 16 hours of slow time: pools have settled, proteins are on their way. */
const LONG = { neurons: 600, acceleration: 720, at: '0 s' } as const;
const control = run({ ...LONG, intervention: 'none' }, 80, 40);

/** Expects each link to be above (1) or below (-1) control by at least this much, relative. */
async function expectAgainstControl(
  values: Values,
  signs: Readonly<Record<string, readonly [sign: number, least: number]>>,
): Promise<void> {
  const [reference, found] = await Promise.all([control, run({ ...LONG, ...values }, 80, 40)]);
  for (const [link, [sign, least]] of Object.entries(signs)) {
    const change = (found[link] as number) / (reference[link] as number) - 1;
    expect(sign * change, `${link}: ${(100 * change).toFixed(1)} %`).toBeGreaterThan(least);
  }
}

describe('the arrows of the chain', () => {
  it('at rest every link has the value that the example says', async () => {
    const links = await control;
    const near = (link: string, value: number, relative: number): void =>
      expect(Math.abs((links[link] as number) / value - 1), `${link} ${links[link]}`).toBeLessThan(
        relative,
      );
    near('rate of midbrain', 4.1, 0.05);
    // ca_rest + ca_spike tau_ca rate, mM.
    near('ca', (0.05 + 0.02 * (links['rate of midbrain'] as number)) * 1e-3, 0.03);
    near('pcreb', 0.657, 0.03);
    near('mrna', 28.07, 0.02);
    near('vda', 0.081, 0.03);
    // The mean field of Ejdrup's numbers, Km r/(Vmax - r) at r of 4.1 Hz, within what voxels and fluctuations do to it.
    near('dopamine', 11.5e-6, 0.25);
    near('occ_d2', 0.55, 0.05);
  });

  it('environment up: transcript, enzyme, vesicles, release, receptors, rates, and back to the gene', () =>
    expectAgainstControl(
      { environment: 4, intervention: 'none' },
      {
        mrna: [1, 0.5],
        protein: [1, 0.1],
        vda: [1, 0.03],
        dopamine: [1, 0.02],
        occ_d1: [1, 0.02],
        occ_d2: [1, 0.005],
        'rate of d1': [1, 0.01],
        'rate of d2': [-1, 0.01],
        'rate of midbrain': [-1, 0.003],
        ca: [-1, 0.001],
        pcreb: [-1, 0.0005],
      },
    ));

  it('the enzyme blocked: fewer vesicles, less dopamine, more D2 and fewer D1 spikes, a busier midbrain', () =>
    expectAgainstControl(
      { intervention: 'ampt' },
      {
        vda: [-1, 0.3],
        dopamine: [-1, 0.3],
        occ_d1: [-1, 0.3],
        occ_d2: [-1, 0.1],
        'rate of d1': [-1, 0.1],
        'rate of d2': [1, 0.1],
        'rate of midbrain': [1, 0.03],
        ca: [1, 0.02],
        pcreb: [1, 0.005],
        mrna: [1, 0.001],
      },
    ));

  it('the gene knocked down: transcript and enzyme fall', () =>
    expectAgainstControl(
      { intervention: 'knock-down' },
      { mrna: [-1, 0.15], protein: [-1, 0.02], vda: [-1, 0.005] },
    ));

  it('the vesicular transporter blocked: vesicles empty, transcript does not fall', () =>
    expectAgainstControl(
      { intervention: 'reserpine' },
      { vda: [-1, 0.5], dopamine: [-1, 0.5], occ_d2: [-1, 0.2], pcreb: [1, 0.005] },
    ));

  it('reuptake blocked: dopamine rises', () =>
    expectAgainstControl(
      { intervention: 'cocaine' },
      {
        dopamine: [1, 0.5],
        occ_d2: [1, 0.1],
        'rate of d2': [-1, 0.1],
        'rate of midbrain': [-1, 0.03],
      },
    ));
});

describe('clocks', () => {
  it('where gene and pools settle does not depend on the acceleration', async () => {
    // 20 hours each, of which the last ten count, with the gene knocked down.
    const [quick = {}, slow = {}] = await Promise.all(
      [400, 80].map((acceleration) => {
        const seconds = (20 * 3600) / acceleration;
        const values = { neurons: 500, acceleration, at: '0 s', intervention: 'knock-down' };
        return run(values, seconds, seconds / 2);
      }),
    );
    for (const link of ['pcreb', 'mrna', 'protein', 'vda']) {
      const change = (quick[link] as number) / (slow[link] as number) - 1;
      expect(Math.abs(change), `${link}: ${(100 * change).toFixed(2)} %`).toBeLessThan(0.01);
    }
  });

  it('the summary says how much slow time a run was', async () => {
    using simulation = await createSimulation(networkOf({ neurons: 500 }), { engine: 'cpu' });
    await simulation.run('1 s');
    expect(simulation.summary().slow_time).toEqual([
      { name: 'midbrain', acceleration: 20, duration_s: 20 },
      { name: 'd1', acceleration: 1, duration_s: 1 },
      { name: 'd2', acceleration: 1, duration_s: 1 },
    ]);
  });
});

describe('the same spikes', () => {
  const document = networkOf({ neurons: 500, at: '2 s' });
  const outcome = async (simulation: Simulation): Promise<readonly unknown[]> => [
    await simulation.spikeHash(),
    await simulation.get('midbrain', 'vda'),
    await simulation.get('dopamine', 'concentration'),
  ];

  it.each(singleEngines.slice(1))('on $name and the CPU engine', async (engine) => {
    const [one, other] = await Promise.all(
      [engine, cpu32].map((each) => simulate(document, each, 500, outcome)),
    );
    expect(one).toEqual(other);
  });

  it('on one and two threads', async () => {
    const found: unknown[] = [];
    for (const threads of [1, 2]) {
      using simulation = await createSimulation(document, { engine: 'cpu', threads });
      await simulation.run('500 ms');
      expect(simulation.summary().spikes).toBeGreaterThan(300);
      found.push(await outcome(simulation));
    }
    expect(found[0]).toEqual(found[1]);
  });
});
