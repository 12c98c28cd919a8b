/** Joining models: what is joined how, and what is refused. That joined models run is shown in tests/physics/expression. */
import { describe, expect, it } from 'vitest';
import { NetworkError } from '../../../src/errors.ts';
import { checkPopulation } from '../../../src/language/check.ts';
import { parseQuantity } from '../../../src/language/units.ts';
import {
  defineModel,
  extend,
  models,
  type NeuronModel,
  type NeuronModelOptions,
} from '../../../src/models/index.ts';

const check = (options: NeuronModelOptions) =>
  checkPopulation(options, {
    params: Object.fromEntries(
      Object.entries(options.params).map(([name, value]) => [
        name,
        parseQuantity(value, name).dimension,
      ]),
    ),
    networkParams: {},
    timedArrays: {},
  });

const fragment = (text: Partial<Parameters<typeof defineModel>[0]>): NeuronModel =>
  defineModel({
    name: 'part',
    title: 'A part',
    source: 'this test',
    aliases: {},
    eqs: 'dz/dt = (level - z)/tau_z : 1 (slow)',
    params: {
      level: { value: 1, doc: 'Where z goes.' },
      tau_z: { value: '1 s', above: '0 s', doc: 'Time of z.' },
    },
    ...text,
  });

const regulator = fragment({
  name: 'regulator',
  eqs: 'dg_na/dt = (target - g_na)/tau_g : siemens/metre**2 (slow)',
  params: {
    target: { value: '100 mS/cm2', doc: 'Where the conductance goes.' },
    tau_g: { value: '5 s', above: '0 s', doc: 'Time of the conductance.' },
  },
  initial: { g_na: 'target' },
});

describe('extend', () => {
  it('joins texts, tables, first values and sources', () => {
    const joined = extend(models.lifDelta, fragment({ initial: { z: 'level' } }));
    expect(joined.name).toBe('lif-delta+part');
    expect(joined.source).toContain('this test');
    const options = joined.with({ tau_z: '3 s', tau_m: '5 ms' });
    expect(options.params).toMatchObject({ tau_z: '3 s', tau_m: '5 ms', level: 1 });
    expect(options.initial).toMatchObject({ z: 'level' });
    expect(options.threshold).toBe(models.lifDelta.threshold);
    expect(check(options).variables.map(({ name }) => name)).toContain('z');
  });

  it('replaces parameters of the fragment by expressions and by names of the model', () => {
    const options = extend(models.lifDelta, fragment({}), {
      replace: { level: 'mean(v)/mV', tau_z: 'tau_m' },
    }).with();
    expect(options.params).not.toHaveProperty('level');
    expect(options.params).not.toHaveProperty('tau_z');
    expect(options.eqs).toContain('dz/dt = ((mean(v)/mV) - z)/tau_m : 1 (slow)');
    check(options);
  });

  it('renames variables and parameters, so that a fragment can be there twice', () => {
    const once = extend(models.lifDelta, fragment({ initial: { z: 'level' } }));
    const twice = extend(once, fragment({ initial: { z: 'level' } }), {
      replace: { z: 'z_2', level: 'level_2', tau_z: 'tau_z_2' },
      name: 'two-parts',
    });
    expect(twice.name).toBe('two-parts');
    expect(twice.with().initial).toMatchObject({ z: 'level', z_2: 'level_2' });
    check(twice.with({ level_2: 3 }));
  });

  it('lets a fragment supply what was a parameter', () => {
    const options = extend(models.hhSquid, regulator, { supplies: ['g_na'] }).with();
    expect(options.params).not.toHaveProperty('g_na');
    expect(check(options).variables.find(({ name }) => name === 'g_na')).toBeDefined();
  });

  it('keeps the integrators of both', () => {
    const slow = fragment({ method: 'slow rk4' });
    const neuron = fragment({ name: 'other', eqs: 'dy/dt = -y/ms : 1', params: {} });
    expect(extend(neuron, slow).with().method).toBe('slow rk4');
    const fast = defineModel({ ...neuron, method: 'euler' });
    expect(extend(fast, slow).with().method).toBe('euler, slow rk4');
    expect(extend(defineModel({ ...neuron, slow: '1 s' }), slow).with().slow).toBe('1 s');
  });

  it.each<[string, () => unknown, RegExp]>([
    [
      'a name of both',
      () => extend(extend(models.lifDelta, fragment({})), fragment({ name: 'again' })),
      /"lif-delta\+part" with "again": both have "z"\. Rename that of the fragment: \{ replace: \{ z: "z_2" \} \}\./,
    ],
    [
      'a parameter that it could supply',
      () => extend(models.hhSquid, regulator),
      /both have "g_na".*or let the fragment supply it: \{ supplies: \["g_na"\] \}/,
    ],
    [
      'a name that is not there',
      () => extend(models.lifDelta, fragment({}), { replace: { levle: '2' } }),
      /the fragment has no "levle" to replace\. Did you mean "level"\? Its names: level, tau_z, z/,
    ],
    [
      'supplying no parameter',
      () => extend(models.lifDelta, fragment({}), { supplies: ['z'] }),
      /"z" is no parameter of the model/,
    ],
    [
      'supplying by nothing',
      () => extend(models.hhSquid, fragment({}), { supplies: ['g_na'] }),
      /"g_na" is no variable of the fragment/,
    ],
    [
      'adding to a current that the model has not',
      () => extend(models.pinskyRinzel, models.ampa),
      /has no parameter "i_offset" to which i_ampa could be added\. .*\{ adds: \{ i_ampa: "i_soma" \} \}/,
    ],
    [
      'two thresholds',
      () => extend(models.lifDelta, models.adex),
      /the fragment has a threshold of its own/,
    ],
    [
      'two slow clocks',
      () => extend(models.calciumHomeostasis, fragment({ slow: '1 s' })),
      /slow is "10 ms" in one and "1 s" in the other/,
    ],
    [
      'an expression in the place of a variable',
      () => extend(models.lifDelta, fragment({}), { replace: { z: 'a + b' } }),
      /z can only be replaced by a name/,
    ],
  ])('refuses %s', (_, make, message) => {
    expect(make).toThrow(NetworkError);
    expect(make).toThrow(message);
  });

  it.each<[string, () => unknown]>([
    ['no model', () => extend(null as never, models.adex)],
    ['a synapse', () => extend(models.adex, models.staticSynapse as never)],
    ['options', () => extend(models.adex, models.crebDrive, 'fast' as never)],
    ['an unknown option', () => extend(models.adex, models.crebDrive, { rename: {} } as never)],
    [
      'replacements',
      () => extend(models.adex, models.crebDrive, { replace: { calcium: 3 } as never }),
    ],
    ['supplies', () => extend(models.adex, models.crebDrive, { supplies: 'g' as never })],
    ['a name', () => extend(models.adex, models.crebDrive, { name: ' ' })],
  ])('is a TypeError for %s', (_, make) => {
    expect(make).toThrow(TypeError);
    expect(make).toThrow(/^extend: /);
  });
});
