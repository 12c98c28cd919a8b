/**
 * Comparisons of a small network: what must be equal is, what chance flags is what it should flag, interventions and
 * doses are carried out, and wrong requests are refused.
 */
import { describe, expect, it } from 'vitest';
import {
  type Comparison,
  compareIntervention,
  comparisonCells,
  comparisonRunsToCsv,
  comparisonToCsv,
  comparisonToJson,
  controlProbability,
  type Detector,
  levelDetectors,
  potentialDetector,
  releaseDetectors,
  scoreAgainst,
  spikeDetectors,
} from '../../../src/biomedical/index.ts';
import { Network } from '../../../src/index.ts';

/** Driven neurons that inhibit each other. */
function small(size = 40): Network {
  const net = new Network({ name: 'small', dt: '0.5 ms', seed: 1, params: { w: '2 mV' } });
  const cells = net.population('cells', size, {
    eqs: `dv/dt = (drive - v)/tau : volt
      block : 1 (constant)`,
    threshold: 'v > 10*mV',
    reset: 'v = 0*mV',
    method: 'exact',
    params: { tau: '10 ms', drive: '4 mV' },
    initial: { v: '10*rand()*mV' },
  });
  net.poissonInput('noise', cells, { variable: 'v', n: 100, rate: '30 Hz', weight: '0.3*mV' });
  net
    .projection('inhibition', cells, cells, { onPre: 'v -= w' })
    .connect({ rule: 'fixed-probability', p: 0.1 });
  return net;
}

const W = { at: '100 ms', owner: '', parameter: 'w' } as const;
const CPU = { engine: 'cpu', threads: 1 } as const;
const rowOf = ({ rows }: Comparison, name: string) => {
  const found = rows.find(({ detector }) => detector === name);
  if (found === undefined) throw new Error(`no row ${name}`);
  return found;
};

describe('an intervention that changes nothing', () => {
  it('changes nothing: differences of 0, z of 0, nothing flagged, area 1/2', async () => {
    const comparison = await compareIntervention(small(), {
      ...CPU,
      interventions: [{ ...W, factor: 1 }],
      duration: '1 s',
    });
    expect(comparison.seeds).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(comparison.window_ms).toEqual([100, 1000]);
    expect(comparison.rows).toHaveLength(12);
    for (const row of comparison.rows) {
      expect(row.interventions, row.detector).toEqual(row.controls);
      if (row.control.n === 0) continue;
      expect(row.z).toBe(0);
      expect(row.flagged).toBe(false);
      expect(row.area).toBe(0.5);
    }
    expect(comparison.example?.intervention).toEqual(comparison.example?.control);
    expect(comparison.warnings).toEqual([]);
  });
});

describe('control runs', () => {
  it('are flagged at the rate of chance', async () => {
    // 132 seeds in twelve groups of eleven: each run against the ten others of its group.
    const seeds = Array.from({ length: 132 }, (_, k) => k + 1);
    const { rows } = await compareIntervention(small(), {
      ...CPU,
      seeds,
      interventions: [{ ...W, at: '399 ms', factor: 1 }],
      duration: '400 ms',
      from: '0 ms',
      detectors: spikeDetectors('cells').filter(({ name }) =>
        /rate|cv|correlation|alpha|gamma/.test(name),
      ),
    });
    const flaggedOf = (controls: readonly number[]): number =>
      controls.filter((value, k) => {
        const first = k - (k % 11);
        const others = controls.slice(first, first + 11).filter((_, other) => first + other !== k);
        return Math.abs(scoreAgainst(value, others).z) > 3;
      }).length;
    const flagged = rows.map(({ controls }) => flaggedOf(controls));
    // 660 numbers, of which 12.4 by chance for normal values, Poisson deviation 3.5: three of these. The 0.0027 of a known
    // deviation would give 1.8.
    const expected = controlProbability(3, 10) * seeds.length * rows.length;
    const all = flagged.reduce((sum, one) => sum + one, 0);
    expect(rows).toHaveLength(5);
    expect(Math.abs(all - expected), `${flagged}`).toBeLessThan(3 * Math.sqrt(expected));
  });

  it('say how many of them would have been flagged', async () => {
    const { control_flags: flags } = await compareIntervention(small(), {
      ...CPU,
      interventions: [{ ...W, factor: 0 }],
      duration: '600 ms',
    });
    // Theta is not known in half a second; bursts hardly happen.
    expect(flags.of).toBeGreaterThanOrEqual(100);
    expect(flags.expected / flags.of).toBeCloseTo(controlProbability(3, 9), 12);
    expect(flags.flagged).toBeLessThan(flags.expected + 4 * Math.sqrt(flags.expected) + 4);
  });
});

describe('a block of inhibition', () => {
  const blocked = (more: object = {}) =>
    compareIntervention(small(), {
      ...CPU,
      interventions: [{ ...W, factor: 0, name: 'GABA block' }],
      duration: '600 ms',
      signs: { rate: 'rises', cv: 'rises' },
      detectors: [...spikeDetectors('cells'), potentialDetector('cells')],
      ...more,
    });

  it('is seen, with its sign, and told from control by the ROC', async () => {
    const comparison = await blocked();
    const rate = rowOf(comparison, 'cells rate');
    expect(rate).toMatchObject({
      flagged: true,
      flagged_runs: 10,
      area: 1,
      expected: 'rises',
      as_expected: true,
    });
    expect(rate.z).toBeGreaterThan(5);
    expect(rate.p).toBeCloseTo(controlProbability(rate.z, 10), 12);
    expect(rate.paired_p).toBeLessThan(1e-5);
    expect(rate.difference).toBeCloseTo(rate.intervention.mean - rate.control.mean, 10);
    expect(rowOf(comparison, 'cells cv').expected).toBe('rises');
    expect(rowOf(comparison, 'cells fano').expected).toBeNull();
    expect(rowOf(comparison, 'cells chi² of v').control.n).toBe(10);
    expect(comparison.title).toBe('GABA block');
  });

  it('begins when it should: until then both runs of a seed are equal', async () => {
    const { example, dt_ms } = await blocked();
    if (example === null) throw new Error('no example');
    const early = ({ steps, neurons }: typeof example.control) =>
      Array.from(steps, (step, k) => [step, neurons[k]] as const).filter(
        ([step]) => step * dt_ms < 100,
      );
    expect(early(example.control).length).toBeGreaterThan(20);
    expect(early(example.intervention)).toEqual(early(example.control));
    expect(example.intervention.steps.length).toBeGreaterThan(example.control.steps.length);
  });

  it('has a dose–response curve, from the control runs on', async () => {
    const { doses } = await blocked({ doses: [0.25, 0.75, 0.5, 1] });
    expect(doses.map(({ dose }) => dose)).toEqual([0, 0.25, 0.5, 0.75, 1]);
    const rates = doses.map(({ rows }) => rows[0]?.mean as number);
    expect(rates).toEqual([...rates].sort((a, b) => a - b));
    expect(doses[0]?.rows[0]?.z).toBe(0);
  });

  it('is written as CSV, JSON and text', async () => {
    const comparison = await blocked();
    const lines = comparisonToCsv(comparison).trimEnd().split('\n');
    expect(lines).toHaveLength(14);
    expect(lines[0]?.split(',').slice(0, 5)).toEqual([
      ...['detector', 'unit', 'control_mean', 'control_sd', 'controls'],
    ]);
    const runs = comparisonRunsToCsv(comparison).trimEnd().split('\n');
    expect(runs).toHaveLength(1 + 13 * 10);
    const json = JSON.parse(comparisonToJson(comparison)) as { rows: unknown[]; note: string };
    expect(json.rows).toHaveLength(13);
    expect(json.note).toMatch(/not clinical/);
    expect(json).not.toHaveProperty('example');
    const cells = comparisonCells(comparison);
    expect(cells[1]?.[0]).toBe('cells rate [Hz]');
    expect(cells[1]?.at(-1)).toBe('flagged, rises as expected');
  });
});

it('gives doses of a value between the base and the value', async () => {
  const detector = {
    name: 'drive',
    unit: '',
    title: 'the mean potential, which goes with the drive',
    needs: [{ population: 'cells', variable: 'v', every: '1 ms' }],
    measure: (run) => {
      const { neurons } = run.signals({ population: 'cells', variable: 'v', every: '1 ms' });
      return neurons[0]?.at(-1) ?? Number.NaN;
    },
  } satisfies Detector;
  const net = new Network({ dt: '1 ms' });
  net.population('cells', 1, {
    eqs: 'dv/dt = (drive - v)/(1*ms) : volt',
    params: { drive: '2 mV' },
  });
  const { rows, doses, warnings } = await compareIntervention(net, {
    ...CPU,
    seeds: [1, 2],
    interventions: [{ at: '0 ms', owner: 'cells', parameter: 'drive', value: '6 mV' }],
    duration: '100 ms',
    detectors: [detector],
    doses: [0.25],
  });
  expect(rows[0]?.control.mean).toBeCloseTo(2, 5);
  expect(rows[0]?.intervention.mean).toBeCloseTo(6, 5);
  expect(doses[1]?.rows[0]?.mean).toBeCloseTo(3, 5);
  // Nothing varies: any change is infinitely many deviations.
  expect(rows[0]?.z).toBe(Number.POSITIVE_INFINITY);
  expect(rows[0]?.p).toBe(0);
  expect(warnings).toEqual([expect.stringContaining('10 seeds or more')]);
});

it('lists runs that fail, and leaves their numbers out', async () => {
  const net = new Network({ dt: '1 ms' });
  net.population('cells', 1, {
    eqs: 'dv/dt = v*v*gain/ms : 1',
    method: 'euler',
    params: { gain: 0 },
    initial: { v: 1 },
  });
  const { failed, rows } = await compareIntervention(net, {
    ...CPU,
    seeds: [1, 2],
    interventions: [{ at: '20 ms', owner: 'cells', parameter: 'gain', value: 1e12 }],
    duration: '50 ms',
    detectors: levelDetectors('cells', 'v'),
  });
  expect(failed.map(({ arm, seed }) => [arm, seed])).toEqual([
    ['intervention', 1],
    ['intervention', 2],
  ]);
  expect(failed[0]?.error).toMatch(/NaN|finite|infinite/i);
  expect(rows[0]?.control.n).toBe(2);
  expect(rows[0]?.intervention.n).toBe(0);
  expect(rows[0]?.z).toBeNaN();
});

describe('refuses', () => {
  const wrong = (options: object) =>
    compareIntervention(small(), {
      ...CPU,
      interventions: [{ ...W, factor: 0 }],
      duration: '200 ms',
      ...options,
    });

  it.each([
    [{ interventions: [] }, /interventions must be a list with at least one/],
    [{ interventions: [{ ...W, owner: 'cell', factor: 0 }] }, /"cell".*Did you mean "cells"/],
    [{ interventions: [{ ...W, parameter: 'ww', factor: 0 }] }, /"ww".*Did you mean "w"/],
    [{ interventions: [{ ...W, at: '300 ms', factor: 0 }] }, /nothing is left to look at/],
    [{ from: '150 ms', to: '100 ms' }, /nothing is left to look at/],
    [{ seeds: [1, 1] }, /more than once/],
    [{ doses: [-1] }, /doses must be a list of numbers from 0 on/],
    [{ signs: { rate: 'up' } }, /signs.rate must be "rises" or "falls"/],
    [{ detectors: levelDetectors('cell', 'v') }, /no population "cell".*Did you mean "cells"/],
    [{ detectors: levelDetectors('cells', 'u') }, /"u"/],
    [
      { detectors: levelDetectors('cells', 'v', { unit: 'nM' }) },
      /v of population "cells" is a voltage, not a concentration.*such as mV/,
    ],
    [{ detectors: levelDetectors('cells', 'v', { target: '7 uM' }) }, /not a concentration/],
    [
      { detectors: releaseDetectors('cells', 'v', { stimuli: ['1 ms'], least: '1 pA' }) },
      /not a current/,
    ],
    [{ doses: [1.5] }, /Dose 1.5 of w × 0 would change the sign.* at dose 1, the largest/],
    [
      { interventions: [{ ...W, factor: 0.5 }], doses: [2, 2.5] },
      /Dose 2.5 of w × 0.5 would change the sign.* at dose 2, the largest/,
    ],
    [
      { interventions: [{ ...W, value: '0 mV' }], doses: [0.5, 1.5] },
      /Dose 1.5 of w = 0 mV would change the sign/,
    ],
    [{ detectors: [...spikeDetectors('cells'), ...spikeDetectors('cells')] }, /different names/],
    [{ seed: 3 }, /unknown option "seed".*Did you mean "seeds"/],
    [{ duration: '5 mV' }, /duration/],
  ])('%o', async (options, message) => {
    await expect(wrong(options)).rejects.toThrow(message);
  });

  it('doses of a value that replaces a variable', async () => {
    const interventions = [{ at: '100 ms', owner: 'cells', parameter: 'block', value: '1' }];
    await expect(wrong({ interventions, doses: [0.5] })).rejects.toThrow(/Give a factor instead/);
  });
});
