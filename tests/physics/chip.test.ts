/**
 * Quantised weights in networks: eight bits leave the rate of CUBA (Brette et al. 2007), with weights drawn as well as all
 * alike, where it was; where nothing feeds back, and so nothing is chaotic, fewer bits lose more.
 */
import { describe, expect, it } from 'vitest';
import { chipReport, models, Network, type NetworkDocument } from '../../src/index.ts';
import { singleEngines } from '../support/engines.ts';

/** CUBA with 4,000 neurons, its weights lognormal (excitatory) and normal (inhibitory) around the published ones. */
function cuba(seed: number, isDrawn: boolean): Network {
  const net = new Network({ dt: '0.1 ms', seed });
  const cells = net.population('cells', 4000, {
    eqs: `dv/dt = (ge + gi - (v + 49*mV))/(20*ms) : volt (unless refractory)
          dge/dt = -ge/(5*ms) : volt
          dgi/dt = -gi/(10*ms) : volt`,
    threshold: 'v > -50*mV',
    reset: 'v = -60*mV',
    refractory: '5 ms',
    initial: { v: '-60*mV + rand()*10*mV' },
  });
  const project = (name: string, variable: string, from: number, to: number, weight: object) =>
    net
      .projection(name, cells.slice(from, to), cells, {
        eqs: 'weight : volt (constant)',
        onPre: `${variable} += weight`,
        initial: { weight: isDrawn ? (weight as never) : name === 'exc' ? '1.62 mV' : '-9 mV' },
      })
      .connect({ rule: 'fixed-probability', p: 0.02 });
  project('exc', 'ge', 0, 3200, { lognormal: { mean: '1.62 mV', sd: '0.8 mV' } });
  project('inh', 'gi', 3200, 4000, { normal: { mean: '-9 mV', sd: '2 mV', max: '0 mV' } });
  return net;
}

/** Student's t for a one-sided bound of 97.5 % with 11 degrees of freedom. */
const STUDENT_11 = 2.201;

describe('CUBA', () => {
  it('with drawn weights keeps its rate within 1 % at eight bits', async () => {
    const report = await chipReport((seed) => cuba(seed, true), {
      bits: [8],
      seeds: Array.from({ length: 12 }, (_, k) => k + 1),
      duration: '4 s',
      engine: 'cpu',
      threads: 1,
    });
    const [eight] = report.quantisation;
    if (eight === undefined) throw new Error('no result');
    const { mean, standardError } = eight.rateShift;
    process.stdout.write(
      `CUBA, 8 bits, 12 seeds of 4 s: rate shift ${(100 * mean).toFixed(3)} % ± ${(100 * standardError).toFixed(3)} %\n`,
    );
    expect(Math.abs(mean) + STUDENT_11 * standardError).toBeLessThan(0.01);
    for (const { rmsError } of eight.projections) expect(rmsError).toBeLessThan(0.01);
  }, 120_000);

  it('with the published weights, all alike, is exact at any number of bits', async () => {
    const report = await chipReport(cuba(1, false), {
      bits: [8, 1],
      duration: '300 ms',
      engine: 'cpu',
    });
    for (const { rateShift, distance, accuracyLoss } of report.quantisation) {
      expect([rateShift.mean, distance.mean]).toEqual([0, 0]);
      expect(accuracyLoss.mean).toBeCloseTo(0, 12);
    }
    expect(report.findings.at(-1)).toMatch(/any number of bits holds them exactly/);
  });
});

describe.each(singleEngines)('$name: without feedback', ({ options }) => {
  /** Poisson neurons onto neurons, each of 80 drawn weights. */
  const layer = (seed: number): NetworkDocument => {
    const net = new Network({ dt: '0.1 ms', seed });
    const sources = net.poissonPopulation('sources', 400, { rate: '20 Hz' });
    const cells = net.population('cells', 200, models.lifCurrExp.with({ tau_m: '20 ms' }));
    net
      .projection('synapses', sources, cells, {
        ...models.staticSynapse.with({}, { g_exc: 'i_exc', siemens: 'amp' }),
        initial: { weight: { lognormal: { mean: '60 pA', sd: '60 pA' } } },
        delay: '1 ms',
      })
      .connect({ rule: 'fixed-in-degree', k: 80 });
    return net.document;
  };

  it('loses more the fewer bits weights have', async () => {
    const report = await chipReport(layer, {
      bits: [16, 8, 6, 4, 1],
      seeds: [1],
      duration: '500 ms',
      engine: options.engine ?? 'auto',
      ...(options.device === undefined ? {} : { device: options.device }),
    });
    const losses = report.quantisation.map(({ distance, accuracyLoss, projections }) => ({
      distance: distance.mean,
      accuracyLoss: accuracyLoss.mean,
      rmsError: projections[0]?.rmsError ?? 0,
    }));
    for (const [k, after] of losses.slice(1).entries()) {
      const before = losses[k] as (typeof losses)[0];
      expect(after.rmsError).toBeGreaterThan(before.rmsError);
      expect(after.distance).toBeGreaterThan(before.distance);
      expect(after.accuracyLoss).toBeGreaterThan(before.accuracyLoss);
    }
    // Sixteen bits are next to nothing, one bit is a network of its own.
    expect(losses[0]?.distance).toBeLessThan(0.01);
    expect(losses.at(-1)?.accuracyLoss).toBeGreaterThan(0.3);
    expect(report.quantisation[0]?.runs[0]?.rateHz).toBeGreaterThan(2);
  }, 60_000);
});
