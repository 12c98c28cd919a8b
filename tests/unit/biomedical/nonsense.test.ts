/** As nonsense.test.ts, for wetware/biomedical; and the proof that no exported function was forgotten. */
import { expect, it } from 'vitest';
import * as biomedical from '../../../src/biomedical/index.ts';
import { Network } from '../../../src/index.ts';
import { type Call, describeNonsense } from '../../support/nonsense.ts';

const net = new Network({ dt: '1 ms', params: { w: '1 mV' } });
net.population('cells', 2, {
  eqs: 'dv/dt = -v/(10*ms) : volt',
  threshold: 'v > w',
  reset: 'v = 0*mV',
  initial: { v: '2*mV' },
});
const { document } = net;
const intervention = { at: '1 ms', owner: '', parameter: 'w', factor: 2 };
const OPTIONS = {
  interventions: [intervention],
  duration: '5 ms',
  seeds: [1],
  engine: 'cpu',
  onWarning: () => {},
} as const;
const comparison = await biomedical.compareIntervention(document, OPTIONS);
const SPIKES = { steps: new Uint32Array(), neurons: new Uint32Array() };
const LISTS = ['[]', '[1]'];

const compareWith = (key: string, fine: readonly string[]): Call => ({
  call: `compareIntervention(d, { ${key}: x })`,
  run: (x) => biomedical.compareIntervention(document, { ...OPTIONS, [key]: x }),
  fine,
});
const measures = {
  meanLevel: biomedical.meanLevel,
  tonicLevel: biomedical.tonicLevel,
  phasicLevel: biomedical.phasicLevel,
  burstToTonic: biomedical.burstToTonic,
  trendVariance: biomedical.trendVariance,
  lagOneAutocorrelation: biomedical.lagOneAutocorrelation,
  pairedPulseRatio: biomedical.pairedPulseRatio,
  tenthToFirst: biomedical.tenthToFirst,
};
const writers = {
  comparisonCells: biomedical.comparisonCells,
  comparisonPage: biomedical.comparisonPage,
  comparisonRunsToCsv: biomedical.comparisonRunsToCsv,
  comparisonToCsv: biomedical.comparisonToCsv,
  comparisonToJson: biomedical.comparisonToJson,
};

const CALLS: readonly Call[] = [
  {
    call: 'compareIntervention(x, options)',
    run: (x) => biomedical.compareIntervention(x, OPTIONS),
  },
  { call: 'compareIntervention(d, x)', run: (x) => biomedical.compareIntervention(document, x) },
  compareWith('interventions', []),
  compareWith('name', ['undefined', 'abc', '5 bananas', 'constructor', 'empty text']),
  compareWith('duration', []),
  compareWith('seeds', ['undefined', '[1]']),
  compareWith('from', ['undefined']),
  compareWith('to', ['undefined']),
  compareWith('detectors', ['undefined']),
  compareWith('doses', ['undefined', '[]', '[1]']),
  compareWith('threshold', ['undefined', '1.5', '1e300', 'Infinity']),
  compareWith('signs', ['undefined', '{}']),
  { call: 'conditionIn(x, "epilepsy")', run: (x) => biomedical.conditionIn(x, 'epilepsy') },
  { call: 'conditionIn(d, x)', run: (x) => biomedical.conditionIn(document, x) },
  ...(['at', 'until', 'roles'] as const).map((key) => ({
    call: `conditionIn(d, "gaba-a-block", { ${key}: x })`,
    run: (x: never) =>
      biomedical.conditionIn(document, 'gaba-a-block', { roles: { inhibition: ['w'] }, [key]: x }),
    fine: key === 'roles' ? [] : ['undefined'],
  })),
  { call: 'defaultDetectors(x)', run: (x) => biomedical.defaultDetectors(x) },
  {
    call: 'spikeDetectors(x)',
    run: (x) => biomedical.spikeDetectors(x),
    fine: ['abc', '5 bananas', 'constructor'],
  },
  {
    call: 'potentialDetector(x)',
    run: (x) => biomedical.potentialDetector(x),
    fine: ['abc', '5 bananas', 'constructor'],
  },
  {
    call: 'levelDetectors(x, "v")',
    run: (x) => biomedical.levelDetectors(x, 'v'),
    fine: ['abc', '5 bananas', 'constructor'],
  },
  {
    call: 'levelDetectors("P", x)',
    run: (x) => biomedical.levelDetectors('P', x),
    fine: ['abc', '5 bananas', 'constructor'],
  },
  {
    call: 'levelDetectors("P", "v", x)',
    run: (x) => biomedical.levelDetectors('P', 'v', x),
    fine: ['undefined', '{}'],
  },
  {
    call: 'levelDetectors(…, { unit: x })',
    run: (x) => biomedical.levelDetectors('P', 'v', { unit: x }),
    fine: ['undefined', 'empty text'],
  },
  {
    call: 'levelDetectors(…, { target: x })',
    run: (x) => biomedical.levelDetectors('P', 'v', { target: x }),
    fine: ['undefined', '-1', '1.5', '1e300'],
  },
  {
    call: 'releaseDetectors(x, "v", …)',
    run: (x) => biomedical.releaseDetectors(x, 'v', { stimuli: ['1 ms'] }),
    fine: ['abc', '5 bananas', 'constructor'],
  },
  { call: 'releaseDetectors("P", "v", x)', run: (x) => biomedical.releaseDetectors('P', 'v', x) },
  {
    call: 'releaseDetectors(…, { stimuli: x })',
    run: (x) => biomedical.releaseDetectors('P', 'v', { stimuli: x }),
  },
  {
    call: 'releaseDetectors(…, { window: x })',
    run: (x) => biomedical.releaseDetectors('P', 'v', { stimuli: ['1 ms'], window: x }),
    fine: ['undefined'],
  },
  {
    call: 'releaseDetectors(…, { least: x })',
    run: (x) => biomedical.releaseDetectors('P', 'v', { stimuli: ['1 ms'], least: x }),
    fine: ['undefined', '1.5', '1e300'],
  },
  ...Object.entries(measures).map(([name, measure]) => ({
    call: `${name}(x)`,
    run: (x: never) => measure(x),
    fine: LISTS,
  })),
  ...Object.entries(writers).map(([name, write]) => ({
    call: `${name}(x)`,
    run: (x: never) => write(x),
  })),
  { call: 'bandPower(x, 1, band)', run: (x) => biomedical.bandPower(x, 1, [13, 30]), fine: LISTS },
  {
    call: 'bandPower([], x, band)',
    run: (x) => biomedical.bandPower([], x, [13, 30]),
    fine: ['1.5', '1e300'],
  },
  { call: 'bandPower([], 1, x)', run: (x) => biomedical.bandPower([], 1, x) },
  { call: 'burstIndex(x, 1, 1)', run: (x) => biomedical.burstIndex(x, 1, 1) },
  { call: 'burstIndex(spikes, x, 1)', run: (x) => biomedical.burstIndex(SPIKES, x, 1) },
  {
    call: 'burstIndex(spikes, 1, x)',
    run: (x) => biomedical.burstIndex(SPIKES, 1, x),
    fine: ['1.5', '1e300'],
  },
  {
    call: 'burstIndex(spikes, 1, 1, x)',
    run: (x) => biomedical.burstIndex(SPIKES, 1, 1, x),
    fine: ['undefined', '1.5', '1e300'],
  },
  { call: 'earlyWarning(x, 3)', run: (x) => biomedical.earlyWarning(x, 3) },
  { call: 'earlyWarning(signal, x)', run: (x) => biomedical.earlyWarning([1, 2, 3, 4], x) },
  {
    call: 'earlyWarning(signal, 3, x)',
    run: (x) => biomedical.earlyWarning([1, 2, 3, 4], 3, x),
    fine: ['undefined'],
  },
  { call: 'failureRate(x, 1)', run: (x) => biomedical.failureRate(x, 1), fine: LISTS },
  {
    call: 'failureRate([], x)',
    run: (x) => biomedical.failureRate([], x),
    fine: ['1.5', '1e300', 'Infinity'],
  },
  {
    call: 'responseAmplitudes(x, [], [], 1)',
    run: (x) => biomedical.responseAmplitudes(x, [], [], 1),
    fine: LISTS,
  },
  {
    call: 'responseAmplitudes([], x, [], 1)',
    run: (x) => biomedical.responseAmplitudes([], x, [], 1),
    fine: LISTS,
  },
  {
    call: 'responseAmplitudes([], [], x, 1)',
    run: (x) => biomedical.responseAmplitudes([], [], x, 1),
    fine: LISTS,
  },
  {
    call: 'responseAmplitudes([], [], [], x)',
    run: (x) => biomedical.responseAmplitudes([], [], [], x),
    fine: ['1.5', '1e300'],
  },
  { call: 'synchrony(x)', run: (x) => biomedical.synchrony(x), fine: ['[]'] },
  { call: 'targetError(x, 1)', run: (x) => biomedical.targetError(x, 1), fine: LISTS },
  {
    call: 'targetError([], x)',
    run: (x) => biomedical.targetError([], x),
    fine: ['-1', '1.5', '1e300'],
  },
  {
    call: 'controlProbability(x, 10)',
    run: (x) => biomedical.controlProbability(x, 10),
    fine: ['NaN', '-1', '1.5', '1e300', 'Infinity'],
  },
  { call: 'controlProbability(1, x)', run: (x) => biomedical.controlProbability(1, x) },
  { call: 'controlThreshold(x, 10)', run: (x) => biomedical.controlThreshold(x, 10) },
  { call: 'controlThreshold(0.1, x)', run: (x) => biomedical.controlThreshold(0.1, x) },
  { call: 'rocCurve(x, [])', run: (x) => biomedical.rocCurve(x, []), fine: LISTS },
  { call: 'rocCurve([], x)', run: (x) => biomedical.rocCurve([], x), fine: LISTS },
  {
    call: 'scoreAgainst(x, [1, 2])',
    run: (x) => biomedical.scoreAgainst(x, [1, 2]),
    fine: ['NaN', '-1', '1.5', '1e300', 'Infinity'],
  },
  { call: 'scoreAgainst(1, x)', run: (x) => biomedical.scoreAgainst(1, x), fine: LISTS },
];

describeNonsense(CALLS);

it('forgets no exported function', () => {
  const functions = Object.entries(biomedical).flatMap(([name, value]) =>
    typeof value === 'function' ? [name] : [],
  );
  const called = CALLS.map(({ call }) => call.split('(')[0]);
  expect(functions.filter((name) => !called.includes(name))).toEqual([]);
  expect(comparison.rows.length).toBe(12);
});
