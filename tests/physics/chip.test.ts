/**
 * Quantised weights in networks: eight bits leave the rate of CUBA (Brette et al. 2007), with weights drawn as well as all
 * alike, where it was; where nothing feeds back, and so nothing is chaotic, fewer bits lose more.
 */
import { describe, expect, it } from 'vitest';
import { chipReport } from '../../src/index.ts';
import { drawnCuba, drawnLayer } from '../support/chip-networks.ts';
import { singleEngines } from '../support/engines.ts';

/** Student's t for a one-sided bound of 97.5 % with 11 degrees of freedom. */
const STUDENT_11 = 2.201;

describe('CUBA', () => {
  it('with drawn weights keeps its rate within 1 % at eight bits', async () => {
    const report = await chipReport((seed) => drawnCuba(seed, 4000), {
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
    const report = await chipReport(drawnCuba(1, 4000, false), {
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
  it('loses more the fewer bits weights have', async () => {
    const report = await chipReport(drawnLayer, {
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
