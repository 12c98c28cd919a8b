/**
 * The biomedical bench against the reference (T28): the mean-field lesion, networks that run away without inhibition and
 * slow down with more of it, control runs; and through the bench what T16b, T18 and T21c say of single models.
 */
import { describe, expect, it } from 'vitest';
import {
  type CompareOptions,
  type Comparison,
  compareIntervention,
  comparisonPage,
  conditionIn,
  controlProbability,
  type Detector,
  levelDetectors,
} from '../../src/biomedical/index.ts';
import { type ExampleValues, examples } from '../../src/examples/index.ts';
import {
  type BuildNetwork,
  extend,
  type ManyOptions,
  models,
  Network,
  type NetworkDocument,
  namedInterventions,
} from '../../src/index.ts';
import { type EngineCase, engines, singleEngines } from '../support/engines.ts';
import { biologyCases, describeReference } from '../support/reference.ts';

const on = (engine: EngineCase): Partial<ManyOptions> => engine.options as Partial<ManyOptions>;

const rowOf = ({ rows }: Comparison, name: string) => {
  const found = rows.find(({ detector }) => detector === name);
  if (found === undefined) throw new Error(`no row ${name}`);
  return found;
};

/** The number that a case of biology.json expects under a name that begins so. */
function expectedOf(id: string, caseName: string, quantity: string): number {
  const found = biologyCases(id)
    .find(({ name }) => name.startsWith(caseName))
    ?.expected.find((one) => one.quantity.startsWith(quantity));
  if (typeof found?.value !== 'number') throw new Error(`${id}: no ${quantity} of ${caseName}`);
  return found.value;
}

const within = (value: number, expected: number, relative: number): void =>
  expect(Math.abs(value / expected - 1), `${value}, not ${expected}`).toBeLessThan(relative);

/** An example with these values, for every seed. */
function exampleOf(name: string, values: ExampleValues): BuildNetwork {
  const example = examples[name];
  if (example === undefined) throw new Error(`no example ${name}`);
  return (_, options) => example.build(values, options);
}

/** The network of the first seed, to look into. */
const documentOf = (build: BuildNetwork) => build({}, {}) as NetworkDocument;

/** Nothing is random here: one seed says all there is. */
const one = (options: CompareOptions): CompareOptions => ({
  ...options,
  seeds: [1],
  onWarning: () => {},
});

describeReference('Parkinson lesion, mean field (T28)', () => {
  const { parameters = {} } = biologyCases('T28')[0] ?? {};
  const fractions = parameters.surviving_fraction?.value as unknown as readonly number[];
  const value = (name: string) => parameters[name]?.value as number;

  /** One voxel of the mean field; release is fivefold for 100 ms at 13 s. */
  function terminals(): Network {
    // In steps of 1 ms the last digits of f32 stand still 1e-5 before the level.
    const net = new Network({ dt: '5 ms', seed: 1 });
    const steps = Array.from({ length: 140 }, (_, k) => (k === 130 ? 5 : 1));
    net.timedArray('firing', { dt: '100 ms', unit: '1', values: steps });
    net.population('terminals', 1, {
      eqs: 'ddopamine/dt = firing(t)*gamma - vmax_dat*dopamine/(km_dat + dopamine) : mmolar',
      method: 'rk4',
      params: {
        gamma: `${value('r')} nM/second`,
        vmax_dat: `${value('Vmax')} nM/second`,
        km_dat: `${value('Km')} nM`,
      },
    });
    return net;
  }

  it.each(engines)('$name: the tonic level stays, bursts shrink', async (engine) => {
    const net = terminals();
    const { interventions, signs, name } = conditionIn(net.document, 'parkinson');
    const levels = levelDetectors('terminals', 'dopamine', { unit: 'nM', every: '5 ms' });
    const lesion = await compareIntervention(
      net,
      one({
        ...on(engine),
        name,
        signs,
        interventions,
        duration: '14 s',
        from: '8 s',
        detectors: levels,
        // What is left of release and uptake is 1 - 0.8 dose.
        doses: fractions.filter((f) => f !== 0.2 && f < 1).map((f) => (1 - f) / 0.8),
      }),
    );
    const tonic = expectedOf('T28', 'Parkinson', 'tonic C');
    const by = (detector: string) =>
      lesion.doses.map(
        ({ rows }) => rows.find((row) => row.detector === detector)?.mean ?? Number.NaN,
      );
    expect(lesion.doses).toHaveLength(fractions.length);
    for (const level of by('terminals.dopamine tonic')) within(level, tonic, 1e-5);
    const phasic = by('terminals.dopamine phasic');
    expect(phasic).toEqual([...phasic].sort((a, b) => b - a));
    expect((phasic.at(-1) as number) / (phasic[0] as number)).toBeLessThan(0.5);
    expect(rowOf(lesion, 'terminals.dopamine phasic').as_expected).toBe(true);
  });
});

describe('networks (T28)', () => {
  it.each(singleEngines)('$name: without GABA-A, CUBA and COBA run away', async (engine) => {
    // One run with seizure is a million spikes: few seeds and a short time show what there is.
    for (const name of ['cuba', 'coba'] as const) {
      const build = exampleOf(name, { neurons: 2000 });
      const block = conditionIn(documentOf(build), 'gaba-a-block', { at: '200 ms' });
      const comparison = await compareIntervention(build, {
        ...on(engine),
        ...block,
        seeds: [1, 2, 3],
        duration: '400 ms',
        onWarning: () => {},
      });
      const rate = rowOf(comparison, 'neurons rate');
      // Towards what the refractory time of 5 ms allows, 200 Hz.
      expect(Math.min(...rate.interventions)).toBeGreaterThan(100);
      expect(Math.max(...rate.controls)).toBeLessThan(30);
      expect(rate).toMatchObject({ flagged: true, area: 1, as_expected: true });
    }
  });

  it.each(singleEngines)('$name: epilepsy: rate and synchrony rise', async (engine) => {
    const build = exampleOf('izhikevich', { neurons: 300 });
    const epilepsy = conditionIn(documentOf(build), 'epilepsy', { at: '200 ms' });
    const { rows } = await compareIntervention(build, {
      ...on(engine),
      ...epilepsy,
      duration: '700 ms',
    });
    const expected = rows.filter((row) => row.expected !== null);
    expect(expected).toHaveLength(4);
    for (const row of expected) {
      expect(row, row.detector).toMatchObject({ as_expected: true, flagged: true, area: 1 });
    }
  });

  it.each(singleEngines)(
    '$name: benzodiazepine (beta of GABA-A × 0.7): rate falls',
    async (engine) => {
      const cell = extend(models.lifCondExp, [models.gabaA]);
      const build = () => {
        const net = new Network({ dt: '0.5 ms' });
        const cells = net.population('cells', 60, {
          ...cell.with({ i_offset: '300 pA' }),
          method: 'exponential_euler',
        });
        cells.set({ v: '-65*mV + 10*rand()*mV' });
        const synapse = models.staticSynapse.with({}, { g_exc: 's_gaba_a' });
        net
          .projection('inhibition', cells, cells, { ...synapse, initial: { weight: '3*nS' } })
          .connect({ rule: 'fixed-probability', p: 0.2 });
        net.poissonInput('noise', cells, {
          variable: 'g_exc',
          n: 50,
          rate: '40 Hz',
          weight: '1*nS',
        });
        return net;
      };
      const drug = conditionIn(build().document, 'benzodiazepine', { at: '200 ms' });
      expect(drug.interventions).toMatchObject([{ parameter: 'beta_gaba_a', factor: 0.7 }]);
      const comparison = await compareIntervention(build, {
        ...on(engine),
        ...drug,
        duration: '1200 ms',
      });
      const rate = rowOf(comparison, 'cells rate');
      expect(rate.control.mean).toBeGreaterThan(2);
      expect(rate).toMatchObject({ flagged: true, as_expected: true });
      expect(rate.paired_p).toBeLessThan(1e-3);
    },
  );

  it.each(singleEngines)(
    '$name: control runs are flagged at the rate of chance',
    async (engine) => {
      const build = exampleOf('cuba', { neurons: 300 });
      const seeds = Array.from({ length: 24 }, (_, k) => k + 1);
      const { control_flags: flags, rows } = await compareIntervention(build, {
        ...on(engine),
        interventions: [{ at: '599 ms', owner: '', parameter: 'w_inh', factor: 1 }],
        duration: '600 ms',
        from: '100 ms',
        seeds,
      });
      expect(flags.of).toBeGreaterThan(180);
      expect(flags.expected).toBeCloseTo(flags.of * controlProbability(3, seeds.length - 1), 8);
      // Poisson, and the detectors of a run hang together: its four deviations and a little.
      expect(flags.flagged).toBeLessThan(flags.expected + 4 * Math.sqrt(flags.expected) + 2);
      for (const row of rows)
        expect(row.difference === 0 || Number.isNaN(row.difference)).toBe(true);
    },
  );
});

describeReference('single models through the bench (T16b, T18, T21c)', () => {
  it.each(engines)(
    '$name: a blocked transporter raises dopamine from 55.5 to 121 nM (T16b)',
    async (engine) => {
      const net = new Network({ dt: '10 ms' });
      net.population('terminals', 1, models.dopamineTerminal.with());
      const comparison = await compareIntervention(
        net,
        one({
          ...on(engine),
          ...conditionIn(net.document, 'transporter-block'),
          duration: '60 s',
          from: '55 s',
          detectors: levelDetectors('terminals', 'da', { unit: 'nM', every: '100 ms' }),
        }),
      );
      const tonic = rowOf(comparison, 'terminals.da tonic');
      within(tonic.control.mean, expectedOf('T16b', 'VTA 4 Hz', 'C'), 1e-3);
      within(tonic.intervention.mean, expectedOf('T16b', 'VTA 4 Hz, transporter', 'C'), 1e-3);
      expect(tonic.as_expected).toBe(true);
    },
  );

  it.each(engines)('$name: drugs on the dopamine terminal (T18)', async (engine) => {
    const cases = [
      ['cocaine', 'cocaine-like'],
      ['transporter-half', 'DAT Vmax x 0.5'],
      ['transporter-knock-out', 'DAT knock-out'],
      ['ampt', 'AMPT-like'],
    ] as const;
    const pools = ['ldopa', 'cda', 'vda', 'eda'] as const;
    const net = new Network({ dt: '10 s' });
    net.population('terminals', 1, { ...models.dopamineSynthesis.with(), slow: '10 s' });
    const detectors = pools.flatMap((pool) =>
      levelDetectors('terminals', pool, { unit: pool === 'eda' ? 'nM' : 'uM', every: '1 min' }),
    );
    for (const [name, caseName] of cases) {
      const drug = conditionIn(net.document, name);
      expect(drug.name).toBe(namedInterventions[name].title);
      const comparison = await compareIntervention(
        net,
        one({ ...on(engine), ...drug, duration: '60 h', from: '59 h', detectors }),
      );
      for (const pool of pools) {
        const row = rowOf(comparison, `terminals.${pool} mean`);
        within(row.control.mean, expectedOf('T18', 'steady state', pool), 0.005);
        within(row.intervention.mean, expectedOf('T18', caseName, pool), 0.005);
        if (row.expected !== null) expect(row.as_expected, row.detector).toBe(true);
      }
    }
  });

  it.each(singleEngines)('$name: two blocked channels (T21c)', async (engine) => {
    // As in homeostasis.test.ts: slow time four times as fast, so 900 s of regulation are 225 s.
    const pace = 4;
    const net = new Network({ dt: '0.1 ms', seed: 1 });
    const unblocked = { values: [1, 1], unit: '1' };
    net.population('cells', 2, {
      ...models.calciumHomeostasis.with({ open_kca: unblocked, open_nav: unblocked }),
      acceleration: pace,
    });
    const rateOf = (cell: number): Detector => ({
      name: `rate ${cell}`,
      unit: 'Hz',
      title: 'spikes of one cell',
      measure: (run) =>
        run.spikes('cells').neurons.filter((neuron) => neuron === cell).length /
        ((run.steps * run.dtMs) / 1000),
    });
    const at = `${300 / pace} s`;
    const comparison = await compareIntervention(
      net,
      one({
        ...on(engine),
        workgroupSize: 4,
        interventions: [
          { at, owner: 'cells', parameter: 'open_kca', factor: 0, neurons: { from: 0, to: 1 } },
          { at, owner: 'cells', parameter: 'open_nav', factor: 0.5, neurons: { from: 1 } },
        ],
        duration: `${900 / pace} s`,
        from: `${810 / pace} s`,
        detectors: [
          rateOf(0),
          rateOf(1),
          ...levelDetectors('cells', 'ca', {
            target: '7 uM',
            every: '1 ms',
            unit: 'uM',
            neurons: { to: 1 },
          }),
        ],
      }),
    );
    expect(comparison.slow_time).toEqual([{ name: 'cells', acceleration: pace, duration_s: 900 }]);
    expect(comparisonPage(comparison)).toContain('cells x 4');
    // Without a block the cell stays where it was before one: bursts of three, and calcium at its target.
    within(
      rowOf(comparison, 'rate 0').control.mean,
      expectedOf('T21c', 'KCa', 'rate before'),
      0.02,
    );
    within(
      rowOf(comparison, 'rate 0').intervention.mean,
      expectedOf('T21c', 'KCa', 'rate after'),
      0.02,
    );
    const error = rowOf(comparison, 'cells.ca error');
    expect(Math.abs(error.control.mean)).toBeLessThan(0.02);
    expect(Math.abs(error.intervention.mean)).toBeLessThan(0.02);
    // A cell whose calcium cannot reach the target is another cell than the control.
    expect(rowOf(comparison, 'rate 1').difference).not.toBe(0);
  });
});
