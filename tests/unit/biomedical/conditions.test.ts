/** Conditions in networks: what they find by name, what they are told, and what they refuse. */
import { describe, expect, it } from 'vitest';
import { conditionIn, conditions } from '../../../src/biomedical/index.ts';
import { type Example, examples } from '../../../src/examples/index.ts';
import { compileNetwork, extend, models, Network, namedInterventions } from '../../../src/index.ts';

const documentOf = (name: string, values: Readonly<Record<string, string | number>> = {}) =>
  (examples[name] as Example).build(values);

const changesOf = (name: string, condition: string, values = {}) =>
  conditionIn(documentOf(name, values), condition).interventions.map(
    ({ owner, parameter, factor, value }) => `${owner}.${parameter} ${factor ?? value}`,
  );

describe('roles are found by name', () => {
  it.each([
    ['cuba', 'epilepsy', ['.w_exc 1.5', '.w_inh 0.5']],
    ['brunel', 'gaba-a-block', ['.j_inh 0']],
    ['coba', 'benzodiazepine', [`neurons.tau_syn_inh ${1 / 0.7}`]],
    ['cobahh', 'tetrodotoxin', ['neurons.g_na 0']],
    ['cobahh', '4-aminopyridine', ['neurons.g_k 0.5']],
    [
      'izhikevich',
      'epilepsy',
      ['exc to excitatory.w 1.5', 'inh to excitatory.w 0.5', 'inh to inhibitory.w 0.5'],
    ],
  ])('%s, %s', (name, condition, expected) => {
    const values = name === 'cobahh' || name === 'coba' ? { neurons: 100 } : {};
    expect(changesOf(name, condition, values)).toEqual(expected);
  });

  it('in a field: uptake and release of dopamine', () => {
    const net = new Network();
    const positions = { box: ['20 um', '20 um', '20 um'] };
    const axons = net.poissonPopulation('axons', 4, { rate: '4 Hz', positions });
    const field = net.field('dopamine', {
      grid: [2, 2, 2],
      spacing: '10 um',
      every: '10 ms',
      eqs: 'dC/dt = -vmax*C/(km + C) : mM',
      params: { vmax: '4 uM/second', km: '0.2 uM' },
    });
    net
      .projection('release', axons, field, { onPre: 'C += Q*uM', params: { Q: 0.01 } })
      .connect({ rule: 'voxel' });
    const { document } = net;
    const parameters = (name: string) =>
      conditionIn(document, name, { at: '1 s', until: '2 s' }).interventions;
    expect(parameters('parkinson')).toEqual([
      { name: 'parkinson', at: '1 s', until: '2 s', owner: 'release', parameter: 'Q', factor: 0.2 },
      {
        name: 'parkinson',
        at: '1 s',
        until: '2 s',
        owner: 'dopamine',
        parameter: 'vmax',
        factor: 0.2,
      },
    ]);
    expect(parameters('transporter-block')).toMatchObject([{ parameter: 'km', factor: 3 }]);
    // What was found is there: the network compiles.
    compileNetwork({ ...document, interventions: parameters('parkinson') });
  });

  it('in receptors that extend has put into neurons, where GABA comes by a value', () => {
    const net = new Network();
    net.population('cells', 1, extend(models.adex, [models.ampa, models.gabaA]).with());
    expect(conditionIn(net.document, 'gaba-a-block').interventions).toMatchObject([
      { owner: 'cells', parameter: 'blocked_gaba_a', value: 1 },
    ]);
    expect(conditionIn(net.document, 'benzodiazepine').interventions).toMatchObject([
      { owner: 'cells', parameter: 'beta_gaba_a', factor: 0.7 },
    ]);
  });
});

describe('interventions on models are conditions', () => {
  it('wherever the network has their parameters, with signs of their variables', () => {
    const net = new Network();
    net.population('terminals', 1, models.dopamineSynthesis.with());
    const { name, interventions, signs } = conditionIn(net.document, 'cocaine', { at: '1 s' });
    expect(name).toBe(namedInterventions.cocaine.title);
    expect(interventions).toEqual([
      { name: 'cocaine', at: '1 s', owner: 'terminals', parameter: 'km_dat', factor: 3 },
    ]);
    expect(signs).toMatchObject({ 'eda mean': 'rises', 'vda mean': 'falls' });
    expect(() => conditionIn(documentOf('cuba'), 'cocaine')).toThrow(
      /"km_dat".*which nothing in cuba has/,
    );
  });
});

it('roles can be said where names do not tell', () => {
  const { document } = new Network({ params: { strength: '1 mV', other: '2 mV' } });
  const roles = { inhibition: ['strength'] };
  expect(conditionIn(document, 'gaba-a-block', { roles }).interventions).toEqual([
    { name: 'gaba-a-block', at: '0 ms', owner: '', parameter: 'strength', factor: 0 },
  ]);
  expect(() =>
    conditionIn(document, 'gaba-a-block', { roles: { inhibition: ['strenght'] } }),
  ).toThrow(/no parameter "strenght".*Did you mean "strength"/);
});

it('says what it looked for and what there is', () => {
  expect(() => conditionIn(documentOf('cuba'), 'tetrodotoxin')).toThrow(
    /cuba has nothing that looks like sodium \(sodium conductances\).*Known: neurons\.tau_m.*w_exc, w_inh\./,
  );
  expect(() => conditionIn(documentOf('cuba'), 'epilepsi')).toThrow(/Did you mean "epilepsy"/);
  expect(() => conditionIn(documentOf('cuba'), 3 as never)).toThrow(TypeError);
  expect(() => conditionIn(documentOf('cuba'), 'epilepsy', { when: '1 s' } as never)).toThrow(
    /unknown option "when"/,
  );
});

it.each(Object.entries(conditions))(
  '%s has a title and at least one change',
  (_, { title, changes }) => {
    expect(title.length).toBeGreaterThan(10);
    expect(changes.length).toBeGreaterThan(0);
  },
);
