import { describe, expect, it } from 'vitest';
import type { PopulationStatistics } from '../../../../src/app/simulation/protocol.ts';
import { correlationOf, readingsOf } from '../../../../src/app/views/plot/reading.ts';
import { slowVariables } from '../../../../src/app/views/slow/slow-variables.ts';
import { curvesOf, decades } from '../../../../src/app/views/spectrum/power.ts';

const EMPTY = { edges: new Float64Array(1), counts: new Float64Array(0), beyond: 0 };
const of = (change: Partial<PopulationStatistics>): PopulationStatistics => ({
  population: 'exc',
  size: 1000,
  range: { from: 0, to: 10_000 },
  spikes: 5000,
  rateHz: 5,
  cv: 0.93,
  counts: EMPTY,
  intervals: EMPTY,
  cvs: EMPTY,
  spectrum: { frequencies: new Float64Array(0), power: new Float64Array(0), poisson: 0 },
  peakHz: null,
  synchrony: 1.2,
  ...change,
});

const readingOf = (one: PopulationStatistics) => readingsOf([one])[0]?.words;

describe('statistics in words', () => {
  it('says how regular and how synchronous', () => {
    expect(readingOf(of({}))).toBe('irregular (mean CV 0.93), asynchronous');
    expect(readingOf(of({ cv: 0.1 }))).toBe('regular (mean CV 0.10), asynchronous');
    expect(readingOf(of({ cv: 1.8 }))).toBe('bursting (mean CV 1.80), asynchronous');
    expect(readingOf(of({ cv: 0.3, synchrony: 400, peakHz: 44.6 }))).toBe(
      'regular (mean CV 0.30), synchronous, 45 Hz',
    );
    expect(readingOf(of({ synchrony: 4, peakHz: 137 }))).toBe(
      'irregular (mean CV 0.93), asynchronous with a rhythm of 137 Hz',
    );
  });

  it('says when there is too little to say', () => {
    expect(readingOf(of({ spikes: 0, cv: null, synchrony: null }))).toBe('silent');
    expect(readingOf(of({ cv: null, synchrony: null }))).toBe('too few spikes to say how regular');
    expect(readingOf(of({ size: 1, synchrony: 1 }))).toBe('irregular (mean CV 0.93)');
  });

  it('names together what is of one kind, with the range of its numbers', () => {
    const readings = readingsOf([
      of({ peakHz: 40 }),
      of({ population: 'inh', spikes: 0 }),
      of({ population: 'other', cv: 1.1, peakHz: 52 }),
    ]);
    expect(readings).toEqual([
      {
        populations: ['exc', 'other'],
        words: 'irregular (mean CV 0.93–1.10), asynchronous with a rhythm of 40–52 Hz',
      },
      { populations: ['inh'], words: 'silent' },
    ]);
  });

  it('has the mean correlation of pairs from the variance of the sum', () => {
    // Variance of a sum of n equal ones with correlation r: n + n(n-1) r of one.
    const n = 50;
    const r = 0.17;
    expect(correlationOf((n + n * (n - 1) * r) / n, n)).toBeCloseTo(r, 12);
    expect(correlationOf(null, 10)).toBeNull();
    expect(correlationOf(1, 1)).toBeNull();
  });
});

describe('spectra', () => {
  it('leave out frequency 0 and what has no power', () => {
    const spectrum = {
      frequencies: Float64Array.of(0, 10, 20),
      power: Float64Array.of(50, 0, 3),
      poisson: 1,
    };
    const { frequencies, curves, range } = curvesOf([of({ spectrum })]);
    expect(frequencies).toEqual(Float64Array.of(10, 20));
    expect(curves[0]?.power).toEqual([null, 3]);
    expect(range).toEqual([3, 3]);
    expect(curvesOf([of({})]).range).toBeNull();
  });

  it('are drawn over whole decades from the top', () => {
    expect(decades([0.02, 30], 5)).toEqual([0.01, 100]);
    expect(decades([1e-9, 30], 3)).toEqual([0.1, 100]);
    expect(decades([3, 3], 5)).toEqual([1, 10]);
  });
});

describe('slow variables', () => {
  const variable = (name: string, slow: boolean, unit = '') => ({ name, unit, slow, stored: true });
  it('of one name and unit share a plot', () => {
    const population = (name: string, variables: ReturnType<typeof variable>[]) => ({
      name,
      size: 1,
      first: 0,
      method: null,
      variables,
      space: 0 as const,
    });
    const found = slowVariables({
      populations: [
        population('a', [variable('mrna', true), variable('v', false, 'mV')]),
        population('b', [variable('mrna', true), variable('theta', true, 'mV')]),
      ],
      projections: [],
      fields: [],
    });
    expect(found).toEqual([
      { name: 'mrna', unit: '', owners: ['a', 'b'] },
      { name: 'theta', unit: 'mV', owners: ['b'] },
    ]);
  });
});
