/** The model library: every text checks, every table is complete, names of other simulators are found, errors help. */
import { describe, expect, it } from 'vitest';
import { NetworkError } from '../../../src/errors.ts';
import { checkPopulation, checkProjection, type Scope } from '../../../src/language/check.ts';
import { chooseMethod } from '../../../src/language/integrate.ts';
import { parseQuantity } from '../../../src/language/units.ts';
import { findModel, type Model, models } from '../../../src/models/index.ts';

const library = Object.entries<Model>(models);
const emptyScope = { networkParams: {}, timedArrays: {} };

function scopeOf(params: Readonly<Record<string, unknown>>): Scope {
  const dimensions = Object.entries(params).map(([name, value]) => [
    name,
    parseQuantity(value as string | number, name).dimension,
  ]);
  return { params: Object.fromEntries(dimensions), ...emptyScope } as Scope;
}

function checkNeuron(name: keyof typeof models) {
  const model = models[name] as Model;
  if (model.kind !== 'neuron') throw new Error(`${name} is no neuron`);
  const options = model.with();
  return checkPopulation(options, scopeOf(options.params));
}

describe('every model', () => {
  it.each(library)('%s has a complete table', (_, model) => {
    expect(model.title).not.toBe('');
    expect(model.source).not.toBe('');
    for (const [name, row] of Object.entries(model.params)) {
      expect(row.doc, name).toMatch(/\.$/);
      expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
    }
  });

  it.each(library.filter(([, model]) => model.kind === 'neuron'))('%s checks', (name) => {
    const checked = checkNeuron(name as keyof typeof models);
    expect(checked.warnings).toEqual([]);
    // Pools and genes are populations that do not spike.
    const { threshold } = models[name as keyof typeof models] as { threshold?: string };
    expect(checked.threshold === null).toBe(threshold === undefined);
  });

  it.each(library.filter(([, model]) => model.kind === 'synapse'))('%s checks', (_, model) => {
    if (model.kind !== 'synapse') return;
    // Written for a conductance, but for those that belong to one neuron model.
    const targets: Readonly<Record<string, keyof typeof models>> = {
      'fly-synapse': 'flyLif',
      'fly-kick': 'flyLif',
      'integer-synapse': 'integerLif',
      'gap-junction': 'hhKv',
      'tagging-and-capture': 'lifTagging',
    };
    const target = checkNeuron(targets[model.name] ?? 'lifCondExp');
    const options = model.with();
    const text = {
      ...(options.eqs === undefined ? {} : { eqs: options.eqs }),
      ...(options.onPre === undefined
        ? {}
        : { onPre: typeof options.onPre === 'string' ? { pre: options.onPre } : options.onPre }),
      ...(options.onPost === undefined ? {} : { onPost: { post: options.onPost } }),
    };
    const checked = checkProjection(
      text,
      { pre: target, post: target },
      { ...scopeOf(options.params), targetParams: {} },
    );
    expect(checked.warnings).toEqual([]);
  });

  it.each([
    ['lifDelta', 'exact'],
    ['lifCurrExp', 'exact'],
    ['lifCurrAlpha', 'exact'],
    ['lifCondExp', 'exponential_euler'],
    ['lifCondAlpha', 'exponential_euler'],
    ['adex', 'exponential_rosenbrock'],
    ['adexCondExp', 'exponential_rosenbrock'],
    ['adexCondAlpha', 'exponential_rosenbrock'],
    ['hhCurrAlpha', 'exponential_euler'],
    ['hhSquid', 'exponential_euler'],
    ['hhTraub', 'exponential_euler'],
    ['mat2', 'exact'],
    ['flyLif', 'exact'],
  ] as const)('%s: the automatic integrator is %s', (name, method) => {
    expect(chooseMethod(checkNeuron(name), 'auto').method).toBe(method);
  });
});

describe('findModel', () => {
  it.each([
    ['lifCurrExp', 'lif-curr-exp'],
    ['lif-curr-exp', 'lif-curr-exp'],
    ['iaf_psc_exp', 'lif-curr-exp'],
    ['IF_curr_exp', 'lif-curr-exp'],
    ['if_cond_alpha', 'lif-cond-alpha'],
    ['aeif_cond_exp', 'adex-cond-exp'],
    ['tsodyks_synapse', 'tsodyks'],
    ['hh_psc_alpha', 'hh-curr-alpha'],
    ['EIF_cond_alpha_isfa_ista', 'adex-cond-alpha'],
    ['Vogels2011Rule', 'inhibitory-stdp'],
    ['PoissonGroup', 'poisson'],
  ])('%s', (name, found) => {
    expect(findModel(name).name).toBe(found);
  });

  it('suggests', () => {
    expect(() => findModel('iaf_psc_epx')).toThrow(/Did you mean "iaf_psc_exp"\?/);
    expect(() => findModel(7 as never)).toThrow(TypeError);
  });
});

describe('with', () => {
  it('takes names of NEST and PyNN', () => {
    const { params } = models.lifCurrExp.with({ C_m: '100 pF', tau_syn_E: '3 ms' });
    expect(params.c_m).toBe('100 pF');
    expect(params.tau_syn_exc).toBe('3 ms');
    expect(params.tau_m).toBe('10 ms');
  });

  it('replaces names by expressions', () => {
    const options = models.lifCurrExp.with({}, { i_offset: 'stim(t)' });
    expect(options.eqs).toContain('(i_exc + i_inh + (stim(t)))/c_m');
    expect(options.params).not.toHaveProperty('i_offset');
  });

  it('renames variables everywhere, and nowhere else', () => {
    const { eqs } = models.lifCurrExp.with({}, { i_exc: 'i_ampa' });
    expect(eqs).toContain('di_ampa/dt = -i_ampa/tau_syn_exc');
    expect(eqs).not.toContain('i_exc');
    expect(() => models.lifCurrExp.with({}, { i_exc: '2*x' })).toThrow(
      /Model "lif-curr-exp": .*i_exc can only be replaced by a name/,
    );
  });

  it('makes per-neuron values variables', () => {
    const options = models.lifDelta.with({ v_thresh: { values: [-50, -51], unit: 'mV' } });
    expect(options.eqs).toMatch(/\nv_thresh : volt \(constant\)$/);
    expect(options.initial.v_thresh).toEqual({ values: [-50, -51], unit: 'mV' });
    expect(options).not.toHaveProperty('method');
    expect(() => checkPopulation(options, scopeOf(options.params))).not.toThrow();
  });

  it('acts on other targets', () => {
    const options = models.stdpPair.with({ w_max: '2 mV' }, { g_exc: 'v', siemens: 'volt' });
    expect(options.onPre).toContain('v += weight');
    expect(options.eqs).toContain('weight : volt');
    expect(options.bound).toBe('2 mV');
    expect(() => models.stdpPair.with({}, { siemens: 'volt' })).toThrow(/give w_max, in volt/);
  });

  it.each([
    [{ tau_mem: '5 ms' }, /unknown parameter "tau_mem"\. Did you mean "tau_m"\? Known: c_m/],
    [
      { v: '-60 mV' },
      /unknown parameter "v"\. It is a variable: give its first value in "initial"/,
    ],
    [{ tau_m: '5 mV' }, /tau_m must be a time .* got "5 mV" \(a voltage\)/],
    [{ tau_m: 5 }, /tau_m must be a time .* Did you mean "5 ms"\?/],
    [{ tau_m: '0 ms' }, /tau_m must be above 0 ms, got "0 ms"/],
    [{ tau_refrac: '-1 ms' }, /tau_refrac must be at least 0 ms/],
    [{ c_m: '1 pF', cm: '2 pF' }, /"c_m" and "cm" are the same parameter, c_m/],
    [{ c_m: { values: [1, 0], unit: 'pF' } }, /c_m must be above 0 pF, got "0 pF"/],
    [{ c_m: null }, /c_m must be a quantity/],
    [{ c_m: undefined }, /c_m must be a capacitance/],
  ])('%j is refused', (params, message) => {
    const options = (): unknown => models.lifCurrExp.with(params as never);
    expect(options).toThrow(message);
    expect(options).toThrow(NetworkError);
  });

  it('says of a weight where it is given', () => {
    expect(() => models.staticSynapse.with({ weight: '1 nS' })).toThrow(
      /unknown parameter "weight"\. It is a variable: .* initial: \{ weight: … \} \}\. Known: none\./,
    );
  });

  it('refuses nonsense', () => {
    expect(() => models.lifCurrExp.with(3 as never)).toThrow(TypeError);
    expect(() => models.lifCurrExp.with({}, { i_ofset: 'x' })).toThrow(/Did you mean "i_offset"/);
    expect(() => models.lifCurrExp.with({}, { v: 3 as never })).toThrow(TypeError);
    expect(() => models.lifCurrExp.with({ i_offset: '1 pA' }, { i_offset: 'x' })).toThrow(
      /takes no value/,
    );
  });
});
