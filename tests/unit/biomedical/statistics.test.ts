/** Scores against few control runs: closed forms, printed tables, and what chance does. */
import { describe, expect, it } from 'vitest';
import {
  controlProbability,
  controlThreshold,
  pairedProbability,
  rocCurve,
  sampleOf,
  scoreAgainst,
  scoresAmong,
  studentProbability,
} from '../../../src/biomedical/statistics.ts';
import { normals } from './noise.ts';

describe("Student's t", () => {
  it('has its closed forms for 1 and 2 degrees of freedom', () => {
    for (const t of [0, 0.1, 0.7, 1, 3, 12, 1e3]) {
      expect(studentProbability(t, 1)).toBeCloseTo(1 - (2 / Math.PI) * Math.atan(t), 13);
      expect(studentProbability(t, 2)).toBeCloseTo(1 - t / Math.sqrt(2 + t * t), 13);
    }
  });

  it.each([
    // Two-sided 5 % and 1 % points as printed in every table.
    [9, 2.262, 0.05],
    [9, 3.25, 0.01],
    [30, 2.042, 0.05],
    [30, 2.75, 0.01],
    [1e7, 1.96, 0.05],
  ])('%i degrees of freedom reach %f with probability %f', (freedom, t, p) => {
    expect(studentProbability(t, freedom)).toBeCloseTo(p, 4);
  });
});

describe('z against n control runs', () => {
  it('is in standard deviations of the control runs, n - 1', () => {
    const { z, p } = scoreAgainst(9, [2, 4, 4, 4, 5, 5, 7, 9]);
    // Mean 5, sum of squares 32, so s = sqrt(32/7).
    expect(z).toBeCloseTo(4 / Math.sqrt(32 / 7), 12);
    expect(p).toBeCloseTo(studentProbability(z / Math.sqrt(9 / 8), 7), 12);
  });

  it('has the probability of t with the widened variance: 0.019 for |z| > 3 and ten runs', () => {
    expect(controlProbability(3, 10)).toBeCloseTo(0.0188, 4);
    expect(controlProbability(-3, 10)).toBe(controlProbability(3, 10));
    // Many control runs know mean and deviation: the normal distribution's 0.0027.
    expect(controlProbability(3, 1e6)).toBeCloseTo(0.0027, 5);
    expect(controlProbability(controlThreshold(0.0027, 10), 10)).toBeCloseTo(0.0027, 10);
    expect(controlThreshold(0.0027, 10)).toBeCloseTo(4.29, 2);
  });

  it('is exceeded by independent runs as often as that says', () => {
    const runs = 20_000;
    const drawn = normals(runs * 11, 1);
    let flagged = 0;
    for (let k = 0; k < runs; k++) {
      const controls = drawn.slice(11 * k, 11 * k + 10);
      if (Math.abs(scoreAgainst(drawn[11 * k + 10] as number, controls).z) > 3) flagged++;
    }
    const p = controlProbability(3, 10);
    // Binomial, four standard deviations.
    expect(Math.abs(flagged / runs - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / runs));
  });

  it('takes each control run out when it is scored itself', () => {
    const controls = [1, 2, 3, 10];
    const scores = scoresAmong(controls);
    expect(scores).toHaveLength(4);
    // 1, 2, 3 have mean 2 and deviation 1.
    expect(scores[3]?.z).toBeCloseTo(8, 12);
    expect(scores[3]?.p).toBeCloseTo(controlProbability(8, 3), 12);
  });

  it('is infinite where control runs do not vary, 0 where nothing changes, NaN where there is no number', () => {
    expect(scoreAgainst(2, [0.1, 0.1, 0.1])).toEqual({ z: Number.POSITIVE_INFINITY, p: 0 });
    expect(scoreAgainst(0.1, [0.1, 0.1, 0.1])).toEqual({ z: 0, p: 1 });
    expect(scoreAgainst(Number.NaN, [1, 2, 3]).z).toBeNaN();
    expect(scoreAgainst(1, [1, Number.NaN]).z).toBeNaN();
    expect(sampleOf([1, Number.NaN, 3])).toEqual({ n: 2, mean: 2, deviation: Math.SQRT2 });
  });
});

it("pairs differences as Student's test does", () => {
  // Mean 2, deviation 1, n = 3: t = 2 sqrt(3), two degrees of freedom.
  const t = 2 * Math.sqrt(3);
  expect(pairedProbability([1, 2, 3])).toBeCloseTo(1 - t / Math.sqrt(2 + t * t), 12);
  expect(pairedProbability([0, 0, 0])).toBe(1);
  expect(pairedProbability([2, 2])).toBe(0);
  expect(pairedProbability([2])).toBeNaN();
});

describe('receiver operating characteristic', () => {
  it('has the area of the Mann–Whitney statistic, ties half', () => {
    const healthy = [1, 2, 3, 3];
    const lesioned = [2, 3, 5];
    let wins = 0;
    for (const a of lesioned) for (const b of healthy) wins += a > b ? 1 : a === b ? 0.5 : 0;
    expect(rocCurve(healthy, lesioned).area).toBeCloseTo(wins / 12, 12);
  });

  it('is 1, 0 and 0.5 at its ends and in the middle', () => {
    expect(rocCurve([1, 2], [3, 4]).area).toBe(1);
    expect(rocCurve([3, 4], [1, 2]).area).toBe(0);
    expect(rocCurve([1, 2], [1, 2]).area).toBe(0.5);
    expect(rocCurve([1, 2], [Number.NaN]).area).toBeNaN();
    const { points } = rocCurve([1, 2], [3, 4]);
    expect(points.at(0)).toMatchObject({ falsePositive: 0, truePositive: 0 });
    expect(points.at(-1)).toMatchObject({ falsePositive: 1, truePositive: 1 });
  });

  it('of two normal distributions one deviation apart is Phi(1/sqrt(2))', () => {
    const n = 2000;
    const healthy = normals(n, 2);
    const lesioned = normals(n, 3).map((value) => value + 1);
    // 0.7602; standard error after Hanley & McNeil about 0.0075 for 2000 of each.
    expect(Math.abs(rocCurve(healthy, lesioned).area - 0.7602)).toBeLessThan(0.03);
  });
});

it('refuses what is no number of runs or probability', () => {
  expect(() => controlProbability(1, 1)).toThrow(RangeError);
  expect(() => controlThreshold(0, 10)).toThrow(RangeError);
  expect(() => studentProbability(-1, 3)).toThrow(RangeError);
  expect(() => rocCurve('a' as never, [1])).toThrow(TypeError);
});
